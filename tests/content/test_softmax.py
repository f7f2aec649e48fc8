"""The content of `softmax`: its reference against outside truths, and the oracles that its hidden checks use."""

from __future__ import annotations

from decimal import Decimal, localcontext
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.course import import_file
from autograder.judge import CheckFailure
from autograder.judge.margin import Margins

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = ROOT / "solutions/softmax"
Arguments = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return import_file(SOLUTION / "softmax.py")


@pytest.fixture(scope="module")
def fast() -> ModuleType:
    return import_file(SOLUTION / "fast.py")


@pytest.fixture(scope="module")
def hidden() -> ModuleType:
    return import_file(SOLUTION / "test_hidden.py")


def problem(seed: int, n: int, d: int, K: int, size: float = 1.0, lam: float = 0.1) -> Arguments:
    rng = np.random.default_rng(seed)
    W, b = size * rng.normal(size=(d, K)), rng.normal(size=K)
    return W, b, rng.normal(size=(n, d)), rng.integers(0, K, size=n), lam


# External truth


@pytest.mark.parametrize("size", [1.0, 500.0])
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-13), (np.float32, 1e-4)])
def test_loss_and_gradient_are_those_of_torch(
    reference: ModuleType, fast: ModuleType, size: float, dtype: type, rtol: float
) -> None:
    torch = pytest.importorskip("torch")
    W, b, X, y, lam = problem(1, 70, 6, 5, size, lam=1e-4)
    W, b, X = (value.astype(dtype) for value in (W, b, X))
    theirs = [torch.tensor(value, requires_grad=True) for value in (W, b)]
    logits = torch.from_numpy(X) @ theirs[0] + theirs[1]
    loss = torch.nn.functional.cross_entropy(logits, torch.from_numpy(y)) + lam * theirs[0].square().sum()
    loss.backward()
    for function in (reference.softmax_loss_grad, fast.softmax_loss_grad):
        ours = function(W, b, X, y, lam)
        assert ours[0] == pytest.approx(loss.item(), rel=rtol)
        for came, parameter in zip(ours[1:], theirs, strict=True):
            assert came.dtype == dtype and came.shape == parameter.shape
            np.testing.assert_allclose(came, parameter.grad.numpy(), rtol=rtol, atol=rtol * size**0.5)


def test_certified_parameters_are_those_of_statsmodels(hidden: ModuleType) -> None:
    results = pytest.importorskip("statsmodels.discrete.tests.results.results_discrete").Anes.mnlogit_basezero
    datasets = pytest.importorskip("statsmodels.datasets")
    X, y, W, b = hidden.anes()
    assert np.array_equal(np.array(hidden.ANES_PARAMETERS), results.params.T)
    assert np.array_equal(np.vstack([W, b])[:, 1:], results.params) and not W[:, 0].any() and b[0] == 0
    assert results.llf == hidden.ANES_LOG_LIKELIHOOD and len(y) == results.nobs
    theirs = datasets.anes96.load()
    assert list(theirs.exog.columns) == ["logpopul", "selfLR", "age", "educ", "income"]
    np.testing.assert_array_equal(theirs.exog.to_numpy(), X)
    np.testing.assert_array_equal(theirs.endog.to_numpy(), y)


def test_gradient_vanishes_at_certified_parameters(reference: ModuleType, hidden: ModuleType) -> None:
    X, y, W, b = hidden.anes()
    loss, dW, db = reference.softmax_loss_grad(W, b, X, y, 0.0)
    assert loss * len(y) == pytest.approx(-hidden.ANES_LOG_LIKELIHOOD, rel=1e-10)
    size = np.abs(X).mean(axis=0)[:, None]
    assert np.max(np.abs(dW) / size) < 5e-8 and np.max(np.abs(db)) < 5e-8
    moved = reference.softmax_loss_grad(1.001 * W, b, X, y, 0.0)[1]
    assert np.max(np.abs(moved) / size) > 5e-4  # 0.1 % is seen 1000 times above the limit of the check


