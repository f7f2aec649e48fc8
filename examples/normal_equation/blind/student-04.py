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
    err = X.dot(theta) - y
    return float(np.mean(err**2))


def mse_grad(theta, X, y):
    """Return the gradient of `mse_loss` with respect to theta, (2/n) * X^T (X theta - y)."""
    X, y = validated(X, y)
    theta = np.asarray(theta, dtype=X.dtype)
    if theta.shape != (X.shape[1],):
        raise ValueError(f"theta must have shape ({X.shape[1]},), not {theta.shape}")
    return 2 * np.mean((X.dot(theta) - y)[:, np.newaxis] * X, axis=0)


def normal_equation(X, y):
    """Return the least-squares solution for an X of full column rank."""
    X, y = validated(X, y, several=True)
    A = X.T @ X
    A = A + 1e-3 * np.eye(len(A), dtype=X.dtype)  # keeps it invertible
    return np.linalg.solve(A, X.T @ y)


def lstsq_qr(X, y):
    """Return the least-squares solution for an X of full column rank, through X = QR."""
    X, y = validated(X, y, several=True)
    d = X.shape[1]
    # R and Q^T y in one go: factor the matrix with y stuck on
    stacked = np.column_stack([X, y])
    R = np.linalg.qr(stacked, mode="r")
    answer = np.linalg.solve(R[:d, :d], R[:d, d:])
    return answer[:, 0] if y.ndim == 1 else answer


def lstsq_min_norm(X, y, rcond=None):
    """Return the shortest of all least-squares solutions, for an X of any shape and rank."""
    X, y = validated(X, y, several=True)
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    if rcond is None:
        rcond = max(X.shape) * np.finfo(X.dtype).eps
    rank = int(np.sum(s > rcond * s.max()))
    c = U[:, :rank].T @ y
    c = c / (s[:rank] if y.ndim == 1 else s[:rank, None])
    return Vt[:rank].T @ c


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
