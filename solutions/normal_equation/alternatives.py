"""Other correct ways to write the assignment. Every one gets full marks, but for the checks named in `loses`."""

from autograder.judge.variants import Variant

ALTERNATIVES = (
    Variant(
        id="svd",
        source="""
def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    return Vt.T @ ((U.T @ y).T / s).T


def lstsq_qr(X, y):
    return normal_equation(X, y)


def ridge(X, y, lam):
    X, y = validated(X, y)
    if lam < 0:
        raise ValueError("lam < 0")
    U, s, Vt = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    w = Vt.T @ (s / (s**2 + len(y) * lam) * (U.T @ (y - y.mean())))
    return float(y.mean() - X.mean(axis=0) @ w), w
""",
    ),
    Variant(
        id="qr_everywhere",
        source="""
def normal_equation(X, y):
    return lstsq_qr(X, y)


def ridge(X, y, lam):
    # The penalty as d more samples with target 0; the column of ones is 0 there, so the intercept goes free.
    X, y = validated(X, y)
    if lam < 0:
        raise ValueError("lam < 0")
    n, d = X.shape
    top = np.column_stack([np.ones(n), X])
    bottom = np.column_stack([np.zeros(d), np.sqrt(n * lam) * np.eye(d)])
    theta = lstsq_qr(np.vstack([top, bottom]).astype(X.dtype), np.concatenate([y, np.zeros(d, dtype=y.dtype)]))
    return theta[0], theta[1:]
""",
    ),
    Variant(
        id="cholesky",
        source="""
def _solve_spd(A, B):
    L = np.linalg.cholesky(A)
    B = B.copy()
    for i in range(len(A)):
        B[i] = (B[i] - L[i, :i] @ B[:i]) / L[i, i]
    for i in reversed(range(len(A))):
        B[i] = (B[i] - L[i + 1 :, i] @ B[i + 1 :]) / L[i, i]
    return B


def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    return _solve_spd(X.T @ X, X.T @ y)


def ridge(X, y, lam):
    X, y = validated(X, y)
    if lam < 0:
        raise ValueError("lam < 0")
    n, d = X.shape
    Xc = X - X.mean(axis=0)
    w = _solve_spd(Xc.T @ Xc + n * lam * np.eye(d, dtype=X.dtype), Xc.T @ y)
    return y.mean() - X.mean(axis=0) @ w, w


class LinearRegression:
    def fit(self, X, y):
        self.intercept_, self.coef_ = ridge(X, y, 0.0)
        return self

    def predict(self, X):
        return self.intercept_ + np.asarray(X) @ self.coef_
""",
    ),
    Variant(
        id="library_lstsq",
        source="""
def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    return np.linalg.lstsq(X, y, rcond=None)[0]


class LinearRegression:
    def fit(self, X, y):
        X, y = validated(X, y)
        mean = X.mean(axis=0)
        self.coef_ = np.linalg.lstsq(X - mean, y - y.mean(), rcond=None)[0]
        self.intercept_ = y.mean() - mean @ self.coef_
        return self

    def predict(self, X):
        return np.dot(X, self.coef_) + self.intercept_
""",
    ),
    Variant(
        id="library_pinv",
        source="""
def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    return np.linalg.pinv(X) @ y
""",
    ),
    Variant(
        id="equilibrated",
        source="""
def normal_equation(X, y):
    # Columns of length one first: the condition number then says how dependent they are, not in which units.
    X, y = validated(X, y, several=True)
    size = np.linalg.norm(X, axis=0)
    Z = X / size
    return (np.linalg.solve(Z.T @ Z, Z.T @ y).T / size).T
""",
    ),
    Variant(
        id="row_blocks",
        source="""
def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    A, c = 0, 0
    for start in range(0, len(X), 2000):
        block = X[start : start + 2000]
        A, c = A + block.T @ block, c + block.T @ y[start : start + 2000]
    return np.linalg.solve(A, c)
""",
    ),
    Variant(
        id="float32_in_float64",
        source="""
def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    Z = X.astype(np.float64)
    return np.linalg.solve(Z.T @ Z, Z.T @ y).astype(X.dtype)


def lstsq_qr(X, y):
    X, y = validated(X, y, several=True)
    Q, R = np.linalg.qr(X.astype(np.float64), mode="reduced")
    return np.linalg.solve(R, Q.T @ y).astype(X.dtype)


def mse_grad(theta, X, y):
    X, y = validated(X, y)
    Z = X.astype(np.float64)
    return (2 * np.mean((Z @ np.asarray(theta) - y)[:, None] * Z, axis=0)).astype(X.dtype)


def ridge(X, y, lam):
    # Intercept and weights in one system: a diagonal of penalties whose first entry is zero.
    X, y = validated(X, y)
    if lam < 0:
        raise ValueError("lam < 0")
    Z = np.column_stack([np.ones(len(X)), X.astype(np.float64)])
    D = len(X) * lam * np.eye(Z.shape[1])
    D[0, 0] = 0
    theta = np.linalg.solve(Z.T @ Z + D, Z.T @ y).astype(X.dtype)
    return theta[0], theta[1:]
""",
    ),
    Variant(
        id="plain_loops",
        loses=("test_normal_equation_is_fast",),
        source="""
def _eliminate(A, B):
    # Gaussian elimination with partial pivoting, on lists: A (d, d), B (d, m)
    d = len(A)
    for k in range(d):
        p = max(range(k, d), key=lambda i: abs(A[i][k]))
        A[k], A[p], B[k], B[p] = A[p], A[k], B[p], B[k]
        for i in range(k + 1, d):
            f = A[i][k] / A[k][k]
            A[i] = [a - f * b for a, b in zip(A[i], A[k])]
            B[i] = [a - f * b for a, b in zip(B[i], B[k])]
    for k in reversed(range(d)):
        for j in range(len(B[k])):
            B[k][j] = (B[k][j] - sum(A[k][i] * B[i][j] for i in range(k + 1, d))) / A[k][k]
    return B


def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    rows, targets = X.tolist(), (y[:, None] if y.ndim == 1 else y).tolist()
    d, m = X.shape[1], len(targets[0])
    A, B = [[0.0] * d for _ in range(d)], [[0.0] * m for _ in range(d)]
    for row, target in zip(rows, targets):
        for i in range(d):
            for j in range(d):
                A[i][j] += row[i] * row[j]
            for j in range(m):
                B[i][j] += row[i] * target[j]
    theta = np.array(_eliminate(A, B), dtype=X.dtype)
    return theta[:, 0] if y.ndim == 1 else theta


def mse_loss(theta, X, y):
    X, y = validated(X, y)
    total = 0.0
    for row, target in zip(X, y):
        total += (target - sum(t * v for t, v in zip(theta, row))) ** 2
    return float(total / len(y))


def mse_grad(theta, X, y):
    X, y = validated(X, y)
    grad = np.zeros(X.shape[1], dtype=X.dtype)
    for row, target in zip(X, y):
        grad += 2 * (row @ theta - target) * row
    return grad / np.asarray(len(y), dtype=X.dtype)
""",
    ),
    Variant(
        id="sample_loop",
        loses=("test_normal_equation_is_fast",),
        source="""
def normal_equation(X, y):
    # The fastest loop over samples that we know: one rank-one update each.
    X, y = validated(X, y, several=True)
    d = X.shape[1]
    A, c = np.zeros((d, d), dtype=X.dtype), np.zeros((d, *y.shape[1:]), dtype=X.dtype)
    for row, target in zip(X, y):
        A += row[:, None] * row
        c += np.multiply.outer(row, target)
    return np.linalg.solve(A, c)
""",
    ),
    Variant(
        id="householder_by_hand",
        source="""
def lstsq_qr(X, y):
    X, y = validated(X, y, several=True)
    A, B = X.copy(), (y[:, None] if y.ndim == 1 else y).copy()
    d = A.shape[1]
    for k in range(d):
        v = A[k:, k].copy()
        v[0] += np.copysign(np.linalg.norm(v), v[0])
        if v @ v > 0:
            beta = 2 / (v @ v)
            A[k:] -= np.outer(beta * v, v @ A[k:])
            B[k:] -= np.outer(beta * v, v @ B[k:])
    theta = np.zeros((d, B.shape[1]), dtype=X.dtype)
    for k in reversed(range(d)):
        theta[k] = (B[k] - A[k, k + 1 :] @ theta[k + 1 :]) / A[k, k]
    return theta[:, 0] if y.ndim == 1 else theta


def normal_equation(X, y):
    return lstsq_qr(X, y)
""",
    ),
    Variant(
        id="givens_by_hand",
        source="""
def lstsq_qr(X, y):
    X, y = validated(X, y, several=True)
    d = X.shape[1]
    A = np.column_stack([X, y])  # (n, d + m): the targets are rotated along
    for j in range(d):
        for i in range(len(A) - 1, j, -1):
            a, b = A[i - 1, j], A[i, j]
            r = np.hypot(a, b)
            if r > 0:
                c, s = a / r, b / r
                A[i - 1 : i + 1] = np.array([[c, s], [-s, c]], dtype=A.dtype) @ A[i - 1 : i + 1]
    theta = np.linalg.solve(np.triu(A[:d, :d]), A[:d, d:])
    return theta[:, 0] if y.ndim == 1 else theta
""",
    ),
    Variant(
        id="gram_schmidt_twice",
        source="""
def lstsq_qr(X, y):
    X, y = validated(X, y, several=True)
    n, d = X.shape
    Q, R = np.zeros((n, d), dtype=X.dtype), np.zeros((d, d), dtype=X.dtype)
    for j in range(d):
        q = X[:, j].copy()
        for _ in range(2):
            h = Q[:, :j].T @ q
            q -= Q[:, :j] @ h
            R[:j, j] += h
        R[j, j] = np.linalg.norm(q)
        Q[:, j] = q / R[j, j]
    return np.linalg.solve(R, Q.T @ y)
""",
    ),
    Variant(
        id="jacobi_svd_by_hand",
        source="""
def _jacobi_svd(X):
    # One-sided Jacobi: rotate pairs of columns until all are orthogonal. X = U diag(s) V^T
    A, V = X.copy(), np.eye(X.shape[1], dtype=X.dtype)
    eps = np.finfo(X.dtype).eps
    for _ in range(60):
        rotated = False
        for p in range(A.shape[1] - 1):
            for q in range(p + 1, A.shape[1]):
                a, b, c = A[:, p] @ A[:, p], A[:, q] @ A[:, q], A[:, p] @ A[:, q]
                if abs(c) > eps * np.sqrt(a * b) and abs(c) > 0:
                    rotated = True
                    zeta = (b - a) / (2 * c)
                    t = (1 if zeta >= 0 else -1) / (abs(zeta) + np.hypot(1, zeta))
                    cs = 1 / np.hypot(1, t)
                    turn = np.array([[cs, cs * t], [-cs * t, cs]], dtype=X.dtype)
                    A[:, [p, q]] = A[:, [p, q]] @ turn
                    V[:, [p, q]] = V[:, [p, q]] @ turn
        if not rotated:
            break
    s = np.linalg.norm(A, axis=0)
    order = np.argsort(-s)
    return A[:, order], s[order], V[:, order]


def lstsq_min_norm(X, y, rcond=None):
    X, y = validated(X, y, several=True)
    rcond = max(X.shape) * np.finfo(X.dtype).eps if rcond is None else rcond
    if X.shape[0] < X.shape[1]:  # the right singular vectors of X are the left ones of X^T, and need no completion
        W, s, Z = _jacobi_svd(X.T)
        U, V = Z, W / np.where(s > 0, s, 1)
    else:
        W, s, V = _jacobi_svd(X)
        U = W / np.where(s > 0, s, 1)
    theta = np.zeros((X.shape[1], *y.shape[1:]), dtype=X.dtype)
    for i in range(len(s)):
        if s[i] > rcond * s[0]:
            theta += np.multiply.outer(V[:, i], U[:, i] @ y / s[i])
    return theta
""",
    ),
    Variant(
        id="symmetric_eigenproblem",
        source="""
def lstsq_min_norm(X, y, rcond=None):
    # [[0, X], [X^T, 0]] has the eigenvalues +-sigma, unsquared, with eigenvectors (u, v) / sqrt(2).
    X, y = validated(X, y, several=True)
    n, d = X.shape
    if rcond is None:
        rcond = max(n, d) * np.finfo(X.dtype).eps
    sigma, vectors = np.linalg.eigh(np.block([[np.zeros((n, n), X.dtype), X], [X.T, np.zeros((d, d), X.dtype)]]))
    kept = sigma > rcond * sigma[-1]
    U, V = vectors[:n, kept], vectors[n:, kept]
    theta = 2 * V @ ((U.T @ y).T / sigma[kept]).T
    return theta.astype(X.dtype)
""",
    ),
    Variant(
        id="qr_then_svd",
        source="""
def lstsq_min_norm(X, y, rcond=None):
    X, y = validated(X, y, several=True)
    cut = (max(X.shape) * np.finfo(X.dtype).eps) if rcond is None else rcond
    if X.shape[0] >= X.shape[1]:
        Q, R = np.linalg.qr(X)
        U, s, Vt = np.linalg.svd(R)
        U = Q @ U
    else:
        Q, R = np.linalg.qr(X.T)
        V, s, Ut = np.linalg.svd(R)
        U, Vt = Ut.T, (Q @ V).T
    inverse = np.zeros_like(s)
    large = s > cut * s.max()
    inverse[large] = 1 / s[large]
    projected = U.T @ y
    return Vt.T @ (inverse * projected if y.ndim == 1 else inverse[:, None] * projected)
""",
    ),
    Variant(
        id="ridge_by_conjugate_gradients",
        source="""
def ridge(X, y, lam):
    X, y = validated(X, y)
    if lam < 0:
        raise ValueError("lam < 0")
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    A, c = Xc.T @ Xc + len(y) * lam * np.eye(X.shape[1], dtype=X.dtype), Xc.T @ yc
    w = np.zeros_like(c)
    for _ in range(4):  # starting again from the true residual removes the drift of the updated one
        r = c - A @ w
        p, rr = r.copy(), r @ r
        for _ in range(2 * len(c)):
            if rr <= (np.finfo(X.dtype).eps ** 2) * (c @ c):
                break
            Ap = A @ p
            step = rr / (p @ Ap)
            w, r = w + step * p, r - step * Ap
            rr, old = r @ r, rr
            p = r + rr / old * p
    return y.mean() - X.mean(axis=0) @ w, w
""",
    ),
    Variant(
        id="ridge_dual",
        source="""
def ridge(X, y, lam):
    # w = Xc^T a with (Xc Xc^T + n lam I) a = yc: n unknowns instead of d, the better bargain when d > n.
    X, y = validated(X, y)
    if lam < 0:
        raise ValueError("lam < 0")
    n, d = X.shape
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    if d > n and lam > 0:
        w = Xc.T @ np.linalg.solve(Xc @ Xc.T + n * lam * np.eye(n, dtype=X.dtype), yc)
    else:
        w = np.linalg.solve(Xc.T @ Xc + n * lam * np.eye(d, dtype=X.dtype), Xc.T @ yc)
    return [float(np.mean(y - X @ w)), w]
""",
    ),
    Variant(
        id="covariances",
        source="""
class LinearRegression:
    def fit(self, X, y):
        X, y = validated(X, y)
        C = np.cov(np.column_stack([X, y]), rowvar=False)
        self.coef_ = np.linalg.solve(C[:-1, :-1], C[:-1, -1]).astype(X.dtype)
        self.intercept_ = float(y.mean() - X.mean(axis=0) @ self.coef_)
        return self

    def predict(self, X):
        return np.array([row @ self.coef_ + self.intercept_ for row in np.asarray(X)])


def mse_loss(theta, X, y):
    X, y = validated(X, y)
    return np.mean(np.square(X @ theta - y))


def mse_grad(theta, X, y):
    X, y = validated(X, y)
    return np.einsum("ij,i->j", X, X @ np.asarray(theta, X.dtype) - y) * X.dtype.type(2 / len(y))
""",
    ),
    Variant(
        id="augmented_system",
        source="""
class LinearRegression:
    def fit(self, X, y):
        # r + Z theta = y and Z^T r = 0 as one symmetric system of n + d + 1 unknowns
        X, y = validated(X, y)
        Z = np.column_stack([np.ones(len(X), X.dtype), X])
        n, k = Z.shape
        scale = X.dtype.type(np.linalg.norm(Z, 2))  # makes the identity as large as Z: the block rows then match
        K = np.block([[scale * np.eye(n, dtype=X.dtype), Z], [Z.T, np.zeros((k, k), X.dtype)]])
        theta = np.linalg.solve(K, np.concatenate([y, np.zeros(k, y.dtype)]))[n:]
        self.intercept_, self.coef_ = theta[0], theta[1:]
        return self

    def predict(self, X):
        return np.asarray(X) @ self.coef_ + self.intercept_
""",
    ),
)
