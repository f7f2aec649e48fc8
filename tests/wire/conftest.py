"""What the tests of this room share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@pytest.fixture
def cpu_limit() -> Callable[[float], Any]:
    """Return a context that fails if its body used more than so many CPU seconds of this process."""

    @contextmanager
    def within(seconds: float) -> Iterator[None]:
        start = time.process_time()
        yield
        assert time.process_time() - start < seconds

    return within
