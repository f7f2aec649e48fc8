"""CPU seconds per further submission: everything that grading a class costs, over all processes, as it grows."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.table import Row

COURSE = Path(__file__).parent / "course"
FEW, MANY = 20, 120


def per_submission() -> list[Row]:
    return [
        Row("CPU per further submission, five checks, numpy", _milliseconds("plain"), "≤ 15 ms"),
        Row("CPU per further submission, five checks, torch preloaded", _milliseconds("plain_torch"), "≤ 30 ms"),
    ]


def _milliseconds(assignment: str) -> str:
    few, many = (_cpu_seconds(assignment, count) for count in (FEW, MANY))
    return f"{(many - few) / (MANY - FEW) * 1e3:.1f} ms"


def _cpu_seconds(assignment: str, count: int) -> float:
    """Return the CPU seconds of `autograder grade` on `count` submissions, all its processes together."""
    source = (COURSE / "solutions" / assignment / f"{assignment}.py").read_text()
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        shutil.copytree(COURSE, course)
        handed_in = Path(folder) / "class"
        handed_in.mkdir()
        for i in range(count):
            (handed_in / f"student-{i:03d}.py").write_text(f"{source}\n# student {i}\n")
        command = [sys.executable, "-m", "autograder", "--course", str(course), "grade", assignment, str(handed_in)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
