"""Released notebooks from top to bottom in a real kernel: untouched, and solved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.course import Assignment, find_course, load_assignment
from autograder.report.mime import MIME_TYPE
from autograder.text import Lang
from tests.notebook.conftest import ROOT
from tests.notebook.jupyter import bundles, execute, printed, read_notebook, solve

pytest.importorskip("matplotlib", reason="the notebooks' plots need matplotlib")
COURSE = find_course(ROOT)
SUFFIX: dict[Lang, str] = {"en": "", "zh": ".zh"}
NOT_WRITTEN = {"en": "not written yet", "zh": "还没有写"}
NOTHING = {"en": "no public checks", "zh": "没有公开测试"}
PASSED = {"en": "passed", "zh": "通过"}
WITHOUT_CHECKS = [("conv", "gpu")]  # what runs on a device is tried where there is one
# A kernel each. One Chinese notebook runs every day; the cells of the others differ from the English in prose alone.
DAILY = [*((name, "en") for name in COURSE.assignments()), ("irls", "zh")]
RARELY = [(name, "zh") for name in COURSE.assignments() if name != "irls"]


def released(handout: Path, name: str, lang: Lang) -> tuple[Any, Assignment]:
    if name == "conv":
        pytest.importorskip("torch", reason="conv imports torch")
    return read_notebook(handout / name / f"{name}{SUFFIX[lang]}.ipynb"), load_assignment(COURSE, name)


def verdicts(notebook: Any) -> dict[str, Any]:
    """Return what each check cell displayed, by the cell's id; one picture a cell."""
    checks = [cell for cell in notebook["cells"] if cell["id"].startswith("test_") or cell["id"] == "check-all"]
    shown = {cell["id"]: bundles(cell) for cell in checks}
    assert {len(pictures) for pictures in shown.values()} == {1}
    return {name: pictures[0] for name, pictures in shown.items()}


@pytest.mark.parametrize(
    ("name", "lang"), [*DAILY, *(pytest.param(*case, marks=pytest.mark.browser) for case in RARELY)]
)
def test_untouched_notebook_runs_and_says_what_is_not_written(handout: Path, name: str, lang: Lang) -> None:
    notebook, assignment = released(handout, name, lang)
    ran = execute(notebook, handout / name)
    assert printed(ran, "stderr") == ""
    assert "Traceback" not in printed(ran, "stdout")
    pictures = [
        data for cell in ran.cells for data in bundles(cell) if cell.cell_type == "code" and "image/png" in data
    ]
    assert not pictures, "a plot of nothing"
    shown = verdicts(ran)
    assert shown.keys() == {f"test_{part.id}" for part in assignment.parts} | {"check-all"}
    for cell, data in shown.items():
        said = NOTHING if (name, cell.removeprefix("test_")) in WITHOUT_CHECKS else NOT_WRITTEN
        state = data["text/plain"].split("\n")[1]
        assert state.startswith(said[lang]), cell
        assert said[lang] in data["text/html"]
        assert data[MIME_TYPE]["points"] == 0


@pytest.mark.browser
@pytest.mark.parametrize("name", COURSE.assignments())
def test_solved_notebook_passes_every_part(handout: Path, name: str) -> None:
    notebook, assignment = released(handout, name, "en")
    solve(notebook, assignment)
    ran = execute(notebook, handout / name)
    assert printed(ran, "stderr") == ""
    for word in ("not written", "not installed", "is not here"):  # what a demo says that could not run
        assert word not in printed(ran, "stdout")
    for cell, data in verdicts(ran).items():
        result, state = data[MIME_TYPE], data["text/plain"].split("\n")[1]
        assert result["points"] == result["max_points"], cell
        said = NOTHING if (name, cell.removeprefix("test_")) in WITHOUT_CHECKS else PASSED
        assert state.startswith(said["en"]), cell
