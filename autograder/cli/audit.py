"""`autograder audit`: the proof of the checks."""

from __future__ import annotations

from dataclasses import replace

import click

from autograder.cli.exits import ALL_PASSED, INTERRUPTED, SOME_FAILED
from autograder.cli.screen import note, print_json, progress, show
from autograder.cli.settings import common_options, settings
from autograder.records.reuse import TIERS

__all__ = ["command"]


@click.command("audit", short_help="Prove the checks of an assignment.")
@click.argument("assignment_id", metavar="[ASSIGNMENT]", required=False)
@click.option("--short", is_flag=True, help="Take 20 mutants and 2 seeds alone.")
@click.option(
    "--only", type=click.Choice(["known", "mutants"]), help="Grade known ways or mutants alone.  [default: both]"
)
@click.option("--mutants", metavar="N", type=click.IntRange(min=0), help="Take a sample of N mutants.  [default: all]")
@click.option("--seeds", metavar="N", type=click.IntRange(min=1), help="Grade known ways N times.  [default: 10]")
@click.option("--margins", "all_margins", is_flag=True, help="Print the margins of every check.")
@click.option("--tier", type=click.Choice(TIERS), help="Wall to grade behind.  [default: the strongest to be had]")
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Grade N at a time.  [default: one per core]")
@click.option("--allow-unsafe", is_flag=True, help="Do without a wall where none can be had.")
@click.option("--json", "as_json", is_flag=True, help="Print the audits as JSON (docs/json.md).")
@common_options
@click.pass_context
def command(ctx: click.Context, assignment_id: str | None, short: bool, only: str | None, mutants: int | None,
            seeds: int | None, all_margins: bool, tier: str | None, jobs: int | None, allow_unsafe: bool,
            as_json: bool) -> None:  # fmt: skip
    """Audit the checks of ASSIGNMENT (or of all).

    The reference and every alternative must get full marks, the stub none; every misconception must lose points, in
    its own part, and be named; and mutants of the reference, each one small change, must be caught. Exits with 0 if
    all of this is so, 1 if not.

    \b
    Example:
      autograder audit normal_equation --only mutants
    """
    from autograder.audit import SHORT, AuditOptions, make_plan, run_audit
    from autograder.audit.show import report_json, report_text, summary_text
    from autograder.course import find_course, load_assignment

    course = find_course(explicit=settings(ctx).course)
    names = (assignment_id,) if assignment_id else course.assignments()
    options = replace(SHORT if short else AuditOptions(), jobs=jobs, tier=tier, allow_unsafe=allow_unsafe)
    options = replace(
        options,
        seeds=seeds or (1 if only == "mutants" else options.seeds),
        mutants=0 if only == "known" else options.mutants if mutants is None else mutants,
        variants=only != "mutants",
    )
    reports = []
    try:
        plans = [make_plan(load_assignment(course, name), options) for name in names]
        with progress(sum(plan.size() for plan in plans)) as advance:
            for plan in plans:
                reports.append(run_audit(plan, options, advance))
                if not as_json:
                    show(report_text(reports[-1], all_margins=all_margins))
    except KeyboardInterrupt:
        note("interrupted: an audit keeps nothing, and begins anew")
        ctx.exit(INTERRUPTED)
    if as_json:
        print_json(report_json(reports))
    elif len(reports) > 1:
        show(summary_text(reports))
    ctx.exit(SOME_FAILED if any(report.missed for report in reports) else ALL_PASSED)
