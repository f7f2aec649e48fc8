"""What helpers measured is kept, above all where it is what a check failed by."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from autograder.judge import (
    CheckFailure,
    assert_array,
    assert_backward_error,
    assert_close,
    assert_digits,
    assert_forward_error,
    assert_gradient,
    assert_min_norm,
    assert_scalar,
    assert_speed,
    assert_within,
)
from autograder.judge.margin import LARGEST, Margins, record_margin, record_speed
from autograder.text import Bilingual

X = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
FLAT = np.array([[1.0, 1.0], [2.0, 2.0]])  # of rank 1
THETA, Y = np.array([1.0, 2.0]), np.array([1.0, 3.0, 5.0])
WHAT = Bilingual("distance", "距离")


def slope(t: np.ndarray) -> float:
    return float(t @ t)


def test_margins_are_empty_where_nothing_was_measured() -> None:
    with Margins() as margins:
        pass
    assert (margins.worst(), margins.slowest()) == (None, None)


def test_margins_keep_the_order_and_give_the_greatest() -> None:
    with Margins() as margins:
        assert record_margin(0.5) == 0.5
        record_margin(2.0)
        record_margin(0.25)
        record_speed(9.0)
        assert record_speed(1.5) == 1.5
    assert (margins.numbers, margins.speeds) == ([0.5, 2.0, 0.25], [9.0, 1.5])
    assert (margins.worst(), margins.slowest()) == (2.0, 9.0)


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e307])
def test_margins_hold_no_number_that_json_lacks(value: float) -> None:
    assert Margins([0.5, value, 0.25]).worst() == LARGEST


def test_collections_are_of_their_own_and_nothing_is_kept_outside() -> None:
    record_margin(3.0)
    with Margins() as outer:
        record_margin(1.0)
        with Margins() as inner:
            record_margin(2.0)
        record_margin(4.0)
    assert (outer.numbers, inner.numbers) == ([1.0, 4.0], [2.0])


def wrong_gradient() -> float:
    return assert_gradient(slope, 2.1 * THETA, THETA, name="g", rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda: assert_close(THETA + 1e-3, THETA, rtol=1e-6, name="a"), id="close"),
        pytest.param(lambda: assert_close(1.5, 1.0, rtol=0.0, name="a"), id="close-nothing-allowed"),
        pytest.param(lambda: assert_within(3.0, 2.0, name="a", what=WHAT), id="within"),
        pytest.param(lambda: assert_within(math.nan, 2.0, name="a", what=WHAT), id="within-nan"),
        pytest.param(lambda: assert_backward_error(THETA + 1e-3, X, Y, name="a"), id="backward"),
        pytest.param(lambda: assert_backward_error(THETA, X, Y, penalty=[0.0, 1.0], name="a"), id="ridge"),
        pytest.param(lambda: assert_min_norm(np.array([2.0, 0.0]), FLAT, FLAT[:, 0], name="a"), id="min-norm"),
        pytest.param(lambda: assert_forward_error(THETA + 1e-3, THETA, X, Y, name="a"), id="forward"),
        pytest.param(lambda: assert_digits(THETA * 1.01, THETA, 6, name="a"), id="digits"),
        pytest.param(wrong_gradient, id="gradient"),
    ],
)
def test_what_a_check_failed_by_is_recorded(wrong: Callable[[], float]) -> None:
    with Margins() as margins, pytest.raises(CheckFailure):
        wrong()
    worst = margins.worst()
    assert worst is not None and worst > 1 and margins.speeds == []


@pytest.mark.parametrize(
    "right",
    [
        pytest.param(lambda: assert_close(THETA + 1e-9, THETA, rtol=1e-6, name="a"), id="close"),
        pytest.param(lambda: assert_within(1.0, 2.0, name="a", what=WHAT), id="within"),
        pytest.param(lambda: assert_backward_error(THETA, X, Y, name="a"), id="backward"),
        pytest.param(lambda: assert_min_norm(np.array([0.5, 0.5]), FLAT, FLAT[:, 0], name="a"), id="min-norm"),
        pytest.param(lambda: assert_forward_error(THETA, THETA, X, Y, name="a"), id="forward"),
        pytest.param(lambda: assert_digits(THETA, THETA, 6, name="a"), id="digits"),
        pytest.param(
            lambda: assert_gradient(slope, 2 * THETA, THETA, name="g", rng=np.random.default_rng(0)), id="gradient"
        ),
    ],
)
def test_what_a_check_returns_is_the_worst_that_is_recorded(right: Callable[[], float]) -> None:
    with Margins() as margins:
        returned = right()
    assert margins.worst() == returned <= 1


@pytest.mark.parametrize(
    "malformed",
    [
        lambda: assert_array([1.0], shape=(1,), dtype=np.float64, name="a"),
        lambda: assert_scalar(None, name="a"),
        lambda: assert_close(THETA.astype(np.float32), THETA, rtol=1e-6, name="a"),
        lambda: assert_backward_error(THETA[:1], X, Y, name="a"),
        lambda: assert_digits(THETA[:1], THETA, 6, name="a"),
    ],
)
def test_a_wrong_form_is_no_number(malformed: Callable[[], object]) -> None:
    with Margins() as margins, pytest.raises(CheckFailure):
        malformed()
    assert margins.worst() is None


class Taking:
    """A function that takes the same time whatever it is given."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def timed(self, *args: object) -> tuple[object, float, float]:
        return None, self.seconds, 0.0


@pytest.mark.parametrize("ratio", [1.5, 8.0])
def test_a_timing_is_recorded_as_it_was_measured_and_apart(ratio: float) -> None:
    def check() -> None:
        assert_speed(Taking(ratio), Taking(1.0), lambda seed: [seed], limit=4.0, name="f")

    with Margins() as margins:
        if ratio <= 4:
            check()
        else:
            with pytest.raises(CheckFailure):
                check()
    assert (margins.numbers, margins.speeds) == ([], [ratio])
