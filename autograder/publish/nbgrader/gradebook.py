"""nbgrader's gradebook in one transaction: all of it is written, or nothing.

nbgrader's own `Gradebook` commits at every step, so rows are made here with its model classes instead. What belongs to
people (manual scores and comments, extra credit) is never touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import selectinload

from autograder.errors import UsageError

try:
    from nbgrader import api
    from nbgrader.preprocessors import AssignLatePenalties
    from nbgrader.utils import compute_checksum, determine_grade, parse_utc
except ImportError:
    raise UsageError("nbgrader is not installed; pip install 'ml-autograder[nbgrader]'") from None

__all__ = [
    "Gradebook",
    "add_students",
    "add_submission",
    "find_notebook",
    "known_assignments",
    "open_gradebook",
    "penalties",
    "read_timestamp",
    "submissions",
    "write_comments",
    "write_penalty",
    "write_scores",
]

Gradebook = Any  # nbgrader.api.Gradebook; nbgrader has no types
NAMED = 5  # of students in an error; the others are counted
NO_RESPONSE = "No response."  # nbgrader's own words on a cell that is as it was released

# What a database says, and what helps; nothing has been written by then.
REMEDIES = (
    ("locked", "another process holds it; wait for that one to end (a running nbgrader?), then run this again"),
    ("no such column", "it was made by an older nbgrader; back it up, then run nbgrader db upgrade"),
    ("no such table", "it was made by an older nbgrader; back it up, then run nbgrader db upgrade"),
    ("readonly", "it cannot be written; check the permissions of the file and its folder"),
    ("unable to open", "it cannot be opened; check its permissions"),
    ("not a database", "it is damaged or no gradebook; restore it from a backup"),
    ("", "check that the database is there and that c.CourseDirectory.db_url in nbgrader_config.py is right"),
)


@contextmanager
def open_gradebook(db_url: str, course_id: str = "default_course") -> Iterator[Gradebook]:
    """Yield the gradebook; what was done in its session is committed at the end, and rolled back at any error.

    Raises
    ------
    UsageError
        If the gradebook is not there (none is made), locked, or cannot be used.
    """
    url = make_url(db_url)
    place = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and not Path(str(place)).is_file():
        raise UsageError(f"{place}: no gradebook there; run nbgrader generate_assignment first")
    try:
        with api.Gradebook(db_url, course_id) as gradebook:
            yield gradebook
            gradebook.db.commit()  # closing rolls back what was not committed
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        remedy = next(remedy for words, remedy in REMEDIES if words in said.lower())
        raise UsageError(f"gradebook {place}: {remedy} ({said})") from error


def known_assignments(db_url: str, course_id: str) -> frozenset[str]:
    """Return the names of the assignments in a gradebook; same errors as `open_gradebook`."""
    with open_gradebook(db_url, course_id) as gradebook:
        return frozenset(assignment.name for assignment in gradebook.assignments)


def find_notebook(gradebook: Gradebook, name: str, assignment: str) -> Any:
    """Return the row of a released notebook, or raise `UsageError`."""
    try:
        return gradebook.find_notebook(name, assignment)
    except api.MissingEntry:
        raise UsageError(
            f"gradebook: no assignment {assignment} with a notebook {name}; "
            f"run nbgrader generate_assignment {assignment}"
        ) from None


def submissions(gradebook: Gradebook, assignment: Any) -> dict[str, Any]:
    """Return student -> row of what was submitted for an assignment, grades and comments loaded with them."""
    notebooks = selectinload(api.SubmittedAssignment.notebooks)
    query = gradebook.db.query(api.SubmittedAssignment).filter(api.SubmittedAssignment.assignment_id == assignment.id)
    query = query.options(notebooks.selectinload(api.SubmittedNotebook.grades))
    query = query.options(notebooks.selectinload(api.SubmittedNotebook.comments))
    return {row.student_id: row for row in query}


def add_submission(gradebook: Gradebook, assignment: Any, student: str) -> Any:
    """Return the new row of a submission, with a place for each grade and comment, as nbgrader makes it."""
    row = api.SubmittedAssignment(assignment=assignment, student_id=student)
    for notebook in assignment.notebooks:
        submitted = api.SubmittedNotebook(notebook=notebook, assignment=row)
        for cell in (*notebook.grade_cells, *notebook.task_cells):
            api.Grade(cell=cell, notebook=submitted)
        for cell in (*notebook.solution_cells, *notebook.task_cells):
            api.Comment(cell=cell, notebook=submitted)
    gradebook.db.add(row)
    return row


def add_students(gradebook: Gradebook, students: Sequence[str], *, enrol: bool) -> None:
    """Add those of `students` whom the gradebook does not know; raise `UsageError` if they are not to be enrolled."""
    known = {student for (student,) in gradebook.db.query(api.Student.id)}
    unknown = [student for student in students if student not in known]
    if unknown and not enrol:
        named = ", ".join(unknown[:NAMED]) + (f" and {len(unknown) - NAMED} more" if len(unknown) > NAMED else "")
        raise UsageError(
            f"gradebook: not enrolled: {named}; push with --enrol to add them, or one at a time with "
            f"nbgrader db student add {unknown[0]}"
        )
    nameless = [student for student in unknown if not student.strip(".")]
    if nameless:  # as a folder's name it would lead out of autograded/
        raise UsageError(
            f"gradebook: {nameless[0]!r} cannot be a student's id; rename the submission and grade it again"
        )
    gradebook.db.add_all(api.Student(id=student) for student in unknown)


def read_timestamp(file: Path) -> datetime | None:
    """Return when something was submitted, in UTC without a time zone, as the gradebook keeps it."""
    try:
        text = file.read_text("utf-8").strip()
        return parse_utc(text) if text else None
    except ValueError:
        raise UsageError(f"{file}: holds no date; write one such as 2026-01-31 12:00:00 UTC, or remove it") from None


def write_scores(submitted: Any, notebook: NotebookNode) -> None:
    """Set the automatic scores of a submitted notebook's row to what nbgrader reads in its graded cells."""
    scores = {
        cell.metadata["nbgrader"]["grade_id"]: determine_grade(cell)[0]
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    for grade in submitted.grades:
        if grade.name in scores:
            grade.auto_score = scores[grade.name]
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None


def write_comments(submitted: Any, notebook: NotebookNode, comments: Mapping[str, str | None]) -> None:
    """Set the automatic comments of a submitted notebook's row, by grade id; a cell left as released says so."""
    untouched = {
        cell.metadata["nbgrader"]["grade_id"]
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("checksum") and _is_untouched(cell)
    }
    for comment in submitted.comments:
        if comment.name in untouched:
            comment.auto_comment = NO_RESPONSE
        elif comment.name in comments:
            comment.auto_comment = comments[comment.name]


def penalties(coursedir: Any) -> Any:
    """Return nbgrader's plugin for late submissions, as its config chooses it."""
    step = AssignLatePenalties(parent=coursedir.parent)  # its config has been read when ours is made
    step.init_plugin()
    return step.plugin_inst


def write_penalty(gradebook: Gradebook, submitted: Any, plugin: Any) -> None:
    """Set the penalty of a submitted notebook's row, as nbgrader's own step does."""
    submitted.late_submission_penalty = None
    late = submitted.assignment.total_seconds_late
    if late > 0:
        gradebook.db.flush()
        gradebook.db.refresh(submitted, ["score"])  # a sum that the database makes
        penalty = plugin.late_submission_penalty(submitted.assignment.student_id, submitted.score, late)
        if penalty is not None:
            submitted.late_submission_penalty = min(max(penalty, 0), submitted.score)


def _is_untouched(cell: NotebookNode) -> bool:
    return bool(compute_checksum(cell) == cell.metadata["nbgrader"]["checksum"])
