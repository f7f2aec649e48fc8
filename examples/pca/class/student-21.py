import numpy as np
from typing import NamedTuple

# power iteration with deflation, as in the exercise class


class PCAResult(NamedTuple):
    components: np.ndarray
    explained_variance: np.ndarray
    ratio: np.ndarray
    mean: np.ndarray


def floats(**arrays):
    given = {name: np.asarray(value) for name, value in arrays.items()}
    dtype = np.float32 if all(value.dtype == np.float32 for value in given.values()) else np.float64
    given = {name: value.astype(dtype, copy=False) for name, value in given.items()}
    for name, value in given.items():
        if not np.isfinite(value).all():
            raise ValueError(f"{name} must be finite")
    return given.values()


def validated(X, k):
    (X,) = floats(X=X)
    if X.ndim != 2 or len(X) < 2 or X.shape[1] < 1:
        raise ValueError("X must have shape (n, d)")
    if not isinstance(k, (int, np.integer)) or not 1 <= k <= min(len(X) - 1, X.shape[1]):
        raise ValueError("bad k")
    if (X[1:] == X[0]).all():
        raise ValueError("all rows of X are equal")
    return X


def power_iteration(C, steps=30):
    v = np.ones(len(C), dtype=C.dtype)
    for _ in range(steps):
        w = C @ v
        v = w / np.linalg.norm(w)
    return v @ C @ v, v


def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Xc = X - mean
    C = Xc.T @ Xc / (len(X) - 1)
    total = np.trace(C)
    values, vectors = [], []
    for _ in range(k):
        value, v = power_iteration(C)
        values.append(value)
        vectors.append(v)
        C = C - value * np.outer(v, v)
    values = np.array(values)
    return PCAResult(np.array(vectors), values, values / total, mean)


def transform(X, components, mean):
    X, components, mean = floats(X=X, components=components, mean=mean)
    if X.ndim != 2 or components.ndim != 2 or not X.shape[1:] == components.shape[1:] == mean.shape:
        raise ValueError("shapes")
    return (X - mean) @ components.T


def inverse_transform(Z, components, mean):
    Z, components, mean = floats(Z=Z, components=components, mean=mean)
    if Z.ndim != 2 or (Z.shape[1], *mean.shape) != components.shape:
        raise ValueError("shapes")
    return Z @ components + mean


def pca_svd(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    s, Vt = np.linalg.svd(X - mean, full_matrices=False)[1:]
    return PCAResult(Vt[:k], s[:k] ** 2 / (len(X) - 1), s[:k] ** 2 / (s**2).sum(), mean)
