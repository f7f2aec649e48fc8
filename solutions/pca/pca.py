"""Reference solution of `pca`, and the one source of its notebooks.

Readable first: every function is the plainest stable form of its formula; `fast.py` has the form for a hundred thousand
rows. `design.md` says how answers are judged; `alternatives.py` and `misconceptions.py` replace single functions in a
copy of this file.
"""

# %% [markdown] lang="en"
# # Principal component analysis
#
# You are given $n$ samples, the rows of $X\in\mathbb R^{n\times d}$. If $d$ is large, you cannot look at them, and many
# of the $d$ numbers say nearly the same. **Principal component analysis** (PCA) looks for a few directions in which
# the samples differ most: a picture with two axes instead of 64, or 15 numbers per image from which the image can be
# drawn again.
#
# You will find these directions in two ways, and go there and back ($\lambda_1$ is the largest variance):
#
# | function | does | price |
# |---|---|---|
# | `pca_fit` | components as eigenvectors of the covariance | $nd^2+d^3$; loses variances below $10^{-16}\lambda_1$ |
# | `pca_svd` | the same from singular values of the data | 10 times that if $n\gg d$, less if $d\gg n$; loses nothing |
# | `transform` | samples $\to$ $k$ coordinates each | $ndk$ |
# | `inverse_transform` | coordinates $\to$ samples, as well as $k$ numbers allow | $ndk$ |
#
# **What holds everywhere**
#
# * Rows are samples. A component is a *row* of `components`, of length one; component 0 has the largest variance.
# * $n\ge2$, and $1\le k\le\min(n-1,\,d)$: once their mean is taken away, $n$ samples span at most $n-1$ directions.
# * float64 in, float64 out. float32 in, float32 out. Whole numbers count as float64.
# * Bad input (wrong shapes, NaN, $k$ out of range, all rows equal) raises `ValueError`. The helpers `validated` and
#   `floats` below do that for you.
# * Never change the arrays that you are given. `validated` and `floats` do not copy them.
# * **Use NumPy and nothing else**; what you call from NumPy is up to you. scikit-learn, statsmodels and PyTorch cost
#   the part that uses them. SciPy is not needed and may not be there.
#
# Any correct method counts. If $v$ is a principal component, so is $-v$; if two variances are equal, their directions
# may be turned into each other. So no test compares your vectors with particular ones: the tests ask whether they *are*
# principal components, to within rounding errors.

# %% [markdown] lang="zh"
# # 主成分分析
#
# 给定 $n$ 个样本，它们是 $X\in\mathbb R^{n\times d}$ 的各行。$d$ 很大时，数据无法直接观察，而且这 $d$ 个数中往往有许多
# 说的几乎是同一件事。**主成分分析**（PCA）寻找样本差异最大的少数几个方向：于是可以用两个坐标轴代替 64 个来作图，
# 或者每幅图像只存 15 个数，再由它们把图像画出来。
#
# 你要用两种方法求出这些方向，再学会投影与还原（$\lambda_1$ 是最大的方差）：
#
# | 函数 | 作用 | 代价 |
# |---|---|---|
# | `pca_fit` | 由协方差矩阵的特征向量求主成分 | $nd^2+d^3$；小于 $10^{-16}\lambda_1$ 的方差会丢失 |
# | `pca_svd` | 由中心化数据的奇异值求主成分 | $n\gg d$ 时约为上者的十倍，$d\gg n$ 时更快；不丢失方差 |
# | `transform` | 样本 $\to$ 每个样本 $k$ 个坐标 | $ndk$ |
# | `inverse_transform` | 坐标 $\to$ 样本，精确到 $k$ 个数所能达到的程度 | $ndk$ |
#
# **处处成立的约定**
#
# * 每行是一个样本。每个主成分是 `components` 的一*行*，长度为 1；第 0 行的方差最大。
# * $n\ge2$，且 $1\le k\le\min(n-1,\,d)$：减去均值之后，$n$ 个样本最多张成 $n-1$ 个方向。
# * 输入 float64 就返回 float64，输入 float32 就返回 float32；整数按 float64 处理。
# * 输入有误（形状不对、含 NaN、$k$ 超出范围、各行全都相同）时抛出 `ValueError`。
#   下面的辅助函数 `validated` 和 `floats` 已替你做好。
# * 绝不要改动传给你的数组。`validated` 和 `floats` 不会复制它们。
# * **只用 NumPy**，其中的函数随你调用。某一部分若用了 scikit-learn、statsmodels 或 PyTorch，该部分记零分。
#   SciPy 用不着，运行环境里也可能没有。
#
# 任何正确的方法都算对。若 $v$ 是主成分，$-v$ 也是；若两个方差相等，对应的方向可以在它们张成的平面内任意旋转。
# 所以测试不会拿你的向量与某一组向量逐个比较，只问它们在舍入误差之内*是不是*主成分。

# %%
from typing import NamedTuple

import numpy as np


