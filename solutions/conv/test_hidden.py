"""The checks that students do not see. `design.md` derives the criteria; each check is one number against a limit.

The truth is a direct sum in longdouble over explicit indices. Where an answer is wrong, it is also held against what
typical mistakes would have given: caches differ from student to student, so calls cannot be compared by their values.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograder.judge import CheckFailure, assert_array, assert_speed, assert_within
from autograder.text import Bilingual

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
INTEGERS = 1e-6  # where every right answer is exact; an FFT rounds at 1e-12
# Geometric mean of the slowest vectorised way and the fastest loop over pixels: see design.md.
SPEED_LIMIT = 13.0
ERROR = Bilingual("largest error of an entry", "各元素的最大误差")
NORMWISE = Bilingual(
    "largest error of an entry, in units of what rounding may do", "各元素的最大误差（以允许的舍入误差为单位）"
)


class Case(NamedTuple):
    """A layer's sizes."""

    N: int
    C: int
    H: int
    W: int
    F: int
    kh: int
    kw: int
    stride: int = 1
    padding: int | str = 0


# The truth


def borders(case: Case) -> tuple[int, int, int, int]:
    """Return the zeros above, below, on the left and on the right."""
    if case.padding == "same":
        rows, columns = case.kh - 1, case.kw - 1
        return rows // 2, rows - rows // 2, columns // 2, columns - columns // 2
    if case.padding == "full":
        return case.kh - 1, case.kh - 1, case.kw - 1, case.kw - 1
    p = 0 if case.padding == "valid" else int(case.padding)
    return p, p, p, p


def framed(x, border):
    """Return x with zeros around it, in longdouble."""
    above, below, left, right = border
    N, C, H, W = x.shape
    frame = np.zeros((N, C, above + H + below, left + W + right), np.longdouble)
    frame[:, :, above : above + H, left : left + W] = x
    return frame


def places(size, k, stride):
    """Return where a kernel of length k can begin in a padded length `size`."""
    return np.array([start for start in range(0, size, stride) if start + k <= size], dtype=int)


def direct(x, w, b, stride, border):
    """Return the layer's output, summed term by term in longdouble."""
    return direct_framed(framed(x, border), w, b, stride)


def direct_framed(frame, w, b, stride):
    F, C, kh, kw = w.shape
    rows, columns = places(frame.shape[2], kh, stride)[:, None], places(frame.shape[3], kw, stride)
    out = np.zeros((len(frame), F, len(rows), len(columns)), np.longdouble)
    out += np.asarray(b, np.longdouble)[:, None, None]
    for c, i, j in product(range(C), range(kh), range(kw)):
        weights = w[:, c, i, j].astype(np.longdouble)
        out += weights[:, None, None] * frame[:, c, rows + i, columns + j][:, None]
    return out


def direct_backward(dout, x, w, stride, border):
    """Return the gradients with respect to the framed image, to w and to b, summed term by term in longdouble."""
    (F, C, kh, kw), frame, dout = w.shape, framed(x, border), dout.astype(np.longdouble)
    rows, columns = places(frame.shape[2], kh, stride)[:, None], places(frame.shape[3], kw, stride)
    dframe, dw = np.zeros_like(frame), np.zeros(w.shape, np.longdouble)
    for f, c, i, j in product(range(F), range(C), range(kh), range(kw)):
        dw[f, c, i, j] = np.sum(dout[:, f] * frame[:, c, rows + i, columns + j])
        dframe[:, c, rows + i, columns + j] += np.longdouble(w[f, c, i, j]) * dout[:, f]  # each place once
    return dframe, dw, dout.sum(axis=(0, 2, 3))


def unframed(dframe, border):
    above, below, left, right = border
    return dframe[:, :, above : dframe.shape[2] - below, left : dframe.shape[3] - right]


# What typical mistakes give. A symptom is claimed only where the answer is this and not the right one.


