"""CPU seconds per further submission: everything that grading a class costs, over all processes, as it grows."""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.table import Row

COURSE = Path(__file__).parent / "course"
FEW, MANY = 20, 320
RUNS = 3  # what it takes to start varies by half a second from run to run


def per_submission() -> list[Row]:
    return [
        Row("CPU per further submission, five checks, numpy", _milliseconds('["numpy"]'), "≤ 15 ms"),
        Row(
            "CPU per further submission, five checks, torch preloaded",
            _milliseconds('["numpy", "scipy", "torch"]'),
            "≤ 30 ms",
        ),
        Row("the same checks in a bare pytest process, no wall (yardstick)", _bare_pytest(), "was 530 ms"),
    ]


def _milliseconds(preload: str) -> str:
    costs = []
    for _ in range(RUNS):
        few, many = (_cpu_seconds(preload, count) for count in (FEW, MANY))
        costs.append((many - few) / (MANY - FEW))
    return f"{statistics.median(costs) * 1e3:.1f} ms"


CONFTEST = """
import answer
import pytest

@pytest.fixture
def student():
    return answer

def pytest_configure(config):
    for name in ("part", "points", "why"):
        config.addinivalue_line("markers", name)
"""


def _bare_pytest() -> str:
    """Return what one submission costs where every one gets a pytest process: how fast this machine is today."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shutil.copy(COURSE / "solutions/plain/plain.py", place / "answer.py")
        shutil.copy(COURSE / "assignments/plain/test_public.py", place)
        (place / "conftest.py").write_text(CONFTEST)
        command = [sys.executable, "-m", "pytest", "-q", "--disable-plugin-autoload", "-p", "no:cacheprovider", folder]
        return f"{statistics.median(_cost(command, place) for _ in range(5)) * 1e3:.0f} ms"


def _cpu_seconds(preload: str, count: int) -> float:
    """Return the CPU seconds of `autograder grade` on `count` submissions, all its processes together."""
    source = (COURSE / "solutions/plain/plain.py").read_text()
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        shutil.copytree(COURSE, course)
        manifest = course / "assignments/plain/assignment.toml"
        manifest.write_text(manifest.read_text().replace('preload = ["numpy"]', f"preload = {preload}"))
        handed_in = Path(folder) / "class"
        handed_in.mkdir()
        for i in range(count):
            (handed_in / f"student-{i:03d}.py").write_text(f"{source}\n# student {i}\n")
        command = [sys.executable, "-m", "autograder", "--course", str(course), "grade", "plain", str(handed_in)]
        return _cost(command, Path(folder))


def _cost(command: list[str], folder: Path) -> float:
    """Return the CPU seconds of a command and all that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
