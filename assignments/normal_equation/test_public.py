"""The checks that students see: small examples that can be followed by hand, the ones from the text among them."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judge import assert_array, assert_close, assert_scalar
from autograder.text import Bilingual


@pytest.mark.part("mse")
class TestMse:
    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The loss of three samples, worked out in the text, is 5/3.",
        zh="正文中算过的三个样本的损失等于 5/3。",
    )
    @pytest.mark.hint(
        en="Square the residuals, add them up, and divide by the number of samples.",
        zh="先把残差平方，再求和，最后除以样本数。",
    )
    def test_mse_loss_small_example(self, student):
        X, y = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), np.array([1.0, 2.0, 7.0])
        loss = assert_scalar(student.mse_loss(np.array([1.0, 2.0]), X, y), name="mse_loss")
        assert_close(loss, 5 / 3, rtol=1e-12, name="mse_loss")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The gradient of the same example is (-2/3, -2).",
        zh="同一个例子的梯度等于 (-2/3, -2)。",
    )
    @pytest.mark.hint(
        en="The gradient is (2/n) X^T (X theta - y): check the factor, the sign and the shape (d,).",
        zh="梯度是 (2/n) X^T (X theta - y)：检查系数、正负号，以及形状 (d,)。",
    )
    def test_mse_grad_small_example(self, student):
        X, y = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), np.array([1.0, 2.0, 7.0])
        grad = student.mse_grad(np.array([1.0, 2.0]), X, y)
        assert_close(grad, np.array([-2 / 3, -2.0]), rtol=1e-12, name="mse_grad")


@pytest.mark.part("normal_equation")
@pytest.mark.points(2)
@pytest.mark.why(
    en="Three points that do not lie on a line: the example of the text, with theta = (5/6, 3/2).",
    zh="不在一条直线上的三个点：正文中的例子，theta = (5/6, 3/2)。",
)
@pytest.mark.hint(
    en="Solve the linear system X^T X theta = X^T y. X already holds the column of ones.",
    zh="解线性方程组 X^T X theta = X^T y。X 已经包含全 1 的一列。",
)
def test_normal_equation_small_example(student):
    X, y = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), np.array([1.0, 2.0, 4.0])
    assert_close(student.normal_equation(X, y), np.array([5 / 6, 3 / 2]), rtol=1e-12, name="normal_equation")


@pytest.mark.part("qr")
@pytest.mark.points(2)
@pytest.mark.why(
    en="The 2 by 2 example of the text, whose answer is theta = (1, 2).",
    zh="正文中 2×2 的例子，答案是 theta = (1, 2)。",
)
@pytest.mark.hint(
    en="With X = QR, solve R theta = Q^T y.",
    zh="由 X = QR 得 R theta = Q^T y，解这个方程组。",
)
def test_lstsq_qr_small_example(student):
    X, y = np.array([[3.0, 1.0], [4.0, 3.0]]), np.array([5.0, 10.0])
    assert_close(student.lstsq_qr(X, y), np.array([1.0, 2.0]), rtol=1e-12, name="lstsq_qr")


@pytest.mark.part("min_norm")
@pytest.mark.points(2)
@pytest.mark.why(
    en="One equation and two unknowns: of all solutions (t, 2 - t), the shortest is (1, 1).",
    zh="一个方程、两个未知数：在所有解 (t, 2 - t) 中，最短的是 (1, 1)。",
)
@pytest.mark.hint(
    en="Leave out the singular values that count as zero, and use full_matrices=False.",
    zh="舍去算作零的奇异值，并使用 full_matrices=False。",
)
def test_lstsq_min_norm_small_example(student):
    X, y = np.array([[1.0, 1.0]]), np.array([2.0])
    assert_close(student.lstsq_min_norm(X, y), np.array([1.0, 1.0]), rtol=1e-12, name="lstsq_min_norm")


@pytest.mark.part("ridge")
@pytest.mark.points(2)
@pytest.mark.why(
    en="Two samples, lam = 1: the example of the text, with b = 1 and w = (1).",
    zh="两个样本，lam = 1：正文中的例子，b = 1，w = (1)。",
)
@pytest.mark.hint(
    en="Return the pair (b, w). The mean in the loss turns lam into n * lam; b is not penalised.",
    zh="返回 (b, w) 这一对值。损失中的平均使 lam 变成 n * lam；b 不受惩罚。",
)
def test_ridge_small_example(student):
    answer = student.ridge(np.array([[0.0], [2.0]]), np.array([0.0, 4.0]), 1.0)
    assert isinstance(answer, tuple | list) and len(answer) == 2, "ridge must return the pair (b, w)"
    b, w = answer
    assert_array(w, shape=(1,), dtype=np.float64, name="w")
    assert_close(w, np.array([1.0]), rtol=1e-12, name="w")
    likely = Bilingual("b is the mean of y minus the mean of X times w", "b 等于 y 的均值减去 X 的均值与 w 之积")
    assert_close(assert_scalar(b, name="b"), 1.0, rtol=1e-12, name="b", likely=likely)


@pytest.mark.part("linear_regression")
@pytest.mark.points(2)
@pytest.mark.why(
    en="Points on the line y = 1 + 2 x: intercept 1, slope 2, prediction 21 at x = 10; `fit` returns the model.",
    zh="直线 y = 1 + 2 x 上的点：截距 1，斜率 2，在 x = 10 处预测 21；`fit` 返回模型自身。",
)
@pytest.mark.hint(
    en="`fit` ends with `return self`; the model adds the intercept, the caller does not.",
    zh="`fit` 以 `return self` 结束；截距由模型添加，不由调用者添加。",
)
def test_linear_regression_small_example(student):
    X, y = np.array([[0.0], [1.0], [2.0]]), np.array([1.0, 3.0, 5.0])
    model = student.LinearRegression().fit(X, y)
    assert model is not None, "fit must return the model itself"
    assert_close(model.coef_, np.array([2.0]), rtol=1e-12, name="coef_")
    assert_close(assert_scalar(model.intercept_, name="intercept_"), 1.0, rtol=1e-12, name="intercept_")
    assert_close(model.predict(np.array([[10.0]])), np.array([21.0]), rtol=1e-12, name="predict")
