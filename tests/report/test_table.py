"""What the class looks like at a glance."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from autograder.course.manifest import Part
from autograder.records import Result, Status
from autograder.report import class_table
from autograder.text import Bilingual, Lang, Message
from tests.report.samples import DIAGNOSIS, assertion, assignment, check, eventful, result
from tests.report.screen import on_screen


def shown(*results: Result, lang: Lang = "en", width: int = 80) -> str:
    return on_screen(class_table(results, assignment(), lang), width)


def named(student: str, made: Result) -> Result:
    return replace(made, student=student)


GOOD = result(check(part="qr", points=40.0, max_points=40.0), check(points=60.0, max_points=60.0))
BAD = result(check(Status.FAILED, part="qr", max_points=40.0), check(points=12.5, max_points=60.0))


def test_table_sorts_students_as_people_do() -> None:
    text = shown(*(named(f"student-{number}", GOOD) for number in (10, 9, 1)))
    assert text.index("student-1 ") < text.index("student-9 ") < text.index("student-10")


def test_table_has_a_line_per_student_with_points_per_part() -> None:
    text = shown(named("a", GOOD), named("b", BAD))
    assert ["a", "passed", "100", "40", "60"] in [line.split() for line in text.splitlines()]
    assert ["b", "failed", "12.5", "0", "12.5"] in [line.split() for line in text.splitlines()]


def test_table_gives_mean_and_median() -> None:
    assert "mean 70.8, median 100 of 100 points; submissions: 3" in shown(named("a", GOOD), named("b", BAD), GOOD)


def test_table_gives_the_mean_of_each_part() -> None:
    lines = [line.split() for line in shown(named("a", GOOD), named("b", BAD)).splitlines()]
    assert ["2", "ridge", "·", "Ridge", "regression", "60", "36.2"] in lines


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_table_fits_the_terminal(lang: Lang, width: int) -> None:
    odd = named("student-with-a-rather-long-name-" * 2, result(check(Status.ERROR, message=assertion("x" * 200))))
    text = shown(eventful(), odd, GOOD, lang=lang, width=width)
    assert max(cell_len(line) for line in text.splitlines()) <= width


def test_table_fits_80_columns_with_eight_parts() -> None:
    parts = tuple(Part(f"p{i}", Bilingual("A part with a title", "某部分"), 12.5, ()) for i in range(8))
    made = result(
        *(check(part=part.id, points=12.5, max_points=12.5) for part in parts), problems=(assertion("y" * 90),)
    )
    text = on_screen(class_table([made], replace(assignment(), parts=parts), "en"))
    assert max(cell_len(line) for line in text.splitlines()) <= 80
    assert "student-07  passed" in text and "y" * 40 in text


def test_table_notes_what_explains_a_result_best() -> None:
    wrong = check(Status.FAILED, diagnosis=DIAGNOSIS)
    assert "penalised_intercept" in shown(result(wrong, wrong), width=120)
    assert "withheld: an error of ours (+1)" in shown(result(wrong, check(Status.ERROR)), width=120)
    assert "cell 7 raised NameError: name 'plt' is not defined (+2)" in shown(eventful(), width=160)


def test_table_says_why_somebody_has_nothing() -> None:
    missing = Message("student.missing", {"name": "ridge"})
    lost = check(Status.FAILED, message=missing, student_message=missing)
    assert "`ridge` is not defined in your file." in shown(result(lost, lost), width=120)
    assert "`ridge`" not in shown(result(lost, check()), width=120)


def test_table_lists_errors_and_violations() -> None:
    broken = check(Status.ERROR, message=assertion("KeyError in the check"))
    text = shown(named("a", result(broken)), named("b", result(check(Status.VIOLATION, message=assertion("ptrace")))))
    errors, violations = text.split("Errors of ours")[1].split("Violations")
    assert "a: KeyError in the check [test_public.py::TestRidge::test_ridge[tall]]" in errors
    assert "b: ptrace [test_public.py::TestRidge::test_ridge[tall]]" in violations


def test_table_lists_a_submission_whose_judge_was_lost() -> None:
    text = shown(result(status=Status.ERROR, problems=(assertion("the judge ended"),)))
    assert "student-07: the judge ended" in text.split("Errors of ours")[1]


def test_table_lists_checks_that_an_answer_broke_for_the_author() -> None:
    broken = check(Status.FAILED, message=Message("check.unexpected", {"type": "KeyError"}))
    listed = " ".join(shown(result(broken)).split("For the author")[1].split())
    assert "student-07: Your answer" in listed and "KeyError" in listed


def test_table_says_once_what_is_the_same_for_many_checks() -> None:
    act = Message("check.assertion", {"text": "stopped"}, (assertion("ptrace was called"),))
    text = shown(result(*(check(Status.VIOLATION, check=f"test_{i}", message=act) for i in range(15))))
    assert "student-07: stopped · ptrace was called [test_0, and 14 more]" in text and "test_1," not in text


def test_table_lists_nothing_where_nothing_is_wrong() -> None:
    text = shown(GOOD, named("b", BAD))
    assert not [word for word in ("Errors", "Violations", "author") if word in text]


def test_table_stamps_results_without_a_wall() -> None:
    assert "tier sealed, unsafe" in shown(GOOD, named("b", replace(GOOD, tier="unsafe")))
    assert "Graded without a wall" in shown(replace(GOOD, tier="unsafe"))


def test_table_takes_student_text_for_no_markup_and_lets_no_escape_through() -> None:
    hostile = "[red]x[/red]\x1b[2J\x9b1m"
    text = shown(
        named(hostile, result(check(Status.ERROR, message=assertion(hostile)), problems=(assertion(hostile),)))
    )
    assert "\x1b" not in text and "\x9b" not in text and text.count("[red]x[/red]") >= 3


def test_table_of_nobody_says_so_quietly() -> None:
    assert "median" not in shown()
