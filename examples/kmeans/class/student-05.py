"""k-means clustering / K 均值聚类

Write your code where it says YOUR CODE HERE, and hand in this file or the notebook, not both.
请在标有 YOUR CODE HERE 的地方编写代码，并提交本文件或笔记本，二者选一。
"""

from typing import NamedTuple

import numpy as np


def validated(X, name="X"):
    """Return an array as floats, float32 if it came as that and else float64, or say what is wrong with it.

    Parameters
    ----------
    X : array_like of shape (n, d), n >= 1, d >= 1, finite
    name : str
        What the error calls it.

    Returns
    -------
    X : ndarray of shape (n, d)
        Not a copy where the dtype is already right: do not write into it.

    Raises
    ------
    ValueError
    """
    X = np.asarray(X)
    if X.ndim != 2 or X.size == 0:
        raise ValueError(f"{name} must have two axes, both of length >= 1, not the shape {X.shape}")
    X = X.astype(np.float32 if X.dtype == np.float32 else np.float64, copy=False)
    if not np.isfinite(X).all():
        raise ValueError(f"{name} must be finite")
    return X


def validated_centers(X, mu, name="mu"):
    """Return X and the centres, both of X's dtype, or raise ValueError. `mu` has shape (K, d), K >= 1."""
    X, mu = validated(X), validated(mu, name)
    if mu.shape[1] != X.shape[1]:
        raise ValueError(f"X has {X.shape[1]} columns but {name} has {mu.shape[1]}")
    return X, mu.astype(X.dtype, copy=False)


def validated_labels(X, labels, K):
    """Return X and the labels, of shape (n,) and each in 0..K-1, or raise ValueError."""
    X, labels = validated(X), np.asarray(labels)
    if labels.shape != (len(X),) or labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be {len(X)} integers, not {labels.dtype} of shape {labels.shape}")
    if K < 1 or labels.min() < 0 or labels.max() >= K:
        raise ValueError(f"labels must lie in 0..K-1 with K = {K} >= 1")
    return X, labels


class KMeansResult(NamedTuple):
    """What `kmeans` returns.

    Attributes
    ----------
    centers : ndarray of shape (K, d), dtype of X
    labels : ndarray of shape (n,), int
        Belong to these very centres: each row's nearest one.
    inertia : float
        J(centers, labels).
    history : list of float
        The inertia at the start and after each iteration; its last entry is `inertia`.
    """

    centers: np.ndarray
    labels: np.ndarray
    inertia: float
    history: list


def assign(X, mu):
    """Return for every row of X the index of the nearest centre."""
    X, mu = validated_centers(X, mu)
    labels = []
    for x in X:
        distances = []
        for m in mu:
            distances.append(((x - m) ** 2).sum())
        labels.append(distances.index(min(distances)))
    return np.array(labels)


def update(X, labels, K):
    """Return the mean of every cluster; an empty one gets the row that is farthest from all centres set so far."""
    X, labels = validated_labels(X, labels, K)
    mu = np.zeros((K, X.shape[1]), dtype=np.float64)
    n_k = [0] * K
    for i in range(len(X)):
        mu[labels[i]] += X[i]
        n_k[labels[i]] += 1
    for k in range(K):
        if n_k[k] > 0:
            mu[k] /= n_k[k]
    have = [k for k in range(K) if n_k[k] > 0]
    for k in range(K):
        if n_k[k] == 0:
            far, far_d = 0, -1.0
            for i in range(len(X)):
                d = min(sum((X[i] - mu[h]) ** 2) for h in have)
                if d > far_d:
                    far, far_d = i, d
            mu[k] = X[far]
            have.append(k)
    return mu.astype(X.dtype)


def kmeans(X, init, max_iter):
    """Run Lloyd's iteration from the centres `init` until no label changes, at most `max_iter` times."""
    X, init = validated_centers(X, init, "init")
    if max_iter < 0:
        raise ValueError(f"max_iter must be >= 0, not {max_iter}")
    centers = init.copy()
    labels = assign(X, centers)
    history = [float(((X - centers[labels]) ** 2).sum())]
    for _ in range(max_iter):
        centers = update(X, labels, len(init))
        new = assign(X, centers)
        history.append(float(((X - centers[new]) ** 2).sum()))
        if (new == labels).all():
            break
        labels = new
    return KMeansResult(centers, labels, history[-1], history)


def kmeans_plus_plus(X, K, rng):
    """Return the indices of K rows to start from, drawn by k-means++ with one draw per centre."""
    X = validated(X)
    if not 1 <= K <= len(X):
        raise ValueError(f"K = {K} must lie in 1..{len(X)}")
    n = len(X)
    X = X.astype(np.float64)
    idx = [int(rng.integers(n))]
    d2 = ((X - X[idx[0]]) ** 2).sum(axis=1)
    while len(idx) < K:
        total = d2.sum()
        if total > 0:
            new = int(rng.choice(n, p=d2 / total))
        else:
            new = int(rng.choice(np.setdiff1d(np.arange(n), idx)))
        idx.append(new)
        d2 = np.minimum(d2, ((X - X[new]) ** 2).sum(axis=1))
    return np.array(idx)
