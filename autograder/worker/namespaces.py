"""The outer wall: a private, read-only view of the file system and nothing else of the machine, put up once a zygote.

Does what bubblewrap does, with nothing to install: new namespaces, a tmpfs as root, read-only bind mounts of the
interpreter's packages and the course's datasets, and a pivot into it. The course's own folder is never shown.
"""

from __future__ import annotations

import os
import struct
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.worker.syscalls import Step, call, step, take

__all__ = ["SCRATCH", "enter_namespaces", "has_admin", "package_folders", "pivot_into_view", "scratch_steps"]

SCRATCH = "/scratch"
DATASETS = "/datasets"

_NEWNS, _NEWCGROUP, _NEWUTS, _NEWIPC = 0x20000, 0x02000000, 0x04000000, 0x08000000
_NEWUSER, _NEWPID, _NEWNET = 0x10000000, 0x20000000, 0x40000000
_BIND, _REC, _PRIVATE, _NOSUID, _NODEV, _NOEXEC = 4096, 16384, 1 << 18, 2, 4, 8
_AT_RECURSIVE, _AT_FDCWD = 0x8000, -100
_ATTR_RDONLY, _ATTR_NOSUID = 1, 2
_MNT_DETACH = 2
_CAP_SYS_ADMIN = 21


def has_admin() -> bool:
    """Whether this process may make namespaces without a user namespace around them (root, mostly)."""
    status = Path("/proc/self/status").read_text()
    effective = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:"))
    return bool(int(effective, 16) >> _CAP_SYS_ADMIN & 1)


def enter_namespaces() -> None:
    """Leave the machine's namespaces. The next child is process 1 of the new pid namespace.

    Raises
    ------
    OSError
        Where the kernel or a container around us refuses.
    """
    flags = _NEWNS | _NEWCGROUP | _NEWUTS | _NEWIPC | _NEWPID | _NEWNET
    if has_admin():
        call("unshare", flags)
    else:
        uid, gid = os.geteuid(), os.getegid()
        call("unshare", flags | _NEWUSER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    call("sethostname", b"worker", 6)


def _mount_step(source: str, target: str, kind: str, flags: int, options: str = "") -> Step:
    return step("mount", source.encode(), target.encode(), kind.encode(), flags, options.encode())


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    take([_mount_step(source, target, kind, flags, options)])


def _read_only(target: str) -> None:
    attributes = struct.pack("<QQQQ", _ATTR_RDONLY | _ATTR_NOSUID, 0, 0, 0)  # not nodev: /dev/urandom is among them
    call("mount_setattr", _AT_FDCWD, target.encode(), _AT_RECURSIVE, attributes, len(attributes))


def _bind(source: Path, target: Path) -> None:
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    _mount(str(source), str(target), "", _BIND | _REC)


def package_folders(course_root: Path | None) -> list[Path]:
    """Return the folders that Python and its packages need, none of them inside another.

    A folder that holds the course (an editable install puts its root on `sys.path`) is left out.
    """
    names = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    names |= {str(Path(sys.base_prefix) / "lib"), "/lib", "/lib64", "/usr/lib", "/usr/lib64"}
    names |= {path for path in sys.path if Path(path).name in ("site-packages", "dist-packages", "lib-dynload")}
    folders = sorted({Path(os.path.realpath(name)) for name in names if os.path.isdir(name)})
    if course_root is not None:
        root = Path(os.path.realpath(course_root))
        folders = [folder for folder in folders if not root.is_relative_to(folder)]
    return [
        folder for folder in folders if not any(folder != other and folder.is_relative_to(other) for other in folders)
    ]


def pivot_into_view(folders: Iterable[Path], datasets: Path | None, nodes: Sequence[Path] = ()) -> None:
    """Replace the file system by a read-only one that shows `folders` where they were, and `datasets` as /datasets.

    With `nodes` (of devices) there are these, /sys, and a /proc in which a process finds itself alone. To be called by
    process 1 of the new namespaces. /lib and the like that are links stay links.
    """
    base = "/tmp" if os.path.isdir("/tmp") else "/mnt"
    _mount("none", "/", "", _PRIVATE | _REC)
    _mount("tmpfs", base, "tmpfs", _NOSUID | _NODEV, "size=1m,mode=755")
    os.chdir(base)
    os.mkdir("new")
    os.mkdir("old")
    _mount("new", "new", "", _BIND | _REC)
    call("pivot_root", b".", b"old")
    os.chdir("/")
    old, new = Path("/old"), Path("/new")
    for folder in folders:
        _bind(old / folder.relative_to("/"), new / folder.relative_to("/"))
    for device in ("null", "zero", "urandom", "random"):
        _bind(old / "dev" / device, new / "dev" / device)
    for node in nodes:
        _bind(old / node.relative_to("/"), new / node.relative_to("/"))
    if nodes:
        _bind(old / "sys", new / "sys")
        (new / "proc").mkdir()
        _mount("proc", str(new / "proc"), "proc", _NOSUID | _NODEV | _NOEXEC, "hidepid=2")
    elif (old / "proc/cpuinfo").exists():  # by which torch chooses its kernels; nothing else of /proc
        _bind(old / "proc/cpuinfo", new / "proc/cpuinfo")
    if datasets is not None and (old / datasets.relative_to("/")).is_dir():
        _bind(old / datasets.relative_to("/"), new / DATASETS[1:])
    for name in ("lib", "lib64"):
        if (old / name).is_symlink():
            (new / name).symlink_to(os.readlink(old / name))
    (new / SCRATCH[1:]).mkdir()
    os.chdir("/new")
    call("pivot_root", b".", b".")  # the old root now covers the new one, until it is taken away:
    call("umount2", b".", _MNT_DETACH)
    os.chdir("/")
    _read_only("/")
    _mount("tmpfs", SCRATCH, "tmpfs", _NOSUID | _NODEV | _NOEXEC, "size=1m,mode=700")  # torch asks for one on import


def scratch_steps(size_mib: int, uid: int, gid: int) -> list[Step]:
    """Return the calls that give a process a scratch folder of its own, which dies with it, as its working folder."""
    options = f"size={size_mib}m,nr_inodes=1k,mode=700,uid={uid},gid={gid}"
    steps = [
        step("unshare", _NEWNS),
        _mount_step("tmpfs", SCRATCH, "tmpfs", _NOSUID | _NODEV | _NOEXEC, options),
        step("chdir", SCRATCH.encode()),
    ]
    return [*steps, step("symlink", DATASETS.encode(), b"datasets")] if os.path.isdir(DATASETS) else steps
