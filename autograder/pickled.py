"""How data that goes from process to process is pickled: by its values, in half the time that dataclasses take.

A class takes part with the line ``__reduce__ = by_values``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any, cast

__all__ = ["by_values"]


def by_values(self: Any) -> tuple[type, tuple[Any, ...]]:
    """Return the class of a dataclass instance and its arguments. All fields must be arguments, two or more."""
    kind = type(self)
    return kind, _values(cast(Hashable, kind))(self)


@cache
def _values(kind: Hashable) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*(field.name for field in fields(cast(Any, kind))))
