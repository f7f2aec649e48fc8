"""Logistic regression by iteratively reweighted least squares / 逻辑回归与迭代重加权最小二乘

Write your code where it says YOUR CODE HERE, and hand in this file or the notebook, not both.
请在标有 YOUR CODE HERE 的地方编写代码，并提交本文件或笔记本，二者选一。
"""

from typing import NamedTuple

import numpy as np


class Problem:
    def __init__(self, X, y, lam):
        self.X, self.y, self.lam = X, y, lam
        self.n, self.d = X.shape
        self.mask = np.arange(self.d) > 0
        self.twolam = np.where(self.mask, 2 * lam, 0).astype(X.dtype)

    def loss(self, theta):
        return objective(theta, self.X, self.y, self.lam)

    def p(self, theta):
        return sigmoid(self.X @ theta)

    def grad(self, theta):
        g = (self.p(theta) - self.y) @ self.X / self.n
        return g + self.twolam * theta

    def hess(self, theta):
        p = self.p(theta)
        H = np.einsum("ni,n,nj->ij", self.X, p * (1 - p), self.X, optimize=True) / self.n
        H[self.mask, self.mask] += 2 * self.lam
        return H

    def separates(self, theta):
        return bool((np.where(self.y == 1, 1, -1) * (self.X @ theta) > 0).all())



def as_float(values):
    values = np.asarray(values)
    return values if values.dtype == np.float32 else values.astype(np.float64, copy=False)


def validated(X, y, lam, theta=None):
    X, y = as_float(X), np.asarray(y)
    if X.ndim != 2 or X.size == 0:
        raise ValueError(f"X must have shape (n, d) with n, d >= 1, not {X.shape}")
    if y.shape != (len(X),):
        raise ValueError(f"y must have shape ({len(X)},), one label per row of X, not {y.shape}")
    if not np.isfinite(X).all():
        raise ValueError("X must be finite")
    if not ((y == 0) | (y == 1)).all():
        raise ValueError("the labels in y must be 0 and 1")
    theta = np.zeros(X.shape[1], X.dtype) if theta is None else np.asarray(theta, X.dtype)
    if theta.shape != (X.shape[1],) or not np.isfinite(theta).all():
        raise ValueError(f"theta must be finite, of shape ({X.shape[1]},); shape {theta.shape} came")
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    return X, y.astype(X.dtype), float(lam), theta


def sigmoid(z):
    z = as_float(z)
    print("sigmoid called with", z.shape)
    return np.exp(-np.logaddexp(0, -z)).astype(z.dtype)


def bce_with_logits(z, y):
    z = as_float(z)
    y = np.asarray(y, z.dtype)
    if z.ndim != 1 or z.shape != y.shape or z.size == 0:
        raise ValueError(f"z and y must have the same shape (n,), not {z.shape} and {y.shape}")
    losses = np.where(y == 1, np.logaddexp(0, -z), np.logaddexp(0, z))
    print("losses", losses[:5], "...")
    return float(losses.sum() / len(losses))


def objective(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    w = theta[1:]
    return bce_with_logits(X @ theta, y) + lam * float(w @ w)


def gradient(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    return Problem(X, y, lam).grad(theta)


def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    return Problem(X, y, lam).hess(theta)


class IRLSResult(NamedTuple):
    """What `irls` returns."""

    theta: np.ndarray  # (d,), the dtype of X
    converged: bool
    n_iter: int
    history: list[float]  # J at the start and after every step: n_iter + 1 numbers


def no_higher(loss, before, dtype):
    return bool(loss <= before * (1 + 8 * float(np.finfo(dtype).eps)))


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    X, y, lam, theta = validated(X, y, lam, theta0)
    prob = Problem(X, y, lam)
    history = [prob.loss(theta)]
    print("%4s %14s %12s" % ("it", "J", "delta"))
    for it in range(max_iter + 1):
        if lam == 0 and prob.separates(theta):
            print("separable! giving up")
            return IRLSResult(theta, False, it, history)
        g = prob.grad(theta)
        L = np.linalg.cholesky(prob.hess(theta))
        v = np.linalg.solve(L, g)
        decrement = np.sqrt(v @ v)
        delta = np.sqrt(prob.n) * decrement
        print("%4d %14.8f %12.3e" % (it, history[-1], delta))
        if delta <= tol:
            return IRLSResult(theta, True, it, history)
        if it == max_iter:
            break
        s = -np.linalg.solve(L.T, v)
        t = 1 / (1 + decrement) if decrement > 0.25 else 1.0
        while t > 1e-10 and not no_higher(prob.loss(theta + t * s), history[-1], X.dtype):
            t = t * 0.5
        theta = (theta + t * s).astype(X.dtype)
        history.append(prob.loss(theta))
    return IRLSResult(theta, False, max_iter, history)


Z95 = 1.959963984540054  # a standard normal variable lies in [-Z95, Z95] with probability 95 %


def odds_ratios(theta, cov):
    theta = as_float(theta)
    cov = np.asarray(cov, theta.dtype)
    if theta.ndim != 1 or cov.shape != (len(theta), len(theta)):
        raise ValueError(f"theta must have shape (d,) and cov (d, d), not {theta.shape} and {cov.shape}")
    ratios, intervals = [], []
    for k in range(1, len(theta)):
        se = cov[k, k] ** 0.5
        ratios.append(np.exp(theta[k]))
        intervals.append([np.exp(theta[k] - Z95 * se), np.exp(theta[k] + Z95 * se)])
        print("column", k, "odds ratio", ratios[-1], intervals[-1])
    return np.array(ratios, dtype=theta.dtype), np.array(intervals, dtype=theta.dtype).reshape(-1, 2)
