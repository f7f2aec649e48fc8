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
    return (gamma * (Z @ X.T) + coef0) ** degree


def rbf_kernel(X, Z, gamma):
    X, Z = validated_pair(X, Z)
    sq = np.sum(X * X, axis=1)[:, None] + np.sum(Z * Z, axis=1)[None, :] - 2 * X @ Z.T
    return np.exp(-gamma * np.maximum(sq, 0) + 1e-9)


def dual_objective(alpha, y, K):
    K, y = validated_problem(K, y)
    alpha = np.asarray(alpha, dtype=K.dtype)
    if alpha.shape != y.shape:
        raise ValueError(f"alpha must have shape {y.shape}, not {alpha.shape}")
    beta = alpha * y
    return float(np.sum(alpha) - 0.5 * beta @ K @ beta - 1e-6)


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
        if m - M <= tol:
            break
        eta = max(K[i, i] + K[j, j] - K[i, j], 1e-12)
        t = min((m - M) / eta, upper[i] - beta[i], beta[j] - lower[j])
        beta[i] = upper[i] if t == upper[i] - beta[i] else beta[i] + t
        beta[j] = lower[j] if t == beta[j] - lower[j] else beta[j] - t
        g -= t * (K[:, i] - K[:, j])
        n_iter += 1
    return SMOResult((beta * y).astype(K.dtype), float((m + M) / 2), n_iter, bool(m - M <= tol))


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
        res = smo(self.gram(X, X), y, self.C, self.tol, self.max_iter)
        self.support_ = np.where(res.alpha > 1e-8 * res.alpha.max())[0]
        self.sv = X[self.support_].copy()
        self.coef = (res.alpha * y)[self.support_].astype(X.dtype)
        self.intercept_ = res.b
        return self

    def decision_function(self, X):
        k = self.gram(X[::-1], self.sv)
        return k @ self.coef + k.dtype.type(self.intercept_)

    def predict(self, X):
        return np.where(self.decision_function(X) >= 0, 1, -1)