def forward_mistakes(x, w, b, stride, border, padding) -> Iterator[tuple[str, Any]]:
    (above, below, left, right), (F, C, kh, kw), (H, W) = border, w.shape, x.shape[2:]
    right_one = direct(x, w, b, stride, border)
    N, _, Ho, Wo = right_one.shape
    yield "flipped kernel", direct(x, w[:, :, ::-1, ::-1], b, stride, border)
    yield "no bias", direct(x, w, 0 * b, stride, border)
    yield "stride ignored", direct(x, w, b, 1, border)
    yield "channels averaged", direct(x, w / C, b, stride, border)
    if kh == kw:
        yield "kernel transposed", direct(x, w.transpose(0, 1, 3, 2), b, stride, border)
    yield "reshaped, not transposed", right_one.transpose(1, 0, 2, 3).reshape(N, F, Ho, Wo)
    yield "reshaped, not transposed", right_one.transpose(0, 2, 3, 1).reshape(N, F, Ho, Wo)
    if any(border):
        yield "padding forgotten", direct(x, w, b, stride, (0, 0, 0, 0)) if x[0, 0].size >= kh * kw else None
        spread = np.pad(x.astype(np.longdouble), ((0, 0), (0, 0), (above, below), (left, right)), mode="edge")
        yield "edges repeated", direct_framed(spread, w, b, stride)
    if padding == "same":
        yield "same: extra zeros above", direct(x, w, b, stride, (below, above, right, left))
        yield "same: half a kernel on both sides", direct(x, w, b, stride, (kh // 2, kh // 2, kw // 2, kw // 2))
    if padding in ("same", "full"):
        like_rows = direct(x, w, b, stride, (above, below, above, below)) if W + above + below >= kw else None
        yield "columns padded like rows", like_rows
    if padding == "full":
        yield "full: a whole kernel", direct(x, w, b, stride, (kh, kh, kw, kw))
    rest = (above, below + (kh - above - H - below) % stride, left, right + (kw - left - W - right) % stride)
    yield "rounded up", direct(x, w, b, stride, rest)


# What the right gradients of a wrong output may look like, too: of flipped kernels, of zeros above in place of below.
INHERITED = {
    "kernel not flipped",
    "dw flipped",
    "border cut off on the wrong side",
    "left-over rows missing",
    "stride forgotten",
}


def backward_mistakes(which, dout, x, w, stride, border) -> Iterator[tuple[str, Any]]:
    (F, _, kh, kw), N = w.shape, len(x)
    (above, below, left, right), (H, W) = border, x.shape[2:]
    dframe, dw, db = direct_backward(dout, x, w, stride, border)
    right_ones = {"dx": unframed(dframe, border), "dw": dw, "db": db}
    for other in {"dx", "dw", "db"} - {which}:
        yield "another order", right_ones[other]
    yield f"{which} averaged", right_ones[which] / N
    if which == "db":
        yield "db averaged", db / (dout.size // F)
        yield "db not summed over pixels", dout.sum(axis=0)
    if which == "dw":
        yield "dw flipped", dw[:, :, ::-1, ::-1]
    if which != "dx":
        return
    yield "kernel not flipped", unframed(direct_backward(dout, x, w[:, :, ::-1, ::-1], stride, border)[0], border)
    yield "border not cut off", dframe
    yield "border cut to nothing", dframe[:, :, above:-below, left:-right]
    yield "border cut off on the wrong side", dframe[:, :, below : below + H, right : right + W]
    for slid in overwritten(dout, w, stride, dframe.shape):
        yield "overwritten", unframed(slid, border)
    seen = [places(size, k, stride)[-1] + k for size, k in ((dframe.shape[2], kh), (dframe.shape[3], kw))]
    yield "left-over rows missing", dframe[:, :, above : min(seen[0], above + H), left : min(seen[1], left + W)]
    if stride > 1:
        close = np.zeros_like(dframe)
        for i, j in product(range(kh), range(kw)):
            part = np.einsum("fc,nfpq->ncpq", w[:, :, i, j].astype(np.longdouble), dout.astype(np.longdouble))
            close[:, :, i : i + part.shape[2], j : j + part.shape[3]] += part
        yield "stride forgotten", unframed(close, border)


def overwritten(dout, w, stride, shape):
    """Return what comes of assigning instead of adding, kernel entry by kernel entry, and window by window."""
    kh, kw = w.shape[2:]
    windows = np.einsum("nfpq,fcij->ncpqij", dout.astype(np.longdouble), w.astype(np.longdouble))
    rows, columns = places(shape[2], kh, stride), places(shape[3], kw, stride)
    by_entry, by_window = np.zeros(shape, np.longdouble), np.zeros(shape, np.longdouble)
    for i, j in product(range(kh), range(kw)):
        by_entry[:, :, rows[:, None] + i, columns + j] = windows[..., i, j]
    for p, q in product(range(len(rows)), range(len(columns))):
        by_window[:, :, rows[p] : rows[p] + kh, columns[q] : columns[q] + kw] = windows[:, :, p, q]
    return by_entry, by_window


def recognised(answer, desired, dtype, mistakes) -> str | None:
    """Return the symptom of the first mistake that gives this very answer; None if none does."""
    if type(answer) is not np.ndarray or answer.dtype.kind != "f" or not np.isfinite(answer).all():
        return None
    single = np.float32 in (answer.dtype, dtype)  # float64 that came of float32 is no more exact
    if _same(answer, desired, single):
        return "wrong dtype" if answer.dtype != dtype else None
    return next((symptom for symptom, wrong in mistakes if wrong is not None and _same(answer, wrong, single)), None)


def _same(answer, wrong, single=False) -> bool:
    if answer.shape != wrong.shape:
        return False
    tolerance = 1e-4 if single else 1e-9
    return float(np.max(np.abs(answer - wrong), initial=0)) <= tolerance * float(np.max(np.abs(wrong), initial=1e-300))


# How an answer is judged


def integers(rng, *shape):
    return rng.integers(-4, 5, size=shape).astype(np.float64)


def integer_layer(case: Case, seed: int):
    """Return x, w, b with entries that are small integers."""
    rng = np.random.default_rng(seed)
    x, w = integers(rng, case.N, case.C, case.H, case.W), integers(rng, case.F, case.C, case.kh, case.kw)
    return x, w, rng.integers(1, 9, size=case.F).astype(np.float64)  # no bias is zero, so that each is missed


def forward(student, x, w, b, *args, **kwargs):
    """Call the student's function and return (out, cache), or say that it is no pair."""
    answer = student.conv2d_forward(x, w, b, *args, **kwargs)
    assert isinstance(answer, tuple | list) and len(answer) == 2, "conv2d_forward must return the pair (out, cache)"
    return answer


def backward(student, dout, cache):
    """Call the student's function and return {"dx": ..., "dw": ..., "db": ...}, or say that it is no triple."""
    answer = student.conv2d_backward(dout, cache)
    assert isinstance(answer, tuple | list) and len(answer) == 3, "conv2d_backward must return (dx, dw, db)"
    return dict(zip(("dx", "dw", "db"), answer, strict=True))


def judge(answer, desired, dtype, allowed, name, mistakes=()):
    """Check type, shape, dtype and |answer - desired| <= allowed in every entry; name the mistake if it is known."""
    try:
        assert_array(answer, shape=desired.shape, dtype=dtype, name=name)
        if np.ndim(allowed):
            assert_within(np.max(np.abs(answer - desired) / allowed), 1.0, name=name, what=NORMWISE)
        else:
            assert_within(np.max(np.abs(answer - desired)), allowed, name=name, what=ERROR)
    except CheckFailure as failure:
        raise CheckFailure(failure.message, recognised(answer, desired, dtype, mistakes)) from None


def judge_forward(student, x, w, b, case: Case, allowed=None):
    """Check the output for these arrays; return (out, cache)."""
    border = borders(case)
    out, kept = forward(student, x, w, b, case.stride, case.padding)
    dtype = np.float32 if x.dtype == w.dtype == b.dtype == np.float32 else np.float64
    mistakes = forward_mistakes(x, w, b, case.stride, border, case.padding)
    allowed = INTEGERS if allowed is None else allowed
    judge(out, direct(x, w, b, case.stride, border), dtype, allowed, "out", mistakes)
    return out, kept


def judge_backward(student, case: Case, seed: int, which=("dx", "dw", "db")):
    """Check some of the gradients on integers."""
    x, w, b = integer_layer(case, seed)
    dout = integers(np.random.default_rng(seed + 1), *direct(x, w, b, case.stride, borders(case)).shape)
    grads, claim = gradients(student, x, w, b, dout, case)
    judge_gradients(grads, dout, x, w, case, which, claim=claim)


def gradients(student, x, w, b, dout, case: Case):
    """Call both functions; return the gradients, and whether the output was right."""
    out, kept = forward(student, x, w, b, case.stride, case.padding)
    right = direct(x, w, b, case.stride, borders(case))
    claim = type(out) is np.ndarray and out.dtype.kind == "f" and _same(out, right, x.dtype == np.float32)
    return backward(student, dout, kept), claim


def judge_gradients(grads, dout, x, w, case, which=("dx", "dw", "db"), *, allowed=None, desired=None, claim=True):
    """Check the gradients; `desired` if they are known otherwise than by the formula. `claim` that what they show is a
    mistake of theirs, and not inherited from a wrong output."""
    border = borders(case)
    if desired is None:
        dframe, dw, db = direct_backward(dout, x, w, case.stride, border)
        desired = {"dx": unframed(dframe, border), "dw": dw, "db": db}

    def symptom(name):
        mistakes = backward_mistakes(name, dout, x, w, case.stride, border)
        found = recognised(grads[name], desired[name], x.dtype, mistakes)
        return None if found in INHERITED and not claim else found

    for name in which:
        try:
            judge(grads[name], desired[name], x.dtype, allowed[name] if allowed else INTEGERS, name)
        except CheckFailure as failure:
            # Two mistakes at once show none here: each has a check that sees it alone, and is named there.
            seen = {symptom(each) for each in which} - {None}
            raise CheckFailure(failure.message, symptom(name) if len(seen) == 1 else None) from None


def unit_roundoff(dtype) -> float:
    return 2.0**-24 if dtype == np.float32 else 2.0**-53


def lengths(a, axes):
    """Return the norms over some axes, which stay with length 1."""
    return np.sqrt(np.sum(a.astype(np.longdouble) ** 2, axis=axes, keepdims=True))


def forward_bound(x, w, b):
    """Return what rounding may do to each output (N, F, 1, 1), whatever the order of summation; an FFT's bound."""
    u, m = unit_roundoff(x.dtype), x[0].size
    x_length, w_length = lengths(x, (1, 2, 3)), lengths(w, (1, 2, 3)).reshape(1, -1, 1, 1)
    return 4 * u * np.log2(2 * m) * (x_length * w_length + np.abs(b).reshape(1, -1, 1, 1))


def backward_bounds(dout, x, w):
    """Return the same for the gradients."""
    u, (N, _, Ho, Wo) = unit_roundoff(x.dtype), dout.shape
    of_sample, of_filter = lengths(dout, (1, 2, 3)), lengths(dout, (0, 2, 3)).reshape(-1, 1, 1, 1)
    return {
        "dx": 4 * u * np.log2(2 * dout[0].size) * of_sample * lengths(w, (0, 2, 3)),
        "dw": 4 * u * np.log2(2 * N * Ho * Wo) * of_filter * lengths(x, (0, 2, 3)),
        "db": 4 * u * np.log2(2 * N * Ho * Wo) * of_filter.ravel() * np.sqrt(N * Ho * Wo),
    }


@cache
def photo():
    """Return the photograph as (1, 3, 128, 128), from 0 to 1."""
    return np.load(DATASETS / "astronaut.npy").transpose(2, 0, 1)[None] / 255


@cache
def digits():
    """Return forty handwritten digits as (40, 1, 8, 8), from 0 to 1."""
    rows = np.loadtxt(DATASETS / "digits.csv", delimiter=",", skiprows=1, max_rows=40)
    return rows[:, :-1].reshape(40, 1, 8, 8) / 16


def assert_untouched(student, function, *args):
    """Call with arrays that live on the student's side, and look whether they are still the same."""
    staged = [student.stage(value) for value in args]
    function(*staged)
    for handle, value in zip(staged, args, strict=True):
        assert np.array_equal(handle.fetch(), value), "an array that was passed in has been changed"


SQUARE = [Case(2, 3, 6, 6, 4, 3, 3, 1, 1), Case(3, 2, 5, 5, 2, 2, 2)]
RECTANGULAR = [Case(2, 2, 4, 9, 3, 3, 2, 1, 0), Case(2, 3, 9, 5, 2, 2, 5, 1, 2), Case(3, 1, 7, 4, 2, 4, 1, 1, 1)]
STRIDED = [
    Case(2, 2, 7, 8, 3, 3, 3, 2, 0),  # rows fit, one column is left over
    Case(2, 3, 8, 9, 2, 2, 3, 3, 0),
    Case(1, 2, 9, 10, 2, 3, 2, 3, 1),
    Case(2, 1, 6, 5, 2, 1, 2, 3, 0),  # stride larger than the kernel: gaps in the middle
    Case(2, 2, 10, 7, 2, 4, 3, 2, 2),
]
SAME = [
    Case(2, 2, 5, 6, 2, 3, 5, 1, "same"),
    Case(2, 2, 5, 6, 3, 2, 4, 1, "same"),
    Case(1, 2, 4, 3, 2, 6, 4, 1, "same"),
]
FULL = [Case(2, 2, 4, 5, 2, 3, 2, 1, "full"), Case(2, 2, 5, 4, 3, 2, 3, 2, "full")]
VALID = [Case(2, 2, 5, 6, 2, 3, 2, 1, "valid"), Case(2, 2, 6, 7, 2, 3, 2, 2, "valid")]
EDGES = [
    Case(2, 3, 4, 5, 2, 1, 1),  # one pixel of kernel
    Case(2, 2, 5, 4, 3, 1, 1, 2, 0),
    Case(2, 2, 3, 4, 2, 3, 4),  # the kernel as large as the image
    Case(1, 2, 3, 2, 2, 2, 2, 1, 3),  # more padding than kernel: outputs that see nothing but zeros
    Case(1, 1, 1, 1, 1, 3, 3, 1, 1),  # one pixel of image
    Case(1, 1, 2, 3, 2, 5, 4, 2, 2),  # a kernel larger than the image, but not than the padded one
]


@pytest.mark.part("forward")
class TestForward:
    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Several samples, channels and filters: every output is the sum over channels and kernel entries plus bias.",
        zh="多个样本、通道和滤波器：每个输出都是对通道和卷积核各项求和，再加偏置。",
    )
    @pytest.mark.hint(
        en="Write the seven loops for a tiny input, and compare. Take care of the order of axes, and flip nothing.",
        zh="对很小的输入写出七重循环来对照。注意各轴的次序，不要翻转。",
    )
    @pytest.mark.parametrize("cases", [SQUARE, RECTANGULAR[:2], RECTANGULAR[2:]], ids=["square", "wide", "tall"])
    def test_conv2d_forward_on_integers(self, student, cases):
        for seed, case in enumerate(cases):
            judge_forward(student, *integer_layer(case, 10 + seed), case)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="'valid', 'same' and 'full' put the zeros where the table of the text says, odd and even kernels alike.",
        zh="'valid'、'same'、'full' 按正文的表格补零，奇数和偶数边长的卷积核都一样。",
    )
    @pytest.mark.hint(
        en="For rows use kh and for columns kw. 'same' adds k - 1 zeros in all, the extra one at the bottom or right.",
        zh="行用 kh，列用 kw。'same' 一共补 k - 1 个零，多出的一个补在下方或右侧。",
    )
    @pytest.mark.parametrize("cases", [VALID, SAME, FULL], ids=["valid", "same", "full"])
    def test_conv2d_forward_padding_words(self, student, cases):
        for seed, case in enumerate(cases):
            judge_forward(student, *integer_layer(case, 20 + seed), case)

    @pytest.mark.points(5)
    @pytest.mark.why(
        en="Strides 2 and 3, also where rows and columns are left over: the output size is rounded down.",
        zh="步幅 2 和 3，包括有剩余的行和列的情形：输出大小向下取整。",
    )
    @pytest.mark.hint(
        en="The output has floor((H + padding - kh) / stride) + 1 rows; the kernel begins at row 0, s, 2s, ...",
        zh="输出有 floor((H + 填充 - kh) / stride) + 1 行；卷积核从第 0、s、2s…… 行开始。",
    )
    def test_conv2d_forward_strides(self, student):
        for seed, case in enumerate(STRIDED):
            judge_forward(student, *integer_layer(case, 30 + seed), case)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Kernels of one pixel, as large as the image, larger than it; more padding than kernel; one pixel of image.",
        zh="1×1 的卷积核、与图像一样大的卷积核、比图像还大的卷积核；填充大于卷积核；只有一个像素的图像。",
    )
    @pytest.mark.hint(
        en="Nothing is special about these: no case of its own should be needed.",
        zh="这些情形没有任何特殊之处，不应需要单独处理。",
    )
    def test_conv2d_forward_edges(self, student):
        for seed, case in enumerate(EDGES):
            judge_forward(student, *integer_layer(case, 40 + seed), case)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The published examples of the ONNX standard: the numbers 0, 1, 2, ... under a kernel of ones.",
        zh="ONNX 标准公布的例子：数字 0、1、2…… 与全 1 的卷积核。",
    )
    @pytest.mark.hint(
        en="With a kernel of ones, every output is the sum of the numbers under it. Is the dtype kept?",
        zh="卷积核全为 1 时，每个输出就是它下面各数之和。数据类型保持了吗？",
    )
    def test_conv2d_forward_agrees_with_onnx(self, student):
        for single, stride, padding, desired in onnx_examples():
            case = Case(*single.shape, 1, 3, 3, stride, padding)
            for dtype in (np.float64, np.float32):
                x, w, b = single.astype(dtype), np.ones((1, 1, 3, 3), dtype), np.zeros(1, dtype)
                out, _ = forward(student, x, w, b, stride, padding)
                mistakes = forward_mistakes(x, w, b, stride, borders(case), padding)
                allowed = INTEGERS if dtype == np.float64 else forward_bound(x, w, b)
                judge(out, desired, dtype, allowed, "out", mistakes)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="float32 gives float32, as accurate as it allows; a mixture of dtypes, and bytes, are computed in float64.",
        zh="float32 得到 float32，达到其应有的精度；dtype 混用时以及字节数据，按 float64 计算。",
    )
    @pytest.mark.hint(
        en="np.zeros and np.empty are float64 unless told otherwise: np.zeros(shape, x.dtype).",
        zh="np.zeros 和 np.empty 默认是 float64：请写 np.zeros(shape, x.dtype)。",
    )
    def test_conv2d_forward_keeps_float32(self, student):
        rng = np.random.default_rng(60)
        case = Case(2, 3, 9, 8, 4, 3, 2, 2, 1)
        x, w, b = rng.normal(size=(2, 3, 9, 8)), rng.normal(size=(4, 3, 3, 2)), rng.normal(size=4)
        single = [value.astype(np.float32) for value in (x, w, b)]
        judge_forward(student, *single, case, forward_bound(*single))
        image = rng.integers(0, 256, size=x.shape).astype(np.uint8)
        judge_forward(student, image, w, b, case, forward_bound(image, w, b))
        judge_forward(student, single[0], w, b, case, forward_bound(x, w, b))

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Real images, a photograph and handwritten digits: the error is that of rounding.",
        zh="真实图像（一张照片和手写数字）：误差只来自舍入。",
    )
    @pytest.mark.hint(
        en="Compute in the dtype of the input throughout, and let every term be added once.",
        zh="全程按输入的 dtype 计算，每一项恰好加一次。",
    )
    def test_conv2d_forward_on_real_images(self, student):
        rng = np.random.default_rng(61)
        for x, F, k, padding in ((photo()[:, :, :, 20:100], 2, 3, "same"), (digits(), 3, 5, 2)):
            w, b = rng.normal(size=(F, x.shape[1], k, k)), rng.normal(size=F)
            case = Case(*x.shape, F, k, k, 1, padding)
            for dtype in (np.float64, np.float32):
                layer = [value.astype(dtype) for value in (x, w, b)]
                judge_forward(student, *layer, case, forward_bound(*layer))

    @pytest.mark.points(1)
    @pytest.mark.why(
        en="Arrays in Fortran order, as transposed images are, give the same output.",
        zh="Fortran 顺序的数组（例如转置得到的图像）得到同样的输出。",
    )
    @pytest.mark.hint(
        en="np.lib.stride_tricks.as_strided needs the strides that the array has, x.strides.",
        zh="np.lib.stride_tricks.as_strided 要用数组自身的 strides，即 x.strides。",
    )
    def test_conv2d_forward_in_any_memory_order(self, student):
        case = Case(2, 3, 5, 6, 2, 3, 2)
        x, w, b = integer_layer(case, 62)
        judge_forward(student, np.asfortranarray(x), np.asfortranarray(w), b, case)

    @pytest.mark.points(1)
    @pytest.mark.needs("test_conv2d_forward_small_example")
    @pytest.mark.why(
        en="The arrays that are passed in are the same afterwards.",
        zh="传入的数组在调用之后保持不变。",
    )
    @pytest.mark.hint(
        en="Statements such as x -= ... and w[...] = ... write into the caller's array; make a new one.",
        zh="x -= ... 和 w[...] = ... 之类的语句会改写调用者的数组；请新建一个数组。",
    )
    def test_conv2d_forward_leaves_its_inputs_alone(self, student):
        for padding in (0, 1):
            assert_untouched(
                student,
                lambda x, w, b, padding=padding: student.conv2d_forward(x, w, b, 1, padding),
                *integer_layer(Case(2, 2, 5, 5, 2, 3, 3), 63),
            )

    @pytest.mark.points(1)
    @pytest.mark.needs("test_conv2d_forward_small_example")
    @pytest.mark.why(
        en="Input without sense raises ValueError: channels that differ, 'same' with stride 2, too large a kernel.",
        zh="没有意义的输入会抛出 ValueError：通道数不一致、'same' 配步幅 2、卷积核太大。",
    )
    @pytest.mark.hint(
        en="Call `validated(x, w, b, stride, padding)` first, as the template does.",
        zh="像模板那样，先调用 `validated(x, w, b, stride, padding)`。",
    )
    def test_conv2d_forward_refuses_nonsense(self, student):
        x, w, b = integer_layer(Case(1, 2, 4, 4, 3, 3, 3), 64)
        forward(student, x, w, b)
        wrong = [(x, w[:, :1], b, 1, 0), (x, w, b[:2], 1, 0), (x[0], w, b, 1, 0), (x, w, b, 2, "same"), (x, w, b, 0, 0)]
        wrong += [(x, w, b, 1, -1), (x, w, b, 1, "SAME"), (x[:, :, :2], w, b, 1, 0), (x * np.nan, w, b, 1, 0)]
        for args in wrong:
            with pytest.raises(ValueError):
                student.conv2d_forward(*args)

    @pytest.mark.points(5)
    @pytest.mark.needs("test_conv2d_forward_on_integers")
    @pytest.mark.why(
        en="A grey image of 96 by 96 pixels under four filters of 3 by 3 takes the CPU time of array code.",
        zh="一张 96×96 的灰度图像、4 个 3×3 的滤波器，所用的 CPU 时间不超过数组运算所需。",
    )
    @pytest.mark.hint(
        en="Replace the loop over output pixels: all windows as columns of one product, or a loop over kernel entries.",
        zh="不要逐个输出像素循环：把所有窗口写成一次乘积的各列，或只对卷积核的各项循环。",
    )
    def test_conv2d_forward_is_fast(self, student, twin):
        rng = np.random.default_rng(65)
        x, w, b = rng.normal(size=(1, 1, 96, 96)), rng.normal(size=(4, 1, 3, 3)), rng.normal(size=4)

        def make_args(seed):
            return np.roll(x, 7 * seed + 1, axis=3), w * (1 + 0.01 * seed), b, 1, 1

        def check(answer, args):
            assert isinstance(answer, tuple | list) and len(answer) == 2, "conv2d_forward must return (out, cache)"
            x, w, b = args[:3]
            assert_array(answer[0], shape=(1, 4, 96, 96), dtype=np.float64, name="out")
            # Three rows of pixels, some at each border, term by term: the rest is what the other checks look at.
            rows = [0, 47, 95]
            frame = framed(x, (1, 1, 1, 1))
            desired = [direct_framed(frame[:, :, row : row + 3], w, b, 1)[:, :, 0] for row in rows]
            error = np.abs(answer[0][:, :, rows] - np.stack(desired, axis=2)) / forward_bound(x, w, b)
            assert_within(np.max(error), 1.0, name="out", what=NORMWISE)

        assert_speed(
            student.conv2d_forward,
            twin.conv2d_forward,
            make_args,
            limit=SPEED_LIMIT,
            name="conv2d_forward",
            repeats=9,  # five pairs that agree decide; more are made only where they do not
            check=check,
        )


