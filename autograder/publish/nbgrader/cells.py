"""What is done to a submitted notebook: its released cells restored, our verdicts put under them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from nbformat import NotebookNode, from_dict

from autograder.course import Assignment
from autograder.publish.nbgrader.released import Released, grade_cell
from autograder.records import Result
from autograder.report import feedback_html, number
from autograder.text import Lang

__all__ = ["given_ids", "part_points", "restore", "write_verdicts"]

Cell = dict[str, Any]
KINDS = ("code", "markdown", "raw")
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def part_points(result: Result, assignment: Assignment) -> dict[str, float]:
    """Return what each part earned, within [0, its points]: more is an error to nbgrader, and less is full marks."""
    earned = {
        part.id: sum(check.points for check in result.checks if check.part == part.id) for part in assignment.parts
    }
    return {part.id: min(max(float(earned[part.id]), 0.0), float(part.points)) for part in assignment.parts}


def given_ids(cells: Sequence[Any]) -> list[str]:
    """Return the grade ids that the cells of a notebook claim to have."""
    return [name for cell in cells if (name := _grade_id(cell)) is not None]


def restore(cells: Sequence[Any], released: Released) -> NotebookNode:
    """Return a notebook of `cells` in which each released cell is what it was released as, and is there once.

    Whatever was done to the metadata is undone. Of copies, the last one keeps its name, as the last definition counts;
    the others stay as cells of the student's own. A locked cell holds again what it held, a graded one that is missing
    comes back behind what stands before it. Outputs are dropped: they are the student's word.

    Parameters
    ----------
    cells : sequence of dict
        As they were handed in; they need not be valid.
    released : Released
    """
    last = {name: position for position, cell in enumerate(cells) if (name := _grade_id(cell)) in released.cells}
    names = {position: name for name, position in last.items()}
    ids: set[str] = set()
    made = [_cell(cell, names.get(i), released, ids) for i, cell in enumerate(cells) if isinstance(cell, Mapping)]
    _add_missing(made, released)
    metadata = {"kernelspec": dict(released.kernelspec), "language_info": {"name": "python"}}
    # Not by nbformat's makers, which validate every cell: half of the time that a class takes.
    return from_dict({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def _grade_id(cell: Any) -> str | None:
    """Return the grade id in a cell's metadata, whatever else is in them."""
    for key in ("metadata", "nbgrader", "grade_id"):
        cell = cell.get(key) if isinstance(cell, Mapping) else None
    return cell if isinstance(cell, str) else None


def _cell(cell: Mapping[str, Any], name: str | None, released: Released, ids: set[str]) -> Cell:
    known = None if name is None else released.cells[name]
    kind = cell.get("cell_type") if known is None else known.kind
    kind = kind if kind in KINDS else "raw"
    source = _text(cell.get("source")) if known is None or not known.locked else known.source
    made: Cell = {"cell_type": kind, "id": _new_id(cell.get("id"), ids), "metadata": {}, "source": source}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    if kind == "markdown" and _pictures(cell.get("attachments")):
        made["attachments"] = cell["attachments"]
    if known is not None:
        made["metadata"]["nbgrader"] = known.metadata()
    return made


def _new_id(given: object, ids: set[str]) -> str:
    """Return the id that a cell was given, or another where it has none or one that is taken; it is in `ids` then."""
    taken = not isinstance(given, str) or not CELL_ID.fullmatch(given) or given in ids
    made = next(name for i in count() if (name := f"restored-{i}") not in ids) if taken else str(given)
    ids.add(made)
    return made


def _text(source: object) -> str:
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    return text.encode("utf-8", "replace").decode()  # half of a surrogate pair cannot be written to a file


def _pictures(attachments: object) -> bool:
    """Return whether these are pictures pasted into prose, in the form that a notebook has them."""
    return isinstance(attachments, Mapping) and all(
        isinstance(bundle, Mapping) and all(isinstance(data, str) for data in bundle.values())
        for bundle in attachments.values()
    )


def _add_missing(made: list[Cell], released: Released) -> None:
    """Put graded cells that are gone behind the nearest released cell before them; at the start where there is none."""
    places = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in made if "nbgrader" in cell["metadata"]}
    before: Cell | None = None
    for name, known in released.cells.items():
        if name not in places and (known.grade or known.task):
            place = 0 if before is None else next(i for i, cell in enumerate(made, 1) if cell is before)
            cell = {"cell_type": known.kind, "source": known.source, "metadata": {"nbgrader": {"grade_id": name}}}
            made.insert(place, _cell(cell, name, released, {each["id"] for each in made}))
            places[name] = made[place]
        before = places.get(name, before)


def write_verdicts(notebook: NotebookNode, result: Result, assignment: Assignment, lang: Lang) -> None:
    """Put under each part's grade cell our feedback on it, as the student may see it, and its points as the value.

    nbgrader takes the number from the value alone: a cell without outputs has full marks there.
    """
    parts = {grade_cell(part.id): part.id for part in assignment.parts}
    points = part_points(result, assignment)
    for cell in notebook.cells:
        part = parts.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if part is not None:
            cell.outputs = list(_outputs(feedback_html(result, assignment, lang, parts=(part,)), points[part]))


def _outputs(html: str, points: float) -> Iterable[NotebookNode]:
    shown = {"text/html": html, "text/plain": number(points)}
    yield from_dict({"output_type": "display_data", "metadata": {}, "data": shown})
    value = {"text/plain": repr(points)}
    yield from_dict({"output_type": "execute_result", "metadata": {}, "data": value, "execution_count": None})
