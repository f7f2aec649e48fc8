"""Is it the gradient? Differences of the judge's own function decide, in every entry and along random directions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.judge.arrays import assert_array
from autograder.judge.failure import CheckFailure
from autograder.judge.margin import record_margin
from autograder.judge.wording import counts, entry_rows, pair_texts
from autograder.text import Message

__all__ = ["assert_gradient"]

Array = npt.NDArray[Any]
# Far below an error of 0.1 % and far above what rounding and truncation leave in a quotient of float64 values.
RTOL = 1e-6
# Rounding errors of f in units of u |f|, and of the gradient in units of u |gradient|: sums of many terms are worse
# than one operation, but not by much, because NumPy adds pairwise.
ULPS_OF_F, ULPS_OF_GRADIENT = 16, 64
MAX_REDRAWS = 10


@dataclass(frozen=True, slots=True)
class _Function:
    """The judge's f, its value at x, and what follows from the precision of its values."""

    call: Callable[[Array], Any]
    x: Array  # float64
    value: float
    step: float
    rtol: float
    roundoff: float
    name: str


@dataclass(frozen=True, slots=True)
class _Probe:
    """What differences say of the derivative along a direction: one number, or at a kink an interval."""

    low: float
    high: float
    noise: float
    smooth: bool

    def nearest(self, derivative: float) -> float:
        return min(max(derivative, self.low), self.high)


def assert_gradient(
    f: Callable[[Array], Any], grad: object, x: Array, *, name: str, rng: np.random.Generator, directions: int = 5
) -> float:
    """Check `grad` against central differences of `f` at `x`, in every entry and along random directions.

    Parameters
    ----------
    f : callable
        The judge's own function: a float64 array of x's shape -> a finite number. It is never called with x itself.
    grad : ndarray or callable
        The student's gradient at x, of x's shape and dtype; or a function that returns it for an array like x, and
        must leave that array as it is.
    x : ndarray, float32 or float64
    name : str
    rng : numpy.random.Generator
        Draws the directions.
    directions : int
        How many, besides the entries one by one.

    Returns
    -------
    float
        The greatest |difference| / allowed, <= 1.

    Raises
    ------
    CheckFailure
    ValueError
        If x is not a float array, or f is not finite near x, or gives two values at one point.

    Notes
    -----
    Step t = u^(1/3) max(1, |x_i|) balances truncation t^2 f'''/6 against rounding u |f| / t; one step of Richardson's
    extrapolation with t/2 removes the former. Allowed are 1e-6 of the quotient, 16 roundings of f over t, and 64
    roundings of the gradient in x's dtype. u is that of f's values: 2^-24 where f returns numpy.float32.

    A kink inside the step makes the quotients at t and t/2 disagree, or the one-sided ones: on a smooth function the
    gap between those halves with t, at a kink it stays. An entry with a kink passes with any value between its
    one-sided quotients (any subgradient). Directions leave such entries out, and one that straddles a kink all the
    same is drawn again, up to ten times, and then judged as an entry would be.
    """
    function = _prepare(f, x, name)
    actual = _evaluate(grad, x, name).astype(np.float64)
    scale = np.maximum(1.0, np.abs(function.x))
    own_noise = ULPS_OF_GRADIENT * float(np.finfo(x.dtype).eps) / 2 * float(np.linalg.norm(actual * scale))

    quotients, excess, smooth = np.zeros(x.shape), np.zeros(x.shape), np.zeros(x.shape, dtype=bool)
    for key in np.ndindex(x.shape):
        along = np.zeros(x.shape)
        along[key] = scale[key]
        probe = _probe(function, along)
        derivative = float(actual[key] * scale[key])
        quotients[key] = probe.nearest(derivative) / scale[key]
        excess[key] = _excess(derivative, probe, own_noise, function.rtol)
        smooth[key] = probe.smooth
    worst = record_margin(float(np.max(excess, initial=0.0)))
    if (wrong := ~(excess <= 1)).any():
        _refuse(actual, quotients, wrong, function)
    for _ in range(directions if smooth.any() else 0):
        worst = max(worst, _check_direction(function, actual, smooth * scale, rng, own_noise))
    return worst


