"""What is handed out to name mistakes: what they answered, and nothing of how."""

from __future__ import annotations

import zlib
from pathlib import Path

import msgpack
import numpy as np
import pytest

from autograder.course import find_course, load_assignment
from autograder.course.manifest import MISTAKES, PUBLIC_CHECKS
from autograder.judge.diagnosis import Replay, distance
from autograder.judge.mistakes import KnownMistakes, Recording, read_mistakes
from autograder.judge.variants import Variant, load_variants
from autograder.student import Call, StudentError
from autograder.text import Bilingual
from autograder.wire import Record

ROOT = Path(__file__).resolve().parents[2]
COURSE = find_course(ROOT)
WORDS = Bilingual("Wrong.", "错了。")


@pytest.fixture
def checks(tmp_path: Path) -> Path:
    file = tmp_path / PUBLIC_CHECKS
    file.write_text("def test_it(student):\n    pass\n")
    return file


def recorded(checks: Path, *calls: Call) -> KnownMistakes:
    recording = Recording(checks)
    recording.add(None, {"test_it": Replay(True, ())})
    recording.add(
        Variant("wrong", "def f(): return SECRET", WORDS, WORDS, "part"), {"test_it": Replay(False, calls, "odd")}
    )
    (checks.parent / MISTAKES).write_bytes(recording.to_bytes())
    return read_mistakes(checks.parent / MISTAKES, checks)


def test_runs_come_back_as_they_were(checks: Path) -> None:
    args = ([np.arange(3.0), 2, None], {"rng": np.random.default_rng(3)})
    answers = [Record("Fit", {"theta": np.float32(0.5), "steps": [1, 2]}), StudentError("Odd", "ValueError", "no", ())]
    known = recorded(checks, *(Call("f", args, answer) for answer in answers))
    [variant] = known.variants
    assert (variant.id, variant.part, variant.explanation, variant.hint, variant.source) == (
        "wrong",
        "part",
        WORDS,
        WORDS,
        "",
    )
    run = known.replay("test_it", variant)
    assert (run.passed, run.symptom) == (False, "odd")
    assert [distance(call.outcome, answer) for call, answer in zip(run.calls, answers, strict=True)] == [0, 0]
    assert all(distance(call.args, args) == 0 for call in run.calls)


def test_what_was_not_recorded_is_nobody_s_mistake(checks: Path) -> None:
    known = recorded(checks, Call("f", ([object()], {}), 1.0))  # an argument that cannot be written down
    assert known.replay("test_it", known.variants[0]) == known.replay("test_other", None) == Replay(True, ())


@pytest.mark.parametrize("damage", ["missing", "cut", "text", "format", "other checks"])
def test_damaged_file_names_nothing(checks: Path, damage: str) -> None:
    recorded(checks)
    file = checks.parent / MISTAKES
    if damage == "missing":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:-9])
    elif damage == "text":
        file.write_text("nothing")
    elif damage == "format":
        content = msgpack.unpackb(zlib.decompress(file.read_bytes())) | {"format": 99}
        file.write_bytes(zlib.compress(msgpack.packb(content)))
    else:
        checks.write_text("def test_it(student):\n    assert student.f() == 2\n")
    assert read_mistakes(file, checks).variants == ()


def test_line_ends_do_not_matter(checks: Path) -> None:
    recorded(checks)
    checks.write_bytes(checks.read_bytes().replace(b"\n", b"\r\n"))
    assert read_mistakes(checks.parent / MISTAKES, checks).variants


@pytest.mark.parametrize("name", COURSE.assignments())
def test_no_code_and_nothing_hidden_is_handed_out(handout: Path, name: str) -> None:
    assignment = load_assignment(COURSE, name)
    content = zlib.decompress((handout / name / MISTAKES).read_bytes())
    known = read_mistakes(handout / name / MISTAKES, handout / name / PUBLIC_CHECKS)
    assert len(known.variants) >= 8 and known.runs
    assert all(check.startswith(f"{PUBLIC_CHECKS}::") for check, _ in known.runs)
    prose = "".join(
        part for v in known.variants for text in (v.explanation, v.hint) if text for part in (text.en, text.zh)
    )
    sources = [variant.source for variant in load_variants(assignment.solution / "misconceptions.py")]
    sources += [path.read_text("utf-8") for path in assignment.solution.glob("*.py")]
    lines = {
        line.strip() for source in sources for line in source.splitlines() if "(" in line and len(line.strip()) > 20
    }
    assert lines
    assert [line for line in lines if line.encode() in content and line not in prose] == []
