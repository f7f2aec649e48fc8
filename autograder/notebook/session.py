"""The public checks, run by pytest in this process on functions that are already here."""

from __future__ import annotations

import datetime
import os
import platform
import sys
import time
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
import pytest

from autograder import __version__
from autograder.course.manifest import MISTAKES, PUBLIC_CHECKS, Assignment
from autograder.errors import UsageError
from autograder.intake.submission import Program
from autograder.judge import plugin
from autograder.judge.bench import BENCH, Bench
from autograder.judge.diagnosis import Diagnostician
from autograder.judge.examine import Examiner
from autograder.judge.job import Scope
from autograder.judge.mistakes import read_mistakes
from autograder.judge.observe import load_problem
from autograder.judge.protocol import QUIET
from autograder.judge.rules import forbidden_parts, scan
from autograder.judge.spec import SPEC
from autograder.judge.subject import Subject
from autograder.notebook.state import kept_state
from autograder.records import CheckResult, Result, Status
from autograder.student import Conversation

__all__ = ["examine"]

TIER = "notebook"
OnCheck = Callable[[Result, int], object]


def examine(
    assignment: Assignment,
    conversation: Conversation,
    program: Program,
    *,
    parts: Collection[str] = (),
    on_check: OnCheck = lambda result, running: None,
) -> Result:
    """Return what the public checks say.

    Parameters
    ----------
    conversation : Conversation
        With the student's functions.
    program : Program
        Their source, which is searched for what the assignment forbids.
    parts : collection of str
        Only these; all if empty. A check of another part that one of these needs is run, too.
    on_check : callable
        Hears of the result so far, and of how many checks are still to come.

    Raises
    ------
    UsageError
        If the checks cannot be collected.
    KeyboardInterrupt
        If it was interrupted.
    """
    session = _Session(assignment, conversation, program, parts, on_check)
    with kept_state(seed=0):
        session.run()
    if session.result is None:
        raise session.error or UsageError(f"{assignment.folder / PUBLIC_CHECKS}: the checks did not run")
    return session.result


class _Session:
    """Our part in one pytest session."""

    def __init__(
        self,
        assignment: Assignment,
        conversation: Conversation,
        program: Program,
        parts: Collection[str],
        on_check: OnCheck,
    ) -> None:
        self._assignment, self._program, self._parts, self._on_check = assignment, program, parts, on_check
        self._bench = Bench(assignment, Subject(program, conversation, 0), complete=False)
        self.result: Result | None = None
        self.error: BaseException | None = None

    def run(self) -> None:
        file = self._assignment.folder / PUBLIC_CHECKS
        if not file.is_file():
            raise UsageError(f"{file}: is missing; get the assignment's files again")
        loaded = set(sys.modules)
        try:
            pytest.main([*QUIET, "-c", os.devnull, f"--rootdir={file.parent}", str(file)], plugins=[self, plugin])
        finally:
            for name in [name for name, module in sys.modules.items() if name not in loaded and _is_of(module, file)]:
                del sys.modules[name]

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[BENCH] = self._bench

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and self.error is None:
            self.error = UsageError(f"the checks cannot be collected:\n{report.longreprtext}")

    def pytest_internalerror(self, excrepr: object, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        self.error = self.error or excinfo.value
        return True  # heard: pytest need not print it

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self.error = excinfo.value

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.error is None:
            self.result = self._run_checks(session.items)
        return True

    def _run_checks(self, items: Sequence[pytest.Item]) -> Result:
        started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
        folder, subject = self._assignment.folder, self._bench.subject
        known = read_mistakes(folder / MISTAKES, folder / PUBLIC_CHECKS)
        examiner = Examiner(self._bench, items, Diagnostician(known.variants, known.replay))
        findings = scan(self._program, self._assignment)
        subject.forbidden = forbidden_parts(findings)
        wanted = _with_needed(items, self._parts)
        scope = Scope(wanted) if wanted else Scope(parts=tuple(self._parts))
        done: list[CheckResult] = []

        def result(checks: Sequence[CheckResult]) -> Result:
            shown = tuple(check for check in checks if not self._parts or check.part in self._parts)
            return Result(
                assignment=self._assignment.id,
                student="",
                key="",
                status=max(
                    (check.status for check in shown), key=lambda status: status.severity, default=Status.PASSED
                ),
                points=sum(check.points for check in shown),
                max_points=sum(check.max_points for check in shown),
                checks=shown,
                problems=(*self._program.problems, *map(load_problem, subject.connection.problems)),
                output=subject.connection.load_output,
                findings=tuple(finding for finding in findings if not self._parts or finding.part in self._parts),
                tier=TIER,
                versions=_versions(),
                started=started.isoformat(timespec="seconds"),
                seconds=time.perf_counter() - clock,
                cpu_seconds=subject.connection.cpu_seconds(),
            )

        def hear(check: CheckResult) -> None:
            done.append(check)
            self._on_check(result(done), len(examiner.chosen(scope)) - len(done))

        return result(examiner.run(subject, scope, hear))


def _with_needed(items: Sequence[pytest.Item], parts: Collection[str]) -> tuple[str, ...]:
    """Return the ids of the checks of these parts, and of those that they need, in their order; () for all."""
    specs = [item.stash[SPEC] for item in items]
    wanted = {spec.name for spec in specs if spec.part in parts}
    while more := {name for spec in specs if spec.name in wanted for name in spec.needs} - wanted:
        wanted |= more
    return tuple(spec.id for spec in specs if spec.name in wanted)


def _is_of(module: Any, file: os.PathLike[str]) -> bool:
    return getattr(module, "__file__", None) == os.fspath(file)


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), "autograder": __version__, "pytest": pytest.__version__,
            "numpy": np.__version__}  # fmt: skip
