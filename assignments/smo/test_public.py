"""The checks that students see: small examples that can be followed by hand, the ones from the text among them."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judge import assert_array, assert_close, assert_scalar, assert_within
from autograder.text import Bilingual


@pytest.mark.part("kernels")
class TestKernels:
    @pytest.mark.points(1)
    @pytest.mark.why(
        en="The linear kernel of the samples of the text is 5, and of several samples it is a matrix.",
        zh="正文中两个样本的线性核等于 5；对多个样本，结果是一个矩阵。",
    )
    @pytest.mark.hint(en="X @ Z.T holds all inner products.", zh="X @ Z.T 包含所有内积。")
    def test_linear_kernel_small_example(self, student):
        X, Z = np.array([[1.0, 2.0]]), np.array([[3.0, 1.0], [0.0, -1.0]])
        assert_close(student.linear_kernel(X, Z), np.array([[5.0, -2.0]]), rtol=1e-12, name="linear_kernel")

    @pytest.mark.points(1)
    @pytest.mark.why(
        en="The polynomial kernel of the text: (0.5 * 5 + 1) ** 2 = 12.25.",
        zh="正文中的多项式核：(0.5 * 5 + 1) ** 2 = 12.25。",
    )
    @pytest.mark.hint(
        en="gamma multiplies the inner product alone; then comes coef0, then the power.",
        zh="gamma 只乘内积；然后加 coef0，最后乘方。",
    )
    def test_poly_kernel_small_example(self, student):
        K = student.poly_kernel(np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]]), degree=2, gamma=0.5, coef0=1.0)
        assert_close(K, np.array([[12.25]]), rtol=1e-12, name="poly_kernel")

    @pytest.mark.points(1)
    @pytest.mark.why(
        en="The Gaussian kernel of the text: the squared distance is 5, and exp(-0.2 * 5) = exp(-1).",
        zh="正文中的高斯核：距离的平方是 5，exp(-0.2 * 5) = exp(-1)。",
    )
    @pytest.mark.hint(en="The distance is squared, and gamma multiplies it.", zh="距离要取平方，再乘以 gamma。")
    def test_rbf_kernel_small_example(self, student):
        K = student.rbf_kernel(np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]]), gamma=0.2)
        assert_close(K, np.array([[np.exp(-1.0)]]), rtol=1e-12, name="rbf_kernel")


@pytest.mark.part("dual")
@pytest.mark.points(2)
@pytest.mark.why(
    en="Three samples at 0, 2 and 3 and alpha = (1/2, 1/2, 0): the example of the text, with D = 1/2.",
    zh="位于 0、2、3 的三个样本，alpha = (1/2, 1/2, 0)：正文中的例子，D = 1/2。",
)
@pytest.mark.hint(
    en="Multiply alpha by y first: D = sum(alpha) - beta @ K @ beta / 2.",
    zh="先把 alpha 与 y 相乘：D = sum(alpha) - beta @ K @ beta / 2。",
)
def test_dual_objective_small_example(student):
    x, y = np.array([0.0, 2.0, 3.0]), np.array([-1.0, 1.0, 1.0])
    value = student.dual_objective(np.array([0.5, 0.5, 0.0]), y, np.outer(x, x))
    assert_close(assert_scalar(value, name="dual_objective"), 0.5, rtol=1e-12, name="dual_objective")


def three_samples(student, C):
    """Solve the example of the text; return w, b, and what is wrong with the constraints, if anything is."""
    x, y = np.array([0.0, 2.0, 3.0]), np.array([-1.0, 1.0, 1.0])
    result = student.smo(np.outer(x, x), y, C)
    for field in ("alpha", "b", "n_iter", "converged"):
        assert hasattr(result, field), f"smo must return an SMOResult; a {type(result).__name__} came, without {field}"
    alpha = assert_array(result.alpha, shape=(3,), dtype=np.float64, name="alpha")
    what = Bilingual("excess of the largest multiplier over C", "最大的乘子超出 C 的量")
    assert_within(max(0.0, float(alpha.max()) - C), 1e-8 * C, name="alpha", what=what, symptom="multipliers above C")
    what = Bilingual("the most negative multiplier", "最负的乘子")
    assert_within(max(0.0, float(-alpha.min())), 1e-8, name="alpha", what=what, symptom="negative multipliers")
    what = Bilingual("|sum of alpha_i y_i|", "|alpha_i y_i 之和|")
    # Without the equality constraint the best alpha has w = 1/2 here, or alpha_2 + alpha_3 at the bound.
    slope = 1 - y * x * float(alpha @ (y * x))
    free = (alpha > 1e-6) & (alpha < C * (1 - 1e-6))
    alone = not (np.abs(slope[free]) > 5e-3).any() and not (slope[alpha <= 1e-6] > 5e-3).any()
    alone = alone and not (slope[alpha >= C * (1 - 1e-6)] < -5e-3).any()
    symptom = "optimum without intercept" if alone else "equality constraint violated"
    assert_within(abs(float(alpha @ y)), 1e-6, name="alpha", what=what, symptom=symptom)
    symptom = "bound C / n" if (np.abs(alpha - C / 3) <= 1e-6 * C).sum() >= 2 else None
    return float(alpha @ (y * x)), result.b, symptom


@pytest.mark.part("smo")
class TestSmo:
    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The example of the text with C = 1: the street runs from 0 to 2, so w = 1 and b = -1.",
        zh="正文中 C = 1 的例子：街道从 0 到 2，所以 w = 1，b = -1。",
    )
    @pytest.mark.hint(
        en="Follow the example of the text step by step, and print g, m and M.",
        zh="按照正文中的例子一步一步算，并输出 g、m 和 M。",
    )
    def test_smo_small_example(self, student):
        w, b, symptom = three_samples(student, 1.0)
        what = Bilingual("distance of w from 1", "w 与 1 的距离")
        assert_within(abs(w - 1), 5e-3, name="smo", what=what, symptom=symptom)
        b = assert_scalar(b, name="b")
        symptom = "b has the wrong sign" if abs(b - 1) <= 5e-3 else "b is zero" if b == 0 else None
        what = Bilingual("distance of b from -1", "b 与 -1 的距离")
        assert_within(abs(b + 1), 5e-3, name="b", what=what, symptom=symptom)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The same with C = 1/4: two multipliers at their bound, w = 1/2, and any b in [-1/2, 0].",
        zh="同一个例子，C = 1/4：两个乘子在边界上，w = 1/2，b 可以是 [-1/2, 0] 中的任何数。",
    )
    @pytest.mark.hint(
        en="The step ends where a multiplier reaches C. Without free support vectors, take b = (m + M) / 2.",
        zh="乘子达到 C 时这一步就停下。没有自由支持向量时，取 b = (m + M) / 2。",
    )
    def test_smo_small_example_at_the_bound(self, student):
        w, b, symptom = three_samples(student, 0.25)
        what = Bilingual("distance of w from 1/2", "w 与 1/2 的距离")
        assert_within(abs(w - 0.5), 5e-3, name="smo", what=what, symptom=symptom)
        what = Bilingual("distance of b from the interval [-1/2, 0]", "b 与区间 [-1/2, 0] 的距离")
        if isinstance(b, float) and np.isnan(b):
            likely = Bilingual("the mean over no sample at all is NaN", "对零个样本取平均得到 NaN")
            assert_within(b, 5e-3, name="b", what=what, likely=likely, symptom="b is NaN")
        b = assert_scalar(b, name="b")
        symptom = "b has the wrong sign" if 0 <= b <= 0.5 else None
        symptom = "one support vector at its bound" if abs(b + 1) <= 1e-9 else symptom
        assert_within(max(0.0, -0.5 - b, b), 5e-3, name="b", what=what, symptom=symptom)


@pytest.mark.part("svc")
@pytest.mark.points(3)
@pytest.mark.why(
    en="The example of the text: f(x) = x - 1, the first two samples are support vectors, `fit` returns the model.",
    zh="正文中的例子：f(x) = x - 1，支持向量是前两个样本，`fit` 返回模型自身。",
)
@pytest.mark.hint(
    en="`fit` ends with `return self`; support_ holds indices, not a mask.",
    zh="`fit` 以 `return self` 结束；support_ 里是下标，不是布尔数组。",
)
def test_svc_small_example(student):
    X, y = np.array([[0.0], [2.0], [3.0]]), np.array([-1, 1, 1])
    model = student.SVC(C=1.0, kernel="linear", tol=1e-6).fit(X, y)
    assert model is not None, "fit must return the model itself"
    f = model.decision_function(np.array([[0.0], [1.5], [5.0]]))
    assert_close(f, np.array([-1.0, 0.5, 4.0]), rtol=0, atol=1e-4, name="decision_function")
    labels = model.predict(np.array([[0.0], [1.5], [5.0]]))
    assert isinstance(labels, np.ndarray), f"predict must return an array, not {type(labels).__name__}"
    assert labels.shape == (3,), f"predict: an array of shape {labels.shape} came, wanted (3,)"
    assert labels.tolist() == [-1, 1, 1], f"predict: {labels.tolist()} came, wanted [-1, 1, 1]"
    support = model.support_
    assert isinstance(support, np.ndarray) and support.dtype.kind in "iu", "support_ must be an array of integers"
    assert support.shape == (2,), f"support_: an array of shape {support.shape} came, wanted (2,)"
    assert support.tolist() == [0, 1], f"support_: {support.tolist()} came, wanted [0, 1]"
