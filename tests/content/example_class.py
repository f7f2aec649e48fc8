"""An example class and its blind submissions, graded, for the tests that look at them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from autograder.batch import GradeOptions, grade
from autograder.course import Assignment, find_course, load_assignment
from autograder.intake import Submission, read_submissions
from autograder.records import Result

__all__ = [
    "EXAMPLES",
    "ON_A_DEVICE",
    "Graded",
    "assignment",
    "grade_class",
    "judged",
    "names",
    "parts",
    "submissions",
    "trouble",
]

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
# Parts that are skipped where there is no device: a class says nothing of them, so that it is the same everywhere.
ON_A_DEVICE = {"conv": {"gpu"}}


@dataclass(frozen=True)
class Graded:
    """A class and what it got, by student."""

    name: str
    assignment: Assignment
    submissions: tuple[Submission, ...]
    results: dict[str, Result]


def assignment(name: str) -> Assignment:
    return load_assignment(find_course(ROOT), name)


def submissions(name: str, folder: str = "class") -> tuple[Submission, ...]:
    """Return what is in `examples/<name>/<folder>`, "class" or "blind"."""
    return tuple(read_submissions([EXAMPLES / name / folder], assignment(name)))


@cache
def grade_class(name: str, folder: str = "class") -> Graded:
    """Return the class, or the blind submissions, graded once for all tests."""
    results = {
        submission.student: _results(name)[f"{folder} {submission.student}"] for submission in submissions(name, folder)
    }
    return Graded(name, assignment(name), submissions(name, folder), results)


@cache
def _results(name: str) -> dict[str, Result]:
    """Grade both folders in one go: what the misconceptions answer, most of the work, is then computed for both."""
    handed_in = [
        replace(submission, student=f"{folder} {submission.student}")
        for folder in ("class", "blind")
        for submission in submissions(name, folder)
    ]
    results = grade(assignment(name), handed_in, None, GradeOptions(), lambda result, reused: None)
    return {result.student: replace(result, student=result.student.partition(" ")[2]) for result in results}


def judged(graded: Graded, student: str) -> Result:
    """Return what a student got in the parts that are judged everywhere."""
    result = graded.results[student]
    checks = tuple(check for check in result.checks if check.part not in ON_A_DEVICE.get(graded.name, ()))
    return replace(
        result,
        checks=checks,
        points=sum(check.points for check in checks),
        max_points=sum(check.max_points for check in checks),
        status=max((check.status for check in checks), key=lambda status: status.severity),
    )


def names(result: Result) -> list[str]:
    """Return the misconceptions that were named, sorted."""
    return sorted({check.diagnosis.misconception for check in result.checks if check.diagnosis is not None})


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
