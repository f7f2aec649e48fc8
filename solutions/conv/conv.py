"""Reference solution of `conv`, and the one source of its notebooks.

Readable first: every window becomes a column, and the layer is one matrix product per sample. `fast.py` holds the same
with blocks that stay in the cache; `design.md` says how answers are judged; `alternatives.py` and `misconceptions.py`
replace single functions in a copy of this file.
"""

# %% [markdown] lang="en"
# # Convolution, forward and backward
#
# A **convolutional layer** slides small **kernels** over images and asks at every place: how much does it look like the
# kernel here? You will write the layer and its gradients in NumPy, and then once more on a GPU.
#
# A batch of images $x$ has shape $(N,C,H,W)$: $N$ samples, $C$ **channels** (red, green, blue, say), $H$ rows, $W$
# columns. There are $F$ filters $w$ of shape $(F,C,k_h,k_w)$ and one bias per filter, $b$ of shape $(F,)$. With
# $\tilde x$ the image with its **padding** (a border of zeros) and $s$ the **stride** (how far the kernel moves from
# one place to the next),
#
# $$\text{out}_{n,f,p,q}=b_f+\sum_{c=0}^{C-1}\sum_{i=0}^{k_h-1}\sum_{j=0}^{k_w-1}
# w_{f,c,i,j}\;\tilde x_{n,\,c,\,sp+i,\,sq+j}.$$
#
# **The name is wrong, and everybody uses it.** In mathematics, a convolution runs through the kernel *backwards*
# ($\tilde x_{p-i,\,q-j}$). The formula above does not flip anything: it is the **cross-correlation**. Neural networks
# learn their kernels, flipped or not, and so all libraries leave the flip out and say "convolution" all the same. So do
# we: **no flip**. You will meet the flip again in section 2, where it belongs.
#
# **How large is the output?** With $P$ rows of padding in all (above and below together), the kernel's first row can
# stand at $0,s,2s,\dots$ as long as its last row still fits into $H+P$ rows:
#
# $$H_{\text{out}}=\left\lfloor\frac{H+P-k_h}{s}\right\rfloor+1,$$
#
# and likewise for the width. With $z$ zeros on both sides, $P=2z$. The brackets mean rounding *down*: what
# does not fit any more is not looked at.
#
# **What holds everywhere**
#
# * float32 in (all of $x$, $w$, $b$), float32 out; anything else is computed in float64. Images often come as bytes
#   (`uint8`), in which $200+100=44$; `validated` below has turned them into float64 when it returns.
# * Arrays may lie in memory in any order (transposed views, Fortran order). Trust indices, not addresses.
# * Bad input raises `ValueError`. `validated` does that for you.
# * Never change the arrays that you are given.
# * **Sections 1 and 2: NumPy and nothing else.** Using SciPy, torch and the like there costs the part. Everything in
#   NumPy is allowed. Section 3 uses torch.
# * Helper functions of your own are welcome, in the cell of the function that needs them first.

# %% [markdown] lang="zh"
# # 卷积的前向与反向计算
#
# **卷积层**让小小的**卷积核**在图像上滑动，在每个位置问一句：这里有多像这个卷积核？
# 你要用 NumPy 写出这一层及其梯度，然后在 GPU 上再写一遍。
#
# 一批图像 $x$ 的形状是 $(N,C,H,W)$：$N$ 个样本，$C$ 个**通道**（例如红、绿、蓝），$H$ 行，$W$ 列。
# 有 $F$ 个滤波器，合起来是形状为 $(F,C,k_h,k_w)$ 的 $w$；每个滤波器有一个偏置，合起来是形状为 $(F,)$ 的 $b$。
# 记 $\tilde x$ 为加上**填充**（一圈零）之后的图像，$s$ 为**步幅**（卷积核从一个位置到下一个位置移动多远），则
#
# $$\text{out}_{n,f,p,q}=b_f+\sum_{c=0}^{C-1}\sum_{i=0}^{k_h-1}\sum_{j=0}^{k_w-1}
# w_{f,c,i,j}\;\tilde x_{n,\,c,\,sp+i,\,sq+j}.$$
#
# **这个名字其实叫错了，但大家都这么叫。** 数学上的卷积是*倒着*走过卷积核的（$\tilde x_{p-i,\,q-j}$），
# 而上式不做任何翻转：它是**互相关**。神经网络的卷积核是学出来的，翻不翻转都一样能学，
# 所以各种库都省去翻转，却仍称之为“卷积”。我们也照此办理：**不翻转**。
# 到第 2 节你会再次遇到翻转，那里才是它该出现的地方。
#
# **输出有多大？** 设上下一共填充了 $P$ 行，卷积核的第一行可以放在 $0,s,2s,\dots$，只要最后一行还落在 $H+P$ 行之内：
#
# $$H_{\text{out}}=\left\lfloor\frac{H+P-k_h}{s}\right\rfloor+1,$$
#
# 宽度同理。若两侧各补 $z$ 个零，则 $P=2z$。取整是*向下*取整：放不下的部分就不看了。
#
# **处处成立的约定**
#
# * 若 $x$、$w$、$b$ 都是 float32，就返回 float32；否则一律按 float64 计算。图像常以字节（`uint8`）存放，
#   而字节运算里 $200+100=44$；经过下面的 `validated`，它们已经变成 float64。
# * 数组在内存中的排列可以是任意的（转置得到的视图、Fortran 顺序）。请相信下标，不要相信地址。
# * 输入有误时抛出 `ValueError`，`validated` 已替你做好。
# * 绝不要改动传给你的数组。
# * **第 1、2 节只用 NumPy。** 在那里使用 SciPy、torch 等，这一部分记零分；NumPy 里的函数都可以用。第 3 节使用 torch。
# * 可以自己写辅助函数，放在最先用到它的那个函数所在的单元格里。

