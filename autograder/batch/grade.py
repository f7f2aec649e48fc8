"""Grade many submissions: reuse what has not changed, share the rest out, and keep each result as it comes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.batch.share import share
from autograder.course import Assignment
from autograder.errors import UsageError
from autograder.intake import Submission
from autograder.judge.job import Job
from autograder.records import Result, reusable
from autograder.worker import TIERS, cuda, probe

if TYPE_CHECKING:
    from autograder.records import Store  # needs SQLAlchemy, which a student who checks a file does not have

__all__ = ["GradeOptions", "content_key", "grade"]

OnResult = Callable[[Result, bool], None]


@dataclass(frozen=True, slots=True)
class GradeOptions:
    """How to grade.

    `tier` None takes the strongest wall that can be had; `jobs` None one per core; `again` grades what is known, too;
    `allow_unsafe` lets code run with no wall at all; `visible_only` runs the public checks alone.
    """

    tier: str | None = None
    jobs: int | None = None
    again: bool = False
    allow_unsafe: bool = False
    seed: int = 0
    visible_only: bool = False


def grade(
    assignment: Assignment,
    submissions: Sequence[Submission],
    store: Store | None,
    options: GradeOptions,
    on_result: OnResult,
) -> list[Result]:
    """Grade the submissions and return their results, in the order given.

    Each result is kept in `store` (if there is one) before `on_result(result, reused)` hears of it. A fault of ours
    becomes a result of status `error` and stops nobody else's grading.

    Raises
    ------
    UsageError
        For a tier that cannot be had, or checks that cannot be collected.
    """
    tier = choose_tier(options)
    keys = frozenset[str]() if store is None or options.again else store.keys(assignment.id)
    has_device = cuda.CONTROL_NODE.exists()
    results: dict[str, Result] = {}
    waiting: list[Job] = []
    for submission in submissions:
        key = content_key(submission, assignment, options)
        known = store.find(assignment.id, submission.student, key) if store is not None and key in keys else None
        if store is not None and known is not None and reusable(known, tier, has_device=has_device):
            store.promote(known)  # an older file handed in again is the newest submission
            results[submission.student] = known
            on_result(known, True)
        else:
            waiting.append(Job(submission, key, options.seed))

    def keep(job: Job, result: Result) -> None:
        if store is not None:
            store.save(result)
        results[result.student] = result
        on_result(result, False)

    if waiting:
        share(assignment, waiting, keep, tier=tier, visible_only=options.visible_only, processes=options.jobs)
    return [results[submission.student] for submission in submissions]


def choose_tier(options: GradeOptions) -> str:
    """Return the tier asked for, or the strongest that this machine has; never a weaker one than asked for."""
    if options.tier is not None and options.tier not in TIERS:
        raise UsageError(f"--tier {options.tier}: no such tier; there are {', '.join(TIERS)}")
    names = (options.tier,) if options.tier else TIERS
    reasons = []
    for name in names:
        if name == "unsafe" and not options.allow_unsafe:
            reasons.append("the unsafe tier runs student code with no wall: it needs --allow-unsafe")
            continue
        [report] = probe((name,))
        if report.available:
            return name
        reasons.append(report.why)
    raise UsageError("; ".join(reasons) + ". `autograder doctor` says what this machine can do")


def content_key(submission: Submission, assignment: Assignment, options: GradeOptions) -> str:
    """Return the SHA-256 of all that decides a verdict: files, assignment, seed, and which checks are run."""
    digest = hashlib.sha256(f"{assignment.digest}\0{options.seed}\0{options.visible_only}\0".encode())
    for file in sorted(submission.files, key=lambda file: file.name):
        name = file.name.encode("utf-8", "surrogateescape")  # a file system's names need not be text
        digest.update(b"%d\0%b%d\0" % (len(name), name, len(file.data)))
        digest.update(file.data)
    return digest.hexdigest()
