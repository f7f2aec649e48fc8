"""The one hand-written form of an assignment, `solutions/<id>/<id>.py`, read and taken apart.

It is a module that imports (the reference solution), in jupytext's percent format:

- A module docstring before the first ``# %%`` is for readers of the solution and is not released.
- ``# %% [markdown] lang="en"`` and ``lang="zh"``: prose. Without `lang` it goes into both notebooks.
- ``# %%``: code that stub and notebooks share as it stands (imports, constants, helpers given away).
- ``# %% grade_id="ridge" part="ridge"``: graded code. `grade_id` is unique and does not begin with ``test_``; `part` is
  one of the manifest's. Every function that the manifest names is defined at the top level of a cell of its part.
  What stands between lines ``### BEGIN SOLUTION`` and ``### END SOLUTION`` is taken out: inside of a function it gives
  way to ``# YOUR CODE HERE`` and ``raise NotImplementedError``, at column 0 to the comment alone, so that the stub
  imports.
- ``# %% tags=["active-ipynb"]``, every line a comment: demos, plots and checks, live in the notebooks alone. They catch
  what is not yet written.

Docstrings and comments outside of solutions are English and stored once; the prose around them is per language.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from autograder.course.manifest import Assignment, Part
from autograder.course.table import nearest
from autograder.errors import UsageError
from autograder.text import Lang

__all__ = ["SourceCell", "read_source", "solutions", "source_path", "strip_solution"]

LIVE = "active-ipynb"
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
MARKER_LIKE = re.compile(r"(begin|end)\s+solution", re.IGNORECASE)
GRADE_ID = re.compile(r"(?!test_)[A-Za-z0-9_-]{1,64}")  # what nbgrader and notebook cell ids allow
KEYS = ("grade_id", "lang", "part", "tags")
JUPYTEXT_KEYS = ("lines_to_next_cell", "lines_to_end_of_cell_marker")  # its notes on blank lines


@dataclass(frozen=True, slots=True)
class SourceCell:
    """A cell of the source. `text` holds the solution still; `live` code runs in notebooks alone."""

    kind: str  # "markdown" or "code"
    text: str
    lang: Lang | None = None
    grade_id: str | None = None
    part: str | None = None
    live: bool = False


def source_path(assignment: Assignment) -> Path:
    """Return the path of the hand-written source."""
    return assignment.solution / f"{assignment.files[0]}.py"


def read_source(assignment: Assignment) -> tuple[SourceCell, ...]:
    """Return the cells of an assignment's source, validated against its manifest.

    Raises
    ------
    UsageError
        One line that names the file, the cell by its first line, and the remedy.
    """
    import jupytext  # slow to import, and needed by authors alone

    path = source_path(assignment)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error}); an assignment is released from this file") from None
    cells = [_cell(path, cell) for cell in jupytext.reads(text, fmt="py:percent").cells if cell.source.strip()]
    cells = _without_docstring(path, cells)
    seen: set[str] = set()
    for cell in cells:
        _check_cell(path, cell, assignment, seen)
    for part in assignment.parts:
        _check_part(path, part, cells)
    return tuple(cells)


def strip_solution(text: str) -> str:
    """Return code as students get it: each solution replaced by a comment, and inside of functions by a raise.

    Raises
    ------
    ValueError
        If the markers are not in pairs, or a line is nearly one.
    """
    kept: list[str] = []
    for inside, line in _marked(text):
        indent = line[: len(line) - len(line.lstrip())]
        if line.strip() == BEGIN:
            kept.append(f"{indent}# YOUR CODE HERE")
            if indent:
                kept.append(f"{indent}raise NotImplementedError")
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def solutions(text: str) -> list[list[str]]:
    """Return the lines of each solution in `text`, stripped, without empty ones. Same errors as `strip_solution`."""
    found: list[list[str]] = []
    for inside, line in _marked(text):
        if line.strip() == BEGIN:
            found.append([])
        elif inside and line.strip() not in ("", END):
            found[-1].append(line.strip())
    return found


def _marked(text: str) -> list[tuple[bool, str]]:
    """Return each line with whether it belongs to a solution, its markers included."""
    lines: list[tuple[bool, str]] = []
    inside = False
    for line in text.split("\n"):
        mark = line.strip()
        if mark not in (BEGIN, END):
            if MARKER_LIKE.search(line):
                raise ValueError(f"{mark!r} is no marker; write {BEGIN!r} or {END!r} on a line of its own")
            lines.append((inside, line))
            continue
        if inside == (mark == BEGIN):
            raise ValueError(f"{mark!r} without its partner; the markers stand in pairs, not nested")
        lines.append((True, line))
        inside = mark == BEGIN
    if inside:
        raise ValueError(f"{BEGIN!r} without its partner; add a line {END!r}")
    return lines


def _cell(path: Path, cell: Any) -> SourceCell:
    metadata = {key: value for key, value in cell.metadata.items() if key not in JUPYTEXT_KEYS}
    tags = metadata.get("tags", [])
    made = SourceCell(
        kind=cell.cell_type,
        text=cell.source,
        lang=metadata.get("lang"),
        grade_id=metadata.get("grade_id"),
        part=metadata.get("part"),
        live=tags == [LIVE],
    )
    for key in metadata:
        if key not in KEYS:
            _refuse(path, made, f"unknown metadata {key!r}{nearest(key, KEYS)}; known: {', '.join(KEYS)}")
    if tags not in ([], [LIVE]):
        _refuse(path, made, f'tags are {tags!r}; the one known tag is "{LIVE}"')
    return made


def _refuse(path: Path, cell: SourceCell, fault: str) -> None:
    first = cell.text.strip().split("\n")[0]
    raise UsageError(f"{path}: cell beginning {first!r}: {fault}")


def _without_docstring(path: Path, cells: list[SourceCell]) -> list[SourceCell]:
    if not cells or cells[0].kind != "code" or cells[0].grade_id is not None:
        return cells
    statements = _statements(path, cells[0])
    if not statements or not (isinstance(statements[0], ast.Expr) and isinstance(statements[0].value, ast.Constant)):
        return cells
    if len(statements) > 1:
        _refuse(path, cells[0], "the module docstring is not released, and code stands behind it; put `# %%` between")
    return cells[1:]


def _statements(path: Path, cell: SourceCell) -> list[ast.stmt]:
    try:
        return ast.parse(cell.text).body
    except SyntaxError as error:
        return cast("list[ast.stmt]", _refuse(path, cell, f"{error.msg} in its line {error.lineno}; correct it"))


def _check_cell(path: Path, cell: SourceCell, assignment: Assignment, seen: set[str]) -> None:
    """Refuse a cell whose metadata contradict each other, its text, or the manifest."""
    marked = MARKER_LIKE.search(cell.text) is not None
    if cell.kind not in ("markdown", "code"):
        _refuse(path, cell, f"is {cell.kind}; use [markdown] or code")
    if cell.kind == "markdown":
        if cell.lang not in (None, "en", "zh"):
            _refuse(path, cell, f'lang is {cell.lang!r}; use lang="en" or lang="zh"')
        if marked or cell.grade_id is not None or cell.part is not None or cell.live:
            _refuse(path, cell, "is prose; solutions, grade_id, part and tags belong to code cells")
        return
    if cell.lang is not None:
        _refuse(path, cell, "code is stored once for all languages; remove lang")
    if cell.grade_id is None:
        if marked or cell.part is not None:
            _refuse(path, cell, 'holds graded code; add grade_id="..." part="..." to its `# %%` line')
        return
    if not GRADE_ID.fullmatch(cell.grade_id):
        _refuse(path, cell, f"grade_id {cell.grade_id!r}; use letters, digits, _ and -, and do not begin with test_")
    if cell.grade_id in seen:
        _refuse(path, cell, f"grade_id {cell.grade_id!r} stands there twice; rename one")
    seen.add(cell.grade_id)
    parts = tuple(part.id for part in assignment.parts)
    if cell.part not in parts or cell.live:
        _refuse(path, cell, f"graded code needs no tags and one part of: {', '.join(parts)}; it has {cell.part!r}")
    try:
        strip_solution(cell.text)
    except ValueError as error:
        _refuse(path, cell, str(error))


def _check_part(path: Path, part: Part, cells: list[SourceCell]) -> None:
    """Refuse a part whose functions are not all defined in its cells, before and after stripping."""
    defined: set[str] = set()
    for cell in cells:
        if cell.part == part.id:
            bare = replace(cell, text=strip_solution(cell.text))
            _statements(path, cell)
            kinds = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
            defined |= {node.name for node in _statements(path, bare) if isinstance(node, kinds)}
    for name in part.functions:
        if name not in defined:
            raise UsageError(f"{path}: no cell with part={part.id!r} defines {name}; add it, or correct the manifest")
