"""`%%check irls loss`: the cell, and then its check."""

from __future__ import annotations

import shlex
import sys
from typing import Any

from autograder.notebook.check import check
from autograder.notebook.kernel import interactive_shell
from autograder.text import Lang

__all__ = ["register"]

USAGE = "usage: %%check ASSIGNMENT [PART] [en|zh]"


def register(shell: Any) -> None:
    """Make `%%check` known to an IPython shell."""
    if "check" not in shell.magics_manager.magics["cell"]:
        shell.register_magic_function(_run, "cell", "check")


def _run(line: str, cell: str) -> None:
    words = shlex.split(line)
    said: list[Lang] = [word for word in words if word in ("en", "zh")]  # type: ignore[misc]
    names = [word for word in words if word not in ("en", "zh")]
    if not 1 <= len(names) <= 2 or len(said) > 1:
        print(USAGE, file=sys.stderr)
        return
    if interactive_shell().run_cell(cell).success:
        check(*names, lang=said[0] if said else None)
