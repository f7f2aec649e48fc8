"""A lane: one pytest session, held open in a thread, that grades whatever is put in."""

from __future__ import annotations

import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Assignment
from autograder.course.manifest import PUBLIC_CHECKS
from autograder.errors import UsageError
from autograder.intake import Program
from autograder.judge import plugin
from autograder.judge.bench import BENCH
from autograder.judge.engine import Engine
from autograder.judge.job import Job
from autograder.judge.protocol import QUIET
from autograder.judge.walled import WalledBench
from autograder.judge.workers import make_subject
from autograder.records import Result
from autograder.worker import Setup, Zygote

__all__ = ["Lane", "LaneBroken", "LaneError"]


class LaneError(Exception):
    """The checks of an assignment cannot be collected: the author's fault, in pytest's own words."""


class LaneBroken(Exception):
    """The lane failed at one submission, and has ended. Another lane can go on."""


class Lane:
    """Grades one submission at a time with the checks of `assignment`, behind the walls of `tier`.

    Parameters
    ----------
    visible_only : bool
        Only the checks of test_public.py, and nothing from the solution's folder: what a student may run.
    only : str
        Only checks that pytest's ``-k`` would pick.
    """

    def __init__(self, assignment: Assignment, tier: str, *, visible_only: bool = False, only: str = "") -> None:
        self._assignment, self._tier, self._visible_only, self._only = assignment, tier, visible_only, only
        self._jobs: queue.SimpleQueue[Callable[[Engine], Any] | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._ended: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"lane {assignment.id}", daemon=True)
        self._thread.start()

    def grade(self, job: Job) -> Result:
        """Return the result; raise LaneError or UsageError where the session cannot run, LaneBroken where it ended."""
        result: Result = self._ask(lambda engine: engine.grade(job))
        return result

    def record_mistakes(self) -> bytes:
        """Return how the misconceptions answer the checks (see `autograder.judge.mistakes`); same errors as `grade`."""
        recorded: bytes = self._ask(lambda engine: engine.record_mistakes())
        return recorded

    def _ask(self, question: Callable[[Engine], Any]) -> Any:
        with self._lock:
            if self._ended is not None:
                raise self._ended
            self._jobs.put(question)
            answer = self._answers.get()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        hooks = _SessionHooks(self)
        try:
            code = pytest.main(self._arguments(), plugins=[hooks, plugin])
            error: BaseException = hooks.error or LaneError(f"pytest ended with {code!s}")
        except BaseException as raised:
            error = raised
        self._ended = error
        self._answers.put(error)

    def _arguments(self) -> list[str]:
        files = [self._assignment.folder / PUBLIC_CHECKS]
        if not self._visible_only:
            files += sorted(self._assignment.solution.glob("test_*.py"))
        present = [str(file) for file in files if file.is_file()]
        if not present:
            raise UsageError(f"{self._assignment.id}: there is no test_public.py and no hidden test; write one")
        root = self._assignment.folder.parents[1]
        for file in present:  # another course's files of these names, or older ones, that this process has imported
            sys.modules.pop(".".join(Path(file).relative_to(root).with_suffix("").parts), None)
        # Not the course's own pytest settings, which are for its other tests.
        chosen = ["-k", self._only] if self._only else []
        return [*QUIET, *chosen, "-c", os.devnull, f"--rootdir={root}", *present]

    def open_bench(self) -> WalledBench:
        assignment = self._assignment
        root = assignment.folder.parents[1]
        zygote = Zygote(Setup(self._tier, assignment.preload, root, assignment.dataset_folder))
        nobody = make_subject(zygote, assignment, Program(()), 0)
        complete = not (self._visible_only or self._only)
        return WalledBench(assignment, nobody, complete, zygote=zygote)

    def serve(self, engine: Engine, zygote: Zygote) -> None:
        while (question := self._jobs.get()) is not None:
            try:
                answer = question(engine)
            except UsageError as error:  # something is missing on this machine, for whoever started the grader
                self._answers.put(error)
                continue
            except Exception:  # whatever it is, it is not the student's: withheld, with the place for whoever mends it
                self._answers.put(LaneBroken(traceback.format_exc()))
                return
            if not zygote.is_alive():
                self._answers.put(LaneBroken("the zygote has ended"))
                return
            self._answers.put(answer)


class _SessionHooks:
    """Puts the lane's bench and loop into pytest's session."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._bench: WalledBench | None = None
        self.error: BaseException | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        self._bench = config.stash[BENCH] = self._lane.open_bench()

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and self.error is None:
            self.error = LaneError(f"the checks cannot be collected:\n{report.longreprtext}")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        marks = {mark.name for item in session.items for mark in item.iter_markers()}
        if not marks & {"skip", "skipif", "xfail"}:  # this plugin looks for them at each run of each check
            session.config.pluginmanager.unregister(name="skipping")

    def pytest_internalerror(self, excrepr: object, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        if self.error is None:
            own = isinstance(excinfo.value, (UsageError, LaneError))
            self.error = excinfo.value if own else LaneError(str(excrepr))
        return True  # heard: pytest need not print it

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.error is None and self._bench is not None:
            engine = Engine(self._bench, session.items)
            try:
                self._lane.serve(engine, self._bench.zygote)
            finally:
                engine.close()
        return True
