"""CPU time is read from outside, charged whenever it is used, and cannot be hidden."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.student import WorkerCrashed, WorkerTimeout, WorkerViolation
from autograder.worker import Seconds
from autograder.worker.clock import cpu_seconds, pid_of

BURN = """
import time
import numpy as np

def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return seconds

def quick(*args):
    return 1
"""
GUEST = """
import gc, sys

def guest():
    frame = sys._getframe()
    while frame is not None:
        if type(frame.f_locals.get("self")).__name__ == "Guest":
            return frame.f_locals["self"]
        frame = frame.f_back
"""


def test_clock_is_the_workers_and_not_that_of_its_namesake(connect: Callable[..., Any], tier: str) -> None:
    """Inside a pid namespace the worker knows itself by a small number, which is another process out here."""
    tried = connect(BURN, tier=tier)
    tried.student.quick()
    before = tried.connection.cpu_seconds()
    tried.student.burn(0.5)
    used = tried.connection.cpu_seconds() - before
    assert 0.4 <= used < 1.0


def test_pid_is_the_kernels(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        descriptor = os.pidfd_open(process.pid)
        assert pid_of(descriptor) == process.pid
        assert cpu_seconds(process.pid) < 5
        assert process.stdin is not None
        process.stdin.close()
        process.wait()
        os.close(descriptor)
    with pytest.raises(OSError, match=r".*"):
        cpu_seconds(process.pid)
    with open(os.devnull) as file, pytest.raises(ProcessLookupError, match="is not a pidfd"):
        pid_of(file.fileno())


def test_loop_is_stopped_by_cpu_time(connect: Callable[..., Any], tier: str) -> None:
    tried = connect(BURN, tier=tier, seconds=Seconds(check=0.3, loading=5, total=60))
    start = time.process_time()
    with pytest.raises(WorkerTimeout, match=r"more than 0\.\d+ CPU seconds"):
        tried.student.burn(60)
    assert time.process_time() - start < tried.connection.cpu_seconds()  # the judge waits without turning in circles
    assert 0.25 < tried.connection.cpu_seconds() < 30


def test_sleeper_is_stopped_by_wall_clock(connect: Callable[..., Any]) -> None:
    source = "import time\ndef f():\n    time.sleep(1000)\n"
    tried = connect(source, seconds=Seconds(check=0.05, loading=5, total=0.09))
    start = time.monotonic()
    with pytest.raises(WorkerTimeout, match=r"no answer in 2\.\d+ seconds of waiting"):
        tried.student.f()
    assert time.monotonic() - start < 60  # of a thousand
    tried.connection.begin_check()
    with pytest.raises(WorkerTimeout):
        tried.student.f()
    tried.connection.begin_check()  # what it slept has been counted
    with pytest.raises(WorkerTimeout, match="used up"):
        tried.student.f()


def test_budget_of_a_check_is_for_all_its_calls(connect: Callable[..., Any]) -> None:
    tried = connect(BURN, seconds=Seconds(check=0.5, loading=5, total=60))
    tried.student.burn(0.3)
    with pytest.raises(WorkerTimeout):
        tried.student.burn(0.3)
    with pytest.raises(WorkerTimeout):  # the check has lost its worker
        tried.student.quick()
    tried.connection.begin_check()
    assert tried.student.burn(0.3) == 0.3


def test_sleeping_is_charged_in_part(connect: Callable[..., Any]) -> None:
    tried = connect("import time\ndef f(): time.sleep(0.5)\n", seconds=Seconds(check=5, loading=5, total=0.2))
    with pytest.raises(WorkerTimeout):
        for _ in range(4):  # half a second costs a sixth of it
            tried.connection.begin_check()
            tried.student.f()


def test_total_budget_is_for_all_checks(connect: Callable[..., Any]) -> None:
    tried = connect(BURN, seconds=Seconds(check=0.5, loading=5, total=0.7))
    for _ in range(2):
        tried.connection.begin_check()
        tried.student.burn(0.3)
    tried.connection.begin_check()
    with pytest.raises(WorkerTimeout):
        tried.student.burn(0.3)
    tried.connection.begin_check()
    with pytest.raises(WorkerTimeout, match="its time over all checks was used up"):
        tried.student.quick()


def test_what_ends_a_worker_at_loading_is_left_out_and_the_rest_graded(connect: Callable[..., Any]) -> None:
    cells = [
        (1, "from __future__ import annotations\nimport os\ndef f(x: int) -> Nobody:\n    return x + 1\nprint('once')"),
        (2, "total = 0\nwhile True:\n    total += 1\nprint('after'); 1 / 0"),
        (3, "\n\nos._exit(3)\ndef g():\n    os._exit(1)"),
    ]
    tried = connect(cells, seconds=Seconds(check=5, loading=0.3, total=60))
    assert tried.student.f(1) == 2
    with pytest.raises(WorkerTimeout):
        _ = tried.student.not_there
    assert tried.connection.load_output == "once\nafter\n"
    found = [(each.cell, each.line, type(each.error).__name__) for each in tried.connection.problems]
    assert found[:2] == [(2, 2, "WorkerTimeout"), (3, 3, "WorkerCrashed")] and found[2][0] == 2
    with pytest.raises(WorkerCrashed):
        tried.student.g()
    tried.connection.begin_check()
    assert tried.student.f(2) == 3  # in another worker, which loads what can be loaded at once


def test_a_third_statement_that_ends_the_worker_is_enough(connect: Callable[..., Any]) -> None:
    source = "import os\ndef f(): return 1\n" + "if True: os._exit(0)\n" * 3
    tried = connect(source)
    with pytest.raises(WorkerCrashed) as caught:
        tried.student.f()
    assert caught.value.loading and tried.connection.problems == ()


def test_a_file_of_very_many_statements_is_not_tried_one_by_one(connect: Callable[..., Any]) -> None:
    tried = connect("def f(): return 1\n" + "x = 1\n" * 1000 + "import os\nos._exit(0)\n")
    with pytest.raises(WorkerCrashed):
        tried.student.f()


def test_loading_again_shows_nothing(connect: Callable[..., Any]) -> None:
    """A fresh worker does not know what a hidden check has given the one before, but for what both can see: a clock."""
    source = """
    import os, time
    print(time.time())
    raise ValueError(time.time())
    def f(): return 1
    def die(): os._exit(0)
    """
    tried = connect(source)
    tried.connection.begin_check()
    assert tried.student.f() == 1
    printed, raised = tried.connection.load_output, tried.connection.problems
    with pytest.raises(WorkerCrashed):
        tried.student.die()
    tried.connection.begin_check()
    assert tried.student.f() == 1
    assert tried.connection.end_check()[1] == ""
    assert (tried.connection.load_output, tried.connection.problems) == (printed, raised)


def test_loading_has_a_budget_of_its_own(connect: Callable[..., Any]) -> None:
    tried = connect("while True:\n    pass\n" * 3, seconds=Seconds(check=5, loading=0.2, total=60))
    tried.connection.load()
    assert isinstance(tried.connection.load_death, WorkerTimeout)
    assert tried.connection.load_death.loading
    with pytest.raises(WorkerTimeout):
        tried.student.f()
    slow = connect(BURN + "burn(0.4)\n", seconds=Seconds(check=0.2, loading=5, total=60))
    assert slow.student.quick() == 1


def test_loading_again_counts_for_the_checks(connect: Callable[..., Any]) -> None:
    source = BURN + "burn(0.3)\ndef die():\n    import os\n    os._exit(0)\n"
    tried = connect(source, seconds=Seconds(check=1, loading=5, total=0.5))
    deaths = []
    for _ in range(4):
        tried.connection.begin_check()
        with pytest.raises((WorkerCrashed, WorkerTimeout)) as caught:
            tried.student.die()
        deaths.append(caught.type)
    assert deaths == [WorkerCrashed, WorkerCrashed, WorkerCrashed, WorkerTimeout] or deaths[-1] is WorkerTimeout


def test_load_that_fails_the_second_time_leaves_no_dead_worker(connect: Callable[..., Any]) -> None:
    source = "import os, time\nif time.time() > {when}:\n    os._exit(0)\ndef f():\n    os._exit(1)\n"
    tried = connect(source.format(when=time.time() + 0.5))
    with pytest.raises(WorkerCrashed, match="exit status 1"):
        tried.student.f()
    time.sleep(0.6)
    for _ in range(2):
        tried.connection.begin_check()
        with pytest.raises(WorkerCrashed, match="exit status 0"):
            tried.student.f()


AFTER = (
    GUEST
    + BURN
    + """
