"""Verdicts on speed while other processes keep every core busy: no right answer refused, no loop accepted."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from autograder.course import find_course, load_assignment
from autograder.intake import File, Submission
from autograder.judge.job import Job
from autograder.judge.lane import Lane
from autograder.judge.variants import Variant, load_variants, variant_source
from bench.table import Row

COURSE = Path(__file__).resolve().parents[1]
CHECK = "test_normal_equation_is_fast"
REPETITIONS = 200


def verdicts_under_load() -> list[Row]:
    """Grade `normal_equation` as vectorised alternatives and as loops write it, with both cores saturated."""
    assignment = load_assignment(find_course(COURSE), "normal_equation")
    reference = (assignment.solution / "normal_equation.py").read_text()
    variants = load_variants(assignment.solution / "alternatives.py")
    timed = [variant for variant in variants if "def normal_equation(" in variant.source]
    fast = [variant for variant in timed if CHECK not in variant.loses]
    slow = [variant for variant in timed if CHECK in variant.loses]
    lane = Lane(assignment, "sealed", only=CHECK)
    burners = [multiprocessing.Process(target=_burn, daemon=True) for _ in range(os.cpu_count() or 1)]
    for burner in burners:
        burner.start()
    try:
        refused = _count(lane, reference, fast, passed=False)
        accepted = _count(lane, reference, slow, passed=True)
    finally:
        for burner in burners:
            burner.kill()
        lane.close()
    return [
        Row(f"vectorised answers refused, of {REPETITIONS}, cores saturated", str(refused), "0"),
        Row(f"loops accepted, of {REPETITIONS}, cores saturated", str(accepted), "0"),
    ]


def _burn() -> None:
    x = np.random.default_rng(0).standard_normal((300, 300))
    while True:
        x @ x


def _count(lane: Lane, reference: str, variants: Sequence[Variant], *, passed: bool) -> int:
    """Return how many of the repetitions, the variants in turn, had the verdict `passed`."""
    count = 0
    for i in range(REPETITIONS):
        source = variant_source(reference, variants[i % len(variants)])
        result = lane.grade(Job(Submission("answer", (File("normal_equation.py", source.encode()),)), "", 0))
        [check] = result.checks
        count += (check.status == "passed") is passed
    return count
