"""What a hostile submission is, to the grid."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["HELD", "PRELUDE", "Item", "deadly", "item", "refused"]

# How an attack may end: with no breach to report, with an exception of the student's, or with the worker.
HELD, RAISED, CRASHED, TIMEOUT, VIOLATION = "held", "raised", "crashed", "timeout", "violation"

# In front of every item. `tries` reports what should have failed and did not.
PRELUDE = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)

def raw(number, *args):
    values = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    return libc.syscall(ctypes.c_long(number), *values)

def tries(**attempts):
    breaches = []
    for name, attempt in attempts.items():
        try:
            result = attempt()
        except (Exception, SystemExit):
            continue
        if result not in (-1, None, False, [], b"", ""):
            breaches.append(f"{name}: {result!r}"[:300])
    return breaches
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One attack: a module whose `attack(world)` returns a list of what it got and should not have.

    `endings` are allowed on every tier, `on` on one of them instead. `seconds` is the CPU time of the call. `judge`
    looks at the value on the judge's side, and returns breaches.
    """

    name: str
    source: str
    endings: frozenset[str]
    on: Mapping[str, frozenset[str]] = field(default_factory=dict)
    seconds: float = 5.0
    judge: Callable[[Any], list[str]] | None = None

    def allowed(self, tier: str) -> frozenset[str]:
        return self.on.get(tier, self.endings)


def item(
    name: str,
    body: str,
    ending: str = HELD,
    *,
    on: Mapping[str, str] | None = None,
    seconds: float = 5.0,
    judge: Callable[[Any], list[str]] | None = None,
) -> Item:
    """Return an item; a body without `def attack` is the body of it. Endings are joined by `|`."""
    body = textwrap.dedent(body).strip("\n")
    if "def attack" not in body:
        body = "def attack(world):\n" + textwrap.indent(body, "    ")
    endings = {tier: frozenset(text.split("|")) for tier, text in (on or {}).items()}
    return Item(name, f"{PRELUDE}\n{body}\n", frozenset(ending.split("|")), endings, seconds, judge)


def refused(name: str, *expressions: str) -> Item:
    """Return an item of expressions each of which must raise, or give -1."""
    attempts = ",\n".join(f"a{i}=lambda: {text}" for i, text in enumerate(expressions))
    return item(name, f"return tries(\n{attempts}\n)")


def deadly(name: str, expression: str) -> Item:
    """Return an item of one act that ends the worker."""
    return item(name, f"return [repr({expression})]", VIOLATION)
