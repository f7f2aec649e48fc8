"""The NumPy part of `conv` at full speed, for the benchmark: one sample at a time, in buffers that stay in the cache.

Two things save time against the reference. The columns of one sample fit into the cache, those of a batch do not. And
at stride 1 the rows of the padded image are left at their full length: the windows of a whole image then are shifts of
one long line, so that columns are copied, and gradients added, in long runs. The few outputs that run over the right
edge are computed and left out.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

__all__ = ["conv2d_backward", "conv2d_forward"]

Array = np.ndarray[Any, Any]


class Cache(NamedTuple):
    """x and w as they came, the stride, and the zeros ((above, below), (left, right))."""

    x: Array
    w: Array
    stride: int
    pads: tuple[tuple[int, int], tuple[int, int]]


class Geometry(NamedTuple):
    """The sizes that follow. A row of output is `pitch` long in the buffers and Wo in the answer."""

    Hp: int
    Wp: int
    Ho: int
    Wo: int
    pitch: int


def _geometry(cache: Cache) -> Geometry:
    (above, below), (left, right) = cache.pads
    Hp, Wp = above + cache.x.shape[2] + below, left + cache.x.shape[3] + right
    kh, kw = cache.w.shape[2:]
    Ho, Wo = (Hp - kh) // cache.stride + 1, (Wp - kw) // cache.stride + 1
    return Geometry(Hp, Wp, Ho, Wo, Wp if cache.stride == 1 else Wo)


def _padded_sample(cache: Cache, size: Geometry) -> tuple[Array, Array, Array]:
    """Return a buffer for one padded image: its lines (C, Hp * Wp), its inside (C, H, W), and its windows as
    (C, kh, kw, length) at stride 1, as (C, kh, kw, Ho, Wo) otherwise. The last two are views."""
    C, H, W = cache.x.shape[1:]
    kh, kw = cache.w.shape[2:]
    (above, _), (left, _) = cache.pads
    image = np.zeros((C, size.Hp, size.Wp), cache.x.dtype)
    plane, row, pixel = image.strides
    if cache.stride == 1:
        length = size.Ho * size.Wp - (kw - 1)  # beyond that the last window would leave the image
        windows = as_strided(image, (C, kh, kw, length), (plane, row, pixel, pixel))
    else:
        steps = cache.stride * row, cache.stride * pixel
        windows = as_strided(image, (C, kh, kw, size.Ho, size.Wo), (plane, row, pixel, *steps))
    return image.reshape(C, -1), image[:, above : above + H, left : left + W], windows


def conv2d_forward(
    x: Array, w: Array, b: Array, stride: int = 1, pads: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))
) -> tuple[Array, Cache]:
    """As the reference, but x, w and b are validated already and the zeros are given side by side."""
    cache = Cache(x, w, stride, pads)
    size, (N, C), (F, _, kh, kw) = _geometry(cache), x.shape[:2], w.shape
    _, inside, windows = _padded_sample(cache, size)
    # The bias is one more column of weights, under which stands a row of ones.
    weights = np.concatenate([w.reshape(F, -1), b[:, None]], axis=1)
    columns = np.ones((C * kh * kw + 1, windows[0, 0, 0].size), x.dtype)
    slots = columns[:-1].reshape(windows.shape)
    out = np.empty((N, F, size.Ho, size.Wo), x.dtype)
    rows = np.empty((F, size.Ho * size.pitch), x.dtype)
    product = rows[:, : columns.shape[1]]
    kept = rows.reshape(F, size.Ho, size.pitch)[:, :, : size.Wo]
    for n in range(N):
        inside[...] = x[n]
        np.copyto(slots, windows)
        np.matmul(weights, columns, out=product)
        out[n] = kept
    return out, cache


def conv2d_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """As the reference."""
    x, w, stride, ((above, _), (left, _)) = cache
    size, (C, H, W), (F, _, kh, kw) = _geometry(cache), x.shape[1:], w.shape
    _, inside, windows = _padded_sample(cache, size)
    columns = np.empty((C * kh * kw, windows[0, 0, 0].size), x.dtype)
    slots = columns.reshape(windows.shape)
    dcolumns = np.empty_like(columns)
    dslots = dcolumns.reshape(windows.shape)
    weights = np.ascontiguousarray(w.reshape(F, -1).T)
    rows = np.zeros((F, size.Ho, size.pitch), x.dtype)  # what lies beyond Wo stays zero
    line = rows.reshape(F, -1)[:, : columns.shape[1]]
    image = np.empty((C, size.Hp, size.Wp), x.dtype)
    lines = image.reshape(C, -1)
    dx, dw = np.empty_like(x), np.zeros((F, C * kh * kw), x.dtype)
    for n in range(len(x)):
        rows[:, :, : size.Wo] = dout[n]
        inside[...] = x[n]
        np.copyto(slots, windows)
        dw += line @ columns.T
        np.matmul(weights, line, out=dcolumns)
        image[...] = 0
        for i in range(kh):
            for j in range(kw):
                if stride == 1:
                    start = i * size.Wp + j
                    lines[:, start : start + line.shape[1]] += dslots[:, i, j]
                else:
                    ends = i + stride * size.Ho, j + stride * size.Wo
                    image[:, i : ends[0] : stride, j : ends[1] : stride] += dslots[:, i, j]
        dx[n] = image[:, above : above + H, left : left + W]
    return dx, dw.reshape(w.shape), dout.sum(axis=(0, 2, 3))
