"""What a check must leave as it was in the kernel that it runs in."""

from __future__ import annotations

import os
import random
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

__all__ = ["kept_state"]

_LAST = ("last_type", "last_value", "last_traceback", "last_exc")  # pytest sets them; %debug reads them


@contextmanager
def kept_state(seed: int) -> Iterator[None]:
    """Seed the global random generators for the body, as a worker does, and put back what it changes.

    That is: the generators' states, warnings, working directory, environment, import paths, the last error.
    """
    before = _take()
    try:
        with warnings.catch_warnings(), np.errstate():
            random.seed(seed)
            np.random.seed(seed)
            if (torch := sys.modules.get("torch")) is not None:
                torch.default_generator.manual_seed(seed)
            sys.dont_write_bytecode = True  # no __pycache__ beside the notebook, to be handed in with it
            yield
    finally:
        _put_back(before)


def _take() -> dict[str, Any]:
    torch = sys.modules.get("torch")
    return {
        "random": random.getstate(),
        "numpy": np.random.get_state(),
        "torch": torch.default_generator.get_state() if torch is not None else None,
        "folder": os.getcwd(),
        "environment": dict(os.environ),
        "path": list(sys.path),
        "finders": list(sys.meta_path),
        "bytecode": sys.dont_write_bytecode,
        "last": {name: getattr(sys, name) for name in _LAST if hasattr(sys, name)},
    }


def _put_back(before: dict[str, Any]) -> None:
    random.setstate(before["random"])
    np.random.set_state(before["numpy"])
    if before["torch"] is not None:
        sys.modules["torch"].default_generator.set_state(before["torch"])
    os.chdir(before["folder"])
    for name in os.environ.keys() - before["environment"].keys():
        del os.environ[name]
    os.environ.update(before["environment"])
    sys.path[:], sys.meta_path[:] = before["path"], before["finders"]
    sys.dont_write_bytecode = before["bytecode"]
    for name in _LAST:
        if name in before["last"]:
            setattr(sys, name, before["last"][name])
        elif hasattr(sys, name):
            delattr(sys, name)
