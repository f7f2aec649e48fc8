"""Tiers: which walls stand around a worker. Outer walls go up once, around the zygote; inner ones in each worker."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.worker import cgroup, cuda, landlock, namespaces, seccomp
from autograder.worker.syscalls import (
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    capset_none,
    prctl,
    syscall,
)

__all__ = ["GPU", "TIERS", "Allowance", "Inner", "die_with_parent", "prepare_inner", "put_up_inner", "put_up_outer"]

# Strongest first. See docs/isolation.md for what each needs and stops.
TIERS = ("sealed", "confined", "nofile", "unsafe")
# Beside them, for the checks that need a device: like sealed, but with CUDA's devices, threads, and /proc.
GPU = "gpu"
NOBODY = 65534
SCRATCH_MIB = 16
_NOFILE = 64
_GPU_NOFILE, _GPU_THREADS = 1024, 512  # CUDA opens its devices many times
_GPU_MEMORY = 4 << 30  # bytes that torch, imported before, and CUDA's context take of the host's memory
_MAPS = "/proc/self/maps"
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
    """What a worker needs to put its own walls up, worked out before it is forked.

    To fork is to share memory until it is written to, and to use an object writes to it: all that can be known before
    is not worked out in each worker, which would copy a page for it.
    """

    tier: str
    as_nobody: bool  # the zygote is the machine's root: workers are not
    uid: int
    gid: int
    limits: tuple[tuple[int, tuple[int, int]], ...]  # resource, soft and hard
    reach: Mapping[str, int] | None  # what Landlock leaves: paths, and rights there; None where it is not put up

    @property
    def has_view(self) -> bool:
        return self.tier in ("sealed", GPU)


def die_with_parent(parent: int) -> None:
    """Be killed when the process that started this one ends; end at once if it already has."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def put_up_outer(tier: str, course_root: Path | None, datasets: Path | None) -> int:
    """Enclose the zygote; return a descriptor of its map of memory, since /proc is not in its view (-1: none).

    Returns in process 1 of the new namespaces; the process that called only waits for that one to end.
    """
    if tier not in ("sealed", GPU):
        return os.open(_MAPS, os.O_RDONLY) if os.path.exists(_MAPS) else -1
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
    maps = os.open(_MAPS, os.O_RDONLY)
    namespaces.pivot_into_view(folders, datasets, devices)
    return maps


def prepare_inner(tier: str, allowance: Allowance, memory: int, *, as_nobody: bool) -> Inner:
    """Return the walls for workers of this process, which has `memory` bytes of address space itself."""
    uid, gid = (NOBODY, NOBODY) if as_nobody else (os.geteuid(), os.getegid())
    reach: dict[str, int] | None = None
    if tier in ("sealed", GPU) and landlock.abi() >= landlock.MINIMUM_ABI:
        devices = dict.fromkeys(map(str, cuda.device_nodes() if tier == GPU else []), landlock.DEVICE)
        reach = {"/": landlock.READ, namespaces.SCRATCH: landlock.WRITE, **devices}
    elif tier == "confined":
        reach = {}
    return Inner(tier, as_nobody, uid, gid, _limits(tier, allowance, memory), reach)


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
    if inner.has_view:
        namespaces.mount_scratch(SCRATCH_MIB, inner.uid, inner.gid)
    else:
        os.chdir("/")
    if inner.as_nobody:
        os.setgroups([])
        os.setresgid(inner.gid, inner.gid, inner.gid)
        os.setresuid(inner.uid, inner.uid, inner.uid)
    capset_none()
    _limit_resources(inner)
    prctl(PR_SET_DUMPABLE, 0)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # after the change of user, which clears it
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    if inner.reach is not None:
        landlock.restrict(inner.reach)
    before_filter()
    seccomp.install_filter(seccomp.build_filter(os.getpid(), paths=inner.has_view, devices=inner.tier == GPU))


def _limits(tier: str, allowance: Allowance, memory: int) -> tuple[tuple[int, tuple[int, int]], ...]:
    gpu = tier == GPU
    wanted = {
        resource.RLIMIT_DATA if gpu else resource.RLIMIT_AS: memory + allowance.memory + (_GPU_MEMORY if gpu else 0),
        resource.RLIMIT_CPU: allowance.cpu_seconds,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: SCRATCH_MIB << 20,
        resource.RLIMIT_NOFILE: _GPU_NOFILE if gpu else _NOFILE,
        resource.RLIMIT_NPROC: _GPU_THREADS if gpu else 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    limits = {}
    for kind, value in wanted.items():
        _, hard = resource.getrlimit(kind)
        limits[kind] = value if hard == resource.RLIM_INFINITY else min(value, hard)
    return tuple((kind, (limit, limit)) for kind, limit in limits.items())


def _limit_resources(inner: Inner) -> None:
    for kind, limit in inner.limits:
        resource.setrlimit(kind, limit)
    os.umask(0o077)
