"""The checks that students do not see. `design.md` derives the criteria; each check is one number against a limit."""

from __future__ import annotations

import itertools
import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2

from autograder.judge import CheckFailure, assert_array, assert_close, assert_scalar, assert_speed, assert_within
from autograder.text import Bilingual, Message

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
# Geometric mean of the slowest vectorised way and the fastest loop over the rows in `assign`: see design.md.
SPEED_LIMIT = 8.0
# KMeans(K, init=init, n_init=1, algorithm="lloyd", tol=0, max_iter=300).inertia_ of scikit-learn 1.9.1
DIGITS_INERTIA, PIXELS_INERTIA = 395066.9581747281, 7.267574397525175

NEAREST = Bilingual(
    "excess of squared distance over that of the nearest centre, relative to rounding",
    "与最近中心相比多出的平方距离，相对于舍入误差",
)
MEANS = Bilingual("distance of a centre from the mean of its rows", "中心与簇内各行均值之差")
INERTIA = Bilingual("difference from the sum of squared distances", "与平方距离之和的差")
RISE = Bilingual("rise of the inertia in one iteration", "一次迭代中簇内平方和的上升量")
EMPTY = Bilingual("number of empty clusters", "空簇的个数")
MISFIT = Bilingual(
    "-log10 of the probability that k-means++ draws something as unlikely", "k-means++ 抽出同样罕见结果的概率的 -log10"
)
FULL_LENGTH = Bilingual("entries too many or too few", "多出或缺少的项数")


# What the judge computes for itself


def roundoff(X):
    return 2.0**-24 if X.dtype == np.float32 else 2.0**-53


def squared_distances(X, mu):
    """Return ||x_i - mu_k||^2 in longdouble, from differences: (n, K)."""
    wide = X.astype(np.longdouble)
    return np.stack([np.sum((wide - center) ** 2, axis=1) for center in mu.astype(np.longdouble)], axis=1)


def nearest(X, mu):
    """Return the labels in float64, by the fast formula; for rows near the origin."""
    return np.argmin(np.sum(mu**2, axis=1) / 2 - X @ mu.T, axis=1)


def lloyd(X, init, max_iter):
    """Return the centres before and after each of at most `max_iter` iterations, and a gap. No empty clusters.

    The gap is the smallest relative difference between the two nearest centres of a row on the way: as long as it is
    far above rounding, every program goes the same way.
    """
    centers, labels, gap, way = init, None, math.inf, []
    for iteration in range(max_iter + 1):
        if iteration:
            centers = np.stack([X[labels == k].mean(axis=0) for k in range(len(init))])
        way.append(centers)
        D = squared_distances(X, centers)
        before, labels = labels, D.argmin(axis=1)
        if len(init) > 1:
            two = np.partition(D, 1, axis=1)[:, :2]
            gap = min(gap, float(np.min((two[:, 1] - two[:, 0]) / two[:, 1])))
        if before is not None and np.array_equal(labels, before):
            break
    return way, gap


def inertia_tolerance(X, mu):
    """Return what rounding may do to the inertia: 16 (d + 4) u (sum ||x||^2 + n max ||mu||^2)."""
    size = np.sum(X.astype(np.float64) ** 2) + len(X) * np.max(np.sum(mu.astype(np.float64) ** 2, axis=1))
    return max(16 * (X.shape[1] + 4) * roundoff(X) * float(size), 1e-300)


def failure(en, zh, symptom=None):
    return CheckFailure(Message("text.bilingual", {"en": en, "zh": zh}), symptom=symptom)


def integers(actual, size, below, name):
    """Return an integer array of shape (size,) with entries in 0..below-1, whatever its integer dtype, as int64."""
    fits = type(actual) is np.ndarray and actual.dtype.kind in "iu"
    came = assert_array(actual, shape=(size,), dtype=actual.dtype if fits else np.int64, name=name)
    if not ((came >= 0) & (came < below)).all():
        raise failure(f"{name} must lie in 0..{below - 1}", f"{name} 应当在 0..{below - 1} 之内")
    return came.astype(np.int64)


def assert_assigned(labels, X, mu, name="labels"):
    """Every row is with its nearest centre, up to rounding. Returns the labels as int64."""
    came = integers(labels, len(X), len(mu), name)
    D = squared_distances(X, mu)
    rows = np.arange(len(X))
    best = D.argmin(axis=1)
    size = np.sqrt(np.sum(mu.astype(np.float64) ** 2, axis=1))
    norms = np.sqrt(np.sum(X.astype(np.float64) ** 2, axis=1)) + np.maximum(size[came], size[best])
    allowed = 16 * (X.shape[1] + 4) * roundoff(X) * norms**2
    excess = D[rows, came] - D[rows, best]
    assert_within(float(np.max(excess / np.maximum(allowed, 1e-300))), 1.0, name=name, what=NEAREST)
    return came


def assert_means(mu, X, labels, name="mu"):
    """Every non-empty cluster's centre is the mean of its rows. Names it where all of them are sums, sums over n, or
    medians, whatever became of empty clusters. `mu` has passed assert_array."""
    used = np.unique(labels)
    clusters = [X[labels == k].astype(np.longdouble) for k in used]
    allowed = [16 * roundoff(X) * math.sqrt(len(rows)) * max(float(np.max(np.abs(rows))), 1e-300) for rows in clusters]

    def excess(center, factor=1.0):
        """Return how far, in units of what is allowed, the centres are from these."""
        return max(
            float(np.max(np.abs(mu[k] - center(rows)))) / (factor * limit)
            for k, rows, limit in zip(used, clusters, allowed, strict=True)
        )

    worst, symptom = excess(lambda rows: rows.mean(axis=0)), None
    if worst > 1:
        others = {
            "sums": excess(lambda rows: rows.sum(axis=0), factor=len(X)),
            "over n": excess(lambda rows: rows.sum(axis=0) / len(X)),
            "medians": excess(lambda rows: np.median(rows, axis=0)),
        }
        symptom = next((word for word, other in others.items() if other <= 1), None)
    assert_within(worst, 1.0, name=name, what=MEANS, symptom=symptom)


