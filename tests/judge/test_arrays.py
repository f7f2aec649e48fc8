"""Strict comparison: every way in which an answer can be wrong is refused, and the message says how."""

from __future__ import annotations

import math
from typing import Any, NoReturn

import numpy as np
import pytest

from autograder.judge import CheckFailure, PartialCredit, assert_array, assert_close, assert_scalar
from autograder.text import Bilingual, Message, render


class Impostor:
    """An object that claims to be whatever it is compared with, as a student's might."""

    type_name = "Vector"
    shape, dtype, ndim = (2,), np.dtype(np.float64), 1

    def __eq__(self, other: object) -> bool:
        return True

    def __array__(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AssertionError("it was asked")

    __len__ = __float__ = __getitem__ = __array__
    __hash__ = None  # type: ignore[assignment]


class Eager(np.ndarray):
    def __array_ufunc__(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AssertionError("it was asked")


def message_of(function: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(CheckFailure) as info:
        function(*args, **kwargs)
    assert render(info.value.message, "zh") != str(info.value)
    return str(info.value)


@pytest.mark.parametrize(
    ("actual", "text"),
    [
        ([1.0, 2.0], "list"),
        ((1.0, 2.0), "tuple"),
        (None, "None"),
        (1.0, "float"),
        (np.float64(1), "numpy.float64"),
        ("ab", "str"),
        (Impostor(), "an object of type Vector"),
        (np.zeros(2).view(Eager), "an object of type Eager"),
        (np.ma.masked_array([1.0, 2.0]), "an object of type MaskedArray"),
    ],
)
def test_assert_array_refuses_other_types(actual: object, text: str) -> None:
    message = message_of(assert_array, actual, shape=2, dtype=float, name="w")
    assert message == f"w: {text}, wanted ndarray of shape (2,), float64"


@pytest.mark.parametrize("value", [np.array(1.0), np.ones((2, 1)), np.ones(3), np.ones(1), np.ones(0)])
def test_assert_array_refuses_other_shapes(value: np.ndarray) -> None:
    assert message_of(assert_array, value, shape=(2,), dtype=float, name="w") == f"w: shape {value.shape}, wanted (2,)"


@pytest.mark.parametrize("dtype", ["float32", "float16", "int64", "bool", "complex128", "object"])
def test_assert_array_refuses_other_dtypes(dtype: str) -> None:
    message = message_of(assert_array, np.ones(2).astype(dtype), shape=(2,), dtype=np.float64, name="w")
    assert message == f"w: dtype {dtype}, wanted float64"


def test_assert_array_tells_byte_orders_apart() -> None:
    message = message_of(assert_array, np.ones(2, dtype=">f8"), shape=(2,), dtype="<f8", name="w")
    assert message == "w: dtype >f8, wanted float64"


def test_assert_array_refuses_what_is_not_finite() -> None:
    message = message_of(assert_array, np.array([[1, np.nan], [np.inf, 2]]), shape=(2, 2), dtype=float, name="w")
    assert message == "w: 2 of 4 entries are not finite (50.0%)\n  found  1 NaN, 1 infinite; the first at [0, 1]"
    assert "not finite" in message_of(assert_array, np.array([1j * np.inf]), shape=1, dtype=complex, name="w")


def test_assert_array_returns_the_array() -> None:
    for value in (np.ones((2, 0)), np.array([True, False]), np.arange(3), np.array(1.5), np.array(["a"])):
        assert assert_array(value, shape=value.shape, dtype=value.dtype, name="w") is value


def test_assert_array_names_the_type_of_an_object_that_lies_about_it() -> None:
    liar = Impostor()
    liar.type_name = 3  # type: ignore[assignment]
    assert "of type Impostor," in message_of(assert_array, liar, shape=2, dtype=float, name="w")
    liar.type_name = "x" * 1000
    assert len(message_of(assert_array, liar, shape=2, dtype=float, name="w")) < 200


@pytest.mark.parametrize("value", [1.5, np.float64(1.5), np.float32(1.5), np.array(1.5), 2, np.int64(2), np.array(2)])
def test_assert_scalar_accepts_real_numbers(value: Any) -> None:
    number = assert_scalar(value, name="loss")
    assert type(number) is float and number == float(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "bool, wanted one real number"),
        (np.True_, "numpy.bool, wanted one real number"),
        (np.array(True), "numpy.bool, wanted one real number"),
        (1j, "complex, wanted one real number"),
        (np.complex128(1), "numpy.complex128, wanted one real number"),
        (None, "None, wanted one real number"),
        ("1.5", "str, wanted one real number"),
        ([1.5], "list, wanted one real number"),
        (np.array([1.5]), "ndarray of shape (1,), float64, wanted one real number"),
        (Impostor(), "an object of type Vector, wanted one real number"),
        (math.nan, "nan, wanted a finite number"),
        (np.float32(-np.inf), "-inf, wanted a finite number"),
        (10**400, "inf, wanted a finite number"),
    ],
)
def test_assert_scalar_refuses_everything_else(value: object, text: str) -> None:
    assert message_of(assert_scalar, value, name="loss") == f"loss: {text}"


def test_assert_close_shows_what_differs() -> None:
    actual, desired = np.full((3, 4), 0.25), np.full((3, 4), 0.25)
    desired[0, 3], desired[2, 1] = 0.231969, 0.262031
    likely = Bilingual("the sum runs over axis 0; each row should sum to 1", "求和沿 axis 0 进行；每一行之和应为 1")
    with pytest.raises(CheckFailure) as info:
        assert_close(actual, desired, rtol=1e-6, atol=1e-8, name="softmax", likely=likely)
    assert str(info.value) == (
        "softmax: 2 of 12 entries differ (16.7%)\n"
        "  index    actual    desired   |diff|\n"
        "  (0, 3)   0.250000  0.231969  1.8e-02\n"
        "  (2, 1)   0.250000  0.262031  1.2e-02\n"
        "  allowed  |diff| <= 1e-08 + 1e-06 * |desired|\n"
        "  likely   the sum runs over axis 0; each row should sum to 1"
    )
    assert render(info.value.message, "zh") == (
        "softmax：12 个元素中有 2 个不符（16.7%）\n"
        "  下标      实际值    期望值    |差|\n"
        "  (0, 3)    0.250000  0.231969  1.8e-02\n"
        "  (2, 1)    0.250000  0.262031  1.2e-02\n"
        "  容差      |差| <= 1e-08 + 1e-06 * |期望值|\n"
        "  可能原因  求和沿 axis 0 进行；每一行之和应为 1"
    )


def test_assert_close_shows_five_rows_and_counts_the_rest() -> None:
    message = message_of(assert_close, np.arange(100.0) + 1, np.arange(100.0), rtol=1e-9, name="w")
    assert message.startswith("w: 100 of 100 entries differ (100.0%)")
    assert "and 95 more" in message and len(message.splitlines()) == 9


@pytest.mark.parametrize("gap", [1e-3, 1e-7, 1e-11, 2.0**-52])
def test_assert_close_never_prints_different_numbers_alike(gap: float) -> None:
    message = message_of(assert_close, np.array([1.0 + gap, 5.0]), np.array([1.0, 3.0]), rtol=0, name="w")
    for row in message.splitlines()[2:4]:
        _, actual, desired, _ = row.split()
        assert actual != desired
    line = message_of(assert_close, 1.0 + gap, 1.0, rtol=0, name="w").splitlines()[0]
    assert line.split()[1].rstrip(",") != line.split()[3]


def test_assert_close_tells_longdoubles_apart() -> None:
    tiny = np.finfo(np.longdouble).eps
    if tiny >= 2.0**-52:
        pytest.skip("longdouble is float64 here")
    message = message_of(assert_close, np.array([1.0]), np.array([1 + tiny]), rtol=0, name="w")
    _, actual, desired, _ = message.splitlines()[2].split()
    assert actual != desired


@pytest.mark.parametrize(("wrong", "total", "text"), [(1, 10_000, "<0.1%"), (9_999, 10_000, ">99.9%"), (1, 3, "33.3%")])
def test_assert_close_rounds_a_share_neither_to_none_nor_to_all(wrong: int, total: int, text: str) -> None:
    actual = np.zeros(total)
    actual[:wrong] = 1
    assert f"({text})" in message_of(assert_close, actual, np.zeros(total), rtol=1e-6, name="w")


@pytest.mark.parametrize(
    ("actual", "desired"),
    [
        (1.0, np.ones(3)),
        (np.float64(1), np.ones(3)),
        (np.array(1.0), np.ones(3)),
        (np.ones(1), np.ones(3)),
        ([1.0, 1.0, 1.0], np.ones(3)),
        (np.ones(3, dtype=np.float32), np.ones(3)),
        (np.ones(3), np.ones(3, dtype=np.float32)),
        (np.ones((3, 1)), np.ones(3)),
        (np.array([1, 1, np.nan]), np.ones(3)),
        (np.ones(1), 1.0),
        (np.float32(1), 1.0),
        (np.array(1.0, dtype=np.float32), 1.0),
        (None, 1.0),
        (Impostor(), np.ones(2)),
        (np.ones(3), np.arange(3)),
    ],
)
def test_assert_close_asks_for_type_shape_and_dtype_first(actual: object, desired: Any) -> None:
    message_of(assert_close, actual, desired, rtol=1.0, atol=100.0, name="w")


def test_assert_close_returns_how_close() -> None:
    assert assert_close(np.array([1.0, 2.5]), np.array([1.0, 2.0]), rtol=0.5, name="w") == 0.5
    assert assert_close(3, 3.0, rtol=0, name="n") == 0.0
    assert assert_close(1.5, np.float32(1.0), rtol=0, atol=2.0, name="n") == 0.25
    assert assert_close(np.ones(0), np.ones(0), rtol=0, name="w") == 0.0
    assert assert_close(np.array([2**62 + 1]), np.array([2**62 + 1]), rtol=0, name="n") == 0.0
    assert assert_close(np.array([1e308]), np.array([-1e308]), rtol=2.0, name="w") == pytest.approx(1.0)
    assert assert_close(np.array([3j]), np.array([2j]), rtol=1, name="z") == 0.5
    assert assert_close(np.ones(1), np.ones(1, dtype=np.longdouble), rtol=0, name="w") == 0.0


def test_assert_close_compares_integers_and_complex_numbers() -> None:
    assert "9007199254740993  9007199254740992" in message_of(
        assert_close, np.array([2**53 + 1]), np.array([2**53]), rtol=0, name="n"
    )
    assert "1.00000+2.00000j  1.00000-2.00000j" in message_of(
        assert_close, np.array([1 + 2j]), np.array([1 - 2j]), rtol=0.1, name="z"
    )
    assert "True" in message_of(assert_close, np.array([True]), np.array([False]), rtol=0, name="mask")


@pytest.mark.parametrize(
    ("desired", "rtol", "atol", "text"),
    [
        (np.array(["a"]), 0.1, 0.0, "desired has dtype <U1, and only numbers can be close"),
        (np.array([np.nan]), 0.1, 0.0, "desired has entries that are not finite"),
        (1.0, -0.1, 0.0, "must be finite and not negative"),
        (1.0, 0.1, math.nan, "must be finite and not negative"),
    ],
)
def test_assert_close_refuses_an_authors_mistake(desired: Any, rtol: float, atol: float, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        assert_close(desired, desired, rtol=rtol, atol=atol, name="w")


@pytest.mark.parametrize("fraction", [-0.1, 1.1, math.nan])
def test_partial_credit_refuses_a_fraction_outside_0_to_1(fraction: float) -> None:
    with pytest.raises(ValueError, match=r"it must lie in \[0, 1\]"):
        PartialCredit(fraction, "x")


def test_partial_credit_keeps_its_message_in_both_languages() -> None:
    both = PartialCredit(0.5, Bilingual("half", "一半")).message
    assert (render(both, "en"), render(both, "zh")) == ("half", "一半")
    assert render(PartialCredit(1, "{braces}").message, "zh") == "{braces}"
    assert PartialCredit(0, Message("text.plain", {"text": "none"})).message.values == {"text": "none"}
    assert str(PartialCredit(0.25, "some")) == "25% of the points: some"
