"""Other correct ways to write the assignment. Every one gets full marks, but for the checks named in `loses`."""

from autograder.judge.variants import Variant

ALTERNATIVES = (
    Variant(
        id="svd_everywhere",
        source="""
def pca_fit(X, k):
    return pca_svd(X, k)


def transform(X, components, mean):
    # Multiplied first, as scikit-learn does it.
    X, components, mean = floats(X=X, components=components, mean=mean)
    if X.ndim != 2 or components.ndim != 2 or not X.shape[1:] == components.shape[1:] == mean.shape:
        raise ValueError("the shapes do not fit together")
    return X @ components.T - mean @ components.T
""",
    ),
    Variant(
        id="library_covariance",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    C = np.atleast_2d(np.cov(X, rowvar=False))  # float64 always
    values, vectors = np.linalg.eigh(C)
    order = np.argsort(values)[::-1]
    values, vectors = values[order].clip(min=0), vectors[:, order]
    ratio = values / np.sum(values)
    return [
        vectors[:, :k].T.astype(X.dtype),
        values[:k].astype(X.dtype),
        ratio[:k].astype(X.dtype),
        np.mean(X, 0),
    ]
""",
    ),
    Variant(
        id="singular_values_of_the_covariance",
        source="""
def pca_fit(X, k):
    # C is symmetric and has no negative eigenvalues: its singular values are its eigenvalues.
    X = validated(X, k)
    mean = np.average(X, axis=0).astype(X.dtype)
    Xc = X - mean
    _, values, Vt = np.linalg.svd(np.dot(Xc.T, Xc) / (X.shape[0] - 1))
    return (Vt[:k].copy(), values[:k], values[:k] / values.sum(), mean)
""",
    ),
    Variant(
        id="the_smaller_matrix",
        source="""
def pca_fit(X, k):
    # If d > n, the eigenvectors u of Xc Xc^T (n, n) give v = Xc^T u / sigma, made orthonormal once more by QR.
    X = validated(X, k)
    n, d = X.shape
    mean = X.mean(axis=0)
    Xc = X - mean
    if d <= n:
        values, vectors = np.linalg.eigh(Xc.T @ Xc)
        values, V = values[::-1], vectors[:, ::-1][:, :k]
    else:
        values, vectors = np.linalg.eigh(Xc @ Xc.T)
        values = values[::-1]
        V = np.linalg.qr(Xc.T @ vectors[:, ::-1][:, :k])[0]
    values = np.where(values > 0, values, 0) / (n - 1)
    return PCAResult(V.T, values[:k], values[:k] / values.sum(), mean)
""",
    ),
    Variant(
        id="qr_then_svd",
        source="""
def pca_svd(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    R = np.linalg.qr(X - mean, mode="r")
    _, s, Vt = np.linalg.svd(R, full_matrices=False)
    variance = np.square(s) / (len(X) - 1)
    return PCAResult(Vt[:k], variance[:k], (variance / variance.sum())[:k], mean)


def pca_fit(X, k):
    return pca_svd(X, k)
""",
    ),
    Variant(
        id="symmetric_eigenproblem",
        source="""
def pca_svd(X, k):
    # [[0, R], [R^T, 0]] has the eigenvalues +-sigma, unsquared, and each eigenvector holds u above v, both of length
    # 1/sqrt(2). Those of sigma = 0 would hold anything, so V is completed by QR.
    X = validated(X, k)
    mean = X.mean(axis=0)
    R = np.linalg.qr(X - mean, mode="r")  # (m, d)
    m, d = R.shape
    values, vectors = np.linalg.eigh(np.block([[np.zeros((m, m)), R], [R.T, np.zeros((d, d))]]))
    sigma = np.maximum(values[::-1][: min(m, d)], 0)
    V = np.linalg.qr(vectors[m:, ::-1][:, :k])[0]
    variance = (sigma**2 / (len(X) - 1)).astype(X.dtype)
    return PCAResult(V.T.astype(X.dtype), variance[:k], variance[:k] / variance.sum(), mean)
""",
    ),
    Variant(
        id="one_sided_jacobi_by_hand",
        source="""
def _jacobi(A):
    # Rotate pairs of columns until all are orthogonal: A V has the columns sigma_i u_i.
    A, V = np.array(A, order="F"), np.eye(A.shape[1], dtype=A.dtype)
    eps = np.finfo(A.dtype).eps
    for _ in range(40):
        rotated = False
        for p in range(A.shape[1] - 1):
            for q in range(p + 1, A.shape[1]):
                a, b, c = A[:, p] @ A[:, p], A[:, q] @ A[:, q], A[:, p] @ A[:, q]
                if abs(c) > 4 * eps * np.sqrt(a * b):
                    rotated = True
                    zeta = (b - a) / (2 * c)
                    t = (1 if zeta >= 0 else -1) / (abs(zeta) + np.hypot(1, zeta))
                    cs = 1 / np.hypot(1, t)
                    turn = np.array([[cs, cs * t], [-cs * t, cs]], dtype=A.dtype)
                    A[:, [p, q]] = A[:, [p, q]] @ turn
                    V[:, [p, q]] = V[:, [p, q]] @ turn
        if not rotated:
            break
    sigma = np.linalg.norm(A, axis=0)
    order = np.argsort(-sigma)
    return sigma[order], V[:, order]


def pca_svd(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    sigma, V = _jacobi(X - mean)
    variance = sigma * sigma / X.dtype.type(len(X) - 1)
    return PCAResult(V[:, :k].T, variance[:k], variance[:k] / variance.sum(), mean)


def pca_fit(X, k):
    return pca_svd(X, k)


def inverse_transform(Z, components, mean):
    # Orthonormal rows: the pseudoinverse of V^T is V.
    Z, components, mean = floats(Z=Z, components=components, mean=mean)
    if Z.ndim != 2 or (Z.shape[1], *mean.shape) != components.shape:
        raise ValueError("the shapes do not fit together")
    return np.add(np.dot(Z, components), mean[None, :])
""",
    ),
    Variant(
        id="two_sided_jacobi_by_hand",
        source="""
def pca_fit(X, k):
    # Givens rotations that annihilate one entry of C after the other.
    X = validated(X, k)
    n, d = X.shape
    mean = X.sum(axis=0) / X.dtype.type(n)
    Xc = X - mean
    C = np.einsum("ij,ik->jk", Xc, Xc, optimize=True) / X.dtype.type(n - 1)
    V = np.eye(d, dtype=X.dtype)
    for _ in range(30):
        if np.abs(C - np.diag(np.diag(C))).max() <= np.finfo(X.dtype).eps * np.abs(np.diag(C)).max():
            break
        for p in range(d - 1):
            for q in range(p + 1, d):
                if C[p, q] != 0:
                    theta = (C[q, q] - C[p, p]) / (2 * C[p, q])
                    t = (1 if theta >= 0 else -1) / (abs(theta) + np.hypot(1, theta))
                    c = 1 / np.hypot(1, t)
                    G = np.array([[c, t * c], [-t * c, c]], dtype=X.dtype)
                    C[[p, q]] = G.T @ C[[p, q]]
                    C[:, [p, q]] = C[:, [p, q]] @ G
                    V[:, [p, q]] = V[:, [p, q]] @ G
    values = np.maximum(np.diag(C), 0)
    order = np.argsort(-values)
    return PCAResult(V[:, order[:k]].T, values[order[:k]], values[order[:k]] / values.sum(), mean)
""",
    ),
    Variant(
        id="nipals",
        source="""
def pca_fit(X, k):
    # Power iteration on the data themselves, one component after the other, each taken out before the next.
    X = validated(X, k)
    n, d = X.shape
    mean = X.mean(axis=0)
    E = X - mean
    total, eps = np.sum(E * E), np.finfo(X.dtype).eps
    V, variance = np.zeros((k, d), dtype=X.dtype), np.zeros(k, dtype=X.dtype)
    for i in range(k):
        if np.sum(E * E) > (n * eps) ** 2 * total:
            v = E[np.argmax(np.sum(E * E, axis=1))]
            v = v / np.linalg.norm(v)
            for _ in range(3000):
                before, v = v, E.T @ (E @ v)
                v = v / np.linalg.norm(v)
                if np.linalg.norm(v - before) < 2 * eps:
                    break
        else:  # no variance left: any direction orthogonal to the others
            v = np.eye(d, dtype=X.dtype)[np.argmin(np.sum(V * V, axis=0))]
        for _ in range(2):
            v = v - V[:i].T @ (V[:i] @ v)
        V[i] = v / np.linalg.norm(v)
        scores = E @ V[i]
        variance[i] = scores @ scores / (n - 1)
        E = E - np.outer(scores, V[i])
    return PCAResult(V, variance, variance / (total / X.dtype.type(n - 1)), mean)
""",
    ),
    Variant(
        id="row_blocks_shifted",
        source="""
def pca_fit(X, k):
    # One pass over blocks of rows. A shift by the first row keeps the difference of sums from cancelling.
    X = validated(X, k)
    n, d = X.shape
    shift = X[0].astype(np.float64)
    total, products = np.zeros(d), np.zeros((d, d))
    for start in range(0, n, 1000):
        block = X[start : start + 1000] - shift
        total += block.sum(axis=0)
        products += block.T @ block
    C = (products - np.outer(total, total) / n) / (n - 1)
    values, vectors = np.linalg.eigh(C)
    values[values < 0] = 0
    V, variance, share = vectors[:, -k:][:, ::-1].T, values[-k:][::-1], values[-k:][::-1] / values.sum()
    mean = shift + total / n
    return PCAResult(V.astype(X.dtype), variance.astype(X.dtype), share.astype(X.dtype), mean.astype(X.dtype))
""",
    ),
    Variant(
        id="entry_by_entry",
        source="""
def pca_fit(X, k):
    # d^2 dot products of columns: slower than one product of matrices, but no loop over samples.
    X = validated(X, k)
    n, d = X.shape
    mean = np.array([column.mean() for column in X.T], dtype=X.dtype)
    columns = [X[:, j] - mean[j] for j in range(d)]
    C = np.empty((d, d), dtype=X.dtype)
    for i in range(d):
        for j in range(d):
            C[i, j] = np.sum(columns[i] * columns[j]) / (n - 1)
    values, vectors = np.linalg.eigh(C)
    values = np.maximum(values, 0)
    best = np.argsort(values)[::-1][:k]
    components = np.array([vectors[:, j] for j in best])
    return PCAResult(components, values[best], values[best] / values.sum(), mean)


def transform(X, components, mean):
    X, components, mean = floats(X=X, components=components, mean=mean)
    if X.ndim != 2 or components.ndim != 2 or not X.shape[1:] == components.shape[1:] == mean.shape:
        raise ValueError("the shapes do not fit together")
    return np.array([[(x - mean) @ v for v in components] for x in X])


def inverse_transform(Z, components, mean):
    Z, components, mean = floats(Z=Z, components=components, mean=mean)
    if Z.ndim != 2 or (Z.shape[1], *mean.shape) != components.shape:
        raise ValueError("the shapes do not fit together")
    return np.array([mean + sum(z_i * v for z_i, v in zip(z, components)) for z in Z])
""",
    ),
    Variant(
        id="least_squares_coordinates",
        source="""
def transform(X, components, mean):
    # The coordinates of the nearest point in the plane of the components, as a least-squares problem.
    X, components, mean = floats(X=X, components=components, mean=mean)
    if X.ndim != 2 or components.ndim != 2 or not X.shape[1:] == components.shape[1:] == mean.shape:
        raise ValueError("the shapes do not fit together")
    return np.linalg.lstsq(components.T, (X - mean).T, rcond=None)[0].T


def inverse_transform(Z, components, mean):
    Z, components, mean = floats(Z=Z, components=components, mean=mean)
    if Z.ndim != 2 or (Z.shape[1], *mean.shape) != components.shape:
        raise ValueError("the shapes do not fit together")
    return Z @ np.linalg.pinv(components).T + mean
""",
    ),
    Variant(
        id="float32_in_float64",
        source="""
def _in_double(fit, X, k):
    X = validated(X, k)
    return PCAResult(*(value.astype(X.dtype) for value in fit(X.astype(np.float64))))


def pca_fit(X, k):
    def fit(X):
        C = np.cov((X - X.mean(axis=0)).T).reshape(X.shape[1], X.shape[1])
        values, vectors = np.linalg.eigh(C, UPLO="U")
        values = np.flip(np.maximum(values, 0))
        return np.fliplr(vectors)[:, :k].T, values[:k], values[:k] / np.trace(C), X.mean(axis=0)

    return _in_double(fit, X, k)


def pca_svd(X, k):
    def fit(X):
        n = len(X)
        _, s, Vt = np.linalg.svd((X - X.mean(axis=0)) / np.sqrt(n - 1), full_matrices=False)
        return Vt[:k], s[:k] ** 2, s[:k] ** 2 / (s @ s), X.mean(axis=0)

    return _in_double(fit, X, k)
""",
    ),
    Variant(
        id="updating_the_mean",
        loses=("test_pca_fit_is_fast",),
        source="""
def pca_fit(X, k):
    # One sample after the other: the mean and the scatter about it are brought up to date.
    X = validated(X, k)
    n, d = X.shape
    mean, scatter = np.zeros(d), np.zeros((d, d))
    for i, x in enumerate(X.astype(np.float64), start=1):
        before = x - mean
        mean = mean + before / i
        scatter += np.outer(before, x - mean)
    values, vectors = np.linalg.eigh((scatter + scatter.T) / 2 / (n - 1))
    values = np.maximum(values[::-1], 0)
    V, share = vectors.T[::-1][:k], values[:k] / values.sum()
    return PCAResult(V.astype(X.dtype), values[:k].astype(X.dtype), share.astype(X.dtype), mean.astype(X.dtype))
""",
    ),
    Variant(
        id="sample_loop",
        loses=("test_pca_fit_is_fast",),
        source="""
def pca_fit(X, k):
    # The fastest loop over samples that we know: one rank-one update each.
    X = validated(X, k)
    mean = X.mean(axis=0)
    C = np.zeros((X.shape[1], X.shape[1]), dtype=X.dtype)
    for row in X - mean:
        C += row[:, None] * row
    values, vectors = np.linalg.eigh(C / (len(X) - 1))
    values = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], values[:k], values[:k] / values.sum(), mean)
""",
    ),
    Variant(
        id="plain_loops",
        loses=("test_pca_fit_is_fast",),
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    n, d = X.shape
    columns = X.T.tolist()
    means = [sum(column) / n for column in columns]
    centred = [[value - m for value in column] for column, m in zip(columns, means)]
    C = np.array(
        [[sum(a * b for a, b in zip(centred[i], centred[j])) / (n - 1) for j in range(d)] for i in range(d)],
        dtype=X.dtype,
    )
    values, vectors = np.linalg.eigh(C)
    values = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], values[:k], values[:k] / values.sum(), np.array(means, dtype=X.dtype))
""",
    ),
    Variant(
        id="column_lists",
        loses=("test_pca_fit_is_fast",),
        source="""
def pca_fit(X, k):
    # The fastest loop without NumPy that we know: half of the covariances, each a sum over two lists.
    import operator

    X = validated(X, k)
    n, d = X.shape
    mean = X.mean(axis=0)
    columns = (X - mean).T.tolist()
    C = np.zeros((d, d), dtype=X.dtype)
    for i in range(d):
        for j in range(i + 1):
            C[i, j] = C[j, i] = sum(map(operator.mul, columns[i], columns[j])) / (n - 1)
    values, vectors = np.linalg.eigh(C)
    values = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], values[:k], values[:k] / values.sum(), mean)
""",
    ),
)