def test_seven_parties_are_fitted_by_descent_as_by_stata(reference: ModuleType, hidden: ModuleType) -> None:
    optimize = pytest.importorskip("scipy.optimize")
    X, y, W, b = hidden.anes()
    mean, scale = X.mean(axis=0), X.std(axis=0)
    A = (X - mean) / scale

    def objective(theta: np.ndarray) -> tuple[float, np.ndarray]:
        V = theta.reshape(6, 7)
        loss, dV, dc = reference.softmax_loss_grad(V[:-1], V[-1], A, y, 0.0)
        return loss, np.vstack([dV, dc]).ravel()

    found = optimize.minimize(objective, np.zeros(42), jac=True, method="L-BFGS-B", options={"gtol": 1e-9, "ftol": 0})
    V = found.x.reshape(6, 7)
    weights = V[:-1] / scale[:, None]
    intercepts = V[-1] - mean @ weights
    # What is determined are differences between classes: Stata takes class 0 for the base.
    np.testing.assert_allclose(weights - weights[:, :1], W, atol=2e-5)
    np.testing.assert_allclose(intercepts - intercepts[0], b, atol=2e-4)


@pytest.mark.parametrize(("operator", "function"), [("Softmax", "softmax"), ("LogSoftmax", "log_softmax")])
def test_reference_passes_the_onnx_node_tests(
    reference: ModuleType, hidden: ModuleType, monkeypatch: pytest.MonkeyPatch, operator: str, function: str
) -> None:
    node = pytest.importorskip("onnx.backend.test.case.node")
    cases: dict[str, tuple[Any, np.ndarray, np.ndarray]] = {}

    def expect(node: Any, inputs: list[np.ndarray], outputs: list[np.ndarray], name: str) -> None:
        cases[name] = node, inputs[0], outputs[0]

    monkeypatch.setattr(node, "expect", expect)  # the file announces its cases to this when it is imported
    import_file(Path(node.__file__).with_name(f"{operator.lower()}.py"))
    assert len(cases) >= 7
    for name, (announced, x, y) in cases.items():
        axis = {attribute.name: attribute.i for attribute in announced.attribute}.get("axis", -1)
        rows = np.moveaxis(x, axis, -1)
        came = getattr(reference, function)(rows.reshape(-1, rows.shape[-1])).reshape(rows.shape)
        assert came.dtype == np.float32
        np.testing.assert_allclose(np.moveaxis(came, -1, axis), y, rtol=1e-6, atol=1e-7, err_msg=name)
    _, x, y = cases[f"test_{operator.lower()}_large_number"]
    assert np.array_equal(x, np.array(hidden.ONNX_LOGITS, dtype=np.float32))
    written = hidden.ONNX_SOFTMAX if operator == "Softmax" else hidden.ONNX_LOG_SOFTMAX
    np.testing.assert_allclose(np.array(written), y, rtol=2e-7)


def test_digits_are_learnt(reference: ModuleType) -> None:
    table = np.loadtxt(ROOT / "datasets/digits.csv", delimiter=",", skiprows=1)
    order = np.random.default_rng(0).permutation(len(table))
    X, y = table[order, :-1] / 16, table[order, -1].astype(int)
    W, b = np.zeros((64, 10)), np.zeros(10)
    first = reference.softmax_loss_grad(W, b, X[:1300], y[:1300], 1e-4)[0]
    assert first == pytest.approx(np.log(10), rel=1e-14)
    for _ in range(400):
        _, dW, db = reference.softmax_loss_grad(W, b, X[:1300], y[:1300], 1e-4)
        W, b = W - dW, b - db
    assert np.mean(np.argmax(X[1300:] @ W + b, axis=1) == y[1300:]) > 0.965  # the text says 97 of 100


# The oracles of the hidden checks


def decimal_loss_grad(W: Any, b: Any, X: Any, y: Any, lam: float) -> tuple[Decimal, list[list[Decimal]], list[Decimal]]:
    """Return loss, dW, db by the definition in 60 decimal digits, on the very numbers that the floats are."""
    with localcontext() as context:
        context.prec = 60
        W, X = [[[Decimal(float(v)) for v in row] for row in matrix] for matrix in (W, X)]
        b, lam, n, d, K = [Decimal(float(v)) for v in b], Decimal(lam), len(X), len(W), len(b)
        loss, dW, db = Decimal(0), [[2 * lam * w for w in row] for row in W], [Decimal(0)] * K
        for x, label in zip(X, y, strict=True):
            z = [sum(x[j] * W[j][k] for j in range(d)) + b[k] for k in range(K)]
            e = [value.exp() for value in z]
            loss -= (e[label] / sum(e)).ln() / n
            for k in range(K):
                g = (e[k] / sum(e) - (k == label)) / n
                db[k] += g
                for j in range(d):
                    dW[j][k] += g * x[j]
        return loss + lam * sum(w * w for row in W for w in row), dW, db


