"""What nbgrader_config.py says, read as nbgrader reads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import UsageError
from autograder.text import Lang

__all__ = ["Settings", "read_settings"]

CONFIG = "nbgrader_config.py"


@dataclass(frozen=True, slots=True)
class Settings:
    """nbgrader's `CourseDirectory`, and our settings beside it; `course` is None where none is named."""

    coursedir: Any
    course: Path | None
    lang: Lang
    seed: int


def read_settings(folder: Path) -> Settings:
    """Return the settings of the nbgrader course in `folder`, which runs its nbgrader_config.py.

    Raises
    ------
    UsageError
        If there is no such file, it fails, or nbgrader is not installed.
    """
    try:
        from nbgrader.apps import NbGrader
    except ImportError:
        raise UsageError("nbgrader is not installed; pip install 'ml-autograder[nbgrader]'") from None
    if not (folder / CONFIG).is_file():
        raise UsageError(f"{folder}: no {CONFIG} there; go to nbgrader's course folder, or name it with --nbgrader DIR")
    app = NbGrader(log_level="ERROR", raise_config_file_errors=True)
    app.load_cwd_config = False
    try:
        app.initialize([], root=str(folder.resolve()))
    except Exception as error:  # whatever a settings file, which is a program, raises
        raise UsageError(f"{folder / CONFIG}: {type(error).__name__}: {error}; correct it") from None
    ours = app.config.Autograder
    course = Path(ours.course) if ours.get("course") else None
    return Settings(app.coursedir, course, ours.get("lang", "en"), ours.get("seed", 0))
