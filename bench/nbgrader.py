"""What nbgrader costs: a class pushed into its gradebook, and its autograde when every result is in our store."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from autograder.batch import GradeOptions, content_key, grade
from autograder.course import Assignment, Course, find_course, load_assignment
from autograder.publish.nbgrader import init_course, push_results
from autograder.publish.nbgrader.grading import Collected
from autograder.publish.nbgrader.settings import read_settings
from autograder.records import Store
from bench.table import Row

ROOT = Path(__file__).parents[1]
NAME = "pca"
CLASS = 300
FEW, MANY = "student-00?", "student-0[0-2]?"  # 10 and 30 of them


def nbgrader() -> list[Row]:
    """Grade one submission, an untouched notebook: its feedback is long; then let a class have handed it in."""
    with tempfile.TemporaryDirectory() as place:
        course, assignment = _course(Path(place) / "course")
        folder = Path(place) / "nbgrader"
        init_course(course, [assignment], folder, "en")
        _nbgrader(folder, "generate_assignment", NAME)
        _hand_in(course, assignment, folder)
        started = time.perf_counter()
        push_results(course, [assignment], read_settings(folder), enrol=True)
        seconds = time.perf_counter() - started
        few, many = (_autograde(folder, students) for students in (FEW, MANY))
    return [
        Row(
            f"push of {CLASS} students × {len(assignment.parts)} parts into the gradebook", f"{seconds:.1f} s", "≤ 10 s"
        ),
        Row("CPU of nbgrader autograde, each further student graded before", f"{(many - few) / 20:.2f} s", ""),
    ]


def _course(root: Path) -> tuple[Course, Assignment]:
    for name in ("course.toml", f"assignments/{NAME}", f"solutions/{NAME}", "datasets"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, root / name)
    course = find_course(explicit=root)
    return course, load_assignment(course, NAME)


def _hand_in(course: Course, assignment: Assignment, folder: Path) -> None:
    """Put a submission of each student where nbgrader collects them, and a result of each into the store."""
    notebook = json.loads((folder / "release" / NAME / f"{NAME}.ipynb").read_text("utf-8"))
    collected = Collected(read_settings(folder).coursedir, assignment)
    for i in range(CLASS):
        own = folder / "submitted" / f"student-{i:03d}" / NAME
        own.mkdir(parents=True)
        notebook["cells"][0]["source"] = f"# student {i}"
        (own / f"{NAME}.ipynb").write_text(json.dumps(notebook))
    options = GradeOptions()
    with Store(course.store) as store:
        [result] = grade(assignment, [collected.read("student-000")], None, options, lambda result, reused: None)
        for student in collected.students():
            key = content_key(collected.read(student), assignment, options)
            store.save(replace(result, student=student, key=key))


def _autograde(folder: Path, students: str) -> float:
    """Return the CPU seconds of `nbgrader autograde` for the students of a glob, over what was written before."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _nbgrader(folder, "autograde", NAME, "--force", f"--student={students}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _nbgrader(folder: Path, *arguments: str) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic by its name
    env = os.environ | {"PATH": path, "JUPYTER_NO_CONFIG": "1"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    subprocess.run(command, check=True, cwd=folder, env=env, capture_output=True)
