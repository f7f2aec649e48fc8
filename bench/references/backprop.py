"""Multilayer perceptron: loss and all gradients of one minibatch, against a torch module's forward and backward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.references.problem import Problem, load_solution

__all__ = ["PROBLEMS"]

REFERENCE, FAST = load_solution("backprop"), load_solution("backprop", "fast")


def _arguments(dtype: npt.DTypeLike) -> tuple[Any, ...]:
    """Return params, X (128, 784), y (128,), act, and no penalty: a torch user leaves it to the optimiser."""
    rng = np.random.default_rng(0)
    params = [
        (W.astype(dtype), (0.1 * rng.normal(size=b.shape)).astype(dtype))
        for W, b in REFERENCE.init_params([784, 128, 10], rng)
    ]
    return params, rng.normal(size=(128, 784)).astype(dtype), rng.integers(0, 10, size=128), "relu", 0.0


def naive(params: Any, X: Any, y: Any, act: str, lam: float) -> tuple[float, list[Any]]:
    """One sample after another, ReLU only: vectors, and one outer product per sample and layer."""
    grads = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    loss = lam * sum(float((W**2).sum()) for W, _ in params)
    for x, label in zip(X, y, strict=True):
        inputs = [x]
        for W, b in params[:-1]:
            inputs.append(np.maximum(inputs[-1] @ W + b, 0))
        z = inputs[-1] @ params[-1][0] + params[-1][1]
        e = np.exp(z - z.max())
        loss += float(np.log(e.sum()) + z.max() - z[label]) / len(X)
        delta = e / e.sum()
        delta[label] -= 1
        for layer in reversed(range(len(params))):
            grads[layer][0][:] += np.outer(inputs[layer], delta) / len(X)
            grads[layer][1][:] += delta / len(X)
            if layer > 0:
                delta = (params[layer][0] @ delta) * (inputs[layer] > 0)
    return loss, [(dW + 2 * lam * W, db) for (W, _), (dW, db) in zip(params, grads, strict=True)]


def _module(args: Sequence[Any]) -> Sequence[Any]:
    """Return the same net as a torch module, its input and its labels."""
    import torch

    params, X, y, *_ = args
    torch.set_num_threads(1)
    net = torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))
    net = net.to(torch.from_numpy(X).dtype)
    with torch.no_grad():
        for layer, (W, b) in zip((net[0], net[2]), params, strict=True):
            layer.weight.copy_(torch.from_numpy(W.T))
            layer.bias.copy_(torch.from_numpy(b))
    return net, torch.from_numpy(X), torch.from_numpy(y)


def _forward_and_backward(net: Any, X: Any, y: Any) -> Any:
    """What a step of training with torch does before the optimiser."""
    import torch

    net.zero_grad(set_to_none=True)
    loss = torch.nn.functional.cross_entropy(net(X), y)
    loss.backward()
    return loss.detach(), [(layer.weight.grad, layer.bias.grad) for layer in (net[0], net[2])]


def _agree(theirs: Any, ours: Any) -> bool:
    rtol = 1e-10 if ours[1][0][0].dtype == np.float64 else 1e-4
    blocks = [
        pair
        for (dW, db), (mine_W, mine_b) in zip(theirs[1], ours[1], strict=True)
        for pair in ((dW.numpy().T, mine_W), (db.numpy(), mine_b))
    ]
    apart = max(float(np.linalg.norm(a - b) / np.linalg.norm(a)) for a, b in blocks)
    return abs(float(theirs[0]) - ours[0]) <= rtol * abs(ours[0]) and apart <= rtol


def _problem(dtype: type) -> Problem:
    return Problem(
        name=f"MLP 784-128-10, batch 128, {np.dtype(dtype).name}",
        make=lambda: _arguments(dtype),
        reference=REFERENCE.loss_and_grads,
        naive=naive,
        library=_forward_and_backward,
        library_name="torch module, forward and backward",
        fast=FAST.loss_and_grads,
        prepare=_module,
        agree=_agree,
    )


PROBLEMS: tuple[Problem, ...] = (_problem(np.float64), _problem(np.float32))
