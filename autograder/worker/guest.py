"""What runs inside a worker: loads the student's modules from text it was sent, and answers calls.

Everything here shares a process with student code and is therefore trusted by nobody: the judge believes neither the
values nor the claims that it gets from here.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import sys
import types
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograder.worker.decode import Decoder
from autograder.worker.encode import Encoder
from autograder.worker.standins import Finder, Ipython, install_finder
from autograder.worker.wire import INBOX, Limits, read_frame, send_pieces

__all__ = ["CappedStream", "Guest", "serve"]

OUTPUT_FD = 1
MAX_FRAMES = 20
MAX_TEXT = 4000
_TRUSTED = Limits(envelope=1 << 31, arrays=1 << 40)  # frames from the judge
_ANSWER = Limits()


class CappedStream:
    """`sys.stdout` and `sys.stderr` of a worker: writes through, up to a limit per call."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._left = limit

    def reset(self) -> None:
        self._left = self._limit

    def write(self, text: str) -> int:
        data = text.encode("utf-8", "replace")
        if self._left > 0:
            os.write(OUTPUT_FD, data[: self._left])
            if len(data) > self._left:
                os.write(OUTPUT_FD, "\n[…]\n".encode())
        self._left -= len(data)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return OUTPUT_FD

    def writable(self) -> bool:
        return True


class Guest:
    """Serves one submission over `wire`, one request at a time, until the judge closes it."""

    def __init__(self, wire: socket.socket, output_limit: int, seed: int) -> None:
        self._wire = wire
        self._inbox = memoryview(bytearray(INBOX))
        self._namespace: dict[str, Any] = {}
        self._objects: dict[int, Any] = {}
        self._next_id = 0
        self._output = CappedStream(output_limit)
        self._code_names: dict[str, tuple[str, int | None]] = {}  # code object's filename -> (file, cell)
        self._seed = seed
        self._operations: dict[str, Callable[..., Any]] = {
            "hello": lambda: None,
            "load": self._load,
            "call": self._call,
            "get": self._get,
            "stage": self._stage,
            "drop": self._drop,
            "keep": self._keep,
            "device": self._device,
            "place": self._place,
            "grad": self._grad,
            "tf32": self._tf32,
        }

    def serve(self) -> None:
        sys.stdout = sys.stderr = self._output
        while (request := self._receive()) is not None:
            request_id, (operation, *args) = request
            self._output.reset()
            self._send(request_id, self._answer(operation, args))

    def _answer(self, operation: str, args: list[Any]) -> list[Any]:
        try:
            return ["ok", self._operations[operation](*args)]
        except BaseException as error:  # SystemExit and KeyboardInterrupt, too, are only the student's exceptions here
            return ["raise", *self._describe(error)]

    def _receive(self) -> tuple[int, Any] | None:
        try:
            request_id, envelope, arrays, _ = read_frame(self._inbox, self._fill, _TRUSTED)
        except EOFError:
            return None
        decoder = Decoder(arrays, lambda handle, *_: self._objects[handle], trusted=True)
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
            pieces = Encoder(self._to_handle, limits=_ANSWER).frame(request_id, answer)
        except BaseException as error:  # what cannot be sent (too deep, out of memory, a hostile __iter__)
            pieces = Encoder().frame(request_id, ["raise", *self._describe(error)])
        send_pieces(self._wire, pieces)

    def _to_handle(self, value: Any) -> tuple[int, str, bool]:
        value = value.value if type(value) is _Held else value
        self._next_id += 1
        self._objects[self._next_id] = value
        return self._next_id, type(value).__name__, callable(value)

    # The operations

    def _load(self, modules: list[Any], forbidden: list[str]) -> list[Any]:
        """Run the modules' cells; return ``[exports, problems]``. A cell that raises takes no other one down."""
        self._seed_generators()
        name, _, cells = modules[0]
        sources = {
            other: (filename, "\n".join(source for _, source in parts)) for other, filename, parts in modules[1:]
        }
        self._code_names = {filename: (filename, None) for _, filename, _ in modules}
        install_finder(Finder(sources, forbidden), forbidden)
        module = types.ModuleType(name)
        sys.modules[name] = module
        self._namespace = module.__dict__
        Ipython(self._namespace).install()
        problems = [problem for cell in cells if (problem := self._run_cell(modules[0][1], *cell)) is not None]
        exports = {key: callable(item) for key, item in list(self._namespace.items()) if type(key) is str}
        return [exports, problems]

    def _run_cell(self, filename: str, number: int | None, source: str) -> list[Any] | None:
        code_name = filename if number is None else f"{filename}#{number}"
        self._code_names[code_name] = (filename, number)
        try:
            exec(compile(source, code_name, "exec", dont_inherit=True), self._namespace)
        except BaseException as error:
            return [filename, number, *self._describe(error)]
        return None

    def _seed_generators(self) -> None:
        random.seed(self._seed)
        np.random.seed(self._seed % 2**32)
        if (torch := sys.modules.get("torch")) is not None:
            torch.default_generator.manual_seed(self._seed)  # torch.manual_seed looks for devices first, for 10 ms

    def _target(self, target: Any) -> Any:
        return self._namespace[target] if type(target) is str else target

    def _call(self, target: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        return self._target(target)(*args, **kwargs)

    def _get(self, target: Any, name: str | None) -> Any:
        return self._target(target) if name is None else getattr(self._target(target), name)

    def _stage(self, value: Any) -> Any:
        return _Held(value)

    def _drop(self, ids: list[int]) -> None:
        for handle in ids:
            self._objects.pop(handle, None)

    # On a device (the gpu tier)

    def _keep(self, target: Any, args: list[Any]) -> Any:
        return _Held(self._target(target)(*args))

    def _device(self) -> str:
        """Return the name of the first CUDA device, "" where there is none."""
        import torch

        return torch.cuda.get_device_name(0) if torch.cuda.is_available() else ""

    def _place(self, value: Any, device: str, requires_grad: bool) -> Any:
        import torch

        return _Held(torch.as_tensor(value).to(device).requires_grad_(requires_grad))

    def _grad(self, output: Any, inputs: list[Any], weights: Any) -> list[Any]:
        """Return the gradients of sum(output * weights) with respect to the inputs; None where there is none."""
        import torch

        return list(torch.autograd.grad(output, inputs, torch.as_tensor(weights).to(output.device), allow_unused=True))

    def _tf32(self, allowed: bool) -> None:
        import torch

        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = allowed

    def _describe(self, error: BaseException) -> list[Any]:
        """Return type name, names of its builtin bases, message and the frames in the student's own files."""
        kind = type(error)
        try:
            text = str(error)[:MAX_TEXT]
        except BaseException:
            text = ""
        frames: list[list[Any]] = []
        trace = error.__traceback__
        while trace is not None:
            place = self._code_names.get(trace.tb_frame.f_code.co_filename)
            if place is not None:
                frames.append([*place, trace.tb_lineno, trace.tb_frame.f_code.co_name])
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and error.filename in self._code_names and error.lineno is not None:
            frames.append([*self._code_names[error.filename], error.lineno, ""])
        bases = [
            base.__name__
            for base in kind.__mro__
            if base.__module__ in ("builtins", "numpy.exceptions", "numpy.linalg")
        ]
        return [kind.__name__, bases, text, frames[-MAX_FRAMES:]]


class _Held:
    """Marks a value that is to stay here although it could cross."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def serve(wire: socket.socket, output_limit: int, seed: int) -> None:
    """Serve until the judge closes the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Guest(wire, output_limit, seed).serve()
