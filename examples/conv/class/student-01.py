"""Convolution, forward and backward / 卷积的前向与反向计算

Write your code where it says YOUR CODE HERE, and hand in this file or the notebook, not both.
请在标有 YOUR CODE HERE 的地方编写代码，并提交本文件或笔记本，二者选一。
"""

import numpy as np

PADDING_WORDS = ("valid", "same", "full")


def validated(x, w, b, stride=1, padding=0):
    """Return x, w and b as float arrays of one dtype, or say what is wrong with them.

    Parameters
    ----------
    x : array_like of shape (N, C, H, W)
    w : array_like of shape (F, C, kh, kw)
    b : array_like of shape (F,)
    stride : int, >= 1
    padding : int, >= 0, or 'valid', 'same', 'full'

    Returns
    -------
    x, w, b : ndarray, all float32 if all came as float32, else all float64
        Not copies where the dtype is already right: do not write into them.

    Raises
    ------
    ValueError
        If shapes do not fit together, an entry is not finite, stride or padding is none of the above, 'same' comes with
        a stride other than 1, or the kernel is larger than the padded image.
    """
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




# im2col and one matrix product
def get_pads(kh, kw, padding):
    if padding == "valid":
        return 0, 0, 0, 0
    if padding == "full":
        return kh - 1, kh - 1, kw - 1, kw - 1
    if padding == "same":
        top = (kh - 1) // 2
        left = (kw - 1) // 2
        return top, kh - 1 - top, left, kw - 1 - left
    return padding, padding, padding, padding


def im2col(xp, kh, kw, stride):
    win = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(2, 3))
    win = win[:, :, ::stride, ::stride]  # (N, C, Ho, Wo, kh, kw)
    N, C, Ho, Wo = win.shape[:4]
    cols = win.transpose(0, 1, 4, 5, 2, 3).reshape(N, C * kh * kw, Ho * Wo)
    return cols, Ho, Wo


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    F, C, kh, kw = w.shape
    top, bottom, left, right = get_pads(kh, kw, padding)
    xp = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
    cols, Ho, Wo = im2col(xp, kh, kw, stride)
    out = w.reshape(F, -1) @ cols + b[:, None]  # (N, F, Ho*Wo)
    out = out.reshape(len(x), F, Ho, Wo)
    cache = (x.shape, xp.shape, w, cols, stride, top, left)
    return out, cache


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    x_shape, xp_shape, w, cols, stride, top, left = cache
    N, C, H, W = x_shape
    F, _, kh, kw = w.shape
    Ho, Wo = dout.shape[2:]
    d = dout.reshape(N, F, -1)
    db = d.sum(axis=(0, 2))
    dw = (d @ cols.transpose(0, 2, 1)).sum(axis=0).reshape(w.shape)
    dcols = (w.reshape(F, -1).T @ d).reshape(N, C, kh, kw, Ho, Wo)
    dxp = np.zeros(xp_shape, dtype=dout.dtype)
    for i in range(kh):
        for j in range(kw):
            dxp[:, :, i:i + stride * Ho:stride, j:j + stride * Wo:stride] += dcols[:, :, i, j]
    dx = dxp[:, :, top:top + H, left:left + W]
    return dx, dw, db


def conv2d_torch(x, w, b, stride=1, padding=0):
    import torch
    import torch.nn.functional as TF
    F, C, kh, kw = w.shape
    top, bottom, left, right = get_pads(kh, kw, padding)
    xp = TF.pad(x, (left, right, top, bottom))
    cols = TF.unfold(xp, (kh, kw), stride=stride)
    Ho = (xp.shape[2] - kh) // stride + 1
    Wo = (xp.shape[3] - kw) // stride + 1
    out = torch.matmul(w.reshape(F, -1), cols) + b[:, None]
    return out.reshape(x.shape[0], F, Ho, Wo)
