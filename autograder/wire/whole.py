"""A frame as one piece of bytes, where nothing has to be sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.wire.decode import Decoder
from autograder.wire.encode import Encoder
from autograder.wire.frames import HEADER, Limits, split_header

__all__ = ["pack", "unpack"]

_ANY = Limits(envelope=1 << 31, arrays=1 << 40)


def pack(value: Any, encoder: Encoder) -> bytes:
    """Return `value` as a frame; raise `Unsendable` where the encoder does."""
    return b"".join(map(bytes, encoder.frame(0, value)))


def unpack(frame: bytes, from_handle: Callable[[int, str, bool], Any], *, trusted: bool = False) -> Any:
    """Return the value of a frame (see `Decoder`). Its arrays share a copy of the bytes, and can be written to."""
    _, size, arrays = split_header(frame, _ANY)
    end = HEADER.size + size
    data = np.frombuffer(frame, np.uint8, arrays, end).copy()
    return Decoder(data, from_handle, trusted=trusted).value(frame[HEADER.size : end])
