"""Typical wrong ways to write the assignment. Every one loses points, and is named to whoever hands it in.

Wrong forward functions return the cache of the right one, so that each mistake stays in its own part.
"""

from autograder.judge.variants import Variant
from autograder.text import Bilingual

MISCONCEPTIONS = (
    # forward
    Variant(
        id="flipped_kernel",
        part="forward",
        source="""
_right_forward = conv2d_forward


def conv2d_forward(x, w, b, stride=1, padding=0):
    out, _ = _right_forward(x, np.asarray(w)[:, :, ::-1, ::-1], b, stride, padding)
    return out, _right_forward(x, w, b, stride, padding)[1]
""",
        explanation=Bilingual(
            "Your kernel is flipped, top to bottom and left to right. That is the convolution of mathematics; the layer "
            "of a neural network is a cross-correlation and flips nothing.",
            "你的卷积核上下、左右都翻转了。那是数学上的卷积；神经网络的这一层是互相关，不做翻转。",
        ),
        hint=Bilingual(
            "Use w[f, c, i, j] with the pixel at row s * p + i and column s * q + j.",
            "让 w[f, c, i, j] 与第 s * p + i 行、第 s * q + j 列的像素相乘。",
        ),
    ),
    Variant(
        id="bias_forgotten",
        part="forward",
        source="""
_right_forward = conv2d_forward


def conv2d_forward(x, w, b, stride=1, padding=0):
    out, cache = _right_forward(x, w, b, stride, padding)
    return out - np.asarray(b, out.dtype)[:, None, None], cache
""",
        explanation=Bilingual(
            "Your output lacks the bias b.",
            "你的输出没有加偏置 b。",
        ),
        hint=Bilingual(
            "Add b[f] to every output of filter f; as an array, b has to be of shape (F, 1, 1) for that.",
            "给滤波器 f 的每个输出加上 b[f]；用数组运算时，b 要变成 (F, 1, 1) 的形状。",
        ),
    ),
    Variant(
        id="same_extra_zeros_above",
        part="forward",
        source="""
_right_forward = conv2d_forward


def conv2d_forward(x, w, b, stride=1, padding=0):
    out, cache = _right_forward(x, w, b, stride, padding)
    if padding == "same":
        kh, kw = np.shape(w)[2:]
        wide = np.pad(x, ((0, 0), (0, 0), (kh // 2, (kh - 1) // 2), (kw // 2, (kw - 1) // 2)))
        out, _ = _right_forward(wide, w, b)
    return out, cache
""",
        explanation=Bilingual(
            "With an even kernel, your 'same' puts the extra row of zeros above the image or the extra column to its "
            "left. It belongs at the bottom and on the right.",
            "卷积核边长为偶数时，你的 'same' 把多出的一行零补在了上方（或多出的一列补在左侧）。应当补在下方和右侧。",
        ),
        hint=Bilingual(
            "Above and on the left (k - 1) // 2, below and on the right k // 2.",
            "上方和左侧补 (k - 1) // 2，下方和右侧补 k // 2。",
        ),
    ),
    Variant(
        id="same_half_kernel_on_both_sides",
        part="forward",
        source="""
_right_forward = conv2d_forward


def conv2d_forward(x, w, b, stride=1, padding=0):
    out, cache = _right_forward(x, w, b, stride, padding)
    if padding == "same":
        kh, kw = np.shape(w)[2:]
        out, _ = _right_forward(np.pad(x, ((0, 0), (0, 0), (kh // 2, kh // 2), (kw // 2, kw // 2))), w, b)
    return out, cache
""",
        explanation=Bilingual(
            "Your 'same' adds k // 2 zeros on both sides. That is right for odd kernels; for even ones it is one too "
            "many, and the output is larger than the input.",
            "你的 'same' 在两侧各补 k // 2 个零。卷积核边长为奇数时正确；为偶数时多补了一个，输出比输入大。",
        ),
        hint=Bilingual(
            "There are k - 1 zeros in all: (k - 1) // 2 above and on the left, the rest below and on the right.",
            "一共补 k - 1 个零：上方和左侧 (k - 1) // 2 个，其余补在下方和右侧。",
        ),
    ),
    Variant(
        id="full_pads_a_whole_kernel",
        part="forward",
        source="""
_right_forward = conv2d_forward


def conv2d_forward(x, w, b, stride=1, padding=0):
    out, cache = _right_forward(x, w, b, stride, padding)
    if padding == "full":
        kh, kw = np.shape(w)[2:]
        out, _ = _right_forward(np.pad(x, ((0, 0), (0, 0), (kh, kh), (kw, kw))), w, b, stride)
    return out, cache
""",
        explanation=Bilingual(
            "Your 'full' adds k zeros on each side, so that the outermost places see nothing of the image.",
            "你的 'full' 在每一侧补了 k 个零，最外面的位置根本看不到图像。",
        ),
        hint=Bilingual(
            "k - 1 zeros on each side: then the kernel still overlaps the image by one pixel.",
            "每一侧补 k - 1 个零：这时卷积核与图像至少还有一个像素重叠。",
        ),
    ),
    Variant(
        id="columns_padded_like_rows",
        part="forward",
        source="""
_right_forward = conv2d_forward


def conv2d_forward(x, w, b, stride=1, padding=0):
    out, cache = _right_forward(x, w, b, stride, padding)
    if padding in ("same", "full"):
        sides, _ = _pads(*np.shape(w)[2:], padding)
        wide = np.pad(x, ((0, 0), (0, 0), sides, sides))
        if wide.shape[3] >= np.shape(w)[3]:
            out, _ = _right_forward(wide, w, b, stride)
    return out, cache
""",
        explanation=Bilingual(
            "You add as many columns of zeros as rows, computed from the height of the kernel. Kernels need not be "
            "square.",
            "你补的零列数与零行数一样多，都按卷积核的高度计算。卷积核不一定是正方形。",
        ),
        hint=Bilingual("Use kh for the rows and kw for the columns.", "行用 kh，列用 kw。"),
    ),
    Variant(
        id="output_size_rounded_up",
        part="forward",
        source="""
_right_forward = conv2d_forward


def conv2d_forward(x, w, b, stride=1, padding=0):
    out, cache = _right_forward(x, w, b, stride, padding)
    padded, (kh, kw) = cache[0], np.shape(w)[2:]
    rest = [(0, -(padded.shape[axis] - k) % stride) for axis, k in ((2, kh), (3, kw))]
    return _right_forward(np.pad(padded, ((0, 0), (0, 0), *rest)), w, b, stride)[0], cache
""",
        explanation=Bilingual(
            "Where the stride leaves rows or columns over, your output has one place more, which looks beyond the edge. "
            "The size is rounded down.",
            "步幅有剩余的行或列时，你的输出多出一个位置，它看到了边界之外。输出大小应向下取整。",
        ),
        hint=Bilingual(
            "(H + padding - kh) // stride + 1, with integer division.",
            "(H + 填充 - kh) // stride + 1，用整数除法。",
        ),
    ),
    Variant(
        id="stride_ignored",
        part="forward",
        source="""
_right_forward = conv2d_forward


def conv2d_forward(x, w, b, stride=1, padding=0):
    out, _ = _right_forward(x, w, b, 1, padding)
    return out, _right_forward(x, w, b, stride, padding)[1]
""",
        explanation=Bilingual(
            "Your output is that of stride 1, whatever the stride.",
            "无论步幅是多少，你的输出都是步幅为 1 的结果。",
        ),
        hint=Bilingual(
            "Output (p, q) looks at the window that begins at row stride * p and column stride * q.",
            "输出 (p, q) 看的是从第 stride * p 行、第 stride * q 列开始的窗口。",
        ),
    ),
    Variant(
        id="edges_repeated",
        part="forward",
        source="""
_right_forward = conv2d_forward


def conv2d_forward(x, w, b, stride=1, padding=0):
    _, cache = _right_forward(x, w, b, stride, padding)
    padded = np.pad(x, ((0, 0), (0, 0), *_pads(*np.shape(w)[2:], padding)), mode="edge")
    return _right_forward(padded, w, b, stride)[0], cache
""",
        explanation=Bilingual(
            "You fill the border with copies of the outermost pixels. The padding of this layer is zeros.",
            "你用最外一圈像素的值填充边框。这一层的填充应当是零。",
        ),
        hint=Bilingual(
            "np.pad(..., mode='constant'), its default, gives zeros.", "np.pad 默认的 mode='constant' 补零。"
        ),
    ),
    Variant(
        id="reshaped_not_transposed",
        part="forward",
        source="""
_right_forward = conv2d_forward


def conv2d_forward(x, w, b, stride=1, padding=0):
    out, cache = _right_forward(x, w, b, stride, padding)
    rows = np.ascontiguousarray(out.transpose(1, 0, 2, 3))  # as one product (F, N * Ho * Wo) has them
    return rows.reshape(out.shape), cache
""",
        explanation=Bilingual(
            "Your numbers are right, but they stand in the wrong places: reshape has been used where the axes have to be "
            "exchanged.",
            "你的数都对，但位置错了：该交换轴的地方用了 reshape。",
        ),
        hint=Bilingual(
            "First reshape to the order in which the product has its axes, (F, N, Ho, Wo) or (N, Ho, Wo, F), then "
            "transpose to (N, F, Ho, Wo).",
            "先按乘积各轴的实际次序 reshape 成 (F, N, Ho, Wo) 或 (N, Ho, Wo, F)，再 transpose 成 (N, F, Ho, Wo)。",
        ),
    ),
    Variant(
        id="output_in_float64",
        part="forward",
        source="""
_right_forward = conv2d_forward


def conv2d_forward(x, w, b, stride=1, padding=0):
    out, cache = _right_forward(x, w, b, stride, padding)
    wide = np.zeros(out.shape)
    wide += out
    return wide, cache
""",
        explanation=Bilingual(
            "float32 goes in and float64 comes out: somewhere an array is made with the default dtype.",
            "输入是 float32，输出却是 float64：某处新建数组时用了默认的 dtype。",
        ),
        hint=Bilingual("np.zeros(shape, dtype=x.dtype).", "写 np.zeros(shape, dtype=x.dtype)。"),
    ),
    # backward
    Variant(
        id="kernel_not_flipped",
        part="backward",
        source="""
_right_backward = conv2d_backward


def conv2d_backward(dout, cache):
    padded, w, stride, pads = cache
    _, dw, db = _right_backward(dout, cache)
    dx, _, _ = _right_backward(dout, (padded, w[:, :, ::-1, ::-1], stride, pads))
    return dx, dw, db
""",
        explanation=Bilingual(
            "Your dx uses the kernels as they stand. The gradient of a cross-correlation is a true convolution: its "
            "kernels are flipped.",
            "你的 dx 直接用了原样的卷积核。互相关的梯度是真正的卷积：卷积核要翻转。",
        ),
        hint=Bilingual(
            "With 'full' padding of dout, use w[:, :, ::-1, ::-1]. Or add dout[n, f, p, q] * w[f] to each window.",
            "对 dout 做 'full' 填充，并使用 w[:, :, ::-1, ::-1]；或者把 dout[n, f, p, q] * w[f] 累加到每个窗口上。",
        ),
    ),
    Variant(
        id="windows_overwritten",
        part="backward",
        source="""
_right_backward = conv2d_backward


def conv2d_backward(dout, cache):
    padded, w, s, ((above, below), (left, right)) = cache
    dout, (kh, kw) = np.asarray(dout), w.shape[2:]
    _, dw, db = _right_backward(dout, cache)
    dpadded = np.zeros_like(padded)
    for p in range(dout.shape[2]):
        for q in range(dout.shape[3]):
            window = np.tensordot(dout[:, :, p, q], w, axes=1)
            dpadded[:, :, s * p : s * p + kh, s * q : s * q + kw] = window
    H, W = padded.shape[2] - above - below, padded.shape[3] - left - right
    return dpadded[:, :, above : above + H, left : left + W], dw, db
""",
        explanation=Bilingual(
            "Where windows overlap, your dx keeps the last contribution only: it is assigned, not added.",
            "在窗口重叠处，你的 dx 只留下了最后一份贡献：那里用了赋值，而不是累加。",
        ),
        hint=Bilingual("Use += on the slices of dx.", "对 dx 的切片使用 +=。"),
    ),
    Variant(
        id="border_not_cut_off",
        part="backward",
        source="""
_right_backward = conv2d_backward


def conv2d_backward(dout, cache):
    padded, w, stride, pads = cache
    return _right_backward(dout, (padded, w, stride, ((0, 0), (0, 0))))
""",
        explanation=Bilingual(
            "Your dx is the gradient of the padded image: the border is still on it.",
            "你的 dx 是填充后图像的梯度：边框还没有去掉。",
        ),
        hint=Bilingual(
            "Return the slice [:, :, above : above + H, left : left + W].",
            "返回切片 [:, :, above : above + H, left : left + W]。",
        ),
    ),
    Variant(
        id="border_cut_to_nothing",
        part="backward",
        source="""
_right_backward = conv2d_backward


def conv2d_backward(dout, cache):
    padded, w, stride, ((above, below), (left, right)) = cache
    dpadded, dw, db = _right_backward(dout, (padded, w, stride, ((0, 0), (0, 0))))
    return dpadded[:, :, above:-below, left:-right], dw, db
""",
        explanation=Bilingual(
            "Your dx is cut with a slice such as p:-p. Without padding that is 0:0, and nothing is left.",
            "你用 p:-p 这样的切片去掉边框。没有填充时它是 0:0，什么也不剩。",
        ),
        hint=Bilingual("Count from the front: above : above + H.", "从前面数：above : above + H。"),
    ),
    Variant(
        id="border_cut_on_the_wrong_side",
        part="backward",
        source="""
_right_backward = conv2d_backward


def conv2d_backward(dout, cache):
    padded, w, stride, ((above, below), (left, right)) = cache
    return _right_backward(dout, (padded, w, stride, ((below, above), (right, left))))
""",
        explanation=Bilingual(
            "With 'same' and an even kernel, your dx is shifted by one: as many rows are cut off above as there had been "
            "added below.",
            "用 'same' 且卷积核边长为偶数时，你的 dx 错开了一格：上方去掉的行数是下方补的行数。",
        ),
        hint=Bilingual(
            "Keep what has been added above and on the left in the cache, and begin the slice there.",
            "把上方和左侧补的数目存进 cache，切片从那里开始。",
        ),
    ),
    Variant(
        id="left_over_rows_missing",
        part="backward",
        source="""
_right_backward = conv2d_backward


def conv2d_backward(dout, cache):
    dx, dw, db = _right_backward(dout, cache)
    _, w, stride, ((above, _), (left, _)) = cache
    ends = [(size - 1) * stride + k for size, k in zip(np.shape(dout)[2:], w.shape[2:], strict=True)]
    return dx[:, :, : ends[0] - above, : ends[1] - left], dw, db
""",
        explanation=Bilingual(
            "Your dx ends where the last window ends. Rows and columns that the stride leaves over are missing.",
            "你的 dx 到最后一个窗口为止就结束了，缺少步幅剩下的行和列。",
        ),
        hint=Bilingual(
            "dx has the shape of x: make it with zeros of that shape; what lies in no window stays zero.",
            "dx 与 x 形状相同：先建同样形状的全零数组，不属于任何窗口的地方保持为零。",
        ),
    ),
    Variant(
        id="stride_forgotten_in_dx",
        part="backward",
        source="""
_right_backward = conv2d_backward


def conv2d_backward(dout, cache):
    padded, w, stride, pads = cache
    _, dw, db = _right_backward(dout, cache)
    Ho, Wo = np.shape(dout)[2:]
    dpadded = np.zeros_like(padded)
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            part = np.tensordot(w[:, :, i, j], dout, axes=([0], [1])).transpose(1, 0, 2, 3)
            dpadded[:, :, i : i + Ho, j : j + Wo] += part
    (above, below), (left, right) = pads
    H, W = padded.shape[2] - above - below, padded.shape[3] - left - right
    return dpadded[:, :, above : above + H, left : left + W], dw, db
""",
        explanation=Bilingual(
            "Your dx puts the windows next to each other, as with stride 1.",
            "你的 dx 把窗口按步幅 1 紧挨着排列。",
        ),
        hint=Bilingual(
            "The window of output (p, q) begins at row stride * p and column stride * q, as in the forward pass.",
            "输出 (p, q) 的窗口从第 stride * p 行、第 stride * q 列开始，与前向计算一样。",
        ),
    ),
    Variant(
        id="db_averaged",
        part="backward",
        source="""
_right_backward = conv2d_backward


def conv2d_backward(dout, cache):
    dx, dw, db = _right_backward(dout, cache)
    return dx, dw, db / db.dtype.type(len(dout))
""",
        explanation=Bilingual(
            "Your db is a mean. If the loss is a mean over the samples, its 1/N is in dout already; once more is too much.",
            "你的 db 取了平均。若损失是对样本的平均，1/N 已经在 dout 里了，再除一次就多了。",
        ),
        hint=Bilingual("dout.sum(axis=(0, 2, 3)).", "dout.sum(axis=(0, 2, 3))。"),
    ),
    Variant(
        id="db_per_pixel",
        part="backward",
        source="""
_right_backward = conv2d_backward


def conv2d_backward(dout, cache):
    dx, dw, _ = _right_backward(dout, cache)
    return dx, dw, np.sum(dout, axis=0)
""",
        explanation=Bilingual(
            "Your db adds up over the samples only, as in a fully connected layer. Here all pixels share one bias.",
            "你的 db 只对样本求和，像全连接层那样。而这里所有像素共用一个偏置。",
        ),
        hint=Bilingual("Add up over rows and columns, too: axis=(0, 2, 3).", "还要对行和列求和：axis=(0, 2, 3)。"),
    ),
    Variant(
        id="dw_averaged",
        part="backward",
        source="""
_right_backward = conv2d_backward


def conv2d_backward(dout, cache):
    dx, dw, db = _right_backward(dout, cache)
    return dx, dw / dw.dtype.type(len(dout)), db
""",
        explanation=Bilingual(
            "Your dw is a mean over the samples. If the loss is a mean, its 1/N is in dout already; once more is too much.",
            "你的 dw 对样本取了平均。若损失是平均值，1/N 已经在 dout 里了，再除一次就多了。",
        ),
        hint=Bilingual("Sum over the samples, and do not divide.", "对样本求和，不要再除。"),
    ),
    Variant(
        id="dw_flipped",
        part="backward",
        source="""
_right_backward = conv2d_backward


def conv2d_backward(dout, cache):
    dx, dw, db = _right_backward(dout, cache)
    return dx, dw[:, :, ::-1, ::-1], db
""",
        explanation=Bilingual(
            "Your dw is flipped. Only dx needs flipped kernels; dw is a cross-correlation of x with dout.",
            "你的 dw 翻转了。只有 dx 需要翻转卷积核；dw 是 x 与 dout 的互相关。",
        ),
        hint=Bilingual(
            "dw[f, c, i, j] belongs to the pixels at (s * p + i, s * q + j), with the same i and j.",
            "dw[f, c, i, j] 对应 (s * p + i, s * q + j) 处的像素，i、j 相同。",
        ),
    ),
    Variant(
        id="gradients_in_another_order",
        part="backward",
        source="""
_right_backward = conv2d_backward


def conv2d_backward(dout, cache):
    dx, dw, db = _right_backward(dout, cache)
    return dw, db, dx
""",
        explanation=Bilingual(
            "Your gradients are right, but they come in another order.",
            "你的梯度是对的，但返回的次序不对。",
        ),
        hint=Bilingual("return dx, dw, db", "写 return dx, dw, db。"),
    ),
    Variant(
        id="gradients_in_float64",
        part="backward",
        source="""
_right_backward = conv2d_backward


def conv2d_backward(dout, cache):
    dx, dw, db = _right_backward(dout, cache)
    wide = np.zeros(dx.shape)
    wide += dx
    return wide, dw, db
""",
        explanation=Bilingual(
            "float32 goes in and a float64 gradient comes out: somewhere an array is made with the default dtype.",
            "输入是 float32，梯度却是 float64：某处新建数组时用了默认的 dtype。",
        ),
        hint=Bilingual(
            "np.zeros_like(x), or np.zeros(shape, dtype=dout.dtype).",
            "写 np.zeros_like(x)，或 np.zeros(shape, dtype=dout.dtype)。",
        ),
    ),
    Variant(
        id="cache_in_a_global",
        part="backward",
        source="""
_right_forward, _right_backward = conv2d_forward, conv2d_backward
_last = None


def conv2d_forward(x, w, b, stride=1, padding=0):
    global _last
    out, _last = _right_forward(x, w, b, stride, padding)
    return out, None


def conv2d_backward(dout, cache):
    return _right_backward(dout, _last)
""",
        explanation=Bilingual(
            "Your backward function uses what the last call of the forward function has left in a global variable, not "
            "the cache that it is given. A network has many layers, and their calls come in between.",
            "你的反向函数用的是最近一次前向调用留在全局变量里的东西，而不是所给的 cache。网络有很多层，它们的调用会穿插进来。",
        ),
        hint=Bilingual(
            "Return x (or what you have made of it), w, stride and padding as the cache, and read them from there.",
            "把 x（或由它得到的量）、w、步幅、填充放进返回的 cache，并从 cache 中读取。",
        ),
    ),
)
