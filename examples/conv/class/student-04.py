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




def how_much(k, padding):
    if padding == 'valid':
        before = after = 0
    elif padding == 'same':
        before = (k - 1) // 2
        after = k // 2
    elif padding == 'full':
        before = after = k - 1
    else:
        before = after = padding
    return before, after


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    n_batch, n_chan, height, width = x.shape
    n_filt, _, kh, kw = w.shape
    t, bo = how_much(kh, padding)
    l, r = how_much(kw, padding)
    xpad = np.pad(x, ((0, 0), (0, 0), (t, bo), (l, r)), mode='constant')
    ho = (height + t + bo - kh) // stride + 1
    wo = (width + l + r - kw) // stride + 1
    out = np.empty((n_batch, n_filt, ho, wo), dtype=x.dtype)
    # exactly the formula, sum over c, i, j in one go
    for n in range(n_batch):
        for f in range(n_filt):
            for p in range(ho):
                for q in range(wo):
                    window = xpad[n, :, p * stride:p * stride + kh, q * stride:q * stride + kw]
                    out[n, f, p, q] = np.sum(window * w[f]) + b[f]
    cache = [xpad, w, stride, t, l, height, width]
    return out, cache


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    xpad, w, stride, t, l, height, width = cache
    kh, kw = w.shape[2], w.shape[3]
    dxpad = np.zeros_like(xpad)
    dw = np.zeros_like(w)
    db = np.zeros(w.shape[0], dtype=w.dtype)
    for n in range(dout.shape[0]):
        for f in range(dout.shape[1]):
            for p in range(dout.shape[2]):
                for q in range(dout.shape[3]):
                    g = dout[n, f, p, q]
                    rows = slice(p * stride, p * stride + kh)
                    cols = slice(q * stride, q * stride + kw)
                    db[f] += g
                    dw[f] += g * xpad[n, :, rows, cols]
                    dxpad[n, :, rows, cols] += g * w[f]
    dx = dxpad[:, :, t:t + height, l:l + width]
    return dx, dw, db


def conv2d_torch(x, w, b, stride=1, padding=0):
    import torch
    t, bo = how_much(w.shape[2], padding)
    l, r = how_much(w.shape[3], padding)
    xpad = torch.nn.functional.pad(x, (l, r, t, bo))
    ho = (xpad.shape[2] - w.shape[2]) // stride + 1
    wo = (xpad.shape[3] - w.shape[3]) // stride + 1
    rows = []
    for p in range(ho):
        row = []
        for q in range(wo):
            window = xpad[:, :, p * stride:p * stride + w.shape[2], q * stride:q * stride + w.shape[3]]
            row.append(torch.einsum('ncij,fcij->nf', window, w) + b)
        rows.append(torch.stack(row, dim=-1))
    return torch.stack(rows, dim=-2)
