"""The engine on a tiny course: statuses, points, needs, diagnosis, and what a student may see."""

from __future__ import annotations

import json

import pytest

from autograder.errors import UsageError
from autograder.records import Result, Status
from autograder.report import result_json
from autograder.text import render
from tests.conftest import RIGHT, TinyCourse


def check(result: Result, name: str) -> object:
    return next(one for one in result.checks if name in one.check)


def test_right_answer_gets_all_points(tiny: TinyCourse) -> None:
    [result] = tiny.grade(RIGHT)
    assert (result.status, result.points, result.max_points) == (Status.PASSED, 100, 100)
    assert result.tier == "sealed"
    assert {"python", "numpy", "autograder", "pytest"} <= set(result.versions)
    assert result.cpu_seconds > 0


def test_statuses_and_points_of_a_mixed_class(tiny: TinyCourse) -> None:
    wrong = RIGHT.replace("x + x", "x / 2")
    hang = RIGHT.replace("return x + x", "while True: pass")
    crash = RIGHT.replace("return x + x", "import os; os._exit(0)")
    ptrace = RIGHT.replace("return x + x", "import ctypes; ctypes.CDLL(None).ptrace(0, 1, 0, 0)")
    stub = RIGHT.replace("return x + x", "raise NotImplementedError").replace("s = 0.0", "raise NotImplementedError")
    syntax = "def double(x:\n"
    missing = RIGHT.replace("def total", "def totally")
    results = tiny.grade(wrong, hang, crash, ptrace, stub, syntax, missing)
    assert [(r.status, r.points) for r in results] == [
        (Status.FAILED, 40),
        (Status.TIMEOUT, 40),
        (Status.CRASHED, 40),
        (Status.VIOLATION, 40),
        (Status.FAILED, 0),
        (Status.FAILED, 0),
        (Status.FAILED, 60),
    ]
    assert check(results[0], "test_double_of_any").status is Status.BLOCKED
    assert "not yet written" in render(check(results[4], "test_total_is_right").student_message, "en").lower()
    assert results[5].problems
    assert "`total`" in render(check(results[6], "test_total_is_right").student_message, "en")


def test_a_dead_worker_costs_one_check(tiny: TinyCourse) -> None:
    [result] = tiny.grade(RIGHT.replace("s = 0.0", "s = 0.0\n    if len(x) == 3:\n        import os; os._exit(3)"))
    assert check(result, "test_total_is_right").status is Status.CRASHED
    assert check(result, "test_total_of_nothing").status is Status.PASSED
    assert result.points == 70


def test_a_fraction_is_awarded_with_its_message(tiny: TinyCourse) -> None:
    [result] = tiny.grade(RIGHT.replace("float(s)", "-float(s)"))
    assert check(result, "test_total_is_right").points == 15
    assert "other way round" in render(check(result, "test_total_is_right").message, "en")


def test_a_misconception_is_named_in_both_languages(tiny: TinyCourse) -> None:
    halves, mean = tiny.grade(
        RIGHT.replace("x + x", "0.5 * x"), RIGHT.replace("float(s)", "float(s) / max(len(x), 1)")
    )
    named = check(halves, "test_double_of_ones").diagnosis
    assert (named.misconception, named.explanation.zh) == ("halves", "你除以了二。")
    assert check(mean, "test_total_is_right").diagnosis.misconception == "mean"


@pytest.mark.parametrize("answer", ["x * 0.51", "np.zeros(3)", "x.tolist()", "x - 1", "None"])
def test_an_unrelated_mistake_is_not_named(tiny: TinyCourse, answer: str) -> None:
    [result] = tiny.grade(RIGHT.replace("x + x", answer))
    assert check(result, "test_double_of_ones").status is Status.FAILED
    assert all(one.diagnosis is None for one in result.checks)


def test_an_answer_that_makes_the_check_raise_is_failed(tiny: TinyCourse) -> None:
    [result] = tiny.grade(RIGHT.replace("float(s)", "'much'"))
    assert check(result, "test_total_of_nothing").status is Status.FAILED
    assert "KeyError" in check(result, "test_total_of_nothing").detail


def test_a_check_that_raises_on_the_reference_too_is_our_error(tiny: TinyCourse) -> None:
    tiny.replace("solutions/tiny/test_hidden.py", "if value.__class__ is str:", "if True:")
    [result] = tiny.grade(RIGHT)
    broken = check(result, "test_total_of_nothing")
    assert (broken.status, broken.points, result.status) == (Status.ERROR, 0, Status.ERROR)
    assert result.points == 90


def test_a_forbidden_call_costs_the_part(tiny: TinyCourse) -> None:
    [result] = tiny.grade(RIGHT.replace("return float(s)", "return float(np.sum(x))"))
    assert result.points == 60
    assert "numpy.sum" in render(check(result, "test_total_is_right").message, "en")
    assert [finding.name for finding in result.findings] == ["numpy.sum"]


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


def test_nothing_of_a_hidden_check_reaches_the_student(tiny: TinyCourse) -> None:
    [result] = tiny.grade(LEAK)
    assert "31.25" in json.dumps(result_json(result, view="instructor"))  # the instructor sees it
    seen = json.dumps(result_json(result, view="student"), ensure_ascii=False)
    for secret in ("31.25", "3.25", "8.5", "11.125", "Told[", "told [", "printed ["):
        assert secret not in seen
    hidden = render(check(result, "test_total_is_right").student_message, "en")
    assert "ValueError" in hidden and "tiny.py, line 19" in hidden


def test_output_of_visible_checks_is_shown_without_escapes(tiny: TinyCourse) -> None:
    [result] = tiny.grade(RIGHT.replace("return x + x", r"print('\x1b[31mhello\x1b[0m'); return x + x"))
    assert check(result, "test_double_of_ones").output == "hello\n"


def test_a_print_flood_keeps_its_points_and_is_cut(tiny: TinyCourse) -> None:
    [result] = tiny.grade(RIGHT.replace("return x + x", "print('x' * 10**7); return x + x"))
    assert result.points == 100
    assert len(check(result, "test_double_of_ones").output) < 5000


def test_a_file_that_hangs_at_import_costs_its_time_once(tiny: TinyCourse) -> None:
    [result] = tiny.grade("while True: pass\n")
    assert result.status is Status.TIMEOUT
    assert result.points == 0
    assert result.cpu_seconds < 2
    assert "load" in render(result.checks[0].student_message, "en")


def test_results_do_not_depend_on_the_neighbours(tiny: TinyCourse) -> None:
    alone = tiny.grade(RIGHT)[0]
    among = tiny.grade("import os; os._exit(0)", RIGHT, "while True: pass")[1]
    assert [(c.check, c.status, c.points) for c in alone.checks] == [(c.check, c.status, c.points) for c in among.checks]


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
