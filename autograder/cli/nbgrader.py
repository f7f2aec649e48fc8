"""`autograder nbgrader`: a course laid out for nbgrader, and a class written into its gradebook."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.exits import ALL_PASSED, OURS
from autograder.cli.screen import note, print_json
from autograder.cli.settings import common_options, settings
from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.text import Lang

__all__ = ["command"]

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group("nbgrader", short_help="Use nbgrader: lay out a course, fill its gradebook.")
@common_options
def command() -> None:
    """Use our grader in a course that is run with nbgrader (docs/nbgrader.md).

    \b
    Example:
      autograder nbgrader init ml-2026 normal_equation irls
    """


@command.command("init", short_help="Lay out a course for nbgrader.")
@click.argument("folder", metavar="COURSE_DIR", type=FOLDER)
@click.argument("assignment_ids", metavar="[ASSIGNMENT...]", nargs=-1)
@common_options
@click.pass_context
def init(ctx: click.Context, folder: Path, assignment_ids: tuple[str, ...]) -> None:
    """Lay out a course for nbgrader in COURSE_DIR, with each ASSIGNMENT (all by default) in one language.

    \b
    Example:
      autograder nbgrader init ml-2026 normal_equation --lang zh
    """
    from autograder.course import find_course, load_assignment
    from autograder.publish.nbgrader import init_course

    said = settings(ctx)
    course = find_course(explicit=said.course)
    assignments = [load_assignment(course, name) for name in assignment_ids or course.assignments()]
    for path in init_course(course, assignments, folder, said.lang):
        click.echo(str(path))
    note(_say(said.lang, "next_generate", folder=str(folder), assignment=assignments[0].id))


@command.command("push", short_help="Write graded classes into nbgrader's gradebook.")
@click.argument("assignment_ids", metavar="[ASSIGNMENT...]", nargs=-1)
@click.option("--nbgrader", "folder", metavar="DIR", type=FOLDER, default=Path("."), help="nbgrader's course folder.")
@click.option("--enrol", is_flag=True, help="Add students whom the gradebook does not know.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (docs/json.md).")
@common_options
@click.pass_context
def push(ctx: click.Context, assignment_ids: tuple[str, ...], folder: Path, enrol: bool, as_json: bool) -> None:
    """Write the newest results of each ASSIGNMENT (by default, of all that are graded and in the gradebook) into
    nbgrader's gradebook. The course, if --course does not name it, is the one that nbgrader_config.py names.

    All in one transaction, with the notebooks that the formgrader and generate_feedback show. Scores and comments that
    somebody gave by hand stay. Exits with 3 if an error of ours withholds somebody's points.

    \b
    Example:
      autograder nbgrader push normal_equation --nbgrader ml-2026
    """
    from autograder.cli.kept import kept_counts
    from autograder.course import find_course, load_assignment
    from autograder.publish.nbgrader import push_results
    from autograder.publish.nbgrader.gradebook import known_assignments
    from autograder.publish.nbgrader.settings import read_settings

    said, book = settings(ctx), read_settings(folder)
    course = find_course(explicit=said.course or book.course)
    if not assignment_ids:
        known = known_assignments(book.coursedir.db_url, book.coursedir.course_id)
        assignment_ids = tuple(name for name, count in kept_counts(course).items() if count and name in known)
    if not assignment_ids:
        raise UsageError("nothing in the gradebook is graded; run nbgrader generate_assignment, then autograder grade")
    assignments = [load_assignment(course, name) for name in assignment_ids]
    pushed = push_results(course, assignments, book, enrol=enrol)
    if as_json:
        print_json({"assignments": [asdict(each) for each in pushed]})
    else:
        for each in pushed:
            click.echo(_say(said.lang, "pushed", assignment=each.assignment, count=len(each.written)))
            for student in each.withheld:
                click.echo(_say(said.lang, "pushed_withheld", assignment=each.assignment, student=student))
    ctx.exit(OURS if any(each.withheld for each in pushed) else ALL_PASSED)


def _say(lang: Lang, key: str, **values: str | int) -> str:
    from autograder.text import Message, render

    return render(Message(f"publish.{key}", values), lang)
