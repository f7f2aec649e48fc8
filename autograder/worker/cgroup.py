"""A control group of its own for a zygote and its workers: the one limit on memory that does not count addresses.

Both versions of the kernel's interface are spoken. Where this user may not make groups there is none, and the resource
limits of each worker are what is left.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["enter", "groups_of", "leave"]

_ROOT = Path("/sys/fs/cgroup")


def enter(memory: int) -> Path | None:
    """Put this process into a new group that holds at most `memory` bytes; return its folder, None if it may not."""
    for parent, limit in _parents():
        group = parent / f"autograder-{os.getpid()}"
        try:
            group.mkdir()
            (group / limit).write_text(str(memory))
            (group / "cgroup.procs").write_text("0")
        except OSError:
            leave(group)
            continue
        return group
    return None


def leave(group: Path) -> None:
    """Remove a group whose processes have ended."""
    with contextlib.suppress(OSError):
        group.rmdir()


def groups_of(pid: int) -> list[Path]:
    """Return the groups that process `pid` may have made, as seen from its parent."""
    return [parent / f"autograder-{pid}" for parent, _ in _parents()]


def _parents() -> Iterator[tuple[Path, str]]:
    """Return this process's own groups, and the name of the file with the limit."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for number, controllers, path in (line.split(":", 2) for line in lines):
        if "memory" in controllers.split(","):
            yield _ROOT / "memory" / path.lstrip("/"), "memory.limit_in_bytes"
        elif number == "0":
            yield _ROOT / path.lstrip("/"), "memory.max"
