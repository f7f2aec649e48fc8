"""What one audit grades: the reference, the stub, every known right and wrong way, and the mutants."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from autograder.audit.equivalents import Equivalent, load_equivalents, reason_for, refuse_stale
from autograder.audit.mutate import Mutant, make_mutants
from autograder.course import Assignment
from autograder.course.source import source_path
from autograder.errors import UsageError
from autograder.intake import File, Submission
from autograder.judge.job import ALL, Job, Scope
from autograder.judge.variants import Variant, load_variants, variant_source

__all__ = ["SHORT", "AuditOptions", "Entry", "Kind", "Plan", "make_plan"]


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """How much to audit.

    `seeds` is how many times known ways are graded, `mutants` how many of them (None: all), `variants` whether the
    known ways are graded at all (the reference always is). `jobs`, `tier` and `allow_unsafe` are those of a grading.
    """

    seeds: int = 10
    mutants: int | None = None
    variants: bool = True
    jobs: int | None = None
    tier: str | None = None
    allow_unsafe: bool = False


SHORT = AuditOptions(seeds=2, mutants=20)


class Kind(StrEnum):
    """What an entry is, which says what must become of it."""

    REFERENCE = "reference"
    STUB = "stub"
    ALTERNATIVE = "alternative"
    MISCONCEPTION = "misconception"


@dataclass(frozen=True, slots=True)
class Entry:
    """One known way to write the assignment, as a submission. `id` is unique in an audit."""

    id: str
    kind: Kind
    submission: Submission
    variant: Variant | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be graded. `made` mutants there are; `mutants` are those chosen, without what is `equivalent`."""

    assignment: Assignment
    entries: tuple[Entry, ...]
    seeds: int
    mutants: tuple[Mutant, ...]
    equivalent: tuple[tuple[Mutant, str], ...]
    made: int

    @property
    def sampled(self) -> bool:
        return len(self.mutants) + len(self.equivalent) < self.made

    def known_jobs(self) -> list[tuple[Job, Entry]]:
        """Return the gradings of known ways: all of them once, then again with other seeds, without the stub. A wrong
        way is then graded in its own part alone, as the rest of it is the reference."""
        jobs = []
        for seed in range(self.seeds):
            for entry in self.entries:
                part = entry.variant.part if entry.variant is not None and seed else None
                if entry.kind is not Kind.STUB or seed == 0:
                    scope = Scope(parts=(part,)) if part is not None else ALL
                    jobs.append((Job(entry.submission, "", seed, scope), entry))
        return jobs

    def without(self, parts: Collection[str]) -> Plan:
        """Return the plan without the misconceptions and mutants of some parts."""
        mutants = tuple(mutant for mutant in self.mutants if mutant.part not in parts)
        equivalent = tuple(pair for pair in self.equivalent if pair[0].part not in parts)
        return replace(
            self,
            entries=tuple(entry for entry in self.entries if entry.variant is None or entry.variant.part not in parts),
            mutants=mutants,
            equivalent=equivalent,
            made=self.made - (len(self.mutants) + len(self.equivalent) - len(mutants) - len(equivalent)),
        )

    def size(self) -> int:
        """Return how many gradings this is."""
        return len(self.known_jobs()) + len(self.mutants) + len(self.equivalent)


def make_plan(assignment: Assignment, options: AuditOptions) -> Plan:
    """Return what an audit of the assignment will grade.

    Raises
    ------
    UsageError
        If a source, stub or list of variants is missing or not valid, or `equivalents.toml` speaks of no mutant.
    """
    mutants: list[Mutant] = []
    equivalent: list[tuple[Mutant, str]] = []
    made = [] if options.mutants == 0 else make_mutants(assignment)
    listed = _listed(assignment, made)
    for mutant in made:
        reason = reason_for(mutant, listed)
        if reason is None:
            mutants.append(mutant)
        else:
            equivalent.append((mutant, reason))
    if options.mutants is not None:
        mutants, equivalent = _sample(mutants, options.mutants), []
    entries = _entries(assignment, options.variants)
    return Plan(assignment, entries, options.seeds, tuple(mutants), tuple(equivalent), len(made))


def _listed(assignment: Assignment, made: Sequence[Mutant]) -> tuple[Equivalent, ...]:
    path = assignment.solution / "equivalents.toml"
    listed = load_equivalents(path)
    if made:
        refuse_stale(path, listed, made)
    return listed


def _sample(mutants: Sequence[Mutant], count: int) -> list[Mutant]:
    """Return some of the mutants: always the same, and nearly the same when the reference changes a little."""

    def draw(mutant: Mutant) -> str:
        text = "\0".join([mutant.cell, *mutant.before, "", *mutant.after])
        return hashlib.sha256(text.encode()).hexdigest()

    chosen = sorted(mutants, key=draw)[:count]
    return sorted(chosen, key=lambda mutant: mutant.line)


def _entries(assignment: Assignment, with_variants: bool) -> tuple[Entry, ...]:
    reference = _read(source_path(assignment), "an audit needs the reference")
    entries = [Entry("reference", Kind.REFERENCE, submission(assignment, "reference", reference))]
    if not with_variants:
        return tuple(entries)
    stub = _read(assignment.folder / f"{assignment.files[0]}.py", "make it with: autograder release")
    entries.append(Entry("stub", Kind.STUB, submission(assignment, "stub", stub)))
    for kind, file in ((Kind.ALTERNATIVE, "alternatives.py"), (Kind.MISCONCEPTION, "misconceptions.py")):
        for variant in load_variants(assignment.solution / file):
            name = f"{kind}-{variant.id}"
            made = submission(assignment, name, variant_source(reference, variant))
            entries.append(Entry(name, kind, made, variant))
    return tuple(entries)


def _read(path: Path, remedy: str) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); {remedy}") from None


def submission(assignment: Assignment, name: str, source: str) -> Submission:
    """Return a source text as somebody would hand it in."""
    return Submission(name, (File(f"{assignment.files[0]}.py", source.encode()),))
