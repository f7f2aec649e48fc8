"""Lloyd's iteration in blocks of rows: the form for large problems, timed by the benchmark.

As `kmeans.py` up to rounding. A block's products stay in the cache while its labels are found. A column
of ones carries -||m||^2 / 2 into the matrix product. The sums of the clusters, taken by columns, also give the inertia;
once few rows change sides, only these are added and subtracted (an error of u per iteration, where a mean may be off by
16 sqrt(n_k) u).
"""

from __future__ import annotations

import numpy as np

__all__ = ["kmeans"]

BLOCK = 1 << 16  # entries of a block's (rows, K) products: 512 KiB of float64, about a second-level cache


def kmeans(X, init, max_iter):
    """Return centres (K, d), labels (n,), the inertia and its history, as the reference's `kmeans` does.

    Parameters
    ----------
    X : ndarray of shape (n, d), float32 or float64, finite
        Input already validated, as is `init`.
    init : ndarray of shape (K, d), dtype of X
    max_iter : int, >= 0
    """
    K = len(init)
    shift = np.round(X.mean(axis=0))
    Z = np.empty((len(X), X.shape[1] + 1), dtype=X.dtype)
    np.subtract(X, shift, out=Z[:, :-1])
    Z[:, -1] = 1
    columns = np.ascontiguousarray(Z[:, :-1].T)  # (d, n)
    energy = float(np.einsum("ij,ij->", columns, columns, dtype=np.float64))
    M = init - shift
    labels = _assign(Z, M)
    counts, sums = _sums(columns, labels, K)
    history = [_inertia(energy, M, counts, sums)]
    for _ in range(max_iter):
        M = _means(Z[:, :-1], counts, sums)
        before, labels = labels, _assign(Z, M)
        changed = np.flatnonzero(labels != before)
        if 8 * changed.size > len(Z):
            counts, sums = _sums(columns, labels, K)
        elif changed.size:
            moved = columns[:, changed]
            (gain, more), (loss, less) = _sums(moved, labels[changed], K), _sums(moved, before[changed], K)
            counts, sums = counts + gain - loss, sums + more - less
        history.append(_inertia(energy, M, counts, sums))
        if not changed.size:
            break
    return M + shift, labels, history[-1], history


def _assign(Z, M):
    """Return the labels (n,); Z is (n, d + 1) with ones in its last column.

    ||z - m||^2 = ||z||^2 - 2 (z.m - ||m||^2 / 2): the largest of these products belongs to the nearest centre.
    """
    labels = np.empty(len(Z), dtype=np.intp)
    rows = max(BLOCK // len(M), 64)
    factor = np.vstack([M.T, -np.einsum("kj,kj->k", M, M) / 2])  # (d + 1, K)
    products = np.empty((rows, len(M)), dtype=Z.dtype)
    for start in range(0, len(Z), rows):
        part = Z[start : start + rows]
        nearness = np.matmul(part, factor, out=products[: len(part)])
        nearness.argmax(axis=1, out=labels[start : start + rows])
    return labels


def _sums(columns, labels, K):
    """Return the number of rows of every cluster, (K,), and their sums, (K, d); `columns` holds the rows as (d, n)."""
    sums = [np.bincount(labels, weights=column, minlength=K) for column in columns]
    return np.bincount(labels, minlength=K), np.stack(sums, axis=1)


def _inertia(energy, M, counts, sums):
    """Return sum ||z||^2 - 2 sum_k m_k.s_k + sum_k n_k ||m_k||^2."""
    M = M.astype(np.float64)
    return max(energy - 2 * float(np.sum(M * sums)) + float(counts @ np.sum(M**2, axis=1)), 0.0)


def _means(Z, counts, sums):
    """Return the new centres; an empty cluster gets the row that is farthest from all centres set so far."""
    M = (sums / np.maximum(counts, 1)[:, None]).astype(Z.dtype)
    empty = np.flatnonzero(counts == 0)
    if empty.size:
        nearest = np.min([np.sum((Z - center) ** 2, axis=1) for center in M[counts > 0]], axis=0)
        for k in empty:
            M[k] = Z[np.argmax(nearest)]
            nearest = np.minimum(nearest, np.sum((Z - M[k]) ** 2, axis=1))
    return M
