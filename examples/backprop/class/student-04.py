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
    return [
        (rng.normal(0.0, (2 / m) ** 0.5, (m, k)), np.zeros((k,)))
        for m, k in pairwise(sizes)
    ]


# 每一层是一个对象：forward 记住输入，backward 返回对输入的导数
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, A):
        self.A = A
        return A @ self.W + self.b

    def backward(self, D):
        self.dW = self.A.T @ D
        self.db = D.sum(0)
        return D @ self.W.T


class ReLU:
    def forward(self, Z):
        self.mask = Z > 0
        return np.where(self.mask, Z, np.zeros_like(Z))

    def backward(self, D):
        return D * self.mask


class Tanh:
    def forward(self, Z):
        self.out = np.tanh(Z)
        return self.out

    def backward(self, D):
        return D * (1 - self.out ** 2)


class Sigmoid:
    def forward(self, Z):
        with np.errstate(over="ignore"):
            self.out = 1 / (1 + np.exp(-Z))
        return self.out

    def backward(self, D):
        return D * self.out * (1 - self.out)


LAYERS = {"relu": ReLU, "tanh": Tanh, "sigmoid": Sigmoid}


class Net:
    def __init__(self, params, act):
        self.layers = []
        for W, b in params:
            if self.layers:
                self.layers.append(LAYERS[act]())
            self.layers.append(Linear(W, b))

    def forward(self, X):
        for layer in self.layers:
            X = layer.forward(X)
        return X

    def backward(self, D):
        for layer in reversed(self.layers):
            D = layer.backward(D)
        return [(layer.dW, layer.db) for layer in self.layers if isinstance(layer, Linear)]


def forward(params, X, act):
    params, X = validated(params, X, act)
    net = Net(params, act)
    return net.forward(X), net


def loss_and_grads(params, X, y, act, lam):
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    lam = float(lam)
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    n = len(X)
    Z, net = forward(params, X, act)
    # 数值稳定的 softmax
    Z = Z - np.max(Z, axis=-1, keepdims=True)
    logP = Z - np.log(np.sum(np.exp(Z), axis=-1, keepdims=True))
    J = -logP[range(n), y].sum() / n
    D = np.exp(logP)
    D[range(n), y] -= 1.0
    grads = net.backward(D / n)
    J += lam * sum(np.square(W).sum() for W, _ in params)
    return float(J), [(dW + 2 * lam * W, db) for (dW, db), (W, _) in zip(grads, params)]
