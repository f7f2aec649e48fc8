"""The checks that students do not see. `design.md` derives the criteria; each check is one number against a limit."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from autograder.judge import (
    CheckFailure,
    assert_array,
    assert_close,
    assert_gradient,
    assert_scalar,
    assert_speed,
    assert_within,
)
from autograder.text import Bilingual, Message

# Loss and gradient are judged apart where one may be right without the other.
LOSS_OR_GRADIENT = pytest.mark.parametrize("wanted", [("loss",), ("dW", "db")], ids=["loss", "gradient"])
# So are softmax and log_softmax.
EACH_FUNCTION = pytest.mark.parametrize("function", ["softmax", "log_softmax"])
DATASETS = Path(__file__).resolve().parents[2] / "datasets"
# Geometric mean of the slowest vectorised way and the fastest loop over samples: see design.md.
SPEED_LIMIT = 6.0
ABSOLUTE = Bilingual("largest error", "最大误差")
RELATIVE = Bilingual("largest error relative to what rounding allows", "最大误差与舍入误差允许值之比")

# onnx.backend.test.case.node, softmax.py and logsoftmax.py: test_softmax_large_number, test_logsoftmax_large_number.
ONNX_LOGITS = [[0, 1, 2, 3], [10000, 10001, 10002, 10003]]
ONNX_SOFTMAX = [[0.032058604, 0.08714432, 0.23688284, 0.6439143]] * 2
ONNX_LOG_SOFTMAX = [[-3.4401896, -2.4401896, -1.4401896, -0.44018966]] * 2

# Stata 11 on anes96.csv, as statsmodels' tests hold it: party identification (class 0 is the base) on log(population
# + 0.1), own left-right position, age, education, income and a constant; a row per class 1..6. The log-likelihood.
ANES_PARAMETERS = [
    [-0.01153598, 0.29771435, -0.024945, 0.08249144, 0.00519655, -0.37340167],
    [-0.08875065, 0.39166864, -0.02289784, 0.18104276, 0.04787398, -2.2509132],
    [-0.1059667, 0.57345051, -0.01485121, -0.00715242, 0.05757516, -3.6655835],
    [-0.0915567, 1.2787718, -0.00868135, 0.19982796, 0.08449838, -7.6138431],
    [-0.0932846, 1.3469616, -0.01790407, 0.21693885, 0.08095841, -7.0604782],
    [-0.14088069, 2.0700801, -0.00943265, 0.3219257, 0.10889408, -12.105751],
]
ANES_LOG_LIKELIHOOD = -1461.922747312


# Oracles: the formulas of the text in longdouble, and what rounding may do to any careful way of evaluating them.


def unit(dtype):
    """Return the unit roundoff of a float dtype."""
    return float(np.finfo(dtype).eps) / 2


def exact_log_softmax(Z):
    Z = Z.astype(np.longdouble)
    Z = Z - Z.max(axis=1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))


def exact_loss_grad(W, b, X, y, lam):
    """Return loss, dW, db of softmax regression in longdouble."""
    W, b, X = (value.astype(np.longdouble) for value in (W, b, X))
    log_p = exact_log_softmax(X @ W + b)
    observed = np.arange(len(y)), y
    G = np.exp(log_p)
    G[observed] -= 1
    loss = -log_p[observed].mean() + lam * np.sum(W**2)
    return loss, X.T @ G / len(y) + 2 * lam * W, G.mean(axis=0)


def limits(W, b, X, y, lam, loss):
    """Return what is allowed for |loss - exact|, and for the largest |dW - exact| and |db - exact|."""
    u, n, (d, K) = unit(X.dtype), len(y), W.shape
    wide = np.abs(X).astype(np.float64)
    dz = (np.sqrt(d) + 2) * u * float(np.max(wide @ np.abs(W) + np.abs(b) + 1))
    dp = 2 * dz + np.sqrt(K) * u
    dW = 8 / n * dp * float(wide.sum(axis=0).max()) + 8 * u * lam * float(np.max(np.abs(W)))
    return 8 * (2 * dz + u * (abs(float(loss)) + np.sqrt(K))), dW, 8 * dp


def logit_error(Z):
    """Return the error, relative in p and absolute in log p, that rounding may make in each row of Z, (n, 1)."""
    return 8 * unit(Z.dtype) * (np.abs(Z).max(axis=1, keepdims=True).astype(np.float64) + Z.shape[1] + 1)


def assert_softmax(P, Z):
    """Every entry is right relative to itself; what lies below u^2 may be anything as small (underflow, a floor)."""
    assert_array(P, shape=Z.shape, dtype=Z.dtype, name="softmax")
    desired = np.exp(exact_log_softmax(Z))
    allowed = logit_error(Z) * desired + unit(Z.dtype) ** 2
    assert_within(float(np.max(np.abs(P - desired) / allowed)), 1.0, name="softmax", what=RELATIVE)


def assert_log_softmax(log_P, Z, nowhere_finite=None):
    with recognising(lambda: log_softmax_symptom(log_P, Z, nowhere_finite)):
        assert_array(log_P, shape=Z.shape, dtype=Z.dtype, name="log_softmax")
        error = np.abs(log_P - exact_log_softmax(Z)) / logit_error(Z)
        assert_within(float(np.max(error)), 1.0, name="log_softmax", what=RELATIVE)


def three_parts(answer):
    """Return loss, dW and db of what softmax_loss_grad returned, if it is three things."""
    if isinstance(answer, tuple | list) and len(answer) == 3:
        return answer
    came = f"{len(answer)}" if isinstance(answer, tuple | list) else "None" if answer is None else "1"
    en = f"softmax_loss_grad: the three values (loss, dW, db) are wanted; returned: {came}"
    zh = f"softmax_loss_grad：应返回三个值 (loss, dW, db)，实际返回：{came}"
    raise CheckFailure(Message("text.bilingual", {"en": en, "zh": zh}))


def assert_loss_grad(student, W, b, X, y, lam=0.0, wanted=("loss", "dW", "db"), nowhere_finite=None):
    """Call softmax_loss_grad and check what is wanted of its answer."""
    parts = three_parts(student.softmax_loss_grad(W, b, X, y, lam))
    exact = exact_loss_grad(W, b, X, y, lam)
    allowed = limits(W, b, X, y, lam, exact[0])
    with recognising(lambda: loss_grad_symptom(parts, (W, b, X, y, lam), wanted, nowhere_finite)):
        for name, came, desired, limit in zip(("loss", "dW", "db"), parts, exact, allowed, strict=True):
            if name not in wanted:
                continue
            if name == "loss":
                came = assert_scalar(came, name=name)
            else:
                came = assert_array(came, shape=desired.shape, dtype=X.dtype, name=name)
            assert_within(float(np.max(np.abs(came - desired))), limit, name=name, what=ABSOLUTE)


# Symptoms: what a wrong answer is recognised by (design.md, "Naming"). Whoever makes two mistakes in one function gives
# no misconception's answers, but where one number shows one of them alone, it is named.

RIGHT = "right"
OVERFLOW = "exponentials of the logits as they are"
ONE_MAXIMUM = "one maximum for the matrix"
LOG_OF_ZERO = "the logarithm of 0"
FLOOR = "a floor under the probabilities"
# Numbers that people put under a logarithm, added or clipped at.
FLOORS = (*(10.0**-k for k in range(3, 21)), 1e-30, 1e-100, 1e-300, float(np.finfo(np.float64).eps))
DISTINCT = 100  # a wrong value counts if it lies this many limits off the right one ...
NEARNESS = 1e-3  # ... and the answer that much nearer to it than it is to the right one


@contextmanager
def recognising(symptom):
    """Let what fails inside carry the symptom, if there is one."""
    try:
        yield
    except CheckFailure as failure:
        with np.errstate(all="ignore"):
            failure.symptom = failure.symptom or symptom()
        raise


def matches(came, wrong, right, limits):
    """Whether the arrays that came are the wrong ones, and these are not the right ones."""
    gaps = [float(np.max(np.abs(a - b))) for a, b in zip(wrong, right, strict=True)]
    return any(gap > DISTINCT * limit for gap, limit in zip(gaps, limits, strict=True)) and all(
        np.max(np.abs(a - b)) <= limit + NEARNESS * gap
        for a, b, limit, gap in zip(came, wrong, limits, gaps, strict=True)
    )


def log_softmax_symptom(log_P, Z, nowhere_finite):
    if not isinstance(log_P, np.ndarray) or log_P.shape != Z.shape or log_P.dtype.kind != "f":
        return None
    exact, allowed, finite = exact_log_softmax(Z), logit_error(Z), np.isfinite(log_P)
    if not finite.any():
        return nowhere_finite
    if finite.all():
        floored = (np.log(p) for floor in FLOORS for p in (np.exp(exact) + floor, np.maximum(np.exp(exact), floor)))
        limit = float(allowed.max())
        return FLOOR if any(matches([log_P], [wrong], [exact], [limit]) for wrong in floored) else None
    # Between the smallest normal number and half the smallest at all, exp has few digits, and may give 0 or not.
    info = np.finfo(Z.dtype)
    low, lowest = np.log(info.tiny), np.log(info.smallest_subnormal) - 1
    if np.any((np.abs(log_P - exact) > allowed)[finite & (exact > low)]):
        return None
    lost = ~finite
    below = np.broadcast_to(Z.max(axis=1, keepdims=True).astype(np.float64) - Z.max(), Z.shape)
    for word, depth in ((LOG_OF_ZERO, exact), (ONE_MAXIMUM, below)):
        if np.all(lost[depth < lowest]) and np.all(depth[lost] < low):
            return word
    return None


def loss_grad_symptom(parts, problem, wanted, nowhere_finite=None):
    """Return what is wrong with what is wanted of an answer, if that is one thing and a known one."""
    loss, dW, db = parts
    if not isinstance(loss, (float, np.floating)):
        return None
    if not all(isinstance(value, np.ndarray) and value.dtype.kind == "f" for value in (dW, db)):
        return None
    if not np.isfinite(loss):  # and if probabilities had become NaN, the gradient would be NaN
        finite = np.isfinite(dW).all() and np.isfinite(db).all()
        return LOG_OF_ZERO if finite and "loss" in wanted else None if finite else nowhere_finite
    found = {loss_symptom(loss, *problem)} if "loss" in wanted else set()
    if "dW" in wanted or "db" in wanted:
        found.add(gradient_symptom(dW, db, *problem))
    found.discard(RIGHT)
    return found.pop() if len(found) == 1 else None


def wrong_penalties(W, b, lam, n):
    """Return the penalties that people add to the loss, with their gradients."""
    W, b = W.astype(np.longdouble), b.astype(np.longdouble)
    squares, none, zero = np.sum(W**2), 0 * W, 0 * b
    return {
        RIGHT: (lam * squares, 2 * lam * W, zero),
        "half the penalty": (lam / 2 * squares, lam * W, zero),
        "the penalty divided by n": (lam / n * squares, 2 * lam / n * W, zero),
        "no penalty": (0.0, none, zero),
        "a penalty with a root": (lam * np.sqrt(squares), none, zero),
        "a penalty on the intercepts": (lam * (squares + np.sum(b**2)), 2 * lam * W, 2 * lam * b),
    }


def one_wrong(first, second):
    """Return the word of the one that is wrong, None where both are."""
    return None if RIGHT not in (first, second) else second if first == RIGHT else first


def loss_symptom(loss, W, b, X, y, lam):
    Z = X.astype(np.longdouble) @ W + b
    n, K = Z.shape
    observed = np.arange(n), y
    log_P = exact_log_softmax(Z)
    P, picked, other = np.exp(log_P), log_P[observed], np.log1p(-np.exp(log_P))
    losses = [
        (RIGHT, -picked.mean()),
        ("a sum over the samples", -picked.sum()),
        ("a mean over all entries", -picked.mean() / K),
        ("columns", -log_P.mean(axis=0)[y].mean()),
        ("softmax over the samples", -exact_log_softmax(Z.T).T[observed].mean()),
        ("yes-no questions", -(picked + other.sum(axis=1) - other[observed]).mean()),
        *((FLOOR, -np.log(P[observed] + floor).mean()) for floor in FLOORS),
        *((FLOOR, -np.log(np.maximum(P[observed], floor)).mean()) for floor in FLOORS),
    ]
    penalties = {word: values[0] for word, values in wrong_penalties(W, b, lam, n).items()}
    right = losses[0][1] + penalties[RIGHT]
    limit = limits(W, b, X, y, lam, right)[:1]
    if abs(loss - right) <= limit[0]:
        return RIGHT
    for word, value in losses:
        for name, penalty in penalties.items():
            if np.isfinite(value) and matches([loss], [value + penalty], [right], limit):
                return one_wrong(word, name)
    return None


def gradient_symptom(dW, db, W, b, X, y, lam):
    wide = X.astype(np.longdouble)
    Z = wide @ W + b
    n, K = Z.shape
    P, Y = np.exp(exact_log_softmax(Z)), np.eye(K)[y]
    G, twice, columns = P - Y, (P - Y) * P * (1 - P), P - np.isin(np.arange(K), y)
    over_samples = np.exp(exact_log_softmax(Z.T).T) - Y
    sums = {
        RIGHT: G,
        "n times the gradient": n * G,
        "the wrong sign": -G,
        "labels not subtracted": P,
        "the derivative of the softmax twice": twice,
        "columns": columns,
        "softmax over the samples": over_samples,
    }
    gradients = [(word, wide.T @ sum_ / n, sum_.mean(axis=0)) for word, sum_ in sums.items()]
    gradients.append(("n times db", gradients[0][1], G.sum(axis=0)))
    penalties = {word: values[1:] for word, values in wrong_penalties(W, b, lam, n).items()}
    right = [a + c for a, c in zip(gradients[0][1:], penalties[RIGHT], strict=True)]
    allowed = limits(W, b, X, y, lam, 0.0)[1:]
    form = "float64" if dW.dtype != X.dtype or db.dtype != X.dtype else RIGHT
    shapes = [(RIGHT, dW, db), ("transposed", dW.T, db)]
    if db.shape == (1, K):
        shapes = [("a row", dW, db[0])]
    for shape, *came in shapes:
        if came[0].shape != W.shape or came[1].shape != b.shape:
            continue
        shape = one_wrong(form, shape)
        if all(np.max(np.abs(a - r)) <= limit for a, r, limit in zip(came, right, allowed, strict=True)):
            return shape
        for word, *values in gradients:
            for name, penalty in penalties.items():
                wrong = [value + more for value, more in zip(values, penalty, strict=True)]
                if matches(came, wrong, right, allowed):
                    mistakes = {word, name, shape} - {RIGHT}
                    return mistakes.pop() if len(mistakes) == 1 else None
    return None


# Data. Cached where it is dear, and always the same: no check draws from another's generator.


def problem(seed, n, d, K, size=1.0):
    """Return W, b, X, y with normal entries, those of W times `size`, and labels of all classes where n >= K."""
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % K)
    return size * rng.normal(size=(d, K)), rng.normal(size=K), rng.normal(size=(n, d)), y


def shifted(seed, dtype=np.float64):
    """Return W, b, X, y in which the first column shifts all logits of every third row by -3000."""
    W, b, X, y = problem(seed, 30, 4, 5)
    W[0], X[:, 0] = 1.0, np.where(np.arange(30) % 3 == 0, -3000.0, 0.0)
    return W.astype(dtype), b.astype(dtype), X.astype(dtype), y


@cache
def table(name):
    return np.loadtxt(DATASETS / name, delimiter=",", skiprows=1)


@cache
def anes():
    """Return X (944, 5), y (944,), and Stata's W (5, 7) and b (7,), whose first class is all zeros."""
    rows = table("anes96.csv")
    X = np.column_stack([np.log(rows[:, 0] + 0.1), rows[:, [2, 6, 7, 8]]])
    theta = np.column_stack([np.zeros(6), np.transpose(ANES_PARAMETERS)])
    return X, rows[:, 5].astype(int), theta[:5], theta[5]


