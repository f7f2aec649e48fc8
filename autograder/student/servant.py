"""The student's side of a conversation: does what is asked with the names and objects of one module."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import Any

__all__ = ["MAX_FRAMES", "Held", "Place", "Servant"]

MAX_FRAMES = 20
MAX_TEXT = 4000

# The student's own file, and its cell if it has cells, that a code object's file name stands for; None for any other.
Place = Callable[[str], tuple[str, int | None] | None]


class Held:
    """Marks a value that is to stay here although it could cross."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


class Servant:
    """Answers requests about a module: calls, attributes, and objects that stay here.

    Parameters
    ----------
    namespace : dict
        The module's own names, which may change between two requests.
    place : callable
        See `Place`.
    """

    def __init__(self, namespace: dict[str, Any], place: Place) -> None:
        self.namespace = namespace
        self._place = place
        self.objects: dict[int, Any] = {}
        self._next_id = 0
        self.operations: dict[str, Callable[..., Any]] = {
            "call": self._call,
            "get": self._get,
            "stage": Held,
            "drop": self._drop,
        }

    def exports(self) -> dict[str, bool]:
        """Return the module's names, and of each whether it can be called."""
        return {key: callable(item) for key, item in list(self.namespace.items()) if type(key) is str}

    def to_handle(self, value: Any) -> tuple[int, str, bool]:
        """Keep an object here; return its id, the name of its type, and whether it can be called."""
        value = value.value if type(value) is Held else value
        self._next_id += 1
        self.objects[self._next_id] = value
        return self._next_id, type(value).__name__, callable(value)

    def target(self, target: Any) -> Any:
        return self.namespace[target] if type(target) is str else target

    def _call(self, target: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        return self.target(target)(*args, **kwargs)

    def _get(self, target: Any, name: str | None) -> Any:
        return self.target(target) if name is None else getattr(self.target(target), name)

    def _drop(self, ids: list[int]) -> None:
        for handle in ids:
            self.objects.pop(handle, None)

    def describe(self, error: BaseException) -> list[Any]:
        """Return type name, names of its builtin bases, message and the frames in the student's own files."""
        kind = type(error)
        try:
            text = str(error)[:MAX_TEXT]
        except BaseException:
            text = ""
        frames: list[list[Any]] = []
        trace = error.__traceback__
        while trace is not None:
            frame: FrameType = trace.tb_frame
            place = self._place(frame.f_code.co_filename)
            if place is not None:
                frames.append([*place, trace.tb_lineno, frame.f_code.co_name])
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and error.lineno is not None:
            place = self._place(error.filename) if type(error.filename) is str else None
            frames += [] if place is None else [[*place, error.lineno, ""]]
        bases = [
            base.__name__
            for base in kind.__mro__
            if base.__module__ in ("builtins", "numpy.exceptions", "numpy.linalg")
        ]
        return [kind.__name__, bases, text, frames[-MAX_FRAMES:]]
