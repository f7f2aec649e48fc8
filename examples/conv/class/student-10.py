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
    # 'same' for an even kernel: one more at the end
    extra_h = extra_w = 0
    if padding == 'valid':
        ph = pw = 0
    elif padding == 'same':
        ph, pw = (kh - 1) // 2, (kw - 1) // 2
        extra_h, extra_w = (kh - 1) % 2, (kw - 1) % 2
    elif padding == 'full':
        ph, pw = kh - 1, kw - 1
    else:
        ph = pw = padding
    xpad = np.pad(x, ((0, 0), (0, 0), (ph, ph + extra_h), (pw, pw + extra_w)))
    H2 = (xpad.shape[2] - kh) // stride + 1
    W2 = (xpad.shape[3] - kw) // stride + 1
    col = np.empty((N, C, kh, kw, H2, W2), dtype=x.dtype)
    for y in range(kh):
        y_max = y + stride * H2
        for z in range(kw):
            z_max = z + stride * W2
            col[:, :, y, z] = xpad[:, :, y:y_max:stride, z:z_max:stride]
    col = col.transpose(0, 4, 5, 1, 2, 3).reshape(N * H2 * W2, -1)
    out = col @ w.reshape(F, -1).T + b
    out = out.reshape(N, H2, W2, F).transpose(0, 3, 1, 2)
    return out, {'col': col, 'w': w, 'stride': stride, 'p': (ph, pw, extra_h, extra_w), 'shape': xpad.shape}


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    w, stride = cache['w'], cache['stride']
    F, C, kh, kw = w.shape
    N, _, H2, W2 = dout.shape
    flat = dout.transpose(0, 2, 3, 1).reshape(-1, F)
    db = flat.sum(axis=0)
    dw = (cache['col'].T @ flat).T.reshape(F, C, kh, kw)
    dcol = (flat @ w.reshape(F, -1)).reshape(N, H2, W2, C, kh, kw).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros(cache['shape'], dtype=dcol.dtype)
    for y in range(kh):
        for z in range(kw):
            img[:, :, y:y + stride * H2:stride, z:z + stride * W2:stride] += dcol[:, :, y, z]
    ph, pw, eh, ew = cache['p']
    dx = img[:, :, ph:-ph - eh, pw:-pw - ew]
    return dx, dw, db


def conv2d_torch(x, w, b, stride=1, padding=0):
    import torch
    out, _ = conv2d_forward(x.cpu().numpy(), w.cpu().numpy(), b.cpu().numpy(), stride, padding)
    return torch.from_numpy(out).to(x.device)
