"""A submission becomes a program: modules and cells that parse, and what is to be said about the rest."""

from __future__ import annotations

import io
import os
import re

from autograder.course.manifest import Assignment
from autograder.intake.archive import FILE_CAP, read_zip
from autograder.intake.fault import Fault
from autograder.intake.notebook import MAGIC_WORK, NotebookCell, code_cells, magic_work, plain_source
from autograder.intake.source import SOURCE_CAP, check_syntax, decode
from autograder.intake.submission import Cell, File, Module, Program, Submission
from autograder.text import Message

__all__ = ["check_readable", "check_size", "defines", "is_graded", "parse_submission"]

PROBLEMS_SHOWN = 20
PROGRAM_CAP = 2 * SOURCE_CAP  # characters of all modules together


def is_graded(name: str, assignment: Assignment) -> bool:
    """Say whether a file's name is that of the graded module, in one of its three forms."""
    return os.path.splitext(name)[1].lower() in (".py", ".ipynb") and _stem(name) == assignment.files[0]


def defines(file: File, assignment: Assignment) -> bool:
    """Say whether a file looks like work on the assignment: by its bytes, some function asked for is defined there."""
    names = "|".join(re.escape(name) for part in assignment.parts for name in part.functions)
    return names != "" and re.search(rf"\b(?:def|class) +(?:{names})\b".encode(), file.data) is not None


def check_readable(file: File) -> None:
    """Raise `Fault` if the file is not text or not a notebook. Syntax errors are no fault in this sense."""
    check_size(file)
    if file.name.lower().endswith(".ipynb"):
        code_cells(file)
    else:
        decode(file)


def parse_submission(submission: Submission, assignment: Assignment) -> Program:
    """Return the submission made ready for a worker. Never raises for a student's fault: those become problems.

    Without a graded module that could be read, `modules` is empty. A module that does not parse has no cells; a
    notebook's cell that does not parse is left out, and the others stay.
    """
    problems: list[Message] = []
    sources: list[File] = []
    for file in submission.files:
        if file.name.lower().endswith(".zip"):
            problems.append(_zip_problem(file))
        else:
            sources.append(file)
    graded = _graded(sources, assignment)
    if graded is None:
        names = ", ".join(file.name for file in sources)
        values = {"files": names, "name": assignment.files[0]}
        problems.append(Message("intake.which", values) if sources else Message("intake.no_file"))
        return Program((), _shortened(problems))
    modules: dict[str, Module] = {}
    room = PROGRAM_CAP
    for file in [graded, *(file for file in sources if file is not graded)]:
        name = assignment.files[0] if file is graded else _stem(file.name)
        if not name.isidentifier():  # no import statement can reach it
            continue
        if name in modules:
            problems.append(Message("intake.twice", {"file": file.name}))
            continue
        module = _module(name, file, assignment, problems)
        if module is None and file is graded:
            return Program((), _shortened(problems))
        if module is None:
            continue
        room -= sum(len(cell.source) for cell in module.cells)
        if room < 0:  # never of the first, which is the graded one
            problems.append(Message("intake.code_large", {"file": file.name, "limit": f"{PROGRAM_CAP >> 10} KiB"}))
            break
        modules[name] = module
    return Program(tuple(modules.values()), _shortened(problems))


def check_size(file: File) -> None:
    """Raise `Fault` if the file is larger than is read."""
    if len(file.data) > FILE_CAP:
        raise Fault("intake.large", file=file.name, limit=f"{FILE_CAP >> 20} MiB")


def _stem(name: str) -> str:
    return os.path.splitext(os.path.basename(name))[0].removesuffix(".zh")  # the Chinese notebook is the same module


def _graded(sources: list[File], assignment: Assignment) -> File | None:
    named = [file for file in sources if is_graded(file.name, assignment)]
    if named or len(sources) == 1:
        return (named or sources)[0]
    work = [file for file in sources if defines(file, assignment)]
    return work[0] if len(work) == 1 else None


def _zip_problem(file: File) -> Message:
    try:
        check_size(file)
        read_zip(file.name, io.BytesIO(file.data))
    except Fault as fault:
        return fault.message
    return Message("intake.zip_nested", {"file": file.name})


