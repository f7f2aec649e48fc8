"""A time limit on code that runs in this very thread."""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["TimeUp", "can_interrupt", "time_limit"]

AGAIN = 0.1  # seconds: code that catches everything is told again


class TimeUp(BaseException):
    """The time is up. No ordinary `except` catches it."""


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


@contextmanager
def _by_signal(seconds: float) -> Iterator[None]:
    armed = True

    def ring(number: int, frame: FrameType | None) -> None:
        if armed:
            raise TimeUp

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-3), AGAIN)
        yield
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _by_thread(seconds: float) -> Iterator[None]:
    target = ctypes.c_ulong(threading.get_ident())
    done, lock = threading.Event(), threading.Lock()

    def watch() -> None:
        wait = max(seconds, 1e-3)
        while not done.wait(wait):
            with lock:  # so that nothing is raised once the body has ended
                if not done.is_set():
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(target, ctypes.py_object(TimeUp))
            wait = AGAIN

    threading.Thread(target=watch, name="time limit", daemon=True).start()
    try:
        yield
    finally:
        _end(done, lock, target)


def _end(done: threading.Event, lock: threading.Lock, target: ctypes.c_ulong) -> None:
    while not done.is_set():
        try:
            with lock:
                done.set()
                ctypes.pythonapi.PyThreadState_SetAsyncExc(target, None)  # one that was set and not yet seen
        except TimeUp:  # seen just here
            continue
