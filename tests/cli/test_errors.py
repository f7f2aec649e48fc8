"""What goes wrong is one line on stderr, with the right exit code."""

from __future__ import annotations

import errno

import pytest

from autograder.errors import UsageError
from autograder.records import Status
from tests.cli.conftest import World, run
from tests.report.samples import check, result


def test_usage_error_is_one_line_and_exit_2(world: World) -> None:
    ran = run("show", "nothing")
    assert (ran.exit_code, ran.stdout, ran.stderr) == (2, "", "error: no assignment 'nothing'\n")


def test_usage_error_of_several_lines_becomes_one(world: World) -> None:
    world.raises = UsageError("first\n  second")
    assert run("grade", "least_squares", "x").stderr == "error: first second\n"


def test_unknown_command_names_a_likely_one() -> None:
    ran = run("grad", "x")
    assert ran.exit_code == 2 and "no command 'grad'; did you mean 'grade'?" in ran.stderr
    assert "no command 'xyzzy'; there are: list, check" in run("xyzzy").stderr


def test_unknown_option_names_a_likely_one() -> None:
    ran = run("grade", "a", "b", "--agian")
    assert ran.exit_code == 2 and "--again" in ran.stderr


def test_internal_error_is_one_line_and_exit_3(world: World) -> None:
    world.raises = KeyError("odd")
    ran = run("grade", "least_squares", "x")
    assert ran.exit_code == 3
    assert ran.stderr == "error: internal: KeyError: 'odd' (a fault of autograder; --debug shows where)\n"


@pytest.mark.parametrize("arguments", [("--debug", "grade"), ("grade", "--debug")])
def test_debug_shows_where_an_internal_error_arose(world: World, arguments: tuple[str, ...]) -> None:
    world.raises = KeyError("odd")
    ran = run(*arguments, "least_squares", "x")
    assert ran.exit_code == 3 and "Traceback" in ran.stderr and "conftest.py" in ran.stderr


def test_full_disk_is_told_with_its_file(world: World) -> None:
    world.raises = OSError(errno.ENOSPC, "No space left on device", "/somewhere/stub.py")
    ran = run("grade", "least_squares", "x")
    assert (ran.exit_code, ran.stderr) == (2, "error: /somewhere/stub.py: the disk is full; free some space\n")


def test_interrupted_grading_says_what_is_kept(world: World) -> None:
    world.raises = KeyboardInterrupt()
    ran = run("grade", "least_squares", "x")
    assert ran.exit_code == 130 and "interrupted: what was graded is kept" in ran.stderr
    assert "student-07" in run("show", "least_squares").stdout


def test_interrupted_check_says_so(world: World) -> None:
    world.raises = KeyboardInterrupt()
    ran = run("check", "least_squares.py")
    assert (ran.exit_code, ran.stderr) == (130, "error: interrupted\n")


@pytest.mark.parametrize(
    ("status", "code"),
    [(Status.PASSED, 0), (Status.SKIPPED, 0), (Status.BLOCKED, 1), (Status.FAILED, 1), (Status.TIMEOUT, 1),
     (Status.CRASHED, 1), (Status.VIOLATION, 1), (Status.ERROR, 3)],
)  # fmt: skip
def test_exit_code_is_that_of_the_gravest_result(world: World, status: Status, code: int) -> None:
    world.results = [result(check(status, max_points=20.0 if status is not Status.SKIPPED else 0.0)),
                     result(check(), student="student-08")]  # fmt: skip
    assert run("grade", "least_squares", "x").exit_code == code
    assert run("grade", "least_squares", "x", "--json").exit_code == code


def test_exit_code_is_1_for_partial_credit(world: World) -> None:
    world.results = [result(check(points=19.0))]
    assert run("grade", "least_squares", "x").exit_code == 1


def test_exit_code_is_3_where_the_judge_was_lost(world: World) -> None:
    world.results = [result(status=Status.ERROR)]
    assert run("grade", "least_squares", "x").exit_code == 3


def test_reader_that_has_gone_ends_it_quietly(world: World) -> None:
    world.raises = BrokenPipeError(errno.EPIPE, "Broken pipe")
    ran = run("grade", "least_squares", "x")
    assert (ran.exit_code, ran.stderr) == (1, "")
