"""The local engine: processes of this machine, each with a lane that stays open between submissions."""

from __future__ import annotations

import functools
import multiprocessing
import multiprocessing.util
import os
import signal
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing.sharedctypes import Synchronized

from autograder.batch.once import Once
from autograder.course import Assignment
from autograder.errors import UsageError
from autograder.judge.job import Job
from autograder.judge.lane import Lane, LaneBroken, LaneError
from autograder.records import Result
from autograder.worker.walls import die_with_parent

__all__ = ["grade_here", "local_executor"]


def local_executor(jobs: int) -> Executor:
    """Return a pool of `jobs` processes that end when this one does, however it ends."""
    # Not forked: the process that grades has threads (progress, this pool's own), and a judge is to begin clean.
    context = multiprocessing.get_context("spawn")
    turn = context.Value("i", os.getpid())  # where to begin: two graders on one machine are not to share cores
    return ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(os.getpid(), turn))


def _begin(parent: int, turn: Synchronized[int]) -> None:
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends a judge without a word: the grader speaks for all
    _keep_to_one_core(turn)


def _keep_to_one_core(turn: Synchronized[int]) -> None:
    """Bind this judge, and with it its zygote and workers, to a core of its own.

    Judge and worker never run at once: one waits for the other. On two cores each call would wake up a sleeping one,
    which costs more than the call itself (measured: 240 µs a call on two cores, 110 µs on one).
    """
    cores = sorted(os.sched_getaffinity(0))
    with turn.get_lock():
        core = cores[turn.value % len(cores)]
        turn.value += 1
    os.sched_setaffinity(0, {core})


@functools.cache
def _lane(assignment: Assignment, tier: str, visible_only: bool) -> Lane:
    lane = Lane(assignment, tier, visible_only=visible_only)
    # Not atexit: a process of a pool ends without it, and its zygote has to be waited for.
    multiprocessing.util.Finalize(None, lane.close, exitpriority=10)
    return lane


def grade_here(assignment: Once[Assignment], tier: str, visible_only: bool, job: Job) -> Result:
    """Grade one submission in this process. The task that any executor is given."""
    lane = functools.partial(_lane, assignment.value, tier, visible_only)
    try:
        return lane().grade(job)
    except LaneBroken:  # mostly a zygote that the kernel killed for memory: once more, with a new one
        _lane.cache_clear()
    except LaneError as error:
        raise UsageError(f"{assignment.value.id}: {error}") from None
    try:
        return lane().grade(job)
    except LaneBroken:
        _lane.cache_clear()
        raise
