"""Walls, zygote, wire, and the student's module as seen through them. Untrusted code is on the far side."""

from autograder.worker import cuda
from autograder.worker.complaint import Frame, MissingName, Problem, StudentError
from autograder.worker.connection import Call, Connection, Handle, Seconds
from autograder.worker.host import Setup, Zygote, ZygoteError
from autograder.worker.probe import TierReport, probe
from autograder.worker.process import Budget, WorkerCrashed, WorkerDied, WorkerTimeout, WorkerViolation
from autograder.worker.student import Student
from autograder.worker.walls import GPU, TIERS
from autograder.worker.wire import Record, TupleRecord

__all__ = [
    "GPU",
    "TIERS",
    "Budget",
    "Call",
    "Connection",
    "Frame",
    "Handle",
    "MissingName",
    "Problem",
    "Record",
    "Seconds",
    "Setup",
    "Student",
    "StudentError",
    "TierReport",
    "TupleRecord",
    "WorkerCrashed",
    "WorkerDied",
    "WorkerTimeout",
    "WorkerViolation",
    "Zygote",
    "ZygoteError",
    "cuda",
    "probe",
]
