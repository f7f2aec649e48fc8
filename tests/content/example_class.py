"""An example class, graded, for the tests that look at it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.batch import GradeOptions, grade
from autograder.course import Assignment, find_course, load_assignment
from autograder.intake import Submission, read_submissions
from autograder.records import Result

__all__ = ["EXAMPLES", "Graded", "assignment", "grade_class", "parts", "submissions", "trouble"]

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


@dataclass(frozen=True)
class Graded:
    """A class and what it got, by student."""

    name: str
    assignment: Assignment
    submissions: tuple[Submission, ...]
    results: dict[str, Result]


def assignment(name: str) -> Assignment:
    return load_assignment(find_course(ROOT), name)


def submissions(name: str) -> tuple[Submission, ...]:
    return tuple(read_submissions([EXAMPLES / name / "class"], assignment(name)))


@cache
def grade_class(name: str) -> Graded:
    """Return the class, graded once for all tests."""
    handed_in = submissions(name)
    results = grade(assignment(name), handed_in, None, GradeOptions(), lambda result, reused: None)
    return Graded(name, assignment(name), handed_in, {result.student: result for result in results})


def parts(result: Result) -> dict[str, float]:
    points: defaultdict[str, float] = defaultdict(float)
    for check in result.checks:
        points[check.part] += check.points
    return dict(points)


def trouble(result: Result) -> str:
    """Return what went wrong, for whoever reads a failing test."""
    lines = [
        f"{c.check}: {c.status} {c.points}/{c.max_points} {c.message}" for c in result.checks if c.points < c.max_points
    ]
    return "\n".join([*map(str, result.problems), *map(str, result.findings), *lines])
