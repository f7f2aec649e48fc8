"""`autograder audit` from outside, on a course that is as it should be and on one that is not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from click.testing import Result as Ran

from autograder.audit import AuditOptions, make_plan, run_audit
from autograder.cli import main
from autograder.course import find_course, release
from autograder.errors import UsageError
from tests.cli.test_json import validate
from tests.conftest import TinyCourse, build_tiny

ALTERNATIVES = """
from autograder.judge.variants import Variant

ALTERNATIVES = (
    Variant("adds", "def double(x):\\n    return x + x\\n"),
    Variant("no_total", "def total(x):\\n    return 0.0\\n", loses=("test_total_is_right",)),
)
"""
# A loop has a mutant that never ends.
LOOP = """i, s = 0, 0.0
    while i < len(x):
        s += x[i]
        i += 1
    return float(s)
"""
TURNED = """
[[equivalent]]
before = "s += x[i]"
after = "s += x[i - 1]"
reason = "The same entries are added, the last one first."
"""
WRONGLY_LISTED = """
[[equivalent]]
before = "return float(s)"
after = "return -(float(s))"
reason = "It is not."
"""


def course(folder: Path) -> TinyCourse:
    tiny = build_tiny(folder)
    tiny.replace("solutions/tiny/tiny.py", "return float(x @ np.ones(len(x)))\n", LOOP)
    (tiny.root / "solutions/tiny/alternatives.py").write_text(ALTERNATIVES)
    (tiny.root / "solutions/tiny/equivalents.toml").write_text(TURNED)
    release(find_course(tiny.root), tiny.assignment())
    return tiny


def audit(tiny: TinyCourse, *arguments: str) -> Ran:
    return CliRunner().invoke(main, ["audit", "tiny", "--course", str(tiny.root), *arguments], env={"COLUMNS": "80"})


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    ran = audit(course(tmp_path_factory.mktemp("good")), "--json", "--seeds", "2")
    assert ran.exit_code == 0, ran.output
    data: dict[str, Any] = json.loads(ran.stdout)
    return data


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A right way that is refused, a wrong one that is not, one that is not named, and checks that see little."""
    tiny = course(tmp_path_factory.mktemp("bad"))
    tiny.replace("solutions/tiny/test_hidden.py", 'assert abs(measured - 34.875) < 1e-12, f"secret {measured}"', "pass")
    tiny.replace("solutions/tiny/alternatives.py", "return x + x", "return x + x + 1e-6")
    tiny.replace("solutions/tiny/misconceptions.py", "return x / 2", "return np.random.default_rng().normal() * x")
    (tiny.root / "solutions/tiny/equivalents.toml").write_text(WRONGLY_LISTED)
    return audit(tiny, "--seeds", "1")


def test_json_of_an_audit_is_what_the_guide_says(good: dict[str, Any]) -> None:
    validate(good, "audit")


def test_a_course_as_it_should_be_meets_its_goals(good: dict[str, Any]) -> None:
    [report] = good["audits"]
    assert good["passed"] and report["passed"] and report["missed"] == []
    assert report["accepted"] == {"count": 3, "of": 3}
    assert report["refused"] == report["named"] == {"count": 2, "of": 2}
    # Reference, stub, two right ways and two wrong ones; again without the stub.
    assert (report["seeds"], report["gradings"], report["changes"]) == (2, 11, [])


def test_a_mutant_that_never_ends_is_caught(good: dict[str, Any]) -> None:
    mutants = good["audits"][0]["mutants"]
    assert mutants["made"] - 1 == mutants["graded"] == mutants["killed"] > 10
    [equivalent] = good["audits"][0]["survivors"]
    assert (equivalent["after"], equivalent["reason"][:8]) == (["s += x[i - 1]"], "The same")
    assert good["audits"][0]["seconds"] < 120


def test_margins_name_the_nearest_on_either_side(good: dict[str, Any]) -> None:
    margins = {each["check"].rpartition("::")[2]: each for each in good["audits"][0]["margins"]}
    assert margins["test_double_of_ones"]["accepted"]["value"] == 0
    refused = margins["test_double_of_ones"]["refused"]
    assert refused["variant"] == "misconception-halves" and refused["value"] == pytest.approx(0.75e12)


