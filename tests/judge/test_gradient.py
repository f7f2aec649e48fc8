"""The gradient check is itself checked against wrong gradients, and against kinks."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.judge import CheckFailure, assert_gradient
from autograder.text import render

Array = np.ndarray[Any, Any]
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(50, 6)), RNG.normal(size=50)
THETA = RNG.normal(size=6)
A = RNG.normal(size=(4, 4))


def mse(theta: Array) -> float:
    return float(np.mean((Y - X @ theta) ** 2))


def mse_grad(theta: Array) -> Array:
    return 2 / len(Y) * X.T @ (X @ theta - Y)


def check(f: Callable[[Array], Any], grad: Any, x: Array, seed: int = 1) -> float:
    return assert_gradient(f, grad, x, name="grad", rng=np.random.default_rng(seed))


def refusal(f: Callable[[Array], Any], grad: Any, x: Array) -> str:
    with pytest.raises(CheckFailure) as info:
        check(f, grad, x)
    assert render(info.value.message, "zh") != str(info.value)
    return str(info.value)


def logistic(z: Array) -> float:
    return float(np.sum(np.logaddexp(0, z)))


SMOOTH: dict[str, tuple[Callable[[Array], Any], Callable[[Array], Array], Array]] = {
    "mse": (mse, mse_grad, THETA),
    "mse at its minimum": (mse, mse_grad, np.linalg.lstsq(X, Y, rcond=None)[0]),
    "quadratic": (lambda x: x @ x, lambda x: 2 * x, np.array([1e-3, 1.0, 1e3, 1e6])),
    "exponential": (lambda x: np.exp(x).sum(), np.exp, np.array([-3.0, 0, 1, 4])),
    "large values": (lambda x: np.exp(x).sum(), np.exp, np.array([-30.0, 0, 1, 20])),
    "sine": (lambda x: np.sin(x).sum(), np.cos, np.linspace(-9, 9, 12).reshape(3, 4)),
    "logistic": (logistic, lambda z: 1 / (1 + np.exp(-z)), np.linspace(-5, 5, 7)),
    "bilinear": (lambda W: float(np.sum(np.sin(W @ A))), lambda W: np.cos(W @ A) @ A.T, A.T @ A / 3),
    "constant": (lambda x: 3.0, np.zeros_like, np.ones(3)),
    "small": (lambda x: 1e-12 * x @ x, lambda x: 2e-12 * x, np.array([1.0, 2])),
    "one number": (lambda x: float(x) ** 3, lambda x: 3 * x**2, np.array(2.0)),
    "nothing": (lambda x: 1.0, np.zeros_like, np.ones(0)),
}


@pytest.mark.parametrize("name", SMOOTH)
def test_gradient_passes_when_it_is_right(name: str) -> None:
    f, grad, x = SMOOTH[name]
    for seed in range(5):
        assert check(f, np.asarray(grad(x)), x, seed) < 0.5


@pytest.mark.parametrize("name", ["mse", "exponential", "sine", "logistic", "bilinear"])
def test_gradient_fails_when_it_is_wrong(name: str) -> None:
    f, grad, x = SMOOTH[name]
    right = np.asarray(grad(x))
    one_wrong = right.copy()
    one_wrong.flat[-1] *= 1.001
    for wrong in (right * 1.001, right * 0.999, -right, 2 * right, right / 50, one_wrong, right + 0.01, 0 * right):
        refusal(f, wrong, x)


def test_gradient_finds_one_wrong_entry_of_many() -> None:
    x = np.random.default_rng(2).normal(size=500)
    wrong = 2 * x
    wrong[137] *= 1 + 1e-4
    message = refusal(lambda t: float(t @ t), wrong, x)
    assert message.startswith("grad: 1 of 500 entries differ from the difference quotient (0.2%)")
    assert "\n  137 " in message


def test_gradient_fails_when_a_square_matrix_is_transposed() -> None:
    f, grad, x = SMOOTH["bilinear"]
    refusal(f, np.ascontiguousarray(grad(x).T), x)


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (mse_grad(THETA) * np.nan, "6 of 6 entries are not finite"),
        (np.float64(1.0), "numpy.float64, wanted ndarray of shape (6,), float64"),
        (1.0, "float, wanted ndarray"),
        (np.ones(1), "shape (1,), wanted (6,)"),
        (mse_grad(THETA)[:, None], "shape (6, 1), wanted (6,)"),
        (mse_grad(THETA).astype(np.float32), "dtype float32, wanted float64"),
        (list(mse_grad(THETA)), "list, wanted ndarray"),
    ],
)
def test_gradient_is_strict_about_its_form(wrong: object, text: str) -> None:
    assert text in refusal(mse, wrong, THETA)


def test_gradient_may_be_a_function_that_leaves_its_argument_alone() -> None:
    def mutating(theta: Array) -> Array:
        result = mse_grad(theta)
        theta -= 1
        return result

    assert check(mse, mse_grad, THETA) < 0.5
    assert refusal(mse, mutating, THETA) == "grad: the array that was passed in has been changed"


def test_gradient_is_not_fooled_by_a_function_that_mutates() -> None:
    def f(x: Array) -> float:
        value = float(x @ x)
        x[:] = 0
        return value

    x = np.array([1.0, 2.0])
    assert check(f, 2 * x, x) < 0.5
    assert x.tolist() == [1.0, 2.0]


def test_gradient_names_a_common_factor() -> None:
    assert "the entries are -1 times the difference quotients" in refusal(mse, -mse_grad(THETA), THETA)
    assert "the entries are 50 times the difference quotients" in refusal(mse, 50 * mse_grad(THETA), THETA)
    assert "the entries are 1.001 times" in refusal(mse, 1.001 * mse_grad(THETA), THETA)
    assert " times the difference quotients" not in refusal(mse, mse_grad(THETA) + 1, THETA)


def test_gradient_in_float32_is_judged_by_its_own_rounding() -> None:
    x = THETA.astype(np.float32)
    grad = (2 / len(Y) * X.astype(np.float32).T @ (X.astype(np.float32) @ x - Y.astype(np.float32))).astype(np.float32)
    assert check(mse, grad, x) < 1
    for wrong in (grad * np.float32(1.001), -grad, grad.astype(np.float64)):
        refusal(mse, wrong, x)


def test_gradient_of_a_float32_function_takes_a_longer_step() -> None:
    x = np.array([0.5, -1.0, 2.0])
    assert check(lambda t: np.float32(np.sum(np.sin(t))), np.cos(x), x) < 1
    refusal(lambda t: np.float32(np.sum(np.sin(t))), np.cos(x) * 1.01, x)


def relu_sum(x: Array) -> float:
    return float(np.maximum(x, 0).sum())


@pytest.mark.parametrize("at", [0.0, 0.3, 1.0])
def test_gradient_passes_at_kinks_with_any_subgradient(at: float) -> None:
    x = np.array([1.5, 0.0, -2.0, 0.0])
    slopes = np.array([1.0, at, 0.0, 1 - at])
    assert check(relu_sum, slopes, x) <= 1
    assert check(lambda t: float(np.abs(t).sum()), 2 * slopes - 1, x) <= 1
    # A difference of kinks is not convex: along a direction, the one-sided derivatives bound nothing.
    signs = np.array([1.0, 1, 1, -1])
    assert check(lambda t: float(signs @ np.abs(t)), signs * (2 * slopes - 1), x) <= 1


@pytest.mark.parametrize("wrong", [-0.01, 1.01, -1.0, 2.0])
def test_gradient_fails_at_kinks_outside_of_the_subgradients(wrong: float) -> None:
    refusal(relu_sum, np.array([1.0, wrong, 0.0]), np.array([1.5, 0.0, -2.0]))
    refusal(relu_sum, np.array([0.999, 0.5, 0.0]), np.array([1.5, 0.0, -2.0]))


@pytest.mark.parametrize("near", [1e-6, -1e-6, 2e-6, 3e-6, -4e-6, 1e-9, -5e-12, 4.8e-6, 1.6e-6])
def test_gradient_passes_where_a_step_straddles_a_kink(near: float) -> None:
    x = np.array([1.5, near, -2.0])
    assert check(relu_sum, np.where(x > 0, 1.0, 0.0), x) <= 1
    assert check(lambda t: float(np.abs(t).sum()), np.sign(x), x) <= 1


def test_gradient_of_a_hidden_layer_with_dead_and_kinked_units() -> None:
    rng = np.random.default_rng(3)
    inputs, W = rng.normal(size=(20, 3)), rng.normal(size=(3, 5))
    W[:, 0] = 0.0  # every sample sits on the kink of this unit

    def f(weights: Array) -> float:
        return float(np.mean(np.maximum(inputs @ weights, 0) ** 2 + np.maximum(inputs @ weights, 0)))

    def grad(weights: Array, at_zero: float) -> Array:
        z = inputs @ weights
        slope = np.where(z > 0, 1.0, np.where(z < 0, 0.0, at_zero))
        return inputs.T @ ((2 * np.maximum(z, 0) + 1) * slope) / (20 * 5)

    for at_zero, seed in itertools.product((0.0, 0.5, 1.0), range(3)):
        assert check(f, grad(W, at_zero), W, seed) <= 1
    refusal(f, grad(W, 0.5) * 1.001, W)


@pytest.mark.parametrize(
    ("f", "x", "text"),
    [
        (mse, [1.0], "x must be a float32 or float64 ndarray"),
        (mse, np.ones(6, dtype=int), "x must be a float32 or float64 ndarray"),
        (lambda t: np.nan, np.ones(2), "f is nan near x"),
        (lambda t: np.inf if t[0] > 1 else 1.0, np.ones(2), "f is inf near x"),
        (lambda t, values=[1.0, 2.0]: values.pop(), np.ones(2), "different values at the same point"),
    ],
)
def test_gradient_refuses_an_authors_mistake(f: Any, x: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        check(f, np.ones(2), x)


def test_gradient_checks_directions_beside_entries() -> None:
    """A function whose entries' quotients are right at the axes, and wrong between them: x * y at the origin's kink."""

    def f(t: Array) -> float:
        return float(t[0] ** 2 * t[1] / (t @ t)) if t.any() else 0.0

    message = refusal(f, np.zeros(2), np.zeros(2))
    assert message.startswith("grad: along a random direction the derivative is 0.00000, wanted ")
