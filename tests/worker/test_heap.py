"""The zygote's memory: gaps that are filled, and huge pages."""

from __future__ import annotations

import mmap
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.worker.heap import HUGE, Region, collapse, read_regions

MAPS = Path("/proc/self/maps")
needs_maps = pytest.mark.skipif(not MAPS.exists(), reason="this system has no /proc/self/maps")

# In a process of its own, on whose heap nobody else makes anything.
SCATTERED = """
import sys
from functools import partial
from autograder.worker.heap import POOL, fill_gaps

for size in (48, 240, 496):
    make = partial(bytes, size - bytes.__basicsize__)
    made = [make() for _ in range(40 * POOL // size)]
    del made[::16]  # leaves gaps in each of the pools
    if sys.argv[1] == "filled":
        fill_gaps()
    print(len({id(each) // POOL for each in [make() for _ in range(25)]}))
"""


def pools_of_new_objects(how: str) -> list[int]:
    command = [sys.executable, "-c", SCATTERED, how]
    return [int(line) for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]


def test_new_objects_lie_together_once_the_gaps_are_filled() -> None:
    assert max(pools_of_new_objects("filled")) <= 4
    assert max(pools_of_new_objects("as they are")) >= 8  # or this test would show nothing


@needs_maps
def test_regions_are_the_address_space() -> None:
    regions = read_regions(os.open(MAPS, os.O_RDONLY))
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    assert sum(region.end - region.start for region in regions) == pytest.approx(pages * mmap.PAGESIZE, rel=0.01)
    own = [region for region in regions if region.own]
    assert any(region.start <= id(object()) < region.end for region in own)
    assert not any(region.start <= id(object) < region.end for region in own)  # the interpreter's own data: a file's


def test_no_map_gives_no_regions() -> None:
    assert read_regions(-1) == []


@needs_maps
def test_collapse_leaves_what_is_in_memory_alone_and_what_cannot_be_collapsed() -> None:
    with mmap.mmap(-1, 4 * HUGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory[:: mmap.PAGESIZE] = pattern = bytes(i % 251 for i in range(4 * HUGE // mmap.PAGESIZE))
        regions = [region for region in read_regions(os.open(MAPS, os.O_RDONLY)) if region.end - region.start >= HUGE]
        collapse(regions)
        assert memory[:: mmap.PAGESIZE] == pattern
    collapse([Region(HUGE, 3 * HUGE, True), Region(3, HUGE, True)])  # nothing is there, and none is so small
