import numpy as np

PADDING_WORDS = ("valid", "same", "full")


def validated(x, w, b, stride=1, padding=0):
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


import torch
import torch.nn.functional as F


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    kh, kw = w.shape[2:]
    if padding == "valid":
        p = (0, 0, 0, 0)
    elif padding == "same":
        p = ((kw - 1) // 2, kw // 2, (kh - 1) // 2, kh // 2)
    elif padding == "full":
        p = (kw - 1, kw - 1, kh - 1, kh - 1)
    else:
        p = (padding,) * 4
    xp = F.pad(torch.from_numpy(np.array(x)), p)
    out = F.conv2d(xp, torch.from_numpy(np.array(w)), torch.from_numpy(np.array(b)), stride=stride)
    return out.numpy(), (xp.numpy(), x.shape, w, stride, p)


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    xp, shape, w, stride, p = cache
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    Ho, Wo = dout.shape[2:]
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            rows, cols = slice(i, i + stride * Ho, stride), slice(j, j + stride * Wo, stride)
            dw[:, :, i, j] = np.einsum("nfpq,ncpq->fc", dout, xp[:, :, rows, cols], optimize=True)
            dxp[:, :, rows, cols] += np.einsum("nfpq,fc->ncpq", dout, w[:, :, i, j], optimize=True)
    return dxp[:, :, p[2]:p[2] + shape[2], p[0]:p[0] + shape[3]], dw, dout.sum(axis=(0, 2, 3))


def conv2d_torch(x, w, b, stride=1, padding=0):
    kh, kw = w.shape[2:]
    if padding == "valid":
        p = (0, 0, 0, 0)
    elif padding == "same":
        p = ((kw - 1) // 2, kw // 2, (kh - 1) // 2, kh // 2)
    elif padding == "full":
        p = (kw - 1, kw - 1, kh - 1, kh - 1)
    else:
        p = (padding,) * 4
    return F.conv2d(F.pad(x, p), w, b, stride=stride)
