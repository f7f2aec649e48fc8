"""Support vector machines: fit a Gaussian kernel SVC, kernel matrix included, against scikit-learn's SVC (libsvm)."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from bench.references.problem import Problem, load_solution

__all__ = ["PROBLEMS"]

GAMMA = 0.05
Arguments = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], float]


@cache
def _module(name: str) -> ModuleType:
    return load_solution("smo", name)


def _data(n: int, C: float) -> Arguments:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 20))
    score = X[:, 0] * X[:, 1] + 0.5 * X[:, 2] + 0.5 * rng.normal(size=n)
    return X, np.where(score > 0, 1.0, -1.0), C


def _reference(X: Any, y: Any, C: float) -> Any:
    model = _module("smo").SVC(C=C, kernel="rbf", gamma=GAMMA, max_iter=10_000_000)
    return model.fit(X, y).decision_function(X[:100])


def _fast(X: Any, y: Any, C: float) -> Any:
    alpha, b, _ = _module("fast").fit_rbf(X, y, C, GAMMA)
    support = alpha > 0
    return _module("smo").rbf_kernel(X[:100], X[support], GAMMA) @ (alpha * y)[support] + b


def _naive(X: Any, y: Any, C: float) -> Any:
    """Return the decision values after pair steps by loops over the samples, on lists."""
    K = _module("smo").rbf_kernel(X, X, GAMMA).tolist()
    labels = y.tolist()
    n = len(labels)
    alpha, g = [0.0] * n, list(labels)
    while True:
        m, M, i, j = float("-inf"), float("inf"), -1, -1
        for k in range(n):
            can_grow, can_shrink = (alpha[k] < C, alpha[k] > 0) if labels[k] > 0 else (alpha[k] > 0, alpha[k] < C)
            if can_grow and g[k] > m:
                m, i = g[k], k
            if can_shrink and g[k] < M:
                M, j = g[k], k
        if m - M <= 1e-3:
            break
        room_i = C - alpha[i] if labels[i] > 0 else alpha[i]
        room_j = alpha[j] if labels[j] > 0 else C - alpha[j]
        t = min((m - M) / max(K[i][i] + K[j][j] - 2 * K[i][j], 1e-12), room_i, room_j)
        alpha[i] = (C if labels[i] > 0 else 0.0) if t == room_i else alpha[i] + labels[i] * t
        alpha[j] = (0.0 if labels[j] > 0 else C) if t == room_j else alpha[j] - labels[j] * t
        row_i, row_j = K[i], K[j]
        for k in range(n):
            g[k] -= t * (row_i[k] - row_j[k])
    return np.array(K[:100]) @ (np.array(alpha) * y) + (m + M) / 2


def _library(X: Any, y: Any, C: float) -> Any:
    from sklearn.svm import SVC  # the library's cost of being imported is not what is timed

    return SVC(C=C, kernel="rbf", gamma=GAMMA, tol=1e-3, cache_size=1000).fit(X, y).decision_function(X[:100])


def _agree(theirs: Any, ours: Any) -> bool:
    return bool(np.max(np.abs(theirs - ours)) <= 0.02)


def _problem(n: int, C: float) -> Problem:
    return Problem(
        name=f"SMO {n}, RBF, C={C:g}",
        make=lambda: _data(n, C),
        reference=_reference,
        fast=_fast,
        naive=_naive,
        small=lambda: _data(400, C),
        library=_library,
        library_name="scikit-learn SVC (libsvm), rbf",
        agree=_agree,
    )


PROBLEMS: tuple[Problem, ...] = (_problem(2000, 1.0), _problem(5000, 1.0), _problem(5000, 10.0))
