"""The checks that students do not see. `design.md` derives the criteria; each check is one number against a limit.

No multiplier is ever compared with another's. What is measured is computed from the student's own answer: constraints,
violation of the optimality conditions, duality gap; and for the classifier the distance from the one optimal function.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from autograder.judge import assert_array, assert_close, assert_scalar, assert_speed, assert_within
from autograder.text import Bilingual

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
# Geometric mean of the slowest vectorised way and the fastest loop over samples: see design.md.
SPEED_LIMIT = 6.0
# scikit-learn 1.9.1's SVC (libsvm) at tol=1e-10: dual objective and intercept.
LIBSVM = {
    "breast cancer, rbf": (59.7613453714, -0.235367138),
    "digits 3 and 8, rbf": (89.4347524831, 0.219714548),
    "breast cancer, linear": (4.3473408528, 0.216426572),
}
# Fitted to two thirds of the samples: decision values of the first five others, and how many of them all are wrong.
LIBSVM_HELD_OUT = {
    "breast cancer": ([-0.69942219, -0.35493156, -2.05947054, -0.43947087, -0.19325329], 3),
    "digits": ([-1.59862901, 0.887947, 1.75682539, 1.61639546, -2.96754379], 0),
}


class Problem(NamedTuple):
    """What `smo` is given."""

    K: np.ndarray  # (n, n)
    y: np.ndarray  # (n,), -1.0 and 1.0
    C: float


class Optimum(NamedTuple):
    """A solution to ten digits."""

    alpha: np.ndarray
    b: float  # the middle of the interval
    width: float  # of the interval of optimal b
    D: float


# The judge's own mathematics. `tests/content/test_smo.py` compares it with libsvm.


def margins(K, y, C, alpha):
    """Return g (n,), and which signed multipliers can grow and can shrink; what is within 1e-6 of a bound is on it."""
    snap = 1e-6 * min(C, float(alpha.max()))
    free_above, free_below = alpha < C - snap, alpha > snap
    g = y - K.astype(np.float64) @ (alpha.astype(np.float64) * y)
    return g, np.where(y > 0, free_above, free_below), np.where(y > 0, free_below, free_above)


def interval(K, y, C, alpha):
    """Return m and M: optimal if m <= M, and then every b between them is."""
    g, growing, shrinking = margins(K, y, C, alpha)
    return float(np.max(g[growing], initial=-np.inf)), float(np.min(g[shrinking], initial=np.inf))


def dual(K, y, alpha):
    beta = alpha.astype(np.float64) * y
    return float(alpha.sum(dtype=np.float64) - beta @ K @ beta / 2)


def primal(K, y, C, alpha):
    """Return P at w = sum beta phi and the best b, which is one of the g: P is piecewise linear in b."""
    beta = alpha.astype(np.float64) * y
    g = y - K @ beta
    return float(beta @ K @ beta / 2 + C * np.maximum(0, y * (g - g[:, None])).sum(axis=1).min())


def solved(K, y, C, tol=1e-10):
    """Return the optimum, by pair steps down to a violation of 1e-10, recomputed at the end."""
    beta, g, diagonal = np.zeros(len(y)), y.astype(np.float64), K.diagonal()
    for _ in range(500_000):
        alpha = beta * y
        can_grow, can_shrink = np.where(y > 0, alpha < C, alpha > 0), np.where(y > 0, alpha > 0, alpha < C)
        i = int(np.argmax(np.where(can_grow, g, -np.inf)))
        gap = g[i] - np.where(can_shrink, g, np.inf)
        if gap.max() <= tol:
            break
        eta = np.maximum(diagonal[i] + diagonal - 2 * K[i], 1e-12)
        j = int(np.argmax(np.maximum(gap, 0) ** 2 / eta))
        room = C - alpha[i] if y[i] > 0 else alpha[i], alpha[j] if y[j] > 0 else C - alpha[j]
        t = min(gap[j] / eta[j], *room)
        beta[i], beta[j] = beta[i] + t, beta[j] - t
        for k in (i, j):
            if abs(beta[k]) < 1e-15 * min(C, np.abs(beta).max()):
                beta[k] = 0.0
            elif C - abs(beta[k]) < 1e-15 * C:
                beta[k] = y[k] * C
        g -= t * (K[i] - K[j])
    alpha = beta * y
    m, M = interval(K, y, C, alpha)
    D = dual(K, y, alpha)
    assert m - M <= 10 * tol, "the judge's own solution is no optimum"
    return Optimum(alpha, (m + M) / 2, max(M - m, 0.0), D)


def linear(X, Z):
    return X @ Z.T


def poly(X, Z, degree, gamma, coef0):
    return (gamma * (X @ Z.T) + coef0) ** degree


def rbf(X, Z, gamma):
    return np.exp(-gamma * ((X[:, None] - Z) ** 2).sum(axis=2))


# Data. Cached where it is dear, and always the same: no check draws from another's generator.


def overlapping(rng, n, d, share=0.5):
    """Return X (n, d) and labels (n,) of two classes with a curved border and much overlap; `share` are positive."""
    X = rng.normal(size=(n, d))
    score = X[:, 0] + 0.7 * X[:, 1] ** 2 + 0.8 * rng.normal(size=n)
    return X, np.where(score > np.quantile(score, 1 - share), 1.0, -1.0)


@cache
def problem(name):
    if name == "linear":
        X, y = overlapping(np.random.default_rng(31), 200, 3)
        return Problem(linear(X, X), y, 1.0)
    if name == "poly":
        X, y = overlapping(np.random.default_rng(32), 200, 2)
        return Problem(poly(X, X, 3, 0.3, 1.0), y, 0.1)
    if name == "rbf":
        X, y = overlapping(np.random.default_rng(33), 200, 2, share=0.4)
        return Problem(rbf(X, X, 0.2), y, 0.5)
    if name == "unbalanced":  # and an intercept far from zero
        X, y = overlapping(np.random.default_rng(34), 100, 2, share=0.15)
        return Problem(linear(X + 1, X + 1), y, 2.0)
    if name == "tiny C":
        X, y = overlapping(np.random.default_rng(35), 60, 2, share=0.25)
        return Problem(rbf(X, X, 0.5), y, 1e-3)
    if name == "huge C":  # a hard margin
        X = np.random.default_rng(36).normal(size=(60, 2))
        y = np.where(X[:, 0] + X[:, 1] > 0.3, 1.0, -1.0)
        X = X + 0.2 * y[:, None]
        return Problem(poly(X, X, 2, 1.0, 1.0), y, 1e6)
    if name == "all at the bound":  # as many of one class as of the other, so that no multiplier is free
        rng, y = np.random.default_rng(37), np.where(np.arange(40) % 2 == 0, 1.0, -1.0)
        X = np.column_stack([10 + 0.5 * y + 0.3 * rng.normal(size=40), rng.normal(size=40)])
        return Problem(linear(X, X), y, 1e-2)
    if name == "identical":  # each step has to go all the way to C: a step of 1 / K would take 100000 of them
        return Problem(np.ones((6, 6)), np.array([1.0, -1.0, -1.0, 1.0, -1.0, -1.0]), 1e5)
    if name == "duplicates":  # every sample twice, some of them with both labels, and rounding in the wrong direction
        X, y = overlapping(np.random.default_rng(38), 40, 2)
        K = np.tile(rbf(X, X, 1.0), (2, 2))
        i = np.arange(40)
        K[i, i + 40] = K[i + 40, i] = 1 + 2.0**-51
        return Problem(K, np.concatenate([y, np.where(i % 4 == 0, -y, y)]), 5.0)
    raise KeyError(name)


@cache
def optimum(name):
    return solved(*problem(name))


@cache
def real(name):
    """Return X and labels of the breast cancer data, standardised, or of two digits, scaled to [0, 1]."""
    if name == "breast cancer":
        table = np.loadtxt(DATASETS / "breast_cancer.csv", delimiter=",", skiprows=1)
        X = table[:, :-1]
        return (X - X.mean(axis=0)) / X.std(axis=0), np.where(table[:, -1] == 1, 1.0, -1.0)
    table = np.loadtxt(DATASETS / "digits.csv", delimiter=",", skiprows=1)
    table = table[(table[:, -1] == 3) | (table[:, -1] == 8)]
    return table[:, :-1] / 16, np.where(table[:, -1] == 8, 1.0, -1.0)


@cache
def real_problem(name):
    X, y = real(name.partition(",")[0] if name.startswith("breast") else "digits")
    if name == "breast cancer, linear":
        return Problem(linear(X, X), y, 0.1)
    if name == "breast cancer, rbf":
        return Problem(rbf(X, X, 1 / 30), y, 1.0)
    return Problem(rbf(X, X, 0.05), y, 10.0)


@cache
def timed():
    """Return a kernel matrix (1800, 1800) and labels for timing."""
    X, y = overlapping(np.random.default_rng(39), 1800, 2)
    return rbf(X, X, 1.0), y


# What is asked of an answer


def assert_untouched(student, function, *args):
    """Call with arrays that live on the student's side, and look whether they are still the same."""
    staged = [student.stage(value) for value in args]
    function(*staged)
    for handle, value in zip(staged, args, strict=True):
        assert np.array_equal(handle.fetch(), value), "an array that was passed in has been changed"


