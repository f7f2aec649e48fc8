"""Is it an array, is it a number, is it close: stricter than numpy.testing.

A scalar never passes for an array, nor float32 for float64, nor NaN for NaN. What came from the student's side is
looked at by its exact type alone, so that nothing which answers to `==`, `len` or `__array__` is ever asked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.judge.failure import CheckFailure
from autograder.judge.margin import record_margin
from autograder.judge.wording import counts, entry_rows, exact, likely_line, pair_texts, shape_text
from autograder.text import Bilingual, Message

__all__ = ["assert_array", "assert_close", "assert_scalar"]

Array = npt.NDArray[Any]
PLAIN_TYPES = frozenset(
    [bool, bytearray, bytes, complex, dict, float, frozenset, int, list, range, set, str, tuple, type(None)]
)


def assert_array(actual: object, *, shape: int | Sequence[int], dtype: npt.DTypeLike, name: str) -> Array:
    """Return `actual` if it is an ndarray of this shape and dtype whose entries are all finite.

    Parameters
    ----------
    actual : object
        What the student's function returned.
    shape : int or tuple of int
    dtype : dtype-like
        Met exactly: float32 is not float64.
    name : str
        What the message calls it.

    Raises
    ------
    CheckFailure
        That says what came and what was wanted: first the type, then shape, dtype, entries that are not finite.
    """
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    dtype = np.dtype(dtype)
    if type(actual) is not np.ndarray:
        key, came = _described(actual)
        values = {"name": name, "actual": came, "shape": shape_text(shape), "dtype": str(dtype)}
        raise CheckFailure(Message(f"array.{key}", values))
    if actual.shape != shape:
        values = {"name": name, "actual": shape_text(actual.shape), "desired": shape_text(shape)}
        raise CheckFailure(Message("array.shape", values))
    if actual.dtype != dtype:
        names = (str(actual.dtype), str(dtype))
        if names[0] == names[1]:  # they differ in byte order or field layout
            names = (actual.dtype.str, dtype.str)
        raise CheckFailure(Message("array.dtype", {"name": name, "actual": names[0], "desired": names[1]}))
    if dtype.kind in "fc" and not (finite := np.isfinite(actual)).all():
        _refuse_not_finite(actual, ~finite, name)
    return actual


def _refuse_not_finite(actual: Array, wrong: Array, name: str) -> None:
    nan = int(np.count_nonzero(np.isnan(actual)))
    inf = int(np.count_nonzero(wrong)) - nan
    first = ", ".join(str(i) for i in np.argwhere(wrong)[0])
    line = Message("array.not_finite_kinds", {"nan": nan, "inf": inf, "first": f"[{first}]"})
    raise CheckFailure(Message("array.not_finite", counts(name, wrong), (line,)))


def _described(value: object) -> tuple[str, str]:
    """Return how to speak of a value of the wrong type ("type" or "object"), and its type's name."""
    if value is None:
        return "type", "None"
    if type(value) in PLAIN_TYPES or type(value) is np.ndarray:
        return "type", type(value).__name__
    if isinstance(value, np.generic):
        return "type", f"numpy.{type(value).__name__}"
    told = getattr(value, "type_name", None)  # stand-ins for objects on the student's side have it
    return "object", (told if isinstance(told, str) else type(value).__name__)[:100]


def assert_scalar(actual: object, *, name: str) -> float:
    """Return `actual` as a float if it is one finite real number.

    Accepted are Python's and NumPy's floats and integers and arrays of shape () of them; not so bool, complex, None,
    or an array of one entry.

    Raises
    ------
    CheckFailure
        That says what came.
    """
    value: Any = actual[()] if type(actual) is np.ndarray and actual.shape == () else actual
    if type(value) is np.ndarray:
        values = {"name": name, "shape": shape_text(value.shape), "dtype": str(value.dtype)}
        raise CheckFailure(Message("scalar.array", values))
    if type(value) not in (float, int) and not (isinstance(value, np.generic) and value.dtype.kind in "fiu"):
        key, came = _described(value)
        raise CheckFailure(Message(f"scalar.{key}", {"name": name, "actual": came}))
    try:
        number = float(value)
    except OverflowError:  # an integer of more than 308 digits
        number = math.inf
    if not math.isfinite(number):
        raise CheckFailure(Message("scalar.not_finite", {"name": name, "actual": str(number)}))
    return number


