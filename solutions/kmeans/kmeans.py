"""Reference solution of `kmeans`, and the one source of its notebooks.

Readable first. `fast.py` is the form for large problems; `design.md` says how answers are judged; `alternatives.py` and
`misconceptions.py` replace single functions in a copy of this file.
"""

# %% [markdown] lang="en"
# # k-means clustering
#
# You are given $n$ samples, the rows $x_1,\dots,x_n\in\mathbb R^d$ of a matrix $X$, and no labels. **Clustering** looks
# for groups. k-means describes $K$ groups by $K$ **centres** $\mu_1,\dots,\mu_K$, and asks that the rows lie close to
# the centre of their cluster:
#
# $$\min_{\mu,\,\ell}\ J(\mu,\ell)=\sum_{i=1}^n\lVert x_i-\mu_{\ell_i}\rVert^2 ,\qquad \ell_i\in\{0,\dots,K-1\}.$$
#
# $J$ is called the **inertia**, or within-cluster sum of squares. It is a *sum*, not a mean: that is how this
# quantity is defined everywhere. Finding the best of all $\mu$ and $\ell$ is NP-hard. But each half of the problem is
# easy: if the centres are fixed, every row goes to the nearest centre (`assign`); if the labels are fixed, every centre
# goes to the mean of its rows (`update`). *Lloyd's iteration* does the two in turn (`kmeans`), and where it ends
# depends on where it starts (`kmeans_plus_plus`).
#
# **What holds everywhere**
#
# * Rows are samples. $X$ has shape $(n, d)$, the centres `mu` have shape $(K, d)$, labels have shape $(n,)$ and count
#   **from 0**.
# * float32 in, float32 out; everything else becomes float64. Labels and indices are arrays of any integer dtype.
# * Bad input (wrong shapes, NaN, impossible $K$) raises `ValueError`. The helpers below do that for you.
# * Never change the arrays that you are given.
# * **Use NumPy and nothing else.** SciPy, scikit-learn and the like are not needed and may not be there.
#
# Any correct method counts. Where rounding may decide (two centres at nearly the same distance), both answers are
# accepted.

# %% [markdown] lang="zh"
# # K 均值聚类
#
# 给定 $n$ 个样本，它们是矩阵 $X$ 的各行 $x_1,\dots,x_n\in\mathbb R^d$，没有标签。**聚类**就是要从中找出分组。
# K 均值用 $K$ 个**中心** $\mu_1,\dots,\mu_K$ 描述 $K$ 个簇，要求各行靠近自己所在簇的中心：
#
# $$\min_{\mu,\,\ell}\ J(\mu,\ell)=\sum_{i=1}^n\lVert x_i-\mu_{\ell_i}\rVert^2 ,\qquad \ell_i\in\{0,\dots,K-1\}.$$
#
# $J$ 叫作**簇内平方和**（inertia）。它是*总和*而不是平均，各处都这样定义。同时求最好的 $\mu$ 和 $\ell$ 是 NP 难问题，
# 但分成两半，每一半都容易：中心固定时，每一行归到最近的中心（`assign`）；标签固定时，每个中心移到簇内各行的均值
# （`update`）。*Lloyd 迭代*让这两步轮流进行（`kmeans`），而它停在哪里，取决于从哪里开始（`kmeans_plus_plus`）。
#
# **处处成立的约定**
#
# * 每行是一个样本。$X$ 的形状是 $(n, d)$，中心 `mu` 的形状是 $(K, d)$，标签的形状是 $(n,)$，**从 0 开始**编号。
# * 输入 float32 就返回 float32，其余一律按 float64 计算。标签和下标是整数数组，哪种整数类型都可以。
# * 输入有误（形状不对、含 NaN、$K$ 不合理）时抛出 `ValueError`。下面的辅助函数已替你做好。
# * 绝不要改动传给你的数组。
# * **只用 NumPy。** SciPy、scikit-learn 之类用不着，运行环境里也可能没有。
#
# 任何正确的方法都算对。若结果取决于舍入误差（到两个中心的距离几乎相等），两种答案都接受。

# %%
from typing import NamedTuple

import numpy as np


def validated(X, name="X"):
    """Return an array as floats, float32 if it came as that and else float64, or say what is wrong with it.

    Parameters
    ----------
    X : array_like of shape (n, d), n >= 1, d >= 1, finite
    name : str
        What the error calls it.

    Returns
    -------
    X : ndarray of shape (n, d)
        Not a copy where the dtype is already right: do not write into it.

    Raises
    ------
    ValueError
    """
    X = np.asarray(X)
    if X.ndim != 2 or X.size == 0:
        raise ValueError(f"{name} must have two axes, both of length >= 1, not the shape {X.shape}")
    X = X.astype(np.float32 if X.dtype == np.float32 else np.float64, copy=False)
    if not np.isfinite(X).all():
        raise ValueError(f"{name} must be finite")
    return X


