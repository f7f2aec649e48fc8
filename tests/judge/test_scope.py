"""How much of the checks is run: all, those of a part, or those in an order of their own until one is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from autograder.judge.job import ALL, Job, Scope
from autograder.judge.lane import Lane
from autograder.records import Result
from tests.conftest import RIGHT, TinyCourse, build_tiny

HALVES = RIGHT.replace("x + x", "0.5 * x")
ONES = "test_public.py::test_double_of_ones"
TOTAL, NOTHING = "test_hidden.py::test_total_is_right", "test_hidden.py::test_total_of_nothing"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> TinyCourse:
    return build_tiny(tmp_path_factory.mktemp("scope"))


@pytest.fixture(scope="module")
def lane(course: TinyCourse) -> Iterator[Lane]:
    made = Lane(course.assignment(), "sealed")
    yield made
    made.close()


Grade = Callable[..., Result]


@pytest.fixture
def checks(course: TinyCourse, lane: Lane) -> Grade:
    """Return what grades a source text."""

    def grade(source: str, scope: Scope = ALL) -> Result:
        [submission] = course.submissions(source)
        return lane.grade(Job(submission, "", 0, scope))

    return grade


def test_all_checks_are_run_unless_told_otherwise(checks: Grade) -> None:
    assert len(checks(RIGHT).checks) == 5 and checks(RIGHT).max_points == 100


def test_a_part_is_run_alone(checks: Grade) -> None:
    result = checks(HALVES, Scope(parts=("double",)))
    assert {check.part for check in result.checks} == {"double"}
    assert (result.points, result.max_points) == (0, 60)
    assert result.checks[0].diagnosis is not None and result.checks[0].diagnosis.misconception == "halves"


def test_checks_run_in_the_order_given(checks: Grade) -> None:
    result = checks(RIGHT, Scope(checks=(NOTHING, TOTAL, ONES)))
    assert [check.check for check in result.checks] == [NOTHING, TOTAL, ONES]
    assert result.points == result.max_points == 60


def test_until_lost_stops_at_the_first_loss_and_asks_not_why(checks: Grade) -> None:
    result = checks(HALVES, Scope(checks=(NOTHING, ONES, TOTAL), until_lost=True))
    assert [(check.check, check.points) for check in result.checks] == [(NOTHING, 10), (ONES, 0)]
    assert [check.diagnosis for check in result.checks] == [None, None]


def test_until_lost_runs_to_the_end_where_nothing_is_lost(checks: Grade) -> None:
    result = checks(RIGHT, Scope(until_lost=True))
    assert len(result.checks) == 5 and result.points == result.max_points == 100


def test_until_lost_takes_partial_credit_for_a_loss(checks: Grade) -> None:
    result = checks(RIGHT.replace("float(s)", "-float(s)"), Scope(checks=(TOTAL, ONES), until_lost=True))
    assert [check.points for check in result.checks] == [15]


def test_a_scope_leaves_no_trace_in_the_next_grading(checks: Grade) -> None:
    checks(HALVES, Scope(checks=(ONES,), until_lost=True))
    assert checks(RIGHT).points == 100


def test_the_margin_of_a_check_is_in_its_result(checks: Grade) -> None:
    by_name = {check.check: check for check in checks(RIGHT.replace("x + x", "x + x + 1e-13")).checks}
    assert by_name[ONES].margin == pytest.approx(0.05, rel=1e-2)  # of 1e-12 of 2
    assert by_name[ONES].speed is None and by_name[NOTHING].margin is None
    wrong = {check.check: check for check in checks(HALVES).checks}
    assert wrong[ONES].margin == pytest.approx(0.75e12)
