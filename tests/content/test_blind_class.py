"""How well mistakes are named: wrong submissions that were written without sight of the misconceptions and the checks.

`expected.toml` beside them says what each holds, decided before it was graded, and what it was told. Graded together
with the example class (see `grade_class`), they cost about a minute of CPU more.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from autograder.records import Status
from tests.content.example_class import EXAMPLES, Graded, grade_class, judged, names, submissions, trouble

LEAST = 0.90  # of the misconceptions held are named: 84 of 90 were, rounded down to the next 5 %
FALSE = 0  # names that are not the mistake made, at most; each is one too many (examples/README.md says why)
FOLDERS = sorted(file.parent.parent.name for file in EXAMPLES.glob("*/blind/expected.toml"))
EXPECTED: dict[str, dict[str, dict[str, Any]]] = {
    name: tomllib.loads((EXAMPLES / name / "blind" / "expected.toml").read_text("utf-8")) for name in FOLDERS
}


@pytest.fixture(scope="module")
def graded(request: pytest.FixtureRequest) -> Graded:
    """Return the blind submissions to an assignment and their results."""
    return grade_class(request.param, "blind")


def count(name: str, *keys: str) -> int:
    """Return how many names of an assignment's submissions stand under all the keys."""
    return sum(len(set.intersection(*(set(wanted.get(key, [])) for key in keys))) for wanted in EXPECTED[name].values())


@pytest.mark.parametrize("name", FOLDERS)
def test_blind_submissions_are_those_described(name: str) -> None:
    assert [submission.student for submission in submissions(name, "blind")] == sorted(EXPECTED[name])
    for student, wanted in EXPECTED[name].items():
        told, apt, false = (set(wanted.get(key, [])) for key in ("named", "apt", "false"))
        assert wanted["about"].endswith("."), student
        assert told - set(wanted["holds"]) - apt == false, student


@pytest.mark.audit
@pytest.mark.parametrize(
    ("graded", "student"),
    [(name, student) for name in FOLDERS for student in sorted(EXPECTED[name])],
    indirect=["graded"],
)
def test_blind_submission_loses_points_and_is_told_what_is_recorded(graded: Graded, student: str) -> None:
    result, wanted = judged(graded, student), EXPECTED[graded.name][student]
    assert result.points < result.max_points
    assert all(check.status is not Status.ERROR for check in result.checks), trouble(result)
    assert names(result) == sorted(wanted["named"]), trouble(result)


def test_most_misconceptions_are_named_and_hardly_any_name_is_false() -> None:
    held = sum(count(name, "holds") for name in FOLDERS)
    assert sum(count(name, "holds", "named") for name in FOLDERS) >= LEAST * held
    assert sum(count(name, "false") for name in FOLDERS) <= FALSE


def test_readme_states_how_well_mistakes_are_named() -> None:
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", (EXAMPLES / "README.md").read_text("utf-8"), flags=re.MULTILINE)
    stated = {name: [int(cell) for cell in cells.split("|")] for name, cells in rows}
    keys = (("holds",), ("holds", "named"), ("apt", "named"), ("false",))
    assert stated == {name: [len(EXPECTED[name]), *(count(name, *key) for key in keys)] for name in FOLDERS}
