"""The content of `kmeans`: its reference and the judge's oracles against scikit-learn, enumeration and exact means."""

from __future__ import annotations

import itertools
import math
import warnings
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.course import import_file
from autograder.judge import CheckFailure
from autograder.judge.variants import load_variants, variant_source

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = ROOT / "solutions/kmeans"


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return import_file(SOLUTION / "kmeans.py")


@pytest.fixture(scope="module")
def fast() -> ModuleType:
    return import_file(SOLUTION / "fast.py")


@pytest.fixture(scope="module")
def hidden() -> ModuleType:
    return import_file(SOLUTION / "test_hidden.py")


def sklearn_kmeans(X: Any, init: Any, max_iter: int = 300) -> Any:
    cluster = pytest.importorskip("sklearn.cluster")
    exceptions = pytest.importorskip("sklearn.exceptions")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", exceptions.ConvergenceWarning)
        return cluster.KMeans(len(init), init=init, n_init=1, algorithm="lloyd", tol=0, max_iter=max_iter).fit(X)


def variant(name: str, file: str = "misconceptions.py") -> dict[str, Any]:
    [found] = [one for one in load_variants(SOLUTION / file) if one.id == name]
    names: dict[str, Any] = {"__name__": "variant"}
    source = (SOLUTION / "kmeans.py").read_text(encoding="utf-8")
    exec(compile(variant_source(source, found), "kmeans.py", "exec"), names)
    return names


# External truth


@pytest.mark.parametrize("name", ["digits", "pixels"])
def test_kmeans_reaches_the_inertia_of_scikit_learn(
    reference: ModuleType, fast: ModuleType, hidden: ModuleType, name: str
) -> None:
    X, init = getattr(hidden, name)()
    theirs = sklearn_kmeans(X, init)
    written = {"digits": hidden.DIGITS_INERTIA, "pixels": hidden.PIXELS_INERTIA}[name]
    assert theirs.inertia_ == pytest.approx(written, rel=1e-12)
    for kmeans in (reference.kmeans, fast.kmeans):
        centers, labels, inertia, history = kmeans(X, init, 300)
        assert inertia == pytest.approx(written, rel=1e-11) and history[-1] == inertia
        assert np.allclose(centers, theirs.cluster_centers_, rtol=0, atol=1e-9)
        assert np.array_equal(labels, theirs.labels_)


@pytest.mark.parametrize("max_iter", [1, 2, 7])
def test_each_iteration_is_that_of_scikit_learn(reference: ModuleType, fast: ModuleType, max_iter: int) -> None:
    X = np.random.default_rng(1).normal(size=(900, 6))
    theirs = sklearn_kmeans(X, X[:9], max_iter)
    for kmeans in (reference.kmeans, fast.kmeans):
        centers, labels, inertia, history = kmeans(X, X[:9], max_iter)
        assert np.allclose(centers, theirs.cluster_centers_, rtol=0, atol=1e-12) and len(history) == max_iter + 1
        assert np.array_equal(labels, theirs.labels_)
        assert inertia == pytest.approx(theirs.inertia_, rel=1e-12)


def test_best_of_all_partitions_is_a_fixed_point_and_found_from_its_means(reference: ModuleType) -> None:
    X = np.random.default_rng(2).normal(size=(9, 2))
    costs = {}
    for labels in itertools.product(range(3), repeat=9):
        if len(set(labels)) == 3:
            groups = [X[np.array(labels) == k] for k in range(3)]
            costs[labels] = sum(float(np.sum((g - g.mean(axis=0)) ** 2)) for g in groups)
    best = min(costs, key=lambda labels: costs[labels])
    means = np.array([X[np.array(best) == k].mean(axis=0) for k in range(3)])
    result = reference.kmeans(X, means, 10)
    assert np.array_equal(result.labels, best) and result.inertia == pytest.approx(costs[best], rel=1e-13)
    ends = [reference.kmeans(X, X[list(rows)], 50).inertia for rows in itertools.combinations(range(9), 3)]
    assert min(ends) == pytest.approx(costs[best], rel=1e-13) and all(end >= costs[best] * (1 - 1e-13) for end in ends)


