"""The checks that students do not see. `design.md` derives the criteria; each check is one number against a limit."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from autograder.judge import (
    assert_array,
    assert_backward_error,
    assert_close,
    assert_digits,
    assert_forward_error,
    assert_gradient,
    assert_min_norm,
    assert_scalar,
    assert_speed,
)

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
# Geometric mean of the slowest vectorised way on a busy machine and the fastest loop over samples: see design.md.
SPEED_LIMIT = 45.0
# Integers orthogonal to 1, x, ..., x^5 at x = 0..20: Wampler's residual, which leaves the coefficients as they are.
WAMPLER = [759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048]
WAMPLER += WAMPLER[-2::-1]


# Data. Cached where it is dear, and always the same: no check draws from another's generator.


def regression(rng, n, d, noise=1.0):
    """Return a design matrix with a column of ones, (n, d), and targets (n,) with noise."""
    X = np.column_stack([np.ones(n), rng.normal(size=(n, d - 1))])
    return X, X @ rng.normal(size=d) + noise * rng.normal(size=n)


def with_condition(rng, n, d, kappa):
    """Return an (n, d) matrix whose singular values run geometrically from 1 to 1/kappa."""
    U, V = np.linalg.qr(rng.normal(size=(n, d)))[0], np.linalg.qr(rng.normal(size=(d, d)))[0]
    return U * np.geomspace(1, 1 / kappa, d) @ V.T


def exact_least_squares(X, y):
    """Return the solution of the normal equation in rational arithmetic, rounded once; X (n, d) of full rank."""
    rows = [[Fraction(float(value)) for value in (*row, target)] for row, target in zip(X, y, strict=True)]
    d = X.shape[1]
    system = [[sum(row[i] * row[j] for row in rows) for j in range(d + 1)] for i in range(d)]
    for k in range(d):
        for i in range(d):
            if i != k:
                factor = system[i][k] / system[k][k]  # positive definite: no pivot is zero
                system[i] = [a - factor * b for a, b in zip(system[i], system[k], strict=True)]
    return np.array([float(system[i][d] / system[i][i]) for i in range(d)])


@cache
def consistent(kappa, dtype):
    """Return X (24, 4) of condition kappa, y = X 1 rounded, and the exact least-squares solution of the two."""
    X = with_condition(np.random.default_rng(31), 24, 4, kappa).astype(dtype)
    y = (X @ np.ones(4)).astype(dtype)
    return X, y, exact_least_squares(X, y)


@cache
def large():
    """Return X (20000, 10) and y (20000,) for timing."""
    rng = np.random.default_rng(26)
    return rng.normal(size=(20_000, 10)), rng.normal(size=20_000)


@cache
def table(name):
    return np.loadtxt(DATASETS / name, delimiter=",", skiprows=1)


@cache
def diabetes():
    """Return the ten raw measurements (442, 10) and the progression of the disease (442,)."""
    return table("diabetes.csv")[:, :-1], table("diabetes.csv")[:, -1]


@cache
def nist(name):
    """Return X, y and the certified coefficients of one of NIST's reference problems."""
    x = np.arange(21.0)
    powers = np.vander(x, 6, increasing=True)
    if name == "Norris":
        y, x = table("norris.csv").T
        return np.column_stack([np.ones(36), x]), y, np.array([-0.262323073774029, 1.00211681802045])
    if name == "Longley":
        rows = table("longley.csv")
        certified = [-3482258.63459582, 15.0618722713733, -0.358191792925910e-01, -2.02022980381683]
        certified += [-1.03322686717359, -0.511041056535807e-01, 1829.15146461355]
        return np.column_stack([np.ones(16), rows[:, 1:]]), rows[:, 0], np.array(certified)
    if name == "NoInt1":
        return np.arange(60.0, 71.0)[:, None], np.arange(130.0, 141.0), np.array([2.07438016528926])
    if name == "NoInt2":
        return np.array([[4.0], [5.0], [6.0]]), np.array([3.0, 4.0, 4.0]), np.array([0.727272727272727])
    if name == "Wampler2":
        return powers, np.round(powers @ 0.1 ** np.arange(6), 5), np.array([1.0, 0.1, 1e-2, 1e-3, 1e-4, 1e-5])
    weight = {"Wampler1": 0, "Wampler3": 1, "Wampler4": 100, "Wampler5": 10000}[name]
    return powers, powers @ np.ones(6) + weight * np.array(WAMPLER), np.ones(6)