def assert_refilled(mu, X, labels, name="mu"):
    """Every empty cluster's centre is a row, and none lies farther from all centres that were set before."""
    placed = np.isin(np.arange(len(mu)), labels)
    for k in np.flatnonzero(~placed):
        if not (mu[k] == X).all(axis=1).any():
            raise failure(f"{name}[{k}], of an empty cluster, is not a row of X", f"空簇的 {name}[{k}] 不是 X 的某一行")
        nearest = squared_distances(X, mu[placed]).min(axis=1)
        own = float(squared_distances(mu[[k]], mu[placed]).min())
        farthest = float(nearest.max())
        what = Bilingual(
            "how much farther from its nearest centre another row lies", "另有一行离最近中心更远，远出的平方距离"
        )
        assert_within(farthest - own, max(1e-5 * farthest, 1e-300), name=f"{name}[{k}]", what=what)
        placed[k] = True


def result_of(result, X, K):
    """Check the types of a KMeansResult, and that labels and inertia belong to its centres. Return its centres,
    labels, inertia and history."""
    if not all(hasattr(result, field) for field in ("centers", "labels", "inertia", "history")):
        raise failure(
            "kmeans must return KMeansResult(centers, labels, inertia, history)",
            "kmeans 应当返回 KMeansResult(centers, labels, inertia, history)",
        )
    centers = assert_array(result.centers, shape=(K, X.shape[1]), dtype=X.dtype, name="centers")
    labels = integers(result.labels, len(X), K, "labels")
    inertia = assert_scalar(result.inertia, name="inertia")
    history = result.history
    if type(history) not in (list, tuple, np.ndarray) or (type(history) is np.ndarray and history.ndim != 1):
        raise failure("history must be a list of numbers", "history 应当是由数组成的列表")
    return centers, labels, inertia, [assert_scalar(entry, name="an entry of history") for entry in history]


def cost(X, centers):
    """Return the inertia at these centres, every row with its nearest one."""
    return float(np.sum(squared_distances(X, centers).min(axis=1)))


def assert_inertia(inertia, X, centers, name="inertia"):
    """The number is the sum of squared distances to the nearest centres. Names it where it is another sum."""
    squares = squared_distances(X, centers).min(axis=1)
    desired, tolerance = float(squares.sum()), inertia_tolerance(X, centers)
    others = {"mean": desired / len(X), "unsquared": float(np.sqrt(squares).sum()), "half": desired / 2}
    symptom = next((word for word, other in others.items() if abs(inertia - other) <= tolerance < desired / 4), None)
    assert_within(abs(inertia - desired), tolerance, name=name, what=INERTIA, symptom=symptom)


def assert_fixed_point(result, X, K):
    centers, labels, _, _ = result_of(result, X, K)
    assert_assigned(labels, X, centers)
    assert_means(centers, X, labels, name="centers")
    return centers, labels


def assert_no_empty(labels, K):
    empty = K - len(np.unique(labels))
    assert_within(empty, 0.5, name="labels", what=EMPTY, symptom="stays empty")


def same_place(way, centers):
    """Return the iteration after which the judge's run had these centres, or None."""
    return next((t for t, at in enumerate(way) if np.max(np.abs(at - centers)) < 1e-9 * np.max(np.abs(at))), None)


def assert_same_centers(centers, desired, X, name="centers"):
    """The same labels give the same means, up to the rounding of two sums, however many iterations were made."""
    allowed = 32 * roundoff(X) * math.sqrt(len(X)) * float(np.max(np.abs(X)))
    what = Bilingual("difference from the centres of Lloyd's iteration", "与 Lloyd 迭代所得中心之差")
    assert_within(float(np.max(np.abs(centers - desired))), allowed, name=name, what=what)


def assert_untouched(student, function, *args):
    """Call with arrays that live on the student's side, and look whether they are still the same."""
    staged = [student.stage(value) for value in args]
    function(*staged)
    for handle, value in zip(staged, args, strict=True):
        assert np.array_equal(handle.fetch(), value), "an array that was passed in has been changed"


# Data. Cached where it is dear, and always the same: no check draws from another's generator.


def groups(rng, n, d, K, spread=0.6):
    """Return n rows around K points of a cube: (n, d)."""
    return rng.uniform(-4, 4, size=(K, d))[rng.integers(K, size=n)] + spread * rng.normal(size=(n, d))


@cache
def digits():
    """Return every third image (599, 64), and 10 of them with some noise, which keeps ties of whole numbers away."""
    X = np.loadtxt(DATASETS / "digits.csv", delimiter=",", skiprows=1)[::3, :-1]
    return X, X[::60] + np.random.default_rng(40).uniform(0, 0.1, size=(10, 64))


@cache
def pixels():
    """Return every fourth pixel of every fourth row of the photograph, from 0 to 1: (1024, 3), and 8 of them."""
    X = np.load(DATASETS / "astronaut.npy")[::4, ::4].reshape(-1, 3) / 255
    return X, X[::128] + np.random.default_rng(41).uniform(0, 0.01, size=(8, 3))


@cache
def large():
    """Return rows (8000, 4) for timing, without groups: three iterations are not enough from anywhere."""
    return np.random.default_rng(60).normal(size=(8000, 4))