def validated_centers(X, mu, name="mu"):
    """Return X and the centres, both of X's dtype, or raise ValueError. `mu` has shape (K, d), K >= 1."""
    X, mu = validated(X), validated(mu, name)
    if mu.shape[1] != X.shape[1]:
        raise ValueError(f"X has {X.shape[1]} columns but {name} has {mu.shape[1]}")
    return X, mu.astype(X.dtype, copy=False)


def validated_labels(X, labels, K):
    """Return X and the labels, of shape (n,) and each in 0..K-1, or raise ValueError."""
    X, labels = validated(X), np.asarray(labels)
    if labels.shape != (len(X),) or labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be {len(X)} integers, not {labels.dtype} of shape {labels.shape}")
    if K < 1 or labels.min() < 0 or labels.max() >= K:
        raise ValueError(f"labels must lie in 0..K-1 with K = {K} >= 1")
    return X, labels


class KMeansResult(NamedTuple):
    """What `kmeans` returns.

    Attributes
    ----------
    centers : ndarray of shape (K, d), dtype of X
    labels : ndarray of shape (n,), int
        Belong to these very centres: each row's nearest one.
    inertia : float
        J(centers, labels).
    history : list of float
        The inertia at the start and after each iteration; its last entry is `inertia`.
    """

    centers: np.ndarray
    labels: np.ndarray
    inertia: float
    history: list


# %% [markdown] lang="en"
# ## 1 · Assign: every row to its nearest centre (15 points)
#
# $$\ell_i=\arg\min_k\lVert x_i-\mu_k\rVert^2 .$$
#
# If several centres are equally near, the **lowest index** wins, so that a run can be repeated.
#
# **Example.** $\mu=\begin{pmatrix}0&0\\4&0\end{pmatrix}$. The row $(1,3)$ has squared distances $1+9=10$ and $9+9=18$:
# label 0. The row $(5,1)$ has 26 and 2: label 1. The row $(2,0)$ has 4 and 4, a tie: label 0. The row $(0,0)$: label 0.
#
# **Two ways without a loop over the rows.** (1) `X[:, None] - mu` has shape $(n, K, d)$; square it and sum over the
# last axis. Exact and simple, but it moves $nKd$ numbers through memory. (2) Multiply out:
#
# $$\lVert x-\mu\rVert^2=\lVert x\rVert^2-2\,x^{\mathsf T}\mu+\lVert\mu\rVert^2 .$$
#
# Now the work is one matrix product, which is far faster. $\lVert x\rVert^2$ is the same for all centres and need not
# be computed; $\lVert\mu\rVert^2$ is *not* the same for all, and leaving it out is a popular mistake. The price: three
# large numbers cancel. If all data lie near $10^6$, then $\lVert x\rVert^2\approx10^{12}$, and of a distance of size 1
# only four digits remain. The remedy is to subtract one point, such as the mean of $X$, from rows and centres first:
# that changes no distance.
#
# **How an answer is judged.** Your centre may be farther than the nearest one by rounding errors only, however you
# compute: $d^2_{\text{yours}}-d^2_{\min}\le16(d+4)\,u\,(\lVert x\rVert+\lVert\mu\rVert)^2$, with $u=2^{-53}$ for
# float64 and $2^{-24}$ for float32. Ties are tested on small integers with an integer mean, where every formula is
# exact.

# %% [markdown] lang="zh"
# ## 1 · 分配：把每一行归到最近的中心（15 分）
#
# $$\ell_i=\arg\min_k\lVert x_i-\mu_k\rVert^2 .$$
#
# 若有几个中心同样近，取**下标最小**的一个，这样运行结果可以重现。
#
# **例。** $\mu=\begin{pmatrix}0&0\\4&0\end{pmatrix}$。行 $(1,3)$ 的平方距离是 $1+9=10$ 和 $9+9=18$，标签为 0；
# 行 $(5,1)$ 是 26 和 2，标签为 1；行 $(2,0)$ 是 4 和 4，距离相等，标签为 0；行 $(0,0)$ 的标签为 0。
#
# **两种不必逐行循环的写法。** (1) `X[:, None] - mu` 的形状是 $(n, K, d)$，平方后对最后一个轴求和。
# 简单而准确，但有 $nKd$ 个数要在内存里搬运。(2) 把平方展开：
#
# $$\lVert x-\mu\rVert^2=\lVert x\rVert^2-2\,x^{\mathsf T}\mu+\lVert\mu\rVert^2 .$$
#
# 这样主要的工作是一次矩阵乘法，快得多。$\lVert x\rVert^2$ 对所有中心都一样，可以不算；$\lVert\mu\rVert^2$ 却*不*一样，
# 把它漏掉是常见的错误。展开的代价是：三个大数相互抵消。若数据都在 $10^6$ 附近，则 $\lVert x\rVert^2\approx10^{12}$，
# 大小为 1 的距离就只剩四位有效数字。补救的办法是先从各行和各中心减去同一个点（例如 $X$ 的均值）：距离不会因此改变。
#
# **如何评判。** 不论怎么算，你选的中心只能因舍入误差而比最近的中心远：
# $d^2_{\text{所选}}-d^2_{\min}\le16(d+4)\,u\,(\lVert x\rVert+\lVert\mu\rVert)^2$，其中 float64 时 $u=2^{-53}$，
# float32 时 $u=2^{-24}$。距离相等的情形用小整数检验（各列均值也是整数），此时各种公式都没有误差。


