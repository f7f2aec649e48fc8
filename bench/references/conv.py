"""Convolution, 64 images of 3 x 32 x 32, sixteen filters of 3 x 3, forward and backward, against torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.references.problem import Problem, load_solution

PADS = ((1, 1), (1, 1))
REFERENCE, FAST = load_solution("conv"), load_solution("conv", "fast")


def _layer(N: int, dtype: type, F: int = 16, k: int = 3) -> tuple[Any, ...]:
    """Return x, w, b and the gradient of the output."""
    rng = np.random.default_rng(0)
    sizes = (N, 3, 32, 32), (F, 3, k, k), (F,), (N, F, 32, 32)
    return tuple(rng.standard_normal(size).astype(dtype) for size in sizes)


def _loops_forward(x: Any, w: Any, b: Any, _: Any) -> Any:
    """The formula as four loops; padding 1."""
    padded = np.pad(x, ((0, 0), (0, 0), *PADS))
    out = np.empty((len(x), len(w), *x.shape[2:]), x.dtype)
    for n, f, p, q in np.ndindex(*out.shape):
        out[n, f, p, q] = np.sum(padded[n, :, p : p + 3, q : q + 3] * w[f]) + b[f]
    return out


def _loops_backward(x: Any, w: Any, b: Any, dout: Any) -> Any:
    padded = np.pad(x, ((0, 0), (0, 0), *PADS))
    dpadded, dw, db = np.zeros_like(padded), np.zeros_like(w), np.zeros_like(b)
    for n, f, p, q in np.ndindex(*dout.shape):
        window = (n, slice(None), slice(p, p + 3), slice(q, q + 3))
        dpadded[window] += dout[n, f, p, q] * w[f]
        dw[f] += dout[n, f, p, q] * padded[window]
        db[f] += dout[n, f, p, q]
    return dpadded[:, :, 1:-1, 1:-1], dw, db


class _Backward:
    """Backward alone: what forward leaves behind is made once, before the clock starts."""

    def __init__(self, dtype: type) -> None:
        x, w, b, _ = _layer(64, dtype)
        self.reference_cache = REFERENCE.conv2d_forward(x, w, b, 1, 1)[1]
        self.fast_cache = FAST.conv2d_forward(x, w, b, 1, PADS)[1]

    def reference(self, x: Any, w: Any, b: Any, dout: Any) -> Any:
        cache = self.reference_cache if len(x) == 64 else REFERENCE.conv2d_forward(x, w, b, 1, 1)[1]
        return REFERENCE.conv2d_backward(dout, cache)

    def fast(self, x: Any, w: Any, b: Any, dout: Any) -> Any:
        cache = self.fast_cache if len(x) == 64 else FAST.conv2d_forward(x, w, b, 1, PADS)[1]
        return FAST.conv2d_backward(dout, cache)


def _tensors(args: Sequence[Any]) -> Sequence[Any]:
    import torch

    return [torch.from_numpy(value) for value in args]


def _graph(args: Sequence[Any]) -> Sequence[Any]:
    """Return the output with its graph, the leaves, and the gradient of the output."""
    import torch

    x, w, b, dout = _tensors(args)
    leaves = [value.requires_grad_() for value in (x, w, b)]
    return torch.nn.functional.conv2d(*leaves, padding=1), leaves, dout


def _torch_forward(x: Any, w: Any, b: Any, _: Any) -> Any:
    import torch

    with torch.no_grad():
        return torch.nn.functional.conv2d(x, w, b, padding=1)


def _torch_backward(out: Any, leaves: Any, dout: Any) -> Any:
    import torch

    return torch.autograd.grad(out, leaves, dout, retain_graph=True)


def _forward_agrees(theirs: Any, ours: Any) -> bool:
    ours = ours[0] if isinstance(ours, tuple) else ours
    return bool(np.allclose(theirs.numpy(), ours, atol=1e-4))


def _backward_agrees(theirs: Any, ours: Any) -> bool:
    # Sums of up to 65,536 terms of size 1 in float32.
    return all(np.allclose(a.numpy(), b, rtol=1e-3, atol=1e-2) for a, b in zip(theirs, ours, strict=True))


def _problems(dtype: type) -> tuple[Problem, Problem]:
    name, backward = f"64x3x32x32, {np.dtype(dtype)}", _Backward(dtype)
    forward = Problem(
        name=f"conv forward {name}",
        make=lambda: _layer(64, dtype),
        small=lambda: _layer(1, dtype),
        reference=lambda x, w, b, _: REFERENCE.conv2d_forward(x, w, b, 1, 1),
        fast=lambda x, w, b, _: FAST.conv2d_forward(x, w, b, 1, PADS),
        naive=_loops_forward,
        library=_torch_forward,
        library_name="torch.nn.functional.conv2d",
        prepare=_tensors,
        agree=_forward_agrees,
    )
    return forward, Problem(
        name=f"conv backward {name}",
        make=lambda: _layer(64, dtype),
        small=lambda: _layer(1, dtype),
        reference=backward.reference,
        fast=backward.fast,
        naive=_loops_backward,
        library=_torch_backward,
        library_name="torch.autograd",
        prepare=_graph,
        agree=_backward_agrees,
    )


PROBLEMS = (*_problems(np.float32), *_problems(np.float64))
