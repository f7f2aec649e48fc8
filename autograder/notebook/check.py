"""`check("irls")`: the public checks on the functions of this very notebook."""

from __future__ import annotations

import ast
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.course.manifest import Assignment
from autograder.course.table import nearest
from autograder.errors import UsageError
from autograder.intake.submission import Cell, Module, Program
from autograder.notebook.bundle import find_assignment
from autograder.notebook.kernel import KernelConversation, interactive_shell
from autograder.notebook.limit import can_interrupt
from autograder.notebook.session import examine
from autograder.records import Result
from autograder.report import mime_bundle, say
from autograder.text import Lang
from autograder.text.language import own_language

__all__ = ["check"]

EVERY = 0.1  # seconds between two pictures of checks that are running


def check(assignment: str, part: str | None = None, *, lang: Lang | None = None) -> None:
    """Check your functions with the public tests, and show what they say, below the cell.

    The functions are those of the notebook (or script) that calls. Nothing is handed in and nothing counts: it is
    advice. Points that hidden tests decide are told apart.

    Parameters
    ----------
    assignment : str
        Its name, such as "irls".
    part : str, optional
        One part of it; all by default.
    lang : {"en", "zh"}, optional
        Language of the feedback; by default that of this machine's settings.
    """
    shell = interactive_shell()
    names = shell.user_ns if shell is not None else sys._getframe(1).f_globals
    try:
        _check(assignment, part, lang or own_language(), names)
    except UsageError as error:  # a line and its remedy, not a traceback
        print(f"check: {error}", file=sys.stderr)


def _check(assignment_id: str, part: str | None, lang: Lang, names: dict[str, Any]) -> None:
    assignment = find_assignment(assignment_id, Path.cwd())
    parts = [each.id for each in assignment.parts]
    if part is not None and part not in parts:
        offered = nearest(part, tuple(parts)) or f"; there are: {', '.join(parts)}"
        raise UsageError(f"{assignment_id}: no part {part!r}{offered}")
    chosen = () if part is None else (part,)
    picture = _Picture(lambda result, running: mime_bundle(result, assignment, lang, parts=chosen or None,
                                                           running=running))  # fmt: skip
    if not can_interrupt():
        print(say(lang, "no_time_limit"))
    conversation = KernelConversation(names, assignment.limits)
    result = examine(assignment, conversation, _program(names, assignment), parts=chosen, on_check=picture.update)
    picture.show(result)


class _Picture:
    """What stands below the cell, drawn anew while the checks run."""

    def __init__(self, bundle: Callable[..., dict[str, Any]]) -> None:
        self._bundle = bundle
        self._handle: Any = None
        self._drawn = time.monotonic()

    def update(self, result: Result, running: int) -> None:
        if running and interactive_shell() is not None and time.monotonic() - self._drawn >= EVERY:
            self._draw(self._bundle(result, running))
            self._drawn = time.monotonic()

    def show(self, result: Result) -> None:
        bundle = self._bundle(result, 0)
        if interactive_shell() is None:
            print(bundle["text/plain"])
        else:
            self._draw(bundle)

    def _draw(self, bundle: dict[str, Any]) -> None:
        import IPython.display

        display: Any = IPython.display.display
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)


def _program(names: dict[str, Any], assignment: Assignment) -> Program:
    """Return the source that the names come from: of a notebook, the last inputs that define or import something."""
    shell = interactive_shell()
    name = assignment.files[0]
    if shell is None:
        file = names.get("__file__")
        source = Path(file).read_text("utf-8", "replace") if file else ""
        return Program((Module(name, Path(file or "").name, (Cell(None, source),)),))
    cells: dict[frozenset[str], Cell] = {}
    for number, text in enumerate(shell.history_manager.input_hist_parsed):
        defined = _defined(text)
        if defined:
            cells.pop(defined, None)  # run again, it stands where it was run last
            cells[defined] = Cell(number, text)
    return Program((Module(name, "In", tuple(cells.values())),))


def _defined(text: str) -> frozenset[str]:
    """Return the names that an input defines or imports at its top level."""
    try:
        statements = ast.parse(text).body
    except SyntaxError:
        return frozenset()
    found: set[str] = set()
    for node in statements:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return frozenset(found)
