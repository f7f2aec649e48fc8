"""Naming the mistake: a wrong answer is held against known misconceptions, and named only if one reproduces it.

A misconception is the reference with some functions replaced. When a check fails, the same check is run on each
variant of that part, in a walled worker. One is named if it fails the check too and if, call by call, it was asked the
same and answered the same as the student, with at least one of these answers far from the reference's. What the
variants answer does not depend on the submission, so it is computed once a session.

Answers that depend on random draws or on the method are not comparable; a check that recognises what is wrong with
them says so by a symptom (`CheckFailure.symptom`), and then the symptom decides in place of the answers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.judge.variants import Variant
from autograder.records import Diagnosis, Status
from autograder.student import Call, Handle, StudentError, WorkerDied
from autograder.wire import Record, TupleRecord

__all__ = ["Attempt", "Diagnostician", "Replay", "same_mistake"]

# An answer is a variant's if it lies a thousand times nearer to it than the variant lies to the right answer. Where
# variant and reference agree to rounding, the student has to agree with them to rounding.
NEARNESS = 1e-3
ROUNDING = 1e-9  # float64; an explicit inverse of ill-conditioned data is off by more
ROUNDING_SINGLE = 1e-4  # float32: differences below count as none


@dataclass(frozen=True, slots=True)
class Replay:
    """How a check went on the reference or on a variant."""

    passed: bool
    calls: tuple[Call, ...]
    symptom: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a check went on a submission."""

    check: str
    part: str
    status: Status
    calls: tuple[Call, ...]
    symptom: str | None = None


@dataclass(slots=True)
class Diagnostician:
    """Finds the misconception behind a failed check.

    `replay(check, variant)` runs a check on a variant of the reference, or on the reference for None.
    """

    variants: Sequence[Variant]
    replay: Callable[[str, Variant | None], Replay]
    _known: dict[tuple[str, str], Replay] = field(default_factory=dict)

    def diagnose(self, failed: Attempt, part: Sequence[Attempt]) -> Diagnosis | None:
        """Return the misconception behind a failed check, or None.

        `part` holds all the submission's attempts at that part. Where several variants made this check's mistake, one
        that fails a check which the student passes is not theirs, and of the rest the one that explains most is named.
        """
        passed = [attempt.check for attempt in part if attempt.status is Status.PASSED]
        wrong = [attempt.check for attempt in part if attempt.status is Status.FAILED]
        fitting = [
            variant
            for variant in self._matching(failed)
            if all(self._replay(check, variant).passed for check in passed)
            and all(self._explains(variant, attempt, failed) for attempt in part if attempt.status is Status.FAILED)
        ]
        best = min(fitting, key=lambda v: sum(self._replay(check, v).passed for check in wrong), default=None)
        if best is None or best.explanation is None or best.hint is None:
            return None
        return Diagnosis(best.id, best.explanation, best.hint)

    def _explains(self, variant: Variant, attempt: Attempt, failed: Attempt) -> bool:
        """Whether the variant passes this failed check (another mistake's, then) or answered it as the student did.

        Against a mistake that was recognised, the check of `failed`, one that recognises none is no evidence.
        """
        if failed.symptom is not None and attempt.symptom is None:
            return True
        replay = self._replay(attempt.check, variant)
        return replay.passed or _alike(attempt, replay, self._replay(attempt.check, None))

    def _matching(self, failed: Attempt) -> list[Variant]:
        if not failed.calls or any(isinstance(call.outcome, WorkerDied) for call in failed.calls):
            return []
        candidates = [variant for variant in self.variants if variant.part == failed.part]
        if not candidates:  # where students check their own, there is no reference either
            return []
        right = self._replay(failed.check, None)
        replays = [(variant, self._replay(failed.check, variant)) for variant in candidates]
        return [
            variant for variant, wrong in replays if right.passed and not wrong.passed and _alike(failed, wrong, right)
        ]

    def _replay(self, check: str, variant: Variant | None) -> Replay:
        key = (check, variant.id if variant else "")
        if key not in self._known:
            self._known[key] = self.replay(check, variant)
        return self._known[key]


def _alike(failed: Attempt, variant: Replay, reference: Replay) -> bool:
    """Whether a variant's failure of a check is the student's."""
    if failed.symptom is not None:
        return failed.symptom == variant.symptom
    return same_mistake(failed.calls, variant.calls, reference.calls)


