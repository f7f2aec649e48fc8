"""My little linear algebra toolbox (imported by normal_equation.py)."""
import numpy as np


def mean(values, axis=None):
    return np.sum(values, axis=axis) / (np.size(values) if axis is None else np.shape(values)[axis])


def residual(theta, X, y):
    return y - X @ theta


def add_ones(X):
    return np.insert(X, 0, 1, axis=1)


def back_substitution(R, c):
    x = np.array(c)
    for i in range(len(R))[::-1]:
        x[i] -= R[i, i + 1:] @ x[i + 1:]
        x[i] /= R[i, i]
    return x


def spd_solve(A, c):
    """For symmetric A: scale it to a unit diagonal, then solve."""
    s = 1 / np.sqrt(np.diag(A))
    scaled = np.linalg.solve(A * s * s[:, None], (c.T * s).T)
    return (scaled.T * s).T
