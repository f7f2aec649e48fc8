"""Runs every item on one tier, as whoever runs this; prints a JSON line per item.

``python -m tests.hostile.grid TIER`` from the repository's root.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from autograder.intake import Cell, Module, Program
from autograder.student import Student, StudentError, WorkerCrashed, WorkerDied, WorkerTimeout, WorkerViolation
from autograder.worker import Budget, Connection, Seconds, Setup, Zygote, ZygoteError
from tests.hostile import items_cheats, items_end, items_files, items_kernel, items_space
from tests.hostile.item import Item

ITEMS: tuple[Item, ...] = (
    *items_end.ITEMS,
    *items_space.ITEMS,
    *items_files.ITEMS,
    *items_kernel.ITEMS,
    *items_cheats.ITEMS,
)
ROOT = Path(__file__).resolve().parents[2]
BUDGET = Budget(memory_mib=256, output=1 << 12, cpu_seconds=60)
MARK = "HOSTILE-GRID-SECRET"
ENDINGS = {WorkerCrashed: "crashed", WorkerTimeout: "timeout", WorkerViolation: "violation"}

# The next student's module: what it finds is what the one before has left.
NEXT = """
import builtins, gc, json, os, random, sys
import numpy as np

def find():
    left = [place.__name__ for place in (np, builtins, random, sys, json) if hasattr(place, "left")]
    left += ["environ"] * ("LEFT" in os.environ) + ["modules"] * ("left" in sys.modules)
    left += ["gc"] * (not gc.isenabled()) + ["recursion"] * (sys.getrecursionlimit() != 1000)
    left += ["numpy"] * bool(np.allclose(0, 1)) + ["finders"] * (not sys.meta_path)
    try:
        left += [name for name in os.listdir("/scratch") if name != "datasets"]
        left += ["cwd"] * (os.getcwd() != "/scratch")
    except OSError:
        pass
    return left

def double(x):
    return 2 * x
"""


def program(source: str) -> Program:
    return Program((Module("answer", "answer.py", (Cell(None, source),)),))


class World:
    """All that an attack could reach, and what tells whether it did."""

    def __init__(self, stack: ExitStack, course: Path) -> None:
        self.secret = f"{MARK}-{secrets.token_hex(16)}"
        self.course = course
        self.leftover = f"leftover-{secrets.token_hex(8)}"
        self.signals: list[int] = []
        self._files = self._write_course()
        self._sockets = {name: stack.enter_context(self._listen(name)) for name in ("tcp", "udp", "unix", "abstract")}
        os.environ["AUTOGRADER_SECRET"] = self.secret
        self.victim = stack.enter_context(self._victim())
        for number in (signal.SIGUSR1, signal.SIGIO, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda got, frame: self.signals.append(got))

    def _write_course(self) -> dict[str, str]:
        names = ["solutions/tiny/secret.py", "solutions/tiny/test_hidden.py", "tests/test_it.py", "store.sqlite"]
        names += ["submissions/student-08.py", "course.toml", "assignments/tiny/test_public.py"]
        for name in names:
            path = self.course / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"x = '{self.secret}'\n")
        for path in [self.course, *self.course.rglob("*")]:
            path.chmod(0o777 if path.is_dir() else 0o666)  # so that only the wall keeps anybody out
        return {str(self.course / name): (self.course / name).read_text() for name in names}

    def _listen(self, name: str) -> socket.socket:
        family = socket.AF_INET if name in ("tcp", "udp") else socket.AF_UNIX
        listener = socket.socket(family, socket.SOCK_DGRAM if name == "udp" else socket.SOCK_STREAM)
        addresses: dict[str, Any] = {"unix": str(self.course / "socket"), "abstract": "\0" + self.leftover}
        listener.bind(addresses.get(name, ("127.0.0.1", 0)))
        if name == "unix":
            (self.course / "socket").chmod(0o777)
        if name != "udp":
            listener.listen()
        listener.setblocking(False)
        return listener

    @contextmanager
    def _victim(self) -> Iterator[subprocess.Popen[bytes]]:
        """A process of the user that workers run as, if that can be had."""
        user: dict[str, Any] = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        with subprocess.Popen(["/bin/sleep", "1000"], **user) as process:
            try:
                yield process
            finally:
                process.kill()

    def describe(self, bystander: int) -> dict[str, Any]:
        """Return what an attacker is told: more than it could know."""
        return {
            "secrets": list(self._files),
            "private": [*map(str, ROOT.glob("solutions/*/*.py")), __file__, "/etc/passwd", "/etc/hostname"],
            "course": str(self.course), "repo": str(ROOT), "mark": MARK, "leftover": self.leftover,
            "victim": self.victim.pid, "grader": os.getpid(), "bystander": bystander,
            "tcp": self._sockets["tcp"].getsockname()[1], "udp": self._sockets["udp"].getsockname()[1],
            "unix": str(self.course / "socket"), "abstract": self.leftover,
        }  # fmt: skip

    def breaches(self) -> list[str]:
        """Return what has happened to it."""
        found = [f"{path} was changed" for path, text in self._files.items() if Path(path).read_text() != text]
        found += [f"signal {number} arrived" for number in self.signals]
        if self.victim.poll() is not None or "T" in Path(f"/proc/{self.victim.pid}/stat").read_text().split()[2]:
            found.append("the victim was hit")
        for name, listener in self._sockets.items():
            try:
                listener.recv(1) if name == "udp" else listener.accept()
                found.append(f"{name} was reached")
            except BlockingIOError:
                pass
        for folder in ("/", "/tmp", "/dev/shm", "/var/tmp", "/run", ROOT, self.course, Path(os.__file__).parent):
            if os.path.lexists(os.path.join(folder, self.leftover)) or os.path.lexists("/dev/shm/leftover"):
                found.append(f"a file was left in {folder}")
        return found


class Family:
    """The zygote's processes: its command line survives forks, and orphans keep it."""

    def __init__(self) -> None:
        self._others: set[str] = set()

    def pids(self) -> set[int]:
        mark, found = f"\0{os.getpid()}\0".encode(), set()
        for entry in {entry for entry in os.listdir("/proc") if entry.isdigit()} - self._others:
            try:
                command = Path(f"/proc/{entry}/cmdline").read_bytes()
            except OSError:
                continue
            if b"worker/start.py" in command and command.endswith(mark):
                found.add(int(entry))
            else:
                self._others.add(entry)
        return found


