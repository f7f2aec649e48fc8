"""`pytest solutions/NAME --student FILE`: what the plugin needs when no engine drives it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import find_course, load_assignment
from autograder.errors import UsageError
from autograder.intake import parse_submission, read_submissions
from autograder.judge.walled import WalledBench
from autograder.judge.workers import make_subject, worker_seed
from autograder.worker import TIERS, Setup, Zygote, ZygoteError

__all__ = ["open_bench"]


def open_bench(config: pytest.Config) -> WalledBench:
    """Return a bench for the file given by --student and the assignment whose folder the tests are in."""
    try:
        return _open(config)
    except (UsageError, ZygoteError) as error:
        raise pytest.UsageError(str(error)) from None


def _open(config: pytest.Config) -> WalledBench:
    tests = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    course = find_course(tests[0])
    names = {part for test in tests for part in test.relative_to(course.root).parts[1:2]}
    if len(names) != 1:
        raise UsageError("--student goes with the tests of one assignment: pytest solutions/NAME --student FILE")
    assignment = load_assignment(course, names.pop())
    file = Path(config.getoption("--student"))
    [submission] = read_submissions([file], assignment)
    zygote = _zygote(config.getoption("--tier"), assignment.preload, course.root, assignment.dataset_folder)
    seed = worker_seed(0, assignment, submission.student)
    subject = make_subject(zygote, assignment, parse_submission(submission, assignment), seed)
    return WalledBench(assignment, subject, complete=False, zygote=zygote)


def _zygote(tier: str | None, preload: tuple[str, ...], root: Path, datasets: Path) -> Zygote:
    if tier is not None:
        return Zygote(Setup(tier, preload, root, datasets))
    for name in TIERS:
        try:
            return Zygote(Setup(name, preload, root, datasets))
        except ZygoteError as error:
            refused = error
    raise refused
