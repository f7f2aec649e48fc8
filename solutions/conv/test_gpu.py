"""The checks of `conv2d_torch` on a GPU. Skipped, with the reason, where there is none.

All tensors on the device belong to the student's side: `device_student.run_on_device` puts the arguments there, insists
that the output lies there, too, and returns it as a CPU tensor.

The truth is torch's own convolution in float64 on the CPU, with its autograd.
"""

from __future__ import annotations

import pytest

from autograder.judge import assert_array, assert_speed, assert_within
from autograder.text import Bilingual

FROBENIUS = Bilingual("relative error (Frobenius norm)", "相对误差（Frobenius 范数）")
SINGLE, TF32 = 1e-5, 2e-3  # TF32 keeps 10 bits behind the leading one: 2^-11 per factor, averaged over many terms
# Windows as columns or a loop over kernel entries cost a few launches more than a library does, a loop over pixels
# thousands. An estimate: see design.md.
SPEED_LIMIT = 6.0
# N, C, H, W, F, kh, kw, stride, padding
LAYERS = [
    (4, 3, 17, 20, 6, 3, 3, 1, 1),
    (2, 5, 12, 9, 4, 2, 4, 1, "same"),
    (2, 4, 11, 14, 3, 3, 2, 1, "full"),
    (3, 2, 13, 10, 5, 3, 5, 2, "valid"),
    (1, 6, 8, 8, 2, 1, 1, 3, 0),
    (2, 1, 3, 4, 2, 5, 4, 2, 3),
]


def layer(sizes, seed):
    """Return x, w and b in float32 on the CPU."""
    import torch

    N, C, H, W, F, kh, kw = sizes[:7]
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(N, C, H, W, generator=generator)
    return x, torch.randn(F, C, kh, kw, generator=generator), torch.randn(F, generator=generator)


def truth(x, w, b, stride, padding):
    """Return the output in float64, by torch's own convolution, differentiable."""
    import torch

    kh, kw = w.shape[2:]
    words = {
        "valid": (0, 0, 0, 0),
        "same": ((kw - 1) // 2, kw // 2, (kh - 1) // 2, kh // 2),
        "full": (kw - 1, kw - 1, kh - 1, kh - 1),
    }
    sides = words[padding] if isinstance(padding, str) else (padding,) * 4
    return torch.nn.functional.conv2d(torch.nn.functional.pad(x, sides), w, b, stride=stride)


def judge(actual, desired, limit, name):
    """Check type, shape and dtype float32, and the relative error in the Frobenius norm."""
    import torch

    if not isinstance(actual, torch.Tensor):
        raise AssertionError(f"{name} must be a tensor, not {type(actual).__name__}")
    array = assert_array(actual.numpy(), shape=tuple(desired.shape), dtype="float32", name=name)
    error = float((torch.from_numpy(array).double() - desired).norm() / desired.norm())
    assert_within(error, limit, name=name, what=FROBENIUS)


@pytest.mark.gpu
@pytest.mark.part("gpu")
class TestGpu:
    @pytest.mark.points(3)
    @pytest.mark.why(
        en="On the GPU, all paddings and strides: the output lies there, is float32, and right to 1e-5 without TF32.",
        zh="在 GPU 上，各种填充与步幅：输出在 GPU 上，dtype 为 float32，不用 TF32 时误差不超过 1e-5。",
    )
    @pytest.mark.hint(
        en="Make new tensors where x lies (x.new_zeros); 'same' puts the extra zeros at the bottom and on the right.",
        zh="新张量要建在 x 所在的设备上（x.new_zeros）；'same' 把多出的零补在下方和右侧。",
    )
    def test_conv2d_torch_on_the_device(self, device_student):
        for seed, sizes in enumerate(LAYERS):
            x, w, b = layer(sizes, seed)
            out = device_student.run_on_device("conv2d_torch", x, w, b, *sizes[7:])
            judge(out, truth(x.double(), w.double(), b.double(), *sizes[7:]), SINGLE, "out")

    @pytest.mark.points(2)
    @pytest.mark.needs("test_conv2d_torch_on_the_device")
    @pytest.mark.why(
        en="With TF32 switched on, the output is right to 2e-3.",
        zh="开启 TF32 时，输出误差不超过 2e-3。",
    )
    @pytest.mark.hint(
        en="Leave torch.backends alone, and compute in the dtype of the input.",
        zh="不要改动 torch.backends，按输入的 dtype 计算。",
    )
    def test_conv2d_torch_with_tf32(self, device_student):
        sizes = (8, 16, 28, 28, 32, 3, 3, 1, 1)
        x, w, b = layer(sizes, 21)
        out = device_student.run_on_device("conv2d_torch", x, w, b, 1, 1, tf32=True)
        judge(out, truth(x.double(), w.double(), b.double(), 1, 1), TF32, "out with TF32")

    @pytest.mark.points(3)
    @pytest.mark.needs("test_conv2d_torch_on_the_device")
    @pytest.mark.why(
        en="Autograd goes through: the gradients of x, w and b are right to 1e-5.",
        zh="可以自动求导：x、w、b 的梯度误差不超过 1e-5。",
    )
    @pytest.mark.hint(
        en="No .numpy(), .detach(), .item() or torch.no_grad() on the way; every step is an operation of torch.",
        zh="中途不要用 .numpy()、.detach()、.item() 或 torch.no_grad()；每一步都用 torch 的运算。",
    )
    def test_conv2d_torch_is_differentiable(self, device_student):
        import torch

        for seed, sizes in enumerate(LAYERS[:4]):
            tensors = layer(sizes, 30 + seed)
            wide = [tensor.double().requires_grad_() for tensor in tensors]
            desired = truth(*wide, *sizes[7:])
            dout = torch.randn(desired.shape, generator=torch.Generator().manual_seed(40 + seed))
            desired.backward(dout.double())
            answer = device_student.run_on_device("conv2d_torch", *tensors, *sizes[7:], grad=dout)
            for name, actual, tensor in zip(("dx", "dw", "db"), answer[1:], wide, strict=True):
                if actual is None:
                    raise AssertionError(f"{name}: no gradient arrives")
                judge(actual, tensor.grad, SINGLE, name)

    @pytest.mark.points(2)
    @pytest.mark.needs("test_conv2d_torch_on_the_device")
    @pytest.mark.why(
        en="A layer of a real network takes no longer than large operations need (synchronised, against torch's own).",
        zh="真实网络中的一层，用时不超过成块运算所需（计时前后同步，与 torch 自带的卷积比较）。",
    )
    @pytest.mark.hint(
        en="One product of matrices, or a loop over kernel entries; no loop over pixels or samples.",
        zh="用一次矩阵乘积，或只对卷积核的各项循环；不要逐像素或逐样本循环。",
    )
    def test_conv2d_torch_is_fast(self, device_student, device_twin):
        def make_args(seed):
            # Much to compute and a small output: its way home is timed, too.
            return *layer((16, 64, 34, 34, 4, 5, 5), 50 + seed), 1, 0

        theirs, library = device_student.timer("conv2d_torch"), device_twin.timer("_library_conv2d")
        for seed in (-2, -1):  # both sides warm up: they choose and load their kernels
            theirs.timed(*make_args(seed))
            library.timed(*make_args(seed))
        assert_speed(
            theirs,
            library,
            make_args,
            limit=SPEED_LIMIT,
            name="conv2d_torch",
            check=lambda out, args: judge(out, truth(*(t.double() for t in args[:3]), 1, 0), 2 * SINGLE, "out"),
        )