class PCAResult(NamedTuple):
    """What `pca_fit` and `pca_svd` return.

    Attributes
    ----------
    components : ndarray of shape (k, d)
        Orthonormal rows, in the order of their variances.
    explained_variance : ndarray of shape (k,)
        The variance of the samples along each component, with the divisor n - 1; largest first, never negative.
    ratio : ndarray of shape (k,)
        The share of each in the total variance of all d columns.
    mean : ndarray of shape (d,)
        The mean of each column.
    """

    components: np.ndarray
    explained_variance: np.ndarray
    ratio: np.ndarray
    mean: np.ndarray


def floats(**arrays):
    """Return the arrays in one dtype, float32 if all came as float32, else float64, in the order given.

    Not copies where the dtype is already right: do not write into them.

    Raises
    ------
    ValueError
        If an entry is not finite.
    """
    given = {name: np.asarray(value) for name, value in arrays.items()}
    dtype = np.float32 if all(value.dtype == np.float32 for value in given.values()) else np.float64
    given = {name: value.astype(dtype, copy=False) for name, value in given.items()}
    for name, value in given.items():
        if not np.isfinite(value).all():
            raise ValueError(f"{name} must be finite")
    return given.values()


def validated(X, k):
    """Return X as a float array, or say what is wrong with it or with k.

    Parameters
    ----------
    X : array_like of shape (n, d)
    k : int

    Returns
    -------
    X : ndarray, float32 if it came as float32, else float64
        Not a copy where the dtype is already right: do not write into it.

    Raises
    ------
    ValueError
        If X is not a matrix of at least two rows, has an entry that is not finite, or all its rows are equal (there is
        no variance to explain); or if k is not a whole number from 1 to min(n - 1, d).
    """
    (X,) = floats(X=X)
    if X.ndim != 2 or len(X) < 2 or X.shape[1] < 1:
        raise ValueError(f"X must have shape (n, d) with n >= 2 and d >= 1, not {X.shape}")
    if not isinstance(k, (int, np.integer)) or not 1 <= k <= min(len(X) - 1, X.shape[1]):
        raise ValueError(f"k must be a whole number from 1 to min(n - 1, d) = {min(len(X) - 1, X.shape[1])}, not {k}")
    if (X[1:] == X[0]).all():
        raise ValueError("all rows of X are equal: there is no variance to explain")
    return X


# %% [markdown] lang="en"
# ## 1 · Directions of greatest variance (60 points)
#
# Take away the mean $\bar x$ of each column: $X_c=X-\mathbf 1\bar x^{\mathsf T}$. Along a direction $v$ of length one,
# sample $i$ has the coordinate $(x_i-\bar x)^{\mathsf T}v$, and the variance of these $n$ numbers is
#
# $$\frac1{n-1}\lVert X_cv\rVert^2=v^{\mathsf T}Cv,\qquad C=\frac1{n-1}X_c^{\mathsf T}X_c,$$
#
# with $C$ the **covariance matrix**. Which $v$ makes it largest? At a maximum subject to $v^{\mathsf T}v=1$ the
# gradient $2Cv$ is parallel to $v$, that is, $Cv=\lambda v$: $v$ is an eigenvector of $C$, and the variance along it is
# its eigenvalue, $v^{\mathsf T}Cv=\lambda$. So take the largest eigenvalue; then, among the directions orthogonal to
# that one, the next; and so on. As $C$ is symmetric, all of them together are the eigenvectors of $C$, with
# $\lambda_1\ge\lambda_2\ge\dots\ge\lambda_d\ge0$:
#
# * `components`: $v_1,\dots,v_k$ as rows, shape `(k, d)`;
# * `explained_variance`: $\lambda_1,\dots,\lambda_k$. The divisor is $n-1$ (the sample variance), not $n$;
# * `ratio`: $\lambda_i/(\lambda_1+\dots+\lambda_d)$. The sum runs over *all* $d$, also where only $k$ are returned: it
#   is the total variance of the data, and the ratios do not depend on $k$;
# * `mean`: $\bar x$.
#
# The first $k$ components are also those from which the samples can be rebuilt best: of all $k$-dimensional planes
# through $\bar x$, theirs has the smallest sum of squared distances, and this sum is
# $(n-1)(\lambda_{k+1}+\dots+\lambda_d)$.
#
# **Example.** $X=\begin{pmatrix}16&28\\4&12\\6&23\\14&17\end{pmatrix}$ has the mean $(10,20)$, so
# $X_c=\begin{pmatrix}6&8\\-6&-8\\-4&3\\4&-3\end{pmatrix}$ and
# $C=\frac13\begin{pmatrix}104&72\\72&146\end{pmatrix}$. Indeed $C\begin{pmatrix}3\\4\end{pmatrix}
# =\frac{200}3\begin{pmatrix}3\\4\end{pmatrix}$ and $C\begin{pmatrix}-4\\3\end{pmatrix}
# =\frac{50}3\begin{pmatrix}-4\\3\end{pmatrix}$. So $v_1=(0.6,\,0.8)$ with $\lambda_1=\frac{200}3$ and
# $v_2=(-0.8,\,0.6)$ with $\lambda_2=\frac{50}3$. The ratios are $0.8$ and $0.2$; with $k=1$ the ratio is `[0.8]`, not
# `[1.0]`.
# Now add a third column, $(10,10,-10,-10)$. It is uncorrelated with the other two and has the variance $\frac{400}3$,
# so $(0,0,1)$ becomes the first component and $(0.6,\,0.8,\,0)$ the second.
#
# **Where it goes wrong**
#
# * *Centre first.* The eigenvectors of $X^{\mathsf T}X$ point, roughly, from zero to the mean.
# * Subtract the mean *before* you multiply. $\frac1n\sum x_ix_i^{\mathsf T}-\bar x\bar x^{\mathsf T}$ is the same on
#   paper; but if the mean is $10^7$ times as large as the spread, two numbers of size $10^{14}$ cancel, and of 16
#   digits 2 are left.
# * `numpy.linalg.eigh` is made for symmetric matrices. Its eigenvalues are in *ascending* order, and its eigenvectors
#   are the *columns* of the matrix that it returns.
# * `numpy.linalg.eig` does not know that $C$ is symmetric. If eigenvalues are equal, its eigenvectors are not
#   orthogonal; some have come out complex.
# * A column that never changes is fine: it gives an eigenvalue zero, and a component all the same if $k$ is that large.
#   Rounding may turn that zero into $-10^{-17}$. Return 0 for it: a variance is not negative.
# * Do not divide the columns by their standard deviations. Whether to do so is the caller's decision; section 4 shows
#   what depends on it.

