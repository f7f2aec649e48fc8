"""The checks that students see: the examples of the text, which can be followed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judge import CheckFailure, assert_array, assert_close, assert_scalar, assert_within
from autograder.text import Bilingual


def example():
    """Return the net of the text, with two inputs, two hidden units and two classes, and its two samples."""
    params = [
        (np.array([[1.0, 1.0], [1.0, -1.0]]), np.array([1.0, 0.0])),
        (np.array([[1.0, -1.0], [0.0, 2.0]]), np.array([0.0, 6.0])),
    ]
    return params, np.array([[0.0, 2.0], [2.0, 1.0]])


@pytest.mark.part("init")
@pytest.mark.points(2)
@pytest.mark.why(
    en="For sizes (3, 5, 2): two pairs (W, b), W of shapes (3, 5) and (5, 2), no two weights alike, and zero biases.",
    zh="sizes 为 (3, 5, 2) 时：两对 (W, b)，W 的形状是 (3, 5) 和 (5, 2)，权重互不相同，偏置为零。",
)
@pytest.mark.hint(
    en="One pair per two neighbouring sizes; W has shape (fan_in, fan_out), b has shape (fan_out,).",
    zh="每两个相邻的宽度对应一对；W 的形状是 (fan_in, fan_out)，b 的形状是 (fan_out,)。",
)
def test_init_params_small_example(student):
    params = student.init_params([3, 5, 2], np.random.default_rng(7))
    assert isinstance(params, list | tuple) and len(params) == 2, "init_params must return a list of 2 pairs (W, b)"
    for number, (pair, shape) in enumerate(zip(params, [(3, 5), (5, 2)], strict=True), start=1):
        assert isinstance(pair, list | tuple) and len(pair) == 2, f"layer {number} must be a pair (W, b)"
        W = drawn(pair[0], shape, f"W_{number}", {shape[::-1]: "transposed"})
        b = drawn(pair[1], shape[1:], f"b_{number}", {(1, shape[1]): "row_of_biases"})
        what = Bilingual("weights that occur more than once", "重复出现的权重个数")
        repeated = W.size - len(np.unique(W))
        assert_within(repeated, 0.5, name=f"W_{number}", what=what, symptom="repeated")
        what = Bilingual("largest bias (they start at zero)", "最大的偏置（应从零开始）")
        assert_within(np.abs(b).max(), 1e-12, name=f"b_{number}", what=what, symptom="biases")


def drawn(actual, shape, name, slips):
    """Return a float64 array of this shape; `slips` names well-known wrong shapes, as random draws have no values."""
    try:
        return assert_array(actual, shape=shape, dtype=np.float64, name=name)
    except CheckFailure as failure:
        symptom = slips.get(actual.shape) if type(actual) is np.ndarray else None
        raise CheckFailure(failure.message, symptom=symptom) from None


@pytest.mark.part("forward")
@pytest.mark.points(3)
@pytest.mark.why(
    en="The example of the text: its logits are ((3, 3), (4, 4)).",
    zh="正文中的例子：logit 是 ((3, 3), (4, 4))。",
)
@pytest.mark.hint(
    en="Return the pair (Z, cache). A_1 = max(X W_1 + b_1, 0), and Z = A_1 W_2 + b_2 without activation or softmax.",
    zh="返回 (Z, cache) 这一对值。A_1 = max(X W_1 + b_1, 0)，Z = A_1 W_2 + b_2，不加激活函数，也不做 softmax。",
)
def test_forward_small_example(student):
    params, X = example()
    answer = student.forward(params, X, "relu")
    assert isinstance(answer, list | tuple) and len(answer) == 2, "forward must return the pair (Z, cache)"
    try:
        assert_close(answer[0], np.array([[3.0, 3.0], [4.0, 4.0]]), rtol=1e-12, name="Z")
    except CheckFailure as failure:
        raise CheckFailure(failure.message, symptom=known_slip(answer[0], params, X)) from None


def known_slip(Z, params, X):
    """Return which well-known slip gives these logits, or None: the cache beside them is everyone's own."""
    (W1, b1), (W2, b2) = params
    linear = X @ W1 + b1
    slips = {
        "no_activation": linear @ W2 + b2,
        "no_bias": np.maximum(X @ W1, 0) @ W2,
        "bias_after_activation": (np.maximum(X @ W1, 0) + b1) @ W2 + b2,
        "softmax": np.full((2, 2), 0.5),
        "always_tanh": np.tanh(linear) @ W2 + b2,
        "always_sigmoid": 1 / (1 + np.exp(-linear)) @ W2 + b2,
    }
    if type(Z) is not np.ndarray or Z.shape != (2, 2) or Z.dtype.kind != "f":
        return None
    return next((slip for slip, wrong in slips.items() if np.allclose(Z, wrong, rtol=1e-9, atol=1e-12)), None)