def arm(seconds):
    g = guest()
    send = g._send
    def late(*args):
        send(*args)
        g._send = send
        burn(seconds)
    g._send = late
    return 0
"""
)


def test_work_between_calls_is_charged_to_the_check(connect: Callable[..., Any]) -> None:
    tried = connect(AFTER, seconds=Seconds(check=0.4, loading=5, total=60))
    tried.student.arm(10)
    tried.student.quick()
    time.sleep(1.5)
    with pytest.raises(WorkerTimeout, match="used up between two calls"):
        tried.student.quick()


def test_work_after_a_timed_answer_is_charged_to_the_next(connect: Callable[..., Any]) -> None:
    """Else it could slow down the reference, which has its turn just then."""
    tried = connect(AFTER)
    plain = sum(tried.student.quick.timed(np.ones(3))[1:])
    tried.student.arm(0.3)
    tried.student.quick()
    time.sleep(1.0)
    used = sum(tried.student.quick.timed(np.ones(3))[1:])
    assert plain < 0.05
    assert used > 0.25


STAGING = (
    GUEST
    + BURN
    + """
def arm(seconds):
    g = guest()
    stage = g._operations["stage"]
    def compute(value):
        burn(seconds)
        return stage(value)
    g._operations["stage"] = compute

def arm_receiver(seconds):
    g = guest()
    receive = g._receive
    def slow():
        request = receive()
        burn(seconds)
        return request
    g._receive = slow