def assert_feasible(result, K, y, C, tol=1e-3):
    """The result is one, and its alpha obeys the constraints. Returns alpha in float64."""
    for field in ("alpha", "b", "n_iter", "converged"):
        assert hasattr(result, field), f"smo must return an SMOResult; a {type(result).__name__} came, without {field}"
    alpha = assert_array(result.alpha, shape=y.shape, dtype=K.dtype, name="alpha").astype(np.float64)
    rounding = 1e-8 if K.dtype == np.float64 else 1e-6
    scale = min(C, float(np.abs(alpha).max()) or C)
    assert_within(
        max(0.0, float(np.max(alpha - C)) / C),
        rounding,
        name="alpha",
        what=Bilingual("the largest excess over C, relative to C", "超出 C 的最大量（相对于 C）"),
        symptom="multipliers above C",
    )
    assert_within(
        max(0.0, float(np.max(-alpha)) / scale),
        rounding,
        name="alpha",
        what=Bilingual("the most negative multiplier, relative to the largest", "最负的乘子（相对于最大的乘子）"),
        symptom="negative multipliers",
    )
    assert_within(
        abs(float(alpha @ y)) / (scale * len(y) ** 0.5),
        1e-6,
        name="alpha",
        what=Bilingual("|sum of alpha_i y_i|, relative to their size", "|alpha_i y_i 之和|（相对于其大小）"),
        symptom=equality_symptom(alpha, K, y, C, tol),
    )
    return alpha


def equality_symptom(alpha, K, y, C, tol):
    """Say whether this would be the optimum if there were no intercept, and hence no equality constraint."""
    slope = 1 - y * (K @ (alpha * y))  # of D
    snap = 1e-6 * C
    violation = max(np.max(slope[alpha < C - snap], initial=0), np.max(-slope[alpha > snap], initial=0))
    return "optimum without intercept" if violation <= 3 * tol else "equality constraint violated"


def assert_optimal(result, problem, tol, D=None):
    """alpha is feasible and violates the optimality conditions by at most 2.1 * tol. Returns alpha.

    `D` is the maximum of the dual objective, which helps to say what is wrong.
    """
    K, y, C = problem
    alpha = assert_feasible(result, K, y, C, tol)
    assert_small_violation(alpha, problem, tol, D)
    return alpha


def assert_small_violation(alpha, problem, tol, D=None):
    m, M = interval(*problem, alpha)
    symptom = optimality_symptom(alpha, problem, tol, D)
    early = Bilingual(
        "alpha is feasible and near the optimum: the search ends before m - M <= tol",
        "alpha 可行，也离最优不远：搜索在 m - M <= tol 成立之前就结束了",
    )
    assert_within(
        m - M,
        2.1 * tol,
        name="smo",
        what=Bilingual(
            "violation m - M of the optimality conditions, recomputed from alpha",
            "由 alpha 重新算出的最优性条件违反量 m - M",
        ),
        likely=early if symptom == STOPS_EARLY else None,
        symptom=symptom,
    )


STOPS_EARLY = "stops early"


