"""The checks that students do not see. `design.md` derives the criteria; each check is one number against a limit."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from autograder.judge import (
    CheckFailure,
    assert_array,
    assert_close,
    assert_digits,
    assert_scalar,
    assert_speed,
    assert_within,
)
from autograder.text import Bilingual, Message

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
# Geometric mean of the slowest vectorised way on a busy machine and the fastest loop over samples: see design.md.
SPEED_LIMIT = 8.0
DISTANCE = Bilingual("distance from the minimum, in standard errors", "与最小值点的距离（以标准误计）")
FIELDS = ("theta", "converged", "n_iter", "history")


# The judge's own formulas, in extended precision. `penalty` holds a number per entry of theta: sum(penalty * theta**2).


def wide(values):
    return np.asarray(values, dtype=np.longdouble)


def logistic(z):
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, small) / (1 + small)


def sample_losses(z, y):
    return (np.maximum(z, 0) - y * z) + np.log1p(np.exp(-np.abs(z)))  # in this order: nothing cancels


def penalty_of(lam, d):
    """Return lam for every entry but the intercept's, (d,)."""
    return np.where(np.arange(d) > 0, float(lam), 0.0)


def loss_of(theta, X, y, lam):
    """Return J(theta), in longdouble."""
    theta = wide(theta)
    return np.mean(sample_losses(wide(X) @ theta, y)) + np.sum(penalty_of(lam, len(theta)) * theta**2)


def derivatives(theta, X, y, penalty):
    """Return gradient (d,) and Hessian (d, d) of J at theta, computed in longdouble."""
    X, theta = wide(X), wide(theta)
    z = X @ theta
    grad = X.T @ (logistic(z) - y) / len(y) + 2 * penalty * theta
    return grad, (X * (logistic(z) * logistic(-z))[:, None]).T @ X / len(y) + np.diag(2 * wide(penalty))


def newton_step(theta, X, y, penalty):
    """Return -H^-1 g, (d,) float64; columns are scaled first, so that their units cost no digits."""
    grad, H = derivatives(theta, X, y, penalty)
    scale = 1 / np.sqrt(np.diag(H) + np.finfo(float).tiny)
    matrix = (H * scale * scale[:, None]).astype(np.float64)
    return scale.astype(np.float64) * np.linalg.solve(matrix, -(grad * scale).astype(np.float64))


def distance(theta, X, y, penalty):
    """Return sqrt(n g^T H^-1 g); infinity where H is singular to working precision."""
    grad, _ = derivatives(theta, X, y, penalty)
    try:
        squared = -len(y) * float(grad.astype(np.float64) @ newton_step(theta, X, y, penalty))
    except np.linalg.LinAlgError:
        return np.inf
    return float(np.sqrt(squared)) if squared >= 0 else (0.0 if squared > -1e-24 else np.inf)


def minimum(X, y, lam):
    """Return the minimiser of J, by Newton's method with halved steps from zero."""
    theta, penalty = np.zeros(X.shape[1]), penalty_of(lam, X.shape[1])
    for _ in range(100):
        if distance(theta, X, y, penalty) <= 1e-11:
            break
        step, loss = newton_step(theta, X, y, penalty), loss_of(theta, X, y, lam)
        while loss_of(theta + step, X, y, lam) > loss * (1 + 1e-15):
            step = step / 2
        theta = theta + step
    return theta


# Data. Cached where it is dear, and always the same: no check draws from another's generator.


def labelled(rng, X, theta):
    """Return X and labels (n,) drawn from the logistic model with these parameters."""
    return X, (rng.random(len(X)) < logistic(X @ theta)).astype(X.dtype)


def with_ones(X):
    return np.column_stack([np.ones(len(X), X.dtype), X])


def plain(seed, n=200, d=4):
    """Return X (n, d), y (n,): correlated columns of size one, both labels well mixed."""
    rng = np.random.default_rng(seed)
    Z = rng.normal(size=(n, d - 1)) + 0.5 * rng.normal(size=(n, 1))
    return labelled(rng, with_ones(Z), rng.normal(size=d))


@cache
def in_units():
    """Return X (120, 4), y (120,): columns of sizes 1 to 12, curvatures from .04 to 11: slow for gradient steps."""
    rng = np.random.default_rng(2)
    Z = rng.normal(size=(120, 3))
    Z[:, 1] = 0.6 * Z[:, 0] + 0.8 * Z[:, 1]
    X = with_ones(Z * np.array([12.0, 1.5, 1.0]) + np.array([6.0, 0.0, -1.0]))
    return labelled(rng, X, 1.3 * np.array([-0.5, 0.1, 1.0, -1.2]))


@cache
def overshooting(name):
    """Return X (8, 3), y (8,) on which undamped Newton steps from zero diverge, found by search (see design.md)."""
    points, labels = {
        "a": (
            [[158, -334], [-2, -4], [3, 21], [-3, -24], [-1, 61], [2, 5], [-3, -23], [113, 13]],
            [0, 1, 1, 0, 1, 0, 0, 1],
        ),
        "b": (
            [[207, -120], [7, 0], [45, -275], [-4, 14], [-7, 0], [-10, 18], [-563, -138], [-5, 8]],
            [0, 1, 0, 1, 0, 1, 0, 0],
        ),
        "c": (
            [[-28, -12], [-5, -4], [-146, -96], [54, -256], [-156, -36], [-14, -3], [45, 20], [11, 4]],
            [0, 0, 0, 0, 0, 1, 1, 0],
        ),
    }[name]
    return with_ones(np.array(points, float)), np.array(labels, float)


def separable(seed, n=40, d=3, gap=0.3):
    """Return X (n, d), y (n,) with every sample at least `gap` from a plane between the labels."""
    rng = np.random.default_rng(seed)
    normal = rng.normal(size=d - 1)
    normal /= np.linalg.norm(normal)
    Z = rng.normal(size=(n, d - 1))
    side = np.where(Z @ normal + 0.2 > 0, 1.0, -1.0)
    return with_ones(Z + gap * side[:, None] * normal), (side + 1) / 2


