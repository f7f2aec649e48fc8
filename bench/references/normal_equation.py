"""Least squares with 100,000 samples and 200 columns, against SciPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from bench.references.problem import Problem, load_solution

__all__ = ["PROBLEMS"]

REFERENCE = load_solution("normal_equation")


def _data(n: int, d: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(n, d)), rng.normal(size=n)


def _naive(X: Any, y: Any) -> Any:
    """The normal equation with one rank-one update per sample."""
    A, c = np.zeros((X.shape[1], X.shape[1])), np.zeros(X.shape[1])
    for row, target in zip(X, y, strict=True):
        A += np.outer(row, row)
        c += target * row
    return np.linalg.solve(A, c)


def _problem(name: str, library: Any) -> Problem:
    return Problem(
        name="least squares 1e5 x 200",
        make=lambda: _data(100_000, 200),
        reference=REFERENCE.normal_equation,
        naive=_naive,
        library=library,
        library_name=name,
        small=lambda: _data(2_000, 200),
        agree=lambda theirs, ours: bool(np.allclose(theirs, ours, rtol=1e-9, atol=1e-12)),
    )


PROBLEMS = (
    _problem("scipy.linalg.lstsq", lambda X, y: scipy.linalg.lstsq(X, y)[0]),
    _problem("scipy cho_solve", lambda X, y: scipy.linalg.cho_solve(scipy.linalg.cho_factor(X.T @ X), X.T @ y)),
)
