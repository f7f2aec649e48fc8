"""Print reference, fast form, naive loop and library side by side: medians of runs in turn, one thread."""

from __future__ import annotations

import importlib
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from bench.references.problem import Problem

ROUNDS, LONG = 9, 20.0  # fewer rounds of a problem that takes longer than so many seconds in all
NAMES = sorted(
    path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in ("problem",) and path.stem[0] != "_"
)


@click.command()
@click.argument("assignments", nargs=-1, type=click.Choice(NAMES))
def main(assignments: tuple[str, ...]) -> None:
    """Print the table for ASSIGNMENTS (default: all of them)."""
    table = Table(title="references, one thread, medians of runs in turn", title_justify="left")
    for column in (
        "problem",
        "library",
        "library ms",
        "reference ms",
        "ratio",
        "fast ms",
        "ratio",
        "naive / reference",
    ):
        table.add_column(column, justify="left" if column in ("problem", "library") else "right")
    for name in assignments or NAMES:
        for problem in importlib.import_module(f"bench.references.{name}").PROBLEMS:
            table.add_row(*row(problem))
    Console(width=140).print(table)


def row(problem: Problem) -> list[str]:
    """Return the cells of one problem; refuse one whose ways do not agree."""
    args = problem.make()
    theirs = problem.prepare(args) if problem.prepare else args
    ways: dict[str, Callable[[], Any]] = {
        "library": lambda: problem.library(*theirs),
        "reference": lambda: problem.reference(*args),
    }
    if problem.fast is not None:
        fast = problem.fast
        ways["fast"] = lambda: fast(*args)
    answers = {name: way() for name, way in ways.items()}  # which warms them up, too
    for name in answers.keys() - {"library"}:
        if problem.agree is not None and not problem.agree(answers["library"], answers[name]):
            raise click.ClickException(f"{problem.name}: {name} and {problem.library_name} solve different problems")
    del answers
    ms = {name: 1e3 * seconds for name, seconds in in_turn(ways).items()}
    small = problem.small() if problem.small else args
    loop = in_turn({"naive": lambda: problem.naive(*small), "reference": lambda: problem.reference(*small)}, rounds=3)
    fast_cells = [f"{ms['fast']:.2f}", f"{ms['fast'] / ms['library']:.2f}"] if "fast" in ms else ["", ""]
    return [
        problem.name,
        problem.library_name,
        f"{ms['library']:.2f}",
        f"{ms['reference']:.2f}",
        f"{ms['reference'] / ms['library']:.2f}",
        *fast_cells,
        f"{loop['naive'] / loop['reference']:.0f}",
    ]


def in_turn(ways: dict[str, Callable[[], Any]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median CPU seconds of each way. Runs are interleaved, so that a busy machine slows all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    begun = time.perf_counter()
    for turn in range(rounds):
        order: Sequence[str] = list(ways) if turn % 2 == 0 else list(reversed(ways))
        for name in order:
            start = time.process_time()
            ways[name]()
            seconds[name].append(time.process_time() - start)
        if time.perf_counter() - begun > LONG and turn >= 2:
            break
    return {name: statistics.median(times) for name, times in seconds.items()}


main()
