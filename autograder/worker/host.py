"""Zygotes, from the judge's side: starting one, and asking it for workers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgpack

from autograder.student import WorkerDied
from autograder.wire.frames import INBOX
from autograder.worker import cgroup, cuda
from autograder.worker.process import Budget, Worker
from autograder.worker.walls import GPU, TIERS

__all__ = ["Setup", "Zygote", "ZygoteError"]

START_SECONDS = 120.0  # torch takes seconds to import on a cold disk
REAP_SECONDS = 10.0
# Which processor's instructions OpenBLAS, NumPy and torch use. Whoever sets one (to audit the checks under the rounding
# of another machine, say) means the worker as much as the judge.
_ARITHMETIC = ("OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES", "ATEN_CPU_CAPABILITY")
_ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


class ZygoteError(Exception):
    """A zygote or a wall could not be put up: our fault or the machine's, never the student's."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a zygote is to be like."""

    tier: str
    preload: tuple[str, ...] = ()
    course_root: Path | None = None
    datasets: Path | None = None


class Zygote:
    """A running zygote; a context manager.

    Raises
    ------
    ZygoteError
        Where the tier cannot be had, naming the layer that failed.
    """

    def __init__(self, setup: Setup) -> None:
        if setup.tier not in (*TIERS, GPU):
            raise ZygoteError(f"no tier is called {setup.tier}")
        self.setup = setup
        self._pack = msgpack.Packer().pack  # packb makes a new one each time, with a buffer of 1 MiB
        self.inbox = memoryview(bytearray(INBOX))  # of all its workers: they are asked one at a time
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        folders = [str(folder or "") for folder in (setup.course_root, setup.datasets)]
        arguments = [str(theirs.fileno()), setup.tier, *folders, *setup.preload, str(os.getpid())]
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(Path(__file__).with_name("start.py")), *arguments],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, cwd="/",
                env=_environment(os.environ) | (cuda.environment() if setup.tier == GPU else {}),
            )  # fmt: skip
        self.versions = self._wait_until_ready()

    def _wait_until_ready(self) -> dict[str, str]:
        self._control.settimeout(START_SECONDS)
        try:
            packet = self._control.recv(1 << 16)
        except TimeoutError:
            packet = b""
        answer: list[Any] = msgpack.unpackb(packet) if packet else ["failed", "it ended while it started"]
        if answer[0] != "ready":
            self.close()
            raise ZygoteError(f"the {self.setup.tier} tier cannot be had here: {answer[1]}")
        self._control.settimeout(REAP_SECONDS)
        return dict(answer[1])

    def spawn(self, budget: Budget, seed: int = 0) -> Worker:
        """Fork a worker, with its walls up before it reads its first request."""
        ours, theirs = socket.socketpair()
        output, their_output = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        os.set_blocking(their_output, True)
        request = ["spawn", budget.memory_mib << 20, budget.cpu_seconds, budget.output_per_call, seed]
        try:
            socket.send_fds(self._control, [self._pack(request)], [theirs.fileno(), their_output])
            packet, descriptors, _, _ = socket.recv_fds(self._control, 1 << 12, 1)
        except OSError as error:
            ours.close()
            os.close(output)
            raise ZygoteError(f"the zygote does not answer: {error}") from None
        finally:
            theirs.close()
            os.close(their_output)
        if not packet or not descriptors:
            ours.close()
            os.close(output)
            raise ZygoteError("the zygote has ended")
        worker = Worker(self, msgpack.unpackb(packet), descriptors[0], ours, output, budget)
        worker.threads = (os.cpu_count() or 1) if self.setup.tier == GPU else 1
        try:
            worker.wait_for_walls(START_SECONDS)
        except WorkerDied as error:  # nothing of the student's has run yet, so what it printed is ours
            raise ZygoteError(f"a wall could not be put up: {worker.take_output().strip() or error.reason}") from None
        return worker

    def reap(self, pid: int) -> int:
        """Return the exit status of a worker that has ended (negative: the signal that ended it)."""
        self._control.send(self._pack(["reap", pid]))
        packet = self._control.recv(1 << 12)
        if not packet:
            raise ZygoteError("the zygote has ended")
        return int(msgpack.unpackb(packet))

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        self._control.close()
        try:
            self._process.wait(REAP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self.setup.tier == GPU:
            for group in cgroup.groups_of(self._process.pid):
                cgroup.leave(group)

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what a zygote is told of ours: locale and arithmetic, so that no secret of the grader's crosses."""
    kept = {name: environ[name] for name in ("LANG", "LC_ALL", "TZ", *_ARITHMETIC) if name in environ}
    fixed = {"PATH": "/usr/bin:/bin", "HOME": "/scratch", "TMPDIR": "/scratch", "PYTORCH_NVML_BASED_CUDA_CHECK": "1"}
    return kept | _ONE_THREAD | fixed