def test_fixed_point_of_the_text_is_no_local_minimum(reference: ModuleType) -> None:
    X = np.array([[0.0], [2.0], [3.0]])
    stuck = reference.kmeans(X, [[1.0], [3.0]], 10)
    assert stuck.centers.ravel().tolist() == [1.0, 3.0] and stuck.inertia == 2.0
    for step in (1e-1, 1e-4, 1e-9):
        nudged = np.array([[1.0], [3.0 - step]])
        assert float(np.sum(np.min((X - nudged.T) ** 2, axis=1))) < 2.0
        assert reference.kmeans(X, nudged, 10).inertia == 0.5


def test_kmeans_plus_plus_draws_as_scikit_learn_does_with_one_trial(reference: ModuleType, hidden: ModuleType) -> None:
    plus_plus = pytest.importorskip("sklearn.cluster").kmeans_plusplus
    right = hidden.laws()[0][1]
    for draw in (
        lambda seed: plus_plus(hidden.SIX, 3, random_state=seed, n_local_trials=1)[1],
        lambda seed: reference.kmeans_plus_plus(hidden.SIX, 3, np.random.default_rng(seed)),
    ):
        counts = np.zeros((6, 6, 6), dtype=int)
        for seed in range(1500):
            counts[tuple(draw(seed))] += 1
        assert hidden.misfit(counts, right) < hidden.FITS and hidden.recognised(counts) is None
    counts = np.zeros((6, 6, 6), dtype=int)
    for seed in range(600):
        counts[tuple(plus_plus(hidden.SIX, 3, random_state=seed)[1])] += 1  # its default
    assert hidden.misfit(counts, right) > 20 and hidden.recognised(counts) == "greedy"


def test_start_keeps_the_promise_of_its_theorem(reference: ModuleType) -> None:
    X = np.random.default_rng(3).normal(size=(40, 2)) + np.repeat(10 * np.eye(4, 2, k=-1), 10, axis=0)
    best = min(reference.kmeans(X, X[::10] + shift, 100).inertia for shift in (0.0, 0.1, -0.1))
    starts = [X[reference.kmeans_plus_plus(X, 4, np.random.default_rng(seed))] for seed in range(100)]
    mean = np.mean([reference.kmeans(X, start, 0).inertia for start in starts])
    assert mean <= 8 * (math.log(4) + 2) * best


# The reference


def test_update_is_the_exact_mean_and_refills_in_turn(reference: ModuleType) -> None:
    rng = np.random.default_rng(4)
    for dtype, u in ((np.float64, 2.0**-53), (np.float32, 2.0**-24)):
        X = rng.normal(size=(50, 3)).astype(dtype)
        X[[3, 9]] = [[40, 40, 0], [41, 40, 0]]
        labels = rng.choice([0, 3], size=50)
        mu = reference.update(X, labels, 5)
        assert mu.dtype == dtype
        for k in (0, 3):
            rows = X[labels == k]
            exact = [float(sum(map(Fraction, map(float, column))) / len(rows)) for column in rows.T]
            assert np.max(np.abs(mu[k] - exact)) <= 2 * u * np.max(np.abs(rows))
        refilled = [int(np.flatnonzero((mu[k] == X).all(axis=1))[0]) for k in (1, 2, 4)]
        assert len(set(refilled)) == 3 and len({3, 9} & set(refilled)) == 1


def test_reference_tells_groups_apart_far_from_the_origin(reference: ModuleType) -> None:
    rng = np.random.default_rng(5)
    near = rng.integers(-50, 50, size=(300, 3)) / 64  # exact also after the shift
    far = near + 2.0**27
    assert np.array_equal(reference.assign(far, far[:9]), reference.assign(near, near[:9]))


@pytest.mark.parametrize("seed", range(20))
def test_no_cluster_stays_empty_and_the_inertia_never_rises(reference: ModuleType, fast: ModuleType, seed: int) -> None:
    rng = np.random.default_rng(seed)
    X = rng.integers(0, 4, size=(25, 2)).astype(float)
    K = int(rng.integers(2, 12))
    init = rng.integers(-9, 9, size=(K, 2)).astype(float)
    for kmeans in (reference.kmeans, fast.kmeans):
        centers, labels, inertia, history = kmeans(X, init, 500)
        assert len(set(labels.tolist())) == min(K, len(np.unique(X, axis=0)))
        assert np.isfinite(centers).all() and all(a >= b - 1e-9 for a, b in itertools.pairwise(history))
        assert inertia == pytest.approx(float(np.sum((X - centers[labels]) ** 2)), abs=1e-9)