def error(came: Any, exact: Any) -> float:
    came, exact = np.asarray(came), np.asarray(exact, dtype=object)
    return max(abs(float(Decimal(str(a)) - b)) for a, b in zip(came.ravel(), exact.ravel(), strict=True))


@pytest.mark.parametrize("case", ["plain", "large", "shifted", "scaled"])
def test_longdouble_oracle_is_right_to_float64(hidden: ModuleType, case: str) -> None:
    W, b, X, y = hidden.shifted(3) if case == "shifted" else hidden.problem(2, 12, 3, 4, 400 if case == "large" else 1)
    if case == "scaled":
        X = X * 10.0 ** np.linspace(-3, 3.5, len(X))[:, None]
    came, exact = hidden.exact_loss_grad(W, b, X, y, 0.1), decimal_loss_grad(W, b, X, y, 0.1)
    limits = hidden.limits(W, b, X, y, 0.1, came[0])
    for a, e, limit in zip(came, exact, limits, strict=True):
        assert error(a, e) <= 0.01 * limit


def test_longdouble_log_softmax_is_right_to_float64(hidden: ModuleType) -> None:
    Z = 300 * np.random.default_rng(4).normal(size=(5, 4))
    with localcontext() as context:
        context.prec = 60
        rows = [[Decimal(float(z)) for z in row] for row in Z]
        exact = [[z - sum(other.exp() for other in row).ln() for z in row] for row in rows]
    assert error(hidden.exact_log_softmax(Z), exact) <= 0.01 * float(hidden.logit_error(Z).min())


def test_data_are_what_the_checks_rely_on(hidden: ModuleType) -> None:
    W, b, X, y = hidden.shifted(33)
    Z = X @ W + b
    assert np.sum(Z.max(axis=1) < Z.max() - 2900) == 10 and np.exp(Z - Z.max())[0].sum() == 0
    W, b, X, y = hidden.problem(29, 40, 6, 4, size=400.0)
    Z = X @ W + b
    assert np.abs(Z).max() > 1000 and (np.exp(hidden.exact_log_softmax(Z)).astype(float) == 0).any()
    observed = hidden.exact_log_softmax(Z)[np.arange(40), y]
    assert np.mean(observed < -750) > 0.2  # log(p) is infinite for many, log(p + eps) off by hundreds
    for seed, n, d, K in ((5, 9, 3, 4), (6, 4, 4, 4)):
        assert set(hidden.problem(seed, n, d, K)[3]) == set(range(K))


def student(function: Any) -> SimpleNamespace:
    return SimpleNamespace(softmax_loss_grad=function, softmax=function, log_softmax=function)


def test_reference_passes_its_own_criteria_with_room(reference: ModuleType, hidden: ModuleType) -> None:
    with Margins() as margins:
        for seed, size in ((7, 1.0), (8, 400.0)):
            hidden.assert_loss_grad(reference, *hidden.problem(seed, 50, 6, 5, size), 1e-3)
        hidden.assert_loss_grad(reference, *hidden.shifted(9))
    worst = margins.worst()
    assert len(margins.numbers) == 9 and worst is not None and worst < 0.05


@pytest.mark.parametrize(
    "spoil",
    [
        lambda loss, dW, db: (loss * 1.001, dW, db),
        lambda loss, dW, db: (float("nan"), dW, db),
        lambda loss, dW, db: (np.array([loss]), dW, db),
        lambda loss, dW, db: (loss, dW * 1.001, db),
        lambda loss, dW, db: (loss, np.where(np.abs(dW) == np.abs(dW).min(), np.nan, dW), db),
        lambda loss, dW, db: (loss, dW.astype(np.float32), db),
        lambda loss, dW, db: (loss, dW, db * 1.001),
        lambda loss, dW, db: (loss, dW, db[:, None]),
        lambda loss, dW, db: (loss, dW, float(db[0])),
        lambda loss, dW, db: (loss, dW),
        lambda loss, dW, db: None,
    ],
)
def test_criteria_refuse_a_spoilt_answer(reference: ModuleType, hidden: ModuleType, spoil: Any) -> None:
    wrong = student(lambda *args: spoil(*reference.softmax_loss_grad(*args)))
    with pytest.raises(CheckFailure):
        hidden.assert_loss_grad(wrong, *hidden.problem(10, 50, 6, 5), 0.1)


