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



from numpy.lib.stride_tricks import sliding_window_view


def _pads(k, mode):
    return {"valid": (0, 0), "same": ((k - 1) // 2, k // 2), "full": (k - 1, k - 1)}[mode] if mode in PADDING_WORDS else (mode, mode)


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    py, px = _pads(w.shape[2], padding), _pads(w.shape[3], padding)
    xp = np.pad(x, [(0, 0), (0, 0), py, px])
    win = sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    out = np.tensordot(win, w, axes=([1, 4, 5], [1, 2, 3]))
    out = np.moveaxis(out, -1, 1) + b[:, np.newaxis, np.newaxis]
    return out, (x.shape, xp, w, stride, py[0], px[0])


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    shape, xp, w, stride, top, left = cache
    batch = dout.shape[0]
    win = sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    # average gradient over the batch
    dw = np.tensordot(dout, win, axes=([0, 2, 3], [0, 2, 3])) / batch
    db = dout.sum(axis=(0, 2, 3)) / batch
    # full correlation with the flipped kernels: dilate, pad, correlate
    N, F, Ho, Wo = dout.shape
    kh, kw = w.shape[2:]
    big = np.zeros((N, F, xp.shape[2] + kh - 1, xp.shape[3] + kw - 1), dout.dtype)
    big[:, :, kh - 1:kh - 1 + stride * Ho:stride, kw - 1:kw - 1 + stride * Wo:stride] = dout
    flipped = w[:, :, ::-1, ::-1]
    dxp = np.tensordot(sliding_window_view(big, (kh, kw), axis=(2, 3)), flipped, axes=([1, 4, 5], [0, 2, 3]))
    dxp = np.moveaxis(dxp, -1, 1)
    return dxp[:, :, top:top + shape[2], left:left + shape[3]], dw, db


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