def onnx_examples():
    """Yield x, stride, padding and output of ONNX 1.x's node tests for Conv (onnx/backend/test/case/node/conv.py):
    test_basic_conv_with_padding and without, test_conv_with_strides_padding and no_padding. The one with padding in one
    direction only is given as a framed image."""
    small, tall = (np.arange(n, dtype=np.float32).reshape(1, 1, -1, 5) for n in (25, 35))
    framed_tall = np.pad(tall, ((0, 0), (0, 0), (1, 1), (0, 0)))
    padded = [[12, 21, 27, 33, 24], [33, 54, 63, 72, 51], [63, 99, 108, 117, 81]]
    padded += [[93, 144, 153, 162, 111], [72, 111, 117, 123, 84]]
    examples = [
        (small, 1, 1, padded),
        (small, 1, "same", padded),
        (small, 1, 0, [[54, 63, 72], [99, 108, 117], [144, 153, 162]]),
        (tall, 2, 1, [[12, 27, 24], [63, 108, 81], [123, 198, 141], [112, 177, 124]]),
        (tall, 2, "valid", [[54, 72], [144, 162], [234, 252]]),
        (framed_tall, 2, 0, [[21, 33], [99, 117], [189, 207], [171, 183]]),
    ]
    for x, stride, padding, out in examples:
        yield x, stride, padding, np.array(out, np.float32)[None, None]


