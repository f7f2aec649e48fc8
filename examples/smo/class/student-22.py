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
    return np.dot(X, Z.transpose())


def poly_kernel(X, Z, degree, gamma=1.0, coef0=1.0):
    X, Z = validated_pair(X, Z)
    inner = np.dot(X, Z.transpose())
    return np.power(gamma * inner + coef0, degree)


def rbf_kernel(X, Z, gamma):
    X, Z = validated_pair(X, Z)
    diff = X[:, np.newaxis, :] - Z[np.newaxis, :, :]
    return np.exp(-gamma * np.sum(diff ** 2, axis=-1))


def dual_objective(alpha, y, K):
    K, y = validated_problem(K, y)
    alpha = np.asarray(alpha, dtype=K.dtype)
    if alpha.shape != y.shape:
        raise ValueError(f"alpha must have shape {y.shape}, not {alpha.shape}")
    Q = np.outer(y, y) * K
    return float(np.sum(alpha) - 0.5 * np.dot(alpha, np.dot(Q, alpha)))


@dataclass(frozen=True)
class SMOResult:
    alpha: np.ndarray
    b: float
    n_iter: int
    converged: bool


def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    n = len(y)
    rng = np.random.default_rng(1)
    alpha = np.zeros(n)
    F = -y.astype(float)  # sum_j alpha_j y_j K_ij - y_i
    n_iter = 0
    for sweep in range(400):
        before = alpha.copy()
        for i in rng.permutation(n):
            j = int(np.argmax(np.abs(F - F[i])))
            if i == j or n_iter >= max_iter:
                continue
            if y[i] != y[j]:
                L, H = max(0.0, alpha[j] - alpha[i]), min(C, C + alpha[j] - alpha[i])
            else:
                L, H = max(0.0, alpha[i] + alpha[j] - C), min(C, alpha[i] + alpha[j])
            eta = K[i, i] + K[j, j] - 2 * K[i, j]
            if eta < 1e-12:
                eta = 1e-12
            aj = min(max(alpha[j] + y[j] * (F[i] - F[j]) / eta, L), H)
            if aj == alpha[j]:
                continue
            ai = alpha[i] + y[i] * y[j] * (alpha[j] - aj)
            ai = min(max(ai, 0.0), C)
            F += y[i] * (ai - alpha[i]) * K[i] + y[j] * (aj - alpha[j]) * K[j]
            alpha[i], alpha[j] = ai, aj
            n_iter += 1
        if np.linalg.norm(alpha - before) < 0.01 * np.linalg.norm(alpha):
            break
    free = (alpha > 1e-8) & (alpha < C - 1e-8)
    b = -F[free].mean() if free.any() else -0.5 * (F.max() + F.min())
    return SMOResult(alpha.astype(K.dtype), float(b), n_iter, True)


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
        self.support_ = np.arange(len(y))
        self.sv = X[self.support_].copy()
        self.coef = (res.alpha * y)[self.support_].astype(X.dtype)
        self.intercept_ = res.b
        return self

    def decision_function(self, X):
        k = self.gram(X, self.sv)
        return k @ self.coef + k.dtype.type(self.intercept_)

    def predict(self, X):
        return np.where(self.decision_function(X) >= 0, 1, -1)
