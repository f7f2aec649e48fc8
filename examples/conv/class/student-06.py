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




def pad_amounts(k, padding):
    if padding == "valid":
        return (0, 0)
    if padding == "full":
        return (k - 1, k - 1)
    if padding == "same":
        total = k - 1
        after = total // 2
        before = total - after
        return (before, after)
    return (padding, padding)


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    N, C, H, W = x.shape
    F, C, kh, kw = w.shape
    vert, hori = pad_amounts(kh, padding), pad_amounts(kw, padding)
    xp = np.pad(x, ((0, 0), (0, 0), vert, hori))
    patches = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), (2, 3))[..., ::stride, ::stride, :, :]
    out = np.einsum("nchwij,fcij->nfhw", patches, w, optimize=True) + b[None, :, None, None]
    return out, dict(x=x, xp=xp, w=w, stride=stride, vert=vert, hori=hori)


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    x, xp, w, s = cache["x"], cache["xp"], cache["w"], cache["stride"]
    kh, kw = w.shape[2:]
    patches = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), (2, 3))[..., ::s, ::s, :, :]
    dw = np.einsum("nchwij,nfhw->fcij", patches, dout, optimize=True)
    db = dout.sum(axis=(0, 2, 3))
    dxp = np.zeros_like(xp)
    Ho, Wo = dout.shape[2:]
    for p in range(Ho):
        for q in range(Wo):
            dxp[:, :, p * s:p * s + kh, q * s:q * s + kw] += np.einsum("nf,fcij->ncij", dout[:, :, p, q], w)
    top, left = cache["vert"][0], cache["hori"][0]
    return dxp[:, :, top:top + x.shape[2], left:left + x.shape[3]], dw, db


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
