"""The checks that students do not see. `design.md` derives the criteria; each check is one number against a limit.

The judge computes everything anew in longdouble, by the formulas of the derivatives in terms of z, and does not look at
how a student arranged the same. `tests/content` holds this oracle against torch's automatic differentiation.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from autograder.judge import (
    CheckFailure,
    assert_array,
    assert_scalar,
    assert_speed,
    assert_within,
)
from autograder.text import Bilingual, Message

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
WIDE = np.longdouble
ACTIVATIONS = ("relu", "tanh", "sigmoid")
# Geometric mean of the slowest vectorised way on a busy machine and the fastest loop over samples: see design.md.
SPEED_LIMIT = 10.0
# A ReLU may not be nearer to its kink: there a difference quotient, or rounding, decides between two right answers.
KINK = 2e-4
STEP = 1e-5  # of the difference quotients


# The oracle. Input already validated; all in longdouble.


class Exact(NamedTuple):
    """What is true of one problem."""

    Z: np.ndarray  # (n, K)
    slack: np.ndarray  # (n, K): how far rounding can move each logit, in units of u
    loss: np.ndarray
    grads: list[tuple[np.ndarray, np.ndarray]]
    nearest: np.ndarray  # (n,): least |z| of a sample's hidden units


def sigmoid(z):
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, small) / (1 + small)


def phi(z, act):
    return {"relu": lambda: np.maximum(z, 0), "tanh": lambda: np.tanh(z), "sigmoid": lambda: sigmoid(z)}[act]()


def phi_prime(z, act, at_zero=0.0):
    if act == "relu":
        return np.where(z == 0, WIDE(at_zero), (z > 0).astype(WIDE))
    scale = 1 if act == "sigmoid" else 2  # tanh(z) = 2 sigmoid(2 z) - 1
    return scale * scale * sigmoid(scale * z) * sigmoid(-scale * z)


def log_softmax(Z):
    Z = Z - Z.max(axis=1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))


def exact_forward(params, X, act):
    """Return all Z_l, all A_l (from A_0 = X) and the slack of the last Z.

    A dot product of d terms and one sum, rounded: (d + 1) u (|A||W| + |b|). What A is off by goes through |W|, and
    through an activation of slope at most 1 (sigmoid 1/4), which adds 4 roundings of its own.
    """
    A, off, Zs, As = X.astype(WIDE), np.zeros(X.shape, WIDE), [], [X.astype(WIDE)]
    for number, (W, b) in enumerate(params):
        W, b = W.astype(WIDE), b.astype(WIDE)
        off = off @ abs(W) + (len(W) + 2) * (abs(A) @ abs(W) + abs(b))
        Zs.append(A @ W + b)
        if number < len(params) - 1:
            A = phi(Zs[-1], act)
            off = (0.25 if act == "sigmoid" else 1.0) * off + (0.0 if act == "relu" else 4.0)
            As.append(A)
    return Zs, As, off


def exact(params, X, act, y, lam=0.0, at_zero=0.0, turned=True):
    """Return logits, loss and gradients in longdouble, from the definitions; wrong ones if W is not `turned`."""
    Zs, As, slack = exact_forward(params, X, act)
    n, log_p = len(X), log_softmax(Zs[-1])
    loss = -log_p[np.arange(n), y].sum() / n + WIDE(lam) * sum((W.astype(WIDE) ** 2).sum() for W, _ in params)
    delta = (np.exp(log_p) - np.eye(Zs[-1].shape[1], dtype=WIDE)[y]) / n
    grads = []
    for layer in reversed(range(len(params))):
        W = params[layer][0].astype(WIDE)
        grads.insert(0, (As[layer].T @ delta + 2 * WIDE(lam) * W, delta.sum(axis=0)))
        if layer:
            delta = (delta @ (W.T if turned else W)) * phi_prime(Zs[layer - 1], act, at_zero)
    nearest = np.min([np.abs(Z).min(axis=1) for Z in Zs[:-1]] or [np.full(n, np.inf)], axis=0)
    return Exact(Zs[-1], slack, loss, grads, nearest)


def exact_loss(params, X, act, y, lam):
    Zs, _, _ = exact_forward(params, X, act)
    penalty = sum((W.astype(WIDE) ** 2).sum() for W, _ in params)
    return -log_softmax(Zs[-1])[np.arange(len(X)), y].sum() / len(X) + WIDE(lam) * penalty


# Data. Always the same: no check draws from another's generator.


def network(rng, sizes, scale=1.0, dtype=np.float64):
    """Return weights of variance scale^2 / fan_in, and biases that are not zero."""
    return [
        (
            (scale * rng.normal(size=(m, k)) / np.sqrt(m)).astype(dtype),
            (0.5 * rng.normal(size=k)).astype(dtype),
        )
        for m, k in pairwise(sizes)
    ]


def problem(rng, sizes, act, n, scale=1.2, dtype=np.float64):
    """Return params, X and y; for ReLU without samples that come near a kink."""
    params = network(rng, sizes, scale, dtype)
    X, y = rng.normal(size=(3 * n, sizes[0])).astype(dtype), rng.integers(0, sizes[-1], size=3 * n)
    if act == "relu":
        kept = exact(params, X, act, y).nearest >= KINK
        X, y = X[kept], y[kept]
    if len(X) < n:
        raise ValueError("too few samples are left away from the kinks")
    return params, X[:n], y[:n]


@cache
def digits():
    """Return the first 60 images, scaled to [0, 1], and their digits: few, for whoever does a pass per weight."""
    rows = np.loadtxt(DATASETS / "digits.csv", delimiter=",", skiprows=1, max_rows=60)
    return rows[:, :-1] / 16, rows[:, -1].astype(np.int64)


@cache
def large():
    """Return X (3000, 20) and y (3000,) for timing."""
    rng = np.random.default_rng(59)
    return rng.normal(size=(3000, 20)), rng.integers(0, 10, size=3000)


# Taking an answer apart


def refuse(en, zh, symptom=None):
    raise CheckFailure(Message("text.bilingual", {"en": en, "zh": zh}), symptom=symptom)


def is_pair(value):
    return isinstance(value, list | tuple) and len(value) == 2


def layers_of(params, sizes):
    """Return what init_params returned as a list of (W, b) of the right shapes, or say what it is instead."""
    count = len(sizes) - 1
    if not isinstance(params, list | tuple) or len(params) != count or not all(is_pair(pair) for pair in params):
        refuse(
            f"init_params must return a list of {count} pairs (W, b) for {count + 1} sizes",
            f"sizes 有 {count + 1} 个宽度时，init_params 必须返回含 {count} 对 (W, b) 的列表",
        )
    for number, ((W, b), m, k) in enumerate(zip(params, sizes[:-1], sizes[1:], strict=True), start=1):
        try:
            assert_array(W, shape=(m, k), dtype=np.float64, name=f"W_{number}")
            assert_array(b, shape=k, dtype=np.float64, name=f"b_{number}")
        except CheckFailure as failure:
            turned = type(W) is np.ndarray and W.shape == (k, m) != (m, k)
            row = type(b) is np.ndarray and b.shape == (1, k)
            symptom = "transposed" if turned else "row_of_biases" if row else None
            raise CheckFailure(failure.message, symptom=symptom) from None
        what = Bilingual("largest bias (they start at zero)", "最大的偏置（应从零开始）")
        assert_within(np.abs(b).max(), 1e-12, name=f"b_{number}", what=what, symptom="biases")
    weights = np.concatenate([W.ravel() for W, _ in params])
    what = Bilingual("weights that occur more than once", "重复出现的权重个数")
    assert_within(weights.size - len(np.unique(weights)), 0.5, name="W", what=what, symptom="repeated")
    return list(params)


def logits_of(answer, params, X, act, *, name="Z"):
    """Check the logits in an answer of `forward` against their exact values and the slack of rounding."""
    if not is_pair(answer):
        refuse("forward must return the pair (Z, cache)", "forward 必须返回 (Z, cache) 这一对值")
    Zs, _, slack = exact_forward(params, X, act)
    dtype = X.dtype
    try:
        Z = assert_array(answer[0], shape=Zs[-1].shape, dtype=dtype, name=name)
    except CheckFailure as failure:
        symptom = wrong_kind(answer[0], Zs, dtype, act)
        raise CheckFailure(failure.message, symptom=symptom) from None
    excess = np.abs(Z - Zs[-1]) / (unit(dtype) * slack)
    what = Bilingual("largest error, in units of what rounding explains", "最大误差，以舍入误差所能解释的大小为单位")
    measured = float(excess.max())
    symptom = slip_of(Z, params, X, act) if measured > 1 else None
    return assert_within(measured, 1.0, name=name, what=what, symptom=symptom)


def wrong_kind(Z, Zs, dtype, act):
    """Return a word for logits of a wrong dtype, or that are NaN where an exp can overflow and nowhere else."""
    if type(Z) is not np.ndarray or Z.shape != Zs[-1].shape:
        return None
    if Z.dtype == np.float64 and dtype == np.float32:
        return "float64"
    lost = np.isnan(Z).any(axis=1)
    largest = np.max([np.abs(hidden).max(axis=1) for hidden in Zs[:-1]] or [np.zeros(len(Z))], axis=0)
    return f"{act}_overflow" if lost.any() and largest[lost].min() > 300 else None


def slip_of(Z, params, X, act):
    """Return which well-known slip gives these logits, or None. The cache beside them is everyone's own, so answers
    of `forward` cannot be compared as a whole."""

    def run(hidden, biased=True):
        A = X.astype(WIDE)
        for W, b in params[:-1]:
            A = hidden(A @ W, b if biased else 0 * b)
        return A @ params[-1][0] + (params[-1][1] if biased else 0)

    true = run(lambda Z, b: phi(Z + b, act))
    slips = {
        "activation_on_output": phi(true, act),
        "softmax": np.exp(log_softmax(true)),
        "log_softmax": log_softmax(true),
        "no_bias": run(lambda Z, b: phi(Z, act), biased=False),
        "bias_after_activation": run(lambda Z, b: phi(Z, act) + b),
        "no_activation": run(lambda Z, b: Z + b),
    }
    for other in set(ACTIVATIONS) - {act}:
        slips[f"always_{other}"] = run(lambda Z, b, other=other: phi(Z + b, other))
    near = 1e-9 if X.dtype == np.float64 else 1e-4
    size = float(np.abs(true).max())

    def same(a, b):
        return np.abs(a - b).max() <= near * size

    found = [slip for slip, wrong in slips.items() if same(Z, wrong) and not same(wrong, true)]
    return found[0] if len(found) == 1 else None


def loss_of(answer, name="loss"):
    if not is_pair(answer):
        refuse("loss_and_grads must return the pair (loss, grads)", "loss_and_grads 必须返回 (loss, grads) 这一对值")
    return assert_scalar(answer[0], name=name)


def grads_of(answer, params, dtype):
    """Return grads as a list of (dW, db), after type, shape, dtype and finiteness."""
    loss_of(answer)
    grads = answer[1]
    if not isinstance(grads, list | tuple) or len(grads) != len(params) or not all(is_pair(pair) for pair in grads):
        refuse(
            "grads must be a list with one pair (dW, db) per layer",
            "grads 必须是列表，每层对应一对 (dW, db)",
        )
    for number, ((dW, db), (W, b)) in enumerate(zip(grads, params, strict=True), start=1):
        for name, g, shape in (("dW", dW, W.shape), ("db", db, b.shape)):
            try:
                assert_array(g, shape=shape, dtype=dtype, name=f"{name}_{number}")
            except CheckFailure as failure:
                wider = type(g) is np.ndarray and g.shape == shape and g.dtype == np.float64
                raise CheckFailure(failure.message, symptom="float64" if wider else None) from None
    return list(grads)


def slip_of_logarithm(student):
    """Return which well-known slip spoils the loss where logits are large, or None.

    The logits are given outright, as one layer with X = I. In the first pair of rows only a missing maximum can hurt,
    in the second only a common one, in the third only the logarithm of a p that is 0.
    """

    def loss(*rows):
        Z = np.array(rows)
        answer = student.loss_and_grads([(Z, np.zeros(2))], np.eye(2), np.array([0, 1]), "relu", 0.0)
        told = answer[0] if is_pair(answer) else None
        return float(told) if isinstance(told, float | np.floating) else 0.0

    if not np.isfinite(loss([1000.0, 1001.0], [1001.0, 1000.0])):
        return "no_maximum"
    if not np.isfinite(loss([1000.0, 1001.0], [-1000.0, -1001.0])):
        return "one_maximum"
    third = loss([0.0, 2000.0], [2000.0, 0.0])
    if np.isinf(third):
        return "logarithm_of_zero"
    return "capped" if 0 < third < 200 else None  # -log of the least double is 745, of any usual epsilon below 100


def unit(dtype):
    return float(np.finfo(dtype).eps) / 2


def assert_loss(answer, truth, K, dtype, *, name="loss"):
    """Errors of the logits count twice (in log-sum-exp and at the label), those of K exps and of the sums once."""
    limit = 8 * unit(dtype) * (2 * truth.slack.max() + abs(truth.loss) + np.sqrt(K))
    what = Bilingual("error", "误差")
    return assert_within(abs(loss_of(answer, name) - truth.loss), limit, name=name, what=what)


def assert_blocks(grads, desired, dtype, *, logits=1.0, least=0.0):
    """||g - g*|| <= 64 L u (||g*|| + .01 ||all of g*||) in every W and b.

    exp(z - logsumexp(z)) is off by u |z|, so where logits are large the limit is `logits` times that. With a single
    class the whole gradient is 0, and `least` stands in for its norm.
    """
    total = max(np.sqrt(sum((block**2).sum() for pair in desired for block in pair)), least)
    what = Bilingual("error of the gradient (norm of the difference)", "梯度的误差（差的范数）")
    for number, (came, wanted) in enumerate(zip(grads, desired, strict=True), start=1):
        for name, g, true in (("dW", came[0], wanted[0]), ("db", came[1], wanted[1])):
            size = np.sqrt((true**2).sum())
            limit = 64 * len(desired) * unit(dtype) * logits * (size + 0.01 * total)
            error = np.sqrt(((g - true) ** 2).sum())
            assert_within(error, limit, name=f"{name}_{number}", what=what, likely=factor_line(g, true))


def factor_line(g, true):
    """Say so if a block is a multiple of the right one: a sign, a 2, an n."""
    large = np.abs(true) > 1e-3 * np.abs(true).max(initial=0)
    if np.count_nonzero(large) < 2:
        return None
    factors = (g[large] / true[large]).astype(float)
    factor = float(np.median(factors))
    if abs(factor - 1) < 1e-4 or np.ptp(factors) > 1e-4 * abs(factor):
        return None
    return Bilingual(f"all entries are {factor:.5g} times the right ones", f"每个分量都是正确值的 {factor:.5g} 倍")


def slip_of_transpose(grads, params, X, act, y):
    """Return a word for a gradient that came back through W in place of its transpose. Layers that are not square say
    nothing: there everyone's error has its own text."""
    if any(W.shape != (len(W), len(W)) for W, _ in params):
        return None
    try:
        assert_blocks(grads, exact(params, X, act, y, turned=False).grads, np.float64)
    except CheckFailure:
        return None
    return "no_transpose"


