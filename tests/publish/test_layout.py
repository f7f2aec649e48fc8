"""What `autograder nbgrader init` lays out."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from autograder.course import find_course, load_assignment
from autograder.errors import UsageError
from autograder.publish.nbgrader import init_course
from tests.publish.world import ROOT, World, grade_id, make_world, read_json


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("layout"), "zh")


def test_source_holds_what_students_get_in_one_language(chinese: World) -> None:
    folder = chinese.folder / "source" / "pca"
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {
        "pca.ipynb",
        "assignment.toml",
        "test_public.py",
        "known_mistakes.bin",
        "README.md",
        "datasets/digits.csv",
    } <= names
    page = (folder / "README.md").read_text("utf-8")
    assert "pca.ipynb" in page and "pca.py" not in page and "zh" not in page
    assert not {"pca.zh.ipynb", "pca.py", "test_hidden.py"} & names
    assert "主成分分析" in (folder / "pca.ipynb").read_text("utf-8")


def test_points_are_the_manifests(chinese: World) -> None:
    cells = read_json(chinese.folder / "source/pca/pca.ipynb")["cells"]
    points = {grade_id(cell): cell["metadata"]["nbgrader"].get("points") for cell in cells if grade_id(cell)}
    assert {name: worth for name, worth in points.items() if worth} == {
        f"test_{part.id}": part.points for part in chinese.assignment.parts
    }


@pytest.mark.parametrize("name", ["pca", "backprop", "conv"])  # the last two have solutions at the top level, too
def test_source_has_regions_and_no_solution(name: str, tmp_path: Path) -> None:
    course = find_course(explicit=ROOT)
    assignment = load_assignment(course, name)
    init_course(course, [assignment], tmp_path / "ml", "en")
    made = read_json(tmp_path / f"ml/source/{name}/{name}.ipynb")["cells"]
    released = json.loads((assignment.folder / f"{name}.ipynb").read_text("utf-8"))["cells"]
    for source, handout in zip(made, released, strict=True):
        text = "".join(source["source"])
        if "### BEGIN SOLUTION" in text:
            assert source["metadata"]["nbgrader"]["solution"]
            text = text.replace("### BEGIN SOLUTION", "# YOUR CODE HERE")
            text = "\n".join(line for line in text.split("\n") if "### END SOLUTION" not in line)
        assert text == "".join(handout["source"])


def test_config_is_python_whatever_the_folders_are_called(tmp_path: Path) -> None:
    world = make_world(tmp_path / 'a "quoted" 文件夹')
    text = (world.folder / "nbgrader_config.py").read_text("utf-8")
    found: dict[str, object] = {}

    class Node:
        def __getattr__(self, name: str) -> Node:
            return Node()

        def __setattr__(self, name: str, value: object) -> None:
            found[name] = value

    exec(text, {"get_config": Node})
    assert found["course"] == str(world.course.root) and found["course_id"] == "ml-2026"


def test_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    course = find_course(explicit=ROOT)
    with pytest.raises(UsageError, match="is there already and not empty; name a new folder"):
        init_course(course, [], tmp_path, "en")
    assert os.listdir(tmp_path) == ["notes.txt"]
