"""`autograder new`: an assignment to begin from."""

from __future__ import annotations

import click

from autograder.cli.screen import note
from autograder.cli.settings import common_options, settings

__all__ = ["command"]


@click.command("new", short_help="Write a new assignment to begin from.")
@click.argument("name", metavar="NAME")
@common_options
@click.pass_context
def command(ctx: click.Context, name: str) -> None:
    """Write a small assignment NAME that is complete: text, solution, checks, alternatives, misconceptions.

    It passes the audit as it stands. Replace its exercise by yours, a piece at a time; docs/authoring.md says how.

    \b
    Example:
      autograder new lasso
    """
    from autograder.course import find_course, scaffold

    course = find_course(explicit=settings(ctx).course)
    for path in scaffold(course, name):
        click.echo(str(path))
    note(f"next: edit solutions/{name}/{name}.py, then autograder release {name} and autograder audit {name}")
