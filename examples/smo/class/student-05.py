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
    # 二阶选择；缓存误差 E = f - y（不含 b）
    K, y = validated_problem(K, y, C)
    kernel = K.astype(np.float64)
    标签 = y.astype(np.float64)
    alpha = np.zeros(len(y))
    E = -标签.copy()
    对角 = kernel.diagonal().copy()
    正类 = 标签 > 0
    步数 = 0
    while True:
        可增 = np.where(正类, alpha < C, alpha > 0)
        可减 = np.where(正类, alpha > 0, alpha < C)
        i = int(np.argmin(np.where(可增, E, np.inf)))      # E 最小者
        最大 = float(np.max(np.where(可减, E, -np.inf)))
        违反量 = 最大 - E[i]
        if 违反量 <= tol or 步数 >= max_iter:
            break
        差 = E - E[i]
        eta = np.maximum(对角 + 对角[i] - 2 * kernel[:, i], 1e-12)
        j = int(np.argmax(np.where(可减 & (差 > 0), 差 ** 2 / eta, -np.inf)))
        空间 = [C - alpha[i] if 正类[i] else alpha[i], alpha[j] if 正类[j] else C - alpha[j]]
        t = min(差[j] / eta[j], *空间)
        alpha[i] = (C if 正类[i] else 0.0) if t == 空间[0] else alpha[i] + 标签[i] * t
        alpha[j] = (0.0 if 正类[j] else C) if t == 空间[1] else alpha[j] - 标签[j] * t
        E += t * (kernel[:, i] - kernel[:, j])
        步数 += 1
    b = -(E[i] + 最大) / 2
    return SMOResult(alpha.astype(K.dtype), float(b), 步数, bool(违反量 <= tol))


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
        结果 = smo(self.gram(X, X), y, self.C, self.tol, self.max_iter)
        self.support_ = np.nonzero(结果.alpha > 1e-8 * 结果.alpha.max())[0]
        self.intercept_ = 结果.b
        self.beta_ = 结果.alpha * np.asarray(y).astype(结果.alpha.dtype)
        self.X_ = X.copy()
        return self

    def decision_function(self, X):
        # 对所有样本求和；alpha = 0 的样本不影响结果
        f = self.gram(X, self.X_) @ self.beta_
        f += f.dtype.type(self.intercept_)
        return f

    def predict(self, X):
        return np.where(self.decision_function(X) < 0, -1, 1)