@pytest.mark.parametrize("factor", [1 + 1e-10, np.nan])
def test_softmax_criteria_refuse_a_spoilt_answer(reference: ModuleType, hidden: ModuleType, factor: float) -> None:
    Z = np.random.default_rng(11).normal(size=(6, 4))
    hidden.assert_softmax(reference.softmax(Z), Z)
    hidden.assert_log_softmax(reference.log_softmax(Z), Z)
    for check, right in (
        (hidden.assert_softmax, reference.softmax),
        (hidden.assert_log_softmax, reference.log_softmax),
    ):
        wrong = right(Z)
        wrong[2, 1] *= factor
        for answer in (wrong, right(Z).astype(np.float32), right(Z)[:, 0], right(Z).tolist(), None):
            with pytest.raises(CheckFailure):
                check(answer, Z)


# What a wrong answer is recognised by

LOSS, GRADIENT = ("loss",), ("dW", "db")


def symptom(check: Any, *args: Any, **options: Any) -> str | None:
    with pytest.raises(CheckFailure) as failed:
        check(*args, **options)
    return failed.value.symptom


def two_mistakes(reference: ModuleType, mistaken: Any) -> SimpleNamespace:
    """Return a student who has the answer changed, given P and what the penalty adds."""

    def softmax_loss_grad(W: Any, b: Any, X: Any, y: Any, lam: float) -> Any:
        loss, dW, db = reference.softmax_loss_grad(W, b, X, y, 0.0)
        P = reference.softmax(X @ W + b)[np.arange(len(y)), y]
        return mistaken(loss, dW, db, P, lam * np.sum(W**2), 2 * lam * W, len(y))

    return student(softmax_loss_grad)


@pytest.mark.parametrize(
    ("mistaken", "of_loss", "of_gradient"),
    [
        (
            lambda J, dW, db, P, p, g, n: (n * J + p, n * dW + g, n * db),
            "a sum over the samples",
            "n times the gradient",
        ),
        (lambda J, dW, db, P, p, g, n: (J + p / 2, g - dW, -db), "half the penalty", "the wrong sign"),
        (lambda J, dW, db, P, p, g, n: (J, dW + g / n, db), "no penalty", "the penalty divided by n"),
        (lambda J, dW, db, P, p, g, n: (-np.mean(np.log(P + 1e-9)) + p, dW + g, n * db), "FLOOR", "n times db"),
        (lambda J, dW, db, P, p, g, n: (-np.mean(np.log(np.maximum(P, 1e-7))) + p, (dW + g).T, db), None, "transposed"),
        (lambda J, dW, db, P, p, g, n: (n * J + p / 2, n * dW + g / 2, n * db), None, None),  # two in one number
        (lambda J, dW, db, P, p, g, n: (1.01 * J + p, dW + g + 0.01, db), None, None),  # no known ones
        (lambda J, dW, db, P, p, g, n: (J * (1 + 1e-9) + p, dW + g, db * (1 + 1e-9)), None, None),
        (lambda J, dW, db, P, p, g, n: ("J", [dW], None), None, None),
    ],
)
def test_two_mistakes_in_one_function_are_told_apart(
    reference: ModuleType, hidden: ModuleType, mistaken: Any, of_loss: str | None, of_gradient: str | None
) -> None:
    # Every P exceeds 1e-7 here, so that clipping there changes nothing, and the loss is right.
    wrong = two_mistakes(reference, mistaken)
    arguments = *hidden.problem(51, 40, 5, 4), 0.3
    if of_gradient != "transposed":
        of_loss = hidden.FLOOR if of_loss == "FLOOR" else of_loss
        assert symptom(hidden.assert_loss_grad, wrong, *arguments, wanted=LOSS) == of_loss
    assert symptom(hidden.assert_loss_grad, wrong, *arguments, wanted=GRADIENT) == of_gradient


def test_logarithm_of_zero_is_told_from_overflow(reference: ModuleType, hidden: ModuleType) -> None:
    W, b, X, y = hidden.problem(52, 40, 6, 4, size=400.0)
    nan = np.full(4, np.nan)
    for loss in (np.inf, np.nan):  # 0 * -inf in a sum over one-hot rows
        finite = two_mistakes(reference, lambda J, dW, db, P, p, g, n, loss=loss: (loss, dW + g, db))
        lost = two_mistakes(reference, lambda J, dW, db, P, p, g, n, loss=loss: (loss, dW * np.nan, nan))
        assert symptom(hidden.assert_loss_grad, finite, W, b, X, y, wanted=LOSS) == hidden.LOG_OF_ZERO
        assert symptom(hidden.assert_loss_grad, lost, W, b, X, y, wanted=LOSS) is None
        assert symptom(hidden.assert_loss_grad, lost, W, b, X, y, wanted=GRADIENT, nowhere_finite="x") == "x"


