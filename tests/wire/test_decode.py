"""A frame that breaks a rule of the wire is refused, and nothing else of it happens."""

from __future__ import annotations

from typing import Any

import msgpack
import pytest

from autograder.wire.frames import (
    ARRAY,
    BIGINT,
    COMPLEX,
    DICT,
    HANDLE,
    HEADER,
    LIST,
    RANGE,
    RECORD,
    RNG,
    SCALAR,
    SET,
    TENSOR,
    TUPLE,
    Limits,
    WireError,
    plain_dtype,
    split_header,
)
from tests.wire.frames import unpack


@pytest.mark.parametrize(
    ("envelope", "arrays", "words"),
    [
        (b"", b"", "malformed"),
        (b"\xc1", b"", "malformed"),
        (b"\x01\x01", b"", "malformed"),
        (b"\xdd\xff\xff\xff\xff", b"", "malformed"),
        (b"\x91" * 2000 + b"\x01", b"", "malformed"),
        (b"\xa2\xff\xfe", b"", "malformed"),
        (msgpack.packb(msgpack.ExtType(5, b"x")), b"", "extension type"),
        (msgpack.packb(msgpack.Timestamp(1)), b"", "malformed"),
        (b"\xd4\xff\x00", b"", "malformed"),
        ({"a": 1}, b"", "malformed"),
        ({1: 1}, b"", "malformed"),
        ([], b"", "untagged"),
        ([True], b"", "untagged"),
        (["x"], b"", "untagged"),
        ([99], b"", "unknown tag 99"),
        ([-1], b"", "unknown tag -1"),
        ([RNG, "PCG64", [DICT]], b"", "unknown tag"),
        ([DICT, 1], b"", "key without a value"),
        ([DICT, [LIST], 1], b"", "malformed"),
        ([SET, [DICT]], b"", "malformed"),
        ([COMPLEX, 1, 2], b"", "float expected"),
        ([COMPLEX, 1.0], b"", "malformed"),
        ([BIGINT, "1"], b"", "bytes expected"),
        ([BIGINT, b"1" * 200], b"", "too long an integer"),
        ([SCALAR, "O", b"12345678"], b"", "dtype"),
        ([SCALAR, "<f8", b"123"], b"", "malformed"),
        ([SCALAR, "|b1", b"\x02"], b"", "neither 0 nor 1"),
        ([SCALAR, "<U1", b"\xff\xff\xff\x7f"], b"", "malformed|no text"),
        ([RANGE, 1, 2, 0], b"", "malformed"),
        ([RANGE, 1, 2, 1.0], b"", "int expected"),
        ([ARRAY, "|O", [1], False, 0], bytes(8), "dtype"),
        ([ARRAY, "<V8", [1], False, 0], bytes(8), "dtype"),
        ([ARRAY, "<f8,<f8", [1], False, 0], bytes(16), "dtype"),
        ([ARRAY, "<f8\n", [1], False, 0], bytes(8), "dtype"),
        ([ARRAY, 8, [1], False, 0], bytes(8), "str expected"),
        ([ARRAY, "<m8[zz]", [1], False, 0], bytes(8), "malformed"),
        ([ARRAY, "<m8[0s]", [1], False, 0], bytes(8), "may not cross"),  # a cast to it would end the judge: SIGFPE
        ([SCALAR, "<M8[00s]", bytes(8)], b"", "may not cross"),
        ([ARRAY, "<f8", [1], False, -8], bytes(16), "outside its frame"),
        ([ARRAY, "<f8", [2], False, 8], bytes(16), "outside its frame"),
        ([ARRAY, "<f8", [1], False, 2**63], bytes(16), "outside its frame"),
        ([ARRAY, "<f8", [1], False, 0.0], bytes(16), "int expected"),
        ([ARRAY, "<f8", [-1], False, 0], bytes(16), "impossible shape"),
        ([ARRAY, "<f8", [True], False, 0], bytes(16), "impossible shape"),
        ([ARRAY, "<f8", [2**50], False, 0], bytes(16), "impossible shape"),
        ([ARRAY, "<f8", [2**40] * 8, False, 0], bytes(16), "outside its frame"),
        ([ARRAY, "<f8", [0] + [2**40] * 7, False, 0], b"", "malformed"),
        ([ARRAY, "<f8", [1] * 9, False, 0], bytes(8), "impossible shape"),
        ([ARRAY, "<f8", "11", False, 0], bytes(8), "list expected"),
        ([ARRAY, "<f8", [1], 0, 0], bytes(8), "bool expected"),
        ([ARRAY, "<f8"], bytes(8), "malformed"),
        ([ARRAY, "|b1", [2], False, 0], b"\x01\x02", "neither 0 nor 1"),
        ([ARRAY, "<U1", [1], False, 0], b"\xff\xff\xff\x7f", "no text"),
        ([ARRAY, ">U1", [1], False, 0], b"\x00\x00\xd8\x00", "no text"),
        ([LIST, [ARRAY, "<f8", [2], False, 0], [ARRAY, "<f8", [2], False, 0]], bytes(16), "overlap"),
        ([RECORD, "R", False, ["a"], []], b"", "malformed record"),
        ([RECORD, "R", False, ["__class__"], [1]], b"", "fields are not names"),
        ([RECORD, "R", False, ["a b"], [1]], b"", "fields are not names"),
        ([RECORD, "R", False, [1], [1]], b"", "fields are not names"),
        ([RECORD, 1, False, ["a"], [1]], b"", "str expected"),
        ([RECORD, "R", 1, ["a"], [1]], b"", "bool expected"),
        ([RECORD, "R"], b"", "malformed"),
        ([HANDLE, "1", "x", False], b"", "int expected"),
        ([HANDLE, 1, 2, False], b"", "str expected"),
        ([HANDLE, 1, "x", 0], b"", "bool expected"),
        ([DICT, *(x for i in range(5000) for x in (i, 0))], b"", "not text"),
        ([SET, *range(5000)], b"", "not text"),
        ([DICT, [TUPLE, *range(5000)], 1], b"", "not text"),
    ],
)  # fmt: skip
def test_broken_frame_is_refused(envelope: Any, arrays: bytes, words: str) -> None:
    with pytest.raises(WireError, match=words):
        unpack(envelope, arrays)