def optimality_symptom(alpha, problem, tol, D=None):
    """Say in which way a feasible alpha is no optimum, where that is certain."""
    K, y, C = problem
    m, M = interval(K, y, C, alpha)
    if m - M <= 2.1 * tol:
        return None
    bound = C / len(y)
    if abs(float(alpha.max()) - bound) <= 1e-6 * bound and np.sum(alpha > bound * (1 - 1e-6)) >= 2:
        return "bound C / n"
    if D is not None and dual(K, y, alpha) >= 0.9 * D:
        return STOPS_EARLY
    return None


def assert_gap(alpha, problem, tol):
    """P - D at the same w is no more than tol lets it be: with every condition within 2.1 tol, 2.1 tol n C."""
    K, y, C = problem
    what = Bilingual("duality gap P - D over what tol allows", "对偶间隙 P - D 与 tol 所容许的值之比")
    gap = primal(K, y, C, alpha) - dual(K, y, alpha)
    assert_within(gap / (2.2 * tol * len(y) * C), 1.0, name="smo", what=what)


def assert_intercept(b, alpha, problem, tol):
    """b lies between m and M of the student's own alpha, give or take 10 tol."""
    m, M = interval(*problem, alpha)
    what = Bilingual("distance of b from the interval between m and M", "b 与 m、M 之间的区间的距离")
    if isinstance(b, float) and np.isnan(b):
        likely = Bilingual("the mean over no sample at all is NaN", "对零个样本取平均得到 NaN")
        assert_within(b, 10 * tol, name="b", what=what, likely=likely, symptom="b is NaN")
    b = assert_scalar(b, name="b")
    symptom = intercept_symptom(b, alpha, problem, tol)
    assert_within(max(0.0, min(m, M) - b, b - max(m, M)), 10 * tol, name="b", what=what, symptom=symptom)


def intercept_symptom(b, alpha, problem, tol):
    """Say where a wrong b comes from, where that is certain: it agrees to six digits, or is 0, or the negative."""
    K, y, C = problem
    if optimality_symptom(alpha, problem, tol) is not None:  # then b is wrong for that reason
        return optimality_symptom(alpha, problem, tol)
    m, M = interval(K, y, C, alpha)
    g, growing, shrinking = margins(K, y, C, alpha)
    support = alpha > 1e-6 * min(C, alpha.max())
    if b == 0:
        return "b is zero"
    if abs(b - np.mean(g[support])) <= 1e-6 * (1 + abs(b)):
        return "mean over all support vectors"
    if min(m, M) - 10 * tol <= -b <= max(m, M) + 10 * tol:
        return "b has the wrong sign"
    if np.min(np.abs(b - g[support & (growing != shrinking)]), initial=np.inf) <= 1e-9 * (1 + abs(b)):
        return "one support vector at its bound"
    return None


# Kernels


def squared_distances(X, Z):
    """Return the squared distances, (n, m), in longdouble."""
    return ((X.astype(np.longdouble)[:, None] - Z.astype(np.longdouble)) ** 2).sum(axis=2)


def assert_rbf(K, X, Z, gamma):
    """Every entry is exp(-gamma d2) up to the rounding errors of ||x||^2 + ||z||^2 - 2 x^T z, and at most 1."""
    assert_array(K, shape=(len(X), len(Z)), dtype=X.dtype, name="rbf_kernel")
    u = np.finfo(X.dtype).eps / 2
    exact = np.exp(-gamma * squared_distances(X, Z))
    size = np.linalg.norm(X, axis=1)[:, None].astype(float) + np.linalg.norm(Z, axis=1).astype(float)
    error = 4 * (X.shape[1] + 4) * u * gamma * size**2  # of the exponent
    allowed = 8 * u + np.expm1(error)  # exp(-x) has no slope above 1
    what = Bilingual("largest error over the allowed rounding error", "最大误差与容许的舍入误差之比")
    assert_within(float(np.max(np.abs(K - exact) / allowed)), 1.0, name="rbf_kernel", what=what)
    what = Bilingual("excess of the largest entry over 1, in units of rounding", "最大元素超出 1 的量，以舍入单位计")
    likely = Bilingual("a squared distance came out negative: clip it at 0", "算出了负的距离平方：把它截断到 0")
    excess = max(0.0, float(K.max()) - 1) / u
    assert_within(excess, 0.5, name="rbf_kernel", what=what, likely=likely, symptom="kernel above 1")


