"""Killing the grader: no zygote and no worker outlives it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

GRADER = """
import os, sys, threading
from autograder.intake import Cell, Module, Program
from autograder.student import Student
from autograder.worker import Budget, Connection, Seconds, Setup, Zygote, ZygoteError

SOURCE = "def f():\\n    while True:\\n        pass\\ndef ok():\\n    return 1\\n"
try:
    zygote = Zygote(Setup(sys.argv[1]))
except ZygoteError as error:
    print("unavailable", error, flush=True)
    sys.exit()

def connect():
    program = Program((Module("answer", "answer.py", (Cell(None, SOURCE),)),))
    return Connection(zygote, program, Budget(), seconds=Seconds(600.0, 5.0, 600.0))

idle, busy = connect(), connect()
Student(idle).ok(), Student(busy).ok()
print("ready", zygote._process.pid, idle.worker_pid(), busy.worker_pid(), flush=True)
Student(busy).f()
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def family_of(pid: int) -> list[int]:
    """Return the processes whose command line names `pid` as their grader."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            command = Path(f"/proc/{entry}/cmdline").read_bytes() if entry.isdigit() else b""
        except OSError:
            continue
        if b"worker/start.py" in command and command.endswith(f"\0{pid}\0".encode()):
            found.append(int(entry))
    return found


def survivors(grader: int, *pids: int) -> list[int]:
    """Return which of `pids`, and of the processes of `grader`, are there for longer than it takes to end."""
    end = time.monotonic() + 5
    while (left := [*family_of(grader), *filter(alive, pids)]) and time.monotonic() < end:
        time.sleep(0.02)
    return left


@pytest.mark.parametrize("tier", ["sealed", "confined", "nofile", "unsafe"])
def test_no_worker_outlives_the_grader(tier: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", GRADER, tier], stdout=subprocess.PIPE, text=True, env=environment
    ) as grader:
        assert grader.stdout is not None
        word, *rest = grader.stdout.readline().split()
        if word == "unavailable":
            pytest.skip(" ".join(rest))
        zygote, idle, busy = map(int, rest)
        assert {zygote, idle, busy} <= set(family_of(grader.pid))
        grader.kill()
        grader.wait(5)
        assert survivors(grader.pid, zygote, idle, busy) == []


@pytest.mark.parametrize("tier", ["sealed", "nofile"])
def test_grader_killed_while_the_zygote_starts_leaves_nothing(tier: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for delay in (0.15, 0.4, 0.8):
        with subprocess.Popen(
            [sys.executable, "-c", GRADER, tier], stdout=subprocess.DEVNULL, env=environment
        ) as grader:
            time.sleep(delay)
            grader.kill()
            grader.wait(5)
        assert survivors(grader.pid) == []
