"""One number against its limit: when it passes, and what is said when it does not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograder.judge import CheckFailure, assert_within
from autograder.text import Bilingual, render

WHAT = Bilingual("distance from the optimum, in standard errors", "与最优解的距离，以标准误为单位")
LIKELY = Bilingual("it stops after a few steps", "只迭代了几步就停止")


def failure(measured: float, limit: float, **options: object) -> CheckFailure:
    with pytest.raises(CheckFailure) as caught:
        assert_within(measured, limit, name="irls", what=WHAT, **options)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(("measured", "ratio"), [(0.0, 0.0), (1.0, 0.5), (2.0, 1.0), (-4.0, -2.0)])
def test_within_returns_measured_over_limit(measured: float, ratio: float) -> None:
    assert assert_within(measured, 2.0, name="irls", what=WHAT) == ratio


def test_within_says_what_was_measured_in_both_languages() -> None:
    message = failure(3.2, 1e-6).message
    assert render(message, "en") == ("irls: distance from the optimum, in standard errors: 3.2, allowed 1e-06")
    assert render(message, "zh") == "irls：与最优解的距离，以标准误为单位：3.2，容许 1e-06"


def test_within_says_what_is_likely_in_both_languages() -> None:
    message = failure(3.2, 1e-6, likely=LIKELY).message
    assert "it stops after a few steps" in render(message, "en").splitlines()[-1]
    assert "只迭代了几步就停止" in render(message, "zh").splitlines()[-1]


def test_within_never_shows_two_different_numbers_alike() -> None:
    told = render(failure(1.0000001, 1.0).message, "en")
    assert "1.0000001, allowed 1" in told


@pytest.mark.parametrize("measured", [math.nan, math.inf, np.float64("nan")])
def test_within_refuses_what_is_no_finite_number(measured: float) -> None:
    assert str(float(measured)) in render(failure(measured, 1.0).message, "en")


def test_within_hands_on_the_symptom() -> None:
    assert failure(2.0, 1.0).symptom is None
    assert failure(2.0, 1.0, symptom="uniform draws").symptom == "uniform draws"


@pytest.mark.parametrize("limit", [0.0, -1.0, math.inf, math.nan])
def test_within_refuses_a_limit_that_makes_no_sense(limit: float) -> None:
    with pytest.raises(ValueError, match=r"irls: limit=.* must be positive and finite"):
        assert_within(0.0, limit, name="irls", what=WHAT)