def assert_gradient_of(student, params, X, y, act, lam):
    """Check loss_and_grads on one problem against the oracle, gradient only."""
    truth = exact(params, X, act, y, lam)
    grads = grads_of(student.loss_and_grads(params, X, y, act, lam), params, X.dtype)
    assert_blocks(grads, truth.grads, X.dtype)


def assert_untouched(student, call, **args):
    """Call with objects that live on the student's side, and look whether they are still the same."""
    staged = {name: student.stage(value) for name, value in args.items()}
    call(**staged)
    for name, value in args.items():
        if not is_same(staged[name].fetch(), value):
            refuse(f"{name} was passed in and has been changed", f"传入的 {name} 被改动了", symptom=f"changed_{name}")


def is_same(came, value):
    if isinstance(value, list | tuple):
        return type(came) is type(value) and len(came) == len(value) and all(map(is_same, came, value))
    return type(came) is np.ndarray and np.array_equal(came, value)


@pytest.mark.part("init")
class TestInitParams:
    @pytest.mark.points(5)
    @pytest.mark.why(
        en="In every layer the weights have mean 0 and variance 2 / fan_in, as far as their number lets one tell.",
        zh="每一层权重的均值为 0、方差为 2 / fan_in（在样本量所能分辨的范围内）。",
    )
    @pytest.mark.hint(
        en="rng.normal takes the standard deviation, the root of the variance. fan_in is the number of rows of W.",
        zh="rng.normal 的参数是标准差，即方差的平方根。fan_in 是 W 的行数。",
    )
    def test_init_params_has_the_right_variance(self, student):
        sizes = [300, 60, 40, 150, 30]
        params = layers_of(student.init_params(sizes, np.random.default_rng(11)), sizes)
        of_mean = Bilingual("distance of the mean from 0, in standard errors", "均值与 0 的距离（标准误差的倍数）")
        of_variance = Bilingual(
            "distance of the variance from 2 / fan_in, in standard errors",
            "方差与 2 / fan_in 的距离（标准误差的倍数）",
        )
        for number, (W, _) in enumerate(params, start=1):
            # The standard error is 1 / sqrt(N) for the mean, and sqrt(2 / N) for the variance of normal draws.
            standard = W * np.sqrt(len(W) / 2)
            mean = abs(standard.mean()) * np.sqrt(W.size)
            spread = abs((standard**2).mean() - 1) * np.sqrt(W.size / 2)
            name, symptom = f"W_{number}", scale_of(params)
            assert_within(mean, 6.0, name=name, what=of_mean, symptom=symptom)
            assert_within(spread, 6.0, name=name, what=of_variance, symptom=symptom)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The weights come from rng alone: the same generator state gives the same, another seed and a second draw "
        "give something else. They are independent: rows and columns add up to what chance allows.",
        zh="权重只来自 rng：生成器状态相同则结果相同，换一个种子、或再抽一次，结果就不同。"
        "各权重相互独立：各行、各列之和在偶然性允许的范围内。",
    )
    @pytest.mark.hint(
        en="Call rng.normal or rng.uniform for every W; do not make a generator of your own, nor use np.random's.",
        zh="每个 W 都调用 rng.normal（或 rng.uniform）；不要自己新建生成器，也不要用 np.random 的全局函数。",
    )
    def test_init_params_draws_from_rng(self, student):
        sizes = [40, 25, 25, 10]
        first, again, other = (
            layers_of(student.init_params(sizes, np.random.default_rng(seed)), sizes) for seed in (12, 12, 13)
        )
        handle = student.stage(np.random.default_rng(12))
        drawn = [layers_of(student.init_params(sizes, handle), sizes) for _ in range(2)]
        of_same = Bilingual("difference between two calls with equal generators", "两个状态相同的生成器所得结果之差")
        of_others = Bilingual("weights that are equal although the generator is not", "生成器不同而权重相同的个数")
        of_sums = Bilingual(
            "largest sum of a row or column, in standard errors", "行和或列和的最大值（标准误差的倍数）"
        )
        for number, (W, _) in enumerate(first):
            name = f"W_{number + 1}"
            assert_within(np.abs(W - again[number][0]).max(), 1e-12, name=name, what=of_same, symptom="not_from_rng")
            for W2 in (other[number][0], drawn[1][number][0]):
                assert_within(np.count_nonzero(W == W2), 0.5, name=name, what=of_others, symptom="seed_ignored")
            for axis in (0, 1):
                sums = W.sum(axis=axis) / (W.std() * np.sqrt(W.shape[axis]))
                assert_within(np.abs(sums - sums.mean()).max(), 6.0, name=name, what=of_sums)


