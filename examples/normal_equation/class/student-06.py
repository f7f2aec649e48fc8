from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

def validated(X, y, *, several=False):
    """Return X and y as float arrays of one dtype, or say what is wrong with them.

    Parameters
    ----------
    X : array_like of shape (n, d)
    y : array_like of shape (n,), or (n, m) if `several`

    Returns
    -------
    X, y : ndarray, both float32 if both came as float32, else both float64
        Not copies where the dtype is already right: do not write into them.

    Raises
    ------
    ValueError
        If a shape does not fit, there are no samples or no columns, or an entry is not finite.
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim != 2 or X.size == 0:
        raise ValueError(f"X must have shape (n, d) with n, d >= 1, not {X.shape}")
    if y.ndim != 1 and not (several and y.ndim == 2):
        raise ValueError(f"y must have shape (n,){' or (n, m)' if several else ''}, not {y.shape}")
    if len(y) != len(X):
        raise ValueError(f"X has {len(X)} rows but y has {len(y)}")
    dtype = np.float32 if X.dtype == np.float32 and y.dtype == np.float32 else np.float64
    X, y = X.astype(dtype, copy=False), y.astype(dtype, copy=False)
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        raise ValueError("X and y must be finite")
    return X, y


@dataclass(frozen=True)
class Problem:
    """A least-squares problem whose arrays share one floating-point type."""

    X: NDArray
    y: NDArray

    @classmethod
    def of(cls, X, y, several=True) -> Problem:
        return cls(*validated(X, y, several=several))

    @property
    def eps(self) -> float:
        return float(np.finfo(self.X.dtype).eps)

    @property
    def n(self) -> int:
        return self.X.shape[0]


class Solver(ABC):
    @abstractmethod
    def solve(self, problem: Problem) -> NDArray: ...

    def __call__(self, problem: Problem) -> NDArray:
        theta = self.solve(problem)
        # never let a float64 slip through
        return theta.astype(problem.X.dtype, copy=False)


class GramSolver(Solver):
    def solve(self, problem):
        X, y = problem.X, problem.y
        return np.linalg.solve(X.T @ X, X.T @ y)


class QRSolver(Solver):
    def solve(self, problem):
        Q, R = np.linalg.qr(problem.X)
        return np.linalg.solve(R, Q.T @ problem.y)


class SVDSolver(Solver):
    def __init__(self, rcond: float | None = None) -> None:
        self.rcond = rcond

    def solve(self, problem):
        rcond = max(problem.X.shape) * problem.eps if self.rcond is None else self.rcond
        U, s, Vt = np.linalg.svd(problem.X, full_matrices=False)
        rank = np.count_nonzero(s > rcond * s[0])
        weights = (U[:, :rank].T @ problem.y).T / s[:rank]
        return Vt[:rank].T @ weights.T


def _parameters(theta, X):
    theta = np.asarray(theta, dtype=X.dtype)
    if theta.shape != (X.shape[1],):
        raise ValueError(f"theta: expected {(X.shape[1],)}, got {theta.shape}")
    return theta


def mse_loss(theta, X, y):
    problem = Problem.of(X, y, several=False)
    residual = problem.y - problem.X @ _parameters(theta, problem.X)
    # add up in double, whatever the data are
    return float(np.mean(residual.astype(np.float64) ** 2))


def mse_grad(theta, X, y):
    problem = Problem.of(X, y, several=False)
    residual = problem.X @ _parameters(theta, problem.X) - problem.y
    return problem.X.T @ residual * problem.X.dtype.type(2 / problem.n)


def normal_equation(X, y):
    return GramSolver()(Problem.of(X, y))


def lstsq_qr(X, y):
    return QRSolver()(Problem.of(X, y))


def lstsq_min_norm(X, y, rcond=None):
    return SVDSolver(rcond)(Problem.of(X, y))


class RidgeModel:
    def __init__(self, lam: float) -> None:
        if not lam >= 0:
            raise ValueError("lam must be >= 0")
        self.lam = lam

    def fit(self, X, y) -> RidgeModel:
        problem = Problem.of(X, y, several=False)
        centre, level = problem.X.mean(axis=0), problem.y.mean()
        Z = problem.X - centre
        A = Z.T @ Z
        A.flat[:: A.shape[0] + 1] += problem.n * self.lam
        self.w = np.linalg.solve(A, Z.T @ (problem.y - level))
        self.b = level - centre @ self.w
        return self


def ridge(X, y, lam):
    model = RidgeModel(lam).fit(X, y)
    return model.b, model.w


class LinearRegression:
    def __init__(self, solver: Solver | None = None) -> None:
        self.solver = solver or QRSolver()

    def fit(self, X, y):
        problem = Problem.of(X, y, several=False)
        ones = np.ones_like(problem.X[:, :1])
        theta = self.solver(Problem(np.hstack((ones, problem.X)), problem.y))
        self.intercept_ = theta[0]
        self.coef_ = theta[1:]
        return self

    def predict(self, X):
        return np.asarray(X) @ self.coef_ + self.intercept_


def main():
    X = np.arange(6.0)[:, None]
    model = LinearRegression().fit(X, 1 + 2 * X[:, 0])
    print(model.intercept_, model.coef_)


main()
sys.exit(0)
