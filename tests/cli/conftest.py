"""A course in a temporary folder, and rooms behind the commands that answer from memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner
from click.testing import Result as Ran

from autograder.cli import main
from autograder.course.manifest import Assignment, Course
from autograder.errors import UsageError
from autograder.intake.submission import File, Submission
from autograder.records import Result, Store
from autograder.text import Bilingual
from tests.report.samples import assignment, check, result


@dataclass(frozen=True, slots=True)
class Options:
    """What `autograder.batch.GradeOptions` is."""

    tier: str | None = None
    jobs: int | None = None
    again: bool = False
    allow_unsafe: bool = False
    seed: int = 0
    visible_only: bool = False


@dataclass
class World:
    """What the commands find behind them; a test changes it."""

    root: Path
    results: list[Result] = field(default_factory=list)
    options: Options | None = None
    store: Store | None = None
    raises: BaseException | None = None
    reused: bool = False
    released: list[Any] = field(default_factory=list)
    drift: list[Path] = field(default_factory=list)

    @property
    def course(self) -> Course:
        return Course(self.root, Bilingual("Tiny course", "小课程"), f"sqlite:///{self.root}/.autograder/results.db")

    @property
    def file(self) -> Path:
        return self.root / ".autograder" / "results.db"

    def keep(self, *results: Result) -> None:
        with Store(self.course.store) as store:
            for each in results:
                store.save(each)

    def find_course(self, *, explicit: Path | None) -> Course:
        if explicit not in (None, self.root):
            raise UsageError(f"{explicit}: no course.toml there")
        return self.course

    def load_assignment(self, course: Course, assignment_id: str) -> Assignment:
        if assignment_id not in course.assignments():
            raise UsageError(f"no assignment {assignment_id!r}")
        return replace(assignment(), id=assignment_id, files=(assignment_id,))

    def release(self, course: Course, assignment: Assignment) -> list[Path]:
        self.released.append(assignment.id)
        return self.drift

    def read_submissions(self, paths: Sequence[Path], assignment: Assignment) -> list[Submission]:
        return [Submission(each.student, (File("a.py", b""),)) for each in self.results]

    def grade(self, assignment: Assignment, submissions: Sequence[Submission], store: Store | None, options: Options,
              on_result: Callable[[Result, bool], None]) -> list[Result]:  # fmt: skip
        self.options, self.store = options, store
        students = [submission.student for submission in submissions]
        graded = [each for each in self.results if each.student in students]
        for each in graded:
            if store is not None:
                store.save(each)
            on_result(each, self.reused)
        if self.raises:
            raise self.raises
        return graded


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    (tmp_path / "assignments" / "least_squares").mkdir(parents=True)
    (tmp_path / "assignments" / "least_squares" / "assignment.toml").touch()
    made = World(tmp_path, [result(check(), check(part="qr"))])
    batch: Any = ModuleType("autograder.batch")
    batch.GradeOptions, batch.grade, batch.record_mistakes = Options, made.grade, None
    monkeypatch.setitem(__import__("sys").modules, "autograder.batch", batch)
    fakes = {
        "course.find_course": made.find_course,
        "course.load_assignment": made.load_assignment,
        "course.release": made.release,
        "course.check_release": lambda course, each: made.drift,
        "course.release_to": lambda course, each, target, mistakes: made.released.append(
            ([a.id for a in each], target)
        ),
        "intake.read_submissions": made.read_submissions,
    }
    for name, fake in fakes.items():
        monkeypatch.setattr(f"autograder.{name}", fake, raising=False)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    return made


def run(*arguments: str) -> Ran:
    """Run `autograder` with these arguments."""
    return CliRunner().invoke(main, list(arguments), prog_name="autograder")