@pytest.mark.part("assign")
class TestAssign:
    @pytest.mark.points(2)
    @pytest.mark.why(
        en="Every row gets its nearest centre: few and many rows, one column and many, more centres than rows.",
        zh="每一行都归到最近的中心：行数或多或少，列数为一或更多，中心比行还多的情形也在内。",
    )
    @pytest.mark.hint(
        en="Compute all squared distances of a small example by hand, and compare their smallest with your choice.",
        zh="取一个小例子，手工算出全部平方距离，把其中最小的与你的选择比较。",
    )
    @pytest.mark.parametrize(("n", "d", "K"), [(300, 3, 7), (60, 17, 4), (5, 1, 9)])
    def test_assign_finds_the_nearest(self, student, n, d, K):
        rng = np.random.default_rng(n + d)
        # The centres differ in length, so that a forgotten ||mu||^2 shows, and signs are mixed.
        X, mu = 2.0 * rng.normal(size=(n, d)), rng.normal(size=(K, d)) * rng.uniform(0.2, 4.0, size=(K, 1))
        assert_assigned(student.assign(X, mu), X, mu)

    @pytest.mark.points(2)
    @pytest.mark.needs("test_assign_small_example")
    @pytest.mark.why(
        en="Where several centres are equally near, the lowest index is returned.",
        zh="有几个中心同样近时，返回最小的下标。",
    )
    @pytest.mark.hint(
        en="np.argmin returns the first minimum. In a loop of your own compare with <, not with <=.",
        zh="np.argmin 返回第一个最小值的下标；自己写循环时用 < 比较，不要用 <=。",
    )
    def test_assign_gives_ties_to_the_lowest_index(self, student):
        axis = np.arange(-3.0, 4.0)
        X = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)  # integers, column means 0: exact in any formula
        for mu in ([[2, 0], [-2, 0], [0, 2], [0, -2]], [[0, -2], [0, -2], [2, 2], [-2, 2], [2, 2]]):
            centers = np.array(mu, dtype=float)
            desired = squared_distances(X, centers).argmin(axis=1)
            labels = integers(student.assign(X, centers), len(X), len(mu), "labels")
            assert_close(labels, desired, rtol=0, name="labels")

    @pytest.mark.points(1)
    @pytest.mark.why(
        en="Data far from the origin (1e6): the distances lose digits there, but the groups are still told apart.",
        zh="离原点很远（1e6）的数据：距离会损失有效数字，但仍应分得清各组。",
    )
    @pytest.mark.hint(
        en="Subtract the same point, for example the mean of X, from X and from mu before you multiply out a square.",
        zh="展开平方之前，先从 X 和 mu 中减去同一个点，例如 X 的均值。",
    )
    def test_assign_far_from_the_origin(self, student):
        rng = np.random.default_rng(13)
        X, mu = 1e6 + groups(rng, 200, 3, 5), 1e6 + rng.uniform(-4, 4, size=(5, 3))
        assert_assigned(student.assign(X, mu), X, mu)
        one = np.full((1, 3), 1e6)
        assert_assigned(student.assign(X, one), X, one)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="float32 data and data in Fortran order are served as well, and so are whole numbers of an integer dtype.",
        zh="float32 的数据、按列存储（Fortran 序）的数据和整数类型的数据同样适用。",
    )
    @pytest.mark.hint(
        en="Keep the lines of the template that convert the input. uint8 arithmetic wraps around at 256.",
        zh="保留模板中转换输入的那几行。uint8 的运算到 256 会绕回 0。",
    )
    def test_assign_serves_other_dtypes(self, student):
        rng = np.random.default_rng(14)
        X, mu = rng.normal(size=(200, 5)).astype(np.float32), rng.normal(size=(6, 5)).astype(np.float32)
        assert_assigned(student.assign(np.asfortranarray(X), mu), X, mu)
        bytes_ = rng.integers(0, 256, size=(100, 3)).astype(np.uint8)
        centers = rng.uniform(0, 255, size=(4, 3))
        assert_assigned(student.assign(bytes_, centers), bytes_.astype(np.float64), centers)

    @pytest.mark.points(2)
    @pytest.mark.needs("test_assign_small_example")
    @pytest.mark.why(
        en="X and mu are the same afterwards.",
        zh="调用之后 X 和 mu 保持不变。",
    )
    @pytest.mark.hint(
        en="Write Z = X - X.mean(axis=0), not X -= X.mean(axis=0).",
        zh="写 Z = X - X.mean(axis=0)，不要写 X -= X.mean(axis=0)。",
    )
    def test_assign_leaves_its_inputs_alone(self, student):
        rng = np.random.default_rng(15)
        assert_untouched(student, student.assign, rng.normal(size=(20, 3)) + 1.0, rng.normal(size=(4, 3)))


