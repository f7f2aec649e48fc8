"""Naming by symptom: answers that differ from run to run, of which the check itself knows what is wrong."""

from __future__ import annotations

import pytest

from autograder.records import Diagnosis
from tests.conftest import RIGHT, TinyCourse

# A check of a random answer: it recognises two ways to be wrong, and refuses a third without a word for it.
CHECK = """    measured = assert_scalar(student.total(x), name="total")
    kind = "large" if measured > 100 else "small" if 0 < measured < 1 else None
    if kind is not None:
        raise CheckFailure(Message("text.plain", {"text": kind}), symptom=kind)
    if measured == -5:
        raise CheckFailure(Message("text.plain", {"text": "no word for it"}))
"""
IMPORTS = "from autograder.judge import CheckFailure, PartialCredit, assert_close, assert_scalar\n"
DRAWS = "def total(x):\\n    return float(np.random.default_rng().uniform({low}, {high})) if len(x) else 0.0\\n"


def answer(value: str) -> str:
    """Return a submission whose `total` of something is `value`."""
    return RIGHT.replace("return float(s)", f"return float({value}) if len(x) else 0.0")


def draws(low: float, high: float) -> str:
    return answer(f"np.random.default_rng().uniform({low}, {high})")


def with_symptoms(tiny: TinyCourse, misconception: str) -> TinyCourse:
    """Return the tiny course with a check of symptoms, and a misconception `mean` whose `total` is drawn anew."""
    hidden = "solutions/tiny/test_hidden.py"
    tiny.replace(hidden, IMPORTS.replace("CheckFailure, ", ""), IMPORTS + "from autograder.text import Message\n")
    tiny.replace(hidden, '    measured = assert_scalar(student.total(x), name="total")\n', CHECK)
    tiny.replace(
        "solutions/tiny/misconceptions.py",
        '"def total(x):\\n    return float(np.mean(x)) if len(x) else 0.0\\n"',
        f'"{misconception}"',
    )
    return tiny


def named(tiny: TinyCourse, source: str) -> list[Diagnosis]:
    [result] = tiny.grade(source)
    failed = [check for check in result.checks if "test_total_is_right" in check.check]
    assert failed[0].points < failed[0].max_points
    return [check.diagnosis for check in failed if check.diagnosis is not None]


def test_answers_that_differ_are_named_by_the_symptom_that_they_share(tiny: TinyCourse) -> None:
    [diagnosis] = named(with_symptoms(tiny, DRAWS.format(low=200, high=300)), draws(400, 500))
    assert diagnosis.misconception == "mean"


@pytest.mark.parametrize(
    ("misconception", "submission"),
    [
        pytest.param(DRAWS.format(low=200, high=300), draws(0.1, 0.9), id="another symptom"),
        pytest.param(DRAWS.format(low=-5, high=-5), draws(400, 500), id="the misconception has none"),
        pytest.param(DRAWS.format(low=200, high=300), answer("-5"), id="the submission has none"),
    ],
)
def test_what_shares_no_symptom_is_not_named(tiny: TinyCourse, misconception: str, submission: str) -> None:
    assert named(with_symptoms(tiny, misconception), submission) == []


def test_where_neither_has_a_symptom_answers_decide_as_always(tiny: TinyCourse) -> None:
    course = with_symptoms(tiny, DRAWS.format(low=-5, high=-5))
    [diagnosis] = named(course, answer("-5"))
    assert diagnosis.misconception == "mean"
    assert named(course, answer("-6")) == []
