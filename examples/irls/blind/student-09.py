"""Logistic regression by iteratively reweighted least squares / 逻辑回归与迭代重加权最小二乘"""

from typing import NamedTuple

import numpy as np


def as_float(values):
    """Return `values` as a float32 array if it is one, else as float64; not a copy where it is right already."""
    values = np.asarray(values)
    return values if values.dtype == np.float32 else values.astype(np.float64, copy=False)


def validated(X, y, lam, theta=None):
    """Return X, y, lam and theta ready for use, or say what is wrong with them."""
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
    """Return the logistic function 1 / (1 + exp(-z)) of every entry."""
    z = as_float(z)
    e = np.exp(-np.abs(z))
    p = 1 / (1 + e)
    return np.where(z >= 0, p, e * p)


def bce_with_logits(z, y):
    """Return the mean cross-entropy of labels y, whose log-odds are modelled as z: mean(log(1 + exp(z)) - y z)."""
    z = as_float(z)
    y = np.asarray(y, z.dtype)
    if z.ndim != 1 or z.shape != y.shape or z.size == 0:
        raise ValueError(f"z and y must have the same shape (n,), not {z.shape} and {y.shape}")
    margin = np.where(y == 1, z, -z)
    losses = np.maximum(-margin, 0) + np.log1p(np.exp(-np.abs(margin)))
    return float(losses.sum() / len(z))


def objective(theta, X, y, lam):
    """Return J(theta) = bce_with_logits(X theta, y) + lam * ||w||^2, a float; arguments as in `gradient`."""
    X, y, lam, theta = validated(X, y, lam, theta)
    w = theta[1:]
    return bce_with_logits(X @ theta, y) + lam * float(w @ w)


def gradient(theta, X, y, lam):
    """Return the gradient of J(theta) = mean cross-entropy + lam * ||w||^2, where theta = (b, w)."""
    X, y, lam, theta = validated(X, y, lam, theta)
    g = X.T @ (sigmoid(X @ theta) - y)
    g[1:] = g[1:] + 2 * lam * theta[1:]
    return g


def hessian(theta, X, y, lam):
    """Return the matrix of second derivatives of J(theta) = mean cross-entropy + lam * ||w||^2, where theta = (b, w)."""
    X, y, lam, theta = validated(X, y, lam, theta)
    e = np.exp(-np.abs(X @ theta))
    weight = e / (1 + e) ** 2
    reg = 2 * lam * np.eye(X.shape[1], dtype=X.dtype)
    reg[0, 0] = 0
    return (X.T * weight) @ X / X.shape[0] + reg


class IRLSResult(NamedTuple):
    """What `irls` returns."""

    theta: np.ndarray  # (d,), the dtype of X
    converged: bool
    n_iter: int
    history: list[float]  # J at the start and after every step: n_iter + 1 numbers


def no_higher(loss, before, dtype):
    """Say whether `loss` is at most `before`, up to rounding in the given dtype. False if it is NaN."""
    return bool(loss <= before * (1 + 8 * float(np.finfo(dtype).eps)))


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    """Minimise J(theta) = mean cross-entropy + lam * ||w||^2, theta = (b, w), by Newton's method with shortened steps."""
    X, y, lam, theta = validated(X, y, lam, theta0)
    n = len(y)
    losses = [objective(theta, X, y, lam)]
    done = False
    steps = 0
    while True:
        grad = gradient(theta, X, y, lam)
        H = hessian(theta, X, y, lam)
        direction = np.linalg.solve(H, grad)
        decrement = np.sqrt(max(n * float(grad @ direction), 0.0))
        if decrement <= tol:
            done = True
            break
        if steps >= max_iter:
            break
        moved = False
        size = 1.0
        for _ in range(60):
            new = theta - size * direction
            value = objective(new, X, y, lam)
            if no_higher(value, losses[-1], X.dtype):
                moved = True
                break
            size = size * 0.5
        if not moved:
            break
        theta = new
        steps += 1
        losses.append(value)
        scores = X @ theta
        if lam == 0 and np.all(scores[y == 1] > 0) and np.all(scores[y == 0] < 0):
            break
    return IRLSResult(theta.copy(), done, steps, losses)


Z95 = 1.959963984540054  # a standard normal variable lies in [-Z95, Z95] with probability 95 %


def odds_ratios(theta, cov):
    """Return the odds ratio of every column but the intercept, with its 95 % confidence interval."""
    theta = as_float(theta)
    cov = np.asarray(cov, theta.dtype)
    if theta.ndim != 1 or cov.shape != (len(theta), len(theta)):
        raise ValueError(f"theta must have shape (d,) and cov (d, d), not {theta.shape} and {cov.shape}")
    ratio = np.exp(theta[1:])
    err = np.sqrt(np.diag(cov))[1:]
    return ratio, np.column_stack((ratio - Z95 * err, ratio + Z95 * err))
