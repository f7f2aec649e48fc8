"""Typical wrong ways to write the assignment. Every one loses points, and is named to whoever hands it in.

`kmeans` calls `assign` and `update`. So that a mistake in one of these costs its own part alone, `KEEP` binds the
reference's `kmeans` to the right ones first.
"""

from autograder.judge.variants import Variant
from autograder.text import Bilingual

KEEP = "kmeans = type(kmeans)(kmeans.__code__, dict(globals()))\n"

# The same mistakes with and without chosen rows being struck out.
NOT_THE_NEAREST = Bilingual(
    "Your weights combine the distances to all chosen rows (their mean, sum or maximum). k-means++ uses the distance to "
    "the nearest chosen row alone.",
    "你的权重综合了到所有已选行的距离（平均、求和或取最大）。k-means++ 只用到最近的已选行的距离。",
)
TAKE_THE_MINIMUM = Bilingual(
    "After each draw: nearest = np.minimum(nearest, squared distance to the new row).",
    "每抽一次之后：nearest = np.minimum(nearest, 到新行的平方距离)。",
)
LAST_ONLY = Bilingual(
    "Your weights are the squared distances to the row drawn last; the rows drawn before it are forgotten.",
    "你的权重是到最后抽中的那一行的平方距离，之前抽中的行都被忘掉了。",
)
UNIFORM = Bilingual(
    "You draw all indices uniformly. In k-means++ only the first draw is uniform.",
    "所有下标都是均匀抽取的。在 k-means++ 中，只有第一次是均匀抽取。",
)
USE_WEIGHTS = Bilingual(
    "From the second draw on, give rng.choice the probabilities p = D^2 / sum of D^2.",
    "从第二次起，给 rng.choice 传入概率 p = D^2 / (D^2 之和)。",
)
STOPS_EARLY = Bilingual(
    "You stop when the centres move, or the inertia falls, by little. That is not a fixed point yet: the centres "
    "are not the means of the labels you return.",
    "你在中心移动很小或簇内平方和下降很少时就停了。那还不是不动点：返回的中心并不是返回的标签对应的均值。",
)
WAIT_FOR_THE_LABELS = Bilingual(
    "Stop when no label has changed; there are finitely many partitions, so that happens.",
    "没有标签改变时再停；划分的个数有限，总会停下来。",
)
SEEDING = """
def kmeans_plus_plus(X, K, rng):
    X = validated(X)
    if not 1 <= K <= len(X):
        raise ValueError("K")
    n = len(X)
    chosen = [int(rng.integers(n))]
    while len(chosen) < K:
        D = np.array([np.sum((X - X[c]) ** 2, axis=1) for c in chosen])  # (chosen, n)
        weights = {weights}
        if not weights.sum() > 0:
            weights = np.array([float(i not in chosen) for i in range(n)])
        chosen.append(int(rng.choice(n, p=weights / weights.sum())))
    return np.array(chosen)
"""


def seeding(weights):
    return SEEDING.replace("{weights}", weights)


