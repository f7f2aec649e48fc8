"""Figures of the worker room: starting one, calling it, and what it holds."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

import numpy as np

from autograder.intake import Cell, Module, Program
from autograder.student import Student
from autograder.worker import Budget, Connection, Seconds, Setup, Zygote
from bench.table import Row, percentile

SOURCE = "def identity(x):\n    return x\n"
PROGRAM = Program((Module("answer", "answer.py", (Cell(None, SOURCE),)),))
UNLIMITED = Seconds(1e6, 1e6, 1e6)


def _student(zygote: Zygote) -> tuple[Connection, Student]:
    connection = Connection(zygote, PROGRAM, Budget(memory_mib=2048), seconds=UNLIMITED)
    connection.begin_check()
    return connection, Student(connection)


def spawn(workers: int = 200) -> list[Row]:
    """From the request for a worker to the first answer of a student's function, all walls up."""
    seconds, memory = [], []
    with Zygote(Setup("sealed", ("scipy", "torch"))) as zygote:
        for _ in range(workers):
            start = time.perf_counter()
            connection, student = _student(zygote)
            student.identity(1.0)
            seconds.append(time.perf_counter() - start)
            memory.append(_own_memory(connection))
            connection.close()
    own = f"{statistics.median(memory) / 2**20:.1f} MiB" if min(memory) > 0 else "needs root"
    return [
        Row("spawn to first reply, torch preloaded, median", f"{statistics.median(seconds) * 1e3:.1f} ms", "≤ 30 ms"),
        Row("spawn to first reply, torch preloaded, p99", f"{percentile(seconds, 99) * 1e3:.1f} ms", "≤ 60 ms"),
        Row("memory of its own per worker, torch preloaded", own, "≤ 20 MiB"),
    ]


def _own_memory(connection: Connection) -> int:
    """Return the bytes that this worker shares with no other process; 0 where that may not be read."""
    try:
        lines = Path(f"/proc/{connection.worker_pid()}/smaps_rollup").read_text().splitlines()
    except PermissionError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Private_"))


def calls(repeats: int = 2000) -> list[Row]:
    """A small call there and back, and one with 100 MB each way."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # as a judge of `autograder grade` does
    with Zygote(Setup("sealed")) as zygote:
        connection, student = _student(zygote)
        identity = student.identity
        small = [_timed(lambda: identity(1.0)) for _ in range(repeats)]
        large = np.random.default_rng(0).standard_normal(12_500_000)
        big = [_timed(lambda: identity(large)) for _ in range(11)]
        connection.close()
    return [
        Row("small call there and back, median", f"{statistics.median(small) * 1e6:.0f} µs", "≤ 100 µs"),
        Row("100 MB both ways, median", f"{statistics.median(big) * 1e3:.0f} ms", "≤ 120 ms"),
    ]


def _timed(call) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
