"""`autograder check`: the public checks, on one file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.exits import exit_code
from autograder.cli.nearest import pick
from autograder.cli.screen import note, print_json, show
from autograder.cli.settings import common_options, settings
from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.course import Assignment, Course
    from autograder.intake import Submission
    from autograder.records import Result

__all__ = ["command"]


@click.command("check", short_help="Check one file with the public tests.")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--assignment", "assignment_id", metavar="ID", help="Which assignment.  [default: guessed from the name]")
@click.option("--part", metavar="PART", help="Look at this part only.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON (docs/json.md).")
@common_options
@click.pass_context
def command(ctx: click.Context, file: Path, assignment_id: str | None, part: str | None, as_json: bool) -> None:
    """Check one FILE with the public tests and show what they say. Nothing is kept.

    For work of your own: where this machine can put up no wall, the file runs without one. Exits with 0 if all
    passed, else 1.

    \b
    Example:
      autograder check normal_equation.py
    """
    from autograder.intake import read_submissions
    from autograder.report import feedback, part_view, result_json, say

    said = settings(ctx)
    assignment = _assignment(file, said.course, assignment_id)
    if part is not None:
        pick(part, [each.id for each in assignment.parts], f"part of {assignment.id}")
    submissions = read_submissions([file], assignment)
    if len(submissions) != 1:
        raise UsageError(f"{file} holds the work of {len(submissions)} students; to grade them: autograder grade")
    result = _result(assignment, submissions[0])
    result = part_view(result, None if part is None else (part,))
    if as_json:
        print_json(result_json(result))
    else:
        show(feedback(result, assignment, said.lang))
        note(say(said.lang, "public_only"))
    ctx.exit(exit_code([result]))


def _result(assignment: Assignment, submission: Submission) -> Result:
    """Return the result behind the wall that this machine has; where it can have no worker, that of this process."""
    if sys.platform != "linux":
        from autograder.notebook import check_file

        return check_file(assignment, submission)
    from autograder.batch import GradeOptions, grade

    options = GradeOptions(jobs=1, allow_unsafe=True, visible_only=True)
    [result] = grade(assignment, [submission], None, options, lambda result, reused: None)
    return result


def _assignment(file: Path, course_folder: Path | None, assignment_id: str | None) -> Assignment:
    from autograder.course import find_course, load_assignment, load_handout
    from autograder.course.manifest import MANIFEST

    folder = file.resolve().parent
    try:
        course = find_course(explicit=course_folder)
    except UsageError:
        if course_folder is not None or not (folder / MANIFEST).is_file():
            raise
        return load_handout(folder, assignment_id or file.stem.removesuffix(".zh"))
    return load_assignment(course, assignment_id or _guess(file, course))


def _guess(file: Path, course: Course) -> str:
    """Return the assignment whose file this is, or whose id is in its name."""
    from autograder.course import load_assignment

    names = course.assignments()
    stem = file.stem.lower().replace("-", "_")
    exact = [name for name in names if file.stem in load_assignment(course, name).files]
    near = [name for name in names if name in stem]
    # Of "ridge" and "kernel_ridge" the longer one is meant.
    found = exact or [name for name in near if not any(name in other and name != other for other in near)]
    if len(found) == 1:
        return found[0]
    if len(names) == 1:
        return names[0]
    raise UsageError(f"{file.name} does not tell which assignment it is; say --assignment ID, of: {', '.join(names)}")
