"""A worker, from the judge's side: talking to it under a deadline, and telling how it ended."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from autograder.student.ending import WorkerCrashed, WorkerDied, WorkerTimeout, WorkerViolation
from autograder.wire.decode import Decoder
from autograder.wire.encode import Encoder
from autograder.wire.frames import GREETING, Limits, WireError, read_frame, send_pieces
from autograder.worker.clock import cpu_seconds, pid_of

if TYPE_CHECKING:
    from autograder.worker.host import Zygote

__all__ = ["WALL_EXTRA", "WALL_FACTOR", "Budget", "Reading", "Worker"]

OUTPUT_CHUNK = 1 << 16
MAX_CHUNKS = 16
CHEAP = 1024  # an answer of fewer bytes takes no time to read that is worth a look at the clock
WALL_FACTOR, WALL_EXTRA = 6.0, 2.0  # wall-clock limit for a CPU limit: a sleeper ends, a starved machine refuses nobody

MakeHandle = Callable[[int, str, bool], Any]


@dataclass(frozen=True, slots=True)
class Budget:
    """What one worker may use, in MiB, bytes of output per call, and seconds until the kernel itself ends it."""

    memory_mib: int = 1024
    output_per_call: int = 1 << 14
    output: int = 1 << 17
    cpu_seconds: int = 600
    wire: Limits = field(default_factory=Limits)


class Reading(NamedTuple):
    """A worker's CPU clock, and when it was read, in seconds."""

    cpu: float
    at: float


