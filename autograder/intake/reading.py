"""Who handed in what: files, folders and zips become one `Submission` per student."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import IO

from autograder.course.manifest import PUBLIC_CHECKS, Assignment
from autograder.errors import UsageError
from autograder.intake.archive import CLASS, FILE_CAP, STUDENT, Entry, read_capped, read_folder, read_zip
from autograder.intake.fault import Fault
from autograder.intake.notebook import code_cells
from autograder.intake.program import check_readable, check_size, defines, is_graded
from autograder.intake.submission import File, Submission
from autograder.text import render

__all__ = ["read_submissions"]

SOURCES = (".py", ".ipynb")
FAULTS_SHOWN = 10
DOWNLOADED_AGAIN = re.compile(r" ?\(\d+\)$")
JOINERS = dict.fromkeys((0x200C, 0x200D))  # of Persian and Indic names; other marks that cannot be seen are refused


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


class _Refused(Exception):
    """What stands in the way of reading a path, without its name."""


def _read_path(path: Path, assignment: Assignment) -> list[Submission]:
    suffix = path.suffix.lower()
    try:
        if path.is_dir():
            return _layout(path, _unwrap(path.name, read_folder(path), assignment), assignment)
        if suffix == ".zip":
            with path.open("rb") as stream:
                return _read_zip(path, stream, assignment)
        if suffix not in SOURCES:
            fault = "is no .py, .ipynb or .zip file" if path.exists() else "no such file or folder"
            raise _Refused(f"{fault}; name a submission, or a folder or zip of them")
        file = File(path.name, read_capped(path))
        check_readable(file)
        return [Submission(_student(path.stem), (file,))]
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); correct the path or its permissions") from None
    except Fault as fault:
        raise UsageError(f"{path}: {render(fault.message, 'en')}") from None
    except _Refused as refused:
        raise UsageError(f"{path}: {refused}") from None


def _read_zip(path: Path, stream: IO[bytes], assignment: Assignment) -> list[Submission]:
    submissions = _layout(path, _unwrap(path.stem, read_zip(path.name, stream, CLASS), assignment), assignment)
    if len(submissions) == 1:  # one student's: what is wrong with it is said at once, as with a single file
        read_zip(path.name, stream)
        for file in submissions[0].files:
            check_size(file)
    return submissions


def _unwrap(stem: str, entries: list[Entry], assignment: Assignment) -> list[Entry]:
    """Take off the one folder that packers and downloads put around a class.

    It has the zip's name, but for the number that a browser puts behind it, or there are several folders or zips in it;
    and the module that is graded does not lie in it, or it would be a student's.
    """
    tops = {entry.parts[0] for entry in entries}
    inner = [Entry(entry.parts[1:], entry.data) for entry in entries if len(entry.parts) > 1]
    folders = {entry.parts[0] for entry in inner if len(entry.parts) > 1}
    loose = {entry.parts[0] for entry in inner if len(entry.parts) == 1}
    several = len(folders) + sum(name.lower().endswith(".zip") for name in loose) > 1
    named = any(is_graded(name, assignment) for name in loose)
    if len(tops) != 1 or not inner or not (tops == {DOWNLOADED_AGAIN.sub("", stem)} or (several and not named)):
        return entries
    return [*inner, *(Entry((name,), None) for name in sorted(folders))]


def _layout(path: Path, entries: list[Entry], assignment: Assignment) -> list[Submission]:
    """Tell one student's folder or zip from a class, and divide a class."""
    if any(
        len(entry.parts) == 1 and entry.data is not None and is_graded(entry.parts[0], assignment) for entry in entries
    ):
        if path.is_dir():
            return [_submission(path.resolve().name, _open_zips(entries), assignment)]
        return [_submission(path.stem, entries, assignment)]
    submissions: dict[str, tuple[str, Submission]] = {}
    faults: list[str] = []
    ordered = sorted(entries, key=lambda entry: entry.parts[0])
    for top, group in groupby(ordered, key=lambda entry: entry.parts[0]):
        members = list(group)
        is_folder = any(len(entry.parts) > 1 or entry.data is None for entry in members)
        if not is_folder and top == PUBLIC_CHECKS:
            continue
        name = top if is_folder else Path(top).stem
        try:
            submission = _submission(name, _open_zips(_of_assignment(members, assignment)), assignment)
        except _Refused as refused:
            faults.append(str(refused))
            continue
        earlier, _ = submissions.setdefault(submission.student, (top, submission))
        if earlier != top:
            faults.append(f"two files for one student, {submission.student}: {earlier} and {top}; remove one")
    if faults:
        more = f"; and {len(faults) - FAULTS_SHOWN} more like these" if len(faults) > FAULTS_SHOWN else ""
        raise _Refused("; ".join(faults[:FAULTS_SHOWN]) + more)
    if not submissions:
        raise _Refused("holds no .py, .ipynb or .zip file; name the folder or zip of submissions")
    return [submission for _, submission in submissions.values()]