@pytest.mark.part("update")
class TestUpdate:
    @pytest.mark.points(2)
    @pytest.mark.why(
        en="Every centre is the mean of its rows: clusters of very different size, one column and many.",
        zh="每个中心都是簇内各行的均值：各簇大小悬殊，列数为一或更多。",
    )
    @pytest.mark.hint(
        en="Divide by the number of rows of the cluster, not by n; check the axis of the mean.",
        zh="要除以该簇的行数，不是除以 n；检查取平均的轴。",
    )
    @pytest.mark.parametrize(("n", "d", "K"), [(500, 4, 6), (40, 1, 3)])
    def test_update_gives_the_means(self, student, n, d, K):
        rng = np.random.default_rng(20 + d)
        X = rng.normal(size=(n, d)) * rng.uniform(0.1, 10.0, size=d) + rng.normal(size=d)
        labels = np.minimum(rng.geometric(0.45, size=n) - 1, K - 1)
        labels[:K] = np.arange(K)[::-1]
        mu = assert_array(student.update(X, labels, K), shape=(K, d), dtype=np.float64, name="mu")
        assert_means(mu, X, labels)

    @pytest.mark.points(4)
    @pytest.mark.needs("test_update_small_example")
    @pytest.mark.why(
        en="Empty clusters, first, last or in between, get one row each: the one farthest from all centres set so far.",
        zh="空簇（无论是第一个、最后一个还是中间的）各得到一行：离目前已确定的所有中心最远的那一行。",
    )
    @pytest.mark.hint(
        en="Several empty clusters are refilled one after the other; the distances count the refilled ones as centres.",
        zh="有几个空簇时，要一个接一个地补；计算距离时，刚补上的也算中心。",
    )
    def test_update_refills_empty_clusters(self, student):
        rng = np.random.default_rng(23)
        for used, K in (([1, 3], 5), ([0, 1, 2], 4), ([2], 4), ([0, 2], 3)):
            X = groups(rng, 60, 2, 6)
            # Two rows that are far from all others, and near each other: refilling both at once takes both of them.
            X[[7, 30]] = [[30.0, 28.0], [30.5, 27.0]]
            labels = rng.choice(used, size=60)
            labels[: len(used)] = used
            mu = assert_array(student.update(X, labels, K), shape=(K, 2), dtype=np.float64, name="mu")
            assert_means(mu, X, labels)
            assert_refilled(mu, X, labels)

    @pytest.mark.points(1)
    @pytest.mark.needs("test_update_small_example")
    @pytest.mark.why(
        en="With fewer different rows than clusters all centres are rows of X, and none is NaN.",
        zh="不同的行比簇还少时，所有中心都是 X 的行，没有 NaN。",
    )
    @pytest.mark.hint(
        en="When every row lies on a centre all distances are zero: any row will do then.",
        zh="每一行都与某个中心重合时，所有距离都是零：此时取任意一行即可。",
    )
    def test_update_with_few_different_rows(self, student):
        for X, labels, K in (
            (np.array([[1.0, 2.0]] * 5), np.zeros(5, dtype=int), 3),
            (np.array([[0.0, 1.0], [0.0, 1.0], [4.0, 1.0]]), np.array([1, 1, 2]), 5),
        ):
            mu = assert_array(student.update(X, labels, K), shape=(K, 2), dtype=np.float64, name="mu")
            assert_means(mu, X, labels)
            assert_refilled(mu, X, labels)

    @pytest.mark.points(2)
    @pytest.mark.needs("test_update_gives_the_means")
    @pytest.mark.why(
        en="float32 data gives float32 centres; labels of any integer dtype and rows of an integer dtype are served.",
        zh="float32 的数据得到 float32 的中心；标签可以是任何整数类型，数据也可以是整数类型。",
    )
    @pytest.mark.hint(
        en="np.zeros((K, d)) is float64 unless told otherwise; np.zeros_like of an integer array cuts off digits.",
        zh="np.zeros((K, d)) 默认是 float64；对整数数组用 np.zeros_like 得到的数组会截掉小数。",
    )
    def test_update_serves_other_dtypes(self, student):
        rng = np.random.default_rng(25)
        X, labels = rng.normal(size=(300, 3)).astype(np.float32), rng.integers(4, size=300).astype(np.uint8)
        X[0] = 50.0
        mu = student.update(X, labels, 5)
        if type(mu) is np.ndarray and mu.shape == (5, 3) and mu.dtype == np.float64:
            en, zh = "mu is float64, and X is float32: so must mu be", "X 是 float32，mu 却是 float64：应与 X 相同"
            raise failure(en, zh, symptom="float64")
        mu = assert_array(mu, shape=(5, 3), dtype=np.float32, name="mu")
        assert_means(mu, X, labels)
        assert_refilled(mu, X, labels)
        bytes_ = rng.integers(0, 256, size=(90, 3)).astype(np.uint8)
        labels = rng.integers(4, size=90).astype(np.int32)
        mu = assert_array(student.update(bytes_, labels, 4), shape=(4, 3), dtype=np.float64, name="mu")
        assert_means(mu, bytes_.astype(np.float64), labels)

    @pytest.mark.points(1)
    @pytest.mark.needs("test_update_small_example")
    @pytest.mark.why(
        en="X and labels are the same afterwards.",
        zh="调用之后 X 和 labels 保持不变。",
    )
    @pytest.mark.hint(
        en="Refill an empty cluster by changing mu, not by changing labels.",
        zh="补空簇时改的是 mu，不是 labels。",
    )
    def test_update_leaves_its_inputs_alone(self, student):
        rng = np.random.default_rng(26)
        X, labels = groups(rng, 30, 2, 3), rng.integers(3, size=30)
        assert_untouched(student, lambda X, labels: student.update(X, labels, 4), X, labels)


