"""What `check("...")` costs beyond the student's own code: all public checks, in a process like a kernel."""

from __future__ import annotations

import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from time import perf_counter

from autograder.batch import record_mistakes
from autograder.course import find_course, load_assignment, load_handout, release_to
from bench.table import Row

ROOT = Path(__file__).parents[1]
RUNS = 9


def notebook() -> list[Row]:
    """Time the reference's own code for each assignment, and a solution with a mistake in it (of irls)."""
    course = find_course(explicit=ROOT)
    assignments = [load_assignment(course, name) for name in course.assignments()]
    rows = []
    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / "handout"
        release_to(course, assignments, target, record_mistakes)
        for assignment in assignments:
            source = assignment.solution / f"{assignment.id}.py"
            command = [sys.executable, "-m", "bench.notebook", str(target / assignment.id), str(source)]
            told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
            first, later, checks = json.loads(told.stdout)
            what = f"check({assignment.id!r}), {checks} checks (in brackets: the kernel's first)"
            rows.append(Row(what, f"{1e3 * later:.0f} ms ({1e3 * first:.0f})", "≤ 150 ms"))
    return rows


def _measure(folder: Path, source: Path) -> tuple[float, float, int]:
    """Return the seconds of the first call, the median of later ones, and how many checks there are."""
    from autograder.intake import Program
    from autograder.notebook.kernel import KernelConversation
    from autograder.notebook.session import examine
    from autograder.report import mime_bundle

    names: dict[str, object] = {"__name__": "__main__"}
    exec(compile(source.read_text("utf-8"), str(source), "exec"), names)
    spent = []
    for _ in range(RUNS + 1):
        start = perf_counter()
        assignment = load_handout(folder, folder.name)
        conversation = KernelConversation(names, assignment.limits)
        result = examine(assignment, conversation, Program(()))
        mime_bundle(result, assignment, "en")
        spent.append(perf_counter() - start - conversation.cpu_seconds())
    return spent[0], statistics.median(spent[1:]), len(result.checks)


if __name__ == "__main__":
    os.chdir(sys.argv[1])
    with redirect_stdout(io.StringIO()):
        measured = _measure(Path(sys.argv[1]), Path(sys.argv[2]))
    print(json.dumps(measured))