# %% grade_id="assign" part="assign"
def assign(X, mu):
    """Return for every row of X the index of the nearest centre.

    Parameters
    ----------
    X : array_like of shape (n, d)
    mu : array_like of shape (K, d)

    Returns
    -------
    labels : ndarray of shape (n,), int in 0..K-1
        The lowest index where several centres are equally near.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or an entry is not finite.

    Examples
    --------
    >>> assign([[1.0, 3.0], [5.0, 1.0], [2.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [4.0, 0.0]])
    array([0, 1, 0, 0])
    """
    X, mu = validated_centers(X, mu)
    ### BEGIN SOLUTION
    shift = np.round(X.mean(axis=0))  # cancellation goes; being whole, it leaves ties of whole numbers ties
    Z, M = X - shift, mu - shift
    # ||z - m||^2 = ||z||^2 - 2 (z.m - ||m||^2 / 2), and ||z||^2 is the same for all centres
    nearness = Z @ M.T  # (n, K)
    nearness -= np.sum(M**2, axis=1) / 2
    return np.argmax(nearness, axis=1)
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     X = [[1.0, 3.0], [5.0, 1.0], [2.0, 0.0], [0.0, 0.0]]
#     print(assign(X, [[0.0, 0.0], [4.0, 0.0]]), "- by hand [0 1 0 0]")
# except NotImplementedError:
#     print("assign is not written yet")

# %% [markdown] lang="en"
# ## 2 · Update: every centre to the mean of its rows (15 points)
#
# With the labels fixed, $J$ falls apart into one sum per cluster, and $\sum_i\lVert x_i-\mu\rVert^2$ is smallest at the
# mean. (Its gradient is $2\sum_i(\mu-x_i)$.) So with $n_k$ the number of rows of cluster $k$,
#
# $$\mu_k=\frac1{n_k}\sum_{i:\,\ell_i=k}x_i .$$
#
# **Empty clusters.** If $n_k=0$ the formula says $0/0$. A careless program returns NaN, and that NaN swallows
# everything. A cluster without rows does not lower $J$, so the centre is put where it helps most. The rule here:
#
# 1. First all non-empty clusters get their means.
# 2. Then the empty clusters get a row each, in ascending order of $k$: **the row of $X$ that lies farthest from its
#    nearest centre**, among all centres that have been set so far (earlier refilled ones included). Among equally far
#    rows any one will do.
#
# `K` is an argument because the labels cannot tell: the last clusters may be the empty ones.
#
# **Example.** Rows $(0,0),(2,0),(4,4),(5,4),(9,4)$ with the labels $0,0,1,1,1$ and $K=3$: $\mu_0=(1,0)$, $\mu_1=(6,4)$.
# Cluster 2 is empty. The squared distances to the nearest of $\mu_0$ and $\mu_1$ are $1,1,4,1,9$, so $\mu_2=(9,4)$.
#
# A mean is accepted within $16\,u\sqrt{n_k}\max|x|$; a refilled centre must equal its row exactly.

# %% [markdown] lang="zh"
# ## 2 · 更新：把每个中心移到簇的均值（15 分）
#
# 标签固定时，$J$ 分解成各簇的和，而 $\sum_i\lVert x_i-\mu\rVert^2$ 在均值处最小（它的梯度是 $2\sum_i(\mu-x_i)$）。
# 记簇 $k$ 的行数为 $n_k$，则
#
# $$\mu_k=\frac1{n_k}\sum_{i:\,\ell_i=k}x_i .$$
#
# **空簇。** 若 $n_k=0$，公式成了 $0/0$。不小心的程序会得到 NaN，接着一切都变成 NaN。没有样本的簇不能减小 $J$，
# 所以把它的中心放到最有用的地方。本作业的规则是：
#
# 1. 先让所有非空的簇取均值；
# 2. 再按 $k$ 从小到大，给每个空簇一行数据作中心：**离最近中心最远的那一行**，这里的中心包括目前已确定的全部中心
#    （前面刚补上的也算）。若有几行同样远，取哪一行都行。
#
# `K` 之所以要作为参数，是因为从标签里看不出来：空着的可能正是最后几个簇。
#
# **例。** 各行为 $(0,0),(2,0),(4,4),(5,4),(9,4)$，标签为 $0,0,1,1,1$，$K=3$：$\mu_0=(1,0)$，$\mu_1=(6,4)$。
# 簇 2 是空的。各行到 $\mu_0$、$\mu_1$ 中较近者的平方距离是 $1,1,4,1,9$，所以 $\mu_2=(9,4)$。
#
# 均值的误差允许到 $16\,u\sqrt{n_k}\max|x|$；补上的中心必须与所取的那一行完全相同。


