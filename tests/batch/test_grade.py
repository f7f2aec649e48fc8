"""Many submissions: what is graded again, what is kept, and what happens when something dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.batch.grade import GradeOptions, choose_tier, content_key
from autograder.errors import UsageError
from autograder.intake import File, Submission
from autograder.records import Result, Status, Store
from tests.conftest import RIGHT, TinyCourse

WRONG = RIGHT.replace("x + x", "x / 2")


def url(tiny: TinyCourse) -> str:
    return f"sqlite:///{tiny.root}/results.db"


def verdicts(results: list[Result]) -> list[object]:
    return [
        (r.student, r.key, r.status, r.points, [(c.check, c.status, c.points, c.message) for c in r.checks])
        for r in results
    ]


def test_grade_reuses_what_has_not_changed(tiny: TinyCourse) -> None:
    heard: list[tuple[str, bool]] = []

    def on_result(result: Result, reused: bool) -> None:
        heard.append((result.student, reused))

    with Store(url(tiny)) as store:
        first, second = tiny.submissions(RIGHT, WRONG)
        before = tiny.grade_all([first, second], store)
        changed = replace(second, files=(File("tiny.py", RIGHT.encode()),))
        after = tiny.grade_all([first, changed], store, on_result)
        assert sorted(heard) == [("student-00", True), ("student-01", False)]
        assert [r.points for r in before] == [100, 40]
        assert [r.points for r in after] == [100, 100]
        heard.clear()
        tiny.grade_all([first, second], store, on_result)  # the older file handed in again
        assert heard == [("student-00", True), ("student-01", True)]
        assert [r.points for r in store.latest("tiny")] == [100, 40]
        heard.clear()
        tiny.grade_all([first], store, on_result, again=True)
        assert heard == [("student-00", False)]
        tiny.replace("solutions/tiny/test_hidden.py", "secret", "value")  # a check was mended
        heard.clear()
        tiny.grade_all([first], store, on_result)
        assert heard == [("student-00", False)]


def test_an_error_and_a_weaker_tier_are_graded_again(tiny: TinyCourse) -> None:
    heard: list[bool] = []
    with Store(url(tiny)) as store:
        [submission] = tiny.submissions(RIGHT)
        [result] = tiny.grade_all([submission], store, tier="nofile")
        assert result.tier == "nofile"
        tiny.grade_all([submission], store, lambda r, reused: heard.append(reused))  # sealed is asked for
        tiny.grade_all([submission], store, lambda r, reused: heard.append(reused), tier="nofile")
        assert heard == [False, True]
        store.save(replace(result, status=Status.ERROR))
        tiny.grade_all([submission], store, lambda r, reused: heard.append(reused), tier="nofile")
        assert heard == [False, True, False]


def test_content_key_tells_names_and_contents_apart(tiny: TinyCourse) -> None:
    assignment, options = tiny.assignment(), GradeOptions()

    def key(*files: tuple[str, bytes]) -> str:
        submission = Submission("student-01", tuple(File(name, data) for name, data in files))
        return content_key(submission, assignment, options)

    keys = [
        key(("a.py", b"x")), key(("ax.py", b"")), key(("a.py", b"")), key(("a.py", b"x"), ("b.py", b"")),
        key(("\udcff.py", b"x")),
    ]  # fmt: skip
    assert len(set(keys)) == len(keys)
    assert key(("a.py", b"x"), ("b.py", b"y")) == key(("b.py", b"y"), ("a.py", b"x"))


def test_a_judge_that_dies_costs_one_submission(tiny: TinyCourse) -> None:
    # A check of our own that ends the judge's process, for one student only.
    deadly = "import os\n    if measured == 4321.0:\n        os._exit(9)\n    if measured == -34.875:"
    tiny.replace("solutions/tiny/test_hidden.py", "if measured == -34.875:", deadly)
    fatal = RIGHT.replace("float(s)", "4321.0")
    with Store(url(tiny)) as store:
        results = tiny.grade(RIGHT, fatal, WRONG, store=store, jobs=2)
        assert [(r.status, r.points) for r in results] == [(Status.PASSED, 100), (Status.ERROR, 0), (Status.FAILED, 40)]
        assert [r.status for r in store.latest("tiny")] == [r.status for r in results]


def test_a_zygote_that_is_killed_is_replaced(tiny: TinyCourse) -> None:
    # As the kernel does when memory runs out. The check finds the zygote among the judge's children.
    kill = """import os, signal, pathlib
    if measured == 4321.0 and not pathlib.Path("{flag}").exists():
        pathlib.Path("{flag}").touch()
        children = pathlib.Path(f"/proc/self/task").glob("*/children")
        for pid in " ".join(child.read_text() for child in children).split():
            os.kill(int(pid), signal.SIGKILL)
    if measured == -34.875:""".replace("{flag}", str(tiny.root / "flag"))
    tiny.replace("solutions/tiny/test_hidden.py", "if measured == -34.875:", kill)
    results = tiny.grade(RIGHT, RIGHT.replace("float(s)", "4321.0"), RIGHT + "# again")
    assert (tiny.root / "flag").exists()
    assert [(r.status, r.points) for r in results] == [(Status.PASSED, 100), (Status.FAILED, 60), (Status.PASSED, 100)]


def test_a_broken_check_keeps_what_was_graded(tiny: TinyCourse) -> None:
    with Store(url(tiny)) as store:
        tiny.grade(RIGHT, store=store)
        tiny.replace("solutions/tiny/test_hidden.py", "import numpy as np", "import numpy as")
        with pytest.raises(UsageError, match="cannot be collected"):
            tiny.grade(WRONG, store=store)
        assert [r.points for r in store.latest("tiny")] == [100]


def test_choose_tier_never_downgrades_in_silence() -> None:
    with pytest.raises(UsageError, match="--tier granite: no such tier; there are sealed, confined, nofile, unsafe"):
        choose_tier(GradeOptions(tier="granite"))
    with pytest.raises(UsageError, match="needs --allow-unsafe"):
        choose_tier(GradeOptions(tier="unsafe"))
    assert choose_tier(GradeOptions(tier="unsafe", allow_unsafe=True)) == "unsafe"


KILLED = """
import sys
from pathlib import Path
from autograder.batch import GradeOptions, grade
from autograder.course import find_course, load_assignment
from autograder.intake import File, Submission
from autograder.records import Store

