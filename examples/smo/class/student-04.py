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
    K = np.empty((len(X), len(Z)), dtype=X.dtype)
    for i in range(len(X)):
        for j in range(len(Z)):
            K[i, j] = np.dot(X[i], Z[j])
    return K


def poly_kernel(X, Z, degree, gamma=1.0, coef0=1.0):
    K = linear_kernel(X, Z)
    return (gamma * K + coef0) ** degree


def rbf_kernel(X, Z, gamma):
    X, Z = validated_pair(X, Z)
    K = np.empty((len(X), len(Z)), dtype=X.dtype)
    for i in range(len(X)):
        K[i] = np.exp(-gamma * np.sum((X[i] - Z) ** 2, axis=1))
    return K


def dual_objective(alpha, y, K):
    K, y = validated_problem(K, y)
    alpha = np.asarray(alpha, dtype=K.dtype)
    if alpha.shape != y.shape:
        raise ValueError(f"alpha must have shape {y.shape}, not {alpha.shape}")
    total = 0.0
    for i in range(len(y)):
        for j in range(len(y)):
            total += alpha[i] * alpha[j] * y[i] * y[j] * K[i, j]
    return float(sum(alpha) - total / 2)


@dataclass(frozen=True)
class SMOResult:
    alpha: np.ndarray
    b: float
    n_iter: int
    converged: bool


def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    dtype = K.dtype
    K = K.astype(float)
    n = len(y)
    alpha = [0.0] * n
    g = [float(v) for v in y]
    count = 0
    while True:
        # find the most violating pair
        m, M = float("-inf"), float("inf")
        i = j = -1
        for k in range(n):
            if y[k] > 0:
                can_grow = alpha[k] < C
                can_shrink = alpha[k] > 0
            else:
                can_grow = alpha[k] > 0
                can_shrink = alpha[k] < C
            if can_grow and g[k] > m:
                m, i = g[k], k
            if can_shrink and g[k] < M:
                M, j = g[k], k
        if m - M <= tol or count >= max_iter:
            break
        eta = K[i, i] + K[j, j] - 2 * K[i, j]
        if eta < 1e-12:
            eta = 1e-12
        t = (m - M) / eta
        t = min(t, C - alpha[i] if y[i] > 0 else alpha[i])
        t = min(t, alpha[j] if y[j] > 0 else C - alpha[j])
        alpha[i] = min(max(alpha[i] + y[i] * t, 0.0), C)
        alpha[j] = min(max(alpha[j] - y[j] * t, 0.0), C)
        for k in (i, j):
            if alpha[k] < 1e-13 * C:
                alpha[k] = 0.0
            if alpha[k] > C - 1e-13 * C:
                alpha[k] = float(C)
        for k in range(n):
            g[k] = g[k] - t * (K[k, i] - K[k, j])
        count += 1
    return SMOResult(np.array(alpha, dtype=dtype), float((m + M) / 2), count, bool(m - M <= tol))


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
        result = smo(self.gram(X, X), y, self.C, self.tol, self.max_iter)
        top = max(result.alpha)
        index = []
        for i, a in enumerate(result.alpha):
            if a > 1e-8 * top:
                index.append(i)
        self.support_ = np.array(index)
        self.X_sv = np.array([X[i] for i in index])
        self.w_sv = np.array([result.alpha[i] * y[i] for i in index], dtype=X.dtype)
        self.intercept_ = result.b
        return self

    def decision_function(self, X):
        K = self.gram(X, self.X_sv)
        f = np.zeros(len(K), dtype=K.dtype)
        for i in range(len(K)):
            f[i] = np.sum(K[i] * self.w_sv) + self.intercept_
        return f

    def predict(self, X):
        return np.array([1 if v >= 0 else -1 for v in self.decision_function(X)])
