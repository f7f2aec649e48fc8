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
    d = np.empty((len(X), len(mu)))
    for k in range(len(mu)):
        d[:, k] = np.abs(X - mu[k]).sum(axis=1)
    return np.argmin(d, axis=1)


def update(X, labels, K):
    """Return the mean of every cluster; an empty one gets the row that is farthest from all centres set so far."""
    X, labels = validated_labels(X, labels, K)
    member = (labels[:, None] == np.arange(K)).astype(X.dtype)  # (n, K)
    size = member.sum(axis=0)
    mu = member.T @ X / np.maximum(size, 1)[:, None]
    known = mu[size > 0]
    for k in np.where(size == 0)[0]:
        nearest = ((X[:, None, :] - known[None, :, :]) ** 2).sum(axis=2).min(axis=1)
        mu[k] = X[nearest.argmax()]
        known = np.vstack([known, mu[k]])
    return mu


def kmeans(X, init, max_iter):
    """Run Lloyd's iteration from the centres `init` until no label changes, at most `max_iter` times."""
    X, init = validated_centers(X, init, "init")
    if max_iter < 0:
        raise ValueError(f"max_iter must be >= 0, not {max_iter}")
    K = len(init)
    centers = init.copy()
    labels = assign(X, centers)
    history = [float(((X - centers[labels]) ** 2).sum())]
    for _ in range(max_iter):
        centers = update(X, labels, K)
        new = assign(X, centers)
        history.append(float(((X - centers[new]) ** 2).sum()))
        same = (new == labels).all()
        labels = new
        if same:
            break
    return KMeansResult(centers, labels, history[-1], history)


def kmeans_plus_plus(X, K, rng):
    """Return the indices of K rows to start from, drawn by k-means++ with one draw per centre."""
    X = validated(X)
    if not 1 <= K <= len(X):
        raise ValueError(f"K = {K} must lie in 1..{len(X)}")
    n = len(X)
    chosen = [int(rng.integers(n))]
    d2 = ((X - X[chosen[0]]) ** 2).sum(axis=1).astype(float)
    while len(chosen) < K:
        total = d2.sum()
        if total > 0:
            nxt = rng.choice(n, p=d2 / total)
        else:
            nxt = rng.choice(np.setdiff1d(np.arange(n), chosen))
        chosen.append(int(nxt))
        d2 = np.minimum(d2, ((X - X[nxt]) ** 2).sum(axis=1))
    return np.array(chosen)
