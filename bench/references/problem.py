"""One line of the table: a problem, and the ways to solve it that are timed side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.course import import_file

__all__ = ["Problem", "load_solution"]

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
Way = Callable[..., Any]


def load_solution(assignment: str, name: str | None = None) -> ModuleType:
    """Return `solutions/<assignment>/<name>.py` as a module; the reference where no name is given."""
    return import_file(SOLUTIONS / assignment / f"{name or assignment}.py")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is timed.

    Parameters
    ----------
    name : str
        "IRLS 1e5 x 50".
    make : callable
        () -> arguments, made once and not timed.
    reference, naive, library : callable
        Called with these arguments. `library` also may be one that converts them beforehand: see `prepare`.
    library_name : str
        "scikit-learn, newton-cholesky".
    fast : callable, optional
        The form of `solutions/<id>/fast.py`, where the readable reference leaves speed on the table.
    small : callable, optional
        () -> arguments of a problem on which the naive loop is compared with the reference; the whole one would take it
        minutes.
    prepare : callable, optional
        Arguments -> the library's arguments (torch tensors, say), not timed.
    agree : callable, optional
        (library's answer, ours) -> bool; raises or returns False where the two solve different problems.
    """

    name: str
    make: Callable[[], Sequence[Any]]
    reference: Way
    naive: Way
    library: Way
    library_name: str
    fast: Way | None = None
    small: Callable[[], Sequence[Any]] | None = None
    prepare: Callable[[Sequence[Any]], Sequence[Any]] | None = None
    agree: Callable[[Any, Any], bool] | None = None
