"""Tiers: which walls stand around a worker. Outer walls go up once, around the zygote; inner ones in each worker."""

from __future__ import annotations

import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

from autograder.worker import landlock, namespaces, seccomp
from autograder.worker.syscalls import (
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    call,
    capset_none,
    prctl,
    syscall,
)

__all__ = ["TIERS", "Allowance", "Inner", "die_with_parent", "put_up_inner", "put_up_outer"]

# Strongest first. See docs/isolation.md for what each needs and stops.
TIERS = ("sealed", "confined", "nofile", "unsafe")
NOBODY = 65534
SCRATCH_MIB = 16
_NOFILE = 64
_CLOSE_FROM = 4  # 0 stdin, 1 and 2 output, 3 the wire


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one worker may use: bytes of address space beyond the zygote's, seconds of CPU before the kernel kills."""

    memory: int
    cpu_seconds: int


@dataclass(frozen=True, slots=True)
class Inner:
    """What a worker needs to know to put its own walls up."""

    tier: str
    allowance: Allowance
    zygote_memory: int  # bytes of address space that are there already
    as_nobody: bool  # the zygote is the machine's root: workers are not


def die_with_parent(parent: int) -> None:
    """Be killed when the process that started this one ends; end at once if it already has."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def put_up_outer(tier: str, course_root: Path | None, datasets: Path | None) -> int:
    """Enclose the zygote; return a descriptor of its memory figures, since /proc is not in its view.

    Returns in process 1 of the new namespaces; the process that called only waits for that one to end.
    """
    if tier != "sealed":
        return os.open("/proc/self/statm", os.O_RDONLY) if os.path.exists("/proc/self/statm") else -1
    folders = namespaces.package_folders(course_root)
    namespaces.enter_namespaces()
    if child := os.fork():
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # again: entering a user namespace cleared it
        os.closerange(3, 256)  # the control socket is the child's alone, so that its end is seen
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    statm = os.open("/proc/self/statm", os.O_RDONLY)
    namespaces.pivot_into_view(folders, datasets)
    return statm


def put_up_inner(inner: Inner) -> None:
    """Lock this worker down, for good. Descriptors 0 to 3 must be in place.

    Raises
    ------
    OSError
        Naming the layer that could not be put up; nothing of the student's may run then.
    """
    syscall("close_range", _CLOSE_FROM, 0xFFFFFFFF, 0)
    if inner.tier == "unsafe":
        _limit_resources(inner)
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        return
    uid, gid = (NOBODY, NOBODY) if inner.as_nobody else (os.geteuid(), os.getegid())
    if inner.tier == "sealed":
        namespaces.mount_scratch(SCRATCH_MIB, uid, gid)
    else:
        os.chdir("/")
    if inner.as_nobody:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    capset_none()
    _limit_resources(inner)
    prctl(PR_SET_DUMPABLE, 0)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # after the change of user, which clears it
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    if inner.tier == "sealed" and landlock.abi() >= landlock.MINIMUM_ABI:
        landlock.restrict({"/": landlock.READ, namespaces.SCRATCH: landlock.WRITE})
    elif inner.tier == "confined":
        landlock.restrict({})
    seccomp.install_filter(seccomp.build_filter(os.getpid(), paths=inner.tier == "sealed"))


def _limit_resources(inner: Inner) -> None:
    memory = inner.zygote_memory + inner.allowance.memory
    cpu = inner.allowance.cpu_seconds
    for name, value in (
        ("RLIMIT_AS", memory),
        ("RLIMIT_CPU", cpu),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_FSIZE", SCRATCH_MIB << 20),
        ("RLIMIT_NOFILE", _NOFILE),
        ("RLIMIT_NPROC", 0),
        ("RLIMIT_MEMLOCK", 0),
        ("RLIMIT_MSGQUEUE", 0),
    ):
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (limit, limit))
    call("umask", 0o077)
