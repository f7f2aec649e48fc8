"""What a judge is asked: which submission, and how much of the checks."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.intake import Submission
from autograder.pickled import by_values

__all__ = ["ALL", "Job", "Scope"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which checks are run, and how far.

    Parameters
    ----------
    checks : tuple of str
        Ids of the checks, in the order in which they run; () for all of them, in the session's order.
    parts : tuple of str
        Of these, the checks of these parts alone; () for every part.
    until_lost : bool
        Stop at the first check that loses points, and look for no misconception: whether a submission is wrong, and
        not why. The result then holds the checks that were run.
    """

    checks: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    until_lost: bool = False

    __reduce__ = by_values


ALL = Scope()


@dataclass(frozen=True, slots=True)
class Job:
    """One submission to be graded. `key` is what its result is kept under, `seed` that of its worker."""

    submission: Submission
    key: str
    seed: int
    scope: Scope = ALL

    __reduce__ = by_values
