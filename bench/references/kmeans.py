"""k-means against scikit-learn's: the same iterations from the same centres."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from autograder.judge.variants import load_variants, variant_source
from bench.references.problem import Problem, load_solution

__all__ = ["PROBLEMS"]

SOLUTION = Path(__file__).resolve().parents[2] / "solutions/kmeans"
ITERATIONS = 10


def _naive(*args: Any) -> Any:
    [loops] = [variant for variant in load_variants(SOLUTION / "alternatives.py") if variant.id == "plain_loops"]
    names: dict[str, Any] = {"__name__": "bench_kmeans_naive"}
    source = (SOLUTION / "kmeans.py").read_text(encoding="utf-8")
    exec(compile(variant_source(source, loops), "kmeans.py", "exec"), names)
    return names["kmeans"](*args)


def _problem(n: int, max_iter: int) -> tuple[Any, ...]:
    # Groups that overlap: the iteration goes on for longer than is timed, and no cluster is ever empty.
    rng = np.random.default_rng(0)
    X = rng.normal(size=(64, 32))[rng.integers(64, size=n)] + rng.normal(size=(n, 32))
    return X, X[rng.choice(n, size=64, replace=False)], max_iter


def _sklearn(X: Any, init: Any, max_iter: int) -> Any:
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = KMeans(len(init), init=init, n_init=1, algorithm="lloyd", max_iter=max_iter, tol=0).fit(X)
    return model.cluster_centers_, model.labels_, model.inertia_, model.n_iter_


def _agree(theirs: Any, ours: Any) -> bool:
    return bool(
        abs(theirs[2] - ours[2]) <= 1e-9 * theirs[2]
        and np.allclose(theirs[0], ours[0], rtol=0, atol=1e-6)
        and np.array_equal(theirs[1], ours[1])
    )


PROBLEMS: tuple[Problem, ...] = (
    Problem(
        name=f"k-means 1e5 x 32, K = 64, {ITERATIONS} iterations",
        make=lambda: _problem(100_000, ITERATIONS),
        reference=load_solution("kmeans").kmeans,
        fast=load_solution("kmeans", "fast").kmeans,
        naive=_naive,
        small=lambda: _problem(2_000, 2),
        library=_sklearn,
        library_name="scikit-learn KMeans, lloyd",
        agree=_agree,
    ),
)