def assert_close(
    actual: object,
    desired: npt.ArrayLike,
    *,
    rtol: float,
    atol: float = 0.0,
    name: str,
    likely: Bilingual | None = None,
) -> float:
    """Check |actual - desired| <= atol + rtol * |desired| in every entry, after type, shape, dtype and finiteness.

    Parameters
    ----------
    actual : object
        What the student's function returned.
    desired : float or ndarray
        A Python or NumPy number asks for a number (of at least that precision), an array for an array of the same
        shape and dtype; float64 is asked for where `desired` is longdouble. The difference is formed in longdouble.
    rtol, atol : float, >= 0
    likely : Bilingual, optional
        What mistake gives such an answer; the last line of the message.

    Returns
    -------
    float
        The greatest |difference| / allowed, <= 1.

    Raises
    ------
    CheckFailure
        That counts the entries that differ, and shows up to five.
    ValueError
        If `desired` or a tolerance makes no sense: the author's mistake.
    """
    wanted = np.asarray(desired)
    _require_sensible(wanted, rtol, atol, name)
    is_scalar = wanted.shape == () and not isinstance(desired, np.ndarray)
    if is_scalar:
        came: Any = np.asarray(_precise_scalar(actual, wanted, name))
    else:
        dtype = np.dtype(np.float64) if wanted.dtype.char == "g" else wanted.dtype
        came = assert_array(actual, shape=wanted.shape, dtype=dtype, name=name)
    wide = np.clongdouble if wanted.dtype.kind == "c" else np.longdouble
    exactly = wanted.astype(wide)
    diff = np.abs(came.astype(wide) - exactly)
    allowed = atol + rtol * np.abs(exactly)
    wrong = ~(diff <= allowed)
    ratio = record_margin(_greatest_ratio(diff, allowed))
    if not wrong.any():
        return ratio
    allowed_line = Message("close.allowed", {"rtol": exact(rtol), "atol": exact(atol)})
    if is_scalar:
        message = _scalar_differs(name, came[()], wanted[()], diff[()])
        lines: tuple[Message, ...] = (*message.lines, allowed_line)
    else:
        message = Message("close.differ", counts(name, wrong))
        lines = (*entry_rows("close.header", wrong, came, wanted, diff), allowed_line)
    raise CheckFailure(Message(message.key, message.values, lines + likely_line(likely)))


def _require_sensible(desired: Array, rtol: float, atol: float, name: str) -> None:
    if desired.dtype.kind not in "fciub":
        raise ValueError(f"{name}: desired has dtype {desired.dtype}, and only numbers can be close")
    if desired.dtype.kind in "fc" and not np.isfinite(desired).all():
        raise ValueError(f"{name}: desired has entries that are not finite")
    if not (0 <= rtol < math.inf and 0 <= atol < math.inf):
        raise ValueError(f"{name}: rtol={rtol!r} and atol={atol!r} must be finite and not negative")


def _precise_scalar(actual: object, desired: Array, name: str) -> float:
    """Return `actual` as a float; refuse a NumPy float of fewer bits than `desired` has."""
    number = assert_scalar(actual, name=name)
    came = actual.dtype if isinstance(actual, np.generic | np.ndarray) else np.dtype(np.float64)
    if desired.dtype.kind == came.kind == "f" and came.itemsize < min(desired.dtype.itemsize, 8):
        raise CheckFailure(Message("array.dtype", {"name": name, "actual": str(came), "desired": str(desired.dtype)}))
    return number


def _scalar_differs(name: str, actual: Any, desired: Any, diff: Any) -> Message:
    ((came, wanted),) = pair_texts([(actual, desired)])
    line = Message("close.difference", {"diff": f"{float(diff):.1e}"})
    return Message("close.scalar", {"name": name, "actual": came, "desired": wanted}, (line,))


def _greatest_ratio(diff: Array, allowed: Array) -> float:
    differs = diff > 0
    if not differs.any():
        return 0.0
    with np.errstate(divide="ignore", over="ignore"):  # where nothing is allowed, any difference is infinitely much
        return float((diff[differs] / allowed[differs]).max())
