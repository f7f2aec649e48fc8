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
    N, C, H, W = x.shape
    F, C, kh, kw = w.shape
    if padding == "same":
        pt, pb, pl, pr = (kh - 1) // 2, kh // 2, (kw - 1) // 2, kw // 2
    elif padding == "full":
        pt, pb, pl, pr = kh - 1, kh - 1, kw - 1, kw - 1
    elif padding == "valid":
        pt, pb, pl, pr = 0, 0, 0, 0
    else:
        pt, pb, pl, pr = [padding] * 4
    padded = np.pad(x, ((0, 0), (0, 0), (pt, pb), (pl, pr)))
    Ho, Wo = (H + pt + pb - kh) // stride + 1, (W + pl + pr - kw) // stride + 1
    out = np.zeros((N, F, Ho, Wo), dtype=x.dtype)
    for n in range(N):
        for p in range(Ho):
            strip = padded[n, :, p * stride:p * stride + kh]
            win = np.lib.stride_tricks.sliding_window_view(strip, kw, axis=2)[:, :, ::stride]  # C, kh, Wo, kw
            out[n, :, p] = np.tensordot(w, win, axes=([1, 2, 3], [0, 1, 3])) + b[:, None]
    return out, (x, w, b, stride, padding, padded, pt, pl)


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    x, w, b, stride, padding, padded, pt, pl = cache
    N, F, Ho, Wo = dout.shape
    kh, kw = w.shape[2:]
    H, W = x.shape[2:]
    dw = np.zeros_like(w)
    # as large as what the windows cover
    dp = np.zeros((N, x.shape[1], (Ho - 1) * stride + kh, (Wo - 1) * stride + kw), dtype=x.dtype)
    for p in range(Ho):
        for q in range(Wo):
            y0, x0 = p * stride, q * stride
            g = dout[:, :, p, q]
            dw += np.einsum("nf,ncij->fcij", g, padded[:, :, y0:y0 + kh, x0:x0 + kw])
            dp[:, :, y0:y0 + kh, x0:x0 + kw] += np.einsum("nf,fcij->ncij", g, w)
    return dp[:, :, pt:pt + H, pl:pl + W], dw, dout.sum(axis=(0, 2, 3))


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
