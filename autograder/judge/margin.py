"""How close to its limits a check came: what the helpers measured, kept for whoever asks (the audit does)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["collect_margins", "record_margin"]

_margins: ContextVar[list[float] | None] = ContextVar("margins", default=None)


def record_margin(ratio: float) -> float:
    """Keep one ratio measured/limit of the check that is running, and return it."""
    margins = _margins.get()
    if margins is not None:
        margins.append(ratio)
    return ratio


@contextmanager
def collect_margins() -> Iterator[list[float]]:
    """Collect what the helpers measure in this thread, in order; the last of a check that failed is what failed it."""
    margins: list[float] = []
    token = _margins.set(margins)
    try:
        yield margins
    finally:
        _margins.reset(token)