def scale_of(params):
    """Return which well-known scale all layers have within 6 standard errors, or None if it is not exactly one."""
    scales = {
        "standard_normal": lambda m, k: 1.0,
        "unit_interval": lambda m, k: 1 / 3,  # mean square of uniform draws from [0, 1) or from [-1, 1)
        "hundredth": lambda m, k: 1e-4,
        "one_over_fan_in": lambda m, k: 1 / m,
        "fan_out": lambda m, k: 2 / k,
        "glorot": lambda m, k: 2 / (m + k),
        "variance_as_deviation": lambda m, k: 4 / m**2,
        "bound_as_deviation": lambda m, k: 2 / (3 * m),  # uniform from -sqrt(2 / m) to sqrt(2 / m)
    }

    def fits(variance):
        return all(abs((W**2).mean() / variance(*W.shape) - 1) * np.sqrt(W.size / 2) <= 6 for W, _ in params)

    found = [name for name, variance in scales.items() if fits(variance)]
    return found[0] if len(found) == 1 else None


@pytest.mark.part("forward")
class TestForward:
    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Nets with two hidden layers of different widths: the logits are those of the formula, for each activation.",
        zh="有两个不同宽度隐藏层的网络：对每种激活函数，logit 都与公式相符。",
    )
    @pytest.mark.hint(
        en="Go through the layers one by one: A @ W + b, then the activation named by act, except in the last layer.",
        zh="逐层进行：先 A @ W + b，再作用 act 所指的激活函数，最后一层除外。",
    )
    @pytest.mark.parametrize("act", ACTIVATIONS)
    def test_forward_follows_the_formula(self, student, act):
        params, X, _ = problem(np.random.default_rng(21), [7, 9, 5, 4], act, 12)
        logits_of(student.forward(params, X, act), params, X, act)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="Without hidden layer the logits are X W + b, negative ones among them.",
        zh="没有隐藏层时，logit 就是 X W + b，其中也有负数。",
    )
    @pytest.mark.hint(
        en="The last layer has no activation; with one layer, the last is the first.",
        zh="最后一层没有激活函数；只有一层时，最后一层就是第一层。",
    )
    def test_forward_without_hidden_layer_is_linear(self, student):
        params, X, _ = problem(np.random.default_rng(22), [6, 3], "tanh", 10)
        for act in ACTIVATIONS:
            logits_of(student.forward(params, X, act), params, X, act)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Five layers, one of them one unit wide; a batch of one; a transposed (not contiguous) X; lists of lists.",
        zh="五层的网络，其中一层只有一个单元；只有一个样本；转置得到的（内存不连续的）X；以及元素为列表的 params。",
    )
    @pytest.mark.hint(
        en="Let no shape be squeezed: with one sample or one unit the arrays still have two dimensions.",
        zh="不要压缩维度：只有一个样本或一个单元时，数组仍是二维的。",
    )
    def test_forward_takes_nets_and_batches_of_any_size(self, student):
        rng = np.random.default_rng(23)
        for act in ACTIVATIONS:
            params, X, _ = problem(rng, [5, 5, 1, 6, 5, 3], act, 8)
            logits_of(student.forward(params, X, act), params, X, act)
            logits_of(student.forward(params, X[:1], act), params, X[:1], act, name="Z (n=1)")
            turned = [(np.asfortranarray(W), b) for W, b in params]
            logits_of(student.forward(turned, np.asfortranarray(X), act), params, X, act, name="Z (X.T)")
            lists = [[W, b] for W, b in params]
            logits_of(student.forward(lists, X, act), params, X, act)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Sums up to ten thousand in either direction saturate the activations, and no NaN comes of them.",
        zh="加权和达到正负一万时，激活函数饱和，但不会出现 NaN。",
    )
    @pytest.mark.hint(
        en="exp of a large number is inf, and inf / inf is NaN: give exp no large positive numbers, or use np.tanh.",
        zh="很大的数取 exp 得到 inf，而 inf / inf 是 NaN：不要让 exp 的自变量取很大的正数，或者使用 np.tanh。",
    )
    def test_forward_survives_large_sums(self, student):
        params, X, _ = problem(np.random.default_rng(24), [4, 8, 6, 3], "relu", 10)
        for factor in (30.0, 1e4):
            scaled = [(factor * params[0][0], params[0][1]), *params[1:]]
            for act in ACTIVATIONS:
                logits_of(student.forward(scaled, X, act), scaled, X, act, name=f"Z ({act})")

    @pytest.mark.points(3)
    @pytest.mark.needs("test_forward_follows_the_formula")
    @pytest.mark.why(
        en="float32 params and X give float32 logits of float32's accuracy; if only one of them is float32, float64.",
        zh="params 和 X 都是 float32 时，logit 也是 float32，精度相当；只有其一是 float32 时，结果是 float64。",
    )
    @pytest.mark.hint(
        en="Look for a float64 array that slips in, such as np.zeros(...), or for a cast to float32 that is too much.",
        zh="找一找混进来的 float64 数组（例如 np.zeros(...)），或多余的 float32 转换。",
    )
    def test_forward_keeps_float32(self, student):
        rng = np.random.default_rng(25)
        for act in ACTIVATIONS:
            params, X, _ = problem(rng, [6, 8, 7, 4], act, 9, dtype=np.float32)
            logits_of(student.forward(params, X, act), params, X, act, name=f"Z ({act})")
            wide = X.astype(np.float64)
            logits_of(student.forward(params, wide, act), params, wide, act, name=f"Z ({act})")

    @pytest.mark.points(2)
    @pytest.mark.needs("test_forward_follows_the_formula")
    @pytest.mark.why(
        en="X, the weights and the biases are the same afterwards.",
        zh="X、权重和偏置在调用之后保持不变。",
    )
    @pytest.mark.hint(
        en="Statements such as X *= ..., W += ... and np.maximum(A, 0, out=A) write into the caller's arrays.",
        zh="X *= ...、W += ... 和 np.maximum(A, 0, out=A) 之类的语句会改写调用者的数组。",
    )
    def test_forward_leaves_its_inputs_alone(self, student):
        for act in ACTIVATIONS:
            params, X, _ = problem(np.random.default_rng(26), [4, 5, 3], act, 6)
            assert_untouched(student, lambda params, X, act=act: student.forward(params, X, act), params=params, X=X)


