"""Linear regression by least squares / 线性回归与最小二乘"""

import numpy as np


def validated(X, y, *, several=False):
    """Return X and y as float arrays of one dtype, or say what is wrong with them."""
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


def mse_loss(theta, X, y):
    """Return the mean squared error (1/n) * ||y - X theta||^2."""
    X, y = validated(X, y)
    theta = np.asarray(theta, dtype=X.dtype)
    if theta.shape != (X.shape[1],):
        raise ValueError(f"theta must have shape ({X.shape[1]},), not {theta.shape}")
    r = y - np.matmul(X, theta)
    return float(np.sum(np.square(r)) / r.size)


def mse_grad(theta, X, y):
    """Return the gradient of `mse_loss` with respect to theta, (2/n) * X^T (X theta - y)."""
    X, y = validated(X, y)
    theta = np.asarray(theta, dtype=X.dtype)
    if theta.shape != (X.shape[1],):
        raise ValueError(f"theta must have shape ({X.shape[1]},), not {theta.shape}")
    m = X.shape[0]
    diff = np.dot(X, theta) - y
    return np.dot(diff, X) / m


def normal_equation(X, y):
    """Return the least-squares solution for an X of full column rank."""
    X, y = validated(X, y, several=True)
    A = X.T.dot(X)
    rhs = X.T.dot(y)
    return np.linalg.solve(A, rhs)


def lstsq_qr(X, y):
    """Return the least-squares solution for an X of full column rank, through X = QR."""
    X, y = validated(X, y, several=True)
    q, r = np.linalg.qr(X)
    c = q.T @ y
    # back substitution, from the last row up
    theta = np.zeros_like(c)
    for i in range(len(c) - 1, -1, -1):
        theta[i] = (c[i] - r[i, i + 1 :] @ theta[i + 1 :]) / r[i, i]
    return theta


def lstsq_min_norm(X, y, rcond=None):
    """Return the shortest of all least-squares solutions, for an X of any shape and rank."""
    X, y = validated(X, y, several=True)
    eps = np.finfo(X.dtype).eps
    cutoff = (max(X.shape) * eps if rcond is None else rcond)
    u, s, vt = np.linalg.svd(X, full_matrices=False)
    theta = np.zeros((X.shape[1],) + y.shape[1:], dtype=X.dtype)
    for i in range(len(s)):
        if s[i] <= cutoff * s[0]:
            break
        theta += np.multiply.outer(vt[i], u[:, i] @ y / s[i])
    return theta


def ridge(X, y, lam):
    """Return intercept and weights that minimise (1/n) * ||y - b - X w||^2 + lam * ||w||^2."""
    X, y = validated(X, y)
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    n, d = X.shape
    mx = X.mean(axis=0)
    my = y.mean()
    Z = X - mx
    w = np.linalg.solve(Z.T @ Z + n * lam * np.eye(d, dtype=X.dtype), Z.T @ (y - my))
    b = my - mx @ w
    return float(b), w


class LinearRegression:
    """Linear regression with an intercept, y ~ intercept_ + X @ coef_."""

    def fit(self, X, y):
        """Estimate `coef_` and `intercept_` by least squares and return the model itself."""
        X, y = validated(X, y)
        x_bar, y_bar = X.mean(axis=0), y.mean()
        self.coef_ = lstsq_qr(X - x_bar, y - y_bar)
        self.intercept_ = float(y_bar - x_bar @ self.coef_)
        return self

    def predict(self, X):
        """Return the predictions for the rows of X, an ndarray of shape (n,)."""
        X = np.asarray(X)
        return X.dot(self.coef_) + self.intercept_
