"""The judge's side of the wall: starts zygotes, asks them for workers, and talks to a worker under a deadline."""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgpack
import numpy as np

from autograder.worker.clock import cpu_seconds, pid_of
from autograder.worker.wire import HEADER, Decoder, Encoder, Limits, WireError, split_header

__all__ = ["Budget", "Setup", "Worker", "WorkerCrashed", "WorkerDied", "WorkerTimeout", "WorkerViolation", "Zygote", "ZygoteError"]

START_SECONDS = 120.0  # torch takes seconds to import on a cold disk
REAP_SECONDS = 10.0
OUTPUT_CHUNK = 1 << 16
WALL_FACTOR, WALL_EXTRA = 6.0, 2.0  # wall-clock limit for a CPU limit: a sleeper ends, a starved machine refuses nobody
_ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


class ZygoteError(Exception):
    """A zygote or a wall could not be put up: our fault or the machine's, never the student's."""


class WorkerDied(Exception):
    """The worker is gone. `reason` is for the instructor."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class WorkerTimeout(WorkerDied):
    """It used up its time."""


class WorkerCrashed(WorkerDied):
    """It ended by itself: an exit, a signal, the memory limit."""


class WorkerViolation(WorkerDied):
    """It did what has no honest use: a forged frame, a forbidden system call."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a zygote is to be like."""

    tier: str
    preload: tuple[str, ...] = ()
    course_root: Path | None = None
    datasets: Path | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """What one worker may use, in MiB, bytes of output per call, and seconds until the kernel itself ends it."""

    memory_mib: int = 1024
    output_per_call: int = 1 << 14
    output: int = 1 << 17
    cpu_seconds: int = 600
    wire: Limits = field(default_factory=Limits)


class Zygote:
    """A running zygote; a context manager.

    Raises
    ------
    ZygoteError
        Where the tier cannot be had, naming the layer that failed.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        package_root = str(Path(__file__).resolve().parents[2])
        arguments = (
            theirs.fileno(), setup.tier, list(setup.preload), str(setup.course_root or ""), str(setup.datasets or ""), os.getpid()
        )  # fmt: skip
        # The package is found by its folder, which may be the course's root: it leaves sys.path at once.
        program = (
            f"import sys; sys.path.insert(0, {package_root!r}); from autograder.worker import zygote; "
            f"sys.path.remove({package_root!r}); zygote.main{arguments!r}"
        )
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", program],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, cwd="/", env=_environment(os.environ),
            )  # fmt: skip
        self.versions = self._wait_until_ready()

    def _wait_until_ready(self) -> dict[str, str]:
        self._control.settimeout(START_SECONDS)
        try:
            packet = self._control.recv(1 << 16)
        except TimeoutError:
            packet = b""
        answer = msgpack.unpackb(packet) if packet else ["failed", "it ended while it started"]
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
            socket.send_fds(self._control, [msgpack.packb(request)], [theirs.fileno(), their_output])
            packet, descriptors, _, _ = socket.recv_fds(self._control, 1 << 12, 1)
        except OSError as error:
            ours.close()
            os.close(output)
            raise ZygoteError(f"the zygote does not answer: {error}") from None
        finally:
            theirs.close()
            os.close(their_output)
        if not packet or not descriptors:
            raise ZygoteError("the zygote has ended")
        worker = Worker(self, msgpack.unpackb(packet), descriptors[0], ours, output, budget)
        try:
            worker.request(["hello"], START_SECONDS, lambda *_: None)
        except WorkerDied as error:  # nothing of the student's has run yet, so what it printed is ours
            raise ZygoteError(f"a wall could not be put up: {worker.take_output().strip() or error.reason}") from None
        return worker

    def reap(self, pid: int) -> int:
        """Return the exit status of a worker that has ended (negative: the signal that ended it)."""
        self._control.send(msgpack.packb(["reap", pid]))
        packet = self._control.recv(1 << 12)
        if not packet:
            raise ZygoteError("the zygote has ended")
        return int(msgpack.unpackb(packet))

    def close(self) -> None:
        self._control.close()
        try:
            self._process.wait(REAP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what a zygote is told of ours: a locale and nothing else, so that no secret of the grader's crosses."""
    kept = {name: environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in environ}
    fixed = {"PATH": "/usr/bin:/bin", "HOME": "/scratch", "TMPDIR": "/scratch", "PYTORCH_NVML_BASED_CUDA_CHECK": "1"}
    return kept | _ONE_THREAD | fixed


