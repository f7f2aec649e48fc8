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
    """Return for every row of X the index of the nearest centre.

    Parameters
    ----------
    X : array_like of shape (n, d)
    mu : array_like of shape (K, d)

    Returns
    -------
    labels : ndarray of shape (n,), int in 0..K-1
        The lowest index where several centres are equally near.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or an entry is not finite.

    Examples
    --------
    >>> assign([[1.0, 3.0], [5.0, 1.0], [2.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [4.0, 0.0]])
    array([0, 1, 0, 0])
    """
    X, mu = validated_centers(X, mu)
    # shift first, the cancellation is terrible otherwise
    c = np.round(X.mean(axis=0))
    A, B = X - c, mu - c
    scores = -2 * A @ B.T + np.sum(B * B, axis=1)
    return scores.argmin(axis=1)


def update(X, labels, K):
    """Return the mean of every cluster; an empty one gets the row that is farthest from all centres set so far.

    Parameters
    ----------
    X : array_like of shape (n, d)
    labels : array_like of shape (n,), int in 0..K-1
    K : int, >= 1

    Returns
    -------
    mu : ndarray of shape (K, d), dtype of X

    Raises
    ------
    ValueError
        If the shapes do not fit together, an entry of X is not finite, or a label is out of range.

    Examples
    --------
    >>> update([[0.0, 0.0], [2.0, 0.0], [4.0, 4.0], [5.0, 4.0], [9.0, 4.0]], [0, 0, 1, 1, 1], 3)
    array([[1., 0.],
           [6., 4.],
           [9., 4.]])
    """
    X, labels = validated_labels(X, labels, K)
    counts = np.bincount(labels, minlength=K)
    sums = np.stack([np.bincount(labels, weights=X[:, j], minlength=K) for j in range(X.shape[1])], axis=1)
    mu = (sums / np.maximum(counts, 1)[:, None]).astype(X.dtype)
    filled = counts > 0
    for k in np.where(counts == 0)[0]:
        dist = np.full(len(X), np.inf)
        for j in np.where(filled)[0]:
            dist = np.minimum(dist, np.sum((X - mu[j]) ** 2, axis=1))
        mu[k] = X[np.argmax(dist)]
        filled[k] = True
    return mu


def kmeans(X, init, max_iter):
    """Run Lloyd's iteration from the centres `init` until no label changes, at most `max_iter` times.

    Parameters
    ----------
    X : array_like of shape (n, d)
    init : array_like of shape (K, d)
        The centres to start from.
    max_iter : int, >= 0

    Returns
    -------
    KMeansResult

    Raises
    ------
    ValueError
        If the shapes do not fit together, an entry is not finite, or `max_iter` is negative.

    Examples
    --------
    >>> result = kmeans([[0.0, 0.0], [0.0, 2.0], [6.0, 0.0], [6.0, 2.0]], [[0.0, 0.0], [6.0, 0.0]], 10)
    >>> result.centers
    array([[0., 1.],
           [6., 1.]])
    >>> result.history
    [8.0, 4.0]
    """
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
    """Return the indices of K rows to start from, drawn by k-means++ with one draw per centre.

    Parameters
    ----------
    X : array_like of shape (n, d)
    K : int, from 1 to n
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    indices : ndarray of shape (K,), int
        All different, in the order drawn.

    Raises
    ------
    ValueError
        If K is not in 1..n, or X is not a finite matrix.

    Examples
    --------
    >>> sorted(kmeans_plus_plus([[0.0], [1.0], [3.0]], 3, np.random.default_rng(0)).tolist())
    [0, 1, 2]
    """
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
