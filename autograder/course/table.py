"""Reading a TOML table strictly: every key is asked for by name and type, and what nobody asked for is refused."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from autograder.errors import UsageError
from autograder.text import Bilingual

__all__ = ["Table", "nearest"]


def nearest(word: str, known: tuple[str, ...]) -> str:
    """Return `` (did you mean X?)`` for the known word most like `word`, or nothing where none is like it."""
    like = difflib.get_close_matches(word, known, n=1)
    return f" (did you mean {like[0]}?)" if like else ""


class Table:
    """One table of a manifest while it is being read.

    Parameters
    ----------
    data : mapping
        The table as `tomllib` gives it.
    file : Path
        Named in errors.
    prefix : str
        Where the table stands in the file, such as ``"parts[2].rules."``.
    keys : tuple of str
        All that may stand in it.

    Raises
    ------
    UsageError
        At once for an unknown key (naming the nearest known one), later for a missing key or a value of wrong type.
    """

    def __init__(self, data: Mapping[str, Any], file: Path, prefix: str, keys: tuple[str, ...]) -> None:
        self.file, self._data, self._prefix = file, data, prefix
        for key in data:
            if key not in keys:
                self.refuse(key, f"unknown key{nearest(key, keys)}; known here: {', '.join(keys)}")

    def refuse(self, key: str, fault: str) -> NoReturn:
        """Raise the one-line error about `key`; `fault` ends with the remedy."""
        raise UsageError(f"{self.file}: {self._prefix}{key}: {fault}")

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def _get(self, key: str, form: str) -> Any:
        if key not in self._data:
            self.refuse(key, f"missing; add {key} = {form}")
        return self._data[key]

    def text(self, key: str) -> str:
        """Return a string that is not blank."""
        value = self._get(key, '"..."')
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, f"is {_shown(value)}; write a text in quotes")
        return value

    def number(self, key: str, *, whole: bool = False) -> float:
        """Return a finite number above 0 (an int where `whole`)."""
        value = self._get(key, "<number>")
        kind = int if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kind) or not math.isfinite(value) or value <= 0:
            self.refuse(key, f"is {_shown(value)}; write a {'whole ' if whole else ''}number above 0")
        return value if whole else float(value)

    def texts(self, key: str, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return an array of different strings; `default` where the key is missing (None: it must be there)."""
        if default is not None and key not in self:
            return default
        value = self._get(key, '["..."]')
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.refuse(key, f'is {_shown(value)}; write an array of texts, such as ["..."]')
        for position, item in enumerate(value):
            if item in value[:position]:
                self.refuse(key, f"{item} stands there twice; remove one")
        return tuple(value)

    def table(self, key: str, keys: tuple[str, ...]) -> Table:
        """Return the table under `key`, empty where it is missing."""
        value = self._data.get(key, {})
        if not isinstance(value, dict):
            self.refuse(key, f"is {_shown(value)}; write a table, [{self._prefix}{key}]")
        return Table(value, self.file, f"{self._prefix}{key}.", keys)

    def tables(self, key: str, keys: tuple[str, ...]) -> tuple[Table, ...]:
        """Return the array of tables under `key`, which holds at least one."""
        value = self._data.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            self.refuse(key, f"write one or more tables, each under [[{self._prefix}{key}]]")
        return tuple(
            Table(item, self.file, f"{self._prefix}{key}[{position}].", keys) for position, item in enumerate(value, 1)
        )

    def bilingual(self, key: str) -> Bilingual:
        """Return prose that is there in both languages."""
        if not isinstance(self._get(key, '{ en = "...", zh = "..." }'), dict):
            self.refuse(key, 'write it in both languages, { en = "...", zh = "..." }')
        both = self.table(key, ("en", "zh"))
        return Bilingual(en=both.text("en"), zh=both.text("zh"))

    def version(self, known: int) -> None:
        """Refuse a file whose `format_version` is not the one that this program reads."""
        value = self._get("format_version", str(known))
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.refuse("format_version", f"is {_shown(value)}; write format_version = {known}")
        if value > known:
            self.refuse(
                "format_version",
                f"is {value}, and this autograder reads {known}; upgrade it: pip install --upgrade ml-autograder",
            )


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
