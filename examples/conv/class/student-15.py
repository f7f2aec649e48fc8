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




def pad_x(x, kh, kw, padding):
    if padding == "same":
        p = ((kh - 1) // 2, kh // 2, (kw - 1) // 2, kw // 2)
    elif padding == "full":
        p = (kh - 1, kh - 1, kw - 1, kw - 1)
    elif padding == "valid":
        p = (0, 0, 0, 0)
    else:
        p = (padding,) * 4
    return np.pad(x, ((0, 0), (0, 0), p[:2], p[2:])), p


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    N, C, H, W = x.shape
    F, C, kh, kw = w.shape
    xp, p = pad_x(x, kh, kw, padding)
    Ho, Wo = (xp.shape[2] - kh) // stride + 1, (xp.shape[3] - kw) // stride + 1
    out = np.zeros((N, F, Ho, Wo), dtype=x.dtype)
    for c in range(C):
        for i in range(kh):
            for j in range(kw):
                patch = xp[:, c, i:i + Ho * stride:stride, j:j + Wo * stride:stride]
                out += patch[:, None] * w[:, c, i, j][None, :, None, None]
        out += b[None, :, None, None]
    return out, (xp, x.shape, w, stride, p)


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    xp, shape, w, stride, p = cache
    dw = np.zeros_like(w)
    dxp = np.zeros_like(xp)
    Ho, Wo = dout.shape[2:]
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            s = (slice(None), slice(None), slice(i, i + Ho * stride, stride), slice(j, j + Wo * stride, stride))
            dw[:, :, i, j] = np.einsum("nfpq,ncpq->fc", dout, xp[s])
            dxp[s] += np.einsum("nfpq,fc->ncpq", dout, w[:, :, i, j])
    db = dout.sum(axis=(0, 2, 3))
    return dxp[:, :, p[0]:p[0] + shape[2], p[2]:p[2] + shape[3]], dw, db


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