@pytest.mark.part("kmeans")
class TestKmeans:
    @pytest.mark.points(2)
    @pytest.mark.why(
        en="At the end every row is with its nearest centre and every centre is the mean of its rows: a fixed point.",
        zh="结束时，每一行都属于最近的中心，每个中心都是簇内各行的均值：这是不动点。",
    )
    @pytest.mark.hint(
        en="Stop only when an iteration changed no label. Return the labels that belong to the centres you return.",
        zh="只有当一次迭代没有改变任何标签时才停止。返回的标签要与返回的中心相对应。",
    )
    @pytest.mark.parametrize(("n", "d", "K", "scale"), [(400, 2, 6, 1.0), (300, 5, 4, 1e-4), (150, 1, 5, 1.0)])
    def test_kmeans_ends_at_a_fixed_point(self, student, n, d, K, scale):
        rng = np.random.default_rng(30 + d)
        # Without groups it takes many iterations. In small units "the centres moved less than 1e-4" is always true.
        X = scale * (rng.uniform(-1, 1, size=(n, d)) + 3.0)
        way, _ = lloyd(X, X[:K], 500)
        result = student.kmeans(X, X[:K], 500)
        centers, *_ = result_of(result, X, K)
        if same_place(way, centers) in range(len(way) - 2):  # the last iteration but one may have moved no label
            en, zh = "the run ended before a fixed point was reached", "尚未到达不动点，运行就结束了"
            raise failure(en, zh, symptom="stopped early")
        _, labels = assert_fixed_point(result, X, K)
        assert_no_empty(labels, K)
        # Where the way is clear of ties, it leads to one fixed point: any other did not start at `init`.
        assert_same_centers(centers, way[-1], X)

    @pytest.mark.points(5)
    @pytest.mark.needs("test_kmeans_small_example")
    @pytest.mark.why(
        en="max_iter = 0, 1, 2, 5 makes exactly so many iterations from `init`, each an update followed by an assign.",
        zh="max_iter = 0、1、2、5 时，从 `init` 出发恰好做这么多次迭代，每次都是先 update 再 assign。",
    )
    @pytest.mark.hint(
        en="max_iter=1 returns the means of the clusters that `init` makes; max_iter=0 returns `init` itself.",
        zh="max_iter=1 返回由 `init` 形成的各簇的均值；max_iter=0 返回 `init` 本身。",
    )
    def test_kmeans_makes_as_many_iterations(self, student):
        rng = np.random.default_rng(34)
        X = rng.normal(size=(250, 3))
        for init in (X[:5], 0.5 * rng.normal(size=(7, 3))):
            way, _ = lloyd(X, init, 6)
            for max_iter in (0, 1, 2, 5):
                centers, *_ = result_of(student.kmeans(X, init, max_iter), X, len(init))
                made = same_place(way, centers)
                if made is not None and made != max_iter:
                    raise failure(
                        f"max_iter={max_iter} made {made} iterations",
                        f"max_iter={max_iter} 时做了 {made} 次迭代",
                        symptom="one more" if made == max_iter + 1 else "one less" if made == max_iter - 1 else None,
                    )
                assert_same_centers(centers, way[max_iter], X, name=f"centers after max_iter={max_iter}")

    @pytest.mark.points(5)
    @pytest.mark.needs("test_kmeans_small_example")
    @pytest.mark.why(
        en="Labels and inertia belong to the centres that are returned, also when max_iter cuts the run short.",
        zh="标签和簇内平方和与返回的中心相对应，因 max_iter 提前结束时也是如此。",
    )
    @pytest.mark.hint(
        en="After the last update there must be one more assign; then compute the inertia, a sum of squares.",
        zh="最后一次 update 之后还要再做一次 assign，然后计算簇内平方和（是平方之和）。",
    )
    def test_kmeans_result_is_consistent(self, student):
        rng = np.random.default_rng(35)
        X = rng.normal(size=(200, 4)) + 1.0
        for max_iter in (0, 1, 3, 300):
            centers, labels, inertia, history = result_of(student.kmeans(X, X[:6], max_iter), X, 6)
            before, now = nearest(X, X[:6]), nearest(X, centers)
            if max_iter == 1 and np.array_equal(labels, before) and not np.array_equal(labels, now):
                en, zh = (
                    "the labels belong to the centres before the last update",
                    "标签对应的是最后一次 update 之前的中心",
                )
                raise failure(en, zh, symptom="stale labels")
            assert_assigned(labels, X, centers)
            assert_inertia(inertia, X, centers)
            if not history:
                raise failure("history is empty", "history 是空的")
            assert_inertia(history[-1], X, centers, name="the last entry of history")

    @pytest.mark.points(5)
    @pytest.mark.needs("test_kmeans_small_example")
    @pytest.mark.why(
        en="history[t] is the inertia after t iterations, computed again from runs cut there; it never rises.",
        zh="history[t] 是 t 次迭代之后的簇内平方和（用在该处截断的运行重新计算），并且从不上升。",
    )
    @pytest.mark.hint(
        en="history[0] is the inertia at `init`, before any update; then one entry per iteration, after its assign.",
        zh="history[0] 是在 `init` 处、尚未 update 时的簇内平方和；之后每次迭代一项，在其 assign 之后计算。",
    )
    def test_kmeans_history_is_true(self, student):
        rng = np.random.default_rng(36)
        X = groups(rng, 240, 3, 5)
        init = X[:5]
        way, _ = lloyd(X, init, 100)
        made = len(way) - 1
        _, _, _, history = result_of(student.kmeans(X, init, 100), X, 5)
        if history[:3] and np.allclose(history[:3], [cost(X, at) for at in way[1:4]], rtol=1e-9):
            en, zh = "the inertia at the start is missing", "缺少起点处的簇内平方和"
            raise failure(en, zh, symptom="no start")
        # Up to two idle iterations more are welcome, and must not change anything.
        missing, extra = made + 1 - len(history), len(history) - (made + 3)
        assert_within(max(missing, extra, 0), 0.5, name="history", what=FULL_LENGTH)
        before = math.inf
        for t, entry in enumerate(history):
            centers, *_ = result_of(student.kmeans(X, init, t), X, 5)
            assert_inertia(entry, X, centers, name=f"history[{t}]")
            now = cost(X, centers)
            assert_within(max(now - before, 0.0), inertia_tolerance(X, centers), name=f"history[{t}]", what=RISE)
            before = now

    @pytest.mark.points(6)
    @pytest.mark.needs("test_kmeans_small_example")
    @pytest.mark.why(
        en="Starting centres without rows (far away, or doubled) do not stay empty: K clusters at a fixed point.",
        zh="起始中心即使没有样本（离得很远，或两个相同），最后也不会空着：得到的是有 K 个簇的不动点。",
    )
    @pytest.mark.hint(
        en="Use your update, which refills empty clusters, and do not stop while a label still changes.",
        zh="使用会补空簇的 update；只要还有标签改变，就不要停止。",
    )
    def test_kmeans_leaves_no_cluster_empty(self, student):
        rng = np.random.default_rng(37)
        X = groups(rng, 150, 2, 4)
        far, twice = X[:5].copy(), X[[0, 1, 1, 1, 2]]
        far[[0, 3]] = [[500.0, 500.0], [-700.0, 300.0]]
        for init in (far, twice, np.full((5, 2), 50.0)):
            before = math.inf
            for max_iter in range(5):
                centers, *_ = result_of(student.kmeans(X, init, max_iter), X, 5)
                now = cost(X, centers)
                name = f"centers after max_iter={max_iter}"
                assert_within(max(now - before, 0.0), inertia_tolerance(X, centers), name=name, what=RISE)
                before = now
            _, labels = assert_fixed_point(student.kmeans(X, init, 300), X, 5)
            assert_no_empty(labels, 5)

    @pytest.mark.points(4)
    @pytest.mark.needs("test_kmeans_small_example")
    @pytest.mark.why(
        en="The ends of the range: one cluster, a cluster for each row, and fewer different rows than clusters.",
        zh="极端情形：只有一个簇、每行一个簇、不同的行比簇还少。",
    )
    @pytest.mark.hint(
        en="With fewer different rows than clusters some stay empty; the inertia is 0, and nothing is NaN.",
        zh="不同的行比簇少时，有些簇会空着；此时簇内平方和为 0，没有 NaN。",
    )
    def test_kmeans_at_the_ends_of_its_range(self, student):
        rng = np.random.default_rng(38)
        X = rng.normal(size=(12, 3))
        few = np.array([[1.0, 2.0], [5.0, 2.0]])[[0, 0, 1, 0, 1, 1]]
        for rows, init in ((X, X[:1]), (X, X), (few, few[:4]), (np.ones((5, 2)), np.arange(6.0).reshape(3, 2))):
            K = len(init)
            result = student.kmeans(rows, init, 50)
            centers, labels, inertia, _ = result_of(result, rows, K)
            assert_fixed_point(result, rows, K)
            assert_inertia(inertia, rows, centers)
            assert_no_empty(labels, min(K, len(np.unique(rows, axis=0))))

    @pytest.mark.points(3)
    @pytest.mark.needs("test_kmeans_small_example")
    @pytest.mark.why(
        en="float32 data gives float32 centres at a fixed point, as exact as that type allows.",
        zh="float32 的数据得到 float32 的中心，是该类型精度之内的不动点。",
    )
    @pytest.mark.hint(
        en="A float64 array anywhere in the computation makes the centres float64.",
        zh="计算中只要出现一个 float64 数组，中心就会变成 float64。",
    )
    def test_kmeans_keeps_float32(self, student):
        rng = np.random.default_rng(39)
        X = groups(rng, 300, 4, 5).astype(np.float32)
        for max_iter in (0, 2, 300):
            centers, labels, inertia, _ = result_of(student.kmeans(X, X[:5], max_iter), X, 5)
            assert_assigned(labels, X, centers)
            assert_inertia(inertia, X, centers)
        assert_means(centers, X, labels, name="centers")

    @pytest.mark.points(4)
    @pytest.mark.needs("test_kmeans_ends_at_a_fixed_point")
    @pytest.mark.why(
        en="Handwritten digits (K = 10) and the colours of a photograph (K = 8): the inertia of scikit-learn's KMeans.",
        zh="手写数字（K = 10）和照片的颜色（K = 8）：达到与 scikit-learn 的 KMeans 相同的簇内平方和。",
    )
    @pytest.mark.hint(
        en="Columns that are constant, and many rows that are alike, are no special case.",
        zh="数值恒定的列、许多相同的行，都不需要特殊处理。",
    )
    def test_kmeans_on_real_data(self, student):
        for (X, init), desired in ((digits(), DIGITS_INERTIA), (pixels(), PIXELS_INERTIA)):
            result = student.kmeans(X, init, 300)
            centers, labels, inertia, _ = result_of(result, X, len(init))
            assert_assigned(labels, X, centers)
            assert_within(abs(inertia - desired), 1e-9 * desired, name="inertia", what=INERTIA)

    @pytest.mark.points(2)
    @pytest.mark.needs("test_kmeans_small_example")
    @pytest.mark.why(
        en="X and init are the same afterwards.",
        zh="调用之后 X 和 init 保持不变。",
    )
    @pytest.mark.hint(
        en="`centers = init` makes no copy: centers[k] = ... then writes into the caller's array.",
        zh="`centers = init` 并不复制：之后的 centers[k] = ... 会改写调用者的数组。",
    )
    def test_kmeans_leaves_its_inputs_alone(self, student):
        X = np.random.default_rng(42).normal(size=(40, 2)) + 1.0
        assert_untouched(student, lambda X, init: student.kmeans(X, init, 20), X, X[:3].copy())

    @pytest.mark.points(6)
    @pytest.mark.needs("test_kmeans_makes_as_many_iterations")
    @pytest.mark.why(
        en="Three iterations on 8000 rows, 4 columns and 4 clusters take no more CPU time than vectorised code needs.",
        zh="8000 行、4 列、4 个簇做三次迭代，所用的 CPU 时间不超过向量化代码所需。",
    )
    @pytest.mark.hint(
        en="Loop over clusters or columns if you like, but not over rows.",
        zh="可以对簇或列循环，但不要逐行循环。",
    )
    def test_kmeans_is_fast(self, student, twin):
        X = large()

        def make_args(seed):
            return X * (1 + 0.01 * seed), X[4 * seed : 4 * seed + 4], 3  # another problem each time

        def check(result, args):
            X, centers, max_iter = args
            for _ in range(max_iter):
                labels = nearest(X, centers)
                centers = np.stack([X[labels == k].mean(axis=0) for k in range(4)])
            came, labels, _, _ = result_of(result, X, 4)
            assert_close(came, centers, rtol=0, atol=1e-9, name="centers")
            assert_close(labels, nearest(X, centers), rtol=0, name="labels")

        assert_speed(student.kmeans, twin.kmeans, make_args, limit=SPEED_LIMIT, name="kmeans", repeats=9, check=check)


