"""Text on a terminal: harmless, and wrapped so that Chinese reads as well as English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

__all__ = ["Prose", "between", "clean", "paragraph", "wrap"]

TAB = 4

# Cursor movements, colours, window titles: a whole escape sequence goes, so that no half of it is left to read.
ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]"  # CSI: colours, movements
    r"|\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC: titles, links
    r"|[PX^_][^\x1b]*(?:\x1b\\)?"  # device control and other strings
    r"|[ -/]*[0-~])?"
)
CSI_C1 = re.compile(r"\x9b[0-?]*[ -/]*[@-~]")

# Controls, zero-width and direction marks: each could hide or reorder what stands around it.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
SURROGATES = re.compile("[\ud800-\udfff]")

# A line may break before and after any Chinese character, except that closing punctuation stays with what it closes
# and opening punctuation with what it opens.
WIDE = "\u2e80-\u2fff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef"
OPENING = "\u3008\u300a\u300c\u300e\u3010\u3014\u3016\u201c\u2018\uff08\uff3b\uff5b([{"
CLOSING = (
    ",.;:!?)]}\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\u3017\u201d\u2019\u2026"
    "\uff01\uff09\uff0c\uff1a\uff1b\uff1f"
)
UNIT = re.compile(rf"\s+|[{re.escape(OPENING)}]*(?:[{WIDE}]|[^\s{WIDE}]+?(?=$|[\s{WIDE}]))?[{re.escape(CLOSING)}]*")


def clean(text: str) -> str:
    """Return `text` without anything that a terminal would act upon; lines end in ``\\n``, tabs become spaces."""
    text = INVISIBLE.sub("", CSI_C1.sub("", ESCAPES.sub("", re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text))))
    return SURROGATES.sub("\ufffd", text).expandtabs(TAB)


def wrap(text: str, width: int) -> list[str]:
    """Return the lines of `text`, none wider than `width` cells.

    A line that fits is left alone, so that the columns of a numeric message stay columns; the rest of one that does
    not fit is indented as its beginning was.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        line = line.rstrip()
        lines.extend([line] if cell_len(line) <= width else _fold(line, max(width, 8)))
    return lines


def _fold(line: str, width: int) -> list[str]:
    body = line.lstrip(" ")
    indent = " " * min(len(line) - len(body), width // 2)
    lines, current = [], indent
    for unit in UNIT.findall(body):
        if cell_len(current) + cell_len(unit.rstrip()) <= width:
            current += unit
            continue
        if current.strip():
            lines.append(current.rstrip())
        *full, current = [indent + piece for piece in _cut(unit.lstrip(), width - len(indent))] or [indent]
        lines.extend(full)
    return [*lines, current.rstrip()] if current.strip() else lines


def _cut(word: str, width: int) -> list[str]:
    """Cut what is wider than a line: a name or a path where it has a joint, a number with 400 digits anywhere."""
    pieces = []
    while cell_len(word) > width:
        piece = chop_cells(word, width)[0]
        joint = max(piece.rfind(char) for char in "_/.,:-") + 1
        pieces.append(piece[: joint or None])
        word = word[len(pieces[-1]) :]
    return [*pieces, word] if word else pieces


def paragraph(text: str, width: int, first: str = "", indent: int = 0, style: str = "") -> Iterator[Text]:
    """Yield the lines of `text`, the first one after `first`, the others indented by `indent` cells."""
    start, rest = cell_len(first), " " * indent
    lines = wrap(clean(text), width - max(start, indent))
    for number, line in enumerate(lines):
        yield Text((rest if number else first) + line, style=style, no_wrap=True, overflow="ignore")


def between(left: str, right: str, width: int, indent: int = 0, style: str = "") -> Iterator[Text]:
    """Yield `left`, wrapped, with `right` flush right on its first line."""
    right = clean(right).replace("\n", " ")
    for number, line in enumerate(wrap(clean(left), max(width - cell_len(right) - 2, 8))):
        shown = " " * indent + line.lstrip() if number else line
        gap = "" if number else " " * max(width - cell_len(shown) - cell_len(right), 1) + right
        yield Text(shown + gap, style=style, no_wrap=True, overflow="ignore")


@dataclass(frozen=True, slots=True)
class Prose:
    """Text for a table's cell: wrapped here, to the width that rich gives the column, because rich itself breaks
    lines at blanks alone."""

    text: str
    narrowest: int

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max(map(cell_len, self.text.split("\n")))
        return Measurement(min(widest, self.narrowest), widest)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        return paragraph(self.text, options.max_width)