# %% [markdown] lang="zh"
# ## 1 · 方差最大的方向（60 分）
#
# 每列减去均值 $\bar x$：$X_c=X-\mathbf 1\bar x^{\mathsf T}$。设 $v$ 是长度为 1 的方向，第 $i$ 个样本在 $v$ 上的坐标是
# $(x_i-\bar x)^{\mathsf T}v$，这 $n$ 个数的方差是
#
# $$\frac1{n-1}\lVert X_cv\rVert^2=v^{\mathsf T}Cv,\qquad C=\frac1{n-1}X_c^{\mathsf T}X_c,$$
#
# 其中 $C$ 是**协方差矩阵**。哪个 $v$ 使它最大？在约束 $v^{\mathsf T}v=1$ 下取最大值时，梯度 $2Cv$ 与 $v$ 平行，
# 即 $Cv=\lambda v$：$v$ 是 $C$ 的特征向量，而沿它的方差就是特征值，$v^{\mathsf T}Cv=\lambda$。所以先取最大的特征值；
# 再在与它正交的方向中取次大的；依此类推。$C$ 是对称矩阵，这样得到的正是 $C$ 的全部特征向量，
# $\lambda_1\ge\lambda_2\ge\dots\ge\lambda_d\ge0$：
#
# * `components`：$v_1,\dots,v_k$ 作为各行，形状 `(k, d)`；
# * `explained_variance`：$\lambda_1,\dots,\lambda_k$。除数是 $n-1$（样本方差），不是 $n$；
# * `ratio`：解释方差比 $\lambda_i/(\lambda_1+\dots+\lambda_d)$。即使只返回 $k$ 个，分母也对*全部* $d$ 个求和：
#   它是数据的总方差，因此各个比值与 $k$ 无关；
# * `mean`：$\bar x$。
#
# 前 $k$ 个主成分也最适合用来重构样本：在过 $\bar x$ 的所有 $k$ 维平面中，各样本到主成分所张平面的距离平方和最小，
# 这个最小值等于 $(n-1)(\lambda_{k+1}+\dots+\lambda_d)$。
#
# **例。** $X=\begin{pmatrix}16&28\\4&12\\6&23\\14&17\end{pmatrix}$ 的均值是 $(10,20)$，于是
# $X_c=\begin{pmatrix}6&8\\-6&-8\\-4&3\\4&-3\end{pmatrix}$，
# $C=\frac13\begin{pmatrix}104&72\\72&146\end{pmatrix}$。验证：$C\begin{pmatrix}3\\4\end{pmatrix}
# =\frac{200}3\begin{pmatrix}3\\4\end{pmatrix}$，$C\begin{pmatrix}-4\\3\end{pmatrix}
# =\frac{50}3\begin{pmatrix}-4\\3\end{pmatrix}$。所以 $v_1=(0.6,\,0.8)$，$\lambda_1=\frac{200}3$；
# $v_2=(-0.8,\,0.6)$，$\lambda_2=\frac{50}3$。解释方差比为 $0.8$ 和 $0.2$；$k=1$ 时 `ratio` 是 `[0.8]`，而不是 `[1.0]`。
# 再添上第三列 $(10,10,-10,-10)$：它与前两列不相关，方差是 $\frac{400}3$，于是 $(0,0,1)$ 成为第一主成分，
# $(0.6,\,0.8,\,0)$ 退居第二。
#
# **容易出错的地方**
#
# * *先中心化。* $X^{\mathsf T}X$ 的第一个特征向量大致是从原点指向均值的方向。
# * 先减均值，*再*相乘。$\frac1n\sum x_ix_i^{\mathsf T}-\bar x\bar x^{\mathsf T}$ 在纸面上与之相等；但若均值是数据散布的
#   $10^7$ 倍，两个 $10^{14}$ 大小的数相减，16 位有效数字只剩 2 位。
# * `numpy.linalg.eigh` 专为对称矩阵而设。它的特征值按*升序*排列，特征向量是返回矩阵的各*列*。
# * `numpy.linalg.eig` 并不知道 $C$ 是对称的。特征值相等时，它给出的特征向量并不正交；有时甚至出现复数。
# * 某一列恒为常数也没有关系：它对应特征值零；若 $k$ 有那么大，也照样给出一个主成分。舍入误差可能把这个零变成
#   $-10^{-17}$，此时应返回 0：方差不会是负数。
# * 不要把各列除以标准差。要不要这样做由调用者决定；第 4 节展示这一选择的影响。