class Grid:
    """One zygote, a worker that only stands by, and a worker per item."""

    def __init__(self, zygote: Zygote, world: World) -> None:
        self._zygote, self._world = zygote, world
        self._bystander = self._connect(NEXT)
        Student(self._bystander).double(1)
        self._told = world.describe(self._bystander.worker_pid())
        self._family = Family()
        self._known = self._family.pids()
        assert self._bystander.worker_pid() in self._known

    def _connect(self, source: str, seconds: float = 5.0, loading: float = 5.0) -> Connection:
        limits = Seconds(check=seconds, loading=loading, total=60.0)
        return Connection(self._zygote, program(source), BUDGET, seconds=limits)

    def run(self, item: Item) -> dict[str, Any]:
        start = time.monotonic()
        connection = self._connect(item.source, item.seconds, item.seconds if "at_import" in item.name else 5.0)
        ending, value, text = self._attack(connection, item)
        output = connection.load_output + connection.end_check()[1]
        connection.close()
        breaches = [str(breach)[:300] for breach in value[:10]] if ending == "held" else []
        if self._world.secret in repr(value) + text + output:
            breaches.append("the secret was read")
        if "\x1b" in output or "\x9b" in output or len(output) > 3 * BUDGET.output:
            breaches.append("output was not cut")
        breaches += self._world.breaches() + self._next_student()
        return {
            "item": item.name,
            "ending": ending,
            "breaches": breaches,
            "text": text,
            "seconds": time.monotonic() - start,
        }

    def _attack(self, connection: Connection, item: Item) -> tuple[str, Any, str]:
        try:
            value = Student(connection).attack(self._told)
        except WorkerDied as death:
            return ENDINGS[type(death)], None, death.reason
        except StudentError as error:
            return "raised", None, str(error)
        if item.judge is None:
            return ("held", value, "") if type(value) is list else ("value", None, repr(value)[:200])
        return ("held" if (found := item.judge(value)) else "value"), found, ""

    def _next_student(self) -> list[str]:
        breaches = []
        connection = self._connect(NEXT)
        try:
            breaches += [f"left: {what}" for what in Student(connection).find()]
            breaches += ["the next worker is ill"] * (Student(connection).double(21) != 42)
            breaches += ["the bystander is ill"] * (Student(self._bystander).double(21) != 42)
        except (WorkerDied, StudentError, ZygoteError) as error:
            breaches.append(f"the next worker: {error}")
        connection.close()
        if more := self._family.pids() - self._known:
            breaches.append(f"processes survive: {more}")
        return breaches


def main(tier: str, names: list[str]) -> None:
    with ExitStack() as stack:
        course = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hostile-course-")))
        world = World(stack, course)
        try:
            zygote = stack.enter_context(Zygote(Setup(tier, course_root=course)))
        except ZygoteError as error:
            print(json.dumps({"unavailable": str(error)}))
            return
        grid = Grid(zygote, world)
        print(json.dumps({"uid": os.geteuid(), "tier": tier}), flush=True)
        for item in ITEMS:
            if not names or item.name in names:
                print(json.dumps(grid.run(item)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
