"""A time limit on code that runs in this very thread."""

from __future__ import annotations

import _thread
import ctypes
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from autograder.student.ending import TimeUp

__all__ = ["can_interrupt", "time_limit"]

AGAIN = 0.1  # seconds: code that catches everything is told again
LEAST = 1e-3  # seconds: a timer of 0 would never ring


def can_interrupt() -> bool:
    """Return whether a loop that never ends can be stopped here: not in a browser, which has no threads."""
    return sys.platform != "emscripten"


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeUp` in the body once it has run for so many seconds of wall-clock time.

    On POSIX by a signal, which ends a sleep, too; elsewhere, and outside of the main thread, by an exception that
    another thread sets, which is seen between two steps of Python code. Code in C that never returns is not stopped.
    """
    if not can_interrupt():
        yield
    elif hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        with _by_signal(seconds):
            yield
    else:
        with _by_thread(seconds):
            yield


# In both, the time may be up in the very moment in which the body ends: whatever clears up is told once more after
# AGAIN seconds at the earliest, so a second try gets through.


@contextmanager
def _by_signal(seconds: float) -> Iterator[None]:
    armed = True

    def ring(number: int, frame: FrameType | None) -> None:
        if armed:
            raise TimeUp

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, max(seconds, LEAST), AGAIN)
        yield
    finally:
        try:
            armed = False
        finally:
            armed = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


@contextmanager
def _by_thread(seconds: float) -> Iterator[None]:
    watch = _Watch()
    try:
        _thread.start_new_thread(watch.run, (max(seconds, LEAST),))  # a `Thread` would wait for itself to begin
        yield
    finally:
        try:
            watch.end()
        except TimeUp:
            watch.end()


class _Watch:
    """Raises `TimeUp` in the thread that made it. Its locks are the interpreter's own: an exception that comes between
    two steps of Python code cannot leave them half taken, as it can a `threading.Event`."""

    def __init__(self) -> None:
        self._target = ctypes.c_ulong(threading.get_ident())
        self._ended, self._turn = threading.Lock(), threading.Lock()
        self._ended.acquire()
        self._on = True

    def run(self, wait: float) -> None:
        while not self._ended.acquire(timeout=wait):
            with self._turn:
                if self._on:
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(self._target, ctypes.py_object(TimeUp))
            wait = AGAIN

    def end(self) -> None:
        with self._turn:
            self._on = False
            ctypes.pythonapi.PyThreadState_SetAsyncExc(self._target, None)  # one that was set and not yet seen
        self._ended.release()
