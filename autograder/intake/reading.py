"""Who handed in what: files, folders and zips become one `Submission` per student."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import IO

from autograder.course.manifest import PUBLIC_CHECKS, Assignment
from autograder.errors import UsageError
from autograder.intake.archive import CLASS, FILE_CAP, Entry, read_capped, read_folder, read_zip
from autograder.intake.fault import Fault
from autograder.intake.program import check_readable, check_size, is_graded
from autograder.intake.submission import File, Submission
from autograder.text import render

__all__ = ["read_submissions"]

SOURCES = (".py", ".ipynb")
NAME = re.compile(r"[\w \-.@+,]{1,100}")  # \w: letters and digits of every script


def read_submissions(paths: Sequence[Path], assignment: Assignment) -> list[Submission]:
    """Return what each student handed in, in order of the students' names.

    Parameters
    ----------
    paths : sequence of Path
        Each is a file (`student-07.py`, `.ipynb`), one student's folder or zip (it holds the assignment's module at its
        top), or a class: a folder or zip with a file, folder or zip per student. A student's folder may hold one folder
        per assignment and nothing else, as nbgrader collects.
    assignment : Assignment

    Raises
    ------
    UsageError
        If a path cannot be read, holds nothing, or is a file that is no program; for two files of one student, or a
        name that cannot be a student's. A fault of one student in a class is left to `parse_submission`.
    """
    found: dict[str, tuple[Path, Submission]] = {}
    for path in paths:
        for submission in _read_path(path, assignment):
            student = submission.student
            if student in found:
                both = f"{found[student][0]} and {path}"
                raise UsageError(f"two submissions for one student, {student}: {both}; leave one out")
            found[student] = (path, submission)
    return [found[student][1] for student in sorted(found)]


def _read_path(path: Path, assignment: Assignment) -> list[Submission]:
    suffix = path.suffix.lower()
    try:
        if path.is_dir():
            return _layout(path, read_folder(path), assignment)
        if suffix == ".zip":
            with path.open("rb") as stream:
                return _read_zip(path, stream, assignment)
        if suffix not in SOURCES:
            fault = "is no .py, .ipynb or .zip file" if path.exists() else "no such file or folder"
            raise UsageError(f"{path}: {fault}; name a submission, or a folder or zip of them")
        file = File(path.name, read_capped(path))
        check_readable(file)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); correct the path or its permissions") from None
    except Fault as fault:
        raise UsageError(f"{path}: {render(fault.message, 'en')}") from None
    return [Submission(_student(path.stem, path), (file,))]


def _read_zip(path: Path, stream: IO[bytes], assignment: Assignment) -> list[Submission]:
    submissions = _layout(path, _unwrap(path.stem, read_zip(path.name, stream, CLASS)), assignment)
    if len(submissions) == 1:  # one student's: what is wrong with it is said at once, as with a single file
        read_zip(path.name, stream)
        for file in submissions[0].files:
            check_size(file)
    return submissions


def _unwrap(stem: str, entries: list[Entry]) -> list[Entry]:
    """Take off the one folder that packers put around a class: it has the zip's name, or several folders in it."""
    tops = {entry.parts[0] for entry in entries}
    inner = [Entry(entry.parts[1:], entry.data) for entry in entries if len(entry.parts) > 1]
    folders = {entry.parts[0] for entry in inner if len(entry.parts) > 1}
    if len(tops) != 1 or not inner or not (tops == {stem} or len(folders) > 1):
        return entries
    return [*inner, *(Entry((name,), None) for name in sorted(folders))]


def _layout(path: Path, entries: list[Entry], assignment: Assignment) -> list[Submission]:
    """Tell one student's folder or zip from a class, and divide a class."""
    if any(
        len(entry.parts) == 1 and entry.data is not None and is_graded(entry.parts[0], assignment) for entry in entries
    ):
        if path.is_dir():
            return [_submission(path.resolve().name, path, _open_zips(entries), assignment)]
        return [_submission(path.stem, path, entries, assignment)]
    submissions: dict[str, tuple[str, Submission]] = {}
    ordered = sorted(entries, key=lambda entry: entry.parts[0])
    for top, group in groupby(ordered, key=lambda entry: entry.parts[0]):
        members = list(group)
        is_folder = any(len(entry.parts) > 1 or entry.data is None for entry in members)
        if not is_folder and top == PUBLIC_CHECKS:
            continue
        name = top if is_folder else Path(top).stem
        submission = _submission(name, path, _open_zips(_of_assignment(members, assignment)), assignment)
        if submission.student in submissions:
            both = f"{submissions[submission.student][0]} and {top}"
            raise UsageError(f"{path}: two files for one student, {submission.student}: {both}; remove one")
        submissions[submission.student] = (top, submission)
    if not submissions:
        raise UsageError(f"{path}: holds no .py, .ipynb or .zip file; name the folder or zip of submissions")
    return [submission for _, submission in submissions.values()]


def _of_assignment(members: list[Entry], assignment: Assignment) -> list[Entry]:
    """Return what is this assignment's where a student has a folder for each and nothing else."""
    own = [entry for entry in members if len(entry.parts) > 2 and entry.parts[1] == assignment.id]
    loose = any(len(entry.parts) == 2 for entry in members)
    return own if own and not loose else members


def _submission(name: str, path: Path, entries: Iterable[Entry], assignment: Assignment) -> Submission:
    named = ((entry.parts[-1], entry.data) for entry in entries)
    files = [File(name, data) for name, data in named if data is not None and name != PUBLIC_CHECKS]
    student = _student(name, path)
    return Submission(student, tuple(_one_graded(student, path, files, assignment)))


def _open_zips(entries: Iterable[Entry]) -> Iterator[Entry]:
    return chain.from_iterable(map(_open_zip, entries))


def _open_zip(entry: Entry) -> list[Entry]:
    """Return what is in a student's zip, and anything else as it is: of a zip with a fault the parser says what."""
    name, data = entry.parts[-1], entry.data
    if data is None or len(data) > FILE_CAP or not name.lower().endswith(".zip"):
        return [entry]
    try:
        return read_zip(name, io.BytesIO(data))
    except Fault:
        return [entry]


def _one_graded(student: str, path: Path, files: list[File], assignment: Assignment) -> list[File]:
    """Refuse two files that could both be graded; beside another, copies and untouched releases do not count."""
    graded = [file for file in dict.fromkeys(files) if is_graded(file.name, assignment)]
    own = [file for file in graded if not _as_released(file, assignment)]
    if len(own) > 1:
        both = f"{own[0].name} and {own[1].name}"
        raise UsageError(f"{path}: two files for one student, {student}: {both}; remove one of them")
    chosen = (own or graded)[:1]
    return [file for file in dict.fromkeys(files) if file in chosen or not is_graded(file.name, assignment)]


def _as_released(file: File, assignment: Assignment) -> bool:
    released = assignment.folder / file.name
    return released.is_file() and released.read_bytes() == file.data


def _student(name: str, path: Path) -> str:
    """Return `name` as the student's, in one Unicode form, or refuse it."""
    student = unicodedata.normalize("NFC", name).strip()
    # Vowel signs of Indic and Thai names are marks, which \w leaves out.
    bare = "".join(char for char in student if not unicodedata.category(char).startswith("M"))
    if not NAME.fullmatch(bare) or len(student) > 100:
        allowed = "letters, digits, spaces and . _ - @ + , (at most 100)"
        raise UsageError(f"{path}: {name[:100]!a} cannot be a student's name; rename it, using {allowed}")
    return student