class Worker:
    """One walled process with one submission, and the only way to talk to it."""

    def __init__(self, zygote: Zygote, pid_there: int, pidfd: int, wire: socket.socket, output: int, budget: Budget) -> None:
        self._zygote = zygote
        self._pid_there = pid_there
        self._pidfd = pidfd
        self._pid = pid_of(pidfd)
        self._wire = wire
        self._wire.setblocking(False)
        self._output = output
        self._budget = budget
        self._poll = select.poll()
        self._poll.register(self._wire, select.POLLIN)
        self._poll.register(output, select.POLLIN)
        self._collected = bytearray()
        self.output_cut = False
        self.alive = True
        self._last_cpu = 0.0

    def cpu_seconds(self) -> float:
        """Return the CPU seconds it has used since it was forked; after its end, the last reading."""
        if self.alive:
            with contextlib.suppress(OSError):
                self._last_cpu = cpu_seconds(self._pid)
        return self._last_cpu

    def request(
        self, operation: Sequence[Any], seconds: float, make_handle: Callable[[int, str, bool], Any], to_handle: Callable[[Any], Any] | None = None
    ) -> list[Any]:  # fmt: skip
        """Send one request and return the answer's list, believed in nothing but its form.

        `seconds` is CPU time from now, the time between two requests being the student's as well: the caller charges
        it. Raises a `WorkerDied`, after which this worker is gone.
        """
        deadline = _Deadline(self, seconds)
        request_id = secrets.randbits(63)
        try:
            self._refuse_early_bytes()
            self._send(Encoder(to_handle, by_value_rng=True).frame(request_id, list(operation)), deadline)
            answer = self._receive(request_id, deadline, make_handle)
        except WireError as error:
            self._end(WorkerViolation(str(error)))
        except (BrokenPipeError, ConnectionResetError):
            self._end_as_it_ended()
        self._drain()
        if type(answer) is not list or not answer or answer[0] not in ("ok", "raise"):
            self._end(WorkerViolation("an answer that is none"))
        return answer

    def take_output(self) -> str:
        """Return what was printed since the last call of this."""
        if self.alive:
            self._drain()
        text = self._collected.decode("utf-8", "replace")
        self._collected.clear()
        return text

    def close(self) -> None:
        """End the worker, if it has not ended."""
        if self.alive:
            self.cpu_seconds()
            self._kill()
            self._zygote.reap(self._pid_there)
            self._release()

    # How a request goes

    def _refuse_early_bytes(self) -> None:
        try:
            early = self._wire.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return
        if early:
            raise WireError("it sent bytes before it was asked")
        raise BrokenPipeError

    def _send(self, pieces: Sequence[memoryview | bytes], deadline: _Deadline) -> None:
        views = [memoryview(piece) for piece in pieces if len(piece)]
        while views:
            try:
                sent = self._wire.sendmsg(views[:64])
            except BlockingIOError:
                self._poll.modify(self._wire, select.POLLIN | select.POLLOUT)
                try:
                    self._wait(deadline, select.POLLOUT)
                finally:
                    self._poll.modify(self._wire, select.POLLIN)
                continue
            while views and sent >= len(views[0]):
                sent -= len(views.pop(0))
            if sent:
                views[0] = views[0][sent:]

    def _receive(self, request_id: int, deadline: _Deadline, make_handle: Callable[[int, str, bool], Any]) -> Any:
        header = self._exactly(HEADER.size, deadline)
        answered, envelope_size, array_size = split_header(header.tobytes(), self._budget.wire)
        if answered != request_id:
            raise WireError("an answer to another request")
        envelope = self._exactly(envelope_size, deadline)
        arrays = self._exactly(array_size, deadline)
        return Decoder(arrays, make_handle).value(memoryview(envelope))

    def _exactly(self, size: int, deadline: _Deadline) -> np.ndarray[Any, Any]:
        buffer = np.empty(size, np.uint8)
        view, done = memoryview(buffer), 0
        while done < size:
            try:
                count = self._wire.recv_into(view[done:])
            except BlockingIOError:
                self._wait(deadline, select.POLLIN)
                continue
            if count == 0:
                raise BrokenPipeError
            done += count
        return buffer

    def _wait(self, deadline: _Deadline, event: int) -> None:
        """Return when the wire is ready for `event`; keep the output pipe empty meanwhile, so that a print never blocks."""
        while True:
            for descriptor, events in self._poll.poll(deadline.milliseconds()):
                if descriptor == self._output:
                    self._drain()
                elif events & (event | select.POLLHUP | select.POLLERR | select.POLLIN):
                    return
            if deadline.passed():
                self._end(WorkerTimeout(deadline.describe()))

    def _drain(self) -> None:
        """Read what is in the output pipe; keep what the limit allows."""
        try:
            while chunk := os.read(self._output, OUTPUT_CHUNK):
                room = self._budget.output - len(self._collected)
                self._collected += chunk[: max(room, 0)]
                self.output_cut |= len(chunk) > room
                if len(chunk) < OUTPUT_CHUNK:
                    return
            with contextlib.suppress(KeyError):
                self._poll.unregister(self._output)
        except BlockingIOError:
            return

    # How it ends

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def _end(self, error: WorkerDied) -> Any:
        self.cpu_seconds()
        self._kill()
        status = self._zygote.reap(self._pid_there)
        self._drain()
        self._release()
        if status == -signal.SIGSYS and not isinstance(error, WorkerTimeout):
            error = WorkerViolation("a forbidden system call")
        raise error

    def _end_as_it_ended(self) -> Any:
        self.cpu_seconds()
        select.select([self._pidfd], [], [], 1.0)  # it closed its socket; mostly because it is ending
        self._kill()
        status = self._zygote.reap(self._pid_there)
        self._drain()
        self._release()
        if status == -signal.SIGSYS:
            raise WorkerViolation("a forbidden system call")
        if status == -signal.SIGXCPU:
            raise WorkerTimeout("its CPU time")
        raise WorkerCrashed(_describe_status(status))

    def _release(self) -> None:
        self.alive = False
        self._wire.close()
        os.close(self._output)
        os.close(self._pidfd)


def _describe_status(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


class _Deadline:
    """CPU seconds that a worker may still use, and a wall-clock limit well above for one that only sleeps."""

    def __init__(self, worker: Worker, seconds: float) -> None:
        self._worker = worker
        self._seconds = seconds
        self._start_cpu = worker.cpu_seconds()
        self._start = time.monotonic()

    def _left(self) -> tuple[float, float]:
        cpu = self._seconds - (self._worker.cpu_seconds() - self._start_cpu)
        wall = WALL_FACTOR * self._seconds + WALL_EXTRA - (time.monotonic() - self._start)
        return cpu, wall

    def milliseconds(self) -> int:
        """Return how long to sleep: one thread cannot use up its CPU time sooner than that."""
        return max(1, int(1000 * min(self._left())))

    def passed(self) -> bool:
        return min(self._left()) <= 0

    def describe(self) -> str:
        cpu, _ = self._left()
        kind = "CPU seconds" if cpu <= 0 else "seconds of waiting"
        return f"more than {self._seconds:g} {kind}" if cpu <= 0 else f"no answer in {WALL_FACTOR * self._seconds + WALL_EXTRA:g} {kind}"
