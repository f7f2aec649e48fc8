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




# 用下标数组一次取出所有窗口
def 边框(k, padding):
    """返回前后各补几个零"""
    if isinstance(padding, str):
        总数 = {"valid": 0, "same": k - 1, "full": 2 * (k - 1)}[padding]
        return 总数 // 2, 总数 - 总数 // 2
    return int(padding), int(padding)


def 下标(大小, k, stride):
    起点 = np.arange(0, 大小 - k + 1, stride)
    return 起点[:, None] + np.arange(k)[None, :]  # (Ho, kh)


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    上下, 左右 = 边框(w.shape[2], padding), 边框(w.shape[3], padding)
    xp = np.pad(x, ((0, 0), (0, 0), 上下, 左右))
    r = 下标(xp.shape[2], w.shape[2], stride)
    c = 下标(xp.shape[3], w.shape[3], stride)
    窗口 = xp[:, :, r[:, None, :, None], c[None, :, None, :]]  # (N, C, Ho, Wo, kh, kw)
    N, C, Ho, Wo, kh, kw = 窗口.shape
    矩阵 = 窗口.transpose(0, 2, 3, 1, 4, 5).reshape(N * Ho * Wo, C * kh * kw)
    out = 矩阵 @ w.reshape(len(w), -1).T + b
    out = out.reshape(N, Ho, Wo, len(w)).transpose(0, 3, 1, 2)
    # 返回列表也可以
    return [out, [x.shape, xp.shape, w, 矩阵, r, c, 上下[0], 左右[0]]]


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    形状, 大形状, w, 矩阵, r, c, 上, 左 = cache
    r, c = np.asarray(r), np.asarray(c)
    N, F, Ho, Wo = dout.shape
    d = dout.transpose(0, 2, 3, 1).reshape(-1, F)
    dw = (d.T @ 矩阵).reshape(w.shape)
    db = d.sum(0)
    d窗口 = (d @ w.reshape(F, -1)).reshape(N, Ho, Wo, 形状[1], w.shape[2], w.shape[3]).transpose(0, 3, 1, 2, 4, 5)
    dxp = np.zeros(大形状, dtype=dout.dtype)
    # 窗口重叠，不能用 +=，要用 add.at
    np.add.at(dxp, (slice(None), slice(None), r[:, None, :, None], c[None, :, None, :]), d窗口)
    dx = dxp[:, :, 上:上 + 形状[2], 左:左 + 形状[3]]
    return [dx, dw, db]


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
