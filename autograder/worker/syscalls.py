"""The few Linux system calls that Python's `os` does not offer, through libc. Every failure is an OSError."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from typing import Any

__all__ = ["MACHINE", "NR", "call", "capset_none", "prctl", "syscall"]

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


def call(name: str, *args: Any) -> int:
    """Call libc's function `name`; raise OSError naming it where it answers -1."""
    result: int = getattr(_libc, name)(*args)
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result


def syscall(name: str, *args: Any) -> int:
    """Make the system call `name` of `NR`; raise OSError naming it where it fails."""
    if name not in NR:
        raise OSError(f"{name}: no system call number is known for {MACHINE}")
    # libc's syscall() is variadic: a bare int would be passed as 32 bits.
    result: int = _libc.syscall(*(ctypes.c_long(a) if isinstance(a, int) else a for a in (NR[name], *args)))
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result


def prctl(option: int, value: int) -> None:
    call("prctl", option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))


def capset_none() -> None:
    """Drop every capability of this process (needs none)."""
    syscall("capset", _THIS_PROCESS, _NO_CAPABILITIES)
