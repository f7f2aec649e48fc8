"""The checks that students see: small examples that can be followed by hand, the ones from the text among them."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judge import CheckFailure, assert_array, assert_close, assert_scalar, assert_within
from autograder.text import Bilingual, Message


def require(condition, en, zh):
    if not condition:
        raise CheckFailure(Message("text.bilingual", {"en": en, "zh": zh}))


def require_result(answer):
    require(
        hasattr(answer, "theta") and hasattr(answer, "converged"),
        "irls must return an IRLSResult(theta, converged, n_iter, history)",
        "irls 必须返回 IRLSResult(theta, converged, n_iter, history)",
    )


@pytest.mark.part("loss")
class TestLoss:
    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The example of the text: sigmoid(0) = 1/2 and sigmoid(log 3) = 3/4.",
        zh="正文中的例子：sigmoid(0) = 1/2，sigmoid(log 3) = 3/4。",
    )
    @pytest.mark.hint(
        en="1 / (1 + exp(-z)), entry by entry; the answer is an array of the shape of z.",
        zh="逐个分量计算 1 / (1 + exp(-z))；返回的数组与 z 形状相同。",
    )
    def test_sigmoid_small_example(self, student):
        p = student.sigmoid(np.array([0.0, np.log(3.0), -np.log(3.0)]))
        assert_close(p, np.array([0.5, 0.75, 0.25]), rtol=1e-12, name="sigmoid")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The example of the text: losses log 2 and log 4, whose mean is 1.5 log 2.",
        zh="正文中的例子：两个损失是 log 2 和 log 4，平均值是 1.5 log 2。",
    )
    @pytest.mark.hint(
        en="The natural logarithm, and the mean over the samples; labels are 0 and 1.",
        zh="用自然对数，并对样本取平均；标签是 0 和 1。",
    )
    def test_bce_small_example(self, student):
        loss = student.bce_with_logits(np.array([0.0, np.log(3.0)]), np.array([1.0, 0.0]))
        assert_close(assert_scalar(loss, name="bce_with_logits"), 1.5 * np.log(2.0), rtol=1e-12, name="bce_with_logits")


@pytest.mark.part("derivatives")
class TestDerivatives:
    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The example of the text: (0, 1/2) at theta = 0; at (0, 1) the penalty adds 6 to the second entry alone.",
        zh="正文中的例子：theta = 0 处梯度为 (0, 1/2)；theta = (0, 1) 处惩罚只使第二个分量加 6。",
    )
    @pytest.mark.hint(
        en="X^T (p - y) / n, and 2 lam w on all entries but the first.",
        zh="X^T (p - y) / n，再给除第一个以外的分量加上 2 lam w。",
    )
    def test_gradient_small_example(self, student):
        X, y = np.array([[1.0, 0.0], [1.0, 2.0]]), np.array([1.0, 0.0])
        assert_close(
            student.gradient(np.zeros(2), X, y, 0.0), np.array([0.0, 0.5]), rtol=0, atol=1e-12, name="gradient"
        )
        theta, p = np.array([0.0, 1.0]), np.exp(2.0) / (1 + np.exp(2.0))
        desired = np.array([(0.5 - 1 + p) / 2, p + 6.0])
        assert_close(student.gradient(theta, X, y, 3.0), desired, rtol=1e-12, name="gradient")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The example of the text: the Hessian at theta = 0 is (1/4, 1/4; 1/4, 1/2).",
        zh="正文中的例子：theta = 0 处的海森矩阵是 (1/4, 1/4; 1/4, 1/2)。",
    )
    @pytest.mark.hint(
        en="Weight the rows of X with p (1 - p), multiply with X^T, divide by n; 2 lam on the diagonal but not first.",
        zh="X 的每行乘以权重 p (1 - p)，再与 X^T 相乘，除以 n；对角线上除第一个元素外加 2 lam。",
    )
    def test_hessian_small_example(self, student):
        X, y = np.array([[1.0, 0.0], [1.0, 2.0]]), np.array([1.0, 0.0])
        for lam, corner in ((0.0, 0.5), (3.0, 6.5)):
            desired = np.array([[0.25, 0.25], [0.25, corner]])
            assert_close(student.hessian(np.zeros(2), X, y, lam), desired, rtol=1e-12, name="hessian")


@pytest.mark.part("irls")
class TestIrls:
    @pytest.mark.points(2)
    @pytest.mark.why(
        en="Two groups of four, worked out in the text: b = -log 3, w = 2 log 3.",
        zh="正文中算过的两组各四个样本：b = -log 3，w = 2 log 3。",
    )
    @pytest.mark.hint(
        en="Solve H s = -g and add s to theta, until sqrt(n g^T H^-1 g) <= tol. Return an IRLSResult.",
        zh="解 H s = -g，把 s 加到 theta 上，直到 sqrt(n g^T H^-1 g) <= tol。返回 IRLSResult。",
    )
    def test_irls_small_example(self, student):
        X = np.column_stack([np.ones(8), np.repeat([0.0, 1.0], 4)])
        y = np.array([0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0])
        result = student.irls(X, y)
        require_result(result)
        desired = np.array([-np.log(3.0), 2 * np.log(3.0)])
        assert_close(result.theta, desired, rtol=1e-6, name="theta")
        converged = isinstance(result.converged, bool | np.bool_) and bool(result.converged)
        require(
            converged,
            "converged must be True: the minimum was found",
            "converged 必须为 True：已经找到了最小值点",
        )

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="One parameter, started at b = 3: the full step leads to b = -7.02 and makes J rise. Your step must not.",
        zh="一个参数，从 b = 3 出发：整个牛顿步会走到 b = -7.02，使 J 升高。走一步之后 J 不得升高。",
    )
    @pytest.mark.hint(
        en="Compare J before and after; while it is higher, halve the step. In the end b = 0.",
        zh="比较走这一步前后的 J；只要升高了，就把步长减半。最终 b = 0。",
    )
    def test_irls_shortens_a_step_that_is_too_long(self, student):
        X, y, start = np.array([[1.0], [1.0]]), np.array([0.0, 1.0]), np.array([3.0])
        step = student.irls(X, y, theta0=start, max_iter=1)
        require_result(step)
        b = float(assert_array(step.theta, shape=(1,), dtype=np.float64, name="theta")[0])
        before, after = np.log1p(np.exp(3.0)) - 1.5, np.logaddexp(0, b) - b / 2
        assert_within(
            float(after),
            float(before) - 0.01,  # a full stop is no step: half of Newton's lowers J by 0.4
            name="irls",
            what=Bilingual("J after one step from b = 3", "从 b = 3 走一步之后的 J"),
            likely=Bilingual("the step was not shortened", "步长没有缩短"),
        )
        result = student.irls(X, y, theta0=start)
        assert_close(result.theta, np.zeros(1), rtol=0, atol=1e-6, name="theta")


@pytest.mark.part("odds_ratios")
@pytest.mark.points(2)
@pytest.mark.why(
    en="The example of the text: odds ratio 2, interval [0.751, 5.329].",
    zh="正文中的例子：几率比 2，区间 [0.751, 5.329]。",
)
@pytest.mark.hint(
    en="Leave the intercept out; the ends are exp(w - 1.96 s) and exp(w + 1.96 s), s the root of the diagonal of cov.",
    zh="不含截距；端点是 exp(w - 1.96 s) 和 exp(w + 1.96 s)，其中 s 是 cov 对角线的平方根。",
)
def test_odds_ratios_small_example(student):
    answer = student.odds_ratios(np.array([-1.0, np.log(2.0)]), np.array([[1.0, 0.1], [0.1, 0.25]]))
    require(
        isinstance(answer, tuple | list) and len(answer) == 2,
        "odds_ratios must return the pair (ratios, intervals)",
        "odds_ratios 必须返回 (ratios, intervals) 这一对值",
    )
    ratios, intervals = answer
    assert_close(ratios, np.array([2.0]), rtol=1e-12, name="ratios")
    half = 0.5 * 1.959963984540054
    assert_close(intervals, np.array([[2 * np.exp(-half), 2 * np.exp(half)]]), rtol=1e-4, name="intervals")
