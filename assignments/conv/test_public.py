"""The checks that students see: small examples that can be followed by hand, the ones from the text among them."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judge import assert_close
from autograder.text import Bilingual

PAIR = "conv2d_forward must return the pair (out, cache)"
TRIPLE = "conv2d_backward must return the triple (dx, dw, db)"


def example():
    """Return x, w and b of the text."""
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])[None, None]
    w = np.array([[0.0, 1.0], [2.0, 0.0]])[None, None]
    return x, w, np.array([1.0])


@pytest.mark.part("forward")
class TestForward:
    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The example of the text: a 3 by 3 image, a 2 by 2 kernel, bias 1, no padding.",
        zh="正文中的例子：3×3 的图像，2×2 的卷积核，偏置为 1，不填充。",
    )
    @pytest.mark.hint(
        en="Multiply the kernel, as it stands and not flipped, with the window under it; add up; add the bias.",
        zh="把卷积核（原样，不翻转）与它下面的窗口逐项相乘，求和，再加偏置。",
    )
    def test_conv2d_forward_small_example(self, student):
        answer = student.conv2d_forward(*example())
        assert isinstance(answer, tuple | list) and len(answer) == 2, PAIR
        likely = Bilingual("9 at the top left comes from a flipped kernel", "左上角是 9，说明卷积核被翻转了")
        desired = np.array([[11.0, 14.0], [20.0, 23.0]])[None, None]
        assert_close(answer[0], desired, rtol=0, atol=1e-6, name="out", likely=likely)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The same example with padding 'same', as in the text, and with padding 1 and stride 2.",
        zh="同一个例子：一次用 'same' 填充（如正文），一次填充 1、步幅 2。",
    )
    @pytest.mark.hint(
        en="'same' puts the one row of zeros below and the one column on the right.",
        zh="'same' 把一行零补在下方，把一列零补在右侧。",
    )
    def test_conv2d_forward_padding_and_stride(self, student):
        x, w, b = example()
        answer = student.conv2d_forward(x, w, b, padding="same")
        assert isinstance(answer, tuple | list) and len(answer) == 2, PAIR
        desired = np.array([[11.0, 14.0, 13.0], [20.0, 23.0, 19.0], [9.0, 10.0, 1.0]])[None, None]
        assert_close(answer[0], desired, rtol=0, atol=1e-6, name="out with padding 'same'")
        answer = student.conv2d_forward(x, w, b, stride=2, padding=1)
        assert isinstance(answer, tuple | list) and len(answer) == 2, PAIR
        desired = np.array([[1.0, 5.0], [5.0, 23.0]])[None, None]
        assert_close(answer[0], desired, rtol=0, atol=1e-6, name="out with stride 2 and padding 1")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="Two samples, two channels, three filters of one pixel: at each pixel a filter adds up weighted channels.",
        zh="两个样本、两个通道、三个 1×1 的滤波器：在每个像素上，滤波器把各通道加权求和。",
    )
    @pytest.mark.hint(
        en="Sum over the channels, not over samples or filters; out has shape (N, F, Ho, Wo).",
        zh="对通道求和，不要对样本或滤波器求和；out 的形状是 (N, F, Ho, Wo)。",
    )
    def test_conv2d_forward_channels(self, student):
        x = np.array([[[[1.0, 2.0]], [[3.0, 4.0]]], [[[5.0, 6.0]], [[7.0, 8.0]]]])  # (2, 2, 1, 2)
        w = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 10.0]]).reshape(3, 2, 1, 1)
        answer = student.conv2d_forward(x, w, np.array([0.0, 100.0, 0.0]))
        assert isinstance(answer, tuple | list) and len(answer) == 2, PAIR
        desired = [[[[1.0, 2.0]], [[103.0, 104.0]], [[31.0, 42.0]]], [[[5.0, 6.0]], [[107.0, 108.0]], [[75.0, 86.0]]]]
        assert_close(answer[0], np.array(desired), rtol=0, atol=1e-6, name="out")


@pytest.mark.part("backward")
class TestBackward:
    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The example of the text: db = 3, dw = (5, 8; 14, 17), dx = (0, 1, 2; 2, 4, 0; 0, 0, 0).",
        zh="正文中的例子：db = 3，dw = (5, 8; 14, 17)，dx = (0, 1, 2; 2, 4, 0; 0, 0, 0)。",
    )
    @pytest.mark.hint(
        en="Return (dx, dw, db) in this order. Where two windows overlap, dx collects from both.",
        zh="按 (dx, dw, db) 的次序返回。两个窗口重叠处，dx 要把两份加起来。",
    )
    def test_conv2d_backward_small_example(self, student):
        answer = student.conv2d_forward(*example())
        assert isinstance(answer, tuple | list) and len(answer) == 2, PAIR
        grads = student.conv2d_backward(np.array([[1.0, 2.0], [0.0, 0.0]])[None, None], answer[1])
        assert isinstance(grads, tuple | list) and len(grads) == 3, TRIPLE
        dx, dw, db = grads
        assert_close(db, np.array([3.0]), rtol=0, atol=1e-6, name="db")
        assert_close(dw, np.array([[5.0, 8.0], [14.0, 17.0]])[None, None], rtol=0, atol=1e-6, name="dw")
        desired = np.array([[0.0, 1.0, 2.0], [2.0, 4.0, 0.0], [0.0, 0.0, 0.0]])[None, None]
        assert_close(dx, desired, rtol=0, atol=1e-6, name="dx")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="With stride 2 the kernel stands at one place only: the last row and column of dx are zero, and are there.",
        zh="步幅为 2 时，卷积核只有一个位置：dx 的最后一行和最后一列都是零，但不能缺少。",
    )
    @pytest.mark.hint(
        en="dx has the shape of x. Start from zeros and add to the pixels of each window.",
        zh="dx 的形状与 x 相同。从全零开始，把每个窗口的贡献加到它的像素上。",
    )
    def test_conv2d_backward_leftover_is_zero(self, student):
        x, w, b = example()
        answer = student.conv2d_forward(x, w, b, stride=2)
        assert isinstance(answer, tuple | list) and len(answer) == 2, PAIR
        grads = student.conv2d_backward(np.array([[[[3.0]]]]), answer[1])
        assert isinstance(grads, tuple | list) and len(grads) == 3, TRIPLE
        desired = np.array([[0.0, 3.0, 0.0], [6.0, 0.0, 0.0], [0.0, 0.0, 0.0]])[None, None]
        assert_close(grads[0], desired, rtol=0, atol=1e-6, name="dx")
