"""Criteria for least squares: every sound method passes with room to spare, every wrong answer fails."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.linalg

from autograder.judge import (
    CheckFailure,
    assert_backward_error,
    assert_digits,
    assert_forward_error,
    assert_min_norm,
)
from autograder.text import render

Array = np.ndarray[Any, Any]
Method = Callable[[Array, Array], Array]


def with_condition(rng: np.random.Generator, n: int, d: int, kappa: float) -> Array:
    U, V = np.linalg.qr(rng.normal(size=(n, d)))[0], np.linalg.qr(rng.normal(size=(d, d)))[0]
    return U * np.geomspace(1, 1 / kappa, d) @ V.T


def by_qr(X: Array, y: Array) -> Array:
    Q, R = np.linalg.qr(X)
    return scipy.linalg.solve_triangular(R, Q.T @ y)


def by_cholesky(X: Array, y: Array) -> Array:
    return scipy.linalg.cho_solve(scipy.linalg.cho_factor(X.T @ X), X.T @ y)


def by_loop(X: Array, y: Array) -> Array:
    gram, right = np.zeros((X.shape[1],) * 2, X.dtype), np.zeros((X.shape[1], *y.shape[1:]), X.dtype)
    for row, target in zip(X, y, strict=True):
        gram += np.outer(row, row)
        right += np.multiply.outer(row, target)
    return np.linalg.solve(gram, right)


SOUND: dict[str, Method] = {
    "qr": by_qr,
    "cholesky": by_cholesky,
    "solve": lambda X, y: np.linalg.solve(X.T @ X, X.T @ y),
    "lstsq": lambda X, y: np.linalg.lstsq(X, y, rcond=None)[0],
    "pinv": lambda X, y: np.linalg.pinv(X) @ y,
    "loop": by_loop,
}


def refusal(function: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(CheckFailure) as info:
        function(*args, **kwargs)
    assert render(info.value.message, "zh") != str(info.value)
    return str(info.value)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("method", SOUND)
def test_backward_error_passes_every_sound_method(method: str, dtype: Any) -> None:
    rng = np.random.default_rng(1)
    for n, d, kappa in ((30, 3, 10), (200, 12, 1e2 if dtype is np.float32 else 1e6), (3000, 5, 100)):
        X = with_condition(rng, n, d, kappa).astype(dtype)
        for y in (rng.normal(size=n).astype(dtype), rng.normal(size=(n, 2)).astype(dtype)):
            assert assert_backward_error(SOUND[method](X, y).astype(dtype), X, y, name="theta") < 0.5


def test_backward_error_refuses_wrong_answers() -> None:
    rng = np.random.default_rng(2)
    X = np.column_stack([np.ones(50), rng.normal(size=(50, 3))])
    y = 5 + X @ rng.normal(size=4) + rng.normal(size=50)
    good = by_qr(X, y)
    zero_intercept = np.concatenate([[0.0], by_qr(X[:, 1:], y)])
    shrunk = np.linalg.solve(X.T @ X + 1e-6 * np.eye(4), X.T @ y)
    near = [good * (1 + 1e-9), good + 1e-10, shrunk]
    for wrong in (*near, -good, zero_intercept, np.zeros(4), X.T @ y, good[::-1].copy()):
        message = refusal(assert_backward_error, wrong, X, y, name="theta")
        assert message.startswith("theta: not a least-squares solution: backward error ")
        assert "X of shape (50, 4), float64" in message


def test_backward_error_refuses_an_explicit_inverse_of_ill_conditioned_data() -> None:
    rng = np.random.default_rng(3)
    X = with_condition(rng, 60, 6, 1e6)
    y = X @ rng.normal(size=6) + rng.normal(size=60)
    refusal(assert_backward_error, np.linalg.inv(X.T @ X) @ X.T @ y, X, y, name="theta")


def test_backward_error_names_the_worst_column() -> None:
    rng = np.random.default_rng(4)
    X, Y = rng.normal(size=(20, 3)), rng.normal(size=(20, 4))
    theta = by_qr(X, Y)
    theta[:, 2] *= 1.001
    assert "column    2 (the worst of 4)" in refusal(assert_backward_error, theta, X, Y, name="theta")


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (lambda t: t.astype(np.float32), "dtype float32, wanted float64"),
        (lambda t: t[:, None], "shape (3, 1), wanted (3,)"),
        (lambda t: list(t), "list, wanted ndarray of shape (3,), float64"),
        (lambda t: t * np.nan, "3 of 3 entries are not finite"),
        (lambda t: t[:1], "shape (1,), wanted (3,)"),
        (lambda t: float(t[0]), "float, wanted ndarray"),
    ],
)
def test_least_squares_helpers_are_strict(wrong: Callable[[Array], Any], text: str) -> None:
    rng = np.random.default_rng(5)
    X, y = rng.normal(size=(20, 3)), rng.normal(size=20)
    theta = by_qr(X, y)
    for helper in (assert_backward_error, assert_min_norm):
        assert text in refusal(helper, wrong(theta), X, y, name="theta")
    assert text in refusal(assert_forward_error, wrong(theta), theta, X, y, name="theta")
    assert text in refusal(assert_digits, wrong(theta), theta, 5, name="theta")


def test_backward_error_of_zeros() -> None:
    X = np.zeros((4, 2))
    assert assert_backward_error(np.zeros(2), X, np.zeros(4), name="theta") == 0
    assert assert_backward_error(np.zeros(2), np.eye(4, 2), np.zeros(4), name="theta") == 0
    assert assert_backward_error(np.zeros((2, 0)), np.eye(4, 2), np.zeros((4, 0)), name="theta") == 0
    refusal(assert_backward_error, np.ones(2), np.eye(4, 2), np.zeros(4), name="theta")


def test_backward_error_takes_a_limit_and_works_at_any_scale() -> None:
    rng = np.random.default_rng(6)
    X, y = rng.normal(size=(20, 3)), rng.normal(size=20)
    theta = by_qr(X, y) * (1 + 1e-6)
    assert 0.001 < assert_backward_error(theta, X, y, name="theta", limit=1e-5) < 1
    for scale in (1e-120, 1e120):
        assert assert_backward_error(by_qr(X * scale, y), X * scale, y, name="theta") < 0.5
        refusal(assert_backward_error, by_qr(X * scale, y) * 1.001, X * scale, y, name="theta")


def ridge(X: Array, y: Array, penalty: Array) -> Array:
    return np.linalg.solve(X.T @ X + np.diag(penalty), X.T @ y)


def ridge_augmented(X: Array, y: Array, penalty: Array) -> Array:
    A = np.vstack([X, np.diag(np.sqrt(penalty))])
    return by_qr(A, np.concatenate([y, np.zeros(len(penalty))]))


@pytest.mark.parametrize("lam", [1e-6, 0.1, 10.0, 1e4])
def test_backward_error_judges_ridge(lam: float) -> None:
    rng = np.random.default_rng(7)
    X = np.column_stack([np.ones(40), rng.normal(size=(40, 3))])
    y = 3 + X @ np.array([1.0, -2, 0.5, 4]) + rng.normal(size=40)
    penalty = np.array([0, 1.0, 1, 1]) * 40 * lam
    for method in (ridge, ridge_augmented):
        assert assert_backward_error(method(X, y, penalty), X, y, penalty=penalty, name="theta") < 0.5
    every, no_n = np.full(4, 40 * lam), penalty / 40
    for wrong in (every, no_n, 2 * penalty, penalty * (1 + 1e-6)):
        message = refusal(assert_backward_error, ridge(X, y, wrong), X, y, penalty=penalty, name="theta")
        assert message.startswith("theta: not a ridge solution: backward error ")


def test_backward_error_with_penalty_takes_columns() -> None:
    rng = np.random.default_rng(8)
    X, Y, penalty = rng.normal(size=(30, 3)), rng.normal(size=(30, 2)), np.array([0.0, 1, 2])
    theta = ridge(X, Y, penalty)
    assert assert_backward_error(theta, X, Y, penalty=penalty, name="theta") < 0.5
    refusal(assert_backward_error, theta[:, ::-1].copy(), X, Y, penalty=penalty, name="theta")


@pytest.mark.parametrize(
    ("X", "y", "penalty", "text"),
    [
        (np.ones(3), np.ones(3), None, r"X must be \(n, d\) and y \(n,\) or \(n, m\)"),
        (np.ones((3, 2)), np.ones(4), None, r"not \(3, 2\) and \(4,\)"),
        (np.ones((3, 2), dtype=int), np.ones(3, dtype=int), None, "must be float32 or float64"),
        (np.ones((3, 2)), np.ones(3), [1.0], "penalty must be 2 finite numbers >= 0"),
        (np.ones((3, 2)), np.ones(3), [-1.0, 0], "penalty must be 2 finite numbers >= 0"),
    ],
)
def test_backward_error_refuses_an_authors_mistake(X: Array, y: Array, penalty: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        assert_backward_error(np.zeros(2), X, y, penalty=penalty, name="theta")


@pytest.mark.parametrize(("n", "d", "r"), [(20, 6, 3), (5, 9, 5), (5, 9, 2), (20, 4, 4)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_min_norm_passes_the_shortest_solution_alone(n: int, d: int, r: int, dtype: Any) -> None:
    rng = np.random.default_rng(9)
    X = (rng.normal(size=(n, r)) @ rng.normal(size=(r, d))).astype(dtype)
    y = rng.normal(size=n).astype(dtype)
    theta = np.linalg.lstsq(X, y, rcond=max(n, d) * np.finfo(dtype).eps)[0]
    assert assert_min_norm(theta, X, y, name="theta") < 0.5
    assert assert_backward_error(theta, X, y, name="theta") < 0.5
    if r < d:
        null = scipy.linalg.null_space(X.astype(float), rcond=1e-5)[:, 0]
        other = (theta + 1e-3 * null).astype(dtype)
        assert assert_backward_error(other, X, y, name="theta") <= 1
        message = refusal(assert_min_norm, other, X, y, name="theta")
        assert message.startswith("theta: not the shortest solution: ") and f"{r} of {d}" in message


def test_min_norm_refuses_a_basic_solution() -> None:
    X = np.array([[1.0, 1.0], [2.0, 2.0]])
    message = refusal(assert_min_norm, np.array([2.0, 0.0]), X, np.array([2.0, 4.0]), name="theta")
    assert message.startswith("theta: not the shortest solution: 0.707 of its length lies in the null space of X")
    refusal(assert_min_norm, np.array([[1, 2.0], [1, 0]]), X, np.array([[2.0, 2], [4, 4]]), name="theta")


def test_min_norm_of_zeros() -> None:
    assert assert_min_norm(np.zeros(2), np.zeros((3, 2)), np.ones(3), name="theta") == 0
    refusal(assert_min_norm, np.ones(2), np.zeros((3, 2)), np.ones(3), name="theta")
    with pytest.raises(ValueError, match="at which nothing can be told"):
        assert_min_norm(np.ones(2), np.eye(2), np.ones(2), name="theta", limit=2.0)


def exact_problem(rng: np.random.Generator, kappa: float) -> tuple[Array, Array, Array]:
    """Integer entries, so that y = X theta + r with X.T r = 0 has no rounding: theta is exact."""
    d = 3
    X = np.vstack([np.eye(d), np.eye(d)]) @ np.array([[kappa, 0, 0], [1, 1, 0], [0, 1, 1.0]])
    theta = np.array([1.0, -2, 3])
    r = np.concatenate([np.ones(d), -np.ones(d)]) * rng.integers(1, 4)
    return X, X @ theta + r, theta


def test_forward_error_passes_orthogonal_methods_and_refuses_the_gram_matrix() -> None:
    rng = np.random.default_rng(10)
    U, V = np.linalg.qr(rng.normal(size=(40, 4)))[0], np.linalg.qr(rng.normal(size=(4, 4)))[0]
    X = np.round(U * np.geomspace(1, 1e-5, 4) @ V.T * 2**26) / 2**26
    theta = np.array([1.0, -2, 3, 4])
    y = X @ theta  # exact: 26 bits times 3 bits
    assert assert_forward_error(by_qr(X, y), theta, X, y, name="theta") < 0.5
    assert assert_forward_error(np.linalg.lstsq(X, y, rcond=None)[0], theta, X, y, name="theta") < 0.5
    message = refusal(assert_forward_error, np.linalg.solve(X.T @ X, X.T @ y), theta, X, y, name="theta")
    assert message.startswith("theta: relative error ") and "condition  " in message


def test_forward_error_takes_columns_and_residuals() -> None:
    X, y, theta = exact_problem(np.random.default_rng(11), 100.0)
    Y, both = np.column_stack([y, -2 * y]), np.column_stack([theta, -2 * theta])
    assert assert_forward_error(by_qr(X, Y), both, X, Y, name="theta") < 0.5
    assert "column     1 (the worst of 2)" in refusal(
        assert_forward_error, both * [1, 1.0001], both, X, Y, name="theta"
    )
    single = X.astype(np.float32), y.astype(np.float32)
    assert assert_forward_error(by_qr(*single), theta, *single, name="theta") < 1
    refusal(assert_forward_error, (theta * 1.1).astype(np.float32), theta, *single, name="theta")


@pytest.mark.parametrize(
    ("X", "star", "text"),
    [
        (np.ones((3, 2)), np.ones(3), r"theta_star has shape \(3,\), but the answer has \(2,\)"),
        (np.zeros((3, 2)), np.ones(2), "X must have full column rank"),
        (np.eye(3, 2), np.zeros(2), "theta_star no column of zeros"),
        (np.diag([1, 1e-15, 1])[:, :2], np.ones(2), "at which zeros pass"),
    ],
)
def test_forward_error_refuses_an_authors_mistake(X: Array, star: Array, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        assert_forward_error(np.ones(2), star, X, np.ones(3), name="theta")


def test_digits_counts_correct_digits() -> None:
    certified = np.array([1.0, -200.0, 0.0])
    assert assert_digits(certified.copy(), certified, 15, name="theta") == 0
    almost = certified * (1 + 1e-9) + [0, 0, 1e-9]
    assert assert_digits(almost, certified, 8, name="theta") == pytest.approx(0.1, rel=1e-6)
    message = refusal(assert_digits, almost, certified, 9.5, name="theta")
    assert message.startswith("theta: 3 of 3 entries have too few correct digits (100.0%)")
    assert "10^-9.5, that is 9.5 correct digits" in message
    for wrong in (-certified, certified * 1.1, certified[::-1].copy()):
        refusal(assert_digits, wrong, certified, 3, name="theta")


def test_limits_and_measures_never_print_alike() -> None:
    X, y = np.eye(3, 2), np.ones(3)
    theta = np.ones(2) * (1 + 1e-4)
    measured = assert_backward_error(theta, X, y, name="theta", limit=1.0)
    message = refusal(assert_backward_error, theta, X, y, name="theta", limit=measured * (1 - 1e-9))
    first = message.splitlines()[0].replace(",", "").split()
    assert first[-1] != first[-3] and math.isclose(float(first[-1]), float(first[-3]), rel_tol=1e-6)
