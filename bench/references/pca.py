"""Principal component analysis of 100000 samples against scikit-learn's fastest exact solver."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.references.problem import Problem, load_solution

__all__ = ["PROBLEMS"]

COMPONENTS = 10


def _problem(n: int, d: int, dtype: type = np.float64) -> tuple[Any, ...]:
    """Return X and k: correlated columns, standard deviations from 1 to 0.1, means of size 1."""
    rng = np.random.default_rng(0)
    turn = np.linalg.qr(rng.normal(size=(d, d)))[0]
    X = rng.normal(size=(n, d)) * np.geomspace(1, 0.1, d) @ turn + rng.normal(size=d)
    return X.astype(dtype), COMPONENTS


def _naive(X, k):
    """One sample after the other."""
    n, d = X.shape
    mean = sum(X) / X.dtype.type(n)
    C = np.zeros((d, d), X.dtype)
    for x in X:
        C += np.outer(x - mean, x - mean)
    values, vectors = np.linalg.eigh(C / X.dtype.type(n - 1))
    values = values[::-1]
    return vectors.T[::-1][:k], values[:k], values[:k] / values.sum(), mean


def _library(X, k):
    # Of scikit-learn's exact solvers the fastest for n >> d, and what it chooses by itself; like ours, it finds all d
    # variances, as the ratios need them. ("randomized" is approximate, and slower here.)
    from sklearn.decomposition import PCA

    model = PCA(n_components=k, svd_solver="covariance_eigh").fit(X)
    return model.components_, model.explained_variance_, model.explained_variance_ratio_, model.mean_


def _agree(theirs: Any, ours: Any) -> bool:
    rtol = 1e-10 if ours[0].dtype == np.float64 else 1e-3
    same = all(np.allclose(a, b, rtol=rtol, atol=rtol) for a, b in zip(theirs[1:], ours[1:], strict=True))
    overlap = np.abs(np.sum(theirs[0] * ours[0], axis=1))  # one where two components are the same but for the sign
    return same and bool(np.all(overlap > 1 - rtol))


PROBLEMS = tuple(
    Problem(
        name=f"PCA 1e5 x 300{note}",
        make=lambda dtype=dtype: _problem(100_000, 300, dtype),
        small=lambda dtype=dtype: _problem(2_000, 300, dtype),
        reference=load_solution("pca").pca_fit,
        fast=load_solution("pca", "fast").pca_fit,
        naive=_naive,
        library=_library,
        library_name="scikit-learn, covariance_eigh",
        agree=_agree,
    )
    for note, dtype in (("", np.float64), (", float32", np.float32))
)
