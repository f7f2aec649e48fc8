"""Support vector machines by SMO / 支持向量机与 SMO 算法

Write your code where it says YOUR CODE HERE, and hand in this file or the notebook, not both.
请在标有 YOUR CODE HERE 的地方编写代码，并提交本文件或笔记本，二者选一。
"""

from dataclasses import dataclass

import numpy as np


def validated_pair(X, Z):
    """Return X and Z as float arrays of one dtype, or say what is wrong with them.

    Parameters
    ----------
    X : array_like of shape (n, d)
    Z : array_like of shape (m, d)

    Returns
    -------
    X, Z : ndarray, both float32 if both came as float32, else both float64
        Not copies where the dtype is already right: do not write into them.

    Raises
    ------
    ValueError
        If they are not matrices with the same number of columns, or an entry is not finite.
    """
    X, Z = np.asarray(X), np.asarray(Z)
    if X.ndim != 2 or Z.ndim != 2 or X.shape[1] != Z.shape[1]:
        raise ValueError(f"X and Z must have shapes (n, d) and (m, d), not {X.shape} and {Z.shape}")
    dtype = np.float32 if X.dtype == np.float32 and Z.dtype == np.float32 else np.float64
    X, Z = X.astype(dtype, copy=False), Z.astype(dtype, copy=False)
    if not (np.isfinite(X).all() and np.isfinite(Z).all()):
        raise ValueError("X and Z must be finite")
    return X, Z


def validated_problem(K, y, C=1.0):
    """Return K and y as float arrays of one dtype, or say what is wrong with them.

    Parameters
    ----------
    K : array_like of shape (n, n)
        Symmetric, positive semidefinite (this is not tested).
    y : array_like of shape (n,)
        -1 and +1, both of them.
    C : float, > 0

    Returns
    -------
    K, y : ndarray, both float32 if K came as float32, else both float64
        K is not a copy where the dtype is already right: do not write into it.

    Raises
    ------
    ValueError
        If a shape does not fit, an entry of K is not finite, y holds something else than -1 and +1 or only one of them,
        or C is not positive and finite.
    """
    K, y = np.asarray(K), np.asarray(y)
    if K.ndim != 2 or K.shape[0] != K.shape[1] or y.shape != K.shape[:1]:
        raise ValueError(f"K must have shape (n, n) and y (n,), not {K.shape} and {y.shape}")
    K = K.astype(np.float32 if K.dtype == np.float32 else np.float64, copy=False)
    if not np.isfinite(K).all():
        raise ValueError("K must be finite")
    if set(np.unique(y).tolist()) != {-1, 1}:
        raise ValueError("y must hold the labels -1 and +1, both of them and nothing else")
    if not 0 < C < np.inf:
        raise ValueError(f"C must be positive and finite, not {C}")
    return K, y.astype(K.dtype)


def linear_kernel(X, Z):
    """Return the matrix of inner products x^T z.

    Parameters
    ----------
    X : array_like of shape (n, d)
    Z : array_like of shape (m, d)

    Returns
    -------
    K : ndarray of shape (n, m), dtype of X and Z

    Raises
    ------
    ValueError
        If the shapes do not fit together, or an entry is not finite.

    Examples
    --------
    >>> linear_kernel([[1.0, 2.0]], [[3.0, 1.0]])
    array([[5.]])
    """
    X, Z = validated_pair(X, Z)
    # YOUR CODE HERE
    raise NotImplementedError


def poly_kernel(X, Z, degree, gamma=1.0, coef0=1.0):
    """Return the matrix of (gamma * x^T z + coef0) ** degree.

    Parameters
    ----------
    X : array_like of shape (n, d)
    Z : array_like of shape (m, d)
    degree : int, >= 1
    gamma : float, > 0
    coef0 : float, >= 0

    Returns
    -------
    K : ndarray of shape (n, m), dtype of X and Z

    Raises
    ------
    ValueError
        If the shapes do not fit together, or an entry is not finite.

    Examples
    --------
    >>> poly_kernel([[1.0, 2.0]], [[3.0, 1.0]], degree=2, gamma=0.5, coef0=1.0)
    array([[12.25]])
    """
    X, Z = validated_pair(X, Z)
    # YOUR CODE HERE
    raise NotImplementedError


def rbf_kernel(X, Z, gamma):
    """Return the matrix of exp(-gamma * ||x - z||^2).

    Parameters
    ----------
    X : array_like of shape (n, d)
    Z : array_like of shape (m, d)
    gamma : float, > 0

    Returns
    -------
    K : ndarray of shape (n, m), dtype of X and Z
        No entry exceeds 1.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or an entry is not finite.

    Examples
    --------
    >>> np.round(rbf_kernel([[1.0, 2.0]], [[3.0, 1.0]], gamma=0.2), 4)
    array([[0.3679]])
    """
    X, Z = validated_pair(X, Z)
    # YOUR CODE HERE
    raise NotImplementedError