@cache
def table(name):
    return np.loadtxt(DATASETS / name, delimiter=",", skiprows=1)


@cache
def low_birth_weight():
    """Return X (189, 9): 1, age, lwt, black, other, smoke, ptl, ht, ui; and y (189,): below 2500 g."""
    _, low, age, lwt, race, smoke, ptl, ht, ui, _, _ = table("lbw.csv").T
    return np.column_stack([np.ones(189), age, lwt, race == 2, race == 3, smoke, ptl, ht, ui]), low


# Stata 9's estimates and standard errors for these data, as statsmodels' tests of generalised linear models print them.
LBW_THETA = np.array(
    [0.46122388, -0.02710031, -0.01515082, 1.26264728, 0.86207916, 0.92334482, 0.54183656, 1.83251780, 0.75851348]
)
LBW_ERRORS = np.array(
    [
        1.204574885,
        0.036449917,
        0.006925765,
        0.526405169,
        0.439146744,
        0.400820976,
        0.346246857,
        0.691623875,
        0.459373871,
    ]
)


@cache
def tumours(columns):
    """Return X (569, 1 + columns), standardised, and y (569,): benign."""
    Z, y = table("breast_cancer.csv")[:, :columns], table("breast_cancer.csv")[:, -1]
    return with_ones((Z - Z.mean(axis=0)) / Z.std(axis=0)), y


@cache
def large():
    """Return theta (10,), X (20000, 10), y (20000,) for timing."""
    rng = np.random.default_rng(26)
    theta = 0.3 * rng.normal(size=10)
    return theta, *labelled(rng, with_ones(rng.normal(size=(20_000, 9))), theta)


# What was returned


def plainly(text):
    return CheckFailure(Message("text.plain", {"text": text}))


def checked(value, shape, dtype, name):
    """Return an array of this shape and dtype. float64 for float32 is a mistake of its own."""
    try:
        return assert_array(value, shape=shape, dtype=dtype, name=name)
    except CheckFailure as failure:
        is_wider = isinstance(value, np.ndarray) and value.shape == shape and value.dtype == np.float64 != dtype
        raise CheckFailure(failure.message, "float64 for float32" if is_wider else None) from None


def opened(answer, X):
    """Return theta, checked for type, shape, dtype and finiteness, of what `irls` returned."""
    if not all(hasattr(answer, name) for name in FIELDS):
        raise plainly(f"irls must return an IRLSResult{FIELDS}, not {type(answer).__name__}".replace("'", ""))
    return checked(answer.theta, (X.shape[1],), X.dtype, "theta")


def said(answer):
    """Return `converged` as a bool."""
    if not isinstance(answer.converged, bool | np.bool_):
        raise plainly(f"converged must be True or False, not {answer.converged!r:.50}")
    return bool(answer.converged)


def told(answer):
    """Return `history` as floats."""
    history = answer.history
    if isinstance(history, np.ndarray) and history.ndim == 1:
        history = list(history)
    if not isinstance(history, list | tuple) or not history:
        raise plainly(f"history must be a list of numbers, not {type(history).__name__}")
    return [assert_scalar(value, name=f"history[{i}]") for i, value in enumerate(history)]


def assert_minimum(answer, X, y, lam, limit=1e-6, symptom=None):
    """The distance from the minimum, in standard errors, is within `limit`; say if another objective was minimised."""
    theta = opened(answer, X)
    d, n = X.shape[1], len(y)
    measured = distance(theta, X, y, penalty_of(lam, d))
    if not measured <= limit and lam > 0:
        others = {
            "penalises the intercept": np.full(d, lam),
            "lam as if halved": penalty_of(lam / 2, d),
            "lam as if for a sum": penalty_of(lam / n, d),
            "no penalty": penalty_of(0.0, d),
        }
        found = [name for name, other in others.items() if distance(theta, X, y, other) <= limit]
        symptom = found[0] if len(found) == 1 else None
    return assert_within(measured, limit, name="theta", what=DISTANCE, symptom=symptom)


def assert_untouched(student, name, call, **arrays):
    """Call with arrays that live on the student's side, and look whether they are still the same."""
    staged = {key: student.stage(value) for key, value in arrays.items()}
    call(*staged.values())
    for key, value in arrays.items():
        if not np.array_equal(staged[key].fetch(), value):
            text = {"en": f"{name} has changed the {key} that was passed in", "zh": f"{name} 改写了传入的 {key}"}
            raise CheckFailure(Message("text.bilingual", text), symptom=f"{name} writes into {key}")


def how_it_is_cut_off(student):
    """Return a word for a loss that cannot exceed some number, or None: the logarithm of a probability kept off 0."""

    def loss(z, y):
        value = student.bce_with_logits(np.array([z]), np.array([y]))
        return float(value) if isinstance(value, float) else np.nan

    highest, again, lowest = loss(-300.0, 1.0), loss(-600.0, 1.0), loss(300.0, 1.0)
    if not (2 < highest < 200 and abs(again - highest) < 1e-9):
        return None
    if lowest < 0:  # log(1 + epsilon)
        return "epsilon in the logarithm"
    return "clipped probability" if lowest > 0 else None


