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
    F, _, kh, kw = w.shape
    if padding == "same":
        t, l = kh // 2, kw // 2
        u, r = t, l
    elif padding == "full":
        t = u = kh - 1
        l = r = kw - 1
    elif padding == "valid":
        t = u = l = r = 0
    else:
        t = u = l = r = padding
    xp = np.pad(x, ((0, 0), (0, 0), (t, u), (l, r)))
    ho, wo = (H + t + u - kh) // stride + 1, (W + l + r - kw) // stride + 1
    out = np.zeros((N, F, ho, wo), x.dtype)
    for n in range(N):
        for i in range(kh):
            for j in range(kw):
                out[n] += np.einsum("fc,cpq->fpq", w[:, :, i, j], xp[n, :, i:i + ho * stride:stride, j:j + wo * stride:stride])
        out[n] += b[:, None, None]
    return out, (x.shape, xp, w, stride, t, l)


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    (N, C, H, W), xp, w, stride, t, l = cache
    F, _, kh, kw = w.shape
    ho, wo = dout.shape[2:]
    dw = np.zeros_like(w)
    for i in range(kh):
        for j in range(kw):
            a = xp[:, :, i:i + ho * stride:stride, j:j + wo * stride:stride]
            dw[:, :, i, j] = np.tensordot(dout, a, ((0, 2, 3), (0, 2, 3)))
    # dx: full convolution of dout with the kernels
    hs, ws = (ho - 1) * stride + 1, (wo - 1) * stride + 1
    dil = np.zeros((N, F, hs, ws), dout.dtype)
    dil[:, :, ::stride, ::stride] = dout
    dil = np.pad(dil, ((0, 0), (0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1)))
    dxp = np.zeros((N, C, hs + kh - 1, ws + kw - 1), dout.dtype)
    for i in range(kh):
        for j in range(kw):
            dxp += np.einsum("fc,nfpq->ncpq", w[:, :, i, j], dil[:, :, i:i + hs + kh - 1, j:j + ws + kw - 1])
    full = np.zeros_like(xp)
    full[:, :, :dxp.shape[2], :dxp.shape[3]] = dxp
    return full[:, :, t:t + H, l:l + W], dw, dout.sum(axis=(0, 2, 3))


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
