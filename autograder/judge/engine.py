"""Grades submissions one after another in one pytest session: collected once, run against each."""

from __future__ import annotations

import datetime
import platform
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from autograder import __version__
from autograder.course.manifest import MISTAKES, PUBLIC_CHECKS
from autograder.intake import Program, Submission, parse_submission
from autograder.judge.bench import Observation
from autograder.judge.diagnosis import Diagnostician, Replay
from autograder.judge.examine import Examiner
from autograder.judge.job import Job
from autograder.judge.mistakes import Recording, read_mistakes
from autograder.judge.observe import load_problem
from autograder.judge.rules import forbidden_parts, scan
from autograder.judge.spec import SPEC
from autograder.judge.subject import Subject
from autograder.judge.variants import Variant, load_variants, variant_source
from autograder.judge.walled import WalledBench
from autograder.judge.workers import make_subject, source_subject, worker_seed
from autograder.records import Finding, Result, Status
from autograder.text import Message

__all__ = ["Engine"]


class Engine:
    """Grades submissions with the checks of one pytest session.

    Parameters
    ----------
    bench : WalledBench
        Whose zygote and assignment are used; its `subject` is set here.
    items : sequence of pytest.Item
        The collected checks, in the order in which they run.
    """

    def __init__(self, bench: WalledBench, items: Sequence[pytest.Item]) -> None:
        self._bench = bench
        self._assignment = bench.assignment
        self._misconceptions = load_variants(self._assignment.solution / "misconceptions.py")
        self._variants: dict[str, Subject] = {}
        self._examiner = Examiner(bench, items, self._diagnostician(), self._whose_fault)
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
            checks = self._examiner.run(subject, job.scope)
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

    def record_mistakes(self) -> bytes:
        """Return how the misconceptions answer these checks, to name them where there is no reference."""
        recording = Recording(self._assignment.folder / PUBLIC_CHECKS)
        for variant in (None, *self._misconceptions):
            specs = [item.stash[SPEC] for item in self._examiner.items.values()]
            checks = [spec.id for spec in specs if variant is None or spec.part == variant.part]
            runs = {check: self._replay(check, variant) for check in checks}
            if variant is None or not all(run.passed for run in runs.values()):
                recording.add(variant, runs)
        return recording.to_bytes()

    def _diagnostician(self) -> Diagnostician:
        if self._bench.has_reference():
            return Diagnostician(self._misconceptions, self._replay)
        folder = self._assignment.folder  # in what students get
        known = read_mistakes(folder / MISTAKES, folder / PUBLIC_CHECKS)
        return Diagnostician(known.variants, known.replay)

    def close(self) -> None:
        for subject in self._variants.values():
            subject.close()

    def _subject(self, submission: Submission, program: Program, findings: Sequence[Finding], seed: int) -> Subject:
        own_seed = worker_seed(seed, self._assignment, submission.student)
        subject = make_subject(self._bench.zygote, self._assignment, program, own_seed)
        subject.forbidden = forbidden_parts(findings)
        return subject

    def _aside(self, item: pytest.Item, subject: Subject) -> Observation:
        """Run one check on a subject of ours, without a trace in what is being graded."""
        submission, self._bench.enforce_needs = self._bench.subject, False
        subject.connection.kept = 0
        try:
            return self._examiner.observe(item, subject)
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

    def _replay(self, check: str, variant: Variant | None) -> Replay:
        """Run a check on a variant of the reference, or on the reference itself."""
        observation = self._aside(self._examiner.items[check], self._variant_subject(variant))
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
