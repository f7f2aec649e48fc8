"""The content of `conv`: its reference and its oracle against outside truths, and the naming of mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course import import_file
from autograder.judge import CheckFailure
from autograder.judge.variants import load_variants, variant_source

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = ROOT / "solutions/conv"
SOURCE = (SOLUTION / "conv.py").read_text(encoding="utf-8")
TORCH_WAYS = [v for v in load_variants(SOLUTION / "alternatives.py") if "def conv2d_torch" in v.source]

torch = pytest.importorskip("torch")


REFERENCE, FAST, HIDDEN, GPU = (
    import_file(SOLUTION / f"{name}.py") for name in ("conv", "fast", "test_hidden", "test_gpu")
)
CASES = [
    *HIDDEN.SQUARE,
    *HIDDEN.RECTANGULAR,
    *HIDDEN.STRIDED,
    *HIDDEN.SAME,
    *HIDDEN.FULL,
    *HIDDEN.VALID,
    *HIDDEN.EDGES,
]


def over_cases(test: Any) -> Any:
    return pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case)))(test)


def sides(case: Any) -> tuple[int, int, int, int]:
    """Return the zeros as torch wants them: left, right, above, below."""
    above, below, left, right = HIDDEN.borders(case)
    return left, right, above, below


def torch_layer(case: Any, x: Any, w: Any, b: Any, dout: Any) -> list[Any]:
    """Return out, dx, dw, db by torch's convolution and autograd."""
    leaves = [torch.from_numpy(value.copy()).requires_grad_() for value in (x, w, b)]
    framed = torch.nn.functional.pad(leaves[0], sides(case))
    out = torch.nn.functional.conv2d(framed, *leaves[1:], stride=case.stride)
    out.backward(torch.from_numpy(dout))
    return [out.detach().numpy(), *(leaf.grad.numpy() for leaf in leaves)]


def layer(case: Any, dtype: type, seed: int = 0) -> tuple[Any, ...]:
    """Return x, w, b and dout with entries of size 1."""
    rng = np.random.default_rng(seed)
    x, w = rng.normal(size=(case.N, case.C, case.H, case.W)), rng.normal(size=(case.F, case.C, case.kh, case.kw))
    b = rng.normal(size=case.F)
    dout = rng.normal(size=HIDDEN.direct(x, w, b, case.stride, HIDDEN.borders(case)).shape)
    return tuple(value.astype(dtype) for value in (x, w, b, dout))


# The oracle and the reference against torch


@over_cases
def test_oracle_is_torch(case: Any) -> None:
    x, w, b, dout = layer(case, np.float64)
    border = HIDDEN.borders(case)
    dframe, dw, db = HIDDEN.direct_backward(dout, x, w, case.stride, border)
    ours = HIDDEN.direct(x, w, b, case.stride, border), HIDDEN.unframed(dframe, border), dw, db
    for actual, desired in zip(ours, torch_layer(case, x, w, b, dout), strict=True):
        np.testing.assert_allclose(actual.astype(np.float64), desired, rtol=1e-12, atol=1e-12, strict=True)


@over_cases
def test_oracle_gradients_are_difference_quotients(case: Any) -> None:
    """With integers and h = 1 nothing is rounded, so they are the same to the last bit."""
    x, w, b = HIDDEN.integer_layer(case, 1)
    border = HIDDEN.borders(case)
    before = HIDDEN.direct(x, w, b, case.stride, border)
    dout = HIDDEN.integers(np.random.default_rng(2), *before.shape)
    dframe, dw, db = HIDDEN.direct_backward(dout, x, w, case.stride, border)
    rng = np.random.default_rng(3)
    for varied, gradient in ((x, HIDDEN.unframed(dframe, border)), (w, dw), (b, db)):
        for flat in rng.permutation(varied.size)[:12]:
            index = np.unravel_index(flat, varied.shape)
            varied[index] += 1
            quotient = np.sum(dout * (HIDDEN.direct(x, w, b, case.stride, border) - before))
            varied[index] -= 1
            assert quotient == gradient[index]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@over_cases
