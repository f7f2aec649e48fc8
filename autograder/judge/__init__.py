"""What the author of checks imports. Everything else of this room is the machinery that runs them."""

from autograder.judge.arrays import assert_array, assert_close, assert_scalar
from autograder.judge.failure import CheckFailure, PartialCredit
from autograder.judge.gradient import assert_gradient
from autograder.judge.least_squares import (
    assert_backward_error,
    assert_digits,
    assert_forward_error,
    assert_min_norm,
)
from autograder.judge.speed import assert_speed
from autograder.judge.within import assert_within

__all__ = [
    "CheckFailure",
    "PartialCredit",
    "assert_array",
    "assert_backward_error",
    "assert_close",
    "assert_digits",
    "assert_forward_error",
    "assert_gradient",
    "assert_min_norm",
    "assert_scalar",
    "assert_speed",
    "assert_within",
]