"""
)


@pytest.mark.parametrize("trick", ["arm", "arm_receiver"])
def test_work_while_staging_is_charged(connect: Callable[..., Any], trick: str) -> None:
    tried = connect(STAGING)
    getattr(tried.student, trick)(0.1)
    value, _, staging = tried.student.quick.timed(np.ones(3), 2)
    assert value == 1
    assert staging > 0.18


def test_work_while_arguments_are_dropped_is_charged(connect: Callable[..., Any]) -> None:
    source = BURN + "import weakref\ndef f(X):\n    weakref.finalize(X, burn, 0.2)\n    return 1\n"
    _, _, staging = connect(source).student.f.timed(np.ones(3))
    assert staging > 0.18


def test_staging_of_large_arguments_is_apart_from_the_call(connect: Callable[..., Any]) -> None:
    tried = connect("def f(x):\n    return x.shape\n")
    x = np.ones((1000, 2000))
    tried.student.f.timed(x)
    shape, seconds, staging = tried.student.f.timed(x)
    assert shape == (1000, 2000)
    assert seconds < staging


def test_staging_must_keep_what_it_was_given(connect: Callable[..., Any]) -> None:
    source = GUEST + "def arm():\n    guest()._operations['stage'] = lambda value: 5\ndef f(x):\n    return x\n"
    tried = connect(source)
    tried.student.arm()
    with pytest.raises(WorkerViolation, match="did not keep what it was given"):
        tried.student.f.timed(3)
    tried.connection.begin_check()
    assert tried.student.f(3) == 3


def test_own_clock_of_the_student_means_nothing(connect: Callable[..., Any]) -> None:
    source = (
        BURN + "def cheat():\n    time.process_time = time.perf_counter = time.time = time.monotonic = lambda: 0.0\n"
    )
    tried = connect(source + "def work():\n    s = 0\n    for i in range(10**6):\n        s += i\n    return s\n")
    tried.student.cheat()
    _, used, _ = tried.student.work.timed()
    assert used > 0.005
