"""k-means clustering / K 均值聚类"""

from typing import NamedTuple

import numpy as np


def validated(X, name="X"):
    """Return an array as floats, float32 if it came as that and else float64, or say what is wrong with it."""
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
    """What `kmeans` returns."""

    centers: np.ndarray
    labels: np.ndarray
    inertia: float
    history: list


def assign(X, mu):
    """Return for every row of X the index of the nearest centre."""
    X, mu = validated_centers(X, mu)
    best = np.full(len(X), np.inf)
    labels = np.zeros(len(X), dtype=int)
    for k, center in enumerate(mu):
        diff = X - center
        d2 = np.einsum("ij,ij->i", diff, diff)
        closer = d2 < best
        labels[closer] = k
        best = np.where(closer, d2, best)
    return labels


def update(X, labels, K):
    """Return the mean of every cluster; an empty one gets the row that is farthest from all centres set so far."""
    X, labels = validated_labels(X, labels, K)
    mu = np.zeros((K, X.shape[1]), dtype=X.dtype)
    filled = []
    for k in range(K):
        rows = X[labels == k]
        if len(rows) > 0:
            mu[k] = rows.mean(axis=0)
            filled.append(k)
    for k in range(K):
        if k not in filled:
            d2 = np.min([((X - mu[c]) ** 2).sum(axis=1) for c in filled], axis=0)
            mu[k] = X[np.argmax(d2)]
            filled.append(k)
    return mu


def kmeans(X, init, max_iter):
    """Run Lloyd's iteration from the centres `init` until no label changes, at most `max_iter` times."""
    X, init = validated_centers(X, init, "init")
    if max_iter < 0:
        raise ValueError(f"max_iter must be >= 0, not {max_iter}")
    def J(mu, z):
        d = X - mu[z]
        return float(np.vdot(d, d))


    mu, z = init, assign(X, init)
    trace = [J(mu, z)]
    step = 0
    changed = True
    while changed and step < max_iter:
        old = z
        mu = update(X, old, init.shape[0])
        z = assign(X, mu)
        trace.append(J(mu, z))
        changed = not np.array_equal(old, z)
        step += 1
    return KMeansResult(centers=mu, labels=z, inertia=trace[-1], history=trace)


def kmeans_plus_plus(X, K, rng):
    """Return the indices of K rows to start from, drawn by k-means++ with one draw per centre."""
    X = validated(X)
    if not 1 <= K <= len(X):
        raise ValueError(f"K = {K} must lie in 1..{len(X)}")
    n = len(X)
    picks = [int(rng.integers(n))]
    for _ in range(K - 1):
        dist = np.min([np.linalg.norm(X - X[p], axis=1) for p in picks], axis=0).astype(float)
        if dist.sum() == 0:
            dist = np.ones(n)
            dist[picks] = 0
        picks.append(int(rng.choice(n, p=dist / dist.sum())))
    return np.array(picks)