# %%
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


# %% [markdown] lang="en"
# ## 1 · Forward (45 points, 5 of them for speed)
#
# Write `conv2d_forward(x, w, b, stride, padding)`. It returns the output and a **cache**: whatever your backward
# function will need. A tuple, a dict, an object of your own: nobody looks inside.
#
# | `padding` | rows of zeros above, below | output at stride 1 |
# |---|---|---|
# | an integer $z$ | $z$, $z$ | $H+2z-k_h+1$ |
# | `'valid'` | 0, 0: only places where the kernel lies within the image | $H-k_h+1$ |
# | `'same'` | $\lfloor\frac{k_h-1}2\rfloor$, $\lceil\frac{k_h-1}2\rceil$ | $H$, as large as the input |
# | `'full'` | $k_h-1$, $k_h-1$: all places where they overlap at all | $H+k_h-1$ |
#
# and likewise for columns, left and right, with $k_w$. If the kernel is even, `'same'` needs an odd number of rows, and
# **the extra one goes to the bottom (the extra column to the right)**. Other libraries may put it elsewhere, so we say
# it. `'same'` is defined for stride 1 only; `'full'` and `'valid'` go with any stride. An integer may be larger than
# the kernel.
#
# **Example.** One image, one channel, one filter, $b=1$:
#
# $$x=\begin{pmatrix}1&2&3\\4&5&6\\7&8&9\end{pmatrix},\qquad w=\begin{pmatrix}0&1\\2&0\end{pmatrix}.$$
#
# At the top left, $0\cdot1+1\cdot2+2\cdot4+0\cdot5+1=11$. (A flipped kernel would give $2\cdot2+1\cdot4+1=9$.) All of
# them, and with `'same'` (one row of zeros below, one column on the right):
#
# $$\text{valid}:\begin{pmatrix}11&14\\20&23\end{pmatrix},\qquad
# \text{same}:\begin{pmatrix}11&14&13\\20&23&19\\9&10&1\end{pmatrix}.$$
#
# With stride 2 there is room for $\lfloor\frac{3-2}2\rfloor+1=1$ place: the output is $(11)$, and the last row and
# column are not looked at.
#
# **From seven loops to one product.** Written down as it stands, the formula is seven nested loops, and Python needs
# seconds for a photograph. Two ways out:
#
# * *Columns* (`im2col`). Write every window as a column of $C\,k_hk_w$ numbers, and the filters as rows. Then the
#   whole layer is one matrix product, $(F\times Ck_hk_w)\,(Ck_hk_w\times H_{\text{out}}W_{\text{out}})$ per sample.
#   `numpy.lib.stride_tricks.sliding_window_view` gives you all windows without copying; a slice with a step keeps every
#   $s$-th.
# * *Shifts*. Loop over the few entries $(i,j)$ of the kernel only: each of them multiplies one shifted slice of the
#   whole batch.
#
# `reshape` and `transpose` are not the same thing: a product of shape $(F, N\cdot H_{\text{out}}W_{\text{out}})$ has
# its axes in another order than $(N,F,H_{\text{out}},W_{\text{out}})$, and `reshape` alone would stir the numbers.
#
# **How an answer is judged.** On small integers in float64, to $10^{-6}$. On real data, every entry must satisfy
#
# $$|\text{error}|\le4u\log_2(2CHW)\,\bigl(\lVert x_n\rVert\lVert w_f\rVert+|b_f|\bigr),$$
#
# with $u=2^{-53}$ for float64 and $2^{-24}$ for float32: any order of summation passes, and so does computing by FFT.
#
# **Speed.** Your function is timed against the reference. A loop over kernel entries, channels or samples is fast
# enough; a loop over the pixels of the output is not.