def test_missed_goals_are_told_and_exit_with_1(bad: Ran) -> None:
    assert bad.exit_code == 1, bad.output
    told = bad.stdout.partition("Missed\n")[2]
    assert "alternative-adds: loses test_" in told
    assert "alternative-no_total: does not lose test_total_is_right, which `loses` says" in " ".join(told.split())
    assert "misconception-mean: gets all points" in told
    assert "misconception-halves: is not named" in told
    assert re.search(r"mutants: \d+\.\d% of \d+ are caught, 95% are wanted", told)


def test_survivors_are_shown_with_what_changed(bad: Ran) -> None:
    survivors = bad.stdout.partition("Survivors\n")[2].partition("Missed")[0]
    assert re.search(r"  line \d+, total, RemovedStatement\n    - s \+= x\[i\]\n    \+ pass\n", survivors)


def test_the_terminal_gets_lines_of_80_columns(bad: Ran) -> None:
    assert max(map(len, bad.stdout.splitlines())) <= 80


def test_a_sample_is_the_same_each_time_and_of_its_size(tmp_path: Path) -> None:
    tiny = course(tmp_path)
    options = AuditOptions(mutants=3, seeds=1, variants=False)
    plans = [make_plan(tiny.assignment(), options) for _ in range(2)]
    assert plans[0].mutants == plans[1].mutants and len(plans[0].mutants) == 3 and plans[0].sampled
    heard: list[str] = []
    report = run_audit(plans[0], options, lambda result, reused: heard.append(result.student))
    assert len(heard) == plans[0].size() == 4
    assert (report.accepted.of, report.refused.of, report.mutants.graded) == (1, 0, 3)
    assert make_plan(tiny.assignment(), AuditOptions(mutants=0)).made == 0


def test_a_mutant_that_is_no_equivalent_is_told(bad: Ran) -> None:
    told = " ".join(bad.stdout.partition("Missed\n")[2].split())
    assert "'return -(float(s))', is listed as equivalent, but loses test_hidden.py::test_total_is_right" in told


def test_a_part_whose_checks_are_skipped_is_left_out(tmp_path: Path) -> None:
    tiny = course(tmp_path)
    for first in ("x = np.array([31.25, -7.5, 11.125])", "value = student.total(np.empty(0))"):
        tiny.replace("solutions/tiny/test_hidden.py", first, f'pytest.skip("no device")\n    {first}')
    ran = audit(tiny, "--json", "--seeds", "2")
    assert ran.exit_code == 0, ran.output
    [report] = json.loads(ran.stdout)["audits"]
    [left_out] = report["left_out"]
    assert left_out["part"] == "total" and left_out["misconceptions"] == 1 and left_out["mutants"] > 5
    assert report["refused"] == {"count": 1, "of": 1} and report["survivors"] == []
    assert report["mutants"]["made"] == report["mutants"]["graded"] == report["mutants"]["killed"] > 1


def test_what_cannot_be_audited_is_refused(tmp_path: Path) -> None:
    tiny = course(tmp_path)
    (tiny.root / "solutions/tiny/equivalents.toml").write_text(WRONGLY_LISTED.replace("float(s))", "s)"))
    ran = audit(tiny)
    assert ran.exit_code == 2 and "no mutant turns 'return float(s)' into 'return -(s)'" in ran.stderr
    (tiny.root / "assignments/tiny/tiny.py").unlink()
    with pytest.raises(UsageError, match=r"tiny.py: cannot be read .*; make it with: autograder release"):
        make_plan(tiny.assignment(), AuditOptions(mutants=0))
    (tiny.root / "solutions/tiny/tiny.py").unlink()
    with pytest.raises(UsageError, match=r"tiny.py: cannot be read .*; an audit needs the reference"):
        make_plan(tiny.assignment(), AuditOptions(mutants=0))
