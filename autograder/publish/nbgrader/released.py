"""The released notebook as the gradebook keeps it, and whether it is one of our assignment's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.course import Assignment
from autograder.errors import UsageError

__all__ = ["Released", "ReleasedCell", "grade_cell", "read_released"]

SCHEMA_VERSION = 3  # of nbgrader's cell metadata


def grade_cell(part: str) -> str:
    """Return the grade id of the cell that carries a part's points."""
    return f"test_{part}"


@dataclass(frozen=True, slots=True)
class ReleasedCell:
    """A cell that nbgrader knows: what it held when it was released, and what it is for."""

    name: str
    kind: str  # "code" or "markdown"
    source: str
    checksum: str | None
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float | None  # of a cell that is graded

    def metadata(self) -> dict[str, Any]:
        """Return the metadata as nbgrader writes it."""
        points = {} if self.points is None else {"points": self.points}
        return {
            "schema_version": SCHEMA_VERSION,
            "grade_id": self.name,
            "cell_type": self.kind,
            "checksum": self.checksum,
            "grade": self.grade,
            "locked": self.locked,
            "solution": self.solution,
            "task": self.task,
            **points,
        }


@dataclass(frozen=True, slots=True)
class Released:
    """A released notebook's name, its cells in their order, and its kernel."""

    name: str
    cells: Mapping[str, ReleasedCell]
    kernelspec: Mapping[str, Any]


def read_released(notebook: Any, assignment: Assignment) -> Released:
    """Return what the gradebook keeps of a released notebook.

    Parameters
    ----------
    notebook : nbgrader.api.Notebook
    assignment : Assignment

    Raises
    ------
    UsageError
        If the points of its grade cells are not those of the assignment's parts, or a code cell is graded that is none
        of ours: nbgrader would give it all points, as nothing runs it.
    """
    points = {cell.name: float(cell.max_score) for cell in (*notebook.grade_cells, *notebook.task_cells)}
    grades = {cell.name: cell for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name for cell in notebook.task_cells}
    cells = {
        cell.name: ReleasedCell(
            name=cell.name,
            kind=cell.cell_type,
            source=cell.source or "",
            checksum=cell.checksum,
            locked=bool(cell.locked),
            grade=cell.name in grades,
            solution=cell.name in solutions,
            task=cell.name in tasks,
            points=points.get(cell.name),
        )
        for cell in notebook.source_cells
    }
    released = Released(notebook.name, cells, json.loads(notebook.kernelspec or "{}"))
    _check(released, assignment)
    return released


def _check(released: Released, assignment: Assignment) -> None:
    remedy = (
        f"lay the course out anew (autograder nbgrader init), then run nbgrader generate_assignment {assignment.id}"
    )
    ours = {grade_cell(part.id): part.points for part in assignment.parts}
    if released.name == assignment.files[0]:
        for name, points in ours.items():
            cell = released.cells.get(name)
            if cell is None or not cell.grade or cell.points != points:
                found = "is missing" if cell is None else f"is worth {cell.points or 0:g} points, not {points:g}"
                raise UsageError(
                    f"gradebook: in {assignment.id}/{released.name}, the grade cell {name} {found}; {remedy}"
                )
    for cell in released.cells.values():
        own = released.name == assignment.files[0] and cell.name in ours
        if cell.kind == "code" and cell.grade and not cell.solution and not own:
            raise UsageError(
                f"gradebook: in {assignment.id}/{released.name}, nothing grades the code cell {cell.name}; make it a "
                "manually graded cell or take it out of source/, then run nbgrader generate_assignment again"
            )
