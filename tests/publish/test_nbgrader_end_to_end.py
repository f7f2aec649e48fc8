"""nbgrader from end to end: a course is laid out, released, handed in, collected, graded, looked at, given back."""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course import contents
from autograder.records import Result, Store
from tests.publish.answers import the_class
from tests.publish.browser import browser, formgrader
from tests.publish.world import NOTEBOOK, World, find, grade_id, make_world, read_json

pytestmark = pytest.mark.nbgrader
STUDENTS = 7
PARTS = ("fit", "transform", "svd")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The whole way by nbgrader's own commands; each of them ends well, or nothing here passes."""
    world = make_world(tmp_path_factory.mktemp("nbgrader"))
    desk = world.folder.parent / "desk"
    desk.mkdir()
    at = "--Exchange.assignment_dir={}".format  # where a student works
    world.nbgrader(["generate_assignment", "pca"], ["release_assignment", "pca"], ["fetch_assignment", "pca", at(desk)])
    notebooks = the_class(read_json(desk / "pca" / NOTEBOOK))
    for student, notebook in notebooks.items():
        shutil.copytree(desk / "pca", desk / student / "pca")
        (desk / student / "pca" / NOTEBOOK).write_text(json.dumps(notebook))
    submit = (["submit", "pca", f"--student={student}", at(desk / student)] for student in notebooks)
    world.nbgrader(*submit, ["collect", "pca"], ["autograde", "pca"], ["generate_feedback", "pca"], ["export"])
    return world


@pytest.fixture(scope="module")
def graded(world: World) -> dict[str, Result]:
    """What `autograder grade` makes of the same submissions, in a store of its own."""
    course = world.course.root
    config = course / "course.toml"
    config.write_text(f'{config.read_text()}store = "sqlite:///other.db"\n')
    try:
        ran = world.autograder("grade", "pca", str(world.folder / "submitted"))
    finally:
        config.write_text(config.read_text().replace('store = "sqlite:///other.db"\n', ""))
    assert ran.returncode == 1, ran.stderr  # some answers are wrong
    with Store(f"sqlite:///{course / 'other.db'}") as store:
        return {result.student: result for result in store.latest("pca")}


def test_released_notebook_is_the_handouts(world: World) -> None:
    """nbgrader has put back what it takes from a solution: nothing of ours is lost or given away."""
    handout = json.loads(contents(world.course, world.assignment, b"")[NOTEBOOK])
    released = read_json(world.folder / "release" / "pca" / NOTEBOOK)
    sources = [["".join(cell["source"]) for cell in notebook["cells"]] for notebook in (released, handout)]
    assert sources[0] == sources[1]


def test_scores_are_those_of_autograder_grade(world: World, graded: dict[str, Result]) -> None:
    assert len(graded) == STUDENTS
    with world.gradebook() as gradebook:
        for student, result in graded.items():
            row = gradebook.find_submission_notebook("pca", "pca", student)
            parts = {grade.name: grade.auto_score for grade in row.grades}
            expected = {f"test_{p}": sum(c.points for c in result.checks if c.part == p) for p in PARTS}
            assert parts == expected, student
            assert row.score == result.points, student
            assert not any(grade.needs_manual_grade for grade in row.grades)


def test_class_is_what_it_was_made_to_be(graded: dict[str, Result]) -> None:
    """The comparison above is one of full, partial and no points."""
    points = {student.split("-")[2]: result.points for student, result in graded.items()}
    full = dict.fromkeys(("right", "noisy", "deleted", "copied"), 100)
    assert points == {**full, "wrong": 33, "untouched": 0, "hostile": 25}


def test_grade_cells_are_there_once_and_as_released(world: World) -> None:
    for path in world.folder.glob("autograded/*/pca/pca.ipynb"):
        notebook = read_json(path)
        named = [name for cell in notebook["cells"] if (name := grade_id(cell) or "").startswith("test_")]
        assert sorted(named) == sorted(f"test_{part}" for part in PARTS), path
        for name in named:
            cell = find(notebook, name)
            master = find(world.released(), name)
            assert "".join(cell["source"]) == "".join(master["source"])
            assert cell["metadata"]["nbgrader"]["points"] == master["metadata"]["nbgrader"]["points"]
            assert [output["output_type"] for output in cell["outputs"]] == ["display_data", "execute_result"]