# %% grade_id="pca_fit" part="fit"
def pca_fit(X, k):
    """Return the first k principal components of the rows of X.

    Parameters
    ----------
    X : array_like of shape (n, d), n >= 2
    k : int from 1 to min(n - 1, d)

    Returns
    -------
    PCAResult
        components (k, d), explained_variance (k,), ratio (k,) and mean (d,), in the dtype of X. The signs of the
        components are free.

    Raises
    ------
    ValueError
        If X or k make no sense; see `validated`.

    Examples
    --------
    >>> result = pca_fit([[16, 28], [4, 12], [6, 23], [14, 17]], 1)
    >>> np.abs(result.components).round(12), result.ratio.round(12)
    (array([[0.6, 0.8]]), array([0.8]))
    """
    X = validated(X, k)
    ### BEGIN SOLUTION
    mean = X.mean(axis=0)
    Xc = X - mean  # centred before any product: the sum of squares minus the square of the sum would cancel
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))  # ascending (d,), and one column each (d, d)
    variance = np.maximum(values[::-1], 0)
    components = vectors.T[::-1]
    return PCAResult(components[:k], variance[:k], variance[:k] / variance.sum(), mean)
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     X = np.array([[16, 28], [4, 12], [6, 23], [14, 17]])
#     for name, value in pca_fit(X, 2)._asdict().items():
#         print(f"{name:>18}", np.round(value, 4).tolist())
# except NotImplementedError:
#     print("pca_fit is not written yet")

# %% tags=["active-ipynb"]
# try:
#     rng = np.random.default_rng(1)
#     X = rng.normal(size=(200, 2)) * [2.0, 0.6] @ np.array([[-0.6, 0.8], [0.8, 0.6]]) + [5.0, 3.0]
#     result = pca_fit(X, 2)
#     import matplotlib.pyplot as plt
#
#     plt.figure(figsize=(5, 3.5))
#     plt.scatter(*X.T, s=8, alpha=0.5)
#     for v, variance in zip(result.components, result.explained_variance, strict=True):
#         tip = result.mean + 2 * np.sqrt(variance) * v  # two standard deviations long
#         plt.plot(*np.array([result.mean, tip]).T, linewidth=3)
#     uncentred = np.linalg.svd(X)[2][0]
#     plt.plot(*np.array([0 * uncentred, 8 * uncentred * np.sign(uncentred[0])]).T, "k:", label="without centring")
#     plt.axis("equal")
#     plt.legend()
#     plt.title("two principal components, two standard deviations long")
#     plt.show()
# except ImportError:
#     print("matplotlib is not installed: no picture")
# except NotImplementedError:
#     print("pca_fit is not written yet")

# %% [markdown] lang="en"
# ## 2 · There and back (25 points)
#
# With the $k$ components as the rows of $V$ (shape $(k,d)$), a sample $x$ has the $k$ coordinates
#
# $$z=V(x-\bar x),\qquad\text{and for many samples}\qquad Z=(X-\mathbf 1\bar x^{\mathsf T})\,V^{\mathsf T}.$$
#
# The way back gives the point of the plane that lies nearest to $x$:
#
# $$\hat x=V^{\mathsf T}z+\bar x,\qquad\hat X=ZV+\mathbf 1\bar x^{\mathsf T}.$$
#
# If $k=d$, nothing is lost: $\hat X=X$, as $V$ is then an orthogonal matrix. If $k<d$, what is lost is orthogonal to
# all components.
#
# Both functions are used on **new** samples, too, perhaps on a single one. So $\bar x$ is the mean of the samples that
# the components were fitted to, and comes as an argument; the mean of the rows at hand is something else. (Centre a
# single sample by its own mean, and nothing is left.)
#
# **Example**, with $V=(0.6\ \ 0.8)$ and $\bar x=(10,20)$ from section 1. The sample $(16,28)$: $x-\bar x=(6,8)$,
# $z=0.6\cdot6+0.8\cdot8=10$, and back $\hat x=10\cdot(0.6,0.8)+(10,20)=(16,28)$: it lay on the line. The new sample
# $(10,25)$: $x-\bar x=(0,5)$, $z=4$, and back $\hat x=(2.4,3.2)+(10,20)=(12.4,23.2)$. The difference $(-2.4,1.8)$ is
# orthogonal to $(0.6,0.8)$.

