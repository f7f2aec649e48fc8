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




def pads(k, padding):
    if padding == "same":
        return (k - 1) // 2, k // 2
    if padding == "full":
        return k - 1, k - 1
    if padding == "valid":
        return 0, 0
    return padding, padding


def windows(x, kh, kw, stride):
    """All windows without a copy, with as_strided."""
    x = np.ascontiguousarray(x)
    N, C, H, W = x.shape
    Ho, Wo = (H - kh) // stride + 1, (W - kw) // stride + 1
    n, c, h, v = x.strides
    return np.lib.stride_tricks.as_strided(
        x, (N, C, Ho, Wo, kh, kw), (n, c, stride * h, stride * v, h, v), writeable=False
    )


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    (t, u), (l, r) = pads(w.shape[2], padding), pads(w.shape[3], padding)
    xp = np.pad(x, ((0, 0), (0, 0), (t, u), (l, r)))
    view = windows(xp, w.shape[2], w.shape[3], stride)
    out = np.einsum("nchwij,fcij->nfhw", view, w, optimize=True) + b.reshape(1, -1, 1, 1)

    def backward(dout):
        w_flipped = w[:, :, ::-1]
        dw = np.einsum("nfhw,nchwij->fcij", dout, view, optimize=True)
        dxp = np.zeros_like(xp)
        for i in range(w.shape[2]):
            for j in range(w.shape[3]):
                dxp[:, :, i:i + stride * dout.shape[2]:stride, j:j + stride * dout.shape[3]:stride] += np.tensordot(
                    dout, w_flipped[:, :, w.shape[2] - 1 - i, w.shape[3] - 1 - j], axes=(1, 0)
                ).transpose(0, 3, 1, 2)
        return dxp[:, :, t:t + x.shape[2], l:l + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))

    return out, backward


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    return cache(dout)


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