def test_too_deep_frame_is_refused() -> None:
    tree: Any = [LIST]
    for _ in range(100):
        tree = [LIST, tree]
    with pytest.raises(WireError, match="deeply nested"):
        unpack(tree)


def test_too_many_values_are_refused() -> None:
    with pytest.raises(WireError, match="too many"):
        unpack([LIST, *([0] * 1_000_001)])


def test_unknown_bit_generator_is_refused_even_from_the_judge() -> None:
    with pytest.raises(WireError, match="unknown bit generator"):
        unpack([RNG, "Evil", [DICT]], trusted=True)


def test_colliding_keys_are_cheap_to_refuse(cpu_limit: Any) -> None:
    """Tuples of -1 and -2 have one hash: each key is compared with all others, item by item."""
    keys = [[TUPLE, *([0] * 200), *(-1 - (i >> bit & 1) for bit in range(12))] for i in range(4096)]
    with cpu_limit(1.0), pytest.raises(WireError, match="not text"):
        unpack([DICT, *(item for key in keys for item in (key, 0))])


def test_header_states_what_may_follow() -> None:
    limits = Limits(envelope=100, arrays=1000)
    assert split_header(HEADER.pack(2**64 - 1, 100, 0, 1000), limits) == (2**64 - 1, 100, 1000)
    with pytest.raises(WireError, match="not a frame"):
        split_header(HEADER.pack(1, 2, 3, 4), limits)
    for sizes in ((101, 0, 0), (0, 0, 1001), (2**32 - 1, 0, 2**64 - 1)):
        with pytest.raises(WireError, match="over the limit of 100"):
            split_header(HEADER.pack(1, *sizes), limits)


def test_broken_tensors_are_refused() -> None:
    pytest.importorskip("torch")
    for node, arrays in (
        ([TENSOR, "qint8", [1], False, 0], bytes(8)),
        ([TENSOR, "float64", [1] * 40, False, 0], bytes(8)),
        ([TENSOR, "float64", [2], False, 0], bytes(8)),
        ([TENSOR, "float64", [0, 2**40, 2**40], False, 0], b""),
        ([TENSOR, "bool", [2], False, 0], b"\x01\x02"),
        ([TENSOR, "float64", [1], 1, 0], bytes(8)),
        ([LIST, *([[TENSOR, "float64", [4], False, 0]] * 2)], bytes(32)),
    ):
        with pytest.raises(WireError):
            unpack(node, arrays)


def test_refused_names_of_dtypes_are_not_kept() -> None:
    before = plain_dtype.cache_info().currsize
    for number in range(3):
        with pytest.raises(WireError, match="may not cross"):
            unpack([ARRAY, str(number) * 1000, [0], False, 0])
    assert plain_dtype.cache_info().currsize == before
