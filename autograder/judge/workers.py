"""Subjects that run in workers, behind the wall."""

from __future__ import annotations

import hashlib

from autograder.course import Assignment
from autograder.intake import File, Program, Submission, parse_submission
from autograder.judge.subject import Subject
from autograder.worker import Budget, Connection, Seconds, Zygote

__all__ = ["make_subject", "source_subject", "worker_seed"]


def worker_seed(seed: int, assignment: Assignment, student: str) -> int:
    """Return the seed of a student's workers: the same whenever and wherever it is graded."""
    text = f"{seed}\0{assignment.id}\0{student}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def _forbidden(assignment: Assignment) -> tuple[str, ...]:
    """Return the imports that no part allows: one that some part may use cannot be blocked for the whole module."""
    per_part = [set(part.rules.forbid_imports) for part in assignment.parts]
    return tuple(sorted(set.intersection(*per_part))) if per_part else ()


def make_subject(
    zygote: Zygote, assignment: Assignment, program: Program, seed: int, *, unlimited: bool = False
) -> Subject:
    """Return a subject for `program`; `unlimited` for our own code, which many checks of many submissions share."""
    limits = assignment.limits
    budget = Budget(
        memory_mib=limits.memory_mib,
        output_per_call=limits.output_kib_per_call << 10,
        output=limits.output_kib << 10,
        cpu_seconds=1 << 20 if unlimited else int(limits.import_seconds + limits.total_seconds) + 1,
    )
    total = float("inf") if unlimited else limits.total_seconds
    seconds = Seconds(limits.seconds, limits.import_seconds, total)
    forbidden = () if unlimited else _forbidden(assignment)
    connection = Connection(zygote, program, budget, seconds=seconds, forbidden=forbidden, seed=seed)
    return Subject(program, connection, seed, unlimited)


def source_subject(zygote: Zygote, assignment: Assignment, source: str, name: str) -> Subject:
    """Return a subject for our own source text: the reference, or a variant of it."""
    submission = Submission(name, (File(f"{assignment.files[0]}.py", source.encode()),))
    return make_subject(zygote, assignment, parse_submission(submission, assignment), 0, unlimited=True)