if __name__ == "__main__":
    root, source = Path(sys.argv[1]), sys.argv[2]
    submissions = [Submission(f"student-{i:02d}", (File("tiny.py", f"{source}# {i}".encode()),)) for i in range(40)]
    with Store(f"sqlite:///{root}/results.db") as store:
        grade(load_assignment(find_course(root), "tiny"), submissions, store, GradeOptions(jobs=2),
              lambda result, reused: print(result.student, reused, flush=True))
"""


def test_a_run_killed_at_any_instant_loses_nothing_and_resumes(tiny: TinyCourse, tmp_path: Path) -> None:
    script = tmp_path / "grade.py"
    script.write_text(textwrap.dedent(KILLED))
    command = [sys.executable, str(script), str(tiny.root), RIGHT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        heard = [process.stdout.readline().split()[0] for _ in range(7)]
        process.send_signal(signal.SIGKILL)
    with Store(url(tiny)) as store:
        kept = {result.student: result for result in store.latest("tiny")}
    assert set(heard) <= set(kept)
    again = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    reused = {line.split()[0] for line in again.stdout.splitlines() if line.endswith("True")}
    assert reused == set(kept)
    with Store(url(tiny)) as store:
        resumed = store.latest("tiny")
    submissions = [Submission(r.student, (File("tiny.py", f"{RIGHT}# {i}".encode()),)) for i, r in enumerate(resumed)]
    assert verdicts(resumed) == verdicts(tiny.grade_all(submissions, jobs=2))
    assert_none_left(str(tiny.root))


def assert_none_left(words: str) -> None:
    """No process that was told of this course is left: judges and zygotes end with the grader."""
    for _ in range(50):
        left = [pid for pid in os.listdir("/proc") if pid.isdigit() and words in _command_line(pid)]
        if not left:
            return
        time.sleep(0.1)
    raise AssertionError(f"still running: {left}")


def _command_line(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""
