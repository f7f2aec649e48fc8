"""What runs inside a worker: loads the student's modules from text it was sent, and answers calls.

Everything here shares a process with student code and is therefore trusted by nobody: the judge believes neither the
values nor the claims that it gets from here.
"""

from __future__ import annotations

import os
import random
import socket
import sys
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograder.student.loading import Loader
from autograder.student.servant import Held, Servant
from autograder.wire.decode import Decoder
from autograder.wire.encode import Encoder
from autograder.wire.frames import GREETING, INBOX, Limits, read_frame, send_pieces

__all__ = ["CappedStream", "Guest"]

OUTPUT_FD = 1
_TRUSTED = Limits(envelope=1 << 31, arrays=1 << 40)  # frames from the judge
_ANSWER = Limits()
REHEARSALS = 20  # Python adapts a function to its arguments in its first ten or so calls


class CappedBytes:
    """`sys.stdout.buffer` of a worker: writes through, up to a limit per call."""

    closed = False

    def __init__(self, limit: int) -> None:
        self.limit = self.left = limit

    def write(self, data: bytes) -> int:
        if self.left > 0:
            os.write(OUTPUT_FD, data[: self.left])
            if len(data) > self.left:
                os.write(OUTPUT_FD, "\n[…]\n".encode())
        self.left -= len(data)
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        """Does nothing: what is printed later is read as well."""

    def readable(self) -> bool:
        return False

    seekable = readable

    def writable(self) -> bool:
        return True


class CappedStream:
    """`sys.stdout` and `sys.stderr` of a worker: writes through, up to a limit per call."""

    encoding = "utf-8"
    errors = "replace"
    newlines = None
    line_buffering = True
    closed = False
    name = "<stdout>"
    mode = "w"

    def __init__(self, limit: int) -> None:
        self.buffer = CappedBytes(limit)

    def reset(self, limit: int | None = None) -> None:
        """Begin a call, from here on with another limit if one is given."""
        buffer = self.buffer
        if limit is not None:
            buffer.limit = limit
        buffer.left = buffer.limit

    def write(self, text: str) -> int:
        self.buffer.write(text.encode("utf-8", "replace"))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def reconfigure(self, **settings: Any) -> None:
        """Does nothing: it is UTF-8 as it is."""

    def close(self) -> None:
        """Does nothing: what is printed later is read as well."""

    def isatty(self) -> bool:
        return False

    readable = seekable = isatty

    def fileno(self) -> int:
        return OUTPUT_FD

    def writable(self) -> bool:
        return True


class Guest:
    """Serves one submission, one request at a time. Made before the fork, so that in a worker all of it is there."""

    _wire: socket.socket

    def __init__(self) -> None:
        self._output = CappedStream(0)
        self._inbox = memoryview(bytearray(INBOX))
        self._loader = Loader()
        self._servant = Servant({}, self._loader.place)
        self._operations: dict[str, Callable[..., Any]] = self._servant.operations | {
            "load": self._load,
            "more": self._more,
            "keep": self._keep,
            "device": self._device,
            "place": self._place,
            "grad": self._grad,
            "tf32": self._tf32,
        }

    def prepare(self, output_limit: int, seed: int) -> None:
        """Make ready, before the fork, what the next worker has for itself: its output and its random numbers."""
        self._output.reset(output_limit)
        random.seed(seed)
        np.random.seed(seed % 2**32)
        if (torch := sys.modules.get("torch")) is not None:
            torch.default_generator.manual_seed(seed)  # torch.manual_seed looks for devices first, for 10 ms

    def serve(self, wire: socket.socket) -> None:
        """Say that the walls are up, and serve until the judge closes `wire`."""
        self._wire = wire
        sys.stdout = sys.stderr = self._output
        wire.sendmsg([GREETING])
        while self._answer_next():
            pass

    def rehearse(self) -> None:
        """Answer requests of our own, before the fork: what Python and NumPy keep of their first times is kept once."""
        ours, self._wire = socket.socketpair()
        self._servant.namespace = {"square": lambda X: X @ X}
        with ours, self._wire:
            for _ in range(REHEARSALS):
                send_pieces(ours, Encoder().frame(0, ["call", "square", [np.eye(3)], {}]))
                self._answer_next()
                ours.recv(INBOX)
        self._servant.namespace = {}
        del self._wire

    def _answer_next(self) -> bool:
        """Answer one request; return False where there will be no more."""
        if (request := self._receive()) is None:
            return False
        request_id, (operation, *args) = request
        self._output.reset()
        self._send(request_id, self._answer(operation, args))
        return True

    def _answer(self, operation: str, args: list[Any]) -> list[Any]:
        try:
            return ["ok", self._operations[operation](*args)]
        except BaseException as error:  # SystemExit and KeyboardInterrupt, too, are only the student's exceptions here
            return ["raise", *self._servant.describe(error)]

    def _receive(self) -> tuple[int, Any] | None:
        try:
            request_id, envelope, arrays, _ = read_frame(self._inbox, self._fill, _TRUSTED)
        except EOFError:
            return None
        decoder = Decoder(arrays, lambda handle, *_: self._servant.objects[handle], trusted=True)
        return request_id, decoder.value(envelope)

    def _fill(self, view: memoryview, done: int, least: int) -> int:
        while done < least:
            count = self._wire.recv_into(view[done:])
            if count == 0:
                raise EOFError
            done += count
        return done

    def _send(self, request_id: int, answer: list[Any]) -> None:
        try:
            pieces = Encoder(self._servant.to_handle, limits=_ANSWER).frame(request_id, answer)
        except BaseException as error:  # what cannot be sent (too deep, out of memory, a hostile __iter__)
            pieces = Encoder().frame(request_id, ["raise", *self._servant.describe(error)])
        send_pieces(self._wire, pieces)

    # The operations

    def _load(self, modules: list[Any], forbidden: list[str]) -> list[Any]:
        """Run the modules' cells; return ``[exports, problems]``."""
        problems = self._loader.load(self._servant, modules, forbidden)
        return [self._servant.exports(), problems]

    def _more(self, filename: str, cells: list[Any]) -> list[Any]:
        """Run more cells of the module that is graded; return what `_load` returns, but for the names: for no cells."""
        problems = self._loader.run(self._servant, filename, cells)
        return [{} if cells else self._servant.exports(), problems]

    # On a device (the gpu tier)

    def _keep(self, target: Any, args: list[Any]) -> Any:
        return Held(self._servant.target(target)(*args))

    def _device(self) -> str:
        """Return the name of the first CUDA device, "" where there is none."""
        import torch

        return torch.cuda.get_device_name(0) if torch.cuda.is_available() else ""

    def _place(self, value: Any, device: str, requires_grad: bool) -> Any:
        import torch

        return Held(torch.as_tensor(value).to(device).requires_grad_(requires_grad))

    def _grad(self, output: Any, inputs: list[Any], weights: Any) -> list[Any]:
        """Return the gradients of sum(output * weights) with respect to the inputs; None where there is none."""
        import torch

        return list(torch.autograd.grad(output, inputs, torch.as_tensor(weights).to(output.device), allow_unused=True))

    def _tf32(self, allowed: bool) -> None:
        import torch

        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = allowed
