"""The audit of every assignment, shorter than short: `autograder audit` does the whole of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.audit import SHORT, make_plan, run_audit
from autograder.course import find_course, load_assignment

QUICK = replace(SHORT, seeds=1, mutants=12)  # eight of them have to fit into `make test`
COURSE = find_course(Path(__file__).resolve().parents[2])


@pytest.mark.parametrize("name", COURSE.assignments())
def test_assignment_meets_its_goals(name: str) -> None:
    plan = make_plan(load_assignment(COURSE, name), QUICK)
    report = run_audit(plan, QUICK, lambda result, reused: None)
    assert report.missed == ()
    survivors = [(each.line, each.before, each.after) for each in report.survivors]
    assert len(survivors) <= 1, survivors
