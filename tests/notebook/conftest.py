"""What students get of the course, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.batch import record_mistakes
from autograder.course import find_course, load_assignment, release_to

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def handout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what students get of all assignments."""
    course = find_course(ROOT)
    target = tmp_path_factory.mktemp("handout") / "course"
    release_to(course, [load_assignment(course, name) for name in course.assignments()], target, record_mistakes)
    return target
