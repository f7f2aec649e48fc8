"""From a value to the bytes of its frame and back, as both sides of the wall do it."""

from __future__ import annotations

from typing import Any

import msgpack
import numpy as np

from autograder.wire.decode import Decoder
from autograder.wire.encode import Encoder
from autograder.wire.frames import HEADER, Limits, split_header

__all__ = ["pack", "there_and_back", "unpack"]


def pack(value: Any, **options: Any) -> tuple[bytes, np.ndarray]:
    """Return envelope and array bytes of a value's frame."""
    frame = b"".join(bytes(piece) for piece in Encoder(**options).frame(1, value))
    _, size, arrays = split_header(frame, Limits())
    data = frame[HEADER.size :]
    assert len(data) == size + arrays
    return data[:size], np.frombuffer(bytearray(data[size:]), np.uint8)


def unpack(envelope: Any, arrays: Any = b"", *, trusted: bool = False) -> Any:
    data = envelope if isinstance(envelope, bytes) else msgpack.packb(envelope)
    raw = np.frombuffer(bytearray(arrays), np.uint8)
    return Decoder(raw, lambda handle, name, can_call: ("handle", handle, name, can_call), trusted=trusted).value(data)


def there_and_back(value: Any, **options: Any) -> Any:
    envelope, arrays = pack(value, **options)
    return unpack(envelope, arrays, trusted="by_value_rng" in options)