# %% [markdown] lang="zh"
# ## 1 · 前向计算（45 分，其中 5 分考察速度）
#
# 写出 `conv2d_forward(x, w, b, stride, padding)`。它返回输出和 **cache**：反向函数需要什么，就放什么。
# 元组、字典、自己定义的对象都行，没有人会去看里面。
#
# | `padding` | 上方、下方补零的行数 | 步幅为 1 时的输出 |
# |---|---|---|
# | 整数 $z$ | $z$、$z$ | $H+2z-k_h+1$ |
# | `'valid'` | 0、0：只取卷积核完全落在图像内的位置 | $H-k_h+1$ |
# | `'same'` | $\lfloor\frac{k_h-1}2\rfloor$、$\lceil\frac{k_h-1}2\rceil$ | $H$，与输入一样大 |
# | `'full'` | $k_h-1$、$k_h-1$：只要有重叠的位置都取 | $H+k_h-1$ |
#
# 列（左、右）同理，用 $k_w$。卷积核的边长为偶数时，`'same'` 要补奇数行，**多出的一行补在下方（多出的一列补在右侧）**。
# 别的库可能补在另一侧，所以这里要说清楚。`'same'` 只对步幅 1 有定义；`'full'` 和 `'valid'` 可以配任何步幅。
# 整数填充可以大于卷积核。
#
# **例。** 一张图像，一个通道，一个滤波器，$b=1$：
#
# $$x=\begin{pmatrix}1&2&3\\4&5&6\\7&8&9\end{pmatrix},\qquad w=\begin{pmatrix}0&1\\2&0\end{pmatrix}.$$
#
# 左上角是 $0\cdot1+1\cdot2+2\cdot4+0\cdot5+1=11$。（若翻转卷积核，会得到 $2\cdot2+1\cdot4+1=9$。）
# 全部结果，以及 `'same'`（下方补一行零，右侧补一列零）的结果：
#
# $$\text{valid}:\begin{pmatrix}11&14\\20&23\end{pmatrix},\qquad
# \text{same}:\begin{pmatrix}11&14&13\\20&23&19\\9&10&1\end{pmatrix}.$$
#
# 步幅为 2 时只有 $\lfloor\frac{3-2}2\rfloor+1=1$ 个位置：输出是 $(11)$，最后一行和最后一列没有被看到。
#
# **从七重循环到一次乘积。** 照公式直接写是七重循环，处理一张照片 Python 要花好几秒。有两条出路：
#
# * *列*（`im2col`）。把每个窗口写成一列 $C\,k_hk_w$ 个数，把每个滤波器写成一行。这样，对每个样本，整层就是一次矩阵乘积
#   $(F\times Ck_hk_w)\,(Ck_hk_w\times H_{\text{out}}W_{\text{out}})$。
#   `numpy.lib.stride_tricks.sliding_window_view` 不复制数据就给出所有窗口；再用带步长的切片每隔 $s$ 个取一个。
# * *平移*。只对卷积核的少数几个位置 $(i,j)$ 循环：每个位置乘以整批图像的一个平移切片。
#
# `reshape` 与 `transpose` 不是一回事：形状为 $(F, N\cdot H_{\text{out}}W_{\text{out}})$ 的乘积，
# 各轴的次序与 $(N,F,H_{\text{out}},W_{\text{out}})$ 不同，只用 `reshape` 会把数字打乱。
#
# **如何评判。** 小整数数据（float64）上误差不超过 $10^{-6}$；真实数据上每个元素都要满足
#
# $$|\text{误差}|\le4u\log_2(2CHW)\,\bigl(\lVert x_n\rVert\lVert w_f\rVert+|b_f|\bigr),$$
#
# 其中 float64 时 $u=2^{-53}$，float32 时 $u=2^{-24}$：无论按什么次序求和都能通过，用 FFT 计算也能通过。
#
# **速度。** 你的函数会与参考解比较用时。对卷积核的位置、通道或样本循环都够快；逐个输出像素循环则不够快。