# %% [markdown] lang="zh"
# ## 2 · 投影与重构（25 分）
#
# 把 $k$ 个主成分作为 $V$ 的各行（形状 $(k,d)$），样本 $x$ 的 $k$ 个坐标是
#
# $$z=V(x-\bar x),\qquad\text{对多个样本则是}\qquad Z=(X-\mathbf 1\bar x^{\mathsf T})\,V^{\mathsf T}.$$
#
# 反过来，由坐标得到该平面上离 $x$ 最近的点：
#
# $$\hat x=V^{\mathsf T}z+\bar x,\qquad\hat X=ZV+\mathbf 1\bar x^{\mathsf T}.$$
#
# $k=d$ 时什么都没有丢失：$\hat X=X$，因为此时 $V$ 是正交矩阵。$k<d$ 时，丢失的部分与所有主成分正交。
#
# 这两个函数也用于**新**样本，可能只有一个。所以 $\bar x$ 是求主成分时所用样本的均值，作为参数传入；
# 它不是眼前这些行的均值。（单个样本减去它自己的均值，就什么都不剩了。）
#
# **例**，沿用第 1 节的 $V=(0.6\ \ 0.8)$ 和 $\bar x=(10,20)$。样本 $(16,28)$：$x-\bar x=(6,8)$，
# $z=0.6\cdot6+0.8\cdot8=10$，回来得 $\hat x=10\cdot(0.6,0.8)+(10,20)=(16,28)$：它本来就在这条直线上。
# 新样本 $(10,25)$：$x-\bar x=(0,5)$，$z=4$，回来得 $\hat x=(2.4,3.2)+(10,20)=(12.4,23.2)$。
# 二者之差 $(-2.4,1.8)$ 与 $(0.6,0.8)$ 正交。


# %% grade_id="transform" part="transform"
def transform(X, components, mean):
    """Return the coordinates of the rows of X along the components, (X - mean) @ components.T.

    Parameters
    ----------
    X : array_like of shape (m, d), m >= 1
        Samples, new ones or those that the components were fitted to.
    components : array_like of shape (k, d)
        Orthonormal rows.
    mean : array_like of shape (d,)
        Of the samples that the components were fitted to.

    Returns
    -------
    Z : ndarray of shape (m, k), float32 if all three came as float32, else float64

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> transform([[16, 28], [10, 25]], [[0.6, 0.8]], [10, 20])
    array([[10.],
           [ 4.]])
    """
    X, components, mean = floats(X=X, components=components, mean=mean)
    if X.ndim != 2 or components.ndim != 2 or not X.shape[1:] == components.shape[1:] == mean.shape:
        raise ValueError(f"X {X.shape}, components {components.shape} and mean {mean.shape} do not fit together")
    ### BEGIN SOLUTION
    return (X - mean) @ components.T
    ### END SOLUTION


# %% grade_id="inverse_transform" part="transform"
def inverse_transform(Z, components, mean):
    """Return the samples whose coordinates are the rows of Z, Z @ components + mean.

    Parameters
    ----------
    Z : array_like of shape (m, k), m >= 1
    components : array_like of shape (k, d)
        Orthonormal rows.
    mean : array_like of shape (d,)
        Of the samples that the components were fitted to.

    Returns
    -------
    X : ndarray of shape (m, d), float32 if all three came as float32, else float64

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> inverse_transform([[10], [4]], [[0.6, 0.8]], [10, 20])
    array([[16. , 28. ],
           [12.4, 23.2]])
    """
    Z, components, mean = floats(Z=Z, components=components, mean=mean)
    if Z.ndim != 2 or (Z.shape[1], *mean.shape) != components.shape:
        raise ValueError(f"Z {Z.shape}, components {components.shape} and mean {mean.shape} do not fit together")
    ### BEGIN SOLUTION
    return Z @ components + mean
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     V, mean = [[0.6, 0.8]], [10.0, 20.0]
#     samples = [[16, 28], [10, 25]]
#     Z = transform(samples, V, mean)
#     print("coordinates", Z.tolist(), "and back", inverse_transform(Z, V, mean).tolist())
# except NotImplementedError:
#     print("transform or inverse_transform is not written yet")

