"""Other correct ways to write the assignment. Every one gets full marks, but for the checks named in `loses`."""

from autograder.judge.variants import Variant

ALTERNATIVES = (
    Variant(
        id="maximal_violation",
        source="""
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    # Keerthi's pair, in unsigned multipliers; b from the free support vectors.
    K, y = validated_problem(K, y, C)
    alpha, F, n_iter = np.zeros(len(y)), -y.astype(np.float64), 0
    while True:
        up = ((y > 0) & (alpha < C)) | ((y < 0) & (alpha > 0))
        low = ((y > 0) & (alpha > 0)) | ((y < 0) & (alpha < C))
        i = np.flatnonzero(up)[np.argmin(F[up])]
        j = np.flatnonzero(low)[np.argmax(F[low])]
        if F[j] - F[i] <= tol or n_iter >= max_iter:
            break
        s = y[i] * y[j]
        if s < 0:
            L, H = max(0, alpha[j] - alpha[i]), min(C, C + alpha[j] - alpha[i])
        else:
            L, H = max(0, alpha[i] + alpha[j] - C), min(C, alpha[i] + alpha[j])
        eta = K[i, i] + K[j, j] - 2 * K[i, j]
        eta = eta if eta > 1e-12 else 1e-12
        aj = min(H, max(L, alpha[j] + y[j] * (F[i] - F[j]) / eta))
        ai = alpha[i] + s * (alpha[j] - aj)
        if ai < 1e-14 * C:
            ai = 0.0
        elif ai > C * (1 - 1e-14):
            ai = C
        F += (ai - alpha[i]) * y[i] * K[i] + (aj - alpha[j]) * y[j] * K[j]
        alpha[i], alpha[j] = ai, aj
        n_iter += 1
    free = (alpha > 0) & (alpha < C)
    b = -F[free].mean() if free.any() else -(F[i] + F[j]) / 2
    return SMOResult(alpha.astype(K.dtype), b, n_iter, F[j] - F[i] <= tol)
""",
    ),
    Variant(
        id="platt",
        source="""
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    # Platt's two loops with an error cache; his threshold, subtracted, becomes -b.
    K, y = validated_problem(K, y, C)
    n = len(y)
    alpha, b, E, n_iter = np.zeros(n), 0.0, -y.astype(np.float64), 0
    rng = np.random.default_rng(0)

    def take_step(i, j):
        nonlocal b, n_iter
        if i == j or n_iter >= max_iter:
            return False
        s = y[i] * y[j]
        if s < 0:
            L, H = max(0, alpha[j] - alpha[i]), min(C, C + alpha[j] - alpha[i])
        else:
            L, H = max(0, alpha[i] + alpha[j] - C), min(C, alpha[i] + alpha[j])
        if L >= H:
            return False
        eta = max(K[i, i] + K[j, j] - 2 * K[i, j], 1e-12)
        aj = min(H, max(L, alpha[j] + y[j] * (E[i] - E[j]) / eta))
        if abs(aj - alpha[j]) < 1e-13 * (aj + alpha[j] + 1e-13):
            return False
        ai = alpha[i] + s * (alpha[j] - aj)
        if ai < 1e-13 * C:
            ai = 0.0
        if ai > C * (1 - 1e-13):
            ai = C
        di, dj = y[i] * (ai - alpha[i]), y[j] * (aj - alpha[j])
        b1 = b - E[i] - di * K[i, i] - dj * K[i, j]
        b2 = b - E[j] - di * K[i, j] - dj * K[j, j]
        if 0 < ai < C:
            new = b1
        elif 0 < aj < C:
            new = b2
        else:
            new = (b1 + b2) / 2
        E[:] += di * K[i] + dj * K[j] + (new - b)
        alpha[i], alpha[j], b = ai, aj, new
        n_iter += 1
        return True

    def examine(j):
        r = E[j] * y[j]
        if not ((r < -tol and alpha[j] < C) or (r > tol and alpha[j] > 0)):
            return 0
        free = np.flatnonzero((alpha > 0) & (alpha < C))
        if len(free) > 1:
            i = free[np.argmin(E[free])] if E[j] > 0 else free[np.argmax(E[free])]
            if take_step(i, j):
                return 1
        for others in (free, np.arange(n)):
            for i in np.roll(others, -rng.integers(n)):
                if take_step(i, j):
                    return 1
        return 0

    examine_all, changed = True, 0
    while (changed or examine_all) and n_iter < max_iter:
        rows = range(n) if examine_all else np.flatnonzero((alpha > 0) & (alpha < C))
        changed = sum(examine(j) for j in rows)
        if examine_all:
            examine_all = False
        elif not changed:
            examine_all = True
    up = ((y > 0) & (alpha < C)) | ((y < 0) & (alpha > 0))
    low = ((y > 0) & (alpha > 0)) | ((y < 0) & (alpha < C))
    return SMOResult(alpha.astype(K.dtype), float(b), n_iter, bool(E[low].max() - E[up].min() <= 2 * tol))
""",
    ),
    Variant(
        id="gradient_of_the_dual",
        source="""
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    # Q = y y^T K and the gradient Q alpha - 1, with all of libsvm's cases; b minimises the primal over its breakpoints.
    K, y = validated_problem(K, y, C)
    Q = (K * y * y[:, None]).astype(np.float64)
    alpha, G, QD = np.zeros(len(y)), -np.ones(len(y)), Q.diagonal().copy()
    n_iter = 0
    while True:
        up = np.where(y > 0, alpha < C, alpha > 0)
        low = np.where(y > 0, alpha > 0, alpha < C)
        minus_yG = -y * G
        i = int(np.argmax(np.where(up, minus_yG, -np.inf)))
        b_it = minus_yG[i] - minus_yG
        if np.max(b_it[low]) <= tol or n_iter >= max_iter:
            break
        a_it = QD[i] + QD - 2 * y[i] * y * Q[i]
        a_it[a_it <= 0] = 1e-12
        j = int(np.argmin(np.where(low & (b_it > 0), -(b_it**2) / a_it, np.inf)))
        old_i, old_j = alpha[i], alpha[j]
        if y[i] != y[j]:
            delta = (-G[i] - G[j]) / a_it[j]
            diff = old_i - old_j
            ai, aj = old_i + delta, old_j + delta
            if diff > 0 and aj < 0:
                ai, aj = diff, 0.0
            elif diff <= 0 and ai < 0:
                ai, aj = 0.0, -diff
            if diff > 0 and ai > C:
                ai, aj = C, C - diff
            elif diff <= 0 and aj > C:
                ai, aj = C + diff, C
        else:
            delta = (G[i] - G[j]) / a_it[j]
            total = old_i + old_j
            ai, aj = old_i - delta, old_j + delta
            if total > C and ai > C:
                ai, aj = C, total - C
            elif total <= C and aj < 0:
                ai, aj = total, 0.0
            if total > C and aj > C:
                ai, aj = total - C, C
            elif total <= C and ai < 0:
                ai, aj = 0.0, total
        alpha[i], alpha[j] = ai, aj
        G += Q[i] * (ai - old_i) + Q[j] * (aj - old_j)
        n_iter += 1
    g = -y * G
    # P is convex and piecewise linear in b: its slope is -sum of y over samples short of their margin.
    order = np.argsort(g)
    hinge = np.array([np.maximum(0, y * (g - value)).sum() for value in g[order]])
    best = hinge <= hinge.min() + 1e-9 * (1 + hinge.min())
    b = float(g[order][best].mean()) if converged_enough(g, up, low) else float(np.median(g))
    return SMOResult(alpha.astype(K.dtype), b, n_iter, bool(np.max(b_it[low]) <= tol))


def converged_enough(g, up, low):
    return g[up].max() - g[low].min() < 1e-1
""",
    ),
    Variant(
        id="random_violating_pairs",
        source="""
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    # Two random samples of those that violate most. The stopping rule still looks at all of them.
    K, y = validated_problem(K, y, C)
    rng = np.random.default_rng(1)
    upper = np.where(y > 0, C, 0.0)
    lower = np.where(y > 0, 0.0, -C)
    beta, u, n_iter = np.zeros(len(y)), np.zeros(len(y)), 0
    while True:
        g = y - u
        grow, shrink = beta < upper, beta > lower
        m, M = g[grow].max(), g[shrink].min()
        if m - M <= tol or n_iter >= max_iter:
            break
        i = rng.choice(np.flatnonzero(grow & (g > M + 0.5 * (m - M))))
        j = rng.choice(np.flatnonzero(shrink & (g < m - 0.5 * (m - M)) & (g < g[i])))
        t = (g[i] - g[j]) / max(K[i, i] + K[j, j] - 2 * K[i, j], 1e-12)
        if t >= min(upper[i] - beta[i], beta[j] - lower[j]):
            if upper[i] - beta[i] <= beta[j] - lower[j]:
                t = upper[i] - beta[i]
                beta[i], beta[j] = upper[i], (lower[j] if t == beta[j] - lower[j] else beta[j] - t)
            else:
                t = beta[j] - lower[j]
                beta[i], beta[j] = beta[i] + t, lower[j]
        else:
            beta[i] += t
            beta[j] -= t
        u += t * (K[i] - K[j])
        n_iter += 1
    free = (beta > lower) & (beta < upper)
    free &= (beta != 0) & (abs(beta) != C)
    b = np.mean(g[free]) if free.any() else 0.5 * (m + M)
    return SMOResult((beta * y).astype(K.dtype), b, n_iter, m - M <= tol)
""",
    ),
    Variant(
        id="working_sets_of_twenty",
        source="""
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    # Joachims' decomposition: pair steps within the twenty worst samples, then one update of all of g.
    K, y = validated_problem(K, y, C)
    upper = np.where(y > 0, C, 0.0)
    lower = upper - C
    beta, g, n_iter = np.zeros(len(y)), y.astype(np.float64), 0
    while True:
        grow, shrink = np.where(beta < upper, g, -np.inf), np.where(beta > lower, g, np.inf)
        m, M = grow.max(), shrink.min()
        if m - M <= tol or n_iter >= max_iter:
            break
        W = np.unique(np.concatenate([np.argsort(-grow)[:10], np.argsort(shrink)[:10]]))
        B, G, Kw, old = beta[W], g[W], K[np.ix_(W, W)].astype(float), beta[W].copy()
        for _ in range(30):
            up, low = np.where(B < upper[W], G, -np.inf), np.where(B > lower[W], G, np.inf)
            i, j = np.argmax(up), np.argmin(low)
            if up[i] - low[j] <= tol / 2 or n_iter >= max_iter:
                break
            room_i, room_j = upper[W[i]] - B[i], B[j] - lower[W[j]]
            t = min((G[i] - G[j]) / max(Kw[i, i] + Kw[j, j] - 2 * Kw[i, j], 1e-12), room_i, room_j)
            B[i] = upper[W[i]] if t == room_i else B[i] + t
            B[j] = lower[W[j]] if t == room_j else B[j] - t
            G -= t * (Kw[i] - Kw[j])
            n_iter += 1
        beta[W] = B
        g -= (B - old) @ K[W]
    return SMOResult((beta * y).astype(K.dtype), (m + M) / 2, n_iter, bool(m - M <= tol))
""",
    ),
    Variant(
        id="shrinking",
        source="""
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    # Samples that are settled at a bound are left out for a while; before it ends, all of them are looked at again.
    K, y = validated_problem(K, y, C)
    upper = np.where(y > 0, C, 0.0)
    lower = upper - C
    beta, n_iter = np.zeros(len(y)), 0
    while True:
        g = y - K.astype(np.float64) @ beta
        grow, shrink = g[beta < upper], g[beta > lower]
        m, M = grow.max(), shrink.min()
        if m - M <= tol or n_iter >= max_iter:
            break
        grows, shrinks = beta < upper, beta > lower
        active = np.flatnonzero((grows & (g > M)) | (shrinks & (g < m)) | (grows & shrinks))
        A, B, G, up, lo = K[np.ix_(active, active)], beta[active], g[active], upper[active], lower[active]
        D = A.diagonal()
        for _ in range(3000):
            growing, shrinking = np.where(B < up, G, -np.inf), np.where(B > lo, G, np.inf)
            i = np.argmax(growing)
            violation = np.maximum(growing[i] - shrinking, 0)
            if violation.max() <= tol * 0.9 or n_iter >= max_iter:
                break
            j = np.argmax(violation**2 / np.maximum(D[i] + D - 2 * A[i], 1e-12))
            t = violation[j] / max(D[i] + D[j] - 2 * A[i, j], 1e-12)
            room_i, room_j = up[i] - B[i], B[j] - lo[j]
            t = min(t, room_i, room_j)
            B[i] = up[i] if t == room_i else B[i] + t
            B[j] = lo[j] if t == room_j else B[j] - t
            G -= t * (A[i] - A[j])
            n_iter += 1
        beta[active] = B
    return SMOResult((beta * y).astype(K.dtype), (m + M) / 2, n_iter, bool(m - M <= tol))
""",
    ),
    Variant(
        id="distances_and_explicit_w",
        source="""
def linear_kernel(X, Z):
    X, Z = validated_pair(X, Z)
    return np.einsum("ij,kj->ik", X, Z)


def poly_kernel(X, Z, degree, gamma=1.0, coef0=1.0):
    X, Z = validated_pair(X, Z)
    base = np.dot(gamma * X, Z.T) + coef0
    K = np.ones_like(base)
    for _ in range(degree):
        K = K * base
    return K


def rbf_kernel(X, Z, gamma):
    X, Z = validated_pair(X, Z)
    return np.exp(-gamma * np.square(X[:, None, :] - Z[None, :, :]).sum(axis=-1))


def dual_objective(alpha, y, K):
    K, y = validated_problem(K, y)
    alpha = np.asarray(alpha, dtype=K.dtype)
    if alpha.shape != y.shape:
        raise ValueError("alpha")
    return alpha.sum() - 0.5 * np.sum(np.outer(alpha * y, alpha * y) * K)


class SVC(SVC):
    def fit(self, X, y):
        X, _ = validated_pair(X, X)
        self.result = smo(self.gram(X, X), y, self.C, tol=self.tol, max_iter=self.max_iter)
        self.X, self.y = X.copy(), np.array(y, dtype=X.dtype)
        self.support_ = np.where(self.result.alpha > 1e-8 * self.result.alpha.max())[0]
        self.intercept_ = float(self.result.b)
        if self.kernel == "linear":
            self.w = (self.result.alpha * self.y) @ self.X
        return self

    def decision_function(self, X):
        if self.kernel == "linear":
            return np.asarray(X) @ self.w + np.asarray(X).dtype.type(self.intercept_)
        K = self.gram(self.X, X)
        return np.sum(K * (self.result.alpha * self.y)[:, None], axis=0) + self.intercept_

    def predict(self, X):
        return np.sign(self.decision_function(X))
""",
    ),
    Variant(
        id="centred_rbf",
        source="""
def rbf_kernel(X, Z, gamma):
    X, Z = validated_pair(X, Z)
    centre = Z.mean(axis=0)
    X, Z = X - centre, Z - centre
    d2 = (X**2).sum(axis=1, keepdims=True) + (Z**2).sum(axis=1) - 2 * np.dot(X, Z.T)
    d2[d2 < 0] = 0
    return np.exp(-gamma * d2)
""",
    ),
    Variant(
        id="loops_over_samples",
        loses=("test_smo_is_fast",),
        source="""
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    dtype = K.dtype
    K, y = K.tolist(), y.tolist()
    n = len(y)
    alpha, g, n_iter = [0.0] * n, list(y), 0
    while True:
        m, M, i, j = float("-inf"), float("inf"), -1, -1
        for k in range(n):
            if (y[k] > 0 and alpha[k] < C) or (y[k] < 0 and alpha[k] > 0):
                if g[k] > m:
                    m, i = g[k], k
            if (y[k] > 0 and alpha[k] > 0) or (y[k] < 0 and alpha[k] < C):
                if g[k] < M:
                    M, j = g[k], k
        if m - M <= tol or n_iter >= max_iter:
            break
        room_i = C - alpha[i] if y[i] > 0 else alpha[i]
        room_j = alpha[j] if y[j] > 0 else C - alpha[j]
        t = min((m - M) / max(K[i][i] + K[j][j] - 2 * K[i][j], 1e-12), room_i, room_j)
        alpha[i] = (C if y[i] > 0 else 0.0) if t == room_i else alpha[i] + y[i] * t
        alpha[j] = (0.0 if y[j] > 0 else C) if t == room_j else alpha[j] - y[j] * t
        Ki, Kj = K[i], K[j]
        for k in range(n):
            g[k] -= t * (Ki[k] - Kj[k])
        n_iter += 1
    return SMOResult(np.array(alpha, dtype), (m + M) / 2, n_iter, m - M <= tol)
""",
    ),
    Variant(
        id="list_comprehensions",
        loses=("test_smo_is_fast",),
        source="""
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    # The fastest loop that we know: lists, zip, max and min.
    K, y = validated_problem(K, y, C)
    dtype, n = K.dtype, len(y)
    rows, y = K.tolist(), y.tolist()
    upper = [C if v > 0 else 0.0 for v in y]
    lower = [0.0 if v > 0 else -C for v in y]
    beta, g, n_iter, inf = [0.0] * n, list(y), 0, float("inf")
    grow, shrink = [0.0 if u > 0 else -inf for u in upper], [0.0 if v < 0 else inf for v in lower]
    while True:
        up = [a + b for a, b in zip(g, grow)]
        low = [a + b for a, b in zip(g, shrink)]
        m, M = max(up), min(low)
        if m - M <= tol or n_iter >= max_iter:
            break
        i, j = up.index(m), low.index(M)
        a, b = upper[i] - beta[i], beta[j] - lower[j]
        t = min((m - M) / max(rows[i][i] + rows[j][j] - 2 * rows[i][j], 1e-12), a, b)
        beta[i] = upper[i] if t == a else beta[i] + t
        beta[j] = lower[j] if t == b else beta[j] - t
        for k in (i, j):
            grow[k] = 0.0 if beta[k] < upper[k] else -inf
            shrink[k] = 0.0 if beta[k] > lower[k] else inf
        g = [v - t * (p - q) for v, p, q in zip(g, rows[i], rows[j])]
        n_iter += 1
    alpha = np.array([b * v for b, v in zip(beta, y)], dtype)
    return SMOResult(alpha, (m + M) / 2, n_iter, m - M <= tol)
""",
    ),
    Variant(
        id="gradient_from_scratch",
        loses=("test_smo_is_fast",),
        source="""
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    # Right, but g is computed anew in every step: n^2 operations where 2 n would do.
    K, y = validated_problem(K, y, C)
    upper = np.where(y > 0, C, 0.0).astype(np.float64)
    lower = upper - C
    beta, n_iter = np.zeros(len(y)), 0
    while True:
        g = y - K @ beta
        grow, shrink = np.where(beta < upper, g, -np.inf), np.where(beta > lower, g, np.inf)
        i, j = np.argmax(grow), np.argmin(shrink)
        m, M = grow[i], shrink[j]
        if m - M <= tol or n_iter == max_iter:
            break
        room_i, room_j = upper[i] - beta[i], beta[j] - lower[j]
        t = min((m - M) / max(K[i, i] + K[j, j] - 2 * K[i, j], 1e-12), room_i, room_j)
        beta[i] = upper[i] if t == room_i else beta[i] + t
        beta[j] = lower[j] if t == room_j else beta[j] - t
        n_iter += 1
    return SMOResult((beta * y).astype(K.dtype), (m + M) / 2, n_iter, m - M <= tol)
""",
    ),
)