@pytest.mark.part("kernels")
class TestKernels:
    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Linear and polynomial kernels of n and m samples are the (n, m) matrix of the formula, for any parameters.",
        zh="n 个和 m 个样本的线性核与多项式核，对任何参数都等于公式给出的 (n, m) 矩阵。",
    )
    @pytest.mark.hint(
        en="Work the formula of the text for two rows and the parameters 3, 0.7, 2 by hand, and compare.",
        zh="取两行样本和参数 3、0.7、2，按正文的公式手算并比较。",
    )
    def test_linear_and_poly_kernels_follow_the_formula(self, student):
        rng = np.random.default_rng(11)
        X, Z = rng.normal(size=(7, 4)), rng.normal(size=(5, 4))
        products = X @ Z.T
        rounding = 1e-13 * (np.linalg.norm(X, axis=1)[:, None] * np.linalg.norm(Z, axis=1)).max()
        assert_close(student.linear_kernel(X, Z), products, rtol=0, atol=rounding, name="linear_kernel")
        for degree, gamma, coef0 in ((3, 0.7, 2.0), (2, 1.5, 0.0), (1, 0.25, 0.5)):
            desired = (gamma * products + coef0) ** degree
            actual = student.poly_kernel(X, Z, degree=degree, gamma=gamma, coef0=coef0)
            assert_close(actual, desired, rtol=1e-12, atol=1e-11, name="poly_kernel")
        # what is not given is 1
        assert_close(student.poly_kernel(X, Z, 2), (products + 1) ** 2, rtol=1e-12, atol=1e-11, name="poly_kernel")

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The Gaussian kernel of n and m samples is the (n, m) matrix of the formula, for any gamma.",
        zh="n 个和 m 个样本的高斯核，对任何 gamma 都等于公式给出的 (n, m) 矩阵。",
    )
    @pytest.mark.hint(
        en="exp(-gamma * squared distance): check the square, the factor 2 of the mixed term, and gamma.",
        zh="exp(-gamma * 距离的平方)：检查平方、交叉项的系数 2 和 gamma。",
    )
    def test_rbf_kernel_follows_the_formula(self, student):
        rng = np.random.default_rng(12)
        X, Z = rng.normal(size=(9, 3)), rng.normal(size=(6, 3)) + 0.5
        for gamma in (0.05, 0.3, 2.0):
            assert_rbf(student.rbf_kernel(X, Z, gamma), X, Z, gamma)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="No entry of the Gaussian kernel exceeds 1, even where the points are far from the origin.",
        zh="即使各点离原点很远，高斯核的任何元素也不超过 1。",
    )
    @pytest.mark.hint(
        en="Squared distances cannot be negative: np.maximum(squared, 0).",
        zh="距离的平方不可能为负：np.maximum(squared, 0)。",
    )
    @pytest.mark.needs("test_rbf_kernel_follows_the_formula")
    def test_rbf_kernel_has_no_negative_distances(self, student):
        rng = np.random.default_rng(13)
        X = 1e6 * rng.normal(size=(80, 6))
        assert_rbf(student.rbf_kernel(X, X, 1e-6), X, X, 1e-6)
        Z = X + 1e-3 * rng.normal(size=X.shape)  # neighbours whose distance drowns in rounding
        assert_rbf(student.rbf_kernel(X, Z, 1e-4), X, Z, 1e-4)

    @pytest.mark.points(2)
    @pytest.mark.needs(
        "test_linear_kernel_small_example", "test_poly_kernel_small_example", "test_rbf_kernel_small_example"
    )
    @pytest.mark.why(
        en="float32 samples give float32 kernels, as accurate as that type allows; one sample is enough.",
        zh="float32 的样本得到 float32 的核矩阵，达到该类型应有的精度；只有一个样本也行。",
    )
    @pytest.mark.hint(
        en="A float64 array anywhere in the formula makes the result float64.",
        zh="公式中只要出现一个 float64 数组，结果就会变成 float64。",
    )
    def test_kernels_keep_float32(self, student):
        rng = np.random.default_rng(14)
        X, Z = rng.normal(size=(8, 3)).astype(np.float32), rng.normal(size=(1, 3)).astype(np.float32)
        products = (X.astype(np.float64) @ Z.T.astype(np.float64)).astype(np.float32)
        assert_close(student.linear_kernel(X, Z), products, rtol=0, atol=1e-5, name="linear_kernel")
        desired = ((0.5 * products.astype(np.float64) + 1) ** 2).astype(np.float32)
        actual = student.poly_kernel(X, Z, 2, gamma=0.5, coef0=1.0)
        assert_close(actual, desired, rtol=1e-5, atol=1e-5, name="poly_kernel")
        assert_rbf(student.rbf_kernel(X, Z, 0.5), X, Z, 0.5)

    @pytest.mark.points(1)
    @pytest.mark.needs(
        "test_linear_kernel_small_example", "test_poly_kernel_small_example", "test_rbf_kernel_small_example"
    )
    @pytest.mark.why(
        en="The arrays that are passed in are the same afterwards.",
        zh="传入的数组在调用之后保持不变。",
    )
    @pytest.mark.hint(
        en="Statements such as X *= ... write into the caller's array; make a new one.",
        zh="X *= ... 之类的语句会改写调用者的数组；请新建一个数组。",
    )
    def test_kernels_leave_their_inputs_alone(self, student):
        rng = np.random.default_rng(15)
        X, Z = rng.normal(size=(5, 2)), rng.normal(size=(4, 2))
        assert_untouched(student, student.linear_kernel, X, Z)
        assert_untouched(student, lambda X, Z: student.poly_kernel(X, Z, 2, gamma=0.5), X, Z)
        assert_untouched(student, lambda X, Z: student.rbf_kernel(X, Z, 0.5), X, Z)


@pytest.mark.part("dual")
class TestDual:
    @pytest.mark.points(6)
    @pytest.mark.why(
        en="The dual objective is the formula of the text, for any alpha, and a number.",
        zh="对任何 alpha，对偶目标函数都等于正文的公式，并且是一个数。",
    )
    @pytest.mark.hint(
        en="Write the double sum as two loops once, and compare.",
        zh="先用两重循环写出双重求和，再作比较。",
    )
    def test_dual_objective_follows_the_formula(self, student):
        rng = np.random.default_rng(21)
        for n in (2, 9, 60):
            X, y = rng.normal(size=(n, 3)), np.where(np.arange(n) % 3 == 0, 1.0, -1.0)
            K, alpha = rbf(X, X, 0.3), rng.uniform(0, 2, n)
            beta = (alpha * y).astype(np.longdouble)
            desired = float(alpha.astype(np.longdouble).sum() - beta @ K.astype(np.longdouble) @ beta / 2)
            scale = float(alpha.sum() + alpha @ np.abs(K) @ alpha / 2)
            value = assert_scalar(student.dual_objective(alpha, y, K), name="dual_objective")
            assert_close(value, desired, rtol=0, atol=1e-13 * scale, name="dual_objective")

    @pytest.mark.points(2)
    @pytest.mark.needs("test_dual_objective_small_example")
    @pytest.mark.why(
        en="Labels 0 and 1 and a column of multipliers are refused with ValueError, and no argument is changed.",
        zh="标签 0 和 1、写成一列的乘子都会以 ValueError 被拒绝；任何参数都不会被改动。",
    )
    @pytest.mark.hint(
        en="Keep the first lines of the template, and write beta = alpha * y instead of alpha *= y.",
        zh="保留模板开头的几行，并写 beta = alpha * y，不要写 alpha *= y。",
    )
    def test_dual_objective_treats_its_arguments_well(self, student):
        rng = np.random.default_rng(22)
        X, y = rng.normal(size=(6, 2)), np.array([1.0, -1.0, 1.0, 1.0, -1.0, -1.0])
        K, alpha = linear(X, X), rng.uniform(0, 1, 6)
        assert_untouched(student, student.dual_objective, alpha, y, K)
        with pytest.raises(ValueError):
            student.dual_objective(alpha, (y + 1) / 2, K)
        with pytest.raises(ValueError):
            student.dual_objective(alpha[:, None], y, K)


