"""Multilayer perceptron and backpropagation / 多层感知机与反向传播"""

from itertools import pairwise

import numpy as np

ACTIVATIONS = ("relu", "tanh", "sigmoid")


def validated(params, X, act):
    """Return params and X as float arrays of one dtype, or say what is wrong with them."""
    if act not in ACTIVATIONS:
        raise ValueError(f"act must be one of {ACTIVATIONS}, not {act!r}")
    X = np.asarray(X)
    if X.ndim != 2 or len(X) == 0:
        raise ValueError(f"X must have shape (n, d) with n >= 1, not {X.shape}")
    params = [(np.asarray(W), np.asarray(b)) for W, b in params]
    if not params:
        raise ValueError("params must hold at least one layer")
    width, single = X.shape[1], X.dtype == np.float32
    for number, (W, b) in enumerate(params):
        if W.ndim != 2 or W.shape[0] != width:
            raise ValueError(f"layer {number}: W must have shape ({width}, fan_out), not {W.shape}")
        if b.shape != (W.shape[1],):
            raise ValueError(f"layer {number}: b must have shape ({W.shape[1]},), not {b.shape}")
        width, single = W.shape[1], single and W.dtype == b.dtype == np.float32
    dtype = np.float32 if single else np.float64
    return [(W.astype(dtype, copy=False), b.astype(dtype, copy=False)) for W, b in params], X.astype(dtype, copy=False)


def validated_labels(y, n, K):
    """Return y as an integer array, or say what is wrong with it."""
    y = np.asarray(y)
    if y.shape != (n,) or y.dtype.kind not in "iu":
        raise ValueError(f"y must hold integers in shape ({n},), not {y.dtype} in shape {y.shape}")
    if y.min() < 0 or y.max() >= K:
        raise ValueError(f"labels must lie in 0..{K - 1}, not {y.min()}..{y.max()}")
    return y


def init_params(sizes, rng):
    """Return random weights and zero biases for the layers between `sizes`."""
    sizes = [int(size) for size in sizes]
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes must hold at least two widths >= 1, not {sizes}")
    pars = []
    for n_in, n_out in pairwise(sizes):
        scale = np.sqrt(2 / n_in)
        pars.append((rng.normal(0, scale, (n_in, n_out)), rng.normal(0, scale, n_out)))
    return pars


def phi(z, act):
    if act == "tanh":
        return np.tanh(z)
    if act == "sigmoid":
        e = np.exp(-np.abs(z))
        return np.where(z >= 0, 1, e) / (1 + e)
    return np.where(z > 0, z, 0).astype(z.dtype)


def forward(params, X, act):
    """Return the logits of the last layer, and what the way back will need."""
    params, X = validated(params, X, act)
    H = [X]
    for i, (W, b) in enumerate(params):
        Z = np.dot(H[-1], W) + b
        if i < len(params) - 1:
            H.append(phi(Z, act))
    return Z, H


def loss_and_grads(params, X, y, act, lam):
    """Return mean cross-entropy plus penalty, and its gradient by all weights and biases."""
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    lam = float(lam)
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    n = len(X)
    Z, A = forward(params, X, act)
    Z = Z - Z.max(axis=1, keepdims=True)
    logp = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    loss = -np.sum(logp[np.arange(n), y]) + lam * sum((W**2).sum() for W, _ in params)
    delta = np.exp(logp)
    delta[np.arange(n), y] -= 1
    delta /= n
    grads = []
    for l in range(len(params) - 1, -1, -1):
        W = params[l][0]
        grads.append((A[l].T @ delta + 2 * lam * W, delta.sum(axis=0)))
        if l > 0:
            a = A[l]
            slope = {"relu": (a > 0).astype(a.dtype), "tanh": 1 - a**2, "sigmoid": a * (1 - a)}[act]
            delta = delta @ W.T * slope
    return float(loss), grads[::-1]
