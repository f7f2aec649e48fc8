"""Multilayer perceptron and backpropagation / 多层感知机与反向传播

Write your code where it says YOUR CODE HERE, and hand in this file or the notebook, not both.
请在标有 YOUR CODE HERE 的地方编写代码，并提交本文件或笔记本，二者选一。
"""

from itertools import pairwise

import numpy as np

ACTIVATIONS = ("relu", "tanh", "sigmoid")


def validated(params, X, act):
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
    y = np.asarray(y)
    if y.shape != (n,) or y.dtype.kind not in "iu":
        raise ValueError(f"y must hold integers in shape ({n},), not {y.dtype} in shape {y.shape}")
    if y.min() < 0 or y.max() >= K:
        raise ValueError(f"labels must lie in 0..{K - 1}, not {y.min()}..{y.max()}")
    return y


def init_params(sizes, rng):
    sizes = [int(size) for size in sizes]
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes must hold at least two widths >= 1, not {sizes}")
    params = []
    for i in range(len(sizes) - 1):
        W = rng.standard_normal((sizes[i], sizes[i + 1])) * np.sqrt(2.0 / sizes[i])
        params.append((W, np.zeros(sizes[i + 1])))
    return params


def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def tanh(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))

def hidden(z, act):
    return {"relu": lambda: z * (z > 0), "tanh": lambda: tanh(z), "sigmoid": lambda: sigmoid(z)}[act]()


def forward(params, X, act):
    params, X = validated(params, X, act)
    cache = []
    for W, b in params[:-1]:
        cache.append(X)
        X = hidden(X @ W + b, act)
    cache.append(X)
    return X @ params[-1][0] + params[-1][1], cache


def loss_and_grads(params, X, y, act, lam):
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    lam = float(lam)
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    Z, cache = forward(params, X, act)
    n = len(y)
    e = np.exp(Z - Z.max(axis=1)[:, np.newaxis])
    p = e / e.sum(axis=1)[:, np.newaxis]
    loss = 0
    loss -= sum(np.log(p[np.arange(n), y])) / n
    loss += lam * sum((W * W).sum() for W, b in params)
    d = p
    d[np.arange(n), y] -= 1
    d = d / n
    grads = []
    for (W, b), A in zip(params[::-1], cache[::-1]):
        grads.append((A.T @ d + 2 * lam * W, d.sum(axis=0)))
        slope = {"relu": A > 0, "tanh": 1 - A * A, "sigmoid": A * (1 - A)}[act]
        d = (d @ W.T) * slope
    return loss, list(reversed(grads))
