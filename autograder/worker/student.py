"""`student.f(X, y)`: the student's module as a judge's test sees it, although it runs behind the wall."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.worker.complaint import MissingName
from autograder.worker.connection import Connection, Handle

__all__ = ["Function", "Student"]

# CPU that staging an argument may take before it is charged to the call: decoding, page faults.
_STAGING_FREE, _STAGING_PER_BYTE = 2e-3, 2e-9


class Function:
    """A callable of the student's module."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self.__name__ = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._connection.call(self.__name__, self.__name__, args, kwargs)

    def timed(self, *args: Any) -> tuple[Any, float]:
        """Call with arguments that are already on the other side; return the value and the CPU seconds it took.

        Staging beyond what decoding can need is charged to the call, and so is what the process does in between.
        """
        start = self._connection.charged_cpu()
        staged = [self._connection.stage(value) for value in args]
        begun = self._connection.worker_cpu()
        size = sum(value.nbytes for value in args if isinstance(value, np.ndarray))
        excess = max(0.0, begun - start - _STAGING_FREE - _STAGING_PER_BYTE * size)
        value = self._connection.call(self.__name__, self.__name__, tuple(staged), {})
        used = self._connection.worker_cpu() - begun + excess
        for handle in staged:
            handle.drop()
        return value, used

    def __repr__(self) -> str:
        return f"<the student's {self.__name__}>"


class Student:
    """The student's module. Every public name of it is an attribute; `stage` alone is ours."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        exports = self._connection.exports()
        if name not in exports and self._connection.load_death is not None:
            raise self._connection.load_death
        if name not in exports:
            raise MissingName(name)
        if exports[name]:
            return Function(self._connection, name)
        return self._connection.ask(["get", name, None], name, None)

    def stage(self, value: Any) -> Handle:
        """Put `value` on the student's side and return a handle to it (see `Handle.fetch`)."""
        return self._connection.stage(value)
