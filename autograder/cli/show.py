"""`autograder show`: what was graded."""

from __future__ import annotations

from typing import Literal

import click

from autograder.cli.kept import kept_results
from autograder.cli.nearest import pick
from autograder.cli.screen import print_json, show
from autograder.cli.settings import common_options, settings
from autograder.errors import UsageError

__all__ = ["command"]


@click.command("show", short_help="Show a class table or one feedback.")
@click.argument("assignment_id", metavar="ASSIGNMENT")
@click.argument("student", metavar="[STUDENT]", required=False)
@click.option("--instructor", is_flag=True, help="Show hidden checks in full: for instructors, never for students.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (docs/json.md).")
@common_options
@click.pass_context
def command(ctx: click.Context, assignment_id: str, student: str | None, instructor: bool, as_json: bool) -> None:
    """Show the class table of ASSIGNMENT, or one STUDENT's feedback.

    \b
    Example:
      autograder show normal_equation student-07 --lang zh
    """
    from autograder.course import find_course, load_assignment
    from autograder.report import class_table, feedback, result_json

    said = settings(ctx)
    course = find_course(explicit=said.course)
    assignment = load_assignment(course, assignment_id)
    results = kept_results(course, assignment.id)
    if not results:
        raise UsageError(f"nothing is graded yet for {assignment.id}; run: autograder grade {assignment.id} PATH...")
    view: Literal["student", "instructor"] = "instructor" if instructor else "student"
    if student is None:
        if as_json:
            print_json({"assignment": assignment.id, "results": [result_json(each, view) for each in results]})
        else:
            show(class_table(results, assignment, said.lang))
        return
    by_name = {result.student: result for result in results}
    result = by_name[pick(student, sorted(by_name), "result of student")]
    if as_json:
        print_json(result_json(result, view))
    else:
        show(feedback(result, assignment, said.lang, instructor))
