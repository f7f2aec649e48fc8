"""The bench at which one check after another is tried on one subject after another: what fixtures and hooks share."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from autograder.course import Assignment
from autograder.judge.device import DeviceRoom, DeviceStudent
from autograder.judge.failure import CheckFailure
from autograder.judge.observe import Blocked, Verdict
from autograder.judge.spec import CheckSpec
from autograder.judge.subject import Subject, source_subject
from autograder.records import Status
from autograder.student import Call, Student
from autograder.worker import Zygote

__all__ = ["BENCH", "Bench", "Observation"]


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
    """What stands ready: the assignment, the zygote, and the subject under judgement.

    `complete` says that all checks of the assignment are collected, so that their points must add up.
    `enforce_needs` is off while a single check is tried on the reference or on a variant.
    """

    assignment: Assignment
    zygote: Zygote
    subject: Subject
    complete: bool = True
    enforce_needs: bool = True
    failed: dict[str, CheckSpec] = field(default_factory=dict)  # by the check's name: what blocks those that need it
    devices: DeviceRoom = field(init=False)
    _reference: Subject | None = None
    _cpu: float = 0.0

    def __post_init__(self) -> None:
        self.devices = DeviceRoom(self.assignment)

    def begin(self, spec: CheckSpec) -> None:
        """Skip what cannot or need not run; otherwise start counting."""
        if spec.gpu and not self._has_device():
            pytest.skip(self.devices.why_not)
        missing = next((name for name in spec.needs if name in self.failed and name != spec.name), None)
        if self.enforce_needs and missing is not None:
            raise Blocked(missing, self.failed[missing].why)
        if self.enforce_needs and spec.part in self.subject.forbidden:
            raise CheckFailure(self.subject.forbidden[spec.part])
        connection = self._seat(spec).connection
        connection.load()
        connection.begin_check()
        self._cpu = connection.cpu_seconds()

    def end(self, spec: CheckSpec, verdict: Verdict, seconds: float) -> Observation:
        """Return what came of the check, and keep whether it failed for those that need it."""
        connection = self._seat(spec).connection
        calls, output, cut = connection.end_check()
        used = max(0.0, connection.cpu_seconds() - self._cpu)
        if self.enforce_needs and verdict.status.severity > Status.SKIPPED.severity:
            self.failed[spec.name] = spec
        return Observation(spec, verdict, tuple(calls), output, cut, seconds, used)

    def _seat(self, spec: CheckSpec) -> Subject:
        """Return the subject as this check meets it: in a worker of the gpu tier, or in its own."""
        return self.devices.seat(self.subject) if spec.gpu and not self.devices.why_not else self.subject

    def _has_device(self) -> bool:
        trusted = self.reference_subject() if self.has_reference() else self.subject
        return self.devices.open(trusted)

    def device_twin(self) -> DeviceStudent:
        """Return the reference on the device, with a budget of its own for this check."""
        subject = self.devices.seat(self.reference_subject())
        if self.reference_subject() is not self.subject:
            subject.connection.begin_check()
        return self.devices.student(self.reference_subject(), hidden=True)

    def has_reference(self) -> bool:
        return (self.assignment.solution / f"{self.assignment.id}.py").is_file()

    def twin(self) -> Student:
        """Return the reference as the fixture `twin` gives it, with a budget of its own for this check."""
        subject = self.reference_subject()
        if subject is not self.subject:
            subject.connection.begin_check()
        return subject.proxy(True)

    def reference_subject(self) -> Subject:
        """Return the reference in a worker of its own."""
        if self._reference is None:
            source = (self.assignment.solution / f"{self.assignment.id}.py").read_text("utf-8")
            self._reference = source_subject(self.zygote, self.assignment, source, "reference")
        return self._reference

    def close(self) -> None:
        self.subject.close()
        if self._reference is not None:
            self._reference.close()
        self.devices.close()
        self.zygote.close()


BENCH = pytest.StashKey[Bench]()
