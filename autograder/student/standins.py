"""What stands in where student code is graded: for plots, magics, `check` and forbidden imports."""

from __future__ import annotations

import builtins
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["Finder", "Ipython", "hide_autograder", "install_finder"]

_INERT_PACKAGES = frozenset({"matplotlib", "seaborn", "plotly", "ipywidgets", "tqdm", "IPython", "google"})  # colab's
_UNPACKED = {"plot": 1, "hist": 3, "hist2d": 4}  # into so many names; two is more usual: fig, ax
# What these are given is the student's own code, run in the student's own namespace (`timeit` runs it in another).
_CELL_MAGICS = frozenset({"time", "capture", "prun"})


class Inert:
    """Answers everything with itself: a plot that is never drawn cannot break a function that is graded."""

    __array_ufunc__ = None  # so that NumPy leaves `array * inert` to it

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Takes whatever a class made from one gives its parent."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in _UNPACKED:
            return _InertRow(_UNPACKED[name])
        return _subplots if name == "subplots" else self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self

    def __getitem__(self, key: Any) -> Any:
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:  # and no len(): NumPy would take it for a sequence of sequences of ...
        return iter((self, self))

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: Any) -> None:
        pass

    def __mro_entries__(self, bases: Any) -> tuple[type, ...]:
        return (Inert,)

    def __format__(self, spec: str) -> str:
        return ""

    def __float__(self) -> float:
        return 1.0

    def __index__(self) -> int:
        return 1

    def _combine(self, *others: Any) -> Any:
        return self

    __add__ = __sub__ = __mul__ = __truediv__ = __floordiv__ = __mod__ = __pow__ = __neg__ = __abs__ = _combine
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rfloordiv__ = __rmod__ = __rpow__ = _combine

    def __lt__(self, other: Any) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__


class _InertRow(Inert):
    """What is unpacked into so many names."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __iter__(self) -> Iterator[Any]:
        return iter((Inert(),) * self._count)


def _subplots(nrows: int = 1, ncols: int = 1, *args: Any, **kwargs: Any) -> Any:
    import numpy as np

    inert = Inert()
    axes = np.full((nrows, ncols), inert, dtype=object)
    if kwargs.get("squeeze", True):
        return inert, axes.squeeze() if axes.size > 1 else inert
    return inert, axes


class InertModule(types.ModuleType, Inert):
    """A package of plots and widgets. `tqdm(iterable)` and its like give the iterable back."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []  # a package, so that `import a.b` asks the finder for b
        self.__all__: list[str] = []
        self.__version__ = "0.0.0"

    def __getattr__(self, name: str) -> Any:
        if name == "get_ipython":
            return vars(builtins)[name]
        if name in ("trange", "tnrange"):
            return lambda *bounds, **kwargs: Bar(range(*bounds))
        return Bar if name in ("tqdm", "tqdm_notebook") else Inert.__getattr__(self, name)


class Bar(Inert):
    """A progress bar: gives what it is wrapped around, and does nothing else."""

    n, total, desc = 0, None, ""

    def __init__(self, iterable: Any = (), *args: Any, **kwargs: Any) -> None:
        self._iterable = iterable

    def __iter__(self) -> Iterator[Any]:
        return iter(self._iterable)

    def __len__(self) -> int:
        return len(self._iterable)

    @staticmethod
    def write(*args: Any, **kwargs: Any) -> None:
        pass


class ForbiddenModule(types.ModuleType):
    """What an import that the assignment forbids gives: importing it harms nothing, using it raises ImportError."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []  # a package, so that `import a.b` asks the finder for b
        self.__all__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Forbidden(f"{self.__name__}.{name}")


class _Forbidden:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Forbidden(f"{self._name}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise ImportError(f"{self._name} is not allowed in this assignment")

    __mro_entries__ = __call__  # a class made from it


class Finder:
    """Serves the student's other modules from memory, and the stand-ins.

    A finder and a loader without the base classes of importlib.abc, which import shutil and with it zlib, bz2 and lzma.
    """

    def __init__(self, sources: Mapping[str, tuple[str, str]], forbidden: Sequence[str]) -> None:
        self._sources = sources  # name -> (filename, source)
        self._forbidden = frozenset(forbidden)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if fullname in self._sources or self._stand_in(fullname) is not None:
            return importlib.util.spec_from_loader(fullname, self)  # type: ignore[arg-type]  # lacks load_module, as it may
        return None

    def _stand_in(self, fullname: str) -> types.ModuleType | None:
        parents = [fullname[:i] for i, letter in enumerate(fullname) if letter == "."] + [fullname]
        if any(parent in self._forbidden for parent in parents):
            return ForbiddenModule(fullname)
        return InertModule(fullname) if parents[0] in _INERT_PACKAGES else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:
        return self._stand_in(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        if module.__name__ in self._sources:
            filename, source = self._sources[module.__name__]
            exec(compile(source, filename, "exec"), module.__dict__)


def hide_autograder() -> None:
    """Leave of this package only what a notebook uses, `check`, and let that do nothing. For the zygote, once."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "autograder"]:
        del sys.modules[name]
    stand_in = types.ModuleType("autograder")
    stand_in.__dict__.update(check=lambda *args, **kwargs: None)
    sys.modules["autograder"] = stand_in
    sys.modules["__main__"] = types.ModuleType("__main__")  # the script's own has the course's path


def install_finder(finder: Finder, forbidden: Sequence[str]) -> None:
    """Put `finder` first, and take out of `sys.modules` what it is to refuse."""
    if any(name in sys.modules for name in forbidden):  # to walk them all would copy a page for every name
        for name in list(sys.modules):
            if name.partition(".")[0] in forbidden or name in forbidden:
                del sys.modules[name]
    sys.meta_path.insert(0, finder)


class Ipython:
    """`get_ipython()` of a notebook: shell lines and magics do nothing, but code under a timing magic still runs."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace

    def run_line_magic(self, name: str, line: str, *args: Any, **kwargs: Any) -> Any:
        return self._run(line) if name == "time" else None

    def run_cell_magic(self, name: str, line: str, cell: str, *args: Any, **kwargs: Any) -> Any:
        return self._run(cell) if name in _CELL_MAGICS else None

    def _run(self, source: str) -> None:
        exec(compile(source, "<magic>", "exec"), self._namespace)

    def getoutput(self, *args: Any, **kwargs: Any) -> list[str]:
        return []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: None

    def install(self) -> None:
        vars(builtins)["get_ipython"] = lambda: self
        vars(builtins)["display"] = lambda *args, **kwargs: None
