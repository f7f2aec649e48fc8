"""`course.toml` and `assignment.toml` as validated, frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.text import Bilingual

__all__ = ["Assignment", "Course", "Limits", "Part", "Rules"]

FORMAT_VERSION = 1
MANIFEST = "assignment.toml"
PUBLIC_CHECKS = "test_public.py"
MISTAKES = "known_mistakes.bin"  # among what students get


@dataclass(frozen=True, slots=True)
class Rules:
    """What a part forbids. `action` says what a find costs: "flag" tells the instructor, "zero" takes the part."""

    forbid_imports: tuple[str, ...] = ()
    forbid_calls: tuple[str, ...] = ()
    action: Literal["flag", "zero"] = "flag"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an assignment: its points are those of its checks added up."""

    id: str
    title: Bilingual
    points: float
    functions: tuple[str, ...]
    rules: Rules = Rules()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use. Seconds are CPU seconds of the worker, so a busy machine refuses nobody."""

    seconds: float = 10.0  # per check
    import_seconds: float = 10.0
    total_seconds: float = 120.0  # over all checks of one submission
    memory_mib: int = 1024
    output_kib_per_call: int = 16
    output_kib: int = 128


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment's manifest, and where its files lie.

    `folder` is `assignments/<id>` (what students receive), `solution` is `solutions/<id>` (what they never do);
    `digest` is the SHA-256 of everything that can change a verdict (both folders, and the datasets named).
    """

    id: str
    title: Bilingual
    concepts: tuple[str, ...]
    files: tuple[str, ...]
    parts: tuple[Part, ...]
    limits: Limits
    preload: tuple[str, ...]
    datasets: tuple[str, ...]
    folder: Path
    solution: Path
    dataset_folder: Path
    digest: str

    @property
    def points(self) -> float:
        return sum(part.points for part in self.parts)


@dataclass(frozen=True, slots=True)
class Course:
    """A folder with a `course.toml`: title, and where assignments, solutions, datasets and the store are."""

    root: Path
    title: Bilingual
    store: str  # SQLAlchemy URL

    def assignments(self) -> tuple[str, ...]:
        """Return the ids of all assignments, sorted. In what students get they lie at the top, without solutions."""
        found = {path.parent.name for form in ("assignments/*", "*") for path in self.root.glob(f"{form}/{MANIFEST}")}
        return tuple(sorted(found))

    def folder(self, assignment_id: str) -> Path:
        """Return the folder of an assignment's manifest and public files."""
        folder = self.root / "assignments" / assignment_id
        return folder if (folder / MANIFEST).exists() else self.root / assignment_id
