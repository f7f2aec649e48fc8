"""Run a student's modules, cell by cell, and keep in mind where their code came from."""

from __future__ import annotations

import sys
import types
from typing import Any

from autograder.student.ending import TimeUp
from autograder.student.servant import Servant
from autograder.student.standins import Finder, Ipython, install_finder
from autograder.student.statements import only, spans

__all__ = ["Loader"]

MAX_RAISED = 20  # statements of one cell: what follows them is not run any more


class Loader:
    """Loads a program from text. `modules` are ``[name, filename, [[cell number or None, source], ...]]``."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[str, int | None]] = {}  # code object's filename -> (file, cell)

    def place(self, filename: str) -> tuple[str, int | None] | None:
        """See `autograder.student.servant.Place`."""
        return self._places.get(filename)

    def load(self, servant: Servant, modules: list[Any], forbidden: list[str]) -> list[Any]:
        """Run the first module's cells, with the others at hand for import, and give its names to `servant`.

        Returns
        -------
        list
            Of each statement that raised: filename, cell, and what `Servant.describe` says. It takes no other one down.
        """
        name, filename, cells = modules[0]
        sources = {other: (file, "\n".join(source for _, source in parts)) for other, file, parts in modules[1:]}
        self._places = {file: (file, None) for _, file, _ in modules}
        install_finder(Finder(sources, forbidden), forbidden)
        module = types.ModuleType(name)
        if filename.endswith(".py"):  # a notebook has no such name
            module.__file__ = filename
        sys.modules[name] = module
        servant.namespace = module.__dict__
        Ipython(module.__dict__).install()
        return self.run(servant, filename, cells)

    def run(self, servant: Servant, filename: str, cells: list[Any]) -> list[Any]:
        """Run more cells of the first module; return what `load` returns."""
        return [problem for cell in cells for problem in self._run(servant, filename, *cell)]

    def _run(self, servant: Servant, filename: str, number: int | None, source: str) -> list[Any]:
        """Run a cell. After a statement that raised, the next one is run: a demonstration that fails here (for want of
        a file, a package, a keyboard) does not take down the functions below it."""
        code_name = filename if number is None else f"{filename}#{number}"
        self._places[code_name] = (filename, number)
        problems: list[Any] = []
        while source and len(problems) < MAX_RAISED:
            try:
                exec(compile(source, code_name, "exec", dont_inherit=True), servant.namespace)
                break
            except TimeUp:
                raise
            except BaseException as error:
                problems.append([filename, number, *servant.describe(error)])
                source = _after(source, _line(error, code_name))
        return problems


def _line(error: BaseException, code_name: str) -> int:
    """Return the line of a cell's own statement that raised, 0 if it did not come to run."""
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == code_name and code.co_name == "<module>":
            return trace.tb_lineno
        trace = trace.tb_next
    return 0


def _after(source: str, line: int) -> str:
    """Return the source from the statement after the one at `line` on; nothing for 0."""
    try:
        rest = [span for span in spans(source) if span.start > line] if line else []
    except (RecursionError, MemoryError):  # compiled as it was, it is too deep to be taken apart
        rest = []
    return only(source, rest) if rest else ""