def assert_untouched(student, function, *args):
    """Call with arrays that live on the student's side, and look whether they are still the same."""
    staged = [student.stage(value) for value in args]
    function(*staged)
    for handle, value in zip(staged, args, strict=True):
        assert np.array_equal(handle.fetch(), value), "an array that was passed in has been changed"


def with_ones(X):
    return np.column_stack([np.ones(len(X), X.dtype), X])


def joined(b, w):
    """Return (b, w) as one vector of w's dtype."""
    return np.concatenate([np.array([assert_scalar(b, name="b")], dtype=w.dtype), w])


def assert_ridge_optimal(answer, X, y, lam):
    """The gradient of the ridge objective vanishes, up to rounding, at (b, w)."""
    assert isinstance(answer, tuple | list) and len(answer) == 2, "ridge must return the pair (b, w)"
    b, w = answer
    assert_array(w, shape=(X.shape[1],), dtype=X.dtype, name="w")
    penalty = np.full(X.shape[1] + 1, len(X) * lam)
    penalty[0] = 0.0
    return assert_backward_error(joined(b, w), with_ones(X), y, penalty=penalty, name="(b, w)")


@pytest.mark.part("mse")
class TestMse:
    @pytest.mark.points(4)
    @pytest.mark.why(
        en="The loss is a mean over samples: it agrees with the formula for few and for many samples.",
        zh="损失是对样本取的平均：样本少或样本多时都与公式相符。",
    )
    @pytest.mark.hint(
        en="Compare the losses of X, y and of the same data written twice: they must be equal.",
        zh="比较 X、y 的损失与同一份数据重复两遍后的损失：二者应当相等。",
    )
    def test_mse_loss_is_the_mean_of_squares(self, student):
        rng = np.random.default_rng(11)
        for n, d in ((1, 1), (7, 3), (400, 6)):
            X, y = regression(rng, n, d)
            theta = rng.normal(size=d)
            desired = float(np.mean((y.astype(np.longdouble) - X.astype(np.longdouble) @ theta) ** 2))
            loss = assert_scalar(student.mse_loss(theta, X, y), name="mse_loss")
            assert_close(loss, desired, rtol=1e-12, name="mse_loss")

    @pytest.mark.points(4)
    @pytest.mark.why(
        en="The gradient agrees with difference quotients of the loss, in every coordinate.",
        zh="梯度在每个坐标上都与损失的差商相符。",
    )
    @pytest.mark.hint(
        en="Nudge one entry of theta by 1e-6, and compare the change of your loss with your gradient.",
        zh="把 theta 的一个分量改动 1e-6，比较损失的变化与你的梯度。",
    )
    def test_mse_grad_matches_differences(self, student):
        rng = np.random.default_rng(12)
        X, y = regression(rng, 50, 5)
        theta = rng.normal(size=5)
        grad = student.mse_grad(theta, X, y)
        assert_array(grad, shape=(5,), dtype=np.float64, name="mse_grad")
        assert_gradient(lambda t: float(np.mean((y - X @ t) ** 2)), grad, theta, name="mse_grad", rng=rng)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="float32 data gives a float32 gradient, as accurate as that type allows.",
        zh="float32 的数据得到 float32 的梯度，达到该类型应有的精度。",
    )
    @pytest.mark.hint(
        en="A float64 array anywhere in the product makes the result float64.",
        zh="乘积中只要出现一个 float64 数组，结果就会变成 float64。",
    )
    def test_mse_grad_keeps_float32(self, student):
        rng = np.random.default_rng(13)
        X, y = (value.astype(np.float32) for value in regression(rng, 60, 4))
        theta = np.array([0.5, -1.0, 2.0, 0.25], dtype=np.float32)
        wide = X.astype(np.float64)
        desired = 2 / 60 * wide.T @ (wide @ theta - y)
        grad = student.mse_grad(theta, X, y)
        scale = float(np.max(np.abs(wide).T @ (np.abs(wide) @ np.abs(theta) + np.abs(y)))) / 30
        assert_close(grad, desired.astype(np.float32), rtol=0, atol=70 * 2.0**-24 * scale, name="mse_grad")

    @pytest.mark.points(1)
    @pytest.mark.needs("test_mse_loss_small_example", "test_mse_grad_small_example")
    @pytest.mark.why(
        en="Targets of shape (n, 1) are refused with ValueError, and not broadcast to an (n, n) matrix.",
        zh="形状为 (n, 1) 的目标值会以 ValueError 被拒绝，而不会广播成 (n, n) 矩阵。",
    )
    @pytest.mark.hint(
        en="Call `validated(X, y)` first, as the template does.",
        zh="像模板那样，先调用 `validated(X, y)`。",
    )
    def test_mse_refuses_a_column_of_targets(self, student):
        X, y = regression(np.random.default_rng(14), 6, 2)
        assert_scalar(student.mse_loss(np.ones(2), X, y), name="mse_loss")
        for function in (student.mse_loss, student.mse_grad):
            with pytest.raises(ValueError):
                function(np.ones(2), X, y[:, None])


