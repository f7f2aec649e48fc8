"""Numbers and status words for people."""

from __future__ import annotations

from autograder.records import Status
from autograder.text import Lang, Message, render

__all__ = ["COLOURS", "MARKS", "number", "say", "status_word"]

# The word always stands beside the mark: colour and shape are never the only carriers.
MARKS = {
    Status.PASSED: "✓",
    Status.SKIPPED: "-",
    Status.BLOCKED: "-",
    Status.FAILED: "✗",
    Status.TIMEOUT: "✗",
    Status.CRASHED: "✗",
    Status.VIOLATION: "!",
    Status.ERROR: "!",
}
COLOURS = {
    Status.PASSED: "green",
    Status.SKIPPED: "dim",
    Status.BLOCKED: "yellow",
    Status.FAILED: "red",
    Status.TIMEOUT: "red",
    Status.CRASHED: "red",
    Status.VIOLATION: "magenta",
    Status.ERROR: "bold magenta",
}


def say(lang: Lang, phrase: str, /, **values: str | int | float | bool | None) -> str:
    """Return the report's own `phrase` in `lang`."""
    return render(Message(f"report.{phrase}", values), lang)


def status_word(status: Status, lang: Lang) -> str:
    return say(lang, f"status.{status.value}")


def number(points: float) -> str:
    """Return points without needless zeros: 5, 7.5, 3.33."""
    return f"{round(points, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