class Worker:
    """One walled process with one submission, and the only way to talk to it."""

    def __init__(
        self, zygote: Zygote, pid_there: int, pidfd: int, wire: socket.socket, output: int, budget: Budget
    ) -> None:
        self._zygote = zygote
        self._pid_there = pid_there
        self._pidfd = pidfd
        self.pid = pid_of(pidfd)
        self._wire = wire
        self._wire.setblocking(False)
        self._output = output
        self._budget = budget
        self._poll = select.poll()
        self._poll.register(self._wire, select.POLLIN)
        self._poll.register(output, select.POLLIN)
        self._event = int(select.POLLIN)
        self._collected = bytearray()
        self.output_cut = False
        self.alive = True
        self.threads = 1  # that can run at once
        self._last_cpu = 0.0
        self._ids = b""
        self.received = 0  # bytes of all its answers
        self.decoding = 0.0  # CPU seconds that they took us to decode

    def cpu_seconds(self) -> float:
        """Return the CPU seconds it has used since it was forked; after its end, the last reading."""
        if self.alive:
            try:
                self._last_cpu = cpu_seconds(self.pid)
            except OSError:  # it has ended: the last reading stands
                return self._last_cpu
        return self._last_cpu

    def wait_for_walls(self, seconds: float) -> None:
        """Return when the worker says that its walls are up. To be called first; raises a `WorkerDied`."""
        self._wait(_Deadline(self, seconds, self.read_clock()), select.POLLIN)
        if self._wire.recv(1) != GREETING:
            self._end_as_it_ended()

    def request(
        self,
        operation: list[Any],
        seconds: float,
        make_handle: MakeHandle,
        to_handle: Callable[[Any], tuple[int, str, bool] | None] | None = None,
        since: Reading | None = None,
    ) -> list[Any]:
        """Send one request and return the answer's list, believed in nothing but its form.

        `seconds` is CPU time from now, or from an earlier reading of its clock: the time between two requests is the
        student's as well. Raises a `WorkerDied`, after which this worker is gone.
        """
        deadline = _Deadline(self, seconds, since or self.read_clock())
        request_id = self._new_id()
        try:
            self._refuse_early_bytes()
            frame = Encoder(to_handle, by_value_rng=True).frame(request_id, operation)
            send_pieces(self._wire, frame, lambda: self._wait(deadline, select.POLLOUT))
            answer = self._receive(request_id, deadline, make_handle)
        except WireError as error:
            self._end(WorkerViolation(str(error)))
        except (BrokenPipeError, ConnectionResetError):
            self._end_as_it_ended()
        if type(answer) is not list or not answer or type(answer[0]) is not str or answer[0] not in ("ok", "raise"):
            self._end(WorkerViolation("an answer that is none"))
        return answer

    def read_clock(self) -> Reading:
        return Reading(self.cpu_seconds(), time.monotonic())

    def take_output(self) -> str:
        """Return what was printed since the last call of this."""
        if self.alive and any(descriptor == self._output for descriptor, _ in self._poll.poll(0)):
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

    def _new_id(self) -> int:
        """Return a number that the other side cannot guess, so that it cannot answer before it was asked."""
        if not self._ids:
            self._ids = os.urandom(1024)
        last, self._ids = self._ids[-8:], self._ids[:-8]
        return int.from_bytes(last, "little")

    def _refuse_early_bytes(self) -> None:
        for descriptor, _ in self._poll.poll(0):
            if descriptor == self._output:
                self._drain()
            elif self._wire.recv(1, socket.MSG_PEEK):
                raise WireError("it sent bytes before it was asked")
            else:
                raise BrokenPipeError

    def _receive(self, request_id: int, deadline: _Deadline, make_handle: MakeHandle) -> Any:
        def fill(view: memoryview, done: int, least: int) -> int:
            while done < least:
                self._wait(deadline, select.POLLIN)
                count = self._wire.recv_into(view[done:])
                if count == 0:
                    raise BrokenPipeError
                done += count
            return done

        answered, envelope, arrays, more = read_frame(self._zygote.inbox, fill, self._budget.wire)
        if answered != request_id:
            raise WireError("an answer to another request")
        self.received += envelope.nbytes + arrays.nbytes
        cheap = envelope.nbytes < CHEAP
        start = 0.0 if cheap else time.thread_time()
        try:
            answer = Decoder(arrays, make_handle).value(envelope)
        finally:
            self.decoding += 0.0 if cheap else time.thread_time() - start
        if more:  # last, so that what is said of a forged frame does not depend on whether the true one came with it
            raise WireError("it sent more than the one frame that it was asked for")
        return answer

    def _wait(self, deadline: _Deadline, event: int) -> None:
        """Return when the wire is ready for `event`; empty the output pipe meanwhile, so that no print blocks."""
        if event != self._event:
            self._poll.modify(self._wire, event)
            self._event = event
        while (left := deadline.left()) > 0:  # each time: one that sends a byte now and then is making no progress
            for descriptor, events in self._poll.poll(max(1, int(1000 * left))):
                if descriptor == self._output:
                    self._drain()
                elif events & (event | select.POLLHUP | select.POLLERR):
                    return
        self._end(WorkerTimeout(deadline.describe()))

    def _drain(self) -> None:
        """Read what is in the output pipe; keep what the limit allows."""
        try:
            for _ in range(MAX_CHUNKS):  # a flood could go on as fast as it is read
                if not (chunk := os.read(self._output, OUTPUT_CHUNK)):
                    with contextlib.suppress(KeyError):
                        self._poll.unregister(self._output)
                    return
                room = self._budget.output - len(self._collected)
                self._collected += chunk[: max(room, 0)]
                self.output_cut |= len(chunk) > room
                if len(chunk) < OUTPUT_CHUNK:
                    return
        except BlockingIOError:
            return

    # How it ends

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def _end(self, error: WorkerDied) -> NoReturn:
        self.cpu_seconds()
        self._kill()
        status = self._zygote.reap(self._pid_there)
        self._drain()
        self._release()
        if status == -signal.SIGSYS and not isinstance(error, WorkerTimeout):
            error = WorkerViolation("a forbidden system call")
        raise error

    def _end_as_it_ended(self) -> NoReturn:
        self.cpu_seconds()
        ending = select.poll()
        ending.register(self._pidfd, select.POLLIN)
        ending.poll(1000)  # it closed its socket; mostly because it is ending
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

    __slots__ = ("_cpu_left", "_end", "_read", "_seconds", "_start_cpu", "_worker")

    def __init__(self, worker: Worker, seconds: float, since: Reading) -> None:
        self._worker = worker
        self._seconds = self._cpu_left = seconds
        self._start_cpu, self._read = since
        self._end = time.monotonic() + WALL_FACTOR * seconds + WALL_EXTRA

    def left(self) -> float:
        """Return how long to sleep at most.

        One thread cannot use up its CPU time sooner than the same time passes: only then is its clock read again.
        """
        now = time.monotonic()
        if now - self._read >= self._cpu_left / self._worker.threads:
            self._cpu_left = self._seconds - (self._worker.cpu_seconds() - self._start_cpu)
            self._read = now
        return min(self._cpu_left / self._worker.threads - (now - self._read), self._end - now)

    def describe(self) -> str:
        if self._cpu_left <= 0:
            return f"more than {self._seconds:g} CPU seconds"
        return f"no answer in {WALL_FACTOR * self._seconds + WALL_EXTRA:g} seconds of waiting"