@pytest.mark.part("normal_equation")
class TestNormalEquation:
    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The residual is orthogonal to every column of X.",
        zh="残差与 X 的每一列正交。",
    )
    @pytest.mark.hint(
        en="X.T @ (y - X @ theta) must be zero up to rounding.",
        zh="X.T @ (y - X @ theta) 在舍入误差之内应当为零。",
    )
    @pytest.mark.parametrize(("n", "d"), [(40, 3), (200, 12)])
    def test_normal_equation_is_optimal(self, student, n, d):
        X, y = regression(np.random.default_rng(n), n, d)
        assert_backward_error(student.normal_equation(X, y), X, y, name="theta")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="Targets of shape (n, m) give (d, m), one solution per column, and (n, 1) gives (d, 1).",
        zh="形状为 (n, m) 的目标值得到 (d, m)，每列一个解；(n, 1) 得到 (d, 1)。",
    )
    @pytest.mark.hint(
        en="Matrix products and np.linalg.solve take several columns as they are.",
        zh="矩阵乘法和 np.linalg.solve 可以直接处理多列。",
    )
    def test_normal_equation_solves_several_targets(self, student):
        rng = np.random.default_rng(22)
        X, Y = regression(rng, 30, 4)[0], rng.normal(size=(30, 3))
        for targets in (Y, Y[:, :1]):
            theta = student.normal_equation(X, targets)
            assert_array(theta, shape=(4, targets.shape[1]), dtype=np.float64, name="theta")
            assert_backward_error(theta, X, targets, name="theta")

    @pytest.mark.points(4)
    @pytest.mark.why(
        en="The residual stays orthogonal to the columns when X is ill-conditioned (condition 1e5 and 1e6).",
        zh="X 病态时（条件数为 1e5 和 1e6），残差仍与各列正交。",
    )
    @pytest.mark.hint(
        en="Solve the system; do not compute an inverse.",
        zh="解方程组，不要计算逆矩阵。",
    )
    def test_normal_equation_survives_ill_conditioning(self, student):
        rng = np.random.default_rng(23)
        for kappa in 4 * (1e5, 1e6):  # several draws: on a single one an inverse may be lucky
            X = with_condition(rng, 60, 6, kappa)
            y = X @ rng.normal(size=6) + 1e-6 * rng.normal(size=60)  # more noise would hide an inverse in a large theta
            # A product with an explicit pseudoinverse is off by u kappa, an explicit inverse of X.T @ X by u kappa^2.
            limit = np.sqrt(6) * np.finfo(np.float64).eps / 2 * kappa
            theta = student.normal_equation(X, y)
            assert_backward_error(theta, X, y, name="theta", limit=limit)

    @pytest.mark.points(2)
    @pytest.mark.needs("test_normal_equation_is_optimal")
    @pytest.mark.why(
        en="float32 data gives a float32 solution, judged by float32's rounding.",
        zh="float32 的数据得到 float32 的解，按 float32 的舍入误差评判。",
    )
    @pytest.mark.hint(
        en="Look for a float64 array that slips in, such as np.eye(d) or np.zeros(d).",
        zh="找一找混进来的 float64 数组，例如 np.eye(d) 或 np.zeros(d)。",
    )
    def test_normal_equation_keeps_float32(self, student):
        X, y = (value.astype(np.float32) for value in regression(np.random.default_rng(24), 80, 5))
        theta = student.normal_equation(X, y)
        assert_array(theta, shape=(5,), dtype=np.float32, name="theta")
        assert_backward_error(theta, X, y, name="theta")

    @pytest.mark.points(1)
    @pytest.mark.needs("test_normal_equation_small_example")
    @pytest.mark.why(
        en="The arrays that are passed in are the same afterwards.",
        zh="传入的数组在调用之后保持不变。",
    )
    @pytest.mark.hint(
        en="Statements such as X -= ... and X[...] = ... write into the caller's array; make a new one.",
        zh="X -= ... 和 X[...] = ... 之类的语句会改写调用者的数组；请新建一个数组。",
    )
    def test_normal_equation_leaves_its_inputs_alone(self, student):
        X, y = regression(np.random.default_rng(25), 20, 3)
        assert_untouched(student, student.normal_equation, X, y)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="Real and certified data: the diabetes study, and reference problems of NIST to as many digits as any "
        "sound method reaches (Norris 10.5, NoInt1-2 13, Longley 5.5, Wampler1 5, Wampler2 8).",
        zh="真实数据与有认证值的数据：糖尿病研究，以及 NIST 的参考问题，要求达到任何可靠方法都能达到的位数"
        "（Norris 10.5，NoInt1-2 13，Longley 5.5，Wampler1 5，Wampler2 8）。",
    )
    @pytest.mark.hint(
        en="Columns of very different size make X ill-conditioned: solve, do not invert.",
        zh="各列大小悬殊会使 X 病态：要解方程，不要求逆。",
    )
    def test_normal_equation_on_real_data(self, student):
        measurements, progression = diabetes()
        X = with_ones(measurements)
        assert_backward_error(student.normal_equation(X, progression), X, progression, name="theta of diabetes")
        digits = {"Norris": 10.5, "NoInt1": 13, "NoInt2": 13, "Longley": 5.5, "Wampler1": 5, "Wampler2": 8}
        for name, least in digits.items():
            X, y, certified = nist(name)
            assert_digits(student.normal_equation(X, y), certified, least, name=f"theta of {name}")

    @pytest.mark.points(5)
    @pytest.mark.needs("test_normal_equation_is_optimal")
    @pytest.mark.why(
        en="20000 samples of 10 features take no more CPU time than vectorised code needs.",
        zh="处理 20000 个样本、10 个特征所用的 CPU 时间，不超过向量化代码所需。",
    )
    @pytest.mark.hint(
        en="Replace the Python loop over samples by a matrix product such as X.T @ X.",
        zh="用矩阵乘法（例如 X.T @ X）代替对样本的 Python 循环。",
    )
    def test_normal_equation_is_fast(self, student, twin):
        X, y = large()

        def make_args(seed):
            return X * (1 + 0.01 * seed), np.roll(y, 100 * seed + 1)  # another problem each time, at little cost

        def check(theta, args):
            X, y = args
            desired = np.linalg.solve(X.T @ X, X.T @ y)  # condition below 1.1: right answers agree to 1e-14
            assert_close(theta, desired, rtol=0, atol=1e-11, name="theta")

        assert_speed(
            student.normal_equation,
            twin.normal_equation,
            make_args,
            limit=SPEED_LIMIT,
            name="normal_equation",
            repeats=9,  # five pairs that agree decide; more are made only where they do not
            check=check,
        )


