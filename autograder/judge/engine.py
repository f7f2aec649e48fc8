"""Grades submissions one after another in one pytest session: collected once, run against each."""

from __future__ import annotations

import datetime
import platform
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from autograder import __version__
from autograder.intake import Program, Submission, parse_submission
from autograder.judge.bench import Bench, Observation
from autograder.judge.diagnosis import Attempt, Diagnostician, Replay
from autograder.judge.job import Job, Scope
from autograder.judge.margin import collect_margins
from autograder.judge.observe import judge_exception, load_problem
from autograder.judge.protocol import run_check
from autograder.judge.rules import scan
from autograder.judge.spec import SPEC
from autograder.judge.subject import Subject, make_subject, source_subject, worker_seed
from autograder.judge.variants import Variant, load_variants, variant_source
from autograder.records import CheckResult, Diagnosis, Finding, Result, Status
from autograder.text import Message

__all__ = ["Engine"]


class Engine:
    """Grades submissions with the checks of one pytest session.

    Parameters
    ----------
    bench : Bench
        Whose zygote and assignment are used; its `subject` is set here.
    items : sequence of pytest.Item
        The collected checks, in the order in which they run.
    """

    def __init__(self, bench: Bench, items: Sequence[pytest.Item]) -> None:
        self._bench = bench
        self._items = {item.stash[SPEC].id: item for item in items}
        self._assignment = bench.assignment
        misconceptions = load_variants(self._assignment.solution / "misconceptions.py")
        self._variants: dict[str, Subject] = {}
        self._diagnostician = Diagnostician(misconceptions, self._replay)
        self._versions = {
            "python": platform.python_version(),
            "autograder": __version__,
            "pytest": pytest.__version__,
            **bench.zygote.versions,
        }

    def grade(self, job: Job) -> Result:
        """Return the result for one submission. A fault of ours is in it as `Status.ERROR`, never raised."""
        submission = job.submission
        started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
        program = parse_submission(submission, self._assignment)
        findings = scan(program, self._assignment)
        subject = self._subject(submission, program, findings, job.seed)
        try:
            checks = self._run_checks(subject, job.scope)
            problems = (*program.problems, *(load_problem(problem) for problem in subject.connection.problems))
            cpu_seconds, output = subject.connection.cpu_seconds(), subject.connection.load_output
        finally:
            subject.close()
        return Result(
            assignment=self._assignment.id,
            student=submission.student,
            key=job.key,
            status=max((check.status for check in checks), key=lambda status: status.severity, default=Status.PASSED),
            points=sum(check.points for check in checks),
            max_points=sum(check.max_points for check in checks),
            checks=checks,
            problems=problems,
            findings=findings,
            output=output,
            tier=self._bench.zygote.setup.tier,
            seed=subject.seed,
            versions=self._versions | ({"gpu tier": name} if (name := self._bench.devices.name) else {}),
            started=started.isoformat(timespec="seconds"),
            seconds=time.perf_counter() - clock,
            cpu_seconds=cpu_seconds,
        )

    def close(self) -> None:
        for subject in self._variants.values():
            subject.close()

    def _subject(self, submission: Submission, program: Program, findings: Sequence[Finding], seed: int) -> Subject:
        own_seed = worker_seed(seed, self._assignment, submission.student)
        subject = make_subject(self._bench.zygote, self._assignment, program, own_seed)
        subject.forbidden = {f.part: _forbidden_message(f) for f in reversed(findings) if f.action == "zero"}
        return subject

    def _run_checks(self, subject: Subject, scope: Scope) -> tuple[CheckResult, ...]:
        self._bench.failed.clear()
        observations = []
        chosen = [self._items[check] for check in scope.checks or self._items]
        for item in chosen:
            if scope.parts and item.stash[SPEC].part not in scope.parts:
                continue
            observation = self._observe(item, subject)
            if observation.verdict.unexpected:
                observation = self._whose_fault(item, observation)
            observations.append(observation)
            if scope.until_lost and observation.verdict.loses:
                return tuple(_result(each, None) for each in observations)
        attempts = [_attempt(observation) for observation in observations]
        return tuple(_result(each, self._diagnose(each, attempts, subject)) for each in observations)

    def _observe(self, item: pytest.Item, subject: Subject) -> Observation:
        """Run one check on `subject`."""
        self._bench.subject = subject
        with collect_margins() as margins:
            call = run_check(item)
        observation = self._bench.end(item.stash[SPEC], judge_exception(call.excinfo), call.duration)
        return replace(observation, margin=margins.worst(), speed=margins.slowest())

    def _aside(self, item: pytest.Item, subject: Subject) -> Observation:
        """Run one check on a subject of ours, without a trace in what is being graded."""
        submission, self._bench.enforce_needs = self._bench.subject, False
        try:
            return self._observe(item, subject)
        finally:
            self._bench.subject, self._bench.enforce_needs = submission, True

    def _whose_fault(self, item: pytest.Item, observation: Observation) -> Observation:
        """A check raised what no check should: if the reference passes it, the student's answer made it raise."""
        verdict = observation.verdict
        if not self._bench.has_reference():  # where students check their own, there is none
            return observation
        again = self._aside(item, self._bench.reference_subject()).verdict
        if again.status in (Status.PASSED, Status.SKIPPED) and not again.unexpected:
            return observation
        message = Message("check.error", dict(verdict.message.values) if verdict.message else {})
        ours = replace(verdict, status=Status.ERROR, message=message, student_message=Message("check.error_student"))
        return replace(observation, verdict=ours)

    def _diagnose(self, observation: Observation, attempts: Sequence[Attempt], subject: Subject) -> Diagnosis | None:
        spec, verdict = observation.spec, observation.verdict
        key = verdict.message.key if verdict.message else ""
        no_mistake = key.startswith("speed.") or key == "student.not_written"  # slow is not wrong, nor is nothing
        if verdict.status is not Status.FAILED or no_mistake or spec.part in subject.forbidden:
            return None
        in_part = [attempt for attempt in attempts if attempt.part == spec.part]
        return self._diagnostician.diagnose(_attempt(observation), in_part)

    def _replay(self, check: str, variant: Variant | None) -> Replay:
        """Run a check on a variant of the reference, or on the reference itself."""
        observation = self._aside(self._items[check], self._variant_subject(variant))
        verdict = observation.verdict
        return Replay(verdict.status is Status.PASSED, observation.calls, verdict.symptom)

    def _variant_subject(self, variant: Variant | None) -> Subject:
        if variant is None:
            return self._bench.reference_subject()
        if variant.id not in self._variants:
            reference = (self._assignment.solution / f"{self._assignment.id}.py").read_text("utf-8")
            source = variant_source(reference, variant)
            self._variants[variant.id] = source_subject(self._bench.zygote, self._assignment, source, variant.id)
        return self._variants[variant.id]


def _attempt(observation: Observation) -> Attempt:
    spec, verdict = observation.spec, observation.verdict
    return Attempt(spec.id, spec.part, verdict.status, observation.calls, verdict.symptom)


def _result(observation: Observation, diagnosis: Diagnosis | None) -> CheckResult:
    spec, verdict = observation.spec, observation.verdict
    skipped = verdict.status is Status.SKIPPED
    return CheckResult(
        check=spec.id,
        part=spec.part,
        title=spec.why,
        status=verdict.status,
        points=0.0 if skipped else spec.points * verdict.fraction,
        max_points=0.0 if skipped else spec.points,
        hidden=spec.hidden,
        message=verdict.message,
        student_message=verdict.student_message,
        hint=spec.hint,
        diagnosis=diagnosis,
        output=observation.output,
        detail=verdict.detail,
        seconds=observation.seconds,
        cpu_seconds=observation.cpu_seconds,
        margin=observation.margin,
        speed=observation.speed,
    )


def _forbidden_message(finding: Finding) -> Message:
    """Return what a student is told of a find that costs a part."""
    key = "check.forbidden" if finding.cell is None else "check.forbidden_cell"
    return Message(key, {"name": finding.name, "file": finding.file, "line": finding.line, "cell": finding.cell})
