"""What the store holds, for commands that only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.records import Result

__all__ = ["kept_counts", "kept_results"]


def kept_results(course: Course, assignment_id: str) -> list[Result]:
    """Return every student's newest result; none, and nothing is made on disk, where nothing was ever graded."""
    from autograder.records import Store

    if not _is_there(course):
        return []
    with Store(course.store) as store:
        return store.latest(assignment_id)


def kept_counts(course: Course) -> dict[str, int]:
    """Return how many students are graded, per assignment of the course; nothing is made on disk."""
    from autograder.records import Store

    if not _is_there(course):
        return dict.fromkeys(course.assignments(), 0)
    with Store(course.store) as store:
        return {name: store.count(name) for name in course.assignments()}


def _is_there(course: Course) -> bool:
    from autograder.records.schema import sqlite_file

    file = sqlite_file(course.store)
    return file is None or file.exists()
