"""The content of `pca`: its reference against outside truths, and the oracles that its hidden checks use."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.course import import_file
from autograder.judge import CheckFailure

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = ROOT / "solutions/pca"
WAYS = ["pca_fit", "pca_svd", "fast"]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return import_file(SOLUTION / "pca.py")


@pytest.fixture(scope="module")
def fits(reference: ModuleType) -> dict[str, Any]:
    fast = import_file(SOLUTION / "fast.py")
    fast.BLOCK_BYTES = 1 << 10  # several blocks on small data, too
    return {"pca_fit": reference.pca_fit, "pca_svd": reference.pca_svd, "fast": fast.pca_fit}


@pytest.fixture(scope="module")
def hidden() -> ModuleType:
    return import_file(SOLUTION / "test_hidden.py")


def without_signs(actual: np.ndarray, desired: np.ndarray) -> np.ndarray:
    """Return the rows of `actual`, each with the sign that brings it nearer to that of `desired`."""
    return actual * np.sign(np.sum(actual * desired, axis=1, keepdims=True))


# External truth


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rows", [100, 20])
def test_everything_is_that_of_matlab(reference: ModuleType, fits: dict[str, Any], way: str, rows: int) -> None:
    matlab = pytest.importorskip("statsmodels.multivariate.tests.results.datamlw")
    X, theirs = matlab.data.xo[:rows] / 1000, {100: matlab.princomp1, 20: matlab.princomp2}[rows]
    result = fits[way](X, 4)
    components = without_signs(result.components, theirs.coef.T)
    np.testing.assert_allclose(result.explained_variance, theirs.values.ravel(), rtol=1e-12)
    np.testing.assert_allclose(components, theirs.coef.T, rtol=0, atol=1e-12)
    np.testing.assert_allclose(reference.transform(X, components, result.mean), theirs.factors, rtol=0, atol=1e-12)


def test_matlab_numbers_of_the_checks_are_the_ones_of_statsmodels(hidden: ModuleType) -> None:
    matlab = pytest.importorskip("statsmodels.multivariate.tests.results.datamlw")
    assert np.array_equal(hidden.MATLAB_ROWS, matlab.data.xo[:20])
    assert np.array_equal(hidden.MATLAB_VARIANCES, matlab.princomp2.values.ravel())
    assert np.array_equal(hidden.MATLAB_COMPONENTS, matlab.princomp2.coef)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["wine.csv", "digits.csv"])
def test_everything_is_that_of_scikit_learn(
    reference: ModuleType, hidden: ModuleType, fits: dict[str, Any], way: str, name: str
) -> None:
    decomposition = pytest.importorskip("sklearn.decomposition")
    X = hidden.table(name)
    model, result = decomposition.PCA(n_components=10, svd_solver="full").fit(X), fits[way](X, 10)
    components = without_signs(result.components, model.components_)
    np.testing.assert_allclose(result.mean, model.mean_, rtol=1e-13, atol=1e-13)
    scale = model.explained_variance_[0]
    np.testing.assert_allclose(result.explained_variance, model.explained_variance_, rtol=0, atol=1e-13 * scale)
    np.testing.assert_allclose(result.ratio, model.explained_variance_ratio_, rtol=0, atol=1e-13)
    loose = 1e-8 if name == "wine.csv" else 1e-11  # u * largest variance / gap to the next
    np.testing.assert_allclose(components, model.components_, rtol=0, atol=loose)
    Z = reference.transform(X, components, result.mean)
    np.testing.assert_allclose(Z, model.transform(X), rtol=0, atol=loose * np.abs(X).max())
    back = reference.inverse_transform(Z, components, result.mean)
    np.testing.assert_allclose(back, model.inverse_transform(model.transform(X)), rtol=0, atol=loose * np.abs(X).max())


def test_example_of_the_text_holds_exactly() -> None:
    X = [[16, 28], [4, 12], [6, 23], [14, 17]]
    centred = [[Fraction(a) - 10, Fraction(b) - 20] for a, b in X]
    assert [sum(column) for column in zip(*centred, strict=True)] == [0, 0]
    C = [[sum(row[i] * row[j] for row in centred) / 3 for j in range(2)] for i in range(2)]
    assert [[Fraction(104, 3), 24], [24, Fraction(146, 3)]] == C
    for (a, b), value in (((3, 4), Fraction(200, 3)), ((-4, 3), Fraction(50, 3))):
        assert [row[0] * a + row[1] * b for row in C] == [value * a, value * b]
    third = [10, 10, -10, -10]
    assert [sum(t * row[j] for t, row in zip(third, centred, strict=True)) for j in range(2)] == [0, 0]


# Properties of the reference


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("n", "d"), [(60, 7), (9, 20), (2, 1), (2, 5), (3000, 4)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_reference_meets_the_criteria(
    hidden: ModuleType, fits: dict[str, Any], way: str, n: int, d: int, dtype: type
) -> None:
    X = hidden.samples(np.random.default_rng(n + d), n, d).astype(dtype)
    for k in {1, min(n - 1, d)}:
        truth = hidden.known(X, k)
        for layout in (X, np.asfortranarray(X), np.repeat(X, 2, axis=0)[::2]):
            answer = fits[way](layout, k)
            hidden.check_all(answer, truth, way)
            hidden.check_reconstruction(answer, truth, way)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("offset", [1e3, 1e7])
def test_reference_survives_large_means(hidden: ModuleType, fits: dict[str, Any], way: str, offset: float) -> None:
    truth = hidden.known(np.random.default_rng(4).normal(size=(5000, 4)) + offset, 4)
    hidden.check_all(fits[way](truth.X, 4), truth, way)


@pytest.mark.parametrize("way", WAYS)
def test_reference_refuses_bad_input(fits: dict[str, Any], way: str) -> None:
    X = np.random.default_rng(5).normal(size=(6, 9))
    bad = X.copy()
    bad[3, 3] = np.nan
    for wrong, k, message in (
        (X, 0, "k must be a whole number from 1 to .* = 5, not 0"),
        (X, 6, "not 6"),
        (X, 1.5, "not 1.5"),
        (X[0], 1, "shape"),
        (X[:1], 1, "n >= 2"),
        (X[:, :0], 1, "d >= 1"),
        (bad, 2, "X must be finite"),
        (np.ones((5, 3)), 1, "all rows of X are equal"),
    ):
        with pytest.raises(ValueError, match=message):
            fits[way](wrong, k)


def test_transforms_refuse_shapes_that_do_not_fit(reference: ModuleType) -> None:
    for function in (reference.transform, reference.inverse_transform):
        with pytest.raises(ValueError, match="do not fit together"):
            function(np.ones((3, 4)), np.ones((2, 3)), np.ones(3))
        with pytest.raises(ValueError, match="mean must be finite"):
            function(np.ones((3, 3)), np.eye(3), np.array([1.0, np.inf, 0.0]))


def test_small_deviations_survive_the_svd_and_not_the_covariance(reference: ModuleType, hidden: ModuleType) -> None:
    sigma = np.geomspace(1, 1e-9, 10)
    truth = hidden.known(hidden.with_singular_values(np.random.default_rng(6), 60, sigma, 0.05), 10)
    hidden.check_lengths(reference.pca_svd(truth.X, 10), truth, sigma, "pca_svd")
    with pytest.raises(CheckFailure, match="allowed") as caught:
        hidden.check_lengths(reference.pca_fit(truth.X, 10), truth, sigma, "pca_fit")
    assert caught.value.symptom == "squared"


# The oracles of the hidden checks


def test_known_variances_are_those_of_exact_arithmetic(hidden: ModuleType) -> None:
    """The characteristic polynomial of the exact covariance changes sign around each variance."""
    X = np.array([[1.0, 2.0, 4.0], [2.0, 5.0, 4.0], [8.0, 1.0, 0.0], [5.0, 5.0, 7.0], [0.5, 0.25, 3.0]])
    truth = hidden.known(X, 2)
    rows = [[Fraction(float(value)) for value in row] for row in X]
    means = [sum(column) / 5 for column in zip(*rows, strict=True)]
    C = [
        [sum((row[i] - means[i]) * (row[j] - means[j]) for row in rows) / 4 for j in range(3)]
        for i in range(3)
    ]  # fmt: skip
    assert np.allclose(truth.C.astype(float), np.array(C, dtype=float), rtol=1e-15)

    def characteristic(x: Fraction) -> Fraction:
        (a, b, c), (_, e, f), (_, _, i) = C
        a, e, i = a - x, e - x, i - x
        return a * (e * i - f * f) - b * (b * i - f * c) + c * (b * f - e * c)

    for value in truth.values:
        below, above = (Fraction(float(value)) * (1 + sign * Fraction(1, 10**13)) for sign in (-1, 1))
        assert characteristic(below) * characteristic(above) < 0


def test_data_have_the_singular_values_asked_for(hidden: ModuleType) -> None:
    sigma = np.geomspace(2, 1e-3, 5)
    X = hidden.with_singular_values(np.random.default_rng(7), 30, sigma, 1.0)
    np.testing.assert_allclose(np.linalg.svd(X - X.mean(axis=0))[1], sigma, rtol=0, atol=1e-14)


CHECKS = ["check_mean", "check_orthonormal", "check_directions", "check_variances", "check_ratios"]


@pytest.mark.parametrize(
    ("field", "change", "failing"),
    [
        (0, lambda V: -V, []),
        (0, lambda V: V * (1 + 1e-11), ["check_orthonormal"]),
        (0, lambda V: V[::-1].copy(), ["check_directions"]),
        (0, lambda V: V @ np.linalg.qr(np.eye(6) + 1e-10 * np.tri(6))[0], ["check_directions"]),
        (0, lambda V: np.array([V[0], V[0], V[2]]), ["check_orthonormal", "check_directions"]),
        (0, lambda V: V * np.nan, ["check_orthonormal", "check_directions"]),
        (0, lambda V: 0 * V, ["check_orthonormal", "check_directions"]),
        (1, lambda variance: variance * (1 + 1e-11), ["check_variances"]),
        (1, lambda variance: variance[:1], ["check_variances"]),
        (2, lambda ratio: ratio + 1e-11, ["check_ratios"]),
        (2, lambda ratio: ratio.astype(np.float32), ["check_ratios"]),
        (3, lambda mean: mean * (1 + 1e-12), ["check_mean"]),
        (3, lambda mean: float(mean[0]), ["check_mean"]),
        (3, lambda mean: None, ["check_mean"]),
    ],
)
def test_each_criterion_sees_what_it_is_for(
    reference: ModuleType, hidden: ModuleType, field: int, change: Any, failing: list[str]
) -> None:
    truth = hidden.known(hidden.samples(np.random.default_rng(8), 40, 6), 3)
    answer = list(reference.pca_fit(truth.X, 3))
    answer[field] = change(answer[field])
    for name in CHECKS:
        if name in failing:
            with pytest.raises(CheckFailure):
                getattr(hidden, name)(answer, truth, "pca_fit")
        else:
            getattr(hidden, name)(answer, truth, "pca_fit")


def test_equal_variances_may_be_turned_into_each_other(reference: ModuleType, hidden: ModuleType) -> None:
    X = hidden.with_singular_values(np.random.default_rng(9), 30, np.array([3, 2, 2, 2, 0.5]), 1.0)
    truth, result = hidden.known(X, 4), reference.pca_fit(X, 4)
    turn = np.linalg.qr(np.random.default_rng(10).normal(size=(3, 3)))[0]
    V = np.vstack([-result.components[:1], turn @ result.components[1:]])
    hidden.check_all((V, *result[1:]), truth, "pca_fit")
    hidden.check_reconstruction((V, *result[1:]), truth, "pca_fit")


def test_losing_more_than_must_be_lost_is_seen(reference: ModuleType, hidden: ModuleType) -> None:
    truth = hidden.known(hidden.samples(np.random.default_rng(11), 45, 8), 3)
    V = reference.pca_fit(truth.X, 8).components
    hidden.check_reconstruction((V[:3], None, None, None), truth, "pca_fit")
    with pytest.raises(CheckFailure, match="lost beyond"):
        hidden.check_reconstruction((V[[0, 1, 3]], None, None, None), truth, "pca_fit")


@pytest.mark.parametrize(
    ("answer", "came"),
    [(None, "None"), (3, "int"), (np.eye(3), "ndarray"), ({}, "dict"), ((1, 2, 3), "3 values")],
)
def test_what_is_no_result_is_said(hidden: ModuleType, answer: Any, came: str) -> None:
    truth = hidden.known(hidden.samples(np.random.default_rng(12), 10, 3), 2)
    with pytest.raises(CheckFailure, match=f"must return PCAResult.*, not {came}"):
        hidden.check_all(answer, truth, "pca_fit")


@pytest.mark.parametrize(
    ("check", "change", "symptom"),
    [
        ("check_variances", lambda r, t: r._replace(explained_variance=r.explained_variance * 39 / 40), "divided by n"),
        ("check_variances", lambda r, t: r._replace(explained_variance=r.explained_variance * 39), "not divided"),
        ("check_variances", lambda r, t: r._replace(explained_variance=r.explained_variance[::-1]), "ascending"),
        ("check_variances", lambda r, t: r._replace(explained_variance=t.values[[0, 2, 1]]), "unsorted"),
        ("check_variances", lambda r, t: r._replace(explained_variance=t.values), "every component"),
        ("check_variances", lambda r, t: r._replace(explained_variance=r.explained_variance * 1.01), None),
        ("check_ratios", lambda r, t: r._replace(ratio=r.ratio / r.ratio.sum()), "ratio of the kept"),
        ("check_ratios", lambda r, t: r._replace(ratio=r.ratio / 2), None),
        ("check_directions", lambda r, t: r._replace(components=r.components.T), "columns"),
        ("check_directions", lambda r, t: r._replace(components=np.linalg.svd(t.X)[2][:3]), "not centred"),
        (
            "check_directions",
            lambda r, t: r._replace(components=np.linalg.eigh(t.C.astype(float))[1].T[:3]),
            "smallest",
        ),
        ("check_directions", lambda r, t: r._replace(components=np.abs(r.components)), None),
        ("check_directions", lambda r, t: r._replace(components=np.eye(6)[:3]), None),
        ("check_orthonormal", lambda r, t: r._replace(components=r.components * 2), None),
        (
            "check_orthonormal",
            lambda r, t: r._replace(components=r.components * np.sqrt(r.explained_variance)[:, None]),
            "scaled",
        ),
    ],
)
def test_symptoms_are_named_where_they_are_decisive(
    reference: ModuleType, hidden: ModuleType, check: str, change: Any, symptom: str | None
) -> None:
    truth = hidden.known(hidden.samples(np.random.default_rng(13), 40, 6), 3)
    with pytest.raises(CheckFailure) as caught:
        getattr(hidden, check)(change(reference.pca_fit(truth.X, 3), truth), truth, "pca_fit")
    assert caught.value.symptom == symptom


def test_an_input_that_is_written_to_is_noticed(hidden: ModuleType) -> None:
    class Handle(SimpleNamespace):
        def fetch(self) -> np.ndarray:
            return self.value

    student = SimpleNamespace(stage=lambda value: Handle(value=value.copy()))
    hidden.assert_untouched(student, lambda X: X.value + 1, np.ones(3))
    with pytest.raises(CheckFailure, match="has been changed"):
        hidden.assert_untouched(student, lambda X: X.value.fill(0), np.ones(3))
