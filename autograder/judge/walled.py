"""The bench behind the wall: subjects run in workers, the reference beside them, on a device where there is one."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.judge.bench import Bench
from autograder.judge.device import DeviceRoom, DeviceStudent
from autograder.judge.spec import CheckSpec
from autograder.judge.subject import Subject
from autograder.judge.workers import source_subject
from autograder.student import Student
from autograder.worker import Zygote

__all__ = ["WalledBench"]


@dataclass(slots=True)
class WalledBench(Bench):
    """A bench whose subjects run in workers of `zygote`."""

    zygote: Zygote = field(kw_only=True)
    devices: DeviceRoom = field(init=False)
    _reference: Subject | None = None

    def __post_init__(self) -> None:
        self.devices = DeviceRoom(self.assignment)

    def why_no_device(self) -> str:
        trusted = self.reference_subject() if self.has_reference() else self.subject
        return "" if self.devices.open(trusted) else self.devices.why_not

    def seat(self, spec: CheckSpec) -> Subject:
        """Return the subject as this check meets it: in a worker of the gpu tier, or in its own."""
        return self.devices.seat(self.subject) if spec.gpu and not self.devices.why_not else self.subject

    def device_student(self) -> DeviceStudent:
        return self.devices.student(self.subject, hidden=self.hidden)

    def device_twin(self) -> DeviceStudent:
        """Return the reference on the device, with a budget of its own for this check."""
        subject = self.devices.seat(self.reference_subject())
        if self.reference_subject() is not self.subject:
            subject.connection.begin_check()
        return self.devices.student(self.reference_subject(), hidden=True)

    def twin(self) -> Student:
        """Return the reference as the fixture `twin` gives it, with a budget of its own for this check."""
        if not self.has_reference():
            return Bench.twin(self)
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
