"""Walls, zygote, and the far end of a conversation with a student's module. Untrusted code is behind this room."""

from autograder.worker import cuda
from autograder.worker.connection import Connection, Seconds
from autograder.worker.host import Setup, Zygote, ZygoteError
from autograder.worker.probe import TierReport, probe
from autograder.worker.process import Budget
from autograder.worker.walls import GPU, TIERS

__all__ = [
    "GPU",
    "TIERS",
    "Budget",
    "Connection",
    "Seconds",
    "Setup",
    "TierReport",
    "Zygote",
    "ZygoteError",
    "cuda",
    "probe",
]
