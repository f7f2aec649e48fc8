"""Convolution, forward and backward / 卷积的前向与反向计算"""

import numpy as np

PADDING_WORDS = ("valid", "same", "full")


def validated(x, w, b, stride=1, padding=0):
    """Return x, w and b as float arrays of one dtype, or say what is wrong with them."""
    arrays = [np.asarray(value) for value in (x, w, b)]
    dtype = np.float32 if all(value.dtype == np.float32 for value in arrays) else np.float64
    x, w, b = (value.astype(dtype, copy=False) for value in arrays)
    if x.ndim != 4 or x.size == 0:
        raise ValueError(f"x must have shape (N, C, H, W), none of them 0, not {x.shape}")
    if w.ndim != 4 or w.size == 0:
        raise ValueError(f"w must have shape (F, C, kh, kw), none of them 0, not {w.shape}")
    if w.shape[1] != x.shape[1]:
        raise ValueError(f"x has {x.shape[1]} channels and w has {w.shape[1]}")
    if b.shape != (w.shape[0],):
        raise ValueError(f"b must have shape ({w.shape[0]},), not {b.shape}")
    if not all(np.isfinite(value).all() for value in (x, w, b)):
        raise ValueError("x, w and b must be finite")
    if not isinstance(stride, int | np.integer) or stride < 1:
        raise ValueError(f"stride must be an integer >= 1, not {stride!r}")
    if isinstance(padding, int | np.integer) and padding >= 0:
        if w.shape[2] > x.shape[2] + 2 * padding or w.shape[3] > x.shape[3] + 2 * padding:
            raise ValueError(f"a kernel of {w.shape[2:]} does not fit into {x.shape[2:]} with padding {padding}")
    elif padding == "valid":
        return validated(x, w, b, stride, 0)
    elif padding not in PADDING_WORDS:
        raise ValueError(f"padding must be an integer >= 0 or one of {PADDING_WORDS}, not {padding!r}")
    if padding == "same" and stride != 1:
        raise ValueError(f"padding 'same' needs stride 1, not {stride}")
    return x, w, b


def border(kh, kw, padding):
    if padding == "same":
        return ((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2)
    if padding == "full":
        return (kh - 1, kh - 1), (kw - 1, kw - 1)
    if padding == "valid":
        padding = 0
    return (padding, padding), (padding, padding)


def conv2d_forward(x, w, b, stride=1, padding=0):
    """Return the output of a convolutional layer (a cross-correlation: no flip), and a cache for `conv2d_backward`."""
    x, w, b = validated(x, w, b, stride, padding)
    F, C, kh, kw = w.shape
    tb, lr = border(kh, kw, padding)
    xp = np.pad(x, ((0, 0), (0, 0), tb, lr))
    flipped = w[:, :, ::-1, ::-1]
    win = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    out = np.einsum("nchwij,fcij->nfhw", win, flipped, optimize=True) + b[:, None, None]
    return out, (xp, w, stride, tb, lr, x.shape[2:])


def conv2d_backward(dout, cache):
    """Return the gradients of a loss with respect to x, w and b of `conv2d_forward`."""
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    padded, w, s, (top, _), (left, _), size = cache
    kh, kw = w.shape[2:]
    N, F, Ho, Wo = dout.shape
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))[:, :, ::s, ::s]
    dw = np.tensordot(dout, windows, axes=([0, 2, 3], [0, 2, 3]))
    spread = np.tensordot(dout, w, axes=([1], [0]))  # (N, Ho, Wo, C, kh, kw)
    dpadded = np.zeros_like(padded)
    for i in range(kh):
        for j in range(kw):
            dpadded[:, :, i : i + s * Ho : s, j : j + s * Wo : s] += spread[..., i, j].transpose(0, 3, 1, 2)
    dx = dpadded[:, :, top : top + size[0], left : left + size[1]]
    db = dout.reshape(N, F, -1).sum(axis=2).sum(axis=0)
    return dx, dw, db


def conv2d_torch(x, w, b, stride=1, padding=0):
    """Return the output of `conv2d_forward` for torch tensors, computed on the device where they lie."""
    import torch.nn.functional as nnf

    F, C, kh, kw = w.shape
    (t, u), (l, r) = border(kh, kw, padding)
    xp = nnf.pad(x, (l, r, t, u))
    Ho = (xp.shape[2] - kh) // stride + 1
    Wo = (xp.shape[3] - kw) // stride + 1
    cols = nnf.unfold(xp, (kh, kw), stride=stride)
    y = w.reshape(F, -1) @ cols + b.reshape(F, 1)
    return y.reshape(x.shape[0], F, Ho, Wo)
