"""Whatever is being judged (a submission, the reference, a variant) as the checks see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.intake.submission import Program
from autograder.student import Conversation, Student
from autograder.text import Message

__all__ = ["Subject"]


@dataclass(slots=True)
class Subject:
    """A program and the way to talk to what runs it."""

    program: Program
    connection: Conversation
    seed: int
    unlimited: bool = False  # ours
    forbidden: Mapping[str, Message] = field(default_factory=dict)  # by part: what costs it, and why
    seen_hidden: bool = False  # whether the present worker has been shown anything of a hidden check
    on_device: Subject | None = None  # the same program in a worker of the gpu tier, once a check has asked for it

    def proxy(self, hidden: bool) -> Student:
        """Return the `student` of a check. A visible check never gets a worker that a hidden one has talked to: it
        could print there what it was given before."""
        if self.seen_hidden and not hidden:
            self.connection.retire()
            self.seen_hidden = False
        self.seen_hidden |= hidden
        return Student(self.connection)

    def close(self) -> None:
        self.connection.close()
        if self.on_device is not None:
            self.on_device.close()
