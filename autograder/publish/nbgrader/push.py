"""A whole class out of our store into nbgrader's gradebook, and what the formgrader shows of it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.batch import GradeOptions, content_key
from autograder.course import Assignment, Course
from autograder.errors import UsageError
from autograder.intake.archive import read_capped
from autograder.publish.nbgrader import gradebook as book
from autograder.publish.nbgrader.cells import restore, write_verdicts
from autograder.publish.nbgrader.comments import cell_comments, solution_cells
from autograder.publish.nbgrader.grading import Collected, is_publishable
from autograder.publish.nbgrader.released import Released, read_released
from autograder.publish.nbgrader.settings import Settings
from autograder.records import Result, Store
from autograder.text import Lang

__all__ = ["Pushed", "push_results"]

NAMED = 5  # of students in an error; the others are counted
TIMESTAMP = "timestamp.txt"


@dataclass(frozen=True, slots=True)
class Pushed:
    """Whose results of an assignment are in the gradebook now, and whose an error of ours withholds."""

    assignment: str
    written: tuple[str, ...]
    withheld: tuple[str, ...]


def push_results(
    course: Course, assignments: Sequence[Assignment], settings: Settings, *, enrol: bool = False
) -> list[Pushed]:
    """Write every student's newest result into the gradebook, in one transaction, and the notebooks that go with it.

    Parameters
    ----------
    course : Course
    assignments : sequence of Assignment
    settings : Settings
        Those of nbgrader's course.
    enrol : bool
        Add students whom the gradebook does not know.

    Raises
    ------
    UsageError
        If something is not graded as it was handed in, a student or an assignment is not in the gradebook, or the
        gradebook cannot be written. Nothing has been written then.
    """
    coursedir = settings.coursedir
    classes = [Collected(coursedir, assignment) for assignment in assignments]
    graded = {each.assignment.id: _results(course, each, settings.seed) for each in classes}
    pushed = [
        Pushed(
            name,
            tuple(result.student for result in results if is_publishable(result)),
            tuple(result.student for result in results if not is_publishable(result)),
        )
        for name, results in graded.items()
    ]
    with _staging(Path(coursedir.root)) as staging:
        with book.open_gradebook(coursedir.db_url, coursedir.course_id) as gradebook, gradebook.db.no_autoflush:
            book.add_students(gradebook, sorted({name for each in pushed for name in each.written}), enrol=enrol)
            for each in classes:
                _write(gradebook, each, graded[each.assignment.id], staging, settings.lang)
        _move(staging, coursedir)
    return pushed


def _results(course: Course, collected: Collected, seed: int) -> list[Result]:
    """Return the newest result of each student, after making sure that they are for what nbgrader has collected."""
    assignment, options = collected.assignment, GradeOptions(seed=seed)
    with Store(course.store) as store:
        results = {result.student: result for result in store.latest(assignment.id)}
    stale = [
        student
        for student in sorted(collected.students())
        if student not in results or results[student].key != content_key(collected.read(student), assignment, options)
    ]
    if stale or not results:
        named = ", ".join(stale[:NAMED]) + (f" and {len(stale) - NAMED} more" if len(stale) > NAMED else "")
        what = f"what {named} handed in is not graded" if stale else "nothing is graded yet"
        folder = collected.folder("").parent
        raise UsageError(f"{assignment.id}: {what}; run autograder grade {assignment.id} {folder}, then push again")
    return list(results.values())


def _write(
    gradebook: book.Gradebook, collected: Collected, results: Sequence[Result], staging: Path, lang: Lang
) -> None:
    """Write the publishable results of one assignment as rows, and their notebooks to `staging`."""
    assignment = collected.assignment
    row = book.find_notebook(gradebook, assignment.files[0], assignment.id)
    released, cells = read_released(row, assignment), solution_cells(assignment)
    known, penalties = book.submissions(gradebook, row.assignment), book.penalties(collected.coursedir)
    for result in filter(is_publishable, results):
        notebook = _notebook(collected, result.student, released)
        write_verdicts(notebook, result, assignment, lang)
        submission = known.get(result.student) or book.add_submission(gradebook, row.assignment, result.student)
        timestamp = collected.folder(result.student) / TIMESTAMP
        if timestamp.is_file():
            submission.timestamp = book.read_timestamp(timestamp)
        submitted = next(each for each in submission.notebooks if each.notebook is row)
        book.write_scores(submitted, notebook)
        book.write_comments(submitted, notebook, cell_comments(result, assignment, cells, lang))
        book.write_penalty(gradebook, submitted, penalties)
        folder = staging / result.student / assignment.id
        folder.mkdir(parents=True)
        # Not nbformat.write, which copies and validates for longer than all else takes; `restore` makes valid ones.
        (folder / f"{released.name}.ipynb").write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")
        if timestamp.is_file():
            shutil.copyfile(timestamp, folder / TIMESTAMP)


def _notebook(collected: Collected, student: str, released: Released) -> NotebookNode:
    """Return what a student handed in, restored; of work that is no readable notebook, the grade cells alone."""
    path = collected.folder(student) / f"{released.name}.ipynb"
    try:
        data = json.loads(read_capped(path)) if path.is_file() else {}
    except (ValueError, RecursionError):
        data = {}
    cells = data.get("cells") if isinstance(data, dict) else None
    return restore(cells if isinstance(cells, list) else [], released)


@contextmanager
def _staging(root: Path) -> Iterator[Path]:
    """Yield a folder beside `autograded/`, so that files can be renamed into it."""
    folder = Path(tempfile.mkdtemp(prefix=".autograder-push.", dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _move(staging: Path, coursedir: Any) -> None:
    """Put the notebooks where nbgrader looks for them, each file renamed over an older one."""
    for file in sorted(path for path in staging.rglob("*") if path.is_file()):
        student, assignment, name = file.relative_to(staging).parts
        folder = Path(coursedir.format_path(coursedir.autograded_directory, student, assignment))
        folder.mkdir(parents=True, exist_ok=True)
        os.replace(file, folder / name)
