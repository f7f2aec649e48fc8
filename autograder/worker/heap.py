"""The zygote's heap, arranged so that a worker copies few of its pages.

After a fork both sides share all memory, page by page, until one writes to it; then that page is copied. The zygote's
imports leave gaps all over its heap, in which a worker's first thousand objects would lie, each on a page to be copied.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

__all__ = ["fill_gaps"]

# CPython keeps small objects of one size together, in pools of 16 KiB that begin with a head of 48 bytes. For a Python
# that does otherwise this ends at MOST.
LARGEST, STEP = 512, 16
POOL, HEAD = 1 << 14, 48
MOST = 1 << 20  # bytes of one size
BATCH, ROW = 64, 12  # objects; so many in a row from a pool's beginning on, and it is a fresh one: no gap is left
_SMALL: dict[int, Callable[[], object]] = {16: object, 32: partial(complex, 1.0, 1.0)}


def fill_gaps() -> list[object]:
    """Fill the gaps between small objects, and return what fills them, to be kept."""
    filling: list[object] = []
    for size in range(STEP, LARGEST + 1, STEP):
        filling += _fill(_SMALL.get(size) or partial(bytes, size - bytes.__basicsize__), size)
    return filling


def _fill(make: Callable[[], object], size: int) -> list[object]:
    made: list[object] = []
    while len(made) < MOST // size:
        made += [make() for _ in range(BATCH)]
        latest = [id(each) for each in made[-BATCH - ROW :]]
        for i, (first, last) in enumerate(zip(latest, latest[ROW - 1 :], strict=False)):
            if first % POOL == HEAD and last == first + (ROW - 1) * size:
                return made[: len(made) - len(latest) + i]
    return made
