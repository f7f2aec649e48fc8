"""The engine on a tiny course: statuses, points, needs, diagnosis, and what a student may see."""

from __future__ import annotations

import json
import shutil

import pytest

from autograder.errors import UsageError
from autograder.records import CheckResult, Result, Status
from autograder.report import result_json
from autograder.text import Message, render
from tests.conftest import RIGHT, TinyCourse, build_tiny

LEAK = """
import numpy as np

kept = []

class Told(Exception):
    pass

def double(x):
    print("printed", x, kept)
    kept.append(x.tolist())
    if x[0] != 1:
        raise type(f"Told{x.tolist()}", (Told,), {})(f"told {x.tolist()}")
    return x + x

def total(x):
    print("printed", x, kept)
    raise ValueError(f"told {x.tolist()}")
"""


UNRELATED = ("x * 0.51", "np.zeros(3)", "x.tolist()", "x - 1", "None")
SUM = "s = 0.0\n"

CLASS = {
    "right": RIGHT,
    "halves": RIGHT.replace("x + x", "0.5 * x"),
    "hang": RIGHT.replace("return x + x", "while True: pass"),
    "crash": RIGHT.replace("return x + x", "import os; os._exit(0)"),
    "ptrace": RIGHT.replace("return x + x", "import ctypes; ctypes.CDLL(None).ptrace(0, 1, 0, 0)"),
    "stub": RIGHT.replace("return x + x", "raise NotImplementedError").replace("s = 0.0", "raise NotImplementedError"),
    "syntax": "def double(x:\n",
    "missing": RIGHT.replace("def total", "def totally"),
    "dies once": RIGHT.replace(SUM, SUM + "    if len(x) == 3:\n        import os; os._exit(3)\n"),
    "negative": RIGHT.replace("float(s)", "-float(s)"),
    "mean": RIGHT.replace("float(s)", "float(s) / max(len(x), 1)"),
    "text": RIGHT.replace("float(s)", "'much'"),
    "forbidden": RIGHT.replace("return float(s)", "return float(np.sum(x))"),
    "leak": LEAK,
    "escapes": RIGHT.replace("return x + x", r"print('\x1b[31mhello\x1b[0m'); return x + x"),
    "flood": RIGHT.replace("return x + x", "print('x' * 10**7); return x + x"),
    "import hangs": "while True: pass\n",
} | {f"unrelated {i}": RIGHT.replace("x + x", answer) for i, answer in enumerate(UNRELATED)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """The whole class, graded in one run, as an instructor does."""
    results = build_tiny(tmp_path_factory.mktemp("engine")).grade(*CLASS.values(), jobs=2)
    return dict(zip(CLASS, results, strict=True))


def check(result: Result, name: str) -> CheckResult:
    return next(one for one in result.checks if name in one.check)


def words(message: Message | None) -> str:
    assert message is not None
    return render(message, "en")


def test_right_answer_gets_all_points(graded: dict[str, Result]) -> None:
    result = graded["right"]
    assert (result.status, result.points, result.max_points) == (Status.PASSED, 100, 100)
    assert result.tier == "sealed"
    assert {"python", "numpy", "autograder", "pytest"} <= set(result.versions)
    assert result.cpu_seconds > 0


@pytest.mark.parametrize(
    ("name", "status", "points"),
    [
        ("halves", Status.FAILED, 40),
        ("hang", Status.TIMEOUT, 40),
        ("crash", Status.CRASHED, 40),
        ("ptrace", Status.VIOLATION, 40),
        ("stub", Status.FAILED, 0),
        ("syntax", Status.FAILED, 0),
        ("missing", Status.FAILED, 60),
        ("import hangs", Status.TIMEOUT, 0),
    ],
)
def test_statuses_and_points(graded: dict[str, Result], name: str, status: Status, points: float) -> None:
    assert (graded[name].status, graded[name].points) == (status, points)


def test_what_needs_a_failed_check_is_blocked(graded: dict[str, Result]) -> None:
    blocked = check(graded["halves"], "test_double_of_any")
    assert blocked.status is Status.BLOCKED
    assert "Twice one is two." in words(blocked.student_message)


def test_a_student_is_told_of_stub_syntax_and_missing_name(graded: dict[str, Result]) -> None:
    assert "not yet written" in words(check(graded["stub"], "test_total_is_right").student_message).lower()
    assert "`total`" in words(check(graded["missing"], "test_total_is_right").student_message)
    assert graded["syntax"].problems


def test_a_dead_worker_costs_one_check(graded: dict[str, Result]) -> None:
    result = graded["dies once"]
    assert check(result, "test_total_is_right").status is Status.CRASHED
    assert check(result, "test_total_of_nothing").status is Status.PASSED
    assert result.points == 70


def test_a_fraction_is_awarded_with_its_message(graded: dict[str, Result]) -> None:
    partial = check(graded["negative"], "test_total_is_right")
    assert partial.points == 15
    assert "other way round" in words(partial.message)


def test_a_misconception_is_named_in_both_languages(graded: dict[str, Result]) -> None:
    named = check(graded["halves"], "test_double_of_ones").diagnosis
    assert named is not None
    assert (named.misconception, named.explanation.zh) == ("halves", "你除以了二。")
    mean = check(graded["mean"], "test_total_is_right").diagnosis
    assert mean is not None and mean.misconception == "mean"


@pytest.mark.parametrize("i", range(len(UNRELATED)), ids=UNRELATED)
def test_an_unrelated_mistake_is_not_named(graded: dict[str, Result], i: int) -> None:
    result = graded[f"unrelated {i}"]
    assert check(result, "test_double_of_ones").status is Status.FAILED
    assert all(one.diagnosis is None for one in result.checks)


def test_an_answer_that_makes_the_check_raise_is_failed(graded: dict[str, Result]) -> None:
    unexpected = check(graded["text"], "test_total_of_nothing")
    assert unexpected.status is Status.FAILED
    assert "KeyError" in unexpected.detail


def test_a_forbidden_call_costs_the_part(graded: dict[str, Result]) -> None:
    result = graded["forbidden"]
    assert result.points == 60
    assert "numpy.sum" in words(check(result, "test_total_is_right").message)
    assert [finding.name for finding in result.findings] == ["numpy.sum"]


def test_nothing_of_a_hidden_check_reaches_the_student(graded: dict[str, Result]) -> None:
    result = graded["leak"]
    assert "31.25" in json.dumps(result_json(result, view="instructor"))  # the instructor sees it
    seen = json.dumps(result_json(result, view="student"), ensure_ascii=False)
    for secret in ("31.25", "3.25", "8.5", "11.125", "Told[", "told ["):
        assert secret not in seen
    hidden = words(check(result, "test_total_is_right").student_message)
    assert "ValueError" in hidden and "tiny.py, line 18" in hidden


def test_output_of_visible_checks_is_shown_without_escapes(graded: dict[str, Result]) -> None:
    assert check(graded["escapes"], "test_double_of_ones").output == "hello\n"


def test_a_print_flood_keeps_its_points_and_is_cut(graded: dict[str, Result]) -> None:
    assert graded["flood"].points == 100
    assert len(check(graded["flood"], "test_double_of_ones").output) < 5000


def test_a_file_that_hangs_at_import_costs_its_time_twice_and_no_checks(graded: dict[str, Result]) -> None:
    assert graded["import hangs"].cpu_seconds < 3
    assert "load" in words(graded["import hangs"].checks[0].student_message)


def test_results_do_not_depend_on_the_neighbours(tiny: TinyCourse, graded: dict[str, Result]) -> None:
    for name in ("right", "mean"):
        [alone] = tiny.grade(CLASS[name])
        among = graded[name]
        assert [(c.check, c.status, c.points) for c in alone.checks] == [
            (c.check, c.status, c.points) for c in among.checks
        ]


def test_a_check_that_raises_on_the_reference_too_is_our_error(tiny: TinyCourse) -> None:
    tiny.replace("solutions/tiny/test_hidden.py", "if value.__class__ is str:", "if True:")
    [result] = tiny.grade(RIGHT)
    broken = check(result, "test_total_of_nothing")
    assert (broken.status, broken.points, result.status) == (Status.ERROR, 0, Status.ERROR)
    assert result.points == 90


def test_points_that_do_not_add_up_are_refused(tiny: TinyCourse) -> None:
    tiny.replace("solutions/tiny/test_hidden.py", "points(10)", "points(11)")
    with pytest.raises(UsageError, match="'total' is worth 40 points and its checks 41"):
        tiny.grade(RIGHT)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('part("total")', 'part("sum")', "no part 'sum'"),
        ("@pytest.mark.points(10)\n", "", "pytest.mark.points"),
        ('@pytest.mark.why(en="An empty sum is zero.", zh="空和为零。")\n', "", "pytest.mark.why"),
        ('zh="空和为零。"', 'cn="空和为零。"', "takes en= and zh="),
        ('needs("test_double_of_ones")', 'needs("test_treble")', "no check has that name"),
        ("import numpy as np", "import numpy as", "cannot be collected"),
    ],
)
def test_a_broken_check_names_file_and_remedy(tiny: TinyCourse, old: str, new: str, words: str) -> None:
    tiny.replace("solutions/tiny/test_hidden.py", old, new)
    with pytest.raises(UsageError, match=words.replace("(", r"\(")):
        tiny.grade(RIGHT)