@pytest.mark.part("qr")
class TestQr:
    @pytest.mark.points(3)
    @pytest.mark.why(
        en="theta itself is accurate on ill-conditioned data, to the digits that an orthogonal method keeps.",
        zh="在病态数据上，theta 本身达到正交方法所能保持的位数。",
    )
    @pytest.mark.hint(
        en="Nowhere form X.T @ X (it squares the condition number); classical Gram-Schmidt is not accurate enough.",
        zh="任何地方都不要构造 X.T @ X（它会使条件数平方）；经典 Gram-Schmidt 正交化也不够准确。",
    )
    @pytest.mark.parametrize("kappa", [1e5, 1e7])
    def test_lstsq_qr_is_accurate(self, student, kappa):
        X, y, exact = consistent(kappa, np.float64)
        theta = student.lstsq_qr(X, y)
        assert_array(theta, shape=(4,), dtype=np.float64, name="theta")
        assert_forward_error(theta, exact, X, y, name="theta")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="float32 data gives a float32 solution of float32's accuracy, for one target and for several.",
        zh="float32 的数据得到 float32 精度的 float32 解，单个目标和多个目标都是如此。",
    )
    @pytest.mark.hint(
        en="Check the dtype of Q, R and the result; Q.T @ y also works when y has several columns.",
        zh="检查 Q、R 和结果的 dtype；y 有多列时 Q.T @ y 同样适用。",
    )
    def test_lstsq_qr_keeps_float32(self, student):
        X, y, exact = consistent(1e2, np.float32)
        theta = student.lstsq_qr(X, np.column_stack([y, -2 * y]))
        assert_array(theta, shape=(4, 2), dtype=np.float32, name="theta")
        assert_forward_error(theta[:, 0], exact, X, y, name="first column of theta")
        assert_forward_error(theta[:, 1], -2 * exact, X, -2 * y, name="second column of theta")

    @pytest.mark.points(5)
    @pytest.mark.why(
        en="Certified problems of NIST, to the digits of an orthogonal method (Longley 9.8, Wampler1 8.2, "
        "Wampler4 6.5, Wampler5 4.5).",
        zh="NIST 有认证值的问题，达到正交方法的位数（Longley 9.8，Wampler1 8.2，Wampler4 6.5，Wampler5 4.5）。",
    )
    @pytest.mark.hint(
        en="If the small examples pass and this does not, the condition number is squared somewhere.",
        zh="若小例子通过而这里不通过，多半是某处把条件数平方了。",
    )
    def test_lstsq_qr_reaches_certified_digits(self, student):
        for name, least in {"Longley": 9.8, "Wampler1": 8.2, "Wampler4": 6.5, "Wampler5": 4.5}.items():
            X, y, certified = nist(name)
            assert_digits(student.lstsq_qr(X, y), certified, least, name=f"theta of {name}")


