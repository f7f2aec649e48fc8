"""Tiers: which walls stand around a worker. Outer walls go up once, around the zygote; inner ones in each worker."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.worker import cgroup, cuda, landlock, namespaces, seccomp
from autograder.worker.syscalls import (
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    call,
    capset_none,
    prctl,
    syscall,
)

__all__ = ["GPU", "TIERS", "Allowance", "Inner", "die_with_parent", "put_up_inner", "put_up_outer"]

# Strongest first. See docs/isolation.md for what each needs and stops.
TIERS = ("sealed", "confined", "nofile", "unsafe")
# Beside them, for the checks that need a device: like sealed, but with CUDA's devices, threads, and /proc.
GPU = "gpu"
NOBODY = 65534
SCRATCH_MIB = 16
_NOFILE = 64
_GPU_NOFILE, _GPU_THREADS = 1024, 512  # CUDA opens its devices many times
_GPU_MEMORY = 4 << 30  # bytes that torch, imported before, and CUDA's context take of the host's memory
_CLOSE_FROM = 4  # 0 stdin, 1 and 2 output, 3 the wire


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one worker may use: bytes of memory beyond the zygote's, seconds of CPU before the kernel kills.

    Memory is address space, but in the gpu tier what can be written in private: CUDA reserves more addresses than any
    machine has memory.
    """

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
    if tier not in ("sealed", GPU):
        return os.open("/proc/self/statm", os.O_RDONLY) if os.path.exists("/proc/self/statm") else -1
    if tier == GPU:
        cgroup.enter(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGESIZE") // 2)  # for all its workers together
    devices = cuda.device_nodes() if tier == GPU else []
    folders = [*namespaces.package_folders(course_root), *(cuda.driver_folders() if tier == GPU else [])]
    namespaces.enter_namespaces()
    if child := os.fork():
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # again: entering a user namespace cleared it
        os.closerange(3, 256)  # the control socket is the child's alone, so that its end is seen
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    statm = os.open("/proc/self/statm", os.O_RDONLY)
    namespaces.pivot_into_view(folders, datasets, devices)
    return statm


def put_up_inner(inner: Inner, before_filter: Callable[[], None] = lambda: None) -> None:
    """Lock this worker down, for good. Descriptors 0 to 3 must be in place.

    `before_filter` is called when all walls stand but the last: what it starts (CUDA's threads) is behind them, too.

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
    has_view = inner.tier in ("sealed", GPU)
    if has_view:
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
    if has_view and landlock.abi() >= landlock.MINIMUM_ABI:
        devices = dict.fromkeys(map(str, cuda.device_nodes() if inner.tier == GPU else []), landlock.DEVICE)
        landlock.restrict({"/": landlock.READ, namespaces.SCRATCH: landlock.WRITE, **devices})
    elif inner.tier == "confined":
        landlock.restrict({})
    before_filter()
    seccomp.install_filter(seccomp.build_filter(os.getpid(), paths=has_view, devices=inner.tier == GPU))


def _limit_resources(inner: Inner) -> None:
    gpu = inner.tier == GPU
    memory = inner.zygote_memory + inner.allowance.memory
    for name, value in (
        ("RLIMIT_DATA", memory + _GPU_MEMORY) if gpu else ("RLIMIT_AS", memory),
        ("RLIMIT_CPU", inner.allowance.cpu_seconds),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_FSIZE", SCRATCH_MIB << 20),
        ("RLIMIT_NOFILE", _GPU_NOFILE if gpu else _NOFILE),
        ("RLIMIT_NPROC", _GPU_THREADS if gpu else 0),
        ("RLIMIT_MEMLOCK", 0),
        ("RLIMIT_MSGQUEUE", 0),
    ):
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (limit, limit))
    call("umask", 0o077)
