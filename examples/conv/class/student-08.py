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




def compute_padding(kernel, padding):
    if padding == "same":
        return (kernel - 1) // 2, kernel // 2
    if padding == "full":
        return kernel - 1, kernel - 1
    if padding == "valid":
        return 0, 0
    return padding, padding


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    p1, p2 = compute_padding(HH, padding)
    p3, p4 = compute_padding(WW, padding)
    x_pad = np.pad(x, ((0, 0), (0, 0), (p1, p2), (p3, p4)), "constant")
    H_out = 1 + (H + p1 + p2 - HH) // stride
    W_out = 1 + (W + p3 + p4 - WW) // stride
    out = np.zeros((N, F, H_out, W_out))
    for i in range(H_out):
        rows = np.lib.stride_tricks.sliding_window_view(x_pad[:, :, i * stride:i * stride + HH], WW, axis=3)
        out[:, :, i, :] = np.einsum("nchwk,fchk->nfw", rows[:, :, :, ::stride], w, optimize=True)
    out += b[None, :, None, None]
    cache = (x, x_pad, w, stride, p1, p3)
    return out, cache


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    x, x_pad, w, stride, p1, p3 = cache
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    dx_pad = np.zeros(x_pad.shape, dtype=x.dtype)
    dw = np.zeros(w.shape, dtype=w.dtype)
    db = np.sum(dout, axis=(0, 2, 3)).astype(w.dtype)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            r, c = i * stride, j * stride
            patch = x_pad[:, :, r:r + HH, c:c + WW]
            g = dout[:, :, i, j]  # (N, F)
            dw += np.tensordot(g, patch, axes=(0, 0))
            dx_pad[:, :, r:r + HH, c:c + WW] = np.tensordot(g, w, axes=(1, 0))
    return dx_pad[:, :, p1:p1 + H, p3:p3 + W], dw, db


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