@pytest.mark.part("loss")
class TestLoss:
    @pytest.mark.points(4)
    @pytest.mark.why(
        en="sigmoid is accurate to four units of rounding for logits of every size, and never NaN.",
        zh="不论 z 多大，sigmoid 的误差都不超过四个舍入单位，且绝不出现 NaN。",
    )
    @pytest.mark.hint(
        en="exp must not get a large positive argument in numerator and denominator at once: use exp(-|z|).",
        zh="不要让分子和分母同时出现 exp 的很大的正指数：使用 exp(-|z|)。",
    )
    def test_sigmoid_is_accurate(self, student):
        rng = np.random.default_rng(11)
        z = np.concatenate([np.linspace(-45, 45, 61), rng.normal(size=40), [0.0, -0.0, 1e-9, 1e4, -1e4, 1e300, -1e300]])
        for values in (z, np.array([-800.0]), rng.normal(size=(3, 5))):
            p = student.sigmoid(values)
            assert_close(p, logistic(wide(values)), rtol=0, atol=4 * 2.0**-53, name="sigmoid")

    @pytest.mark.points(2)
    @pytest.mark.needs("test_sigmoid_small_example")
    @pytest.mark.why(
        en="float32 logits give float32 probabilities; the array that was passed in stays as it is.",
        zh="float32 的 z 得到 float32 的概率；传入的数组保持不变。",
    )
    @pytest.mark.hint(
        en="Look for a float64 array or scalar that slips in; do not write into z.",
        zh="找一找混进来的 float64 数组或标量；不要改写 z。",
    )
    def test_sigmoid_keeps_float32_and_its_input(self, student):
        z = np.array([[-200.0, -5.5, -0.25], [0.0, 3.0, 120.0]], dtype=np.float32)
        p = checked(student.sigmoid(z), (2, 3), np.float32, "sigmoid")
        assert_close(p.astype(np.float64), logistic(wide(z)), rtol=0, atol=4 * 2.0**-24, name="sigmoid")
        assert_untouched(student, "sigmoid", student.sigmoid, z=np.linspace(-3, 3, 7))

    @pytest.mark.points(4)
    @pytest.mark.why(
        en="The loss of a badly predicted sample is right, not infinite or cut off: at z = -800, y = 1 it is 800.",
        zh="预测得很差的样本，其损失是正确的，既不是无穷大也没有被截断：z = -800、y = 1 时等于 800。",
    )
    @pytest.mark.hint(
        en="Compute the loss from z, by max(z, 0) and log1p(exp(-|z|)); do not take the logarithm of a probability.",
        zh="由 z 计算损失，使用 max(z, 0) 和 log1p(exp(-|z|))；不要对概率取对数。",
    )
    def test_bce_is_right_for_large_losses(self, student):
        for z in (-1e4, -800.0, -90.0, -38.0, -3.3, 0.4, 2.0, 37.0, 89.0, 710.0, 1e4):
            y = np.array([0.0 if z > 0 else 1.0])
            loss = student.bce_with_logits(np.array([z]), y)
            desired = float(sample_losses(wide([z]), y)[0])
            loss = assert_scalar(loss, name="loss")
            try:
                assert_close(loss, desired, rtol=8 * 2.0**-53, name="bce_with_logits")
            except CheckFailure as failure:
                raise CheckFailure(failure.message, how_it_is_cut_off(student)) from None

    @pytest.mark.points(3)
    @pytest.mark.needs("test_bce_small_example")
    @pytest.mark.why(
        en="The loss of a well predicted sample keeps its digits: at z = 40, y = 1 it is 4.2e-18, not 0.",
        zh="预测得很好的样本，其损失的有效数字不丢失：z = 40、y = 1 时是 4.2e-18，而不是 0。",
    )
    @pytest.mark.hint(
        en="Add the small logarithm last: (max(z, 0) - y z) + log1p(exp(-|z|)).",
        zh="把很小的对数项最后加上：(max(z, 0) - y z) + log1p(exp(-|z|))。",
    )
    def test_bce_is_right_for_small_losses(self, student):
        for z in (3.0, 12.5, 36.0, 40.0, 300.0, 700.0, 1e4, -7.0, -40.0, -500.0):
            y = np.array([1.0 if z > 0 else 0.0])
            loss = assert_scalar(student.bce_with_logits(np.array([z]), y), name="loss")
            desired = float(sample_losses(wide([z]), y)[0])
            # Below the smallest normal number, 2.2e-308, no relative accuracy can be asked for.
            assert_close(loss, desired, rtol=8 * 2.0**-53, atol=2.3e-308, name="bce_with_logits")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The loss is the mean over the samples, for few and for many, of both labels.",
        zh="损失是对样本取的平均：样本少或样本多、两种标签都是如此。",
    )
    @pytest.mark.hint(
        en="Written twice, the same data must give the same loss.",
        zh="同一份数据重复两遍，损失必须不变。",
    )
    def test_bce_is_a_mean(self, student):
        rng = np.random.default_rng(12)
        for n, size in ((2, 1.0), (7, 30.0), (300, 5.0)):
            z, y = size * rng.normal(size=n), (rng.random(n) < 0.4).astype(float)
            loss = assert_scalar(student.bce_with_logits(z, y), name="loss")
            desired = float(np.mean(sample_losses(wide(z), y)))
            assert_close(loss, desired, rtol=(8 + n) * 2.0**-53, name="bce_with_logits")

    @pytest.mark.points(1)
    @pytest.mark.needs("test_bce_small_example")
    @pytest.mark.why(
        en="float32 logits are good for a loss of float32's accuracy, also beyond z = 89, where exp(z) overflows.",
        zh="float32 的 z 得到 float32 精度的损失，z 超过 89（此时 exp(z) 上溢）也一样。",
    )
    @pytest.mark.hint(
        en="The same formula serves; nothing in it may overflow.",
        zh="公式不变；其中任何一项都不得上溢。",
    )
    def test_bce_in_float32(self, student):
        z = np.array([-5000.0, -95.0, -20.0, 0.5, 15.0, 100.0, 3000.0], dtype=np.float32)
        for i in range(len(z)):
            for label in (0.0, 1.0):
                y = np.array([label], dtype=np.float32)
                loss = assert_scalar(student.bce_with_logits(z[i : i + 1], y), name="loss")
                desired = float(sample_losses(wide(z[i : i + 1]), y)[0])
                measured = abs(loss - desired) / (8 * 2.0**-24 * desired + 1.2e-38)
                what = Bilingual("error of the loss, in units of what is allowed", "损失的误差与允许值之比")
                assert_within(measured, 1.0, name="bce_with_logits", what=what)


def rounding(X, theta):
    """Return u, and a bound on the error of p_i = sigmoid(x_i theta), (n,), for any order of summation."""
    u = float(np.finfo(X.dtype).eps) / 2
    logits = (X.shape[1] + 2) * u * (np.abs(wide(X)) @ np.abs(wide(theta)))
    return u, 4 * u + logits / 4


