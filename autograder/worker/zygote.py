"""The zygote: a clean process, walled off and with the packages imported, that forks a fresh worker per submission.

Started by `autograder.worker.host` through start.py; holds no secrets and never runs student code. It obeys
a control socket of sequenced packets: "spawn" (with the worker's socket and output pipe as descriptors) is answered
with a pidfd, "reap" with an exit status. When the socket closes, the zygote ends, and every worker with it.
"""

from __future__ import annotations

import _operator
import fcntl
import functools
import gc
import importlib
import os
import signal
import socket
import struct
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgpack

from autograder.student.standins import hide_autograder
from autograder.worker import cuda, guest, namespaces, seccomp, walls
from autograder.worker.heap import collapse, fill_gaps, read_regions

__all__ = ["main"]

MAX_PACKET = 1 << 16
WIRE = 3  # a descriptor
_DESCRIPTOR = struct.Struct("i")

# What most answers import: loaded once here and not in every worker. Each module more makes every fork dearer.
_COMMON = {
    "": "abc collections copy dataclasses functools itertools math random time typing warnings",
    "numpy": "numpy numpy.linalg numpy.random",
    "scipy": "scipy.linalg scipy.special scipy.stats scipy.optimize",
    "torch": "torch torch.nn.functional torch.optim torch._dynamo",
}
# What they import late. Behind the weaker tiers a worker cannot open a file, so it is there already or not at all.
_LATE = {
    "": """bisect builtins cmath colorsys collections.abc contextlib csv datetime decimal doctest enum fractions heapq
        inspect io json logging numbers operator pathlib pdb pickle pprint queue re secrets shutil statistics string
        struct tempfile textwrap threading timeit traceback types unittest unittest.mock weakref zlib encodings.idna
        encodings.ascii encodings.latin_1 encodings.utf_8_sig unicodedata concurrent.futures multiprocessing asyncio
        ctypes""",
    "numpy": """numpy.ctypeslib numpy.exceptions numpy.fft numpy.ma numpy.matlib numpy.polynomial numpy.testing
        numpy.typing numpy.lib.stride_tricks""",
    "scipy": """scipy.sparse scipy.sparse.linalg scipy.spatial scipy.spatial.distance scipy.signal scipy.fft""",
    "torch": "torch.nn torch.autograd torch.linalg torch.utils.data",
}


def _without_openssl() -> None:
    """Import `secrets` for NumPy without hmac, of which it wants one function and which brings OpenSSL with it."""
    sys.modules["hmac"] = stand_in = types.ModuleType("hmac")
    stand_in.__dict__["compare_digest"] = _operator._compare_digest  # where there is no OpenSSL, hmac has this one
    try:
        importlib.import_module("secrets")
    finally:
        del sys.modules["hmac"]


def _warm(A: Any) -> None:
    """Use what most answers use: NumPy and BLAS load some of it late, and find out how to add two arrays but once."""
    import numpy as np

    for combine in (np.add, np.subtract, np.multiply, np.divide, np.power, np.maximum, np.minimum, np.less, np.greater,
                    np.equal, np.matmul, np.dot, np.outer, np.linalg.solve, np.allclose):  # fmt: skip
        combine(A, A)
    for change in (np.exp, np.log1p, np.sqrt, np.square, np.abs, np.negative, np.sum, np.mean, np.max, np.argmax,
                   np.std, np.linalg.norm, np.linalg.inv, np.linalg.qr, np.linalg.svd, np.copy):  # fmt: skip
        change(A)
    np.linalg.lstsq(A, A[0], rcond=None)
    np.column_stack([np.ones(2), A])


def _preload(packages: list[str], tier: str) -> None:
    late = tier in ("confined", "nofile")  # their workers cannot import what the zygote did not
    if not late:
        _without_openssl()
    for package in dict.fromkeys(["", "numpy", *packages]):
        for name in _COMMON[package].split() + (_LATE[package].split() if late else []):
            importlib.import_module(name)
    import numpy as np

    _warm(np.eye(2) + 1.0)
    if "torch" in packages:
        import torch

        torch.set_num_threads(1)
        if tier == walls.GPU:
            return  # the autograd engine would look for devices, and a process that has run CUDA cannot be forked
        x = torch.ones(2, 2, requires_grad=True)
        (x @ x).sum().backward()  # type: ignore[no-untyped-call]  # loads the autograd engine
        torch.optim.Adam([x]).step()


def hold_place() -> socket.socket:
    """Return a socket at the descriptor at which every worker will have its wire, so that its object is there."""
    ours, theirs = socket.socketpair()
    theirs.close()
    if (number := ours.detach()) != WIRE:
        os.dup2(number, WIRE)
        os.close(number)
    return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, WIRE)


