"""The system calls that a worker may make: an allow-list, as a classic BPF program.

Three answers. Allowed. Refused: the call fails with EPERM, which Python raises as PermissionError, an ordinary
exception of the student's. Killed: an act with no honest use (tracing another process, signalling another process, new
namespaces, loading kernel code) ends the worker with SIGSYS, which the judge reports as a violation.
"""

from __future__ import annotations

import ctypes
import functools
import itertools
import struct
from collections.abc import Mapping, Sequence

from autograder.worker.syscalls import MACHINE, Step, step

__all__ = ["build_filter", "prepare_filter"]

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOW, ERRNO_EPERM, KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000

ERRNO_ENOSYS = 0x00050000 | 38
LD, JEQ, JGE, JSET, RET = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCH, ARGS = 0, 4, 16  # offsets in struct seccomp_data

Table = dict[str, tuple[int | None, int | None]]

# name: (x86_64, aarch64); None where the architecture does not have the call.
_CALLS: Table = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226),
    "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "pread64": (17, 67), "pwrite64": (18, 68), "readv": (19, 65),
    "writev": (20, 66), "pipe": (22, None), "select": (23, None), "sched_yield": (24, 124), "mremap": (25, 216),
    "madvise": (28, 233), "dup": (32, 23), "dup2": (33, None), "pause": (34, None), "nanosleep": (35, 101),
    "getpid": (39, 172), "recvfrom": (45, 207), "sendmsg": (46, 211), "exit": (60, 93), "getcwd": (79, 17),
    "uname": (63, 160), "poll": (7, None), "getrlimit": (97, 163),
    "getrusage": (98, 165), "sysinfo": (99, 179), "times": (100, 153), "getuid": (102, 174), "getgid": (104, 176),
    "geteuid": (107, 175), "getegid": (108, 177), "getppid": (110, 173), "getpgrp": (111, None),
    "sigaltstack": (131, 132), "gettid": (186, 178), "futex": (202, 98), "sched_getaffinity": (204, 123),
    "restart_syscall": (219, 128), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115), "exit_group": (231, 94), "set_robust_list": (273, 99), "dup3": (292, 24),
    "pipe2": (293, 59), "pselect6": (270, 72), "ppoll": (271, 73), "getrandom": (318, 278), "rseq": (334, 293),
    "gettimeofday": (96, 169), "time": (201, None), "arch_prctl": (158, None), "getcpu": (309, 168),
    "membarrier": (324, 283), "fstat": (5, 80),
}  # fmt: skip
# Only where the private view stands: with these a path can be looked at, and without it that would show the machine.
_PATHS: Table = {
    "open": (2, None), "openat": (257, 56), "stat": (4, None), "lstat": (6, None), "newfstatat": (262, 79),
    "statx": (332, 291), "access": (21, None), "faccessat": (269, 48), "faccessat2": (439, 439),
    "readlink": (89, None), "readlinkat": (267, 78), "getdents64": (217, 61), "chdir": (80, 49),
    "ftruncate": (77, 46), "truncate": (76, 45), "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None),
    "unlink": (87, None), "unlinkat": (263, 35), "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276),
    "umask": (95, 166), "fsync": (74, 82), "fdatasync": (75, 83), "utimensat": (280, 88), "statfs": (137, 43),
    "fstatfs": (138, 44), "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53),
}  # fmt: skip
# Acts with no honest use in an assignment.
_DEADLY: Table = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "unshare": (272, 97),
    "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "bpf": (321, 280), "perf_event_open": (298, 241), "init_module": (175, 105), "finit_module": (313, 273),
    "kexec_load": (246, 104), "reboot": (169, 142), "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "keyctl": (250, 219), "add_key": (248, 217), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsmount": (432, 432), "mount_setattr": (442, 442),
    "kcmp": (312, 272), "seccomp": (317, 277),
}  # fmt: skip
# Signals to oneself are ordinary (abort() raises one); to anybody else they are not. The first argument is a pid.
_SIGNALS: Table = {"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131)}
# Both can name a process to be signalled when a file is ready (F_SETOWN, FIOSETOWN), so only these commands pass.
_FCNTL: Table = {"fcntl": (72, 25)}
_FCNTL_COMMANDS = (0, 1, 2, 3, 4, 1030)  # DUPFD, GETFD, SETFD, GETFL, SETFL, DUPFD_CLOEXEC
_IOCTL: Table = {"ioctl": (16, 29)}
_IOCTL_COMMANDS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIO[N]CLEX
_PRLIMIT: Table = {"prlimit64": (302, 261)}
# Only in the gpu tier: what CUDA's driver needs besides, which works through threads, events and ioctls of its devices.
_DEVICE_CALLS: Table = {
    "set_tid_address": (218, 96), "sched_setaffinity": (203, 122), "eventfd2": (290, 19), "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21), "epoll_wait": (232, None), "epoll_pwait": (281, 22), "memfd_create": (319, 279),
    "get_mempolicy": (239, 236), "set_mempolicy": (238, 237), "mbind": (237, 235), "mlock": (149, 228),
    "munlock": (150, 229), "sched_getparam": (143, 121), "sched_getscheduler": (145, 120),
    "sched_get_priority_max": (146, 125), "sched_get_priority_min": (147, 126), "mincore": (27, 232),
}  # fmt: skip
_CLONE: Table = {"clone": (56, 220)}
_CLONE3: Table = {"clone3": (435, 435)}  # its flags lie in memory, where no filter sees them: libc falls back to clone
_CLONE_THREAD = 0x10000
_PID = -3 * 8 + 4  # where, from its end, a program holds the pid: the value of its last comparison
_X32_BIT = 0x40000000  # x86-64's second table of the same calls, numbered from here


def _numbers(table: Table) -> list[int]:
    column = 0 if MACHINE == "x86_64" else 1
    return sorted(number for pair in table.values() if (number := pair[column]) is not None)


def _instruction(code: int, true: int, false: int, value: int) -> bytes:
    return struct.pack("<HBBI", code, true, false, value)


def _bisect(answers: Mapping[int, bytes]) -> bytes:
    """Return a program that jumps to the body (which must return) of the call in the accumulator, EPERM for others.

    A tree of comparisons, and not a row: the kernel runs the program once for every number that there is, for every
    worker, to know what it always allows. An empty body is the place where the program ends, for who writes on there.
    """
    refuse = _instruction(RET, 0, 0, ERRNO_EPERM)
    ends = {number + 1: refuse for number in answers if number + 1 not in answers}
    each = sorted(({0: refuse} | ends | dict(answers)).items())
    steps = [next(same) for _, same in itertools.groupby(each, lambda step: step[1])]  # in force until the next one
    numbers, bodies = zip(*steps, strict=True)
    place, end = {}, len(steps) - 1  # the comparisons come first
    for body in sorted(set(bodies), key=lambda body: (not body, body)):
        place[body], end = end, end + len(body) // 8
    tree: list[bytes] = []

    def compare(first: int, last: int) -> None:
        """Add the comparisons that tell the steps from `first` to before `last` apart."""
        here, middle = len(tree), (first + last) // 2
        below = here + 1 if middle - first > 1 else place[bodies[first]]
        above = here + middle - first if last - middle > 1 else place[bodies[middle]]
        tree.append(_instruction(JGE, above - here - 1, below - here - 1, numbers[middle]))
        for start, stop in ((first, middle), (middle, last)):
            if stop - start > 1:
                compare(start, stop)

    compare(0, len(steps))
    return b"".join([*tree, *place])


def _argument_in(index: int, values: Sequence[int], otherwise: int) -> bytes:
    """Allow where an argument's low 32 bits are among `values`; the kernel reads pids and commands as 32 bits, too."""
    known = [_instruction(JEQ, len(values) - i, 0, value) for i, value in enumerate(values)]
    return b"".join(
        [
            _instruction(LD, 0, 0, ARGS + 8 * index),
            *known,
            _instruction(RET, 0, 0, otherwise),
            _instruction(RET, 0, 0, ALLOW),
        ]
    )


def _pointer_is_null(index: int) -> bytes:
    """Allow where both halves of a pointer argument are zero."""
    return (
        _instruction(LD, 0, 0, ARGS + 8 * index)
        + _instruction(JEQ, 0, 3, 0)
        + _instruction(LD, 0, 0, ARGS + 8 * index + 4)
        + _instruction(JEQ, 0, 1, 0)
        + _instruction(RET, 0, 0, ALLOW)
        + _instruction(RET, 0, 0, ERRNO_EPERM)
    )


def _flag_in(index: int, flag: int) -> bytes:
    """Allow where an argument's low 32 bits hold `flag`."""
    return (
        _instruction(LD, 0, 0, ARGS + 8 * index)
        + _instruction(JSET, 0, 1, flag)
        + _instruction(RET, 0, 0, ALLOW)
        + _instruction(RET, 0, 0, ERRNO_EPERM)
    )


def build_filter(pid: int, *, paths: bool, devices: bool = False) -> bytes:
    """Return the program for the process that sees itself as `pid`.

    `paths` allows calls that take a path; `devices` threads (never processes), and what drives a CUDA device.

    Raises
    ------
    OSError
        On an architecture whose call numbers are not in the tables.
    """
    return _same_for_all(paths, devices) + _argument_in(0, [pid], KILL)  # for signals


@functools.cache  # a zygote builds it once, for all the workers that it forks
def _same_for_all(paths: bool, devices: bool) -> bytes:
    if MACHINE not in AUDIT_ARCH:
        raise OSError(f"seccomp: no allow-list is known for {MACHINE}")
    parts = [
        _instruction(LD, 0, 0, ARCH),
        _instruction(JEQ, 1, 0, AUDIT_ARCH[MACHINE]),
        _instruction(RET, 0, 0, KILL),
        _instruction(LD, 0, 0, NUMBER),
    ]
    if MACHINE == "x86_64":
        parts += [_instruction(JGE, 0, 1, _X32_BIT), _instruction(RET, 0, 0, KILL)]
    allow, kill = _instruction(RET, 0, 0, ALLOW), _instruction(RET, 0, 0, KILL)
    bodies = [
        (_CALLS | (_PATHS if paths else {}), allow),
        (_DEADLY, kill),
        (_PRLIMIT, _pointer_is_null(2)),  # limits may be read, never set
        (_FCNTL, _argument_in(1, _FCNTL_COMMANDS, ERRNO_EPERM)),
        (_IOCTL, _argument_in(1, _IOCTL_COMMANDS, ERRNO_EPERM)),
        (_SIGNALS, b""),
    ]
    if devices:
        bodies += [
            (_DEVICE_CALLS | _IOCTL, allow),
            (_CLONE, _flag_in(0, _CLONE_THREAD)),
            (_CLONE3, _instruction(RET, 0, 0, ERRNO_ENOSYS)),
        ]
    parts.append(_bisect({number: body for table, body in bodies for number in _numbers(table)}))
    return b"".join(parts)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def prepare_filter(*, paths: bool, devices: bool = False) -> tuple[ctypes.c_uint32, Step]:
    """Return where the process that the filter is for writes its pid, and the call that puts the filter up.

    The call answers 0 where all threads of the process are under it. `no_new_privs` must be set.
    """
    program = bytearray(build_filter(0, paths=paths, devices=devices))
    code = (ctypes.c_char * len(program)).from_buffer(program)
    set_mode_filter, all_threads = 1, 1
    reference = ctypes.byref(_Program(len(program) // 8, ctypes.addressof(code)))
    pid = ctypes.c_uint32.from_buffer(code, len(program) + _PID)  # which keeps the program alive
    return pid, step("seccomp", set_mode_filter, all_threads, reference)