def test_reference_is_torch(case: Any, dtype: type) -> None:
    x, w, b, dout = layer(case, dtype)
    out, cache = REFERENCE.conv2d_forward(x, w, b, case.stride, case.padding)
    ours = out, *REFERENCE.conv2d_backward(dout, cache)
    tolerance = 1e-12 if dtype == np.float64 else 2e-5
    for actual, desired in zip(ours, torch_layer(case, x, w, b, dout), strict=True):
        np.testing.assert_allclose(actual, desired, rtol=tolerance, atol=tolerance, strict=True)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@over_cases
def test_fast_form_is_the_reference(case: Any, dtype: type) -> None:
    x, w, b, dout = layer(case, dtype)
    out, cache = REFERENCE.conv2d_forward(x, w, b, case.stride, case.padding)
    above, below, left, right = HIDDEN.borders(case)
    fast_out, fast_cache = FAST.conv2d_forward(x, w, b, case.stride, ((above, below), (left, right)))
    desired = out, *REFERENCE.conv2d_backward(dout, cache)
    tolerance = 1e-12 if dtype == np.float64 else 2e-5
    for actual, right_one in zip((fast_out, *FAST.conv2d_backward(dout, fast_cache)), desired, strict=True):
        np.testing.assert_allclose(actual, right_one, rtol=tolerance, atol=tolerance, strict=True)


def test_places_are_those_of_the_formula() -> None:
    for size in range(1, 12):
        for k in range(1, size + 1):
            for stride in range(1, 6):
                assert len(HIDDEN.places(size, k, stride)) == (size - k) // stride + 1


# The published examples of ONNX