@pytest.mark.part("backprop")
class TestLossAndGrads:
    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The loss of the example is log 2 without penalty, and log 2 + 1 with lam = 0.1.",
        zh="例子的损失：没有惩罚时是 log 2，lam = 0.1 时是 log 2 + 1。",
    )
    @pytest.mark.hint(
        en="The loss is a mean over samples, the penalty lam times the sum of all squared weights, without 1/2 or 1/n.",
        zh="损失对样本取平均；惩罚项是 lam 乘所有权重的平方和，没有 1/2，也没有 1/n。",
    )
    def test_loss_small_example(self, student):
        params, X = example()
        for lam, desired in ((0.0, np.log(2.0)), (0.1, np.log(2.0) + 1.0)):
            answer = student.loss_and_grads(params, X, np.array([0, 0]), "relu", lam)
            assert isinstance(answer, list | tuple) and len(answer) == 2, "return the pair (loss, grads)"
            loss = assert_scalar(answer[0], name=f"loss (lam={lam:g})")
            assert_close(loss, float(desired), rtol=1e-12, name=f"loss (lam={lam:g})")

    @pytest.mark.points(5)
    @pytest.mark.why(
        en="The gradients of the example, worked out in the text, without penalty and with lam = 0.1.",
        zh="正文中算过的例子的梯度：没有惩罚，以及 lam = 0.1。",
    )
    @pytest.mark.hint(
        en="Compare step by step with the text: P - Y over n, then dW_2, db_2, Delta_1, dW_1, db_1.",
        zh="与正文逐步对照：先是 (P - Y) / n，然后依次是 dW_2、db_2、Delta_1、dW_1、db_1。",
    )
    def test_grads_small_example(self, student):
        params, X = example()
        by_hand = [
            (np.array([[-1.0, 1.0], [-1.5, 0.5]]), np.array([-1.0, 0.5])),
            (np.array([[-1.75, 1.75], [-0.25, 0.25]]), np.array([-0.5, 0.5])),
        ]
        for lam in (0.0, 0.1):
            answer = student.loss_and_grads(params, X, np.array([0, 0]), "relu", lam)
            assert isinstance(answer, list | tuple) and len(answer) == 2, "return the pair (loss, grads)"
            grads = answer[1]
            assert isinstance(grads, list | tuple) and len(grads) == 2, "grads must be a list of 2 pairs (dW, db)"
            for number, ((W, _), (dW, db)) in enumerate(zip(params, by_hand, strict=True), start=1):
                pair = grads[number - 1]
                assert isinstance(pair, list | tuple) and len(pair) == 2, f"layer {number} must be a pair (dW, db)"
                assert_close(pair[0], dW + 2 * lam * W, rtol=1e-12, atol=1e-14, name=f"dW_{number} (lam={lam:g})")
                assert_close(pair[1], db, rtol=1e-12, atol=1e-14, name=f"db_{number} (lam={lam:g})")
