"""Multilayer perceptron and backpropagation / 多层感知机与反向传播

Write your code where it says YOUR CODE HERE, and hand in this file or the notebook, not both.
请在标有 YOUR CODE HERE 的地方编写代码，并提交本文件或笔记本，二者选一。
"""

from itertools import pairwise

import numpy as np

ACTIVATIONS = ("relu", "tanh", "sigmoid")


def validated(params, X, act):
    """Return params and X as float arrays of one dtype, or say what is wrong with them.

    Parameters
    ----------
    params : sequence of pairs (W, b)
        W array_like of shape (fan_in, fan_out), b array_like of shape (fan_out,); fan_in is the fan_out before.
    X : array_like of shape (n, d), n >= 1
    act : {'relu', 'tanh', 'sigmoid'}

    Returns
    -------
    params : list of tuples (W, b)
    X : ndarray
        All float32 if everything came as float32, else float64. Not copies where the dtype is already right: do not
        write into them. NaN is let through: a training that diverges should be seen to do so.

    Raises
    ------
    ValueError
        If a shape does not fit, there is no layer or no sample, or `act` is none of the three.
    """
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
    """Return y as an integer array, or say what is wrong with it.

    Raises
    ------
    ValueError
        If y does not have shape (n,), is not made of integers, or one of them is not in 0..K-1. NumPy would take a
        label -1 for the last class without a word.
    """
    y = np.asarray(y)
    if y.shape != (n,) or y.dtype.kind not in "iu":
        raise ValueError(f"y must hold integers in shape ({n},), not {y.dtype} in shape {y.shape}")
    if y.min() < 0 or y.max() >= K:
        raise ValueError(f"labels must lie in 0..{K - 1}, not {y.min()}..{y.max()}")
    return y


def init_params(sizes, rng):
    """Return random weights and zero biases for the layers between `sizes`.

    Parameters
    ----------
    sizes : sequence of int, at least two, each >= 1
        Widths: of the input, of the hidden layers, of the output.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    params : list of tuples (W, b), float64
        W of shape (fan_in, fan_out), independent entries of mean 0 and variance 2 / fan_in; b zeros of shape
        (fan_out,).

    Raises
    ------
    ValueError
        If there are fewer than two sizes, or one is below 1.

    Examples
    --------
    >>> params = init_params([3, 5, 2], np.random.default_rng(0))
    >>> [W.shape for W, b in params], params[1][1]
    ([(3, 5), (5, 2)], array([0., 0.]))
    """
    sizes = [int(size) for size in sizes]
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes must hold at least two widths >= 1, not {sizes}")
    params = []
    for fan_in, fan_out in zip(sizes, sizes[1:]):
        W = np.sqrt(2 / fan_in) * rng.standard_normal((fan_in, fan_out))
        b = np.zeros((1, fan_out))   # row vector, so that it is broadcast over the samples
        params.append((W, b))
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
    """Return the logits of the last layer, and what the way back will need.

    Parameters
    ----------
    params : sequence of pairs (W, b)
        W of shape (fan_in, fan_out), b of shape (fan_out,).
    X : array_like of shape (n, d)
    act : {'relu', 'tanh', 'sigmoid'}
        Activation of all layers but the last, which has none.

    Returns
    -------
    Z : ndarray of shape (n, K), dtype of X and params
        Logits: neither activation nor softmax has been applied to them.
    cache : object
        Whatever you like.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or `act` is unknown.
    """
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
    """Return mean cross-entropy plus penalty, and its gradient by all weights and biases.

    Parameters
    ----------
    params : sequence of pairs (W, b)
        W of shape (fan_in, fan_out), b of shape (fan_out,).
    X : array_like of shape (n, d)
    y : array_like of int, shape (n,)
        Classes 0..K-1, where K is the width of the last layer.
    act : {'relu', 'tanh', 'sigmoid'}
        Activation of all layers but the last.
    lam : float, >= 0
        Factor of the sum of all squared weights; the biases are not penalised.

    Returns
    -------
    loss : float
    grads : list of tuples (dW, db)
        In the order of params, shapes and dtypes as there.

    Raises
    ------
    ValueError
        If the shapes do not fit together, `act` is unknown, a label is no class, or `lam` is negative.
    """
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    lam = float(lam)
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    Z, (As, Zs) = forward(params, X, act)
    m = X.shape[0]
    Z = Z - np.max(Z, axis=1, keepdims=True)
    LP = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
    cost = -np.sum(LP[np.arange(m), y]) / m + lam * sum(np.sum(np.square(W)) for W, b in params)
    dZ = np.exp(LP)
    dZ[np.arange(m), y] -= 1
    dZ = dZ / m
    grads = []
    for l in reversed(range(len(params))):
        dW = np.dot(As[l].T, dZ) + 2 * lam * params[l][0]
        db = np.sum(dZ, axis=0, keepdims=True)
        grads.append((dW, db))
        if l > 0:
            dA = np.dot(dZ, params[l][0].T)
            dZ = dA * derivative(Zs[l - 1], act)
    return cost, grads[::-1]
