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



# A convolution turns the kernel by 180 degrees (see signals & systems lecture).


def rot180(w):
    return np.rot90(w, 2, axes=(2, 3))


def zeros_around(size, padding):
    return {"valid": (0, 0), "same": ((size - 1) // 2, size // 2), "full": (size - 1, size - 1)}.get(
        padding, (padding, padding)
    )


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    K = rot180(w)
    kh, kw = K.shape[2:]
    pv, ph = zeros_around(kh, padding), zeros_around(kw, padding)
    xp = np.pad(x, ((0, 0), (0, 0), pv, ph))
    Ho, Wo = (xp.shape[2] - kh) // stride + 1, (xp.shape[3] - kw) // stride + 1
    out = np.zeros((x.shape[0], K.shape[0], Ho, Wo), x.dtype)
    for i in range(kh):
        for j in range(kw):
            part = xp[:, :, i:, j:][:, :, ::stride, ::stride][:, :, :Ho, :Wo]
            out += np.tensordot(K[:, :, i, j], part, axes=(1, 1)).swapaxes(0, 1)
    return out + b.reshape(-1, 1, 1), (xp, x.shape, K, stride, pv[0], ph[0])


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    xp, shape, K, stride, t, l = cache
    N = len(dout)
    Ho, Wo = dout.shape[2:]
    kh, kw = K.shape[2:]
    dxp, dK = np.zeros_like(xp), np.zeros_like(K)
    for i in range(kh):
        for j in range(kw):
            sl = np.s_[:, :, i:i + stride * Ho:stride, j:j + stride * Wo:stride]
            dK[:, :, i, j] = np.einsum("nfhw,nchw->fc", dout, xp[sl])
            dxp[sl] += np.einsum("nfhw,fc->nchw", dout, K[:, :, i, j])
    db = dout.mean(axis=0).sum(axis=(1, 2))
    return dxp[:, :, t:t + shape[2], l:l + shape[3]], rot180(dK), db


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
