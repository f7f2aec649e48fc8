"""The content of `backprop`: its reference and the oracle of its hidden checks against torch and complex steps."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.course import import_file
from autograder.judge import CheckFailure

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = ROOT / "solutions/backprop"
ACTIVATIONS = ["relu", "tanh", "sigmoid"]
NETS = [[6, 4], [5, 7, 3], [4, 4, 4, 4], [6, 3, 5, 5, 2, 4, 4]]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return import_file(SOLUTION / "backprop.py")


@pytest.fixture(scope="module")
def fast() -> ModuleType:
    return import_file(SOLUTION / "fast.py")


@pytest.fixture(scope="module")
def hidden() -> ModuleType:
    return import_file(SOLUTION / "test_hidden.py")


def torch_answer(params: Any, X: Any, y: Any, act: str, lam: float) -> tuple[Any, float, list[Any]]:
    """Return logits, loss and gradients by torch's automatic differentiation in float64."""
    torch = pytest.importorskip("torch")
    phi = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}[act]
    tensors = [[torch.tensor(np.asarray(v, np.float64), requires_grad=True) for v in pair] for pair in params]
    A = torch.tensor(np.asarray(X, np.float64))
    for W, b in tensors[:-1]:
        A = phi(A @ W + b)
    Z = A @ tensors[-1][0] + tensors[-1][1]
    loss = torch.nn.functional.cross_entropy(Z, torch.tensor(y)) + lam * sum((W**2).sum() for W, _ in tensors)
    loss.backward()
    return Z.detach().numpy(), loss.item(), [[v.grad.numpy() for v in pair] for pair in tensors]


def farthest(ours: Any, theirs: Any) -> float:
    """Return the greatest |g - g*| / (|g*| + .01 |all|) over the blocks."""
    total = np.sqrt(sum(float((v**2).sum()) for pair in theirs for v in pair))
    return max(
        float(np.linalg.norm(np.asarray(a - b, np.float64)) / (np.linalg.norm(b) + 0.01 * total))
        for mine, pair in zip(ours, theirs, strict=True)
        for a, b in zip(mine, pair, strict=True)
    )


# The oracle


@pytest.mark.parametrize("act", ACTIVATIONS)
@pytest.mark.parametrize("sizes", NETS, ids=str)
@pytest.mark.parametrize("lam", [0.0, 0.3])
def test_oracle_agrees_with_torch(hidden: ModuleType, act: str, sizes: list[int], lam: float) -> None:
    params, X, y = hidden.problem(np.random.default_rng(1), sizes, act, 11)
    truth = hidden.exact(params, X, act, y, lam)
    Z, loss, grads = torch_answer(params, X, y, act, lam)
    assert float(np.abs(truth.Z - Z).max()) < 1e-13
    assert abs(float(truth.loss) - loss) < 1e-14 * (1 + loss)
    assert float(hidden.exact_loss(params, X, act, y, lam)) == float(truth.loss)
    assert farthest(grads, truth.grads) < 64 * len(params) * 2.0**-53 / 4


@pytest.mark.parametrize("act", ["tanh", "sigmoid"])
def test_oracle_agrees_with_complex_steps(hidden: ModuleType, act: str) -> None:
    # Im f(x + i h) / h has no cancellation: an oracle without any derivative written by hand.
    params, X, y = hidden.problem(np.random.default_rng(2), [4, 5, 5, 3], act, 7)

    def loss(params: Any) -> Any:
        A: Any = X
        for W, b in params[:-1]:
            A = np.tanh(A @ W + b) if act == "tanh" else 1 / (1 + np.exp(-(A @ W + b)))
        Z = A @ params[-1][0] + params[-1][1]
        penalty = sum((W * W).sum() for W, _ in params)
        return np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(7), y]) + 0.2 * penalty

    exact = hidden.exact(params, X, act, y, 0.2).grads
    for layer, which in ((0, 0), (0, 1), (1, 0), (2, 1)):
        numeric = np.empty(params[layer][which].shape)
        for index in np.ndindex(numeric.shape):
            step = np.zeros(numeric.shape, complex)
            step[index] = 1e-30j
            numeric[index] = loss(hidden.moved(params, layer, which, step)).imag / 1e-30
        assert np.abs(numeric - exact[layer][which]).max() < 1e-14


def test_oracle_survives_what_it_is_used_for(hidden: ModuleType) -> None:
    z = np.array([-1e4, -40.0, 0.0, 40.0, 1e4], np.longdouble)
    assert np.isfinite(hidden.sigmoid(z)).all() and hidden.sigmoid(z)[2] == 0.5
    assert hidden.phi_prime(z, "tanh")[2] == 1 and hidden.phi_prime(z, "sigmoid")[2] == 0.25
    assert 0 < hidden.phi_prime(z, "tanh")[3] < 1e-33  # 4 exp(-80), where 1 - tanh^2 has lost everything
    assert hidden.phi_prime(z, "relu", at_zero=0.5).tolist() == [0, 0, 0.5, 1, 1]


