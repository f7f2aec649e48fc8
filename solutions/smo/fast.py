"""`SVC.fit` for the Gaussian kernel at full speed, for the benchmark alone.

The method is that of `smo.py`: pairs by second-order information. What differs is how numbers are kept:

- Rows of the kernel matrix are computed when they are first needed, and stored in single precision, as libsvm does it,
  in the form D = 1 - K: half the squared distances in feature space. The second-order score is then violation**2 / D_i
  (up to a factor), and the update of g a multiple of D_j - D_i.
- Who can grow or shrink is kept as two additive masks of 0 and -inf, of which a step changes two entries.
- Every array operation writes into a buffer, and scalars are Python's.

At the end g is computed anew, so that rounding in a long run cannot end it too early.
"""

from __future__ import annotations

import numpy as np

INF = float("inf")


def fit_rbf(X, y, C, gamma, tol=1e-3, max_iter=10_000_000):
    """Return alpha (n,), b and the number of steps of a support vector machine with the kernel exp(-gamma ||x - z||^2).

    Parameters
    ----------
    X : ndarray of shape (n, d), float64
    y : ndarray of shape (n,), float64
        -1.0 and 1.0, both of them.
    C, gamma : float, > 0

    Input is taken to be validated.
    """
    rows = _Rows(X, gamma)
    upper = np.where(y > 0, C, 0.0)
    beta = np.zeros(len(y))
    g = y.copy()
    n_iter = 0
    while True:
        n_iter += _search(rows, upper, C, beta, g.astype(np.float32), tol, max_iter - n_iter)
        g = y - rows.times(beta)
        m, M = g[beta < upper].max(), g[beta > upper - C].min()
        if m - M <= 1.05 * tol or n_iter >= max_iter:
            return beta * y, (m + M) / 2, n_iter


class _Rows:
    """The half squared distances in feature space, 1 - exp(-gamma ||x_i - x_j||^2), row by row, float32."""

    def __init__(self, X, gamma):
        scaled = (X - X.mean(axis=0)) * (2 * gamma) ** 0.5
        self.samples, self.transposed = scaled, np.ascontiguousarray(scaled.T)
        self.halves = np.einsum("ij,ij->i", scaled, scaled) / 2
        n = len(X)
        self.storage = np.empty((n, n), np.float32)  # a page of it costs memory once it is written to
        self.known = [None] * n
        self.wide, self.exponent = np.empty(n), np.empty(n, np.float32)
        self.zeros, self.ones = np.zeros(n, np.float32), np.ones(n, np.float32)
        self.tiny = np.full(n, 1e-12, np.float32)  # eta of duplicates

    def __call__(self, i):
        row = self.known[i]
        if row is None:
            row = self.known[i] = self.storage[i]
            wide, exponent = self.wide, self.exponent
            np.dot(self.samples[i], self.transposed, wide)
            np.subtract(wide, self.halves, wide)
            np.subtract(wide, self.halves[i], wide)
            exponent[:] = wide
            np.minimum(exponent, self.zeros, out=exponent)
            np.exp(exponent, exponent)
            np.subtract(self.ones, exponent, exponent)
            np.maximum(exponent, self.tiny, out=row)
        return row

    def times(self, beta):
        """Return K @ beta, for a beta that adds up to zero and is zero where no row is known, by blocks of rows."""
        product = np.zeros(len(beta))
        support = np.flatnonzero(beta)
        for start in range(0, len(support), 256):
            block = support[start : start + 256]
            product -= beta[block].astype(np.float32) @ self.storage[block]
        return product


def _search(rows, upper, C, beta, g, tol, max_iter):
    """Take pair steps, changing `beta` and `g`, until m - M <= tol; return how many."""
    add, subtract, multiply, divide, maximum = np.add, np.subtract, np.multiply, np.divide, np.maximum
    n, single = len(g), np.float32
    growing = np.where(beta < upper, 0.0, -INF).astype(single)
    shrinking = np.where(beta > upper - C, 0.0, -INF).astype(single)
    score, violation, zeros = np.empty(n, single), np.empty(n, single), np.zeros(n, single)
    top, bottom, values = upper.tolist(), (upper - C).tolist(), beta.tolist()
    n_iter = 0
    while n_iter < max_iter:
        add(g, growing, score)
        i = score.argmax()
        row_i = rows(i)
        subtract(score[i], g, violation)
        add(violation, shrinking, violation)
        maximum(violation, zeros, out=violation)
        multiply(violation, violation, score)
        divide(score, row_i, score)
        j = score.argmax()
        gap = float(violation[j])
        if gap <= tol and violation.max() <= tol:
            break
        row_j = rows(j)
        above, below = top[i] - values[i], values[j] - bottom[j]
        t = min(gap / (2 * float(row_i[j])), above, below)
        values[i] = top[i] if t == above else values[i] + t
        values[j] = bottom[j] if t == below else values[j] - t
        for k in (i, j):
            growing[k] = 0.0 if values[k] < top[k] else -INF
            shrinking[k] = 0.0 if values[k] > bottom[k] else -INF
        subtract(row_j, row_i, score)
        multiply(score, single(t), score)
        subtract(g, score, g)
        n_iter += 1
    beta[:] = values
    return n_iter