def same_mistake(student: Sequence[Call], variant: Sequence[Call], reference: Sequence[Call]) -> bool:
    """Whether the student was asked the same as the variant, answered the same, and somewhere not the reference's."""
    if len(student) != len(variant):
        return False
    mistaken = False
    for i, (theirs, known) in enumerate(zip(student, variant, strict=True)):
        if theirs.label != known.label or distance(theirs.args, known.args) != 0:
            return False
        right = reference[i].outcome if i < len(reference) else None
        gap = distance(known.outcome, right)
        allowed = max(NEARNESS * gap, ROUNDING) if math.isfinite(gap) else ROUNDING
        apart = distance(theirs.outcome, known.outcome)
        if apart > allowed:
            return False
        # Where rounding itself is the mistake (an explicit inverse), only the very same digits are the same mistake.
        mistaken |= gap > ROUNDING or (gap > 0 and apart == 0)
    return mistaken


def distance(a: Any, b: Any) -> float:
    """Return 0 where `a` and `b` are the same, a relative difference of their numbers (at most 1) where only these
    differ, and infinity where type, shape or text do.

    Numbers are compared norm by norm, so that rounding in a small entry beside a large one means nothing.
    """
    if isinstance(a, StudentError) and isinstance(b, StudentError):
        return 0.0 if (a.known_type, a.text.split("\n")[0]) == (b.known_type, b.text.split("\n")[0]) else math.inf
    if isinstance(a, (float, np.floating)) and isinstance(
        b, (float, np.floating)
    ):  # one is as good an answer as another
        single = any(isinstance(value, np.floating) and value.itemsize <= 4 for value in (a, b))
        kind = np.float32 if single else np.float64
        return _array_distance(np.asarray(a, kind), np.asarray(b, kind))
    if type(a) is not type(b):
        return math.inf
    if isinstance(a, Handle):
        return 0.0 if a.number == b.number else math.inf
    if isinstance(a, np.random.Generator):
        return 0.0 if a.bit_generator.state == b.bit_generator.state else math.inf
    if isinstance(a, np.ndarray):
        return _array_distance(a, b)
    if isinstance(a, (int, float, complex, np.generic)) and not isinstance(a, (bool, str, bytes)):
        return _array_distance(np.asarray(a), np.asarray(b))
    if isinstance(a, (list, tuple)):
        return _greatest(a, b)
    if isinstance(a, dict):
        return _greatest(list(a.values()), list(b.values())) if list(a) == list(b) else math.inf
    if isinstance(a, Record):
        return distance(vars(a), vars(b))
    if type(a).__module__ == "torch":
        same = a.dtype == b.dtype and a.shape == b.shape
        return _array_distance(a.detach().double().numpy(), b.detach().double().numpy()) if same else math.inf
    try:
        return 0.0 if a == b else math.inf
    except Exception:  # an object of the judge's own that does not compare: not the same, then
        return math.inf


def _greatest(a: Sequence[Any], b: Sequence[Any]) -> float:
    if isinstance(a, TupleRecord) != isinstance(b, TupleRecord) or len(a) != len(b):
        return math.inf
    return max((distance(x, y) for x, y in zip(a, b, strict=True)), default=0.0)


def _array_distance(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> float:
    if a.shape != b.shape or a.dtype != b.dtype:
        return math.inf
    if a.dtype.kind not in "iufc":
        return 0.0 if np.array_equal(a, b) else math.inf
    finite = np.isfinite(a)
    if not np.array_equal(finite, np.isfinite(b)) or not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return math.inf
    wide = np.complex128 if a.dtype.kind == "c" else np.longdouble
    x, y = a[finite].astype(wide).ravel(), b[finite].astype(wide).ravel()
    largest = max(np.abs(x).max(initial=0), np.abs(y).max(initial=0))
    if largest == 0:
        return 0.0
    x, y = x / largest, y / largest  # so that no square overflows
    norms = [float(np.sqrt(np.sum(np.abs(v) ** 2))) for v in (x, y, x - y)]
    ratio = min(norms[2] / max(norms[:2]), 1.0)
    single = a.dtype.kind in "fc" and a.dtype.itemsize <= (8 if a.dtype.kind == "c" else 4)
    return 0.0 if single and ratio < ROUNDING_SINGLE else ratio
