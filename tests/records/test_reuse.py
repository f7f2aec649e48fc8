"""Which results stand in for a new grading."""

from __future__ import annotations

import pytest

from autograder.records import TIERS, Status, reusable
from tests.report.samples import check, result


@pytest.mark.parametrize("kept", TIERS)
@pytest.mark.parametrize("wanted", TIERS)
def test_reuse_takes_an_equal_or_stronger_wall_only(kept: str, wanted: str) -> None:
    strong = {"sealed": 3, "confined": 2, "nofile": 1, "unsafe": 0}
    assert reusable(result(check(), tier=kept), wanted) is (strong[kept] >= strong[wanted])


def test_reuse_takes_no_unknown_tier_for_a_known_one() -> None:
    assert not reusable(result(check(), tier="of a later version"), "sealed")


def test_reuse_asks_again_where_a_device_has_come() -> None:
    skipped = result(check(), check(Status.SKIPPED))
    assert reusable(skipped, "sealed")
    assert not reusable(skipped, "sealed", has_device=True)
    assert reusable(result(check()), "sealed", has_device=True)


def test_reuse_never_takes_an_error() -> None:
    assert not reusable(result(check(Status.ERROR)), "sealed")
    assert not reusable(result(check(), status=Status.ERROR), "sealed")
    assert not reusable(result(check(Status.ERROR), check(), status=Status.PASSED), "unsafe")


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.ERROR}))
def test_reuse_takes_every_verdict_on_the_student(status: Status) -> None:
    assert reusable(result(check(status)), "sealed")