# %% [markdown] lang="en"
# ## 3 · Small variances: the singular value decomposition (15 points)
#
# The **singular value decomposition** of the centred data, $X_c=U\,\mathrm{diag}(\sigma)\,V^{\mathsf T}$, holds the
# same answer, and no covariance matrix is formed:
#
# $$C=\frac1{n-1}X_c^{\mathsf T}X_c=V\,\mathrm{diag}\Bigl(\frac{\sigma_i^2}{n-1}\Bigr)V^{\mathsf T}
# \qquad\Longrightarrow\qquad\lambda_i=\frac{\sigma_i^2}{n-1},$$
#
# and the components are the columns of $V$. (Many texts forget that this is the decomposition of the *centred* matrix.)
#
# **Why bother?** An eigenvalue of a computed $C$ has an error of about $10^{-16}\lambda_1$, as $C$ itself has been
# rounded to that. A standard deviation at $10^{-9}$ of the largest has the variance $10^{-18}\lambda_1$: it is gone,
# and the eigenvector that comes out in its place points anywhere. A singular value of $X_c$ has an error of about
# $10^{-16}\sigma_1$, so $\sigma_i=10^{-9}\sigma_1$ keeps seven digits. Squaring is what loses it. A sensor that is
# steady to nine digits, or a law that the data obey to nine digits, shows only this way.
#
# `pca_svd` returns the same as `pca_fit`, under the same conditions. The tests ask that every
# $\sigma_i=\sqrt{(n-1)\lambda_i}$ is right to within $30\sqrt d\,u\,\sigma_1$, which is some $10^{-14}\sigma_1$ (the
# unit roundoff $u$ is $2^{-53}$, for float32 $2^{-24}$), and that the centred samples have just that length along
# component $i$: $\lVert X_cv_i\rVert=\sigma_i$.
#
# **Example.** $X_c$ from section 1 has orthogonal columns after a turn: $X_cv_1=(10,-10,0,0)$ and $X_cv_2=(0,0,5,-5)$.
# So $\sigma_1=\sqrt{200}$, $\sigma_2=\sqrt{50}$, and with $n-1=3$ the variances are $\frac{200}3$ and $\frac{50}3$
# again. The third column, $(10,10,-10,-10)$, has the length $\sqrt{400}$ and the variance $\frac{400}3$.
#
# **Two traps.** `numpy.linalg.svd` returns $V^{\mathsf T}$, whose *rows* are the components. And it returns a square
# $U$ of shape $(n,n)$ unless told `full_matrices=False`: for 20,000 samples that is 3 GB of numbers which nobody needs.

# %% [markdown] lang="zh"
# ## 3 · 微小的方差：奇异值分解（15 分）
#
# 对中心化的数据做**奇异值分解** $X_c=U\,\mathrm{diag}(\sigma)\,V^{\mathsf T}$，得到同样的答案，而且不必构造协方差矩阵：
#
# $$C=\frac1{n-1}X_c^{\mathsf T}X_c=V\,\mathrm{diag}\Bigl(\frac{\sigma_i^2}{n-1}\Bigr)V^{\mathsf T}
# \qquad\Longrightarrow\qquad\lambda_i=\frac{\sigma_i^2}{n-1},$$
#
# 主成分就是 $V$ 的各列。（不少讲义忘了说明：被分解的是*中心化之后*的矩阵。）
#
# **为什么要多此一举？** 算出来的 $C$ 本身已有舍入误差，所以它的特征值带有约 $10^{-16}\lambda_1$ 的误差。
# 某个方向的标准差若只有最大者的 $10^{-9}$，方差就只有 $10^{-18}\lambda_1$：它已荡然无存，
# 取而代之的特征向量可能指向任何方向。而 $X_c$ 的奇异值误差约为 $10^{-16}\sigma_1$，所以 $\sigma_i=10^{-9}\sigma_1$
# 仍有七位有效数字。丢失精度的正是平方这一步。稳定到九位数字的传感器，或者数据以九位精度服从的规律，只有这样才看得出来。
#
# `pca_svd` 的返回值和使用条件都与 `pca_fit` 相同。测试要求每个 $\sigma_i=\sqrt{(n-1)\lambda_i}$ 的误差不超过
# $30\sqrt d\,u\,\sigma_1$，约为 $10^{-14}\sigma_1$（舍入单位 $u$ 是 $2^{-53}$，float32 是 $2^{-24}$），
# 并且中心化的样本沿第 $i$ 个主成分的长度正是它：$\lVert X_cv_i\rVert=\sigma_i$。
#
# **例。** 第 1 节的 $X_c$ 转到主成分方向后，各列正交：$X_cv_1=(10,-10,0,0)$，$X_cv_2=(0,0,5,-5)$。
# 所以 $\sigma_1=\sqrt{200}$，$\sigma_2=\sqrt{50}$；$n-1=3$，方差仍是 $\frac{200}3$ 和 $\frac{50}3$。
# 第三列 $(10,10,-10,-10)$ 的长度是 $\sqrt{400}$，方差是 $\frac{400}3$。
#
# **两个陷阱。** `numpy.linalg.svd` 返回的是 $V^{\mathsf T}$，它的各*行*才是主成分。另外，若不写 `full_matrices=False`，
# 它会返回 $(n,n)$ 的方阵 $U$：20,000 个样本就是 3 GB 没有人需要的数。


