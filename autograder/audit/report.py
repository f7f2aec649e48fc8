"""What an audit found, as data, and which of its goals were missed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.audit.measure import Change, Gap, Margin, changes, complaint, gaps, is_named, margins
from autograder.audit.mutate import Mutant
from autograder.audit.plan import AuditOptions, Entry, Kind, Plan
from autograder.audit.run import Measured, run_plan
from autograder.records import Result, Status

__all__ = ["LEAST_GAP", "LEAST_SCORE", "Count", "LeftOut", "Report", "Score", "Survivor", "run_audit"]

LEAST_SCORE = 0.95  # of the mutants that are not equivalent
LEAST_GAP = 2.0  # between the slowest way accepted and the fastest refused; below, a timing check should not exist


@dataclass(frozen=True, slots=True)
class Count:
    """How many of how many."""

    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that loses no points. `reason` says why it is equivalent, if the author says so."""

    cell: str
    line: int
    operator: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Score:
    """The mutants. `made` there are, `equivalent` of these are listed as such, `graded` of the rest were graded."""

    made: int
    equivalent: int
    graded: int
    killed: int

    @property
    def share(self) -> float:
        return self.killed / self.graded if self.graded else 1.0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part whose checks are all skipped on this machine, and what of it therefore was not audited."""

    part: str
    misconceptions: int
    mutants: int


@dataclass(frozen=True, slots=True)
class Report:
    """The audit of one assignment. `missed` says in words which goals were; none, and it has passed.

    Known ways are counted as they were graded first; `changes` says where another of the `seeds` decided otherwise.
    `gradings` counts those of known ways, `seconds` is wall-clock time.
    """

    assignment: str
    tier: str
    missed: tuple[str, ...]
    accepted: Count
    refused: Count
    named: Count
    mutants: Score
    survivors: tuple[Survivor, ...]
    margins: tuple[Margin, ...]
    gaps: tuple[Gap, ...]
    seeds: int
    gradings: int
    changes: tuple[Change, ...]
    left_out: tuple[LeftOut, ...]
    seconds: float


def run_audit(plan: Plan, options: AuditOptions, on_result: Callable[[Result, bool], None]) -> Report:
    """Do the audit; `on_result(result, False)` hears of each of the `plan.size()` gradings.

    Raises
    ------
    UsageError
        For a tier that cannot be had, or checks that cannot be collected.
    """
    started = time.monotonic()
    measured = run_plan(plan, options, on_result)
    return make_report(plan, measured, time.monotonic() - started)


def make_report(plan: Plan, measured: Measured, seconds: float) -> Report:
    """Return what the audit says of what was measured."""
    left_out = tuple(_left_out(plan, part) for part in measured.skipped)
    plan = plan.without(measured.skipped)
    firsts = [(entry, measured.known[entry.id, 0]) for entry in plan.entries]
    right = [pair for pair in firsts if pair[0].kind in (Kind.REFERENCE, Kind.ALTERNATIVE)]
    wrong = [pair for pair in firsts if pair[0].kind is Kind.MISCONCEPTION]
    found = changes(measured.known)
    between = gaps(plan.entries, measured.known)
    missed = [said for entry, result in firsts if (said := complaint(entry, result))]
    missed += [
        f"{entry.id}: is not named{_named_instead(result)}" for entry, result in wrong if not is_named(entry, result)
    ]
    if plan.entries[1:]:
        missed += [said for gap in between if (said := _gap_missed(gap))]
    missed += [f"{each.variant}: {each.check} changes with seed {each.seed}" for each in found]
    return Report(
        assignment=plan.assignment.id,
        tier=measured.tier,
        missed=(*missed, *_mutants_missed(plan, measured)),
        accepted=_count(right),
        refused=_count(wrong),
        named=Count(sum(is_named(*pair) for pair in wrong), len(wrong)),
        mutants=_score(plan, measured),
        survivors=tuple(_survivors(plan, measured)),
        margins=tuple(margins(plan.entries, measured.known)),
        gaps=tuple(between),
        seeds=plan.seeds,
        gradings=len(measured.known),
        changes=tuple(found),
        left_out=left_out,
        seconds=seconds,
    )


def _left_out(plan: Plan, part: str) -> LeftOut:
    wrong = sum(entry.variant is not None and entry.variant.part == part for entry in plan.entries)
    mutants = [*plan.mutants, *(mutant for mutant, _ in plan.equivalent)]
    return LeftOut(part, wrong, sum(mutant.part == part for mutant in mutants))


def _count(pairs: Sequence[tuple[Entry, Result]]) -> Count:
    return Count(sum(complaint(*pair) is None for pair in pairs), len(pairs))


def _named_instead(result: Result) -> str:
    names = sorted({check.diagnosis.misconception for check in result.checks if check.diagnosis})
    return f" (but {', '.join(names)} is)" if names else ""


def _gap_missed(gap: Gap) -> str | None:
    if gap.refused is None and not gap.timeouts:
        return f"{gap.check}: no known way is too slow for it; add an alternative with `loses`"
    if gap.ratio is not None and gap.ratio < LEAST_GAP:
        return f"{gap.check}: refuses at {gap.ratio:.2g} times what it accepts; a gap below {LEAST_GAP:g} tells nothing"
    return None


def _score(plan: Plan, measured: Measured) -> Score:
    killed = sum(measured.killed[i] is not None for i in range(len(plan.mutants)))
    return Score(plan.made, len(plan.equivalent), len(plan.mutants), killed)


def _mutants_missed(plan: Plan, measured: Measured) -> list[str]:
    missed = []
    score = _score(plan, measured)
    if score.share < LEAST_SCORE:
        missed.append(f"mutants: {score.share:.1%} of {score.graded} are caught, {LEAST_SCORE:.0%} are wanted")
    for i, (mutant, _) in enumerate(plan.equivalent, start=len(plan.mutants)):
        if (check := measured.killed[i]) is not None:
            missed.append(f"{_told(mutant)} is listed as equivalent, but loses {check.check}")
    for i, killer in measured.killed.items():
        if killer is not None and killer.status is Status.ERROR:
            missed.append(
                f"mutant {i}: a fault of ours in {killer.check or 'the judge'}: {killer.detail.strip()[-200:]}"
            )
    return missed


def _told(mutant: Mutant) -> str:
    return f"line {mutant.line}, {' / '.join(mutant.after)!r},"


def _survivors(plan: Plan, measured: Measured) -> list[Survivor]:
    listed: list[tuple[Mutant, str | None]] = [(mutant, None) for mutant in plan.mutants]
    listed += plan.equivalent
    return [
        Survivor(mutant.cell, mutant.line, mutant.operator, mutant.before, mutant.after, reason)
        for i, (mutant, reason) in enumerate(listed)
        if measured.killed[i] is None
    ]
