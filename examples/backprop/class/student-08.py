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
    np.set_printoptions(precision=3)
    out = []
    for i in range(len(sizes) - 1):
        w = 0.01 * rng.normal(size=[sizes[i], sizes[i + 1]])
        bias = np.zeros(sizes[i + 1])
        out.append((w, bias))
    return out


def sigmoid(x):
    return np.exp(x) / (np.exp(x) + 1)

def relu(x):
    return (np.abs(x) + x) / 2

def softmax(x):
    return np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)

functions = {"relu": relu, "tanh": np.tanh, "sigmoid": sigmoid}


def forward(params, X, act):
    params, X = validated(params, X, act)
    h = X
    cache = [h]
    for w, bias in params[:-1]:
        h = functions[act](np.matmul(h, w) + bias)
        cache.append(h)
    w, bias = params[-1]
    return np.matmul(h, w) + bias, cache


def loss_and_grads(params, X, y, act, lam):
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    lam = float(lam)
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    Z, cache = forward(params, X, act)
    n = X.shape[0]
    P = softmax(Z)
    loss = 0
    loss -= np.log(P[np.arange(n), y]).mean()
    for w, bias in params:
        loss += lam * (w ** 2).sum()
    P[np.arange(n), y] -= 1
    delta = P / n
    grads = []
    for i in range(len(params) - 1, -1, -1):
        w = params[i][0]
        h = cache[i]
        grads.append((np.matmul(h.T, delta) + 2 * lam * w, delta.sum(axis=0)))
        delta = np.matmul(delta, w.T)
        if act == "relu":
            delta = delta * (h > 0)
        elif act == "tanh":
            delta = delta * (1 - np.square(h))
        else:
            delta = delta * h * (1 - h)
    return loss, grads[::-1]
