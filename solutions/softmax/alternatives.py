"""Other correct ways to write the assignment. Every one gets full marks, but for the checks named in `loses`."""

from autograder.judge.variants import Variant

ALTERNATIVES = (
    Variant(
        id="one_hot",
        source="""
def softmax(Z):
    return np.exp(log_softmax(Z))


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    Y = np.eye(W.shape[1], dtype=X.dtype)[y]
    log_P = log_softmax(X @ W + b)
    loss = -np.sum(Y * log_P) / len(X) + lam * np.linalg.norm(W) ** 2
    error = (np.exp(log_P) - Y) / len(X)
    dW = np.einsum("nd,nk->dk", X, error) + 2 * lam * W
    return loss, dW, np.einsum("nk->k", error)
""",
    ),
    Variant(
        id="logaddexp",
        source="""
def log_softmax(Z):
    Z = validated_logits(Z)
    return Z - np.logaddexp.reduce(Z, axis=1, keepdims=True)


def softmax(Z):
    return np.exp(log_softmax(Z))


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    Z = X @ W + b
    level = np.logaddexp.reduce(Z, axis=1)
    G = np.exp(Z - level[:, np.newaxis])
    np.add.at(G, (np.arange(len(y)), y), -1)
    loss = (level - np.take_along_axis(Z, y[:, None], axis=1)[:, 0]).mean() + lam * (W * W).sum()
    return loss, X.T.dot(G) / len(y) + 2 * lam * W, G.mean(axis=0)
""",
    ),
    Variant(
        id="differences_of_logits",
        source="""
# 1 / sum_j exp(z_j - z_k): where a difference overflows, the probability is 1 / inf = 0. No maximum is needed.
def softmax(Z):
    Z = validated_logits(Z)
    with np.errstate(over="ignore"):
        return 1 / np.exp(Z[:, None, :] - Z[:, :, None]).sum(axis=2)


def log_softmax(Z):
    Z = validated_logits(Z)
    differences = Z[:, None, :] - Z[:, :, None]  # (n, k, j)
    top = differences.max(axis=2)
    return -(top + np.log(np.exp(differences - top[:, :, None]).sum(axis=2)))


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    n = len(y)
    Z = X @ W + b
    loss = -log_softmax(Z - Z[np.arange(n), y][:, None])[np.arange(n), y].mean() + lam * np.vdot(W, W)
    P = softmax(Z)
    # X^T P - X^T Y, the second by adding up the rows of each class
    counted = np.zeros_like(W.T)
    np.add.at(counted, y, X)
    dW = (X.T @ P - counted.T) / n + 2 * lam * W
    db = (P.sum(axis=0) - np.bincount(y, minlength=W.shape[1])) / n
    return float(loss), dW, db.astype(X.dtype)
""",
    ),
    Variant(
        id="row_blocks",
        source="""
def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    n = len(y)
    loss, dW, db = 0.0, np.zeros_like(W), np.zeros_like(b)
    for start in range(0, n, 500):
        rows, labels = X[start : start + 500], y[start : start + 500]
        log_P = log_softmax(rows @ W + b)
        own = np.arange(len(labels))
        loss -= log_P[own, labels].sum()
        G = np.exp(log_P)
        G[own, labels] -= 1
        dW += rows.T @ G
        db += G.sum(axis=0)
    return loss / n + lam * np.sum(W**2), dW / n + 2 * lam * W, db / n
""",
    ),
    Variant(
        id="float32_in_float64",
        source="""
def softmax(Z):
    Z = validated_logits(Z)
    E = np.exp(Z.astype(np.float64) - Z.max(axis=-1)[:, None])
    return (E / E.sum(axis=-1)[:, None]).astype(Z.dtype)


def log_softmax(Z):
    Z = validated_logits(Z)
    wide = Z.astype(np.float64)
    top = wide.max(axis=1, keepdims=True)
    return (wide - (top + np.log(np.exp(wide - top).sum(axis=1, keepdims=True)))).astype(Z.dtype)


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    # The intercept as one more row of W, for a column of ones.
    A = np.column_stack([X.astype(np.float64), np.ones(len(X))])
    V = np.vstack([W, b]).astype(np.float64)
    log_P = log_softmax(A @ V)
    loss = -log_P.ravel()[np.arange(len(y)) * W.shape[1] + y].mean() + lam * np.sum(V[:-1] ** 2)
    Y = (y[:, None] == np.arange(W.shape[1])).astype(float)
    dV = A.T @ (np.exp(log_P) - Y) / len(X)
    dV[:-1] += 2 * lam * V[:-1]
    return loss, dV[:-1].astype(X.dtype), dV[-1].astype(X.dtype)
""",
    ),
    Variant(
        id="class_by_class",
        source="""
def softmax(Z):
    Z = validated_logits(Z)
    columns = list(Z.T)
    top = columns[0]
    for column in columns[1:]:
        top = np.maximum(top, column)
    E = [np.exp(column - top) for column in columns]
    total = sum(E)
    return np.stack([e / total for e in E], axis=1)


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    n, K = len(y), W.shape[1]
    Z = X @ W + b
    top = Z.max(axis=1)
    total = np.zeros_like(top)
    for k in range(K):
        total += np.exp(Z[:, k] - top)
    level = top + np.log(total)
    loss = lam * np.sum(W**2)
    dW, db = np.empty_like(W), np.empty_like(b)
    for k in range(K):
        mine = y == k
        loss += np.sum(level[mine] - Z[mine, k]) / n
        g = (np.exp(Z[:, k] - level) - mine) / X.dtype.type(n)
        dW[:, k] = g @ X + 2 * lam * W[:, k]
        db[k] = g.sum()
    return loss, dW, db
""",
    ),
    Variant(
        id="outer_products_by_broadcasting",
        source="""
def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    Z = (X[:, :, None] * W).sum(axis=1) + b
    Y = np.zeros_like(Z)
    np.put_along_axis(Y, y[:, None], 1, axis=1)
    G = softmax(Z) - Y
    loss = -(log_softmax(Z) * Y).sum(axis=1).mean() + lam * np.square(W).sum()
    return loss, (X[:, :, None] * G[:, None, :]).mean(axis=0) + 2 * lam * W, G.mean(axis=0)
""",
    ),
    Variant(
        id="jacobian_of_softmax",
        source="""
# The chain rule step by step: dJ/dp, then the Jacobian diag(p) - p p^T of the softmax. The observed p is bounded away
# from 0 by working with dJ/dp = -1/p times p, which is -1.
def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    n, K = len(y), W.shape[1]
    Z = X @ W + b
    P = softmax(Z)
    Y = np.zeros((n, K), dtype=X.dtype)
    Y[range(n), y] = 1
    G = -(Y - P * Y.sum(axis=1, keepdims=True)) / n
    loss = -log_softmax(Z)[Y == 1].sum() / n + lam * sum(float(w) ** 2 for w in W.ravel())
    return loss, (G.T @ X).T + 2 * lam * W, np.ones(n, dtype=X.dtype) @ G
""",
    ),
    Variant(
        id="floor_below_what_matters",
        source="""
# Exponents below -700 all count as exp(-700) = 1e-304: no logarithm is taken of them.
def softmax(Z):
    Z = validated_logits(Z)
    floor = -700 if Z.dtype == np.float64 else -80
    E = np.exp(np.maximum(Z - Z.max(axis=1, keepdims=True), floor))
    return E / E.sum(axis=1, keepdims=True)


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    Z = X @ W + b
    P = softmax(Z)
    P[np.arange(len(y)), y] -= 1
    picked = -log_softmax(Z)[np.arange(len(y)), y]
    return np.average(picked) + lam * np.sum(W * W), X.T @ P / len(y) + 2 * lam * W, P.mean(axis=0)
""",
    ),
    Variant(
        id="loop_over_samples",
        loses=("test_softmax_loss_grad_is_fast",),
        source="""
def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    n = len(y)
    loss, dW, db = 0.0, np.zeros_like(W), np.zeros_like(b)
    for x, label in zip(X, y):
        z = x @ W + b
        z -= z.max()
        e = np.exp(z)
        total = e.sum()
        loss += np.log(total) - z[label]
        g = e / total
        g[label] -= 1
        dW += np.outer(x, g)
        db += g
    return loss / n + lam * np.sum(W**2), dW / n + 2 * lam * W, db / n
""",
    ),
    Variant(
        id="loop_over_samples_backward",
        loses=("test_softmax_loss_grad_is_fast",),
        source="""
def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    n = len(y)
    log_P = log_softmax(X @ W + b)
    loss = -log_P[np.arange(n), y].mean() + lam * np.sum(W**2)
    G = np.exp(log_P)
    G[np.arange(n), y] -= 1
    dW = np.zeros_like(W)
    for i in range(n):
        dW += X[i][:, None] * G[i]
    return loss, dW / n + 2 * lam * W, G.mean(axis=0)
""",
    ),
    Variant(
        id="loop_over_samples_forward",
        loses=("test_softmax_loss_grad_is_fast",),
        source="""
def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    n = len(y)
    G = X @ W + b
    loss = 0.0
    for i in range(n):
        e = np.exp(G[i] - G[i].max())
        total = e.sum()
        loss += np.log(total) + G[i].max() - G[i, y[i]]
        G[i] = e / total
        G[i, y[i]] -= 1
    return loss / n + lam * np.sum(W**2), X.T @ G / n + 2 * lam * W, G.mean(axis=0)
""",
    ),
    Variant(
        id="three_nested_loops",
        loses=("test_softmax_loss_grad_is_fast",),
        source="""
import math


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    dtype, (n, d), K = X.dtype, X.shape, W.shape[1]
    columns, b, X = W.T.tolist(), b.tolist(), X.tolist()
    loss, dW, db = 0.0, [[0.0] * d for _ in range(K)], [0.0] * K
    for i in range(n):
        x = X[i]
        z = []
        for k in range(K):
            score = b[k]
            for j in range(d):
                score += x[j] * columns[k][j]
            z.append(score)
        top = max(z)
        e = [math.exp(score - top) for score in z]
        total = sum(e)
        loss += math.log(total) + top - z[y[i]]
        for k in range(K):
            g = e[k] / total - (k == y[i])
            db[k] += g
            for j in range(d):
                dW[k][j] += g * x[j]
    loss = loss / n + lam * sum(w * w for column in columns for w in column)
    dW = [[dW[k][j] / n + 2 * lam * columns[k][j] for k in range(K)] for j in range(d)]
    return loss, np.array(dW, dtype=dtype), np.array([total / n for total in db], dtype=dtype)
""",
    ),
)
