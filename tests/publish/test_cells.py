"""Submitted notebooks made whole again, whatever was done to them."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest

from autograder.publish.nbgrader.cells import given_ids, part_points, restore
from autograder.publish.nbgrader.comments import cell_comments
from autograder.publish.nbgrader.released import Released, ReleasedCell
from autograder.records import Diagnosis, Status
from autograder.text import Bilingual
from tests.report.samples import assignment, check, result

STUB = "def ridge(): ..."
TEST = "check('ridge')"


def released_cell(name: str, source: str, *, grade: bool) -> ReleasedCell:
    points = 10.0 if grade else None
    return ReleasedCell(name, "code", source, "0" * 32, grade, grade, not grade, False, points)


RELEASED = Released(
    "ridge",
    {
        "ridge": released_cell("ridge", STUB, grade=False),
        "test_ridge": released_cell("test_ridge", TEST, grade=True),
        "loss": released_cell("loss", STUB, grade=False),
        "test_loss": released_cell("test_loss", TEST, grade=True),
    },
    {"name": "python3", "display_name": "Python 3"},
)


def cell(source: object, name: str | None = None, **more: Any) -> dict[str, Any]:
    metadata = {} if name is None else {"nbgrader": {"grade_id": name, "points": 1000, "solution": True}}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [{"forged": 1}], **more}


def shape(cells: list[Any]) -> list[tuple[str | None, str]]:
    """Return the grade id and the source of each cell of the restored notebook, which is a valid one."""
    notebook = restore(cells, RELEASED)
    nbformat.validate(notebook)
    return [(each.metadata.get("nbgrader", {}).get("grade_id"), each.source) for each in notebook.cells]


WHOLE = [("ridge", "mine"), ("test_ridge", TEST), ("loss", "mine"), ("test_loss", TEST)]


def test_released_cells_are_as_they_were_released() -> None:
    handed_in = [cell("mine", "ridge"), cell("10.0", "test_ridge"), cell("mine", "loss"), cell("", "test_loss")]
    assert shape(handed_in) == WHOLE
    for restored in restore(handed_in, RELEASED).cells:
        name = restored.metadata["nbgrader"]["grade_id"]
        assert restored.metadata["nbgrader"] == RELEASED.cells[name].metadata()
        assert restored.outputs == []


@pytest.mark.parametrize("gone", [{"test_ridge"}, {"test_ridge", "ridge"}, {"test_ridge", "test_loss"}, {"test_loss"}])
def test_graded_cells_that_are_gone_come_back_in_their_places(gone: set[str]) -> None:
    handed_in = [cell(source, name) for name, source in WHOLE if name not in gone]
    assert shape(handed_in) == [pair for pair in WHOLE if pair[0] not in gone - {"test_ridge", "test_loss"}]


def test_cells_without_metadata_have_the_grade_cells_before_them() -> None:
    assert shape([cell("mine")]) == [("test_ridge", TEST), ("test_loss", TEST), (None, "mine")]


def test_of_copies_the_last_counts() -> None:
    handed_in = [cell("first", "ridge"), cell("forged", "test_ridge"), cell("last", "ridge"), cell("", "test_ridge")]
    assert shape(handed_in)[:4] == [(None, "first"), (None, "forged"), ("ridge", "last"), ("test_ridge", TEST)]


def test_order_is_the_students() -> None:
    names = ["test_loss", "loss", "test_ridge", "ridge"]
    assert [name for name, _ in shape([cell("mine", name) for name in names])] == names


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "a cell",
        [],
        {},
        {"cell_type": "code", "metadata": "none", "source": None},
        {"cell_type": 7, "metadata": {"nbgrader": []}, "source": {"a": 1}},
        {"cell_type": "markdown", "metadata": {"nbgrader": {"grade_id": ["ridge"]}}, "source": ["a", 1, "b"]},
        {"cell_type": "markdown", "source": "![](attachment:a)", "attachments": {"a": "not a bundle"}},
        {"cell_type": "code", "metadata": {}, "source": "\ud800", "id": "no id at all"},
        cell("x", "unknown_id", id="ridge"),
    ],
)
def test_odd_cell_leaves_a_valid_notebook(odd: object) -> None:
    shown = shape([cell("mine", "ridge", id="ridge"), odd, cell("", "test_ridge", id="ridge")])
    assert shown[0] == ("ridge", "mine")
    assert [name for name, _ in shown if name] == ["ridge", "test_ridge", "test_loss"]


def test_picture_in_prose_stays() -> None:
    prose = {"cell_type": "markdown", "source": "", "attachments": {"a.png": {"image/png": "iVBORw0="}}}
    assert restore([prose], RELEASED).cells[-1].attachments == prose["attachments"]


def test_given_ids_are_those_that_are_text() -> None:
    assert given_ids([cell("", "ridge"), cell(""), {"metadata": {"nbgrader": {"grade_id": 1}}}, "?"]) == ["ridge"]


def test_points_of_a_part_are_its_checks_within_its_own() -> None:
    part = assignment().parts[0]
    some = result(check(part=part.id, points=1.5, max_points=2), check(part=part.id, points=-3, max_points=2))
    assert part_points(some, assignment())[part.id] == 0
    many = result(check(part=part.id, points=part.points + 5, max_points=part.points + 5))
    assert part_points(many, assignment())[part.id] == part.points
    assert all(type(points) is float for points in part_points(many, assignment()).values())


def test_comment_names_a_mistake_once_and_holds_no_students_words() -> None:
    part = assignment().parts[0].id
    known = Diagnosis("wrong_sign", Bilingual("The sign is wrong.", "符号错了。"), Bilingual("Look.", "看。"))
    failed = [check(Status.FAILED, part=part, diagnosis=known, output="<script>") for _ in range(3)]
    more = [check(Status.FAILED, part=part, hidden=True, title=Bilingual(f"Title {i}", f"标题 {i}")) for i in range(9)]
    text = cell_comments(result(*failed, *more), assignment(), {"cell": part}, "en")["cell"]
    assert text is not None and text.count("The sign is wrong.") == 1 and "(checks: 3)" in text
    assert "Title 3" in text and "Title 4" not in text and "- and 5 more" in text
    assert "script" not in text
    chinese = cell_comments(result(*failed), assignment(), {"cell": part}, "zh")["cell"]
    assert chinese is not None and "符号错了。（测试：3 项）" in chinese


def test_part_with_nothing_to_say_has_no_comment() -> None:
    part = assignment().parts[0].id
    assert cell_comments(result(check(part=part)), assignment(), {"cell": part}, "en") == {"cell": None}