def test_fast_form_serves_float32_and_few_iterations(reference: ModuleType, fast: ModuleType) -> None:
    X = np.random.default_rng(6).normal(size=(3000, 7)).astype(np.float32)
    centers, labels, inertia, history = fast.kmeans(X, X[:40], 3)
    desired = reference.kmeans(X, X[:40], 3)
    assert centers.dtype == np.float32 and len(history) == 4
    assert np.mean(labels != desired.labels) < 0.01  # rounding of float32 may decide a few
    assert inertia == pytest.approx(desired.inertia, rel=1e-4)


def test_bad_input_is_refused(reference: ModuleType) -> None:
    X = np.ones((4, 2))
    for call in (
        lambda: reference.assign(X, np.ones((2, 3))),
        lambda: reference.assign(np.ones(4), X),
        lambda: reference.assign([[np.nan, 1.0]], X),
        lambda: reference.update(X, [0, 1, 2], 3),
        lambda: reference.update(X, [0, 1, 2, 3], 3),
        lambda: reference.update(X, [0.0, 1.0, 1.0, 1.0], 2),
        lambda: reference.kmeans(X, X, -1),
        lambda: reference.kmeans_plus_plus(X, 5, np.random.default_rng(0)),
    ):
        with pytest.raises(ValueError):
            call()


# The judge's oracles


def test_laws_are_distributions_and_the_right_one_is_that_of_the_definition(hidden: ModuleType) -> None:
    for symptom, law in hidden.laws():
        assert law.min() >= 0 and law.sum() == pytest.approx(1, abs=1e-12), symptom
    right = hidden.laws()[0][1]
    points = [tuple(map(Fraction, map(int, row))) for row in hidden.SIX]

    def square(i: int, j: int) -> Fraction:
        return sum(((a - b) ** 2 for a, b in zip(points[i], points[j], strict=True)), Fraction(0))

    for i, j, k in itertools.product(range(6), repeat=3):
        second = square(i, j) / sum(square(i, m) for m in range(6))
        left = [min(square(i, m), square(j, m)) for m in range(6)]
        assert right[i, j, k] == pytest.approx(float(Fraction(1, 6) * second * left[k] / sum(left)), abs=1e-15)


def test_greedy_law_is_that_of_enumeration(hidden: ModuleType) -> None:
    D = np.asarray(hidden.squared_distances(hidden.SIX, hidden.SIX), dtype=float)
    for chosen in ([0], [2, 4]):
        nearest = D[chosen].min(axis=0)
        q = nearest / nearest.sum()
        desired = np.zeros(6)
        for candidates in itertools.product(range(6), repeat=3):
            left = [np.minimum(nearest, D[i]).sum() for i in candidates]
            desired[candidates[int(np.argmin(left))]] += float(np.prod(q[list(candidates)]))
        assert np.allclose(hidden.greedy(D, chosen, 3), desired, rtol=0, atol=1e-14)


def test_misfit_is_calibrated(hidden: ModuleType) -> None:
    rng, law = np.random.default_rng(7), hidden.laws()[0][1]
    p = law.ravel() / law.sum()
    drawn = [hidden.misfit(rng.multinomial(hidden.DRAWS, p).reshape(6, 6, 6), law) for _ in range(4000)]
    assert np.mean(np.array(drawn) > 1) == pytest.approx(0.1, abs=0.03)
    assert np.mean(np.array(drawn) > 2) == pytest.approx(0.01, abs=0.01)
    assert max(drawn) < hidden.MAX_MISFIT


def test_every_wrong_law_is_refused_and_called_by_its_name(hidden: ModuleType) -> None:
    rng = np.random.default_rng(8)
    right = hidden.laws()[0][1]
    for symptom, law in hidden.laws()[1:]:
        names = []
        for _ in range(10):
            counts = rng.multinomial(hidden.DRAWS, law.ravel() / law.sum()).reshape(6, 6, 6)
            assert hidden.misfit(counts, right) > 2 * hidden.MAX_MISFIT, symptom
            names.append(hidden.recognised(counts))
        assert set(names) <= {symptom, None} and names.count(symptom) >= 8, symptom


