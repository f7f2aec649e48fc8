"""Where things are printed: results to stdout, notes and progress to stderr."""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import RenderableType

    from autograder.records import Result

__all__ = ["note", "print_json", "progress", "show"]

NOTE_EVERY = 10.0  # seconds between lines of progress where stderr is a file

OnResult = Callable[["Result", bool], None]


def show(renderable: RenderableType) -> None:
    """Print to stdout, 80 columns wide where that is no terminal; no text is ever taken for markup."""
    from rich.console import Console

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a mark that the terminal's encoding lacks is no reason to stop
    Console(file=sys.stdout, highlight=False, markup=False, emoji=False).print(renderable)


def print_json(data: Any) -> None:
    """Print `data` to stdout as JSON, in ASCII: no student's text can reach the terminal raw."""
    click.echo(json.dumps(data, indent=2, allow_nan=False))


def note(text: str) -> None:
    """Print a line to stderr."""
    click.echo(text, err=True)


@contextmanager
def progress(total: int) -> Iterator[OnResult]:
    """Yield what is to be called with each result: a bar with the time left, or, in a log, a line now and then."""
    with _bar(total) if sys.stderr.isatty() else _lines(total) as on_result:
        yield on_result


@contextmanager
def _bar(total: int) -> Iterator[OnResult]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    left = (TextColumn("elapsed"), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), *left)
    with Progress(*columns, console=Console(stderr=True, markup=False)) as bar:
        task = bar.add_task("", total=total)
        yield lambda result, reused: bar.advance(task)


@contextmanager
def _lines(total: int) -> Iterator[OnResult]:
    started = said = time.monotonic()
    done = fresh = 0

    def on_result(result: Result, reused: bool) -> None:
        nonlocal said, done, fresh
        now = time.monotonic()
        done, fresh = done + 1, fresh + (not reused)
        if now - said >= NOTE_EVERY and fresh:
            said = now
            note(f"{done} of {total} graded, about {(total - done) * (now - started) / fresh:.0f} s left")

    yield on_result
