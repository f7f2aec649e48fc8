"""Record the misconceptions of an assignment on its public checks."""

from __future__ import annotations

from autograder.batch.grade import GradeOptions, choose_tier
from autograder.course import Assignment
from autograder.judge.lane import Lane

__all__ = ["record_mistakes"]


def record_mistakes(assignment: Assignment) -> bytes:
    """Return how the misconceptions answer the public checks, as students get it (see `autograder.judge.mistakes`).

    Raises
    ------
    LaneError, UsageError
        If the checks cannot be collected.
    """
    # Our own code: any wall will do.
    lane = Lane(assignment, choose_tier(GradeOptions(allow_unsafe=True)), visible_only=True)
    try:
        return lane.record_mistakes()
    finally:
        lane.close()
