"""The content of `smo`: its reference and the judge's own mathematics against libsvm, and checks that must fail."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.course import import_file
from autograder.judge import CheckFailure
from autograder.judge.variants import load_variants, variant_source

sklearn_svm = pytest.importorskip("sklearn.svm")
pairwise = pytest.importorskip("sklearn.metrics.pairwise")

SOLUTION = Path(__file__).resolve().parents[2] / "solutions/smo"
SOURCE = (SOLUTION / "smo.py").read_text(encoding="utf-8")
PROBLEMS = ["linear", "poly", "rbf", "unbalanced", "tiny C", "huge C", "all at the bound", "identical", "duplicates"]
REAL = ["breast cancer, linear", "breast cancer, rbf", "digits 3 and 8, rbf"]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return import_file(SOLUTION / "smo.py")


@pytest.fixture(scope="module")
def hidden() -> ModuleType:
    return import_file(SOLUTION / "test_hidden.py")


def libsvm(problem: Any) -> tuple[np.ndarray[Any, Any], float]:
    """Return scikit-learn's multipliers and intercept, at a tolerance of 1e-10."""
    K, y, C = problem
    model = sklearn_svm.SVC(C=C, kernel="precomputed", tol=1e-10).fit(K, y)
    alpha = np.zeros(len(y))
    alpha[model.support_] = np.abs(model.dual_coef_[0])
    return alpha, float(model.intercept_[0])


def with_answer(alpha: np.ndarray[Any, Any], b: float = 0.0) -> SimpleNamespace:
    return SimpleNamespace(alpha=alpha, b=b, n_iter=1, converged=True)


# External truth


