"""Do what a plan says: everything through the same walls and checks as a submission."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from autograder.audit.mutate import Mutant
from autograder.audit.plan import AuditOptions, Entry, Plan, submission
from autograder.batch.grade import GradeOptions, choose_tier
from autograder.batch.share import share
from autograder.course import Assignment
from autograder.judge.job import Job, Scope
from autograder.records import CheckResult, Result, Status

__all__ = ["Measured", "run_plan"]

# A mutant may use ten times what the reference does, and a second, before it counts as one that never ends.
PATIENCE, LEAST_SECONDS = 10.0, 1.0


@dataclass(slots=True)
class Measured:
    """What came of a plan. `known` holds, for each entry's id and seed, its result; `killed` the check that each
    mutant loses, None where it loses none, by its number: those listed as equivalent follow the others. What belongs to
    the parts that are `skipped` is in neither: here no check can tell right from wrong (no device, say)."""

    tier: str
    known: dict[tuple[str, int], Result] = field(default_factory=dict)
    killed: dict[int, CheckResult | None] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()


def run_plan(plan: Plan, options: AuditOptions, on_result: Callable[[Result, bool], None]) -> Measured:
    """Grade all that the plan holds; `on_result(result, False)` hears of each grading."""
    tier = choose_tier(GradeOptions(tier=options.tier, allow_unsafe=options.allow_unsafe))
    measured = Measured(tier)
    jobs = plan.known_jobs()
    entries: dict[int, Entry] = {id(job): entry for job, entry in jobs}

    def keep(job: Job, result: Result) -> None:
        measured.known[entries[id(job)].id, job.seed] = result
        on_result(result, False)

    share(plan.assignment, [job for job, _ in jobs], keep, tier=tier, processes=options.jobs)
    measured.skipped = _skipped(measured.known["reference", 0])
    plan = plan.without(measured.skipped)
    kept = {entry.id for entry in plan.entries}
    measured.known = {key: result for key, result in measured.known.items() if key[0] in kept}
    mutants = [*plan.mutants, *(mutant for mutant, _ in plan.equivalent)]
    if mutants:
        _run_mutants(plan.assignment, mutants, measured, options, on_result)
    return measured


def _skipped(reference: Result) -> tuple[str, ...]:
    """Return the parts of which every check was skipped."""
    run = {check.part for check in reference.checks if check.status is not Status.SKIPPED}
    return tuple(dict.fromkeys(check.part for check in reference.checks if check.part not in run))


def _run_mutants(
    assignment: Assignment,
    mutants: Sequence[Mutant],
    measured: Measured,
    options: AuditOptions,
    on_result: Callable[[Result, bool], None],
) -> None:
    """Look which mutants lose points: first by their values, as timing is dear, and what is left by its time."""
    reference = measured.known["reference", 0].checks
    judged = [check for check in reference if check.speed is None]
    timed = tuple(check.check for check in reference if check.speed is not None)
    jobs = [
        Job(
            submission(assignment, f"mutant-{i:04d}", mutant.source),
            "",
            0,
            Scope(_order(judged, mutant.part), (), True),
        )
        for i, mutant in enumerate(mutants)
    ]

    def keep(job: Job, result: Result) -> None:
        measured.killed[int(job.submission.student[-4:])] = _lost(result)

    def keep_and_tell(job: Job, result: Result) -> None:
        keep(job, result)
        on_result(result, False)

    impatient = _impatient(assignment, judged)
    share(impatient, jobs, keep_and_tell, tier=measured.tier, processes=options.jobs)
    left = [replace(job, scope=Scope(timed, (), True)) for i, job in enumerate(jobs) if measured.killed[i] is None]
    if timed and left:
        share(assignment, left, keep, tier=measured.tier, processes=options.jobs)


def _order(checks: Sequence[CheckResult], part: str) -> tuple[str, ...]:
    """Return the ids of the checks in the order in which a mutant of `part` is soonest caught: its own part first."""
    return tuple(check.check for check in sorted(checks, key=lambda check: (check.part != part, check.seconds)))


def _impatient(assignment: Assignment, checks: Sequence[CheckResult]) -> Assignment:
    """Return the assignment with limits at which a mutant that never ends does so soon."""
    limits = assignment.limits
    longest = max((check.cpu_seconds for check in checks), default=0.0)
    return replace(
        assignment, limits=replace(limits, seconds=min(limits.seconds, max(LEAST_SECONDS, PATIENCE * longest)))
    )


def _lost(result: Result) -> CheckResult | None:
    return next((check for check in result.checks if check.points < check.max_points), None)