# %% grade_id="update" part="update"
def update(X, labels, K):
    """Return the mean of every cluster; an empty one gets the row that is farthest from all centres set so far.

    Parameters
    ----------
    X : array_like of shape (n, d)
    labels : array_like of shape (n,), int in 0..K-1
    K : int, >= 1

    Returns
    -------
    mu : ndarray of shape (K, d), dtype of X

    Raises
    ------
    ValueError
        If the shapes do not fit together, an entry of X is not finite, or a label is out of range.

    Examples
    --------
    >>> update([[0.0, 0.0], [2.0, 0.0], [4.0, 4.0], [5.0, 4.0], [9.0, 4.0]], [0, 0, 1, 1, 1], 3)
    array([[1., 0.],
           [6., 4.],
           [9., 4.]])
    """
    X, labels = validated_labels(X, labels, K)
    ### BEGIN SOLUTION
    counts = np.bincount(labels, minlength=K)
    sums = np.stack([np.bincount(labels, weights=column, minlength=K) for column in X.T], axis=1)  # (K, d), in float64
    mu = (sums / np.maximum(counts, 1)[:, None]).astype(X.dtype)
    placed = counts > 0
    for k in np.flatnonzero(~placed):
        nearest = np.min([np.sum((X - center) ** 2, axis=1) for center in mu[placed]], axis=0)  # (n,)
        mu[k] = X[np.argmax(nearest)]
        placed[k] = True
    return mu
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     X = [[0.0, 0.0], [2.0, 0.0], [4.0, 4.0], [5.0, 4.0], [9.0, 4.0]]
#     print(update(X, [0, 0, 1, 1, 1], 3), "- by hand (1, 0), (6, 4) and, for the empty cluster, (9, 4)")
# except NotImplementedError:
#     print("update is not written yet")

# %% [markdown] lang="en"
# ## 3 · Lloyd's iteration (50 points, 6 of them for speed)
#
# Start at the centres `init`, shape $(K, d)$, with labels $\ell=$ `assign(X, init)`. One **iteration** is an `update`
# followed by an `assign`. Stop after `max_iter` iterations, or after the first iteration that changes no label:
# whatever you do from there on, nothing changes any more. That is a **fixed point**: every row is with its nearest
# centre, and every centre is the mean of its rows. (A stop when "the centres move less than $10^{-4}$" is not a fixed
# point, and does not pass.)
#
# Return `KMeansResult(centers, labels, inertia, history)`:
#
# * `labels` and `inertia` belong to the returned `centers`, also when `max_iter` cut the run short;
# * `history` is the list $J_0,J_1,\dots$ with $J_0$ the inertia at `init` (after the first `assign`) and $J_t$ that
#   after iteration $t$; one entry per iteration and one for the start. The last one is `inertia`. (If your stopping
#   rule needs one or two idle iterations more to notice that nothing changes, these entries may stay.)
# * `max_iter=0` returns `init` with its labels.
#
# **Why $J$ never rises.** `update` minimises $J$ over the centres, `assign` minimises it over the labels; a refilled
# centre has no rows yet and can only attract some. As there are finitely many partitions, the iteration ends. And an
# empty cluster never survives if $X$ has at least $K$ different rows: the refilled centre gets at least its own row, so
# a label changes and the iteration goes on. With fewer than $K$ different rows some clusters must stay empty; then
# nothing may break, and $J$ ends at 0 with every row on a centre.
#
# **Example.** Rows $(0,0),(0,2),(6,0),(6,2)$, a flat rectangle. From `init` $(0,0),(6,0)$: labels $0,0,1,1$,
# $J_0=0+4+0+4=8$; the centres go to $(0,1),(6,1)$ and $J_1=4$. From `init` $(0,0),(0,2)$: labels $0,1,0,1$,
# $J_0=0+0+36+36=72$; the centres go to $(3,0),(3,2)$, no label changes, and we are stuck at $J_1=36$.
#
# **Fixed point is all that is promised.** Not the best clustering, as the rectangle shows, and (although many notes say
# so) *not even a local minimum* of $J$. Take the rows $0,2,3$ and the centres $1,3$. Row 2 is at distance 1 from both
# and stays with the lower index: labels $0,0,1$, the means are $1,3$ again: a fixed point with $J=2$. Move the second
# centre the least bit towards 2, and row 2 changes sides; the iteration then ends at centres $0$ and $2.5$ with
# $J=0.5$. Therefore one starts several times and keeps the smallest $J$.
#
# **Speed.** Your function is timed on $8000\times4$ data, $K=4$, three iterations, against the reference. A Python loop
# over the $K$ clusters or the $d$ columns is fine; one over the rows in `assign` is too slow (and better avoided in
# `update`, too).

