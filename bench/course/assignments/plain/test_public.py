"""Five checks on 200×5 data, as one would write them with any grader: what the engine costs shows, and nothing else."""

import numpy as np
import pytest

from autograder.judge import assert_close

pytestmark = [pytest.mark.part("all"), pytest.mark.points(20), pytest.mark.why(en="It is right.", zh="结果正确。")]


@pytest.fixture(scope="session")
def data():
    rng = np.random.default_rng(0)
    X, theta = rng.standard_normal((200, 5)), rng.standard_normal(5)
    return X, X @ theta + 0.1 * rng.standard_normal(200), theta


def test_loss_is_right(student, data):
    X, y, theta = data
    assert student.mse_loss(theta, X, y) == pytest.approx(np.mean((X @ theta - y) ** 2), rel=1e-12)


def test_grad_is_right(student, data):
    X, y, theta = data
    assert_close(
        student.mse_grad(theta, X, y), 2 / 200 * X.T @ (X @ theta - y), rtol=1e-10, atol=1e-14, name="mse_grad"
    )


def test_solution_is_right(student, data):
    X, y, _ = data
    assert_close(student.normal_equation(X, y), np.linalg.lstsq(X, y, rcond=None)[0], rtol=1e-9, name="normal_equation")


def test_solution_has_no_gradient(student, data):
    X, y, _ = data
    assert np.abs(student.mse_grad(student.normal_equation(X, y), X, y)).max() < 1e-12


def test_solution_is_linear_in_y(student, data):
    X, y, _ = data
    assert_close(
        student.normal_equation(X, 2 * y), 2 * student.normal_equation(X, y), rtol=1e-9, name="normal_equation"
    )
