"""Print the table of figures. Takes some minutes on a machine that should otherwise be idle."""

from __future__ import annotations

from collections.abc import Callable

import click

from bench.nbgrader import nbgrader
from bench.notebook import notebook
from bench.submission import per_submission
from bench.table import Row, show
from bench.timing import verdicts_under_load
from bench.worker import calls, spawn

FIGURES: dict[str, Callable[[], list[Row]]] = {
    "spawn": spawn,
    "calls": calls,
    "submission": per_submission,
    "timing": verdicts_under_load,
    "notebook": notebook,
    "nbgrader": nbgrader,
}


@click.command()
@click.argument("figures", nargs=-1, type=click.Choice(sorted(FIGURES)))
def main(figures: tuple[str, ...]) -> None:
    """Print FIGURES (default: all of them)."""
    for name in figures or FIGURES:
        show(name, FIGURES[name]())


main()