def test_an_author_may_write_a_fixture_student_of_their_own(tiny: TinyCourse) -> None:
    own = "@pytest.fixture\ndef student(student):\n    student.double(np.ones(1))\n    return student\n\n\n"
    tiny.replace("solutions/tiny/test_hidden.py", '@pytest.mark.part("double")', own + '@pytest.mark.part("double")')
    broken = RIGHT.replace("x + x", "(1 / 0 if len(x) == 1 else 2) * x")
    right, wrong = tiny.grade(RIGHT, broken)
    assert (right.points, wrong.points) == (100, 20)  # theirs is called for every hidden check, for no public one


@pytest.mark.parametrize("mark", ['skip(reason="x")', 'skipif("True", reason="x")'])
def test_a_check_that_is_marked_to_be_skipped_is_not_run(tiny: TinyCourse, mark: str) -> None:
    tiny.replace(
        "solutions/tiny/test_hidden.py", "def test_total_of_nothing", f"@pytest.mark.{mark}\ndef test_total_of_nothing"
    )
    [result] = tiny.grade(RIGHT.replace("def total(x):", "def total(x):\n    if not len(x): return 1"))
    skipped = check(result, "test_total_of_nothing")
    assert (skipped.status, skipped.max_points, skipped.cpu_seconds) == (Status.SKIPPED, 0, 0)


def test_a_student_without_the_solutions_can_check(tiny: TinyCourse) -> None:
    shutil.rmtree(tiny.root / "solutions")
    right, wrong, text = tiny.grade(
        RIGHT, RIGHT.replace("x + x", "x / 2"), RIGHT.replace("x + x", "'x'"), visible_only=True
    )
    assert [(r.status, r.points, r.max_points) for r in (right, wrong, text)] == [
        (Status.PASSED, 20, 20),
        (Status.FAILED, 0, 20),
        (Status.FAILED, 0, 20),
    ]