def test_wrong_logarithms_are_told_apart(reference: ModuleType, hidden: ModuleType) -> None:
    Z = 1000 * np.random.default_rng(53).normal(size=(12, 5))
    right, p = reference.log_softmax(Z), reference.softmax(Z)
    depth = Z - Z.max()
    with np.errstate(all="ignore"):
        one_maximum = depth - np.log(np.exp(depth).sum(axis=1, keepdims=True))
        answers = {
            hidden.LOG_OF_ZERO: np.log(p),
            hidden.ONE_MAXIMUM: one_maximum,
            hidden.FLOOR: np.log(p + 1e-9),
            hidden.OVERFLOW: np.full_like(Z, np.nan),
        }
    for word, answer in answers.items():
        assert symptom(hidden.assert_log_softmax, answer, Z, hidden.OVERFLOW) == word
    assert symptom(hidden.assert_log_softmax, np.where(right < -500, -np.inf, right), Z) is None
    shifted = np.where(right > -700, right + 1, -np.inf)
    assert symptom(hidden.assert_log_softmax, shifted, Z) is None


# The reference and its fast form


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("n", "d", "K"), [(1, 1, 1), (5, 3, 4), (700, 300, 6)], ids=str)
def test_fast_form_returns_what_the_reference_returns(
    reference: ModuleType, fast: ModuleType, dtype: type, n: int, d: int, K: int
) -> None:
    W, b, X, y, lam = problem(12, n, d, K)
    W, b, X = (value.astype(dtype) for value in (W, b, X))
    u = float(np.finfo(dtype).eps)
    for ours, theirs in zip(
        fast.softmax_loss_grad(W, b, X, y, lam), reference.softmax_loss_grad(W, b, X, y, lam), strict=True
    ):
        assert np.asarray(ours).dtype == np.asarray(theirs).dtype and np.shape(ours) == np.shape(theirs)
        np.testing.assert_allclose(ours, theirs, rtol=100 * u, atol=100 * u)
    mixed = fast.softmax_loss_grad(W.tolist(), b.tolist(), X.tolist(), y.tolist(), lam)
    assert mixed[1].dtype == np.float64


BAD = {
    "X must have shape": lambda W, b, X, y, lam: (W, b, X[0], y, lam),
    "W must have shape": lambda W, b, X, y, lam: (W.T, b, X, y, lam),
    "b must have shape": lambda W, b, X, y, lam: (W, b[:-1], X, y, lam),
    "y must hold 6 integers": lambda W, b, X, y, lam: (W, b, X, y[:, None], lam),
    "y must hold 6 integers, .* not float64": lambda W, b, X, y, lam: (W, b, X, y + 0.0, lam),
    "labels must lie in 0..3; they run from -1": lambda W, b, X, y, lam: (W, b, X, np.where(y == y[0], -1, y), lam),
    "labels must lie in 0..3; they run from . to 4": lambda W, b, X, y, lam: (W, b, X, np.where(y == y[0], 4, y), lam),
    "lam must be >= 0": lambda W, b, X, y, lam: (W, b, X, y, -lam),
    "lam must be >= 0 and finite, not nan": lambda W, b, X, y, lam: (W, b, X, y, np.nan),
    "W, b and X must be finite": lambda W, b, X, y, lam: (W, b, X * np.inf, y, lam),
    "W, b and X must be .inite": lambda W, b, X, y, lam: (W * np.nan, b, X, y, lam),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_arguments_are_refused(reference: ModuleType, fast: ModuleType, message: str) -> None:
    args = BAD[message](*problem(13, 6, 3, 4))
    for function in (reference.softmax_loss_grad, fast.softmax_loss_grad):
        with pytest.raises(ValueError, match=message):
            function(*args)


@pytest.mark.parametrize("Z", [[1.0, 2.0], [[]], [[np.nan, 1.0]], [[1.0, np.inf]]])
def test_bad_logits_are_refused(reference: ModuleType, Z: Any) -> None:
    for function in (reference.softmax, reference.log_softmax):
        with pytest.raises(ValueError, match="Z must"):
            function(Z)
