"""What the commands' exit codes mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.records import Result

__all__ = ["ALL_PASSED", "INTERRUPTED", "OURS", "SOME_FAILED", "USAGE", "exit_code"]

ALL_PASSED = 0
SOME_FAILED = 1
USAGE = 2
OURS = 3
INTERRUPTED = 130  # as a shell says of a program that Ctrl-C ended


def exit_code(results: Iterable[Result]) -> int:
    """Return what a command that graded `results` exits with: the gravest of them decides."""
    from autograder.records import Status

    code = ALL_PASSED
    for result in results:
        statuses = {result.status, *(check.status for check in result.checks)}
        if Status.ERROR in statuses:
            return OURS
        if statuses - {Status.PASSED, Status.SKIPPED} or result.points < result.max_points:
            code = SOME_FAILED
    return code
