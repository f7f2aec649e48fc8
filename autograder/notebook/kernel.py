"""A conversation with functions of this very process, a notebook's kernel mostly: no wall, the same questions."""

from __future__ import annotations

import contextlib
import io
import linecache
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.course import Limits
from autograder.intake import Cell, Module, Program
from autograder.notebook.limit import time_limit
from autograder.student import Call, Conversation, WorkerDied, WorkerTimeout
from autograder.student.complaint import as_modules, clean, read_error, read_problem
from autograder.student.conversation import Check
from autograder.student.ending import TimeUp
from autograder.student.loading import Loader
from autograder.student.servant import Servant
from autograder.wire import Encoder
from autograder.wire import Limits as WireLimits
from autograder.wire.whole import pack, unpack

__all__ = ["FileConversation", "Inputs", "KernelConversation", "interactive_shell"]


class KernelConversation(Conversation):
    """Asks the functions of `namespace`.

    What goes there and comes back is copied as it is on its way through the wall, so that a check meets the same values
    as when it grades, and a function that changes its arguments disturbs no other check.
    """

    in_notebook = True

    def __init__(self, namespace: dict[str, Any], limits: Limits) -> None:
        super().__init__()
        self._limits = limits
        self._left, self._total_left = limits.seconds, limits.total_seconds
        self._used = 0.0
        self._load_death: WorkerDied | None = None
        self._output = _Output(limits.output_kib << 10)
        self._inputs = Inputs()
        self._servant = Servant(namespace, self._inputs.place)

    def load(self) -> None:
        pass  # the notebook has run its cells

    def _source(self) -> Program:
        """Return what student code is quoted from."""
        return self._inputs.program()

    def begin_check(self) -> None:
        self._check = Check()
        self._left = self._limits.seconds
        self._output = _Output(self._limits.output_kib << 10)

    def end_check(self) -> tuple[list[Call], str, bool]:
        return self._check.calls, clean(self._output.getvalue()), self._output.cut

    def cpu_seconds(self) -> float:
        return self._used

    worker_cpu = charged_cpu = cpu_seconds

    def retire(self) -> None:
        self._servant.objects = {}

    @property
    def load_death(self) -> WorkerDied | None:
        return self._load_death

    def exports(self) -> Mapping[str, bool]:
        return self._servant.exports()

    def is_current(self, home: object) -> bool:
        return home is self._servant.objects

    def _home(self) -> object:
        return self._servant.objects

    def _answer(self, operation: list[Any]) -> tuple[Any, int]:
        name, *args = self._copy_in(operation)
        try:
            with self._counted():
                value = self._servant.operations[name](*args)
                frame = pack(value, Encoder(self._servant.to_handle, limits=WireLimits()))
        except TimeUp:
            raise WorkerTimeout(f"it took more than {self._limits.seconds:g} s") from None
        except KeyboardInterrupt:  # by whoever sits there
            raise
        except BaseException as error:
            described = self._servant.describe(error)
            raise read_error(self._source(), described) from None
        return unpack(frame, self._make_handle), len(frame)

    def _copy_in(self, operation: list[Any]) -> list[Any]:
        frame = pack(operation, Encoder(self._to_handle, by_value_rng=True))
        copied: list[Any] = unpack(frame, lambda handle, *_: self._servant.objects[handle], trusted=True)
        return copied

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        """Let the student's code run: limited, charged, and heard."""
        left = min(self._left, self._total_left)
        if left <= 0:
            raise TimeUp
        start = time.perf_counter()
        try:
            with _heard(self._output), time_limit(left):
                yield
        finally:
            used = time.perf_counter() - start
            self._left, self._total_left, self._used = self._left - used, self._total_left - used, self._used + used


class FileConversation(KernelConversation):
    """Asks the functions of a file, which is run in this process: where no worker can be had."""

    in_notebook = False

    def __init__(self, program: Program, limits: Limits) -> None:
        super().__init__({}, limits)
        self._program, self._loaded = program, False
        self._loader = Loader()
        self._servant = Servant({}, self._loader.place)

    def load(self) -> None:
        if self._loaded or not self._program.modules:
            return
        self._loaded = True
        try:
            with _heard(self._output), time_limit(self._limits.import_seconds), _no_check():
                problems = self._loader.load(self._servant, as_modules(self._program), [])
        except TimeUp:
            self._load_death = WorkerTimeout("its time for loading was used up", loading=True)
            return
        self.problems = tuple(read_problem(self._program, problem) for problem in problems)
        self.load_output = clean(self._output.getvalue())

    def exports(self) -> Mapping[str, bool]:
        self.load()
        return super().exports()

    def _source(self) -> Program:
        return self._program


@contextlib.contextmanager
def _no_check() -> Iterator[None]:
    """Let `check(...)` do nothing in a file that is being checked."""
    import autograder

    vars(autograder)["check"] = lambda *args, **kwargs: None
    try:
        yield
    finally:
        del vars(autograder)["check"]


@contextlib.contextmanager
def _heard(output: io.StringIO) -> Iterator[None]:
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        yield


class _Output(io.StringIO):
    """What was printed, up to a limit in characters."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._room, self.cut = limit, False

    def write(self, text: str) -> int:
        kept = text[: self._room]
        self.cut |= len(kept) < len(text)
        self._room -= len(kept)
        super().write(kept)
        return len(text)


class Inputs:
    """The inputs of a notebook, or the file of a script: where student code comes from, and how it is quoted."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}  # what a student calls it -> the file name that Python knows it by

    def place(self, filename: str) -> tuple[str, int | None] | None:
        """See `autograder.student.servant.Place`."""
        shell = interactive_shell()
        found = None if shell is None else shell.compile.format_code_name(filename)
        main = getattr(sys.modules["__main__"], "__file__", None)
        name = found[1] if found is not None else Path(filename).name if filename == main else None
        if name is None:
            return None
        self._seen[name] = filename
        return name, None

    def program(self) -> Program:
        """Return what `place` has been asked about, as a program to quote from."""
        modules = [
            Module(name, name, (Cell(None, "".join(linecache.getlines(filename))),))
            for name, filename in self._seen.items()
        ]
        return Program(tuple(modules))


def interactive_shell() -> Any:
    """Return IPython's shell, None where this is no notebook."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None
