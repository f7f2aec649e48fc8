"""The checks that students see: small examples that can be followed by hand, the ones from the text among them."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judge import CheckFailure, assert_array, assert_close, assert_scalar
from autograder.text import Message


def integers(actual, size, name):
    """Return an integer array of shape (size,), whatever its integer dtype, as int64."""
    fits = type(actual) is np.ndarray and actual.dtype.kind in "iu"
    return assert_array(actual, shape=(size,), dtype=actual.dtype if fits else np.int64, name=name).astype(np.int64)


def result_of(result):
    """Return a KMeansResult, or say what came in its place."""
    if not all(hasattr(result, field) for field in ("centers", "labels", "inertia", "history")):
        came = getattr(result, "type_name", type(result).__name__)
        values = {
            "en": f"kmeans must return KMeansResult(centers, labels, inertia, history), not {came}",
            "zh": f"kmeans 应当返回 KMeansResult(centers, labels, inertia, history)，而不是 {came}",
        }
        raise CheckFailure(Message("text.bilingual", values))
    history = result.history
    if type(history) not in (list, tuple, np.ndarray) or (type(history) is np.ndarray and history.ndim != 1):
        values = {"en": "history must be a list of numbers", "zh": "history 应当是由数组成的列表"}
        raise CheckFailure(Message("text.bilingual", values))
    return result


@pytest.mark.part("assign")
@pytest.mark.points(2)
@pytest.mark.why(
    en="Four rows and two centres, worked out in the text: the labels are 0, 1, 0, 0.",
    zh="四行、两个中心，正文中算过：标签是 0、1、0、0。",
)
@pytest.mark.hint(
    en="Row (2, 0) is equally far from both centres: the lowest index wins, as np.argmin does it.",
    zh="行 (2, 0) 到两个中心一样远：取下标最小的，np.argmin 正是这样做的。",
)
def test_assign_small_example(student):
    X, mu = np.array([[1.0, 3.0], [5.0, 1.0], [2.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [4.0, 0.0]])
    assert_close(integers(student.assign(X, mu), 4, "labels"), np.array([0, 1, 0, 0]), rtol=0, name="labels")


@pytest.mark.part("update")
@pytest.mark.points(2)
@pytest.mark.why(
    en="Two rows with label 0 and two with label 1: the means are (1, 0) and (6, 5).",
    zh="两行标签为 0，两行标签为 1：均值是 (1, 0) 和 (6, 5)。",
)
@pytest.mark.hint(
    en="X[labels == k] are the rows of cluster k; take the mean over axis 0.",
    zh="X[labels == k] 就是簇 k 的各行；沿 axis 0 取平均。",
)
def test_update_small_example(student):
    X = np.array([[0.0, 0.0], [4.0, 4.0], [2.0, 0.0], [8.0, 6.0]])
    mu = student.update(X, np.array([0, 1, 0, 1]), 2)
    assert_close(mu, np.array([[1.0, 0.0], [6.0, 5.0]]), rtol=1e-14, name="mu")


@pytest.mark.part("update")
@pytest.mark.points(1)
@pytest.mark.why(
    en="An empty cluster, worked out in the text: it gets the row (9, 4), the farthest from its nearest mean.",
    zh="正文中算过的空簇：它得到行 (9, 4)，即离最近均值最远的一行。",
)
@pytest.mark.hint(
    en="First the means of the clusters with rows. Then, for every row, the squared distance to the nearest of them.",
    zh="先算有样本的簇的均值，再对每一行算它到最近均值的平方距离。",
)
def test_update_small_example_with_an_empty_cluster(student):
    X = np.array([[0.0, 0.0], [2.0, 0.0], [4.0, 4.0], [5.0, 4.0], [9.0, 4.0]])
    mu = student.update(X, np.array([0, 0, 1, 1, 1]), 3)
    assert_close(mu, np.array([[1.0, 0.0], [6.0, 4.0], [9.0, 4.0]]), rtol=1e-14, name="mu")


@pytest.mark.part("kmeans")
@pytest.mark.points(4)
@pytest.mark.why(
    en="The rectangle of the text: from a good start to inertia 4, from a bad one to the fixed point with inertia 36.",
    zh="正文中的长方形：好的起点到达簇内平方和 4，不好的起点停在簇内平方和为 36 的不动点。",
)
@pytest.mark.hint(
    en="One iteration is update, then assign. `history` begins with the inertia at `init`: 8, 4 and 72, 36.",
    zh="一次迭代是先 update 再 assign。`history` 从 `init` 处的簇内平方和开始：8、4 以及 72、36。",
)
def test_kmeans_small_example(student):
    X = np.array([[0.0, 0.0], [0.0, 2.0], [6.0, 0.0], [6.0, 2.0]])
    for rows, labels, centers, history in (
        ([0, 2], [0, 0, 1, 1], [[0.0, 1.0], [6.0, 1.0]], (8.0, 4.0)),
        ([0, 1], [0, 1, 0, 1], [[3.0, 0.0], [3.0, 2.0]], (72.0, 36.0)),
    ):
        result = result_of(student.kmeans(X, X[rows], 10))
        assert_close(result.centers, np.array(centers), rtol=1e-14, name="centers")
        assert_close(integers(result.labels, 4, "labels"), np.array(labels), rtol=0, name="labels")
        assert_close(assert_scalar(result.inertia, name="inertia"), history[-1], rtol=1e-14, name="inertia")
        assert len(result.history) >= 2, "history needs an entry for the start and one for each iteration"
        for t, desired in enumerate(history):
            entry = assert_scalar(result.history[t], name=f"history[{t}]")
            assert_close(entry, desired, rtol=1e-14, name=f"history[{t}]")


@pytest.mark.part("seeding")
@pytest.mark.points(2)
@pytest.mark.why(
    en="Rows 0, 0, 5 and K = 2: whatever is drawn first, the second is certain to lie at another place.",
    zh="三行 0、0、5，K = 2：无论先抽到哪一行，第二次必定抽到另一处的行。",
)
@pytest.mark.hint(
    en="A row that coincides with a chosen one has D^2 = 0, hence probability 0. Return indices, not rows.",
    zh="与已选的行重合的行 D^2 = 0，概率为 0。返回的是下标，不是行。",
)
def test_kmeans_plus_plus_small_example(student):
    X = np.array([[0.0], [0.0], [5.0]])
    for seed in range(8):
        answer = student.kmeans_plus_plus(X, 2, np.random.default_rng(seed))
        if type(answer) is np.ndarray and answer.shape == (2, 1) and answer.dtype.kind == "f":
            values = {"en": "rows came, and wanted are their 2 indices", "zh": "返回的是各行，应当返回它们的 2 个下标"}
            raise CheckFailure(Message("text.bilingual", values), symptom="rows")
        indices = integers(answer, 2, "indices").tolist()
        if set(indices) not in ({0, 2}, {1, 2}):
            values = {
                "en": f"one index must be 0 or 1 and the other one 2, not {indices}",
                "zh": f"两个下标中一个应当是 0 或 1，另一个应当是 2，而不是 {indices}",
            }
            raise CheckFailure(Message("text.bilingual", values), symptom="a coinciding row")
