"""`autograder new`: what it writes is complete, and what goes wrong leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import Course, check_release, find_course, load_assignment, scaffold
from autograder.errors import UsageError
from autograder.judge.variants import load_variants


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "course.toml").write_text('format_version = 1\ntitle = { en = "A course", zh = "一门课程" }\n')
    return find_course(tmp_path)


def test_scaffold_writes_a_whole_assignment(course: Course) -> None:
    written = scaffold(course, "lasso")
    assert {path.as_posix() for path in written} == {
        *(f"assignments/lasso/{name}" for name in ("assignment.toml", "test_public.py", "lasso.py")),
        *(f"assignments/lasso/{name}" for name in ("lasso.ipynb", "lasso.zh.ipynb")),
        *(f"solutions/lasso/{name}" for name in ("lasso.py", "test_hidden.py", "design.md")),
        *(f"solutions/lasso/{name}" for name in ("alternatives.py", "misconceptions.py")),
    }
    assignment = load_assignment(course, "lasso")
    assert check_release(course, assignment) == []
    assert len(load_variants(assignment.solution / "alternatives.py")) >= 5
    assert len(load_variants(assignment.solution / "misconceptions.py")) >= 8


def test_scaffold_text_has_its_formulas_and_its_name(course: Course) -> None:
    scaffold(course, "lasso")
    text = (course.root / "solutions/lasso/lasso.py").read_text("utf-8")
    assert "$X\\in\\mathbb R^{n\\times d}$" in text and "# $$z_{ij}" in text and "`lasso`" in text
    assert "$name" not in text


@pytest.mark.parametrize("name", ["Lasso", "1st", "two words", "../up", "lasso.py", "", "a" * 65])
def test_scaffold_refuses_what_is_no_name(course: Course, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be a module's name; use small letters"):
        scaffold(course, name)
    assert [path.name for path in course.root.iterdir()] == ["course.toml"]


def test_scaffold_refuses_a_name_that_is_taken(course: Course) -> None:
    scaffold(course, "lasso")
    kept = (course.root / "solutions/lasso/lasso.py").read_bytes()
    with pytest.raises(UsageError, match="is there already; choose another name"):
        scaffold(course, "lasso")
    assert (course.root / "solutions/lasso/lasso.py").read_bytes() == kept


def test_scaffold_leaves_nothing_where_it_fails(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> list[Path]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("autograder.course.new.release", fail)
    with pytest.raises(OSError, match="No space"):
        scaffold(course, "lasso")
    assert not (course.root / "assignments/lasso").exists() and not (course.root / "solutions/lasso").exists()
