"""Numbers and tables in the messages of checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.text import Bilingual, Message

__all__ = ["MAX_ROWS", "apart", "counts", "entry_rows", "exact", "likely_line", "pair_texts", "percent", "shape_text"]

MAX_ROWS = 5
# Enough digits to tell any two numbers of the widest type apart: 17 for float64, 36 for a quadruple longdouble.
MAX_DIGITS = 36


def number_text(value: Any, digits: int, form: str = "#") -> str:
    """Return a real or complex number with `digits` significant digits; integers and booleans in full."""
    if isinstance(value, bool | np.bool | int | np.integer):
        return str(value)
    if isinstance(value, complex | np.complexfloating):
        sign = "-" if np.signbit(value.imag) else "+"
        return f"{number_text(value.real, digits)}{sign}{number_text(abs(value.imag), digits)}j"
    if isinstance(value, np.longdouble) and digits > 17:  # whose own __format__ goes through float64
        return np.format_float_scientific(value, precision=digits - 1, unique=False)
    return format(float(value), f"{form}.{digits}g")


def pair_texts(pairs: Sequence[tuple[Any, Any]], digits: int = 6, form: str = "#") -> list[tuple[str, str]]:
    """Return the texts of pairs of numbers, all with the fewest digits (at least `digits`) at which no two different
    numbers of a pair look alike. Zeros at the end are kept, for columns, unless `form` is empty."""
    while True:
        texts = [(number_text(a, digits, form), number_text(b, digits, form)) for a, b in pairs]
        alike = any(s == t and a != b for (a, b), (s, t) in zip(pairs, texts, strict=True))
        if not alike or digits >= MAX_DIGITS:
            return texts
        digits += 1


def apart(measured: Any, limit: Any) -> tuple[str, str]:
    """Return two numbers as short texts that differ if the numbers do."""
    return pair_texts([(measured, limit)], digits=3, form="")[0]


def exact(value: float) -> str:
    """Return the shortest text that gives back the number."""
    short = f"{value:g}"
    return short if float(short) == value else repr(float(value))


def counts(name: str, wrong: np.ndarray[Any, Any]) -> dict[str, str | int | float | bool | None]:
    """Return the values of a first line: how many entries of what are wrong."""
    count = int(np.count_nonzero(wrong))
    return {"name": name, "count": count, "total": wrong.size, "percent": percent(count, wrong.size)}


def percent(part: int, whole: int) -> str:
    """Return a share of entries, never rounded to none or all of them when it is neither."""
    share = 100 * part / whole
    if 0 < share < 0.05:
        return "<0.1%"
    if 99.95 <= share < 100:
        return ">99.9%"
    return f"{share:.1f}%"


def index_text(index: Sequence[int]) -> str:
    numbers = tuple(int(i) for i in index)
    return str(numbers[0]) if len(numbers) == 1 else str(numbers)


def shape_text(shape: Sequence[int]) -> str:
    return str(tuple(int(length) for length in shape))


def entry_rows(header: str, wrong: np.ndarray[Any, Any], actual: Any, desired: Any, diff: Any) -> tuple[Message, ...]:
    """Return a table of the first wrong entries: a header, up to five rows, and a count of the others.

    Parameters
    ----------
    header : str
        Key of the line above the rows, which has four cells: index, actual, desired and a third number.
    wrong : ndarray of bool
    actual, desired, diff : ndarray of the shape of `wrong`
    """
    places = np.argwhere(wrong)[:MAX_ROWS]
    keys = [tuple(place) for place in places]
    rows = []
    for key, (came, wanted) in zip(keys, pair_texts([(actual[key], desired[key]) for key in keys]), strict=True):
        values = {"index": index_text(key), "actual": came, "desired": wanted, "diff": f"{float(diff[key]):.1e}"}
        rows.append(Message("table.row", values))
    more = int(np.count_nonzero(wrong)) - len(rows)
    tail = [Message("table.more", {"count": more})] if more else []
    return (Message(header), *rows, *tail)


def likely_line(likely: Bilingual | None) -> tuple[Message, ...]:
    return () if likely is None else (Message("table.likely", {"en": likely.en, "zh": likely.zh}),)