def assert_gradient_right(grad, theta, X, y, lam):
    """Every entry is within what rounding can do to a sum of n products, in any order."""
    checked(grad, theta.shape, X.dtype, "gradient")
    penalty, (u, error) = penalty_of(lam, len(theta)), rounding(X, theta)
    residual = np.abs(logistic(wide(X) @ wide(theta)) - y)
    allowed = np.abs(wide(X)).T @ (error + (len(y) + 4) * u * residual) / len(y) + 8 * u * penalty * np.abs(wide(theta))
    assert_entries(grad, derivatives(theta, X, y, penalty)[0], allowed, "gradient")


def assert_hessian_right(H, theta, X, y, lam):
    d = len(theta)
    checked(H, (d, d), X.dtype, "hessian")
    u, error = rounding(X, theta)
    p = logistic(wide(X) @ wide(theta))
    size = np.abs(wide(X))
    allowed = (size * (error + (len(y) + 8) * u * p * (1 - p))[:, None]).T @ size / len(y)
    allowed += 8 * u * np.diag(penalty_of(lam, d))
    assert_entries(H, derivatives(theta, X, y, penalty_of(lam, d))[1], allowed, "hessian")


def assert_entries(actual, desired, allowed, name):
    worst = float(np.max(np.abs(wide(actual) - desired) / (allowed + np.finfo(np.float64).tiny)))
    what = Bilingual("largest error, in units of what rounding explains", "最大误差与舍入误差上界之比")
    assert_within(worst, 1.0, name=name, what=what)


def points_of_call():
    """Yield theta, X, y, lam: many samples, one sample, one column, huge logits, Fortran order."""
    rng = np.random.default_rng(20)
    X, y = plain(21, 60, 5)
    theta = rng.normal(size=5)
    yield theta, X, y, 0.0
    yield theta, np.asfortranarray(X), y, 0.7
    yield np.array([0.5, -1.0, 2.0]), np.array([[1.0, 0.3, -0.2]]), np.array([1.0]), 0.05
    yield np.array([0.4]), np.ones((9, 1)), np.array([0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0]), 2.0
    yield np.array([100.0, 700.0, -300.0]), with_ones(rng.normal(size=(30, 2))), (rng.random(30) < 0.5) * 1.0, 1e-3


@pytest.mark.part("derivatives")
class TestDerivatives:
    @pytest.mark.points(4)
    @pytest.mark.why(
        en="The gradient is that of the mean loss plus lam ||w||^2, at ordinary points and at extreme ones.",
        zh="梯度是平均损失加 lam ||w||^2 的梯度，普通的点和极端的点都是如此。",
    )
    @pytest.mark.hint(
        en="Compare with differences of `objective`: nudge one entry of theta by 1e-6. The intercept has no penalty.",
        zh="与 `objective` 的差商比较：把 theta 的一个分量改动 1e-6。截距没有惩罚。",
    )
    def test_gradient_is_right(self, student):
        for theta, X, y, lam in points_of_call():
            assert_gradient_right(student.gradient(theta, X, y, lam), theta, X, y, lam)

    @pytest.mark.points(4)
    @pytest.mark.why(
        en="The Hessian is that of the mean loss plus lam ||w||^2, at ordinary points and at extreme ones.",
        zh="海森矩阵是平均损失加 lam ||w||^2 的海森矩阵，普通的点和极端的点都是如此。",
    )
    @pytest.mark.hint(
        en="Compare with differences of your gradient. Its first row and column know nothing of lam.",
        zh="与你的梯度的差商比较。第一行和第一列与 lam 无关。",
    )
    def test_hessian_is_right(self, student):
        for theta, X, y, lam in points_of_call():
            assert_hessian_right(student.hessian(theta, X, y, lam), theta, X, y, lam)

    @pytest.mark.points(2)
    @pytest.mark.needs("test_gradient_small_example", "test_hessian_small_example")
    @pytest.mark.why(
        en="float32 data give a float32 gradient and Hessian, as accurate as that type allows.",
        zh="float32 的数据得到 float32 的梯度和海森矩阵，达到该类型应有的精度。",
    )
    @pytest.mark.hint(
        en="A float64 array anywhere makes the result float64: np.zeros(d), np.eye(d), np.array([...]).",
        zh="任何地方出现 float64 数组，结果就会变成 float64：例如 np.zeros(d)、np.eye(d)、np.array([...])。",
    )
    def test_derivatives_keep_float32(self, student):
        X, y = (value.astype(np.float32) for value in plain(22, 50, 4))
        theta = np.array([0.5, -1.0, 2.0, 0.25], dtype=np.float32)
        assert_gradient_right(student.gradient(theta, X, y, 0.5), theta, X, y, 0.5)
        assert_hessian_right(student.hessian(theta, X, y, 0.5), theta, X, y, 0.5)

    @pytest.mark.points(1)
    @pytest.mark.needs("test_gradient_small_example", "test_hessian_small_example")
    @pytest.mark.why(
        en="The arrays that are passed in are the same afterwards.",
        zh="传入的数组在调用之后保持不变。",
    )
    @pytest.mark.hint(
        en="X *= ... and theta[0] = 0 write into the caller's array; make a new one.",
        zh="X *= ... 和 theta[0] = 0 会改写调用者的数组；请新建一个数组。",
    )
    def test_derivatives_leave_their_inputs_alone(self, student):
        X, y = plain(23, 20, 3)
        theta = np.array([0.5, -1.0, 2.0])
        for name, function in (("gradient", student.gradient), ("hessian", student.hessian)):
            assert_untouched(student, name, lambda *args, f=function: f(*args, 0.3), theta=theta, X=X, y=y)

    @pytest.mark.points(5)
    @pytest.mark.needs("test_hessian_is_right")
    @pytest.mark.why(
        en="The Hessian of 20000 samples of 10 columns takes no more CPU time than vectorised code needs.",
        zh="计算 20000 个样本、10 列的海森矩阵所用的 CPU 时间，不超过向量化代码所需。",
    )
    @pytest.mark.hint(
        en="Multiply the rows of X by the weights, X * s[:, None], then one matrix product; no n by n matrix, no loop.",
        zh="用权重乘 X 的各行，X * s[:, None]，再做一次矩阵乘法；不要 n×n 的矩阵，也不要循环。",
    )
    def test_hessian_is_fast(self, student, twin):
        theta, X, y = large()

        def make_args(seed):
            return theta * (1 + 0.1 * seed), X * (1 + 0.01 * seed), y, 0.1 * seed

        def check(H, args):
            theta, X, _, lam = args
            p = logistic(X @ theta)
            desired = (X * (p * (1 - p))[:, None]).T @ X / len(X) + 2 * np.diag(penalty_of(lam, len(theta)))
            assert_close(H, desired, rtol=0, atol=1e-12, name="hessian")

        assert_speed(
            student.hessian,
            twin.hessian,
            make_args,
            limit=SPEED_LIMIT,
            name="hessian",
            repeats=9,  # five pairs that agree decide; more are made only where they do not
            check=check,
        )


