"""A student's module as a check meets it, wherever it runs: in a worker behind the wall, or in a notebook's kernel."""

from autograder.student.complaint import Frame, MissingName, Problem, StudentError
from autograder.student.conversation import Call, Conversation, Handle, NotKept
from autograder.student.ending import WorkerCrashed, WorkerDied, WorkerTimeout, WorkerViolation
from autograder.student.module import Student

__all__ = [
    "Call",
    "Conversation",
    "Frame",
    "Handle",
    "MissingName",
    "NotKept",
    "Problem",
    "Student",
    "StudentError",
    "WorkerCrashed",
    "WorkerDied",
    "WorkerTimeout",
    "WorkerViolation",
]
