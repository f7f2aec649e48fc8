"""What was handed in, as data: nothing here runs or imports student code."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.pickled import by_values
from autograder.text import Message

__all__ = ["Cell", "File", "Module", "Program", "Submission"]


@dataclass(frozen=True, slots=True)
class File:
    """One file as the student handed it in. `name` is a bare file name, never a path."""

    name: str
    data: bytes

    __reduce__ = by_values


@dataclass(frozen=True, slots=True)
class Submission:
    """All that one student handed in for one assignment."""

    student: str
    files: tuple[File, ...]

    __reduce__ = by_values


@dataclass(frozen=True, slots=True)
class Cell:
    """A run of source lines that is compiled and executed as one.

    `number` is the cell's position in the notebook, counted from 1 over the code cells as Jupyter shows them; None
    for a module, which is one cell. Line numbers in tracebacks are lines of `source`.
    """

    number: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Module:
    """Source of one importable module. `filename` is the student's own name for the file."""

    name: str
    filename: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """A submission made ready for a worker.

    `modules[0]` is the one that is graded; the others can be imported by it. `problems` are faults that the student
    is told of (a file that could not be read, a cell with a syntax error, a deleted cell), in the order of the files.
    """

    modules: tuple[Module, ...]
    problems: tuple[Message, ...] = ()
