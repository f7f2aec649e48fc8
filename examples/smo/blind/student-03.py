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
    return np.einsum("id,jd->ij", X, Z)


def poly_kernel(X, Z, degree, gamma=1.0, coef0=1.0):
    """Return the matrix of (gamma * x^T z + coef0) ** degree."""
    X, Z = validated_pair(X, Z)
    return (gamma * (X @ Z.T + coef0)) ** degree


def rbf_kernel(X, Z, gamma):
    """Return the matrix of exp(-gamma * ||x - z||^2)."""
    X, Z = validated_pair(X, Z)
    K = np.empty((len(X), len(Z)), dtype=X.dtype)
    for i, x in enumerate(X):
        K[i] = np.exp(-gamma * np.sum((Z - x) ** 2, axis=1))
    return K


def dual_objective(alpha, y, K):
    """Return D(alpha) = sum_i alpha_i - (1/2) sum_ij alpha_i alpha_j y_i y_j K_ij."""
    K, y = validated_problem(K, y)
    alpha = np.asarray(alpha, dtype=K.dtype)
    if alpha.shape != y.shape:
        raise ValueError(f"alpha must have shape {y.shape}, not {alpha.shape}")
    Q = np.outer(y, y) * K
    return float(np.sum(alpha) - 0.5 * alpha @ Q @ alpha)


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
    beta = np.zeros(len(y))
    top, bottom = np.maximum(C * y, 0).astype(float), np.minimum(C * y, 0).astype(float)
    grad = y.astype(float)
    diag = np.diag(K)
    count = 0
    while True:
        can_grow, can_shrink = beta < top, beta > bottom
        i = np.flatnonzero(can_grow)[np.argmax(grad[can_grow])]
        lowest = grad[can_shrink].min()
        gap = grad[i] - lowest
        if gap <= tol or count == max_iter:
            break
        eta = np.maximum(diag[i] + diag - 2 * K[i], 1e-12)
        diff = grad[i] - grad
        gain = np.where(can_shrink & (diff > 0), diff**2 / eta, -1.0)
        j = int(gain.argmax())
        step = min(diff[j] / eta[j], top[i] - beta[i], beta[j] - bottom[j])
        beta[i] += step
        beta[j] -= step
        grad -= step * (K[i] - K[j])
        count += 1
    b = 0.5 * (grad[i] + lowest)
    free = (beta > bottom) & (beta < top) & (beta != 0)
    if gap <= tol and free.any():
        b = grad[free].mean()
    return SMOResult((beta * y).astype(K.dtype), float(b), count, bool(gap <= tol))


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
        y = np.asarray(y)
        K = self.gram(X, X)
        solution = smo(K, y, self.C, tol=self.tol, max_iter=self.max_iter)
        sv = solution.alpha > 1e-8 * solution.alpha.max()
        self.support_ = np.where(sv)[0]
        self.sv_x = X[sv]
        self.sv_coef = (solution.alpha * y)[sv].astype(X.dtype)
        self.intercept_ = float(solution.b)
        return self

    def decision_function(self, X):
        """Return f(x) for the rows of X, an ndarray of shape (m,)."""
        K = self.gram(X, self.sv_x)
        return K.dot(self.sv_coef) + self.intercept_

    def predict(self, X):
        """Return the predicted labels of the rows of X, an ndarray of shape (m,) of -1 and 1."""
        return np.where(self.decision_function(X) < 0, -1, 1)
