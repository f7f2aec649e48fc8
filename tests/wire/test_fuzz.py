"""Ten thousand malformed frames: each gives a value or a `WireError`, soon, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import random
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.wire.decode import Decoder
from autograder.wire.encode import Encoder
from autograder.wire.frames import HEADER, Limits, Record, TupleRecord, WireError, split_header

FRAMES = 10_000
SLOWEST = 2.0  # seconds of CPU for one frame; a loop that hangs takes longer
GROWTH = 2 << 20  # bytes
LIMITS = Limits(envelope=1 << 16, arrays=1 << 20)

QUIET = settings(
    deadline=None, database=None, max_examples=FRAMES // 20, derandomize=True, suppress_health_check=list(HealthCheck)
)

SAMPLES: list[Any] = [
    ["ok", np.arange(12.0).reshape(3, 4)],
    ["ok", {"a": [1, 2.5, None, True], 3: (1 + 2j, b"x"), "s": {1, 2}, "f": frozenset([3])}],
    ["ok", (np.float32(1.5), np.array(["a", "é"]), np.array([True, False]), np.asfortranarray(np.eye(3)), range(9))],
    ["ok", [2**80, -(2**70), "text", np.array("2020-01-01", "M8[D]"), np.longdouble(1)]],
    ["raise", "ValueError", ["ValueError", "Exception"], "no", [["answer.py", None, 3, "f"]]],
    ["ok", [TupleRecord.make("P", ["x", "y"], [1, np.zeros(2)]), Record("R", {"a": 1})]],
]
PLAIN = (type(None), bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, range, np.ndarray)


class Judge:
    """Decodes frames as the judge does, and keeps count."""

    def __init__(self) -> None:
        self.frames = self.refused = 0
        self.slowest = 0.0

    def read(self, frame: bytes) -> None:
        start = time.process_time()
        self.frames += 1
        try:
            check_plain(self._decode(frame))
        except WireError:
            self.refused += 1
        self.slowest = max(self.slowest, time.process_time() - start)

    @staticmethod
    def _decode(frame: bytes) -> Any:
        if len(frame) < HEADER.size:
            raise WireError("cut short")
        _, envelope, arrays = split_header(frame[: HEADER.size], LIMITS)
        body = frame[HEADER.size :]
        if len(body) < envelope + arrays:
            raise WireError("cut short")
        raw = np.frombuffer(bytearray(body[envelope : envelope + arrays]), np.uint8)
        return Decoder(raw, lambda handle, name, can_call: str(handle)).value(body[:envelope])


def check_plain(value: Any) -> None:
    """Fail on a value of any type that is not the judge's own and harmless, and on one that cannot be shown."""
    assert isinstance(value, (*PLAIN, np.generic, Record)) or type(value).__module__ == "torch"
    repr(value)
    if isinstance(value, np.ndarray):
        assert type(value) is np.ndarray
        assert value.dtype.kind in "biufcUSmM"
        str(value)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            check_plain(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            check_plain(key)
            check_plain(item)


def frame_of(envelope: bytes, arrays: bytes = b"", request: int = 1) -> bytes:
    return HEADER.pack(request, len(envelope), 0, len(arrays)) + envelope + arrays


def valid_frames() -> list[bytes]:
    return [b"".join(bytes(piece) for piece in Encoder().frame(1, value)) for value in SAMPLES]


def run(judge: Judge, fuzz: Callable[[], None]) -> None:
    """Run `fuzz` twice: what the second time adds to memory is a leak, and not a cache that fills."""
    fuzz()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        fuzz()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert judge.slowest < SLOWEST
    assert grown < GROWTH


@pytest.mark.filterwarnings("ignore")  # what NumPy thinks of shapes and dates is not the question
def test_mutated_frames_give_a_value_or_an_error() -> None:
    judge, frames = Judge(), valid_frames()

    def mutate() -> None:
        rng = random.Random(5)
        for _ in range(FRAMES // 2):
            frame = bytearray(rng.choice(frames))
            for _ in range(rng.randint(1, 4)):
                at = rng.randrange(HEADER.size if rng.random() < 0.9 else 0, len(frame))
                choice = rng.random()
                if choice < 0.5:
                    frame[at] = rng.choice(
                        [0, 1, 0x7F, 0x80, 0x90, 0xC0, 0xC7, 0xD6, 0xDD, 0xDF, 0xFF, rng.randrange(256)]
                    )
                elif choice < 0.7:
                    frame[at] ^= 1 << rng.randrange(8)
                elif choice < 0.85:
                    frame[at : at + rng.randint(1, 8)] = rng.randbytes(rng.randint(0, 8))
                else:
                    other = rng.choice(frames)
                    frame[at:] = other[at:]
            size = int.from_bytes(frame[8:12], "little")
            if rng.random() < 0.5 and len(frame) > HEADER.size + size:  # keep some whole after a change of length
                frame[16:24] = (len(frame) - HEADER.size - size).to_bytes(8, "little")
            judge.read(bytes(frame))

    run(judge, mutate)
    assert judge.frames >= FRAMES
    assert judge.refused > FRAMES // 25


NODES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=20)
    | st.sampled_from(
        ["<f8", "|b1", "<U1", ">M8[s]", "<m8[0s]", "|O", "|V8", "<c32", "<S0", "float64", "bool", "PCG64"]
    ),
    lambda inner: (
        st.lists(inner, max_size=6).map(list)
        | st.tuples(st.integers(-1, 15), st.lists(inner, max_size=5)).map(lambda pair: [pair[0], *pair[1]])
        | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=25,
)
SHAPES = st.lists(st.sampled_from([0, 1, 2, 3, -1, 2**31, 2**47, 2**48, 2**63]), max_size=6)
OFFSETS = st.sampled_from([0, 1, 8, 63, 64, 128, -1, -64, 2**40, 2**63])
ARRAYS = st.builds(
    lambda dtype, shape, fortran, offset: [7, dtype, shape, fortran, offset],
    st.sampled_from(["<f8", ">f4", "|b1", "<U2", ">U1", "<S3", "|S0", "<M8[D]", "<M8[9999999s]", "<f16", "<c8", "|i1"]),
    SHAPES, st.booleans(), OFFSETS,
)  # fmt: skip
CRAFTED = st.lists(NODES | ARRAYS, max_size=6).map(lambda nodes: [0, *nodes])


@pytest.mark.filterwarnings("ignore")
def test_crafted_envelopes_give_a_value_or_an_error() -> None:
    judge = Judge()
    zeros = bytes(range(256)) * 2

    @QUIET
    @given(CRAFTED, st.sampled_from([b"", zeros, bytes(64)]))
    def fuzz(tree: Any, arrays: bytes) -> None:
        judge.read(frame_of(msgpack.packb(tree), arrays))

    fuzz()
    assert judge.slowest < SLOWEST
    assert judge.frames >= FRAMES // 25


@pytest.mark.filterwarnings("ignore")
def test_random_bytes_give_a_value_or_an_error() -> None:
    judge = Judge()

    @QUIET
    @given(st.binary(max_size=400), st.booleans())
    def fuzz(data: bytes, wrap: bool) -> None:
        judge.read(frame_of(data) if wrap else data)

    fuzz()
    assert judge.slowest < SLOWEST
    assert judge.frames >= FRAMES // 25


def test_bombs_are_refused_soon_and_in_little_memory() -> None:
    """Envelopes as large as the limit allows, each made to be as costly as it can."""
    limit = Limits().envelope - 16
    keys = [-(2**61 - 1) * i for i in range(1, 4000)]  # all with the same hash
    bombs = [
        b"\xdd" + (limit - 8).to_bytes(4, "big") + b"\x90" * (limit - 8),
        b"\x91" * limit,
        b"\xdd\xff\xff\xff\xff" + b"\x00" * 100,
        b"\xdf\xff\xff\xff\xff" + b"\x00" * 100,
        b"\xc6\xff\xff\xff\xff" + b"\x00" * 100,
        b"\xdb\xff\xff\xff\xff" + b"\x00" * 100,
        msgpack.packb([0, *([0] for _ in range(limit // 2 - 8))]),
        msgpack.packb([2, *(part for key in keys for part in ([6, key.to_bytes(12, "little", signed=True)], 0))]),
    ]
    for bomb in bombs:
        start = time.process_time()
        with contextlib.suppress(WireError):
            Decoder(np.empty(0, np.uint8), lambda *handle: None).value(bomb)
        assert time.process_time() - start < 60  # seconds; what must not happen is minutes
