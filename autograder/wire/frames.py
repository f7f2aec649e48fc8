"""What crosses the wall: frames of msgpack and raw array bytes, never pickle.

A frame is a header (request id, length of the envelope, length of the arrays' bytes), the envelope and the bytes.
The envelope is a msgpack tree in which every value that is not plain stands as a list that begins with a tag. What
comes from the other side is believed in nothing: types, shapes, lengths, depth and the number of keys are checked
before anything is built, and a frame that breaks a rule raises `WireError`.
"""

from __future__ import annotations

import functools
import re
import socket
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = [
    "GREETING",
    "HEADER",
    "Limits",
    "Record",
    "TupleRecord",
    "Unsendable",
    "WireError",
    "plain_dtype",
    "read_frame",
    "send_pieces",
    "split_header",
]

HEADER = struct.Struct("<QII Q")  # request id, envelope bytes, reserved (0), array bytes
GREETING = b"\x01"  # what a worker sends first, once, before any frame: its walls are up
INBOX = 1 << 16  # bytes that are read at once
ALIGNMENT = 64  # array bytes begin at multiples of a cache line
MAX_DEPTH = 64
MAX_HASHED = 4096  # keys and members that are not text: chosen to collide, 60,000 of them stall a dict for 15 s
MAX_NODES = 300_000  # of one frame; an answer of so many takes the judge about a second to read
MAX_BIGINT = 128  # bytes
MAX_DIMS = 8  # of an array: what prints or compares one goes through them one by one

LIST, TUPLE, DICT, SET, FROZENSET, COMPLEX, BIGINT, ARRAY, SCALAR, TENSOR, RNG, RECORD, HANDLE, RANGE = range(14)
# No unit of time is a multiple of 0: a cast to one divides by it, and the process is gone.
DTYPE = re.compile(
    r"[<>|=](?:b1|[iu][1248]|f(?:2|4|8|16)|c(?:8|16|32)|[US][0-9]{1,6}|[mM]8(?:\[(?:[1-9][0-9]{0,8})?[a-zA-Z]{1,2}\])?)"
)
PLAIN = frozenset([type(None), bool, int, float, str, bytes])  # what stands in an envelope as it is
TENSOR_DTYPES = frozenset(
    [
        "float64",
        "float32",
        "float16",
        "bfloat16",
        "complex128",
        "complex64",
        "int64",
        "int32",
        "int16",
        "int8",
        "uint8",
        "bool",
    ]
)
BIT_GENERATORS = frozenset(["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])


NO_ARRAYS = np.empty(0, np.uint8)


class WireError(Exception):
    """The other side broke the rules of the wire."""


@functools.lru_cache(256)
def plain_dtype(name: str) -> np.dtype[Any]:
    """Return the dtype that `numpy.dtype.str` writes so; raise `WireError` where its arrays are not plain bytes.

    What is refused is not remembered: the other side could send names of megabytes, to fill the judge with them.
    """
    if not DTYPE.fullmatch(name):
        raise WireError("an array of a dtype that may not cross")
    return np.dtype(name)


class Unsendable(Exception):
    """A value that cannot cross (only where no handle can stand for it)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one frame may hold, in bytes."""

    envelope: int = 4 << 20
    arrays: int = 1 << 28


class Record:
    """A dataclass instance from the other side: its fields, none of its code."""

    def __init__(self, type_name: str, values: dict[str, Any]) -> None:
        self.type_name = type_name
        self.__dict__.update(values)

    def __repr__(self) -> str:
        inner = ", ".join(f"{name}={value!r}" for name, value in vars(self).items() if name != "type_name")
        return f"{self.type_name}({inner})"


class TupleRecord(tuple[Any, ...]):
    """A named tuple from the other side: a tuple whose items are also attributes."""

    type_name: str

    @classmethod
    def make(cls, type_name: str, names: Sequence[str], values: Sequence[Any]) -> TupleRecord:
        record = cls(values)
        record.type_name = type_name
        record.__dict__.update(zip(names, values, strict=True))
        return record


def split_header(header: bytes | memoryview, limits: Limits) -> tuple[int, int, int]:
    """Return request id, envelope length and array length; refuse what is over the limits before it is read."""
    request_id, envelope, reserved, arrays = HEADER.unpack_from(header)
    if reserved != 0:
        raise WireError("not a frame")
    if envelope > limits.envelope or arrays > limits.arrays:
        raise WireError(
            f"a frame of {envelope} + {arrays} bytes is over the limit of {limits.envelope} + {limits.arrays}"
        )
    return request_id, envelope, arrays


def send_pieces(
    wire: socket.socket, pieces: Sequence[memoryview | bytes], wait: Callable[[], object] | None = None
) -> None:
    """Send the pieces of a frame, many in one call: each call would wake the other side.

    `wait` is called where `wire` does not block and is full.
    """
    waiting, first = list(pieces), 0
    while first < len(waiting):
        try:
            sent = wire.sendmsg(waiting[first : first + 64])
        except BlockingIOError:
            if wait is None:
                raise
            wait()
            continue
        while first < len(waiting) and sent >= len(waiting[first]):
            sent -= len(waiting[first])
            first += 1
        if sent:
            waiting[first] = memoryview(waiting[first])[sent:]


def read_frame(
    inbox: memoryview, fill: Callable[[memoryview, int, int], int], limits: Limits
) -> tuple[int, memoryview, np.ndarray[Any, Any], bool]:
    """Read one frame, in one go where it is small; return request id, envelope, the arrays' bytes, and whether more
    bytes than the frame's have come.

    Parameters
    ----------
    inbox : memoryview
        Where the frame's beginning is put; the envelope that is returned may lie in it.
    fill : callable
        ``fill(view, done, least)`` reads into `view` behind its first `done` bytes until `least` are there, and
        returns how many are, which may be more.
    """
    have = fill(inbox, 0, HEADER.size)
    request_id, envelope_size, array_size = split_header(inbox, limits)
    end = HEADER.size + envelope_size
    if end <= have and not array_size:
        return request_id, inbox[HEADER.size : end], NO_ARRAYS, have > end
    if end > len(inbox):
        larger = memoryview(bytearray(end))
        larger[:have] = inbox[:have]
        inbox = larger
    have = fill(inbox, have, end)
    arrays = np.empty(array_size, np.uint8)
    early = min(have - end, array_size)
    if early:
        arrays.data[:early] = inbox[end : end + early]
    fill(arrays.data, early, array_size)
    return request_id, inbox[HEADER.size : end], arrays, have > end + array_size
