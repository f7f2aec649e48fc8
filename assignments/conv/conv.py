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


# Helper functions of yours may stand here; the other sections can use them, too.
# YOUR CODE HERE
def conv2d_forward(x, w, b, stride=1, padding=0):
    """Return the output of a convolutional layer (a cross-correlation: no flip), and a cache for `conv2d_backward`.

    Parameters
    ----------
    x : array_like of shape (N, C, H, W)
    w : array_like of shape (F, C, kh, kw)
    b : array_like of shape (F,)
    stride : int, >= 1
        For rows and columns alike.
    padding : int, >= 0, or 'valid', 'same', 'full'
        Zeros around the image. 'same' needs stride 1; an even kernel's extra zeros are at the bottom and on the right.

    Returns
    -------
    out : ndarray of shape (N, F, Ho, Wo), float32 if x, w and b are, else float64
        Ho = floor((H + zeros above and below - kh) / stride) + 1, Wo likewise.
    cache : anything
        What `conv2d_backward` needs.

    Raises
    ------
    ValueError
        If shapes do not fit together, or stride or padding is none of the above.

    Examples
    --------
    >>> out, cache = conv2d_forward([[[[1.0, 2.0], [3.0, 4.0]]]], [[[[10.0, 1.0]]]], [0.5])
    >>> out[0, 0]
    array([[12.5],
           [34.5]])
    """
    x, w, b = validated(x, w, b, stride, padding)
    # YOUR CODE HERE
    raise NotImplementedError


def conv2d_backward(dout, cache):
    """Return the gradients of a loss with respect to x, w and b of `conv2d_forward`.

    Parameters
    ----------
    dout : array_like of the shape and dtype of `out`
        Gradient of the loss with respect to the output.
    cache : anything
        As `conv2d_forward` returned it.

    Returns
    -------
    dx : ndarray of shape (N, C, H, W)
        Zero where the stride leaves rows or columns over.
    dw : ndarray of shape (F, C, kh, kw)
    db : ndarray of shape (F,)
        All of the dtype of `out`. Sums over the samples, not means.

    Raises
    ------
    ValueError
        If `dout` does not have four axes.

    Examples
    --------
    >>> out, cache = conv2d_forward([[[[1.0, 2.0], [3.0, 4.0]]]], [[[[10.0, 1.0]]]], [0.5])
    >>> dx, dw, db = conv2d_backward([[[[1.0], [2.0]]]], cache)
    >>> dx[0, 0], dw[0, 0], db
    (array([[10.,  1.],
           [20.,  2.]]), array([[ 7., 10.]]), array([3.]))
    """
    dout = np.asarray(dout)
    if dout.ndim != 4:
        raise ValueError(f"dout must have shape (N, F, Ho, Wo), not {dout.shape}")
    # YOUR CODE HERE
    raise NotImplementedError


# Helper functions of yours may stand here.
# YOUR CODE HERE
def conv2d_torch(x, w, b, stride=1, padding=0):
    """Return the output of `conv2d_forward` for torch tensors, computed on the device where they lie.

    Parameters
    ----------
    x : Tensor of shape (N, C, H, W), float32 or float64
    w : Tensor of shape (F, C, kh, kw), same dtype and device
    b : Tensor of shape (F,), same dtype and device
    stride : int, >= 1
    padding : int, >= 0, or 'valid', 'same', 'full'

    Returns
    -------
    out : Tensor of shape (N, F, Ho, Wo), same dtype and device
        Differentiable with respect to x, w and b.
    """
    # YOUR CODE HERE
    raise NotImplementedError