# %% grade_id="pca_svd" part="svd"
def pca_svd(X, k):
    """Return the first k principal components of the rows of X, small variances included.

    Parameters
    ----------
    X : array_like of shape (n, d), n >= 2
    k : int from 1 to min(n - 1, d)

    Returns
    -------
    PCAResult
        As `pca_fit` does. The standard deviations are accurate to rounding errors of the *largest standard deviation*,
        where those of `pca_fit` are so only to the square root of that.

    Raises
    ------
    ValueError
        If X or k make no sense; see `validated`.

    Examples
    --------
    >>> result = pca_svd([[16, 28], [4, 12], [6, 23], [14, 17]], 2)
    >>> np.abs(result.components).round(12), (3 * result.explained_variance).round(9)
    (array([[0.6, 0.8],
           [0.8, 0.6]]), array([200.,  50.]))
    """
    X = validated(X, k)
    ### BEGIN SOLUTION
    mean = X.mean(axis=0)
    _, sigma, Vt = np.linalg.svd(X - mean, full_matrices=False)  # _, (m,), (m, d) with m = min(n, d)
    variance = sigma**2 / (len(X) - 1)
    return PCAResult(Vt[:k], variance[:k], variance[:k] / variance.sum(), mean)
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     rng = np.random.default_rng(2)
#     U, V = np.linalg.qr(rng.normal(size=(60, 12)))[0], np.linalg.qr(rng.normal(size=(12, 12)))[0]
#     X = (U - U.mean(axis=0)) * np.logspace(0, -11, 12) @ V.T  # each deviation about a tenth of the last
#     deviations = [np.sqrt(f(X, 12).explained_variance) for f in (pca_fit, pca_svd)]
#     for name, values in zip(["pca_fit", "pca_svd"], deviations, strict=True):
#         print(name, " ".join(f"{value:.0e}" for value in values))
#     import matplotlib.pyplot as plt
#
#     plt.figure(figsize=(5, 3))
#     plt.semilogy(np.arange(1, 13), np.maximum(deviations, 1e-14).T, "o-", label=["pca_fit", "pca_svd"])
#     plt.xlabel("component")
#     plt.ylabel("standard deviation")
#     plt.legend()
#     plt.show()
# except ImportError:
#     print("matplotlib is not installed: no picture")
# except NotImplementedError:
#     print("pca_fit or pca_svd is not written yet")

# %% [markdown] lang="en"
# ## 4 · On real data
#
# **Wine: to standardise or not?** Thirteen measurements of 178 wines from three cultivars (Aeberhard and Forina, 1991).
# Proline is given in milligrams per litre and runs into the thousands, hue is around 1. Without standardising, the
# first component *is* proline and "explains" 99.8 % of the variance: a statement about units. Divide each column by its
# standard deviation, and every measurement counts alike: the first two components explain 55 %, and the three
# cultivars, which PCA has never been told of, lie apart. Standardise where the columns have different units; do not
# where they have the same one and their spread means something, as with pixels.

# %% [markdown] lang="zh"
# ## 4 · 真实数据
#
# **葡萄酒：要不要标准化？** 三个品种共 178 种葡萄酒的 13 项测量（Aeberhard 与 Forina，1991）。脯氨酸（proline）
# 以毫克每升计，数值上千，色调（hue）则在 1 左右。不做标准化时，第一主成分*就是*脯氨酸，“解释”了 99.8 % 的方差：
# 这说的其实只是单位。每列除以标准差之后，各项测量一视同仁：前两个主成分解释 55 % 的方差，而三个品种清楚地分开了，尽管
# PCA 从未见过品种标签。各列单位不同时应当标准化；单位相同、散布本身有意义时（例如像素）则不应当。

# %% tags=["active-ipynb"]
# try:
#     table = np.loadtxt("datasets/wine.csv", delimiter=",", skiprows=1)
#     names = np.loadtxt("datasets/wine.csv", delimiter=",", max_rows=1, dtype=str)[:-1]
#     X, cultivar = table[:, :-1], table[:, -1]
#     pictures = {"as measured": X, "standardised": X / X.std(axis=0)}
#     scores = {}
#     for title, data in pictures.items():
#         result = pca_fit(data, 2)
#         largest = names[np.argsort(-np.abs(result.components[0]))[:3]]
#         print(f"{title}: ratios {result.ratio.round(3)}, component 0 is mostly {', '.join(largest)}")
#         scores[title] = transform(data, result.components, result.mean)
#     import matplotlib.pyplot as plt
#
#     figure, axes = plt.subplots(1, 2, figsize=(9, 3.5))
#     for ax, (title, Z) in zip(axes, scores.items(), strict=True):
#         ax.scatter(*Z.T, c=cultivar, s=12, cmap="viridis")
#         ax.set(title=title, xlabel="component 0", ylabel="component 1")
#     plt.show()
# except ImportError:
#     print("matplotlib is not installed: no picture")
# except FileNotFoundError:
#     print("datasets/wine.csv is not here")
# except NotImplementedError:
#     print("pca_fit or transform is not written yet")

