"""A new assignment to begin from: small, complete, and right in everything that the audit looks at."""

from __future__ import annotations

import re
import shutil
from importlib.resources import files
from pathlib import Path
from string import Template

from autograder.course.generate import release
from autograder.course.load import load_assignment
from autograder.course.manifest import Course
from autograder.errors import UsageError

__all__ = ["scaffold"]

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_PUBLIC = ("assignment.toml", "test_public.py")
_SECRET = ("test_hidden.py", "alternatives.py", "misconceptions.py", "design.md")


def scaffold(course: Course, name: str) -> list[Path]:
    """Write assignment `name`, generate what students get of it, and return the files, from the course's root.

    Raises
    ------
    UsageError
        For a name that is none, or taken. Nothing is written then.
    """
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be a module's name; use small letters, digits and _, beginning with a letter"
        )
    folder, solution = course.root / "assignments" / name, course.root / "solutions" / name
    for taken in (folder, solution):
        if taken.exists():
            raise UsageError(f"{taken} is there already; choose another name, or remove it")
    sources = {f"{name}.py": "source.py", **{file: file for file in _SECRET}}
    try:
        written = [_write(folder / file, file, name) for file in _PUBLIC]
        written += [_write(solution / file, source, name) for file, source in sources.items()]
        generated = release(course, load_assignment(course, name))
        return [path.relative_to(course.root) for path in written] + generated
    except BaseException:  # a disk that is full, an interrupt: nothing is left half-written
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(solution, ignore_errors=True)
        raise


def _write(path: Path, source: str, name: str) -> Path:
    template = files("autograder.course") / "scaffold_files" / f"{source}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(Template(template.read_text("utf-8")).substitute(name=name), encoding="utf-8")
    return path
