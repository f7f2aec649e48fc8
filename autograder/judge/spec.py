"""What a check is: read from its markers once, when it is collected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from autograder.course import Assignment
from autograder.course.manifest import PUBLIC_CHECKS
from autograder.errors import UsageError
from autograder.text import Bilingual

__all__ = ["MARKERS", "SPEC", "CheckSpec", "read_spec", "validate"]

MARKERS = (
    "part(id): the part of the assignment that this check belongs to",
    "points(n): what this check is worth; per case where it is parametrized",
    "why(en, zh): what a right answer satisfies; shown to the student whatever the visibility",
    "hint(en, zh): what to do when it fails",
    "needs(*names): checks without which this one means nothing",
    "visible: the student sees all of it (the default in test_public.py)",
    "hidden: the student sees its rationale and hint alone (the default elsewhere)",
    "gpu: needs a CUDA device; skipped, and out of the maximum, where there is none",
)
POINTS_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """One collected check."""

    id: str  # "test_hidden.py::TestRidge::test_optimal[tall]"
    name: str  # "test_optimal", what `needs` refers to
    part: str
    points: float
    why: Bilingual
    hint: Bilingual | None
    needs: tuple[str, ...]
    hidden: bool
    gpu: bool


SPEC = pytest.StashKey[CheckSpec]()


def _bilingual(item: pytest.Item, name: str) -> Bilingual | None:
    marker = item.get_closest_marker(name)
    if marker is None:
        return None
    try:
        return Bilingual(**marker.kwargs)
    except TypeError:
        raise UsageError(f"{item.nodeid}: @pytest.mark.{name} takes en= and zh=") from None


def _argument(item: pytest.Item, name: str) -> Any:
    marker = item.get_closest_marker(name)
    if marker is None or len(marker.args) != 1:
        raise UsageError(f"{item.nodeid}: give it @pytest.mark.{name}(...), one argument")
    return marker.args[0]


def read_spec(item: pytest.Item, assignment: Assignment) -> CheckSpec:
    """Return the check's data; UsageError naming the check where a marker is missing or wrong."""
    part, points = _argument(item, "part"), _argument(item, "points")
    known = [p.id for p in assignment.parts]
    if part not in known:
        raise UsageError(f"{item.nodeid}: there is no part {part!r}; the manifest has {', '.join(known)}")
    why = _bilingual(item, "why")
    if why is None:
        raise UsageError(f"{item.nodeid}: give it @pytest.mark.why(en=..., zh=...), the student reads it")
    public_file = item.path.name == PUBLIC_CHECKS
    hidden = item.get_closest_marker("hidden") is not None or (
        not public_file and item.get_closest_marker("visible") is None
    )
    return CheckSpec(
        id=f"{item.path.name}::{item.nodeid.partition('::')[2]}",
        name=getattr(item, "originalname", None) or item.name,
        part=part,
        points=float(points),
        why=why,
        hint=_bilingual(item, "hint"),
        needs=tuple(name for marker in item.iter_markers("needs") for name in marker.args),
        hidden=hidden,
        gpu=item.get_closest_marker("gpu") is not None,
    )


def validate(specs: Sequence[CheckSpec], assignment: Assignment) -> None:
    """Refuse checks whose points do not add up to their part's, or that need a check that is not there."""
    for part in assignment.parts:
        total = sum(spec.points for spec in specs if spec.part == part.id)
        if abs(total - part.points) > POINTS_ROUNDING * max(1.0, part.points):
            raise UsageError(
                f"assignments/{assignment.id}/assignment.toml: part {part.id!r} is worth {part.points:g} points "
                f"and its checks {total:g}; make them agree"
            )
    names = {spec.name for spec in specs}
    for spec in specs:
        for name in spec.needs:
            if name not in names:
                raise UsageError(f"{spec.id}: needs {name!r}, and no check has that name")


def in_order(specs: Iterable[CheckSpec]) -> list[CheckSpec]:
    """Return visible checks first (what a hidden one has shown a worker must not be printed in a visible one), and
    what a check needs before the check itself; otherwise as they were."""
    pending = sorted(specs, key=lambda spec: spec.hidden)
    ordered: list[CheckSpec] = []
    while pending:
        waiting = {spec.name for spec in pending}
        ready = [spec for spec in pending if not (set(spec.needs) - {spec.name}) & waiting]
        chosen = ready[0] if ready else pending[0]  # a circle: as they stand
        pending.remove(chosen)
        ordered.append(chosen)
    return ordered
