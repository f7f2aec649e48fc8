"""Principal component analysis / 主成分分析

Write your code where it says YOUR CODE HERE, and hand in this file or the notebook, not both.
请在标有 YOUR CODE HERE 的地方编写代码，并提交本文件或笔记本，二者选一。
"""

from typing import NamedTuple

import numpy as np

from linalg_tools import centre, descending, flip_signs


class PCAResult(NamedTuple):
    """What `pca_fit` and `pca_svd` return.

    Attributes
    ----------
    components : ndarray of shape (k, d)
        Orthonormal rows, in the order of their variances.
    explained_variance : ndarray of shape (k,)
        The variance of the samples along each component, with the divisor n - 1; largest first, never negative.
    ratio : ndarray of shape (k,)
        The share of each in the total variance of all d columns.
    mean : ndarray of shape (d,)
        The mean of each column.
    """

    components: np.ndarray
    explained_variance: np.ndarray
    ratio: np.ndarray
    mean: np.ndarray


def floats(**arrays):
    """Return the arrays in one dtype, float32 if all came as float32, else float64, in the order given.

    Not copies where the dtype is already right: do not write into them.

    Raises
    ------
    ValueError
        If an entry is not finite.
    """
    given = {name: np.asarray(value) for name, value in arrays.items()}
    dtype = np.float32 if all(value.dtype == np.float32 for value in given.values()) else np.float64
    given = {name: value.astype(dtype, copy=False) for name, value in given.items()}
    for name, value in given.items():
        if not np.isfinite(value).all():
            raise ValueError(f"{name} must be finite")
    return given.values()


def validated(X, k):
    """Return X as a float array, or say what is wrong with it or with k.

    Parameters
    ----------
    X : array_like of shape (n, d)
    k : int

    Returns
    -------
    X : ndarray, float32 if it came as float32, else float64
        Not a copy where the dtype is already right: do not write into it.

    Raises
    ------
    ValueError
        If X is not a matrix of at least two rows, has an entry that is not finite, or all its rows are equal (there is
        no variance to explain); or if k is not a whole number from 1 to min(n - 1, d).
    """
    (X,) = floats(X=X)
    if X.ndim != 2 or len(X) < 2 or X.shape[1] < 1:
        raise ValueError(f"X must have shape (n, d) with n >= 2 and d >= 1, not {X.shape}")
    if not isinstance(k, (int, np.integer)) or not 1 <= k <= min(len(X) - 1, X.shape[1]):
        raise ValueError(f"k must be a whole number from 1 to min(n - 1, d) = {min(len(X) - 1, X.shape[1])}, not {k}")
    if (X[1:] == X[0]).all():
        raise ValueError("all rows of X are equal: there is no variance to explain")
    return X



def _result(values, columns, k, mean):
    values = np.maximum(values, 0)
    return PCAResult(flip_signs(columns[:, :k].T), values[:k], values[:k] / values.sum(), mean)


def pca_fit(X, k):
    X = validated(X, k)
    Xc, mean = centre(X)
    C = Xc.T @ Xc / (len(X) - 1)
    values, columns = descending(*np.linalg.eigh(C))
    return _result(values, columns, k, mean)


def pca_svd(X, k):
    X = validated(X, k)
    Xc, mean = centre(X)
    # the SVD of R from a QR has the same singular values, and R is small
    R = np.linalg.qr(Xc, mode="r")
    _, sigma, Vt = np.linalg.svd(R, full_matrices=False)
    return _result(sigma**2 / (len(X) - 1), Vt.T, k, mean)


def transform(X, components, mean):
    X, components, mean = floats(X=X, components=components, mean=mean)
    if X.ndim != 2 or components.ndim != 2 or not X.shape[1:] == components.shape[1:] == mean.shape:
        raise ValueError("shapes do not fit together")
    return (components @ (X - mean).T).T


def inverse_transform(Z, components, mean):
    Z, components, mean = floats(Z=Z, components=components, mean=mean)
    if Z.ndim != 2 or (Z.shape[1], *mean.shape) != components.shape:
        raise ValueError("shapes do not fit together")
    return (components.T @ Z.T).T + mean
