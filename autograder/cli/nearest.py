"""A likely alternative to a name that is not there."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from autograder.errors import UsageError

__all__ = ["pick"]

SHOWN = 8


def pick(name: str, known: Sequence[str], what: str) -> str:
    """Return `name`.

    Raises
    ------
    UsageError
        If it is not among `known`; the nearest one is named.
    """
    if name in known:
        return name
    near = get_close_matches(name, known, n=1)
    if near:
        raise UsageError(f"no {what} {name!r}; did you mean {near[0]!r}?")
    some = ", ".join(known[:SHOWN]) + (", ..." if len(known) > SHOWN else "")
    raise UsageError(f"no {what} {name!r}; there " + (f"are: {some}" if some else "is none"))
