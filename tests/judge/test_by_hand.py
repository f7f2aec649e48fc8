"""The plugin with pytest itself at the wheel: `pytest solutions/tiny --student FILE`, -k, -x and all."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import RIGHT, TinyCourse


def run(tiny: TinyCourse, source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    file = tiny.root / "answer.py"
    file.write_text(source)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "solutions/tiny", f"--student={file}"]
    return subprocess.run([*command, *arguments], cwd=tiny.root, capture_output=True, text=True, timeout=120)


def test_by_hand_a_right_answer_passes(tiny: TinyCourse) -> None:
    done = run(tiny, RIGHT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout


def test_by_hand_a_wrong_answer_fails_with_the_message(tiny: TinyCourse) -> None:
    done = run(tiny, RIGHT.replace("x + x", "x / 2"))
    assert done.returncode == 1
    assert "2 failed, 2 passed" in done.stdout
    assert "double: 1 of 1 entries differ" in done.stdout


def test_by_hand_k_and_x_do_as_always(tiny: TinyCourse) -> None:
    wrong = RIGHT.replace("x + x", "x / 2")
    assert "1 failed, 3 deselected" in run(tiny, wrong, "-k", "negative").stdout
    assert "stopping after 1 failures" in run(tiny, wrong, "-x").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--tier=granite"], "granite"),
        (["--student=missing.py"], "missing.py"),
    ],
)
def test_by_hand_bad_input_is_one_line(tiny: TinyCourse, arguments: list[str], words: str) -> None:
    done = run(tiny, RIGHT, *arguments)
    assert done.returncode == 4
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_check_without_a_student_says_what_to_give(tiny: TinyCourse) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "solutions/tiny"]
    done = subprocess.run(command, cwd=tiny.root, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "--student FILE" in done.stdout