def unpenalised(name):
    """Return X, y that have a minimum without a penalty (tests/content proves it by linear programming)."""
    if name == "plain":
        return plain(31)
    if name == "units":  # columns from micrometres to kilometres
        X, y = plain(32, 150, 5)
        return X * np.array([1.0, 1e-4, 1.0, 300.0, 1e4]), y
    return np.ones((40, 1)), (np.arange(40) < 3).astype(float)


def penalised(name):
    """Return X, y, lam."""
    if name == "wide":
        rng = np.random.default_rng(34)
        return *labelled(rng, with_ones(rng.normal(size=(15, 30))), rng.normal(size=31)), 0.02
    if name == "rare":  # a strong penalty, and few zeros: a penalised intercept shows
        rng = np.random.default_rng(35)
        return *labelled(rng, with_ones(rng.normal(size=(120, 3)) + 1.0), np.array([2.0, 0.5, 0.5, -0.5])), 1.0
    return *separable(36, 50, 4), 1e-4


# From here full steps lower J at first, and later raise it, though not to where it began.
LATE_RISE = {"a": [1.39, -0.06, -0.03], "b": [-2.95, 0.06, 0.08], "c": [-0.39, -0.02, 0.0]}
# Starts from which the full step is good, and yet leaves a good part of the way: see design.md.
STARTS = {
    0.0: ([-0.2, 0.0, 0.7, -1.2], [0.7, 0.0, 1.2, -0.6], [-1.1, 0.1, 0.3, -1.4]),
    0.2: ([0.0, 0.0, 0.7, 0.0], [-0.5, 0.0, 0.4, 0.1], [1.2, -0.1, 1.0, -0.1]),
}


def parallel(a, b):
    return abs(float(a @ b)) >= (1 - 1e-9) * float(np.linalg.norm(a) * np.linalg.norm(b)) > 0


def what_kind_of_step(first, start, X, y, lam):
    """Return a word for a first step that is not Newton's, or None."""
    penalty = penalty_of(lam, len(start))
    grad = derivatives(start, X, y, penalty)[0].astype(np.float64)
    newton = newton_step(start, X, y, penalty)
    from_zero = newton_step(np.zeros_like(start), X, y, penalty)
    step = first - start
    if distance(first, X, y, penalty) <= 1e-5:
        return "more than one step"
    if np.linalg.norm(first - from_zero) <= 1e-6 * np.linalg.norm(from_zero):
        return "starts from zero"
    if parallel(step, grad) and not parallel(newton, grad):
        return "gradient step"
    bound = wide(X).T @ wide(X) / (4 * len(X)) + np.diag(2 * penalty)
    bounded = np.linalg.solve(bound.astype(np.float64), -grad)
    if parallel(step, bounded) and not parallel(newton, bounded):
        return "weights of one quarter"
    return None


def what_is_missing(theta, X, y):
    """Return a word for how an answer to the data "units" falls short of the minimum, or None.

    Gradient steps short enough for the column of size 1e4 hardly move in those of size 1. A solver that takes small
    singular values for zero leaves out the column of size 1e-4, and has the others right.
    """
    target, others = minimum(X, y, 0.0), [0, 2, 3, 4]
    moved = np.abs(theta / target)
    # The column of size 1e-4 tells them from Newton steps that are too short, which move every entry alike.
    if moved[[0, 2]].max() < 0.2 and moved[1] < 1e-3 and loss_of(theta, X, y, 0.0) < np.log(2) - 1e-3:
        return "gradient steps"
    if abs(theta[1] / target[1]) < 1e-3 and distance(theta[others], X[:, others], y, np.zeros(4)) <= 1e-2:
        return "a column left out"
    return None


def what_kind_of_history(history, thetas, X, y, lam):
    """Return a word for a history that lacks the start or the penalty, given theta (k, d) after 0, 1, ... steps."""

    def holds(entries, lam):
        losses = [float(loss_of(theta, X, y, lam)) for theta in thetas[1:]]
        return len(losses) > 1 and len(entries) >= len(losses) and np.allclose(entries[: len(losses)], losses, 1e-9, 0)

    if holds(history, lam):
        return "begins after the first step"
    return "lacks the penalty" if lam > 0 and holds(history[1:], 0.0) else None


