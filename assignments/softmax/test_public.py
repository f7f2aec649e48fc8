"""The checks that students see: small examples that can be followed by hand, the ones from the text among them."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judge import CheckFailure, assert_close, assert_scalar
from autograder.text import Message


def three_parts(answer):
    """Return loss, dW and db of what softmax_loss_grad returned, if it is three things."""
    if isinstance(answer, tuple | list) and len(answer) == 3:
        return answer
    came = f"{len(answer)}" if isinstance(answer, tuple | list) else "None" if answer is None else "1"
    en = f"softmax_loss_grad: the three values (loss, dW, db) are wanted; returned: {came}"
    zh = f"softmax_loss_grad：应返回三个值 (loss, dW, db)，实际返回：{came}"
    raise CheckFailure(Message("text.bilingual", {"en": en, "zh": zh}))


@pytest.mark.part("softmax")
@pytest.mark.points(2)
@pytest.mark.why(
    en="The example of the text: the logits (0, ln 2, ln 5) give (1/8, 1/4, 5/8), three equal ones 1/3 each.",
    zh="正文中的例子：logits (0, ln 2, ln 5) 得到 (1/8, 1/4, 5/8)，三个相等的 logit 各得 1/3。",
)
@pytest.mark.hint(
    en="Take exponentials, and divide each row by its own sum: axis=1, keepdims=True.",
    zh="先取指数，再让每一行除以这一行的和：axis=1，keepdims=True。",
)
def test_softmax_small_example(student):
    Z = np.array([[0.0, np.log(2), np.log(5)], [7.0, 7.0, 7.0]])
    desired = np.array([[1 / 8, 1 / 4, 5 / 8], [1 / 3, 1 / 3, 1 / 3]])
    assert_close(student.softmax(Z), desired, rtol=1e-12, name="softmax")


@pytest.mark.part("softmax")
@pytest.mark.points(2)
@pytest.mark.why(
    en="The logits (0, -1000) have the logarithms (0, -1000), though the second probability is 0 in floating point; "
    "two equal logits have -ln 2 each.",
    zh="logits (0, -1000) 的概率的对数是 (0, -1000)，尽管第二个概率在浮点数里等于 0；两个相等的 logit 各得 -ln 2。",
)
@pytest.mark.hint(
    en="Do not take the logarithm of a probability: with m the row's maximum, "
    "log p = (z - m) - log(sum of exp(z - m)).",
    zh="不要对概率取对数：log p = (z - m) - log(exp(z - m) 之和)，其中 m 是该行的最大值。",
)
def test_log_softmax_small_example(student):
    answer = student.log_softmax(np.array([[0.0, -1000.0], [3.0, 3.0]]))
    desired = np.array([[0.0, -1000.0], [-np.log(2), -np.log(2)]])
    assert_close(answer, desired, rtol=1e-12, atol=1e-12, name="log_softmax")


@pytest.mark.part("loss_grad")
class TestSmallExample:
    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The loss of the example of the text, without penalty, is ln(64/5)/2 = 1.2747.",
        zh="正文中例子的损失（不计惩罚）是 ln(64/5)/2 = 1.2747。",
    )
    @pytest.mark.hint(
        en="Sample i contributes -log p[i, y[i]]; the loss is the mean of these.",
        zh="第 i 个样本贡献 -log p[i, y[i]]，损失是这些数的平均。",
    )
    def test_loss_small_example(self, student):
        W, b = np.zeros((1, 3)), np.array([0.0, np.log(2), np.log(5)])
        loss, _, _ = three_parts(student.softmax_loss_grad(W, b, np.array([[1.0], [2.0]]), np.array([2, 0]), 0.0))
        assert_close(assert_scalar(loss, name="loss"), np.log(64 / 5) / 2, rtol=1e-12, name="loss")

    @pytest.mark.points(4)
    @pytest.mark.why(
        en="The gradient of the same example: dW = (-13, 6, 7)/16 and db = (-6, 4, 2)/16.",
        zh="同一个例子的梯度：dW = (-13, 6, 7)/16，db = (-6, 4, 2)/16。",
    )
    @pytest.mark.hint(
        en="G = (P - Y)/n, dW = X.T @ G of W's shape, db = the sum of G over the samples, of b's shape.",
        zh="G = (P - Y)/n，dW = X.T @ G，形状与 W 相同；db 是 G 对样本求和，形状与 b 相同。",
    )
    def test_gradient_small_example(self, student):
        W, b = np.zeros((1, 3)), np.array([0.0, np.log(2), np.log(5)])
        _, dW, db = three_parts(student.softmax_loss_grad(W, b, np.array([[1.0], [2.0]]), np.array([2, 0]), 0.0))
        assert_close(dW, np.array([[-13.0, 6.0, 7.0]]) / 16, rtol=1e-12, name="dW")
        assert_close(db, np.array([-6.0, 4.0, 2.0]) / 16, rtol=1e-12, name="db")

    @pytest.mark.points(4)
    @pytest.mark.why(
        en="The second example of the text: W = (1, 1, 1) and lam = 1/2 add 3/2 to the loss, 1 to each entry of dW, "
        "and nothing to db.",
        zh="正文中的第二个例子：W = (1, 1, 1)、lam = 1/2 使损失增加 3/2，dW 的每个分量增加 1，db 不变。",
    )
    @pytest.mark.hint(
        en="The penalty is lam * np.sum(W**2): neither halved nor divided by n. Its gradient is 2 * lam * W.",
        zh="惩罚项是 lam * np.sum(W**2)，不乘 1/2，也不除以 n。它的梯度是 2 * lam * W。",
    )
    def test_penalty_small_example(self, student):
        W, b = np.ones((1, 3)), np.array([0.0, np.log(2), np.log(5)])
        loss, dW, db = three_parts(student.softmax_loss_grad(W, b, np.array([[1.0], [2.0]]), np.array([2, 0]), 0.5))
        assert_close(assert_scalar(loss, name="loss"), np.log(64 / 5) / 2 + 1.5, rtol=1e-12, name="loss")
        assert_close(dW, np.array([[3.0, 22.0, 23.0]]) / 16, rtol=1e-12, name="dW")
        assert_close(db, np.array([-6.0, 4.0, 2.0]) / 16, rtol=1e-12, name="db")
