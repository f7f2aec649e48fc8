"""From results to what an audit says: who was accepted and refused as they should be, by what margin, how surely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from autograder.audit.plan import Entry, Kind
from autograder.records import CheckResult, Result, Status

__all__ = ["Change", "Gap", "Margin", "Ratio", "changes", "complaint", "gaps", "is_named", "margins"]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A number measured, and whose it is."""

    value: float
    variant: str


@dataclass(frozen=True, slots=True)
class Margin:
    """One check: measured/limit of the right way that comes nearest to its limit, and of the nearest wrong one.
    None where no right way has a number there, or every wrong one is refused by its form."""

    check: str
    accepted: Ratio | None
    refused: Ratio | None


@dataclass(frozen=True, slots=True)
class Gap:
    """One timed check: the slowest way accepted and the fastest refused, in CPU times of the reference, each the median
    over the seeds. `ratio` is one over the other; None where nothing was refused for its time, or all that was ran out
    of time."""

    check: str
    accepted: Ratio | None
    refused: Ratio | None
    ratio: float | None
    timeouts: int


@dataclass(frozen=True, slots=True)
class Change:
    """A check that decided otherwise with another seed."""

    variant: str
    check: str
    seed: int
    was: str
    became: str


def complaint(entry: Entry, result: Result) -> str | None:
    """Return what is wrong with how an entry was graded; None if nothing is."""
    if ours := [check for check in result.checks if check.status is Status.ERROR]:
        return f"{entry.id}: a fault of ours in {ours[0].check or 'the judge'}: {ours[0].detail.strip()[-200:]}"
    if entry.kind is Kind.STUB:
        earned = [check.check for check in result.checks if check.points > 0]
        return f"stub: gets {result.points:g} points, of {earned[0]}" if earned else None
    if entry.kind is Kind.MISCONCEPTION:
        return _complaint_of_wrong(entry, result)
    return _complaint_of_right(entry, result)


def _complaint_of_right(entry: Entry, result: Result) -> str | None:
    may = set(entry.variant.loses) if entry.variant else set()
    lost = {check.check for check in _lost(result)}
    wrongly = [check for check in sorted(lost) if not _names(check) & may]
    if wrongly:
        return f"{entry.id}: loses {wrongly[0]}" + (f" and {len(wrongly) - 1} more" if len(wrongly) > 1 else "")
    if result.findings:
        return f"{entry.id}: uses {result.findings[0].name}, which is forbidden"
    skipped = {check.check for check in result.checks if check.status is Status.SKIPPED}
    kept = [name for name in sorted(may) if not any(name in _names(check) for check in lost | skipped)]
    return f"{entry.id}: does not lose {kept[0]}, which `loses` says" if kept else None


def _complaint_of_wrong(entry: Entry, result: Result) -> str | None:
    assert entry.variant is not None
    lost = _lost(result)
    if not lost:
        return f"{entry.id}: gets all points"
    elsewhere = [check.check for check in lost if check.part != entry.variant.part]
    return f"{entry.id}: loses {elsewhere[0]}, outside of part {entry.variant.part}" if elsewhere else None


def is_named(entry: Entry, result: Result) -> bool:
    """Whether a misconception is told what it is, and nothing else (two may share what is told)."""
    assert entry.variant is not None
    found = [check.diagnosis for check in result.checks if check.diagnosis is not None]
    told = {diagnosis.explanation for diagnosis in found}
    return entry.variant.id in {diagnosis.misconception for diagnosis in found} and told == {entry.variant.explanation}


def changes(known: Mapping[tuple[str, int], Result]) -> list[Change]:
    """Return what was decided otherwise than with the first seed: status, points, or what mistake it is."""
    found = []
    for (name, seed), result in known.items():
        first = {check.check: _verdict(check) for check in known[name, 0].checks} if seed else {}
        for check in result.checks:
            if seed and first.get(check.check) != _verdict(check):
                found.append(Change(name, check.check, seed, first.get(check.check, "nothing"), _verdict(check)))
    return sorted(found, key=lambda change: (change.variant, change.seed))


def _verdict(check: CheckResult) -> str:
    named = f", {check.diagnosis.misconception}" if check.diagnosis else ""
    return f"{check.status}, {check.points:g} points{named}"


def margins(entries: Sequence[Entry], known: Mapping[tuple[str, int], Result]) -> list[Margin]:
    """Return the margins of each check that has a number, in the checks' order."""
    near: dict[str, Ratio] = {}
    far: dict[str, Ratio] = {}
    for entry, check in _all(entries, known):
        if check.margin is None:
            continue
        ratio = Ratio(check.margin, entry.id)
        if check.status is Status.PASSED and entry.kind in (Kind.REFERENCE, Kind.ALTERNATIVE):
            near[check.check] = max(near.get(check.check, ratio), ratio, key=lambda each: each.value)
        elif check.status is Status.FAILED and check.margin > 1:  # otherwise it failed by its form
            far[check.check] = min(far.get(check.check, ratio), ratio, key=lambda each: each.value)
    order = [check.check for check in known["reference", 0].checks]
    return [Margin(check, near.get(check), far.get(check)) for check in order if check in near or check in far]


def gaps(entries: Sequence[Entry], known: Mapping[tuple[str, int], Result]) -> list[Gap]:
    """Return the slowest accepted and the fastest refused way of each timed check, each by its median over the seeds:
    a minute's noise is not the distance between two ways. Where it changes a verdict, `changes` has it."""
    timed = [check.check for check in known["reference", 0].checks if check.speed is not None]
    slow: dict[tuple[str, str], list[float]] = {}
    fast: dict[tuple[str, str], list[float]] = {}
    timeouts = dict.fromkeys(timed, 0)
    for entry, check in _all(entries, known):
        if check.check in timeouts:
            timeouts[check.check] += check.status is Status.TIMEOUT
            if check.speed is None:
                continue
            if check.status is Status.PASSED and entry.kind in (Kind.REFERENCE, Kind.ALTERNATIVE):
                slow.setdefault((check.check, entry.id), []).append(check.speed)
            elif check.status is Status.FAILED:
                fast.setdefault((check.check, entry.id), []).append(check.speed)
    return [
        Gap(check, a, b, b.value / a.value if a and b else None, timeouts[check])
        for check in timed
        for a in [max(_medians(slow, check), key=_value, default=None)]
        for b in [min(_medians(fast, check), key=_value, default=None)]
    ]


def _value(ratio: Ratio) -> float:
    return ratio.value


def _medians(speeds: Mapping[tuple[str, str], Sequence[float]], check: str) -> list[Ratio]:
    return [Ratio(median(values), variant) for (name, variant), values in speeds.items() if name == check]


def _all(entries: Sequence[Entry], known: Mapping[tuple[str, int], Result]) -> Iterator[tuple[Entry, CheckResult]]:
    by_id = {entry.id: entry for entry in entries}
    for (name, _), result in known.items():
        for check in result.checks:
            yield by_id[name], check


def _lost(result: Result) -> list[CheckResult]:
    return [check for check in result.checks if check.points < check.max_points]


def _names(check: str) -> set[str]:
    """Return how `loses` may call a check: by its name, with its case or without."""
    name = check.rpartition("::")[2]
    return {name, name.partition("[")[0]}
