"""A class out of our store into nbgrader's gradebook: all of it, or nothing, and nothing of what people wrote there."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import datetime

import nbformat
import pytest

from autograder.records import Result, Status, Store
from tests.cli.test_json import validate
from tests.publish.world import NOTEBOOK, World, find, read_json

pytestmark = pytest.mark.nbgrader
CLASS = {"student-01": [60, 25, 15], "student-02": [8, 25, 0], "student-03": [0, 0, 0]}


def nothing_is_written(world: World) -> bool:
    return world.scores() == {} and not list(world.folder.glob("autograded/*")) and left_behind(world) == []


def left_behind(world: World) -> list[str]:
    return [path.name for path in world.folder.glob(".autograder-push*")]


def stored(world: World) -> dict[str, Result]:
    with Store(world.course.store) as store:
        return {result.student: result for result in store.latest("pca")}


def refused(world: World, *arguments: str) -> str:
    """Return what a push that is refused says: one line, and nothing is written."""
    ran = world.push(*arguments)
    assert (ran.exit_code, ran.stdout) == (2, ""), ran.stderr
    [line] = [line for line in ran.stderr.splitlines() if line.startswith("error: ")]
    return line


def test_push_writes_the_class(world: World) -> None:
    ran = world.push("--enrol")
    assert (ran.exit_code, ran.stdout) == (0, "pca: 3 written\n"), ran.stderr
    assert world.scores() == CLASS
    assert left_behind(world) == []
    notebook = read_json(world.folder / "autograded/student-02/pca" / NOTEBOOK)
    nbformat.validate(notebook)
    [shown, value] = find(notebook, "test_fit")["outputs"]
    assert "You did not subtract the mean" in "".join(shown["data"]["text/html"])
    assert "".join(value["data"]["text/plain"]) == "8.0"
    assert "np.linalg.svd(X," in "".join(find(notebook, "pca_fit")["source"])  # what was handed in


def test_what_is_pushed_serves_nbgrader(world: World) -> None:
    world.push("--enrol")
    world.nbgrader(["generate_feedback", "pca"])
    [page] = world.folder.glob("feedback/student-02/pca/*.html")
    assert "Score: 33.0 / 100.0" in page.read_text("utf-8")
    with world.gradebook() as gradebook:
        row = gradebook.find_submission("pca", "student-01")
        assert row.timestamp == datetime(2026, 3, 1, 12) and row.score == 100
        assert gradebook.find_submission("pca", "student-03").timestamp is None
        comments = {c.name: c.comment for c in gradebook.find_submission_notebook("pca", "pca", "student-02").comments}
    assert "You did not subtract the mean" in comments["pca_fit"] and comments["transform"] is None


def test_autograde_and_push_write_the_same(world: World) -> None:
    """Also over each other's work, and where somebody was late."""
    be_late(world)
    world.nbgrader(["autograde", "pca"])
    by_autograde = dump(world)
    assert world.push().exit_code == 0  # autograde has enrolled them
    assert dump(world) == by_autograde