# %% [markdown] lang="zh"
# ## 3 · Lloyd 迭代（50 分，其中 6 分考察速度）
#
# 从中心 `init`（形状 $(K, d)$）和标签 $\ell=$ `assign(X, init)` 出发。一次**迭代**是先 `update` 再 `assign`。
# 做满 `max_iter` 次迭代后停止；若某次迭代没有改变任何标签，也在这次迭代之后停止：再往下做，什么都不会变了。
# 这就是**不动点**：每一行都属于最近的中心，每个中心都是簇内各行的均值。（“中心移动小于 $10^{-4}$
# 就停”得到的不是不动点，通不过测试。）
#
# 返回 `KMeansResult(centers, labels, inertia, history)`：
#
# * `labels` 和 `inertia` 与返回的 `centers` 相对应，因 `max_iter` 而提前结束时也一样；
# * `history` 是列表 $J_0,J_1,\dots$：$J_0$ 是在 `init` 处（第一次 `assign` 之后）的簇内平方和，$J_t$ 是第 $t$
#   次迭代之后的；起点一项，每次迭代一项，最后一项就是 `inertia`。（如果你的停止规则要多空转一两次才能发现不再变化，
#   多出的项可以保留。）
# * `max_iter=0` 时返回 `init` 及其标签。
#
# **为什么 $J$ 从不上升。** `update` 对中心求 $J$ 的最小值，`assign` 对标签求最小值；补上的中心此时还没有样本，
# 只会吸引一些样本。划分的个数有限，所以迭代必定结束。只要 $X$ 至少有 $K$ 个不同的行，结束时就没有空簇：
# 补上的中心至少得到它自己那一行，于是有标签改变，迭代继续。若不同的行少于 $K$ 个，有些簇只能空着；这时程序不得出错，
# 最终 $J=0$，每一行都与某个中心重合。
#
# **例。** 各行为 $(0,0),(0,2),(6,0),(6,2)$，是一个扁长方形。从 `init` $(0,0),(6,0)$ 出发：标签 $0,0,1,1$，
# $J_0=0+4+0+4=8$；中心移到 $(0,1),(6,1)$，$J_1=4$。从 `init` $(0,0),(0,2)$ 出发：标签 $0,1,0,1$，
# $J_0=0+0+36+36=72$；中心移到 $(3,0),(3,2)$，标签都不变，于是停在 $J_1=36$。
#
# **能保证的只有不动点。** 不保证是最好的聚类（长方形就是例子），甚至——尽管许多讲义这样写——*不保证是 $J$ 的局部极小*。
# 取三行 $0,2,3$，中心 $1,3$。第二行到两个中心的距离都是 1，归到下标小的：标签 $0,0,1$，均值仍是 $1,3$，是不动点，
# $J=2$。只要把第二个中心向 2 稍稍移动一点，第二行就会换簇，迭代最后停在中心 $0$ 和 $2.5$，$J=0.5$。
# 所以通常从多个起点各做一次，取 $J$ 最小的结果。
#
# **速度。** 测试会在 $8000\times4$ 的数据上、取 $K=4$、做三次迭代，与参考解比较用时。对 $K$ 个簇或 $d$ 列用 Python
# 循环没有问题；在 `assign` 中用 Python 逐行循环则太慢（在 `update` 中也最好避免）。


# %% grade_id="kmeans" part="kmeans"
def kmeans(X, init, max_iter):
    """Run Lloyd's iteration from the centres `init` until no label changes, at most `max_iter` times.

    Parameters
    ----------
    X : array_like of shape (n, d)
    init : array_like of shape (K, d)
        The centres to start from.
    max_iter : int, >= 0

    Returns
    -------
    KMeansResult

    Raises
    ------
    ValueError
        If the shapes do not fit together, an entry is not finite, or `max_iter` is negative.

    Examples
    --------
    >>> result = kmeans([[0.0, 0.0], [0.0, 2.0], [6.0, 0.0], [6.0, 2.0]], [[0.0, 0.0], [6.0, 0.0]], 10)
    >>> result.centers
    array([[0., 1.],
           [6., 1.]])
    >>> result.history
    [8.0, 4.0]
    """
    X, init = validated_centers(X, init, "init")
    if max_iter < 0:
        raise ValueError(f"max_iter must be >= 0, not {max_iter}")
    ### BEGIN SOLUTION
    centers, labels, history = init, None, []
    for iteration in range(max_iter + 1):
        if iteration > 0:
            centers = update(X, labels, len(init))
        before, labels = labels, assign(X, centers)
        history.append(float(np.sum((X - centers[labels]) ** 2)))
        if np.array_equal(labels, before):
            break
    return KMeansResult(centers, labels, history[-1], history)
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     X = np.array([[0.0, 0.0], [0.0, 2.0], [6.0, 0.0], [6.0, 2.0]])
#     print("good start:", kmeans(X, X[[0, 2]], 10).history, "- by hand 8, 4")
#     print("bad start: ", kmeans(X, X[[0, 1]], 10).history, "- by hand 72, 36")
#     line = np.array([[0.0], [2.0], [3.0]])
#     for second in (3.0, 2.999):
#         result = kmeans(line, [[1.0], [second]], 10)
#         print(f"rows 0, 2, 3 from centres 1, {second}: centres {result.centers.ravel()}, inertia {result.inertia}")
# except NotImplementedError:
#     print("assign, update or kmeans is not written yet")

