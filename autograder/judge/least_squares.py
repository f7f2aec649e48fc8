"""Is it a least-squares solution? Criteria that every sound method meets, whatever the condition number.

Notation: u is the unit roundoff of theta's dtype (2^-53 or 2^-24), norms are 2-norms, r = y - X theta.

Why 50 sqrt(d) u. A backward stable method returns the exact solution for some X + E and y + f with
|E| <= g |X|, |f| <= g |y| and g = c sqrt(d) u, c a small constant (Higham, *Accuracy and Stability of Numerical
Algorithms*, 2002, ch. 20). The perturbed residual s = y + f - (X + E) theta is orthogonal to the columns of X + E, so

    X^T r = X^T (s - f + E theta) = -E^T s - X^T f + X^T E theta,   and to first order in u, as |s| <= |X||theta| + |y|,
    |X^T r| <= 2 g |X| (|X||theta| + |y|).

The normal equations by Cholesky give (G + dG) theta = X^T y + dg with |dG| <= g |X|^2 and |dg| <= g |X||y|, hence the
same bound: this measure does not see the condition number, which the forward error does. 50 = 2c with c = 25; the worst
sound method was measured at 0.023 of the limit, the best wrong one at 3,700 times it. The residual is formed in
longdouble, so that its own rounding does not count (where longdouble is float64, it adds about sqrt(n) u).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.judge.arrays import assert_array
from autograder.judge.failure import CheckFailure
from autograder.judge.margin import record_margin
from autograder.judge.wording import apart, counts, entry_rows, shape_text
from autograder.text import Message

__all__ = ["assert_backward_error", "assert_digits", "assert_forward_error", "assert_min_norm"]

Array = npt.NDArray[Any]
SLACK = 50.0


def assert_backward_error(
    theta: object, X: Array, y: Array, *, penalty: npt.ArrayLike | None = None, name: str, limit: float | None = None
) -> float:
    """Check that theta minimises |y - X theta|^2 (+ sum of penalty_j theta_j^2), up to rounding.

    Parameters
    ----------
    theta : object
        The student's answer: ndarray of shape (d,), or (d, m) for y of shape (n, m), of the dtype of X and y.
    X : ndarray of shape (n, d), float32 or float64
    y : ndarray of shape (n,) or (n, m)
    penalty : array-like of shape (d,), >= 0, optional
        n * lambda_j, zero for an intercept.
    limit : float, optional
        On the measure rho itself, instead of 50 sqrt(d) u.

    Returns
    -------
    float
        rho / limit, <= 1; of several columns that of the worst.

    Raises
    ------
    CheckFailure
    ValueError
        If X, y or penalty make no sense.

    Notes
    -----
    rho = |X^T (y - X theta)| / (|X| (|X||theta| + |y|)), column by column. See the module for the derivation.
    Ridge is least squares with A = (X; sqrt(P)) and right-hand side (y; 0), so the same derivation gives
    rho = |X^T (y - X theta) - P theta| / (|A| (|A||theta| + |y|)), where |A|^2 <= |X|^2 + max(penalty); this bound,
    within sqrt(2) of |A|, is what is used.
    """
    came, columns, targets = _solution(theta, X, y, name)
    weights = _penalty(penalty, X.shape[1], name)
    wide = X.astype(np.longdouble)
    gradient = wide.T @ (targets - wide @ columns) - weights[:, None] * columns
    norm = math.hypot(_norm(X), math.sqrt(float(weights.max(initial=0))))
    scale = norm * (norm * _lengths(columns) + _lengths(targets))
    rho = _ratio(_lengths(gradient), scale)
    limit = _limit(came, X.shape[1]) if limit is None else limit
    worst = int(np.argmax(rho)) if rho.size else 0
    ratio = record_margin(float(np.max(rho, initial=0.0)) / limit if limit else 0.0)
    if not (rho <= limit).all():
        key = "backward" if penalty is None else "ridge"
        formula = Message(f"least_squares.{'gradient' if penalty is None else 'ridge_gradient'}")
        _refuse(f"least_squares.{key}", name, (rho[worst], limit), (_input(X), *_column(worst, rho.size), formula))
    return ratio


def assert_min_norm(theta: object, X: Array, y: Array, *, name: str, limit: float | None = None) -> float:
    """Check that theta has no part in the null space of X: of all minimisers, it is the shortest.

    To be used beside `assert_backward_error`, which says that it is a minimiser at all.

    Parameters
    ----------
    theta, X, y, name
        As for `assert_backward_error`.
    limit : float, optional
        On |N^T theta| / |theta|, instead of 50 sqrt(d) u sigma_1 / sigma_r.

    Returns
    -------
    float
        |N^T theta| / |theta| / limit, <= 1, where N is an orthonormal basis of the null space.

    Raises
    ------
    CheckFailure
    ValueError
        If the limit comes out at 1 or more: the data are too ill-conditioned to tell.

    Notes
    -----
    The rank r counts singular values above max(n, d) * eps * sigma_1, eps that of the answer's dtype, as
    `numpy.linalg.matrix_rank` does. A stable method's theta lies in the row space of a perturbed X + E with
    |E| <= c sqrt(d) u sigma_1, and that space is turned by at most |E| / sigma_r (Wedin): hence the limit.
    """
    came, columns, _ = _solution(theta, X, y, name)
    _, sigma, Vt = np.linalg.svd(X.astype(np.float64), full_matrices=False)
    eps = float(np.finfo(came.dtype).eps)
    rank = int(np.count_nonzero(sigma > max(X.shape) * eps * sigma.max(initial=0.0)))
    if limit is None:
        limit = _limit(came, X.shape[1]) * float(sigma[0] / sigma[rank - 1]) if rank else _limit(came, X.shape[1])
    if not 0 < limit < 1:
        raise ValueError(f"{name}: the limit is {limit:.2g}, at which nothing can be told; use better data")
    basis = Vt[:rank].astype(np.longdouble)
    outside = columns
    for _ in range(2):  # the second projection takes away what the first one's rounding left
        outside = outside - basis.T @ (basis @ outside)
    share = _ratio(_lengths(outside), _lengths(columns))
    ratio = record_margin(float(np.max(share, initial=0.0)) / limit)
    if not (share <= limit).all():
        worst = int(np.argmax(share))
        rank_line = Message("least_squares.rank", {"rank": rank, "columns": X.shape[1]})
        _refuse(
            "least_squares.min_norm", name, (share[worst], limit), (_input(X), *_column(worst, share.size), rank_line)
        )
    return ratio


def assert_forward_error(theta: object, theta_star: npt.ArrayLike, X: Array, y: Array, *, name: str) -> float:
    """Check theta against the exact solution, as closely as orthogonal methods (and only they) come.

    Parameters
    ----------
    theta, X, y, name
        As for `assert_backward_error`; X has full column rank.
    theta_star : array-like of the shape of theta
        The exact minimiser.

    Returns
    -------
    float
        The relative error over its limit, <= 1; of several columns the worst.

    Raises
    ------
    CheckFailure
    ValueError
        If the limit comes out at 1 or more, where even zeros would pass.

    Notes
    -----
    |theta - theta*| / |theta*| <= 50 sqrt(d) u (kappa + kappa^2 |r*| / (sigma_1 |theta*|)): Wedin's perturbation
    bound for the E and f of the module's notes. The normal equations square kappa in the first term as well, so
    they miss this limit when the residual is small.
    """
    came, columns, targets = _solution(theta, X, y, name)
    exact = np.asarray(theta_star)
    if exact.shape != came.shape:
        raise ValueError(f"{name}: theta_star has shape {exact.shape}, but the answer has {came.shape}")
    exact = exact.astype(np.longdouble).reshape(columns.shape)
    sigma = np.linalg.svd(X.astype(np.float64), compute_uv=False)
    if sigma.size == 0 or sigma[-1] == 0 or not _lengths(exact).all():
        raise ValueError(f"{name}: X must have full column rank, and theta_star no column of zeros")
    kappa = float(sigma[0] / sigma[-1])
    residual = _lengths(targets - X.astype(np.longdouble) @ exact)
    limits = _limit(came, X.shape[1]) * (kappa + kappa**2 * residual / (float(sigma[0]) * _lengths(exact)))
    if not (limits < 1).all():
        raise ValueError(f"{name}: the limit is {float(limits.max()):.2g}, at which zeros pass; use better data")
    error = _lengths(columns - exact) / _lengths(exact)
    worst = int(np.argmax(error / limits))
    ratio = record_margin(float(error[worst] / limits[worst]))
    if not error[worst] <= limits[worst]:
        values = {"condition": f"{kappa:.1e}", "shape": shape_text(X.shape), "dtype": str(X.dtype)}
        lines = (Message("least_squares.condition", values), *_column(worst, error.size))
        _refuse("least_squares.forward", name, (error[worst], limits[worst]), lines)
    return ratio


def assert_digits(actual: object, certified: npt.ArrayLike, digits: float, *, name: str) -> float:
    """Check that every entry agrees with the certified value to `digits` decimal digits.

    Parameters
    ----------
    actual : object
        The student's answer: float64 ndarray of the shape of `certified`.
    certified : array-like of float
        Certified values, such as NIST's.
    digits : float
        The least log relative error LRE = -log10(|actual - certified| / |certified|); where a certified value is 0,
        -log10(|actual|) (McCullough, *The American Statistician* 52, 1998).

    Returns
    -------
    float
        The greatest relative error times 10^digits, <= 1.

    Raises
    ------
    CheckFailure
    """
    wanted = np.asarray(certified)
    came = assert_array(actual, shape=wanted.shape, dtype=np.float64, name=name)
    exact = wanted.astype(np.longdouble)
    error = np.abs(came - exact) / np.where(exact == 0, 1, np.abs(exact))
    wrong = ~(error <= np.longdouble(10) ** -digits)
    ratio = record_margin(float(np.max(error, initial=0.0) * np.longdouble(10) ** digits))
    if wrong.any():
        values = counts(name, wrong)
        allowed = Message("digits.allowed", {"digits": f"{digits:g}"})
        raise CheckFailure(
            Message("digits.too_few", values, (*entry_rows("digits.header", wrong, came, wanted, error), allowed))
        )
    return ratio


def _solution(theta: object, X: Array, y: Array, name: str) -> tuple[Array, Array, Array]:
    """Return theta as it came, and theta and y as longdouble columns (d, m), (n, m), after looking at all of them."""
    if X.ndim != 2 or y.ndim not in (1, 2) or len(X) != len(y):
        raise ValueError(f"{name}: X must be (n, d) and y (n,) or (n, m), not {X.shape} and {y.shape}")
    dtype = np.result_type(X, y)
    if dtype not in (np.float32, np.float64):
        raise ValueError(f"{name}: X and y must be float32 or float64, not {X.dtype} and {y.dtype}")
    # Otherwise a float32 answer to a float64 problem would be judged by float32's roundoff.
    came = assert_array(theta, shape=(X.shape[1], *y.shape[1:]), dtype=dtype, name=name)
    columns = came.astype(np.longdouble).reshape(X.shape[1], -1) if came.ndim == 1 else came.astype(np.longdouble)
    targets = y.astype(np.longdouble)
    return came, columns, targets[:, None] if y.ndim == 1 else targets


def _penalty(penalty: npt.ArrayLike | None, d: int, name: str) -> Array:
    weights = np.zeros(d) if penalty is None else np.asarray(penalty, dtype=np.float64)
    if weights.shape != (d,) or not (np.isfinite(weights) & (weights >= 0)).all():
        raise ValueError(f"{name}: penalty must be {d} finite numbers >= 0, one for each column of X")
    return weights.astype(np.longdouble)


def _limit(theta: Array, d: int) -> float:
    return SLACK * math.sqrt(max(d, 1)) * float(np.finfo(theta.dtype).eps) / 2


def _norm(X: Array) -> float:
    return float(np.linalg.norm(X.astype(np.float64), 2)) if X.size else 0.0


def _lengths(columns: Array) -> Array:
    return np.asarray(np.sqrt(np.sum(columns * columns, axis=0)))


def _ratio(part: Array, whole: Array) -> Array:
    """Return part / whole, and 0 for 0 / 0: where theta and y are zero, nothing is wrong."""
    return np.divide(part, whole, out=np.where(part > 0, np.inf, 0.0).astype(np.longdouble), where=whole > 0)


def _input(X: Array) -> Message:
    return Message("table.input", {"shape": shape_text(X.shape), "dtype": str(X.dtype)})


def _column(worst: int, count: int) -> tuple[Message, ...]:
    return (Message("table.column", {"column": worst, "columns": count}),) if count > 1 else ()


def _refuse(key: str, name: str, numbers: tuple[Any, Any], lines: Sequence[Message]) -> None:
    measured, allowed = apart(*numbers)
    raise CheckFailure(Message(key, {"name": name, "measured": measured, "limit": allowed}, tuple(lines)))
