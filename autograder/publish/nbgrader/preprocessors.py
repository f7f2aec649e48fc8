"""The three steps of ours in `nbgrader autograde`, named in nbgrader_config.py.

nbgrader copies a submission and runs each notebook through a list of preprocessors. `RestoreCells` undoes what was done
to released cells, `SandboxGrade` stands where nbgrader would run the notebook, `SaveComments` follows its saving of the
scores. No kernel is started.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Enum, Integer, Unicode

from autograder.batch import GradeOptions
from autograder.course import Assignment, Course, find_course, load_assignment
from autograder.errors import UsageError
from autograder.publish.nbgrader.cells import given_ids, restore, write_verdicts
from autograder.publish.nbgrader.comments import cell_comments, solution_cells
from autograder.publish.nbgrader.gradebook import find_notebook, open_gradebook, write_comments
from autograder.publish.nbgrader.grading import Collected, result_of
from autograder.publish.nbgrader.released import read_released
from autograder.text import Lang

__all__ = ["RestoreCells", "SandboxGrade", "SaveComments"]

Resources = Any  # nbconvert's; a dict in which one step leaves things for the next
GRADED = "autograder"


class Autograder(NbGraderPreprocessor):  # type: ignore[misc]
    """What the steps share: their settings, ``c.Autograder.course`` and so on."""

    course = Unicode(help="Folder of the course.toml.").tag(config=True)
    lang: Lang = Enum(  # type: ignore[assignment]  # a trait: read from an instance, it is its value
        ("en", "zh"), "en", help="Language of feedback and comments."
    ).tag(config=True)
    tier = Unicode(None, allow_none=True, help="Wall to grade behind; the strongest to be had.").tag(config=True)
    allow_unsafe = Bool(False, help="Let student code run without a wall where none can be had.").tag(config=True)
    seed = Integer(0, help="Seed of the checks' random draws.").tag(config=True)

    def find(self, resources: Resources) -> tuple[Course, Assignment]:
        """Return our course, and the assignment that is being graded."""
        course = find_course(explicit=Path(self.course) if self.course else None)
        return course, load_assignment(course, resources["nbgrader"]["assignment"])


class RestoreCells(Autograder):
    """Makes a submitted notebook one that nbgrader can read: each released cell is there, once, and as released."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Return the notebook restored; raise `UsageError` if it is of another assignment."""
        _, assignment = self.find(resources)
        where, given = resources["nbgrader"], given_ids(nb.cells)
        student = where["student"]
        with open_gradebook(where["db_url"]) as gradebook:
            released = read_released(find_notebook(gradebook, where["notebook"], assignment.id), assignment)
        if given and not released.cells.keys() & set(given):
            raise UsageError(
                f"{student}, {assignment.id}: {released.name}.ipynb is of another course or assignment (its first cell "
                f"is {given[0][:80]!r}); ask for the right file, or remove it from submitted/"
            )
        if not given:
            self.log.warning(
                "%s, %s: %s.ipynb has lost its cells' metadata (another editor?): graded by what it defines, with the "
                "grade cells put at its start; nothing need be done", student, assignment.id, released.name
            )  # fmt: skip
        return restore(nb.cells, released), resources


class SandboxGrade(Autograder):
    """Grades the submission behind our wall, or takes the kept result, and puts the verdicts into the grade cells."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Return the notebook with verdicts; raise `UsageError` if there can be none."""
        course, assignment = self.find(resources)
        if resources["nbgrader"]["notebook"] == assignment.files[0]:
            options = GradeOptions(tier=self.tier, allow_unsafe=self.allow_unsafe, seed=self.seed)
            collected = Collected(self.parent.parent.coursedir, assignment)
            result = result_of(resources["nbgrader"]["student"], collected, course, options)
            write_verdicts(nb, result, assignment, self.lang)
            resources[GRADED] = assignment, result
        return nb, resources


class SaveComments(Autograder):
    """Saves which checks failed as the automatic comments of the solution cells."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Return what it was given: the comments are in the gradebook."""
        if GRADED in resources:
            assignment, result = resources[GRADED]
            comments = cell_comments(result, assignment, solution_cells(assignment), self.lang)
            where = resources["nbgrader"]
            with open_gradebook(where["db_url"]) as gradebook:
                row = gradebook.find_submission_notebook(where["notebook"], where["assignment"], where["student"])
                write_comments(row, nb, comments)
        return nb, resources