def _module(name: str, file: File, assignment: Assignment, problems: list[Message]) -> Module | None:
    try:
        check_size(file)
        if file.name.lower().endswith(".ipynb"):
            is_main = name == assignment.files[0]
            return Module(name, file.name, _notebook_cells(file, _expected(assignment) if is_main else (), problems))
        source = decode(file)
    except Fault as fault:
        problems.append(fault.message)
        return None
    wrong = check_syntax(source)
    if wrong is not None and 0 < magic_work(source) <= MAGIC_WORK:  # pasted from a notebook, with its magics
        source = plain_source(source)
        wrong = check_syntax(source)
    if wrong is None:
        return Module(name, file.name, (Cell(None, source),))
    values = {"file": file.name, "line": wrong.line, "text": wrong.text}
    problems.append(Message("intake.deep" if wrong.line is None else "intake.syntax", values))
    return Module(name, file.name, ())


def _notebook_cells(file: File, expected: tuple[str, ...], problems: list[Message]) -> tuple[Cell, ...]:
    found = code_cells(file)
    _report_copies(file, found, expected, problems)
    counted = [cell for cell in found if cell.counts]
    if sum(len(cell.text or "") for cell in counted) > SOURCE_CAP:
        raise Fault("intake.code_large", file=file.name, limit=f"{SOURCE_CAP >> 10} KiB")
    cells: list[Cell] = []
    work = MAGIC_WORK
    for cell in counted:
        if cell.text is None or "\0" in cell.text:
            problems.append(_cell_message("intake.cell_malformed", file, cell))
            continue
        source, wrong = cell.text, check_syntax(cell.text)
        if wrong is not None:
            work -= magic_work(cell.text)
            if work < 0:
                problems.append(_cell_message("intake.cell_magics", file, cell))
                continue
            source = plain_source(cell.text)
            wrong = check_syntax(source)
        if wrong is None:
            cells.append(Cell(cell.number, source))
        elif wrong.line is None:
            problems.append(_cell_message("intake.cell_deep", file, cell))
        else:
            problems.append(_cell_message("intake.cell_syntax", file, cell, line=wrong.line, text=wrong.text))
    return tuple(cells)


def _cell_message(key: str, file: File, cell: NotebookCell, **values: str | int) -> Message:
    return Message(key, {"file": file.name, "cell": cell.number, **values})


def _report_copies(file: File, found: list[NotebookCell], expected: tuple[str, ...], problems: list[Message]) -> None:
    """Report cells that are there twice, and released ones that are gone (not to who wrote a notebook of his own)."""
    seen: set[str] = set()
    for cell in found:
        if cell.grade_id is not None and cell.counts:
            if cell.grade_id in seen:
                problems.append(_cell_message("intake.cell_copied", file, cell, grade_id=cell.grade_id[:80]))
            seen.add(cell.grade_id)
    for grade_id in expected if any(cell.grade_id is not None for cell in found) else ():
        if grade_id not in seen:
            problems.append(Message("intake.cell_missing", {"file": file.name, "grade_id": grade_id}))


def _expected(assignment: Assignment) -> tuple[str, ...]:
    """Return the grade ids of the solution cells of the released notebook, none where there is no such notebook."""
    path = assignment.folder / f"{assignment.files[0]}.ipynb"
    if not path.is_file():
        return ()
    cells = code_cells(File(path.name, path.read_bytes()))
    return tuple(cell.grade_id for cell in cells if cell.grade_id is not None and cell.counts)


def _shortened(problems: list[Message]) -> tuple[Message, ...]:
    """Return the problems, of each kind no more than a person would read."""
    kept: list[Message] = []
    for key in dict.fromkeys(problem.key for problem in problems):
        kind = [problem for problem in problems if problem.key == key]
        kept += kind[:PROBLEMS_SHOWN]
        if len(kind) > PROBLEMS_SHOWN:
            kept.append(Message("intake.more", {"count": len(kind) - PROBLEMS_SHOWN}))
    return tuple(kept)