# %% tags=["active-ipynb"]
# try:
#     rng = np.random.default_rng(3)
#     X = np.vstack([rng.normal(center, 0.6, size=(80, 2)) for center in ((0, 0), (4, 0), (2, 3), (6, 3))])
#     init = X[rng.choice(len(X), size=4, replace=False)]
#     runs = [kmeans(X, init, t) for t in range(12)]
#     import matplotlib.pyplot as plt
#
#     figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
#     left.scatter(*X.T, c=runs[-1].labels, s=8, cmap="tab10")
#     left.plot(*np.array([run.centers for run in runs]).transpose(2, 0, 1), "k.-")  # the way of every centre
#     left.set_title("from the start to the fixed point")
#     right.plot(runs[-1].history, "o-")
#     right.set_xlabel("iteration")
#     right.set_ylabel("inertia")
#     plt.show()
# except ImportError:
#     print(runs[-1].history)
# except NotImplementedError:
#     print("assign, update or kmeans is not written yet")

# %% [markdown] lang="en"
# ## 4 · Where to start: k-means++ (20 points)
#
# $K$ rows picked uniformly often put two starting centres into one group and none into another, and Lloyd's iteration
# rarely repairs that. k-means++ (Arthur and Vassilvitskii, 2007) spreads them:
#
# 1. Draw the first index uniformly from all $n$ rows.
# 2. Let $D_i^2=\min_{c\text{ chosen}}\lVert x_i-x_c\rVert^2$, the *squared* distance of row $i$ to the **nearest** of
#    the rows chosen so far. Draw the next index with probability $D_i^2/\sum_jD_j^2$. Repeat until there are $K$.
#
# A chosen row has $D^2=0$ and is not drawn again. The expected inertia of such a start is at most $8(\ln K+2)$ times
# the best possible one, and Lloyd's iteration can only lower it.
#
# **Example.** Rows $0,1,3$ in one dimension; index 0 was drawn first. Then $D^2=(0,1,9)$ and the probabilities are
# $0,\ .1,\ .9$. (Without the square they would be $0,\ .25,\ .75$.) If index 2 follows, $D^2=(0,1,0)$, and index 1 is
# certain.
#
# **One draw per centre.** scikit-learn draws several candidates for each centre and keeps the one that lowers $J$ most
# ("greedy k-means++"). That is a *different distribution*; here it is one draw, as in the definition above.
#
# **How an answer is judged.** By its distribution: on six points the test knows the exact probability of each of the
# 120 ordered triples, makes some hundred draws, and asks by a $\chi^2$ test whether they can come from it (a right
# answer is refused once in a million). Any way of drawing is fine. Besides,
#
# * *all* randomness comes from `rng`, a `numpy.random.Generator` that is handed to you: the same state, the same
#   answer. `np.random.rand()` and a generator of your own do not do that;
# * return the **indices**, in the order drawn, as an integer array of shape $(K,)$; they are always $K$ *different*
#   indices. If every row coincides with a chosen one ($\sum_jD_j^2=0$, because $X$ has fewer than $K$ different rows),
#   go on with any rows that were not chosen yet. No division by zero, no NaN;
# * rounding must not make a $D_i^2$ negative, should you multiply out the square.

