"""Nothing of a hidden check reaches its student, by whatever way it is shown."""

from __future__ import annotations

import json

import pytest

from autograder.records import Status
from autograder.report import feedback, result_json, student_view
from autograder.text import Lang, Message
from tests.report.samples import HINT, assertion, assignment, check, result
from tests.report.screen import on_screen

SECRET = "s3cr3t"
LEAKY = result(
    *(
        check(
            status,
            hidden=True,
            check=f"test_hidden.py::TestRidge::test_ridge[{SECRET}]",
            message=Message("check.assertion", {"text": SECRET}, (assertion(SECRET),)),
            student_message=Message("student.raised_type", {"type": "ValueError", "unused": SECRET}),
            output=f"{SECRET}\n",
            detail=f"assert {SECRET} == 1",
            hint=HINT,
        )
        for status in Status
    ),
    check(Status.FAILED, message=assertion("2 of 3 differ"), output="mine", detail=f"assert {SECRET}"),
)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("colour", [False, True])
def test_feedback_holds_nothing_hidden(lang: Lang, colour: bool) -> None:
    shown = on_screen(feedback(LEAKY, assignment(), lang), 10_000, colour)
    assert SECRET not in shown and "test_hidden" not in shown
    assert "ValueError" in shown and HINT.get(lang) in shown and "mine" in shown


def test_json_for_the_student_holds_nothing_hidden() -> None:
    shown = json.dumps(result_json(LEAKY), ensure_ascii=False)
    assert SECRET not in shown and "test_hidden" not in shown
    assert "ValueError" in shown and "mine" in shown


def test_json_is_the_students_view_unless_asked() -> None:
    assert result_json(LEAKY) == result_json(LEAKY, "student")


def test_timings_of_hidden_checks_are_hidden() -> None:
    slow = result(check(hidden=True, seconds=1.25, cpu_seconds=1.5))
    assert "seconds" not in result_json(slow)["checks"][0]
    assert student_view(slow).checks[0].seconds == student_view(slow).checks[0].cpu_seconds == 0


def test_margins_are_the_instructors() -> None:
    measured = result(check(hidden=True, margin=0.5, speed=1.25))
    assert not {"margin", "speed"} & result_json(measured)["checks"][0].keys()
    assert (student_view(measured).checks[0].margin, student_view(measured).checks[0].speed) == (None, None)
    told = result_json(measured, "instructor")["checks"][0]
    assert (told["margin"], told["speed"]) == (0.5, 1.25)


def test_seed_and_key_are_the_instructors() -> None:
    kept = result(check(), seed=77, key="abc")
    assert not {"seed", "key"} & result_json(kept).keys()
    assert (result_json(kept, "instructor")["seed"], result_json(kept, "instructor")["key"]) == (77, "abc")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_feedback_for_the_instructor_shows_everything(lang: Lang) -> None:
    shown = on_screen(feedback(LEAKY, assignment(), lang, instructor=True), 10_000)
    each = len(Status)
    assert shown.count(f"test_ridge[{SECRET}]") == each
    assert shown.count(f"│ {SECRET}\n") == each  # output
    assert shown.count(f"│ assert {SECRET} == 1") == each
    assert shown.count("ValueError") == each  # what the student sees


def test_json_for_the_instructor_shows_everything() -> None:
    first = result_json(LEAKY, "instructor")["checks"][0]
    assert SECRET in first["check"] and SECRET in first["output"] and SECRET in first["detail"]
    assert SECRET in first["message"]["en"] and "ValueError" in first["student_message"]["zh"]
