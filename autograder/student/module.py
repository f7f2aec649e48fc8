"""`student.f(X, y)`: the student's module as a check sees it, wherever it runs."""

from __future__ import annotations

from typing import Any, NamedTuple

from autograder.student.conversation import Conversation, Handle

__all__ = ["Function", "Student", "Timing"]


class Timing(NamedTuple):
    """A value, the CPU seconds that the call took, and those that went into taking its arguments in."""

    value: Any
    seconds: float
    staging: float


class Function:
    """A callable of the student's module."""

    def __init__(self, conversation: Conversation, name: str) -> None:
        self._conversation = conversation
        self.__name__ = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._conversation.call(self.__name__, self.__name__, args, kwargs)

    def timed(self, *args: Any) -> Timing:
        """Call with arguments that are already on the other side, by the worker's CPU clock.

        What the process does before the call, between two calls too, and when it lets go of the arguments, counts as
        staging: whoever takes the time can see whether it is more than a twin needs.
        """
        start = self._conversation.charged_cpu()
        staged = [self._conversation.stage(value) for value in args]
        begun = self._conversation.worker_cpu()
        value = self._conversation.call(self.__name__, self.__name__, tuple(staged), {})
        ended = self._conversation.worker_cpu()
        for handle in staged:
            handle.drop()
        dropped = self._conversation.worker_cpu()
        return Timing(value, ended - begun, begun - start + dropped - ended)

    def __repr__(self) -> str:
        return f"<the student's {self.__name__}>"


class Student:
    """The student's module. Every public name of it is an attribute; `stage` alone is ours."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        exports = self._conversation.exports()
        if name not in exports and self._conversation.load_death is not None:
            raise self._conversation.load_death
        if name not in exports:
            raise self._conversation.missing(name)
        if exports[name]:
            return Function(self._conversation, name)
        return self._conversation.ask(["get", name, None], name, None)

    def stage(self, value: Any) -> Handle:
        """Put `value` on the student's side and return a handle to it (see `Handle.fetch`)."""
        return self._conversation.stage(value)
