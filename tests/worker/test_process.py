"""How a worker ends, and what it may put on the wire: forged, early, late, endless, none."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.student import StudentError, WorkerCrashed, WorkerDied, WorkerTimeout, WorkerViolation
from autograder.wire.frames import Limits
from autograder.worker import Budget, Seconds, Setup, Zygote, ZygoteError
from autograder.worker.process import Worker

RAW = """
import os, signal, struct, sys, time
import msgpack
HEADER = struct.Struct("<QII Q")

def guest():
    frame = sys._getframe()
    while frame is not None:
        if type(frame.f_locals.get("self")).__name__ == "Guest":
            return frame.f_locals["self"]
        frame = frame.f_back

def request_id():
    frame = sys._getframe()
    while "request_id" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["request_id"]

def frame(value, request=None, arrays=0):
    envelope = msgpack.packb(value)
    return HEADER.pack(request_id() if request is None else request, len(envelope), 0, arrays) + envelope

def ok():
    return 1
"""
# A second answer is there before the next request, or just after it was sent.
TWICE = "before it was asked|an answer to another request|more than the one frame"


def kill_message(connect: Callable[..., Any], body: str, **options: Any) -> WorkerDied:
    """Run `body` as a function behind the wall; return how the worker ended. The next worker must be well."""
    lines = "\n".join("    " + line for line in body.splitlines())
    tried = connect(f"{RAW}\ndef f():\n{lines}\n", **options)
    with pytest.raises(WorkerDied) as caught:
        tried.student.f()
        tried.student.ok()
    tried.connection.begin_check()
    assert tried.student.ok() == 1
    return caught.value


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        ("os._exit(0)", WorkerCrashed, "exit status 0"),
        ("os._exit(7)", WorkerCrashed, "exit status 7"),
        ("os.abort()", WorkerCrashed, "SIGABRT"),
        ("import ctypes\nctypes.string_at(0)", WorkerCrashed, "SIGSEGV"),
        ("os.kill(os.getpid(), signal.SIGKILL)", WorkerCrashed, "SIGKILL"),
        ("os.kill(os.getpid(), 40)", WorkerCrashed, "signal 40"),
        ("os.close(3)", WorkerCrashed, "exit status 97|SIGKILL"),
        ("os.kill(1, 0)", WorkerViolation, "forbidden system call"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", WorkerTimeout, "its CPU time"),
    ],
)
def test_end_is_named(connect: Callable[..., Any], tier: str, body: str, kind: type, reason: str) -> None:
    death = kill_message(connect, body, tier=tier)
    assert type(death) is kind
    assert any(part in death.reason for part in reason.split("|"))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("os.write(3, b'x' * 24)", "not a frame"),
        ("os.write(3, HEADER.pack(5, 1, 0, 0) + b'\\xc0')", "answer to another request"),
        ("os.write(3, HEADER.pack(request_id(), 2**32 - 1, 0, 0))", "over the limit"),
        ("os.write(3, HEADER.pack(request_id(), 1, 0, 2**63))", "over the limit"),
        ("os.write(3, HEADER.pack(request_id(), 1, 1, 0))", "not a frame"),
        ("os.write(3, frame(['ok']))", "malformed"),
        ("os.write(3, frame([0]))", "an answer that is none"),
        ("os.write(3, frame([0, 'maybe', 1]))", "an answer that is none"),
        ("os.write(3, frame([0, [7, '<U2', [2], False, 0]], arrays=16) + b'o\\0\\0\\0k\\0\\0\\0' * 2)", "that is none"),
        ("os.write(3, frame([0, 'ok', 1]))", TWICE),  # and then the guest answers, too
        ("os.write(3, frame([0, 'ok', 1]) + frame([0, 'ok', 2], 77))", TWICE),
    ],
)
def test_forged_frames_are_violations(connect: Callable[..., Any], body: str, words: str) -> None:
    death = kill_message(connect, body)
    assert type(death) is WorkerViolation
    # The guest answers as well: where both arrive together, that there are two is seen first.
    assert any(part in death.reason for part in [*words.split("|"), "more than the one frame"])


def test_duplicate_answer_is_a_violation(connect: Callable[..., Any]) -> None:
    source = """
def f():
    g = guest()
    send = g._send
    def twice(*a):
        send(*a)
        send(*a)
    g._send = twice
