"""Other correct ways to write the assignment. Every one gets full marks, but for the checks named in `loses`.

Their caches differ on purpose: tuples, dicts, named tuples, objects, functions.
"""

from autograder.judge.variants import Variant

ALTERNATIVES = (
    Variant(
        id="tensordot_and_flipped_kernels",
        source="""
def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    kh, kw = w.shape[2:]
    (top, bottom), (left, right) = _pads(kh, kw, padding)
    padded = np.zeros((*x.shape[:2], top + x.shape[2] + bottom, left + x.shape[3] + right), x.dtype)
    padded[:, :, top : top + x.shape[2], left : left + x.shape[3]] = x
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    out = np.tensordot(windows, w, axes=([1, 4, 5], [1, 2, 3])) + b  # (N, Ho, Wo, F)
    cache = {"padded": padded, "w": w, "stride": stride, "top": top, "left": left, "shape": x.shape}
    return out.transpose(0, 3, 1, 2), cache


def conv2d_backward(dout, cache):
    # Zeros between the entries of dout undo the stride; then dx is a convolution with the flipped kernels.
    dout, padded, w, s = np.asarray(dout), cache["padded"], cache["w"], cache["stride"]
    (F, C, kh, kw), (N, _, Ho, Wo), (_, _, H, W) = w.shape, dout.shape, padded.shape
    apart = np.zeros((N, F, H + kh - 1, W + kw - 1), dout.dtype)
    apart[:, :, kh - 1 : kh - 1 + s * Ho : s, kw - 1 : kw - 1 + s * Wo : s] = dout
    windows = np.lib.stride_tricks.sliding_window_view(apart, (kh, kw), axis=(2, 3))
    dpadded = np.tensordot(windows, w[:, :, ::-1, ::-1], axes=([1, 4, 5], [0, 2, 3])).transpose(0, 3, 1, 2)
    seen = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))[:, :, ::s, ::s]
    dw = np.tensordot(dout, seen, axes=([0, 2, 3], [0, 2, 3]))
    _, _, H, W = cache["shape"]
    top, left = cache["top"], cache["left"]
    return dpadded[:, :, top : top + H, left : left + W], dw, dout.sum(axis=(0, 2, 3))


def conv2d_torch(x, w, b, stride=1, padding=0):
    import torch

    kh, kw = w.shape[2:]
    (top, bottom), (left, right) = _pads(kh, kw, padding)
    windows = torch.nn.functional.pad(x, (left, right, top, bottom)).unfold(2, kh, stride).unfold(3, kw, stride)
    return torch.einsum("ncpqij,fcij->nfpq", windows, w) + b[:, None, None]
""",
    ),
    Variant(
        id="shifts",
        source="""
class _Kept:
    def __init__(self, **values):
        self.__dict__.update(values)


def _slices(i, j, stride, Ho, Wo):
    return (..., slice(i, i + stride * (Ho - 1) + 1, stride), slice(j, j + stride * (Wo - 1) + 1, stride))


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    (N, C, H, W), (F, _, kh, kw) = x.shape, w.shape
    rows, columns = _pads(kh, kw, padding)
    padded = np.pad(x, [(0, 0), (0, 0), rows, columns])
    Ho, Wo = (H + sum(rows) - kh) // stride + 1, (W + sum(columns) - kw) // stride + 1
    out = np.zeros((N, F, Ho, Wo), x.dtype) + b[None, :, None, None]
    for i in range(kh):
        for j in range(kw):
            part = padded[_slices(i, j, stride, Ho, Wo)].reshape(N, C, Ho * Wo)
            out += (w[:, :, i, j] @ part).reshape(out.shape)
    return out, _Kept(padded=padded, w=w, stride=stride, rows=rows, columns=columns)


def conv2d_backward(dout, cache):
    dout, w, padded = np.asarray(dout), cache.w, cache.padded
    N, F, Ho, Wo = dout.shape
    dpadded, dw = np.zeros_like(padded), np.empty_like(w)
    flat = dout.reshape(N, F, Ho * Wo)
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            here = _slices(i, j, cache.stride, Ho, Wo)
            dw[:, :, i, j] = np.einsum("nfp,ncp->fc", flat, padded[here].reshape(N, -1, Ho * Wo), optimize=True)
            dpadded[here] += (w[:, :, i, j].T @ flat).reshape(N, -1, Ho, Wo)
    H, W = (padded.shape[2 + k] - sum(sides) for k, sides in enumerate((cache.rows, cache.columns)))
    dx = dpadded[:, :, cache.rows[0] :, cache.columns[0] :][:, :, :H, :W]
    return [dx, dw, flat.sum(axis=2).sum(axis=0)]


def conv2d_torch(x, w, b, stride=1, padding=0):
    kh, kw = w.shape[2:]
    (top, bottom), (left, right) = _pads(kh, kw, padding)
    N, C, H, W = x.shape
    padded = x.new_zeros(N, C, top + H + bottom, left + W + right)
    padded[:, :, top : top + H, left : left + W] = x
    Ho, Wo = (padded.shape[2] - kh) // stride + 1, (padded.shape[3] - kw) // stride + 1
    out = b[None, :, None, None]
    for i in range(kh):
        for j in range(kw):
            part = padded[_slices(i, j, stride, Ho, Wo)].reshape(N, C, Ho * Wo)
            out = out + (w[:, :, i, j] @ part).reshape(N, -1, Ho, Wo)
    return out
""",
    ),
    Variant(
        id="fft",
        source="""
def conv2d_forward(x, w, b, stride=1, padding=0):
    # Correlation is a product of spectra, one of them conjugate; nothing wraps around within the padded image.
    x, w, b = validated(x, w, b, stride, padding)
    kh, kw = w.shape[2:]
    pads = _pads(kh, kw, padding)
    padded = np.pad(x, ((0, 0), (0, 0), *pads))
    size = padded.shape[2:]
    X, K = np.fft.rfft2(padded), np.fft.rfft2(w, size)
    full = np.fft.irfft2(np.einsum("ncpq,fcpq->nfpq", X, K.conj(), optimize=True), size)
    out = full[:, :, : size[0] - kh + 1 : stride, : size[1] - kw + 1 : stride] + b[:, None, None]
    return out.astype(x.dtype), (X, K, size, w.shape, stride, pads, x.shape)


def conv2d_backward(dout, cache):
    X, K, size, (F, C, kh, kw), stride, pads, shape = cache
    dout = np.asarray(dout)
    apart = np.zeros((len(dout), F, *size), dout.dtype)
    apart[:, :, : stride * dout.shape[2] : stride, : stride * dout.shape[3] : stride] = dout
    D = np.fft.rfft2(apart)
    dpadded = np.fft.irfft2(np.einsum("nfpq,fcpq->ncpq", D, K, optimize=True), size).astype(dout.dtype)
    dw = np.fft.irfft2(np.einsum("nfpq,ncpq->fcpq", D.conj(), X, optimize=True), size)[:, :, :kh, :kw]
    (top, _), (left, _) = pads
    dx = dpadded[:, :, top : top + shape[2], left : left + shape[3]]
    return dx, dw.astype(dout.dtype), dout.sum(axis=(0, 2, 3))
""",
    ),
    Variant(
        id="index_arrays",
        source="""
from typing import NamedTuple


class _Kept(NamedTuple):
    columns: np.ndarray
    where: tuple
    w: np.ndarray
    padded_shape: tuple
    inside: tuple


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    (N, C, H, W), (F, _, kh, kw) = x.shape, w.shape
    rows, columns = _pads(kh, kw, padding)
    padded = np.pad(x, ((0, 0), (0, 0), rows, columns))
    Ho, Wo = (padded.shape[2] - kh) // stride + 1, (padded.shape[3] - kw) // stride + 1
    c, i, j = (index.reshape(-1, 1) for index in np.indices((C, kh, kw)))
    p, q = (index.reshape(1, -1) for index in np.indices((Ho, Wo)))
    where = c, stride * p + i, stride * q + j
    cols = padded[:, *where]  # (N, C * kh * kw, Ho * Wo)
    out = np.einsum("fk,nkp->nfp", w.reshape(F, -1), cols, optimize=True) + b[:, None]
    inside = rows[0], rows[0] + H, columns[0], columns[0] + W
    return out.reshape(N, F, Ho, Wo), _Kept(cols, where, w, padded.shape, inside)


def conv2d_backward(dout, cache):
    dout = np.asarray(dout)
    N, F = dout.shape[:2]
    flat = dout.reshape(N, F, -1)
    dw = np.tensordot(flat, cache.columns, axes=([0, 2], [0, 2])).reshape(cache.w.shape)
    dcols = np.matmul(cache.w.reshape(F, -1).T, flat)
    dpadded = np.zeros(cache.padded_shape, dout.dtype)
    for n in range(N):
        np.add.at(dpadded[n], tuple(cache.where), dcols[n])
    top, bottom, left, right = cache.inside
    return dpadded[:, :, top:bottom, left:right], dw, flat.sum(axis=(0, 2))
""",
    ),
    Variant(
        id="einsum_and_closure",
        source="""
def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    kh, kw = w.shape[2:]
    pads = _pads(kh, kw, padding)
    padded = np.pad(x, ((0, 0), (0, 0), *pads))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    out = np.einsum("ncpqij,fcij->nfpq", windows, w) + b.reshape(1, -1, 1, 1)

    def gradients(dout):
        dpadded = np.zeros_like(padded)
        slots = np.lib.stride_tricks.sliding_window_view(dpadded, (kh, kw), axis=(2, 3), writeable=True)
        slots = slots[:, :, ::stride, ::stride]
        for i in range(kh):
            for j in range(kw):
                slots[..., i, j] += np.einsum("nfpq,fc->ncpq", dout, w[:, :, i, j])
        (top, bottom), (left, right) = pads
        dx = dpadded[:, :, top : dpadded.shape[2] - bottom, left : dpadded.shape[3] - right]
        return dx, np.einsum("nfpq,ncpqij->fcij", dout, windows), np.einsum("nfpq->f", dout)

    return out, gradients


def conv2d_backward(dout, cache):
    return cache(np.asarray(dout))
""",
    ),
    Variant(
        id="flat_images",
        source="""
def conv2d_forward(x, w, b, stride=1, padding=0):
    # Each padded image as one long line: a shift by (i, j) is a shift by i * Wp + j. What runs over the edge, and what
    # the stride skips, is computed and thrown away.
    x, w, b = validated(x, w, b, stride, padding)
    (N, C, _, _), (F, _, kh, kw) = x.shape, w.shape
    pads = _pads(kh, kw, padding)
    padded = np.pad(x, ((0, 0), (0, 0), *pads))
    Hp, Wp = padded.shape[2:]
    line = np.concatenate([padded.reshape(N, C, Hp * Wp), np.zeros((N, C, kw), x.dtype)], axis=2)
    length = (Hp - kh + 1) * Wp
    cols = np.empty((N, C, kh, kw, length), x.dtype)
    for i in range(kh):
        for j in range(kw):
            cols[:, :, i, j] = line[:, :, i * Wp + j : i * Wp + j + length]
    out = w.reshape(F, -1) @ cols.reshape(N, -1, length) + b[:, None]
    out = out.reshape(N, F, Hp - kh + 1, Wp)[:, :, ::stride, : Wp - kw + 1 : stride]
    return out, (cols.reshape(N, -1, length), w, stride, pads, x.shape)


def conv2d_backward(dout, cache):
    cols, w, stride, ((top, bottom), (left, right)), (N, C, H, W) = cache
    F, _, kh, kw = w.shape
    Hp, Wp = top + H + bottom, left + W + right
    spread = np.zeros((N, F, Hp - kh + 1, Wp), w.dtype)
    spread[:, :, ::stride, : Wp - kw + 1 : stride] = dout
    spread = spread.reshape(N, F, -1)
    dw = np.einsum("nfp,nkp->fk", spread, cols, optimize=True).reshape(w.shape)
    dcols = (w.reshape(F, -1).T @ spread).reshape(N, C, kh, kw, -1)
    line = np.zeros((N, C, Hp * Wp + kw), w.dtype)
    for i in range(kh):
        for j in range(kw):
            line[:, :, i * Wp + j : i * Wp + j + dcols.shape[-1]] += dcols[:, :, i, j]
    dpadded = line[:, :, : Hp * Wp].reshape(N, C, Hp, Wp)
    return dpadded[:, :, top : top + H, left : left + W], dw, np.add.reduce(spread, axis=(0, 2))
""",
    ),
    Variant(
        id="sample_by_sample",
        source="""
def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    F, C, kh, kw = w.shape
    rows, columns = _pads(kh, kw, padding)
    outs, kept = [], []
    for image in x:
        padded = np.pad(image, ((0, 0), rows, columns))
        Ho, Wo = (padded.shape[1] - kh) // stride + 1, (padded.shape[2] - kw) // stride + 1
        c, r, t = padded.strides
        shape, strides = (C, kh, kw, Ho, Wo), (c, r, t, stride * r, stride * t)
        cols = np.lib.stride_tricks.as_strided(padded, shape, strides).reshape(C * kh * kw, Ho * Wo)
        outs.append((np.dot(w.reshape(F, -1), cols) + b[:, None]).reshape(F, Ho, Wo))
        kept.append(cols)
    return np.stack(outs), {"cols": kept, "w": w, "x": x, "stride": stride, "rows": rows, "columns": columns}


def conv2d_backward(dout, cache):
    w, x, stride, (top, bottom), (left, right) = (cache[key] for key in ("w", "x", "stride", "rows", "columns"))
    F, C, kh, kw = w.shape
    dout = np.asarray(dout)
    dx, dw = np.empty_like(x), np.zeros((F, C * kh * kw), w.dtype)
    for n, cols in enumerate(cache["cols"]):
        dw += dout[n].reshape(F, -1) @ cols.T
        dpadded = np.zeros((C, top + x.shape[2] + bottom, left + x.shape[3] + right), w.dtype)
        for p in range(dout.shape[2]):
            for q in range(dout.shape[3]):
                window = dpadded[:, p * stride : p * stride + kh, q * stride : q * stride + kw]
                window += np.tensordot(dout[n, :, p, q], w, axes=1)
        dx[n] = dpadded[:, top : top + x.shape[2], left : left + x.shape[3]]
    return dx, dw.reshape(w.shape), dout.sum((0, 2, 3))
""",
    ),
    Variant(
        id="pixel_by_pixel",
        loses=("test_conv2d_forward_is_fast",),
        source="""
def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    kh, kw = w.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), *_pads(kh, kw, padding)))
    Ho, Wo = (padded.shape[2] - kh) // stride + 1, (padded.shape[3] - kw) // stride + 1
    out = np.empty((len(x), len(w), Ho, Wo), x.dtype)
    rows, N = w.reshape(len(w), -1).T.copy(), len(x)
    for p in range(Ho):
        for q in range(Wo):
            window = padded[:, :, p * stride : p * stride + kh, q * stride : q * stride + kw]
            out[:, :, p, q] = np.dot(window.reshape(N, -1), rows)
    out += b[:, None, None]
    return out, (padded, w, stride, _pads(kh, kw, padding))
""",
    ),
    Variant(
        id="four_loops",
        loses=("test_conv2d_forward_is_fast",),
        source="""
def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    kh, kw = w.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), *_pads(kh, kw, padding)))
    Ho, Wo = (padded.shape[2] - kh) // stride + 1, (padded.shape[3] - kw) // stride + 1
    out = np.zeros((len(x), len(w), Ho, Wo), x.dtype)
    for n in range(len(x)):
        for f in range(len(w)):
            for p in range(Ho):
                for q in range(Wo):
                    window = padded[n, :, p * stride : p * stride + kh, q * stride : q * stride + kw]
                    out[n, f, p, q] = np.sum(window * w[f]) + b[f]
    return out, (x, w, b, stride, padding)


def conv2d_backward(dout, cache):
    x, w, b, stride, padding = cache
    kh, kw = w.shape[2:]
    (top, bottom), (left, right) = _pads(kh, kw, padding)
    padded = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
    dpadded, dw, db = np.zeros_like(padded), np.zeros_like(w), np.zeros_like(b)
    for n, f, p, q in np.ndindex(*np.shape(dout)):
        rows, columns = slice(p * stride, p * stride + kh), slice(q * stride, q * stride + kw)
        dpadded[n, :, rows, columns] += dout[n, f, p, q] * w[f]
        dw[f] += dout[n, f, p, q] * padded[n, :, rows, columns]
        db[f] += dout[n, f, p, q]
    return dpadded[:, :, top : top + x.shape[2], left : left + x.shape[3]], dw, db
""",
    ),
    Variant(
        id="seven_loops",
        loses=("test_conv2d_forward_is_fast",),
        source="""
def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = validated(x, w, b, stride, padding)
    (N, C, H, W), (F, _, kh, kw) = x.shape, w.shape
    (top, bottom), (left, right) = _pads(kh, kw, padding)
    Ho, Wo = (top + H + bottom - kh) // stride + 1, (left + W + right - kw) // stride + 1
    pixels, weights = x.tolist(), w.tolist()
    out = np.zeros((N, F, Ho, Wo), x.dtype)
    for n in range(N):
        for f in range(F):
            for p in range(Ho):
                rows = [(i, p * stride + i - top) for i in range(kh) if 0 <= p * stride + i - top < H]
                for q in range(Wo):
                    total = float(b[f])
                    for c in range(C):
                        for i, row in rows:
                            for j in range(kw):
                                column = q * stride + j - left
                                if 0 <= column < W:
                                    total += pixels[n][c][row][column] * weights[f][c][i][j]
                    out[n, f, p, q] = total
    return out, (np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right))), w, stride, _pads(kh, kw, padding))
""",
    ),
)
