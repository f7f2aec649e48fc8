"""The checks that need a CUDA device: whether there is one, and the student's functions on it."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.course import Assignment
from autograder.judge.failure import CheckFailure
from autograder.judge.subject import Subject
from autograder.judge.workers import make_subject
from autograder.student import Conversation, Handle, WorkerViolation
from autograder.text import Message
from autograder.worker import GPU, Setup, Zygote, ZygoteError, cuda

__all__ = ["DeviceRoom", "DeviceStudent", "DeviceTimer"]

NO_DEVICE = "no CUDA device on this machine"


class DeviceStudent:
    """The student's module, called with tensors that lie on `device`: "cuda", or "cpu" to try it without one."""

    def __init__(self, connection: Conversation, device: str = "cuda") -> None:
        self._connection, self._device = connection, device

    def device_name(self) -> str:
        """Return what the device is called, "" where this worker sees none.

        To be asked of a worker of ours: a student's would say what pleases them.
        """
        name = self._ask(["device"])
        return name if type(name) is str else ""

    def run_on_device(self, name: str, *args: Any, tf32: bool = False, grad: Any = None) -> Any:
        """Call the function `name` with every tensor and array of `args` on the device.

        Parameters
        ----------
        tf32 : bool
            Whether matrix products and convolutions may use TF32.
        grad : tensor or ndarray of the shape of the output, optional
            Asks for the gradients of sum(output * grad) with respect to each tensor of `args`, too.

        Returns
        -------
        Any
            Tensors in it lie on the CPU. With `grad`, the tuple (output, gradient, ...).

        Raises
        ------
        CheckFailure
            If the output is a tensor that does not lie on the device.
        """
        return self._run(name, args, tf32=tf32, grad=grad)[0]

    def timer(self, name: str, *, tf32: bool = False) -> DeviceTimer:
        """Return the function `name` for `assert_speed`. Let its output be small, as the way home is timed, too."""
        return DeviceTimer(self, name, tf32)

    def _run(self, name: str, args: Sequence[Any], *, tf32: bool = False, grad: Any = None) -> tuple[Any, float, float]:
        """Return the value, the seconds from the call until it had arrived, and those before, both by our wall clock.

        A kernel that still runs when the function returns is waited for, whatever the student's side says of it.
        """
        start = time.perf_counter()
        self._ask(["tf32", tf32])
        placed = [self._place(value, grad is not None) if _is_array(value) else value for value in args]
        called = time.perf_counter()
        kept = self._kept(["keep", name, placed], name, tuple(args))
        value = self._ask(["get", kept, None], f"fetch {name}")
        arrived = time.perf_counter()
        if _is_tensor(value) and self._ask(["get", kept, "is_cuda"]) is not (self._device == "cuda"):
            raise CheckFailure(Message("device.elsewhere", {"name": name}))
        if grad is not None:
            inputs = [handle for handle in placed if type(handle) is Handle]
            gradients = self._ask(["grad", kept, inputs, grad], f"gradients of {name}")
            value = (value, *(gradients if type(gradients) is list else [gradients]))
        for handle in (kept, *placed):
            if type(handle) is Handle:
                handle.drop()
        return value, arrived - called, called - start

    def _place(self, value: Any, requires_grad: bool) -> Handle:
        return self._kept(["place", value, self._device, requires_grad])

    def _kept(self, operation: list[Any], label: str = "", args: Any = None) -> Handle:
        answer = self._ask(operation, label, args)
        if type(answer) is not Handle:
            raise self._connection.lose(WorkerViolation("the student's side did not keep what it was to keep"))
        return answer

    def _ask(self, operation: list[Any], label: str = "", args: Any = None) -> Any:
        return self._connection.ask(operation, label, args)


@dataclass(frozen=True, slots=True)
class DeviceTimer:
    """A function on the device, as `assert_speed` times it: in seconds of the judge's wall clock."""

    student: DeviceStudent
    name: str
    tf32: bool

    def timed(self, *args: Any) -> tuple[Any, float, float]:
        """Return the value, the seconds that it took, and those that bringing the arguments there did."""
        return self.student._run(self.name, args, tf32=self.tf32)


@dataclass(slots=True)
class DeviceRoom:
    """The zygote of the gpu tier, started when the first check asks for a device.

    `name` is what the device is called, "" until one is found; `why_not` says why there is none.
    """

    assignment: Assignment
    kind: str = "cuda"
    name: str = ""
    why_not: str = ""
    _zygote: Zygote | None = None

    def open(self, trusted: Subject) -> bool:
        """Return whether checks can run on a device. `trusted`, a program of ours, is asked what it sees."""
        if not self.name and not self.why_not:
            self.why_not = self._start(trusted)
        return not self.why_not

    def _start(self, trusted: Subject) -> str:
        if self.kind == "cpu":
            self.name = "cpu"
        elif not cuda.CONTROL_NODE.exists():
            return NO_DEVICE
        assignment = self.assignment
        root = assignment.folder.parents[1]
        try:
            self._zygote = Zygote(Setup(GPU, assignment.preload, root, assignment.dataset_folder))
            self.name = self.name or self.student(trusted, hidden=True).device_name()
        except ZygoteError as error:
            return str(error)
        return "" if self.name else f"torch sees {NO_DEVICE}"

    def seat(self, subject: Subject) -> Subject:
        """Return `subject` in a worker of the gpu tier."""
        if subject.on_device is None:
            assert self._zygote is not None
            program, seed, unlimited = subject.program, subject.seed, subject.unlimited
            subject.on_device = make_subject(self._zygote, self.assignment, program, seed, unlimited=unlimited)
        return subject.on_device

    def student(self, subject: Subject, *, hidden: bool) -> DeviceStudent:
        """Return `subject`'s functions on the device, for a check that is `hidden` or not (see `Subject.proxy`)."""
        seat = self.seat(subject)
        seat.proxy(hidden)
        return DeviceStudent(seat.connection, self.kind)

    def close(self) -> None:
        if self._zygote is not None:
            self._zygote.close()


def _is_tensor(value: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def _is_array(value: Any) -> bool:
    return _is_tensor(value) or type(value) is np.ndarray
