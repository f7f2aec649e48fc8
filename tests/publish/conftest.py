"""A class that is collected and graded once, and copied for every test that changes something."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.publish.answers import RIGHT, WRONG
from tests.publish.world import World, make_world, moved, solved


@pytest.fixture(scope="session")
def graded_once(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = make_world(tmp_path_factory.mktemp("graded"))
    world.nbgrader(["generate_assignment", "pca"])
    released = world.released()
    world.collect("student-01", solved(released, RIGHT), timestamp="2026-03-01 12:00:00 UTC\n")
    world.collect("student-02", solved(released, WRONG), timestamp="2026-03-02 12:00:00 UTC\n")
    world.collect("student-03", released)
    ran = world.autograder("grade", "pca", "submitted")
    assert ran.returncode == 1, ran.stderr  # two of three are not right
    return world


@pytest.fixture
def world(graded_once: World, tmp_path: Path) -> World:
    """A world of the test's own, in which three students' work is graded."""
    place = graded_once.folder.parent
    shutil.copytree(place, tmp_path / "world")
    return moved(graded_once, tmp_path / "world")
