"""A process's CPU time, read from outside: all its threads, and nothing that it can do about it."""

from __future__ import annotations

import time

__all__ = ["cpu_seconds", "pid_of"]


def pid_of(pidfd: int) -> int:
    """Return the pid, in *our* namespace, of the process behind `pidfd`.

    A pid that the other side reports would be one of its own namespace, and here somebody else's.
    """
    with open(f"/proc/self/fdinfo/{pidfd}", "rb", buffering=0) as info:
        for line in info.read().splitlines():
            if line.startswith(b"Pid:"):
                return int(line.split()[1])
    raise ProcessLookupError(f"descriptor {pidfd} is not a pidfd")


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds that process `pid` has used; OSError when it is gone."""
    return time.clock_gettime((~pid << 3) | 2)
