"""Support vector machines by SMO / 支持向量机与 SMO 算法"""

from dataclasses import dataclass

import numpy as np


def validated_pair(X, Z):
    """Return X and Z as float arrays of one dtype, or say what is wrong with them."""
    X, Z = np.asarray(X), np.asarray(Z)
    if X.ndim != 2 or Z.ndim != 2 or X.shape[1] != Z.shape[1]:
        raise ValueError(f"X and Z must have shapes (n, d) and (m, d), not {X.shape} and {Z.shape}")
    dtype = np.float32 if X.dtype == np.float32 and Z.dtype == np.float32 else np.float64
    X, Z = X.astype(dtype, copy=False), Z.astype(dtype, copy=False)
    if not (np.isfinite(X).all() and np.isfinite(Z).all()):
        raise ValueError("X and Z must be finite")
    return X, Z


def validated_problem(K, y, C=1.0):
    """Return K and y as float arrays of one dtype, or say what is wrong with them."""
    K, y = np.asarray(K), np.asarray(y)
    if K.ndim != 2 or K.shape[0] != K.shape[1] or y.shape != K.shape[:1]:
        raise ValueError(f"K must have shape (n, n) and y (n,), not {K.shape} and {y.shape}")
    K = K.astype(np.float32 if K.dtype == np.float32 else np.float64, copy=False)
    if not np.isfinite(K).all():
        raise ValueError("K must be finite")
    if set(np.unique(y).tolist()) != {-1, 1}:
        raise ValueError("y must hold the labels -1 and +1, both of them and nothing else")
    if not 0 < C < np.inf:
        raise ValueError(f"C must be positive and finite, not {C}")
    return K, y.astype(K.dtype)


def linear_kernel(X, Z):
    """Return the matrix of inner products x^T z."""
    X, Z = validated_pair(X, Z)
    return np.inner(X, Z)


def poly_kernel(X, Z, degree, gamma=1.0, coef0=1.0):
    """Return the matrix of (gamma * x^T z + coef0) ** degree."""
    X, Z = validated_pair(X, Z)
    base = gamma * linear_kernel(X, Z) + coef0
    K = np.ones_like(base)
    for _ in range(degree):
        K = K * base
    return K


def rbf_kernel(X, Z, gamma):
    """Return the matrix of exp(-gamma * ||x - z||^2)."""
    X, Z = validated_pair(X, Z)
    xx = (X**2).sum(axis=1).reshape(-1, 1)
    zz = (Z**2).sum(axis=1).reshape(1, -1)
    dist2 = xx + zz - 2 * X @ Z.T
    dist2[dist2 < 0] = 0
    return np.exp(-gamma * dist2)


def dual_objective(alpha, y, K):
    """Return D(alpha) = sum_i alpha_i - (1/2) sum_ij alpha_i alpha_j y_i y_j K_ij."""
    K, y = validated_problem(K, y)
    alpha = np.asarray(alpha, dtype=K.dtype)
    if alpha.shape != y.shape:
        raise ValueError(f"alpha must have shape {y.shape}, not {alpha.shape}")
    v = alpha * y
    return float(alpha.sum() - 0.5 * np.dot(v, np.dot(K, v)))


@dataclass(frozen=True)
class SMOResult:
    """What `smo` returns."""

    alpha: np.ndarray
    b: float
    n_iter: int
    converged: bool


def smo(K, y, C, tol=1e-3, max_iter=100_000):
    """Maximise the dual objective of a support vector machine, two multipliers at a time."""
    K, y = validated_problem(K, y, C)
    n = len(y)
    alpha = np.zeros(n)
    y64 = y.astype(float)
    g = y64.copy()  # y_i - sum_j K_ij alpha_j y_j
    steps = 0
    pos = y64 > 0
    while True:
        up = np.where(pos, alpha < C, alpha > 0)
        low = np.where(pos, alpha > 0, alpha < C)
        i = int(np.argmax(np.where(up, g, -np.inf)))
        j = int(np.argmin(np.where(low, g, np.inf)))
        m, M = g[i], g[j]
        if m - M <= tol or steps >= max_iter:
            break
        eta = max(float(K[i, i] + K[j, j] - 2 * K[i, j]), 1e-12)
        room_i = C - alpha[i] if pos[i] else alpha[i]
        room_j = alpha[j] if pos[j] else C - alpha[j]
        t = min((m - M) / eta, room_i, room_j)
        alpha[i] += t * y64[i]
        alpha[j] -= t * y64[j]
        for k in (i, j):
            if alpha[k] < 1e-12 * C:
                alpha[k] = 0.0
            elif alpha[k] > C * (1 - 1e-12):
                alpha[k] = C
        g -= t * (K[:, i] - K[:, j])
        steps += 1
    return SMOResult(alpha.astype(K.dtype), float((m + M) / 2), steps, bool(m - M <= tol))


class SVC:
    """A support vector classifier for the labels -1 and +1."""

    def __init__(self, C=1.0, kernel="rbf", gamma=1.0, degree=3, coef0=1.0, tol=1e-3, max_iter=100_000):
        if kernel not in ("linear", "poly", "rbf"):
            raise ValueError(f"kernel must be 'linear', 'poly' or 'rbf', not {kernel!r}")
        self.C, self.kernel, self.gamma, self.degree, self.coef0 = C, kernel, gamma, degree, coef0
        self.tol, self.max_iter = tol, max_iter

    def gram(self, X, Z):
        """Return the kernel matrix of the rows of X and of Z."""
        if self.kernel == "linear":
            return linear_kernel(X, Z)
        if self.kernel == "poly":
            return poly_kernel(X, Z, self.degree, self.gamma, self.coef0)
        return rbf_kernel(X, Z, self.gamma)

    def fit(self, X, y):
        """Solve the problem, store `support_`, `intercept_` and what predictions need, and return the model itself."""
        X, _ = validated_pair(X, X)
        r = smo(self.gram(X, X), y, self.C, self.tol, self.max_iter)
        self.support_ = np.nonzero(r.alpha > 1e-8 * r.alpha.max())[0]
        self.sv_x = X[self.support_]
        self.sv_coef = r.alpha[self.support_]
        self.intercept_ = float(r.b)
        return self

    def decision_function(self, X):
        """Return f(x) for the rows of X, an ndarray of shape (m,)."""
        return self.sv_coef @ self.gram(self.sv_x, X) + self.intercept_

    def predict(self, X):
        """Return the predicted labels of the rows of X, an ndarray of shape (m,) of -1 and 1."""
        f = self.decision_function(X)
        labels = np.ones(len(f), dtype=int)
        labels[f < 0] = -1
        return labels