# %% [markdown] lang="zh"
# ## 4 · 从哪里开始：k-means++（20 分）
#
# 若均匀地随机取 $K$ 行作起点，常会在一个组里放了两个中心，而另一个组里一个也没有；Lloyd 迭代很少能纠正过来。
# k-means++（Arthur 与 Vassilvitskii，2007）让起点分散开：
#
# 1. 第一个下标从全部 $n$ 行中均匀抽取。
# 2. 令 $D_i^2=\min_{c\text{ 已选}}\lVert x_i-x_c\rVert^2$，即第 $i$ 行到已选各行中**最近**一行的*平方*距离。
#    以概率 $D_i^2/\sum_jD_j^2$ 抽取下一个下标。重复直到选满 $K$ 个。
#
# 已选的行 $D^2=0$，不会再被抽到。这样的起点，其簇内平方和的期望至多是最优值的 $8(\ln K+2)$ 倍，而 Lloyd
# 迭代只会使它更小。
#
# **例。** 一维的三行 $0,1,3$，先抽到下标 0。此时 $D^2=(0,1,9)$，概率是 $0,\ 0.1,\ 0.9$（若忘了平方，则成了
# $0,\ 0.25,\ 0.75$）。若接着抽到下标 2，则 $D^2=(0,1,0)$，下一个必定是下标 1。
#
# **每个中心只抽一次。** scikit-learn 为每个中心抽几个候选，保留使 $J$ 下降最多的一个（“贪心 k-means++”）。
# 那是*另一种分布*；本作业按上面的定义，每个中心只抽一次。
#
# **如何评判。** 看它的分布：在六个点上，测试知道 120 个有序三元组各自的精确概率，抽数百次，再用 $\chi^2$ 检验判断
# 这些结果是否可能来自这一分布（正确的答案被误判的机会是百万分之一）。用什么方法抽样都行。此外：
#
# * *所有*随机性都来自传给你的 `rng`（`numpy.random.Generator`）：状态相同，答案就相同。
#   `np.random.rand()` 或自己新建的生成器做不到这一点；
# * 返回**下标**，按抽取的顺序，是形状 $(K,)$ 的整数数组，并且总是 $K$ 个*不同*的下标。若每一行都与某个已选的行重合
#   （$\sum_jD_j^2=0$，因为 $X$ 中不同的行少于 $K$ 个），就接着取任意尚未选过的行。不得除以零，不得出现 NaN；
# * 如果用展开式计算平方，注意不要因舍入误差使某个 $D_i^2$ 变成负数。


# %% grade_id="kmeans_plus_plus" part="seeding"
def kmeans_plus_plus(X, K, rng):
    """Return the indices of K rows to start from, drawn by k-means++ with one draw per centre.

    Parameters
    ----------
    X : array_like of shape (n, d)
    K : int, from 1 to n
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    indices : ndarray of shape (K,), int
        All different, in the order drawn.

    Raises
    ------
    ValueError
        If K is not in 1..n, or X is not a finite matrix.

    Examples
    --------
    >>> sorted(kmeans_plus_plus([[0.0], [1.0], [3.0]], 3, np.random.default_rng(0)).tolist())
    [0, 1, 2]
    """
    X = validated(X)
    if not 1 <= K <= len(X):
        raise ValueError(f"K = {K} must lie in 1..{len(X)}")
    ### BEGIN SOLUTION
    indices = np.empty(K, dtype=np.intp)
    indices[0] = rng.integers(len(X))
    nearest = np.full(len(X), np.inf)
    for k in range(1, K):
        nearest = np.minimum(nearest, np.sum((X - X[indices[k - 1]]) ** 2, axis=1))
        weights = nearest if nearest.any() else np.isin(np.arange(len(X)), indices[:k], invert=True)
        indices[k] = rng.choice(len(X), p=weights / weights.sum())
    return indices
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     X, drawn = np.array([[0.0], [1.0], [3.0]]), np.zeros(3)
#     for seed in range(3000):
#         first, second = kmeans_plus_plus(X, 2, np.random.default_rng(seed))
#         drawn[second] += first == 0
#     print("after index 0:", np.round(drawn / drawn.sum(), 2), "- by hand 0, 0.1, 0.9")
# except NotImplementedError:
#     print("kmeans_plus_plus is not written yet")

# %% tags=["active-ipynb"]
# try:
#     rng = np.random.default_rng(4)
#     grid = [(i, j) for i in range(5) for j in range(5)]
#     X = np.vstack([rng.normal(center, 0.12, size=(30, 2)) for center in grid])
#     found = {"uniform": [], "k-means++": []}
#     for _ in range(60):
#         found["uniform"].append(kmeans(X, X[rng.choice(len(X), 25, replace=False)], 100).inertia)
#         found["k-means++"].append(kmeans(X, X[kmeans_plus_plus(X, 25, rng)], 100).inertia)
#     import matplotlib.pyplot as plt
#
#     plt.figure(figsize=(5, 3))
#     plt.hist(list(found.values()), bins=20, label=list(found))
#     plt.xlabel("inertia at the fixed point: 25 groups, 60 starts each")
#     plt.legend()
#     plt.show()
# except ImportError:
#     print({name: np.round(np.quantile(values, [0, 0.5, 1]), 1).tolist() for name, values in found.items()})
# except NotImplementedError:
#     print("kmeans or kmeans_plus_plus is not written yet")