def dual_objective(alpha, y, K):
    """Return D(alpha) = sum_i alpha_i - (1/2) sum_ij alpha_i alpha_j y_i y_j K_ij.

    Parameters
    ----------
    alpha : array_like of shape (n,)
    y : array_like of shape (n,)
        -1 and +1, both of them.
    K : array_like of shape (n, n)

    Returns
    -------
    value : float

    Raises
    ------
    ValueError
        If the shapes do not fit together, or y holds other labels.

    Examples
    --------
    >>> dual_objective([0.5, 0.5, 0.0], [-1, 1, 1], linear_kernel([[0.0], [2.0], [3.0]], [[0.0], [2.0], [3.0]]))
    0.5
    """
    K, y = validated_problem(K, y)
    alpha = np.asarray(alpha, dtype=K.dtype)
    if alpha.shape != y.shape:
        raise ValueError(f"alpha must have shape {y.shape}, not {alpha.shape}")
    # YOUR CODE HERE
    raise NotImplementedError


@dataclass(frozen=True)
class SMOResult:
    """What `smo` returns.

    Attributes
    ----------
    alpha : ndarray of shape (n,), dtype of K
        The multipliers.
    b : float
        The intercept.
    n_iter : int
        How many pair steps were taken.
    converged : bool
        Whether m - M <= tol.
    """

    alpha: np.ndarray
    b: float
    n_iter: int
    converged: bool


def smo(K, y, C, tol=1e-3, max_iter=100_000):
    """Maximise the dual objective of a support vector machine, two multipliers at a time.

    Parameters
    ----------
    K : array_like of shape (n, n)
        Kernel matrix: symmetric, positive semidefinite up to rounding.
    y : array_like of shape (n,)
        -1 and +1, both of them.
    C : float, > 0
        Upper bound of the multipliers.
    tol : float, > 0
        Stop as soon as m - M <= tol.
    max_iter : int, >= 1
        Stop after so many steps in any case.

    Returns
    -------
    SMOResult

    Raises
    ------
    ValueError
        If the shapes do not fit together, K is not finite, y holds other labels or one class, or C is not positive.

    Examples
    --------
    >>> X = [[0.0], [2.0], [3.0]]
    >>> result = smo(linear_kernel(X, X), [-1, 1, 1], C=1.0)
    >>> round(float(result.b), 2), result.converged
    (-1.0, True)
    """
    K, y = validated_problem(K, y, C)
    # YOUR CODE HERE
    raise NotImplementedError


class SVC:
    """A support vector classifier for the labels -1 and +1.

    Parameters
    ----------
    C : float, > 0
    kernel : "linear", "poly" or "rbf"
    gamma : float, > 0
        Of "poly" and "rbf".
    degree, coef0 : int, float
        Of "poly".
    tol, max_iter : float, int
        Of `smo`.

    Attributes
    ----------
    support_ : ndarray of int, ascending
        Indices of the support vectors among the samples that the model was fitted to.
    intercept_ : float
        b, as in f(x) = sum_j alpha_j y_j k(x_j, x) + b.

    Examples
    --------
    >>> model = SVC(C=1.0, kernel="linear").fit([[0.0], [2.0], [3.0]], [-1, 1, 1])
    >>> np.round(model.decision_function([[0.0], [5.0]]), 2)
    array([-1.,  4.])
    """

    def __init__(self, C=1.0, kernel="rbf", gamma=1.0, degree=3, coef0=1.0, tol=1e-3, max_iter=100_000):
        if kernel not in ("linear", "poly", "rbf"):
            raise ValueError(f"kernel must be 'linear', 'poly' or 'rbf', not {kernel!r}")
        self.C, self.kernel, self.gamma, self.degree, self.coef0 = C, kernel, gamma, degree, coef0
        self.tol, self.max_iter = tol, max_iter

    def gram(self, X, Z):
        """Return the kernel matrix of the rows of X and of Z."""
        if self.kernel == "linear":
            return linear_kernel(X, Z)
        if self.kernel == "poly":
            return poly_kernel(X, Z, self.degree, self.gamma, self.coef0)
        return rbf_kernel(X, Z, self.gamma)

    def fit(self, X, y):
        """Solve the problem, store `support_`, `intercept_` and what predictions need, and return the model itself.

        Parameters
        ----------
        X : array_like of shape (n, d)
        y : array_like of shape (n,)
            -1 and +1, both of them.

        Raises
        ------
        ValueError
            If the shapes do not fit together, or y holds other labels or one class.
        """
        X, _ = validated_pair(X, X)
        # YOUR CODE HERE
        raise NotImplementedError

    def decision_function(self, X):
        """Return f(x) for the rows of X, an ndarray of shape (m,).

        Parameters
        ----------
        X : array_like of shape (m, d)
        """
        # YOUR CODE HERE
        raise NotImplementedError

    def predict(self, X):
        """Return the predicted labels of the rows of X, an ndarray of shape (m,) of -1 and 1.

        Parameters
        ----------
        X : array_like of shape (m, d)
        """
        # YOUR CODE HERE
        raise NotImplementedError
