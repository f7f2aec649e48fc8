"""What `nbgrader autograde` makes of what it should not be given: a clear word, and no score of nobody's making."""

from __future__ import annotations

import json
import re
import sys

import pytest

from autograder.records import Store
from tests.publish.answers import RIGHT, WRONG
from tests.publish.world import NOTEBOOK, World, find, read_json, solved

pytestmark = pytest.mark.nbgrader


def test_bad_input_stops_nobody_else(world: World) -> None:
    released = world.released()
    right = solved(released, RIGHT)
    foreign, bare, odd = (json.loads(json.dumps(right)) for _ in range(3))
    for cell in foreign["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["grade_id"] += "_of_biology"
    for cell in bare["cells"]:
        cell["metadata"] = {}
    find(odd, "pca_fit")["metadata"]["nbgrader"] |= {"schema_version": 99, "surprise": [1]}
    odd["cells"][0]["metadata"]["nbgrader"] = "graded"
    odd["metadata"] = {"kernelspec": {"name": "no-such-kernel", "display_name": ""}}
    for student, notebook in {"foreign": foreign, "bare": bare, "odd": odd, "twice": right}.items():
        world.collect(student, notebook)
    source = (world.assignment.solution / "pca.py").read_text("utf-8")
    (world.folder / "submitted/twice/pca/pca.py").write_text(source)
    (world.folder / "submitted/twice/pca/test_public.py").write_text("raise SystemExit\n")
    world.collect("broken", right)
    (world.folder / "submitted/broken/pca" / NOTEBOOK).write_text("{ this is no JSON")
    world.collect(
        "student-01", solved(released, WRONG), timestamp="2026-03-05 12:00:00 UTC\n"
    )  # the store has an older
    ran = world.try_nbgrader(["autograde", "pca"])
    assert ran.returncode == 1
    assert "Notebook does not appear to be JSON" in ran.stderr
    assert "foreign, pca: pca.ipynb is of another course or assignment (its first cell is 'pca_fit_of_bio" in ran.stderr
    assert "bare, pca: pca.ipynb has lost its cells' metadata" in ran.stderr
    assert re.search(r"submitted/twice/pca: two files for one student.*remove one of them", ran.stderr)
    full, wrong, nothing = [60, 25, 15], [8, 25, 0], [None] * 3
    graded = {"bare": full, "odd": full, "student-01": wrong, "student-02": wrong, "student-03": [0, 0, 0]}
    assert world.scores() == graded | {"foreign": nothing, "twice": nothing, "broken": nothing}
    with Store(world.course.store) as store:  # what was graded on the way is kept
        assert {result.student: result.points for result in store.latest("pca")}["student-01"] == 33
    assert not (world.folder / "autograded/foreign/pca").exists()
    notebook = read_json(world.folder / "autograded/odd/pca" / NOTEBOOK)
    assert find(notebook, "pca_fit")["metadata"]["nbgrader"].keys() == (
        find(released, "pca_fit")["metadata"]["nbgrader"].keys()
    )


def test_error_of_ours_withholds_every_score(world: World) -> None:
    """A check that raises on the reference, too, is no student's fault."""
    tests = world.assignment.solution / "test_hidden.py"
    text, head = tests.read_text("utf-8"), "    def test_pca_fit_mean(self, student):\n"
    assert text.count(head) == 1
    tests.write_text(text.replace(head, f"{head}        raise RuntimeError('ours')\n"))
    ran = world.try_nbgrader(["autograde", "pca", "--student=student-01"])
    assert ran.returncode == 1
    assert "student-01, pca: withheld, an error of ours (autograder show pca student-01 --instructor" in ran.stderr
    assert world.scores() == {"student-01": [None, None, None]}
    assert not (world.folder / "autograded/student-01/pca").exists()


def test_file_that_is_no_notebook_is_pushed_with_its_zero(world: World) -> None:
    """nbgrader's autograde cannot read it; autograder grade can say what is wrong."""
    folder = world.collect("student-04", {})
    (folder / NOTEBOOK).write_text("{ this is no JSON")
    assert world.autograder("grade", "pca", "submitted").returncode == 1
    assert world.push("--enrol").exit_code == 0
    assert world.scores()["student-04"] == [0, 0, 0]
    notebook = read_json(world.folder / "autograded/student-04/pca" / NOTEBOOK)
    shown = "".join(find(notebook, "test_fit")["outputs"][0]["data"]["text/html"])
    assert "pca.ipynb is no readable notebook" in shown


def test_without_nbgrader_the_remedy_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nbgrader.apps", None)  # as where it is not installed
    ran = world.push()
    assert ran.exit_code == 2
    assert ran.stderr == "error: nbgrader is not installed; pip install 'ml-autograder[nbgrader]'\n"
