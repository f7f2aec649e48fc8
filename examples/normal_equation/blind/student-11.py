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
    residual = y - X @ theta
    return -2 * (residual @ X) / X.shape[0]


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
    if rcond is None:
        rcond = max(X.shape) * np.finfo(X.dtype).eps
    u, s, vt = np.linalg.svd(X, full_matrices=False)
    r = 0
    while r < len(s) - 1 and s[r] > rcond * s[0]:
        r += 1
    t = (u[:, :r].T @ y).T / s[:r]
    return vt[:r].T @ t.T


def ridge(X, y, lam):
    """Return intercept and weights that minimise (1/n) * ||y - b - X w||^2 + lam * ||w||^2."""
    X, y = validated(X, y)
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    n, d = X.shape
    xm, ym = np.mean(X, axis=0), np.mean(y)
    # ridge = plain least squares with d extra rows
    extra = np.sqrt(n * float(lam)) * np.eye(d)
    A = np.vstack([X - xm, extra]).astype(X.dtype)
    t = np.concatenate([y - ym, np.zeros(d)]).astype(X.dtype)
    w = np.linalg.lstsq(A, t, rcond=None)[0]
    return float(ym - np.dot(xm, w)), w


class LinearRegression:
    """Linear regression with an intercept, y ~ intercept_ + X @ coef_."""

    def fit(self, X, y):
        """Estimate `coef_` and `intercept_` by least squares and return the model itself."""
        X, y = validated(X, y)
        A = np.column_stack([np.ones(len(X), dtype=X.dtype), X])
        theta = np.linalg.lstsq(A, y, rcond=None)[0]
        self.intercept_ = float(theta[0])
        self.coef_ = theta[1:]
        return self

    def predict(self, X):
        """Return the predictions for the rows of X, an ndarray of shape (n,)."""
        return self.intercept_ + np.matmul(np.asarray(X), self.coef_)
