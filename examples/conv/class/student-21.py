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




def conv2d_forward(x, w, b, stride=1, padding=0):
    """out, cache"""
    x, w, b = validated(x, w, b, stride, padding)
    if padding == 'valid':
        padding = 0
    if padding == 'same':
        raise NotImplementedError("same: ask in the tutorial where the extra row goes")
    if padding == 'full':
        raise NotImplementedError("full")
    N, C, H, W = x.shape
    F, C, kh, kw = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    Ho = (H + 2 * padding - kh) // stride + 1
    Wo = (W + 2 * padding - kw) // stride + 1
    out = np.zeros((N, F, Ho, Wo), dtype=x.dtype)
    for i in range(kh):
        for j in range(kw):
            a = xp[:, :, i:i + stride * Ho:stride, j:j + stride * Wo:stride]
            out += np.einsum('nchw,fc->nfhw', a, w[:, :, i, j])
    return out + b[None, :, None, None], (x, xp, w, stride, padding)


def conv2d_backward(dout, cache):
    """dx, dw, db"""
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    x, xp, w, stride, padding = cache
    db = dout.sum(axis=(0, 2, 3))
    dw = np.zeros_like(w)
    Ho, Wo = dout.shape[2:]
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            a = xp[:, :, i:i + stride * Ho:stride, j:j + stride * Wo:stride]
            dw[:, :, i, j] = np.einsum('nfhw,nchw->fc', dout, a)
    dx = None  # later
    return dx, dw, db


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