# k-means++


# Six points, found by search, at which k-means++ and its usual distortions differ most: after 600 draws the nearest of
# these laws has p < 1e-20, and a right answer p < 1e-6 once in a million.
SIX = np.array([[1.0, 5.0], [2.0, 3.0], [1.0, 4.0], [4.0, 1.0], [7.0, 2.0], [0.0, 4.0]])
DRAWS = 600
MAX_MISFIT = 6.0  # -log10 p: a right answer fails once in a million
FITS = 3.0  # -log10 p below which a distribution counts as the one that was drawn from
EVEN = np.full(6, 1 / 6)
FIRST_ROW = np.eye(6)[0]


def fresh(weights, chosen):
    """Return the weights with those of chosen rows set to zero."""
    left = np.array(weights, dtype=float)
    left[chosen] = 0
    return left


def greedy(D, chosen, trials):
    """Return the distribution of the best of `trials` candidates, the one that leaves the least inertia; of equals
    the first that was drawn."""
    nearest = D[chosen].min(axis=0)
    one = nearest / nearest.sum()
    left = np.minimum(nearest, D).sum(axis=1)  # whole numbers: equal where they ought to be
    best = np.zeros(len(D))
    for value in np.unique(left):
        alike, better = one[left == value], one[left < value].sum()
        among = (1 - better) ** trials - (1 - better - alike.sum()) ** trials
        best[left == value] = among * alike / max(alike.sum(), 1e-300)
    return best


