"""Numbers and status words for people."""

from __future__ import annotations

from autograder.records import Status
from autograder.text import Lang, Message, render

__all__ = ["COLOURS", "MARKS", "NOTHING", "NOT_WRITTEN", "RUNNING", "UNFINISHED", "number", "say", "status_word"]

# What a student sees beside the statuses: an empty function has not failed.
NOT_WRITTEN = "not_written"
UNFINISHED = "unfinished"  # some of it passed, the rest is not written
RUNNING = "running"
NOTHING = "nothing"  # hidden checks alone decide

# The word always stands beside the mark: colour and shape are never the only carriers.
MARKS: dict[str, str] = {
    Status.PASSED: "✓",
    Status.SKIPPED: "-",
    Status.BLOCKED: "-",
    Status.FAILED: "✗",
    Status.TIMEOUT: "✗",
    Status.CRASHED: "✗",
    Status.VIOLATION: "!",
    Status.ERROR: "!",
    NOT_WRITTEN: "○",
    UNFINISHED: "○",
    RUNNING: "…",
    NOTHING: "-",
}
COLOURS: dict[str, str] = {
    Status.PASSED: "green",
    Status.SKIPPED: "dim",
    Status.BLOCKED: "yellow",
    Status.FAILED: "red",
    Status.TIMEOUT: "red",
    Status.CRASHED: "red",
    Status.VIOLATION: "magenta",
    Status.ERROR: "bold magenta",
    NOT_WRITTEN: "dim",
    UNFINISHED: "dim",
    RUNNING: "dim",
    NOTHING: "dim",
}


def say(lang: Lang, phrase: str, /, **values: str | int | float | bool | None) -> str:
    """Return the report's own `phrase` in `lang`."""
    return render(Message(f"report.{phrase}", values), lang)


def status_word(status: str, lang: Lang) -> str:
    """Return the word for a `Status`, or for one of the states above."""
    return say(lang, f"status.{status}")


def number(points: float) -> str:
    """Return points without needless zeros: 5, 7.5, 3.33."""
    return f"{round(points, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
