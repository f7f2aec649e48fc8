"""What the student's code raised, rebuilt from text: believed only as far as the submission bears it out."""

from __future__ import annotations

import ast
import builtins
import difflib
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograder.student.ending import WorkerDied
from autograder.student.servant import MAX_FRAMES

if TYPE_CHECKING:
    from autograder.intake import Program


__all__ = [
    "Frame",
    "MissingName",
    "Problem",
    "StudentError",
    "as_modules",
    "clean",
    "near_name",
    "read_error",
    "read_problem",
]

MAX_TEXT = 2000
DEFINED = re.compile(r"^[ \t]*(?:def|class) +([A-Za-z_]\w{0,50})\b", re.MULTILINE)
MAX_DEFINED = 200
NEAR = 0.75  # of difflib's ratio
MAX_LINE = 4096  # no answer is longer
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
# Control characters, and the two that reorder text, say nothing and can lie.
_UNPRINTABLE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)


def clean(text: str) -> str:
    """Return text from the other side without terminal escapes and control characters."""
    return _UNPRINTABLE.sub("", text)


class Frame(NamedTuple):
    """A place in the student's own source, checked against the source that was handed in."""

    file: str
    cell: int | None
    line: int
    function: str
    source: str


class StudentError(Exception):
    """An exception that the student's code raised; also an instance of the builtin type that it was.

    Attributes
    ----------
    type_name : str
        The name of its type. The student may have defined that type: never shown for a hidden check.
    known_type : str
        The nearest builtin (or NumPy) exception type above it.
    text : str
        Its message.
    frames : tuple of Frame
        Its traceback in the student's own source, innermost last.
    """

    def __init__(self, type_name: str, known_type: str, text: str, frames: tuple[Frame, ...]) -> None:
        Exception.__init__(self, text)
        self.type_name, self.known_type, self.text, self.frames = type_name, known_type, text, frames

    def __str__(self) -> str:
        place = f" ({self.frames[-1].file}, line {self.frames[-1].line})" if self.frames else ""
        return f"{self.type_name}: {self.text}{place}"


class MissingName(Exception):
    """The student's module has no such name; in a notebook it may have once its cell has been run.

    `near` is a name much like it that the submission defines, "" for none.
    """

    def __init__(self, name: str, *, in_notebook: bool = False, near: str = "") -> None:
        super().__init__(f"{name} is not defined")
        self.name, self.in_notebook, self.near = name, in_notebook, near


def near_name(program: Program, name: str) -> str:
    """Return a function or class of the graded module that is called much like `name`, "" for none.

    By what was handed in: what the other side says that it has could be a letter from a hidden check.
    """
    source = "\n".join(cell.source for cell in program.modules[0].cells) if program.modules else ""
    found = {made.lower(): made for made in DEFINED.findall(source)[:MAX_DEFINED]}
    close = difflib.get_close_matches(name.lower(), found, 1, NEAR)
    return found[close[0]] if close and found[close[0]] != name else ""


@functools.cache
def _error_type(known: str) -> type[StudentError]:
    base: Any = np.linalg.LinAlgError if known == "LinAlgError" else getattr(builtins, known)
    # Not what Python itself takes for the end of a loop: `map(student.f, ...)` in a check would end early and pass.
    ordinary = issubclass(base, Exception) and not issubclass(base, (StopIteration, StopAsyncIteration, ExceptionGroup))
    # Its own layout comes second, so that no builtin constructor sees our arguments.
    return type(f"Student{known}", (StudentError, base), {}) if ordinary else StudentError


def _known_type(bases: Any) -> str:
    for base in bases if type(bases) is list else []:
        if type(base) is not str:
            continue
        kind = getattr(builtins, base, None)
        if base == "LinAlgError" or (isinstance(kind, type) and issubclass(kind, BaseException)):
            return base
    return "Exception"


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell (or the module) that raised when it was loaded, or whose statement at `line` ended the worker."""

    file: str
    cell: int | None
    error: StudentError | WorkerDied
    line: int = 0


def as_modules(program: Program) -> list[Any]:
    """Return a program in the form in which a `Loader` takes it."""
    return [[m.name, m.filename, [[c.number, c.source] for c in m.cells]] for m in program.modules]


def read_problem(program: Program, problem: Any) -> Problem:
    """Return what a worker says went wrong in a cell."""
    ok = type(problem) is list and len(problem) == 6
    file, cell, *error = problem if ok else ("", None, "Exception", [], "", [])
    known = [module.filename for module in program.modules]
    file = file if type(file) is str and file in known else ""
    return Problem(file, cell if type(cell) is int else None, read_error(program, error))


def read_error(program: Program, described: Sequence[Any]) -> StudentError:
    """Return the exception that a worker describes by type name, base names, text and frames."""
    name, bases, text, frames = described if len(described) == 4 else ("Exception", [], "", [])
    known = _known_type(bases)
    innermost = frames[-MAX_FRAMES:] if type(frames) is list else []
    places = [place for frame in innermost if (place := _frame(program, frame))]
    return _error_type(known)(_text(name)[:100], known, _text(text)[:MAX_TEXT], tuple(places))


def _text(value: Any) -> str:
    """Return a text from the other side; what is none could be anything, down to how it prints."""
    return clean(value) if type(value) is str else ""


def _frame(program: Program, frame: Any) -> Frame | None:
    """Return the frame if the submission has such a line: the other side could name any.

    Of a hidden check a student sees this place. So all of it is read from what was handed in, the function's name too,
    and it says no more than which line with code on it, of so many: a forged one carries 12 bits at most.
    """
    if type(frame) is not list or len(frame) != 4:
        return None
    file, cell, line, _ = frame
    if type(file) is not str or type(line) is not int or not (cell is None or type(cell) is int):
        return None
    for module in program.modules:
        for candidate in module.cells if module.filename == file else ():
            if candidate.number == cell and 1 <= line <= MAX_LINE and (text := _code_at(candidate.source, line)):
                return Frame(file, cell, line, _function_at(candidate.source, line), text)
    return None


def _code_at(source: str, line: int) -> str:
    lines = _lines(source)
    text = lines[line - 1].strip() if line <= len(lines) else ""
    return "" if text.startswith("#") else text


@functools.lru_cache(64)
def _lines(source: str) -> list[str]:
    return source.split("\n")


def _function_at(source: str, line: int) -> str:
    """Return the name of the innermost function around a line, "<module>" outside of any."""
    around = [(last - first, name) for first, last, name in _functions(source) if first <= line <= last]
    return min(around)[1] if around else "<module>"


@functools.lru_cache(64)
def _functions(source: str) -> list[tuple[int, int, str]]:
    try:
        nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, FUNCTIONS)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [(node.lineno, node.end_lineno or 0, getattr(node, "name", "<lambda>")) for node in nodes]
