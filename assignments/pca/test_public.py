"""The checks that students see: the small examples of the text, which can be followed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judge import CheckFailure, assert_close
from autograder.text import Bilingual, Message


def two_columns():
    """Return the four samples of the text: mean (10, 20), components (3, 4)/5 and (-4, 3)/5, variances 200/3, 50/3."""
    return np.array([[16.0, 28.0], [4.0, 12.0], [6.0, 23.0], [14.0, 17.0]])


def three_columns():
    """Return them with the third column of the text, whose variance 400/3 is the largest."""
    return np.column_stack([two_columns(), [10.0, 10.0, -10.0, -10.0]])


def fields(answer, name):
    """Return components, explained_variance, ratio and mean."""
    if not isinstance(answer, tuple | list) or len(answer) != 4:
        wanted = "PCAResult(components, explained_variance, ratio, mean)"
        if isinstance(answer, tuple | list):
            en, zh = f"{len(answer)} values", f"{len(answer)} 个值"
        else:
            en = zh = "None" if answer is None else type(answer).__name__
        said = {"en": f"{name} must return {wanted}, not {en}", "zh": f"{name} 必须返回 {wanted}，而不是 {zh}"}
        raise CheckFailure(Message("text.bilingual", said))
    return answer


def compare(actual, desired, wrong, name, likely=None):
    """Compare as `assert_close` does. `wrong` holds the answers of well-known mistakes, so that they can be named."""
    try:
        assert_close(actual, desired, rtol=1e-12, atol=1e-12, name=name, likely=likely)
    except CheckFailure as failure:
        if isinstance(actual, np.ndarray | np.floating | float) and np.asarray(actual).dtype.kind == "f":
            same = [word for word, value in wrong.items() if np.shape(actual) == np.shape(value)
                    and np.allclose(np.abs(actual), np.abs(value))]  # fmt: skip
            failure.symptom = same[0].partition(",")[0] if same else None  # behind a comma: another kind of the same
        raise


def otherwise_centred(X, k):
    """Return variances (k,) and components (k, d) of X when its columns are not centred, or not only centred."""
    matrices = {
        "not centred": X,
        "one mean": X - X.mean(),
        "row means": X - X.mean(axis=1, keepdims=True),
        "standardised": (X - X.mean(axis=0)) / X.std(axis=0, ddof=1),
        "standardised, by n": (X - X.mean(axis=0)) / X.std(axis=0),
    }
    found = {word: np.linalg.svd(matrix)[1:] for word, matrix in matrices.items()}
    variances = {word: sigma[:k] ** 2 / (len(X) - 1) for word, (sigma, _) in found.items()}
    return variances, {word: Vt[:k] for word, (_, Vt) in found.items()}


def compare_two_components(actual):
    """Compare the first two components with those of `three_columns`, whatever their signs."""
    desired = np.array([[0.0, 0.0, 1.0], [0.6, 0.8, 0.0]])
    deviations = np.sqrt([[400 / 3], [200 / 3]])
    wrong = {
        "columns": desired.T,
        "every component": np.array([*desired, [0.8, 0.6, 0.0]]),
        "smallest": np.array([[0.8, 0.6, 0.0], desired[1]]),
        "ascending": desired[::-1],
        "rows of eigenvectors": np.array([[0.0, 0.6, 0.8], [0.0, 0.8, 0.6]]),
        "scaled": desired * deviations,
        "scaled, by sigma": desired * deviations * np.sqrt(3),
        **otherwise_centred(three_columns(), 2)[1],
    }
    if type(actual) is np.ndarray and actual.shape == desired.shape and actual.dtype.kind == "f":
        actual = np.where(actual.sum(axis=1, keepdims=True) < 0, -actual, actual)
    likely = Bilingual(
        "a component is a row of length one; rows in the order of their variances, largest first",
        "每个主成分是长度为 1 的一行；各行按方差从大到小排列",
    )
    compare(actual, desired, wrong, "components", likely)


@pytest.mark.part("fit")
class TestFit:
    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The example of the text with three columns: the first two components are (0, 0, 1) and (0.6, 0.8, 0), "
        "up to their signs.",
        zh="正文中三列的例子：前两个主成分是 (0, 0, 1) 和 (0.6, 0.8, 0)，正负号任意。",
    )
    @pytest.mark.hint(
        en="Components are rows: the shape is (2, 3). eigh returns eigenvectors as columns, smallest eigenvalue first.",
        zh="主成分是各行：形状是 (2, 3)。eigh 返回的特征向量是各列，特征值最小的在前。",
    )
    def test_pca_fit_components_of_small_example(self, student):
        compare_two_components(fields(student.pca_fit(three_columns(), 2), "pca_fit")[0])

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="With two columns: the largest variance is 200/3, its share in the total of 250/3 is 0.8, also if k = 1.",
        zh="两列的例子：最大方差是 200/3，占总方差 250/3 的 0.8；k = 1 时也是如此。",
    )
    @pytest.mark.hint(
        en="Divide by n - 1; the ratio's denominator is the sum over all d variances, not over the k returned.",
        zh="除以 n - 1；ratio 的分母是全部 d 个方差之和，而不是返回的 k 个之和。",
    )
    def test_pca_fit_variance_of_small_example(self, student):
        _, variance, ratio, _ = fields(student.pca_fit(two_columns(), 1), "pca_fit")
        wrong = {
            "divided by n": [50.0],
            "not divided": [200.0],
            "singular values": [np.sqrt(200)],
            "standard deviations": [np.sqrt(200 / 3)],
            "smallest": [50 / 3],
            "every component": [200 / 3, 50 / 3],
            **otherwise_centred(two_columns(), 1)[0],
        }
        compare(variance, np.array([200 / 3]), wrong, "explained_variance")
        wrong = {
            "ratio of the kept": [1.0],
            "ratio of deviations": [2 / 3],
            "percent": [80.0],
            "every component": [0.8, 0.2],
            "cumulative": [0.8, 1.0],
        }
        compare(ratio, np.array([0.8]), wrong, "ratio")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="Their mean is (10, 20), one number per column.",
        zh="它们的均值是 (10, 20)，每列一个数。",
    )
    @pytest.mark.hint(
        en="X.mean(axis=0) runs over the rows; X.mean() is one number for everything.",
        zh="X.mean(axis=0) 对各行求平均；X.mean() 把所有数平均成一个。",
    )
    def test_pca_fit_mean_of_small_example(self, student):
        mean = fields(student.pca_fit(two_columns(), 1), "pca_fit")[3]
        wrong = {"one mean": 15.0, "row means": [22.0, 8.0, 14.5, 15.5]}
        compare(mean, np.array([10.0, 20.0]), wrong, "mean")


@pytest.mark.part("transform")
class TestTransform:
    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The samples (16, 28) and (10, 25) of the text have the coordinates 10 and 4.",
        zh="正文中的样本 (16, 28) 和 (10, 25) 的坐标是 10 和 4。",
    )
    @pytest.mark.hint(
        en="Subtract the mean that is passed in, then multiply by the transpose of components.",
        zh="先减去传入的均值，再乘以 components 的转置。",
    )
    def test_transform_small_example(self, student):
        Z = student.transform(np.array([[16.0, 28.0], [10.0, 25.0]]), np.array([[0.6, 0.8]]), np.array([10.0, 20.0]))
        assert_close(Z, np.array([[10.0], [4.0]]), rtol=1e-12, name="transform")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The coordinates 10 and 4 lead back to (16, 28) and (12.4, 23.2).",
        zh="由坐标 10 和 4 得回 (16, 28) 和 (12.4, 23.2)。",
    )
    @pytest.mark.hint(
        en="Multiply by components, then add the mean.",
        zh="先乘以 components，再加上均值。",
    )
    def test_inverse_transform_small_example(self, student):
        X = student.inverse_transform(np.array([[10.0], [4.0]]), np.array([[0.6, 0.8]]), np.array([10.0, 20.0]))
        assert_close(X, np.array([[16.0, 28.0], [12.4, 23.2]]), rtol=1e-12, name="inverse_transform")


@pytest.mark.part("svd")
@pytest.mark.points(2)
@pytest.mark.why(
    en="The example with three columns again: components (0, 0, 1) and (0.6, 0.8, 0) up to their signs, variances "
    "400/3 and 200/3.",
    zh="还是三列的例子：主成分 (0, 0, 1) 和 (0.6, 0.8, 0)（正负号任意），方差 400/3 和 200/3。",
)
@pytest.mark.hint(
    en="np.linalg.svd of the centred data: the rows of its third result, and sigma**2 / (n - 1).",
    zh="对中心化的数据用 np.linalg.svd：取第三个返回值的各行，以及 sigma**2 / (n - 1)。",
)
def test_pca_svd_small_example(student):
    components, variance, _, _ = fields(student.pca_svd(three_columns(), 2), "pca_svd")
    wrong = {
        "divided by n": [100.0, 50.0],
        "not divided": [400.0, 200.0],
        "singular values": [np.sqrt(400), np.sqrt(200)],
        "every component": [400 / 3, 200 / 3, 50 / 3],
        **otherwise_centred(three_columns(), 2)[0],
    }
    compare(variance, np.array([400 / 3, 200 / 3]), wrong, "explained_variance")
    compare_two_components(components)
