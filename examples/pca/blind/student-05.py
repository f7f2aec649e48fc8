"""Principal component analysis / 主成分分析"""

from typing import NamedTuple

import numpy as np


class PCAResult(NamedTuple):
    """What `pca_fit` and `pca_svd` return."""

    components: np.ndarray
    explained_variance: np.ndarray
    ratio: np.ndarray
    mean: np.ndarray


def floats(**arrays):
    """Return the arrays in one dtype, float32 if all came as float32, else float64, in the order given."""
    given = {name: np.asarray(value) for name, value in arrays.items()}
    dtype = np.float32 if all(value.dtype == np.float32 for value in given.values()) else np.float64
    given = {name: value.astype(dtype, copy=False) for name, value in given.items()}
    for name, value in given.items():
        if not np.isfinite(value).all():
            raise ValueError(f"{name} must be finite")
    return given.values()


def validated(X, k):
    """Return X as a float array, or say what is wrong with it or with k."""
    (X,) = floats(X=X)
    if X.ndim != 2 or len(X) < 2 or X.shape[1] < 1:
        raise ValueError(f"X must have shape (n, d) with n >= 2 and d >= 1, not {X.shape}")
    if not isinstance(k, (int, np.integer)) or not 1 <= k <= min(len(X) - 1, X.shape[1]):
        raise ValueError(f"k must be a whole number from 1 to min(n - 1, d) = {min(len(X) - 1, X.shape[1])}, not {k}")
    if (X[1:] == X[0]).all():
        raise ValueError("all rows of X are equal: there is no variance to explain")
    return X


def pca_fit(X, k):
    """Return the first k principal components of the rows of X."""
    X = validated(X, k)
    n = len(X)
    mu = np.mean(X, axis=0)
    D = X - mu
    C = np.dot(D.T, D) / (n - 1)
    lam, V = np.linalg.eigh(C)
    order = np.argsort(lam)[::-1]
    lam, V = np.clip(lam[order], 0, None), V[:, order]
    return PCAResult(V[:, :k].T, lam[:k], lam[:k] / lam.sum(), mu)


def transform(X, components, mean):
    """Return the coordinates of the rows of X along the components, (X - mean) @ components.T."""
    X, components, mean = floats(X=X, components=components, mean=mean)
    if X.ndim != 2 or components.ndim != 2 or not X.shape[1:] == components.shape[1:] == mean.shape:
        raise ValueError(f"X {X.shape}, components {components.shape} and mean {mean.shape} do not fit together")
    return np.dot(X - mean, components.T)


def inverse_transform(Z, components, mean):
    """Return the samples whose coordinates are the rows of Z, Z @ components + mean."""
    Z, components, mean = floats(Z=Z, components=components, mean=mean)
    if Z.ndim != 2 or (Z.shape[1], *mean.shape) != components.shape:
        raise ValueError(f"Z {Z.shape}, components {components.shape} and mean {mean.shape} do not fit together")
    return mean + np.dot(Z, components)


def pca_svd(X, k):
    """Return the first k principal components of the rows of X, small variances included."""
    X = validated(X, k)
    mean = X.mean(axis=0)
    s, vt = np.linalg.svd(X - mean, full_matrices=False)[1:]
    top = s[:k] ** 2 / (len(X) - 1)
    return PCAResult(vt[:k], top, top / top.sum(), mean)