# %% [markdown] lang="en"
# **Digits: 64 numbers, or 15?** 1797 images of handwritten digits, 8 × 8 pixels (Alpaydin and Kaynak, 1998). Two
# components show 28.5 % of the variance, and yet zeros, fours and sixes have regions of their own. The components are
# images themselves: red and blue are what is added and taken away. From 5 numbers a digit is a guess, from 15 it can be
# read, and from 30 it is hard to tell from the original. Fifteen components hold 83.5 % of the variance.
#
# Keep two things in mind. A large variance is not the same as importance: a component that separates two classes may
# well have a small one. And a straight plane is all that PCA can find; data on a curved surface need other methods.

# %% [markdown] lang="zh"
# **手写数字：64 个数，还是 15 个？** 1797 幅 8 × 8 像素的手写数字图像（Alpaydin 与 Kaynak，1998）。
# 两个主成分只占方差的 28.5 %，但 0、4、6 已各占一块区域。主成分本身也是图像：红色和蓝色分别表示增加和减少的墨迹。
# 用 5 个数重构，数字要靠猜；用 15 个数就能认出；用 30 个数则与原图相差无几。15 个主成分占方差的 83.5 %。
#
# 请记住两点。方差大不等于重要：能分开两个类别的方向，方差完全可能很小。另外，PCA 只能找到平直的子空间；
# 若数据分布在弯曲的曲面上，就需要别的方法。

# %% tags=["active-ipynb"]
# try:
#     table = np.loadtxt("datasets/digits.csv", delimiter=",", skiprows=1)
#     X, digit = table[:, :-1], table[:, -1].astype(int)
#     result = pca_fit(X, 30)
#     print("cumulative ratios", {k: round(float(result.ratio[:k].sum()), 3) for k in (2, 5, 15, 30)})
#     Z = transform(X, result.components[:2], result.mean)
#     import matplotlib.pyplot as plt
#
#     plt.figure(figsize=(6, 5))
#     plt.scatter(*Z.T, c=digit, cmap="tab10", s=8, vmin=-0.5, vmax=9.5)
#     plt.colorbar(ticks=range(10), label="digit")
#     plt.xlabel("component 0")
#     plt.ylabel("component 1")
#     plt.show()
#     figure, axes = plt.subplots(1, 8, figsize=(9, 1.4))
#     for i, ax in enumerate(axes):
#         image, size = result.components[i].reshape(8, 8), np.abs(result.components[i]).max()
#         ax.imshow(image, cmap="RdBu_r", vmin=-size, vmax=size)
#         ax.set(title=f"component {i}", xticks=[], yticks=[])
#         ax.title.set_fontsize(7)
#     plt.show()
# except ImportError:
#     print("matplotlib is not installed: no picture")
# except FileNotFoundError:
#     print("datasets/digits.csv is not here")
# except NotImplementedError:
#     print("pca_fit or transform is not written yet")

# %% tags=["active-ipynb"]
# try:
#     table = np.loadtxt("datasets/digits.csv", delimiter=",", skiprows=1)
#     X, digit = table[:, :-1], table[:, -1].astype(int)
#     chosen = X[[int(np.argmax(digit == i)) for i in range(10)]]  # the first 0, the first 1, ...
#     result = pca_fit(X, 30)
#     rows = {"original": chosen}
#     for k in (5, 15, 30):
#         V = result.components[:k]
#         rows[f"k = {k}"] = inverse_transform(transform(chosen, V, result.mean), V, result.mean)
#         print(f"k = {k}: a pixel (0 to 16) is off by {np.sqrt(np.mean((rows[f'k = {k}'] - chosen) ** 2)):.2f}")
#     import matplotlib.pyplot as plt
#
#     figure, axes = plt.subplots(4, 10, figsize=(9, 3.8))
#     for line, (title, images) in zip(axes, rows.items(), strict=True):
#         line[0].set_ylabel(title, fontsize=8)
#         for ax, image in zip(line, images, strict=True):
#             ax.imshow(image.reshape(8, 8), cmap="gray_r", vmin=0, vmax=16)
#             ax.set(xticks=[], yticks=[])
#     plt.show()
# except ImportError:
#     print("matplotlib is not installed: no picture")
# except FileNotFoundError:
#     print("datasets/digits.csv is not here")
# except NotImplementedError:
#     print("pca_fit, transform or inverse_transform is not written yet")
