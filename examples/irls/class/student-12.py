"""Logistic regression by iteratively reweighted least squares / 逻辑回归与迭代重加权最小二乘

Write your code where it says YOUR CODE HERE, and hand in this file or the notebook, not both.
请在标有 YOUR CODE HERE 的地方编写代码，并提交本文件或笔记本，二者选一。
"""

from typing import NamedTuple

import numpy as np


def as_float(values):
    """Return `values` as a float32 array if it is one, else as float64; not a copy where it is right already."""
    values = np.asarray(values)
    return values if values.dtype == np.float32 else values.astype(np.float64, copy=False)


def validated(X, y, lam, theta=None):
    """Return X, y, lam and theta ready for use, or say what is wrong with them.

    Parameters
    ----------
    X : array_like of shape (n, d)
    y : array_like of shape (n,), zeros and ones
    lam : float, >= 0
    theta : array_like of shape (d,), optional
        Zeros if it is None.

    Returns
    -------
    X, y, theta : ndarray, float32 if X came as float32, else float64
        Not copies where the dtype is already right: do not write into them.
    lam : float
        The four come in the order X, y, lam, theta.

    Raises
    ------
    ValueError
        If a shape does not fit, there are no samples or no columns, an entry is not finite, a label is neither 0 nor 1,
        or `lam` is negative.
    """
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
    """Return the logistic function 1 / (1 + exp(-z)) of every entry.

    Parameters
    ----------
    z : array_like of any shape, finite

    Returns
    -------
    p : ndarray of the shape of z, float32 if z is, else float64
        In [0, 1], to within 4 units of rounding.

    Examples
    --------
    >>> np.round(sigmoid([-1000.0, 0.0, np.log(3.0)]), 12)
    array([0.  , 0.5 , 0.75])
    """
    z = as_float(z)
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def bce_with_logits(z, y):
    """Return the mean cross-entropy of labels y, whose log-odds are modelled as z: mean(log(1 + exp(z)) - y z).

    Parameters
    ----------
    z : array_like of shape (n,), finite
    y : array_like of shape (n,), zeros and ones

    Returns
    -------
    loss : float, >= 0, in nats

    Raises
    ------
    ValueError
        If z and y are not vectors of one length.

    Examples
    --------
    >>> round(bce_with_logits([0.0, np.log(3.0)], [1, 0]), 12)
    1.03972077084
    """
    z = as_float(z)
    y = np.asarray(y, z.dtype)
    if z.ndim != 1 or z.shape != y.shape or z.size == 0:
        raise ValueError(f"z and y must have the same shape (n,), not {z.shape} and {y.shape}")
    return float(np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))))


def objective(theta, X, y, lam):
    """Return J(theta) = bce_with_logits(X theta, y) + lam * ||w||^2, a float; arguments as in `gradient`."""
    X, y, lam, theta = validated(X, y, lam, theta)
    w = theta[1:]
    return bce_with_logits(X @ theta, y) + lam * float(w @ w)


def gradient(theta, X, y, lam):
    """Return the gradient of J(theta) = mean cross-entropy + lam * ||w||^2, where theta = (b, w).

    Parameters
    ----------
    theta : array_like of shape (d,)
    X : array_like of shape (n, d)
        Holds the column of ones, as its first column.
    y : array_like of shape (n,), zeros and ones
    lam : float, >= 0

    Returns
    -------
    grad : ndarray of shape (d,), dtype of X

    Raises
    ------
    ValueError
        If the arguments do not fit together (see `validated`).

    Examples
    --------
    >>> gradient([0.0, 0.0], [[1.0, 0.0], [1.0, 2.0]], [1, 0], 0.0)
    array([0. , 0.5])
    """
    X, y, lam, theta = validated(X, y, lam, theta)
    p = sigmoid(X @ theta)
    g = X.T @ (p - y) / len(y)
    g[1:] += 2 * lam * theta[1:]
    return g