def dependent(rng, n, d, rank):
    """Return an (n, d) matrix of the given rank, and targets (n,)."""
    return rng.normal(size=(n, rank)) @ rng.normal(size=(rank, d)), rng.normal(size=n)


@pytest.mark.part("min_norm")
class TestMinNorm:
    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The answer is a least-squares solution and has no component in the null space of X.",
        zh="答案是最小二乘解，并且在 X 的零空间里没有分量。",
    )
    @pytest.mark.hint(
        en="Divide only by the singular values above rcond times the largest.",
        zh="只除以大于 rcond 乘最大奇异值的那些奇异值。",
    )
    @pytest.mark.parametrize(
        ("n", "d", "rank"), [(6, 15, 6), (40, 7, 4), (12, 16, 5)], ids=["wide", "tall-dependent", "wide-dependent"]
    )
    def test_lstsq_min_norm_is_shortest(self, student, n, d, rank):
        X, y = dependent(np.random.default_rng(100 * n + rank), n, d, rank)
        theta = student.lstsq_min_norm(X, y)
        assert_array(theta, shape=(d,), dtype=np.float64, name="theta")
        assert_backward_error(theta, X, y, name="theta")
        assert_min_norm(theta, X, y, name="theta")

    @pytest.mark.points(2)
    @pytest.mark.needs("test_lstsq_min_norm_small_example")  # who drops a direction there has no cutoff to speak of
    @pytest.mark.why(
        en="An ill-conditioned X of full rank (condition 3e7) keeps all its directions: this is least squares.",
        zh="病态但满秩的 X（条件数 3e7）保留所有方向：此时就是普通的最小二乘。",
    )
    @pytest.mark.hint(
        en="The default cutoff is max(n, d) * eps, for the singular values of X and not those of X.T @ X.",
        zh="默认阈值是 max(n, d) * eps，针对 X 的奇异值，而不是 X.T @ X 的奇异值。",
    )
    def test_lstsq_min_norm_keeps_small_directions(self, student):
        rng = np.random.default_rng(42)
        U, V = np.linalg.qr(rng.normal(size=(30, 4)))[0], np.linalg.qr(rng.normal(size=(4, 4)))[0]
        # 3e-8 lies above eps and below sqrt(eps); the others are large, so that dropping it shows.
        X, y = U * np.array([1.0, 0.5, 0.3, 3e-8]) @ V.T, rng.normal(size=30)
        assert_backward_error(student.lstsq_min_norm(X, y), X, y, name="theta")

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="rcond is obeyed, relative to the largest singular value: rescaling X changes no rank. "
        "Without it the cutoff is max(n, d) * eps.",
        zh="遵守 rcond，并且它是相对于最大奇异值的：缩放 X 不会改变秩。未给出时，阈值是 max(n, d) * eps。",
    )
    @pytest.mark.hint(
        en="Compare sigma with rcond * sigma[0], where sigma holds the singular values of X.",
        zh="用 sigma 与 rcond * sigma[0] 比较，其中 sigma 是 X 的奇异值。",
    )
    def test_lstsq_min_norm_obeys_rcond(self, student):
        rng = np.random.default_rng(43)
        U, V = np.linalg.qr(rng.normal(size=(20, 4)))[0], np.linalg.qr(rng.normal(size=(4, 4)))[0]
        sigma, y = np.array([2.0, 1.0, 1e-4, 1e-6]), rng.normal(size=20)
        for scale in (1.0, 1e-9, 1e9):
            for rcond, rank in ((1e-3, 2), (1e-5, 3)):
                desired = V[:, :rank] @ (U[:, :rank].T @ y / (scale * sigma[:rank]))
                theta = student.lstsq_min_norm(U * (scale * sigma) @ V.T, y, rcond=rcond)
                # Turning the kept subspace by u * sigma_1 / gap moves theta by that times the largest 1 / sigma kept.
                atol = 1e-9 * float(np.linalg.norm(desired))
                assert_close(theta, desired, rtol=0, atol=atol, name=f"theta at rcond={rcond:g}")
        # The last singular value lies eight times below max(n, d) * eps and eight times above min(n, d) * eps.
        U, y = np.linalg.qr(rng.normal(size=(200, 3)))[0], rng.normal(size=200)
        V = np.linalg.qr(rng.normal(size=(3, 3)))[0]
        X = U * np.array([1.0, 0.5, 25 * np.finfo(np.float64).eps]) @ V.T
        desired = V[:, :2] @ (U[:, :2].T @ y / np.array([1.0, 0.5]))
        atol = 1e-9 * float(np.linalg.norm(desired))
        assert_close(student.lstsq_min_norm(X, y), desired, rtol=0, atol=atol, name="theta at the default rcond")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="With float32 data the default cutoff is float32's: rounding noise does not count as a direction.",
        zh="数据是 float32 时，默认阈值按 float32 计算：舍入噪声不算一个方向。",
    )
    @pytest.mark.hint(
        en="Use np.finfo(X.dtype).eps, not np.finfo(float).eps.",
        zh="使用 np.finfo(X.dtype).eps，而不是 np.finfo(float).eps。",
    )
    def test_lstsq_min_norm_keeps_float32(self, student):
        X, y = dependent(np.random.default_rng(44), 30, 6, 3)
        X, y = X.astype(np.float32), y.astype(np.float32)
        theta = student.lstsq_min_norm(X, y)
        assert_array(theta, shape=(6,), dtype=np.float32, name="theta")
        assert_backward_error(theta, X, y, name="theta")
        assert_min_norm(theta, X, y, name="theta")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="Several targets give one shortest solution each, and X = 0 gives zeros.",
        zh="多个目标各得到一个最短解；X = 0 时得到零。",
    )
    @pytest.mark.hint(
        en="With y of shape (n, m), sigma divides the rows of U.T @ y; nothing is kept when X is zero.",
        zh="y 的形状为 (n, m) 时，sigma 除的是 U.T @ y 的各行；X 为零时什么都不保留。",
    )
    def test_lstsq_min_norm_handles_targets_and_zero(self, student):
        rng = np.random.default_rng(45)
        X, Y = dependent(rng, 10, 14, 4)[0], rng.normal(size=(10, 4))
        theta = student.lstsq_min_norm(X, Y)
        assert_array(theta, shape=(14, 4), dtype=np.float64, name="theta")
        assert_backward_error(theta, X, Y, name="theta")
        assert_min_norm(theta, X, Y, name="theta")
        zero = student.lstsq_min_norm(np.zeros((4, 3)), np.ones(4))
        assert_close(zero, np.zeros(3), rtol=0, name="theta of X = 0")


