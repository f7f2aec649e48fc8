"""`autograder release`: from each assignment's source to what students receive."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.exits import SOME_FAILED
from autograder.cli.screen import note
from autograder.cli.settings import common_options, settings

__all__ = ["command"]


@click.command("release", short_help="Generate what students receive.")
@click.argument("assignment_id", metavar="[ASSIGNMENT]", required=False)
@click.option("--check", "check_only", is_flag=True, help="Write nothing; exit with 1 if a file is out of date.")
@click.option("--to", "target", metavar="DIR", type=click.Path(path_type=Path), help="Write what students get to DIR.")
@common_options
@click.pass_context
def command(ctx: click.Context, assignment_id: str | None, check_only: bool, target: Path | None) -> None:
    """Generate stub and notebooks of ASSIGNMENT (or of all) from its one source.

    \b
    Example:
      autograder release normal_equation --check
    """
    from autograder.course import check_release, find_course, load_assignment, release, release_to

    if check_only and target is not None:
        raise click.UsageError("--check writes nothing, --to DIR does: give one of them")
    course = find_course(explicit=settings(ctx).course)
    names = (assignment_id,) if assignment_id else course.assignments()
    assignments = [load_assignment(course, name) for name in names]
    if target is not None:
        from autograder.batch import record_mistakes

        release_to(course, assignments, target, record_mistakes)
        note(f"what students get of {', '.join(names)} is in {target}")
    elif check_only:
        drifted = [path for assignment in assignments for path in check_release(course, assignment)]
        for path in drifted:
            click.echo(str(path))
        if drifted:
            note("these are not as their source says; run: autograder release")
            ctx.exit(SOME_FAILED)
        note(f"{', '.join(names)}: as their source says")
    else:
        changed = [path for assignment in assignments for path in release(course, assignment)]
        for path in changed:
            click.echo(str(path))
        note("written" if changed else f"{', '.join(names)}: nothing to write, all is as the source says")