# %% [markdown] lang="en"
# ## 5 · On real data: sixteen colours are enough
#
# A photograph of $128\times128$ pixels is a matrix of 16384 rows (red, green, blue). Cluster the rows, and paint each
# pixel in the colour of its centre: what remains is a picture of $K$ colours. It takes $\log_2K$ bits per pixel instead
# of 24, and the mean squared error of a colour is $J/n$.
#
# How large should $K$ be? $J$ *always* falls as $K$ grows (at $K=n$ it is 0), so the smallest $J$ cannot choose. The
# **elbow method** looks for the $K$ beyond which the gain becomes small. It is a rule of thumb: often there is no clear
# elbow.

# %% [markdown] lang="zh"
# ## 5 · 真实数据：十六种颜色就够了
#
# 一张 $128\times128$ 像素的照片，就是一个 16384 行（红、绿、蓝三列）的矩阵。对各行聚类，
# 再把每个像素涂成它的中心的颜色，就得到只有 $K$ 种颜色的图。每个像素只需 $\log_2K$ 比特，而不是 24 比特；
# 颜色的均方误差是 $J/n$。
#
# $K$ 该取多大？$K$ 越大 $J$ *总是*越小（$K=n$ 时为 0），所以不能靠最小的 $J$ 来选。**肘部法则**寻找这样的 $K$：
# 再增大它，收益就很小了。这只是经验法则，很多时候并没有明显的“肘部”。

# %% tags=["active-ipynb"]
# try:
#     picture = np.load("datasets/astronaut.npy")  # (128, 128, 3), uint8
#     pixels = picture.reshape(-1, 3) / 255
#     painted = []
#     for K in (4, 8, 16):
#         starts = [pixels[kmeans_plus_plus(pixels, K, np.random.default_rng(seed))] for seed in range(3)]
#         best = min((kmeans(pixels, init, 60) for init in starts), key=lambda result: result.inertia)
#         painted.append((K, best.centers[best.labels].reshape(picture.shape)))
#         print(f"K = {K:2}: J/n = {best.inertia / len(pixels):.5f}")
#     import matplotlib.pyplot as plt
#
#     figure, axes = plt.subplots(1, 4, figsize=(10, 3))
#     for axis, (title, image) in zip(axes, [("before", picture), *painted], strict=True):
#         axis.imshow(image)
#         axis.set_title(title if isinstance(title, str) else f"{title} colours")
#         axis.axis("off")
#     plt.show()
# except ImportError:
#     print("matplotlib is not installed: no picture")
# except FileNotFoundError:
#     print("datasets/astronaut.npy is not here")
# except NotImplementedError:
#     print("kmeans or kmeans_plus_plus is not written yet")

# %% [markdown] lang="en"
# **Digits.** 1797 handwritten digits of $8\times8$ pixels, and nobody says which is which. With $K=10$ the centres look
# like digits all the same: each is the mean image of its cluster. Above each stands which digit is the most frequent
# one in the cluster, and for how many of its images that holds. A 0 or a 6 is told apart almost always; the cluster of
# the 8s usually holds about as many 1s, and part of the 5s lies among the 9s. The clusters know nothing of our names:
# cluster 3 is not the digit 3, and a comparison of two clusterings must not depend on how they are numbered.

# %% [markdown] lang="zh"
# **手写数字。** 1797 张 $8\times8$ 像素的手写数字，没有人告诉我们哪张是几。取 $K=10$，各中心看起来仍然像数字：
# 每个中心都是簇内图像的平均。图上方标出该簇中最多的是哪个数字，以及有多少张。0 和 6 几乎总能分清；以 8 为主的簇里，
# 往往有差不多同样多的 1；还有一部分 5 落到了 9 的簇里。簇并不知道我们给数字起的名字：3 号簇不等于数字 3；
# 比较两个聚类结果时，不应依赖编号。

# %% tags=["active-ipynb"]
# try:
#     table = np.loadtxt("datasets/digits.csv", delimiter=",", skiprows=1)
#     X, digit = table[:, :-1], table[:, -1].astype(int)
#     starts = [X[kmeans_plus_plus(X, 10, np.random.default_rng(seed))] for seed in range(5)]
#     best = min((kmeans(X, init, 100) for init in starts), key=lambda result: result.inertia)
#     counts = [np.bincount(digit[best.labels == k], minlength=10) for k in range(10)]
#     names = [f"{count.argmax()} ({count.max()} of {count.sum()})" for count in counts]
#     print("agreement with the most frequent digit:", sum(count.max() for count in counts) / len(X))
#     import matplotlib.pyplot as plt
#
#     figure, axes = plt.subplots(2, 5, figsize=(8, 3.6))
#     for axis, center, name in zip(axes.ravel(), best.centers, names, strict=True):
#         axis.imshow(center.reshape(8, 8), cmap="gray_r")
#         axis.set_title(name, fontsize=8)
#         axis.axis("off")
#     plt.show()
# except ImportError:
#     print(names)
# except FileNotFoundError:
#     print("datasets/digits.csv is not here")
# except NotImplementedError:
#     print("kmeans or kmeans_plus_plus is not written yet")