"""
    tried = connect(RAW + source)
    tried.student.f()
    with pytest.raises(WorkerViolation, match=TWICE):  # with the first, or, where it came later, before the next
        tried.student.ok()
        tried.student.ok()


def test_early_answer_is_a_violation(connect: Callable[..., Any]) -> None:
    """Bytes that lie there before a request was sent cannot be an answer to it."""
    source = RAW + "os.write(3, HEADER.pack(1, 1, 0, 0))\n"
    tried = connect(source)
    tried.connection.load()
    assert isinstance(tried.connection.load_death, WorkerViolation)


SHORT = Seconds(check=0.1, loading=5, total=60)


def test_trickle_does_not_stop_the_clock(connect: Callable[..., Any]) -> None:
    """A byte now and then: the wire is ready each time that the judge looks, and the worker uses no CPU."""
    body = "os.write(3, HEADER.pack(request_id(), 1 << 20, 0, 0))\n"
    body += "while True:\n    os.write(3, b'x')\n    time.sleep(0.005)"
    start = time.monotonic()
    assert type(kill_message(connect, body, seconds=SHORT)) is WorkerTimeout
    assert time.monotonic() - start < 60  # of a thousand that it sleeps, or of for ever


def test_deaf_worker_does_not_stop_the_clock(connect: Callable[..., Any]) -> None:
    """It has sent a byte and reads no more, while the judge has much to send."""
    source = (
        RAW
        + "def f():\n    g = guest()\n    def deaf():\n        os.write(3, b'x')\n"
        + "        time.sleep(1000)\n    g._receive = deaf\n"
    )
    tried = connect(source + "def g(x):\n    return 1\n", seconds=SHORT)
    start = time.monotonic()
    with pytest.raises(WorkerDied):  # at once, where the byte comes together with the answer of f
        tried.student.f()
        tried.student.g(np.zeros(1 << 20))
    assert time.monotonic() - start < 60  # of a thousand that it sleeps, or of for ever
    tried.connection.begin_check()
    assert tried.student.ok() == 1


def test_deaf_worker_that_speaks_late_does_not_stop_the_clock(connect: Callable[..., Any]) -> None:
    source = RAW + (
        "def f():\n    g = guest()\n    def deaf():\n        os.read(3, 100)\n        os.write(3, b'x')\n"
        "        time.sleep(1000)\n    g._receive = deaf\ndef g(x):\n    return 1\n"
    )
    tried = connect(source, seconds=SHORT)
    tried.student.f()
    start, cpu = time.monotonic(), time.process_time()
    with pytest.raises(WorkerTimeout):
        tried.student.g(np.zeros(1 << 20))
    waited = time.monotonic() - start
    assert waited < 60  # of a thousand that it sleeps
    assert time.process_time() - cpu < waited / 2  # and the judge waits without turning in circles


def test_endless_output_does_not_stop_the_clock(connect: Callable[..., Any], tier: str) -> None:
    body = "while True:\n    os.write(2, b'y' * 65536)"
    start = time.monotonic()
    assert type(kill_message(connect, body, seconds=SHORT, tier=tier)) is WorkerTimeout
    assert time.monotonic() - start < 60  # of a thousand that it sleeps, or of for ever


def test_stopped_worker_is_stopped_for_good(connect: Callable[..., Any]) -> None:
    assert type(kill_message(connect, "os.kill(os.getpid(), signal.SIGSTOP)", seconds=SHORT)) is WorkerTimeout


def test_closed_output_harms_nobody(connect: Callable[..., Any]) -> None:
    tried = connect(RAW + "def f():\n    os.close(1)\n    os.close(2)\n    return 2\n")
    assert tried.student.f() == 2
    assert tried.student.ok() == 1


def test_large_array_beyond_the_limit_of_a_frame(connect: Callable[..., Any]) -> None:
    budget = Budget(memory_mib=512, wire=Limits(arrays=1 << 20))
    tried = connect("import numpy as np\ndef f(n):\n    return np.zeros(n)\n", budget=budget)
    assert tried.student.f(1 << 16).shape == (1 << 16,)
    with pytest.raises(WorkerViolation, match=r"over the limit of 4194304 \+ 1048576"):
        tried.student.f(1 << 18)


def test_dear_answers_are_charged(connect: Callable[..., Any]) -> None:
    """A frame that costs its sender nothing and its reader a second cannot be sent for ever."""
    source = RAW + (
        "body = msgpack.packb([0, 'ok', [0, *[[0]] * 250_000]])\n"
        "def arm():\n    g = guest()\n    def send(request, answer):\n"
        "        data = HEADER.pack(request, len(body), 0, 0) + body\n"
        "        while data:\n            data = data[os.write(3, data):]\n    g._send = send\n"
    )
    tried = connect(source, seconds=Seconds(check=1.0, loading=5, total=60))
    tried.student.arm()
    with pytest.raises(WorkerTimeout):
        for _ in range(50):
            tried.student.ok()


def test_descriptors_of_dead_workers_are_closed(connect: Callable[..., Any]) -> None:
    def count() -> int:
        return len(os.listdir("/proc/self/fd"))

    tried = connect(RAW + "def die():\n    os._exit(1)\nclass C:\n    pass\n")
    tried.student.ok()
    tried.connection.close()
    before = count()
    for i in range(6):
        tried.connection.begin_check()
        if i % 3 == 0:
            with pytest.raises(WorkerCrashed):
                tried.student.die()
        elif i % 3 == 1:
            handle = tried.student.C()
        else:
            tried.connection.retire()
            with pytest.raises(WorkerCrashed):
                tried.student.C(handle)
    tried.connection.close()
    assert count() == before


def test_unknown_answers_of_load_are_no_names(connect: Callable[..., Any]) -> None:
    source = (
        "import sys\ng = sys._getframe()\nwhile type(g.f_locals.get('self')).__name__ != 'Guest':\n    g = g.f_back\n"
    )
    source += "g = g.f_locals['self']\nsend = g._send\n"
    source += "def lie(request, answer):\n    g._send = send\n    send(request, ['ok', 5])\ng.__dict__['_send'] = lie\n"
    source += "serve = type(g).serve\n"
    tried = connect(source)
    tried.connection.load()
    assert tried.connection.problems == ()


def test_unknown_tier_is_refused() -> None:
    with pytest.raises(ZygoteError, match="no tier is called castle"):
        Zygote(Setup("castle"))


def test_zygote_that_cannot_start_says_why() -> None:
    with pytest.raises(ZygoteError, match=r"tier cannot be had here: .*nosuchpackage"):
        Zygote(Setup("unsafe", ("nosuchpackage",)))


def test_zygote_that_has_ended_is_an_error_and_not_the_students(zygotes: Any) -> None:
    zygote = Zygote(Setup("unsafe"))
    zygote.close()
    with pytest.raises(ZygoteError, match="the zygote does not answer"):
        zygote.spawn(Budget())


def test_zygote_that_ends_meanwhile_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(os.listdir("/proc/self/fd"))
    with Zygote(Setup("unsafe")) as zygote:
        worker = zygote.spawn(Budget())
        monkeypatch.setattr("socket.recv_fds", lambda *args: (b"", [], 0, None))
        with pytest.raises(ZygoteError, match="the zygote has ended"):
            zygote.spawn(Budget())
        zygote._control.recv(1 << 12)  # what it answered after all
        worker.close()
        zygote._process.kill()
        zygote._process.wait()
        with pytest.raises((ZygoteError, OSError), match=r"has ended|Broken pipe|reset"):
            zygote.reap(1)
    assert len(os.listdir("/proc/self/fd")) == before


def test_wall_that_cannot_be_put_up_is_an_error(best_tier: str) -> None:
    with Zygote(Setup("unsafe")) as zygote, pytest.raises(ZygoteError, match="a wall could not be put up"):
        zygote.spawn(Budget(cpu_seconds=-1))


def test_no_secret_of_the_environment_crosses(
    connect: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tier: str
) -> None:
    monkeypatch.setenv("AUTOGRADER_TOKEN", "hidden-token")
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
    with Zygote(Setup(tier)) as zygote:
        worker = zygote.spawn(Budget())
        source = "import os\ntext = repr(dict(os.environ))\nprint(text)\n"
        worker.request(["load", [["m", "m.py", [[None, source]]]], []], 5.0, lambda *_: None)
        output = worker.take_output()
        worker.close()
    assert "'OMP_NUM_THREADS': '1'" in output
    assert "'ATEN_CPU_CAPABILITY': 'default'" in output  # computes as the judge does
    assert "hidden-token" not in output


def test_no_path_of_the_course_is_in_what_a_worker_has_at_hand(tmp_path: Path, best_tier: str) -> None:
    source = "import sys, __main__\ndef f():\n    return repr([vars(__main__), sys.argv, sys.orig_argv])\n"
    with Zygote(Setup(best_tier, course_root=tmp_path)) as zygote:
        worker = zygote.spawn(Budget())
        worker.request(["load", [["m", "m.py", [[None, source]]]], []], 5.0, lambda *_: None)
        kind, text = worker.request(["call", "f", [], {}], 5.0, lambda *_: None)
        worker.close()
    assert kind == "ok"
    assert str(tmp_path) not in text
    assert "zygote" not in text


def test_error_of_the_student_leaves_the_worker_as_it_is(connect: Callable[..., Any]) -> None:
    tried = connect(RAW + "count = [0]\ndef f():\n    count[0] += 1\n    raise ValueError(count[0])\n")
    for i in (1, 2):
        with pytest.raises(StudentError, match=str(i)):
            tried.student.f()
    assert Path("/proc").joinpath(str(tried.connection.worker_pid())).exists()
    assert isinstance(tried.connection._worker, Worker)
