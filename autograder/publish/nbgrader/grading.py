"""From a folder that nbgrader collected to a result: out of the store, or graded now behind the wall."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.batch import GradeOptions, content_key, grade
from autograder.course import Assignment, Course
from autograder.errors import UsageError
from autograder.intake import Submission, read_submissions
from autograder.records import Result, Status, Store

__all__ = ["Collected", "is_publishable", "result_of"]


@dataclass(frozen=True, slots=True)
class Collected:
    """The submissions of one assignment, where nbgrader has put them.

    `coursedir` is nbgrader's `CourseDirectory`; the students are those that its `student_id` (a glob) stands for.
    """

    coursedir: Any
    assignment: Assignment

    def folder(self, student: str) -> Path:
        """Return the folder of a student's submission, which need not be there."""
        return Path(self._path(student))

    def students(self) -> Iterator[str]:
        """Yield who handed something in, in no particular order."""
        pattern = re.compile(self._path("(?P<student>.*)", escape=True))
        for folder in glob.glob(self._path(self.coursedir.student_id)):
            found = pattern.fullmatch(folder)
            if found is not None:
                yield found["student"]

    def read(self, student: str) -> Submission:
        """Return what a student handed in.

        Raises
        ------
        UsageError
            If there are two files that could be graded, or none, or they cannot be read.
        """
        folder = self.folder(student)
        found = read_submissions([folder], self.assignment)
        name = self.assignment.files[0]
        if len(found) != 1 or found[0].student != folder.resolve().name:  # it was taken for a class
            raise UsageError(f"{folder}: holds no {name}.ipynb; ask {student} for it, or remove the folder")
        return replace(found[0], student=student)

    def _path(self, student: str, *, escape: bool = False) -> str:
        step = self.coursedir.submitted_directory
        return str(self.coursedir.format_path(step, student, self.assignment.id, escape=escape))


def is_publishable(result: Result) -> bool:
    """Return whether nothing in a result is an error of ours."""
    return Status.ERROR not in {result.status, *(check.status for check in result.checks)}


def result_of(student: str, collected: Collected, course: Course, options: GradeOptions) -> Result:
    """Return a student's result: the kept one where the work has not changed.

    The first student without one has the whole class graded: the judges start once, one per core.

    Raises
    ------
    UsageError
        If the submission or the store cannot be read, no wall can be had, or the result holds an error of ours.
    """
    assignment = collected.assignment
    submission = collected.read(student)
    with Store(course.store) as store:
        if store.find(assignment.id, student, content_key(submission, assignment, options)) is None:
            grade(assignment, list(_readable(collected)), store, options, lambda result, reused: None)
        [result] = grade(assignment, [submission], store, options, lambda result, reused: None)
    if not is_publishable(result):
        raise UsageError(
            f"{student}, {assignment.id}: withheld, an error of ours (autograder show {assignment.id} {student} "
            "--instructor says which); when it is mended, run nbgrader autograde again"
        )
    return result


def _readable(collected: Collected) -> Iterator[Submission]:
    for student in sorted(collected.students()):
        try:
            yield collected.read(student)
        except UsageError:  # told when that student's turn comes
            continue
