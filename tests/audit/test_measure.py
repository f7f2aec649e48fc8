"""What an audit makes of results: complaints, names, margins, gaps, changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.audit.measure import Ratio, changes, complaint, gaps, is_named, margins
from autograder.audit.plan import Entry, Kind
from autograder.intake import Submission
from autograder.judge.variants import Variant
from autograder.records import CheckResult, Diagnosis, Finding, Result, Status
from autograder.text import Bilingual
from tests.report.samples import check, result

TELL, HINT = Bilingual("You halve it.", "你取了一半。"), Bilingual("Double it.", "应当加倍。")
REFERENCE = Entry("reference", Kind.REFERENCE, Submission("reference", ()))
STUB = Entry("stub", Kind.STUB, Submission("stub", ()))
SLOW = Entry("slow", Kind.ALTERNATIVE, Submission("slow", ()), Variant("slow", "", loses=("test_fast",)))
HALF = Entry("half", Kind.MISCONCEPTION, Submission("half", ()), Variant("half", "", TELL, HINT, "ridge"))

FILE = "test_hidden.py"
Known = dict[tuple[str, int], Result]


def one(name: str, status: Status = Status.PASSED, **changes: object) -> CheckResult:
    return check(status, check=f"{FILE}::{name}", **changes)


def lost(name: str, **changes: object) -> CheckResult:
    return one(name, Status.FAILED, **changes)


@pytest.mark.parametrize(
    ("entry", "checks", "told"),
    [
        (REFERENCE, [one("test_a")], None),
        (REFERENCE, [lost("test_b"), lost("test_c")], f"reference: loses {FILE}::test_b and 1 more"),
        (REFERENCE, [one("test_a"), one("test_g", Status.SKIPPED, points=0.0, max_points=0.0)], None),
        (SLOW, [one("test_a"), lost("test_fast[big]")], None),
        (SLOW, [lost("test_a"), lost("test_fast")], f"slow: loses {FILE}::test_a"),
        (SLOW, [one("test_a"), one("test_fast")], "slow: does not lose test_fast, which `loses` says"),
        (SLOW, [one("test_a"), one("test_fast", Status.SKIPPED, points=0.0, max_points=0.0)], None),
        (STUB, [lost("test_a")], None),
        (STUB, [lost("test_a"), one("test_b")], f"stub: gets 20 points, of {FILE}::test_b"),
        (HALF, [lost("test_a"), one("test_b", part="qr")], None),
        (HALF, [one("test_a")], "half: gets all points"),
        (HALF, [lost("test_a"), lost("test_b", part="qr")], f"half: loses {FILE}::test_b, outside of part ridge"),
        (HALF, [one("test_a", Status.ERROR, detail="KeyError")], f"half: a fault of ours in {FILE}::test_a: KeyError"),
    ],
)  # fmt: skip
def test_complaint_says_what_is_wrong(entry: Entry, checks: list[CheckResult], told: str | None) -> None:
    assert complaint(entry, result(*checks)) == told


def test_forbidden_names_in_a_right_way_are_complained_of() -> None:
    finding = Finding("ridge", "forbid_calls", "numpy.linalg.pinv", "a.py", None, 3, "flag")
    told = complaint(REFERENCE, replace(result(one("test_a")), findings=(finding,)))
    assert told == "reference: uses numpy.linalg.pinv, which is forbidden"


def test_a_misconception_is_named_by_its_own_name_alone() -> None:
    named = lost("test_a", diagnosis=Diagnosis("half", TELL, HINT))
    sibling = lost("test_b", diagnosis=Diagnosis("half_too", TELL, HINT))
    other = lost("test_b", diagnosis=Diagnosis("other", HINT, HINT))
    assert is_named(HALF, result(named)) and is_named(HALF, result(named, sibling))
    assert not is_named(HALF, result(lost("test_a"))) and not is_named(HALF, result(named, other))
    assert not is_named(HALF, result(sibling))


def test_margins_are_of_right_ways_that_pass_and_of_wrong_ones_that_fail_by_a_number() -> None:
    known: Known = {
        ("reference", 0): result(one("test_a", margin=0.1), one("test_b"), one("test_c", margin=0.5)),
        ("reference", 1): result(one("test_a", margin=0.3), one("test_b"), one("test_c", margin=0.5)),
        ("slow", 0): result(one("test_a", margin=0.2), one("test_b"), one("test_c", margin=0.5)),
        ("half", 0): result(lost("test_a", margin=7.0), lost("test_b"), lost("test_c", margin=0.4)),
    }
    found = margins([REFERENCE, SLOW, HALF], known)
    assert [(each.check[-1], each.accepted, each.refused) for each in found] == [
        ("a", Ratio(0.3, "reference"), Ratio(7.0, "half")),
        ("c", Ratio(0.5, "reference"), None),  # failed by its form, after a number that was right
    ]


def test_gaps_lie_between_the_slowest_accepted_and_the_fastest_refused() -> None:
    known: Known = {
        ("reference", 0): result(one("test_fast", speed=1.0), one("test_a")),
        ("reference", 1): result(one("test_fast", speed=1.5), one("test_a")),
        ("reference", 2): result(one("test_fast", speed=9.0), one("test_a")),
        ("slow", 0): result(lost("test_fast", speed=90.0), one("test_a")),
        ("slow", 1): result(lost("test_fast", speed=60.0), one("test_a")),
        ("slow", 2): result(lost("test_fast", speed=2.0), one("test_a")),
        ("half", 0): result(one("test_fast", Status.TIMEOUT), lost("test_a")),
    }
    [gap] = gaps([REFERENCE, SLOW, HALF], known)
    assert (gap.accepted, gap.refused, gap.ratio) == (Ratio(1.5, "reference"), Ratio(60.0, "slow"), 40.0)
    assert gap.timeouts == 1


def test_changes_are_those_of_status_points_and_name() -> None:
    named = lost("test_a", diagnosis=Diagnosis("half", TELL, HINT))
    known: Known = {
        ("reference", 0): result(one("test_a"), one("test_b")),
        ("reference", 1): result(one("test_a", margin=0.9), one("test_b", Status.FAILED)),
        ("half", 0): result(named, one("test_b", part="qr")),
        ("half", 1): result(lost("test_a")),
    }
    assert [(each.variant, each.check[-1], each.seed, each.was, each.became) for each in changes(known)] == [
        ("half", "a", 1, "failed, 0 points, half", "failed, 0 points"),
        ("reference", "b", 1, "passed, 20 points", "failed, 0 points"),
    ]
