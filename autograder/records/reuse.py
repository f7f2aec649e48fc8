"""When a kept result may stand in for a new grading."""

from __future__ import annotations

from autograder.records.result import Result, Status

__all__ = ["TIERS", "reusable"]

TIERS = ("sealed", "confined", "nofile", "unsafe")  # strongest wall first


def reusable(result: Result, tier: str, *, has_device: bool = False) -> bool:
    """Return whether `result` answers a request to grade the same work behind a wall of `tier`.

    Never one that holds an error of ours, never one from behind a weaker wall, and where this machine has a CUDA
    device, never one whose checks were skipped for lack of it.
    """
    statuses = {result.status, *(check.status for check in result.checks)}
    if Status.ERROR in statuses or (has_device and Status.SKIPPED in statuses):
        return False
    if result.tier not in TIERS or tier not in TIERS:
        return result.tier == tier
    return TIERS.index(result.tier) <= TIERS.index(tier)
