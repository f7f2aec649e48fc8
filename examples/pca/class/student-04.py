from typing import NamedTuple

import numpy as np


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
        raise ValueError(f"X must have shape (n, d) with n >= 2 and d >= 1, not {X.shape}")
    if not isinstance(k, (int, np.integer)) or not 1 <= k <= min(len(X) - 1, X.shape[1]):
        raise ValueError(f"k must be a whole number from 1 to min(n - 1, d) = {min(len(X) - 1, X.shape[1])}, not {k}")
    if (X[1:] == X[0]).all():
        raise ValueError("all rows of X are equal: there is no variance to explain")
    return X


def pca_fit(X, k):
    X = validated(X, k)
    n, d = X.shape
    mean = X.sum(axis=0) / n
    C = np.zeros((d, d), dtype=X.dtype)
    # covariance, one sample after the other like in the lecture
    for i in range(n):
        diff = X[i] - mean
        C += np.outer(diff, diff)
    C /= (n - 1)
    vals, vecs = np.linalg.eigh(C)
    comps = []
    variances = []
    for j in range(k):
        comps.append(vecs[:, d - 1 - j])
        variances.append(max(vals[d - 1 - j], 0))
    variances = np.array(variances, dtype=X.dtype)
    return PCAResult(np.array(comps), variances, variances / np.trace(C), mean)


def transform(X, components, mean):
    X, components, mean = floats(X=X, components=components, mean=mean)
    if X.ndim != 2 or components.ndim != 2 or not X.shape[1:] == components.shape[1:] == mean.shape:
        raise ValueError(f"X {X.shape}, components {components.shape} and mean {mean.shape} do not fit together")
    Z = np.empty((len(X), len(components)), dtype=X.dtype)
    for i in range(len(X)):
        for j in range(len(components)):
            Z[i, j] = np.dot(X[i] - mean, components[j])
    return Z


def inverse_transform(Z, components, mean):
    Z, components, mean = floats(Z=Z, components=components, mean=mean)
    if Z.ndim != 2 or (Z.shape[1], *mean.shape) != components.shape:
        raise ValueError(f"Z {Z.shape}, components {components.shape} and mean {mean.shape} do not fit together")
    out = np.empty((len(Z), len(mean)), dtype=Z.dtype)
    for i, z in enumerate(Z):
        x = mean.copy()
        for j, coordinate in enumerate(z):
            x += coordinate * components[j]
        out[i] = x
    return out


def pca_svd(X, k):
    X = validated(X, k)
    n = len(X)
    mean = X.sum(axis=0) / n
    s, Vt = np.linalg.svd(X - mean, full_matrices=False)[1:]
    total = sum(x ** 2 for x in s)
    var = np.array([x ** 2 / (n - 1) for x in s[:k]], dtype=X.dtype)
    ratio = np.array([x ** 2 / total for x in s[:k]], dtype=X.dtype)
    return PCAResult(Vt[:k], var, ratio, mean)
