"""Other correct ways to write the assignment. Every one gets full marks, but for the checks named in `loses`."""

from autograder.judge.variants import Variant

ALTERNATIVES = (
    Variant(
        id="weighted_least_squares",
        source="""
def sigmoid(z):
    z = as_float(z)
    return 0.5 * (1 + np.tanh(0.5 * z))


def bce_with_logits(z, y):
    z = as_float(z)
    y = np.asarray(y)
    return np.mean(np.logaddexp(0, np.where(y == 1, -z, z)))


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    # The textbook's form: weights and a working response, then a weighted ridge regression.
    X, y, lam, theta = validated(X, y, lam, theta0)
    n, d = X.shape
    penalty = np.full(d, 2 * n * lam, dtype=X.dtype)
    penalty[0] = 0
    history, converged = [objective(theta, X, y, lam)], False
    for _ in range(max_iter):
        z = X @ theta
        p = sigmoid(z)
        s = np.maximum(p * (1 - p), np.finfo(X.dtype).tiny)
        response = z + (y - p) / s
        try:
            target = np.linalg.solve((X.T * s) @ X + np.diag(penalty), X.T @ (s * response))
        except np.linalg.LinAlgError:
            break
        direction = target - theta
        t = 1.0
        for _ in range(50):
            loss = objective(theta + t * direction, X, y, lam)
            if loss <= history[-1] * (1 + 8 * float(np.finfo(X.dtype).eps)):
                break
            t /= 2
        theta = theta + t * direction
        history.append(loss)
        if lam == 0 and ((2 * y - 1) * (X @ theta) > 0).all():
            break
        g = gradient(theta, X, y, lam)
        if np.sqrt(n * g @ np.linalg.solve(hessian(theta, X, y, lam), g)) <= tol:
            converged = True
            break
    return IRLSResult(theta, converged, len(history) - 1, history)
""",
    ),
    Variant(
        id="armijo_with_cholesky",
        source="""
def sigmoid(z):
    z = as_float(z)
    out = np.empty_like(z)
    positive = z >= 0
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    e = np.exp(z[~positive])
    out[~positive] = e / (1 + e)
    return out


def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    p = sigmoid(X @ theta)
    A = X * np.sqrt(p * (1 - p))[:, None]
    D = np.eye(X.shape[1], dtype=X.dtype)
    D[0, 0] = 0
    return A.T @ A / len(y) + 2 * lam * D


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    X, y, lam, theta = validated(X, y, lam, theta0)
    loss = objective(theta, X, y, lam)
    history = [loss]
    converged = False
    for _ in range(max_iter):
        g, H = gradient(theta, X, y, lam), hessian(theta, X, y, lam)
        try:
            L = np.linalg.cholesky(H)
        except np.linalg.LinAlgError:
            break
        half = np.linalg.solve(L, g)
        s = -np.linalg.solve(L.T, half)
        slope = float(half @ half)
        if np.sqrt(len(y) * slope) <= tol:
            converged = True
            break
        t, slack = 1.0, 10 * np.finfo(X.dtype).eps * abs(loss)
        while t > 1e-12 and objective(theta + t * s, X, y, lam) > loss - 0.25 * t * slope + slack:
            t *= 0.5
        theta = theta + t * s
        loss = objective(theta, X, y, lam)
        history.append(loss)
        if lam == 0 and np.all((X @ theta > 0) == (y == 1)):
            break
    else:
        g = gradient(theta, X, y, lam)
        converged = bool(np.sqrt(len(y) * g @ np.linalg.solve(hessian(theta, X, y, lam), g)) <= tol)
    return IRLSResult(theta, converged, len(history) - 1, history)
""",
    ),
    Variant(
        id="exact_line_search",
        source="""
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -as_float(z)))


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    X, y, lam, theta = validated(X, y, lam, theta0)
    history, converged, n_iter = [objective(theta, X, y, lam)], False, 0
    while n_iter < max_iter:
        s = np.linalg.solve(hessian(theta, X, y, lam), -gradient(theta, X, y, lam))
        slope = lambda t: gradient(theta + t * s, X, y, lam) @ s  # increasing: J is convex
        low, high = 0.0, 1.0
        while slope(high) < 0 and high < 1e3:
            low, high = high, 2 * high
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if slope(middle) < 0 else (low, middle)
        theta = theta + high * s
        n_iter += 1
        history.append(objective(theta, X, y, lam))
        if lam == 0 and np.min((2 * y - 1) * (X @ theta)) > 0:
            break
        g = gradient(theta, X, y, lam)
        if len(y) * g @ np.linalg.solve(hessian(theta, X, y, lam), g) <= tol**2:
            converged = True
            break
    return IRLSResult(theta, converged, n_iter, history)
""",
    ),
    Variant(
        id="levenberg_marquardt",
        source="""
def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    # A little of the diagonal is added, more where J would rise, and less and less where it falls.
    X, y, lam, theta = validated(X, y, lam, theta0)
    loss, mu = objective(theta, X, y, lam), 1e-3
    history, converged = [loss], False
    while len(history) <= max_iter:
        g, H = gradient(theta, X, y, lam), hessian(theta, X, y, lam)
        if len(y) * (g @ np.linalg.solve(H, g)) <= tol**2:
            converged = True
            break
        for _ in range(60):
            candidate = theta - np.linalg.solve(H + mu * np.diag(np.diag(H)), g)
            new = objective(candidate, X, y, lam)
            if new <= loss + 1e-15 + 8 * np.finfo(X.dtype).eps * loss:
                break
            mu *= 4
        theta, loss, mu = candidate, new, mu / 10
        history.append(loss)
        if lam == 0 and np.all((2 * y - 1) * (X @ theta) > 0):
            break
    else:
        g, H = gradient(theta, X, y, lam), hessian(theta, X, y, lam)
        converged = bool(len(y) * (g @ np.linalg.solve(H, g)) <= tol**2)
    return IRLSResult(theta.astype(X.dtype), converged, len(history) - 1, history)
""",
    ),
    Variant(
        id="trust_region",
        source="""
def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    # Steps of at most a given length, in units of the curvature of each column; the radius shrinks where J would rise.
    X, y, lam, theta = validated(X, y, lam, theta0)
    loss, radius = objective(theta, X, y, lam), 1.0
    history, converged = [loss], False
    while True:
        g, H = gradient(theta, X, y, lam), hessian(theta, X, y, lam)
        s = np.linalg.solve(H, -g)
        converged = bool(-len(y) * (g @ s) <= tol**2)
        if converged or len(history) > max_iter:
            break
        scale = np.sqrt(np.diag(H))
        for _ in range(80):
            step = s
            if np.linalg.norm(scale * s) > radius:
                low, high = 0.0, 1.0
                shifted = lambda mu: np.linalg.solve(H + mu * np.diag(scale**2), -g)
                while np.linalg.norm(scale * shifted(high)) > radius:
                    high *= 4
                for _ in range(40):
                    middle = (low + high) / 2
                    inside = np.linalg.norm(scale * shifted(middle)) <= radius
                    low, high = (low, middle) if inside else (middle, high)
                step = shifted(high)
            new = objective(theta + step, X, y, lam)
            if new <= loss * (1 + 8 * float(np.finfo(X.dtype).eps)):
                radius *= 2
                break
            radius /= 3
        theta, loss = (theta + step).astype(X.dtype), new
        history.append(loss)
        if lam == 0 and np.all((2 * y - 1) * (X @ theta) > 0):
            break
    return IRLSResult(theta, converged, len(history) - 1, history)
""",
    ),
    Variant(
        id="self_concordant_damping",
        source="""
def bce_with_logits(z, y):
    z = as_float(z)
    return float(np.mean(np.logaddexp(0, np.where(np.asarray(y) > 0, -1, 1).astype(z.dtype) * z)))


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    # The step is shortened by 1 / (1 + decrement); J is looked at to be on the safe side.
    X, y, lam, theta = validated(X, y, lam, theta0)
    history, n_iter, converged = np.array([objective(theta, X, y, lam)]), 0, False
    while n_iter < max_iter:
        g = gradient(theta, X, y, lam)
        s = np.linalg.solve(hessian(theta, X, y, lam), -g)
        decrement = max(0.0, float(-g @ s)) ** 0.5
        if len(y) ** 0.5 * decrement <= tol:
            converged = True
            break
        t = 1 / (1 + decrement)
        for _ in range(50):
            if objective(theta + t * s, X, y, lam) <= history[-1] * (1 + 10 * float(np.finfo(X.dtype).eps)):
                break
            t /= 2
        theta = theta + t * s
        n_iter += 1
        history = np.append(history, objective(theta, X, y, lam))
        if lam == 0 and np.min((2 * y - 1) * (X @ theta)) > 0:
            break
    else:
        g = gradient(theta, X, y, lam)
        converged = bool(np.sqrt(len(y) * (g @ np.linalg.solve(hessian(theta, X, y, lam), g))) <= tol)
    return IRLSResult(theta, converged, n_iter, history)
""",
    ),
    Variant(
        id="orthogonal_factors",
        source="""
def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    p = sigmoid(X @ theta)
    R = np.linalg.qr(np.sqrt(p * (1 - p) / len(y))[:, None] * X, mode="r")
    H = R.T @ R
    np.fill_diagonal(H[1:, 1:], np.diag(H)[1:] + 2 * lam)
    return H


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    # The step as a least-squares problem: rows sqrt(s_i) x_i, and sqrt(2 n lam) below the columns of the weights.
    X, y, lam, theta = validated(X, y, lam, theta0)
    n, d = X.shape
    below = np.sqrt(2 * n * lam) * np.eye(d, dtype=X.dtype)[1:]
    loss = objective(theta, X, y, lam)
    history, converged = [loss], False
    for _ in range(max_iter):
        z = X @ theta
        p, q = sigmoid(z), sigmoid(-z)
        root = np.sqrt(np.maximum(p * q, np.finfo(X.dtype).tiny))
        A = np.vstack([root[:, None] * X, below.astype(X.dtype)])
        c = np.concatenate([(y - p) / root, -np.sqrt(2 * n * lam).astype(X.dtype) * theta[1:]])
        s = np.linalg.lstsq(A, c, rcond=None)[0].astype(X.dtype)
        size = np.linalg.norm(A @ s)  # the decrement, in standard errors
        if size <= tol:
            converged = True
            break
        t = 1.0
        highest = loss * (1 + 20 * float(np.finfo(X.dtype).eps))
        while (new := objective(theta + t * s, X, y, lam)) > highest and t > 1e-9:
            t /= 2
        theta, loss = theta + t * s, new
        history.append(loss)
        if lam == 0 and np.all((2 * y - 1) * (X @ theta) > 0):
            break
    else:
        g = gradient(theta, X, y, lam)
        converged = bool(n * (g @ np.linalg.solve(hessian(theta, X, y, lam), g)) <= tol**2)
    return IRLSResult(theta, converged, len(history) - 1, tuple(history))


def odds_ratios(theta, cov):
    theta = as_float(theta)
    se = np.asarray(cov, theta.dtype).diagonal() ** 0.5
    low, high = (np.exp(theta + sign * 1.96 * se)[1:] for sign in (-1, 1))
    return [np.exp(theta[1:]), np.stack([low, high], axis=-1)]
""",
    ),
    Variant(
        id="stops_by_the_step",
        source="""
def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    # Stops where the step has become small beside theta; what cannot be solved or never settles has not converged.
    X, y, lam, theta = validated(X, y, lam, theta0)
    sure = lambda theta: lam == 0 and bool(np.all((X @ theta) * (2 * y - 1) > 0))
    losses = [objective(theta, X, y, lam)]
    for k in range(max_iter):
        try:
            s = -np.linalg.inv(hessian(theta, X, y, lam)) @ gradient(theta, X, y, lam)
        except np.linalg.LinAlgError:
            return IRLSResult(theta, False, k, losses)
        t = 1.0
        while t > 1e-8 and not objective(theta + t * s, X, y, lam) <= losses[-1] * (1 + 1e-12) + 1e-15:
            t /= 2
        theta = theta + t * s
        losses.append(objective(theta, X, y, lam))
        if np.all(np.abs(t * s) <= tol * (np.abs(theta) + tol)):
            return IRLSResult(theta, not sure(theta), k + 1, losses)
    small = np.linalg.norm(gradient(theta, X, y, lam)) <= tol
    return IRLSResult(theta, bool(small) and not sure(theta), max_iter, losses)
""",
    ),
    Variant(
        id="row_blocks",
        source="""
def gradient(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    D = np.ones_like(theta)
    D[0] = 0
    total = np.zeros_like(theta)
    for start in range(0, len(y), 1000):
        rows = slice(start, start + 1000)
        total += (sigmoid(X[rows] @ theta) - y[rows]) @ X[rows]
    return total / len(y) + 2 * lam * D * theta


def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    H = np.zeros((X.shape[1], X.shape[1]), X.dtype)
    for start in range(0, len(y), 1000):
        block = X[start : start + 1000]
        p = sigmoid(block @ theta)
        H += block.T @ (block * (p - p * p)[:, None])
    H /= len(y)
    H[1:, 1:] += 2 * lam * np.eye(len(H) - 1, dtype=X.dtype)
    return H
""",
    ),
    Variant(
        id="einsum",
        source="""
def gradient(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    penalty = 2 * lam * np.concatenate([[0], theta[1:]]).astype(X.dtype)
    return np.mean((sigmoid(X @ theta) - y)[:, None] * X, axis=0) + penalty


def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    p = sigmoid(X @ theta)
    H = np.einsum("i,ij,ik->jk", p * (1 - p) / len(y), X, X)
    return H + np.diag(np.r_[0, np.full(X.shape[1] - 1, 2 * lam)]).astype(X.dtype)
""",
    ),
    Variant(
        id="column_pairs",
        source="""
def hessian(theta, X, y, lam):
    # A loop over the pairs of columns, of which there are few.
    X, y, lam, theta = validated(X, y, lam, theta)
    p = sigmoid(X @ theta)
    s, d = p * (1 - p), X.shape[1]
    H = np.empty((d, d), X.dtype)
    for j in range(d):
        for k in range(j + 1):
            H[j, k] = H[k, j] = np.mean(s * X[:, j] * X[:, k]) + (2 * lam if j == k > 0 else 0)
    return H
""",
    ),
    Variant(
        id="float64_inside",
        source="""
def gradient(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    Z, t = X.astype(np.float64), theta.astype(np.float64)
    return (Z.T @ (sigmoid(Z @ t) - y) / len(y) + 2 * lam * np.r_[0.0, t[1:]]).astype(X.dtype)


def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    Z = X.astype(np.float64)
    p = sigmoid(Z @ theta)
    H = Z.T @ (Z * (p * (1 - p))[:, None]) / len(y)
    return (H + 2 * lam * np.diag(np.arange(len(H)) > 0)).astype(X.dtype)


_irls = irls


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    X, y, lam, start = validated(X, y, lam, theta0)
    found = _irls(X.astype(np.float64), y, lam, start.astype(np.float64), tol, max_iter)
    return found._replace(theta=found.theta.astype(X.dtype))
""",
    ),
    Variant(
        id="conjugate_gradients",
        source="""
def _solve(H, c):
    # Conjugate gradients with the diagonal as preconditioner, run to the end and twice more.
    M = 1 / np.diag(H)
    x = np.zeros_like(c)
    for _ in range(3):
        r = c - H @ x
        z = M * r
        p, rz = z, r @ z
        for _ in range(2 * len(c)):
            if not rz > 0:
                break
            Hp = H @ p
            a = rz / (p @ Hp)
            x, r = x + a * p, r - a * Hp
            z = M * r
            rz, old = r @ z, rz
            if rz <= np.finfo(c.dtype).eps ** 2 * (c @ (M * c)):
                break
            p = z + rz / old * p
    return x


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    X, y, lam, theta = validated(X, y, lam, theta0)
    loss, converged = objective(theta, X, y, lam), False
    history = [loss]
    while not converged and len(history) <= max_iter:
        g = gradient(theta, X, y, lam)
        s = _solve(hessian(theta, X, y, lam), -g)
        t = 1.0
        while objective(theta + t * s, X, y, lam) > loss + 1e-14 + 8 * np.finfo(X.dtype).eps * loss and t > 1e-12:
            t /= 2
        theta = theta + t * s
        loss = objective(theta, X, y, lam)
        history.append(loss)
        if lam == 0 and np.all((2 * y - 1) * (X @ theta) > 0):
            break
        g = gradient(theta, X, y, lam)
        converged = bool(len(y) * (g @ _solve(hessian(theta, X, y, lam), g)) <= tol**2)
    return IRLSResult(theta, converged, len(history) - 1, history)
""",
    ),
    Variant(
        id="plain_loops",
        loses=("test_hessian_is_fast",),
        source="""
import math


def sigmoid(z):
    z = as_float(z)
    flat = [1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v)) for v in z.ravel().tolist()]
    return np.array(flat, z.dtype).reshape(z.shape)


def bce_with_logits(z, y):
    z, total = as_float(z), 0.0
    for v, label in zip(z.tolist(), np.asarray(y).tolist()):
        total += math.log1p(math.exp(-abs(v))) + (max(v, 0.0) - label * v)
    return total / len(z)


def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    n, d = X.shape
    t = theta.tolist()
    H = [[0.0] * d for _ in range(d)]
    for row in X.tolist():
        p = sum(a * b for a, b in zip(row, t))
        p = 1 / (1 + math.exp(-p)) if p >= 0 else math.exp(p) / (1 + math.exp(p))
        s = p * (1 - p) / n
        for j in range(d):
            for k in range(j + 1):
                H[j][k] += s * row[j] * row[k]
    for j in range(d):
        for k in range(j):
            H[k][j] = H[j][k]
        H[j][j] += 2 * lam if j else 0.0
    return np.array(H, X.dtype)
""",
    ),
    Variant(
        id="sample_loop",
        loses=("test_hessian_is_fast",),
        source="""
def hessian(theta, X, y, lam):
    # The fastest loop over samples that we know: weights at once, one rank-one update per sample.
    X, y, lam, theta = validated(X, y, lam, theta)
    p = sigmoid(X @ theta)
    A = X * np.sqrt(p * (1 - p))[:, None]
    H = np.zeros((X.shape[1], X.shape[1]), X.dtype)
    for row in A:
        H += row[:, None] * row
    H /= len(y)
    H[range(1, len(H)), range(1, len(H))] += 2 * lam
    return H
""",
    ),
)
