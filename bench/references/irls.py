"""Logistic regression of 100000 samples by Newton's method, against scikit-learn's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.references.problem import Problem, load_solution

__all__ = ["PROBLEMS"]

LAM = 1e-3


def _problem(n: int, d: int, dtype: type = np.float64) -> tuple[Any, ...]:
    """Return X, with its column of ones, y, lam: probabilities spread over (0, 1)."""
    rng = np.random.default_rng(0)
    X = np.column_stack([np.ones(n), rng.normal(size=(n, d - 1))]).astype(dtype)
    p = 1 / (1 + np.exp(-X @ (0.3 * rng.normal(size=d))))
    return X, (rng.random(n) < p).astype(dtype), LAM


def _naive(X, y, lam):
    """One sample after the other."""
    n, d = X.shape
    D = np.ones(d, X.dtype)
    D[0] = 0
    theta = np.zeros(d, X.dtype)
    for _ in range(20):
        grad, H = 2 * lam * D * theta, np.diag(2 * lam * D)
        for x, label in zip(X, y, strict=True):
            p = 1 / (1 + np.exp(-(x @ theta)))
            grad += (p - label) / n * x
            H += p * (1 - p) / n * np.outer(x, x)
        step = np.linalg.solve(H, -grad)
        if -n * (grad @ step) <= (1e-8 if X.dtype == np.float64 else 1e-3) ** 2:
            break
        theta = theta + step
    return (theta,)


def _without_ones(args: Sequence[Any]) -> tuple[Any, ...]:
    X, y, lam = args
    return np.ascontiguousarray(X[:, 1:]), y, lam


def _library(X, y, lam):
    from sklearn.linear_model import LogisticRegression

    # It minimises C * sum(loss) + ||w||^2 / 2. Its tol bounds the gradient: with this one it takes as many steps.
    model = LogisticRegression(C=1 / (2 * lam * len(y)), solver="newton-cholesky", tol=1e-10).fit(X, y)
    return (np.concatenate([model.intercept_, model.coef_[0]]),)


def _agree(theirs: Any, ours: Any) -> bool:
    return bool(np.allclose(theirs[0], ours[0], rtol=0, atol=1e-6 if ours[0].dtype == np.float64 else 1e-3))


PROBLEMS = (
    Problem(
        name="IRLS 1e5 x 50",
        make=lambda: _problem(100_000, 50),
        small=lambda: _problem(2_000, 50),
        reference=load_solution("irls").irls,
        fast=load_solution("irls", "fast").irls,
        naive=_naive,
        library=_library,
        library_name="scikit-learn, newton-cholesky",
        prepare=_without_ones,
        agree=_agree,
    ),
)
