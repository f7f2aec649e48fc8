"""A notebook's cells become plain source, line for line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from autograder.errors import UsageError
from autograder.intake.fault import Fault
from autograder.intake.source import check_syntax
from autograder.intake.submission import File

__all__ = ["MAGIC_WORK", "NotebookCell", "code_cells", "magic_work", "plain_source"]

LIVE = "active-ipynb"
# Their bodies are Python and run in the notebook's own namespace: what is defined there counts.
PYTHON_MAGIC = re.compile(r"\s*%%(time|capture|prun)\b")
MAGIC = re.compile(r"^\s*[%!?,;/]|=\s*[%!]|\?\s*$")  # in a line; IPython calls what stands behind , ; and /
# IPython tokenizes the whole cell anew for each magic, and searches a line with `?` in quadratic time.
MAGIC_WORK = 500_000  # characters tokenized, about half a second
MAGIC_LINE = 2_000


@dataclass(frozen=True, slots=True)
class NotebookCell:
    """A code cell: its number among the code cells from 1, its text (None if damaged), and what nbgrader knows of it.

    `counts` is False for what the release put there to look at or to grade by, which does not run here.
    """

    number: int
    text: str | None
    grade_id: str | None = None
    counts: bool = True


def code_cells(file: File) -> list[NotebookCell]:
    """Return the code cells of a notebook.

    Raises
    ------
    Fault
        If it is not JSON in UTF-8, not a notebook, or not of format 4.
    """
    try:
        data = json.loads(file.data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Fault("intake.encoding", file=file.name, encoding="UTF-8") from None
    except (RecursionError, MemoryError):
        raise Fault("intake.deep", file=file.name) from None
    except ValueError as error:
        text = (
            f"line {error.lineno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else "a number is too long"
        )
        raise Fault("intake.not_json", file=file.name, text=text) from None
    if not isinstance(data, dict) or not isinstance(data.get("nbformat"), int):
        raise Fault("intake.not_notebook", file=file.name)
    if data["nbformat"] != 4:
        raise Fault("intake.nbformat", file=file.name, found=str(data["nbformat"])[:20])
    if not isinstance(data.get("cells"), list):
        raise Fault("intake.not_notebook", file=file.name)
    found = [cell for cell in data["cells"] if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    return [_cell(number, cell) for number, cell in enumerate(found, 1)]


def _cell(number: int, cell: dict[str, Any]) -> NotebookCell:
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader, tags = metadata.get("nbgrader"), metadata.get("tags")
    nbgrader = nbgrader if isinstance(nbgrader, dict) else {}
    grade_id = nbgrader.get("grade_id")
    test = nbgrader.get("grade") is True and nbgrader.get("solution") is not True
    live = isinstance(tags, list) and LIVE in tags
    return NotebookCell(number, _text(cell), grade_id if isinstance(grade_id, str) else None, not (test or live))


def _text(cell: dict[str, Any]) -> str | None:
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    try:
        source.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can hold and UTF-8 cannot
        return None
    return source.replace("\r\n", "\n").replace("\r", "\n")


def magic_work(text: str) -> int:
    """Return about how many characters IPython tokenizes to translate a cell; too many where a line is too long."""
    found = [line for line in text.split("\n") if MAGIC.search(line)]
    if any(len(line) > MAGIC_LINE for line in found):
        return MAGIC_WORK + 1
    return len(found) * len(text)


def plain_source(text: str) -> str:
    """Return a cell as Python source in which every line has kept its number.

    Magics, shell lines and ``help?`` become calls of `get_ipython()`, as IPython has it. Where that fails, the text
    comes back as it is, and its syntax error is the student's.
    """
    lines = text.split("\n")
    first = 0
    while first < len(lines) and (not lines[first].strip() or PYTHON_MAGIC.match(lines[first])):
        first += 1
    body = "\n".join(lines[first:])
    if check_syntax(body) is not None:
        body = _translate(body)
    return "\n" * first + body


def _translate(body: str) -> str:
    translate = _translator()
    try:
        return translate(body)
    except Exception:  # whatever a foreign parser makes of hostile text: Python's own words on it are the better ones
        return body


@cache
def _translator() -> Callable[[str], str]:
    # Slow to import, and a class of plain modules needs none of it.
    try:
        from IPython.core.inputtransformer2 import TransformerManager
    except ImportError:
        raise UsageError("notebooks with magics need IPython to be read; pip install 'ml-autograder[grade]'") from None

    untyped: Any = TransformerManager

    class LineKeeping(untyped):  # type: ignore[misc]
        """IPython joins the lines of a magic that goes on over several; here blank ones take their place."""

        def do_one_token_transform(self, lines: list[str]) -> tuple[bool, list[str]]:
            changed, after = super().do_one_token_transform(lines)
            lost = len(lines) - len(after)
            if changed and lost > 0:
                at = next((i for i, (a, b) in enumerate(zip(lines, after, strict=False)) if a != b), len(after) - 1)
                after = [*after[: at + 1], *["\n"] * lost, *after[at + 1 :]]
            return changed, after

    def translate(body: str) -> str:
        # A manager keeps state, and hooks of one cell must not reach the next.
        return str(LineKeeping().transform_cell(body))

    return translate
