"""The content of `irls`: its reference against outside truths, and the oracles that its hidden checks use."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from autograder.course import import_file
from autograder.judge import CheckFailure

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = ROOT / "solutions/irls"
# The maximum-likelihood estimate for Spector's data to 18 digits: const, GPA, TUCE, PSI.
SPECTOR = np.array([-13.0213468581156887, 2.82611259488932088, 0.0951576613179092866, 2.37868765509335449])


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return import_file(SOLUTION / "irls.py")


@pytest.fixture(scope="module")
def fast() -> ModuleType:
    return import_file(SOLUTION / "fast.py")


@pytest.fixture(scope="module")
def hidden() -> ModuleType:
    return import_file(SOLUTION / "test_hidden.py")


def logit_data(seed: int, n: int, d: int, dtype: type = np.float64) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(n), rng.normal(size=(n, d - 1))])
    y = rng.random(n) < 1 / (1 + np.exp(-X @ rng.normal(size=d)))
    return X.astype(dtype), y.astype(dtype)


def separates(X: np.ndarray, y: np.ndarray) -> bool:
    """Say whether some direction puts all samples on or beyond their side, and some beyond: then no minimum exists."""
    optimize = pytest.importorskip("scipy.optimize")
    signed = (2 * y - 1)[:, None] * X / np.linalg.norm(X, axis=0)
    solved = optimize.linprog(
        -signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(y)), bounds=[(-1, 1)] * X.shape[1], method="highs"
    )
    assert solved.status == 0
    return bool(-solved.fun > 1e-8)


# External truth


def test_spector_is_fitted_to_all_digits(reference: ModuleType) -> None:
    data = pytest.importorskip("statsmodels.datasets.spector").load()
    X = np.column_stack([np.ones(len(data.endog)), np.asarray(data.exog, float)])
    result = reference.irls(X, np.asarray(data.endog, float))
    assert result.converged
    np.testing.assert_allclose(result.theta, SPECTOR, rtol=1e-12)


def test_spector_agrees_with_stata(reference: ModuleType) -> None:
    data = pytest.importorskip("statsmodels.datasets.spector").load()
    stata = pytest.importorskip("statsmodels.discrete.tests.results.results_discrete").Spector.logit
    X = np.column_stack([np.ones(len(data.endog)), np.asarray(data.exog, float)])
    y = np.asarray(data.endog, float)
    result = reference.irls(X, y)
    order = [1, 2, 3, 0]  # Stata prints the constant last
    np.testing.assert_allclose(result.theta[order], stata.params, rtol=1e-6)
    np.testing.assert_allclose(-len(y) * result.history[-1], stata.llf, rtol=1e-7)
    errors = np.sqrt(np.diag(np.linalg.inv(len(y) * reference.hessian(result.theta, X, y, 0.0))))
    np.testing.assert_allclose(errors[order], stata.bse, rtol=1e-5)


def test_low_birth_weight_agrees_with_stata(reference: ModuleType, hidden: ModuleType) -> None:
    stata = pytest.importorskip("statsmodels.genmod.tests.results.results_glm").Lbw()
    order = [1, 2, 3, 4, 5, 6, 7, 8, 0]
    np.testing.assert_array_equal(hidden.LBW_THETA[order], stata.params)
    np.testing.assert_array_equal(hidden.LBW_ERRORS[order], stata.bse)
    X, y = hidden.low_birth_weight()
    np.testing.assert_array_equal(X[:, order], stata.exog)
    np.testing.assert_array_equal(y, stata.endog)
    result = reference.irls(X, y)
    np.testing.assert_allclose(result.theta, hidden.LBW_THETA, rtol=3e-7, atol=5e-9)
    np.testing.assert_allclose(-len(y) * result.history[-1], stata.llf, rtol=1e-12)
    cov = np.linalg.inv(len(y) * reference.hessian(result.theta, X, y, 0.0))
    np.testing.assert_allclose(np.sqrt(np.diag(cov)), hidden.LBW_ERRORS, rtol=2e-5)
    ratios, intervals = reference.odds_ratios(result.theta, cov)
    np.testing.assert_allclose(ratios, np.exp(hidden.LBW_THETA[1:]), rtol=1e-6)
    np.testing.assert_allclose(np.sqrt(intervals[:, 0] * intervals[:, 1]), ratios, rtol=1e-12)


@pytest.mark.parametrize("lam", [1e-3, 0.1, 2.0])
def test_penalised_fit_is_that_of_scikit_learn(reference: ModuleType, fast: ModuleType, lam: float) -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    X, y = logit_data(1, 300, 6)
    model = linear_model.LogisticRegression(C=1 / (2 * lam * 300), solver="newton-cholesky", tol=1e-12)
    model.fit(X[:, 1:], y)
    theirs = np.concatenate([model.intercept_, model.coef_[0]])
    np.testing.assert_allclose(reference.irls(X, y, lam).theta, theirs, atol=1e-9)
    np.testing.assert_allclose(fast.irls(X, y, lam)[0], theirs, atol=1e-9)


def test_derivatives_are_those_of_autograd(reference: ModuleType) -> None:
    torch = pytest.importorskip("torch")
    X, y = logit_data(2, 40, 5)
    theta, lam = np.linspace(-2, 2, 5), 0.3

    def objective(t):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(torch.from_numpy(X) @ t, torch.from_numpy(y))
        return loss + lam * (t[1:] ** 2).sum()

    t = torch.tensor(theta, requires_grad=True)
    (grad,) = torch.autograd.grad(objective(t), t)
    np.testing.assert_allclose(reference.objective(theta, X, y, lam), objective(t).item(), rtol=1e-14)
    np.testing.assert_allclose(reference.gradient(theta, X, y, lam), grad.numpy(), rtol=1e-12, atol=1e-14)
    H = torch.autograd.functional.hessian(objective, torch.tensor(theta)).numpy()
    np.testing.assert_allclose(reference.hessian(theta, X, y, lam), H, rtol=1e-12, atol=1e-14)


def test_losses_are_right_to_fifty_digits(reference: ModuleType, hidden: ModuleType) -> None:
    for z in (-700.0, -40.0, -1.25, 1e-8, 3.0, 12.5, 40.0, 700.0):
        for label in (0.0, 1.0):
            with localcontext() as context:
                context.prec = 700
                exact = (1 + Decimal(z).exp()).ln() - Decimal(label) * Decimal(z)
            ours = reference.bce_with_logits(np.array([z]), np.array([label]))
            oracle = hidden.sample_losses(hidden.wide([z]), np.array([label]))[0]
            assert abs(Decimal(ours) - exact) <= Decimal(4 * 2.0**-53) * exact
            assert abs(Decimal(float(oracle)) - exact) <= Decimal(2.0**-52) * exact


# The reference in itself


def test_fast_takes_the_same_steps(reference: ModuleType, fast: ModuleType, hidden: ModuleType) -> None:
    problems = [logit_data(3, 5000, 7), hidden.overshooting("a"), hidden.overshooting("b"), hidden.plain(4)]
    for X, y in problems:
        for lam in (0.0, 0.05):
            ours, theirs = reference.irls(X, y, lam), fast.irls(X, y, lam)
            assert (ours.converged, ours.n_iter) == theirs[1:3]
            np.testing.assert_allclose(theirs[0], ours.theta, rtol=1e-9)
            np.testing.assert_allclose(theirs[3], ours.history, rtol=1e-12)


def test_fast_knows_separable_data_and_float32(fast: ModuleType, hidden: ModuleType) -> None:
    X, y = hidden.separable(5)
    theta, converged, _, _ = fast.irls(X, y)
    assert not converged and np.all((2 * y - 1) * (X @ theta) > 0)
    X, y = logit_data(6, 3000, 4, np.float32)
    theta = fast.irls(X, y, tol=1e-3)[0]
    assert theta.dtype == np.float32
    assert hidden.distance(theta, X, y, np.zeros(4)) <= 1e-3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m, X, y: m.irls(X, 2 * y - 1), "labels in y must be 0 and 1"),
        (lambda m, X, y: m.irls(X, y[:, None]), "one label per row"),
        (lambda m, X, y: m.irls(X[:, 0], y), "X must have shape"),
        (lambda m, X, y: m.irls(X * np.nan, y), "X must be finite"),
        (lambda m, X, y: m.irls(X, y, -1.0), "lam must be >= 0"),
        (lambda m, X, y: m.irls(X, y, np.nan), "lam must be >= 0"),
        (lambda m, X, y: m.gradient(np.zeros(9), X, y, 0.0), "theta must be finite, of shape"),
        (lambda m, X, y: m.bce_with_logits(X[:, 1], y[:-1]), "same shape"),
        (lambda m, X, y: m.odds_ratios(np.zeros(3), np.eye(2)), r"cov \(d, d\)"),
    ],
)
def test_bad_input_is_refused(
    reference: ModuleType, call: Callable[[ModuleType, np.ndarray, np.ndarray], object], message: str
) -> None:
    X, y = logit_data(7, 12, 3)
    with pytest.raises(ValueError, match=message):
        call(reference, X, y)


# The oracles of the hidden checks


def test_data_have_the_minimum_that_the_checks_look_for(hidden: ModuleType) -> None:
    with_minimum = [hidden.unpenalised(name) for name in ("plain", "units", "constant")]
    with_minimum += [hidden.overshooting(name) for name in "abc"]
    with_minimum += [
        hidden.in_units(),
        hidden.low_birth_weight(),
        hidden.tumours(10),
        hidden.plain(44),
        hidden.plain(47),
    ]
    with_minimum += [hidden.plain(48)]
    assert not any(separates(X, y) for X, y in with_minimum)
    without = [hidden.separable(41), hidden.separable(42, 300, 6, 0.05), hidden.separable(45), hidden.tumours(30)]
    without += [hidden.separable(46, 60, 3, 1.0), hidden.penalised("separable")[:2]]
    assert all(separates(X, y) for X, y in without)


@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_full_steps_from_zero_raise_the_loss(hidden: ModuleType, name: str) -> None:
    X, y = hidden.overshooting(name)
    theta, losses = np.zeros(3), [np.log(2)]
    while losses[-1] < 100 and len(losses) < 10:
        theta = theta + hidden.newton_step(theta, X, y, np.zeros(3))
        losses.append(float(hidden.loss_of(theta, X, y, 0.0)))
    assert losses[-1] > 100


@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_steps_below_the_first_loss_may_still_rise(hidden: ModuleType, name: str) -> None:
    X, y = hidden.overshooting(name)
    theta = np.array(hidden.LATE_RISE[name])
    losses = [float(hidden.loss_of(theta, X, y, 0.0))]
    while losses[-1] <= 1.1 * min(losses) and len(losses) < 9:
        step = hidden.newton_step(theta, X, y, np.zeros(3))
        while hidden.loss_of(theta + step, X, y, 0.0) > losses[0]:
            step = step / 2
        theta = theta + step
        losses.append(float(hidden.loss_of(theta, X, y, 0.0)))
    assert 1.1 * min(losses) < losses[-1] <= losses[0]


def test_derivatives_of_the_checks_are_those_of_the_loss(hidden: ModuleType) -> None:
    X, y = logit_data(8, 30, 4)
    theta, lam, h = np.array([0.3, -1.0, 0.5, 2.0]), 0.2, 1e-6
    grad, H = hidden.derivatives(theta, X, y, hidden.penalty_of(lam, 4))
    for j, e in enumerate(h * np.eye(4)):
        quotient = (hidden.loss_of(theta + e, X, y, lam) - hidden.loss_of(theta - e, X, y, lam)) / (2 * h)
        assert abs(quotient - grad[j]) < 1e-10
        ahead, behind = (hidden.derivatives(theta + s * e, X, y, hidden.penalty_of(lam, 4))[0] for s in (1, -1))
        np.testing.assert_allclose(((ahead - behind) / (2 * h)).astype(float), H[j].astype(float), atol=1e-9)


def test_distance_counts_standard_errors_in_any_units(hidden: ModuleType) -> None:
    X, y = logit_data(9, 200, 3)
    target = hidden.minimum(X, y, 0.0)
    H = hidden.derivatives(target, X, y, np.zeros(3))[1].astype(float)
    away = np.sqrt(np.diag(np.linalg.inv(200 * H)))[1]  # one standard error of the second column, the others refitted
    for size in (1e-3, 1e-6):
        theta = target + size * np.linalg.inv(H)[:, 1] / np.linalg.inv(H)[1, 1] * away
        assert hidden.distance(theta, X, y, np.zeros(3)) == pytest.approx(size, rel=1e-2)
        units = np.array([1.0, 1e6, 1e-5])
        assert hidden.distance(theta / units, X * units, y, np.zeros(3)) == pytest.approx(size, rel=1e-2)
    assert hidden.distance(target, X, y, np.zeros(3)) <= 1e-10


def answer(theta: np.ndarray, **changes: object) -> object:
    from types import SimpleNamespace

    return SimpleNamespace(
        **{"theta": theta, "converged": True, "n_iter": 3, "history": [0.7, 0.5, 0.4, 0.4], **changes}
    )


def test_minimum_check_refuses_what_is_not_one(hidden: ModuleType) -> None:
    X, y = logit_data(10, 100, 3)
    target = hidden.minimum(X, y, 0.1)
    hidden.assert_minimum(answer(target), X, y, 0.1)
    nearly = target * (1 + 1e-5)
    for wrong, match in [
        (answer(nearly), "distance from the minimum"),
        (answer(target.astype(np.float32)), "dtype float32"),
        (answer(target[:, None]), "shape"),
        (answer(target * np.nan), "nan|not finite"),
        (answer(None), "None"),
        (answer(target.tolist()), "list"),
        ((target, True, 3, [0.7]), "IRLSResult"),
        (None, "IRLSResult"),
    ]:
        with pytest.raises(CheckFailure, match=match):
            hidden.assert_minimum(wrong, X, y, 0.1)


@pytest.mark.parametrize(
    ("symptom", "penalty"),
    [
        ("penalises the intercept", [0.1, 0.1, 0.1]),
        ("lam as if halved", [0.0, 0.05, 0.05]),
        ("lam as if for a sum", [0.0, 0.001, 0.001]),
        ("no penalty", [0.0, 0.0, 0.0]),
    ],
)
def test_minimum_of_another_objective_is_recognised(hidden: ModuleType, symptom: str, penalty: list[float]) -> None:
    X, y = logit_data(10, 100, 3)
    theta = hidden.minimum(X, y, 0.1)
    for _ in range(20):
        theta = theta + hidden.newton_step(theta, X, y, np.array(penalty))
    with pytest.raises(CheckFailure) as caught:
        hidden.assert_minimum(answer(theta), X, y, 0.1)
    assert caught.value.symptom == symptom


def test_kinds_of_steps_are_told_apart(hidden: ModuleType) -> None:
    X, y = hidden.in_units()
    start = np.array(hidden.STARTS[0.2][0])
    penalty = hidden.penalty_of(0.2, 4)
    grad = hidden.derivatives(start, X, y, penalty)[0].astype(float)
    bounded = np.linalg.solve(X.T @ X / (4 * len(X)) + np.diag(2 * penalty), -grad)
    for first, kind in [
        (start + hidden.newton_step(start, X, y, penalty), None),
        (start + 0.5 * hidden.newton_step(start, X, y, penalty), None),
        (start - 0.01 * grad, "gradient step"),
        (hidden.minimum(X, y, 0.2), "more than one step"),
        (hidden.newton_step(np.zeros(4), X, y, penalty), "starts from zero"),
        (start + bounded, "weights of one quarter"),
        (start + bounded / 4, "weights of one quarter"),
        (start, None),
    ]:
        assert hidden.what_kind_of_step(first, start, X, y, 0.2) == kind


def test_what_is_missing_is_told_apart(hidden: ModuleType) -> None:
    X, y = hidden.unpenalised("units")
    target, others = hidden.minimum(X, y, 0.0), [0, 2, 3, 4]
    without = np.zeros(5)
    without[others] = hidden.minimum(X[:, others], y, 0.0)
    steep = np.zeros(5)
    for _ in range(100):
        steep = steep - 4 / np.linalg.norm(X, 2) ** 2 * len(y) * hidden.derivatives(steep, X, y, np.zeros(5))[0]
    for theta, word in [
        (target, None),
        (np.zeros(5), None),
        (target / 2, None),
        (without, "a column left out"),
        (steep.astype(float), "gradient steps"),
    ]:
        assert hidden.what_is_missing(theta, X, y) == word


def test_kinds_of_history_are_told_apart(reference: ModuleType, hidden: ModuleType) -> None:
    X, y = hidden.plain(47)
    history = reference.irls(X, y, 0.05).history
    thetas = [np.zeros(4), *(reference.irls(X, y, 0.05, max_iter=k).theta for k in (1, 2, 3))]
    bare = [reference.objective(theta, X, y, 0.0) for theta in thetas]
    for told, word in [
        (history, None),
        (history[1:], "begins after the first step"),
        (bare, "lacks the penalty"),
        (history[:2], None),
        ([1.001 * loss for loss in history[1:]], None),
    ]:
        assert hidden.what_kind_of_history(told, thetas, X, y, 0.05) == word
    assert hidden.what_kind_of_history([0.7], [np.zeros(4)], X, y, 0.05) is None


def clipped(z: np.ndarray, y: np.ndarray) -> float:
    p = np.clip(1 / (1 + np.exp(-np.clip(z, -700, 700))), 1e-7, 1 - 1e-7)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def shifted(z: np.ndarray, y: np.ndarray) -> float:
    p = 1 / (1 + np.exp(-np.clip(z, -700, 700)))
    return float(-np.mean(y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9)))


def test_losses_that_are_cut_off_are_told_apart(reference: ModuleType, hidden: ModuleType) -> None:
    from types import SimpleNamespace

    for loss, word in [
        (reference.bce_with_logits, None),
        (clipped, "clipped probability"),
        (shifted, "epsilon in the logarithm"),
        (lambda z, y: 500.0, None),
        (lambda z, y: None, None),
        (lambda z, y: np.nan, None),
    ]:
        assert hidden.how_it_is_cut_off(SimpleNamespace(bce_with_logits=loss)) == word


def test_arrays_are_checked_before_their_values(hidden: ModuleType) -> None:
    single = np.zeros(3, np.float32)
    assert hidden.checked(single, (3,), np.float32, "theta") is not None
    for wrong, symptom in [
        (single.astype(float), "float64 for float32"),
        (np.zeros((3, 1)), None),
        (np.zeros(3, int), None),
        ([0.0, 0.0, 0.0], None),
    ]:
        with pytest.raises(CheckFailure) as caught:
            hidden.checked(wrong, (3,), np.float32, "theta")
        assert caught.value.symptom == symptom


def test_an_input_that_is_changed_is_named(hidden: ModuleType) -> None:
    from types import SimpleNamespace

    class Staged:
        def __init__(self, value: np.ndarray) -> None:
            self.value = value.copy()

        def fetch(self) -> np.ndarray:
            return self.value

    def writes(X: Staged, y: Staged) -> None:
        y.value[0] = 9.0

    student = SimpleNamespace(stage=Staged)
    hidden.assert_untouched(student, "f", lambda X, y: None, X=np.ones(2), y=np.zeros(2))
    with pytest.raises(CheckFailure, match="f has changed the y") as caught:
        hidden.assert_untouched(student, "f", writes, X=np.ones(2), y=np.zeros(2))
    assert caught.value.symptom == "f writes into y"


@pytest.mark.parametrize(
    "changes",
    [{"history": None}, {"history": 0.5}, {"history": []}, {"history": [0.7, "0.5"]}, {"history": [0.7, np.nan]}],
)
def test_history_that_is_none_is_refused(hidden: ModuleType, changes: dict[str, object]) -> None:
    with pytest.raises(CheckFailure):
        hidden.told(answer(np.zeros(2), **changes))
    assert hidden.told(answer(np.zeros(2), history=np.array([0.7, 0.5]))) == [0.7, 0.5]


@pytest.mark.parametrize("converged", [None, 1, "yes", np.array([True])])
def test_converged_is_a_bool(hidden: ModuleType, converged: object) -> None:
    with pytest.raises(CheckFailure, match="True or False"):
        hidden.said(answer(np.zeros(2), converged=converged))
    assert hidden.said(answer(np.zeros(2), converged=np.bool_(True))) is True


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_an_error_of_a_thousandth_in_a_derivative_is_refused(
    reference: ModuleType, hidden: ModuleType, dtype: type
) -> None:
    X, y = logit_data(11, 50, 4, dtype)
    theta = np.array([0.5, -1.0, 2.0, 0.25], dtype)
    grad, H = reference.gradient(theta, X, y, 0.5), reference.hessian(theta, X, y, 0.5)
    hidden.assert_gradient_right(grad, theta, X, y, 0.5)
    hidden.assert_hessian_right(H, theta, X, y, 0.5)
    for wrong in (grad * dtype(1.001), grad * dtype(np.nan), grad[0], grad.tolist()):
        with pytest.raises(CheckFailure):
            hidden.assert_gradient_right(wrong, theta, X, y, 0.5)
    for wrong in (H * dtype(1.001), H + dtype(1e-3) * np.eye(4, dtype=dtype), H[0], H.astype(np.float16)):
        with pytest.raises(CheckFailure):
            hidden.assert_hessian_right(wrong, theta, X, y, 0.5)
