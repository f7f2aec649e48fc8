"""How close to its limits a check came: what the helpers measured, kept for whoever asks (the audit does)."""

from __future__ import annotations

import math
from contextvars import ContextVar, Token
from dataclasses import dataclass, field

__all__ = ["LARGEST", "Margins", "record_margin", "record_speed"]

LARGEST = 1e300  # what NaN and infinity count as: results are kept as JSON, which has neither


@dataclass(slots=True)
class Margins:
    """A context manager: what the helpers measure in this thread meanwhile, in order.

    `numbers` holds ratios measured/limit, of which a check passes at <= 1: the last one of a check that failed is what
    failed it. `speeds` holds ratios of CPU times, student to reference, before they are held against a limit: another
    machine gives others.
    """

    numbers: list[float] = field(default_factory=list)
    speeds: list[float] = field(default_factory=list)
    _outer: Token[Margins | None] | None = None

    def __enter__(self) -> Margins:
        self._outer = _margins.set(self)
        return self

    def __exit__(self, *error: object) -> None:
        if self._outer is not None:
            _margins.reset(self._outer)

    def worst(self) -> float | None:
        """Return the greatest ratio measured/limit, at most `LARGEST`; None where nothing was measured."""
        return _greatest(self.numbers)

    def slowest(self) -> float | None:
        """Return the greatest ratio of CPU times; None where nothing was timed."""
        return _greatest(self.speeds)


_margins: ContextVar[Margins | None] = ContextVar("margins", default=None)


def record_margin(ratio: float) -> float:
    """Keep one ratio measured/limit of the check that is running, and return it.

    Every helper calls this before it raises, so that what failed is known, too. A wrong shape or dtype is no number,
    and is not recorded.
    """
    if (margins := _margins.get()) is not None:
        margins.numbers.append(ratio)
    return ratio


def record_speed(ratio: float) -> float:
    """Keep one ratio of CPU times, student to reference, of the check that is running, and return it."""
    if (margins := _margins.get()) is not None:
        margins.speeds.append(ratio)
    return ratio


def _greatest(ratios: list[float]) -> float | None:
    if not ratios:
        return None
    return max(float(ratio) if math.isfinite(ratio) and ratio < LARGEST else LARGEST for ratio in ratios)