class Zygote:
    """Obeys the control socket. `prepare_inner` gives the walls for bytes of memory and seconds of CPU."""

    def __init__(
        self,
        control: socket.socket,
        wire: socket.socket,
        visitor: guest.Guest,
        prepare_inner: Callable[[int, int], walls.Inner],
        before_filter: Callable[[], None],
    ) -> None:
        self._control, self._wire, self._guest = control, wire, visitor
        self._prepare_inner, self._before_filter = prepare_inner, before_filter
        self._pack = msgpack.Packer().pack  # packb makes a new one each time, with a buffer of 1 MiB

    def serve(self) -> None:
        while True:
            packet, descriptors = self._receive()
            if not packet:
                return  # the judge is gone
            operation, *args = msgpack.unpackb(packet)
            if operation == "spawn":
                self._spawn(descriptors, *args)
            elif operation == "reap":
                _, status = os.waitpid(args[0], 0)
                self._control.send(self._pack(os.waitstatus_to_exitcode(status)))

    def _receive(self) -> tuple[bytes, list[int]]:
        data, ancillary, _, _ = self._control.recvmsg(MAX_PACKET, socket.CMSG_SPACE(8))
        numbers: list[int] = []
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                numbers += memoryview(content).cast("i")
        return data, numbers

    def _spawn(self, descriptors: list[int], memory: int, cpu_seconds: int, output_limit: int, seed: int) -> None:
        inner: walls.Inner | Exception
        try:
            inner = self._prepare_inner(memory, cpu_seconds)
        except Exception as error:  # for the worker to say, as it says what it cannot put up
            inner = error
        self._guest.prepare(output_limit, seed)
        pid = os.fork()
        if pid == 0:
            self._become_worker(descriptors, inner)  # never returns
        for descriptor in descriptors:
            os.close(descriptor)
        pidfd = os.pidfd_open(pid)
        self._control.sendmsg([self._pack(pid)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, _DESCRIPTOR.pack(pidfd))])
        os.close(pidfd)

    def _become_worker(self, descriptors: list[int], inner: walls.Inner | Exception) -> None:
        code = 0
        try:
            wire, output = descriptors
            nothing = os.open(os.devnull, os.O_RDONLY)  # of its own: settings go with the open file
            os.dup2(nothing, 0)
            os.close(nothing)
            os.dup2(output, 1)
            os.dup2(output, 2)
            os.dup2(wire, WIRE)
            if isinstance(inner, Exception):
                raise inner
            walls.put_up_inner(inner, self._before_filter)
            gc.enable()
            self._guest.serve(self._wire)
        except BaseException as error:
            code = 97
            os.write(2, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(code)


def main(descriptor: int, tier: str, preload: list[str], course_root: str, datasets: str, parent: int) -> None:
    """Enclose this process, import, and serve until the control socket closes."""
    walls.die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends when its socket closes, and so do its workers
    control = socket.socket(fileno=fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, WIRE + 1))
    os.close(descriptor)
    wire = hold_place()
    try:
        has_view = tier in ("sealed", walls.GPU)
        as_nobody = os.geteuid() == 0 and (not has_view or namespaces.has_admin())
        root, data = (Path(name) if name else None for name in (course_root, datasets))
        maps = walls.put_up_outer(tier, root, data)
        _preload(preload, tier)
        os.umask(0o077)  # the workers', too
        if tier != "unsafe":  # what is the same for all workers is built before the forks
            seccomp.build_filter(0, paths=has_view, devices=tier == walls.GPU)
    except BaseException as error:
        control.send(msgpack.packb(["failed", f"{type(error).__name__}: {error}"]))
        sys.exit(1)
    visitor = guest.Guest()
    visitor.rehearse()
    hide_autograder()
    gc.collect()
    fill_gaps()
    regions = read_regions(maps)
    collapse(regions)
    gc.freeze()
    gc.disable()

    @functools.cache
    def inner(memory: int, cpu_seconds: int) -> walls.Inner:
        used = sum(region.end - region.start for region in regions)
        return walls.prepare_inner(tier, walls.Allowance(memory, cpu_seconds), used, as_nobody=as_nobody)

    before_filter = cuda.wake if tier == walls.GPU and "torch" in preload else lambda: None
    control.send(msgpack.packb(["ready", _versions(preload)]))
    Zygote(control, wire, visitor, inner, before_filter).serve()


def _versions(packages: list[str]) -> dict[str, Any]:
    names = sorted({"numpy", *packages} & sys.modules.keys())
    return {name: str(getattr(sys.modules[name], "__version__", "?")) for name in names}
