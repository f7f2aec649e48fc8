"""Runs a command as an ordinary user: ``python as_user.py UID COMMAND…``, by root.

The Python in use may lie under a folder that nobody else may enter (/root, mode 700). So this enters a mount namespace
of its own, in which each such folder is covered by an empty one that holds only what the command needs. Outside nothing
changes.
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from pathlib import Path

from autograder.worker.syscalls import call

NEWNS, BIND, REC, PRIVATE, NOSUID = 0x20000, 4096, 16384, 1 << 18, 2
ROOT = Path(__file__).resolve().parents[2]


def closed_ancestor(folder: Path) -> Path | None:
    """Return the outermost folder on the way to `folder`, itself included, that others may not enter."""
    for place in [*reversed(folder.parents), folder]:
        if not place.stat().st_mode & stat.S_IXOTH:
            return place
    return None


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    call("mount", source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode())


def open_the_way(folders: list[Path]) -> None:
    """Make `folders` reachable for everybody, in a mount namespace that this process enters."""
    call("unshare", NEWNS)
    _mount("none", "/", "", PRIVATE | REC)
    handles = {folder: os.open(folder, os.O_PATH) for folder in folders}
    for folder, handle in handles.items():
        closed = closed_ancestor(folder)
        if closed is None:
            continue
        if closed == folder:
            raise PermissionError(f"{folder} itself is closed to others")
        inside = [other for other in folders if other.is_relative_to(closed)]
        _mount("tmpfs", str(closed), "tmpfs", NOSUID, "mode=755")
        for other in inside:
            other.mkdir(parents=True, exist_ok=True)
            _mount(f"/proc/self/fd/{handles[other]}", str(other), "", BIND | REC)
        del handle
    for handle in handles.values():
        os.close(handle)


def become(uid: int) -> None:
    """Give up root for good. Capabilities go with it."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def main(uid: int, command: list[str]) -> None:
    needed = {Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), ROOT}
    outermost = [folder for folder in needed if not any(folder != o and folder.is_relative_to(o) for o in needed)]
    open_the_way(sorted(outermost))
    os.umask(0o022)
    become(uid)
    os.chdir(ROOT)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