def test_slack_of_the_logits_bounds_their_rounding(hidden: ModuleType) -> None:
    for act in ACTIVATIONS:
        params, X, _ = hidden.problem(np.random.default_rng(3), [9, 20, 20, 20, 4], act, 30, dtype=np.float32)
        Zs, _, slack = hidden.exact_forward(params, X, act)
        A = X
        for W, b in params[:-1]:
            A = hidden.phi(A @ W + b, act).astype(np.float32)
        Z = A @ params[-1][0] + params[-1][1]
        ratio = np.abs(Z - Zs[-1]) / (2.0**-24 * slack)
        assert 1e-4 < ratio.max() < 0.2


def test_data_stays_away_from_kinks(hidden: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    params, X, y = hidden.problem(np.random.default_rng(4), [6, 8, 8, 3], "relu", 20)
    assert hidden.exact(params, X, "relu", y).nearest.min() >= hidden.KINK
    monkeypatch.setattr(hidden, "KINK", 1.0)
    with pytest.raises(ValueError, match="too few samples"):
        hidden.problem(np.random.default_rng(4), [6, 8, 8, 3], "relu", 20)


def test_block_criterion_refuses_small_errors(hidden: ModuleType) -> None:
    params, X, y = hidden.problem(np.random.default_rng(5), [6, 5, 4], "tanh", 10)
    exact = hidden.exact(params, X, "tanh", y).grads
    right = [tuple(v.astype(np.float64) for v in pair) for pair in exact]
    hidden.assert_blocks(right, exact, np.float64)
    for factor in (1 + 1e-9, -1.0, 2.0, np.nan):
        wrong = [right[0], (right[1][0], factor * right[1][1])]
        with pytest.raises(CheckFailure, match="db_2"):
            hidden.assert_blocks(wrong, exact, np.float64)


def test_kink_check_has_zeros_to_look_at(hidden: ModuleType) -> None:
    rng = np.random.default_rng(49)
    params, X, y = hidden.problem(rng, [3, 5, 4], "relu", 9)
    params[0] = (params[0][0], np.zeros(5))
    X[::3] = 0.0
    low, high = (hidden.exact(params, X, "relu", y, at_zero=end).grads for end in (0.0, 1.0))
    assert farthest(low, high) > 0.01


@pytest.mark.parametrize(
    ("slip", "wrong"),
    [
        ("activation_on_output", lambda h, Z: h.phi(Z, "tanh")),
        ("softmax", lambda h, Z: np.exp(h.log_softmax(Z))),
        (None, lambda h, Z: 1.01 * Z),
        (None, lambda h, Z: Z),
    ],
)
def test_slips_of_forward_are_recognised(hidden: ModuleType, slip: str | None, wrong: Any) -> None:
    params, X, _ = hidden.problem(np.random.default_rng(6), [4, 6, 3], "tanh", 8)
    Z = hidden.exact_forward(params, X, "tanh")[0][-1]
    assert hidden.slip_of(wrong(hidden, Z).astype(np.float64), params, X, "tanh") == slip


@pytest.mark.parametrize(
    ("scale", "word"),
    [
        (lambda m, k: 1.0, "standard_normal"),
        (lambda m, k: np.sqrt(2 / (m + k)), "glorot"),
        (lambda m, k: 2 / m, "variance_as_deviation"),
        (lambda m, k: 0.7, None),
    ],
)
def test_scales_of_weights_are_recognised(hidden: ModuleType, scale: Any, word: str | None) -> None:
    rng, sizes = np.random.default_rng(7), [300, 60, 40, 150, 30]
    params = [(scale(m, k) * rng.normal(size=(m, k)), np.zeros(k)) for m, k in pairwise(sizes)]
    assert hidden.scale_of(params) == word


def cross_entropy(kept: str) -> Any:
    """Return a cross-entropy of logits that does without one of the precautions."""

    def loss(Z: Any, y: Any) -> Any:
        top = {"none": 0.0, "batch": Z.max()}.get(kept, Z.max(axis=1, keepdims=True))
        log_p = Z - top - np.log(np.exp(Z - top).sum(axis=1, keepdims=True))
        p = np.exp(log_p)
        log_p = {"p": np.log(p), "epsilon": np.log(p + 1e-8), "clip": np.log(p.clip(1e-15, 1))}.get(kept, log_p)
        return -log_p[np.arange(len(y)), y].mean()

    return loss


@pytest.mark.parametrize(
    ("kept", "word"),
    [
        ("none", "no_maximum"),
        ("batch", "one_maximum"),
        ("p", "logarithm_of_zero"),
        ("epsilon", "capped"),
        ("clip", "capped"),
        ("right", None),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_slips_of_the_logarithm_are_recognised(hidden: ModuleType, kept: str, word: str | None) -> None:
    loss = cross_entropy(kept)
    student = SimpleNamespace(loss_and_grads=lambda params, X, y, act, lam: (loss(X @ params[0][0], y), []))
    assert hidden.slip_of_logarithm(student) == word


@pytest.mark.parametrize("answer", [None, (None, []), ([1.0], []), (np.ones(2), [])])
def test_an_answer_without_a_loss_is_no_known_slip(hidden: ModuleType, answer: Any) -> None:
    assert hidden.slip_of_logarithm(SimpleNamespace(loss_and_grads=lambda *args: answer)) is None


@pytest.mark.parametrize("act", ACTIVATIONS)
def test_a_forgotten_transpose_is_recognised(hidden: ModuleType, act: str) -> None:
    for sizes, word in (([5, 5, 5], "no_transpose"), ([5, 4, 5], None)):
        params, X, y = hidden.problem(np.random.default_rng(9), sizes, act, 8)
        right = hidden.exact(params, X, act, y).grads
        assert hidden.slip_of_transpose(right, params, X, act, y) is None
        if word:
            wrong = hidden.exact(params, X, act, y, turned=False).grads
            assert hidden.slip_of_transpose(wrong, params, X, act, y) == word


def test_float64_gradients_of_float32_are_recognised(hidden: ModuleType) -> None:
    params, X, y = hidden.problem(np.random.default_rng(10), [4, 5, 3], "tanh", 6, dtype=np.float32)
    grads = [(dW.astype(np.float64), db.astype(np.float64)) for dW, db in hidden.exact(params, X, "tanh", y).grads]
    with pytest.raises(CheckFailure) as caught:
        hidden.grads_of((0.0, grads), params, np.float32)
    assert caught.value.symptom == "float64"


# The reference


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("act", ACTIVATIONS)
@pytest.mark.parametrize("sizes", NETS, ids=str)
def test_reference_and_fast_form_agree_with_torch(
    reference: ModuleType, fast: ModuleType, hidden: ModuleType, act: str, sizes: list[int], dtype: type
) -> None:
    params, X, y = hidden.problem(np.random.default_rng(8), sizes, act, 11, dtype=dtype)
    Z, loss, grads = torch_answer(params, X, y, act, 0.01)
    u = float(np.finfo(dtype).eps) / 2
    logits = reference.forward(params, X, act)[0]
    assert logits.dtype == dtype and np.abs(logits - Z).max() < 100 * u
    for answer in (function(params, X, y, act, 0.01) for function in (reference.loss_and_grads, fast.loss_and_grads)):
        assert type(answer[0]) is float and abs(answer[0] - loss) < 16 * u * loss
        assert {v.dtype for pair in answer[1] for v in pair} == {np.dtype(dtype)}
        assert farthest(answer[1], grads) < 16 * len(params) * u


@pytest.mark.parametrize("seed", range(5))
def test_init_params_is_within_the_limits_for_any_seed(reference: ModuleType, seed: int) -> None:
    sizes = [300, 60, 40, 150, 30]
    for uniform in (False, True):
        rng = np.random.default_rng(seed)
        for number, (W, b) in enumerate(reference.init_params(sizes, rng)):
            m, k = sizes[number], sizes[number + 1]
            if uniform:
                W = np.random.default_rng(seed).uniform(-1, 1, size=(m, k)) * np.sqrt(6 / m)
            assert W.shape == (m, k) and not b.any()
            assert abs((W**2).mean() * m / 2 - 1) * np.sqrt(W.size / 2) < 5


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"act": "softplus"}, "act must be one of"),
        ({"X": np.ones(3)}, "X must have shape"),
        ({"X": np.ones((0, 3))}, "n >= 1"),
        ({"X": np.ones((2, 4))}, r"layer 0: W must have shape \(4, fan_out\)"),
        ({"params": []}, "at least one layer"),
        ({"params": [(np.ones((3, 2)), np.ones((1, 2)))]}, r"layer 0: b must have shape \(2,\)"),
        ({"params": [(np.ones((3, 2)), np.ones(2)), (np.ones((3, 2)), np.ones(2))]}, "layer 1: W must have shape"),
        ({"y": np.array([[0], [1]])}, "y must hold integers"),
        ({"y": np.array([0.0, 1.0])}, "y must hold integers"),
        ({"y": np.array([0, 2])}, r"labels must lie in 0\.\.1, not 0\.\.2"),
        ({"y": np.array([-1, 0])}, r"labels must lie in 0\.\.1, not -1\.\.0"),
        ({"lam": -1e-9}, "lam must be >= 0"),
        ({"lam": float("nan")}, "lam must be >= 0"),
    ],
)
def test_bad_input_is_refused(reference: ModuleType, change: dict[str, Any], match: str) -> None:
    good: dict[str, Any] = {"params": [(np.ones((3, 2)), np.ones(2))], "X": np.ones((2, 3)), "y": np.array([0, 1])}
    with pytest.raises(ValueError, match=match):
        reference.loss_and_grads(**(good | {"act": "relu", "lam": 0.0} | change))


@pytest.mark.parametrize("sizes", [[3], [], [3, 0, 2]])
def test_sizes_that_make_no_net_are_refused(reference: ModuleType, sizes: list[int]) -> None:
    with pytest.raises(ValueError, match="at least two widths >= 1"):
        reference.init_params(sizes, np.random.default_rng(0))
