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
    out = np.empty_like(z)
    pos = z >= 0
    out[pos] = 1 / (1 + np.exp(-z[pos]))
    ez = np.exp(z[~pos])
    out[~pos] = ez / (1 + ez)
    return out


def bce_with_logits(z, y):
    """Return the mean cross-entropy of labels y, whose log-odds are modelled as z: mean(log(1 + exp(z)) - y z)."""
    z = as_float(z)
    y = np.asarray(y, z.dtype)
    if z.ndim != 1 or z.shape != y.shape or z.size == 0:
        raise ValueError(f"z and y must have the same shape (n,), not {z.shape} and {y.shape}")
    wrong_side = (1 - 2 * y) * z
    return float(np.mean(np.logaddexp(0, wrong_side)))


def objective(theta, X, y, lam):
    """Return J(theta) = bce_with_logits(X theta, y) + lam * ||w||^2, a float; arguments as in `gradient`."""
    X, y, lam, theta = validated(X, y, lam, theta)
    w = theta[1:]
    return bce_with_logits(X @ theta, y) + lam * float(w @ w)


def gradient(theta, X, y, lam):
    """Return the gradient of J(theta) = mean cross-entropy + lam * ||w||^2, where theta = (b, w)."""
    X, y, lam, theta = validated(X, y, lam, theta)
    n, d = X.shape
    error = sigmoid(X @ theta) - y
    g = np.zeros(d, dtype=X.dtype)
    for j in range(d):
        g[j] = np.dot(error, X[:, j]) / n
        if j > 0:
            g[j] += 2 * lam * theta[j]
    return g


def hessian(theta, X, y, lam):
    """Return the matrix of second derivatives of J(theta) = mean cross-entropy + lam * ||w||^2, where theta = (b, w)."""
    X, y, lam, theta = validated(X, y, lam, theta)
    z = X @ theta
    s = np.sqrt(sigmoid(z) * sigmoid(-z))
    A = X * s[:, np.newaxis]
    H = A.T @ A / len(y)
    for j in range(1, len(theta)):
        H[j, j] += 2 * lam
    return H


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
    history = [objective(theta, X, y, lam)]
    converged = False
    sign = np.where(y == 1, 1, -1)
    for _ in range(max_iter + 1):
        g = gradient(theta, X, y, lam)
        s = -np.linalg.solve(hessian(theta, X, y, lam), g)
        if -len(y) * np.dot(g, s) <= tol**2:
            converged = True
            break
        if len(history) == max_iter + 1:
            break
        t, J = 1.0, objective(theta + s, X, y, lam)
        while not no_higher(J, history[-1], X.dtype) and t > 1e-18:
            t /= 2
            J = objective(theta + t * s, X, y, lam)
        if t <= 1e-18:
            break
        theta = theta + t * s
        history.append(J)
        if lam == 0 and (sign * (X @ theta) > 0).all():
            break  # separable
    return IRLSResult(np.asarray(theta), converged, len(history) - 1, history)


Z95 = 1.959963984540054  # a standard normal variable lies in [-Z95, Z95] with probability 95 %


def odds_ratios(theta, cov):
    """Return the odds ratio of every column but the intercept, with its 95 % confidence interval."""
    theta = as_float(theta)
    cov = np.asarray(cov, theta.dtype)
    if theta.ndim != 1 or cov.shape != (len(theta), len(theta)):
        raise ValueError(f"theta must have shape (d,) and cov (d, d), not {theta.shape} and {cov.shape}")
    coef = theta[1:]
    se = np.diag(cov)[1:]
    return np.exp(coef), np.exp(np.array([coef - Z95 * se, coef + Z95 * se]).T)