def test_kernels_are_those_of_scikit_learn(reference: ModuleType) -> None:
    rng = np.random.default_rng(1)
    X, Z = rng.normal(size=(20, 4)), rng.normal(size=(9, 4))
    np.testing.assert_allclose(reference.linear_kernel(X, Z), pairwise.linear_kernel(X, Z), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(reference.rbf_kernel(X, Z, 0.3), pairwise.rbf_kernel(X, Z, gamma=0.3), rtol=1e-12)
    theirs = pairwise.polynomial_kernel(X, Z, degree=3, gamma=0.5, coef0=2.0)
    np.testing.assert_allclose(reference.poly_kernel(X, Z, 3, 0.5, 2.0), theirs, rtol=1e-11, atol=1e-11)


def test_poly_kernel_is_an_inner_product_of_explicit_features(reference: ModuleType) -> None:
    rng = np.random.default_rng(2)
    X = rng.normal(size=(6, 2))
    root = np.sqrt(2)
    features = np.column_stack(
        [np.ones(6), root * X[:, 0], root * X[:, 1], X[:, 0] ** 2, X[:, 1] ** 2, root * X[:, 0] * X[:, 1]]
    )
    np.testing.assert_allclose(reference.poly_kernel(X, X, 2), features @ features.T, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", REAL)
def test_numbers_written_into_the_checks_are_libsvms(hidden: ModuleType, name: str) -> None:
    K, y, C = hidden.real_problem(name)
    alpha, b = libsvm((K, y, C))
    D, intercept = hidden.LIBSVM[name]
    assert hidden.dual(K, y, alpha) == pytest.approx(D, rel=1e-9)
    assert b == pytest.approx(intercept, abs=1e-5)


@pytest.mark.parametrize(("name", "C", "gamma"), [("breast cancer", 1.0, 1 / 30), ("digits", 10.0, 0.05)])
def test_held_out_numbers_are_libsvms(hidden: ModuleType, name: str, C: float, gamma: float) -> None:
    X, y = hidden.real(name)
    held_out = np.arange(len(y)) % 3 == 0
    f = sklearn_svm.SVC(C=C, gamma=gamma, tol=1e-10).fit(X[~held_out], y[~held_out]).decision_function(X[held_out])
    values, errors = hidden.LIBSVM_HELD_OUT[name]
    np.testing.assert_allclose(f[:5], values, atol=1e-5)
    assert np.sum(y[held_out] * f <= 0) == errors


@pytest.mark.parametrize("name", PROBLEMS)
def test_judges_own_optimum_is_libsvms(hidden: ModuleType, name: str) -> None:
    K, y, C = hidden.problem(name)
    best = hidden.optimum(name)
    alpha, b = libsvm((K, y, C))
    assert pytest.approx(hidden.dual(K, y, alpha), rel=1e-6) == best.D
    assert abs(b - best.b) <= best.width / 2 + 1e-5


@pytest.mark.parametrize("name", [*PROBLEMS, *REAL])
def test_reference_reaches_the_optimum(reference: ModuleType, hidden: ModuleType, name: str) -> None:
    K, y, C = hidden.real_problem(name) if name in REAL else hidden.problem(name)
    result = reference.smo(K, y, C, tol=1e-7)
    m, M = hidden.interval(K, y, C, result.alpha)
    assert result.converged and m - M <= 1.1e-7
    alpha, _ = libsvm((K, y, C))
    assert hidden.dual(K, y, result.alpha) == pytest.approx(hidden.dual(K, y, alpha), rel=1e-6)
    assert result.alpha.min() >= 0 and result.alpha.max() <= C * (1 + 1e-15)
    assert abs(result.alpha @ y) <= 1e-12 * len(y) * result.alpha.max()


@pytest.mark.parametrize("kernel", ["linear", "poly", "rbf"])
def test_svc_decides_as_libsvm_does(reference: ModuleType, hidden: ModuleType, kernel: str) -> None:
    X, y = hidden.real("breast cancer")
    X, y = X[:200], y[:200]
    theirs = sklearn_svm.SVC(C=0.5, kernel=kernel, gamma=0.05, degree=3, coef0=1.0, tol=1e-9).fit(X[:150], y[:150])
    model = reference.SVC(C=0.5, kernel=kernel, gamma=0.05, degree=3, coef0=1.0, tol=1e-9).fit(X[:150], y[:150])
    np.testing.assert_allclose(model.decision_function(X), theirs.decision_function(X), atol=1e-5)
    assert model.support_.tolist() == sorted(theirs.support_.tolist())
    assert np.array_equal(model.predict(X), theirs.predict(X))


def test_hard_margin_is_half_the_distance_of_two_samples(reference: ModuleType) -> None:
    X, y = np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([-1, 1])
    result = reference.smo(X @ X.T, y, C=1e6)
    w = (result.alpha * y) @ X
    assert 2 / np.linalg.norm(w) == pytest.approx(5.0)


def test_fast_form_agrees_with_the_reference(reference: ModuleType) -> None:
    fast = import_file(SOLUTION / "fast.py")
    rng = np.random.default_rng(3)
    X = rng.normal(size=(300, 5)) + 100
    y = np.where(X[:, 0] * X[:, 1] + 30 * rng.normal(size=300) > 1e4, 1.0, -1.0)
    for C in (0.1, 10.0):
        alpha, b, _ = fast.fit_rbf(X, y, C, 0.1, tol=1e-4)
        K = reference.rbf_kernel(X, X, 0.1)
        result = reference.smo(K, y, C, tol=1e-6)
        assert alpha.min() >= 0 and alpha.max() <= C * (1 + 1e-15) and abs(alpha @ y) < 1e-9 * C
        np.testing.assert_allclose(K @ (alpha * y) + b, K @ (result.alpha * y) + result.b, atol=5e-3)


def test_reference_refuses_bad_problems(reference: ModuleType) -> None:
    K, y = np.eye(3), np.array([1, -1, 1])
    for arguments, words in [
        ((K[:2], y, 1.0), "shape"),
        ((K, y[:2], 1.0), "shape"),
        ((K * np.nan, y, 1.0), "finite"),
        ((K, [0, 1, 1], 1.0), "labels"),
        ((K, [1, 1, 1], 1.0), "labels"),
        ((K, y, 0.0), "C must"),
        ((K, y, np.nan), "C must"),
    ]:
        with pytest.raises(ValueError, match=words):
            reference.smo(*arguments)
    with pytest.raises(ValueError, match="shapes"):
        reference.linear_kernel(np.ones((2, 2)), np.ones((2, 3)))
    with pytest.raises(ValueError, match="finite"):
        reference.rbf_kernel([[np.inf]], [[0.0]], 1.0)
    with pytest.raises(ValueError, match="alpha must"):
        reference.dual_objective([[1.0]], y, K)
    with pytest.raises(ValueError, match="kernel must"):
        reference.SVC(kernel="sigmoid")


# The checks refuse what is wrong, and say what it is


def test_feasibility_names_the_constraint(hidden: ModuleType) -> None:
    K, y, C = hidden.problem("linear")
    best = hidden.optimum("linear").alpha
    hidden.assert_feasible(with_answer(best), K, y, C)
    above, below, unequal = best.copy(), best.copy(), best.copy()
    above[0] = C * (1 + 1e-6)
    below[0] = -1e-6 * C
    unequal[np.flatnonzero(best == C)[0]] = 0.0
    for alpha, symptom in [
        (above, "multipliers above C"),
        (below, "negative multipliers"),
        (unequal, "equality constraint violated"),
    ]:
        with pytest.raises(CheckFailure) as caught:
            hidden.assert_feasible(with_answer(alpha), K, y, C)
        assert caught.value.symptom == symptom


@pytest.mark.parametrize("bad", [None, [0.0] * 200, np.zeros(3), np.zeros((200, 1)), np.full(200, np.nan)])
def test_feasibility_refuses_what_is_no_vector(hidden: ModuleType, bad: Any) -> None:
    K, y, C = hidden.problem("linear")
    with pytest.raises(CheckFailure, match="alpha"):
        hidden.assert_feasible(with_answer(bad), K, y, C)
    with pytest.raises(AssertionError, match="SMOResult"):
        hidden.assert_feasible((bad, 0.0), K, y, C)


@pytest.mark.parametrize("name", ["linear", "poly", "rbf", "unbalanced", "tiny C", "huge C"])
def test_zeros_are_no_optimum(hidden: ModuleType, name: str) -> None:
    problem = hidden.problem(name)
    with pytest.raises(CheckFailure) as caught:
        hidden.assert_optimal(with_answer(np.zeros(len(problem.y))), problem, 1e-3, hidden.optimum(name).D)
    assert caught.value.symptom is None  # nothing is known about what went wrong


def test_gap_refuses_a_slightly_worse_alpha(hidden: ModuleType) -> None:
    problem = hidden.problem("rbf")
    best = hidden.optimum("rbf").alpha
    hidden.assert_gap(best, problem, 1e-5)
    with pytest.raises(CheckFailure, match="duality gap"):
        hidden.assert_gap(0.99 * best, problem, 1e-5)


def test_intercept_is_accepted_in_its_interval_and_named_outside(hidden: ModuleType) -> None:
    for name in ("unbalanced", "all at the bound"):
        problem, best = hidden.problem(name), hidden.optimum(name)
        for b in (best.b - best.width / 2, best.b, best.b + best.width / 2):
            hidden.assert_intercept(b, best.alpha, problem, 1e-4)
    for b in (best.b - best.width / 2 - 0.01, best.b + best.width / 2 + 0.01, 0.0, np.nan):
        with pytest.raises(CheckFailure):
            hidden.assert_intercept(b, best.alpha, problem, 1e-4)
    problem, best = hidden.problem("unbalanced"), hidden.optimum("unbalanced")
    g, *_ = hidden.margins(*problem, best.alpha)
    everything = float(g[best.alpha > 1e-9].mean())
    for b, symptom in [
        (-best.b, "b has the wrong sign"),
        (everything, "mean over all support vectors"),
        (0.0, "b is zero"),
        (float("nan"), "b is NaN"),
        (float(g[np.argmax(best.alpha == problem.C)]), "one support vector at its bound"),
        (best.b + 0.3, None),
    ]:
        with pytest.raises(CheckFailure) as caught:
            hidden.assert_intercept(b, best.alpha, problem, 1e-4)
        assert caught.value.symptom == symptom


def test_decision_and_support_refuse_what_is_wrong(hidden: ModuleType) -> None:
    data = hidden.fitted("rbf")
    f = data.cross @ (data.best.alpha * data.y) + data.best.b
    hidden.assert_decision(f, data, 1e-6)
    for wrong, symptom in [(f - data.best.b, "no intercept"), (-f, "opposite sign"), (f + 0.1, None)]:
        with pytest.raises(CheckFailure) as caught:
            hidden.assert_decision(wrong, data, 1e-6)
        assert caught.value.symptom == symptom
    support = np.flatnonzero(data.best.alpha > 1e-8)
    hidden.assert_support(support, data)
    for wrong in (support[1:], np.arange(len(data.y)), support[::-1], support.astype(float), support.tolist()):
        with pytest.raises(AssertionError):
            hidden.assert_support(wrong, data)


@pytest.mark.parametrize("seed", range(10))
def test_simplified_smo_never_satisfies_the_conditions(hidden: ModuleType, seed: int) -> None:
    [variant] = [v for v in load_variants(SOLUTION / "misconceptions.py") if v.id == "stops_early"]
    source = variant_source(SOURCE, variant).replace("default_rng(0)", f"default_rng({seed})")
    simplified = ModuleType("content_smo_simplified")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, simplified.__name__, simplified)
        exec(compile(source, "simplified.py", "exec"), simplified.__dict__)
        with pytest.raises(CheckFailure) as caught:
            hidden.assert_optimal(
                simplified.smo(*hidden.problem("linear")), hidden.problem("linear"), 1e-3, hidden.optimum("linear").D
            )
    assert caught.value.symptom == "stops early"


def test_kernel_above_one_is_named(hidden: ModuleType) -> None:
    X = 1e6 * np.random.default_rng(4).normal(size=(20, 3))
    K = hidden.rbf(X, X, 1e-6)
    hidden.assert_rbf(K, X, X, 1e-6)
    K[3, 3] += 1e-12
    with pytest.raises(CheckFailure, match="excess of the largest entry over 1") as caught:
        hidden.assert_rbf(K, X, X, 1e-6)
    assert caught.value.symptom == "kernel above 1"