# %% grade_id="conv2d_forward" part="forward"
# Helper functions of yours may stand here; the other sections can use them, too.
### BEGIN SOLUTION
def _pads(kh, kw, padding):
    """Return ((above, below), (left, right)), the rows and columns of zeros."""
    if padding == "valid":
        padding = 0
    if padding == "same":
        return tuple(((k - 1) // 2, k // 2) for k in (kh, kw))
    if padding == "full":
        return tuple((k - 1, k - 1) for k in (kh, kw))
    return (padding, padding), (padding, padding)


def _columns(padded, kh, kw, stride):
    """Return every window of the padded images as a column, (N, C * kh * kw, Ho * Wo), and (Ho, Wo)."""
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (N, C, Ho, Wo, kh, kw)
    N, C, Ho, Wo = windows.shape[:4]
    return windows.transpose(0, 1, 4, 5, 2, 3).reshape(N, C * kh * kw, Ho * Wo), (Ho, Wo)


### END SOLUTION
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
    ### BEGIN SOLUTION
    F, C, kh, kw = w.shape
    pads = _pads(kh, kw, padding)
    padded = np.pad(x, ((0, 0), (0, 0), *pads))
    columns, size = _columns(padded, kh, kw, stride)
    out = w.reshape(F, C * kh * kw) @ columns  # (N, F, Ho * Wo)
    out += b[:, None]
    return out.reshape(len(x), F, *size), (padded, w, stride, pads)
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
#     w = np.array([[[[0.0, 1.0], [2.0, 0.0]]]])
#     for padding in ("valid", "same", "full"):
#         print(padding, conv2d_forward(x, w, np.array([1.0]), padding=padding)[0][0, 0], sep="\n")
# except NotImplementedError:
#     print("conv2d_forward is not written yet")

# %% [markdown] lang="en"
# ## 2 · Backward (45 points)
#
# Somewhere behind the layer stands a loss $L$. **Backpropagation** hands you
# $\text{dout}=\partial L/\partial\text{out}$, and you return $\partial L/\partial x$, $\partial L/\partial w$ and
# $\partial L/\partial b$, each of the shape of what it belongs to. Every product
# $w_{f,c,i,j}\,\tilde x_{n,c,sp+i,sq+j}$ of the forward formula gives one term to each:
#
# $$\mathrm db_f=\sum_{n,p,q}\text{dout}_{n,f,p,q},\qquad
# \mathrm dw_{f,c,i,j}=\sum_{n,p,q}\text{dout}_{n,f,p,q}\;\tilde x_{n,c,sp+i,sq+j},$$
#
# $$\mathrm d\tilde x_{n,c,r,t}=\sum_f\ \sum_{\substack{p,i:\ sp+i=r\\ q,j:\ sq+j=t}}\text{dout}_{n,f,p,q}\;w_{f,c,i,j},
# \qquad\mathrm dx=\mathrm d\tilde x\text{ without its border}.$$
#
# What one trips over:
#
# * **Windows overlap.** A pixel lies in several windows and collects from each: *add* (`+=`), do not assign.
# * **Rows that the stride leaves over** lie in no window. Changing them changes nothing: their gradient is **zero**,
#   and dx has the full shape of x all the same.
# * **Cut off the padding** with `top : top + H`. With no padding, `p : -p` would be `0:0`, which is empty.
# * The sums run over the samples. There is **no mean**: if the loss is a mean, its $1/N$ is in dout already.
# * At stride 1, $\mathrm d\tilde x$ is dout, in `'full'` padding, convolved with the *flipped* kernels (and channels
#   and filters swapped). Here is the flip that the forward formula did not have: the gradient of a cross-correlation is
#   a true convolution.
#
# **Example.** $x$ and $w$ of section 1, `'valid'`, $\text{dout}=\begin{pmatrix}1&2\\0&0\end{pmatrix}$. Then
# $\mathrm db=3$,
#
# $$\mathrm dw=1\cdot\begin{pmatrix}1&2\\4&5\end{pmatrix}+2\cdot\begin{pmatrix}2&3\\5&6\end{pmatrix}
# =\begin{pmatrix}5&8\\14&17\end{pmatrix},\qquad
# \mathrm dx=\begin{pmatrix}0&1&0\\2&0&0\\0&0&0\end{pmatrix}+2\begin{pmatrix}0&0&1\\0&2&0\\0&0&0\end{pmatrix}
# =\begin{pmatrix}0&1&2\\2&4&0\\0&0&0\end{pmatrix}.$$
#
# **A check that you can make yourself.** The layer without its bias is linear in $x$ and linear in $w$ (*bilinear*), so
#
# $$\langle\text{dout},\ \text{out}-b\rangle=\langle\mathrm dx,\ x\rangle=\langle\mathrm dw,\ w\rangle.$$
#
# In the example: $1\cdot10+2\cdot13=36$; $1\cdot2+2\cdot3+2\cdot4+4\cdot5=36$; $8\cdot1+14\cdot2=36$. And because
# nothing is curved, a difference quotient $(L(x+he_i)-L(x))/h$ of $L=\langle\text{dout},\text{out}\rangle$ is exact for
# *any* step, $h=1$ too.
#
# **How an answer is judged.** Integers to $10^{-6}$, and against differences with $h=1$. Real data: each entry to
# $4u\log_2(2m)$ times the norms that go into it, $m$ being how many numbers these are: for $\mathrm dx_{n,c}$
# $\lVert\text{dout}_n\rVert\lVert w_{:,c}\rVert$, for $\mathrm dw_{f,c}$ $\lVert\text{dout}_{:,f}\rVert\lVert
# x_{:,c}\rVert$, for $\mathrm db_f$ $\lVert\text{dout}_{:,f}\rVert\sqrt{NH_{\text{out}}W_{\text{out}}}$. Your cache is
# handed back as you returned it; keep nothing in global variables, other calls come in between.

# %% [markdown] lang="zh"
# ## 2 · 反向计算（45 分）
#
# 这一层的后面某处有损失 $L$。**反向传播**把 $\text{dout}=\partial L/\partial\text{out}$ 交给你，你要返回
# $\partial L/\partial x$、$\partial L/\partial w$ 和 $\partial L/\partial b$，形状各与所对应的量相同。
# 前向公式中的每个乘积 $w_{f,c,i,j}\,\tilde x_{n,c,sp+i,sq+j}$ 都给它们各贡献一项：
#
# $$\mathrm db_f=\sum_{n,p,q}\text{dout}_{n,f,p,q},\qquad
# \mathrm dw_{f,c,i,j}=\sum_{n,p,q}\text{dout}_{n,f,p,q}\;\tilde x_{n,c,sp+i,sq+j},$$
#
# $$\mathrm d\tilde x_{n,c,r,t}=\sum_f\ \sum_{\substack{p,i:\ sp+i=r\\ q,j:\ sq+j=t}}\text{dout}_{n,f,p,q}\;w_{f,c,i,j},
# \qquad\mathrm dx=\mathrm d\tilde x\text{ 去掉填充的边框}.$$
#
# 容易出错的地方：
#
# * **窗口有重叠。** 一个像素属于好几个窗口，从每个窗口都收到一份：要*累加*（`+=`），不是赋值。
# * **步幅剩下的行**不属于任何窗口，改动它们什么也不会变：它们的梯度是**零**，而 dx 的形状仍与 x 完全相同。
# * **去掉填充**时写 `top : top + H`。没有填充时，`p : -p` 就成了 `0:0`，什么也不剩。
# * 求和包括对样本求和，**不取平均**：如果损失是平均值，它的 $1/N$ 已经在 dout 里了。
# * 步幅为 1 时，$\mathrm d\tilde x$ 就是 dout 在 `'full'` 填充下与*翻转后的*卷积核（并交换通道与滤波器）做卷积。
#   前向公式里没有的翻转出现在这里：互相关的梯度才是真正的卷积。
#
# **例。** 沿用第 1 节的 $x$ 和 $w$，`'valid'`，$\text{dout}=\begin{pmatrix}1&2\\0&0\end{pmatrix}$。
# 于是 $\mathrm db=3$，
#
# $$\mathrm dw=1\cdot\begin{pmatrix}1&2\\4&5\end{pmatrix}+2\cdot\begin{pmatrix}2&3\\5&6\end{pmatrix}
# =\begin{pmatrix}5&8\\14&17\end{pmatrix},\qquad
# \mathrm dx=\begin{pmatrix}0&1&0\\2&0&0\\0&0&0\end{pmatrix}+2\begin{pmatrix}0&0&1\\0&2&0\\0&0&0\end{pmatrix}
# =\begin{pmatrix}0&1&2\\2&4&0\\0&0&0\end{pmatrix}.$$
#
# **可以自己做的检验。** 去掉偏置后，这一层对 $x$ 是线性的，对 $w$ 也是线性的（*双线性*），因此
#
# $$\langle\text{dout},\ \text{out}-b\rangle=\langle\mathrm dx,\ x\rangle=\langle\mathrm dw,\ w\rangle.$$
#
# 在例子中：$1\cdot10+2\cdot13=36$；$1\cdot2+2\cdot3+2\cdot4+4\cdot5=36$；$8\cdot1+14\cdot2=36$。
# 又因为没有任何弯曲，$L=\langle\text{dout},\text{out}\rangle$ 的差商 $(L(x+he_i)-L(x))/h$ 对*任何*步长都精确，
# $h=1$ 也不例外。
#
# **如何评判。** 整数数据误差不超过 $10^{-6}$，并与 $h=1$ 的差商比较。真实数据上，每个元素的误差不超过 $4u\log_2(2m)$
# 乘以参与计算的各范数，$m$ 是参与的数的个数：对 $\mathrm dx_{n,c}$ 是 $\lVert\text{dout}_n\rVert\lVert w_{:,c}\rVert$，
# 对 $\mathrm dw_{f,c}$ 是 $\lVert\text{dout}_{:,f}\rVert\lVert x_{:,c}\rVert$，
# 对 $\mathrm db_f$ 是 $\lVert\text{dout}_{:,f}\rVert\sqrt{NH_{\text{out}}W_{\text{out}}}$。
# 你返回的 cache 会原样交还；不要把任何东西存在全局变量里，两次调用之间还会有别的调用。


# %% grade_id="conv2d_backward" part="backward"
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
    ### BEGIN SOLUTION
    padded, w, stride, ((above, below), (left, right)) = cache
    (F, C, kh, kw), (N, _, Ho, Wo) = w.shape, dout.shape
    columns, _ = _columns(padded, kh, kw, stride)
    rows = dout.reshape(N, F, Ho * Wo)
    dw = (rows @ columns.transpose(0, 2, 1)).sum(axis=0)  # (F, C * kh * kw)
    dcolumns = (w.reshape(F, C * kh * kw).T @ rows).reshape(N, C, kh, kw, Ho, Wo)
    dpadded = np.zeros_like(padded)
    for i in range(kh):
        for j in range(kw):
            # Within one (i, j) no pixel comes twice, so that += is safe; windows overlap between different (i, j).
            dpadded[:, :, i : i + stride * Ho : stride, j : j + stride * Wo : stride] += dcolumns[:, :, i, j]
    H, W = padded.shape[2] - above - below, padded.shape[3] - left - right
    return dpadded[:, :, above : above + H, left : left + W], dw.reshape(w.shape), dout.sum(axis=(0, 2, 3))
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
#     w = np.array([[[[0.0, 1.0], [2.0, 0.0]]]])
#     out, cache = conv2d_forward(x, w, np.array([1.0]))
#     dout = np.array([[[[1.0, 2.0], [0.0, 0.0]]]])
#     dx, dw, db = conv2d_backward(dout, cache)
#     print("dx", dx[0, 0], "dw", dw[0, 0], f"db {db}", sep="\n")
#     print("all three the same:", np.sum(dout * (out - 1)), np.sum(dx * x), np.sum(dw * w))
# except NotImplementedError:
#     print("conv2d_forward or conv2d_backward is not written yet")

# %% tags=["active-ipynb"]
# try:
#     # In how many windows does each pixel lie? With w = 1 and dout = 1, dx counts them.
#     counts = []
#     for stride in (1, 2, 3):
#         out, cache = conv2d_forward(np.zeros((1, 1, 11, 11)), np.ones((1, 1, 4, 4)), np.zeros(1), stride)
#         counts.append(conv2d_backward(np.ones_like(out), cache)[0][0, 0])
#     import matplotlib.pyplot as plt
#
#     fig, axes = plt.subplots(1, 3, figsize=(8, 3))
#     for stride, count, axis in zip((1, 2, 3), counts, axes, strict=True):
#         axis.imshow(count, vmin=0, vmax=16, cmap="viridis")
#         for (row, column), number in np.ndenumerate(count):
#             axis.text(column, row, f"{number:.0f}", ha="center", va="center", color="w", fontsize=6)
#         axis.set_title(f"4x4 kernel, stride {stride}", fontsize=9)
#         axis.axis("off")
#     plt.show()
# except ImportError:
#     print(*counts, sep="\n")
# except NotImplementedError:
#     print("conv2d_forward or conv2d_backward is not written yet")

# %% [markdown] lang="en"
# ## 3 · On a GPU (10 points)
#
# The same layer once more, for tensors of **torch**, on whichever device they lie. A GPU runs thousands of additions at
# once, but only if it is given large operations: one matrix product, not a loop over pixels.
#
# * Do not mention a device at all. What you make from the input lies where the input lies: `x.new_zeros(...)`,
#   `torch.zeros(..., device=x.device, dtype=x.dtype)`, `torch.nn.functional.pad`. An array made without `device=` lies
#   in the CPU's memory, and the two do not mix. The result has x's device and dtype.
# * torch differentiates by itself (*autograd*), if you leave it the chance: no `.numpy()`, no `.detach()`, no
#   `.item()`. All of x, w and b must receive their gradient.
# * `torch.nn.functional.unfold` and `Tensor.unfold` (windows), `torch.nn.functional.pad`, slices, `@`, `einsum` are
#   yours to use. **Ready-made convolutions (`torch.nn.functional.conv2d`, `torch.nn.Conv2d`, `torch.conv2d`, ...) cost
#   the part.** You need not check the input.
# * Import torch inside of the function or at the top. Whoever has no torch can still do sections 1 and 2.
#
# **How many digits?** In float32, the answer must agree with that of float64 arithmetic to a relative error (Frobenius
# norm) of $10^{-5}$. GPUs can multiply matrices faster in *TF32*, which keeps only 10 bits behind the leading one;
# where it is switched on, $2\cdot10^{-3}$ is allowed. Do not switch it yourself.
#
# **How long?** A GPU works on while Python goes on: a clock that is not preceded by `torch.cuda.synchronize()` measures
# how long it takes to *ask*. The tests synchronise before and after.
#
# These tests need a GPU. Where there is none, they are skipped and say so, and the part counts neither for nor against
# you. On the CPU you can compare yourself: the cell below does it.

# %% [markdown] lang="zh"
# ## 3 · GPU 上的卷积（10 分）
#
# 同样的一层再写一遍，这次用 **torch** 的张量，张量在哪个设备上就在哪个设备上算。
# GPU 能同时做成千上万次加法，但前提是交给它大块的运算：一次矩阵乘积，而不是逐像素的循环。
#
# * 不要写出任何设备名。由输入得到的东西自然在输入所在的设备上：`x.new_zeros(...)`、
#   `torch.zeros(..., device=x.device, dtype=x.dtype)`、`torch.nn.functional.pad`。
#   不写 `device=` 新建的张量在 CPU 内存里，二者不能混算。结果与 x 的设备、dtype 相同。
# * torch 会自动求导（*autograd*），前提是你不打断它：不要用 `.numpy()`、`.detach()`、`.item()`。x、w、b 都要得到梯度。
# * `torch.nn.functional.unfold` 和 `Tensor.unfold`（取窗口）、`torch.nn.functional.pad`、切片、`@`、`einsum` 都可以用。
#   **现成的卷积（`torch.nn.functional.conv2d`、`torch.nn.Conv2d`、`torch.conv2d` 等）不得使用，否则这一部分记零分。**
#   不必检查输入。
# * 可以在函数里导入 torch，也可以在文件开头导入。没有 torch 的同学仍可完成第 1、2 节。
#
# **要几位精度？** float32 的结果与 float64 的结果相比，相对误差（Frobenius 范数）不超过 $10^{-5}$。
# GPU 可以用 *TF32* 更快地做矩阵乘法，它的尾数只保留 10 位；开启 TF32 时允许 $2\cdot10^{-3}$。不要自己去开关它。
#
# **要多久？** GPU 在计算时，Python 已经往下走了：计时之前若没有 `torch.cuda.synchronize()`，
# 量到的只是*下达命令*的时间。测试在计时前后都会同步。
#
# 这些测试需要 GPU。没有 GPU 时会跳过并说明原因，这一部分既不加分也不扣分。
# 在 CPU 上可以自己比较，下面的单元格就是这样做的。


# %% grade_id="conv2d_torch" part="gpu"
# Helper functions of yours may stand here.
### BEGIN SOLUTION
def _library_conv2d(x, w, b, stride, padding):
    """torch's own, for tests that time `conv2d_torch` against it; an integer `padding`."""
    from torch.nn.functional import conv2d

    return conv2d(x, w, b, stride=stride, padding=padding)


### END SOLUTION
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
    ### BEGIN SOLUTION
    from torch.nn.functional import pad, unfold

    F, C, kh, kw = w.shape
    (above, below), (left, right) = _pads(kh, kw, padding)
    padded = pad(x, (left, right, above, below))
    columns = unfold(padded, (kh, kw), stride=stride)  # (N, C * kh * kw, Ho * Wo)
    out = w.reshape(F, C * kh * kw) @ columns + b[:, None]
    Ho, Wo = (padded.shape[2] - kh) // stride + 1, (padded.shape[3] - kw) // stride + 1
    return out.reshape(len(x), F, Ho, Wo)
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     import torch
#
#     device = "cuda" if torch.cuda.is_available() else "cpu"
#     x, w, b = torch.randn(8, 3, 32, 32), torch.randn(16, 3, 5, 5), torch.randn(16)
#     ours = conv2d_torch(x.to(device), w.to(device), b.to(device), stride=2, padding=2).cpu()
#     theirs = torch.nn.functional.conv2d(x, w, b, stride=2, padding=2)
#     print(f"on {device}: relative difference from torch {float((ours - theirs).norm() / theirs.norm()):.1e}")
# except ImportError:
#     print("torch is not installed: section 3 has to wait")
# except NotImplementedError:
#     print("conv2d_torch is not written yet")

# %% [markdown] lang="en"
# ## 4 · On real data
#
# **A photograph.** Eileen Collins, astronaut; 128 × 128 pixels, in `astronaut.npy`. A kernel of positive numbers that
# add up to 1 averages over neighbours: *blur*. A kernel whose numbers add up to 0 answers nothing on an even surface
# and much at an *edge*: Sobel's two kernels respond to changes from left to right and from top to bottom, and the
# length of the two answers taken together draws the outlines. The dark rim of the blurred picture is the padding:
# beyond the edge, the average runs over zeros.
#
# **Digits.** A network is not told its kernels, it finds them by gradient descent. Here is the smallest such network:
# one filter, which sees 1,797 handwritten digits and their answers to Sobel's kernel, and starts from zero. With your
# gradients it has found the kernel after two hundred steps. Afterwards, look how strongly each digit answers: the
# ones are made of vertical strokes and answer least to the kernel for horizontal edges.

# %% [markdown] lang="zh"
# ## 4 · 真实数据
#
# **一张照片。** 宇航员 Eileen Collins，128 × 128 像素，存放在 `astronaut.npy`。
# 各数为正且和为 1 的卷积核对邻近像素取平均：*模糊*。各数之和为 0 的卷积核，在平坦处几乎没有响应，在*边缘*处响应强烈：
# Sobel 的两个卷积核分别响应左右方向和上下方向的变化，把两个响应合成一个向量，它的长度就勾画出轮廓。
# 模糊后的照片四周发暗，是因为填充：在边界之外，参与平均的是零。
#
# **手写数字。** 没有人告诉网络该用什么卷积核，它靠梯度下降自己找到。下面是最小的这种网络：只有一个滤波器，
# 给它看 1797 个手写数字和 Sobel 核对它们的响应，从零开始学。用你写的梯度，两百步之后它就找到了这个卷积核。
# 然后看一看各个数字的响应有多强：数字 1 由竖直的笔画组成，对检测水平边缘的卷积核响应最弱。

# %% tags=["active-ipynb"]
# try:
#     photo = np.load("datasets/astronaut.npy").transpose(2, 0, 1)[None] / 255  # (1, 3, 128, 128), from 0 to 1
#     grey = photo.mean(axis=1, keepdims=True)
#     bell = np.exp(-(np.arange(-4, 5.0) ** 2) / 8)
#     blur = np.outer(bell, bell)[None, None] / np.sum(np.outer(bell, bell))
#     sobel = np.array([[[[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]], [[[-1.0, -2, -1], [0, 0, 0], [1, 2, 1]]]])
#     colours = photo.transpose(1, 0, 2, 3)  # each colour as a sample of its own
#     blurred = conv2d_forward(colours, blur, np.zeros(1), padding="same")[0][:, 0]
#     edges = np.sqrt(np.sum(conv2d_forward(grey, sobel, np.zeros(2))[0][0] ** 2, axis=0))
#     print(f"a pixel and its right neighbour differ by {np.abs(np.diff(photo)).mean():.4f} on average,", end=" ")
#     print(f"after blurring by {np.abs(np.diff(blurred)).mean():.4f}")
#     strongest = np.sort(edges.ravel())[-edges.size // 10 :].sum() / edges.sum()
#     print(f"a tenth of all pixels holds {strongest:.0%} of the edges")
#     import matplotlib.pyplot as plt
#
#     fig, axes = plt.subplots(1, 3, figsize=(9, 3))
#     images = {"photo": photo[0].transpose(1, 2, 0), "blur": blurred.transpose(1, 2, 0), "edges": -edges}
#     for axis, (name, image) in zip(axes, images.items(), strict=True):
#         axis.imshow(image, cmap="gray")
#         axis.set_title(name)
#         axis.axis("off")
#     plt.show()
# except ImportError:
#     print("matplotlib is not installed: no picture")
# except FileNotFoundError:
#     print("datasets/astronaut.npy is not here")
# except NotImplementedError:
#     print("conv2d_forward is not written yet")

# %% tags=["active-ipynb"]
# try:
#     table = np.loadtxt("datasets/digits.csv", delimiter=",", skiprows=1)
#     digits, labels = table[:, :-1].reshape(-1, 1, 8, 8) / 16, table[:, -1]
#     horizontal = np.array([[[[-1.0, -2, -1], [0, 0, 0], [1, 2, 1]]]])
#     target = conv2d_forward(digits, horizontal, np.zeros(1))[0]
#     w, b = np.zeros((1, 1, 3, 3)), np.zeros(1)
#     for step in range(201):
#         out, cache = conv2d_forward(digits, w, b)
#         if step % 100 == 0:
#             print(f"step {step:3}: mean squared error {np.mean((out - target) ** 2):.2e}")
#         _, dw, db = conv2d_backward(2 * (out - target) / out.size, cache)
#         w, b = w - 0.3 * dw, b - 0.3 * db
#     print("learnt:", np.round(w[0, 0], 2) + 0.0, sep="\n")
#     for digit in range(10):
#         strength = np.mean(np.abs(target[labels == digit]))
#         print(digit, "#" * round(20 * strength), f"{strength:.2f}")
# except FileNotFoundError:
#     print("datasets/digits.csv is not here")
# except NotImplementedError:
#     print("conv2d_forward or conv2d_backward is not written yet")
