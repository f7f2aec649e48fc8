"""Is it fast enough? Ratios of CPU times, pair by pair, so that a busy machine slows both sides alike."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from autograder.judge.failure import CheckFailure
from autograder.judge.margin import record_speed
from autograder.judge.wording import apart
from autograder.text import Message

__all__ = ["Timed", "assert_speed"]

MIN_PAIRS, MAX_PAIRS = 5, 11
# Times the limit, twice. Of 1,081 single pairs of right answers, on saturated cores, the worst was at 1.4.
HOPELESS = 4.0
STAGING_FACTOR, STAGING_FREE = 2.0, 1e-3  # of the twin's, and seconds: page faults come as they come


class Timed(Protocol):
    """A function behind the wall. The arguments are on its side before the clock starts."""

    def timed(self, *args: Any) -> tuple[Any, float, float]:
        """Return the value, the CPU seconds that it took, and those that taking in the arguments did."""
        ...


def assert_speed(
    function: Timed,
    reference: Timed,
    make_args: Callable[[int], Sequence[Any]],
    *,
    limit: float,
    name: str,
    repeats: int = 7,
    check: Callable[[Any, Sequence[Any]], object] | None = None,
) -> float:
    """Check that `function` takes at most `limit` times the CPU time of `reference`.

    Parameters
    ----------
    function, reference : Timed
        `student.f` and `twin.f`.
    make_args : callable
        Repetition number -> arguments, different for each, so that a remembered answer is of no use.
    limit : float, > 0
        On the median of the pairs' ratios.
    repeats : int from 5 to 11
        Pairs of runs. Fewer are made once the others cannot change the verdict: at least 5, or 2 that are hopeless, so
        that slow answers are told their ratio and not that their time was up.
    check : callable, optional
        Called as check(value, args) with every timed value; raises if it is wrong.

    Returns
    -------
    float
        The median ratio of the pairs that were run over `limit`, <= 1.

    Raises
    ------
    CheckFailure
    ValueError
        If `repeats` or `limit` make no sense, or the reference took no measurable time.
    """
    if not MIN_PAIRS <= repeats <= MAX_PAIRS:
        raise ValueError(f"{name}: repeats={repeats!r} must lie between {MIN_PAIRS} and {MAX_PAIRS}")
    if not 0 < limit < math.inf:
        raise ValueError(f"{name}: limit={limit!r} must be positive and finite")
    pairs: list[tuple[float, float]] = []
    while len(pairs) < repeats and not _is_clear([a / b for a, b in pairs], limit, repeats):
        args = make_args(len(pairs))
        value, pair = _time_pair(function, reference, args, student_first=len(pairs) % 2 == 0)
        if not pair[1] > 0:
            raise ValueError(f"{name}: the reference took no measurable time; give it a larger problem")
        if check is not None:
            check(value, args)
        pairs.append(pair)
    ratio = record_speed(statistics.median(a / b for a, b in pairs))
    if not ratio <= limit:
        raise CheckFailure(_too_slow(name, ratio, limit, pairs))
    return ratio / limit


def _time_pair(
    function: Timed, reference: Timed, args: Sequence[Any], *, student_first: bool
) -> tuple[Any, tuple[float, float]]:
    """Return the student's value, and both times. Who goes first changes, as warm caches favour the second.

    Taking in the arguments is free as far as the twin needs it too; work done there beyond that is the student's.
    """
    runs = (function, reference) if student_first else (reference, function)
    done = {run: run.timed(*args) for run in runs}
    value, seconds, staging = done[function]
    _, reference_seconds, reference_staging = done[reference]
    excess = staging - STAGING_FACTOR * reference_staging - STAGING_FREE
    return value, (seconds + max(0.0, excess), reference_seconds)


def _is_clear(ratios: Sequence[float], limit: float, repeats: int) -> bool:
    """Say whether the verdict is known: more than half of all ratios on one side of the limit, or two far beyond it."""
    if len(ratios) >= 2 and min(ratios[:2]) > HOPELESS * limit:
        return True
    within = sum(ratio <= limit for ratio in ratios)
    return len(ratios) >= MIN_PAIRS and max(within, len(ratios) - within) > repeats / 2


def _too_slow(name: str, ratio: float, limit: float, pairs: Sequence[tuple[float, float]]) -> Message:
    measured, allowed = apart(ratio, limit)
    seconds = {
        "actual": f"{statistics.median(a for a, _ in pairs):.2g}",
        "desired": f"{statistics.median(b for _, b in pairs):.2g}",
    }
    lines = (Message("speed.pairs", {"count": len(pairs)}), Message("speed.seconds", seconds))
    return Message("speed.slow", {"name": name, "ratio": measured, "limit": allowed}, lines)
