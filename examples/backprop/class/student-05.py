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


def f(z, act):
    if act == 'relu':
        return np.maximum(0, z)
    if act == 'tanh':
        return np.tanh(z)
    return (1 + np.tanh(z / 2)) / 2

def df(a, act):
    # in terms of the output
    if act == 'relu':
        return 1.0 * (a > 0)
    if act == 'tanh':
        return 1 - a * a
    return a * (1 - a)


def forward(params, X, act):
    params, X = validated(params, X, act)
    Z = []
    for x in X:
        a = x
        for W, b in params[:-1]:
            a = f(a @ W + b, act)
        Z.append(a @ params[-1][0] + params[-1][1])
    return np.array(Z), None


def loss_and_grads(params, X, y, act, lam):
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    lam = float(lam)
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    n = len(X)
    loss = 0.0
    dWs = [np.zeros_like(W) for W, b in params]
    dbs = [np.zeros_like(b) for W, b in params]
    # one sample at a time, like in the lecture
    for i in range(n):
        a = [X[i]]
        for W, b in params[:-1]:
            a.append(f(a[-1] @ W + b, act))
        W, b = params[-1]
        z = a[-1] @ W + b
        z = z - z.max()
        s = np.log(np.exp(z).sum())
        loss += s - z[y[i]]
        d = np.exp(z - s)
        d[y[i]] -= 1
        d = d / n
        for l in range(len(params) - 1, -1, -1):
            dWs[l] += np.outer(a[l], d)
            dbs[l] += d
            if l > 0:
                d = (params[l][0] @ d) * df(a[l], act)
                d = d.astype(X.dtype)
    loss = loss / n
    for l, (W, b) in enumerate(params):
        loss += lam * np.sum(W ** 2)
        dWs[l] += 2 * lam * W
    return loss, list(zip(dWs, dbs))
