"""Messages as data: an identifier and values, rendered in a language only when they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from autograder.pickled import by_values

__all__ = ["Bilingual", "Lang", "Message"]

Lang = Literal["en", "zh"]
Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Bilingual:
    """Prose written once per language (titles, rationales, hints, explanations)."""

    en: str
    zh: str

    __reduce__ = by_values

    def get(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def to_json(self) -> dict[str, str]:
        return {"en": self.en, "zh": self.zh}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> Bilingual:
        return cls(en=data["en"], zh=data["zh"])


@dataclass(frozen=True, slots=True)
class Message:
    """What happened, without the words for it.

    Parameters
    ----------
    key : str
        Identifier of a template in `autograder.text.templates`, such as ``"arrays.differ"``.
    values : mapping of str to str, int, float, bool or None
        What the template's ``{placeholders}`` stand for. Measured numbers are formatted to text by whoever measured
        them, so that both languages show the same digits.
    lines : tuple of Message
        Further lines, shown indented below the first.
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    lines: tuple[Message, ...] = ()

    __reduce__ = by_values

    def to_json(self) -> dict[str, Any]:
        return {"key": self.key, "values": dict(self.values), "lines": [line.to_json() for line in self.lines]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Message:
        return cls(data["key"], dict(data["values"]), tuple(cls.from_json(line) for line in data["lines"]))