def test_unknown_laws_are_refused_without_a_name(hidden: ModuleType) -> None:
    rng = np.random.default_rng(9)
    right, uniform = hidden.laws()[0][1], hidden.laws()[1][1]
    for law in ((right + uniform) / 2, right.transpose(0, 2, 1), right.transpose(2, 1, 0)):
        counts = rng.multinomial(hidden.DRAWS, law.ravel() / law.sum()).reshape(6, 6, 6)
        assert hidden.misfit(counts, right) > hidden.MAX_MISFIT and hidden.recognised(counts) is None


@pytest.mark.parametrize(
    ("symptom", "center"),
    [
        ("sums", lambda rows: rows.sum(axis=0)),
        ("over n", lambda rows: rows.sum(axis=0) / 60),
        ("medians", lambda rows: np.median(rows, axis=0)),
        (None, lambda rows: rows[1:].mean(axis=0)),
    ],
)
def test_wrong_means_are_called_by_their_name(hidden: ModuleType, symptom: str | None, center: Any) -> None:
    X = np.random.default_rng(13).normal(size=(60, 3))
    labels = np.arange(60) % 4
    mu = np.stack([center(X[labels == k]) if k < 4 else X[0] for k in range(5)])
    with pytest.raises(CheckFailure) as raised:
        hidden.assert_means(mu, X, labels)
    assert raised.value.symptom == symptom


def test_oracles_accept_right_answers_and_refuse_near_ones(hidden: ModuleType) -> None:
    X = np.random.default_rng(10).normal(size=(60, 3))
    mu = X[:4]
    labels = hidden.squared_distances(X, mu).argmin(axis=1)
    hidden.assert_assigned(labels.astype(np.uint8), X, mu)
    wrong = labels.copy()
    wrong[17] = (wrong[17] + 1) % 4
    means = np.stack([X[labels == k].mean(axis=0) for k in range(4)])
    hidden.assert_means(means, X, labels)
    cost = hidden.cost(X, mu)
    hidden.assert_inertia(cost * (1 + 1e-15), X, mu)
    for refuse in (
        lambda: hidden.assert_assigned(wrong, X, mu),
        lambda: hidden.assert_assigned(labels + 1, X, mu),
        lambda: hidden.assert_assigned(labels.tolist(), X, mu),
        lambda: hidden.assert_means(means * (1 + 1e-12), X, labels),
        lambda: hidden.assert_inertia(cost * (1 + 1e-11), X, mu),
        lambda: hidden.assert_inertia(math.nan, X, mu),
        lambda: hidden.result_of((mu, labels, cost, [cost]), X, 4),
        lambda: hidden.assert_no_empty(np.minimum(labels, 2), 4),
    ):
        with pytest.raises(CheckFailure):
            refuse()


def test_oracle_of_refilled_centres_wants_the_farthest_in_turn(reference: ModuleType, hidden: ModuleType) -> None:
    X = np.random.default_rng(11).normal(size=(40, 2))
    X[[7, 30]] = [[30.0, 28.0], [30.5, 27.0]]
    labels = np.zeros(40, dtype=int)
    hidden.assert_refilled(reference.update(X, labels, 3), X, labels)
    for name in ("update_refills_all_with_one_row", "update_refills_with_the_farthest_rows", "update_zeros_for_empty"):
        with pytest.raises(CheckFailure):
            hidden.assert_refilled(variant(name)["update"](X, labels, 3), X, labels)


def test_paths_of_the_checks_are_clear_of_ties(hidden: ModuleType) -> None:
    problems = [hidden.digits(), hidden.pixels()]
    for n, d, K, scale in ((400, 2, 6, 1.0), (300, 5, 4, 1e-4), (150, 1, 5, 1.0)):
        X = scale * (np.random.default_rng(30 + d).uniform(-1, 1, size=(n, d)) + 3.0)
        problems.append((X, X[:K]))
    rng = np.random.default_rng(34)
    X = rng.normal(size=(250, 3))
    problems += [(X, X[:5]), (X, 0.5 * rng.normal(size=(7, 3)))]
    X = hidden.groups(np.random.default_rng(36), 240, 3, 5)
    problems.append((X, X[:5]))
    for X, init in problems:
        way, gap = hidden.lloyd(X, init, 300)
        assert gap > 1e-7 and len(way) > 6
        assert all(hidden.same_place(way[: t + 1], way[t]) == t for t in range(len(way) - 1))