@pytest.mark.part("irls")
class TestIrls:
    @pytest.mark.points(1)
    @pytest.mark.why(
        en="Without a penalty, theta is the maximum-likelihood estimate: within 1e-6 standard errors of the minimum.",
        zh="没有惩罚时，theta 是最大似然估计：与最小值点相距不超过 1e-6 个标准误。",
    )
    @pytest.mark.hint(
        en="Stop by sqrt(n g^T H^-1 g) <= tol, which does not depend on the units of the columns.",
        zh="按 sqrt(n g^T H^-1 g) <= tol 停止，它与各列的单位无关。",
    )
    @pytest.mark.parametrize("name", ["plain", "units", "constant"])
    def test_irls_finds_the_maximum_of_the_likelihood(self, student, name):
        X, y = unpenalised(name)
        answer = student.irls(X, y)
        symptom = what_is_missing(opened(answer, X), X, y) if name == "units" else None
        assert_minimum(answer, X, y, 0.0, symptom=symptom)

    @pytest.mark.points(1)
    @pytest.mark.why(
        en="With a penalty, theta minimises the mean loss + lam ||w||^2: also for d > n, and for separable data.",
        zh="有惩罚时，theta 是平均损失 + lam ||w||^2 的最小值点：d > n 或数据可分时也一样。",
    )
    @pytest.mark.hint(
        en="lam belongs to the mean loss, its derivative is 2 lam w, and the intercept has none.",
        zh="lam 与平均损失配套，惩罚项的导数是 2 lam w，截距不受惩罚。",
    )
    @pytest.mark.parametrize("name", ["wide", "rare", "separable"])
    def test_irls_finds_the_penalised_minimum(self, student, name):
        X, y, lam = penalised(name)
        assert_minimum(student.irls(X, y, lam), X, y, lam)

    @pytest.mark.points(7)
    @pytest.mark.why(
        en="One call with max_iter=1 is one Newton step from theta0: ten of them reach the minimum, one does not. One "
        "call with max_iter=10 reaches it, too.",
        zh="max_iter=1 的一次调用就是从 theta0 走一个牛顿步：十次到达最小值点，一次到不了。"
        "max_iter=10 的一次调用也能到达。",
    )
    @pytest.mark.hint(
        en="Solve H s = -g with gradient and Hessian at the present theta, lam in both; obey theta0 and max_iter.",
        zh="用当前 theta 处的梯度和海森矩阵解 H s = -g，两者都含 lam；遵守 theta0 和 max_iter。",
    )
    @pytest.mark.parametrize("lam", [0.0, 0.2])
    def test_irls_takes_newton_steps(self, student, lam):
        X, y = in_units()
        penalty, target = penalty_of(lam, 4), minimum(X, y, lam)
        H = derivatives(target, X, y, penalty)[1].astype(np.float64)
        for coordinates in STARTS[lam]:
            theta = start = np.array(coordinates)
            first = None
            for _ in range(10):
                theta = opened(student.irls(X, y, lam, theta0=theta, max_iter=1), X)
                first = theta if first is None else first
            step = newton_step(start, X, y, penalty)
            along = start + np.geomspace(1 / 64, 8, 400)[:, None] * step - target  # (400, d)
            best = float(np.sqrt(np.min(np.sum(along @ H * along, axis=1))))
            left = float(np.sqrt((first - target) @ H @ (first - target)))
            symptom = what_kind_of_step(first, start, X, y, lam)
            measured = distance(theta, X, y, penalty)
            what = Bilingual(f"{DISTANCE.en}, after ten steps", f"走十步之后，{DISTANCE.zh}")
            assert_within(measured, 1e-6, name="irls", what=what, symptom=symptom)
            what = Bilingual(
                "half of the distance that the best point along Newton's direction leaves, over that after one call",
                "牛顿方向上最好的点所余距离的一半，与一次调用后所余距离之比",
            )
            assert_within(best / 2 / max(left, 1e-300), 1.0, name="irls, max_iter=1", what=what, symptom=symptom)
            stopped = opened(student.irls(X, y, lam, theta0=start, max_iter=10), X)
            measured = distance(stopped, X, y, penalty)
            what = Bilingual(f"{DISTANCE.en}, after one call", f"一次调用之后，{DISTANCE.zh}")
            symptom = None
            if not measured <= 1e-6:  # although single steps have been found to be Newton's: why does it stop?
                # From here three steps are near, from three times as far off they are not: who counts stops there.
                far = target + 3 * (np.array(STARTS[lam][0]) - target)
                ends = [stopped, opened(student.irls(X, y, lam, theta0=far, max_iter=10), X)]
                least = loss_of(target, X, y, lam)
                if all(loss_of(end, X, y, lam) - least <= 1e-3 * least for end in ends):
                    symptom = "stops where J is flat"
            assert_within(measured, 1e-6, name="irls, max_iter=10", what=what, symptom=symptom)

    @pytest.mark.points(4)
    @pytest.mark.needs("test_irls_small_example")
    @pytest.mark.why(
        en="Ten steps from zero are enough on real data, low birth weight.",
        zh="在真实数据（低出生体重）上，从零出发十步就够了。",
    )
    @pytest.mark.hint(
        en="Compute gradient and Hessian anew in every step. Newton's method needs five of them here.",
        zh="每一步都重新计算梯度和海森矩阵。牛顿法在这里只需五步。",
    )
    def test_irls_needs_few_steps(self, student):
        X, y = low_birth_weight()
        assert_minimum(student.irls(X, y, max_iter=10), X, y, 0.0)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Where full Newton steps from zero jump away, J never rises from step to step, and the minimum is reached.",
        zh="在从零出发的整个牛顿步会跳走的数据上，J 一步也不升高，并且到达最小值点。",
    )
    @pytest.mark.hint(
        en="While J(theta + t s) is above J(theta), halve t.",
        zh="只要 J(theta + t s) 高于 J(theta)，就把 t 减半。",
    )
    @pytest.mark.parametrize("name", ["a", "b", "c"])
    def test_irls_shortens_steps(self, student, name):
        X, y = overshooting(name)
        theta, penalty = np.zeros(3), np.zeros(3)
        highest = float(loss_of(theta, X, y, 0.0))
        what = Bilingual("J after a step, over J before it, less one", "走一步之后与之前的 J 之比减一")
        for _ in range(40):
            start = theta
            theta = opened(student.irls(X, y, theta0=start, max_iter=1), X)
            loss = float(loss_of(theta, X, y, 0.0))
            step = newton_step(start, X, y, penalty)
            full = np.linalg.norm(theta - start - step) <= 1e-6 * np.linalg.norm(step)
            assert_within(loss / highest - 1, 1e-12, name="irls", what=what, symptom="full step" if full else None)
            highest = loss
            if distance(theta, X, y, penalty) <= 1e-9:
                break
        assert_within(distance(theta, X, y, penalty), 1e-6, name="theta", what=DISTANCE)
        start = np.array(LATE_RISE[name])
        highest = float(loss_of(start, X, y, 0.0))
        for k in range(1, 9):
            theta = opened(student.irls(X, y, theta0=start, max_iter=k), X)
            loss = float(loss_of(theta, X, y, 0.0))
            assert_within(loss / highest - 1, 1e-12, name=f"irls, step {k}", what=what)
            highest = loss
        assert_minimum(student.irls(X, y), X, y, 0.0)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="Separable data without a penalty raise no exception: theta is finite and puts every sample on its side.",
        zh="数据可分而没有惩罚时不抛出异常：theta 是有限的，并且把每个样本都放在正确的一侧。",
    )
    @pytest.mark.hint(
        en="Stop once (2 y - 1) * (X theta) > 0 for all samples, or catch LinAlgError and return the last theta.",
        zh="一旦所有样本都有 (2 y - 1) * (X theta) > 0 就停下，或者捕获 LinAlgError 并返回最后的 theta。",
    )
    def test_irls_survives_separable_data(self, student):
        what = Bilingual("samples that are not on their side", "不在正确一侧的样本数")
        for X, y in (separable(41), separable(42, 300, 6, 0.05), (np.ones((4, 1)), np.ones(4))):
            theta = opened(student.irls(X, y), X)
            wrong = np.count_nonzero((2 * y - 1) * (X @ theta) <= 0)
            assert_within(2 * wrong, 1.0, name="theta", what=what)

    @pytest.mark.points(2)
    @pytest.mark.needs("test_irls_small_example")
    @pytest.mark.why(
        en="`converged` tells the truth: True at a minimum, False after too few steps and on separable data.",
        zh="`converged` 如实说明：在最小值点为 True；步数不够或数据可分时为 False。",
    )
    @pytest.mark.hint(
        en="A small gradient proves nothing on separable data: look at the signs of (2 y - 1) * (X theta).",
        zh="数据可分时，梯度小什么也证明不了：看 (2 y - 1) * (X theta) 的符号。",
    )
    def test_irls_says_whether_it_converged(self, student):
        what = Bilingual("calls whose `converged` is wrong", "`converged` 不对的调用次数")
        X, y = plain(44)
        assert_within(2 * (not said_of(student.irls(X, y), X)), 1.0, name="converged", what=what)
        assert_within(2 * said_of(student.irls(X, y, max_iter=1), X), 1.0, name="converged", what=what)
        X, y = separable(45)
        assert_within(2 * (not said_of(student.irls(X, y, 1e-3), X)), 1.0, name="converged", what=what)
        for X, y in (separable(45), separable(46, 60, 3, 1.0)):
            wrong, symptom = said_of(student.irls(X, y), X), "converged on separable data"
            assert_within(2 * wrong, 1.0, name="converged", what=what, symptom=symptom)

    @pytest.mark.points(2)
    @pytest.mark.needs("test_irls_small_example")
    @pytest.mark.why(
        en="`history` holds J at the start and after each of the `n_iter` steps, as the judge finds it, never rising.",
        zh="`history` 依次是起点和 `n_iter` 步中每一步之后的 J，与评分程序算出的一致，从不升高。",
    )
    @pytest.mark.hint(
        en="Append J(theta) once before the loop and once after every step; count the steps that were taken.",
        zh="循环之前记录一次 J(theta)，每走一步再记录一次；数一数实际走了几步。",
    )
    def test_irls_tells_its_history(self, student):
        X, y = plain(47)
        for lam, start in ((0.0, None), (0.05, np.array([1.0, -0.5, 0.5, 0.0]))):
            whole = student.irls(X, y, lam, theta0=start)
            opened(whole, X)
            history = told(whole)
            steps = assert_scalar(whole.n_iter, name="n_iter")
            parts = [student.irls(X, y, lam, theta0=start, max_iter=k) for k in range(1, min(len(history), 4))]
            thetas = [np.zeros(4) if start is None else start, *(opened(part, X) for part in parts)]
            symptom = what_kind_of_history(history, thetas, X, y, lam)
            what = Bilingual(
                "entries of history beyond n_iter + 1, or missing", "history 比 n_iter + 1 多出或缺少的项数"
            )
            assert_within(2 * abs(len(history) - steps - 1), 1.0, name="history", what=what, symptom=symptom)
            rise = max([b - a for a, b in pairwise(history)], default=0.0)
            assert_within(rise, 1e-12, name="history", what=Bilingual("largest rise", "最大的升高"), symptom=symptom)
            for k, part in enumerate(parts, start=1):
                what = Bilingual(f"n_iter where max_iter is {k}, off by", f"max_iter 为 {k} 时，n_iter 的偏差")
                off = abs(assert_scalar(part.n_iter, name="n_iter") - k)
                assert_within(2 * off, 1.0, name="n_iter", what=what, symptom=symptom)
            thetas[len(history) - 1 :] = [whole.theta]
            desired = [float(loss_of(theta, X, y, lam)) for theta in thetas]
            told_here = [*history[: len(thetas) - 1], history[-1]]
            try:
                assert_close(np.array(told_here), np.array(desired), rtol=1e-12, name="history")
            except CheckFailure as failure:
                raise CheckFailure(failure.message, symptom) from None

    @pytest.mark.points(1)
    @pytest.mark.needs("test_irls_small_example")
    @pytest.mark.why(
        en="float32 data give a float32 theta within 1e-3 standard errors of the minimum.",
        zh="float32 的数据得到 float32 的 theta，与最小值点相距不超过 1e-3 个标准误。",
    )
    @pytest.mark.hint(
        en="Allow for rounding when you compare J before and after a step, or good steps are halved away.",
        zh="比较走一步前后的 J 时要容许舍入误差，否则好步子也会被减没。",
    )
    def test_irls_keeps_float32(self, student):
        X, y = (value.astype(np.float32) for value in plain(48))
        for lam in (0.0, 0.1):
            assert_minimum(student.irls(X, y, lam), X, y, lam, limit=1e-3)

    @pytest.mark.points(1)
    @pytest.mark.needs("test_irls_small_example")
    @pytest.mark.why(
        en="X, y and theta0 are the same afterwards.",
        zh="X、y 和 theta0 在调用之后保持不变。",
    )
    @pytest.mark.hint(
        en="theta += step writes into the array that theta0 is: write theta = theta + step.",
        zh="theta += step 会改写 theta0 所指的数组：请写 theta = theta + step。",
    )
    def test_irls_leaves_its_inputs_alone(self, student):
        X, y = plain(49, 40, 3)
        start = np.full(3, 0.1)
        assert_untouched(
            student, "irls", lambda X, y, start: student.irls(X, y, 0.1, theta0=start), X=X, y=y, theta0=start
        )

    @pytest.mark.points(5)
    @pytest.mark.why(
        en="Real data: low birth weight to 7 digits of Stata's estimates, and breast cancer with ten columns and with "
        "thirty (separable without a penalty).",
        zh="真实数据：低出生体重，与 Stata 的估计值有 7 位相符；乳腺癌，用十列和三十列（无惩罚时可分）。",
    )
    @pytest.mark.hint(
        en="Columns in pounds and years beside zeros and ones: Newton's method does not mind.",
        zh="有的列以磅、岁计，有的是 0 和 1：牛顿法并不在意。",
    )
    def test_irls_on_real_data(self, student):
        X, y = low_birth_weight()
        answer = student.irls(X, y)
        assert_minimum(answer, X, y, 0.0)
        assert_digits(answer.theta, LBW_THETA, 6.5, name="theta of lbw")
        X, y = tumours(10)
        assert_minimum(student.irls(X, y), X, y, 0.0)
        X, y = tumours(30)
        assert_minimum(student.irls(X, y, 1e-3), X, y, 1e-3)


