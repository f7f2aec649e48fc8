"""Zygotes are started once a session and tier; a worker is cheap."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from autograder.intake import Cell, Module, Program
from autograder.student import Student
from autograder.worker import Budget, Connection, Seconds, Setup, TierReport, Zygote, probe

WALLED = ("sealed", "confined", "nofile")


@dataclass(frozen=True, slots=True)
class Tried:
    """A student's module behind a wall, and the connection to it."""

    student: Student
    connection: Connection


@pytest.fixture(scope="session")
def tier_reports() -> dict[str, TierReport]:
    return {report.name: report for report in probe(WALLED)}


@pytest.fixture(scope="session", params=WALLED)
def tier(request: pytest.FixtureRequest, tier_reports: dict[str, TierReport]) -> str:
    """Every tier that this machine has, one after the other."""
    report = tier_reports[request.param]
    if not report.available:
        pytest.skip(report.why)
    return report.name


@pytest.fixture(scope="session")
def best_tier(tier_reports: dict[str, TierReport]) -> str:
    """The strongest tier that this machine has."""
    return next((report.name for report in tier_reports.values() if report.available), "unsafe")


@pytest.fixture(scope="session")
def zygotes() -> Iterator[Callable[..., Zygote]]:
    """Return the session's zygote of a tier, started when it is first asked for."""
    running: dict[tuple[str, tuple[str, ...]], Zygote] = {}
    with ExitStack() as stack:

        def get(tier: str, preload: tuple[str, ...] = ()) -> Zygote:
            if (tier, preload) not in running:
                running[tier, preload] = stack.enter_context(Zygote(Setup(tier, preload)))
            return running[tier, preload]

        yield get


@pytest.fixture
def connect(zygotes: Callable[..., Zygote], best_tier: str) -> Iterator[Callable[..., Tried]]:
    """Return a function that puts source behind a wall: a text, or a list of (cell number, text)."""
    with ExitStack() as stack:

        def make(
            source: str | list[tuple[int | None, str]],
            *,
            tier: str = best_tier,
            preload: tuple[str, ...] = (),
            others: tuple[Module, ...] = (),
            budget: Budget = Budget(memory_mib=512),  # noqa: B008
            seconds: Seconds = Seconds(check=5.0, loading=5.0, total=60.0),  # noqa: B008
            forbidden: tuple[str, ...] = (),
        ) -> Tried:
            cells = [(None, source)] if isinstance(source, str) else source
            module = Module("answer", "answer.py", tuple(Cell(n, textwrap.dedent(text)) for n, text in cells))
            connection = Connection(
                zygotes(tier, preload), Program((module, *others)), budget, seconds=seconds, forbidden=forbidden, seed=7
            )
            stack.callback(connection.close)
            return Tried(Student(connection), connection)

        yield make


@pytest.fixture
def answer(connect: Callable[..., Tried]) -> Callable[..., Any]:
    """Return a function that evaluates one expression behind the wall and brings the value over."""

    def evaluate(expression: str, *, setup: str = "", preload: tuple[str, ...] = ()) -> Any:
        source = f"import numpy as np\n{textwrap.dedent(setup)}\ndef f():\n    return {expression}\n"
        return connect(source, preload=preload).student.f()

    return evaluate
