import numpy as np


def to_arrays(X, y):
    X = np.array(X, dtype=float)
    y = np.array(y, dtype=float)
    if X.ndim != 2 or len(X) != len(y):
        raise ValueError("shapes do not match")
    if not np.all(np.isfinite(X)) or not np.all(np.isfinite(y)):
        raise ValueError("nan or inf in the data")
    return X, y


def mse_loss(theta, X, y):
    X, y = to_arrays(X, y)
    if y.ndim > 1:
        raise ValueError("y must be a vector")
    return float(((X @ np.array(theta, dtype=float) - y) ** 2).mean())


def mse_grad(theta, X, y):
    X, y = to_arrays(X, y)
    if y.ndim > 1:
        raise ValueError("y must be a vector")
    return 2 * X.T @ (X @ np.array(theta, dtype=float) - y) / len(y)


def normal_equation(X, y):
    X, y = to_arrays(X, y)
    return np.linalg.solve(X.T @ X, X.T @ y)


def lstsq_qr(X, y):
    X, y = to_arrays(X, y)
    Q, R = np.linalg.qr(X)
    return np.linalg.solve(R, Q.T @ y)


def lstsq_min_norm(X, y, rcond=None):
    X, y = to_arrays(X, y)
    if rcond is None:
        rcond = max(X.shape) * np.finfo(float).eps
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    keep = s > rcond * s[0]
    return (Vt[keep].T / s[keep]) @ (U[:, keep].T @ y)


def ridge(X, y, lam):
    X, y = to_arrays(X, y)
    if lam < 0:
        raise ValueError("lam must be positive")
    xm, ym = X.mean(axis=0), y.mean()
    A = (X - xm).T @ (X - xm) + len(y) * lam * np.eye(X.shape[1])
    w = np.linalg.solve(A, (X - xm).T @ (y - ym))
    return ym - xm @ w, w


class LinearRegression:
    def fit(self, X, y):
        X, y = to_arrays(X, y)
        theta = lstsq_qr(np.column_stack((np.ones(len(X)), X)), y)
        self.intercept_ = theta[0]
        self.coef_ = theta[1:]
        return self

    def predict(self, X):
        return np.array(X) @ self.coef_ + self.intercept_
