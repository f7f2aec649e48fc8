import numpy as np


def validated(X, y, *, several=False):
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
    X, y = validated(X, y)
    theta = np.asarray(theta, dtype=X.dtype)
    if theta.shape != (X.shape[1],):
        raise ValueError(f"theta must have shape ({X.shape[1]},), not {theta.shape}")
    diff = X.dot(theta) - y
    loss = (diff ** 2).sum() / X.shape[0]
    return loss


def mse_grad(theta, X, y):
    X, y = validated(X, y)
    theta = np.asarray(theta, dtype=X.dtype)
    if theta.shape != (X.shape[1],):
        raise ValueError(f"theta must have shape ({X.shape[1]},), not {theta.shape}")
    residual = y - X @ theta
    return 2 / len(y) * X.T @ residual


def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    # X'X theta = X'y
    return np.linalg.solve(np.dot(X.T, X), np.dot(X.T, y))


def lstsq_qr(X, y):
    X, y = validated(X, y, several=True)
    q, r = np.linalg.qr(X)
    c = q.T @ y
    theta = np.zeros_like(c)
    for i in reversed(range(len(r))):
        theta[i] = (c[i] - r[i, i + 1:] @ theta[i + 1:]) / r[i, i]
    return theta


def lstsq_min_norm(X, y, rcond=None):
    X, y = validated(X, y, several=True)
    u, s, vt = np.linalg.svd(X, full_matrices=False)
    if rcond is None:
        rcond = np.finfo(X.dtype).eps * max(X.shape)
    k = int(np.sum(s > rcond * s[0]))   # numerical rank
    c = u[:, :k].T @ y
    if c.ndim == 1:
        return vt[:k].T @ (c / s[:k])
    return vt[:k].T @ (c / s[:k, None])


def ridge(X, y, lam):
    X, y = validated(X, y)
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    n, d = X.shape
    mu, ybar = np.mean(X, axis=0), np.mean(y)
    Z = X - mu
    G = Z.T @ Z
    for j in range(d):
        G[j, j] += n * lam
    w = np.linalg.solve(G, Z.T @ (y - ybar))
    return ybar - mu @ w, w


class LinearRegression:
    def fit(self, X, y):
        X, y = validated(X, y)
        # ridge without a penalty
        self.intercept_, self.coef_ = ridge(X, y, 0.0)
        return self

    def predict(self, X):
        X = np.asarray(X)
        return self.intercept_ + X.dot(self.coef_)
