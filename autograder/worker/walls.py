"""Tiers: which walls stand around a worker. Outer walls go up once, around the zygote; inner ones in each worker."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from autograder.worker import cgroup, cuda, landlock, namespaces, seccomp
from autograder.worker.syscalls import (
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    Step,
    capset_step,
    prctl_step,
    step,
    take,
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


class Inner(NamedTuple):
    """The walls that a worker puts up itself, as calls made ready before it is forked.

    To fork is to share memory until it is written to, and to use an object writes to it: to work out in each worker
    what can be known before would copy a page for every name in this module.
    """

    steps: Sequence[Step]
    pid: ctypes.c_uint32  # where the filter says whose it is
    filter: Sequence[Step]  # none in the unsafe tier


def die_with_parent(parent: int) -> None:
    """Be killed when the process that started this one ends; end at once if it already has."""
    take([prctl_step(PR_SET_PDEATHSIG, signal.SIGKILL)])
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
        take([prctl_step(PR_SET_PDEATHSIG, signal.SIGKILL)])  # again: entering a user namespace cleared it
        os.closerange(3, 256)  # the control socket is the child's alone, so that its end is seen
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    take([prctl_step(PR_SET_PDEATHSIG, signal.SIGKILL)])
    maps = os.open(_MAPS, os.O_RDONLY)
    namespaces.pivot_into_view(folders, datasets, devices)
    return maps


def prepare_inner(tier: str, allowance: Allowance, memory: int, *, as_nobody: bool) -> Inner:
    """Return the walls for workers of this process, which has `memory` bytes of address space itself.

    `as_nobody`: this process is the machine's root, and its workers are not to be.

    Raises
    ------
    OSError
        Naming the layer that cannot be had.
    """
    pack = struct.Struct("=QQ").pack  # struct rlimit
    limits = [step("setrlimit", kind, pack(limit, limit)) for kind, limit in _limits(tier, allowance, memory).items()]
    closing, dying = step("close_range", _CLOSE_FROM, 0xFFFFFFFF, 0), prctl_step(PR_SET_PDEATHSIG, signal.SIGKILL)
    if tier == "unsafe":
        return Inner([closing, *limits, dying], ctypes.c_uint32(), [])
    has_view = tier in ("sealed", GPU)
    uid, gid = (NOBODY, NOBODY) if as_nobody else (os.geteuid(), os.getegid())
    place = namespaces.scratch_steps(SCRATCH_MIB, uid, gid) if has_view else [step("chdir", b"/")]
    user = [step("setgroups", 0, None), step("setresgid", gid, gid, gid), step("setresuid", uid, uid, uid)]
    own = [*user, capset_step()] if as_nobody else [capset_step()]
    # Death with the zygote comes after the change of user, which clears it.
    last = [prctl_step(PR_SET_DUMPABLE, 0), dying, prctl_step(PR_SET_NO_NEW_PRIVS, 1)]
    pid, filtering = seccomp.prepare_filter(paths=has_view, devices=tier == GPU)
    return Inner([closing, *place, *own, *limits, *last, *_reach(tier)], pid, [filtering])


def _reach(tier: str) -> list[Step]:
    """Return what Landlock does in this tier: nothing where it is not needed or not to be had."""
    if tier in ("sealed", GPU) and landlock.abi() >= landlock.MINIMUM_ABI:
        devices = dict.fromkeys(map(str, cuda.device_nodes() if tier == GPU else []), landlock.DEVICE)
        return landlock.restrict_steps({"/": landlock.READ, namespaces.SCRATCH: landlock.WRITE, **devices}, _CLOSE_FROM)
    return landlock.restrict_steps({}, _CLOSE_FROM) if tier == "confined" else []


def put_up_inner(inner: Inner, before_filter: Callable[[], None] = lambda: None) -> None:
    """Lock this worker down, for good. Descriptors 0 to 3 must be in place.

    `before_filter` is called when all walls stand but the last: what it starts (CUDA's threads) is behind them, too.

    Raises
    ------
    OSError
        Naming the layer that could not be put up; nothing of the student's may run then.
    """
    steps, pid, filtering = inner
    take(steps)
    before_filter()
    pid.value = os.getpid()
    take(filtering)


def _limits(tier: str, allowance: Allowance, memory: int) -> dict[int, int]:
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
    return limits
