# -*- coding: utf-8 -*-
# 主成分分析作业。我把公共的步骤写成了一个小类。
from collections import namedtuple

import numpy as np
from numpy.linalg import eigh, svd

PCAResult = namedtuple("PCAResult", ["components", "explained_variance", "ratio", "mean"])


def to_float(*arrays):
    arrays = [np.asarray(a) for a in arrays]
    if all(a.dtype == np.float32 for a in arrays):
        arrays = [np.array(a) for a in arrays]
    else:
        arrays = [np.array(a, dtype=np.float64) for a in arrays]
    if any(not np.all(np.isfinite(a)) for a in arrays):
        raise ValueError("NaN or inf")
    return arrays  # 都是副本，可以放心改


class Centred:
    """中心化后的数据"""

    def __init__(self, X, k):
        (X,) = to_float(X)
        if X.ndim != 2:
            raise ValueError("X must be a matrix")
        self.n, self.d = X.shape
        if self.n < 2 or self.d < 1:
            raise ValueError("too few samples")
        if not isinstance(k, (int, np.integer)) or k < 1 or k > min(self.n - 1, self.d):
            raise ValueError("bad k")
        if np.all(X == X[0]):
            raise ValueError("no variance")
        self.k = k
        self.mean = X.sum(axis=0) / self.n
        X -= self.mean  # X 是副本
        self.data = X

    def covariance(self):
        return np.dot(self.data.T, self.data) / (self.n - 1)

    def result(self, values, vectors):
        """vectors 的每一列是一个方向；values 从大到小"""
        values = np.where(values > 0, values, 0)
        share = values / np.sum(values)
        first = slice(0, self.k)
        rows = [vectors[:, j] for j in range(self.k)]
        return PCAResult(np.array(rows), values[first], share[first], self.mean)


def pca_fit(X, k):
    c = Centred(X, k)
    values, vectors = eigh(c.covariance())
    return c.result(values[::-1], vectors[:, ::-1])


def pca_svd(X, k):
    c = Centred(X, k)
    u, s, vt = svd(c.data, full_matrices=False)
    return c.result(s * s / (c.n - 1), vt.T)


def _check(rows, components, mean, width):
    if rows.ndim != 2 or components.ndim != 2 or mean.ndim != 1:
        raise ValueError("wrong number of axes")
    if components.shape[1] != len(mean) or rows.shape[1] != width:
        raise ValueError("shapes do not fit")


def transform(X, components, mean):
    X, V, m = to_float(X, components, mean)
    _check(X, V, m, len(m))
    out = [np.dot(X - m, v) for v in V]  # 每个主成分一列
    return np.stack(out, axis=1)


def inverse_transform(Z, components, mean):
    Z, V, m = to_float(Z, components, mean)
    _check(Z, V, m, len(V))
    return m[None, :] + np.einsum("mk,kd->md", Z, V)