@pytest.fixture
def onnx_cases(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return (name, [x, w], out, attributes) of each node test, as ONNX's own module hands them over."""
    conv = pytest.importorskip("onnx.backend.test.case.node.conv")
    from onnx.helper import get_attribute_value

    cases: list[Any] = []

    def keep(node: Any, inputs: Any, outputs: Any, name: str) -> None:
        attributes = {a.name: get_attribute_value(a) for a in node.attribute}
        cases.append((name, inputs, outputs[0], attributes))

    monkeypatch.setattr(conv, "expect", keep)
    for export in (conv.Conv.export, conv.Conv.export_conv_with_strides, conv.Conv.export_conv_with_autopad_same):
        export()
    return cases


def test_reference_gives_the_numbers_of_onnx(onnx_cases: list[Any]) -> None:
    for name, (x, w), desired, attributes in onnx_cases:
        strides, pads = attributes.get("strides", [1, 1]), attributes.get("pads", [0, 0, 0, 0])
        if b"SAME" in attributes.get("auto_pad", b""):
            pads = [1, 1, 1, 1]  # as ONNX computes them for a 5 x 5 image, a 3 x 3 kernel and stride 2
        framed = np.pad(x, ((0, 0), (0, 0), (pads[0], pads[2]), (pads[1], pads[3])))
        out, _ = REFERENCE.conv2d_forward(framed, w, np.zeros(1, np.float32), strides[0])
        assert strides[0] == strides[1] and out.dtype == np.float32
        assert np.array_equal(out, desired), name
    assert len(onnx_cases) >= 6


def test_hidden_check_holds_the_numbers_of_onnx(onnx_cases: list[Any]) -> None:
    theirs = [desired for _, _, desired, _ in onnx_cases]
    for x, stride, padding, out in HIDDEN.onnx_examples():
        assert any(np.array_equal(out, desired) for desired in theirs)
        ones = np.ones((1, 1, 3, 3), np.float32)
        assert np.array_equal(REFERENCE.conv2d_forward(x, ones, np.zeros(1, np.float32), stride, padding)[0], out)


# conv2d_torch, as far as a CPU can tell


def torch_ways() -> Iterator[Any]:
    yield pytest.param(REFERENCE.conv2d_torch, id="reference")
    for variant in TORCH_WAYS:
        names: dict[str, Any] = {"__name__": "variant"}
        exec(compile(variant_source(SOURCE, variant), variant.id, "exec"), names)
        yield pytest.param(names["conv2d_torch"], id=variant.id)


@pytest.mark.parametrize("function", [*torch_ways()])
@pytest.mark.parametrize("sizes", GPU.LAYERS, ids=lambda sizes: "-".join(map(str, sizes)))
def test_conv2d_torch_and_its_gradients_on_the_cpu(function: Any, sizes: Any) -> None:
    tensors = GPU.layer(sizes, 0)
    ours = [tensor.clone().requires_grad_() for tensor in tensors]
    theirs = [tensor.double().requires_grad_() for tensor in tensors]
    out, desired = function(*ours, *sizes[7:]), GPU.truth(*theirs, *sizes[7:])
    GPU.judge(out.detach(), desired.detach(), GPU.SINGLE, "out")
    dout = torch.randn(desired.shape, generator=torch.Generator().manual_seed(1))
    out.backward(dout)
    desired.backward(dout.double())
    for actual, right in zip(ours, theirs, strict=True):
        GPU.judge(actual.grad, right.grad, GPU.SINGLE, "gradient")


@pytest.mark.parametrize("sizes", GPU.LAYERS, ids=lambda sizes: "-".join(map(str, sizes)))
def test_truth_of_the_gpu_checks_is_the_oracle(sizes: Any) -> None:
    x, w, b = (tensor.double() for tensor in GPU.layer(sizes, 0))
    case = HIDDEN.Case(*sizes)
    desired = HIDDEN.direct(x.numpy(), w.numpy(), b.numpy(), case.stride, HIDDEN.borders(case))
    actual = GPU.truth(x, w, b, case.stride, case.padding).numpy()
    np.testing.assert_allclose(actual, desired.astype(np.float64), rtol=1e-12, atol=1e-12)


def test_library_of_the_timing_check_is_the_same_function() -> None:
    x, w, b = GPU.layer((2, 3, 8, 9, 4, 3, 3), 5)
    desired = REFERENCE.conv2d_torch(x, w, b, 2, 1)
    assert torch.allclose(REFERENCE._library_conv2d(x, w, b, 2, 1), desired, atol=1e-5)


# Naming


@over_cases
def test_a_right_answer_shows_no_symptom(case: Any) -> None:
    x, w, b, dout = layer(case, np.float64)
    border = HIDDEN.borders(case)
    out = HIDDEN.direct(x, w, b, case.stride, border)
    mistakes = HIDDEN.forward_mistakes(x, w, b, case.stride, border, case.padding)
    assert HIDDEN.recognised(out.astype(np.float64), out, np.float64, mistakes) is None
    dframe, dw, db = HIDDEN.direct_backward(dout, x, w, case.stride, border)
    for name, right in (("dx", HIDDEN.unframed(dframe, border)), ("dw", dw), ("db", db)):
        mistakes = HIDDEN.backward_mistakes(name, dout, x, w, case.stride, border)
        assert HIDDEN.recognised(right.astype(np.float64), right, np.float64, mistakes) is None


@over_cases
def test_an_unknown_mistake_shows_no_symptom(case: Any) -> None:
    x, w, b, dout = layer(case, np.float64)
    border = HIDDEN.borders(case)
    out = HIDDEN.direct(x, w, b, case.stride, border)
    wrong = out.astype(np.float64)
    wrong[0, 0, 0, 0] += 0.5
    mistakes = HIDDEN.forward_mistakes(x, w, b, case.stride, border, case.padding)
    assert HIDDEN.recognised(wrong, out, np.float64, mistakes) is None
    dframe, _, _ = HIDDEN.direct_backward(dout, x, w, case.stride, border)
    dx = HIDDEN.unframed(dframe, border).astype(np.float64)
    mistakes = HIDDEN.backward_mistakes("dx", dout, x, w, case.stride, border)
    assert HIDDEN.recognised(dx * 1.5 + 0.1, dx, np.float64, mistakes) is None


def test_flipped_kernels_and_missing_bias_are_told_apart() -> None:
    case = HIDDEN.SQUARE[0]
    x, w, b, _ = layer(case, np.float64)
    border = HIDDEN.borders(case)
    out = HIDDEN.direct(x, w, b, case.stride, border)
    wrong = {
        "flipped kernel": REFERENCE.conv2d_forward(x, w[:, :, ::-1, ::-1], b, case.stride, case.padding)[0],
        "no bias": REFERENCE.conv2d_forward(x, w, 0 * b, case.stride, case.padding)[0],
    }
    for symptom, answer in wrong.items():
        mistakes = HIDDEN.forward_mistakes(x, w, b, case.stride, border, case.padding)
        assert HIDDEN.recognised(answer, out, np.float64, mistakes) == symptom


def claimed(changes: dict[str, Any], which: tuple[str, ...] = ("dx", "dw", "db"), claim: bool = True) -> str | None:
    """Return the symptom that right gradients show after `changes`, functions of each of them."""
    case = HIDDEN.SQUARE[0]
    x, w, _, dout = layer(case, np.float32)
    dframe, dw, db = HIDDEN.direct_backward(dout, x, w, case.stride, HIDDEN.borders(case))
    right = {"dx": HIDDEN.unframed(dframe, HIDDEN.borders(case)), "dw": dw, "db": db}
    grads = {name: value.astype(np.float32) for name, value in right.items()}
    grads |= {name: change(grads[name]) for name, change in changes.items()}
    with pytest.raises(CheckFailure) as caught:
        HIDDEN.judge_gradients(grads, dout, x, w, case, which, allowed=dict.fromkeys(grads, 1e-4), claim=claim)
    symptom = caught.value.symptom
    assert symptom is None or isinstance(symptom, str)
    return symptom


def test_two_mistakes_at_once_are_named_each_by_its_own_check() -> None:
    both = {"dw": lambda dw: dw / np.float32(2), "db": lambda db: db / np.float32(2)}
    assert claimed(both) is None
    assert claimed(both, which=("dw",)) == "dw averaged" and claimed(both, which=("db",)) == "db averaged"


def test_float64_that_came_of_float32_is_recognised() -> None:
    assert claimed({"dx": lambda dx: dx * (1 + 1e-7) + np.zeros(dx.shape)}) == "wrong dtype"


def test_what_a_wrong_output_may_have_brought_about_is_not_claimed() -> None:
    flipped = {"dw": lambda dw: dw[:, :, ::-1, ::-1]}
    assert claimed(flipped) == "dw flipped" and claimed(flipped, claim=False) is None
    assert claimed({"db": lambda db: db / np.float32(2)}, claim=False) == "db averaged"


# `validated`


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"x": np.ones((2, 5, 5))}, "x must have shape"),
        ({"w": np.ones((3, 2, 3))}, "w must have shape"),
        ({"w": np.ones((3, 1, 3, 3))}, "channels"),
        ({"b": np.ones(2)}, "b must have shape"),
        ({"x": np.full((1, 2, 5, 5), np.inf)}, "finite"),
        ({"stride": 0}, "stride"),
        ({"stride": 1.5}, "stride"),
        ({"padding": -1}, "padding must be"),
        ({"padding": "SAME"}, "padding must be"),
        ({"padding": "same", "stride": 2}, "needs stride 1"),
        ({"w": np.ones((3, 2, 6, 3))}, "does not fit"),
        ({"w": np.ones((3, 2, 3, 6)), "padding": "valid"}, "does not fit"),
    ],
)
def test_nonsense_is_refused_with_its_reason(changes: dict[str, Any], says: str) -> None:
    arguments = {"x": np.ones((1, 2, 5, 5)), "w": np.ones((3, 2, 3, 3)), "b": np.ones(3), "stride": 1, "padding": 0}
    with pytest.raises(ValueError, match=says):
        REFERENCE.conv2d_forward(**{**arguments, **changes})


def test_backward_refuses_a_gradient_of_other_dimensions() -> None:
    _, cache = REFERENCE.conv2d_forward(np.ones((1, 2, 5, 5)), np.ones((3, 2, 3, 3)), np.ones(3))
    with pytest.raises(ValueError, match="dout must have shape"):
        REFERENCE.conv2d_backward(np.ones((3, 3)), cache)
