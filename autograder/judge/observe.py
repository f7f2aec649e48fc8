"""From what a check raised to what it means: one place that decides whose fault it was."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from _pytest.outcomes import Skipped

from autograder.judge.failure import CheckFailure, PartialCredit
from autograder.records import Status
from autograder.student import (
    MissingName,
    Problem,
    StudentError,
    WorkerCrashed,
    WorkerDied,
    WorkerTimeout,
    WorkerViolation,
)
from autograder.text import Bilingual, Message

__all__ = ["Blocked", "Verdict", "judge_exception", "load_problem"]

MAX_DETAIL = 4000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one run of one check, before points.

    `fraction` is the share of the points earned. `unexpected` says that the check itself raised something that no
    check should: whose fault that is, a run on the reference will tell. `symptom` is that of a `CheckFailure`.
    """

    status: Status
    fraction: float
    message: Message | None = None
    student_message: Message | None = None
    detail: str = ""
    unexpected: bool = False
    symptom: str | None = None

    @property
    def loses(self) -> bool:
        """Whether points are lost (of a skipped check, they leave the maximum instead)."""
        return self.status is not Status.SKIPPED and self.fraction < 1


class Blocked(Skipped):
    """A check that another one makes meaningless; by hand pytest shows it as skipped."""

    def __init__(self, name: str, title: Bilingual) -> None:
        super().__init__(f"blocked: {name} has failed")
        self.message = Message("check.blocked", {"name": name, "title_en": title.en, "title_zh": title.zh})


def _where(error: StudentError) -> tuple[Message, ...]:
    if not error.frames:
        return ()
    frame = error.frames[-1]
    values: dict[str, str | int | None] = dict(frame._asdict())
    return (Message("student.at_line" if frame.cell is None else "student.at_cell_line", values),)


def raised_message(error: StudentError) -> Message:
    """Return the message for an exception of the student's, with text and place."""
    if error.known_type == "NotImplementedError":
        return Message("student.not_written", lines=_where(error))
    return Message("student.raised", {"type": error.type_name, "text": error.text}, _where(error))


def student_view(error: BaseException) -> Message | None:
    """Return what a student may see of an exception in a hidden check: a type that is not of their making, and a line
    of their own file, quoted from what they handed in."""
    if isinstance(error, StudentError):
        if error.known_type == "NotImplementedError":
            return Message("student.not_written", lines=_where(error))
        return Message("student.raised_type", {"type": error.known_type}, _where(error))
    if isinstance(error, MissingName):
        if error.near:
            return Message("student.misnamed", {"name": error.name, "near": error.near})
        return Message("student.not_run" if error.in_notebook else "student.missing", {"name": error.name})
    if isinstance(error, WorkerDied):
        return Message(_death_key(error))
    return None


def _death_key(death: WorkerDied) -> str:
    kinds = {WorkerTimeout: "worker.timeout", WorkerViolation: "worker.violation", WorkerCrashed: "worker.crashed"}
    return kinds.get(type(death), "worker.crashed") + ("_loading" if death.loading else "")


def _death_verdict(death: WorkerDied) -> Verdict:
    kinds = {WorkerTimeout: Status.TIMEOUT, WorkerViolation: Status.VIOLATION}
    message = Message(_death_key(death), lines=(Message("worker.reason", {"reason": death.reason}),))
    return Verdict(kinds.get(type(death), Status.CRASHED), 0.0, message, Message(_death_key(death)))


def judge_exception(excinfo: pytest.ExceptionInfo[BaseException] | None) -> Verdict:
    """Return the verdict on a check that ended with this exception, or with none."""
    if excinfo is None:
        return Verdict(Status.PASSED, 1.0)
    error = excinfo.value
    seen = student_view(error)
    if isinstance(error, PartialCredit):
        return Verdict(Status.FAILED if error.fraction < 1 else Status.PASSED, error.fraction, error.message)
    if isinstance(error, CheckFailure):
        return Verdict(Status.FAILED, 0.0, error.message, symptom=error.symptom)
    if isinstance(error, WorkerDied):
        return _death_verdict(error)
    if isinstance(error, StudentError):
        return Verdict(Status.FAILED, 0.0, raised_message(error), seen)
    if isinstance(error, MissingName):
        return Verdict(Status.FAILED, 0.0, seen, seen)
    if isinstance(error, Blocked):
        return Verdict(Status.BLOCKED, 0.0, error.message, error.message)
    if isinstance(error, pytest.skip.Exception):
        return Verdict(Status.SKIPPED, 0.0, Message("check.skipped", {"reason": str(error)}))
    if isinstance(error, pytest.fail.Exception):  # mostly: an exception that was wanted was not raised
        return Verdict(Status.FAILED, 0.0, Message("check.assertion", {"text": str(error)[:MAX_DETAIL]}))
    detail = str(excinfo.getrepr(style="short"))[-MAX_DETAIL:]
    if isinstance(error, AssertionError):
        text = str(error).split("\n")[0][:MAX_DETAIL]
        return Verdict(Status.FAILED, 0.0, Message("check.assertion", {"text": text}), detail=detail)
    message = Message("check.unexpected", {"type": type(error).__name__})
    return Verdict(Status.FAILED, 0.0, message, detail=detail, unexpected=True)


def load_problem(problem: Problem) -> Message:
    """Return what a student is told of what went wrong when the submission was loaded."""
    error, kind = problem.error, "load." if problem.cell is None else "load.cell_"
    place: dict[str, str | int | None] = {"file": problem.file, "cell": problem.cell}
    if isinstance(error, WorkerDied):
        left_out = "timeout" if isinstance(error, WorkerTimeout) else "crashed"
        return Message(kind + left_out, place | {"line": problem.line})
    return Message(kind + "raised", place | {"type": error.type_name, "text": error.text}, _where(error))
