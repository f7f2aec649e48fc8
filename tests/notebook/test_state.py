"""A check leaves the kernel as it found it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import os, random, sys, warnings
import numpy as np
import matplotlib

matplotlib.use("svg")
warnings.simplefilter("error", ResourceWarning)


def sigmoid(z):
    np.random.seed(1)
    random.seed(1)
    warnings.simplefilter("ignore")
    sys.path.insert(0, "/nowhere")
    os.environ["SOMETHING"] = "1"
    os.chdir("/")
    np.seterr(all="raise")
    raise ValueError


def bce_with_logits(z, y):
    return 0.0


try:
    1 / 0
except ZeroDivisionError as error:
    sys.last_value = error


def picture():
    return [
        random.getstate(), np.random.get_state()[1].tolist(), list(map(str, warnings.filters)), list(sys.path),
        dict(os.environ), os.getcwd(), matplotlib.get_backend(), np.geterr(), list(map(str, sys.meta_path)),
        repr(sys.last_value), sys.dont_write_bytecode, sorted(os.listdir()),
        sorted(name for name in sys.modules if "test_public" in name), str(sys.stdout), str(sys.excepthook),
    ]


environment = dict(os.environ)  # from here on: not even the first check leaves a variable to what the kernel starts
from autograder import check

check("irls", part="odds_ratios")  # what is imported late is imported now
before = picture()
check("irls")
after = picture()
assert dict(os.environ) == environment
assert before == after, [pair for pair in zip(before, after) if pair[0] != pair[1]]
loaded = [name for name in sys.modules if name.startswith("autograder.worker") or name in HEAVY]
assert not loaded, loaded
"""
# What a student's installation need not have, and what no check may wait for.
HEAVY = ["sqlalchemy", "jupytext", "nbformat", "scipy", "torch", "IPython", "resource"]


def test_kernel_is_as_it_was(handout: Path) -> None:
    script = f"HEAVY = {json.dumps(HEAVY)}\n{SCRIPT}"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=handout / "irls", capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "ValueError" in done.stdout


PORTABLE = """
import builtins, sys
real = builtins.__import__
POSIX = {"fcntl", "resource", "termios", "pwd", "grp"}
own = lambda name: (sys._getframe(2).f_globals.get("__name__") or "").startswith("autograder")


def guarded(name, *args, **kwargs):
    if name in POSIX and own(name):
        raise ModuleNotFoundError(name)
    return real(name, *args, **kwargs)


builtins.__import__ = guarded
import os, signal
del os.fork, signal.SIGALRM, signal.setitimer  # as on Windows


def sigmoid(z):
    while True:
        pass


from autograder import check
check("irls", part="loss")
"""


def test_check_works_where_there_is_neither_fork_nor_alarm(handout: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PORTABLE], cwd=handout / "irls", capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "too long and was stopped" in done.stdout


IN_A_BROWSER = """
import sys
import autograder.notebook.limit

sys.platform = "emscripten"
from autograder import check

check("irls", part="loss", lang="zh")
"""


def test_where_no_loop_can_be_stopped_it_says_so(handout: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IN_A_BROWSER], cwd=handout / "irls", capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "请中断内核" in done.stdout.splitlines()[0] and "还没有写" not in done.stdout
