from dataclasses import dataclass

import numpy as np


def validated_pair(X, Z):
    """Return X and Z as float arrays of one dtype, or say what is wrong with them.

    Parameters
    ----------
    X : array_like of shape (n, d)
    Z : array_like of shape (m, d)

    Returns
    -------
    X, Z : ndarray, both float32 if both came as float32, else both float64
        Not copies where the dtype is already right: do not write into them.

    Raises
    ------
    ValueError
        If they are not matrices with the same number of columns, or an entry is not finite.
    """
    X, Z = np.asarray(X), np.asarray(Z)
    if X.ndim != 2 or Z.ndim != 2 or X.shape[1] != Z.shape[1]:
        raise ValueError(f"X and Z must have shapes (n, d) and (m, d), not {X.shape} and {Z.shape}")
    dtype = np.float32 if X.dtype == np.float32 and Z.dtype == np.float32 else np.float64
    X, Z = X.astype(dtype, copy=False), Z.astype(dtype, copy=False)
    if not (np.isfinite(X).all() and np.isfinite(Z).all()):
        raise ValueError("X and Z must be finite")
    return X, Z


def validated_problem(K, y, C=1.0):
    """Return K and y as float arrays of one dtype, or say what is wrong with them.

    Parameters
    ----------
    K : array_like of shape (n, n)
        Symmetric, positive semidefinite (this is not tested).
    y : array_like of shape (n,)
        -1 and +1, both of them.
    C : float, > 0

    Returns
    -------
    K, y : ndarray, both float32 if K came as float32, else both float64
        K is not a copy where the dtype is already right: do not write into it.

    Raises
    ------
    ValueError
        If a shape does not fit, an entry of K is not finite, y holds something else than -1 and +1 or only one of them,
        or C is not positive and finite.
    """
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


class Box:
    """The interval of every signed multiplier."""

    def __init__(self, y, C):
        self.y = y
        self.low = np.where(y > 0, 0.0, -C)
        self.high = np.where(y > 0, C, 0.0)


class State:
    def __init__(self, K, box):
        self.K, self.box = np.asarray(K, dtype=np.float64), box
        self.beta = np.zeros_like(box.y)
        self.g = np.array(box.y)
        self.steps = 0

    def bounds(self):
        m = np.where(self.beta < self.box.high, self.g, -np.inf)
        M = np.where(self.beta > self.box.low, self.g, np.inf)
        return m, M

    def gap(self):
        m, M = self.bounds()
        return m.max() - M.min()

    def middle(self):
        m, M = self.bounds()
        return float(0.5 * (m.max() + M.min()))

    def choose(self):
        m, M = self.bounds()
        return int(m.argmax()), int(M.argmin())

    def step(self, i, j):
        eta = max(self.K[i, i] - 2.0 * self.K[i, j] + self.K[j, j], 1e-12)
        wish = (self.g[i] - self.g[j]) / eta
        above, below = self.box.high[i] - self.beta[i], self.beta[j] - self.box.low[j]
        t = min(wish, above, below)
        self.beta[i] = self.box.high[i] if t == above else self.beta[i] + t
        self.beta[j] = self.box.low[j] if t == below else self.beta[j] - t
        self.g = self.g - t * (self.K[i] - self.K[j])
        self.steps += 1


class SupportVectors:
    def __init__(self, points, weights):
        self.points, self.weights = points, weights


def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    box = Box(y.astype(np.float64), float(C))
    state = State(K, box)
    while state.gap() > tol and state.steps < max_iter:
        state.step(*state.choose())
    return SMOResult(
        alpha=np.clip(state.beta * box.y, 0.0, C).astype(K.dtype),
        b=state.middle(),
        n_iter=state.steps,
        converged=bool(state.gap() <= tol),
    )


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
        labels = np.asarray(y, dtype=X.dtype)
        solution = smo(self.gram(X, X), labels, self.C, tol=self.tol, max_iter=self.max_iter)
        keep = solution.alpha > solution.alpha.max() * 1e-8
        self.support_ = np.flatnonzero(keep)
        self.intercept_ = float(solution.b)
        self._model = SupportVectors(np.array(X[keep]), solution.alpha[keep] * labels[keep])
        return self

    def decision_function(self, X):
        cross = self.gram(X, self._model.points)
        return cross @ self._model.weights + np.asarray(self.intercept_, dtype=cross.dtype)

    def predict(self, X):
        f = self.decision_function(X)
        labels = np.ones(f.shape)
        labels[f < 0] = -1
        return labels