MISCONCEPTIONS = (
    # assign
    Variant(
        id="assign_without_center_norms",
        part="assign",
        source=KEEP
        + """
def assign(X, mu):
    X, mu = validated_centers(X, mu)
    return np.argmin(-2 * X @ mu.T, axis=1)
""",
        explanation=Bilingual(
            "You compare only the products x.mu and leave out ||mu||^2, so long centres attract rows that are not near.",
            "你只比较了内积 x·mu，漏掉了 ||mu||^2，于是离原点远的中心会吸引并不靠近它的行。",
        ),
        hint=Bilingual(
            "||x||^2 is the same for all centres, ||mu||^2 is not: add np.sum(mu**2, axis=1).",
            "||x||^2 对所有中心都一样，||mu||^2 则不然：加上 np.sum(mu**2, axis=1)。",
        ),
    ),
    Variant(
        id="assign_farthest",
        part="assign",
        source=KEEP
        + """
def assign(X, mu):
    X, mu = validated_centers(X, mu)
    return np.argmax(((X[:, None] - mu) ** 2).sum(axis=2), axis=1)
""",
        explanation=Bilingual(
            "Every row gets the centre that is farthest from it.",
            "每一行都归到了离它最远的中心。",
        ),
        hint=Bilingual("The nearest centre has the smallest distance: argmin.", "最近的中心距离最小：用 argmin。"),
    ),
    Variant(
        id="assign_manhattan",
        part="assign",
        source=KEEP
        + """
def assign(X, mu):
    X, mu = validated_centers(X, mu)
    return np.argmin(np.abs(X[:, None] - mu).sum(axis=2), axis=1)
""",
        explanation=Bilingual(
            "You add up absolute differences (the Manhattan distance); k-means uses squares.",
            "你把差的绝对值相加（曼哈顿距离）；K 均值用的是平方。",
        ),
        hint=Bilingual("Square the differences before you sum.", "求和之前先把差平方。"),
    ),
    Variant(
        id="assign_largest_difference",
        part="assign",
        source=KEEP
        + """
def assign(X, mu):
    X, mu = validated_centers(X, mu)
    return np.argmin(np.abs(X[:, None] - mu).max(axis=2), axis=1)
""",
        explanation=Bilingual(
            "You compare the largest difference of the coordinates, not the sum of their squares.",
            "你比较的是各坐标之差中最大的一个，而不是平方和。",
        ),
        hint=Bilingual("Square the differences and sum over the last axis.", "把差平方，再对最后一个轴求和。"),
    ),
    Variant(
        id="assign_by_angle",
        part="assign",
        source=KEEP
        + """
def assign(X, mu):
    X, mu = validated_centers(X, mu)
    lengths = np.linalg.norm(X, axis=1)[:, None] * np.linalg.norm(mu, axis=1)
    return np.argmax(X @ mu.T / np.maximum(lengths, 1e-300), axis=1)
""",
        explanation=Bilingual(
            "You compare angles (the cosine between row and centre), not distances.",
            "你比较的是夹角（行与中心的余弦），不是距离。",
        ),
        hint=Bilingual("Take the squared length of the difference x - mu.", "应取差 x - mu 的长度的平方。"),
    ),
    Variant(
        id="assign_ties_to_the_last",
        part="assign",
        source=KEEP
        + """
def assign(X, mu):
    X, mu = validated_centers(X, mu)
    d2 = ((X[:, None] - mu) ** 2).sum(axis=2)
    return len(mu) - 1 - np.argmin(d2[:, ::-1], axis=1)
""",
        explanation=Bilingual(
            "Where several centres are equally near, you return the last of them; here the lowest index wins.",
            "有几个中心同样近时，你返回了其中最后一个；本作业取下标最小的。",
        ),
        hint=Bilingual(
            "In a loop over the centres, replace only where the new distance is < the best, not <=.",
            "对中心循环时，只有新距离 < 目前最小值才替换，不要用 <=。",
        ),
    ),
    Variant(
        id="assign_counts_from_one",
        part="assign",
        source=KEEP
        + """
def assign(X, mu):
    X, mu = validated_centers(X, mu)
    return np.argmin(((X[:, None] - mu) ** 2).sum(axis=2), axis=1) + 1
""",
        explanation=Bilingual(
            "Your labels count from 1; they are indices, from 0.", "你的标签从 1 开始；标签是下标，应从 0 开始。"
        ),
        hint=Bilingual("Return what np.argmin gives.", "直接返回 np.argmin 的结果。"),
    ),
    Variant(
        id="assign_shifts_in_place",
        part="assign",
        source=KEEP
        + """
def assign(X, mu):
    X, mu = validated_centers(X, mu)
    shift = X.mean(axis=0)
    X -= shift
    return np.argmin(np.sum((mu - shift) ** 2, axis=1) - 2 * X @ (mu - shift).T, axis=1)
""",
        explanation=Bilingual(
            "X -= ... writes into the caller's array: after your function the data are no longer the same.",
            "X -= ... 会写进调用者的数组：调用你的函数之后，数据就变了。",
        ),
        hint=Bilingual("Write X = X - shift, which makes a new array.", "写成 X = X - shift，它会新建一个数组。"),
    ),
    # update
    Variant(
        id="update_median",
        part="update",
        source=KEEP
        + """
_update = update


def update(X, labels, K):
    X, labels = validated_labels(X, labels, K)
    mu = _update(X, labels, K)
    for k in range(K):
        if (labels == k).any():
            mu[k] = np.median(X[labels == k], axis=0)
    return mu
""",
        explanation=Bilingual(
            "You take the median of each column. The sum of squares is smallest at the mean.",
            "你取了各列的中位数。使平方和最小的是均值。",
        ),
        hint=Bilingual("X[labels == k].mean(axis=0)", "用 X[labels == k].mean(axis=0)。"),
    ),
    Variant(
        id="update_divides_by_n",
        part="update",
        source=KEEP
        + """
def update(X, labels, K):
    X, labels = validated_labels(X, labels, K)
    mu = np.zeros((K, X.shape[1]), X.dtype)
    np.add.at(mu, labels, X)
    return mu / X.dtype.type(len(X))
""",
        explanation=Bilingual(
            "You divide every sum by n, the number of all rows, and not by the number of rows of the cluster.",
            "你把每个和都除以总行数 n，而不是该簇的行数。",
        ),
        hint=Bilingual(
            "np.bincount(labels, minlength=K) counts the rows of each cluster.",
            "np.bincount(labels, minlength=K) 给出各簇的行数。",
        ),
    ),
    Variant(
        id="update_sums",
        part="update",
        source=KEEP
        + """
def update(X, labels, K):
    X, labels = validated_labels(X, labels, K)
    mu = np.zeros((K, X.shape[1]), X.dtype)
    np.add.at(mu, labels, X)
    return mu
""",
        explanation=Bilingual(
            "You return the sums of the clusters; the division is missing.", "你返回的是各簇之和，没有做除法。"
        ),
        hint=Bilingual("Divide each sum by the number of rows of its cluster.", "把每个和除以该簇的行数。"),
    ),
    Variant(
        id="update_nan_for_empty",
        part="update",
        source=KEEP
        + """
def update(X, labels, K):
    X, labels = validated_labels(X, labels, K)
    mu = np.full((K, X.shape[1]), np.nan, X.dtype)
    for k in np.unique(labels):
        mu[k] = X[labels == k].mean(axis=0)
    return mu
""",
        explanation=Bilingual(
            "An empty cluster gets NaN: the mean of no rows is 0/0.",
            "空簇得到了 NaN：对零行取平均就是 0/0。",
        ),
        hint=Bilingual(
            "Treat empty clusters apart, after the means: each gets the row farthest from its nearest centre.",
            "在算完均值之后单独处理空簇：每个空簇得到离最近中心最远的那一行。",
        ),
    ),
    Variant(
        id="update_zeros_for_empty",
        part="update",
        source=KEEP
        + """
def update(X, labels, K):
    X, labels = validated_labels(X, labels, K)
    mu = np.zeros((K, X.shape[1]), X.dtype)
    for k in np.unique(labels):
        mu[k] = X[labels == k].mean(axis=0)
    return mu
""",
        explanation=Bilingual(
            "The centre of an empty cluster stays at the origin, where there may be no data at all.",
            "空簇的中心留在原点，而那里可能根本没有数据。",
        ),
        hint=Bilingual(
            "After the means, give each empty cluster the row that is farthest from its nearest centre.",
            "算完均值之后，给每个空簇离最近中心最远的那一行。",
        ),
    ),
    Variant(
        id="update_mean_of_all_for_empty",
        part="update",
        source=KEEP
        + """
def update(X, labels, K):
    X, labels = validated_labels(X, labels, K)
    mu = np.tile(X.mean(axis=0), (K, 1))
    for k in np.unique(labels):
        mu[k] = X[labels == k].mean(axis=0)
    return mu
""",
        explanation=Bilingual(
            "An empty cluster gets the mean of all rows, the place where a centre helps least.",
            "空簇得到了全体数据的均值，而中心放在那里用处最小。",
        ),
        hint=Bilingual(
            "After the means, give each empty cluster the row that is farthest from its nearest centre.",
            "算完均值之后，给每个空簇离最近中心最远的那一行。",
        ),
    ),
    Variant(
        id="update_refills_all_with_one_row",
        part="update",
        source=KEEP
        + """
def update(X, labels, K):
    X, labels = validated_labels(X, labels, K)
    mu = np.zeros((K, X.shape[1]), X.dtype)
    used = np.unique(labels)
    for k in used:
        mu[k] = X[labels == k].mean(axis=0)
    d2 = np.min([np.sum((X - mu[k]) ** 2, axis=1) for k in used], axis=0)
    mu[np.setdiff1d(np.arange(K), used)] = X[np.argmax(d2)]
    return mu
""",
        explanation=Bilingual(
            "All empty clusters get the same row, so all but one of them are empty again in the next step.",
            "所有空簇得到同一行，下一步里除了一个，其余又都空了。",
        ),
        hint=Bilingual(
            "Refill one after the other: once a cluster has its row, it counts as a centre for the next.",
            "一个接一个地补：一个簇有了中心之后，补下一个时要把它算在内。",
        ),
    ),
    Variant(
        id="update_refills_with_the_farthest_rows",
        part="update",
        source=KEEP
        + """
def update(X, labels, K):
    X, labels = validated_labels(X, labels, K)
    mu = np.zeros((K, X.shape[1]), X.dtype)
    used = np.unique(labels)
    for k in used:
        mu[k] = X[labels == k].mean(axis=0)
    d2 = np.min([np.sum((X - mu[k]) ** 2, axis=1) for k in used], axis=0)
    order = np.argsort(-d2, kind="stable")
    for i, k in enumerate(np.setdiff1d(np.arange(K), used)):
        mu[k] = X[order[i]]
    return mu
""",
        explanation=Bilingual(
            "You rank the rows by distance once, and refill all empty clusters from that list. The farthest rows may lie "
            "side by side, and the second is no longer far once the first is a centre.",
            "你只按距离排了一次序，就用它来补所有空簇。最远的几行可能挨在一起：第一行成为中心之后，第二行就不远了。",
        ),
        hint=Bilingual("Compute the distances again after each refilled cluster.", "每补一个簇之后，重新计算距离。"),
    ),
    Variant(
        id="update_counts_clusters_itself",
        part="update",
        source=KEEP
        + """
def update(X, labels, K):
    X, labels = validated_labels(X, labels, K)
    return np.array([X[labels == k].mean(axis=0) for k in np.unique(labels)], dtype=X.dtype)
""",
        explanation=Bilingual(
            "You return one centre for each label that occurs. Empty clusters are dropped, and the indices shift.",
            "你只为出现过的标签返回中心。空簇被丢掉了，后面的下标也随之错位。",
        ),
        hint=Bilingual(
            "The result has K rows, whatever labels occur: loop over range(K).",
            "无论出现了哪些标签，结果都有 K 行：对 range(K) 循环。",
        ),
    ),
    Variant(
        id="update_float64",
        part="update",
        source=KEEP
        + """
_update = update


def update(X, labels, K):
    X, labels = validated_labels(X, labels, K)
    return _update(X, labels, K).astype(np.float64)
""",
        explanation=Bilingual(
            "For float32 data your centres are float64.", "输入 float32 的数据时，你返回的中心是 float64。"
        ),
        hint=Bilingual(
            "np.zeros((K, d)) makes float64; write np.zeros((K, d), dtype=X.dtype).",
            "np.zeros((K, d)) 得到 float64；请写 np.zeros((K, d), dtype=X.dtype)。",
        ),
    ),
    # kmeans
    Variant(
        id="kmeans_stale_labels",
        part="kmeans",
        source="""
def kmeans(X, init, max_iter):
    X, centers = validated_centers(X, init, "init")
    labels = assign(X, centers)
    history = [float(np.sum((X - centers[labels]) ** 2))]
    for _ in range(max_iter):
        labels = assign(X, centers)
        moved = update(X, labels, len(centers))
        still = np.array_equal(moved, centers)
        centers = moved
        history.append(float(np.sum((X - centers[labels]) ** 2)))
        if still:
            break
    return KMeansResult(centers, labels, history[-1], history)
""",
        explanation=Bilingual(
            "Your run ends with an update: labels and inertia belong to the centres before it, not to those you return.",
            "你的运行以 update 结束：标签和簇内平方和对应的是更新之前的中心，而不是返回的中心。",
        ),
        hint=Bilingual(
            "One iteration is update, then assign. Do the first assign before the loop.",
            "一次迭代是先 update 再 assign；第一次 assign 放在循环之前。",
        ),
    ),
    Variant(
        id="kmeans_inertia_is_a_mean",
        part="kmeans",
        source="""
_kmeans = kmeans


def kmeans(X, init, max_iter):
    result = _kmeans(X, init, max_iter)
    history = [entry / len(X) for entry in result.history]
    return KMeansResult(result.centers, result.labels, history[-1], history)
""",
        explanation=Bilingual(
            "Your inertia is the mean of the squared distances; it is defined as their sum.",
            "你的簇内平方和取了平均；按定义它是平方距离之和。",
        ),
        hint=Bilingual("np.sum, not np.mean.", "用 np.sum，不用 np.mean。"),
    ),
    Variant(
        id="kmeans_inertia_of_distances",
        part="kmeans",
        source="""
def kmeans(X, init, max_iter):
    X, centers = validated_centers(X, init, "init")
    labels, history = assign(X, centers), []
    history.append(float(np.linalg.norm(X - centers[labels], axis=1).sum()))
    for _ in range(max_iter):
        centers, before = update(X, labels, len(centers)), labels
        labels = assign(X, centers)
        history.append(float(np.linalg.norm(X - centers[labels], axis=1).sum()))
        if np.array_equal(labels, before):
            break
    return KMeansResult(centers, labels, history[-1], history)
""",
        explanation=Bilingual(
            "Your inertia adds up the distances; it is the sum of the squared distances.",
            "你把距离相加了；簇内平方和是距离的平方之和。",
        ),
        hint=Bilingual("np.sum((X - centers[labels]) ** 2)", "用 np.sum((X - centers[labels]) ** 2)。"),
    ),
    Variant(
        id="kmeans_history_without_the_start",
        part="kmeans",
        source="""
_kmeans = kmeans


def kmeans(X, init, max_iter):
    result = _kmeans(X, init, max_iter)
    return KMeansResult(result.centers, result.labels, result.inertia, result.history[1:])
""",
        explanation=Bilingual(
            "Your history begins after the first iteration; the inertia at `init` is missing.",
            "你的 history 从第一次迭代之后开始，缺少在 `init` 处的簇内平方和。",
        ),
        hint=Bilingual(
            "assign once before the loop, and append the inertia there already.",
            "在循环之前先 assign 一次，并在那里就记下第一个簇内平方和。",
        ),
    ),
    Variant(
        id="kmeans_stops_early",
        part="kmeans",
        source="""
def kmeans(X, init, max_iter):
    X, centers = validated_centers(X, init, "init")
    labels = assign(X, centers)
    history = [float(np.sum((X - centers[labels]) ** 2))]
    for _ in range(max_iter):
        moved = update(X, labels, len(centers))
        shift = np.linalg.norm(moved - centers)
        centers, labels = moved, assign(X, moved)
        history.append(float(np.sum((X - centers[labels]) ** 2)))
        if shift < 0.02 * np.linalg.norm(X.std(axis=0)):
            break
    return KMeansResult(centers, labels, history[-1], history)
""",
        explanation=STOPS_EARLY,
        hint=WAIT_FOR_THE_LABELS,
    ),
    Variant(
        id="kmeans_stops_at_a_tolerance",
        part="kmeans",
        source="""
def kmeans(X, init, max_iter):
    X, centers = validated_centers(X, init, "init")
    labels = assign(X, centers)
    history = [float(np.sum((X - centers[labels]) ** 2))]
    for _ in range(max_iter):
        moved = update(X, labels, len(centers))
        shift = np.linalg.norm(moved - centers)
        centers, labels = moved, assign(X, moved)
        history.append(float(np.sum((X - centers[labels]) ** 2)))
        if shift < 1e-4:
            break
    return KMeansResult(centers, labels, history[-1], history)
""",
        explanation=STOPS_EARLY,
        hint=WAIT_FOR_THE_LABELS,
    ),
    Variant(
        id="kmeans_one_iteration_less",
        part="kmeans",
        source="""
_kmeans = kmeans


def kmeans(X, init, max_iter):
    return _kmeans(X, init, max(max_iter - 1, 0))
""",
        explanation=Bilingual(
            "max_iter=2 makes one iteration: the first assign does not count as one.",
            "max_iter=2 时只做了一次迭代：第一次 assign 不算一次迭代。",
        ),
        hint=Bilingual(
            "assign before the loop, then max_iter times update and assign.",
            "循环之前先 assign，然后做 max_iter 次 update 和 assign。",
        ),
    ),
    Variant(
        id="kmeans_one_iteration_more",
        part="kmeans",
        source="""
_kmeans = kmeans


def kmeans(X, init, max_iter):
    return _kmeans(X, init, max_iter + 1)
""",
        explanation=Bilingual(
            "max_iter=1 makes two iterations, and max_iter=0 makes one.",
            "max_iter=1 时做了两次迭代，max_iter=0 时做了一次。",
        ),
        hint=Bilingual("With max_iter=0 no update is made at all.", "max_iter=0 时一次 update 也不做。"),
    ),
    Variant(
        id="kmeans_ignores_init",
        part="kmeans",
        source="""
_kmeans = kmeans


def kmeans(X, init, max_iter):
    X, init = validated_centers(X, init, "init")
    return _kmeans(X, X[: len(init)], max_iter)
""",
        explanation=Bilingual(
            "You start at the first rows of X, not at the centres that you are given.",
            "你从 X 的前几行出发，而不是从给定的中心出发。",
        ),
        hint=Bilingual("With max_iter=0 the centres returned are `init`.", "max_iter=0 时返回的中心就是 `init`。"),
    ),
    Variant(
        id="kmeans_writes_into_init",
        part="kmeans",
        source="""
_kmeans = kmeans


def kmeans(X, init, max_iter):
    result = _kmeans(X, init, max_iter)
    if isinstance(init, np.ndarray):
        init[:] = result.centers
    return result
""",
        explanation=Bilingual(
            "Your centres are written into `init`, the caller's array.", "你把中心写进了调用者的数组 `init`。"
        ),
        hint=Bilingual("Begin with centers = init.copy().", "开头写 centers = init.copy()。"),
    ),
    Variant(
        id="kmeans_keeps_empty_clusters",
        part="kmeans",
        source="""
def kmeans(X, init, max_iter):
    X, centers = validated_centers(X, init, "init")
    labels = assign(X, centers)
    history = [float(np.sum((X - centers[labels]) ** 2))]
    for _ in range(max_iter):
        centers = centers.copy()
        for k in np.unique(labels):
            centers[k] = X[labels == k].mean(axis=0)
        before, labels = labels, assign(X, centers)
        history.append(float(np.sum((X - centers[labels]) ** 2)))
        if np.array_equal(labels, before):
            break
    return KMeansResult(centers, labels, history[-1], history)
""",
        explanation=Bilingual(
            "An empty cluster keeps its old centre, and so it may stay empty for ever.",
            "空簇保留了原来的中心，于是可能永远空着。",
        ),
        hint=Bilingual(
            "Call your update: it gives an empty cluster a row of X.", "调用你写的 update：它会给空簇一行数据作中心。"
        ),
    ),
    Variant(
        id="kmeans_snaps_to_rows",
        part="kmeans",
        source="""
_update = update


def kmeans(X, init, max_iter):
    X, centers = validated_centers(X, init, "init")
    labels = assign(X, centers)
    history = [float(np.sum((X - centers[labels]) ** 2))]
    for _ in range(max_iter):
        means = _update(X, labels, len(centers))
        centers = X[[np.argmin(np.sum((X - mean) ** 2, axis=1)) for mean in means]]
        before, labels = labels, assign(X, centers)
        history.append(float(np.sum((X - centers[labels]) ** 2)))
        if np.array_equal(labels, before):
            break
    return KMeansResult(centers, labels, history[-1], history)
""",
        explanation=Bilingual(
            "You replace each mean by the row nearest to it (a medoid). The centre of k-means is the mean itself.",
            "你用离均值最近的一行代替了均值（那是中心点 medoid）。K 均值的中心就是均值本身。",
        ),
        hint=Bilingual("Use what update returns, as it is.", "直接使用 update 的返回值。"),
    ),
    Variant(
        id="kmeans_sorts_the_centers",
        part="kmeans",
        source="""
_kmeans = kmeans


def kmeans(X, init, max_iter):
    result = _kmeans(X, init, max_iter)
    order = np.lexsort(result.centers.T[::-1])
    return KMeansResult(result.centers[order], result.labels, result.inertia, result.history)
""",
        explanation=Bilingual(
            "You sort the centres and leave the labels as they were: the two no longer belong together.",
            "你对中心排了序，标签却没有改：二者不再对应。",
        ),
        hint=Bilingual("Leave the centres in the order of `init`.", "让中心保持 `init` 中的次序。"),
    ),
    # seeding
    Variant(
        id="seeding_uniform",
        part="seeding",
        source="""
def kmeans_plus_plus(X, K, rng):
    X = validated(X)
    if not 1 <= K <= len(X):
        raise ValueError("K")
    return rng.choice(len(X), size=K, replace=False)
""",
        explanation=UNIFORM,
        hint=USE_WEIGHTS,
    ),
    Variant(
        id="seeding_uniform_with_replacement",
        part="seeding",
        source="""
def kmeans_plus_plus(X, K, rng):
    X = validated(X)
    if not 1 <= K <= len(X):
        raise ValueError("K")
    return rng.integers(len(X), size=K)
""",
        explanation=UNIFORM,
        hint=USE_WEIGHTS,
    ),
    Variant(
        id="seeding_not_squared",
        part="seeding",
        source=seeding("np.sqrt(D.min(axis=0))"),
        explanation=Bilingual(
            "Your probabilities are proportional to the distance; k-means++ uses its square.",
            "你的概率与距离成正比；k-means++ 用的是距离的平方。",
        ),
        hint=Bilingual(
            "Leave out the square root (np.linalg.norm takes one).", "不要开平方（np.linalg.norm 会开平方）。"
        ),
    ),
    Variant(
        id="seeding_squared_twice",
        part="seeding",
        source=seeding("D.min(axis=0) ** 2"),
        explanation=Bilingual(
            "Your probabilities are proportional to the fourth power of the distance: the square is taken twice.",
            "你的概率与距离的四次方成正比：平方做了两次。",
        ),
        hint=Bilingual("The sum of squared differences is D^2 already.", "差的平方之和已经是 D^2。"),
    ),
    Variant(
        id="seeding_last_only",
        part="seeding",
        source=seeding("D[-1]"),
        explanation=LAST_ONLY,
        hint=TAKE_THE_MINIMUM,
    ),
    Variant(
        id="seeding_last_only_without_repeats",
        part="seeding",
        source=seeding("np.where(np.isin(np.arange(n), chosen), 0.0, D[-1])"),
        explanation=LAST_ONLY,
        hint=TAKE_THE_MINIMUM,
    ),
    Variant(
        id="seeding_first_only",
        part="seeding",
        source=seeding("np.where(np.isin(np.arange(n), chosen), 0.0, D[0])"),
        explanation=Bilingual(
            "Your weights are the squared distances to the first row that was drawn; later ones do not count.",
            "你的权重始终是到第一个抽中的行的平方距离，后来抽中的行没有起作用。",
        ),
        hint=TAKE_THE_MINIMUM,
    ),
    Variant(
        id="seeding_mean_of_distances",
        part="seeding",
        source=seeding("D.mean(axis=0)"),
        explanation=NOT_THE_NEAREST,
        hint=TAKE_THE_MINIMUM,
    ),
    Variant(
        id="seeding_mean_of_distances_without_repeats",
        part="seeding",
        source=seeding("np.where(np.isin(np.arange(n), chosen), 0.0, D.mean(axis=0))"),
        explanation=NOT_THE_NEAREST,
        hint=TAKE_THE_MINIMUM,
    ),
    Variant(
        id="seeding_farthest",
        part="seeding",
        source=seeding("1.0 * (np.arange(n) == D.min(axis=0).argmax()) * D.min(axis=0).any()"),
        explanation=Bilingual(
            "You always take the farthest row. k-means++ draws it with the highest probability, but not for certain: "
            "the farthest row is often an outlier.",
            "你总是取最远的一行。k-means++ 抽到它的概率最大，但并非必然：最远的行往往是离群点。",
        ),
        hint=USE_WEIGHTS,
    ),
    Variant(
        id="seeding_greedy",
        part="seeding",
        source="""
def kmeans_plus_plus(X, K, rng):
    X = validated(X)
    if not 1 <= K <= len(X):
        raise ValueError("K")
    n, trials = len(X), 2 + int(np.log(K))
    chosen = [int(rng.integers(n))]
    nearest = np.sum((X - X[chosen[0]]) ** 2, axis=1)
    while len(chosen) < K:
        if not nearest.any():
            chosen.append(next(i for i in range(n) if i not in chosen))
            continue
        candidates = rng.choice(n, size=trials, p=nearest / nearest.sum())
        left = [np.minimum(nearest, np.sum((X - X[i]) ** 2, axis=1)) for i in candidates]
        best = int(np.argmin([d2.sum() for d2 in left]))
        chosen.append(int(candidates[best]))
        nearest = left[best]
    return np.array(chosen)
""",
        explanation=Bilingual(
            "You draw several candidates for each centre and keep the best. That is greedy k-means++, scikit-learn's "
            "default, and a different distribution.",
            "你为每个中心抽了几个候选，保留最好的一个。那是贪心 k-means++（scikit-learn 的默认做法），分布不同。",
        ),
        hint=Bilingual("One draw per centre, and keep it.", "每个中心只抽一次，抽到哪个就用哪个。"),
    ),
    Variant(
        id="seeding_starts_at_row_zero",
        part="seeding",
        source=seeding("D.min(axis=0)").replace("int(rng.integers(n))", "0"),
        explanation=Bilingual(
            "Your first index is always 0; it must be drawn uniformly from all rows.",
            "你的第一个下标总是 0；它应当从所有行中均匀抽取。",
        ),
        hint=Bilingual("The first index is rng.integers(len(X)).", "第一个下标用 rng.integers(len(X)) 抽取。"),
    ),
    Variant(
        id="seeding_sorted",
        part="seeding",
        source=seeding("D.min(axis=0)").replace("np.array(chosen)", "np.sort(chosen)"),
        explanation=Bilingual(
            "You return the indices in ascending order; wanted is the order in which they were drawn.",
            "你按从小到大的顺序返回下标；应当按抽取的先后顺序。",
        ),
        hint=Bilingual(
            "Append each index as it is drawn (np.flatnonzero of a mask and sets forget the order).",
            "每抽一个就追加一个（对掩码用 np.flatnonzero 或使用集合都会丢掉顺序）。",
        ),
    ),
    Variant(
        id="seeding_own_seed",
        part="seeding",
        source="""
_seeding = kmeans_plus_plus


def kmeans_plus_plus(X, K, rng):
    return _seeding(X, K, np.random.default_rng(0))
""",
        explanation=Bilingual(
            "Your answer is the same for every generator that you are given: nothing is drawn from `rng`.",
            "无论传入哪个生成器，你的答案都一样：没有从 `rng` 中抽取任何东西。",
        ),
        hint=Bilingual(
            "Do not make a generator of your own, and set no seed: use `rng`.",
            "不要自己新建生成器，也不要设种子：使用 `rng`。",
        ),
    ),
    Variant(
        id="seeding_global_generator",
        part="seeding",
        source=seeding("D.min(axis=0)")
        .replace("rng.integers(n)", "np.random.randint(n)")
        .replace("rng.choice", "np.random.choice"),
        explanation=Bilingual(
            "The same state of `rng` gives different answers: you draw from NumPy's global generator, or from one of "
            "your own.",
            "`rng` 的状态相同，答案却不同：你用了 NumPy 的全局生成器，或自己新建的生成器。",
        ),
        hint=Bilingual(
            "Replace np.random.choice by rng.choice, and np.random.randint by rng.integers.",
            "把 np.random.choice 换成 rng.choice，把 np.random.randint 换成 rng.integers。",
        ),
    ),
    Variant(
        id="seeding_returns_rows",
        part="seeding",
        source="""
_seeding = kmeans_plus_plus


def kmeans_plus_plus(X, K, rng):
    return validated(X)[_seeding(X, K, rng)]
""",
        explanation=Bilingual(
            "You return the rows themselves; wanted are their indices.", "你返回的是那些行本身；应当返回它们的下标。"
        ),
        hint=Bilingual("Return the integers; the caller takes X[indices].", "返回整数下标；调用者自己取 X[indices]。"),
    ),
    Variant(
        id="seeding_divides_by_zero",
        part="seeding",
        source="""
def kmeans_plus_plus(X, K, rng):
    X = validated(X)
    if not 1 <= K <= len(X):
        raise ValueError("K")
    chosen = [int(rng.integers(len(X)))]
    while len(chosen) < K:
        d2 = np.min([np.sum((X - X[c]) ** 2, axis=1) for c in chosen], axis=0)
        with np.errstate(invalid="ignore"):
            chosen.append(int(rng.choice(len(X), p=d2 / d2.sum())))
    return np.array(chosen)
""",
        explanation=Bilingual(
            "If every row coincides with a chosen one, you divide 0 by 0 and draw with probabilities that are NaN.",
            "若每一行都与某个已选的行重合，你就做了 0 除以 0，抽样概率成了 NaN。",
        ),
        hint=Bilingual(
            "If the sum of D^2 is zero, take rows that were not chosen yet.", "若 D^2 之和为零，就取尚未选过的行。"
        ),
    ),
)
