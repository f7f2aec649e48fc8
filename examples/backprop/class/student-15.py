"""Multilayer perceptron and backpropagation / 多层感知机与反向传播

Write your code where it says YOUR CODE HERE, and hand in this file or the notebook, not both.
请在标有 YOUR CODE HERE 的地方编写代码，并提交本文件或笔记本，二者选一。
"""

from itertools import pairwise

import numpy as np
learning_rate = 0.1

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
    for i, o in pairwise(sizes):
        params.append((rng.normal(size=(i, o)), np.zeros(o)))
    return params


def sigmoid(z):
    return 0.5 * (np.tanh(0.5 * z) + 1)


def activation(z, act):
    if act == "relu":
        return np.maximum(z, 0)
    if act == "tanh":
        return np.tanh(z)
    return sigmoid(z)


def forward(params, X, act):
    params, X = validated(params, X, act)
    As = [X]
    Zs = []
    for i, (W, b) in enumerate(params):
        z = As[-1] @ W + b
        Zs.append(z)
        if i != len(params) - 1:
            As.append(activation(z, act))
    return Zs[-1], (As, Zs)


def derivative(z, act):
    if act == "relu":
        return np.where(z > 0, 1, 0).astype(z.dtype)
    if act == "tanh":
        return 1 - np.tanh(z) ** 2
    s = sigmoid(z)
    return s * (1 - s)


def loss_and_grads(params, X, y, act, lam):
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    lam = float(lam)
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    Z, (As, Zs) = forward(params, X, act)
    n = len(y)
    Z = Z - Z.max(axis=1, keepdims=True)
    logp = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    loss = -logp[np.arange(n), y].mean() + lam * sum(np.sum(W ** 2) for W, b in params)
    # backward pass
    dZ = np.exp(logp)
    dZ[np.arange(n), y] -= 1
    dZ /= n
    grads = [0] * len(params)
    for l in range(len(params) - 1, -1, -1):
        grads[l] = (As[l].T @ dZ + 2 * lam * params[l][0], dZ.sum(axis=0))
        if l > 0:
            dZ = (dZ @ params[l][0].T) * derivative(Zs[l - 1], act)
    # gradient descent
    for (W, b), (dW, db) in zip(params, grads):
        W -= learning_rate * dW
        b -= learning_rate * db
    return loss, grads
