"""Softmax regression / softmax 回归

Write your code where it says YOUR CODE HERE, and hand in this file or the notebook, not both.
请在标有 YOUR CODE HERE 的地方编写代码，并提交本文件或笔记本，二者选一。
"""

import numpy as np


def float_type(*arrays):
    """Return float32 if all arrays are float32, else float64."""
    return np.float32 if all(array.dtype == np.float32 for array in arrays) else np.float64


def validated_logits(Z):
    """Return Z as a float array of shape (n, K), or say what is wrong with it.

    Not a copy where the dtype is already right: do not write into it.

    Raises
    ------
    ValueError
        If Z has not two axes, is empty, or has an entry that is not finite.
    """
    Z = np.asarray(Z)
    if Z.ndim != 2 or Z.size == 0:
        raise ValueError(f"Z must have shape (n, K) with n, K >= 1, not {Z.shape}")
    Z = Z.astype(float_type(Z), copy=False)
    if not np.isfinite(Z).all():
        raise ValueError("Z must be finite")
    return Z


def validated(W, b, X, y, lam):
    """Return the arguments of `softmax_loss_grad` as arrays and a float, or say what is wrong with them.

    Parameters
    ----------
    W : array_like of shape (d, K)
    b : array_like of shape (K,)
    X : array_like of shape (n, d)
    y : array_like of shape (n,), integers in [0, K)
    lam : float, >= 0

    Returns
    -------
    W, b, X : ndarray, all float32 if all came as float32, else all float64
        Not copies where the dtype is already right: do not write into them.
    y : ndarray of shape (n,), int
    lam : float

    Raises
    ------
    ValueError
        If the shapes do not fit together, an entry is not finite, a label is no class, or lam is negative.
    """
    W, b, X, y = (np.asarray(value) for value in (W, b, X, y))
    if X.ndim != 2 or X.size == 0:
        raise ValueError(f"X must have shape (n, d) with n, d >= 1, not {X.shape}")
    if W.ndim != 2 or W.size == 0 or len(W) != X.shape[1]:
        raise ValueError(f"W must have shape ({X.shape[1]}, K), not {W.shape}")
    if b.shape != (W.shape[1],):
        raise ValueError(f"b must have shape ({W.shape[1]},), not {b.shape}")
    if y.shape != (len(X),) or y.dtype.kind not in "iu":
        raise ValueError(f"y must hold {len(X)} integers, shape ({len(X)},), not {y.dtype} of shape {y.shape}")
    if y.min() < 0 or y.max() >= W.shape[1]:
        raise ValueError(f"labels must lie in 0..{W.shape[1] - 1}; they run from {y.min()} to {y.max()}")
    if not (lam >= 0 and np.isfinite(lam)):
        raise ValueError(f"lam must be >= 0 and finite, not {lam}")
    dtype = float_type(W, b, X)
    W, b, X = (value.astype(dtype, copy=False) for value in (W, b, X))
    if not all(np.isfinite(value).all() for value in (W, b, X)):
        raise ValueError("W, b and X must be finite")
    return W, b, X, y.astype(np.intp), float(lam)


def softmax(Z):
    """Return the softmax of each row of Z.

    Parameters
    ----------
    Z : array_like of shape (n, K)
        Logits, of any size.

    Returns
    -------
    P : ndarray of shape (n, K), float32 if Z is, else float64
        Every row adds up to 1.

    Raises
    ------
    ValueError
        If Z has not two axes, is empty or not finite.

    Examples
    --------
    >>> softmax([[0.0, 0.0], [1000.0, 0.0]])
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    Z = validated_logits(Z)
    m = Z.max(axis=1, keepdims=True)
    return np.exp(Z - m) / np.sum(np.exp(Z), axis=1, keepdims=True)


def log_softmax(Z):
    """Return the logarithm of the softmax of each row of Z, finite also where the softmax itself is 0.

    Parameters
    ----------
    Z : array_like of shape (n, K)
        Logits, of any size.

    Returns
    -------
    log_P : ndarray of shape (n, K), float32 if Z is, else float64

    Raises
    ------
    ValueError
        If Z has not two axes, is empty or not finite.

    Examples
    --------
    >>> log_softmax([[0.0, -1000.0]])
    array([[    0., -1000.]])
    """
    Z = validated_logits(Z)
    Z = Z - Z.max(axis=1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))


def softmax_loss_grad(W, b, X, y, lam):
    """Return the penalised mean cross-entropy of softmax regression, and its gradient with respect to W and b.

    Parameters
    ----------
    W : array_like of shape (d, K)
    b : array_like of shape (K,)
    X : array_like of shape (n, d)
        Without a column of ones.
    y : array_like of shape (n,), integers in [0, K)
    lam : float, >= 0
        Multiplies the sum of the squares of W. b is not penalised.

    Returns
    -------
    loss : float, >= 0
    dW : ndarray of shape (d, K)
    db : ndarray of shape (K,)
        dW and db are float32 if W, b and X all are, else float64.

    Raises
    ------
    ValueError
        If the shapes do not fit together, an entry is not finite, a label is no class, or lam is negative.

    Examples
    --------
    >>> loss, dW, db = softmax_loss_grad([[0.0, 0.0]], [0.0, 0.0], [[1.0], [3.0]], [0, 1], 0.0)
    >>> round(loss, 6), dW, db
    (0.693147, array([[ 0.5, -0.5]]), array([0., 0.]))
    """
    W, b, X, y, lam = validated(W, b, X, y, lam)
    N, C = X.shape[0], W.shape[1]
    L = log_softmax(X @ W + b)
    loss = -np.mean(L[np.arange(N), y]) + lam * np.sum(W ** 2)
    G = np.exp(L)
    G[np.arange(N), y] -= 1
    G /= C
    return loss, X.T @ G + 2 * lam * W, G.sum(axis=0)
