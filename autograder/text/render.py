"""Messages become text: the first line, then its further lines, indented and aligned."""

from __future__ import annotations

import functools
import gettext
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from autograder.text.message import Lang, Message
from autograder.text.templates import TEMPLATES

__all__ = ["display_width", "render"]

INDENT, GAP = "  ", "  "
# No line may begin with these.
CLOSING = frozenset("，。、；：？！）》】」』”’,.;:?!)]}")


def render(message: Message, lang: Lang, width: int | None = None) -> str:
    """Return `message` as text without a trailing newline.

    Parameters
    ----------
    message : Message
        An unknown key (a result stored by a newer version) is shown as the key and its values.
    lang : {"en", "zh"}
    width : int, optional
        Terminal columns to wrap at; a Chinese character takes two. Rows of tables are never wrapped.
    """
    first = "".join(_cells(message, lang))
    lines = _fold(first, "", width)
    lines += _render_lines(message.lines, lang, width, INDENT)
    return "\n".join(lines)


def display_width(text: str) -> int:
    """Return how many terminal columns `text` takes."""
    return len(text) if text.isascii() else sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if char.isascii():
        return 1
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


@functools.cache
def _catalogue(lang: Lang) -> gettext.NullTranslations:
    # English is the source text. A missing catalogue is a broken installation: let that be seen.
    folder = Path(__file__).with_name("locale")
    return gettext.NullTranslations() if lang == "en" else gettext.translation("autograder", folder, [lang])


def _cells(message: Message, lang: Lang) -> list[str]:
    """Return the cells of a line: the template is divided before values are put in, which may hold tabs."""
    english = TEMPLATES.get(message.key)
    if english is not None:
        template = _catalogue(lang).pgettext(message.key, english)
        try:
            return [cell.format_map(message.values) for cell in template.split("\t")]
        except (KeyError, IndexError, ValueError):
            pass  # the values are those of another version's template: show them as they are
    values = ", ".join(f"{name}={value}" for name, value in message.values.items())
    return [f"{message.key}: {values}" if values else message.key]


def _render_lines(messages: tuple[Message, ...], lang: Lang, width: int | None, indent: str) -> list[str]:
    rows = [_cells(message, lang) for message in messages]
    label_width = _widest(row[0] for row in rows if len(row) > 1)
    tables = [row for row in rows if len(row) > 2]
    widths = [label_width] + [
        _widest(row[i] for row in tables if len(row) > i) for i in range(1, max(map(len, tables), default=0))
    ]
    lines: list[str] = []
    for message, row in zip(messages, rows, strict=True):
        if len(row) > 2:
            cells = [_pad(cell, widths[i]) for i, cell in enumerate(row)]
            lines.append(indent + GAP.join(cells).rstrip())
        elif len(row) == 2:
            label = indent + _pad(row[0], label_width) + GAP
            lines += _fold(row[1], label, width)
        else:
            lines += _fold(row[0], indent, width)
        lines += _render_lines(message.lines, lang, width, indent + INDENT)
    return lines


def _widest(cells: Iterable[str]) -> int:
    return max((display_width(cell) for cell in cells), default=0)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def _fold(text: str, prefix: str, width: int | None) -> list[str]:
    """Return `text` behind `prefix`, further lines indented as far, wrapped where a `width` is given."""
    margin = " " * display_width(prefix)
    room = None if width is None else max(width - len(margin), 20)
    lines = [line for paragraph in text.splitlines() or [""] for line in _wrap(paragraph, room)]
    return [(prefix if i == 0 else margin) + line for i, line in enumerate(lines)]


def _wrap(text: str, room: int | None) -> list[str]:
    """Break a line at spaces and around Chinese characters; a longer word is broken where it must be."""
    lines: list[str] = []
    while room is not None and display_width(text) > room:
        used = end = last = 0
        while used + _columns(text[end]) <= room:
            used += _columns(text[end])
            end += 1
            if _may_break(text, end):
                last = end
        lines.append(text[: last or end].rstrip())
        text = text[last or end :].lstrip()
    return [*lines, text]


def _may_break(text: str, i: int) -> bool:
    if i >= len(text) or text[i] in CLOSING:
        return False
    return text[i] == " " or _columns(text[i]) == 2 or _columns(text[i - 1]) == 2