# symptom -> distributions that show it: (of the first index, weights of the next given D (6, 6) and the chosen rows)
LAWS = {
    "": [(EVEN, lambda D, c: D[c].min(axis=0))],
    "uniform": [(EVEN, lambda D, c: fresh(np.ones(6), c))],
    "uniform, with repeats": [(EVEN, lambda D, c: np.ones(6))],
    "distance": [(EVEN, lambda D, c: np.sqrt(D[c].min(axis=0)))],
    "fourth power": [(EVEN, lambda D, c: D[c].min(axis=0) ** 2)],
    "last": [
        (EVEN, lambda D, c: D[c[-1]]),
        (EVEN, lambda D, c: fresh(D[c[-1]], c)),
    ],
    "first": [
        (EVEN, lambda D, c: D[c[0]]),
        (EVEN, lambda D, c: fresh(D[c[0]], c)),
    ],
    "farthest": [(EVEN, lambda D, c: np.eye(6)[D[c].min(axis=0).argmax()])],
    "not the nearest": [
        (EVEN, lambda D, c: D[c].sum(axis=0)),
        (EVEN, lambda D, c: fresh(D[c].sum(axis=0), c)),
        (EVEN, lambda D, c: D[c].max(axis=0)),
        (EVEN, lambda D, c: fresh(D[c].max(axis=0), c)),
    ],
    "greedy": [(EVEN, lambda D, c, trials=trials: greedy(D, c, trials)) for trials in (2, 3, 4, 5)],
    "row zero": [(FIRST_ROW, lambda D, c: D[c].min(axis=0))],
}


def triples(first, weights):
    """Return the probability of each ordered triple of the six points: (6, 6, 6)."""
    D = np.asarray(squared_distances(SIX, SIX), dtype=float)
    p = np.zeros((6, 6, 6))
    for i in np.flatnonzero(first):
        second = weights(D, [i])
        for j in np.flatnonzero(second):
            third = weights(D, [i, j])
            p[i, j] = first[i] * second[j] / second.sum() * third / third.sum()
    return p


def misfit(counts, law):
    """Return -log10 of the chi-square test's p, at most 999. Triples are thrown together, the least likely first, until
    each bin expects five: the approximation needs that."""
    expected, seen = law.ravel() * counts.sum(), counts.ravel()
    if seen[expected == 0].any():
        return 999.0
    order = np.argsort(expected, kind="stable")
    bins, filling = np.zeros(len(order), dtype=int), 0.0
    for before, after in itertools.pairwise(order):
        filling += expected[before]
        bins[after] = bins[before] + (filling >= 5)
        filling = filling if filling < 5 else 0.0
    if filling + expected[order[-1]] < 5:
        bins[bins == bins[order[-1]]] -= 1
    expected, seen = (np.bincount(bins, weights=values) for values in (expected, seen))
    statistic = float(np.sum((seen - expected) ** 2 / expected))
    return min(float(-chi2.logsf(statistic, max(len(expected) - 1, 1)) / math.log(10)), 999.0)


@cache
def laws():
    """Return (symptom, distribution (6, 6, 6)) pairs, the right one first."""
    pairs = [(symptom, triples(*law)) for symptom, these in LAWS.items() for law in these]
    ordered = np.zeros((6, 6, 6))
    for triple in np.argwhere(pairs[0][1]):
        ordered[tuple(np.sort(triple))] += pairs[0][1][tuple(triple)]
    return (*pairs, ("sorted", ordered))


def recognised(counts):
    """Return the symptom whose distribution fits while no other symptom's does, or None."""
    if np.count_nonzero(counts) == 1:
        return "always the same"
    misfits = [(symptom, misfit(counts, law)) for symptom, law in laws()]
    fitting = {symptom for symptom, value in misfits if value < FITS}
    near = {symptom for symptom, value in misfits if value < MAX_MISFIT}
    return fitting.pop() if len(fitting) == len(near) == 1 and fitting != {""} else None


def indices_of(answer, X, K):
    """Return K indices of rows of X as int64. Says so where rows came instead."""
    if type(answer) is np.ndarray and answer.shape == (K, X.shape[1]) and answer.dtype.kind == "f":
        en, zh = f"rows came, and wanted are their {K} indices", f"返回的是各行，应当返回它们的 {K} 个下标"
        raise failure(en, zh, symptom="rows")
    return integers(answer, K, len(X), "indices")


def far_groups(offset=0.0):
    """Return 8 groups of 5 rows, 1e3 apart and 1 wide: (40, 2)."""
    rng = np.random.default_rng(75)
    centers = 1e3 * np.array([(i, j) for i in range(4) for j in range(2)], dtype=float)
    return offset + np.repeat(centers, 5, axis=0) + rng.uniform(0, 1, size=(40, 2))


