"""A value that goes along with many jobs."""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable
from typing import Any, Generic, TypeVar

__all__ = ["Once"]

T = TypeVar("T")


class Once(Generic[T]):
    """Holds a value that is pickled once here, and read once in each process that it is sent to."""

    def __init__(self, value: T) -> None:
        self.value = value
        self._pickled = pickle.dumps(value)

    def __reduce__(self) -> tuple[Callable[[bytes], Once[Any]], tuple[bytes]]:
        return _read, (self._pickled,)


@functools.lru_cache(8)
def _read(pickled: bytes) -> Once[Any]:
    return Once(pickle.loads(pickled))  # from our own process, by the pool's pipe, which carries pickles anyway