@pytest.mark.part("smo")
class TestSmo:
    @pytest.mark.points(4)
    @pytest.mark.why(
        en="Every multiplier lies in [0, C], and the sum of alpha_i y_i is zero.",
        zh="每个乘子都在 [0, C] 中，并且 alpha_i y_i 之和为零。",
    )
    @pytest.mark.hint(
        en="Clip the step, not the multipliers: both change by the same amount, limited by the room of either.",
        zh="要截断的是步长，不是乘子：两个乘子改变同样的量，这个量受二者余地的限制。",
    )
    def test_smo_is_feasible(self, student):
        for name in ("linear", "rbf", "unbalanced"):
            K, y, C = problem(name)
            alpha = assert_feasible(student.smo(K, y, C), K, y, C)
            assert alpha.max() > 0, "all multipliers are zero: nothing has been solved"

    @pytest.mark.points(4)
    @pytest.mark.needs("test_smo_is_feasible")
    @pytest.mark.why(
        en="The optimality conditions hold to within tol: m - M <= 2.1 tol, recomputed from alpha.",
        zh="最优性条件在 tol 之内成立：由 alpha 重新计算，m - M <= 2.1 tol。",
    )
    @pytest.mark.hint(
        en="Stop only when m - M <= tol, over all samples. Recompute g = y - K @ (alpha * y) at the end and compare.",
        zh="只有对所有样本算出的 m - M <= tol 才能停止。结束时重新计算 g = y - K @ (alpha * y) 并比较。",
    )
    @pytest.mark.parametrize("name", ["linear", "poly", "rbf"])
    def test_smo_satisfies_the_optimality_conditions(self, student, name):
        assert_optimal(student.smo(*problem(name)), problem(name), 1e-3, optimum(name).D)

    @pytest.mark.points(4)
    @pytest.mark.needs("test_smo_satisfies_the_optimality_conditions")
    @pytest.mark.why(
        en="The dual objective reaches the primal one: the duality gap is small.",
        zh="对偶目标函数达到原问题的目标函数：对偶间隙很小。",
    )
    @pytest.mark.hint(
        en="Compute P - D of your answer on your own data; it falls to zero as tol does.",
        zh="在你自己的数据上计算答案的 P - D；tol 趋于零时它也趋于零。",
    )
    def test_smo_closes_the_duality_gap(self, student):
        for name in ("rbf", "unbalanced"):
            alpha = assert_feasible(student.smo(*problem(name), tol=1e-5), *problem(name), 1e-5)
            assert_gap(alpha, problem(name), 1e-5)

    @pytest.mark.points(5)
    @pytest.mark.needs("test_smo_satisfies_the_optimality_conditions")
    @pytest.mark.why(
        en="b lies between m and M, on data with many multipliers at C and classes of different size.",
        zh="在许多乘子等于 C、两类样本数不同的数据上，b 位于 m 与 M 之间。",
    )
    @pytest.mark.hint(
        en="Use free support vectors (0 < alpha < C) alone, or (m + M) / 2; mind the sign, f = K @ beta + b.",
        zh="只用自由支持向量（0 < alpha < C），或者取 (m + M) / 2；注意正负号，f = K @ beta + b。",
    )
    def test_smo_intercept(self, student):
        for name in ("unbalanced", "rbf"):
            result = student.smo(*problem(name), tol=1e-4)
            alpha = assert_feasible(result, *problem(name), 1e-4)
            assert_intercept(result.b, alpha, problem(name), 1e-4)

    @pytest.mark.points(3)
    @pytest.mark.needs("test_smo_satisfies_the_optimality_conditions")
    @pytest.mark.why(
        en="Where all multipliers are at 0 or C, b still lies between m and M.",
        zh="当所有乘子都等于 0 或 C 时，b 仍位于 m 与 M 之间。",
    )
    @pytest.mark.hint(
        en="There is no free support vector to take b from: use (m + M) / 2.",
        zh="没有自由支持向量可以用来求 b：取 (m + M) / 2。",
    )
    def test_smo_intercept_without_free_support_vectors(self, student):
        name = "all at the bound"
        result = student.smo(*problem(name), tol=1e-4)
        alpha = assert_feasible(result, *problem(name), 1e-4)
        assert_intercept(result.b, alpha, problem(name), 1e-4)

    @pytest.mark.points(3)
    @pytest.mark.needs("test_smo_satisfies_the_optimality_conditions")
    @pytest.mark.why(
        en="A smaller tol gives a better answer: at tol = 1e-6, m - M <= 2.1e-6.",
        zh="tol 越小，答案越好：tol = 1e-6 时，m - M <= 2.1e-6。",
    )
    @pytest.mark.hint(
        en="Compare m - M with the argument tol, not with a constant.",
        zh="m - M 要与参数 tol 比较，而不是与某个常数比较。",
    )
    def test_smo_obeys_tol(self, student):
        K, y, C = problem("rbf")
        coarse = assert_feasible(student.smo(K, y, C, tol=1e-2), K, y, C, 1e-2)
        result = student.smo(K, y, C, tol=1e-6)
        fine = assert_feasible(result, K, y, C, 1e-6)
        m, M = interval(K, y, C, fine)
        what = Bilingual("violation m - M at tol = 1e-6", "tol = 1e-6 时的违反量 m - M")
        symptom = optimality_symptom(fine, problem("rbf"), 1e-6, optimum("rbf").D)
        if np.array_equal(coarse, fine) and m - M <= 2.1e-2:
            symptom = "tol ignored"
        assert_within(m - M, 2.1e-6, name="smo", what=what, symptom=symptom)

    @pytest.mark.points(2)
    @pytest.mark.needs("test_smo_satisfies_the_optimality_conditions")
    @pytest.mark.why(
        en="C = 0.001 and C = 1e6, where the margin is hard, are solved as well.",
        zh="C = 0.001，以及 C = 1e6（此时为硬间隔），同样能解出。",
    )
    @pytest.mark.hint(
        en="Thresholds for 'at the bound' and 'free' must not assume that C is about 1.",
        zh="判断“在边界上”和“自由”的阈值不要假定 C 约等于 1。",
    )
    @pytest.mark.parametrize("name", ["tiny C", "huge C"])
    def test_smo_at_both_ends_of_C(self, student, name):
        K, y, C = problem(name)
        result = student.smo(K, y, C)
        alpha = assert_optimal(result, problem(name), 1e-3, optimum(name).D)
        what = Bilingual("shortfall of D, relative to its maximum", "D 与其最大值之差（相对于最大值）")
        assert_within(1 - dual(K, y, alpha) / optimum(name).D, 1e-2, name="smo", what=what)
        assert_intercept(result.b, alpha, problem(name), 1e-3)

    @pytest.mark.points(3)
    @pytest.mark.needs("test_smo_satisfies_the_optimality_conditions")
    @pytest.mark.why(
        en="Duplicates, also with contradicting labels, are no obstacle: eta is zero there.",
        zh="重复的样本（包括标签互相矛盾的）不成障碍：那里的 eta 为零。",
    )
    @pytest.mark.hint(
        en="Replace eta by max(eta, 1e-12): the step then ends at a bound.",
        zh="用 max(eta, 1e-12) 代替 eta：这一步会在边界处停下。",
    )
    def test_smo_copes_with_duplicates(self, student):
        for name in ("identical", "duplicates"):
            result = student.smo(*problem(name), max_iter=20_000)
            alpha = assert_feasible(result, *problem(name))
            m, M = interval(*problem(name), alpha)
            what = Bilingual("violation m - M on data with duplicates", "有重复样本时的违反量 m - M")
            symptom = "no step where eta is zero" if name == "identical" and not alpha.any() else None
            assert_within(m - M, 2.1e-3, name="smo", what=what, symptom=symptom)

    @pytest.mark.points(2)
    @pytest.mark.needs("test_smo_satisfies_the_optimality_conditions")
    @pytest.mark.why(
        en="max_iter ends the search with a feasible alpha, and `converged` says whether it is an optimum.",
        zh="max_iter 结束搜索时 alpha 是可行的，`converged` 说明它是不是最优解。",
    )
    @pytest.mark.hint(
        en="After max_iter steps return what you have; every step keeps alpha feasible and raises D.",
        zh="走满 max_iter 步就返回当时的结果；每一步都保持 alpha 可行，并使 D 增大。",
    )
    def test_smo_obeys_max_iter(self, student):
        K, y, C = problem("rbf")
        for most in (1, 4, 100_000):
            result = student.smo(K, y, C, max_iter=most)
            alpha = assert_feasible(result, K, y, C)
            steps = result.n_iter
            assert type(steps) is int or isinstance(steps, np.integer), "n_iter must be an integer"
            assert 1 <= steps <= most, f"n_iter: {steps} came at max_iter={most}"
            if most < 100_000:
                what = Bilingual(f"multipliers above zero at max_iter={most}", f"max_iter={most} 时大于零的乘子个数")
                assert_within(int(np.sum(alpha > 0)), 2 * most + 0.5, name="alpha", what=what)
            what = Bilingual("how far D is from rising above 0", "D 距离大于 0 还差多少")
            assert_within(max(0.0, 1e-3 - dual(K, y, alpha)), 1e-6, name="smo", what=what)
            assert isinstance(result.converged, bool | np.bool_), "converged must be True or False"
            m, M = interval(K, y, C, alpha)
            if result.converged:
                assert_small_violation(alpha, problem("rbf"), 1e-3, optimum("rbf").D)
            else:
                what = Bilingual("tol / (m - M) where converged is False", "converged 为 False 时的 tol / (m - M)")
                assert_within(1e-3 / max(m - M, 1e-12), 2.0, name="converged", what=what)
                assert most < 100_000, "converged is False, although there were steps enough"

    @pytest.mark.points(2)
    @pytest.mark.needs("test_smo_satisfies_the_optimality_conditions")
    @pytest.mark.why(
        en="A float32 kernel matrix gives float32 multipliers; K and y stay as they are; integer labels will do, "
        "and labels 0 and 1, one class alone or C <= 0 raise ValueError.",
        zh="float32 的核矩阵得到 float32 的乘子；K 和 y 在调用之后保持不变；标签可以是整数；"
        "标签为 0 和 1、只有一类、C <= 0 时抛出 ValueError。",
    )
    @pytest.mark.hint(
        en="End with alpha.astype(K.dtype); do not write into K; keep the call of validated_problem.",
        zh="最后用 alpha.astype(K.dtype)；不要写入 K；保留对 validated_problem 的调用。",
    )
    def test_smo_treats_its_arguments_well(self, student):
        K, y, C = problem("poly")
        single = Problem(K.astype(np.float32), y, C)
        assert_optimal(student.smo(single.K, y, C), single, 1e-3)
        assert_optimal(student.smo(K, y.astype(np.int64), 1), Problem(K, y, 1.0), 1e-3)
        assert_untouched(student, lambda K, y: student.smo(K, y, C), K, y)
        for labels, bound in (((y + 1) / 2, C), (np.ones_like(y), C), (y, 0.0), (y, -1.0)):
            with pytest.raises(ValueError):
                student.smo(K, labels, bound)

    @pytest.mark.points(3)
    @pytest.mark.needs("test_smo_satisfies_the_optimality_conditions")
    @pytest.mark.why(
        en="Breast cancer (linear and Gaussian kernel) and the digits 3 and 8: the optimum of libsvm, objective and b.",
        zh="乳腺癌数据（线性核与高斯核）以及数字 3 和 8：目标函数值和 b 与 libsvm 的最优解相符。",
    )
    @pytest.mark.hint(
        en="If the small problems pass and this does not, look at the number of steps that your search allows itself.",
        zh="若小问题通过而这里不通过，看看你的搜索给自己限定的步数。",
    )
    def test_smo_on_real_data(self, student):
        for name, (D, b) in LIBSVM.items():
            K, y, C = real_problem(name)
            result = student.smo(K, y, C)
            alpha = assert_feasible(result, K, y, C)
            what = Bilingual(
                f"D of libsvm - D, relative to 1 + D ({name})", f"libsvm 的 D 减去你的 D，相对于 1 + D（{name}）"
            )
            symptom = optimality_symptom(alpha, real_problem(name), 1e-3, D)
            assert_within((D - dual(K, y, alpha)) / (1 + D), 1e-3, name="smo", what=what, symptom=symptom)
            what = Bilingual(f"|b - b of libsvm| ({name})", f"|b - libsvm 的 b|（{name}）")
            came = assert_scalar(result.b, name="b")
            symptom = intercept_symptom(came, alpha, real_problem(name), 1e-3)
            assert_within(abs(came - b), 1e-2, name="b", what=what, symptom=symptom)

    @pytest.mark.points(5)
    @pytest.mark.needs("test_smo_satisfies_the_optimality_conditions")
    @pytest.mark.why(
        en="1800 samples take no more CPU time than a few times what vectorised code takes.",
        zh="处理 1800 个样本所用的 CPU 时间，不超过向量化代码的若干倍。",
    )
    @pytest.mark.hint(
        en="Within a step, let NumPy run over the samples: np.where, np.argmax, and an update of g with two rows of K.",
        zh="在每一步之内，让 NumPy 去遍历样本：np.where、np.argmax，并用 K 的两行更新 g。",
    )
    def test_smo_is_fast(self, student, twin):
        K, y = timed()

        def make_args(seed):
            flipped = np.random.default_rng(400 + seed).random(len(y)) < 0.05  # another problem, another answer
            return K, np.where(flipped, -y, y), 0.03

        def check(result, args):
            assert_optimal(result, Problem(*args), 1e-3)

        assert_speed(student.smo, twin.smo, make_args, limit=SPEED_LIMIT, name="smo", repeats=7, check=check)


