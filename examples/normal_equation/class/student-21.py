"""Linear regression by least squares / 线性回归与最小二乘

Write your code where it says YOUR CODE HERE, and hand in this file or the notebook, not both.
请在标有 YOUR CODE HERE 的地方编写代码，并提交本文件或笔记本，二者选一。
"""

import numpy as np


def validated(X, y, *, several=False):
    """Return X and y as float arrays of one dtype, or say what is wrong with them.

    Parameters
    ----------
    X : array_like of shape (n, d)
    y : array_like of shape (n,), or (n, m) if `several`

    Returns
    -------
    X, y : ndarray, both float32 if both came as float32, else both float64
        Not copies where the dtype is already right: do not write into them.

    Raises
    ------
    ValueError
        If a shape does not fit, there are no samples or no columns, or an entry is not finite.
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim != 2 or X.size == 0:
        raise ValueError(f"X must have shape (n, d) with n, d >= 1, not {X.shape}")
    if y.ndim != 1 and not (several and y.ndim == 2):
        raise ValueError(f"y must have shape (n,){' or (n, m)' if several else ''}, not {y.shape}")
    if len(y) != len(X):
        raise ValueError(f"X has {len(X)} rows but y has {len(y)}")
    dtype = np.float32 if X.dtype == np.float32 and y.dtype == np.float32 else np.float64
    X, y = X.astype(dtype, copy=False), y.astype(dtype, copy=False)
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        raise ValueError("X and y must be finite")
    return X, y


def mse_loss(theta, X, y):
    """Return the mean squared error (1/n) * ||y - X theta||^2.

    Parameters
    ----------
    theta : array_like of shape (d,)
    X : array_like of shape (n, d)
        Holds the column of ones if there is an intercept.
    y : array_like of shape (n,)

    Returns
    -------
    loss : float, >= 0

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> mse_loss([1.0, 2.0], [[1.0, 0.0], [1.0, 1.0]], [1.0, 5.0])
    2.0
    """
    X, y = validated(X, y)
    theta = np.asarray(theta, dtype=X.dtype)
    if theta.shape != (X.shape[1],):
        raise ValueError(f"theta must have shape ({X.shape[1]},), not {theta.shape}")
    r = y - X @ theta
    return np.mean(r ** 2)


def mse_grad(theta, X, y):
    """Return the gradient of `mse_loss` with respect to theta, (2/n) * X^T (X theta - y).

    Parameters
    ----------
    theta : array_like of shape (d,)
    X : array_like of shape (n, d)
        Holds the column of ones if there is an intercept.
    y : array_like of shape (n,)

    Returns
    -------
    grad : ndarray of shape (d,), dtype of X and y

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> mse_grad([1.0, 2.0], [[1.0, 0.0], [1.0, 1.0]], [1.0, 5.0])
    array([-2., -2.])
    """
    X, y = validated(X, y)
    theta = np.asarray(theta, dtype=X.dtype)
    if theta.shape != (X.shape[1],):
        raise ValueError(f"theta must have shape ({X.shape[1]},), not {theta.shape}")
    return 2 / len(y) * X.T @ (X @ theta - y)


def normal_equation(X, y):
    """Return the least-squares solution for an X of full column rank.

    Parameters
    ----------
    X : array_like of shape (n, d), n >= d
        Full column rank. Holds the column of ones if there is an intercept.
    y : array_like of shape (n,) or (n, m)

    Returns
    -------
    theta : ndarray of shape (d,) or (d, m), dtype of X and y

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> normal_equation([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]], [1.0, 3.0, 5.0])
    array([1., 2.])
    """
    X, y = validated(X, y, several=True)
    d = X.shape[1]
    y = y.reshape(-1, 1)   # make it a column like in the lecture
    theta = np.linalg.solve(X.T @ X, X.T @ y)
    return theta.reshape(d, 1)


def lstsq_qr(X, y):
    """Return the least-squares solution for an X of full column rank, through X = QR.

    Parameters
    ----------
    X : array_like of shape (n, d), n >= d
        Full column rank. Holds the column of ones if there is an intercept.
    y : array_like of shape (n,) or (n, m)

    Returns
    -------
    theta : ndarray of shape (d,) or (d, m), dtype of X and y

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Notes
    -----
    `numpy.linalg.lstsq` and `numpy.linalg.pinv` may not be used in this part.

    Examples
    --------
    >>> np.round(lstsq_qr([[3.0, 1.0], [4.0, 3.0]], [5.0, 10.0]), 12)
    array([1., 2.])
    """
    X, y = validated(X, y, several=True)
    Q, R = np.linalg.qr(X)
    return np.linalg.solve(R, Q.T @ y)


def lstsq_min_norm(X, y, rcond=None):
    """Return the shortest of all least-squares solutions, for an X of any shape and rank.

    Parameters
    ----------
    X : array_like of shape (n, d)
        Holds the column of ones if there is an intercept.
    y : array_like of shape (n,) or (n, m)
    rcond : float, optional
        Singular values up to `rcond` times the largest count as zero. Default: max(n, d) times the machine epsilon
        of the dtype.

    Returns
    -------
    theta : ndarray of shape (d,) or (d, m), dtype of X and y
        All zeros if X is.

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Notes
    -----
    `numpy.linalg.lstsq` and `numpy.linalg.pinv` may not be used in this part.

    Examples
    --------
    >>> np.round(lstsq_min_norm([[1.0, 1.0]], [2.0]), 12)
    array([1., 1.])
    """
    X, y = validated(X, y, several=True)
    if rcond is None:
        rcond = max(X.shape) * np.finfo(X.dtype).eps
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    big = s > rcond * s[0]
    inv_s = np.zeros_like(s)
    inv_s[big] = 1 / s[big]
    return (Vt.T * inv_s) @ (U.T @ y)


def ridge(X, y, lam):
    """Return intercept and weights that minimise (1/n) * ||y - b - X w||^2 + lam * ||w||^2.

    Parameters
    ----------
    X : array_like of shape (n, d)
        Without a column of ones: the intercept is added here, and is not penalised.
    y : array_like of shape (n,)
    lam : float, >= 0
        If 0, X minus its column means must have full column rank.

    Returns
    -------
    b : float
    w : ndarray of shape (d,), dtype of X and y

    Raises
    ------
    ValueError
        If the shapes do not fit together, or `lam` is negative.

    Examples
    --------
    >>> b, w = ridge([[0.0], [2.0]], [0.0, 4.0], 1.0)
    >>> float(b), w
    (1.0, array([1.]))
    """
    X, y = validated(X, y)
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    n, d = X.shape
    x_mean = X.mean(axis=0)
    y_mean = y.mean()
    Xc = X - x_mean
    yc = y - y_mean
    w = np.linalg.solve(Xc.T @ Xc + n * lam * np.eye(d, dtype=X.dtype), Xc.T @ yc)
    b = y_mean - x_mean @ w
    return b, w


class LinearRegression:
    """Linear regression with an intercept, y ~ intercept_ + X @ coef_.

    Attributes
    ----------
    coef_ : ndarray of shape (d,), dtype of the data that it was fitted to
    intercept_ : float

    Examples
    --------
    >>> model = LinearRegression().fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> np.round(model.predict([[10.0]]), 12)
    array([21.])
    """

    def fit(self, X, y):
        """Estimate `coef_` and `intercept_` by least squares and return the model itself.

        Parameters
        ----------
        X : array_like of shape (n, d)
            Without a column of ones. Together with one it has full column rank.
        y : array_like of shape (n,)

        Raises
        ------
        ValueError
            If the shapes do not fit together.
        """
        X, y = validated(X, y)
        X1 = np.column_stack([np.ones(len(X), dtype=X.dtype), X])
        theta = lstsq_qr(X1, y)
        self.intercept_ = theta[0]
        self.coef_ = theta[1:]
        return self

    def predict(self, X):
        """Return the predictions for the rows of X, an ndarray of shape (n,).

        Parameters
        ----------
        X : array_like of shape (n, d)
        """
        return np.asarray(X) @ self.coef_ + self.intercept_
