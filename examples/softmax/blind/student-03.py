"""Softmax regression / softmax 回归"""

import numpy as np


def float_type(*arrays):
    """Return float32 if all arrays are float32, else float64."""
    return np.float32 if all(array.dtype == np.float32 for array in arrays) else np.float64


def validated_logits(Z):
    """Return Z as a float array of shape (n, K), or say what is wrong with it."""
    Z = np.asarray(Z)
    if Z.ndim != 2 or Z.size == 0:
        raise ValueError(f"Z must have shape (n, K) with n, K >= 1, not {Z.shape}")
    Z = Z.astype(float_type(Z), copy=False)
    if not np.isfinite(Z).all():
        raise ValueError("Z must be finite")
    return Z


def validated(W, b, X, y, lam):
    """Return the arguments of `softmax_loss_grad` as arrays and a float, or say what is wrong with them."""
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
    """Return the softmax of each row of Z."""
    Z = validated_logits(Z)
    Z = Z - np.max(Z)
    ex = np.exp(Z)
    with np.errstate(invalid="ignore"):
        return ex / ex.sum(axis=1, keepdims=True)


def log_softmax(Z):
    """Return the logarithm of the softmax of each row of Z, finite also where the softmax itself is 0."""
    Z = validated_logits(Z)
    m = np.max(Z, axis=1, keepdims=True)

    return (Z - m) - np.log(np.sum(np.exp(Z - m), axis=1, keepdims=True))


def softmax_loss_grad(W, b, X, y, lam):
    """Return the penalised mean cross-entropy of softmax regression, and its gradient with respect to W and b."""
    W, b, X, y, lam = validated(W, b, X, y, lam)
    n, K = len(X), W.shape[1]
    logp = log_softmax(np.dot(X, W) + b)
    onehot = np.zeros((n, K), dtype=X.dtype)
    onehot[np.arange(n), y] = 1
    loss = -(onehot * logp).sum() / n + lam * (W**2).sum()
    G = (np.exp(logp) - onehot) / n
    return float(loss), X.T.dot(G) + 2 * lam * W, G.sum(axis=0)
