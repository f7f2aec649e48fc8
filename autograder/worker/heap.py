"""The zygote's memory, arranged so that to fork it is cheap.

After a fork both sides share all memory, page by page, until one writes to it; then that page is copied. The zygote's
imports leave gaps all over its heap, in which a worker's first thousand objects would lie, each on a page to be copied.
What is shared has its price as well: an entry for every page, made at the fork and taken down at the worker's end.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from autograder.worker.syscalls import call

__all__ = ["Region", "collapse", "fill_gaps", "read_regions"]

# CPython keeps small objects of one size together, in pools of 16 KiB that begin with a head of 48 bytes. For a Python
# that does otherwise this ends at MOST.
LARGEST, STEP = 512, 16
POOL, HEAD = 1 << 14, 48
MOST = 1 << 20  # bytes of one size
BATCH, ROW = 64, 12  # objects; so many in a row from a pool's beginning on, and it is a fresh one: no gap is left
HUGE = 2 << 20  # bytes of a huge page
_MADV_COLLAPSE = 25
_SMALL: dict[int, Callable[[], object]] = {16: object, 32: partial(complex, 1.0, 1.0)}
_filling: list[object] = []


def fill_gaps() -> None:
    """Fill the gaps between small objects, for as long as this process lives."""
    for size in range(STEP, LARGEST + 1, STEP):
        _filling.extend(_fill(_SMALL.get(size) or partial(bytes, size - bytes.__basicsize__), size))


def _fill(make: Callable[[], object], size: int) -> list[object]:
    made: list[object] = []
    while len(made) < MOST // size:
        made += [make() for _ in range(BATCH)]
        latest = [id(each) for each in made[-BATCH - ROW :]]
        for i, (first, last) in enumerate(zip(latest, latest[ROW - 1 :], strict=False)):
            if first % POOL == HEAD and last == first + (ROW - 1) * size:
                return made[: len(made) - len(latest) + i]
    return made


class Region(NamedTuple):
    """A part of this process's address space. `own` is private memory that can be written, with no file behind it."""

    start: int
    end: int
    own: bool


def read_regions(maps: int) -> list[Region]:
    """Return what a descriptor of /proc/self/maps says, and close it; nothing for -1."""
    if maps < 0:
        return []
    regions = []
    with os.fdopen(maps) as lines:
        for line in lines:
            place, rights, _, _, inode, *name = line.split(maxsplit=5)
            start, end = (int(address, 16) for address in place.split("-"))
            if name != ["[vsyscall]\n"]:  # the kernel's own
                regions.append(Region(start, end, rights == "rw-p" and inode == "0" and name in ([], ["[heap]\n"])))
    return regions


def collapse(regions: Iterable[Region]) -> None:
    """Put our own memory on huge pages, each of which has one entry in place of 512 (Linux 6.1; before, nothing)."""
    for region in regions:
        first = -(-region.start // HUGE) * HUGE
        for place in range(first, region.end - HUGE + 1, HUGE) if region.own else ():
            with contextlib.suppress(OSError):  # of an older kernel, or where nothing has been written yet
                call("madvise", ctypes.c_void_p(place), ctypes.c_size_t(HUGE), _MADV_COLLAPSE)
