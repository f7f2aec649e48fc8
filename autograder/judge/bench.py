"""The bench at which one check after another is tried on one subject after another: what fixtures and hooks share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from autograder.course import Assignment
from autograder.judge.failure import CheckFailure
from autograder.judge.margin import Margins
from autograder.judge.observe import Blocked, Verdict
from autograder.judge.spec import CheckSpec
from autograder.judge.subject import Subject
from autograder.records import Status
from autograder.student import Call, Student

if TYPE_CHECKING:
    from autograder.judge.device import DeviceStudent  # of a worker

__all__ = ["BENCH", "WHEN_GRADED", "Bench", "Observation"]

WHEN_GRADED = "is run when it is graded"


@dataclass(frozen=True, slots=True)
class Observation:
    """One run of one check on one subject."""

    spec: CheckSpec
    verdict: Verdict
    calls: tuple[Call, ...]
    output: str
    output_cut: bool
    seconds: float
    cpu_seconds: float
    margin: float | None = None  # the greatest measured/limit, of criteria that are one number
    speed: float | None = None  # CPU time over the reference's, where it was timed


@dataclass(slots=True)
class Bench:
    """What stands ready: the assignment, and the subject under judgement. What it is without a wall, as in a notebook.

    `complete` says that all checks of the assignment are collected, so that their points must add up.
    `enforce_needs` is off while a single check is tried on the reference or on a variant.
    """

    assignment: Assignment
    subject: Subject
    complete: bool = True
    enforce_needs: bool = True
    hidden: bool = True  # whether the check that runs now is
    failed: dict[str, CheckSpec] = field(default_factory=dict)  # by the check's name: what blocks those that need it
    _cpu: float = 0.0

    def begin(self, spec: CheckSpec) -> None:
        """Skip what cannot or need not run; otherwise start counting."""
        self.hidden = spec.hidden
        if spec.gpu and (why_not := self.why_no_device()):
            pytest.skip(why_not)
        missing = next((name for name in spec.needs if name in self.failed and name != spec.name), None)
        if self.enforce_needs and missing is not None:
            raise Blocked(missing, self.failed[missing].why)
        if self.enforce_needs and spec.part in self.subject.forbidden:
            raise CheckFailure(self.subject.forbidden[spec.part])
        connection = self.seat(spec).connection
        connection.load()
        connection.begin_check()
        self._cpu = connection.cpu_seconds()

    def end(self, spec: CheckSpec, verdict: Verdict, seconds: float, margins: Margins | None = None) -> Observation:
        """Return what came of the check, and keep whether it failed for those that need it."""
        margins = margins or Margins()
        connection = self.seat(spec).connection
        calls, output, cut = connection.end_check()
        used = max(0.0, connection.cpu_seconds() - self._cpu)
        if self.enforce_needs and verdict.status.severity > Status.SKIPPED.severity:
            self.failed[spec.name] = spec
        worst, slowest = margins.worst(), margins.slowest()
        return Observation(spec, verdict, tuple(calls), output, cut, seconds, used, worst, slowest)

    def why_no_device(self) -> str:
        """Return why checks cannot run on a device here, "" where they can."""
        return WHEN_GRADED

    def seat(self, spec: CheckSpec) -> Subject:
        """Return the subject as this check meets it."""
        return self.subject

    def student(self) -> Student:
        """Return the subject as the fixture `student` gives it to the check that runs now."""
        return self.subject.proxy(self.hidden)

    def has_reference(self) -> bool:
        """Say whether there is a reference: not where students check their own (a course that lost it is at fault)."""
        return self.assignment.solution.is_dir()

    def twin(self) -> Student:
        """Return the reference as the fixture `twin` gives it."""
        return pytest.skip(WHEN_GRADED)

    def device_student(self) -> DeviceStudent:
        """Return the subject's functions on a device."""
        return pytest.skip(WHEN_GRADED)

    def device_twin(self) -> DeviceStudent:
        """Return the reference's functions on a device."""
        return pytest.skip(WHEN_GRADED)

    def close(self) -> None:
        self.subject.close()


BENCH = pytest.StashKey[Bench]()