def test_export_has_the_class(world: World, graded: dict[str, Result]) -> None:
    with (world.folder / "grades.csv").open(newline="") as stream:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(stream)}
    assert rows == {student: result.points for student, result in graded.items()}


def test_comments_name_the_mistake(world: World) -> None:
    with world.gradebook() as gradebook:
        comments = {
            (student.split("-")[2], comment.name): comment.comment
            for student in (each.id for each in gradebook.students)
            for comment in gradebook.find_submission_notebook("pca", "pca", student).comments
        }
    assert "8 of 60 points" in comments["wrong", "pca_fit"]
    assert "You did not subtract the mean" in comments["wrong", "pca_fit"]
    assert comments["wrong", "transform"] is None
    assert comments["untouched", "pca_fit"] == "No response."
    assert not any("script" in (comment or "") for comment in comments.values())


def test_feedback_shows_our_verdicts(world: World) -> None:
    [page] = world.folder.glob("feedback/*wrong/pca/pca.html")
    text = page.read_text("utf-8")
    assert text.count('<div class="autograder') == len(PARTS)
    assert "not_centred" in text and "You did not subtract the mean" in text
    assert "Score: 33.0 / 100.0" in text


def test_nothing_hidden_is_in_what_comes_back(world: World, graded: dict[str, Result]) -> None:
    """No line of hidden tests, misconceptions or the reference, and no name of a hidden check or its cases."""
    names = {check.check for result in graded.values() for check in result.checks if check.hidden}
    secrets = {line for line in hidden_lines(world) if line not in meant_for_students(graded)} | names
    secrets |= {name.partition("::")[2] for name in names}
    assert len(names) > 10 and len(secrets) > 500
    pages = [*world.folder.glob("feedback/**/*.html"), *world.folder.glob("autograded/**/*.ipynb")]
    assert len(pages) == 2 * STUDENTS
    for page in pages:
        text = page.read_text("utf-8")
        # As it stands, as a browser shows it, and as JSON has it.
        shown = "\n".join((text, html.unescape(re.sub(r"<[^>]+>", "", text)), text.replace('\\"', '"')))
        found = [secret for secret in secrets if secret in shown]
        assert not found, (page, found)


def hidden_lines(world: World) -> Iterator[str]:
    """Yield the lines of what students never get that stand nowhere in what they have or wrote."""
    known = "\n".join(data.decode() for data in contents(world.course, world.assignment, b"").values())
    for path in world.folder.glob("submitted/*/pca/pca.ipynb"):
        known += "\n".join("".join(cell["source"]) for cell in read_json(path)["cells"])
    for name in ("test_hidden.py", "misconceptions.py", "pca.py"):
        for line in (world.assignment.solution / name).read_text("utf-8").split("\n"):
            if len(line.strip()) > 20 and line.strip() not in known:
                yield line.strip()


def meant_for_students(graded: dict[str, Result]) -> str:
    """Return the hints and explanations of the course's authors: one of them may quote a line."""
    texts = []
    for check in (check for result in graded.values() for check in result.checks):
        texts += [check.title, check.hint, *((d.hint, d.explanation) if (d := check.diagnosis) else ())]
    return "\n".join(text.en for text in texts if text is not None)


def test_formgrader_shows_our_verdicts(world: World, tmp_path: Path) -> None:
    with world.gradebook() as gradebook:
        ids = {
            name: gradebook.find_submission_notebook("pca", "pca", student).id
            for student in (each.id for each in gradebook.students)
            for name in ("wrong", "hostile")
            if student.endswith(name)
        }
    with formgrader(world) as url, browser() as page:
        page.goto(f"{url}/formgrader/submissions/{ids['wrong']}/")
        verdicts = page.locator("div.autograder")
        assert verdicts.count() == len(PARTS)
        assert "You did not subtract the mean" in verdicts.first.inner_text()
        page.wait_for_function("document.querySelector('input.score').placeholder !== ''")
        scores = page.locator("input.score").evaluate_all("boxes => boxes.map(box => box.placeholder)")
        assert [float(score) for score in scores] == [8, 25, 0]
        page.screenshot(path=tmp_path / "formgrader.png", full_page=True)  # for people who look into a failure
        page.goto(f"{url}/formgrader/submissions/{ids['hostile']}/")
        assert "taken over" in page.locator("body").inner_text()  # as text
        assert page.title() != "taken over"
        page.goto(f"{url}/formgrader/gradebook/pca/pca")
        page.wait_for_selector("text=Submission #7")
