"""Which goals a report calls missed, and how a terminal shows it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.audit.mutate import Mutant
from autograder.audit.plan import Plan
from autograder.audit.report import LeftOut, Report, Score, make_report
from autograder.audit.run import Measured
from autograder.audit.show import report_json, report_text, summary_text
from autograder.records import CheckResult, Result, Status
from tests.audit.test_measure import FILE, HALF, REFERENCE, SLOW, lost, one
from tests.cli.test_json import validate
from tests.report.samples import assignment, result

MUTANT = Mutant("ridge", "ridge", 12, "Sign", ("r = y - z",), ("r = -(y - z)",), "")


def report(known: dict[tuple[str, int], Result], killed: list[CheckResult | None], equivalent: int = 0) -> Report:
    """Return the report of known ways and of as many mutants as `killed` has; the last `equivalent` are listed."""
    mutants = [replace(MUTANT, line=i) for i in range(len(killed))]
    first = len(mutants) - equivalent
    listed = tuple(
        (mutant, "It is squared, and the square of a number is that of its negative.") for mutant in mutants[first:]
    )
    plan = Plan(assignment(), (REFERENCE, SLOW, HALF), 2, tuple(mutants[:first]), listed, len(mutants))
    return make_report(plan, Measured("sealed", known, dict(enumerate(killed))), 61.0)


def known(accepted: float, refused: float | None, **changes: object) -> dict[tuple[str, int], Result]:
    slow = one("test_fast", Status.PASSED) if refused is None else lost("test_fast", speed=refused)
    return {
        ("reference", 0): result(one("test_fast", speed=accepted), one("test_a", margin=0.25, **changes)),
        ("slow", 0): result(slow, one("test_a", margin=0.5)),
        ("half", 0): result(one("test_fast", speed=accepted), lost("test_a", margin=8.0)),
    }


def test_a_gap_below_two_is_missed() -> None:
    assert (
        f"{FILE}::test_fast: refuses at 1.5 times what it accepts; a gap below 2 tells nothing"
        in report(known(2.0, 3.0), []).missed
    )
    assert not any("test_fast" in said for said in report(known(2.0, 4.0), []).missed)


def test_a_timing_check_that_refuses_nothing_is_missed() -> None:
    told = f"{FILE}::test_fast: no known way is too slow for it; add an alternative with `loses`"
    assert told in report(known(2.0, None), []).missed


def test_what_changes_with_the_seed_is_missed() -> None:
    graded = known(2.0, 9.0)
    graded["reference", 1] = result(one("test_fast", speed=2.0), lost("test_a"))
    made = report(graded, [])
    assert f"reference: {FILE}::test_a changes with seed 1" in made.missed and len(made.changes) == 1


@pytest.mark.parametrize(("survivors", "told"), [(1, False), (2, True)])
def test_the_score_is_of_mutants_that_are_not_equivalent(survivors: int, told: bool) -> None:
    killed: list[CheckResult | None] = [lost("test_a")] * (20 - survivors) + [None] * survivors + [None]
    made = report(known(2.0, 9.0), killed, equivalent=1)
    assert (made.mutants.graded, made.mutants.equivalent, made.mutants.killed) == (20, 1, 20 - survivors)
    assert any(said == "mutants: 90.0% of 20 are caught, 95% are wanted" for said in made.missed) is told
    assert [each.reason is None for each in made.survivors] == [True] * survivors + [False]


def test_faults_of_ours_do_not_count_in_silence() -> None:
    made = report(known(2.0, 9.0), [one("test_a", Status.ERROR, detail="KeyError: 3")])
    assert f"mutant 0: a fault of ours in {FILE}::test_a: KeyError: 3" in made.missed


def test_text_is_of_80_columns_and_says_each_goal() -> None:
    made = report(known(2.0, 9.0), [lost("test_a"), None, None], equivalent=1)
    text = report_text(made, all_margins=True).plain
    assert max(map(len, text.splitlines())) <= 80
    for told in (
        "least_squares  failed",
        "accepted      2 of 2",
        "refused       1 of 1",
        "named         0 of 1",
        "1 of 2 killed, 50.0 % (1 equivalent besides)",
        "0 verdict changes over 2 seeds, 3 gradings",
        "0.5 of the limit (slow)",
        "8 times the limit (half)",
        "accepted up to 2, refused from 9, 4.5 times that",
        "took          1 min 01 s, tier sealed",
        "    - r = y - z\n    + r = -(y - z)\n    It is squared",
        "  half: is not named\n",
        "     0.5         8  test_a\n",
    ):
        assert told in text, told


def test_the_end_of_several_audits_says_which_failed_and_why() -> None:
    good, bad = report(known(2.0, 9.0), []), replace(report(known(2.0, 3.0), []), assignment="kmeans")
    good = replace(good, missed=())
    assert summary_text([good, good]).plain == "All 2 passed\n"
    told = summary_text([good, bad]).plain
    assert told.startswith("1 of 2 failed\n\nkmeans\n") and "refuses at 1.5 times" in told
    assert good.assignment not in told


def test_a_part_that_is_skipped_counts_nowhere_but_is_told() -> None:
    plan = Plan(assignment(), (REFERENCE, HALF), 1, (MUTANT, replace(MUTANT, part="qr")), ((MUTANT, "It is."),), 3)
    graded = {("reference", 0): result(one("test_a", Status.SKIPPED, points=0.0, max_points=0.0), one("b", part="qr"))}
    made = make_report(plan, Measured("sealed", graded, {0: lost("b")}, ("ridge",)), 1.0)
    assert made.missed == () and (made.refused.of, made.survivors) == (0, ())
    assert made.mutants == Score(made=1, equivalent=0, graded=1, killed=1)
    assert made.left_out == (LeftOut("ridge", misconceptions=1, mutants=2),)
    told = "part ridge: its checks are skipped on this machine\n                (1 misconceptions, 2 mutants)"
    assert told in report_text(made).plain
    validate(report_json([made]), "audit")


def test_json_holds_the_score() -> None:
    made = report(known(2.0, 9.0), [lost("test_a"), None])
    data = report_json([made])
    validate(data, "audit")
    assert data["audits"][0]["mutants"]["score"] == 0.5 and not data["passed"]
