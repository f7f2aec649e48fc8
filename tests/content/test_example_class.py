"""The example class, graded whole: each score, status and name in `expected.toml`, and what no student may see."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from autograder.batch import GradeOptions, grade
from autograder.course import Assignment, find_course, load_assignment
from autograder.intake import Submission, read_submissions
from autograder.records import Result, Status
from autograder.report import result_json

ROOT = Path(__file__).resolve().parents[2]
CLASS = ROOT / "examples/normal_equation/class"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads(
    (ROOT / "examples/normal_equation/expected.toml").read_text(encoding="utf-8")
)
STUDENTS = sorted(EXPECTED)
LEAKER = "student-52"  # shows all that it is given
NUMBER = re.compile(r"\d\.\d{9,}")  # long enough that no two of them are alike by chance


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    return load_assignment(find_course(ROOT), "normal_equation")


@pytest.fixture(scope="module")
def submissions(assignment: Assignment) -> list[Submission]:
    return read_submissions([CLASS], assignment)


@pytest.fixture(scope="module")
def results(assignment: Assignment, submissions: list[Submission]) -> dict[str, Result]:
    """Return the result of each student, all graded in one go."""
    graded = grade(assignment, submissions, None, GradeOptions(), lambda result, reused: None)
    return {result.student: result for result in graded}


def parts(result: Result) -> dict[str, float]:
    points: defaultdict[str, float] = defaultdict(float)
    for check in result.checks:
        points[check.part] += check.points
    return dict(points)


def names(result: Result) -> list[str]:
    return sorted({check.diagnosis.misconception for check in result.checks if check.diagnosis is not None})


def verdicts(result: Result) -> list[tuple[str, Status, float, str]]:
    return [(check.check, check.status, check.points, repr(check.message)) for check in result.checks]


def shown(result: Result) -> str:
    return json.dumps(result_json(result, view="student"), ensure_ascii=False)


def trouble(result: Result) -> str:
    """Return what went wrong, for whoever reads a failing test."""
    lines = [
        f"{c.check}: {c.status} {c.points}/{c.max_points} {c.message}" for c in result.checks if c.points < c.max_points
    ]
    return "\n".join([*map(str, result.problems), *map(str, result.findings), *lines])


def test_example_class_is_the_one_described(submissions: list[Submission]) -> None:
    assert [submission.student for submission in submissions] == STUDENTS
    assert len(STUDENTS) >= 28


def test_expectations_are_consistent(assignment: Assignment) -> None:
    known = {part.id: part.points for part in assignment.parts}
    for student, wanted in EXPECTED.items():
        assert wanted["parts"].keys() == known.keys(), student
        assert sum(wanted["parts"].values()) == wanted["score"], student
        assert not (wanted.get("unnamed") and wanted.get("named")), student
        # Whoever lost points is either named or must not be.
        assert (wanted["score"] < 100) == bool(wanted.get("unnamed") or wanted.get("named")), student


def test_readme_states_what_is_expected() -> None:
    table = (ROOT / "examples/normal_equation/README.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table if re.match(r"\| \d", row)]
    stated = {f"student-{row[0]}": row[3:] for row in rows}
    assert stated == {
        student: [
            *(str(points) for points in wanted["parts"].values()),
            str(wanted["score"]),
            wanted["status"],
            ", ".join(f"`{name}`" for name in wanted.get("named", [])),
        ]
        for student, wanted in EXPECTED.items()
    }


@pytest.mark.parametrize("student", STUDENTS)
def test_example_submission_gets_what_is_expected(results: dict[str, Result], student: str) -> None:
    result, wanted = results[student], EXPECTED[student]
    assert parts(result) == wanted["parts"], trouble(result)
    assert result.points == wanted["score"]
    assert result.max_points == 100
    assert result.status == wanted["status"], trouble(result)
    assert names(result) == sorted(wanted.get("named", [])), trouble(result)


def test_no_submission_brings_about_an_error_of_ours(results: dict[str, Result]) -> None:
    assert [result.student for result in results.values() if any(c.status is Status.ERROR for c in result.checks)] == []


def test_hidden_arguments_reach_no_student(results: dict[str, Result]) -> None:
    leaker = results[LEAKER]
    hidden = "\n".join(f"{c.output}\n{c.message}" for c in leaker.checks if c.hidden)
    visible = "\n".join(f"{c.output}\n{c.message}" for c in leaker.checks if not c.hidden)
    arguments = set(NUMBER.findall(hidden)) - set(NUMBER.findall(visible))
    assert len(arguments) > 500  # the instructor does see what it printed: the test looks for something
    for result in results.values():
        leaked = [number for number in NUMBER.findall(shown(result)) if number in arguments]
        assert leaked == [], f"{result.student} sees {leaked[:3]}"
    # The name of an exception type is the student's own to choose, and could hold digits.
    checks = result_json(leaker, view="student")["checks"]
    assert not any("E_" in json.dumps(check) for check in checks if check["hidden"])
    assert any("E_" in json.dumps(check) for check in checks if not check["hidden"])


def test_warnings_on_stderr_are_kept_and_cost_nothing(results: dict[str, Result]) -> None:
    noisy = results["student-09"]
    assert noisy.points == 100
    assert any("RuntimeWarning" in check.output for check in noisy.checks)


def test_flood_of_prints_is_cut(assignment: Assignment, results: dict[str, Result]) -> None:
    limits = assignment.limits
    for check in results["student-40"].checks:
        assert len(check.output) <= (limits.output_kib << 10) + 100
    assert any(len(check.output) > 1000 for check in results["student-40"].checks)


def test_cells_that_raise_are_reported_by_number(results: dict[str, Result]) -> None:
    told = json.dumps(result_json(results["student-25"], view="student")["problems"], ensure_ascii=False)
    assert "cell 6" in told
    assert "my_data.csv" in json.dumps(result_json(results["student-11"], view="student")["problems"])


def test_forbidden_calls_are_found_with_their_lines(results: dict[str, Result]) -> None:
    found = {(finding.part, finding.name) for finding in results["student-23"].findings}
    assert ("qr", "numpy.linalg.lstsq") in found
    assert ("min_norm", "numpy.linalg.pinv") in found
    source = (CLASS / "student-23.py").read_text(encoding="utf-8").splitlines()
    for finding in results["student-23"].findings:
        assert re.search("lstsq|pinv|pseudo_inverse|least_squares", source[finding.line - 1])


def test_neighbours_of_hostile_submissions_get_what_they_get_alone(
    assignment: Assignment, submissions: list[Submission], results: dict[str, Result]
) -> None:
    hostile = ["student-44", "student-47", "student-49", "student-52"]
    honest = ["student-01", "student-13"]
    by_name = {submission.student: submission for submission in submissions}
    one_judge = GradeOptions(jobs=1)
    after = grade(assignment, [by_name[s] for s in (*hostile, *honest)], None, one_judge, lambda *_: None)
    for result in after:
        assert verdicts(result) == verdicts(results[result.student]), result.student
    for student in honest:
        [alone] = grade(assignment, [by_name[student]], None, one_judge, lambda *_: None)
        assert verdicts(alone) == verdicts(results[student]), student


def test_example_class_has_every_kind_of_ending(results: dict[str, Result]) -> None:
    statuses = Counter(check.status for result in results.values() for check in result.checks)
    ends = {Status.PASSED, Status.BLOCKED, Status.FAILED, Status.TIMEOUT, Status.CRASHED, Status.VIOLATION}
    assert set(statuses) == ends