def be_late(world: World) -> None:
    """Let student-02's submission be late, and all points be lost by that."""
    with (world.folder / "nbgrader_config.py").open("a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    with world.gradebook() as gradebook:
        gradebook.update_or_create_assignment("pca", duedate="2026-03-02 00:00:00")


def dump(world: World) -> dict[tuple[str, str], object]:
    """Return all that grading decides."""
    found: dict[tuple[str, str], object] = {}
    with world.gradebook() as gradebook:
        for row in gradebook.notebook_submissions("pca", "pca"):
            student = row.student.id
            found[student, ""] = (row.late_submission_penalty, row.assignment.timestamp, row.score)
            for grade in row.grades:
                found[student, grade.name] = (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
            for comment in row.comments:
                found[student, comment.name] = (comment.auto_comment, comment.manual_comment)
    assert len(found) == 3 * (1 + 3 + 4)  # three students: a notebook, three parts, four solution cells
    return found


def test_what_people_wrote_stays(world: World) -> None:
    world.push("--enrol")
    with world.gradebook() as gradebook:
        grade = gradebook.find_grade("test_fit", "pca", "pca", "student-02")
        comment = gradebook.find_comment("pca_fit", "pca", "pca", "student-02")
        grade.manual_score, grade.extra_credit, comment.manual_comment = 41.5, 2, "Seen in my office."
        grade.auto_score = 0
        gradebook.db.commit()
    assert world.push().exit_code == 0
    with world.gradebook() as gradebook:
        grade = gradebook.find_grade("test_fit", "pca", "pca", "student-02")
        assert (grade.auto_score, grade.manual_score, grade.extra_credit) == (8, 41.5, 2)
        assert grade.needs_manual_grade  # as nbgrader does: somebody should look again
        assert gradebook.find_comment("pca_fit", "pca", "pca", "student-02").comment == "Seen in my office."


def test_late_penalties_are_nbgraders(world: World) -> None:
    be_late(world)
    world.push("--enrol")
    with world.gradebook() as gradebook:
        rows = {row.student.id: row for row in gradebook.notebook_submissions("pca", "pca")}
        penalties = {student: row.late_submission_penalty for student, row in rows.items()}
    assert penalties == {"student-01": None, "student-02": 33, "student-03": None}
    assert world.scores() == CLASS


def test_student_who_is_not_enrolled_is_named(world: World) -> None:
    line = refused(world)
    assert "not enrolled: student-01, student-02, student-03; push with --enrol" in line
    assert "nbgrader db student add student-01" in line
    assert nothing_is_written(world)


def test_error_of_ours_is_withheld(world: World) -> None:
    result = stored(world)["student-02"]
    checks = (replace(result.checks[0], status=Status.ERROR), *result.checks[1:])
    with Store(world.course.store) as store:
        store.save(replace(result, status=Status.ERROR, checks=checks))
    ran = world.push("--enrol")
    assert ran.exit_code == 3
    assert ran.stdout.splitlines() == [
        "pca: 2 written",
        "pca: student-02 withheld: an error of ours; grade again, then push",
    ]
    assert world.scores() == {"student-01": CLASS["student-01"], "student-03": CLASS["student-03"]}
    assert not (world.folder / "autograded/student-02").exists()
    data = json.loads(world.push("--json").stdout)
    validate(data, "push")
    [pushed] = data["assignments"]
    assert pushed == {"assignment": "pca", "written": ["student-01", "student-03"], "withheld": ["student-02"]}


def test_work_that_changed_since_is_not_pushed(world: World) -> None:
    world.collect("student-01", world.released())
    world.collect("student-09", world.released())
    line = refused(world, "--enrol")
    assert "pca: what student-01, student-09 handed in is not graded; run autograder grade pca" in line
    assert nothing_is_written(world)


def test_student_whose_work_lies_elsewhere_has_the_verdicts_alone(world: World) -> None:
    result = stored(world)["student-01"]
    with Store(world.course.store) as store:
        store.save(replace(result, student="student-04"))
    assert world.push("--enrol").exit_code == 0
    assert world.scores()["student-04"] == CLASS["student-01"]
    notebook = read_json(world.folder / "autograded/student-04/pca" / NOTEBOOK)
    assert len(notebook["cells"]) == len(world.assignment.parts)


def test_student_whose_name_leads_elsewhere_is_refused(world: World) -> None:
    """A submission called `...py` is one by `..`."""
    with Store(world.course.store) as store:
        store.save(replace(stored(world)["student-01"], student=".."))
    assert "'..' cannot be a student's id" in refused(world, "--enrol")
    assert nothing_is_written(world) and not (world.folder / "pca").exists()


def test_fault_in_the_middle_writes_nothing(world: World) -> None:
    (world.folder / "submitted/student-02/pca/timestamp.txt").write_text("yesterday-ish")
    line = refused(world, "--enrol")
    assert "student-02/pca/timestamp.txt: holds no date" in line
    assert nothing_is_written(world)
    with world.gradebook() as gradebook:
        assert gradebook.students == []


def test_assignment_that_the_gradebook_lacks_is_named(world: World) -> None:
    with world.gradebook() as gradebook:
        gradebook.remove_assignment("pca")
    assert "no assignment pca with a notebook pca; run nbgrader generate_assignment pca" in refused(
        world, "pca", "--enrol"
    )
    assert "nothing in the gradebook is graded" in refused(world)


def test_gradebook_of_other_points_is_refused(world: World) -> None:
    with world.gradebook() as gradebook:
        gradebook.find_grade_cell("test_svd", "pca", "pca").max_score = 20
        gradebook.db.commit()
    line = refused(world, "--enrol")
    assert "the grade cell test_svd is worth 20 points, not 15" in line and "generate_assignment pca" in line
    assert nothing_is_written(world)


def test_code_cell_that_nobody_would_grade_is_refused(world: World) -> None:
    """nbgrader gives full marks to a grade cell without outputs."""
    with world.gradebook() as gradebook:
        gradebook.add_grade_cell("extra", "pca", "pca", max_score=10, cell_type="code")
        gradebook.add_source_cell("extra", "pca", "pca", cell_type="code", source="assert True")
    assert "nothing grades the code cell extra" in refused(world, "--enrol")


def test_locked_gradebook_is_told_and_left(world: World) -> None:
    database = sqlite3.connect(world.folder / "gradebook.db", isolation_level=None)
    try:
        database.execute("BEGIN EXCLUSIVE")
        line = refused(world, "--enrol")
    finally:
        database.close()
    assert "gradebook.db: another process holds it" in line and "database is locked" in line
    assert nothing_is_written(world)


def test_gradebook_that_is_not_there_is_not_made(world: World) -> None:
    (world.folder / "gradebook.db").unlink()
    assert "no gradebook there; run nbgrader generate_assignment first" in refused(world, "--enrol")
    assert not (world.folder / "gradebook.db").exists()


def test_gradebook_that_is_none_is_told(world: World) -> None:
    (world.folder / "gradebook.db").write_text("grades, sort of " * 100)
    assert "it is damaged or no gradebook" in refused(world, "--enrol")


def test_folder_that_is_no_nbgrader_course_is_told(world: World) -> None:
    assert "no nbgrader_config.py there" in refused(world, "--nbgrader", str(world.course.root))


def test_config_that_fails_is_told(world: World) -> None:
    (world.folder / "nbgrader_config.py").write_text("1 / 0\n")
    assert "nbgrader_config.py: ZeroDivisionError" in refused(world)


def test_class_that_is_not_graded_is_told(world: World) -> None:
    (world.course.root / ".autograder/results.db").unlink()
    assert "pca: what student-01, student-02, student-03 handed in is not graded" in refused(world, "pca")


def test_students_read_the_language_of_the_course(world: World) -> None:
    config = world.folder / "nbgrader_config.py"
    config.write_text(config.read_text().replace('c.Autograder.lang = "en"', 'c.Autograder.lang = "zh"'))
    assert world.push("--enrol").exit_code == 0
    with world.gradebook() as gradebook:
        comment = gradebook.find_comment("pca_fit", "pca", "pca", "student-02").comment
    assert "60 分中得 8 分" in comment
    notebook = read_json(world.folder / "autograded/student-02/pca" / NOTEBOOK)
    assert "未通过" in "".join(find(notebook, "test_fit")["outputs"][0]["data"]["text/html"])
