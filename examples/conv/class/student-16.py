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




def sides(k, padding):
    if padding == "valid":
        return 0, 0
    elif padding == "same":
        return (k - 1) // 2, k // 2
    elif padding == "full":
        return k - 1, k - 1
    return padding, padding


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    sv, sh = sides(w.shape[2], padding), sides(w.shape[3], padding)
    xp = np.pad(x, ((0, 0), (0, 0), sv, sh))
    Ho = (xp.shape[2] - w.shape[2]) // stride + 1
    Wo = (xp.shape[3] - w.shape[3]) // stride + 1
    out = np.tile(b[None, :, None, None], (len(x), 1, Ho, Wo))
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            piece = xp[:, :, i:i + Ho * stride:stride, j:j + Wo * stride:stride]
            out += np.einsum("fc,nchw->nfhw", w[:, :, i, j], piece, optimize=True)
    return out, (xp, x.shape, w, stride, sv[0], sh[0])


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    xp, shape, w, s, top, left = cache
    F, C, kh, kw = w.shape
    Ho, Wo = dout.shape[2:]
    dw = np.empty_like(w)
    dxp = np.zeros_like(xp)
    for i in range(kh):
        for j in range(kw):
            rows, cols = slice(i, i + Ho * s, s), slice(j, j + Wo * s, s)
            dw[:, :, i, j] = np.einsum("nfhw,nchw->fc", dout, xp[:, :, rows, cols], optimize=True)
            # all filters see the same image: add them up first
            dxp[:, :, rows, cols] += dout.sum(axis=1, keepdims=True) * w[:, :, i, j].sum(axis=0)[None, :, None, None]
    return dxp[:, :, top:top + shape[2], left:left + shape[3]], dw, dout.sum(axis=(0, 2, 3))


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
