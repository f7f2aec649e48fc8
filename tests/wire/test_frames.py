"""What crosses the wall arrives as it was; what breaks a rule of the wire is refused."""

from __future__ import annotations

import dataclasses
import enum
import math
import struct
from collections import OrderedDict, defaultdict, namedtuple
from typing import Any

import numpy as np
import pytest

from autograder.wire.frames import Limits, Record, TupleRecord, Unsendable, WireError
from tests.wire.frames import pack, there_and_back, unpack

DTYPES = "? i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 g F D G U3 S3 M8[s] m8[ns]".split()
NAN_WITH_PAYLOAD = struct.unpack("<d", bytes.fromhex("efcdab896745f87f"))[0]
Point = namedtuple("Point", "x y")


@dataclasses.dataclass
class Fit:
    coef: np.ndarray
    steps: int


def same_bits(a: np.ndarray, b: np.ndarray) -> bool:
    return a.dtype.str == b.dtype.str and a.shape == b.shape and a.tobytes() == b.tobytes()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 3), (1, 1, 1)])
def test_array_arrives_bit_for_bit(dtype: str, shape: tuple[int, ...]) -> None:
    kind = np.dtype(dtype)
    rng = np.random.default_rng(3)
    raw = rng.integers(0, 2 if kind.kind == "b" else 90, math.prod(shape) * kind.itemsize, dtype=np.uint8)
    if kind.kind == "U":
        raw = rng.integers(0, 0x300, math.prod(shape) * kind.itemsize // 4, dtype=np.uint32).view(np.uint8)
    array = raw.view(kind).reshape(shape)
    assert same_bits(there_and_back(array), array)


@pytest.mark.parametrize("dtype", ["i2", "i4", "u8", "f4", "f8", "c16", "M8[s]", "U2"])
def test_foreign_byte_order_is_kept(dtype: str) -> None:
    array = np.arange(6).astype(np.int64).astype(dtype).astype(np.dtype(dtype).newbyteorder(">"))
    back = there_and_back(array)
    assert same_bits(back, array)
    assert back.dtype.byteorder == ">"


def test_fortran_order_is_kept() -> None:
    array = np.asfortranarray(np.arange(24.0).reshape(2, 3, 4))
    back = there_and_back(array)
    assert back.flags.f_contiguous
    assert not back.flags.c_contiguous
    np.testing.assert_array_equal(back, array)


@pytest.mark.parametrize("view", [np.s_[::2], np.s_[::-1], np.s_[1:, ::3], np.s_[None, :, 0]])
def test_views_arrive_as_their_values(view: Any) -> None:
    array = np.arange(35.0).reshape(5, 7)[view]
    np.testing.assert_array_equal(there_and_back(array), array)


def test_broadcast_array_arrives_full() -> None:
    array = np.broadcast_to(np.float32(2.5), (3, 4))
    np.testing.assert_array_equal(there_and_back(array), np.full((3, 4), 2.5, np.float32))


@pytest.mark.parametrize("value", [NAN_WITH_PAYLOAD, -0.0, math.inf, -math.inf, 5e-324, 0.1])
def test_float_arrives_bit_for_bit(value: float) -> None:
    for item in (value, np.float64(value)):
        back = there_and_back(item)
        assert type(back) is type(item)
        assert struct.pack("<d", back) == struct.pack("<d", item)
    array = np.array([value])
    assert same_bits(there_and_back(array), array)


@pytest.mark.parametrize("dtype", DTYPES)
def test_numpy_scalar_keeps_its_type(dtype: str) -> None:
    value = np.array([1]).astype(dtype)[0]
    back = there_and_back(value)
    assert type(back) is type(value)
    assert back == value


@pytest.mark.parametrize(
    "value",
    [
        *[None, True, False, 0, -1, 2**63, -(2**63), 2**64, -(2**64), 2**900],
        *[1 + 2j, complex(-0.0, math.inf), "", "é漢\x00"],
        *[b"", b"\xff\x00", [], (), {}, set(), frozenset(), [1, [2, (3, {"a": {4}})]]],
        *[{1: "a", (2, 3): [None], "b": b""}],
        *[range(3), range(5, -5, -2), range(2**70), frozenset({1, "a"}), [[]] * 5],
    ],
    ids=repr,
)
def test_plain_value_arrives_as_it_was(value: Any) -> None:
    back = there_and_back(value)
    assert back == value
    assert type(back) is type(value)


def test_lone_surrogate_arrives_escaped() -> None:
    assert there_and_back("a\ud800") == "a\\ud800"


def test_generator_crosses_with_its_state() -> None:
    for kind in (np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64):
        rng = np.random.Generator(kind(5))
        rng.normal(size=3)
        back = there_and_back(rng, by_value_rng=True)
        np.testing.assert_array_equal(back.normal(size=7), rng.normal(size=7))


def test_generator_never_crosses_to_the_judge() -> None:
    envelope, arrays = pack(np.random.default_rng(1), by_value_rng=True)
    with pytest.raises(WireError, match="unknown tag"):
        unpack(envelope, arrays)
    with pytest.raises(Unsendable, match="type Generator"):
        pack(np.random.default_rng(1))


def test_named_tuple_keeps_names_and_order() -> None:
    back = there_and_back(Point(1, np.arange(2.0)))
    assert isinstance(back, TupleRecord)
    assert (back.x, back[0], back.type_name, len(back)) == (1, 1, "Point", 2)
    np.testing.assert_array_equal(back.y, [0.0, 1.0])


def test_dataclass_keeps_its_fields() -> None:
    back = there_and_back(Fit(np.ones(2), 3))
    assert isinstance(back, Record)
    assert (back.steps, back.type_name) == (3, "Fit")
    assert repr(back) == "Fit(coef=array([1., 1.]), steps=3)"


def test_records_can_be_sent_on() -> None:
    for value in (Fit(np.ones(2), 3), Point(1, 2)):
        first = there_and_back(value)
        again = there_and_back(first)
        assert type(again) is type(first)
        assert repr(again) == repr(first)


class LyingFloat(float):
    def __eq__(self, other: object) -> bool:
        return True

    def __float__(self) -> float:
        return 0.0

    def __mul__(self, other: Any) -> Any:
        return 1.0

    __hash__ = float.__hash__


class LyingInt(int):
    def __eq__(self, other: object) -> bool:
        return True

    def __add__(self, other: Any) -> Any:
        return 0

    def __index__(self) -> int:
        return 0

    __hash__ = int.__hash__


class LyingList(list):
    def __iter__(self) -> Any:
        return iter([0])

    def __eq__(self, other: object) -> bool:
        return True

    def __array__(self, *args: Any, **kwargs: Any) -> np.ndarray:
        return np.zeros(1)


class LyingTuple(tuple):
    def __iter__(self) -> Any:
        return iter([0])

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = tuple.__hash__


class LyingDict(dict):
    def items(self) -> Any:
        return [("a", 0)]

    def __eq__(self, other: object) -> bool:
        return True


class LyingStr(str):
    def encode(self, *args: Any) -> bytes:
        return b"lie"

    def __str__(self) -> str:
        return "lie"

    def __getitem__(self, index: Any) -> str:
        return "lie"


class LyingBytes(bytes):
    def __bytes__(self) -> bytes:
        return b"lie"


class LyingSet(set):
    def __iter__(self) -> Any:
        return iter([0])


class LyingArray(np.ndarray):
    def __eq__(self, other: object) -> Any:
        return np.ones(self.shape, bool)

    def __array__(self, *args: Any, **kwargs: Any) -> np.ndarray:
        return np.zeros(self.shape)

    def __array_ufunc__(self, *args: Any, **kwargs: Any) -> Any:
        return True

    def __sub__(self, other: Any) -> Any:
        return np.zeros(self.shape)


class Colour(enum.IntEnum):
    RED = 3


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (LyingFloat(2.5), 2.5), (LyingFloat(-0.0), -0.0), (LyingFloat("nan"), math.nan), (LyingInt(7), 7),
        (LyingList([1, 2]), [1, 2]), (LyingTuple((1, 2)), (1, 2)), (LyingDict(a=1), {"a": 1}),
        (LyingStr("truth"), "truth"), (LyingBytes(b"truth"), b"truth"), (LyingSet({5}), {5}), (Colour.RED, 3),
        (OrderedDict(a=1), {"a": 1}), (defaultdict(int, {1: 2}), {1: 2}), (LyingInt(2**80), 2**80),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_subclass_arrives_as_its_base(value: Any, plain: Any) -> None:
    back = there_and_back(value)
    assert type(back) is type(plain)
    assert repr(back) == repr(plain)


@pytest.mark.parametrize("kind", [LyingArray, np.matrix])
def test_array_subclass_arrives_as_plain_array(kind: Any) -> None:
    back = there_and_back(np.arange(4.0).reshape(2, 2).view(kind))
    assert type(back) is np.ndarray
    np.testing.assert_array_equal(back, [[0, 1], [2, 3]])


def test_object_arrays_stay_behind() -> None:
    array = np.array([object()])
    with pytest.raises(Unsendable, match="dtype object"):
        pack(array)
    assert there_and_back(array, to_handle=lambda value: (5, "ndarray", False)) == ("handle", 5, "ndarray", False)


def test_objects_cross_as_handles() -> None:
    assert there_and_back(object(), to_handle=lambda value: (9, "object", True)) == ("handle", 9, "object", True)
    with pytest.raises(Unsendable, match="type object cannot be sent"):
        pack(object())


def test_deep_nesting_is_refused_by_the_sender() -> None:
    value: Any = []
    for _ in range(80):
        value = [value]
    with pytest.raises(Unsendable, match="nested deeper than 64"):
        pack(value)


def test_long_integer_is_refused_by_the_sender() -> None:
    with pytest.raises(Unsendable, match="an integer of 1251 bytes is too long"):
        pack(1 << 10_000)


def test_what_the_receiver_would_refuse_is_refused_by_the_sender() -> None:
    """An honest answer that is too large is the student's exception, not a breach of the wire."""
    for value, words in (
        ([0.0] * 1_000_001, "too many values"),
        ({i: None for i in range(5000)}, "keys or members that are not text"),
        (b"0" * (5 << 20), "bytes is too large"),
    ):
        with pytest.raises(Unsendable, match=words):
            pack(value, limits=Limits())


def test_tensors_arrive_as_they_were() -> None:
    torch = pytest.importorskip("torch")
    names = "float64 float32 float16 bfloat16 complex128 complex64 int64 int32 int16 int8 uint8 bool".split()
    for name in names:
        for shape in ((), (0,), (2, 3)):
            tensor = torch.ones(shape).to(getattr(torch, name))
            back = there_and_back(tensor)
            assert (back.dtype, back.shape) == (tensor.dtype, tensor.shape)
            assert torch.equal(back, tensor)
    leaf = torch.ones(3, requires_grad=True)
    assert there_and_back(leaf).requires_grad
    assert there_and_back(torch.arange(6).reshape(2, 3).T).tolist() == [[0, 3], [1, 4], [2, 5]]


def test_sparse_or_large_tensor_stays_behind() -> None:
    torch = pytest.importorskip("torch")
    with pytest.raises(Unsendable, match="cannot be sent"):
        pack(torch.eye(2).to_sparse())
    with pytest.raises(Unsendable, match="a tensor of 40000 bytes is too large"):
        pack(torch.zeros(10_000), limits=Limits(arrays=10_000))
