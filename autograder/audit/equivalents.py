"""Mutants that no check can catch, because they compute the same: listed by the author, each with the reason.

    [[equivalent]]
    before = "kept = sigma > rcond * sigma[0]"
    after = "kept = sigma >= rcond * sigma[0]"
    reason = "No singular value is the cutoff to the last bit."

`before` and `after` are the mutated line's text (spaces and comments do not count), or a list of lines where several
change. `cell` may name the cell's grade_id where the same line stands in two.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.audit.mutate import Mutant
from autograder.errors import UsageError

__all__ = ["Equivalent", "load_equivalents", "reason_for", "refuse_stale"]

KEYS = {"before", "after", "reason", "cell"}
COMMENT = re.compile(r"(^|\s)#.*$")


@dataclass(frozen=True, slots=True)
class Equivalent:
    """What an author says of one mutant."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    reason: str
    cell: str | None = None

    def speaks_of(self, mutant: Mutant) -> bool:
        same = _bare(self.before) == _bare(mutant.before) and _bare(self.after) == _bare(mutant.after)
        return same and self.cell in (None, mutant.cell)


def load_equivalents(path: Path) -> tuple[Equivalent, ...]:
    """Return the entries of an `equivalents.toml`; () if there is no file.

    Raises
    ------
    UsageError
        If the file is no TOML, or an entry lacks a text or has a key that is not known.
    """
    if not path.is_file():
        return ()
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: is not valid TOML: {error}; correct that line") from None
    entries = data.pop("equivalent", None)
    if data or not isinstance(entries, list):
        raise UsageError(f"{path}: holds tables [[equivalent]] and nothing else")
    return tuple(_entry(path, i, entry) for i, entry in enumerate(entries, start=1))


def _entry(path: Path, number: int, entry: Any) -> Equivalent:
    where = f"{path}: [[equivalent]] number {number}"
    if unknown := sorted(set(entry) - KEYS):
        raise UsageError(f"{where}: unknown key {unknown[0]!r}; known: {', '.join(sorted(KEYS))}")
    for key in ("before", "after", "reason"):
        lines = _lines(entry.get(key))
        if not lines or not all(isinstance(line, str) and line.strip() for line in lines):
            raise UsageError(f"{where}: needs {key}, a text; it has {entry.get(key)!r}")
    return Equivalent(_lines(entry["before"]), _lines(entry["after"]), entry["reason"], entry.get("cell"))


def _lines(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else () if value is None else (value,)


def reason_for(mutant: Mutant, listed: Sequence[Equivalent]) -> str | None:
    """Return why the mutant is equivalent, or None if nobody says that it is."""
    return next((entry.reason for entry in listed if entry.speaks_of(mutant)), None)


def refuse_stale(path: Path, listed: Sequence[Equivalent], mutants: Sequence[Mutant]) -> None:
    """Refuse entries that speak of no mutant: the reference has changed since they were written.

    Raises
    ------
    UsageError
    """
    for entry in listed:
        if not any(entry.speaks_of(mutant) for mutant in mutants):
            told = f"{' / '.join(entry.before)!r} into {' / '.join(entry.after)!r}"
            raise UsageError(f"{path}: no mutant turns {told}; take the entry out, or correct it")


def _bare(lines: Sequence[str]) -> list[str]:
    return ["".join(COMMENT.sub("", line).split()) for line in lines]