@pytest.mark.part("backprop")
class TestLossAndGrads:
    @pytest.mark.points(5)
    @pytest.mark.why(
        en="The loss is the mean cross-entropy plus lam times the squares of all weights, for each activation.",
        zh="损失等于交叉熵的平均，加上 lam 乘所有权重的平方和，对每种激活函数都是如此。",
    )
    @pytest.mark.hint(
        en="Compare the losses of X, y and of the same data written twice: the mean must not change. Biases are free.",
        zh="比较 X、y 的损失与同一份数据重复两遍后的损失：平均值不应改变。偏置不受惩罚。",
    )
    def test_loss_follows_the_formula(self, student):
        rng = np.random.default_rng(41)
        for act in ACTIVATIONS:
            for lam in (0.0, 0.3):
                params, X, y = problem(rng, [6, 8, 5, 4], act, 15)
                answer = student.loss_and_grads(params, X, y, act, lam)
                assert_loss(answer, exact(params, X, act, y, lam), 4, np.float64, name=f"loss ({act}, lam={lam:g})")

    @pytest.mark.points(5)
    @pytest.mark.why(
        en="A net with two hidden layers of different widths: every dW and db agrees with the judge's gradient.",
        zh="有两个不同宽度隐藏层的网络：每个 dW 和 db 都与评分程序求出的梯度相符。",
    )
    @pytest.mark.hint(
        en="Run the gradient check of the notebook, and look which layer is the last whose gradient is wrong.",
        zh="运行笔记本中的梯度检验，看看从后往前数，哪一层的梯度先出错。",
    )
    @pytest.mark.parametrize("act", ACTIVATIONS)
    def test_grads_match_the_judges(self, student, act):
        params, X, y = problem(np.random.default_rng(42), [7, 9, 6, 5], act, 20)
        assert_gradient_of(student, params, X, y, act, 0.0)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Along random directions, one W or b at a time, the gradient predicts how the judge's loss changes.",
        zh="沿随机方向（每次只动一个 W 或 b），梯度能预测评分程序的损失如何变化。",
    )
    @pytest.mark.hint(
        en="This is the gradient check of the notebook, on other data and with lam > 0.",
        zh="这就是笔记本中的梯度检验，只是数据不同，而且 lam > 0。",
    )
    def test_grads_match_differences(self, student):
        rng = np.random.default_rng(43)
        what = Bilingual("difference between gradient and difference quotient", "梯度与差商之差")
        for act in ACTIVATIONS:
            params, X, y = problem(rng, [5, 6, 6, 4], act, 12)
            grads = grads_of(student.loss_and_grads(params, X, y, act, 0.02), params, np.float64)
            for layer in range(len(params)):
                for which in (0, 1):
                    along = rng.normal(size=params[layer][which].shape)
                    along /= np.linalg.norm(along)

                    ahead, behind = (
                        exact_loss(moved(params, layer, which, t * along), X, act, y, 0.02) for t in (STEP, -STEP)
                    )
                    quotient = float((ahead - behind) / (2 * STEP))
                    told = float((grads[layer][which] * along).sum())
                    limit = 1e-6 * (abs(quotient) + abs(told) + 1e-3)
                    name = f"{'dW' if which == 0 else 'db'}_{layer + 1} ({act})"
                    assert_within(abs(told - quotient), limit, name=name, what=what)

    @pytest.mark.points(5)
    @pytest.mark.why(
        en="Square layers, where a forgotten transpose raises no error, and nets of up to six layers.",
        zh="方阵层（漏掉转置也不会报错），以及多达六层的网络。",
    )
    @pytest.mark.hint(
        en="Delta_l goes back through the transpose of W_l, and is multiplied by the slope at Z_(l-1).",
        zh="Delta_l 往回传时乘的是 W_l 的转置，再乘以 Z_(l-1) 处的斜率。",
    )
    def test_grads_of_square_and_deep_nets(self, student):
        rng = np.random.default_rng(44)
        for act in ACTIVATIONS:
            for sizes in ([5, 5, 5], [4] * 5, [6, 3, 5, 5, 2, 4, 4]):
                params, X, y = problem(rng, sizes, act, 10)
                grads = grads_of(student.loss_and_grads(params, X, y, act, 0.0), params, np.float64)
                try:
                    assert_blocks(grads, exact(params, X, act, y).grads, np.float64)
                except CheckFailure as failure:
                    symptom = slip_of_transpose(grads, params, X, act, y)
                    raise CheckFailure(failure.message, symptom=symptom) from None

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Without hidden layer this is softmax regression: dW = X^T (P - Y) / n, whatever act says.",
        zh="没有隐藏层时就是 softmax 回归：dW = X^T (P - Y) / n，与 act 无关。",
    )
    @pytest.mark.hint(
        en="The first layer's input is X itself; there is no activation whose slope one could multiply by.",
        zh="第一层的输入就是 X 本身；没有激活函数，也就没有斜率可乘。",
    )
    def test_grads_without_hidden_layer(self, student):
        params, X, y = problem(np.random.default_rng(45), [6, 4], "tanh", 15)
        for act in ACTIVATIONS:
            assert_gradient_of(student, params, X, y, act, 0.0)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="A batch of one, a single class, layers one unit wide, labels of type uint8, arrays in Fortran order.",
        zh="只有一个样本、只有一个类别、只有一个单元的层、uint8 类型的标签、按列存储的数组。",
    )
    @pytest.mark.hint(
        en="Let no shape be squeezed: use keepdims=True where a sum over an axis is to be broadcast back.",
        zh="不要压缩维度：对某个轴求和后还要广播回去时，使用 keepdims=True。",
    )
    def test_grads_of_batches_and_nets_of_any_size(self, student):
        rng = np.random.default_rng(46)
        for sizes, n in (([4, 5, 3], 1), ([3, 4, 1], 6), ([5, 1, 1, 3], 7)):
            params, X, y = problem(rng, sizes, "tanh", n)
            turned = [(np.asfortranarray(W), b) for W, b in params]
            truth = exact(params, X, "tanh", y)
            for args in ((params, X, y.astype(np.uint8)), (turned, np.asfortranarray(X), y)):
                grads = grads_of(student.loss_and_grads(*args, "tanh", 0.0), params, np.float64)
                assert_blocks(grads, truth.grads, np.float64, least=1.0)

    @pytest.mark.points(4)
    @pytest.mark.why(
        en="Logits of plus and minus three thousand: loss and gradients stay finite and right, row by row.",
        zh="logit 达到正负三千时，损失和梯度仍然有限而且正确，每一行都是如此。",
    )
    @pytest.mark.hint(
        en="Subtract each row's own maximum before exp, and never take the logarithm of a probability that may be 0.",
        zh="求 exp 之前减去每一行自己的最大值；不要对可能为 0 的概率取对数。",
    )
    def test_loss_and_grads_survive_large_logits(self, student):
        rng = np.random.default_rng(47)
        for hidden in (False, True):
            X = np.column_stack([rng.integers(-3, 4, size=(8, 3)), np.tile([1.0, -1.0], 4)]).astype(np.float64)
            W = np.vstack([rng.integers(-2, 3, size=(3, 4)), np.full((1, 4), 3000)]).astype(np.float64)
            W[0] *= 256.0  # rows shifted by +-3000 as a whole, and up to 1500 between their entries
            params = [(W, np.array([0.5, -1.0, 0.0, 2.0]))]
            if hidden:  # relu(x) - relu(-x) = x: the same logits through a hidden layer
                eye, half = np.eye(4), np.full(8, 0.25)
                params = [(np.hstack([eye, -eye]), half), (np.vstack([W, -W]), params[0][1])]
            y = np.arange(8) % 4
            answer = student.loss_and_grads(params, X, y, "relu", 0.0)
            truth = exact(params, X, "relu", y)
            try:
                assert_loss(answer, truth, 4, np.float64)
            except CheckFailure as failure:
                raise CheckFailure(failure.message, symptom=slip_of_logarithm(student)) from None
            grads = grads_of(answer, params, np.float64)
            assert_blocks(grads, truth.grads, np.float64, logits=float(np.abs(truth.Z).max()))

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Hidden units driven far into saturation, and a layer of dead ReLUs: the gradient there is tiny or zero, "
        "but finite and right.",
        zh="隐藏单元远远进入饱和区，以及整层“死掉”的 ReLU：那里的梯度极小或为零，但有限而且正确。",
    )
    @pytest.mark.hint(
        en="Write the slope in terms of the activation's output, a (1 - a) or 1 - a^2; no exp is needed.",
        zh="用激活函数的输出来写斜率：a (1 - a) 或 1 - a^2，不需要 exp。",
    )
    def test_grads_survive_saturation(self, student):
        rng = np.random.default_rng(48)
        for act in ("tanh", "sigmoid"):
            params, X, y = problem(rng, [4, 6, 5, 3], act, 12)
            for factor in (20.0, 1e4):
                scaled = [(factor * params[0][0], factor * params[0][1]), *params[1:]]
                assert_gradient_of(student, scaled, X, y, act, 0.0)
        params, X, y = problem(rng, [4, 6, 5, 3], "relu", 12)
        params[1] = (params[1][0], np.full(5, -100.0))  # all units of one layer off, for all samples
        assert_gradient_of(student, params, X, y, "relu", 0.0)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="Where a ReLU's sum is exactly 0, the slope is one fixed number in [0, 1].",
        zh="ReLU 的加权和恰好为 0 时，斜率取 [0, 1] 中某个固定的数。",
    )
    @pytest.mark.hint(
        en="Use a comparison such as Z > 0; a quotient such as A / Z is NaN at 0.",
        zh="用 Z > 0 这样的比较；A / Z 之类的商在 0 处是 NaN。",
    )
    def test_grads_at_the_kink_of_relu(self, student):
        rng = np.random.default_rng(49)
        params, X, y = problem(rng, [3, 5, 4], "relu", 9)
        params[0] = (params[0][0], np.zeros(5))
        X[::3] = 0.0  # so that all sums of these samples are exactly zero
        answer = student.loss_and_grads(params, X, y, "relu", 0.0)
        grads = grads_of(answer, params, np.float64)
        ends = [exact(params, X, "relu", y, at_zero=end).grads for end in (0.0, 1.0)]
        # Only one hidden layer has zeros, so the gradient is linear in the slope there: find it, then compare.
        steps = [[high - low for low, high in zip(*pairs, strict=True)] for pairs in zip(*ends, strict=True)]
        offs = [[g - low for g, low in zip(*pairs, strict=True)] for pairs in zip(grads, ends[0], strict=True)]
        square = sum((step**2).sum() for pair in steps for step in pair)
        along = sum((step * off).sum() for left, right in zip(steps, offs, strict=True)
                    for step, off in zip(left, right, strict=True))  # fmt: skip
        slope = float(min(max(along / square, 0.0), 1.0))
        assert_blocks(grads, exact(params, X, "relu", y, at_zero=slope).grads, np.float64)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The gradient of the penalty is 2 lam W in every layer, and nothing in the biases.",
        zh="惩罚项的梯度在每一层都是 2 lam W，对偏置则没有。",
    )
    @pytest.mark.hint(
        en="dW gets 2 * lam * W of its own layer; not lam * W, not divided by n, not handed on to the layer before.",
        zh="每层的 dW 加上该层的 2 * lam * W；不是 lam * W，不除以 n，也不往前一层传。",
    )
    def test_grads_of_the_penalty(self, student):
        rng = np.random.default_rng(50)
        for lam in (1e-3, 7.0):
            params, X, y = problem(rng, [5, 7, 6, 3], "sigmoid", 10)
            assert_gradient_of(student, params, X, y, "sigmoid", lam)

    @pytest.mark.points(3)
    @pytest.mark.needs("test_grads_match_the_judges")
    @pytest.mark.why(
        en="float32 params and X give float32 gradients, as accurate as that type allows.",
        zh="params 和 X 都是 float32 时，梯度也是 float32，达到该类型应有的精度。",
    )
    @pytest.mark.hint(
        en="Look for a float64 array that slips in: np.zeros(...), np.eye(K), a one-hot matrix.",
        zh="找一找混进来的 float64 数组：np.zeros(...)、np.eye(K)、独热矩阵。",
    )
    def test_loss_and_grads_keep_float32(self, student):
        rng = np.random.default_rng(51)
        for act in ACTIVATIONS:
            params, X, y = problem(rng, [6, 7, 7, 4], act, 16, dtype=np.float32)
            assert_gradient_of(student, params, X, y, act, 0.0)

    @pytest.mark.points(1)
    @pytest.mark.needs("test_loss_small_example", "test_grads_small_example")
    @pytest.mark.why(
        en="Labels in shape (n, 1), labels outside of 0..K-1 and a negative lam raise ValueError.",
        zh="形状为 (n, 1) 的标签、不在 0..K-1 之内的标签，以及负的 lam，都抛出 ValueError。",
    )
    @pytest.mark.hint(
        en="Call validated and validated_labels first, as the template does.",
        zh="像模板那样，先调用 validated 和 validated_labels。",
    )
    def test_loss_and_grads_refuse_bad_labels(self, student):
        params, X, y = problem(np.random.default_rng(52), [4, 5, 3], "tanh", 6)
        loss_of(student.loss_and_grads(params, X, y, "tanh", 0.1))
        for labels, lam in ((y[:, None], 0.1), (np.full(6, -1), 0.1), (np.full(6, 3), 0.1), (y, -0.1)):
            with pytest.raises(ValueError):
                student.loss_and_grads(params, X, labels, "tanh", lam)

    @pytest.mark.points(2)
    @pytest.mark.needs("test_grads_match_the_judges")
    @pytest.mark.why(
        en="X, the labels, the weights and the biases are the same afterwards.",
        zh="X、标签、权重和偏置在调用之后保持不变。",
    )
    @pytest.mark.hint(
        en="Return the gradients, and leave it to the caller to update the weights.",
        zh="只返回梯度，更新权重的事留给调用者。",
    )
    def test_loss_and_grads_leave_their_inputs_alone(self, student):
        for act in ACTIVATIONS:
            params, X, y = problem(np.random.default_rng(53), [4, 5, 3], act, 6)

            def call(params, X, y, act=act):
                return student.loss_and_grads(params, X, y, act, 0.1)

            assert_untouched(student, call, params=params, X=X, y=y)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="Handwritten digits through a net of 64, 32 and 10 units: the loss and every gradient are right.",
        zh="手写数字图像，宽度为 64、32、10 的网络：损失和每个梯度都正确。",
    )
    @pytest.mark.hint(
        en="Some pixels are blank in all images: their rows of dW_1 are zero.",
        zh="有些像素在所有图像中都是空白：dW_1 的相应各行为零。",
    )
    def test_loss_and_grads_on_digits(self, student):
        X, y = digits()
        params = network(np.random.default_rng(54), [64, 32, 10])
        answer = student.loss_and_grads(params, X, y, "tanh", 0.0)
        truth = exact(params, X, "tanh", y)
        assert_loss(answer, truth, 10, np.float64)
        assert_blocks(grads_of(answer, params, np.float64), truth.grads, np.float64)

    @pytest.mark.points(5)
    @pytest.mark.needs("test_grads_match_the_judges")
    @pytest.mark.why(
        en="3000 samples through layers of 20, 16 and 10 units take no more CPU time than vectorised code needs.",
        zh="3000 个样本通过宽度为 20、16、10 的各层，所用的 CPU 时间不超过向量化代码所需。",
    )
    @pytest.mark.hint(
        en="Replace the Python loop over samples by matrix products such as A.T @ delta.",
        zh="用矩阵乘法（例如 A.T @ delta）代替对样本的 Python 循环。",
    )
    def test_loss_and_grads_is_fast(self, student, twin):
        X, y = large()

        def make_args(seed):  # another net and another order of labels each time
            return network(np.random.default_rng(60 + seed), [20, 16, 10]), X, np.roll(y, seed), "relu", 0.0

        def check(answer, args):
            params, X, y, *_ = args
            grads = grads_of(answer, params, np.float64)
            what = Bilingual("relative error of the gradient", "梯度的相对误差")
            desired = plain_gradient(params, X, y)
            for number, (came, wanted) in enumerate(zip(grads, desired, strict=True), start=1):
                for name, g, true in (("dW", came[0], wanted[0]), ("db", came[1], wanted[1])):
                    error = np.linalg.norm(g - true) / np.linalg.norm(true)
                    assert_within(error, 1e-11, name=f"{name}_{number}", what=what)

        assert_speed(
            student.loss_and_grads,
            twin.loss_and_grads,
            make_args,
            limit=SPEED_LIMIT,
            name="loss_and_grads",
            repeats=9,
            check=check,
        )


def moved(params, layer, which, step):
    """Return params with `step` added to one W or b."""
    changed = [list(pair) for pair in params]
    changed[layer][which] = changed[layer][which] + step
    return changed


def plain_gradient(params, X, y):
    """Return the gradient of a ReLU net with one hidden layer in float64: quick, for what is timed."""
    (W1, b1), (W2, b2) = params
    Z1 = X @ W1 + b1
    delta = (np.exp(log_softmax(np.maximum(Z1, 0) @ W2 + b2)) - np.eye(len(b2))[y]) / len(X)
    back = (delta @ W2.T) * (Z1 > 0)
    first = X.T @ back, back.sum(axis=0)
    return [first, (np.maximum(Z1, 0).T @ delta, delta.sum(axis=0))]
