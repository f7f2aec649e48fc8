"""Convolution, forward and backward / 卷积的前向与反向计算

Write your code where it says YOUR CODE HERE, and hand in this file or the notebook, not both.
请在标有 YOUR CODE HERE 的地方编写代码，并提交本文件或笔记本，二者选一。
"""

import numpy as np

PADDING_WORDS = ("valid", "same", "full")


def validated(x, w, b, stride=1, padding=0):
    """Return x, w and b as float arrays of one dtype, or say what is wrong with them.

    Parameters
    ----------
    x : array_like of shape (N, C, H, W)
    w : array_like of shape (F, C, kh, kw)
    b : array_like of shape (F,)
    stride : int, >= 1
    padding : int, >= 0, or 'valid', 'same', 'full'

    Returns
    -------
    x, w, b : ndarray, all float32 if all came as float32, else all float64
        Not copies where the dtype is already right: do not write into them.

    Raises
    ------
    ValueError
        If shapes do not fit together, an entry is not finite, stride or padding is none of the above, 'same' comes with
        a stride other than 1, or the kernel is larger than the padded image.
    """
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




print("loading assignment conv ...")
DEBUG = True


def debug(*args):
    if DEBUG:
        print("[conv]", *args)


class Padding:
    """Where the zeros go."""

    def __init__(self, kernel, padding):
        self.before, self.after = [], []
        for k in kernel:
            if padding == "same":
                extra = k - 1
                self.before.append(extra // 2)
                self.after.append(extra - extra // 2)
            else:
                n = {"valid": 0, "full": k - 1}[padding] if isinstance(padding, str) else int(padding)
                self.before.append(n)
                self.after.append(n)

    def add(self, x):
        return np.pad(x, [(0, 0), (0, 0), (self.before[0], self.after[0]), (self.before[1], self.after[1])])

    def remove(self, x, shape):
        t, l = self.before
        return x[:, :, t:t + shape[2], l:l + shape[3]].copy()


class ConvLayer:
    def __init__(self, w, b, stride, padding):
        self.w, self.b, self.stride = w, b, stride
        self.pad = Padding(w.shape[2:], padding)

    def windows(self, xp):
        kh, kw = self.w.shape[2:]
        view = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(-2, -1))
        return view[:, :, ::self.stride, ::self.stride]

    def forward(self, x):
        self.x_shape = x.shape
        self.xp = self.pad.add(x)
        view = self.windows(self.xp)
        debug("windows", view.shape, view.dtype)
        out = np.tensordot(view, self.w, axes=((1, 4, 5), (1, 2, 3)))  # (N, Ho, Wo, F)
        return (out + self.b).transpose(0, 3, 1, 2)

    def backward(self, dout):
        debug("dout", dout)
        s = self.stride
        dw = np.tensordot(dout, self.windows(self.xp), axes=((0, 2, 3), (0, 2, 3)))
        dxp = np.zeros(self.xp.shape, dtype=self.xp.dtype)
        kh, kw = self.w.shape[2:]
        for p in range(dout.shape[2]):
            for q in range(dout.shape[3]):
                dxp[:, :, p * s:p * s + kh, q * s:q * s + kw] += np.tensordot(dout[:, :, p, q], self.w, axes=(1, 0))
        return self.pad.remove(dxp, self.x_shape), dw, dout.sum((0, 2, 3))


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    debug("forward", x.shape, w.shape, b, "stride", stride, "padding", padding)
    layer = ConvLayer(w, b, stride, padding)
    out = layer.forward(x)
    print(out)
    return out, layer


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    grads = cache.backward(dout)
    for name, g in zip(("dx", "dw", "db"), grads):
        print(name, g.shape, g.dtype, "min", g.min(), "max", g.max())
    return grads


def conv2d_torch(x, w, b, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError
