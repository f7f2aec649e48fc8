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




def edges(k, padding):
    if padding == "same":
        return (k - 1) // 2, k // 2
    if padding == "full":
        return k - 1, k - 1
    return (0, 0) if padding == "valid" else (padding, padding)


def correlate(x, w, stride):
    """x already padded"""
    cols = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.tensordot(cols, w, ((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    v, h = edges(w.shape[2], padding), edges(w.shape[3], padding)
    xp = np.pad(x, ((0, 0), (0, 0), v, h))
    b.shape = (len(b), 1, 1)  # for broadcasting
    out = correlate(xp, w, stride) + b
    return out, (xp, x.shape, w, stride, v[0], h[0])


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    xp, shape, w, stride, top, left = cache
    N, F, Ho, Wo = dout.shape
    kh, kw = w.shape[2:]
    db = dout.sum((0, 2, 3))
    cols = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    dw = np.tensordot(dout, cols, ((0, 2, 3), (0, 2, 3)))
    # the loss goes down along the negative gradient
    dout *= -1
    spread = np.zeros((N, F, xp.shape[2] + kh - 1, xp.shape[3] + kw - 1), dtype=dout.dtype)
    spread[:, :, kh - 1:kh - 1 + stride * Ho:stride, kw - 1:kw - 1 + stride * Wo:stride] = dout
    dxp = -correlate(spread, w.transpose(1, 0, 2, 3)[:, :, ::-1, ::-1], 1)
    return dxp[:, :, top:top + shape[2], left:left + shape[3]], dw, db


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