# The classifier: its decision function is unique, up to b where that is not.


class Fitted(NamedTuple):
    """Training data, new samples, the parameters, and the optimal decision values on both."""

    X: np.ndarray
    y: np.ndarray
    new: np.ndarray
    parameters: dict
    best: Optimum
    K: np.ndarray  # of the training samples
    cross: np.ndarray  # of the new and the training samples
    squares: np.ndarray  # k(x, x) of the new samples


@cache
def fitted(kernel):
    rng = np.random.default_rng({"linear": 61, "poly": 62, "rbf": 63}[kernel])
    X, y = overlapping(rng, 80, 2, share=0.4)
    X, new = X + 0.5, 1.5 * rng.normal(size=(40, 2))
    parameters = {
        "linear": {"C": 0.1},
        "poly": {"C": 0.2, "degree": 2, "gamma": 0.4, "coef0": 0.5},
        "rbf": {"C": 3.0, "gamma": 0.3},
    }[kernel]
    k = {"linear": linear, "poly": poly, "rbf": rbf}[kernel]
    inside = {name: value for name, value in parameters.items() if name != "C"}
    K, cross = k(X, X, **inside), k(new, X, **inside)
    squares = k(new, new, **inside).diagonal()
    return Fitted(X, y, new, parameters | {"kernel": kernel}, solved(K, y, parameters["C"]), K, cross, squares)


