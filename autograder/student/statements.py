"""A source's top-level statements, by their lines: to run some and not others, every line in its place."""

from __future__ import annotations

import ast
from collections.abc import Iterable

__all__ = ["only", "spans"]


def spans(source: str) -> list[range]:
    """Return the line numbers of each statement, in order; statements that share a line are one."""
    found: list[range] = []
    for node in ast.parse(source).body:
        first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        stop = (node.end_lineno or node.lineno) + 1
        if found and first < found[-1].stop:
            found[-1] = range(found[-1].start, stop)
        else:
            found.append(range(first, stop))
    return found


def only(source: str, kept: Iterable[range]) -> str:
    """Return the source with these lines alone, and what it asks of the future, which holds for all of them."""
    numbers = {number for span in kept for number in span}
    lines = enumerate(source.split("\n"), 1)
    return "\n".join(text if number in numbers or text.startswith("from __future__") else "" for number, text in lines)
