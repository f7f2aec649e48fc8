"""One source becomes the stub and both notebooks, always the same bytes for the same source."""

from __future__ import annotations

import hashlib
import json
import os
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.course.manifest import Assignment, Course, Part
from autograder.course.source import LIVE, SourceCell, read_source, solutions, strip_solution
from autograder.errors import UsageError
from autograder.text import Lang
from autograder.text.templates_course import TEMPLATES, ZH

__all__ = ["check_release", "find_leak", "generate", "release", "words"]

Json = dict[str, Any]


def release(course: Course, assignment: Assignment) -> list[Path]:
    """Write stub and notebooks from the assignment's source; return those that changed, relative to the course.

    All are made before the first is written, and each is written beside its place and renamed.

    Raises
    ------
    UsageError
        If the source is not valid (see `autograder.course.source`).
    """
    changed: list[Path] = []
    for name, text in generate(assignment).items():
        path = assignment.folder / name
        if _read(path) != text.encode():
            fresh = path.with_name(f".{name}.new")
            fresh.write_bytes(text.encode())
            os.replace(fresh, path)
            changed.append(path.relative_to(course.root))
    return changed


def check_release(course: Course, assignment: Assignment) -> list[Path]:
    """Return the released files, relative to the course, that are missing or differ from what the source gives."""
    paths = {assignment.folder / name: text for name, text in generate(assignment).items()}
    return [path.relative_to(course.root) for path, text in paths.items() if _read(path) != text.encode()]


def generate(assignment: Assignment) -> dict[str, str]:
    """Return file name -> content of all that is made from the source."""
    cells = read_source(assignment)
    name = assignment.files[0]
    made = {
        f"{name}.py": _stub(assignment, cells),
        f"{name}.ipynb": _notebook(assignment, cells, "en"),
        f"{name}.zh.ipynb": _notebook(assignment, cells, "zh"),
    }
    for file, text in made.items():
        plain = text if file.endswith(".py") else "\n".join(_sources(text))
        leaked = find_leak(cells, plain, run=1)
        if leaked is not None:
            raise AssertionError(f"{file}: the solution is in it: {leaked!r}")
    return made


def find_leak(cells: Sequence[SourceCell], text: str, *, run: int) -> str | None:
    """Return the first of `run` lines in a row that a solution and `text` share, or None.

    Lines that the source gives away elsewhere do not count, nor do runs of fewer than 12 characters (``return loss``).
    A solution shorter than `run` lines counts as a whole.
    """
    public = {line.strip() for cell in cells for line in strip_solution(cell.text).split("\n")}
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    blocks = [block for cell in cells for block in solutions(cell.text)]
    for block in blocks:
        size = max(1, min(run, len(block)))
        for start in range(len(block) - size + 1):
            piece = block[start : start + size]
            if len("".join(piece)) < 12 or all(line in public for line in piece):
                continue
            if any(lines[i : i + size] == piece for i in range(len(lines) - size + 1)):
                return piece[0]
    return None


def words(key: str, lang: Lang, **values: str) -> str:
    """Return words that are written into a file."""
    return (ZH if lang == "zh" else TEMPLATES)[key].format(**values)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _sources(notebook: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(notebook)["cells"]]


def _stub(assignment: Assignment, cells: Sequence[SourceCell]) -> str:
    title = f"{assignment.title.en} / {assignment.title.zh}".replace("\\", "\\\\").replace('"', '\\"')
    docstring = f'"""{title}\n\n{words("course.stub", "en")}\n{words("course.stub", "zh")}\n"""'
    code = [strip_solution(cell.text).strip("\n") for cell in cells if cell.kind == "code" and not cell.live]
    # One blank line before the imports, two between definitions.
    text = f"{docstring}\n\n" + "\n\n\n".join(code) + "\n"
    try:
        compile(text, f"{assignment.files[0]}.py", "exec")
    except SyntaxError as error:
        raise UsageError(f"{assignment.solution}: the stub would not import: {error}; correct the source") from None
    return text


def _notebook(assignment: Assignment, cells: Sequence[SourceCell], lang: Lang) -> str:
    made: list[Json] = []
    last = {cell.part: position for position, cell in enumerate(cells) if cell.part is not None}
    parts = {part.id: part for part in assignment.parts}
    for position, cell in enumerate(cells):
        if cell.lang in (None, lang):
            made.append(_notebook_cell(cell, position))
        if cell.part is not None and last[cell.part] == position:
            made.append(_check_cell(assignment, parts[cell.part], lang))
    comment = words("course.check_all", lang, points=f"{assignment.points:g}")
    made.append(_json_cell("code", "check-all", {"tags": [LIVE]}, _check_call(comment, assignment.files[0], lang)))
    notebook = {
        "cells": made,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _notebook_cell(cell: SourceCell, position: int) -> Json:
    if cell.kind == "markdown":
        return _json_cell("markdown", _cell_id(cell, position), {}, cell.text)
    if cell.grade_id is not None:
        nbgrader = {"grade": False, "solution": True, "locked": False}
        return _graded_cell(cell.grade_id, nbgrader, strip_solution(cell.text))
    return _json_cell("code", _cell_id(cell, position), {"tags": [LIVE]} if cell.live else {}, cell.text)


def _check_cell(assignment: Assignment, part: Part, lang: Lang) -> Json:
    """Return the locked cell that carries a part's points; it does nothing when graded."""
    points: float | int = int(part.points) if part.points == int(part.points) else part.points
    nbgrader = {"grade": True, "solution": False, "locked": True, "points": points}
    comment = words("course.check_cell", lang, title=part.title.get(lang), points=f"{part.points:g}")
    return _graded_cell(f"test_{part.id}", nbgrader, _check_call(comment, assignment.files[0], lang, part.id))


def _check_call(comment: str, name: str, lang: Lang, part: str | None = None) -> str:
    arguments = [f'"{name}"', *([f'part="{part}"'] if part else []), f'lang="{lang}"']
    # The import stands in each cell: whichever is run first after a restart works.
    return f"{textwrap.indent(comment, '# ')}\nfrom autograder import check\n\ncheck({', '.join(arguments)})"


def _graded_cell(grade_id: str, nbgrader: Json, text: str) -> Json:
    metadata = {"nbgrader": {**nbgrader, "grade_id": grade_id, "task": False, "schema_version": 3}}
    return _json_cell("code", grade_id[:64], metadata, text)


def _cell_id(cell: SourceCell, position: int) -> str:
    return f"{position:03d}-{hashlib.sha256(cell.text.encode()).hexdigest()[:8]}"


def _json_cell(kind: str, cell_id: str, metadata: Json, text: str) -> Json:
    cell: Json = {"cell_type": kind, "id": cell_id, "metadata": metadata, "source": text.splitlines(keepends=True)}
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}