def said_of(answer, X):
    opened(answer, X)
    return said(answer)


def pair(answer):
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise plainly("odds_ratios must return the pair (ratios, intervals)")
    return answer


@pytest.mark.part("odds_ratios")
class TestOddsRatios:
    @pytest.mark.points(4)
    @pytest.mark.why(
        en="The ratios are exp(w), the intervals run from exp(w - 1.96 s) to exp(w + 1.96 s), without the intercept.",
        zh="几率比是 exp(w)，区间从 exp(w - 1.96 s) 到 exp(w + 1.96 s)，不含截距。",
    )
    @pytest.mark.hint(
        en="The standard errors are the square roots of the diagonal of cov; the interval is formed before exp.",
        zh="标准误是 cov 对角线的平方根；先求区间，再取 exp。",
    )
    def test_odds_ratios_and_their_intervals(self, student):
        rng = np.random.default_rng(61)
        for d in (2, 3, 6):
            theta, root = rng.normal(size=d), rng.normal(size=(d, d)) / 2
            cov = root @ root.T + 0.04 * np.eye(d)
            ratios, intervals = pair(student.odds_ratios(theta, cov))
            assert_close(ratios, np.exp(theta[1:]), rtol=1e-12, name="ratios")
            half = 1.959963984540054 * np.sqrt(np.diag(cov)[1:])
            desired = np.exp(np.column_stack([theta[1:] - half, theta[1:] + half]))
            assert_close(intervals, desired, rtol=1e-4, name="intervals")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="Low birth weight: the odds ratios and intervals that follow from Stata's estimates and standard errors.",
        zh="低出生体重：由 Stata 的估计值和标准误得出的几率比及其区间。",
    )
    @pytest.mark.hint(
        en="Per unit of each column, all others fixed; every end of an interval is positive.",
        zh="按每列的一个单位计，其余各列不变；区间的端点都是正数。",
    )
    def test_odds_ratios_of_low_birth_weight(self, student):
        ratios, intervals = pair(student.odds_ratios(LBW_THETA, np.diag(LBW_ERRORS**2)))
        # Smoking and hypertension, computed by hand: exp(.92334482), exp(.92334482 -+ 1.959964 * .400820976), ...
        assert_array(ratios, shape=(8,), dtype=np.float64, name="ratios")
        assert_array(intervals, shape=(8, 2), dtype=np.float64, name="intervals")
        assert_close(ratios[[4, 6]], np.array([2.51769757, 6.24960211]), rtol=1e-8, name="ratios")
        desired = np.array([[1.14768876, 5.52310111], [1.61116886, 24.24173382]])
        assert_close(intervals[[4, 6]], desired, rtol=1e-4, name="intervals")

    @pytest.mark.points(2)
    @pytest.mark.needs("test_odds_ratios_small_example")
    @pytest.mark.why(
        en="float32 in, float32 out; an intercept alone gives no ratios; theta and cov stay as they are.",
        zh="输入 float32 就返回 float32；只有截距时没有几率比；theta 和 cov 保持不变。",
    )
    @pytest.mark.hint(
        en="Shapes (d - 1,) and (d - 1, 2) also for d = 1; np.zeros and np.array([...]) are float64 by default.",
        zh="d = 1 时形状也是 (d - 1,) 和 (d - 1, 2)；np.array([...]) 和 np.zeros 默认是 float64。",
    )
    def test_odds_ratios_keep_dtype_and_inputs(self, student):
        theta, cov = np.array([1.0, -0.5, 0.75], np.float32), np.diag(np.array([0.5, 0.25, 1.0], np.float32))
        ratios, intervals = pair(student.odds_ratios(theta, cov))
        assert_close(ratios, np.exp(theta[1:]), rtol=1e-6, name="ratios")
        half = np.float32(1.959964) * np.sqrt(np.diag(cov)[1:])
        desired = np.exp(np.column_stack([theta[1:] - half, theta[1:] + half]))
        assert_close(intervals, desired, rtol=1e-4, name="intervals")
        ratios, intervals = pair(student.odds_ratios(np.array([0.3]), np.array([[0.1]])))
        assert_array(ratios, shape=(0,), dtype=np.float64, name="ratios")
        assert_array(intervals, shape=(0, 2), dtype=np.float64, name="intervals")
        theta, cov = np.array([0.1, 0.2]), np.array([[0.5, 0.1], [0.1, 0.4]])
        assert_untouched(student, "odds_ratios", student.odds_ratios, theta=theta, cov=cov)
