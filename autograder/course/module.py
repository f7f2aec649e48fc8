"""A Python file as a module of its own."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from types import ModuleType

__all__ = ["import_file"]


def import_file(path: Path) -> ModuleType:
    """Run the file at `path` and return it as a module.

    Its name is made from the whole path and it is not entered in `sys.modules`: every assignment has files of the same
    names.
    """
    unique = f"{path.stem}_{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]}"
    spec = importlib.util.spec_from_file_location(unique, path)
    assert spec is not None and spec.loader is not None  # a .py file has a loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
