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




def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    kh, kw = w.shape[2:]
    if padding == "same":
        pads = [((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2)]
    elif padding == "full":
        pads = [(kh, kh), (kw, kw)]
    elif padding == "valid":
        pads = [(0, 0), (0, 0)]
    else:
        pads = [(padding, padding)] * 2
    xp = np.pad(x, [(0, 0), (0, 0)] + pads)
    win = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    out = np.tensordot(win, w, ([1, 4, 5], [1, 2, 3]))
    return np.ascontiguousarray(out.transpose(0, 3, 1, 2)), [x, xp, w, stride, pads]


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    x, xp, w, stride, pads = cache
    N, F, Ho, Wo = dout.shape
    kh, kw = w.shape[2:]
    if stride > 1:
        # spread dout out
        d = np.zeros((N, F, stride * Ho - 1, stride * Wo - 1), dout.dtype)
        d[:, :, 0::stride + 1, 0::stride + 1] = dout
        dout = d
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for i in range(kh):
        for j in range(kw):
            dw[:, :, i, j] = np.einsum("nfpq,ncpq->fc", dout, xp[:, :, i:i + dout.shape[2], j:j + dout.shape[3]])
            dxp[:, :, i:i + dout.shape[2], j:j + dout.shape[3]] += np.einsum("nfpq,fc->ncpq", dout, w[:, :, i, j])
    (t, _), (l, _) = pads
    return dxp[:, :, t:t + x.shape[2], l:l + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
