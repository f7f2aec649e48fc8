"""One submission and the worker that runs it now: loading, calls, and what they cost."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.student.complaint import Problem, as_modules, clean, read_error, read_problem
from autograder.student.conversation import Call, Check, Conversation
from autograder.student.ending import WorkerCrashed, WorkerDied, WorkerTimeout
from autograder.student.statements import only, spans
from autograder.worker.host import Zygote
from autograder.worker.process import WALL_EXTRA, WALL_FACTOR, Budget, Reading, Worker

if TYPE_CHECKING:
    from autograder.intake import Program

__all__ = ["Connection", "Seconds"]


MAX_PROBLEMS = 1000
MAX_STATEMENTS = 1000  # that are tried one by one; no answer has so many outside of functions
MAX_LEFT_OUT = 2  # statements at which a worker ended; each costs the time for loading once more


@dataclass(frozen=True, slots=True)
class Seconds:
    """CPU seconds that a submission may use: per check, for loading, and over all checks."""

    check: float
    loading: float
    total: float


class Connection(Conversation):
    """One submission and the worker that it runs in now; a fresh one is made when that has died.

    Parameters
    ----------
    zygote : Zygote
    program : Program
        What the worker loads.
    budget : Budget
    seconds : Seconds
    forbidden : sequence of str
        Packages whose import gives a stand-in that raises when it is used.
    seed : int
        For the generators that the student has not made.
    """

    def __init__(
        self,
        zygote: Zygote,
        program: Program,
        budget: Budget,
        *,
        seconds: Seconds,
        forbidden: Sequence[str] = (),
        seed: int = 0,
    ) -> None:
        super().__init__()
        self._zygote, self._program, self._budget = zygote, program, budget
        self._seconds, self._total_left = seconds, seconds.total
        self._forbidden, self._seed = list(forbidden), seed
        self._modules = as_modules(program)  # what is loaded: without what ended a worker at that
        self._worker: Worker | None = None
        self._exports: dict[str, bool] = {}
        self._loaded = False
        self._load_death: WorkerDied | None = None
        self._unloadable = False
        self._left = seconds.check  # of this check
        self._charged = Reading(0.0, 0.0)
        self._cpu_of_the_dead = 0.0
        self._last_output = ""

    # For the judge

    def load(self) -> None:
        """Start a worker and load the program, once; what goes wrong is kept in `problems` and `load_death`."""
        if self._loaded or not self._program.modules:
            return
        self._loaded = True
        try:
            self._load_first()
        except WorkerDied as death:
            self._blame(death)
            self._unloadable = True
            self._lose()

    @property
    def load_death(self) -> WorkerDied | None:
        return self._load_death

    def begin_check(self) -> None:
        """Start counting for the next check."""
        self._check = Check()
        self._left = self._seconds.check
        if self._worker is not None:
            self._worker.take_output()

    def end_check(self) -> tuple[list[Call], str, bool]:
        """Return the check's calls, what was printed, and whether output was cut."""
        cut = self._worker is not None and self._worker.output_cut
        return self._check.calls, self._take_output(), cut

    def cpu_seconds(self) -> float:
        """Return the CPU seconds that all workers of this submission have used."""
        return self._cpu_of_the_dead + (self._worker.cpu_seconds() if self._worker else 0.0)

    def retire(self) -> None:
        """Give up this worker, so that nothing it has seen reaches the next check."""
        self._lose()

    # For the proxies

    def exports(self) -> Mapping[str, bool]:
        self.load()
        return self._exports

    def is_current(self, home: object) -> bool:
        return home is self._worker

    def worker_pid(self) -> int:
        """Return the pid, in our namespace, of the worker that runs this submission now."""
        return self._ready_worker().pid

    def worker_cpu(self) -> float:
        return self._ready_worker().cpu_seconds()

    def charged_cpu(self) -> float:
        """Return the worker's CPU seconds as of its last answer: what it uses after that counts for the next call."""
        self._ready_worker()
        return self._charged.cpu

    # How it works

    def _ready_worker(self) -> Worker:
        self.load()
        if self._unloadable and self._load_death is not None:
            raise self._load_death
        if self._worker is None:
            if self._total_left <= 0:
                raise WorkerTimeout("its time over all checks was used up")
            asked = time.monotonic()
            try:
                self._start()
                assert self._worker is not None
                self._worker.take_output()  # not to be shown: by a clock it can know what a hidden check gave before
            finally:  # loading again is part of what the checks cost
                self._total_left -= _cost(self._worker.cpu_seconds() if self._worker else 0.0, asked)
        assert self._worker is not None
        return self._worker

    def _start(self) -> tuple[Problem, ...]:
        """Start a worker that loads the program; return what raised."""
        worker = self._worker = self._zygote.spawn(self._budget, self._seed)
        return self._ask_to_load(worker, ["load", self._modules, self._forbidden], worker.read_clock())

    def _load_first(self) -> None:
        try:
            self.problems = self._start()
        except (WorkerTimeout, WorkerCrashed):
            if not self._load_sparing():
                raise
        finally:
            self.load_output = self._take_output()

    def _ask_to_load(self, worker: Worker, request: list[Any], since: Reading) -> tuple[Problem, ...]:
        answer = worker.request(request, self._seconds.loading, self._make_handle, since=since)
        self._charged = worker.read_clock()
        exports, problems = answer[1] if answer[0] == "ok" and self._is_load_answer(answer[1]) else ({}, [])
        self._exports = {
            name: flag for name, flag in exports.items() if isinstance(name, str) and isinstance(flag, bool)
        }
        return tuple(read_problem(self._program, problem) for problem in problems[:MAX_PROBLEMS])

    def _blame(self, death: WorkerDied) -> None:
        """Keep why a name may be missing."""
        death.loading = True
        self._load_death = self._load_death or death

    def _load_sparing(self) -> bool:
        """Load without the statements at which a worker ends: an endless loop below the functions (a training, say)
        costs none of them. Return whether so much as that could be loaded."""
        if sum(len(spans(source)) for _, source in self._modules[0][2]) > MAX_STATEMENTS:
            return False
        left_out: list[Problem] = []
        while len(left_out) <= MAX_LEFT_OUT:
            self._lose()
            self._last_output = ""  # of what is loaded now; before, it was the same up to here
            if (ended := self._load_by_statement()) is None:
                self.problems = (*left_out, *self.problems)
                return True
            left_out.append(ended)
        return False

    def _load_by_statement(self) -> Problem | None:
        """Load statement by statement; leave out that at which the worker ends, and return it."""
        (name, filename, cells), *others = self._modules
        worker = self._worker = self._zygote.spawn(self._budget, self._seed)
        since = worker.read_clock()
        raised = self._ask_to_load(worker, ["load", [[name, filename, []], *others], self._forbidden], since)
        for cell in cells:
            number, source = cell
            lines = spans(source)
            for here in lines:
                if time.monotonic() - since.at > WALL_FACTOR * self._seconds.loading + WALL_EXTRA:
                    raise WorkerTimeout("its time for loading was used up")
                statement = [number, only(source, [here])]
                try:
                    raised = (raised + self._ask_to_load(worker, ["more", filename, [statement]], since))[:MAX_PROBLEMS]
                except (WorkerTimeout, WorkerCrashed) as death:
                    self._blame(death)
                    cell[1] = only(source, [span for span in lines if span != here])
                    return Problem(filename, number, death, here.start)
        self.problems = (raised + self._ask_to_load(worker, ["more", filename, []], since))[:MAX_PROBLEMS]
        return None

    @staticmethod
    def _is_load_answer(value: Any) -> bool:
        return type(value) is list and len(value) == 2 and type(value[0]) is dict and type(value[1]) is list

    def _answer(self, operation: list[Any]) -> tuple[Any, int]:
        worker = self._ready_worker()
        before = worker.received
        return self._exchange(worker, operation), worker.received - before

    def _source(self) -> Program:
        return self._program

    def _home(self) -> object:
        return self._worker

    def _exchange(self, worker: Worker, operation: list[Any]) -> Any:
        if time.monotonic() - self._charged.at >= min(self._left, self._total_left):
            self._charge(worker, time.monotonic())  # what it did since the last answer is the student's: is any left?
        left, total_left = min(self._left, self._total_left), self._total_left
        if left <= 0:
            self._take_output_of(worker)
            raise WorkerTimeout("its time was used up between two calls")
        asked = time.monotonic()
        try:
            answer = worker.request(operation, left, self._make_handle, self._to_handle, self._charged)
        except WorkerDied as death:
            self._charge(worker, asked)
            if isinstance(death, WorkerTimeout):  # it may only have slept: that is no cheaper
                self._total_left = min(self._total_left, total_left - left)
            self._take_output_of(worker)
            raise
        self._charge(worker, asked)
        if answer[0] == "raise":
            raise read_error(self._program, answer[1:])
        return answer[1] if len(answer) == 2 else None

    def _charge(self, worker: Worker, asked: float) -> None:
        reading = worker.read_clock()
        # An answer can be made to be dear to read.
        cost = _cost(reading.cpu - self._charged.cpu + worker.decoding, asked)
        self._left -= cost
        self._total_left -= cost
        self._charged, worker.decoding = reading, 0.0

    def _lose(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._cpu_of_the_dead += self._worker.cpu_seconds()
            self._worker = None

    def _take_output_of(self, worker: Worker) -> None:
        if printed := worker.take_output():
            self._last_output += clean(printed)

    def _take_output(self) -> str:
        if self._worker is not None:
            self._take_output_of(self._worker)
        text, self._last_output = self._last_output, ""
        return text


def _cost(cpu: float, asked: float) -> float:
    """Return what a request costs: CPU seconds, and of one that mostly slept a share of the seconds that it took."""
    return max(cpu, (time.monotonic() - asked) / WALL_FACTOR)
