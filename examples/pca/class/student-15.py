"""Principal component analysis / 主成分分析

Write your code where it says YOUR CODE HERE, and hand in this file or the notebook, not both.
请在标有 YOUR CODE HERE 的地方编写代码，并提交本文件或笔记本，二者选一。
"""

from typing import NamedTuple

import numpy as np


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


def pca_fit(X, k):
    """Return the first k principal components of the rows of X.

    Parameters
    ----------
    X : array_like of shape (n, d), n >= 2
    k : int from 1 to min(n - 1, d)

    Returns
    -------
    PCAResult
        components (k, d), explained_variance (k,), ratio (k,) and mean (d,), in the dtype of X. The signs of the
        components are free.

    Raises
    ------
    ValueError
        If X or k make no sense; see `validated`.

    Examples
    --------
    >>> result = pca_fit([[16, 28], [4, 12], [6, 23], [14, 17]], 1)
    >>> np.abs(result.components).round(12), result.ratio.round(12)
    (array([[0.6, 0.8]]), array([0.8]))
    """
    X = validated(X, k)
    n = len(X)
    m = X.mean(axis=0)
    # Cov = E[x x^T] - E[x] E[x]^T, then the sample correction n/(n-1)
    C = (X.T @ X / n - np.outer(m, m)) * (n / (n - 1))
    l, V = np.linalg.eigh(C)
    l = np.maximum(l, 0)[::-1]
    V = V.T[::-1]
    return PCAResult(V[:k], l[:k], l[:k] / l.sum(), m)


def transform(X, components, mean):
    """Return the coordinates of the rows of X along the components, (X - mean) @ components.T.

    Parameters
    ----------
    X : array_like of shape (m, d), m >= 1
        Samples, new ones or those that the components were fitted to.
    components : array_like of shape (k, d)
        Orthonormal rows.
    mean : array_like of shape (d,)
        Of the samples that the components were fitted to.

    Returns
    -------
    Z : ndarray of shape (m, k), float32 if all three came as float32, else float64

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> transform([[16, 28], [10, 25]], [[0.6, 0.8]], [10, 20])
    array([[10.],
           [ 4.]])
    """
    X, components, mean = floats(X=X, components=components, mean=mean)
    if X.ndim != 2 or components.ndim != 2 or not X.shape[1:] == components.shape[1:] == mean.shape:
        raise ValueError(f"X {X.shape}, components {components.shape} and mean {mean.shape} do not fit together")
    return (X - mean[np.newaxis, :]) @ components.T


def inverse_transform(Z, components, mean):
    """Return the samples whose coordinates are the rows of Z, Z @ components + mean.

    Parameters
    ----------
    Z : array_like of shape (m, k), m >= 1
    components : array_like of shape (k, d)
        Orthonormal rows.
    mean : array_like of shape (d,)
        Of the samples that the components were fitted to.

    Returns
    -------
    X : ndarray of shape (m, d), float32 if all three came as float32, else float64

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> inverse_transform([[10], [4]], [[0.6, 0.8]], [10, 20])
    array([[16. , 28. ],
           [12.4, 23.2]])
    """
    Z, components, mean = floats(Z=Z, components=components, mean=mean)
    if Z.ndim != 2 or (Z.shape[1], *mean.shape) != components.shape:
        raise ValueError(f"Z {Z.shape}, components {components.shape} and mean {mean.shape} do not fit together")
    return Z @ components + mean[np.newaxis, :]


def pca_svd(X, k):
    """Return the first k principal components of the rows of X, small variances included.

    Parameters
    ----------
    X : array_like of shape (n, d), n >= 2
    k : int from 1 to min(n - 1, d)

    Returns
    -------
    PCAResult
        As `pca_fit` does. The standard deviations are accurate to rounding errors of the *largest standard deviation*,
        where those of `pca_fit` are so only to the square root of that.

    Raises
    ------
    ValueError
        If X or k make no sense; see `validated`.

    Examples
    --------
    >>> result = pca_svd([[16, 28], [4, 12], [6, 23], [14, 17]], 2)
    >>> np.abs(result.components).round(12), (3 * result.explained_variance).round(9)
    (array([[0.6, 0.8],
           [0.8, 0.6]]), array([200.,  50.]))
    """
    X = validated(X, k)
    # right singular vectors of Xc = eigenvectors of Xc^T Xc
    n = len(X)
    m = X.mean(axis=0)
    Xc = X - m
    l, V = np.linalg.eigh(Xc.T @ Xc)
    sigma = np.sqrt(np.maximum(l[::-1], 0))
    lam = sigma**2 / (n - 1)
    return PCAResult(V[:, ::-1].T[:k], lam[:k], lam[:k] / lam.sum(), m)