def _prepare(f: Callable[[Array], Any], x: Array, name: str) -> _Function:
    if type(x) is not np.ndarray or x.dtype not in (np.float32, np.float64):
        raise ValueError(f"{name}: x must be a float32 or float64 ndarray")
    point = x.astype(np.float64)
    value = f(point.copy())
    roundoff = float(np.finfo(value.dtype).eps) / 2 if isinstance(value, np.floating) else 2.0**-53
    roundoff = max(roundoff, 2.0**-53)
    rtol = max(RTOL, 4 * roundoff ** (2 / 3))
    function = _Function(f, point, float(value), roundoff ** (1 / 3), rtol, roundoff, name)
    if _value(function, point) != function.value:
        raise ValueError(f"{name}: f gives different values at the same point, so its differences mean nothing")
    return function


def _value(function: _Function, point: Array) -> float:
    value = float(function.call(point.copy()))
    if not math.isfinite(value):
        raise ValueError(f"{function.name}: f is {value} near x, so its differences mean nothing")
    return value


def _evaluate(grad: object, x: Array, name: str) -> Array:
    if callable(grad):
        handed = x.copy()
        grad = grad(handed)
        if not np.array_equal(handed, x):
            raise CheckFailure(Message("gradient.mutates", {"name": name}))
    return assert_array(grad, shape=x.shape, dtype=x.dtype, name=name)


def _probe(function: _Function, along: Array) -> _Probe:
    """Return what differences say of the derivative of f along the vector `along`."""
    t, here = function.step, function.value
    ahead, behind = (_value(function, function.x + sign * t * along) for sign in (1, -1))
    near_ahead, near_behind = (_value(function, function.x + sign * t / 2 * along) for sign in (1, -1))
    one_sided = [(ahead - here) / t, (here - behind) / t]
    near_sided = [(near_ahead - here) / (t / 2), (here - near_behind) / (t / 2)]
    far, near = sum(one_sided) / 2, sum(near_sided) / 2
    noise = ULPS_OF_F * function.roundoff * (abs(ahead) + abs(behind) + 2 * abs(here)) / t
    tolerance = function.rtol * max(abs(far), abs(near)) + noise
    gap, near_gap = one_sided[0] - one_sided[1], near_sided[0] - near_sided[1]
    if abs(far - near) <= tolerance and abs(gap - 2 * near_gap) <= tolerance:
        derivative = (4 * near - far) / 3
        return _Probe(derivative, derivative, noise, smooth=True)
    margin = abs(far - near) if abs(gap - 2 * near_gap) <= tolerance else 0.0  # curved rather than kinked
    sides = one_sided + near_sided
    return _Probe(min(sides) - margin, max(sides) + margin, noise, smooth=False)


def _excess(actual: float, probe: _Probe, own_noise: float, rtol: float) -> float:
    """Return by how much of what is allowed `actual` lies outside of the probe's interval."""
    distance = abs(actual - probe.nearest(actual))
    allowed = rtol * max(abs(probe.low), abs(probe.high)) + probe.noise + own_noise
    return distance / allowed if distance else 0.0


def _check_direction(
    function: _Function, actual: Array, scale: Array, rng: np.random.Generator, own_noise: float
) -> float:
    for _ in range(MAX_REDRAWS):
        draw = rng.normal(size=scale.shape)
        along = scale * draw / np.linalg.norm(draw)
        probe = _probe(function, along)
        if probe.smooth:
            break
    derivative = float(np.sum(actual * along))
    excess = record_margin(_excess(derivative, probe, own_noise, function.rtol))
    if not excess <= 1:
        ((came, wanted),) = pair_texts([(derivative, probe.nearest(derivative))])
        allowed = Message("gradient.allowed", {"rtol": f"{function.rtol:.0e}"})
        values = {"name": function.name, "actual": came, "desired": wanted}
        raise CheckFailure(Message("gradient.direction", values, (allowed,)))
    return excess


def _refuse(actual: Array, quotients: Array, wrong: Array, function: _Function) -> None:
    lines = entry_rows("gradient.header", wrong, actual, quotients, np.abs(actual - quotients))
    allowed = Message("gradient.allowed", {"rtol": f"{function.rtol:.0e}"})
    lines = (*lines, *_common_factor(actual, quotients), allowed)
    raise CheckFailure(Message("gradient.differ", counts(function.name, wrong), lines))


def _common_factor(actual: Array, quotients: Array) -> tuple[Message, ...]:
    """Return a line that says so if all entries are off by the same factor: a sign, a 2, a 1/n."""
    large = np.abs(quotients) > 1e-3 * np.max(np.abs(quotients))
    if np.count_nonzero(large) < 2:
        return ()
    factors = actual[large] / quotients[large]
    factor = float(np.median(factors))
    if np.ptp(factors) > 1e-4 * abs(factor):
        return ()
    return (Message("gradient.factor", {"factor": f"{factor:.5g}"}),)
