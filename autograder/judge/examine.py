"""Runs collected checks on a subject and says what came of each: behind the wall and in a notebook alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from autograder.judge.bench import Bench, Observation
from autograder.judge.diagnosis import Attempt, Diagnostician
from autograder.judge.job import ALL, Scope
from autograder.judge.margin import Margins
from autograder.judge.observe import judge_exception
from autograder.judge.protocol import run_check
from autograder.judge.spec import SPEC
from autograder.judge.subject import Subject
from autograder.records import CheckResult, Diagnosis, Status

__all__ = ["Examiner"]


class Examiner:
    """Runs the checks of one pytest session.

    Parameters
    ----------
    bench : Bench
        What their fixtures and hooks share; its `subject` is set here.
    items : sequence of pytest.Item
        The collected checks, in the order in which they run.
    diagnostician : Diagnostician
        Names the mistake behind what failed.
    whose_fault : callable, optional
        ``whose_fault(item, observation)`` returns the observation of a check that raised what no check should, as it
        is to count.
    """

    def __init__(
        self,
        bench: Bench,
        items: Sequence[pytest.Item],
        diagnostician: Diagnostician,
        whose_fault: Callable[[pytest.Item, Observation], Observation] = lambda item, observation: observation,
    ) -> None:
        self._bench, self._diagnostician, self._whose_fault = bench, diagnostician, whose_fault
        self.items = {item.stash[SPEC].id: item for item in items}

    def chosen(self, scope: Scope) -> list[pytest.Item]:
        """Return the checks that are run, in their order."""
        chosen = [self.items[check] for check in scope.checks or self.items]
        return [item for item in chosen if not scope.parts or item.stash[SPEC].part in scope.parts]

    def run(
        self, subject: Subject, scope: Scope = ALL, on_check: Callable[[CheckResult], object] | None = None
    ) -> tuple[CheckResult, ...]:
        """Return what came of the checks. `on_check` hears of each when it has run, before any mistake is named."""
        self._bench.failed.clear()
        subject.connection.kept = 0
        observations = []
        for item in self.chosen(scope):
            observation = self.observe(item, subject)
            if observation.verdict.unexpected:
                observation = self._whose_fault(item, observation)
            observations.append(observation)
            if on_check is not None:
                on_check(_result(observation, None))
            if scope.until_lost and observation.verdict.loses:
                return tuple(_result(each, None) for each in observations)
        attempts = [_attempt(observation) for observation in observations]
        return tuple(_result(each, self._diagnose(each, attempts, subject)) for each in observations)

    def observe(self, item: pytest.Item, subject: Subject) -> Observation:
        """Run one check on `subject`."""
        self._bench.subject = subject
        with Margins() as margins:
            decisive = run_check(item)
        return self._bench.end(item.stash[SPEC], judge_exception(decisive.excinfo), decisive.seconds, margins)

    def _diagnose(self, observation: Observation, attempts: Sequence[Attempt], subject: Subject) -> Diagnosis | None:
        spec, verdict = observation.spec, observation.verdict
        key = verdict.message.key if verdict.message else ""
        no_mistake = key.startswith("speed.") or key == "student.not_written"  # slow is not wrong, nor is nothing
        if verdict.status is not Status.FAILED or no_mistake or spec.part in subject.forbidden:
            return None
        in_part = [attempt for attempt in attempts if attempt.part == spec.part]
        return self._diagnostician.diagnose(_attempt(observation), in_part)


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
