"""The example classes, each graded whole: every score, status and name in its `expected.toml`."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from autograder.records import Status
from tests.content.example_class import (
    EXAMPLES,
    ON_A_DEVICE,
    Graded,
    assignment,
    grade_class,
    judged,
    names,
    parts,
    submissions,
    trouble,
)

LEAST = 12  # submissions of a class
FOLDERS = sorted(file.parent.name for file in EXAMPLES.glob("*/expected.toml"))
EXPECTED: dict[str, dict[str, dict[str, Any]]] = {
    name: tomllib.loads((EXAMPLES / name / "expected.toml").read_text("utf-8")) for name in FOLDERS
}
each_class = pytest.mark.parametrize("graded", FOLDERS, indirect=True)


@pytest.fixture(scope="module")
def graded(request: pytest.FixtureRequest) -> Graded:
    """Return a class and the result of each student, all graded in one go."""
    return grade_class(request.param)


def points_of(name: str) -> dict[str, float]:
    """Return the points of the parts that are judged everywhere."""
    left_out = ON_A_DEVICE.get(name, ())
    return {part.id: part.points for part in assignment(name).parts if part.id not in left_out}


@pytest.mark.parametrize("name", FOLDERS)
def test_example_class_is_the_one_described(name: str) -> None:
    assert [submission.student for submission in submissions(name)] == sorted(EXPECTED[name])
    assert len(EXPECTED[name]) >= LEAST


@pytest.mark.parametrize("name", FOLDERS)
def test_expectations_are_consistent(name: str) -> None:
    known = points_of(name)
    most = sum(known.values())
    for student, wanted in EXPECTED[name].items():
        assert wanted["parts"].keys() == known.keys(), student
        assert sum(wanted["parts"].values()) == wanted["score"], student
        assert not (wanted.get("unnamed") and wanted.get("named")), student
        # Whoever lost points is either named or must not be.
        assert (wanted["score"] < most) == bool(wanted.get("unnamed") or wanted.get("named")), student


@pytest.mark.parametrize("name", FOLDERS)
def test_readme_states_what_is_expected(name: str) -> None:
    table = (EXAMPLES / name / "README.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table if re.match(r"\| \d", row)]
    stated = {f"student-{row[0]}": row[3:] for row in rows}
    assert stated == {
        student: [
            *(str(points) for points in wanted["parts"].values()),
            str(wanted["score"]),
            wanted["status"],
            ", ".join(f"`{name}`" for name in wanted.get("named", [])),
        ]
        for student, wanted in EXPECTED[name].items()
    }


@pytest.mark.parametrize(
    ("graded", "student"),
    [(name, student) for name in FOLDERS for student in sorted(EXPECTED[name])],
    indirect=["graded"],
)
def test_example_submission_gets_what_is_expected(graded: Graded, student: str) -> None:
    result, wanted = judged(graded, student), EXPECTED[graded.name][student]
    assert parts(result) == wanted["parts"], trouble(result)
    assert result.points == wanted["score"]
    assert result.max_points == sum(points_of(graded.name).values())
    assert result.status == wanted["status"], trouble(result)
    assert names(result) == sorted(wanted.get("named", [])), trouble(result)


@each_class
def test_no_submission_brings_about_an_error_of_ours(graded: Graded) -> None:
    assert [r.student for r in graded.results.values() if any(c.status is Status.ERROR for c in r.checks)] == []


@each_class
def test_known_mistakes_are_named_and_no_other_is(graded: Graded) -> None:
    """Of the submissions that hold a listed misconception (`named`, or `holds` where it is known that no check sees it
    for what it is), four in five are told so; nobody is told another's."""
    holding = {
        student: {*wanted.get("named", []), *wanted.get("holds", [])}
        for student, wanted in EXPECTED[graded.name].items()
    }
    held = [student for student, mistakes in holding.items() if mistakes]
    told = [student for student in held if holding[student] & set(names(judged(graded, student)))]
    assert len(told) >= 0.8 * len(held)
    for student, wanted in EXPECTED[graded.name].items():
        assert set(names(judged(graded, student))) <= set(wanted.get("named", [])), student