def ignoring_C(data):
    """Return the decision values of a model that always takes C = 1."""
    best = solved(data.K, data.y, 1.0)
    return data.cross @ (best.alpha * data.y) + best.b


def assert_decision(f, data, tol):
    """f differs from the optimal decision function by no more than tol lets it.

    With violations up to 2.1 tol the dual objective is within n * C * 2.1 * tol of its maximum, and
    (1/2)||w - w*||^2 is no more than that.
    """
    f = assert_array(f, shape=(len(data.new),), dtype=np.float64, name="decision_function")
    best, y = data.best, data.y
    shortfall = 2.1 * tol * len(y) * data.parameters["C"]
    allowed = np.sqrt(2 * shortfall * data.squares) + 10 * tol + best.width / 2
    without_b = data.cross @ (best.alpha * y)
    right = without_b + best.b

    def error(other):
        return float(np.max(np.abs(f - other) / allowed))

    symptom = None
    if error(right) > 1:
        wrong = {
            "no intercept": without_b,
            "intercept subtracted": without_b - best.b,
            "no labels": data.cross @ best.alpha + best.b,
            "opposite sign": -right,
            "C ignored": ignoring_C(data),
        }
        symptom = next((word for word, other in wrong.items() if error(other) <= 1), None)
    what = Bilingual(
        "largest error of a decision value over what tol allows", "决策函数值的最大误差与 tol 所容许的误差之比"
    )
    assert_within(error(right), 1.0, name="decision_function", what=what, symptom=symptom)


