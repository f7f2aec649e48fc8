"""Ends, loops, crashes, and new processes."""

from __future__ import annotations

from tests.hostile.item import item, refused

__all__ = ["ITEMS"]

NO_PROCESS = """
def attack(world):
    breaches = []
    for name, number, *args in {calls}:
        result = raw(number, *args)
        if result == 0:
            os.write(1, b"a child")
            while True:
                pass
        if result > 0:
            breaches.append(name)
    return breaches
"""

ITEMS = (
    item("exit_at_import", "os._exit(0)\n" * 3 + "def attack(world):\n    return []", "crashed"),
    item("exit_in_call", "os._exit(0)", "crashed"),
    item("exit_by_exception", "raise SystemExit(0)", "raised"),
    item("exit_group_raw", "raw(231, 0)", "crashed"),
    item("segfault", "ctypes.string_at(0)", "crashed"),
    item("abort_with_core_wanted",
        "import resource\ntries(a=lambda: resource.setrlimit(resource.RLIMIT_CORE, (-1, -1)))\nos.abort()", "crashed"),
    item("kill_oneself", "os.kill(os.getpid(), 9)", "crashed"),
    item("divide_by_zero_in_c", "import signal\nos.kill(os.getpid(), signal.SIGFPE)", "crashed"),
    item("recursion_in_python", "return attack(world)", "raised"),
    item("recursion_without_limit", "sys.setrecursionlimit(10**9)\ndef f():\n    return f()\nf()",
        "raised|crashed|timeout", seconds=0.3),
    item("recursion_in_c", "sys.setrecursionlimit(10**8)\nx = ()\nfor _ in range(10**6):\n    x = (x,)\nhash(x)",
        "crashed|raised"),
    item("loop", "while True:\n    pass", "timeout", seconds=0.1),
    item("loop_that_ignores_signals", """
        import signal
        for number in range(1, 65):
            tries(a=lambda: signal.signal(number, signal.SIG_IGN))
        libc.sigfillset  # and all of them blocked, too
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
        """, "timeout", seconds=0.1),
    item("loop_at_import", "def attack(world):\n    pass" + "\nwhile True:\n    pass" * 3, "timeout", seconds=0.1),
    item("hang_in_c", "libc.pause()", "timeout", seconds=0.02),
    item("hang_in_sigsuspend_or_stop", "os.kill(os.getpid(), 19)", "timeout", seconds=0.02),
    item("hang_in_regex", "import re\nre.match('(a+)+$', 'a' * 60 + 'b')", "timeout", seconds=0.1),
    item("hang_in_big_integers", "return [str(len(str(3 ** 10 ** 9)))]", "timeout", seconds=0.1),
    item("fork_bomb", """
        while True:
            os.fork()
        """, "raised"),
    item("forks_raw",
        NO_PROCESS.format(calls="[('fork', 57), ('vfork', 58), ('clone', 56, 17, 0, 0, 0, 0), ('clone3', 435, 0, 0)]")),
    item("clone_with_namespaces",
        NO_PROCESS.format(calls="[(hex(flag), 56, 17 | flag, 0, 0, 0, 0) for flag in (0x10000000, 0x8000, 0x800000)]")),
    item("daemon", """
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                while True:
                    pass
        return ["forked"]
        """, "raised"),
    refused(
        "new_programs", "os.execv(sys.executable, [sys.executable, '-c', 'pass'])", "os.execv('/bin/sh', ['sh'])",
        "__import__('subprocess').run([sys.executable, '-c', 'pass'])", "os.posix_spawn('/bin/sh', ['sh'], {})",
        "os.system('true') == 0", "os.popen('echo x').read()", "__import__('pty').fork()",
        "raw(322, 0, b'', 0, 0, 0x1000)", "raw(59, b'/bin/sh', 0, 0)",
        "__import__('multiprocessing').get_context('fork').Process(target=print).start()",
    ),
    item("thread_bomb", """
        import threading, _thread, concurrent.futures
        def spin():
            while True:
                pass
        def pool():
            concurrent.futures.ThreadPoolExecutor(4).submit(spin)
            return True
        def start():
            threading.Thread(target=spin, daemon=True).start()
            return True
        return tries(a=start, b=lambda: _thread.start_new_thread(spin, ()) and True, c=pool)
        """),
    refused("sessions_and_groups", "os.setsid()", "os.setpgid(0, 0)", "os.setpriority(0, 0, -5)", "os.nice(5)",
            "os.sched_setaffinity(0, {0})", "os.sched_setscheduler(0, 0, os.sched_param(0))"),
    refused("timers", "__import__('signal').setitimer(0, 0.01)", "raw(37, 1) >= 0", "raw(222, 0, 0, 0)",
        "raw(283, 1, 0)"),
)  # fmt: skip
