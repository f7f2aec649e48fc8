"""What crosses the wall: frames of msgpack and raw array bytes, never pickle.

A frame is a header (request id, length of the envelope, length of the arrays' bytes), the envelope and the bytes.
The envelope is a msgpack tree in which every value that is not plain stands as a list that begins with a tag. What
comes from the other side is believed in nothing: types, shapes, lengths, depth and the number of keys are checked
before anything is built, and a frame that breaks a rule raises `WireError`.
"""

from __future__ import annotations

import math
import re
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, NamedTuple

import msgpack
import numpy as np

__all__ = ["HEADER", "Decoder", "Encoder", "Limits", "Record", "TupleRecord", "Unsendable", "WireError", "split_header"]

HEADER = struct.Struct("<QII Q")  # request id, envelope bytes, reserved (0), array bytes
ALIGNMENT = 64  # array bytes begin at multiples of a cache line
MAX_DEPTH = 64
MAX_HASHED = 4096  # keys and members that are not text: chosen to collide, 60,000 of them stall a dict for 15 s
MAX_NODES = 1_000_000
MAX_BIGINT = 128  # bytes
MAX_TENSOR_DIMS = 32

LIST, TUPLE, DICT, SET, FROZENSET, COMPLEX, BIGINT, ARRAY, SCALAR, TENSOR, RNG, RECORD, HANDLE, RANGE = range(14)
_CONTAINERS: dict[type, int] = {list: LIST, tuple: TUPLE, set: SET, frozenset: FROZENSET}
_DTYPE = re.compile(r"[<>|=](?:b1|[iu][1248]|f(?:2|4|8|16)|c(?:8|16|32)|[US]\d{1,6}|[mM]8(?:\[\d{0,9}[a-zA-Z]{1,2}\])?)")
_TENSOR_DTYPES = frozenset(
    "float64 float32 float16 bfloat16 complex128 complex64 int64 int32 int16 int8 uint8 bool".split()
)
_BIT_GENERATORS = frozenset("PCG64 PCG64DXSM MT19937 Philox SFC64".split())


class WireError(Exception):
    """The other side broke the rules of the wire."""


class Unsendable(Exception):
    """A value that cannot cross (only where no handle can stand for it)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one frame may hold, in bytes."""

    envelope: int = 4 << 20
    arrays: int = 1 << 30


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


class _Buffer(NamedTuple):
    view: memoryview
    padding: int


