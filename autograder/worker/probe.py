"""What this machine can really do: each tier is put up once and tried, whatever the platform is called."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from autograder.worker.host import Setup, Zygote, ZygoteError
from autograder.worker.process import Budget
from autograder.worker.walls import TIERS

__all__ = ["TierReport", "probe"]


@dataclass(frozen=True, slots=True)
class TierReport:
    """Whether a tier can be had here; `why` names the layer that failed, and is empty where none did."""

    name: str
    available: bool
    why: str


@functools.cache  # what a machine can do does not change while a process lives
def _try(name: str) -> TierReport:
    try:
        with Zygote(Setup(name)) as zygote:
            zygote.spawn(Budget()).close()
    except (ZygoteError, OSError) as error:
        return TierReport(name, False, str(error))
    return TierReport(name, True, "")


def probe(names: tuple[str, ...] = TIERS) -> list[TierReport]:
    """Return a report per tier, strongest first."""
    return [_try(name) for name in names]
