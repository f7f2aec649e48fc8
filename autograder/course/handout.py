"""What students get, in a folder of its own: all of it named here, nothing taken because it happened to lie there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from autograder.course.generate import check_release, find_leak, words
from autograder.course.manifest import MANIFEST, MISTAKES, PUBLIC_CHECKS, Assignment, Course
from autograder.course.source import read_source
from autograder.errors import UsageError
from autograder.text import Lang

__all__ = ["contents", "readme", "refuse_used", "release_to", "write_folder"]


def release_to(
    course: Course, assignments: Sequence[Assignment], target: Path, mistakes: Callable[[Assignment], bytes]
) -> list[Path]:
    """Write what students get to `target`, a folder per assignment; return the files written.

    Each holds manifest, stub, notebooks, public tests, recorded misconceptions, a README in both languages and, in
    `datasets/`, its data. A `course.toml` on top makes it a course in which `autograder check` works. All is written
    to a folder beside `target` and renamed, so that nothing is ever half there.

    Raises
    ------
    UsageError
        If `target` is not empty or cannot be written, a released file does not match its source, a public file holds
        lines of a solution, or a file is missing.
    """
    refuse_used(target, "name a new folder with --to DIR")
    files = {"course.toml": (course.root / "course.toml").read_bytes()}
    for assignment in assignments:
        for name, data in contents(course, assignment, mistakes(assignment)).items():
            files[f"{assignment.id}/{name}"] = data
    write_folder(files, target, "name another folder with --to DIR")
    return [target / name for name in files]


def contents(course: Course, assignment: Assignment, mistakes: bytes) -> dict[str, bytes]:
    """Return relative name -> bytes of all that students get of one assignment.

    `mistakes` is what names misconceptions where there is no reference (see `autograder.judge.mistakes`).

    Raises
    ------
    UsageError
        As `release_to`, for what is wrong with the assignment.
    """
    drifted = check_release(course, assignment)
    if drifted:
        names = ", ".join(path.name for path in drifted)
        remedy = f"run autograder release {assignment.id}"
        raise UsageError(f"{assignment.folder}: {names} not as the source has it; {remedy}")
    name = assignment.files[0]
    files: dict[str, bytes] = {}
    for file in (MANIFEST, f"{name}.py", f"{name}.ipynb", f"{name}.zh.ipynb", PUBLIC_CHECKS):
        path = assignment.folder / file
        if not path.is_file():
            raise UsageError(f"{path}: is missing; students get it, write it first")
        files[file] = path.read_bytes()
    cells = read_source(assignment)
    # Two lines in a row: a test may share a single one with the reference by chance.
    leaked = find_leak(cells, files[PUBLIC_CHECKS].decode("utf-8", "replace"), run=2)
    if leaked is not None:
        raise UsageError(f"{assignment.folder / PUBLIC_CHECKS}: holds the solution's line {leaked!r}; remove it")
    files[MISTAKES] = mistakes
    for dataset in assignment.datasets:
        files[f"datasets/{dataset}"] = (assignment.dataset_folder / dataset).read_bytes()
    files["README.md"] = readme(assignment).encode()
    return files


def readme(assignment: Assignment, key: str = "course.readme", languages: Sequence[Lang] = ("en", "zh")) -> str:
    """Return the page that goes with what students get; `key` is that of its words."""
    package = "ml-autograder[notebook,torch]" if "torch" in assignment.preload else "ml-autograder[notebook]"
    return "".join(
        words(key, lang, title=assignment.title.get(lang), name=assignment.files[0], package=package) + "\n\n"
        for lang in languages
    ).removesuffix("\n")


def refuse_used(target: Path, remedy: str) -> None:
    """Raise `UsageError`, ending in `remedy`, unless `target` is a new or an empty folder."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target}: is there already and not empty; {remedy}")


def write_folder(files: Mapping[str, bytes], target: Path, remedy: str) -> None:
    """Write `files` (relative name -> bytes) as the folder `target`, all of them or nothing.

    Raises
    ------
    UsageError
        If `target` is not empty or cannot be written, ending in `remedy`.
    """
    refuse_used(target, remedy)
    try:
        _write_all(files, target)
    except OSError as error:
        raise UsageError(f"{target}: cannot be written ({error.strerror}); {remedy}") from None


def _write_all(files: Mapping[str, bytes], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for name, data in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        fresh.chmod(0o755)  # a temporary folder is closed to others
        os.replace(fresh, target)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