class Encoder:
    """Turns one value into an envelope and array buffers.

    Parameters
    ----------
    to_handle : callable, optional
        Gives ``(id, type name, callable)`` for an object that does not cross by value. Without it such an object
        raises `Unsendable`.
    by_value_rng : bool
        Whether a `numpy.random.Generator` crosses by its state. Only the judge's do: restoring a state that a
        student could have written would hand unchecked numbers to C code.
    """

    def __init__(self, to_handle: Callable[[Any], tuple[int, str, bool] | None] | None = None, *, by_value_rng: bool = False):
        self._to_handle = to_handle
        self._by_value_rng = by_value_rng
        self._buffers: list[_Buffer] = []
        self._size = 0

    def frame(self, request_id: int, value: Any) -> list[memoryview | bytes]:
        """Return the pieces of one frame, to be sent in this order."""
        envelope = msgpack.packb(self._plain(value, 0), use_bin_type=True, strict_types=True)
        pieces: list[memoryview | bytes] = [HEADER.pack(request_id, len(envelope), 0, self._size), envelope]
        for view, padding in self._buffers:
            pieces.append(view)
            if padding:
                pieces.append(bytes(padding))
        return pieces

    def _plain(self, value: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise Unsendable(f"nested deeper than {MAX_DEPTH}")
        kind = type(value)
        if value is None or kind is bool or kind is float or kind is bytes:
            return value
        if kind is int:
            return value if -(2**63) <= value < 2**64 else self._bigint(value)
        if kind is str:
            return value.encode("utf-8", "backslashreplace").decode()
        if kind in _CONTAINERS:
            return [_CONTAINERS[kind], *(self._plain(item, depth + 1) for item in value)]
        if kind is dict:
            return [DICT, *(self._plain(item, depth + 1) for pair in value.items() for item in pair)]
        if kind is np.ndarray:
            return self._array(value, depth)
        return self._rare(value, depth)

    def _rare(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is complex:
            return [COMPLEX, value.real, value.imag]
        if isinstance(value, np.generic) and value.dtype.kind in "biufcUSmM":
            return [SCALAR, value.dtype.str, value.tobytes()]
        if kind is range:
            return [RANGE, *(self._plain(part, depth) for part in (value.start, value.stop, value.step))]
        if isinstance(value, np.ndarray):  # a subclass (matrix, memmap) crosses as what it holds
            return self._array(value.view(np.ndarray), depth)
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.Tensor):
            return self._tensor(value)
        if self._by_value_rng and isinstance(value, np.random.Generator):
            state = value.bit_generator.state
            return [RNG, state["bit_generator"], self._plain(state, depth + 1)]
        return self._structured(value, depth)

    def _structured(self, value: Any, depth: int) -> Any:
        kind = type(value)
        names = getattr(kind, "_fields", None)
        if isinstance(value, tuple) and isinstance(names, tuple):
            items = [tuple.__getitem__(value, i) for i in range(len(names))]
            return [RECORD, kind.__name__, True, list(names), [self._plain(item, depth + 1) for item in items]]
        if is_dataclass(value) and not isinstance(value, type) and not self._has_methods(kind):
            names = [field.name for field in fields(value)]
            items = [getattr(value, name, None) for name in names]
            return [RECORD, kind.__name__, False, names, [self._plain(item, depth + 1) for item in items]]
        for base in (bool, int, float, str, bytes, list, tuple, dict, set, frozenset):
            if isinstance(value, base):  # a subclass crosses as its base, whatever it overloads
                return self._plain(base.__new__(base, value) if base in (tuple, frozenset) else _as_base(base, value), depth)
        if self._to_handle is not None and (handle := self._to_handle(value)) is not None:
            return [HANDLE, *handle]
        raise Unsendable(f"a value of type {kind.__name__} cannot be sent")

    @staticmethod
    def _has_methods(kind: type) -> bool:
        """Whether a dataclass does anything of its own: then it stays there and a handle stands for it."""
        return any(callable(item) and not name.startswith("__") for base in kind.__mro__[:-1] for name, item in vars(base).items())

    def _bigint(self, value: int) -> list[Any]:
        length = value.bit_length() // 8 + 1
        if length > MAX_BIGINT:
            raise Unsendable(f"an integer of {length} bytes is too long")
        return [BIGINT, value.to_bytes(length, "little", signed=True)]

    def _array(self, value: np.ndarray[Any, Any], depth: int) -> Any:
        if not _DTYPE.fullmatch(value.dtype.str):
            if self._to_handle is not None and (handle := self._to_handle(value)) is not None:
                return [HANDLE, *handle]
            raise Unsendable(f"an array of dtype {value.dtype} cannot be sent")
        fortran = value.flags.f_contiguous and not value.flags.c_contiguous
        flat = value.T if fortran else value
        return [ARRAY, value.dtype.str, list(value.shape), fortran, self._add(np.ascontiguousarray(flat))]

    def _tensor(self, value: Any) -> list[Any]:
        name = str(value.dtype).removeprefix("torch.")
        if name not in _TENSOR_DTYPES or value.layout.__str__() != "torch.strided":
            raise Unsendable(f"a tensor of {value.dtype}, {value.layout} cannot be sent")
        plain = value.detach().cpu().contiguous().resolve_conj().resolve_neg()
        if name == "bfloat16":  # NumPy has none: its bits travel
            import torch

            plain = plain.view(torch.int16)
        array = plain.numpy()
        return [TENSOR, name, list(array.shape), bool(value.requires_grad), self._add(np.ascontiguousarray(array))]

    def _add(self, array: np.ndarray[Any, Any]) -> int:
        offset = self._size
        view = memoryview(array.reshape(-1).view(np.uint8) if array.size else b"").cast("B")
        padding = -view.nbytes % ALIGNMENT
        self._buffers.append(_Buffer(view, padding))
        self._size += view.nbytes + padding
        return offset


def _as_base(base: type, value: Any) -> Any:
    """Rebuild an instance of a subclass from the base's own methods, not from what the subclass overloads."""
    if base is dict:
        return dict(dict.items(value))
    if base is float:
        return float.__add__(value, 0.0) if float.__ne__(value, 0.0) else float.__mul__(value, 1.0)
    if base in (bool, int):
        return int.__add__(value, 0)
    if base is str:
        return str.__str__(value)[:]
    if base is bytes:
        return bytes.__getitem__(value, slice(None))
    return base(base.__iter__(value))


def split_header(header: bytes, limits: Limits) -> tuple[int, int, int]:
    """Return request id, envelope length and array length; refuse what is over the limits before it is read."""
    request_id, envelope, reserved, arrays = HEADER.unpack(header)
    if reserved != 0:
        raise WireError("not a frame")
    if envelope > limits.envelope or arrays > limits.arrays:
        raise WireError(f"a frame of {envelope} + {arrays} bytes is over the limit of {limits.envelope} + {limits.arrays}")
    return request_id, envelope, arrays


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

    def __init__(self, arrays: np.ndarray[Any, Any], from_handle: Callable[[int, str, bool], Any], *, trusted: bool = False):
        self._arrays = arrays
        self._from_handle = from_handle
        self._trusted = trusted
        self._nodes = 0
        self._hashed = 0

    def value(self, envelope: bytes | bytearray | memoryview) -> Any:
        """Return the value, or raise `WireError`."""
        try:
            tree = msgpack.unpackb(envelope, raw=False, strict_map_key=True, ext_hook=_refuse_ext, timestamp=0)
            return self._build(tree, 0)
        except WireError:
            raise
        except (ValueError, TypeError, OverflowError, IndexError, msgpack.UnpackException, RecursionError) as error:
            raise WireError(f"a malformed frame: {type(error).__name__}") from None

    def _build(self, node: Any, depth: int) -> Any:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("a frame with too many or too deeply nested values")
        kind = type(node)
        if node is None or kind in (bool, int, float, str, bytes):
            return node
        if kind is not list or not node or type(node[0]) is not int:
            raise WireError("a malformed frame: untagged value")
        tag, *rest = node
        if tag == LIST:
            return [self._build(item, depth + 1) for item in rest]
        if tag == TUPLE:
            return tuple([self._build(item, depth + 1) for item in rest])
        if tag == ARRAY:
            return self._array(*rest)
        if tag == DICT:
            return self._dict(rest, depth)
        if tag in (SET, FROZENSET):
            items = [self._hashable(self._build(item, depth + 1)) for item in rest]
            return set(items) if tag == SET else frozenset(items)
        return self._rare(tag, rest, depth)

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
            return np.frombuffer(_expect(data, bytes), _dtype(dtype), count=1)[0]
        if tag == RANGE:
            return range(*(_expect(self._build(part, depth + 1), int) for part in rest))
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
        built = [self._build(item, depth + 1) for item in items]
        return {self._hashable(key): value for key, value in zip(built[::2], built[1::2], strict=True)}

    def _hashable(self, key: Any) -> Any:
        if type(key) is not str:
            self._hashed += 1
            if self._hashed > MAX_HASHED:
                raise WireError(f"a frame with more than {MAX_HASHED} keys or members that are not text")
        return key

    def _bytes(self, offset: Any, count: int) -> np.ndarray[Any, Any]:
        if _expect(offset, int) < 0 or count < 0 or offset + count > self._arrays.size:
            raise WireError("an array that lies outside its frame")
        return self._arrays[offset : offset + count]

    def _array(self, dtype: Any, shape: Any, fortran: Any, offset: Any) -> np.ndarray[Any, Any]:
        kind = _dtype(dtype)
        count = _count(shape) * kind.itemsize
        array = self._bytes(offset, count).view(kind) if count else np.empty(0, kind)
        if kind.kind == "b" and count and array.view(np.uint8).max() > 1:
            raise WireError("a boolean array with bytes that are neither 0 nor 1")
        return array.reshape(shape[::-1]).T if _expect(fortran, bool) else array.reshape(shape)

    def _tensor(self, name: Any, shape: Any, requires_grad: Any, offset: Any) -> Any:
        import torch

        if name not in _TENSOR_DTYPES or len(shape) > MAX_TENSOR_DIMS:
            raise WireError("a tensor of unknown dtype")
        dtype = getattr(torch, name)
        count = _count(shape) * dtype.itemsize
        raw = torch.from_numpy(np.array(self._bytes(offset, count)))
        tensor = raw.view(dtype).reshape(shape) if count else torch.empty(shape, dtype=dtype)
        wants_grad = _expect(requires_grad, bool) and (dtype.is_floating_point or dtype.is_complex)
        return tensor.requires_grad_(wants_grad)

    def _record(self, name: Any, is_tuple: Any, names: Any, values: Any, *, depth: int) -> Any:
        if len(_expect(names, list)) != len(_expect(values, list)) or len(names) > 1000:
            raise WireError("a malformed record")
        if not all(type(n) is str and n.isidentifier() and not n.startswith("__") for n in names):
            raise WireError("a record whose fields are not names")
        built = [self._build(value, depth + 1) for value in values]
        type_name = _expect(name, str)[:200]
        if _expect(is_tuple, bool):
            return TupleRecord.make(type_name, names, built)
        return Record(type_name, dict(zip(names, built, strict=True)))

    def _rng(self, name: Any, state: Any, *, depth: int) -> np.random.Generator:
        if name not in _BIT_GENERATORS:
            raise WireError("an unknown bit generator")
        bit_generator = getattr(np.random, name)()
        bit_generator.state = self._build(state, depth + 1)
        return np.random.Generator(bit_generator)


def _expect(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise WireError(f"a malformed frame: {kind.__name__} expected")
    return value


def _dtype(name: Any) -> np.dtype[Any]:
    if not _DTYPE.fullmatch(_expect(name, str)):
        raise WireError("an array of a dtype that may not cross")
    return np.dtype(name)


def _count(shape: Any) -> int:
    if not all(type(size) is int and 0 <= size < 2**48 for size in _expect(shape, list)) or len(shape) > 64:
        raise WireError("an array of impossible shape")
    return math.prod(shape)


def _refuse_ext(code: int, data: bytes) -> Any:
    raise WireError("a malformed frame: extension type")
