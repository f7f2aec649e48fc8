"""From a value to a frame. Used on both sides of the wall."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import fields, is_dataclass
from typing import Any, cast

import msgpack
import numpy as np

from autograder.wire.frames import (
    ALIGNMENT,
    ARRAY,
    BIGINT,
    COMPLEX,
    DICT,
    FROZENSET,
    HANDLE,
    HEADER,
    LIST,
    MAX_BIGINT,
    MAX_DEPTH,
    MAX_DIMS,
    MAX_HASHED,
    MAX_NODES,
    RANGE,
    RECORD,
    RNG,
    SCALAR,
    SET,
    TENSOR,
    TENSOR_DTYPES,
    TUPLE,
    Limits,
    Record,
    TupleRecord,
    Unsendable,
    WireError,
    plain_dtype,
)

__all__ = ["Encoder"]

_CONTAINERS: dict[type, int] = {list: LIST, tuple: TUPLE, set: SET, frozenset: FROZENSET}
_AS_THEY_ARE = frozenset([type(None), bool, float, bytes])
_PADDING = memoryview(bytes(ALIGNMENT))
_pack = msgpack.Packer(use_bin_type=True, strict_types=True).pack


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
    limits : Limits, optional
        What a frame may hold: an honest answer that is too large is an exception, not a breach of the wire.
    """

    def __init__(
        self,
        to_handle: Callable[[Any], tuple[int, str, bool] | None] | None = None,
        *,
        by_value_rng: bool = False,
        limits: Limits | None = None,
    ):
        self._to_handle = to_handle
        self._by_value_rng = by_value_rng
        self._limits = limits or Limits(envelope=1 << 31, arrays=1 << 40)
        self._nodes = 0
        self._hashed = 0
        self._arrays: list[memoryview] = []
        self._size = 0

    def frame(self, request_id: int, value: Any) -> list[memoryview | bytes]:
        """Return the pieces of one frame, to be sent in this order."""
        envelope = _pack(self._plain(value, 0))
        if len(envelope) > self._limits.envelope:
            raise Unsendable(f"a value of {len(envelope)} bytes is too large")
        return [HEADER.pack(request_id, len(envelope), 0, self._size) + envelope, *self._arrays]

    def _plain(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind in _AS_THEY_ARE:
            return value
        if kind is int:
            return value if -(2**63) <= value < 2**64 else self._bigint(value)
        if kind is str:
            return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
        if kind is list or kind is tuple:
            return [_CONTAINERS[kind], *self._plains(value, depth)]
        if kind is dict:
            if not value:
                return [DICT]
            keys = [self._key(key, depth) for key in value]
            return [
                DICT,
                *(part for pair in zip(keys, self._plains(value.values(), depth), strict=True) for part in pair),
            ]
        if kind is set or kind is frozenset:
            return [_CONTAINERS[kind], *[self._key(item, depth) for item in value]]
        if kind is np.ndarray:
            return self._array(value, depth)
        return self._rare(value, depth)

    def _plains(self, values: Collection[Any], depth: int) -> list[Any]:
        """Return what stands for the items of a container at `depth`."""
        self._nodes += len(values)
        if depth >= MAX_DEPTH:
            raise Unsendable(f"nested deeper than {MAX_DEPTH}")
        if self._nodes > MAX_NODES:
            raise Unsendable(f"too many values: more than {MAX_NODES}, arrays counting as one")
        return [item if type(item) in _AS_THEY_ARE else self._plain(item, depth + 1) for item in values]

    def _key(self, value: Any, depth: int) -> Any:
        before = self._nodes
        (key,) = self._plains((value,), depth)
        if type(value) is not str:
            self._hashed += self._nodes - before
            if self._hashed > MAX_HASHED:
                raise Unsendable(f"more than {MAX_HASHED} keys or members that are not text")
        return key

    def _rare(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is complex:
            return [COMPLEX, value.real, value.imag]
        if isinstance(value, np.generic) and value.dtype.kind in "biufcUSmM":
            return [SCALAR, value.dtype.str, value.tobytes()]
        if kind is range:
            return [RANGE, *self._plains((value.start, value.stop, value.step), depth)]
        if isinstance(value, np.ndarray):  # a subclass (matrix, memmap) crosses as what it holds
            return self._array(value.view(np.ndarray), depth)
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.Tensor):
            return self._tensor(value)
        if self._by_value_rng and isinstance(value, np.random.Generator):
            state = value.bit_generator.state
            return [RNG, state["bit_generator"], *self._plains((state,), depth)]
        return self._structured(value, depth)

    def _structured(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is Record or kind is TupleRecord:  # on its way back to where it came from
            known = {name: item for name, item in vars(value).items() if name != "type_name"}
            items = self._plains(known.values(), depth)
            type_name = value.type_name if type(value.type_name) is str else ""
            return [RECORD, type_name, kind is TupleRecord, list(known), items]
        names = getattr(kind, "_fields", None)
        if isinstance(value, tuple) and isinstance(names, tuple):
            items = [tuple.__getitem__(value, i) for i in range(len(names))]
            return [RECORD, kind.__name__, True, list(names), self._plains(items, depth)]
        if is_dataclass(value) and not isinstance(value, type) and not _has_methods(kind):
            names = [field.name for field in fields(value)]
            items = [getattr(value, name, None) for name in names]
            return [RECORD, kind.__name__, False, names, self._plains(items, depth)]
        for base in (bool, int, float, str, bytes, list, tuple, dict, set, frozenset):
            if isinstance(value, base):  # a subclass crosses as its base, whatever it overloads
                return self._plain(_as_base(base, value), depth)
        if self._to_handle is not None and (handle := self._to_handle(value)) is not None:
            return [HANDLE, *handle]
        raise Unsendable(f"a value of type {kind.__name__} cannot be sent")

    def _bigint(self, value: int) -> list[Any]:
        length = value.bit_length() // 8 + 1
        if length > MAX_BIGINT:
            raise Unsendable(f"an integer of {length} bytes is too long")
        return [BIGINT, value.to_bytes(length, "little", signed=True)]

    def _array(self, value: np.ndarray[Any, Any], depth: int) -> Any:
        dtype = value.dtype.str
        try:
            plain_dtype(dtype)
        except WireError:
            if self._to_handle is not None and (handle := self._to_handle(value)) is not None:
                return [HANDLE, *handle]
            raise Unsendable(f"an array of dtype {value.dtype} cannot be sent") from None
        if value.ndim > MAX_DIMS:
            raise Unsendable(f"an array of {value.ndim} dimensions cannot be sent")
        if self._size + value.nbytes > self._limits.arrays:
            raise Unsendable(f"an array of {value.nbytes} bytes is too large")
        flags = value.flags
        fortran = flags.f_contiguous and not flags.c_contiguous
        flat = value.T if fortran else value if flags.c_contiguous else np.ascontiguousarray(value)
        return [ARRAY, dtype, list(value.shape), fortran, self._add(flat)]

    def _tensor(self, value: Any) -> list[Any]:
        name = str(value.dtype).removeprefix("torch.")
        if name not in TENSOR_DTYPES or value.layout.__str__() != "torch.strided":
            raise Unsendable(f"a tensor of {value.dtype}, {value.layout} cannot be sent")
        if value.dim() > MAX_DIMS:
            raise Unsendable(f"a tensor of {value.dim()} dimensions cannot be sent")
        if self._size + value.nbytes > self._limits.arrays:
            raise Unsendable(f"a tensor of {value.nbytes} bytes is too large")
        plain = value.detach().cpu().contiguous().resolve_conj().resolve_neg()
        if name == "bfloat16":  # NumPy has none: its bits travel
            import torch

            plain = plain.view(torch.int16)
        array = plain.numpy()
        return [TENSOR, name, list(array.shape), bool(value.requires_grad), self._add(np.ascontiguousarray(array))]

    def _add(self, array: np.ndarray[Any, Any]) -> int:
        offset = self._size
        if array.size:
            padding = -array.nbytes % ALIGNMENT
            self._arrays.append(array.reshape(-1).view(np.uint8).data)
            if padding:
                self._arrays.append(_PADDING[:padding])
            self._size += array.nbytes + padding
        return offset


def _has_methods(kind: type) -> bool:
    """Whether a dataclass does anything of its own: then it stays there and a handle stands for it."""
    members = [(name, item) for base in kind.__mro__[:-1] for name, item in vars(base).items()]
    return any(callable(item) and not name.startswith("__") for name, item in members)


def _as_base(base: type, value: Any) -> Any:
    """Rebuild an instance of a subclass from the base's own methods, not from what the subclass overloads."""
    if base is dict:
        return dict(dict.items(value))
    if base is float:  # adding zero would lose the sign of one
        return float.__mul__(value, 1.0)
    if base in (bool, int):
        return int.__add__(value, 0)
    if base is str:
        return str.__str__(value)[:]
    if base is bytes:
        return bytes.__getitem__(value, slice(None))
    members = cast(Any, base).__iter__(value)
    return base(members)
