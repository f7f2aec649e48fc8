"""A fault of a file, as something that can be raised; whoever catches it knows whether it stops the batch."""

from __future__ import annotations

from autograder.text import Message

__all__ = ["Fault"]


class Fault(Exception):
    """A file that cannot be used, and why: a problem of one student's, or a usage error if it was named by hand."""

    def __init__(self, key: str, **values: str | int) -> None:
        super().__init__(key)
        self.message = Message(key, values)
