"""Exceptions of the student's arrive as types, text and lines, and as nothing that could mislead the judge."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.intake import Cell, Module, Program
from autograder.student import StudentError
from autograder.student.complaint import clean, read_error, read_problem

PROGRAM = Program((Module("answer", "answer.py", (Cell(None, "a = 1\n  b = 2  \n"),)),))


def test_exception_is_also_the_builtin_one(connect: Callable[..., Any]) -> None:
    source = """
    import numpy as np
    class Mine(ValueError):
        pass
    def inner(x):
        raise Mine(f"bad {x}")
    def f(x):
        return inner(x)
    def g():
        return np.linalg.inv(np.zeros((2, 2)))
    """
    student = connect(source).student
    with pytest.raises(ValueError, match="bad 3") as caught:
        student.f(3)
    error = caught.value
    assert isinstance(error, StudentError)
    assert (error.type_name, error.known_type, error.text) == ("Mine", "ValueError", "bad 3")
    assert [(f.file, f.cell, f.line, f.function) for f in error.frames] == [
        ("answer.py", None, 8, "f"),
        ("answer.py", None, 6, "inner"),
    ]
    assert error.frames[-1].source == 'raise Mine(f"bad {x}")'
    assert str(error) == "Mine: bad 3 (answer.py, line 6)"
    with pytest.raises(np.linalg.LinAlgError):
        student.g()
    assert student.f.__name__ == "f"


ALL = sorted(
    name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
)


@pytest.mark.parametrize("name", ALL)
def test_every_builtin_exception_can_be_raised(name: str) -> None:
    kind = getattr(builtins, name)
    bases = [base.__name__ for base in kind.__mro__]
    error = read_error(PROGRAM, [name, bases, "text", []])
    assert isinstance(error, StudentError)
    assert (error.type_name, error.known_type, error.text) == (name, kind.__name__, "text")
    assert isinstance(error, Exception)  # never one that pytest would take for its own end


@pytest.mark.parametrize("name", ["StopIteration", "StopAsyncIteration"])
def test_end_of_loop_does_not_end_a_loop_of_the_judge(name: str) -> None:
    def answers() -> Any:
        raise read_error(PROGRAM, [name, [name, "Exception"], "", []])

    with pytest.raises(StudentError):
        for _ in map(lambda _: answers(), range(3)):
            pass


def test_system_exit_and_interrupt_are_ordinary(connect: Callable[..., Any]) -> None:
    student = connect("def f(kind):\n    raise {'exit': SystemExit, 'int': KeyboardInterrupt}[kind](4)\n").student
    for kind, name in (("exit", "SystemExit"), ("int", "KeyboardInterrupt")):
        with pytest.raises(StudentError) as caught:
            student.f(kind)
        assert caught.value.known_type == name
    with pytest.raises(KeyError):
        student.f("other")


def test_exception_that_cannot_be_shown_is_shown_without_text(connect: Callable[..., Any]) -> None:
    source = "class E(Exception):\n    def __str__(self):\n        raise RuntimeError\ndef f():\n    raise E\n"
    with pytest.raises(StudentError) as caught:
        connect(source).student.f()
    assert (caught.value.type_name, caught.value.text) == ("E", "")


def test_recursion_is_an_exception(connect: Callable[..., Any]) -> None:
    with pytest.raises(RecursionError):
        connect("def f():\n    return f()\n").student.f()


@pytest.mark.parametrize(
    "described",
    [
        [],
        [1, 2, 3, 4],
        [np.array(["a", "b"]), np.array(["ValueError", "x"]), np.zeros(3), np.zeros((2, 4))],
        ["E", [np.zeros(2), {}, None, "print", "__import__", "int"], b"x", [np.zeros(4), [], [1, 2, 3, 4]]],
        ["E", ["x" * 10**6], "y" * 10**6, [["answer.py", None, 10**30, "f"], ["answer.py", None, -1, "f"]]],
        ["E", [], "", [[np.array([1, 2]), None, 1, "f"], ["answer.py", np.array([1, 2]), 1, "f"]]],
        ["E", [], "", [["answer.py", True, 1, "f"], ["/etc/passwd", None, 1, "f"], ["answer.py", None, 1.0, "f"]]],
    ],
)
def test_forged_description_is_an_exception_without_place(described: list[Any]) -> None:
    error = read_error(PROGRAM, described)
    assert error.known_type == "Exception"
    assert error.frames == ()
    assert len(error.type_name) <= 100
    assert len(error.text) <= 2000
    str(error)


def test_line_is_quoted_from_what_was_handed_in() -> None:
    error = read_error(PROGRAM, ["E", ["KeyError"], "", [["answer.py", None, 2, np.zeros(3)]]])
    assert error.frames == (("answer.py", None, 2, "<module>", "b = 2"),)


@pytest.mark.parametrize("problem", [None, [], [1] * 6, [np.zeros(2), np.zeros(2), "E", [], "", []], ["x"] * 6])
def test_forged_problem_names_no_file(problem: Any) -> None:
    read = read_problem(PROGRAM, problem)
    assert read.file == ""
    assert read.cell in (None, 1)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\nand a line", "plain\ttext\nand a line"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://x\x1b\\link", "link"),
        ("\x1b\x1b[0m[31mx", "[31mx"),
        ("over\rwritten\x08\x7f\x00", "overwritten"),
        ("\x9b31mred", "31mred"),
        ("abc\u202edcba\u2066x", "abcdcbax"),
    ],
)
def test_terminal_escapes_are_stripped(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_cleaning_is_linear() -> None:
    for text in ("\x1b[" + "0" * 10**6, "\x1b[0" * 10**5, "\x1b]" * 10**5, "\x1b]" + "x" * 10**6):
        assert "\x1b" not in clean(text)
