"""`autograder list`: the assignments of a course."""

from __future__ import annotations

import click

from autograder.cli.kept import kept_counts
from autograder.cli.screen import print_json, show
from autograder.cli.settings import common_options, settings

__all__ = ["command"]


@click.command("list", short_help="List the course's assignments.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (docs/json.md).")
@common_options
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """List the course's assignments: points, parts, and how many students are graded.

    \b
    Example:
      autograder list
    """
    from rich.table import Table
    from rich.text import Text

    from autograder.course import find_course, load_assignment
    from autograder.report import number, say

    lang = settings(ctx).lang
    course = find_course(explicit=settings(ctx).course)
    assignments = [load_assignment(course, name) for name in course.assignments()]
    graded = kept_counts(course)
    if as_json:
        print_json({"course": course.title.to_json(), "assignments": [
            {
                "id": assignment.id,
                "title": assignment.title.to_json(),
                "points": assignment.points,
                "parts": [{"id": p.id, "title": p.title.to_json(), "points": p.points} for p in assignment.parts],
                "graded": graded[assignment.id],
            }
            for assignment in assignments
        ]})  # fmt: skip
        return
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    for key in ("assignment", "title", "max_points", "parts", "graded_count"):
        table.add_column(say(lang, key), justify="left" if key in ("assignment", "title") else "right")
    for each in assignments:
        counts = (number(each.points), str(len(each.parts)), str(graded[each.id]))
        table.add_row(Text(each.id), Text(each.title.get(lang)), *counts)
    show(table)
