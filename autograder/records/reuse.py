"""When a kept result may stand in for a new grading."""

from __future__ import annotations

from autograder.records.result import Result, Status

__all__ = ["TIERS", "reusable"]

TIERS = ("sealed", "confined", "nofile", "unsafe")  # strongest wall first


def reusable(result: Result, tier: str) -> bool:
    """Return whether `result` answers a request to grade the same work behind a wall of `tier`.

    Never one that holds an error of ours, and never one from behind a weaker wall. The `gpu` tier is another kind of
    wall, neither weaker nor stronger: it stands in for itself alone.
    """
    if result.status is Status.ERROR or any(check.status is Status.ERROR for check in result.checks):
        return False
    if result.tier not in TIERS or tier not in TIERS:
        return result.tier == tier
    return TIERS.index(result.tier) <= TIERS.index(tier)
