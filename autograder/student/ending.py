"""How what runs student code can end."""

from __future__ import annotations

__all__ = ["TimeUp", "WorkerCrashed", "WorkerDied", "WorkerTimeout", "WorkerViolation"]


class WorkerDied(Exception):
    """The worker is gone. `reason` is for the instructor; `loading` says that it was still loading the submission."""

    def __init__(self, reason: str, *, loading: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.loading = loading


class WorkerTimeout(WorkerDied):
    """It used up its time."""


class WorkerCrashed(WorkerDied):
    """It ended by itself: an exit, a signal, the memory limit."""


class WorkerViolation(WorkerDied):
    """It did what has no honest use: a forged frame, a forbidden system call."""


class TimeUp(BaseException):
    """Raised in student code that runs in this very process when its time is up. No ordinary `except` catches it."""
