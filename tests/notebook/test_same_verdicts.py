"""At a student's desk the public checks say what they say behind the wall, and name the same mistakes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from autograder.batch import GradeOptions, grade
from autograder.course import find_course, load_assignment
from autograder.intake import read_submissions
from autograder.records import Result

pytestmark = pytest.mark.browser  # no browser, but minutes: the slow lane of this room

ROOT = Path(__file__).resolve().parents[2]
COURSE = find_course(ROOT)
# Where time or a process's end decides, the desk and the wall differ on purpose.
ORDINARY = ("passed", "failed", "blocked")
FILES = 8  # of each class: all of them take minutes


def ordinary(name: str) -> list[Path]:
    """Return the files of an example class that neither end their process nor run into a limit."""
    expected = tomllib.loads((ROOT / "examples" / name / "expected.toml").read_text("utf-8"))
    files = [next((ROOT / "examples" / name / "class").glob(f"{student}.*"), None) for student in expected]
    unreadable = ROOT / "examples/normal_equation/class/student-42.ipynb"  # no notebook at all
    kept = [file for file, student in zip(files, expected, strict=True) if expected[student]["status"] in ORDINARY]
    named_first = sorted(kept, key=lambda file: file is None or "named" not in expected[file.stem])
    return [file for file in named_first if file and file.suffix in (".py", ".ipynb") and file != unreadable]


def told(result: Result) -> list[list[object]]:
    return [
        [check.check, check.status.value, check.points, check.diagnosis.misconception if check.diagnosis else None]
        for check in result.checks
    ]


@pytest.mark.parametrize("name", COURSE.assignments())
def test_desk_and_wall_agree(handout: Path, tmp_path: Path, name: str) -> None:
    files = ordinary(name)[:FILES]
    assert len(files) >= 8
    released = load_assignment(find_course(handout), name)  # recorded mistakes, no solution
    own = load_assignment(COURSE, name)  # the misconceptions themselves
    behind = {}
    for assignment in (released, own):
        submissions = read_submissions(files, assignment)
        options = GradeOptions(visible_only=True)
        for result in grade(assignment, submissions, None, options, lambda result, reused: None):
            said = told(result)
            assert behind.setdefault(result.student, said) == said, result.student
    desk = shutil.copytree(released.folder, tmp_path / name)  # what the files write, they write there
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told_here = tmp_path / "verdicts.jsonl"
    command = [sys.executable, "-m", "tests.notebook.run_here", str(told_here), str(released.folder), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, cwd=desk, env=environment)
    at_the_desk = dict(json.loads(line) for line in told_here.read_text().splitlines())
    assert at_the_desk == behind, done.stderr
    if name != "conv":  # whose class errs where hidden checks alone look
        assert any(mistake for said in behind.values() for *_, mistake in said), "no mistake was named"
