"""A graded submission as frozen data. How it came about is no business of this room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from autograder.pickled import by_values
from autograder.text import Bilingual, Message

__all__ = ["CheckResult", "Diagnosis", "Finding", "Result", "Status"]


class Status(StrEnum):
    """What became of a check, or (the gravest of its checks) of a submission. Gravest last."""

    PASSED = "passed"
    SKIPPED = "skipped"  # no device: the points leave the maximum
    BLOCKED = "blocked"  # a check that it needs has failed
    FAILED = "failed"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    VIOLATION = "violation"  # an act with no honest use
    ERROR = "error"  # ours: points withheld until resolved

    @property
    def severity(self) -> int:
        """Its place in the order above."""
        return _SEVERITY[self]


_SEVERITY = {status: place for place, status in enumerate(Status)}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The known misconception that a wrong answer reproduces."""

    misconception: str
    explanation: Bilingual
    hint: Bilingual

    __reduce__ = by_values


@dataclass(frozen=True, slots=True)
class Finding:
    """Something forbidden that was seen in the source."""

    part: str
    rule: str  # "forbid_imports" or "forbid_calls"
    name: str  # dotted name of what was used
    file: str
    cell: int | None
    line: int
    action: str  # "flag" or "zero"
    evasive: bool = False  # reached through getattr, __import__ and the like

    __reduce__ = by_values


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of one submission.

    `message` is what went wrong in full. Of a hidden check the student is shown `student_message` instead, and
    neither `output` nor `detail`.
    """

    check: str  # "test_hidden.py::TestRidge::test_optimal[tall]"
    part: str
    title: Bilingual
    status: Status
    points: float
    max_points: float
    hidden: bool
    message: Message | None = None
    student_message: Message | None = None
    hint: Bilingual | None = None
    diagnosis: Diagnosis | None = None
    output: str = ""
    detail: str = ""  # for the instructor: pytest's introspection, the judge's traceback
    seconds: float = 0.0  # wall clock
    cpu_seconds: float = 0.0  # of the worker
    margin: float | None = None  # the greatest measured/limit of its criteria: it passes at <= 1
    speed: float | None = None  # CPU time over the reference's, where it was timed

    __reduce__ = by_values


@dataclass(frozen=True, slots=True)
class Result:
    """One graded submission. `key` is the hash of submission and assignment; equal keys, equal verdicts."""

    assignment: str
    student: str
    key: str
    status: Status
    points: float
    max_points: float
    checks: tuple[CheckResult, ...]
    problems: tuple[Message, ...] = ()  # at intake and import
    findings: tuple[Finding, ...] = ()
    output: str = ""  # printed at import
    tier: str = ""
    seed: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)
    started: str = ""  # ISO 8601, UTC
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    __reduce__ = by_values
