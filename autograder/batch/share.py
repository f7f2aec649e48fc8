"""Share jobs out among the processes of this machine; a judge that dies costs one job."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import partial

from autograder.batch.local import grade_here, local_executor
from autograder.batch.once import Once
from autograder.course import Assignment
from autograder.judge.job import Job
from autograder.judge.lane import LaneBroken
from autograder.records import CheckResult, Result, Status
from autograder.text import Message

__all__ = ["share"]


def share(
    assignment: Assignment,
    jobs: Sequence[Job],
    keep: Callable[[Job, Result], None],
    *,
    tier: str,
    visible_only: bool = False,
    processes: int | None = None,
) -> None:
    """Grade the jobs in up to `processes` processes (None: one per core), and give each result to `keep` as it comes.

    Raises
    ------
    UsageError
        For checks that cannot be collected.
    """
    task = partial(grade_here, Once(assignment), tier, visible_only)
    withhold = partial(_withheld, assignment)
    for left in _run(min(processes or os.cpu_count() or 1, len(jobs)), task, jobs, keep, withhold):
        # A judge died with several submissions in its hands: alone, each shows whether it was the one.
        for culprit in _run(1, task, [left], keep, withhold):
            keep(culprit, withhold(culprit, "the judge's process ended"))


def _run(
    processes: int,
    task: Callable[[Job], Result],
    jobs: Sequence[Job],
    keep: Callable[[Job, Result], None],
    withhold: Callable[[Job, str], Result],
) -> list[Job]:
    """Grade the jobs, and return those that were lost with a judge that died."""
    lost = []
    with local_executor(processes) as executor:
        futures = {executor.submit(task, job): job for job in jobs}
        try:
            for future in as_completed(futures):
                try:
                    keep(futures[future], future.result())
                except BrokenProcessPool:
                    lost.append(futures[future])
                except LaneBroken as broken:
                    keep(futures[future], withhold(futures[future], str(broken)))
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    return lost


def _withheld(assignment: Assignment, job: Job, reason: str) -> Result:
    """Return the result for a submission that no judge could grade: every point is withheld, none is lost."""
    message = Message("batch.judge_died")
    checks = tuple(
        CheckResult(
            check="",
            part=part.id,
            title=part.title,
            status=Status.ERROR,
            points=0.0,
            max_points=part.points,
            hidden=True,  # the reason may quote a check: for the instructor
            message=message,
            student_message=message,
            detail=reason,
        )
        for part in assignment.parts
    )
    return Result(
        assignment=assignment.id,
        student=job.submission.student,
        key=job.key,
        status=Status.ERROR,
        points=0.0,
        max_points=assignment.points,
        checks=checks,
    )
