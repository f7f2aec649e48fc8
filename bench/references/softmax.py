"""Softmax regression: loss and gradient of 50000 samples against torch's autograd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.references.problem import Problem, load_solution

__all__ = ["PROBLEMS"]

LAM = 0.01


def _problem(n: int, d: int, K: int, dtype: type = np.float64) -> tuple[Any, ...]:
    """Return W, b, X, y, lam: pixels in [0, 1], logits of size 1."""
    rng = np.random.default_rng(0)
    W, b = 0.05 * rng.normal(size=(d, K)), rng.normal(size=K)
    return W.astype(dtype), b.astype(dtype), rng.random((n, d)).astype(dtype), rng.integers(0, K, size=n), LAM


def _naive(W, b, X, y, lam):
    """One sample after the other."""
    loss, dW, db = 0.0, np.zeros_like(W), np.zeros_like(b)
    for x, label in zip(X, y, strict=True):
        z = x @ W + b
        z -= z.max()
        e = np.exp(z)
        total = e.sum()
        loss += np.log(total) - z[label]
        g = e / total
        g[label] -= 1
        dW += np.outer(x, g)
        db += g
    return loss / len(y) + lam * np.sum(W**2), dW / len(y) + 2 * lam * W, db / len(y)


def _tensors(args: Sequence[Any]) -> tuple[Any, ...]:
    import torch

    W, b, X, y, lam = args
    parameters = (torch.tensor(value, requires_grad=True) for value in (W, b))
    return (*parameters, torch.from_numpy(X), torch.from_numpy(y), lam)


def _autograd(W, b, X, y, lam):
    import torch

    W.grad = b.grad = None
    loss = torch.nn.functional.cross_entropy(torch.addmm(b, X, W), y) + lam * W.square().sum()
    loss.backward()
    return loss.item(), W.grad.numpy(), b.grad.numpy()


def _agree(theirs: Any, ours: Any) -> bool:
    rtol = 1e-10 if ours[1].dtype == np.float64 else 1e-3
    return all(np.allclose(a, b, rtol=rtol, atol=1e-3 * rtol) for a, b in zip(theirs, ours, strict=True))


PROBLEMS = tuple(
    Problem(
        name=f"softmax 5e4 x 784 x 10{note}",
        make=lambda dtype=dtype: _problem(50_000, 784, 10, dtype),
        small=lambda dtype=dtype: _problem(2_000, 784, 10, dtype),
        reference=load_solution("softmax").softmax_loss_grad,
        fast=load_solution("softmax", "fast").softmax_loss_grad,
        naive=_naive,
        library=_autograd,
        library_name="torch, autograd",
        prepare=_tensors,
        agree=_agree,
    )
    for note, dtype in (("", np.float64), (", float32", np.float32))
)
