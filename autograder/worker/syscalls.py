"""The few Linux system calls that Python's `os` does not offer, through libc. Every failure is an OSError."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Iterable
from typing import Any, NamedTuple

__all__ = ["MACHINE", "NR", "Step", "call", "capset_step", "prctl_step", "step", "take"]

MACHINE = platform.machine()

# Numbers by name. Calls added since Linux 5.1 have the same number on every architecture.
NR = {
    "x86_64": {"pivot_root": 155, "capset": 126, "seccomp": 317, "mount": 165, "umount2": 166},
    "aarch64": {"pivot_root": 41, "capset": 91, "seccomp": 277, "mount": 40, "umount2": 39},
}.get(MACHINE, {}) | {
    "mount_setattr": 442,
    "landlock_create_ruleset": 444,
    "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
    "close_range": 436,
}

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38

_THIS_PROCESS = struct.pack("=Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, pid 0
_NO_CAPABILITIES = bytes(24)

_libc = ctypes.CDLL(None, use_errno=True)


class Step(NamedTuple):
    """A call of libc or of the system, made ready, and what it answers if it succeeds."""

    name: str
    function: Any
    arguments: tuple[Any, ...]
    answer: int


def step(name: str, *args: Any, answer: int = 0) -> Step:
    """Make a call ready: the system call of `NR`, or libc's function of that name. Integers go as long.

    Raises
    ------
    OSError
        Where there is neither on this machine.
    """
    # libc's syscall() is variadic: a bare int would be passed as 32 bits.
    arguments = tuple(ctypes.c_long(each) if isinstance(each, int) else each for each in args)
    if name in NR:
        return Step(name, _libc.syscall, (ctypes.c_long(NR[name]), *arguments), answer)
    if (function := getattr(_libc, name, None)) is None:
        raise OSError(f"{name}: no system call number is known for {MACHINE}, and libc has no such function")
    return Step(name, function, arguments, answer)


def take(steps: Iterable[Step]) -> None:
    """Make the calls in turn; raise OSError naming the first that does not answer as it should."""
    for name, function, arguments, answer in steps:
        result = function(*arguments)
        if result != answer:
            raise _failed(name, result)


def call(name: str, *args: Any) -> int:
    """Make one call as `step` does and return its answer; raise OSError naming it where that is -1."""
    prepared = step(name, *args)
    result: int = prepared.function(*prepared.arguments)
    if result == -1:
        raise _failed(name, result)
    return result


def _failed(name: str, result: int) -> OSError:
    if result != -1:
        return OSError(f"{name}: answered {result}")
    code = ctypes.get_errno()
    return OSError(code, f"{name}: {os.strerror(code)}")


def prctl_step(option: int, value: int) -> Step:
    return step("prctl", option, value, 0, 0, 0)


def capset_step() -> Step:
    """Return the call that drops every capability of this process (needs none)."""
    return step("capset", _THIS_PROCESS, _NO_CAPABILITIES)
