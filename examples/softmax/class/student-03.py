import numpy as np


def float_type(*arrays):
    return np.float32 if all(array.dtype == np.float32 for array in arrays) else np.float64


def validated_logits(Z):
    Z = np.asarray(Z)
    if Z.ndim != 2 or Z.size == 0:
        raise ValueError(f"Z must have shape (n, K) with n, K >= 1, not {Z.shape}")
    Z = Z.astype(float_type(Z), copy=False)
    if not np.isfinite(Z).all():
        raise ValueError("Z must be finite")
    return Z


def validated(W, b, X, y, lam):
    W, b, X, y = (np.asarray(value) for value in (W, b, X, y))
    if X.ndim != 2 or X.size == 0:
        raise ValueError(f"X must have shape (n, d) with n, d >= 1, not {X.shape}")
    if W.ndim != 2 or W.size == 0 or len(W) != X.shape[1]:
        raise ValueError(f"W must have shape ({X.shape[1]}, K), not {W.shape}")
    if b.shape != (W.shape[1],):
        raise ValueError(f"b must have shape ({W.shape[1]},), not {b.shape}")
    if y.shape != (len(X),) or y.dtype.kind not in "iu":
        raise ValueError(f"y must hold {len(X)} integers, shape ({len(X)},), not {y.dtype} of shape {y.shape}")
    if y.min() < 0 or y.max() >= W.shape[1]:
        raise ValueError(f"labels must lie in 0..{W.shape[1] - 1}; they run from {y.min()} to {y.max()}")
    if not (lam >= 0 and np.isfinite(lam)):
        raise ValueError(f"lam must be >= 0 and finite, not {lam}")
    dtype = float_type(W, b, X)
    W, b, X = (value.astype(dtype, copy=False) for value in (W, b, X))
    if not all(np.isfinite(value).all() for value in (W, b, X)):
        raise ValueError("W, b and X must be finite")
    return W, b, X, y.astype(np.intp), float(lam)


class LogProbabilities:
    """Log-softmax of the rows of Z, with what else one needs."""

    def __init__(self, Z):
        self.m = np.amax(Z, axis=1)[:, np.newaxis]
        self.shifted = Z - self.m
        self.total = np.sum(np.exp(self.shifted), axis=1)[:, np.newaxis]

    @property
    def log(self):
        return self.shifted - np.log(self.total)

    @property
    def values(self):
        return np.exp(self.shifted) / self.total

    def of(self, y):
        return np.take_along_axis(self.log, y[:, None], axis=1)[:, 0]


class Model:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def logits(self, X):
        return X.dot(self.W) + self.b


def softmax(Z):
    Z = validated_logits(Z)
    print("softmax called with", Z.shape, Z.dtype)
    print("min/max", Z.min(), Z.max())
    return LogProbabilities(Z).values


def log_softmax(Z):
    Z = validated_logits(Z)
    print("log_softmax called with", Z.shape)
    return LogProbabilities(Z).log


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    n, d = X.shape
    K = W.shape[1]
    print(f"n={n} d={d} K={K} lam={lam}")
    prob = LogProbabilities(Model(W, b).logits(X))
    loss = -prob.of(y).mean() + lam * np.square(W).sum()
    print("loss is", loss)
    G = prob.values - (y[:, None] == np.arange(K))
    dW = np.einsum("ij,ik->jk", X, G) / n + 2 * lam * W
    db = np.einsum("ik->k", G) / n
    print("dW", dW)
    print("db", db)
    return loss, dW, db


if __name__ == "__main__":
    print(softmax([[0.0, 0.0], [1000.0, 0.0]]))
