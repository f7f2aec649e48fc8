"""The right answer, for the benchmark."""

import numpy as np


def mse_loss(theta, X, y):
    return float(np.mean((X @ theta - y) ** 2))


def mse_grad(theta, X, y):
    return 2 / len(y) * X.T @ (X @ theta - y)


def normal_equation(X, y):
    return np.linalg.solve(X.T @ X, X.T @ y)