def hessian(theta, X, y, lam):
    """Return the matrix of second derivatives of J(theta) = mean cross-entropy + lam * ||w||^2, where theta = (b, w).

    Parameters
    ----------
    theta : array_like of shape (d,)
    X : array_like of shape (n, d)
        Holds the column of ones, as its first column.
    y : array_like of shape (n,), zeros and ones
    lam : float, >= 0

    Returns
    -------
    H : ndarray of shape (d, d), dtype of X

    Raises
    ------
    ValueError
        If the arguments do not fit together (see `validated`).

    Examples
    --------
    >>> hessian([0.0, 0.0], [[1.0, 0.0], [1.0, 2.0]], [1, 0], 0.0)
    array([[0.25, 0.25],
           [0.25, 0.5 ]])
    """
    X, y, lam, theta = validated(X, y, lam, theta)
    p = sigmoid(X @ theta)
    s = p * (1 - p)
    H = (X * s[:, None]).T @ X / len(X)
    for j in range(1, X.shape[1]):
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
    """Minimise J(theta) = mean cross-entropy + lam * ||w||^2, theta = (b, w), by Newton's method with shortened steps.

    Parameters
    ----------
    X : array_like of shape (n, d)
        Holds the column of ones, as its first column. Full column rank if lam = 0.
    y : array_like of shape (n,), zeros and ones
    lam : float, >= 0
    theta0 : array_like of shape (d,), optional
        Where to start. Default: zeros.
    tol : float
        Distance from the minimum in standard errors, sqrt(n g^T H^-1 g), at which to stop.
    max_iter : int, >= 1
        The greatest number of steps.

    Returns
    -------
    IRLSResult
        `theta`, `converged`, `n_iter`, `history`. Not converged if the data are separable and lam = 0.

    Raises
    ------
    ValueError
        If the arguments do not fit together (see `validated`).

    Examples
    --------
    >>> X = np.column_stack([np.ones(8), np.repeat([0.0, 1.0], 4)])
    >>> result = irls(X, [0, 0, 0, 1, 0, 1, 1, 1])
    >>> np.round(result.theta, 4), result.converged
    (array([-1.0986,  2.1972]), True)
    """
    X, y, lam, theta = validated(X, y, lam, theta0)
    dtype = X.dtype
    X, y, theta = X.astype(float), y.astype(float), theta.astype(float)
    J = objective(theta, X, y, lam)
    history = [J]
    lr = 1.0
    converged = False
    for k in range(max_iter):
        g = gradient(theta, X, y, lam)
        H = hessian(theta, X, y, lam)
        if lam == 0 and ((2 * y - 1) * (X @ theta) > 0).all():
            break
        if np.sqrt(len(y) * abs(g @ np.linalg.solve(H, g))) <= tol:
            converged = True
            break
        lr = lr * 2
        while objective(theta - lr * g, X, y, lam) > J - 0.5 * lr * (g @ g) and lr > 1e-15:
            lr = lr / 2
        theta = theta - lr * g
        J = objective(theta, X, y, lam)
        history.append(J)
    return IRLSResult(theta.astype(dtype), converged, len(history) - 1, history)


Z95 = 1.959963984540054  # a standard normal variable lies in [-Z95, Z95] with probability 95 %


def odds_ratios(theta, cov):
    """Return the odds ratio of every column but the intercept, with its 95 % confidence interval.

    Parameters
    ----------
    theta : array_like of shape (d,)
        The estimate (b, w), intercept first.
    cov : array_like of shape (d, d)
        Its covariance matrix, intercept included.

    Returns
    -------
    ratios : ndarray of shape (d - 1,), dtype of theta
        exp(w).
    intervals : ndarray of shape (d - 1, 2), dtype of theta
        exp(w - Z95 s) and exp(w + Z95 s), where s holds the standard errors.

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> ratios, intervals = odds_ratios([-1.0, np.log(2.0)], [[1.0, 0.1], [0.1, 0.25]])
    >>> np.round(ratios, 3), np.round(intervals, 3)
    (array([2.]), array([[0.751, 5.329]]))
    """
    theta = as_float(theta)
    cov = np.asarray(cov, theta.dtype)
    if theta.ndim != 1 or cov.shape != (len(theta), len(theta)):
        raise ValueError(f"theta must have shape (d,) and cov (d, d), not {theta.shape} and {cov.shape}")
    w = theta[1:]
    s = np.sqrt(np.diag(cov))[1:]
    z = theta.dtype.type(Z95)
    return np.exp(w), np.column_stack([np.exp(w - z * s), np.exp(w + z * s)])