@pytest.mark.part("svc")
class TestSvc:
    @pytest.mark.points(2)
    @pytest.mark.needs("test_svc_small_example")
    @pytest.mark.why(
        en="The decision function on new samples is the optimal one, for the given kernel and parameters.",
        zh="对给定的核函数和参数，决策函数在新样本上的值就是最优决策函数的值。",
    )
    @pytest.mark.hint(
        en="f(x) is the sum of alpha_j y_j k(x_j, x) over the support vectors, plus b; use self.gram.",
        zh="f(x) 是对支持向量求 alpha_j y_j k(x_j, x) 之和，再加 b；请使用 self.gram。",
    )
    @pytest.mark.parametrize("kernel", ["linear", "poly", "rbf"])
    def test_svc_decision_function_is_optimal(self, student, kernel):
        data = fitted(kernel)
        model = student.SVC(**data.parameters, tol=1e-6)
        model.fit(data.X, data.y)
        assert_decision(model.decision_function(data.new), data, 1e-6)

    @pytest.mark.points(3)
    @pytest.mark.needs("test_svc_small_example")
    @pytest.mark.why(
        en="support_ holds, in ascending order, the samples in the street or beyond it as well as those on its edges; "
        "intercept_ is b.",
        zh="support_ 按升序包含街边上的样本，以及在街道里和站错边的样本；intercept_ 就是 b。",
    )
    @pytest.mark.hint(
        en="np.flatnonzero(alpha > 1e-8 * alpha.max()): multipliers at C belong to it, too, and C may be tiny.",
        zh="np.flatnonzero(alpha > 1e-8 * alpha.max())：等于 C 的乘子也算在内，而 C 可以很小。",
    )
    def test_svc_support_vectors(self, student):
        for kernel in ("linear", "rbf"):
            data = fitted(kernel)
            model = student.SVC(**data.parameters, tol=1e-6)
            model.fit(data.X, data.y)
            assert_support(model.support_, data)
            b = assert_scalar(model.intercept_, name="intercept_")
            what = Bilingual(
                "error of intercept_, the b of f = K beta + b", "intercept_（即 f = K beta + b 中的 b）的误差"
            )
            assert_within(abs(b - data.best.b), 1e-2 + data.best.width / 2, name="intercept_", what=what)
        # The same with multipliers of a millionth: what counts as zero is relative to the largest.
        tiny = data._replace(parameters=data.parameters | {"C": 1e-6}, best=solved(data.K, data.y, 1e-6))
        model = student.SVC(**tiny.parameters, tol=1e-6)
        model.fit(tiny.X, tiny.y)
        assert_support(model.support_, tiny)

    @pytest.mark.points(2)
    @pytest.mark.needs("test_svc_small_example")
    @pytest.mark.why(
        en="predict returns -1 and 1, the sign of the decision function.",
        zh="predict 返回 -1 和 1，即决策函数的正负号。",
    )
    @pytest.mark.hint(
        en="np.where(f >= 0, 1, -1): labels, not 0 and 1, and not f itself.",
        zh="np.where(f >= 0, 1, -1)：返回的是标签，不是 0 和 1，也不是 f 本身。",
    )
    def test_svc_predicts_labels(self, student):
        data = fitted("rbf")
        model = student.SVC(**data.parameters, tol=1e-6)
        model.fit(data.X, data.y.astype(np.int64))
        f = data.cross @ (data.best.alpha * data.y) + data.best.b
        clear = np.abs(f) > 0.1
        labels = model.predict(data.new[clear])
        assert isinstance(labels, np.ndarray), f"predict must return an array, not {type(labels).__name__}"
        assert labels.dtype.kind in "iuf", f"predict must return numbers, not {labels.dtype}"
        assert_close(labels.astype(np.float64), np.sign(f[clear]), rtol=0, name="predict")

    @pytest.mark.points(2)
    @pytest.mark.needs("test_svc_decision_function_is_optimal")
    @pytest.mark.why(
        en="A second `fit` replaces the first; float32 samples give float32 decision values; X and y stay as they are.",
        zh="第二次 `fit` 取代第一次；float32 的样本得到 float32 的决策函数值；X 和 y 保持不变。",
    )
    @pytest.mark.hint(
        en="Store everything anew in fit, in the dtype of X; np.zeros(n) is float64 unless told otherwise.",
        zh="在 fit 中重新保存一切，并采用 X 的 dtype；np.zeros(n) 默认是 float64。",
    )
    def test_svc_fits_again(self, student):
        first, data = fitted("linear"), fitted("rbf")
        model = student.SVC(**data.parameters, tol=1e-6)
        model.fit(first.X[:30], first.y[:30])
        assert_untouched(student, model.fit, data.X, data.y)
        model.fit(data.X, data.y)
        assert_decision(model.decision_function(data.new), data, 1e-6)
        model.fit(data.X.astype(np.float32), data.y)
        f = model.decision_function(data.new.astype(np.float32))
        assert_array(f, shape=(len(data.new),), dtype=np.float32, name="decision_function")
        desired = data.cross @ (data.best.alpha * data.y) + data.best.b
        what = Bilingual("largest error of a decision value in float32", "float32 时决策函数值的最大误差")
        assert_within(float(np.max(np.abs(f - desired))), 0.05, name="decision_function", what=what)

    @pytest.mark.points(4)
    @pytest.mark.needs("test_svc_decision_function_is_optimal")
    @pytest.mark.why(
        en="Breast cancer and the digits 3 and 8: decision values on held-out samples as libsvm has them.",
        zh="乳腺癌数据以及数字 3 和 8：在留出的样本上，决策函数值与 libsvm 相符。",
    )
    @pytest.mark.hint(
        en="If small data passes and this does not, check max_iter and tol on the way from SVC to smo.",
        zh="若小数据通过而这里不通过，检查从 SVC 传给 smo 的 max_iter 和 tol。",
    )
    def test_svc_on_real_data(self, student):
        for name, C, gamma in (("breast cancer", 1.0, 1 / 30), ("digits", 10.0, 0.05)):
            X, y = real(name)
            held_out = np.arange(len(y)) % 3 == 0
            model = student.SVC(C=C, kernel="rbf", gamma=gamma)
            model.fit(X[~held_out], y[~held_out])
            f = model.decision_function(X[held_out])
            f = assert_array(f, shape=(int(held_out.sum()),), dtype=np.float64, name="decision_function")
            wrong = int(np.sum(y[held_out] * f <= 0))
            values, errors = LIBSVM_HELD_OUT[name]
            what = Bilingual(f"error of a decision value ({name})", f"决策函数值的误差（{name}）")
            assert_within(float(np.max(np.abs(f[:5] - values))), 0.02, name="decision_function", what=what)
            what = Bilingual(f"held-out samples on the wrong side ({name})", f"留出样本中分错的个数（{name}）")
            assert_within(abs(wrong - errors) + 0.5, 1.5, name="decision_function", what=what)


def assert_support(support, data):
    """Samples inside of the street are in, samples beyond its edge are not; those on the edge may be either."""
    assert isinstance(support, np.ndarray), f"support_ must be an array, not {type(support).__name__}"
    assert support.ndim == 1 and support.dtype.kind in "iu", (
        f"support_ must be a one-dimensional array of integers, not {support.dtype} of shape {support.shape}"
    )
    n = len(data.y)
    assert len(support), "support_ is empty"
    assert support.min() >= 0 and support.max() < n, f"support_ must hold indices from 0 to {n - 1}"
    assert (np.diff(support) > 0).all(), "support_ must be in ascending order, each index once"
    best = data.best
    margin = data.y * (data.K @ (best.alpha * data.y) + best.b)
    inside, beyond = margin < 1 - 1e-2, margin > 1 + 1e-2
    taken = np.isin(np.arange(n), support)
    C = data.parameters["C"]
    free = (best.alpha > 1e-6 * C) & (best.alpha < C * (1 - 1e-6))
    symptom = None
    if not taken[inside].any() and taken[free].all():
        symptom = "support vectors on the margin alone"
    elif taken.all():
        symptom = "all samples are support vectors"
    wrong = int(np.sum(inside & ~taken) + np.sum(beyond & taken))
    what = Bilingual("samples wrongly in support_ or wrongly left out", "support_ 中多余或遗漏的样本数")
    assert_within(wrong, 0.5, name="support_", what=what, symptom=symptom)