@pytest.mark.part("seeding")
class TestSeeding:
    @pytest.mark.points(8)
    @pytest.mark.why(
        en="On six points each ordered triple comes up as often as k-means++ with one draw per centre says.",
        zh="在六个点上，每个有序三元组出现的频率都符合每个中心只抽一次的 k-means++。",
    )
    @pytest.mark.hint(
        en="First index uniform; then probabilities proportional to the squared distance to the nearest chosen row.",
        zh="第一个下标均匀抽取；之后的概率与到最近的已选行的平方距离成正比。",
    )
    def test_kmeans_plus_plus_has_the_right_distribution(self, student):
        counts = np.zeros((6, 6, 6), dtype=int)
        for seed in range(DRAWS):
            drawn = indices_of(student.kmeans_plus_plus(SIX, 3, np.random.default_rng([70, seed])), SIX, 3)
            counts[tuple(drawn)] += 1
        measured = misfit(counts, laws()[0][1])
        # A distribution that is nobody's is a symptom, too: it keeps other checks from naming a known one.
        symptom = (recognised(counts) or "a distribution of its own") if measured > MAX_MISFIT else None
        assert_within(measured, MAX_MISFIT, name="kmeans_plus_plus", what=MISFIT, symptom=symptom)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The same state of rng gives the same indices, and another state others.",
        zh="rng 的状态相同，下标就相同；状态不同，下标也不同。",
    )
    @pytest.mark.hint(
        en="Draw with rng.choice, rng.random or rng.integers, never with np.random or a generator that you made.",
        zh="用 rng.choice、rng.random 或 rng.integers 抽样，不要用 np.random 或自己新建的生成器。",
    )
    def test_kmeans_plus_plus_draws_from_rng(self, student):
        X = np.random.default_rng(72).normal(size=(60, 3))
        answers = []
        for seed in (1, 2, 3, 1, 2, 3):
            drawn = indices_of(student.kmeans_plus_plus(X, 6, np.random.default_rng(seed)), X, 6)
            answers.append(drawn.tolist())
        if answers[:3] != answers[3:]:
            en, zh = "the same state of rng gave different indices", "rng 的状态相同，得到的下标却不同"
            raise failure(en, zh, symptom="not from rng")
        if answers[0] == answers[1] == answers[2]:
            en, zh = "three different states of rng gave the same indices", "rng 的三种不同状态得到了同样的下标"
            raise failure(en, zh, symptom="always the same")

    @pytest.mark.points(4)
    @pytest.mark.why(
        en="With eight groups far apart and K = 8, each group gets one: near the origin, far from it, and in float32.",
        zh="八个相距很远的组、K = 8 时，每组恰好得到一个：在原点附近、远离原点以及 float32 时都是如此。",
    )
    @pytest.mark.hint(
        en="The distance to the nearest of all rows chosen so far counts, not to the last one or to their mean.",
        zh="要用到全部已选行中最近一行的距离，而不是到最后一行或到它们均值的距离。",
    )
    def test_kmeans_plus_plus_visits_every_group(self, student):
        missed = 0
        for X in (far_groups(), far_groups(1e5), far_groups().astype(np.float32)):
            for seed in range(4):
                rng = np.random.default_rng([73, seed])
                drawn = indices_of(student.kmeans_plus_plus(X, 8, rng), X, 8)
                missed += 8 - len(np.unique(drawn // 5))
        # A second row of a group is drawn with probability below 8 * 5 * 2 / 1e6 in each of the 96 draws.
        what = Bilingual("groups that got no centre, in twelve runs", "十二次运行中没有得到中心的组数")
        assert_within(missed, 0.5, name="kmeans_plus_plus", what=what, symptom="missed groups")

    @pytest.mark.points(3)
    @pytest.mark.needs("test_kmeans_plus_plus_small_example")
    @pytest.mark.why(
        en="K = 1, K = n, and fewer different rows than K: always K different indices. Impossible K: ValueError.",
        zh="K = 1、K = n、不同的行少于 K 个：总是得到 K 个不同的下标。K 不合理时抛出 ValueError。",
    )
    @pytest.mark.hint(
        en="If all D^2 are zero, go on with rows that were not chosen yet instead of dividing by zero.",
        zh="若所有 D^2 都为零，就接着取尚未选过的行，不要除以零。",
    )
    def test_kmeans_plus_plus_gives_different_indices(self, student):
        rng = np.random.default_rng(74)
        X = rng.normal(size=(7, 2))
        few = np.array([[1.5, 2.0], [3.0, 0.1]])[[0, 1, 1, 0, 1, 0]]
        cases = [(np.ones((5, 3)), 5), (np.full((4, 1), 0.1), 3), (few, 2), (few, 3), (few, 6), (X, 1), (X, 7)]
        for rows, K in cases:
            for seed in range(4):
                try:
                    answer = student.kmeans_plus_plus(rows, K, np.random.default_rng(seed))
                except ValueError as error:
                    if "NaN" not in str(error):  # NumPy's "Probabilities contain NaN"
                        raise
                    raise failure("the probabilities are NaN", "概率成了 NaN", symptom="NaN") from None
                drawn = indices_of(answer, rows, K)
                if len(np.unique(drawn)) < K:
                    raise failure("an index was drawn twice", "有下标被抽到了两次", symptom="twice")
                distinct = len(np.unique(rows[drawn], axis=0))
                if distinct < min(K, len(np.unique(rows, axis=0))):
                    raise failure(
                        "a row equal to a chosen one was drawn while others were left",
                        "还有不同的行可选，却抽到了与已选行相同的行",
                        symptom="a coinciding row",
                    )
        for K in (0, 8):
            with pytest.raises(ValueError):
                student.kmeans_plus_plus(X, K, np.random.default_rng(0))
