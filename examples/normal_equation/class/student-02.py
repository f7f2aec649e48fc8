# -*- coding: utf-8 -*-
# 作业一:线性回归
# 思路:除了 min_norm 之外,全部用自己写的 Householder QR 来做
import numpy as np

def validated(X, y, *, several=False):
    """Return X and y as float arrays of one dtype, or say what is wrong with them.

    Parameters
    ----------
    X : array_like of shape (n, d)
    y : array_like of shape (n,), or (n, m) if `several`

    Returns
    -------
    X, y : ndarray, both float32 if both came as float32, else both float64
        Not copies where the dtype is already right: do not write into them.

    Raises
    ------
    ValueError
        If a shape does not fit, there are no samples or no columns, or an entry is not finite.
    """
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


def householder(X):
    """返回 R 和一列反射向量(不显式构造 Q)"""
    R = X.copy()
    n, d = R.shape
    vs = []
    for k in range(min(n, d)):
        v = R[k:, k].copy()
        s = np.linalg.norm(v)
        if s == 0:
            vs.append(None)
            continue
        # 符号取得与首元素相同,避免相减抵消
        v[0] += s if v[0] >= 0 else -s
        v /= np.linalg.norm(v)
        R[k:, k:] -= 2 * np.outer(v, v @ R[k:, k:])
        vs.append(v)
    return R[:d], vs


def apply_qt(vs, y):
    """计算 Q^T y"""
    c = y.copy()
    for k, v in enumerate(vs):
        if v is not None:
            c[k:] -= 2 * np.multiply.outer(v, v @ c[k:])
    return c


def huidai(R, c):
    """回代:从最后一行往上解"""
    d = R.shape[1]
    theta = np.zeros((d,) + c.shape[1:], dtype=R.dtype)
    for i in range(d - 1, -1, -1):
        theta[i] = (c[i] - R[i, i + 1:] @ theta[i + 1:]) / R[i, i]
    return theta


def solve_by_qr(X, y):
    R, vs = householder(X)
    return huidai(R, apply_qt(vs, y)[:X.shape[1]])


def check_theta(theta, X):
    theta = np.asarray(theta, dtype=X.dtype)
    if theta.shape != (X.shape[1],):
        raise ValueError('theta 的形状不对')
    return theta


def mse_loss(theta, X, y):
    X, y = validated(X, y)
    theta = check_theta(theta, X)
    r = y - X @ theta
    return float(np.sum(r * r)) / len(r)


def mse_grad(theta, X, y):
    X, y = validated(X, y)
    theta = check_theta(theta, X)
    return X.T @ (X @ theta - y) * (2 / len(y))


def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    return solve_by_qr(X, y)


def lstsq_qr(X, y):
    X, y = validated(X, y, several=True)
    return solve_by_qr(X, y)


def lstsq_min_norm(X, y, rcond=None):
    X, y = validated(X, y, several=True)
    if rcond is None:
        rcond = np.finfo(X.dtype).eps * max(X.shape)
    U, S, VT = np.linalg.svd(X, full_matrices=False)
    theta = np.zeros((X.shape[1],) + y.shape[1:], dtype=X.dtype)
    for i in range(len(S)):
        if S[i] > rcond * S[0]:          # 太小的奇异值当作 0
            theta += np.multiply.outer(VT[i], U[:, i] @ y / S[i])
    return theta


def ridge(X, y, lam):
    X, y = validated(X, y)
    if not lam >= 0:
        raise ValueError('lam 不能为负')
    n, d = X.shape
    xm, ym = X.mean(axis=0), y.mean()
    # 把惩罚项写成多出来的 d 行,仍然是一个最小二乘问题
    extra = np.sqrt(n * lam) * np.eye(d)
    big = np.vstack([X - xm, extra.astype(X.dtype)])
    rhs = np.concatenate([y - ym, np.zeros(d, dtype=X.dtype)])
    w = solve_by_qr(big, rhs)
    return ym - xm @ w, w


class LinearRegression:
    def fit(self, X, y):
        X, y = validated(X, y)
        yi = np.ones((len(X), 1), dtype=X.dtype)
        t = solve_by_qr(np.concatenate([yi, X], axis=1), y)
        self.intercept_ = t[0]
        self.coef_ = t[1:]
        return self

    def predict(self, X):
        return np.asarray(X) @ self.coef_ + self.intercept_
