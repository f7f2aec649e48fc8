"""From a frame to a value, checking everything. On the judge's side every frame is one that a student may have made."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import msgpack
import numpy as np

from autograder.wire.frames import (
    ARRAY,
    BIGINT,
    BIT_GENERATORS,
    COMPLEX,
    DICT,
    FROZENSET,
    HANDLE,
    LIST,
    MAX_BIGINT,
    MAX_DEPTH,
    MAX_DIMS,
    MAX_HASHED,
    MAX_NODES,
    PLAIN,
    RANGE,
    RECORD,
    RNG,
    SCALAR,
    SET,
    TENSOR,
    TENSOR_DTYPES,
    TUPLE,
    Record,
    TupleRecord,
    WireError,
    plain_dtype,
)

__all__ = ["Decoder"]

# What msgpack, NumPy and torch raise for values that are none; ImportError where a tensor comes and no torch is here.
_MALFORMED = (
    ValueError, TypeError, OverflowError, IndexError, RuntimeError, ImportError, MemoryError, msgpack.UnpackException
)  # fmt: skip


class Decoder:
    """Builds one value from an envelope and the array bytes behind it.

    Parameters
    ----------
    arrays : ndarray of shape (n_bytes,), uint8
        Where the arrays of the frame lie. What is decoded shares this memory.
    from_handle : callable
        Turns ``(id, type name, callable)`` into what stands for the object on this side.
    trusted : bool
        Whether the other side is the judge: then generators may cross by their state.
    """

    def __init__(
        self, arrays: np.ndarray[Any, Any], from_handle: Callable[[int, str, bool], Any], *, trusted: bool = False
    ):
        self._arrays = arrays
        self._from_handle = from_handle
        self._trusted = trusted
        self._nodes = 0
        self._hashed = 0
        self._end = 0  # of the array before

    def value(self, envelope: bytes | bytearray | memoryview) -> Any:
        """Return the value, or raise `WireError`."""
        try:
            tree = msgpack.unpackb(envelope, raw=False, max_map_len=0, ext_hook=_refuse_ext, timestamp=0)
            return self._build(tree, 0)
        except WireError:
            raise
        except _MALFORMED as error:
            raise WireError(f"a malformed frame: {type(error).__name__}") from None

    def _build(self, node: Any, depth: int) -> Any:
        if type(node) in PLAIN:
            return node
        if type(node) is not list or not node or type(node[0]) is not int:
            raise WireError("a malformed frame: untagged value")
        tag, *rest = node
        if tag == LIST:
            return self._builds(rest, depth)
        if tag == ARRAY:
            return self._array(*rest)
        if tag == TUPLE:
            return tuple(self._builds(rest, depth))
        if tag == DICT:
            return self._dict(rest, depth)
        if tag in (SET, FROZENSET):
            items = [self._key(item, depth) for item in rest]
            return set(items) if tag == SET else frozenset(items)
        return self._rare(tag, rest, depth)

    def _builds(self, nodes: Sequence[Any], depth: int) -> list[Any]:
        """Build the items of a container at `depth`."""
        self._nodes += len(nodes)
        if depth >= MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("a frame with too many or too deeply nested values")
        return [node if type(node) in PLAIN else self._build(node, depth + 1) for node in nodes]

    def _rare(self, tag: int, rest: list[Any], depth: int) -> Any:
        if tag == COMPLEX:
            real, imag = rest
            return complex(_expect(real, float), _expect(imag, float))
        if tag == BIGINT:
            (data,) = rest
            if len(_expect(data, bytes)) > MAX_BIGINT:
                raise WireError("a frame with too long an integer")
            return int.from_bytes(data, "little", signed=True)
        if tag == SCALAR:
            dtype, data = rest
            return _checked(np.frombuffer(_expect(data, bytes), plain_dtype(_expect(dtype, str)), count=1))[0]
        if tag == RANGE:
            return range(*[_expect(part, int) for part in self._builds(rest, depth)])
        if tag == TENSOR:
            return self._tensor(*rest)
        if tag == RECORD:
            return self._record(*rest, depth=depth)
        if tag == HANDLE:
            handle, type_name, is_callable = rest
            return self._from_handle(_expect(handle, int), _expect(type_name, str)[:200], _expect(is_callable, bool))
        if tag == RNG and self._trusted:
            return self._rng(*rest, depth=depth)
        raise WireError(f"a frame with unknown tag {tag}")

    def _dict(self, items: list[Any], depth: int) -> dict[Any, Any]:
        if len(items) % 2:
            raise WireError("a malformed frame: a key without a value")
        keys = [self._key(key, depth) for key in items[::2]]
        return dict(zip(keys, self._builds(items[1::2], depth), strict=True))

    def _key(self, node: Any, depth: int) -> Any:
        """Build a key or a member. One that holds others counts as many: comparing it takes as long."""
        before = self._nodes
        (key,) = self._builds((node,), depth)
        if type(key) is not str:
            self._hashed += self._nodes - before
            if self._hashed > MAX_HASHED:
                raise WireError(f"a frame with more than {MAX_HASHED} keys or members that are not text")
        return key

    def _bytes(self, offset: Any, count: int) -> np.ndarray[Any, Any]:
        if _expect(offset, int) < 0 or count < 0 or offset + count > self._arrays.size:
            raise WireError("an array that lies outside its frame")
        if offset < self._end:  # as the sender writes them: no array is counted, copied or changed twice
            raise WireError("arrays that overlap")
        self._end = offset + count
        return self._arrays[offset : offset + count]

    def _array(self, dtype: Any, shape: Any, fortran: Any, offset: Any) -> np.ndarray[Any, Any]:
        kind = plain_dtype(_expect(dtype, str))
        count = _count(shape) * kind.itemsize
        array = _checked(self._bytes(offset, count).view(kind)) if count else np.empty(0, kind)
        return array.reshape(shape[::-1]).T if _expect(fortran, bool) else array.reshape(shape)

    def _tensor(self, name: Any, shape: Any, requires_grad: Any, offset: Any) -> Any:
        import torch

        if name not in TENSOR_DTYPES:
            raise WireError("a tensor of unknown dtype")
        dtype = getattr(torch, name)
        count = _count(shape) * dtype.itemsize
        data = self._bytes(offset, count)
        raw = torch.from_numpy(np.array(_checked(data.view(np.bool_)).view(np.uint8) if name == "bool" else data))
        tensor = raw.view(dtype).reshape(shape) if count else torch.empty(shape, dtype=dtype)
        wants_grad = _expect(requires_grad, bool) and (dtype.is_floating_point or dtype.is_complex)
        return tensor.requires_grad_(wants_grad)

    def _record(self, name: Any, is_tuple: Any, names: Any, values: Any, *, depth: int) -> Any:
        if len(_expect(names, list)) != len(_expect(values, list)) or len(names) > 1000:
            raise WireError("a malformed record")
        if not all(type(n) is str and n.isidentifier() and not n.startswith("__") for n in names):
            raise WireError("a record whose fields are not names")
        built = self._builds(values, depth)
        type_name = _expect(name, str)[:200]
        if _expect(is_tuple, bool):
            return TupleRecord.make(type_name, names, built)
        return Record(type_name, dict(zip(names, built, strict=True)))

    def _rng(self, name: Any, state: Any, *, depth: int) -> np.random.Generator:
        if name not in BIT_GENERATORS:
            raise WireError("an unknown bit generator")
        bit_generator = getattr(np.random, name)()
        (bit_generator.state,) = self._builds((state,), depth)
        return np.random.Generator(bit_generator)


def _expect(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise WireError(f"a malformed frame: {kind.__name__} expected")
    return value


def _checked(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return a flat array whose every item is a value of its type: C code and `str` trust that it is."""
    if array.dtype.kind == "b" and array.size and array.view(np.uint8).max() > 1:
        raise WireError("a boolean array with bytes that are neither 0 nor 1")
    if array.dtype.kind == "U" and array.size:
        points = array.view(np.dtype(np.uint32).newbyteorder(array.dtype.byteorder))
        if points.max() > 0x10FFFF or ((points >= 0xD800) & (points < 0xE000)).any():
            raise WireError("an array of text with characters that are no text")
    return array


def _count(shape: Any) -> int:
    if len(_expect(shape, list)) > MAX_DIMS:
        raise WireError("an array of impossible shape")
    for size in shape:
        if type(size) is not int or not 0 <= size < 2**48:
            raise WireError("an array of impossible shape")
    return math.prod(shape)


def _refuse_ext(code: int, data: bytes) -> Any:
    raise WireError("a malformed frame: extension type")
