"""Right ways are right on every processor: OpenBLAS, NumPy and torch round otherwise with other instructions.

The audit proves a tolerance on the machine that it runs on. Here the reference and every alternative are graded with
the instructions of older processors (and of newer ones, where this machine has them). Speed is left out: how far a loop
lies behind depends on how fast a product is.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from pathlib import Path

import pytest

from autograder.audit import AuditOptions, make_plan
from autograder.audit.plan import Entry, Kind
from autograder.batch.grade import GradeOptions, choose_tier
from autograder.batch.share import share
from autograder.course import Assignment, find_course, load_assignment
from autograder.judge.job import ALL, Job, Scope
from autograder.records import Result

COURSE = find_course(Path(__file__).resolve().parents[2])
# What OpenBLAS calls the processor, the flag that Linux shows where it can be had, and what NumPy and torch are to use.
PROCESSORS = {
    "Prescott": ("pni", "X86_V3 X86_V4 AVX512_ICL AVX512_SPR", "default"),
    "Haswell": ("avx2", "X86_V4 AVX512_ICL AVX512_SPR", "avx2"),
    "SkylakeX": ("avx512bw", "AVX512_ICL AVX512_SPR", "avx512"),
}


@pytest.fixture(params=PROCESSORS)
def processor(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have every process that is started from here compute as this processor does."""
    flag, without, capability = PROCESSORS[request.param]
    if platform.machine() != "x86_64" or flag not in Path("/proc/cpuinfo").read_text().split():
        pytest.skip(f"this machine has no {flag}, so that it cannot compute as {request.param} does")
    monkeypatch.setenv("OPENBLAS_CORETYPE", request.param)
    monkeypatch.setenv("NPY_DISABLE_CPU_FEATURES", without)
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", capability)
    return str(request.param)


@pytest.mark.audit
@pytest.mark.parametrize("name", COURSE.assignments())
def test_right_ways_pass_whatever_the_processor(name: str, processor: str) -> None:
    plan = make_plan(load_assignment(COURSE, name), AuditOptions(seeds=1, mutants=0))
    entries = [entry for entry in plan.entries if entry.kind in (Kind.REFERENCE, Kind.ALTERNATIVE)]
    [reference] = grade_all(plan.assignment, entries[:1], ALL)
    untimed = Scope(tuple(check.check for check in reference.checks if check.speed is None))
    results = grade_all(plan.assignment, entries, untimed)
    assert len(results) == len(entries) > 1
    for entry, result in zip(entries, results, strict=True):
        may = set(entry.variant.loses) if entry.variant else set()
        lost = {check.check.rpartition("::")[2] for check in result.checks if check.points < check.max_points}
        assert {check for check in lost if not {check, check.partition("[")[0]} & may} == set(), entry.id


def grade_all(assignment: Assignment, entries: Sequence[Entry], scope: Scope) -> list[Result]:
    """Return the results of the entries, in their order."""
    results: dict[str, Result] = {}
    jobs = [Job(entry.submission, "", 0, scope) for entry in entries]
    tier = choose_tier(GradeOptions(allow_unsafe=True))
    share(assignment, jobs, lambda job, result: results.update({job.submission.student: result}), tier=tier)
    return [results[job.submission.student] for job in jobs]
