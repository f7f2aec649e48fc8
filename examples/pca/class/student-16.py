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
    mean = np.average(X, axis=0)
    Xm = X - mean
    lam, E = np.linalg.eigh(np.einsum("ij,ik->jk", Xm, Xm) / (len(X) - 1))
    lam, E = np.maximum(lam[::-1], 0), E[:, ::-1]
    loadings = E * np.sqrt(lam)
    ratio = np.cumsum(lam) / np.sum(lam)
    return PCAResult(loadings.T[:k], lam[:k], ratio[:k], mean)


def transform(X, components, mean):
    X, components, mean = floats(X=X, components=components, mean=mean)
    if X.ndim != 2 or components.ndim != 2 or not X.shape[1:] == components.shape[1:] == mean.shape:
        raise ValueError(f"X {X.shape}, components {components.shape} and mean {mean.shape} do not fit together")
    return np.einsum("md,kd->mk", X - mean, components)


def inverse_transform(Z, components, mean):
    Z, components, mean = floats(Z=Z, components=components, mean=mean)
    if Z.ndim != 2 or (Z.shape[1], *mean.shape) != components.shape:
        raise ValueError(f"Z {Z.shape}, components {components.shape} and mean {mean.shape} do not fit together")
    return np.einsum("mk,kd->md", Z, components) + mean


def pca_svd(X, k):
    X = validated(X, k)
    mean = np.average(X, axis=0)
    u, s, vt = np.linalg.svd(X - mean, full_matrices=False)
    lam = s ** 2 / len(X)
    return PCAResult(vt[:k], lam[:k], lam[:k] / lam.sum(), mean)
