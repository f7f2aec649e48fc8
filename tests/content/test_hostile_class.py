"""What is particular in the example class of `normal_equation`: hostile, noisy and broken submissions."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from autograder.batch import GradeOptions, grade
from autograder.course import Assignment
from autograder.intake import Submission
from autograder.records import Result, Status
from autograder.report import result_json
from tests.content.example_class import EXAMPLES, grade_class

CLASS = EXAMPLES / "normal_equation/class"
LEAKER = "student-52"  # shows all that it is given
NUMBER = re.compile(r"\d\.\d{9,}")  # long enough that no two of them are alike by chance


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    return grade_class("normal_equation").assignment


@pytest.fixture(scope="module")
def submissions() -> list[Submission]:
    return list(grade_class("normal_equation").submissions)


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    return grade_class("normal_equation").results


def verdicts(result: Result) -> list[tuple[str, Status, float, str]]:
    return [(check.check, check.status, check.points, repr(check.message)) for check in result.checks]


def shown(result: Result) -> str:
    return json.dumps(result_json(result, view="student"), ensure_ascii=False)


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
