"""The walls' own parts: filter, view, Landlock, and what they say where they cannot be put up."""

from __future__ import annotations

import ctypes
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.worker import landlock, namespaces, seccomp, syscalls, walls
from autograder.worker.probe import probe

ROOT = Path(__file__).resolve().parents[2]


def test_view_never_holds_the_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editable install puts the course's root on the path, and a course may even lie among the packages."""
    course = tmp_path / "site-packages"
    (course / "solutions").mkdir(parents=True)
    outside = tmp_path / "other" / "dist-packages"
    outside.mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(course), str(tmp_path), str(outside), "", *sys.path])
    folders = namespaces.package_folders(course)
    assert outside in folders
    assert not any(course.is_relative_to(folder) for folder in folders)
    assert course in namespaces.package_folders(None)
    assert tmp_path not in namespaces.package_folders(None)


def test_view_never_holds_this_repository() -> None:
    folders = namespaces.package_folders(ROOT)
    for private in ("solutions", "tests", "assignments", "autograder", "."):
        assert not any((ROOT / private).resolve().is_relative_to(folder) for folder in folders)


def test_folders_of_the_view_are_not_inside_of_each_other() -> None:
    folders = namespaces.package_folders(None)
    assert len(folders) > 1
    assert not [a for a in folders for b in folders if a != b and a.is_relative_to(b)]


def steps(program: bytes) -> list[tuple[int, int, int, int]]:
    return list(struct.iter_unpack("<HBBI", program))


def run_filter(program: bytes, number: int, *args: int, arch: int = seccomp.AUDIT_ARCH["x86_64"]) -> int:
    """Run a classic BPF program on one system call, as the kernel does; return its answer."""
    data = struct.pack("<IIQ6Q", number & 0xFFFFFFFF, arch, 0, *[*args, *[0] * (6 - len(args))])
    code, at, accumulator = steps(program), 0, 0
    while True:
        kind, true, false, value = code[at]
        at += 1
        if kind == seccomp.RET:
            return value
        if kind == seccomp.LD:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif kind == seccomp.JEQ:
            at += true if accumulator == value else false
        elif kind == seccomp.JGE:
            at += true if accumulator >= value else false
        else:
            raise AssertionError(f"unknown instruction {kind:#x}")


X86 = pytest.mark.skipif(syscalls.MACHINE != "x86_64", reason="numbers of x86-64")
OPENAT, READ, KILL_CALL, FCNTL, IOCTL, PRLIMIT, EXECVE, CLONE, SOCKET, PTRACE = 257, 0, 62, 72, 16, 302, 59, 56, 41, 101
TKILL, TGKILL = 200, 234


@X86
@pytest.mark.parametrize(
    ("number", "args", "paths", "expected"),
    [
        (READ, (), False, seccomp.ALLOW),
        (OPENAT, (), True, seccomp.ALLOW),
        (OPENAT, (), False, seccomp.ERRNO_EPERM),
        (EXECVE, (), True, seccomp.ERRNO_EPERM),
        (CLONE, (), True, seccomp.ERRNO_EPERM),
        (SOCKET, (), True, seccomp.ERRNO_EPERM),
        (PTRACE, (), True, seccomp.KILL),
        (KILL_CALL, (7, 9), True, seccomp.ALLOW),
        (KILL_CALL, (8, 9), True, seccomp.KILL),
        (KILL_CALL, (2**64 - 1, 9), True, seccomp.KILL),
        (KILL_CALL, (0, 9), True, seccomp.KILL),
        (KILL_CALL, (7 + 2**32, 9), True, seccomp.ALLOW),  # a pid is 32 bits to the kernel as well: this is 7
        (TKILL, (7, 9), False, seccomp.ALLOW),
        (TKILL, (8, 9), False, seccomp.KILL),
        (TGKILL, (7, 7, 6), True, seccomp.ALLOW),
        (TGKILL, (8, 8, 6), True, seccomp.KILL),
        (TKILL + 1, (7,), True, seccomp.ALLOW),  # time, among the calls beside it
        (TGKILL + 1, (7,), True, seccomp.ERRNO_EPERM),
        (FCNTL, (3, 3), True, seccomp.ALLOW),
        (FCNTL, (3, 8), True, seccomp.ERRNO_EPERM),
        (FCNTL, (3, 1031), True, seccomp.ERRNO_EPERM),
        (IOCTL, (3, 0x5401), True, seccomp.ALLOW),
        (IOCTL, (3, 0x8901), True, seccomp.ERRNO_EPERM),
        (IOCTL, (3, 0x5412), True, seccomp.ERRNO_EPERM),
        (PRLIMIT, (0, 7, 0, 1), True, seccomp.ALLOW),
        (PRLIMIT, (0, 7, 4096, 0), True, seccomp.ERRNO_EPERM),
        (PRLIMIT, (0, 7, 2**32, 0), True, seccomp.ERRNO_EPERM),
        (0x40000000 | READ, (), True, seccomp.KILL),
        (-1, (), True, seccomp.KILL),
        (9999, (), True, seccomp.ERRNO_EPERM),
    ],
)
def test_filter_answers(number: int, args: tuple[int, ...], paths: bool, expected: int) -> None:
    assert run_filter(seccomp.build_filter(7, paths=paths), number, *args) == expected