@pytest.mark.part("ridge")
class TestRidge:
    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The gradient of the ridge objective vanishes at (b, w), for tall and for wide X and three penalties.",
        zh="岭回归目标函数的梯度在 (b, w) 处为零：X 高或宽、三种惩罚强度都是如此。",
    )
    @pytest.mark.hint(
        en="w solves (Xc.T Xc + n lam I) w = Xc.T yc with centred data; check n * lam and the centring.",
        zh="w 满足 (Xc.T Xc + n lam I) w = Xc.T yc，其中数据已中心化；检查 n * lam 和中心化。",
    )
    @pytest.mark.parametrize(("n", "d"), [(50, 4), (8, 20)], ids=["tall", "wide"])
    def test_ridge_is_optimal(self, student, n, d):
        rng = np.random.default_rng(50 + d)
        X = rng.normal(size=(n, d)) + rng.normal(size=d)
        y = X @ rng.normal(size=d) + rng.normal(size=n)
        for lam in (1e-3, 0.1, 10.0):
            assert_ridge_optimal(student.ridge(X, y, lam), X, y, lam)

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The intercept is not penalised: targets around 1000 and a strong penalty leave b near their mean.",
        zh="截距不受惩罚：目标值在 1000 附近、惩罚很强时，b 仍接近其均值。",
    )
    @pytest.mark.hint(
        en="Only w is in the penalty. Centre X and y, solve for w, then take b from the means.",
        zh="惩罚项里只有 w。先把 X、y 中心化并解出 w，再由均值求 b。",
    )
    def test_ridge_does_not_penalise_the_intercept(self, student):
        rng = np.random.default_rng(53)
        X = rng.normal(size=(40, 3)) + 2.0
        y = 1000.0 + X @ np.array([1.0, -2.0, 0.5]) + rng.normal(size=40)
        for lam in (1.0, 1e4):
            assert_ridge_optimal(student.ridge(X, y, lam), X, y, lam)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="lam = 0 is least squares, and a negative lam raises ValueError.",
        zh="lam = 0 时就是最小二乘；lam 为负时抛出 ValueError。",
    )
    @pytest.mark.hint(
        en="Nothing is special about lam = 0; `raise ValueError` where lam < 0, as the template does.",
        zh="lam = 0 无需特殊处理；lam < 0 时像模板那样 `raise ValueError`。",
    )
    def test_ridge_at_the_ends_of_its_range(self, student):
        rng = np.random.default_rng(54)
        X, y = rng.normal(size=(25, 3)) + 1.0, rng.normal(size=25)
        assert_ridge_optimal(student.ridge(X, y, 0.0), X, y, 0.0)
        with pytest.raises(ValueError):
            student.ridge(X, y, -0.1)

    @pytest.mark.points(1)
    @pytest.mark.why(
        en="float32 data gives float32 weights.",
        zh="float32 的数据得到 float32 的权重。",
    )
    @pytest.mark.hint(
        en="np.eye(d) is float64 unless told otherwise: np.eye(d, dtype=X.dtype).",
        zh="np.eye(d) 默认是 float64：请写 np.eye(d, dtype=X.dtype)。",
    )
    def test_ridge_keeps_float32(self, student):
        rng = np.random.default_rng(55)
        X, y = rng.normal(size=(40, 4)).astype(np.float32), rng.normal(size=40).astype(np.float32)
        assert_ridge_optimal(student.ridge(X, y, 0.5), X, y, 0.5)

    @pytest.mark.points(1)
    @pytest.mark.needs("test_ridge_small_example")
    @pytest.mark.why(
        en="The arrays that are passed in are the same afterwards.",
        zh="传入的数组在调用之后保持不变。",
    )
    @pytest.mark.hint(
        en="Write Xc = X - X.mean(axis=0), not X -= X.mean(axis=0).",
        zh="写 Xc = X - X.mean(axis=0)，不要写 X -= X.mean(axis=0)。",
    )
    def test_ridge_leaves_its_inputs_alone(self, student):
        rng = np.random.default_rng(56)
        X, y = rng.normal(size=(12, 3)) + 1.0, rng.normal(size=12)
        assert_untouched(student, lambda X, y: student.ridge(X, y, 0.1), X, y)


