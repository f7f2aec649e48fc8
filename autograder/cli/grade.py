"""`autograder grade`: the way of a class from files to a table."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.exits import INTERRUPTED, exit_code
from autograder.cli.nearest import pick
from autograder.cli.screen import note, print_json, progress, show
from autograder.cli.settings import common_options, settings
from autograder.records.reuse import TIERS

if TYPE_CHECKING:
    from autograder.intake import Submission
    from autograder.records import Result

__all__ = ["command"]

UNREAD_SHOWN = 10


@click.command("grade", short_help="Grade a class and keep the results.")
@click.argument("assignment_id", metavar="ASSIGNMENT")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--tier", type=click.Choice(TIERS), help="Wall to grade behind.  [default: the strongest to be had]")
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Grade N at a time.  [default: one per core]")
@click.option("--again", is_flag=True, help="Grade even what has not changed since it was graded.")
@click.option("--allow-unsafe", is_flag=True, help="Let student code run without a wall where none can be had.")
@click.option("--seed", metavar="N", type=int, default=0, help="Seed of the checks' random draws.")
@click.option("--student", "students", metavar="NAME", multiple=True, help="Grade this student only; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON (docs/json.md), as students see them.")
@common_options
@click.pass_context
def command(ctx: click.Context, assignment_id: str, paths: tuple[Path, ...], tier: str | None, jobs: int | None,
            again: bool, allow_unsafe: bool, seed: int, students: tuple[str, ...], as_json: bool) -> None:  # fmt: skip
    """Grade the submissions in PATH... for ASSIGNMENT.

    A PATH is a folder with a file or a folder per student, a zip of one, or a single file. What has not changed since
    it was last graded is not graded again. Exits with 0 if all got full marks, 1 if not, 3 if an error of ours
    withholds somebody's points.

    \b
    Example:
      autograder grade normal_equation examples/normal_equation/class
    """
    from autograder.batch import GradeOptions, grade
    from autograder.course import find_course, load_assignment
    from autograder.intake import read_submissions, unread
    from autograder.records import Store
    from autograder.report import class_table

    said = settings(ctx)
    course = find_course(explicit=said.course)
    assignment = load_assignment(course, assignment_id)
    submissions = _chosen(read_submissions(paths, assignment), students)
    for folder in filter(Path.is_dir, paths):
        _say_unread(folder, unread(folder))
    options = GradeOptions(tier=tier, jobs=jobs, again=again, allow_unsafe=allow_unsafe, seed=seed)
    reused: list[Result] = []
    try:
        with Store(course.store) as store, progress(len(submissions)) as advance:

            def on_result(result: Result, old: bool) -> None:
                reused.extend([result] if old else [])
                advance(result, old)

            results = grade(assignment, submissions, store, options, on_result)
    except KeyboardInterrupt:
        note("interrupted: what was graded is kept; the same command goes on from there")
        ctx.exit(INTERRUPTED)
    if as_json:
        _print_json(results, len(reused), store.place)
    else:
        show(class_table(results, assignment, said.lang))
        _say_where(ctx, results, len(reused), store.place)
    ctx.exit(exit_code(results))


def _print_json(results: Sequence[Result], reused: int, place: str) -> None:
    from autograder.report import result_json

    counts = {"graded": len(results) - reused, "reused": reused, "store": place}
    print_json({"assignment": results[0].assignment, **counts, "results": [result_json(each) for each in results]})


def _say_unread(folder: Path, names: Sequence[str]) -> None:
    if names:
        shown = ", ".join(name if name.isprintable() else ascii(name) for name in names[:UNREAD_SHOWN])
        more = f" and {len(names) - UNREAD_SHOWN} more" if len(names) > UNREAD_SHOWN else ""
        note(f"not read in {folder}, as they are no .py, .ipynb or .zip: {shown}{more}")


def _chosen(submissions: Sequence[Submission], students: Sequence[str]) -> list[Submission]:
    known = sorted(submission.student for submission in submissions)
    wanted = {pick(student, known, "submission of student") for student in students} or set(known)
    return [submission for submission in submissions if submission.student in wanted]


def _say_where(ctx: click.Context, results: Sequence[Result], reused: int, place: str) -> None:
    from autograder.report import say

    lang = settings(ctx).lang
    worst = min(results, key=lambda result: result.points)
    note("")
    note(say(lang, "counts", graded=len(results) - reused, reused=reused))
    note(say(lang, "written", place=place))
    note("  " + say(lang, "next_class", assignment=worst.assignment))
    note("  " + say(lang, "next_student", assignment=worst.assignment, student=shlex.quote(worst.student)))