def _of_assignment(members: list[Entry], assignment: Assignment) -> list[Entry]:
    """Return what is this assignment's where a student has a folder for each and nothing else."""
    own = [entry for entry in members if len(entry.parts) > 2 and entry.parts[1] == assignment.id]
    loose = any(len(entry.parts) == 2 for entry in members)
    return own if own and not loose else members


def _submission(name: str, entries: Iterable[Entry], assignment: Assignment) -> Submission:
    named = ((entry.parts[-1], entry.data) for entry in entries)
    files = [File(name, data) for name, data in named if data is not None and name != PUBLIC_CHECKS]
    student = _student(name)
    return Submission(student, tuple(_one_graded(student, files, assignment)))


def _open_zips(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Put what is in a student's zips in their place, as much as one zip may hold in all of them together; one with a
    fault stays, and the parser says what is wrong with it."""
    room = STUDENT
    for entry in entries:
        name, data = entry.parts[-1], entry.data
        if data is None or len(data) > FILE_CAP or not name.lower().endswith(".zip"):
            yield entry
            continue
        try:
            opened = read_zip(name, io.BytesIO(data), room)
        except Fault:
            yield entry
            continue
        room = replace(room, total=room.total - sum(len(each.data or b"") for each in opened))
        yield from opened


def _one_graded(student: str, files: list[File], assignment: Assignment) -> list[File]:
    """Refuse two files that could both be graded. Copies do not count, nor what is as released beside other work."""
    files = list(dict.fromkeys(files))
    graded = [file for file in files if is_graded(file.name, assignment)]
    if len(files) == 1 or not graded:  # nothing to choose from, so no notebook need be parsed
        return files
    own = [file for file in graded if not _as_released(file, assignment)]
    if len(own) > 1:
        both = f"{own[0].name} and {own[1].name}"
        raise _Refused(f"two files for one student, {student}: {both}; remove one of them")
    others = [file for file in files if not is_graded(file.name, assignment)]
    if not own and any(defines(file, assignment) for file in others):
        return others
    left_out = set(graded) - set((own or graded)[:1])
    return [file for file in files if file not in left_out]


def _as_released(file: File, assignment: Assignment) -> bool:
    path = assignment.folder / file.name
    if not path.is_file():
        return False
    released = File(path.name, path.read_bytes())
    if file.data == released.data or not file.name.lower().endswith(".ipynb"):
        return file.data == released.data
    try:
        return [cell.text for cell in code_cells(file)] == [cell.text for cell in code_cells(released)]
    except Fault:
        return False


def _student(name: str) -> str:
    """Return `name` as the student's, in one Unicode form, or refuse it."""
    student = " ".join(unicodedata.normalize("NFC", name).split())
    if not student.translate(JOINERS).isprintable() or not 0 < len(student) <= 100 or set(student) & {"/", "\\"}:
        raise _Refused(f"{name[:100]!r} cannot be a student's name; rename it (at most 100 characters)")
    return student
