"""Run a student's modules, cell by cell, and keep in mind where their code came from."""

from __future__ import annotations

import sys
import types
from typing import Any

from autograder.student.ending import TimeUp
from autograder.student.servant import Servant
from autograder.student.standins import Finder, Ipython, install_finder

__all__ = ["Loader"]


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
            Of each cell that raised: filename, cell, and what `Servant.describe` says. It takes no other one down.
        """
        name, filename, cells = modules[0]
        sources = {other: (file, "\n".join(source for _, source in parts)) for other, file, parts in modules[1:]}
        self._places = {file: (file, None) for _, file, _ in modules}
        install_finder(Finder(sources, forbidden), forbidden)
        module = types.ModuleType(name)
        sys.modules[name] = module
        servant.namespace = module.__dict__
        Ipython(module.__dict__).install()
        return [problem for cell in cells if (problem := self._run(servant, filename, *cell)) is not None]

    def _run(self, servant: Servant, filename: str, number: int | None, source: str) -> list[Any] | None:
        code_name = filename if number is None else f"{filename}#{number}"
        self._places[code_name] = (filename, number)
        try:
            exec(compile(source, code_name, "exec", dont_inherit=True), servant.namespace)
        except TimeUp:
            raise
        except BaseException as error:
            return [filename, number, *servant.describe(error)]
        return None
