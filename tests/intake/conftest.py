"""An assignment of one module, and short ways to write what students hand in."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Assignment, Limits
from autograder.text import Bilingual

STUB = b"def double(x):\n    raise NotImplementedError\n"


def cell(source: str, grade_id: str | None = None, **metadata: Any) -> dict[str, Any]:
    """Return a code cell; with `grade_id`, one of nbgrader's solution cells."""
    if grade_id is not None:
        metadata["nbgrader"] = {"grade_id": grade_id, "grade": False, "solution": True, "locked": False}
    return {"cell_type": "code", "metadata": metadata, "source": source.splitlines(keepends=True), "outputs": []}


def notebook(*cells: dict[str, Any] | str, **top: Any) -> bytes:
    made = [cell(each) if isinstance(each, str) else each for each in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made, **top}).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def write(root: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    released = notebook(cell("import numpy as np"), cell("def double(x): ...", "double"), cell("# total", "total"))
    folder = write(tmp_path / "course/assignments/tiny", {"tiny.py": STUB, "tiny.ipynb": released})
    nowhere = tmp_path / "nowhere"
    title = Bilingual("Tiny", "小作业")
    return Assignment("tiny", title, (), ("tiny",), (), Limits(), (), (), folder, nowhere, nowhere, "")