@cache
def large():
    """Return W (4, 2), b (2,), X (20000, 4), y (20000,) for timing."""
    return problem(30, 20_000, 4, 2)


def assert_untouched(student, function, *args):
    """Call with arrays that live on the student's side, and look whether they are still the same."""
    staged = [student.stage(value) for value in args]
    function(*staged)
    changed = [i for i, value in enumerate(args) if not np.array_equal(staged[i].fetch(), value)]
    if changed:
        en, zh = "an array that was passed in has been changed", "传入的数组被改动了"
        raise CheckFailure(Message("text.bilingual", {"en": en, "zh": zh}), symptom=f"changed arguments {changed}")


@pytest.mark.part("softmax")
class TestSoftmax:
    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Every probability agrees with the formula, for one row and many, one class and many.",
        zh="无论一行还是多行、一类还是多类，每个概率都与公式相符。",
    )
    @pytest.mark.hint(
        en="Each row of the result adds up to 1. If columns do, or the whole matrix, look at axis=.",
        zh="结果的每一行之和为 1。若是每一列之和或整个矩阵之和为 1，请检查 axis=。",
    )
    def test_softmax_matches_the_formula(self, student):
        rng = np.random.default_rng(11)
        for shape in ((1, 1), (1, 6), (5, 3), (4, 4), (200, 30)):
            Z = 3 * rng.normal(size=shape)
            assert_softmax(student.softmax(Z), Z)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Logits of a thousand and more, of either sign and far apart within a row, give finite and right numbers.",
        zh="logit 的绝对值达到一千以上，有正有负，同一行内相差很远时，结果仍然有限且正确。",
    )
    @pytest.mark.hint(
        en="exp(710) is infinite. Subtract from each row its maximum (no other number is safe) before np.exp.",
        zh="exp(710) 是无穷大。取指数之前，先从每一行减去它的最大值（减去别的数都不保险）。",
    )
    def test_softmax_survives_large_logits(self, student):
        rng = np.random.default_rng(12)
        for centre, spread in ((1000.0, 2.0), (-1000.0, 2.0), (0.0, 1000.0), (0.0, 1e4)):
            Z = centre + spread * rng.normal(size=(12, 5))
            assert_softmax(student.softmax(Z), Z)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Each row is taken by itself: rows that lie thousands below the others give right numbers, too.",
        zh="逐行计算，各行互不影响：比其他行低几千的行，结果同样正确。",
    )
    @pytest.mark.hint(
        en="Use each row's own maximum: Z.max(axis=1, keepdims=True), not Z.max().",
        zh="用每一行自己的最大值：Z.max(axis=1, keepdims=True)，不要用 Z.max()。",
    )
    def test_softmax_takes_each_row_by_itself(self, student):
        Z = np.random.default_rng(13).normal(size=(9, 4))
        Z += np.array([0.0, -3000.0, 3000.0, 0.0, -800.0, 800.0, -9000.0, 20.0, -20.0])[:, None]
        assert_softmax(student.softmax(Z), Z)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Every logarithm agrees with the formula, for one row and many, one class and many.",
        zh="无论一行还是多行、一类还是多类，每个对数都与公式相符。",
    )
    @pytest.mark.hint(
        en="Natural logarithms; np.exp(log_softmax(Z)) has rows that add up to 1.",
        zh="用自然对数；np.exp(log_softmax(Z)) 的每一行之和为 1。",
    )
    def test_log_softmax_matches_the_formula(self, student):
        rng = np.random.default_rng(14)
        for shape in ((1, 1), (1, 6), (5, 3), (4, 4), (200, 30)):
            Z = 3 * rng.normal(size=shape)
            assert_log_softmax(student.log_softmax(Z), Z)

    @pytest.mark.points(4)
    @pytest.mark.why(
        en="Logarithms of probabilities that are 0 in floating point are finite and right, whatever other rows hold.",
        zh="概率在浮点数里等于 0 时，它的对数仍然有限且正确，与其他行的内容无关。",
    )
    @pytest.mark.hint(
        en="Nowhere take the logarithm of a single probability, with or without a small number added to it.",
        zh="任何地方都不要对单个概率取对数，加不加一个小数都不行。",
    )
    def test_log_softmax_reaches_far_down(self, student):
        rng = np.random.default_rng(15)
        # All rows of a size first: without any maximum nothing is finite there, with one for all rows everything.
        for centre, spread in ((1000.0, 2.0), (0.0, 1000.0), (0.0, 1e4), (-1000.0, 300.0)):
            Z = centre + spread * rng.normal(size=(12, 5))
            assert_log_softmax(student.log_softmax(Z), Z, OVERFLOW)
        Z = rng.normal(size=(6, 3)) + np.array([0.0, -3000.0, 3000.0, 0.0, -9000.0, 50.0])[:, None]
        assert_log_softmax(student.log_softmax(Z), Z)

    @pytest.mark.points(1)
    @pytest.mark.why(
        en="float32 logits give float32 results, as accurate as that type allows, also for logits of 100 and more.",
        zh="float32 的 logits 得到 float32 的结果，达到该类型应有的精度，logit 为 100 以上时也是如此。",
    )
    @pytest.mark.hint(
        en="Find the float64 array that slips in. In float32, exp(89) is infinite already.",
        zh="找一找混进来的 float64 数组。在 float32 中，exp(89) 已经是无穷大。",
    )
    @EACH_FUNCTION
    def test_softmax_keeps_float32(self, student, function):
        rng = np.random.default_rng(16)
        for size in (200.0, 2.0):
            Z = (size * rng.normal(size=(10, 4))).astype(np.float32)
            answer = getattr(student, function)(Z)
            (assert_softmax if function == "softmax" else assert_log_softmax)(answer, Z)

    @pytest.mark.points(1)
    @pytest.mark.why(
        en="The test case `large_number` of the ONNX standard: logits 0 to 3 and 10000 to 10003 give the same answer.",
        zh="ONNX 标准的测试用例 `large_number`：logits 0 到 3 与 10000 到 10003 得到同样的答案。",
    )
    @pytest.mark.hint(
        en="Subtracting the row's maximum turns both rows into (-3, -2, -1, 0).",
        zh="减去各自的最大值之后，两行都变成 (-3, -2, -1, 0)。",
    )
    @EACH_FUNCTION
    def test_softmax_passes_the_onnx_case(self, student, function):
        Z = np.array(ONNX_LOGITS, dtype=np.float32)
        desired = np.array(ONNX_SOFTMAX if function == "softmax" else ONNX_LOG_SOFTMAX)
        answer = assert_array(getattr(student, function)(Z), shape=(2, 4), dtype=np.float32, name=function)
        error = np.abs(answer - desired) / logit_error(Z)
        assert_within(float(np.max(error)), 1.0, name=function, what=RELATIVE)

    @pytest.mark.points(1)
    @pytest.mark.needs("test_softmax_small_example", "test_log_softmax_small_example")
    @pytest.mark.why(
        en="The logits that are passed in are the same afterwards.",
        zh="传入的 logits 在调用之后保持不变。",
    )
    @pytest.mark.hint(
        en="Z -= ... and out=Z write into the caller's array; Z = Z - ... makes a new one.",
        zh="Z -= ... 和 out=Z 会改写调用者的数组；Z = Z - ... 则新建一个。",
    )
    def test_softmax_leaves_its_inputs_alone(self, student):
        Z = np.random.default_rng(17).normal(size=(6, 3))
        assert_untouched(student, student.softmax, Z)
        assert_untouched(student, student.log_softmax, Z)