@pytest.mark.part("linear_regression")
class TestLinearRegression:
    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The residual of the fitted model adds up to zero and is orthogonal to every column.",
        zh="拟合后模型的残差之和为零，并且与每一列正交。",
    )
    @pytest.mark.hint(
        en="The model has an intercept: add the column of ones, or take it from the means.",
        zh="模型带有截距：添加全 1 的一列，或由均值求出截距。",
    )
    def test_linear_regression_is_optimal(self, student):
        rng = np.random.default_rng(61)
        X = rng.normal(size=(70, 5)) + np.array([3.0, 0.0, -2.0, 1.0, 5.0])
        y = 7.0 + X @ rng.normal(size=5) + rng.normal(size=70)
        model = student.LinearRegression()
        model.fit(X, y)
        w = assert_array(model.coef_, shape=(5,), dtype=np.float64, name="coef_")
        assert_backward_error(joined(model.intercept_, w), with_ones(X), y, name="(intercept_, coef_)")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="`predict` serves rows that `fit` never saw, for the data fitted last, with one number per row.",
        zh="`predict` 适用于 `fit` 从未见过的行，以最近一次拟合为准，每行得到一个数。",
    )
    @pytest.mark.hint(
        en="predict uses coef_ and intercept_ alone, nothing computed from the rows it is given.",
        zh="predict 只用 coef_ 和 intercept_，不用由所给各行算出的量（例如它们的均值）。",
    )
    def test_predict_serves_new_rows(self, student):
        rng = np.random.default_rng(62)
        model = student.LinearRegression()
        for weights in (np.array([1.0, -1.0]), np.array([0.5, 2.0])):
            X, new = rng.normal(size=(30, 2)), rng.normal(size=(4, 2)) + 10.0
            model.fit(X, 3.0 + X @ weights)
            assert_close(model.predict(new), 3.0 + new @ weights, rtol=1e-11, name="predict")

    @pytest.mark.points(1)
    @pytest.mark.needs("test_linear_regression_is_optimal")
    @pytest.mark.why(
        en="float32 data gives float32 weights.",
        zh="float32 的数据得到 float32 的权重。",
    )
    @pytest.mark.hint(
        en="np.ones(n) is float64 unless told otherwise: np.ones(n, dtype=X.dtype).",
        zh="np.ones(n) 默认是 float64：请写 np.ones(n, dtype=X.dtype)。",
    )
    def test_linear_regression_keeps_float32(self, student):
        X, y = (value.astype(np.float32) for value in regression(np.random.default_rng(64), 40, 4))
        model = student.LinearRegression()
        model.fit(X[:, 1:], y)
        w = assert_array(model.coef_, shape=(3,), dtype=np.float32, name="coef_")
        assert_backward_error(joined(model.intercept_, w), X, y, name="(intercept_, coef_)")

    @pytest.mark.points(1)
    @pytest.mark.why(
        en="The diabetes study: the fitted model is optimal, and its predictions are those of its coefficients.",
        zh="糖尿病研究：拟合的模型是最优的，其预测值与其系数一致。",
    )
    @pytest.mark.hint(
        en="Real columns have means far from zero: compute the intercept in the units of the data.",
        zh="真实数据各列的均值远离零：截距要按原数据的单位计算。",
    )
    def test_linear_regression_on_diabetes(self, student):
        X, y = diabetes()
        model = student.LinearRegression()
        model.fit(X, y)
        w = assert_array(model.coef_, shape=(10,), dtype=np.float64, name="coef_")
        theta = joined(model.intercept_, w)
        assert_backward_error(theta, with_ones(X), y, name="(intercept_, coef_)")
        # One row's terms add up to at most 2e3 here, with a rounding error of 12 u of that.
        assert_close(model.predict(X[:20]), with_ones(X[:20]) @ theta, rtol=0, atol=1e-10, name="predict")

    @pytest.mark.points(1)
    @pytest.mark.needs("test_linear_regression_is_optimal")
    @pytest.mark.why(
        en="`fit` leaves the arrays that it is given as they are.",
        zh="`fit` 不改动传入的数组。",
    )
    @pytest.mark.hint(
        en="Write Xc = X - X.mean(axis=0), not X -= X.mean(axis=0).",
        zh="写 Xc = X - X.mean(axis=0)，不要写 X -= X.mean(axis=0)。",
    )
    def test_fit_leaves_its_inputs_alone(self, student):
        rng = np.random.default_rng(63)
        X, y = rng.normal(size=(15, 3)) + 1.0, rng.normal(size=15)
        assert_untouched(student, student.LinearRegression().fit, X, y)
