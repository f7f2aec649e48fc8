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
    layers = []
    for rows, cols in pairwise(sizes):
        c = np.sqrt(6 / rows)
        layers.append((rng.uniform(-c, c, size=(rows, cols)), np.zeros(cols)))
    return layers


def phi(z, act):
    if act == "tanh":
        return np.tanh(z)
    elif act == "sigmod":
        return 0.5 * (1 + np.tanh(z / 2))
    else:
        return np.maximum(z, 0)


def forward(params, X, act):
    """Return the logits of the last layer, and what the way back will need."""
    params, X = validated(params, X, act)
    cache = [X]
    for W, b in params[:-1]:
        cache.append(phi(cache[-1] @ W + b, act))
    W, b = params[-1]
    return cache[-1] @ W + b, cache


def loss_and_grads(params, X, y, act, lam):
    """Return mean cross-entropy plus penalty, and its gradient by all weights and biases."""
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    lam = float(lam)
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    n = X.shape[0]
    logits, acts = forward(params, X, act)
    K = logits.shape[1]
    m = logits.max(axis=1)
    logp = (logits.T - m - np.log(np.exp(logits.T - m).sum(axis=0))).T
    Y = np.zeros((n, K), dtype=logits.dtype)
    Y[np.arange(n), y] = 1
    loss = -(Y * logp).sum() / n + lam * sum(float(np.sum(np.square(W))) for W, _ in params)
    err = (np.exp(logp) - Y) / n
    out = []
    for (W, _), A in zip(reversed(params), reversed(acts)):
        out.insert(0, (np.dot(A.T, err) + 2 * lam * W, np.sum(err, axis=0)))
        if act == "relu":
            d = (A > 0) * 1
        elif act == "tanh":
            d = 1 - A**2
        else:
            d = A - A**2
        if A is not X:
            err = np.dot(err, W.T) * d
            err = err.astype(A.dtype, copy=False)
    return float(loss), out
