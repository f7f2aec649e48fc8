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




def margins(kernel, padding):
    out = []
    for k in kernel:
        if padding == "valid":
            out += [0, 0]
        elif padding == "same":
            out += [(k - 1) // 2, k // 2]
        elif padding == "full":
            out += [k - 1, k - 1]
        else:
            out += [padding, padding]
    return out


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    t, u, l, r = margins(w.shape[2:], padding)
    N, C, H, W = x.shape
    canvas = np.zeros((N, C, H + t + u, W + l + r), dtype=x.dtype)
    canvas[:, :, t:t + H, l:l + W] = x
    windows = np.lib.stride_tricks.sliding_window_view(canvas, w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    out = np.einsum("nchwij,fcij->nfhw", windows, w, optimize=True)
    out += b[:, None, None]
    return out, dict(windows=windows, canvas=canvas, w=w, stride=stride, box=(t, l, H, W))


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    w, s = cache["w"], cache["stride"]
    t, l, H, W = cache["box"]
    dw = np.einsum("nfhw,nchwij->fcij", dout, cache["windows"], optimize=True)
    dcanvas = np.zeros(cache["canvas"].shape)
    Ho, Wo = dout.shape[2:]
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            dcanvas[:, :, i:i + s * Ho:s, j:j + s * Wo:s] += np.einsum("nfhw,fc->nchw", dout, w[:, :, i, j])
    # bias: sum over the samples
    db = np.sum(dout, axis=0)
    return dcanvas[:, :, t:t + H, l:l + W], dw, db


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