@pytest.mark.part("loss_grad")
class TestLossGrad:
    @pytest.mark.points(6)
    @pytest.mark.why(
        en="The loss is the mean of -log p of the observed classes, for few and for many samples, without penalty.",
        zh="不计惩罚时，损失是观测类别的 -log p 的平均，样本少或多时都成立。",
    )
    @pytest.mark.hint(
        en="The entries wanted are log_P[np.arange(n), y]; divide their sum by n, not by n * K.",
        zh="要取的元素是 log_P[np.arange(n), y]；它们的和除以 n，而不是 n * K。",
    )
    def test_loss_matches_the_formula(self, student):
        for seed, (n, d, K) in enumerate([(5, 5, 5), (9, 3, 4), (120, 6, 5)], start=21):
            assert_loss_grad(student, *problem(seed, n, d, K), wanted=("loss",))

    @pytest.mark.points(7)
    @pytest.mark.why(
        en="dW agrees with difference quotients of the loss, in every entry.",
        zh="dW 的每个分量都与损失的差商相符。",
    )
    @pytest.mark.hint(
        en="dW = X.T @ (P - Y) / n. Compare yours entry by entry in the cell below the function.",
        zh="dW = X.T @ (P - Y) / n。用函数下面的单元格逐个分量比较。",
    )
    def test_dW_matches_differences(self, student):
        for seed, (n, d, K) in ((24, (30, 4, 3)), (25, (4, 4, 4))):
            W, b, X, y = problem(seed, n, d, K)
            parts = three_parts(student.softmax_loss_grad(W, b, X, y, 0.0))
            with recognising(lambda: loss_grad_symptom(parts, (W, b, X, y, 0.0), ("dW", "db"))):  # noqa: B023
                dW = assert_array(parts[1], shape=(d, K), dtype=np.float64, name="dW")
                rng = np.random.default_rng(seed)
                assert_gradient(lambda V: float(exact_loss_grad(V, b, X, y, 0.0)[0]), dW, W, name="dW", rng=rng)  # noqa: B023

    @pytest.mark.points(4)
    @pytest.mark.why(
        en="db agrees with difference quotients of the loss, in every entry.",
        zh="db 的每个分量都与损失的差商相符。",
    )
    @pytest.mark.hint(
        en="db adds up the rows of G = (P - Y) / n: one number per class, and together they are 0.",
        zh="db 是 G = (P - Y) / n 各行之和：每类一个数，总和为 0。",
    )
    def test_db_matches_differences(self, student):
        W, b, X, y = problem(26, 30, 4, 3)
        y[:12] = 0  # were all classes equally frequent, db would be the same whichever label is which
        parts = three_parts(student.softmax_loss_grad(W, b, X, y, 0.0))
        with recognising(lambda: loss_grad_symptom(parts, (W, b, X, y, 0.0), ("dW", "db"))):
            db = assert_array(parts[2], shape=(3,), dtype=np.float64, name="db")
            rng = np.random.default_rng(26)
            assert_gradient(lambda c: float(exact_loss_grad(W, c, X, y, 0.0)[0]), db, b, name="db", rng=rng)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The penalty adds lam times the sum of the squares of W to the loss, and takes nothing from b.",
        zh="惩罚项给损失加上 lam 乘 W 各元素的平方和，与 b 无关。",
    )
    @pytest.mark.hint(
        en="lam * np.sum(W**2): not halved, not divided by n, no square root, and without b.",
        zh="lam * np.sum(W**2)：不乘 1/2，不除以 n，不开方，也不含 b。",
    )
    def test_penalty_in_the_loss(self, student):
        W, b, X, y = problem(27, 25, 3, 4)
        for lam in (0.01, 3.0):
            assert_loss_grad(student, W, b + 10.0, X, y, lam, wanted=("loss",))

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The penalty adds 2 * lam * W to dW, and nothing to db.",
        zh="惩罚项给 dW 加上 2 * lam * W，db 不变。",
    )
    @pytest.mark.hint(
        en="The derivative of lam * w^2 is 2 * lam * w; b does not occur in the penalty.",
        zh="lam * w^2 的导数是 2 * lam * w；惩罚项里没有 b。",
    )
    def test_penalty_in_the_gradient(self, student):
        W, b, X, y = problem(28, 25, 3, 4)
        for lam in (0.01, 3.0):
            assert_loss_grad(student, W, b + 10.0, X, y, lam, wanted=("dW", "db"))

    @pytest.mark.points(4)
    @pytest.mark.why(
        en="With logits around 1000, samples that are far on the wrong side have large and finite losses.",
        zh="logit 在 1000 左右时，错得很远的样本的损失很大，但仍是有限的正确值。",
    )
    @pytest.mark.hint(
        en="-log p is the logarithm of a sum minus a logit: never np.log of a probability, nor of a clipped one.",
        zh="-log p 是“和的对数”减去一个 logit：不要对概率取 np.log，裁剪过的概率也不行。",
    )
    def test_loss_survives_large_logits(self, student):
        W, b, X, y = problem(29, 40, 6, 4, size=400.0)
        # All logits shifted first: one maximum for the matrix is enough there.
        assert_loss_grad(student, W / 400.0, b + 1000.0, X, y, wanted=("loss",), nowhere_finite=OVERFLOW)
        assert_loss_grad(student, W, b, X, y, wanted=("loss",), nowhere_finite=ONE_MAXIMUM)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="With logits around 1000 the gradient is finite and right.",
        zh="logit 在 1000 左右时，梯度有限且正确。",
    )
    @pytest.mark.hint(
        en="Subtract each row's maximum from the logits before np.exp.",
        zh="取 np.exp 之前，先从 logits 的每一行减去它的最大值。",
    )
    def test_gradient_survives_large_logits(self, student):
        W, b, X, y = problem(31, 40, 6, 4, size=400.0)
        # All logits shifted first: one maximum for the matrix is enough there.
        assert_loss_grad(student, W / 400.0, b + 1000.0, X, y, wanted=("dW", "db"), nowhere_finite=OVERFLOW)
        assert_loss_grad(student, W, b, X, y, wanted=("dW", "db"), nowhere_finite=ONE_MAXIMUM)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="Samples from a thousandth to three thousand times the usual size together: loss and gradient are right.",
        zh="同一批样本的大小从平常的千分之一到三千倍，损失和梯度仍然正确。",
    )
    @pytest.mark.hint(
        en="Small and large rows meet in one matrix: whatever you subtract or clip must depend on the row alone.",
        zh="大小悬殊的行出现在同一个矩阵里：减去什么、裁剪什么，都只能由该行自身决定。",
    )
    @LOSS_OR_GRADIENT
    def test_rows_of_very_different_size(self, student, wanted):
        W, b, X, y = problem(32, 60, 5, 4)
        X *= 10.0 ** np.random.default_rng(32).uniform(-3.0, 3.5, size=(60, 1))
        assert_loss_grad(student, W, b, X, y, wanted=wanted)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Rows whose logits all lie 3000 below those of the others: loss and gradient are right.",
        zh="有些行的 logit 全都比其他行低 3000，损失和梯度仍然正确。",
    )
    @pytest.mark.hint(
        en="Subtract each row's own maximum, Z.max(axis=1, keepdims=True), not the maximum of the whole matrix.",
        zh="减去每一行自己的最大值 Z.max(axis=1, keepdims=True)，而不是整个矩阵的最大值。",
    )
    @LOSS_OR_GRADIENT
    def test_shifted_rows(self, student, wanted):
        assert_loss_grad(student, *shifted(33), wanted=wanted)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="float32 data gives a float32 gradient; loss and gradient are as accurate as that type allows, also for "
        "logits of 100 and more.",
        zh="float32 的数据得到 float32 的梯度；损失和梯度达到该类型应有的精度，logit 为 100 以上时也是如此。",
    )
    @pytest.mark.hint(
        en="np.zeros, np.eye and np.ones are float64 unless told otherwise: give them dtype=X.dtype.",
        zh="np.zeros、np.eye、np.ones 默认是 float64：请写上 dtype=X.dtype。",
    )
    @LOSS_OR_GRADIENT
    def test_loss_grad_keeps_float32(self, student, wanted):
        for seed, size in ((34, 100.0), (35, 1.0)):
            W, b, X, y = problem(seed, 50, 5, 4, size)
            assert_loss_grad(student, *(value.astype(np.float32) for value in (W, b, X)), y, wanted=wanted)
        assert_loss_grad(student, *shifted(36, np.float32), wanted=wanted)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The smallest cases: one sample, one feature, two classes; and a single class, whose probability is 1.",
        zh="最小的情形：一个样本、一个特征、两个类别；以及只有一个类别，它的概率为 1。",
    )
    @pytest.mark.hint(
        en="Look for np.squeeze, for reductions without axis=, and for shapes that are guessed instead of known.",
        zh="检查有没有 np.squeeze、没写 axis= 的求和，以及靠猜测得出的形状。",
    )
    def test_smallest_cases(self, student):
        for seed, (n, d, K) in enumerate([(1, 1, 2), (1, 3, 4), (2, 1, 3), (6, 2, 1)], start=41):
            assert_loss_grad(student, *problem(seed, n, d, K))

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="Classes that occur nowhere in y keep their column, and labels may be any integer type.",
        zh="在 y 中没有出现的类别仍占一列；标签可以是任何整数类型。",
    )
    @pytest.mark.hint(
        en="K is W.shape[1]; np.max(y) + 1 and np.unique(y) see only the classes that happen to occur.",
        zh="K 等于 W.shape[1]；np.max(y) + 1 和 np.unique(y) 只看得到恰好出现的类别。",
    )
    def test_classes_that_do_not_occur(self, student):
        W, b, X, _ = problem(45, 8, 3, 6)
        for labels, dtype in (([1, 3, 3, 1, 4, 1, 3, 4], np.uint8), ([2] * 8, np.int32), ([0, 5] * 4, np.int64)):
            assert_loss_grad(student, W, b, X, np.array(labels, dtype=dtype))

    @pytest.mark.points(1)
    @pytest.mark.needs("test_loss_small_example", "test_gradient_small_example")
    @pytest.mark.why(
        en="Labels that are no class (-1, K), labels of shape (n, 1) and fractions are refused with ValueError.",
        zh="不是合法类别的标签（-1、K）、形状为 (n, 1) 的标签和小数标签，都以 ValueError 拒绝。",
    )
    @pytest.mark.hint(
        en="Call `validated` first, as the template does: NumPy takes -1 for the last class without a word.",
        zh="像模板那样先调用 `validated`：NumPy 会不声不响地把 -1 当作最后一类。",
    )
    def test_labels_that_are_no_class(self, student):
        W, b, X, y = problem(46, 6, 2, 3)
        assert_scalar(three_parts(student.softmax_loss_grad(W, b, X, y, 0.0))[0], name="loss")
        for bad in (np.where(y == 2, -1, y), np.where(y == 2, 3, y), y[:, None], y + 0.5):
            with pytest.raises(ValueError):
                student.softmax_loss_grad(W, b, X, bad, 0.0)

    @pytest.mark.points(1)
    @pytest.mark.needs("test_loss_small_example", "test_gradient_small_example")
    @pytest.mark.why(
        en="W, b, X and y are the same afterwards.",
        zh="W、b、X、y 在调用之后保持不变。",
    )
    @pytest.mark.hint(
        en="The function returns the gradient; whoever calls it takes the step. X -= ... and W -= ... write into the "
        "caller's arrays.",
        zh="函数只返回梯度，更新参数由调用者来做。X -= ... 和 W -= ... 会改写调用者的数组。",
    )
    def test_loss_grad_leaves_its_inputs_alone(self, student):
        assert_untouched(student, lambda *args: student.softmax_loss_grad(*args, 0.1), *problem(47, 12, 3, 4))

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The 1797 handwritten digits, pixels from 0 to 16: loss and gradient are right.",
        zh="1797 幅手写数字（像素值 0 到 16）：损失和梯度正确。",
    )
    @pytest.mark.hint(
        en="If the small cases pass, look for what depends on the size of the data: means, overflow, 0 columns.",
        zh="若小例子都通过，请检查与数据规模有关的地方：平均、上溢、全为 0 的列。",
    )
    @LOSS_OR_GRADIENT
    def test_loss_grad_on_digits(self, student, wanted):
        rows = table("digits.csv")
        rng = np.random.default_rng(48)
        W, b = 0.3 * rng.normal(size=(64, 10)), rng.normal(size=10)
        assert_loss_grad(student, W, b, rows[:, :-1], rows[:, -1].astype(int), wanted=wanted)

    @pytest.mark.points(4)
    @pytest.mark.why(
        en="American National Election Study, 944 voters, seven party identifications: at the parameters that Stata "
        "found, the loss is Stata's log-likelihood and the gradient vanishes.",
        zh="美国全国选举研究，944 名选民，七种党派认同：在 Stata 求得的参数处，损失等于 Stata 的对数似然，梯度为零。",
    )
    @pytest.mark.hint(
        en="The loss is the negative log-likelihood divided by n. At other parameters the gradient is not zero.",
        zh="损失是负对数似然除以 n。在其他参数处，梯度不为零。",
    )
    def test_loss_grad_at_certified_parameters(self, student):
        X, y, W, b = anes()
        loss, dW, db = three_parts(student.softmax_loss_grad(W, b, X, y, 0.0))
        assert_close(assert_scalar(loss, name="loss"), -ANES_LOG_LIKELIHOOD / 944, rtol=1e-9, name="loss")
        assert_array(dW, shape=(5, 7), dtype=np.float64, name="dW")
        assert_array(db, shape=(7,), dtype=np.float64, name="db")
        # Stata's eight digits leave a gradient of 3e-8 of a feature's mean size; W off by 0.1 % one of 9e-4.
        gradient = np.vstack([dW / np.abs(X).mean(axis=0)[:, None], db])
        what = Bilingual("largest entry of the gradient, by the size of its feature", "梯度的最大分量（按特征大小计）")
        assert_within(float(np.max(np.abs(gradient))), 3e-7, name="gradient", what=what)
        assert_loss_grad(student, 0.9 * W, b, X, y)

    @pytest.mark.points(6)
    @pytest.mark.needs("test_loss_matches_the_formula", "test_dW_matches_differences", "test_db_matches_differences")
    @pytest.mark.why(
        en="20000 samples of 4 features in 2 classes take no more CPU time than vectorised code needs.",
        zh="处理 20000 个样本、4 个特征、2 个类别所用的 CPU 时间，不超过向量化代码所需。",
    )
    @pytest.mark.hint(
        en="Replace the Python loop over samples by matrix products and by reductions with axis=1.",
        zh="用矩阵乘法和带 axis=1 的求和、求最大值，代替对样本的 Python 循环。",
    )
    def test_softmax_loss_grad_is_fast(self, student, twin):
        W, b, X, y = large()

        def make_args(seed):
            factor = 1 + 0.1 * seed  # other probabilities and other labels each time, at little cost
            return W * factor, b, X, np.roll(y, seed), 0.0

        def check(answer, args):
            loss, dW, db = three_parts(answer)
            W, b, X, y, _ = args
            Z = X @ W + b
            log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))  # logits below 50: nothing overflows
            G = (np.exp(log_p) - np.eye(2)[y]) / len(y)
            desired = float(-log_p[np.arange(len(y)), y].mean())
            assert_close(assert_scalar(loss, name="loss"), desired, rtol=1e-11, name="loss")
            assert_close(dW, X.T @ G, rtol=0, atol=1e-11, name="dW")
            assert_close(db, G.sum(axis=0), rtol=0, atol=1e-11, name="db")

        assert_speed(
            student.softmax_loss_grad,
            twin.softmax_loss_grad,
            make_args,
            limit=SPEED_LIMIT,
            name="softmax_loss_grad",
            repeats=9,  # five pairs that agree decide; more are made only where they do not
            check=check,
        )