@X86
def test_filter_kills_calls_of_another_architecture() -> None:
    program = seccomp.build_filter(7, paths=True)
    for arch in (0x40000003, 0xC00000B7, 0):
        assert run_filter(program, READ, arch=arch) == seccomp.KILL


@X86
def test_filter_never_runs_past_its_end() -> None:
    for paths in (True, False):
        program = seccomp.build_filter(7, paths=paths)
        assert len(program) // 8 < 4096
        for number in range(600):
            run_filter(program, number, 1, 2, 3)


def test_filter_of_an_unknown_machine_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp, "MACHINE", "vax")
    seccomp._same_for_all.cache_clear()
    with pytest.raises(OSError, match="no allow-list is known for vax"):
        seccomp.build_filter(1, paths=True)


def test_landlock_of_an_old_kernel_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "abi", lambda: 3)
    with pytest.raises(OSError, match="version 6 is needed, this kernel has 3"):
        landlock.restrict_steps({}, 4)


def test_missing_landlock_is_version_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(syscalls.NR, "landlock_create_ruleset", 100_000)
    assert landlock.abi.__wrapped__() == 0  # not what was found before, and not to be found again


def test_failing_call_names_itself() -> None:
    with pytest.raises(OSError, match="umount2: "):
        syscalls.call("umount2", ctypes.c_char_p(b"/nowhere/at/all"), 0)
    with pytest.raises(OSError, match="unshare: "):
        syscalls.call("unshare", 1)
    with pytest.raises(OSError, match="no system call number is known"):
        syscalls.call("frobnicate")


def test_calls_made_ready_stop_at_the_first_that_answers_otherwise() -> None:
    taken = syscalls.step("dup", 1, answer=-2)
    with pytest.raises(OSError, match=r"^dup: answered [0-9]+$") as caught:
        syscalls.take([syscalls.step("chdir", b"."), taken, syscalls.step("umount2", b"/nowhere/at/all", 0)])
    os.close(int(str(caught.value).split()[-1]))
    with pytest.raises(OSError, match="umount2: "):
        syscalls.take([syscalls.step("umount2", b"/nowhere/at/all", 0), taken])


def test_wall_that_cannot_be_had_is_named_before_any_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "abi", lambda: 3)
    with pytest.raises(OSError, match="version 6 is needed"):
        walls.prepare_inner("confined", walls.Allowance(1 << 30, 10), 0, as_nobody=False)


def test_sealed_does_without_landlock_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def layers() -> set[str]:
        inner = walls.prepare_inner("sealed", walls.Allowance(1 << 30, 10), 0, as_nobody=False)
        return {step.name for step in inner.steps if step.name.startswith("landlock")}

    monkeypatch.setattr(landlock, "abi", lambda: 6)
    assert layers() == {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"}
    monkeypatch.setattr(landlock, "abi", lambda: 3)
    assert not layers()


def test_pid_in_a_filter_made_ready_is_that_of_its_comparison() -> None:
    pid, filtering = seccomp.prepare_filter(paths=True)
    pid.value = 7
    program = ctypes.cast(filtering.arguments[3]._obj.code, ctypes.POINTER(ctypes.c_char))
    length = filtering.arguments[3]._obj.length * 8
    assert program[:length] == seccomp.build_filter(7, paths=True)


def test_probe_names_the_layer_that_fails(tmp_path: Path) -> None:
    program = (
        "from autograder.worker import zygote, walls\n"
        "import sys, socket\n"
        "def refuse(*args):\n    raise OSError('unshare: Operation not permitted')\n"
        "walls.namespaces.enter_namespaces = refuse\n"
        "import os\n"
        "zygote.main(int(sys.argv[1]), 'sealed', [], '', '', os.getppid())\n"
    )
    import socket

    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", program, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env=environment,
            check=False,
        )
        assert done.returncode == 1
        assert b"unshare: Operation not permitted" in ours.recv(1000)


def test_probe_reports_every_tier_it_is_asked_about() -> None:
    (report,) = probe(("unsafe",))
    assert (report.name, report.available, report.why) == ("unsafe", True, "")
    (report,) = probe(("castle",))
    assert not report.available
    assert "castle" in report.why
