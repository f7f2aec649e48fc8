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




def im2col(x, kh, kw, s):
    n, c, h, wd = x.shape
    oh = (h - kh) // s + 1
    ow = (wd - kw) // s + 1
    cols = np.zeros((c * kh * kw, n * oh * ow), dtype=x.dtype)
    for ch in range(c):
        for i in range(kh):
            for j in range(kw):
                block = x[:, ch, i:i + s * oh:s, j:j + s * ow:s]
                cols[(ch * kh + i) * kw + j] = block.reshape(-1)
    return cols, oh, ow


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    N = x.shape[0]
    F, C, kh, kw = w.shape
    if padding == "valid":
        pads = ((0, 0), (0, 0))
    elif padding == "same":
        pads = (((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2))
    elif padding == "full":
        pads = ((kh - 1, kh - 1), (kw - 1, kw - 1))
    else:
        pads = ((padding, padding), (padding, padding))
    xp = np.pad(x, ((0, 0), (0, 0)) + pads)
    cols, oh, ow = im2col(xp, kh, kw, stride)
    out = w.reshape(F, -1).dot(cols) + b.reshape(F, 1)  # (F, N*oh*ow)
    out = out.reshape(N, F, oh, ow)
    return out, (x, w, cols, stride, pads)


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    x, w, cols, stride, pads = cache
    db = dout.sum(axis=(0, 2, 3))
    # TODO dw, dx
    # YOUR CODE HERE
    raise NotImplementedError


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
