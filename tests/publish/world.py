"""A course laid out for nbgrader in a temporary folder, and nbgrader's own commands run in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click.testing
from click.testing import CliRunner

from autograder.cli import main
from autograder.course import Assignment, Course, find_course, load_assignment
from autograder.publish.nbgrader import init_course
from autograder.text import Lang

ROOT = Path(__file__).parents[2]
NOTEBOOK = "pca.ipynb"
Json = dict[str, Any]


@dataclass(frozen=True)
class World:
    """Our course, one assignment of it, and nbgrader's course folder."""

    course: Course
    assignment: Assignment
    folder: Path

    def nbgrader(self, *commands: Sequence[str], cwd: Path | None = None) -> str:
        """Run nbgrader's commands, one after another in one process, and return what they said; each must end well."""
        ran = self.try_nbgrader(*commands, cwd=cwd)
        assert ran.returncode == 0, ran.stderr
        return ran.stderr

    def try_nbgrader(self, *commands: Sequence[str], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        script = f"from tests.publish.world import launch; launch({[list(command) for command in commands]!r})"
        return run("-c", script, cwd=cwd or self.folder)

    def autograder(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run("-m", "autograder", "--course", str(self.course.root), *arguments, cwd=self.folder)

    def gradebook(self) -> Any:
        from nbgrader.api import Gradebook

        return Gradebook(f"sqlite:///{self.folder}/gradebook.db")

    def collect(self, student: str, notebook: Json, timestamp: str = "") -> Path:
        """Put a submission where `nbgrader collect` would; return its folder."""
        folder = self.folder / "submitted" / student / "pca"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / NOTEBOOK).write_text(json.dumps(notebook))
        if timestamp:
            (folder / "timestamp.txt").write_text(timestamp)
        return folder

    def push(self, *arguments: str) -> click.testing.Result:
        """Run `autograder nbgrader push` in this process."""
        place = () if "--nbgrader" in arguments else ("--nbgrader", str(self.folder))
        return CliRunner().invoke(main, ["nbgrader", "push", *place, *arguments])

    def scores(self) -> dict[str, list[float | None]]:
        """Return what is in the gradebook: student -> the parts' automatic scores, in the manifest's order."""
        names = [f"test_{part.id}" for part in self.assignment.parts]
        with self.gradebook() as gradebook:
            found = {}
            for row in gradebook.notebook_submissions(self.assignment.id, self.assignment.id):
                scores = {grade.name: grade.auto_score for grade in row.grades}
                found[row.student.id] = [scores[name] for name in names]
            return found

    def released(self) -> Json:
        return read_json(self.folder / "release" / "pca" / NOTEBOOK)


def make_world(place: Path, lang: Lang = "en") -> World:
    """Copy the course's `pca`, and lay it out for nbgrader."""
    root = place / "course"
    for name in ("course.toml", "assignments/pca", "solutions/pca"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, root / name)
    shutil.copytree(ROOT / "datasets", root / "datasets")
    course = find_course(explicit=root)
    assignment = load_assignment(course, "pca")
    folder = place / "ml-2026"
    init_course(course, [assignment], folder, lang)
    with (folder / "nbgrader_config.py").open("a") as config:
        config.write(f"c.Exchange.root = {str(place / 'exchange')!r}\nc.Exchange.cache = {str(place / 'cache')!r}\n")
    (place / "exchange").mkdir()
    (place / "exchange").chmod(0o777)
    return World(course, assignment, folder)


def moved(world: World, place: Path) -> World:
    """Return a world that was copied to `place`."""
    config = place / "ml-2026" / "nbgrader_config.py"
    config.write_text(config.read_text().replace(str(world.folder.parent), str(place)))
    course = find_course(explicit=place / "course")
    return World(course, load_assignment(course, "pca"), place / "ml-2026")


def environment(home: Path) -> dict[str, str]:
    """Return an environment in which programs of this one are found, and nobody's own settings."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic by its name
    return os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(home), "JUPYTER_NO_CONFIG": "1"}


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=cwd, env=environment(cwd), capture_output=True, text=True, timeout=300)


def launch(commands: list[list[str]]) -> None:
    """Run nbgrader's commands in this process: importing it takes longer than most of them."""
    from nbgrader.apps import NbGraderApp

    for command in commands:
        NbGraderApp.launch_instance(command)
        NbGraderApp.clear_instance()


def read_json(path: Path) -> Json:
    data: Json = json.loads(path.read_text("utf-8"))
    return data


def grade_id(cell: Json) -> str | None:
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def find(notebook: Json, name: str) -> Json:
    """Return the cell with a grade id."""
    return next(cell for cell in notebook["cells"] if grade_id(cell) == name)


def solved(notebook: Json, answers: dict[str, str]) -> Json:
    """Return a copy of a released notebook in which `answers` replace what is not yet written."""
    made: Json = json.loads(json.dumps(notebook))
    for name, body in answers.items():
        cell = find(made, name)
        source = "".join(cell["source"])
        todo = "    # YOUR CODE HERE\n    raise NotImplementedError"
        assert source.count(todo) == 1
        cell["source"] = source.replace(todo, body)
    return made
