"""Other correct ways to write the assignment. Every one gets full marks, but for the checks named in `loses`."""

from autograder.judge.variants import Variant

ALTERNATIVES = (
    Variant(
        id="broadcast",
        source="""
def assign(X, mu):
    X, mu = validated_centers(X, mu)
    return ((X[:, None] - mu[None]) ** 2).sum(axis=2).argmin(axis=1)


def update(X, labels, K):
    X, labels = validated_labels(X, labels, K)
    mu, known = np.zeros((K, X.shape[1]), X.dtype), []
    for k in range(K):
        if (labels == k).any():
            mu[k] = X[labels == k].mean(axis=0)
            known.append(k)
    for k in range(K):
        if k not in known:
            D = ((X[:, None] - mu[known][None]) ** 2).sum(axis=2).min(axis=1)
            mu[k] = X[D.argmax()]
            known.append(k)
    return mu


def kmeans_plus_plus(X, K, rng):
    # The whole table of distances once, and inverse transform sampling.
    X = validated(X)
    if not 1 <= K <= len(X):
        raise ValueError("K")
    D = ((X[:, None] - X[None]) ** 2).sum(axis=2)
    chosen = [int(rng.integers(len(X)))]
    while len(chosen) < K:
        cumulative = np.cumsum(D[chosen].min(axis=0))
        if cumulative[-1] == 0:
            chosen.append(next(i for i in range(len(X)) if i not in chosen))
        else:
            chosen.append(int(np.searchsorted(cumulative, rng.random() * cumulative[-1], side="right")))
    return np.array(chosen)
""",
    ),
    Variant(
        id="norms_of_differences",
        source="""
def assign(X, mu):
    X, mu = validated_centers(X, mu)
    return np.argmin(np.linalg.norm(X[:, np.newaxis, :] - mu, axis=-1), axis=-1).astype(np.int32)


def kmeans(X, init, max_iter):
    # Labels first, then means; stops when the centres stay, which takes an iteration more to notice.
    X, centers = validated_centers(X, init, "init")
    K = len(centers)
    labels = assign(X, centers)
    J = lambda: float(np.sum(np.linalg.norm(X - centers[labels], axis=1) ** 2))
    history = [J()]
    for _ in range(max_iter):
        moved = update(X, labels, K)
        still = np.array_equal(moved, centers)
        centers = moved
        labels = assign(X, centers)
        history.append(J())
        if still:
            break
    return KMeansResult(centers=centers, labels=labels, inertia=history[-1], history=np.array(history))


def kmeans_plus_plus(X, K, rng):
    # An exponential clock for every row: the first to ring has the right distribution.
    X = validated(X)
    if K < 1 or K > len(X):
        raise ValueError("K out of range")
    picks = [rng.integers(0, len(X))]
    for _ in range(K - 1):
        d2 = np.min(np.linalg.norm(X[:, None] - X[picks], axis=2), axis=1) ** 2
        d2[picks] = 0
        if d2.sum() == 0:
            d2[:] = 1
            d2[picks] = 0
        with np.errstate(divide="ignore"):
            picks.append(np.argmin(rng.exponential(size=len(X)) / d2))
    return np.array(picks, dtype=np.int32)
""",
    ),
    Variant(
        id="one_center_at_a_time",
        source="""
def assign(X, mu):
    X, mu = validated_centers(X, mu)
    best = np.full(len(X), np.inf)
    labels = np.zeros(len(X), dtype=np.uint16)
    for k in range(len(mu)):
        d2 = np.zeros(len(X))
        for j in range(X.shape[1]):
            d2 += (X[:, j] - mu[k, j]) ** 2
        closer = d2 < best
        labels[closer] = k
        best[closer] = d2[closer]
    return labels


def kmeans_plus_plus(X, K, rng):
    # Gumbel noise on log D^2.
    X = validated(X)
    if not 1 <= K <= len(X):
        raise ValueError("K")
    d2, picks = np.ones(len(X)), []
    for _ in range(K):
        with np.errstate(divide="ignore"):
            scores = np.log(d2) + rng.gumbel(size=len(X))
        if np.all(np.isneginf(scores)):
            scores = rng.random(len(X))
            scores[picks] = -1
        i = int(np.argmax(scores))
        step = np.sum((X - X[i]) ** 2, axis=1)
        d2 = step if not picks else np.minimum(d2, step)
        picks.append(i)
    return np.asarray(picks)
""",
    ),
    Variant(
        id="expanded_square",
        source="""
def assign(X, mu):
    # All three terms, and no shift: rounding of the size of ||x||^2 is allowed for.
    X, mu = validated_centers(X, mu)
    d2 = np.sum(X * X, axis=1)[:, None] - 2 * np.dot(X, mu.T) + np.sum(mu * mu, axis=1)[None, :]
    return np.argmin(np.maximum(d2, 0), axis=1)


def update(X, labels, K):
    X, labels = validated_labels(X, labels, K)
    onehot = (np.arange(K)[:, None] == labels).astype(X.dtype)  # (K, n)
    counts = onehot.sum(axis=1)
    mu = (onehot @ X) / np.maximum(counts, 1)[:, None]
    filled = [k for k in range(K) if counts[k]]
    for k in range(K):
        if counts[k] == 0:
            table = np.stack([np.sum((X - mu[j]) ** 2, axis=1) for j in filled])
            mu[k] = X[np.argmax(np.min(table, axis=0))]
            filled.append(k)
    return mu


def kmeans(X, init, max_iter):
    X, mu = validated_centers(X, init, "init")
    mu = mu.copy()
    labels = assign(X, mu)
    history = [float(((X - mu[labels]) ** 2).sum())]
    t = 0
    while t < max_iter:
        t += 1
        mu = update(X, labels, len(mu))
        new = assign(X, mu)
        history.append(float(((X - mu[new]) ** 2).sum()))
        if (new == labels).all():
            break
        labels = new
    return KMeansResult(mu, labels, history[-1], history)


def kmeans_plus_plus(X, K, rng):
    X = validated(X)
    if not 1 <= K <= len(X):
        raise ValueError("K")
    norms = np.sum(X**2, axis=1)
    chosen = np.array([rng.integers(len(X))])
    for _ in range(1, K):
        d2 = np.maximum(norms[:, None] - 2 * X @ X[chosen].T + norms[chosen], 0).min(axis=1).astype(float)
        d2[(X[:, None] == X[chosen]).all(axis=2).any(axis=1)] = 0
        if d2.sum() == 0:
            d2[np.setdiff1d(np.arange(len(X)), chosen)] = 1
        chosen = np.append(chosen, rng.choice(len(X), p=d2 / d2.sum()))
    return chosen
""",
    ),
    Variant(
        id="sums_by_columns",
        source="""
def assign(X, mu):
    X, mu = validated_centers(X, mu)
    Y = X.astype(np.float64) - X[0]
    M = mu.astype(np.float64) - X[0]
    return np.argmin(np.einsum("kj,kj->k", M, M) - 2 * np.einsum("ij,kj->ik", Y, M, optimize=True), axis=1)


def update(X, labels, K):
    X, labels = validated_labels(X, labels, K)
    counts = np.bincount(labels, minlength=K)
    sums = np.stack([np.bincount(labels, weights=X[:, j], minlength=K) for j in range(X.shape[1])], axis=1)
    with np.errstate(invalid="ignore"):
        mu = (sums / counts[:, None]).astype(X.dtype)
    d2 = None
    for k in np.flatnonzero(counts == 0):
        if d2 is None:
            d2 = np.min([np.sum((X - mu[j]) ** 2, axis=1) for j in np.flatnonzero(counts)], axis=0)
        mu[k] = X[np.argmax(d2)]
        d2 = np.minimum(d2, np.sum((X - mu[k]) ** 2, axis=1))
    return mu
""",
    ),
    Variant(
        id="sorted_segments",
        source="""
def update(X, labels, K):
    # Rows sorted by label, and one sum over each segment.
    X, labels = validated_labels(X, labels, K)
    order = np.argsort(labels, kind="stable")
    present, starts, counts = np.unique(labels[order], return_index=True, return_counts=True)
    mu = np.zeros((K, X.shape[1]), dtype=X.dtype)
    mu[present] = np.add.reduceat(X[order], starts, axis=0) / counts[:, None].astype(X.dtype)
    centers = list(mu[present])
    for k in sorted(set(range(K)) - set(present.tolist())):
        d2 = np.min([np.einsum("ij,ij->i", X - c, X - c) for c in centers], axis=0)
        mu[k] = X[int(d2.argmax())]
        centers.append(mu[k])
    return mu


def kmeans_plus_plus(X, K, rng):
    # Rejection: propose a row, keep it with probability D^2 / max D^2.
    X = validated(X)
    if not 1 <= K <= len(X):
        raise ValueError("K")
    chosen = [int(rng.integers(len(X)))]
    near = np.sum((X - X[chosen[0]]) ** 2, axis=1)
    while len(chosen) < K:
        top = near.max()
        if top == 0:
            rest = [i for i in range(len(X)) if i not in chosen]
            chosen.extend(rest[: K - len(chosen)])
            break
        i = int(rng.integers(len(X)))
        if rng.random() * top < near[i]:
            chosen.append(i)
            near = np.minimum(near, np.sum((X - X[i]) ** 2, axis=1))
    return np.array(chosen)
""",
    ),
    Variant(
        id="running_sums",
        source="""
def update(X, labels, K):
    X, labels = validated_labels(X, labels, K)
    counts = np.zeros(K, dtype=int)
    sums = np.zeros((K, X.shape[1]))
    np.add.at(counts, labels, 1)
    np.add.at(sums, labels, X)
    mu = np.zeros((K, X.shape[1]), X.dtype)
    mu[counts > 0] = sums[counts > 0] / counts[counts > 0][:, None]
    known = counts > 0
    for k in range(K):
        if not known[k]:
            gaps = [min(float(np.sum((x - c) ** 2)) for c in mu[known]) for x in X]
            mu[k] = X[gaps.index(max(gaps))]
            known[k] = True
    return mu


def kmeans(X, init, max_iter):
    # Recursion instead of a loop.
    X, init = validated_centers(X, init, "init")
    labels = assign(X, init)
    J = float(np.sum(np.square(np.subtract(X, init[labels])), dtype=np.float64))
    if max_iter == 0:
        return KMeansResult(init, labels, J, [J])
    centers = update(X, labels, len(init))
    if np.array_equal(assign(X, centers), labels):
        last = float(np.sum(np.square(np.subtract(X, centers[labels])), dtype=np.float64))
        return KMeansResult(centers, labels, last, [J, last])
    rest = kmeans(X, centers, max_iter - 1)
    return KMeansResult(rest.centers, rest.labels, rest.inertia, [J, *rest.history])
""",
    ),
    Variant(
        id="hamerly_bounds",
        source="""
def kmeans(X, init, max_iter):
    # Hamerly: a row whose own centre is nearer than half the way to any other need not be looked at.
    X, centers = validated_centers(X, init, "init")
    K, rows = len(centers), np.arange(len(X))
    labels = assign(X, centers)
    J = float(np.sum((X - centers[labels]) ** 2))
    history = [J]
    for _ in range(max_iter):
        centers = update(X, labels, K)
        own = np.linalg.norm(X - centers[labels], axis=1)
        between = np.linalg.norm(centers[:, None] - centers, axis=2) + np.diag(np.full(K, np.inf))
        half = between.min(axis=1) / 2
        unsure = own >= half[labels] * (1 - 1e-4)
        new = labels.copy()
        if unsure.any():
            new[unsure] = assign(X[unsure], centers)
        history.append(float(np.sum((X - centers[new]) ** 2)))
        still = np.array_equal(new, labels)
        labels = new
        if still:
            break
    return KMeansResult(centers, labels, history[-1], history)
""",
    ),
    Variant(
        id="until_the_inertia_stays",
        source="""
def kmeans(X, init, max_iter):
    X, centers = validated_centers(X, init, "init")
    history, t = [], 0
    while True:
        labels = assign(X, centers)
        history.append(float(np.sum((X - np.take(centers, labels, axis=0)) ** 2)))
        if t == max_iter or (t > 1 and history[-1] == history[-2] == history[-3]):
            return KMeansResult(centers, labels, history[-1], tuple(history))
        centers, t = update(X, labels, len(init)), t + 1
""",
    ),
    Variant(
        id="plain_loops",
        loses=("test_kmeans_is_fast",),
        source="""
def assign(X, mu):
    X, mu = validated_centers(X, mu)
    centers, labels = mu.tolist(), []
    for row in X.tolist():
        best, label = float("inf"), 0
        for k, center in enumerate(centers):
            d2 = 0.0
            for a, b in zip(row, center):
                d2 += (a - b) * (a - b)
            if d2 < best:
                best, label = d2, k
        labels.append(label)
    return np.array(labels)


def update(X, labels, K):
    X, labels = validated_labels(X, labels, K)
    sums, counts = [[0.0] * X.shape[1] for _ in range(K)], [0] * K
    for row, k in zip(X.tolist(), labels.tolist()):
        counts[k] += 1
        total = sums[k]
        for j, value in enumerate(row):
            total[j] += value
    mu = np.array([[s / max(c, 1) for s in total] for total, c in zip(sums, counts)], dtype=X.dtype)
    known = [k for k in range(K) if counts[k]]
    for k in range(K):
        if counts[k] == 0:
            far = max(range(len(X)), key=lambda i: min(sum((X[i] - mu[j]) ** 2) for j in known))
            mu[k] = X[far]
            known.append(k)
    return mu


def kmeans_plus_plus(X, K, rng):
    X = validated(X)
    if not 1 <= K <= len(X):
        raise ValueError("K")
    chosen = [int(rng.random() * len(X))]
    while len(chosen) < K:
        weights = [min(sum((a - b) ** 2 for a, b in zip(x, X[c])) for c in chosen) for x in X]
        total = sum(weights)
        if total == 0:
            weights = [float(i not in chosen) for i in range(len(X))]
            total = sum(weights)
        left = rng.random() * total
        for i, weight in enumerate(weights):
            left -= weight
            if left < 0:
                break
        chosen.append(i)
    return np.array(chosen)
""",
    ),
    Variant(
        id="row_loop",
        loses=("test_kmeans_is_fast",),
        source="""
def assign(X, mu):
    # The fastest loop over rows that we know: one small array operation each.
    X, mu = validated_centers(X, mu)
    half = (mu * mu).sum(axis=1) / 2
    return np.array([(half - mu @ x).argmin() for x in X])
""",
    ),
)
