import numpy as np


def softmax(Z):
    Z = np.asarray(Z)
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def log_softmax(Z):
    Z = np.asarray(Z)
    Z = Z - Z.max(axis=1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))


def softmax_loss_grad(W, b, X, y, lam):
    # I removed the checks, my data are fine
    n = len(y)
    lp = log_softmax(X @ W + b)
    loss = -lp[np.arange(n), y].mean() + lam * np.sum(W ** 2)
    G = np.exp(lp)
    G[np.arange(n), y] -= 1
    return loss, X.T @ G / n + 2 * lam * W, G.mean(axis=0)
