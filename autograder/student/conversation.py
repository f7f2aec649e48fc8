"""A judge's talk with one student's module, wherever that runs: calls, what they gave, and what is kept of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autograder.student.complaint import MissingName, Problem, StudentError, clean, near_name
from autograder.student.ending import WorkerCrashed, WorkerDied, WorkerViolation

if TYPE_CHECKING:
    from autograder.intake import Program

__all__ = ["Call", "Check", "Conversation", "Handle", "NotKept"]

MAX_KEPT = 256 << 20  # bytes of answers


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it went, for diagnosis. Handles with the same `number`, which counts a check's objects, are alike."""

    label: str
    args: Any
    outcome: Any  # the value, or the exception, or NotKept


class NotKept:
    """Stands for an answer too large to be kept until the check has ended; equals nothing."""


@dataclass(slots=True)
class Check:
    """What is counted over one check."""

    calls: list[Call] = field(default_factory=list)
    handles: int = 0
    lost: WorkerDied | None = None


class Conversation(ABC):
    """Asks a student's module, and keeps what it answered over one check.

    `in_notebook` says that names come with the cells that have been run.

    `problems` is what raised or was left out when it was loaded, `load_output` is what was printed then, and
    `load_death` is why it could not be loaded, or not all of it.
    """

    in_notebook = False

    def __init__(self) -> None:
        self._check = Check()
        self.kept = 0  # bytes of answers, over all checks whose calls somebody still has
        self.problems: tuple[Problem, ...] = ()
        self.load_output = ""

    # For the judge

    @abstractmethod
    def load(self) -> None:
        """Make the module ready, once."""

    @abstractmethod
    def begin_check(self) -> None:
        """Start counting for the next check."""

    @abstractmethod
    def end_check(self) -> tuple[list[Call], str, bool]:
        """Return the check's calls, what was printed, and whether output was cut."""

    @abstractmethod
    def cpu_seconds(self) -> float:
        """Return the CPU seconds that the student's code has used."""

    @abstractmethod
    def retire(self) -> None:
        """Give up what runs the module now, so that nothing it has seen reaches the next check."""

    def close(self) -> None:
        self.retire()

    @property
    @abstractmethod
    def load_death(self) -> WorkerDied | None: ...

    # For the proxies

    @abstractmethod
    def exports(self) -> Mapping[str, bool]:
        """Return the module's names, and of each whether it can be called."""

    @abstractmethod
    def is_current(self, home: object) -> bool:
        """Say whether `home` still holds the module's objects."""

    @abstractmethod
    def worker_cpu(self) -> float:
        """Return the CPU seconds of what runs the module, now."""

    @abstractmethod
    def charged_cpu(self) -> float:
        """Return the same as of its last answer: what it uses after that counts for the next call."""

    def ask(self, operation: list[Any], label: str, args: Any) -> Any:
        """Send a request, record it, and return its value or raise."""
        if self._check.lost is not None:
            raise self._check.lost
        try:
            value, size = self._answer(operation)
        except WorkerDied as death:
            self.retire()
            self._check.lost = death
            self._check.calls.append(Call(label, args, death))
            raise
        except StudentError as error:
            self._check.calls.append(Call(label, args, error))
            raise
        if operation[0] in ("call", "get"):
            self.kept += size
            small = self.kept <= MAX_KEPT  # else a student could fill the judge's memory, answer by answer
            self._check.calls.append(Call(label, args, value if small else NotKept()))
        return value

    def missing(self, name: str) -> MissingName:
        """Return what to raise where the module has no such name."""
        return MissingName(name, in_notebook=self.in_notebook, near=near_name(self._source(), name))

    @abstractmethod
    def _source(self) -> Program:
        """Return what was handed in."""

    def call(self, target: Any, label: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call `target`, a name of the module or a handle."""
        return self.ask(["call", target, list(args), kwargs], label, (args, kwargs))

    def stage(self, value: Any) -> Handle:
        """Put `value` on the other side and return a handle to it."""
        staged = self.ask(["stage", value], "stage", None)
        if type(staged) is not Handle:
            raise self.lose(WorkerViolation("the student's side did not keep what it was given"))
        return staged

    def lose(self, death: WorkerDied) -> WorkerDied:
        """Give up this worker for the rest of the check, and return why, to be raised."""
        self.retire()
        self._check.lost = death
        return death

    def number_handle(self) -> int:
        self._check.handles += 1
        return self._check.handles

    @abstractmethod
    def _answer(self, operation: list[Any]) -> tuple[Any, int]:
        """Return the value of a request, and the bytes that it came in; raise what the other side raised."""

    @abstractmethod
    def _home(self) -> object:
        """Return what holds the module's objects now."""

    def _make_handle(self, wire_id: int, type_name: str, is_callable: bool) -> Handle:
        return Handle(self, self._home(), wire_id, clean(type_name))

    def _to_handle(self, value: Any) -> tuple[int, str, bool] | None:
        return (value.wire_id(), "", False) if isinstance(value, Handle) else None


class Handle:
    """An object that stays on the student's side. Its attributes and methods can be used, and it can be an argument."""

    def __init__(self, conversation: Conversation, home: object, wire_id: int, type_name: str) -> None:
        self._conversation, self._home, self._id, self.type_name = conversation, home, wire_id, type_name
        self.number = conversation.number_handle()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        label = f"<object {self.number}>.{name}"
        return self._conversation.ask(["get", self, name], label, None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._conversation.call(self, f"<object {self.number}>", args, kwargs)

    def fetch(self) -> Any:
        """Return the object's value as it is now, where it is of a kind that crosses the wire."""
        return self._conversation.ask(["get", self, None], f"fetch <object {self.number}>", None)

    def drop(self) -> None:
        """Let go of the object on the other side."""
        if self._conversation.is_current(self._home):
            self._conversation.ask(["drop", [self._id]], "", None)

    def wire_id(self) -> int:
        if not self._conversation.is_current(self._home):
            raise WorkerCrashed("the process that held this object has ended")
        return self._id

    def __repr__(self) -> str:
        return f"<an object of type {self.type_name} on the student's side>"
