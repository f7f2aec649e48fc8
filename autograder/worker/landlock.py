"""Landlock: what files, sockets and signals this process can still reach, decided by itself and for good."""

from __future__ import annotations

import functools
import os
import struct
from collections.abc import Mapping

from autograder.worker.syscalls import Step, call, step

__all__ = ["DEVICE", "MINIMUM_ABI", "READ", "WRITE", "abi", "restrict_steps"]

MINIMUM_ABI = 6  # the first that keeps signals and abstract sockets inside

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
READ = _READ_FILE | _READ_DIR
# everything but execute, device nodes, sockets, fifos, moves between folders and device ioctls
WRITE = READ | _WRITE_FILE | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 12 | 1 << 14
DEVICE = _WRITE_FILE | _READ_FILE | 1 << 15  # a device node, and ioctls on it
_ALL_FILES = (1 << 16) - 1  # execute … ioctl_dev
_ALL_NET = 0b11  # bind and connect TCP
_ALL_SCOPES = 0b11  # abstract unix sockets, signals


@functools.cache  # asked before a zygote forks
def abi() -> int:
    """Return the kernel's Landlock version, 0 where it has none."""
    try:
        return call("landlock_create_ruleset", 0, 0, 1)
    except OSError:
        return 0


def restrict_steps(paths: Mapping[str, int], first: int) -> list[Step]:
    """Return the calls that leave each path (and what lies beneath) the rights given, and no other path, TCP port or
    outer process. `first` is the lowest descriptor that is free when they are made.

    Raises
    ------
    OSError
        Where the kernel has no Landlock of version 6 or later.
    """
    if (version := abi()) < MINIMUM_ABI:
        raise OSError(f"landlock: version {MINIMUM_ABI} is needed, this kernel has {version}")
    attributes = struct.pack("<QQQ", _ALL_FILES, _ALL_NET, _ALL_SCOPES)
    ruleset, folder = first, first + 1
    steps = [step("landlock_create_ruleset", attributes, len(attributes), 0, answer=ruleset)]
    for path, rights in paths.items():
        steps += [
            step("open", os.fsencode(path), os.O_PATH | os.O_CLOEXEC, answer=folder),
            step("landlock_add_rule", ruleset, 1, struct.pack("<Qi", rights, folder), 0),
            step("close", folder),
        ]
    return [*steps, step("landlock_restrict_self", ruleset, 0), step("close", ruleset)]