@pytest.mark.part("backward")
class TestBackward:
    @pytest.mark.points(3)
    @pytest.mark.why(
        en="db adds up dout over samples and pixels, one number per filter.",
        zh="db 把 dout 对样本和像素求和，每个滤波器得到一个数。",
    )
    @pytest.mark.hint(
        en="dout.sum(axis=(0, 2, 3)): a sum, no mean.",
        zh="dout.sum(axis=(0, 2, 3))：求和，不是平均。",
    )
    def test_conv2d_backward_db(self, student):
        for seed, case in enumerate((SQUARE[0], RECTANGULAR[1])):
            judge_backward(student, case, 110 + seed, ["db"])

    @pytest.mark.points(4)
    @pytest.mark.why(
        en="dw: each entry of the kernel collects dout times the pixels that it has met, over all samples.",
        zh="dw：卷积核的每一项，收集 dout 与它遇到过的像素的乘积，对所有样本求和。",
    )
    @pytest.mark.hint(
        en="Compare with L(w + e) - L(w) for one entry, L = sum(dout * out): it is exact. No flip, no mean.",
        zh="对某一项比较 L(w + e) - L(w)，其中 L = sum(dout * out)：这个差是精确的。不翻转，不取平均。",
    )
    @pytest.mark.parametrize("cases", [SQUARE, RECTANGULAR], ids=["square", "rectangular"])
    def test_conv2d_backward_dw(self, student, cases):
        for seed, case in enumerate(cases):
            judge_backward(student, case, 120 + seed, ["dw"])

    @pytest.mark.points(4)
    @pytest.mark.why(
        en="dx: each pixel collects dout times the kernel entry that has met it, from every window that it lies in.",
        zh="dx：每个像素，从它所在的每个窗口收集 dout 与遇到它的卷积核项的乘积。",
    )
    @pytest.mark.hint(
        en="Add to the windows (+=) and cut off the padding. As a convolution: 'full' padding, flipped kernels.",
        zh="往各窗口里累加（+=），再去掉填充。若写成卷积：用 'full' 填充和翻转的卷积核。",
    )
    @pytest.mark.parametrize("cases", [SQUARE, RECTANGULAR], ids=["square", "rectangular"])
    def test_conv2d_backward_dx(self, student, cases):
        for seed, case in enumerate(cases):
            judge_backward(student, case, 130 + seed, ["dx"])

    @pytest.mark.points(6)
    @pytest.mark.why(
        en="Strides 2 and 3: all gradients are right, and zero in the rows and columns that are left over.",
        zh="步幅 2 和 3：所有梯度都正确，剩余的行和列上梯度为零。",
    )
    @pytest.mark.hint(
        en="Output (p, q) belongs to the window that begins at (s p, s q); dx has the shape of x whatever the stride.",
        zh="输出 (p, q) 对应从 (s p, s q) 开始的窗口；无论步幅多大，dx 的形状都与 x 相同。",
    )
    def test_conv2d_backward_strides(self, student):
        for seed, case in enumerate(STRIDED):
            judge_backward(student, case, 140 + seed)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="'valid', 'same' and 'full': the border that was added is cut off again, also where it is uneven.",
        zh="'valid'、'same'、'full'：加上的边框要再去掉，两侧不一样宽时也是如此。",
    )
    @pytest.mark.hint(
        en="Keep the padding of each side in the cache; dx is the gradient's slice [above : above + H].",
        zh="把每一侧的填充量存进 cache；dx 是切片 [above : above + H]。",
    )
    @pytest.mark.parametrize("cases", [[*VALID, *SAME[:1], *FULL], SAME[1:]], ids=["even", "uneven"])
    def test_conv2d_backward_padding_words(self, student, cases):
        for seed, case in enumerate(cases):
            judge_backward(student, case, 150 + seed)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The edges: kernels of one pixel, as large as the image or larger; more padding than kernel.",
        zh="边界情形：1×1 的卷积核、与图像一样大或更大的卷积核；填充大于卷积核。",
    )
    @pytest.mark.hint(
        en="Nothing is special about these: no case of its own should be needed.",
        zh="这些情形没有任何特殊之处，不应需要单独处理。",
    )
    def test_conv2d_backward_edges(self, student):
        for seed, case in enumerate(EDGES):
            judge_backward(student, case, 160 + seed)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="Every entry of dx, dw and db is what the loss changes by when x, w or b changes by one there.",
        zh="dx、dw、db 的每一项，等于 x、w 或 b 的对应项增加 1 时损失的改变量。",
    )
    @pytest.mark.hint(
        en="The layer is linear in each of x, w and b: with h = 1 the difference quotient is exact, up to rounding.",
        zh="这一层对 x、w、b 各自都是线性的：h = 1 的差商除舍入外是精确的。",
    )
    def test_conv2d_backward_matches_differences(self, student):
        case = Case(2, 2, 4, 5, 2, 3, 2, 2, 1)
        x, w, b = integer_layer(case, 170)
        border = borders(case)
        before = direct(x, w, b, case.stride, border)
        dout = integers(np.random.default_rng(171), *before.shape)
        grads, claim = gradients(student, x, w, b, dout, case)
        desired = {}
        for name, varied in (("dx", x), ("dw", w), ("db", b)):
            desired[name] = np.zeros(varied.shape)
            for index in np.ndindex(varied.shape):
                varied[index] += 1
                desired[name][index] = np.sum(dout * (direct(x, w, b, case.stride, border) - before))
                varied[index] -= 1
        judge_gradients(grads, dout, x, w, case, desired=desired, claim=claim)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="float32 gives float32 gradients, as accurate as that type allows.",
        zh="float32 得到 float32 的梯度，达到该类型应有的精度。",
    )
    @pytest.mark.hint(
        en="np.zeros is float64 unless told otherwise: np.zeros(shape, dout.dtype).",
        zh="np.zeros 默认是 float64：请写 np.zeros(shape, dout.dtype)。",
    )
    def test_conv2d_backward_keeps_float32(self, student):
        rng = np.random.default_rng(172)
        case = Case(3, 2, 8, 7, 3, 3, 2, 2, 1)
        x, w, b = (rng.normal(size=size).astype(np.float32) for size in ((3, 2, 8, 7), (3, 2, 3, 2), 3))
        dout = rng.normal(size=(3, 3, 4, 4)).astype(np.float32)
        grads, claim = gradients(student, x, w, b, dout, case)
        judge_gradients(grads, dout, x, w, case, allowed=backward_bounds(dout, x, w), claim=claim)

    @pytest.mark.points(1)
    @pytest.mark.why(
        en="Real images, a piece of the photograph and handwritten digits: the error is that of rounding.",
        zh="真实图像（照片的一角和手写数字）：误差只来自舍入。",
    )
    @pytest.mark.hint(
        en="Compute in the dtype of the input throughout, and let every term be added once.",
        zh="全程按输入的 dtype 计算，每一项恰好加一次。",
    )
    def test_conv2d_backward_on_real_images(self, student):
        rng = np.random.default_rng(173)
        for x, F, k, padding in ((photo()[:, :, 30:54, 40:70], 2, 3, "same"), (digits()[:20], 3, 5, 2)):
            w, b, dout = (rng.normal(size=size) for size in ((F, x.shape[1], k, k), F, (len(x), F, *x.shape[2:])))
            case = Case(*x.shape, F, k, k, 1, padding)
            grads, claim = gradients(student, x, w, b, dout, case)
            judge_gradients(grads, dout, x, w, case, allowed=backward_bounds(dout, x, w), claim=claim)

    @pytest.mark.points(1)
    @pytest.mark.needs("test_conv2d_backward_matches_differences")
    @pytest.mark.why(
        en="On the photograph, <dout, out - b>, <dx, x> and <dw, w> are the same number.",
        zh="在照片上，<dout, out - b>、<dx, x>、<dw, w> 是同一个数。",
    )
    @pytest.mark.hint(
        en="The layer is bilinear: print the three numbers for an example of yours and see which one differs.",
        zh="这一层是双线性的：对自己的例子打印这三个数，看哪一个不同。",
    )
    def test_conv2d_backward_adjoint_identities(self, student):
        rng = np.random.default_rng(174)
        x = photo()[:, :, ::2, 1::2]
        for stride, padding in ((1, "same"), (3, 2)):
            case = Case(*x.shape, 4, 5, 5, stride, padding)
            w, b = rng.normal(size=(4, 3, 5, 5)), np.zeros(4)
            Ho, Wo = (1 + (64 + sum(borders(case)[i : i + 2]) - 5) // stride for i in (0, 2))
            dout = rng.normal(size=(1, 4, Ho, Wo))
            grads = backward(student, dout, forward(student, x, w, b, stride, padding)[1])
            middle = float(np.sum(dout * direct(x, w, b, stride, borders(case))))
            # Each gradient's error, entry by entry, times what it is multiplied with: Cauchy and Schwarz.
            bounds = backward_bounds(dout, x, w)
            for name, factor in (("dx", x), ("dw", w)):
                array = assert_array(grads[name], shape=factor.shape, dtype=np.float64, name=name)
                allowed = float(np.sum(bounds[name] * np.abs(factor)))
                what = Bilingual(
                    f"distance of <{name}, .> from <dout, out - b>", f"<{name}, .> 与 <dout, out - b> 之差"
                )
                gap = abs(float(np.sum(array.astype(np.longdouble) * factor)) - middle)
                assert_within(gap, allowed, name=name, what=what)

    @pytest.mark.points(1)
    @pytest.mark.needs("test_conv2d_backward_small_example")
    @pytest.mark.why(
        en="Two layers in turn: backward works from the cache that it is given, not from the call before.",
        zh="两层交替调用：反向计算依据所给的 cache，而不是最近一次前向调用。",
    )
    @pytest.mark.hint(
        en="Return everything that backward needs in the cache, and keep nothing in global variables.",
        zh="把反向计算所需的一切都放进返回的 cache，不要存在全局变量里。",
    )
    def test_conv2d_backward_works_from_its_cache(self, student):
        case = Case(2, 2, 5, 6, 2, 3, 2)
        layers = [integer_layer(case, seed) for seed in (175, 176)]
        dout = integers(np.random.default_rng(177), 2, 2, 3, 5)
        caches = [forward(student, *layer)[1] for layer in layers]
        for (x, w, _), kept, other in zip(layers, caches, reversed(layers), strict=True):
            try:
                judge_gradients(backward(student, dout, kept), dout, x, w, case)
            except CheckFailure as failure:
                swapped = _of_the_other_layer(student, dout, kept, other, case)
                raise CheckFailure(failure.message, "the call before" if swapped else failure.symptom) from None

    @pytest.mark.points(1)
    @pytest.mark.needs("test_conv2d_backward_small_example")
    @pytest.mark.why(
        en="dout is the same afterwards.",
        zh="dout 在调用之后保持不变。",
    )
    @pytest.mark.hint(
        en="Statements such as dout *= ... write into the caller's array; make a new one.",
        zh="dout *= ... 之类的语句会改写调用者的数组；请新建一个数组。",
    )
    def test_conv2d_backward_leaves_dout_alone(self, student):
        for case, size in ((Case(2, 2, 5, 5, 2, 3, 3), 3), (Case(2, 2, 5, 5, 2, 3, 3, 2, 1), 3)):
            _, kept = forward(student, *integer_layer(case, 178), case.stride, case.padding)
            dout = integers(np.random.default_rng(179), 2, 2, size, size)
            assert_untouched(student, lambda dout, kept=kept: student.conv2d_backward(dout, kept), dout)


def _of_the_other_layer(student, dout, kept, other, case) -> bool:
    """Whether the gradients that come with this cache are those of the layer called last."""
    try:
        judge_gradients(backward(student, dout, kept), dout, *other[:2], case)
    except (CheckFailure, AssertionError):
        return False
    return True
