from dataclasses import dataclass

import numpy as np


def validated_pair(X, Z):
    X, Z = np.asarray(X), np.asarray(Z)
    if X.ndim != 2 or Z.ndim != 2 or X.shape[1] != Z.shape[1]:
        raise ValueError(f"X and Z must have shapes (n, d) and (m, d), not {X.shape} and {Z.shape}")
    dtype = np.float32 if X.dtype == np.float32 and Z.dtype == np.float32 else np.float64
    X, Z = X.astype(dtype, copy=False), Z.astype(dtype, copy=False)
    if not (np.isfinite(X).all() and np.isfinite(Z).all()):
        raise ValueError("X and Z must be finite")
    return X, Z


def validated_problem(K, y, C=1.0):
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
    X, Z = validated_pair(X, Z)
    return X @ Z.T


def poly_kernel(X, Z, degree, gamma=1.0, coef0=1.0):
    X, Z = validated_pair(X, Z)
    return (gamma * (X @ Z.T) + coef0) ** degree


def rbf_kernel(X, Z, gamma):
    X, Z = validated_pair(X, Z)
    sq = np.sum(X * X, axis=1)[:, None] + np.sum(Z * Z, axis=1)[None, :] - 2 * X @ Z.T
    return np.exp(-gamma * np.maximum(sq, 0))


def dual_objective(alpha, y, K):
    K, y = validated_problem(K, y)
    alpha = np.asarray(alpha, dtype=K.dtype)
    if alpha.shape != y.shape:
        raise ValueError(f"alpha must have shape {y.shape}, not {alpha.shape}")
    v = alpha * y
    return float(alpha.sum() - 0.5 * v @ K @ v)


@dataclass(frozen=True)
class SMOResult:
    alpha: np.ndarray
    b: float
    n_iter: int
    converged: bool


def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    n = len(y)
    beta = np.zeros(n)
    g = y.astype(float)
    lower = np.where(y > 0, 0.0, -C)
    upper = np.where(y > 0, C, 0.0)
    n_iter = 0
    while True:
        up = np.where(beta < upper, g, -np.inf)
        low = np.where(beta > lower, g, np.inf)
        i, j = up.argmax(), low.argmin()
        m, M = up[i], low[j]
        if m - M <= tol or n_iter == max_iter:
            break
        eta = max(K[i, i] + K[j, j] - 2 * K[i, j], 1e-12)
        t = min((m - M) / eta, upper[i] - beta[i], beta[j] - lower[j])
        beta[i] = upper[i] if t == upper[i] - beta[i] else beta[i] + t
        beta[j] = lower[j] if t == beta[j] - lower[j] else beta[j] - t
        g -= t * (K[:, i] - K[:, j])
        n_iter += 1
    alpha = beta * y
    eps = 1e-8 * C
    on_margin = np.where((alpha > eps) & (alpha < C - eps))[0]
    b = float(np.mean([y[s] - np.sum(beta * K[s]) for s in on_margin]))
    return SMOResult(alpha.astype(K.dtype), b, n_iter, bool(m - M <= tol))


class SVC:
    def __init__(self, C=1.0, kernel="rbf", gamma=1.0, degree=3, coef0=1.0, tol=1e-3, max_iter=100_000):
        if kernel not in ("linear", "poly", "rbf"):
            raise ValueError(f"kernel must be 'linear', 'poly' or 'rbf', not {kernel!r}")
        self.C, self.kernel, self.gamma, self.degree, self.coef0 = C, kernel, gamma, degree, coef0
        self.tol, self.max_iter = tol, max_iter

    def gram(self, X, Z):
        if self.kernel == "linear":
            return linear_kernel(X, Z)
        if self.kernel == "poly":
            return poly_kernel(X, Z, self.degree, self.gamma, self.coef0)
        return rbf_kernel(X, Z, self.gamma)

    def fit(self, X, y):
        X, _ = validated_pair(X, X)
        y = np.asarray(y)
        out = smo(self.gram(X, X), y, self.C, self.tol, self.max_iter)
        a = out.alpha
        self.support_ = np.flatnonzero((a > 1e-8 * a.max()) & (a < self.C * (1 - 1e-8)))
        self.train_X = X.copy()
        self.signed = (a * y).astype(X.dtype)
        self.intercept_ = out.b
        return self

    def decision_function(self, X):
        f = self.gram(X, self.train_X) @ self.signed
        return f + f.dtype.type(self.intercept_)

    def predict(self, X):
        return np.where(self.decision_function(X) >= 0, 1, -1)
