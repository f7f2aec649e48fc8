"""Timing verdicts from scripted clocks: no real time is measured here."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import pytest

from autograder.judge import CheckFailure, assert_speed
from autograder.text import render


class Scripted:
    """A function behind a wall whose clock reads what the script says."""

    def __init__(self, seconds: Sequence[float], log: list[Any] | None = None) -> None:
        self.seconds = list(seconds)
        self.calls: list[tuple[Any, ...]] = []
        self.log = log if log is not None else []
        self.staging = 0.0

    def timed(self, *args: Any) -> tuple[Any, float, float]:
        self.calls.append(args)
        self.log.append((self, args))
        return ("value", *args), self.seconds[(len(self.calls) - 1) % len(self.seconds)], self.staging


def make_args(seed: int) -> tuple[int, str]:
    return seed, "data"


def run(student: Sequence[float], reference: Sequence[float], **options: Any) -> float:
    return assert_speed(
        Scripted(student), Scripted(reference), make_args, **{"limit": 10.0, "name": "solve"} | options
    )  # fmt: skip


def test_speed_returns_the_median_ratio_over_its_limit() -> None:
    assert run([2.0], [1.0]) == pytest.approx(0.2)
    assert run([1.0, 2, 3, 4, 5], [1.0], repeats=5) == pytest.approx(0.3)
    assert run([10.0], [1.0]) == 1.0


def test_speed_refuses_what_is_too_slow() -> None:
    with pytest.raises(CheckFailure) as info:
        run([0.12], [0.001], limit=47.0)
    assert str(info.value) == (
        "solve: takes 120 times as long as the reference, allowed 47\n"
        "  measured  median of 5 pairs of runs, one after the other, each on new data\n"
        "  seconds   0.12 (yours), 0.001 (reference)"
    )
    assert "参考解" in render(info.value.message, "zh")


def test_speed_never_prints_ratio_and_limit_alike() -> None:
    with pytest.raises(CheckFailure, match=r"takes 10\.0001 times .*, allowed 10\.?\s"):
        run([10.0001], [1.0])


def test_speed_is_not_moved_by_a_few_disturbed_runs() -> None:
    assert run([2.0, 500, 2, 500, 2, 2, 2], [1.0]) == pytest.approx(0.2)
    with pytest.raises(CheckFailure):
        run([500.0, 2, 500, 2, 500, 500, 500], [1.0])


def test_speed_pairs_runs_so_that_a_busy_machine_slows_both() -> None:
    load = [1.0, 9, 3, 7, 5]
    assert run([2 * x for x in load], load, repeats=5) == pytest.approx(0.2)


def test_speed_stops_when_the_others_cannot_change_the_verdict() -> None:
    for seconds, pairs in (([1.0], 6), ([39.0], 6), ([1.0, 39], 11), ([1.0, 1, 1, 39, 39], 8)):
        student, reference = Scripted(seconds), Scripted([1.0])
        try:
            assert_speed(student, reference, make_args, limit=10.0, name="solve", repeats=11)
        except CheckFailure:
            assert seconds[0] == 39
        assert len(student.calls) == len(reference.calls) == pairs


def test_speed_stops_after_two_runs_that_are_hopeless_but_not_after_one() -> None:
    for seconds, pairs in (([900.0, 1, 1, 1, 1, 1], 6), ([41.0], 2)):
        student, reference = Scripted(seconds), Scripted([1.0])
        with nullcontext() if seconds[0] == 900 else pytest.raises(CheckFailure):
            assert_speed(student, reference, make_args, limit=10.0, name="solve", repeats=9)
        assert len(student.calls) == len(reference.calls) == pairs


def test_speed_gives_both_sides_the_same_new_data_and_takes_turns() -> None:
    log: list[Any] = []
    student, reference = Scripted([1.0], log), Scripted([1.0], log)
    assert_speed(student, reference, make_args, limit=10.0, name="solve", repeats=5)
    assert student.calls == reference.calls == [(i, "data") for i in range(5)]
    assert [who is student for who, _ in log] == [True, False, False, True, True, False, False, True, True, False]


def test_speed_checks_every_timed_value() -> None:
    seen: list[Any] = []

    def check(value: Any, args: Any) -> None:
        seen.append((value, args))
        assert args[0] < 3, "wrong in the fourth run"

    with pytest.raises(AssertionError, match="wrong in the fourth run"):
        run([1.0], [1.0], check=check)
    assert seen == [(("value", i, "data"), (i, "data")) for i in range(4)]


@pytest.mark.parametrize(
    ("options", "reference", "text"),
    [
        ({"repeats": 4}, 1.0, "repeats=4 must lie between 5 and 11"),
        ({"repeats": 12}, 1.0, "repeats=12 must lie between 5 and 11"),
        ({"limit": 0.0}, 1.0, "limit=0.0 must be positive and finite"),
        ({"limit": float("nan")}, 1.0, "limit=nan must be positive and finite"),
        ({}, 0.0, "the reference took no measurable time; give it a larger problem"),
        ({}, float("nan"), "the reference took no measurable time"),
    ],
)
def test_speed_refuses_an_authors_mistake(options: dict[str, Any], reference: float, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        run([1.0], [reference], **options)


def test_speed_refuses_a_clock_that_is_not_a_number() -> None:
    with pytest.raises(CheckFailure):
        run([float("nan")], [1.0])


def test_speed_charges_work_done_while_arguments_are_taken_in() -> None:
    student, reference = Scripted([0.001]), Scripted([0.001])
    student.staging, reference.staging = 0.009, 0.004  # as much again as the twin needs is free, and a millisecond
    assert assert_speed(student, reference, make_args, limit=10.0, name="solve") == pytest.approx(0.1)
    student.staging = 0.1
    with pytest.raises(CheckFailure, match="takes 92 times"):
        assert_speed(student, reference, make_args, limit=10.0, name="solve")
