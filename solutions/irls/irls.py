"""Reference solution of `irls`, and the one source of its notebooks.

Readable first: the functions call each other as the formulas do. `design.md` says how answers are judged; `fast.py` is
the form for very many samples; `alternatives.py` and `misconceptions.py` replace functions in a copy of this file.
"""

# %% [markdown] lang="en"
# # Logistic regression by iteratively reweighted least squares
#
# Will it happen or not? You are given $n$ samples $x_i\in\mathbb R^d$, the rows of the **design matrix** $X$, and for
# each a label $y_i\in\{0,1\}$. Logistic regression models the probability of a 1,
#
# $$p_i=\sigma(z_i),\qquad z_i=x_i^{\mathsf T}\theta,\qquad \sigma(z)=\frac1{1+e^{-z}},$$
#
# and chooses $\theta$ by **maximum likelihood**: it minimises the mean of $-\log(\text{probability of the label that
# came})$, the **cross-entropy**, if you like with a penalty on the weights:
#
# $$J(\theta)=\frac1n\sum_{i=1}^n\Bigl[\log(1+e^{z_i})-y_iz_i\Bigr]+\lambda\lVert w\rVert^2,\qquad\theta=(b,w).$$
#
# There is no formula for the minimum. But $J$ is convex, has simple derivatives, and Newton's method finds the minimum
# in a handful of steps, if one takes care of three things that many programs get wrong: logits far from zero, steps
# that are too long, and data that have no minimum at all. You will write
#
# | part | functions | points |
# |---|---|---|
# | 1 | `sigmoid`, `bce_with_logits` | 20 |
# | 2 | `gradient`, `hessian` | 20 |
# | 3 | `irls` | 50 |
# | 4 | `odds_ratios` | 10 |
#
# **What holds everywhere**
#
# * Rows are samples. $X$ *already holds* the column of ones, as its first column: $\theta=(b,w)$ with the **intercept**
#   $b$ first. **The intercept is never penalised.** $X$ may consist of the column of ones alone ($d=1$).
# * Labels are 0 and 1, never $-1$ and 1. (The hinge loss of support vector machines wants $\pm1$; this one does not.)
# * Losses are **means** over the samples; the penalty is $\lambda\lVert w\rVert^2$, without $\frac12$.
# * float64 in, float64 out. float32 in, float32 out (a loss, being one number, may be a Python float).
# * Bad input (wrong shapes, NaN, labels other than 0 and 1, $\lambda<0$) raises `ValueError`. The helpers below do
#   that.
# * Never change the arrays that you are given.
# * **Use NumPy and nothing else**, but from NumPy whatever you like.

# %% [markdown] lang="zh"
# # 逻辑回归与迭代重加权最小二乘
#
# 某件事会不会发生？给定 $n$ 个样本 $x_i\in\mathbb R^d$，它们是**设计矩阵** $X$ 的各行；每个样本带有标签
# $y_i\in\{0,1\}$。逻辑回归（也叫对数几率回归）对标签为 1 的概率建模：
#
# $$p_i=\sigma(z_i),\qquad z_i=x_i^{\mathsf T}\theta,\qquad \sigma(z)=\frac1{1+e^{-z}},$$
#
# 并用**最大似然**选取 $\theta$：使“实际标签的概率”的负对数的平均值最小。这个平均值叫**交叉熵**，
# 还可以加上对权重的惩罚：
#
# $$J(\theta)=\frac1n\sum_{i=1}^n\Bigl[\log(1+e^{z_i})-y_iz_i\Bigr]+\lambda\lVert w\rVert^2,\qquad\theta=(b,w).$$
#
# 最小值点没有现成的公式。但 $J$ 是凸函数，导数又简单，牛顿法只要几步就能找到最小值点，
# 前提是处理好许多程序没处理好的三件事：远离零的 $z$、过长的步子，以及根本没有最小值点的数据。你要写出
#
# | 部分 | 函数 | 分数 |
# |---|---|---|
# | 1 | `sigmoid`、`bce_with_logits` | 20 |
# | 2 | `gradient`、`hessian` | 20 |
# | 3 | `irls` | 50 |
# | 4 | `odds_ratios` | 10 |
#
# **处处成立的约定**
#
# * 每行是一个样本。$X$ *已经包含*全 1 的一列，而且是第一列：$\theta=(b,w)$，**截距** $b$ 在最前面。
#   **截距永远不受惩罚。** $X$ 也可以只有全 1 的这一列（$d=1$）。
# * 标签是 0 和 1，绝不是 $-1$ 和 1。（支持向量机的合页损失用 $\pm1$，这里不用。）
# * 损失是对样本取的**平均**；惩罚项是 $\lambda\lVert w\rVert^2$，前面没有 $\frac12$。
# * 输入 float64 就返回 float64，输入 float32 就返回 float32（损失只是一个数，可以是 Python 的 float）。
# * 输入有误（形状不对、含 NaN、标签不是 0 和 1、$\lambda<0$）时抛出 `ValueError`。下面的辅助函数已替你做好。
# * 绝不要改动传给你的数组。
# * **只用 NumPy**；NumPy 里的任何函数都可以用。

# %%
from typing import NamedTuple

import numpy as np


def as_float(values):
    """Return `values` as a float32 array if it is one, else as float64; not a copy where it is right already."""
    values = np.asarray(values)
    return values if values.dtype == np.float32 else values.astype(np.float64, copy=False)


def validated(X, y, lam, theta=None):
    """Return X, y, lam and theta ready for use, or say what is wrong with them.

    Parameters
    ----------
    X : array_like of shape (n, d)
    y : array_like of shape (n,), zeros and ones
    lam : float, >= 0
    theta : array_like of shape (d,), optional
        Zeros if it is None.

    Returns
    -------
    X, y, theta : ndarray, float32 if X came as float32, else float64
        Not copies where the dtype is already right: do not write into them.
    lam : float
        The four come in the order X, y, lam, theta.

    Raises
    ------
    ValueError
        If a shape does not fit, there are no samples or no columns, an entry is not finite, a label is neither 0 nor 1,
        or `lam` is negative.
    """
    X, y = as_float(X), np.asarray(y)
    if X.ndim != 2 or X.size == 0:
        raise ValueError(f"X must have shape (n, d) with n, d >= 1, not {X.shape}")
    if y.shape != (len(X),):
        raise ValueError(f"y must have shape ({len(X)},), one label per row of X, not {y.shape}")
    if not np.isfinite(X).all():
        raise ValueError("X must be finite")
    if not ((y == 0) | (y == 1)).all():
        raise ValueError("the labels in y must be 0 and 1")
    theta = np.zeros(X.shape[1], X.dtype) if theta is None else np.asarray(theta, X.dtype)
    if theta.shape != (X.shape[1],) or not np.isfinite(theta).all():
        raise ValueError(f"theta must be finite, of shape ({X.shape[1]},); shape {theta.shape} came")
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    return X, y.astype(X.dtype), float(lam), theta


# %% [markdown] lang="en"
# ## 1 · The logistic function and the loss (20 points)
#
# The formulas are one line each. Typed as they stand, they fail for logits that occur every day:
#
# * $e^z/(1+e^z)$ at $z=1000$ is `inf / inf`, which is NaN.
# * $-\log\sigma(z)$ at $z=-800$ is $-\log 0=\infty$; the truth is 800.
# * $\log(1+e^z)$ at $z=800$ is `inf`; the truth is 800.
#
# Clipping the probabilities, or writing $\log(p+10^{-12})$, hides the symptom: the loss at $z=-800$ then says 27
# instead of 800. The cure is to compute the loss **from the logit $z$, not from the probability**. For $t\ge0$ neither
# $e^{-t}$ nor $\log(1+e^{-t})$ can overflow, so use
#
# $$\log(1+e^z)=\max(z,0)+\log\bigl(1+e^{-|z|}\bigr),$$
#
# with `np.log1p(x)` for $\log(1+x)$, which is exact for tiny $x$ as well. For $\sigma$ there are several sound ways:
# $1/(1+e^{-z})$ where $z\ge0$ and $e^z/(1+e^z)$ where $z<0$, or $\frac12(1+\tanh\frac z2)$.
#
# **Small losses count, too.** At $z=40$, $y=1$ the loss is $4.2\cdot10^{-18}$. `np.logaddexp(0, z) - y * z` computes
# $40-40=0$: all digits have cancelled. $\max(z,0)-yz$ is exact for $y\in\{0,1\}$ (it is 0 or $|z|$), so form this
# difference first and add the logarithm last. Or note that the loss of one sample is $\log(1+e^{-z})$ if $y=1$ and
# $\log(1+e^{z})$ if $y=0$.
#
# **Example.** $z=(0,\ \log3)$, $y=(1,0)$: $\sigma(z)=(\frac12,\frac34)$, the losses are $\log2$ and $\log4$, their mean
# is $\frac32\log2\approx1.0397$.
#
# **How an answer is judged** ($u=2^{-53}$ for float64, $2^{-24}$ for float32). `sigmoid`: each entry to within an
# *absolute* error of $4u$, for any finite $z$, in the shape and dtype of `z`. `bce_with_logits`: for $|z_i|\le10^4$ to
# within a *relative* error of $8u$ for one sample and $(8+n)u$ for the mean of $n$. Overflow warnings on the way cost
# nothing as long as the answer is right.

# %% [markdown] lang="zh"
# ## 1 · 逻辑函数与损失（20 分）
#
# 公式都只有一行。照抄成程序，遇到平常就会出现的 $z$ 便会出错：
#
# * $z=1000$ 时，$e^z/(1+e^z)$ 是 `inf / inf`，即 NaN。
# * $z=-800$ 时，$-\log\sigma(z)$ 是 $-\log 0=\infty$，而正确值是 800。
# * $z=800$ 时，$\log(1+e^z)$ 是 `inf`，而正确值是 800。
#
# 截断概率，或者写 $\log(p+10^{-12})$，只是掩盖了症状：$z=-800$ 时损失成了 27，而不是 800。
# 治本的办法是**由 $z$ 直接计算损失，不经过概率**。当 $t\ge0$ 时，$e^{-t}$ 和 $\log(1+e^{-t})$ 都不会上溢，因此用
#
# $$\log(1+e^z)=\max(z,0)+\log\bigl(1+e^{-|z|}\bigr),$$
#
# 其中 $\log(1+x)$ 写作 `np.log1p(x)`，它在 $x$ 极小时也准确。$\sigma$ 有几种可靠的写法：$z\ge0$ 时用 $1/(1+e^{-z})$，
# $z<0$ 时用 $e^z/(1+e^z)$；或者 $\frac12(1+\tanh\frac z2)$。
#
# **很小的损失也要准。** $z=40$、$y=1$ 时损失是 $4.2\cdot10^{-18}$，而 `np.logaddexp(0, z) - y * z` 算的是 $40-40=0$：
# 有效数字全部抵消了。当 $y\in\{0,1\}$ 时 $\max(z,0)-yz$ 没有误差（它等于 0 或 $|z|$），所以先算这个差，最后再加对数项。
# 也可以这样看：单个样本的损失在 $y=1$ 时是 $\log(1+e^{-z})$，在 $y=0$ 时是 $\log(1+e^{z})$。
#
# **例。** $z=(0,\ \log3)$，$y=(1,0)$：$\sigma(z)=(\frac12,\frac34)$，两个损失是 $\log2$ 和 $\log4$，
# 平均值是 $\frac32\log2\approx1.0397$。
#
# **如何评判**（float64 时 $u=2^{-53}$，float32 时 $u=2^{-24}$）。`sigmoid`：对任何有限的 $z$，
# 每个分量的*绝对*误差不超过 $4u$，形状与数据类型同 `z`。`bce_with_logits`：当 $|z_i|\le10^4$ 时，
# 单个样本的*相对*误差不超过 $8u$，$n$ 个样本的平均值不超过 $(8+n)u$。只要结果正确，途中的上溢警告不扣分。


# %% grade_id="sigmoid" part="loss"
def sigmoid(z):
    """Return the logistic function 1 / (1 + exp(-z)) of every entry.

    Parameters
    ----------
    z : array_like of any shape, finite

    Returns
    -------
    p : ndarray of the shape of z, float32 if z is, else float64
        In [0, 1], to within 4 units of rounding.

    Examples
    --------
    >>> np.round(sigmoid([-1000.0, 0.0, np.log(3.0)]), 12)
    array([0.  , 0.5 , 0.75])
    """
    z = as_float(z)
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(z))  # in (0, 1]: cannot overflow
    return np.where(z >= 0, 1, small) / (1 + small)
    ### END SOLUTION


# %% grade_id="bce_with_logits" part="loss"
def bce_with_logits(z, y):
    """Return the mean cross-entropy of labels y, whose log-odds are modelled as z: mean(log(1 + exp(z)) - y z).

    Parameters
    ----------
    z : array_like of shape (n,), finite
    y : array_like of shape (n,), zeros and ones

    Returns
    -------
    loss : float, >= 0, in nats

    Raises
    ------
    ValueError
        If z and y are not vectors of one length.

    Examples
    --------
    >>> round(bce_with_logits([0.0, np.log(3.0)], [1, 0]), 12)
    1.03972077084
    """
    z = as_float(z)
    y = np.asarray(y, z.dtype)
    if z.ndim != 1 or z.shape != y.shape or z.size == 0:
        raise ValueError(f"z and y must have the same shape (n,), not {z.shape} and {y.shape}")
    ### BEGIN SOLUTION
    return float(np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))))
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     z, y = np.array([0.0, np.log(3.0)]), np.array([1, 0])
#     print("sigmoid", sigmoid(z), "- by hand 1/2, 3/4")
#     print("loss", bce_with_logits(z, y), "- by hand", 1.5 * np.log(2))
#     for extreme in (-800.0, 40.0, 800.0):
#         losses = [bce_with_logits(np.array([extreme]), np.array([label])) for label in (0, 1)]
#         print(f"z = {extreme:g}: loss {losses[0]:.3g} if y = 0, {losses[1]:.3g} if y = 1")
# except NotImplementedError:
#     print("sigmoid or bce_with_logits is not written yet")

# %% [markdown] lang="en"
# ## 2 · Gradient and Hessian (20 points, 5 of them for speed)
#
# Since $\sigma'=\sigma(1-\sigma)$, everything becomes simple. With $p=\sigma(X\theta)$ and $D=\operatorname{diag}(0,1,
# \dots,1)$, whose zero spares the intercept,
#
# $$\nabla J(\theta)=\frac1nX^{\mathsf T}(p-y)+2\lambda D\theta,\qquad
# \nabla^2J(\theta)=\frac1nX^{\mathsf T}SX+2\lambda D,\qquad S=\operatorname{diag}\bigl(p_i(1-p_i)\bigr).$$
#
# The gradient is that of least squares with the prediction $p$ in place of $X\theta$. The Hessian is a weighted
# $X^{\mathsf T}X$: samples that the model is sure about ($p_i$ near 0 or 1) hardly count. It does not depend on $y$,
# which is among the arguments only so that all functions are called alike.
#
# **The Hessian is positive semidefinite, so $J$ is convex**: every stationary point is a global minimum. But convex
# does not mean that there *is* one (see part 3).
#
# **Example.** $X=\begin{pmatrix}1&0\\1&2\end{pmatrix}$, $y=\begin{pmatrix}1\\0\end{pmatrix}$, $\theta=0$, $\lambda=0$:
# $p=(\frac12,\frac12)$, $p-y=(-\frac12,\frac12)$, so $\nabla J=(0,\frac12)$, and
# $\nabla^2J=\frac12\cdot\frac14X^{\mathsf T}X=\begin{pmatrix}\frac14&\frac14\\\frac14&\frac12\end{pmatrix}$.
# At $\theta=(0,1)$ a penalty of $\lambda=3$ adds 6 to the second entry of the gradient and 6 to the last one of the
# Hessian, and nothing else.
#
# **Do not build $S$.** As a matrix it has $n^2$ entries, nearly all of them zero: for the 20,000 samples of the timing
# test that is 3 gigabytes. Multiply the rows of $X$ by the weights instead, `X * s[:, None]`; that is a new array,
# whereas `X *= ...` would overwrite the caller's.
#
# **How an answer is judged.** By formulas in extended precision, to within rounding errors; also at $|z_i|\approx1000$,
# for $n=1$ and for $d=1$. `hessian` is timed on $20000\times10$ data: code that leaves the loop over the samples to
# NumPy is fast enough, a Python loop over the samples is not.

# %% [markdown] lang="zh"
# ## 2 · 梯度与海森矩阵（20 分，其中 5 分考察速度）
#
# 由于 $\sigma'=\sigma(1-\sigma)$，一切都变得简单。记 $p=\sigma(X\theta)$，$D=\operatorname{diag}(0,1,\dots,1)$
# （其中的 0 使截距不受惩罚），则
#
# $$\nabla J(\theta)=\frac1nX^{\mathsf T}(p-y)+2\lambda D\theta,\qquad
# \nabla^2J(\theta)=\frac1nX^{\mathsf T}SX+2\lambda D,\qquad S=\operatorname{diag}\bigl(p_i(1-p_i)\bigr).$$
#
# 梯度与最小二乘的一样，只是预测值由 $X\theta$ 换成了 $p$。海森矩阵是加权的 $X^{\mathsf T}X$：模型很有把握的样本
# （$p_i$ 接近 0 或 1）几乎不起作用。它与 $y$ 无关；参数里有 $y$，只是为了让各个函数的调用方式一致。
#
# **海森矩阵半正定，所以 $J$ 是凸函数**：每个驻点都是全局最小值点。但凸不等于最小值点*存在*（见第 3 部分）。
#
# **例。** $X=\begin{pmatrix}1&0\\1&2\end{pmatrix}$，$y=\begin{pmatrix}1\\0\end{pmatrix}$，$\theta=0$，$\lambda=0$：
# $p=(\frac12,\frac12)$，$p-y=(-\frac12,\frac12)$，故 $\nabla J=(0,\frac12)$，
# $\nabla^2J=\frac12\cdot\frac14X^{\mathsf T}X=\begin{pmatrix}\frac14&\frac14\\\frac14&\frac12\end{pmatrix}$。
# 在 $\theta=(0,1)$ 处，$\lambda=3$ 的惩罚使梯度的第二个分量加 6，海森矩阵右下角的元素加 6，其余不变。
#
# **不要构造 $S$。** 作为矩阵它有 $n^2$ 个元素，几乎全是零：速度测试有 20,000 个样本，那就是 3 GB。
# 应当用权重去乘 $X$ 的各行：`X * s[:, None]`。这会得到一个新数组，而 `X *= ...` 会改写调用者的数组。
#
# **如何评判。** 与用扩展精度按公式算出的值比较，只允许舍入误差；$|z_i|\approx1000$、$n=1$、$d=1$ 的情形也在内。
# `hessian` 在 $20000\times10$ 的数据上计时：把对样本的循环交给 NumPy 就够快，用 Python 逐个样本循环则不够快。


# %%
def objective(theta, X, y, lam):
    """Return J(theta) = bce_with_logits(X theta, y) + lam * ||w||^2, a float; arguments as in `gradient`."""
    X, y, lam, theta = validated(X, y, lam, theta)
    w = theta[1:]
    return bce_with_logits(X @ theta, y) + lam * float(w @ w)


# %% grade_id="gradient" part="derivatives"
def gradient(theta, X, y, lam):
    """Return the gradient of J(theta) = mean cross-entropy + lam * ||w||^2, where theta = (b, w).

    Parameters
    ----------
    theta : array_like of shape (d,)
    X : array_like of shape (n, d)
        Holds the column of ones, as its first column.
    y : array_like of shape (n,), zeros and ones
    lam : float, >= 0

    Returns
    -------
    grad : ndarray of shape (d,), dtype of X

    Raises
    ------
    ValueError
        If the arguments do not fit together (see `validated`).

    Examples
    --------
    >>> gradient([0.0, 0.0], [[1.0, 0.0], [1.0, 2.0]], [1, 0], 0.0)
    array([0. , 0.5])
    """
    X, y, lam, theta = validated(X, y, lam, theta)
    ### BEGIN SOLUTION
    grad = X.T @ (sigmoid(X @ theta) - y) / len(y)
    grad[1:] += 2 * lam * theta[1:]
    return grad
    ### END SOLUTION


# %% grade_id="hessian" part="derivatives"
def hessian(theta, X, y, lam):
    """Return the matrix of second derivatives of J(theta) = mean cross-entropy + lam * ||w||^2, where theta = (b, w).

    Parameters
    ----------
    theta : array_like of shape (d,)
    X : array_like of shape (n, d)
        Holds the column of ones, as its first column.
    y : array_like of shape (n,), zeros and ones
    lam : float, >= 0

    Returns
    -------
    H : ndarray of shape (d, d), dtype of X

    Raises
    ------
    ValueError
        If the arguments do not fit together (see `validated`).

    Examples
    --------
    >>> hessian([0.0, 0.0], [[1.0, 0.0], [1.0, 2.0]], [1, 0], 0.0)
    array([[0.25, 0.25],
           [0.25, 0.5 ]])
    """
    X, y, lam, theta = validated(X, y, lam, theta)
    ### BEGIN SOLUTION
    z = X @ theta
    weights = sigmoid(z) * sigmoid(-z)  # 1 - sigmoid(z) would be 0 from z = 37 on
    H = (X * weights[:, None]).T @ X / len(X)
    H[range(1, len(H)), range(1, len(H))] += 2 * lam
    return H
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     X, y = np.array([[1.0, 0.0], [1.0, 2.0]]), np.array([1, 0])
#     print("gradient", gradient([0.0, 0.0], X, y, 0.0), "- by hand (0, 1/2)")
#     print("Hessian", hessian([0.0, 0.0], X, y, 0.0).tolist(), "- by hand (1/4, 1/4; 1/4, 1/2)")
# except NotImplementedError:
#     print("sigmoid, gradient or hessian is not written yet")

# %% [markdown] lang="en"
# ## 3 · Newton's method, and what it needs besides (50 points)
#
# Near $\theta$, $J$ looks like the parabola with the same value, gradient $g$ and Hessian $H$. Newton's method goes to
# the lowest point of that parabola:
#
# $$H s=-g,\qquad\theta\leftarrow\theta+s .$$
#
# **Why "reweighted least squares".** For $\lambda=0$ the same step can be written
# $X^{\mathsf T}SX\,\theta_{\text{new}}=X^{\mathsf T}S\,v$ with the *working response* $v=X\theta+S^{-1}(y-p)$: a least
# squares problem with weights $p_i(1-p_i)$ that change from step to step. Both forms are the same method; $Hs=-g$
# does not divide by weights that may be zero.
#
# **How fast?** Near the minimum the error satisfies $e_{k+1}\le C\,e_k^2$: the number of right digits *doubles* with
# every step. Gradient descent only multiplies the error by a constant factor, close to 1 if the columns are in
# different units.
#
# **When to stop.** The number
#
# $$\delta(\theta)=\sqrt{n\;g^{\mathsf T}H^{-1}g}$$
#
# says how far $\theta$ is from the minimum, in *standard errors*. It does not depend on the units of the columns, as
# $\lVert g\rVert$ does. You have it for nothing: $g^{\mathsf T}H^{-1}g=-g^{\mathsf T}s$. Stop when $\delta\le$ `tol`;
# that, and nothing else, is `converged = True`. Any other rule is welcome if what it returns as converged satisfies
# $\delta\le10^{-6}$ (the default `tol` is $10^{-8}$).
#
# ### Steps that are too long: halve them
#
# Far from the minimum the parabola is a bad picture. One parameter is enough to see it: $X=\begin{pmatrix}1\\1
# \end{pmatrix}$, $y=(0,1)$, so that $J(b)=\log(1+e^b)-\frac b2$ with its minimum $\log 2$ at $b=0$. At $b=3$:
# $p=.953$, $g=.453$, $H=.0452$, $s=-10.02$. The full step leads to $b=-7.02$, and $J$ *rises* from 1.55 to 3.51; the
# next one goes to $b\approx550$. With half of the step, $b=-2.01$ and $J=1.13$. So:
#
# > Take $\theta+t s$ with $t=1$ if that does not raise $J$. Otherwise halve $t$ until it does not.
#
# Since $s$ is a direction of descent, this ends. It is no luxury: on the eight samples of the plot below, Newton's
# method *started from zero* takes six good steps, and then jumps from $J=.26$ to $.93$, 442, ….
#
# **Rounding.** Near the minimum $J$ hardly changes, and the last bit of $J(\theta+s)$ may be higher by chance. Whoever
# compares too strictly halves good steps away. The helper `no_higher` below allows for $8\varepsilon J$, with
# $\varepsilon$ = `np.finfo(X.dtype).eps`. And bound the number of halvings, so that no loop runs forever.
#
# ### Data that have no minimum
#
# If some $\theta$ puts **every sample on its right side**, $(2y_i-1)\,x_i^{\mathsf T}\theta>0$ for all $i$, the data
# are **separable**. Then $2\theta$ fits better than $\theta$, and $3\theta$ better still: $J$ sinks towards 0, and no
# $\theta$ attains it. Convex does not mean that a minimum exists! The weights grow without bound, $g$ *and* $\delta$
# tend to zero (so a small gradient proves nothing), and $H$ tends to a singular matrix on which `solve` may fail. But
# you can see it: as soon as your own $\theta$ puts all samples on their right sides and $\lambda=0$, there is nothing
# left to look for. Stop. For separable data and $\lambda=0$, `irls` must raise no exception, and return a finite
# $\theta$ that separates, with `converged = False`. **With $\lambda>0$ a minimum exists** as soon as both labels
# occur, and must be found: a penalty is the usual cure.
#
# ### What `irls` returns, and how it is judged
#
# * `theta`, of shape $(d,)$ and of $X$'s dtype: $\delta\le10^{-6}$ (float32: $10^{-3}$), in the judge's arithmetic,
#   whenever there is a minimum: for $\lambda=0$ with $X$ of full column rank, and for $\lambda>0$ with any $X$, also
#   with $d>n$.
# * `converged`: `True` there, `False` where it stopped for another reason (`max_iter` reached, separable data). For
#   float32 it is not judged: $10^{-8}$ is below what float32 can resolve.
# * `n_iter`, how many steps were taken, at most `max_iter` ($\ge1$), and `history`, a list of $J$ at the start and
#   after every step, `n_iter + 1` numbers that never rise (except in the last digits). The judge computes them again
#   from what your function returns for `max_iter=1`, `2`, ….
# * `theta0` is where it starts; `None` means zeros. All arrays that are passed in stay as they are.
# * **Newton's speed is counted by the judge, not by you.** It calls `irls` with `max_iter=1`, and again from where that
#   ended, and so on: after ten calls $\delta\le10^{-6}$ must hold (40 calls on data where steps have to be shortened;
#   there $J$ must not rise on the way). So it must after one call with `max_iter=10`, also from zero on the low
#   birth weights of part 5. One call with `max_iter=1` is one step: it must not come more than twice as close to the
#   minimum as the best point along Newton's direction. More than half of the points depend on this.
#
# Halving, Armijo's rule, an exact line search, a trust region, $t=1/(1+\sqrt{g^{\mathsf T}H^{-1}g})$: all are
# welcome, and so is any way to solve the linear system that does solve it: `lstsq` and `pinv` take a small curvature
# for none, and leave out a column of very small numbers beside one of large ones. Gradient descent, however well
# tuned, or a Hessian computed only once, is not Newton's method.
#
# **Example.** Four samples with $x=0$, one of them positive, and four with $x=1$, three of them positive. With as many
# parameters as groups the fit is perfect: $\sigma(b)=\frac14$ and $\sigma(b+w)=\frac34$, so $b=-\log3\approx-1.0986$
# and $w=2\log3\approx2.1972$.

# %% [markdown] lang="zh"
# ## 3 · 牛顿法，以及它还需要什么（50 分）
#
# 在 $\theta$ 附近，$J$ 看起来像一条抛物线（多维时是抛物面），函数值、梯度 $g$ 和海森矩阵 $H$ 都与 $J$ 相同。
# 牛顿法直接走到这个抛物面的最低点：
#
# $$H s=-g,\qquad\theta\leftarrow\theta+s .$$
#
# **为什么叫“重加权最小二乘”。** 当 $\lambda=0$ 时，同一步可以写成
# $X^{\mathsf T}SX\,\theta_{\text{new}}=X^{\mathsf T}S\,v$，其中 $v=X\theta+S^{-1}(y-p)$ 叫*工作响应*：
# 这是一个加权最小二乘问题，权重 $p_i(1-p_i)$ 每一步都在变。两种写法是同一个方法，而 $Hs=-g$ 不必除以可能为零的权重。
#
# **有多快？** 在最小值点附近，误差满足 $e_{k+1}\le C\,e_k^2$：每走一步，正确的位数*翻一番*。
# 梯度下降每步只把误差乘以一个常数；各列单位不同时，这个常数接近 1。
#
# **何时停止。** 数
#
# $$\delta(\theta)=\sqrt{n\;g^{\mathsf T}H^{-1}g}$$
#
# 表示 $\theta$ 离最小值点有多少个*标准误*。它与各列的单位无关，而 $\lVert g\rVert$ 不是这样。算它不费力：
# $g^{\mathsf T}H^{-1}g=-g^{\mathsf T}s$。当 $\delta\le$ `tol` 时停止，这时（也只有这时）`converged = True`。
# 也可以用别的停止规则，只要标为收敛的结果满足 $\delta\le10^{-6}$（`tol` 默认为 $10^{-8}$）。
#
# ### 步子太长：减半
#
# 离最小值点较远时，抛物面画得并不像。一个参数就能看出来：$X=\begin{pmatrix}1\\1\end{pmatrix}$，$y=(0,1)$，
# 于是 $J(b)=\log(1+e^b)-\frac b2$，最小值 $\log 2$ 在 $b=0$ 处。在 $b=3$ 处，$p=.953$，$g=.453$，$H=.0452$，
# $s=-10.02$。整步走到 $b=-7.02$，$J$ 反而从 1.55 *升*到 3.51；再走一步就到了 $b\approx550$。只走半步，$b=-2.01$，
# $J=1.13$。因此：
#
# > 先试 $t=1$：若 $\theta+ts$ 处的 $J$ 不升高，就走这一步；否则把 $t$ 减半，直到 $J$ 不升高为止。
#
# 因为 $s$ 是下降方向，减半总会结束。这不是多此一举：对下图中的八个样本，牛顿法*从零出发*，先走了六个好步，
# 然后 $J$ 从 $.26$ 跳到 $.93$、442……
#
# **舍入误差。** 在最小值点附近 $J$ 几乎不变，$J(\theta+s)$ 的最后一位可能碰巧高一点。比较得太严，好步子也会被减没。
# 下面的辅助函数 `no_higher` 留了 $8\varepsilon J$ 的余地，其中 $\varepsilon$ 是 `np.finfo(X.dtype).eps`。
# 还要限制减半的次数，以免陷入死循环。
#
# ### 没有最小值点的数据
#
# 若某个 $\theta$ 使**每个样本都在正确的一侧**，即对所有 $i$ 有 $(2y_i-1)\,x_i^{\mathsf T}\theta>0$，
# 就说数据**线性可分**。这时 $2\theta$ 比 $\theta$ 拟合得好，$3\theta$ 更好：$J$ 趋于 0，却没有哪个 $\theta$ 能达到 0。
# 凸函数不一定有最小值点！权重无限增大，$g$ *和* $\delta$ 都趋于零（所以梯度小并不能证明什么），$H$
# 趋于奇异矩阵，`solve` 可能报错。但这种情况看得出来：一旦你的 $\theta$ 把所有样本都放在正确的一侧，而 $\lambda=0$，
# 就没有什么可找的了，停下即可。数据可分且 $\lambda=0$ 时，`irls` 不得抛出异常，要返回一个有限的、能把两类分开的
# $\theta$，并且 `converged = False`。
# **$\lambda>0$ 时，只要两种标签都出现，最小值点就存在**，必须找到：加惩罚项正是通常的解决办法。
#
# ### `irls` 返回什么，如何评判
#
# * `theta`，形状 $(d,)$，数据类型同 $X$：只要最小值点存在，按评分程序的计算就要有 $\delta\le10^{-6}$（float32 时为
#   $10^{-3}$）。$\lambda=0$ 时 $X$ 列满秩；$\lambda>0$ 时 $X$ 任意，$d>n$ 也在内。
# * `converged`：上述情形为 `True`；因别的原因停下（达到 `max_iter`、数据可分）则为 `False`。float32 时不评判它：
#   $10^{-8}$ 已超出 float32 的分辨能力。
# * `n_iter`：走了几步，不超过 `max_iter`（$\ge1$）。`history`：一个列表，依次是起点和每一步之后的 $J$，共
#   `n_iter + 1` 个数，从不升高（最后几位除外）。评分程序会用 `max_iter=1`、`2`……时你返回的结果重新计算这些数。
# * `theta0` 是起点；`None` 表示从零出发。传入的所有数组都保持不变。
# * **牛顿法的速度由评分程序来数，不由你来报。** 它以 `max_iter=1` 调用 `irls`，再从所到之处调用，如此反复：
#   十次之后必须有 $\delta\le10^{-6}$（在需要缩短步长的数据上是 40 次，途中 $J$ 不得升高）。
#   `max_iter=10` 的一次调用之后也必须如此，在第 5 部分的低出生体重数据上从零出发也一样。
#   `max_iter=1` 的一次调用就是一步：它离最小值点的距离，不得小于牛顿方向上最好的点的距离的一半。
#   一半以上的分数取决于此。
#
# 减半、Armijo 准则、精确线搜索、信赖域、$t=1/(1+\sqrt{g^{\mathsf T}H^{-1}g})$ 都可以，线性方程组也可以用任何方法来解，
# 只要真的解出来：`lstsq` 和 `pinv` 把很小的曲率当作零，若一列的数很小、另一列的数很大，就会漏掉小的那一列。
# 梯度下降无论调得多好，或者只计算一次海森矩阵，都不是牛顿法。
#
# **例。** 四个样本 $x=0$，其中一个为正；四个样本 $x=1$，其中三个为正。参数个数与组数相同，拟合分毫不差：
# $\sigma(b)=\frac14$，$\sigma(b+w)=\frac34$，所以 $b=-\log3\approx-1.0986$，$w=2\log3\approx2.1972$。


# %%
class IRLSResult(NamedTuple):
    """What `irls` returns."""

    theta: np.ndarray  # (d,), the dtype of X
    converged: bool
    n_iter: int
    history: list[float]  # J at the start and after every step: n_iter + 1 numbers


def no_higher(loss, before, dtype):
    """Say whether `loss` is at most `before`, up to rounding in the given dtype. False if it is NaN."""
    return bool(loss <= before * (1 + 8 * float(np.finfo(dtype).eps)))


# %% grade_id="irls" part="irls"
def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    """Minimise J(theta) = mean cross-entropy + lam * ||w||^2, theta = (b, w), by Newton's method with shortened steps.

    Parameters
    ----------
    X : array_like of shape (n, d)
        Holds the column of ones, as its first column. Full column rank if lam = 0.
    y : array_like of shape (n,), zeros and ones
    lam : float, >= 0
    theta0 : array_like of shape (d,), optional
        Where to start. Default: zeros.
    tol : float
        Distance from the minimum in standard errors, sqrt(n g^T H^-1 g), at which to stop.
    max_iter : int, >= 1
        The greatest number of steps.

    Returns
    -------
    IRLSResult
        `theta`, `converged`, `n_iter`, `history`. Not converged if the data are separable and lam = 0.

    Raises
    ------
    ValueError
        If the arguments do not fit together (see `validated`).

    Examples
    --------
    >>> X = np.column_stack([np.ones(8), np.repeat([0.0, 1.0], 4)])
    >>> result = irls(X, [0, 0, 0, 1, 0, 1, 1, 1])
    >>> np.round(result.theta, 4), result.converged
    (array([-1.0986,  2.1972]), True)
    """
    X, y, lam, theta = validated(X, y, lam, theta0)
    ### BEGIN SOLUTION
    side = 2 * y - 1
    history = [objective(theta, X, y, lam)]
    while True:
        g = gradient(theta, X, y, lam)
        step = np.linalg.solve(hessian(theta, X, y, lam), -g)
        converged = bool(-len(y) * (g @ step) <= tol**2)
        if converged or len(history) > max_iter:
            break
        for halvings in range(60):
            candidate = theta + 0.5**halvings * step
            loss = objective(candidate, X, y, lam)
            if no_higher(loss, history[-1], X.dtype):
                break
        else:
            break  # no step, however short, lowers J: this is as far as rounding lets us see
        theta = candidate
        history.append(loss)
        if lam == 0 and np.min(side * (X @ theta)) > 0:
            break  # separable: there is no minimum
    return IRLSResult(np.array(theta), converged, len(history) - 1, history)
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     X = np.column_stack([np.ones(8), np.repeat([0.0, 1.0], 4)])
#     result = irls(X, [0, 0, 0, 1, 0, 1, 1, 1])
#     print(result)
#     print("by hand", -np.log(3), 2 * np.log(3))
#     print("separable:", irls(X, [0, 0, 0, 0, 1, 1, 1, 1]))
#     print("with a penalty:", irls(X, [0, 0, 0, 0, 1, 1, 1, 1], lam=0.01))
# except NotImplementedError:
#     print("irls, or what it uses, is not written yet")

# %% tags=["active-ipynb"]
# try:
#     # Eight samples on which Newton's method needs shorter steps, even from zero
#     points = [[0, 1], [16, 19], [-1, -3], [0, -1], [4, -25], [-18, -34], [123, -151], [2, 3]]
#     X, y = np.column_stack([np.ones(8), points]), np.array([1, 0, 1, 0, 1, 1, 0, 0])
#     theta, full = np.zeros(3), []
#     for _ in range(10):
#         full.append(objective(theta, X, y, 0.0))
#         if full[-1] > 1e3:
#             break
#         theta = theta - np.linalg.solve(hessian(theta, X, y, 0.0), gradient(theta, X, y, 0.0))
#     halved = irls(X, y)
#     print("full steps", [float(f"{loss:.4g}") for loss in full])
#     print("halved    ", [float(f"{loss:.4g}") for loss in halved.history], "converged", halved.converged)
#     import matplotlib.pyplot as plt
#
#     plt.figure(figsize=(5, 3))
#     plt.semilogy(full, "o--", label="full steps")
#     plt.semilogy(halved.history, "o-", label="halved where J would rise")
#     plt.xlabel("step")
#     plt.ylabel("J")
#     plt.legend()
#     plt.show()
# except ImportError:
#     print("matplotlib is not installed: no picture")
# except NotImplementedError:
#     print("irls, or what it uses, is not written yet")

# %% [markdown] lang="en"
# ## 4 · What the weights mean: odds ratios (10 points)
#
# A probability $p$ corresponds to **odds** $p/(1-p)$: $p=\frac34$ is "3 to 1". Logistic regression is linear in the
# *logarithm* of the odds, $\log\frac p{1-p}=b+w_1x_1+\dots$. So if $x_k$ grows by one unit **and all other columns
# stay as they are**, the odds are multiplied by
#
# $$e^{w_k},\quad\text{the \textbf{odds ratio} of column }k.$$
#
# It is a factor on the odds, not on the probability: an odds ratio of 2 takes $p=\frac12$ to $\frac23$, and $p=.01$ to
# $.0198$. And it is *per unit*: of age per year, not per decade. $e^b$ is not a ratio of odds but the odds themselves
# at $x=0$; it is left out here.
#
# At the maximum of the likelihood ($\lambda=0$) the estimate $\hat\theta$ is, for many samples, nearly normal with the
# covariance matrix $C=(n\,\nabla^2J(\hat\theta))^{-1}$; its diagonal holds the squares of the standard errors $s_k$. An
# interval that catches the true $w_k$ in 95 % of all cases is $\hat w_k\pm1.96\,s_k$. The exponential carries **both
# ends** over to the odds ratio:
#
# $$\bigl[e^{\hat w_k-1.96\,s_k},\ e^{\hat w_k+1.96\,s_k}\bigr].$$
#
# It is not symmetric about $e^{\hat w_k}$, as $e^{\hat w_k}\pm\dots$ would be, and never negative. (More exactly 1.96
# is `Z95`; either will do: the ends are compared to $10^{-4}$.)
#
# `odds_ratios(theta, cov)` gets $\hat\theta=(b,w)$ of shape $(d,)$ and $C$ of shape $(d,d)$, **intercept included**,
# and returns the pair `(ratios, intervals)` **without the intercept**: `ratios` of shape $(d-1,)$, `intervals` of shape
# $(d-1,2)$ with the lower end in column 0 and the upper end in column 1, both of theta's dtype.
#
# **Example.** $\theta=(-1,\log2)$, $C=\begin{pmatrix}1&.1\\.1&.25\end{pmatrix}$: the ratio is 2, $s_1=.5$, and the
# interval is $[2e^{-.98},2e^{.98}]\approx[.751,5.329]$.

# %% [markdown] lang="zh"
# ## 4 · 权重的含义：几率比（10 分）
#
# 概率 $p$ 对应的**几率**是 $p/(1-p)$：$p=\frac34$ 就是“3 比 1”。逻辑回归对几率的*对数*是线性的：
# $\log\frac p{1-p}=b+w_1x_1+\cdots$。因此，若 $x_k$ 增加一个单位，**而其余各列不变**，几率就要乘以
#
# $$e^{w_k},\quad\text{即第 }k\text{ 列的\textbf{几率比}。}$$
#
# 它乘在几率上，不是乘在概率上：几率比为 2 时，$p=\frac12$ 变成 $\frac23$，而 $p=.01$ 变成 $.0198$。
# 它又是*每单位*的：年龄按每岁算，不是按每十岁算。$e^b$ 不是几率之比，而是 $x=0$ 处的几率本身，这里不返回它。
#
# 在似然的最大值点（$\lambda=0$），样本较多时，估计值 $\hat\theta$ 近似服从正态分布，协方差矩阵为
# $C=(n\,\nabla^2J(\hat\theta))^{-1}$，其对角线是标准误 $s_k$ 的平方。$\hat w_k\pm1.96\,s_k$ 是一个区间，
# 在 95% 的情形下包含真正的 $w_k$。用指数函数把区间的**两个端点**都变换过去，就得到几率比的置信区间：
#
# $$\bigl[e^{\hat w_k-1.96\,s_k},\ e^{\hat w_k+1.96\,s_k}\bigr].$$
#
# 它并不以 $e^{\hat w_k}$ 为中心（$e^{\hat w_k}\pm\cdots$ 才是那样），也绝不会是负数。
# （1.96 更精确的值是 `Z95`，用哪个都行：端点只比较到 $10^{-4}$。）
#
# `odds_ratios(theta, cov)` 的输入是 $\hat\theta=(b,w)$（形状 $(d,)$）和 $C$（形状 $(d,d)$），**都包含截距**；
# 返回 `(ratios, intervals)` 这一对值，**不含截距**：`ratios` 的形状是 $(d-1,)$，`intervals` 的形状是 $(d-1,2)$，
# 第 0 列是下端点，第 1 列是上端点，数据类型都与 theta 相同。
#
# **例。** $\theta=(-1,\log2)$，$C=\begin{pmatrix}1&.1\\.1&.25\end{pmatrix}$：几率比是 2，$s_1=.5$，
# 区间是 $[2e^{-.98},2e^{.98}]\approx[.751,5.329]$。

# %%
Z95 = 1.959963984540054  # a standard normal variable lies in [-Z95, Z95] with probability 95 %


# %% grade_id="odds_ratios" part="odds_ratios"
def odds_ratios(theta, cov):
    """Return the odds ratio of every column but the intercept, with its 95 % confidence interval.

    Parameters
    ----------
    theta : array_like of shape (d,)
        The estimate (b, w), intercept first.
    cov : array_like of shape (d, d)
        Its covariance matrix, intercept included.

    Returns
    -------
    ratios : ndarray of shape (d - 1,), dtype of theta
        exp(w).
    intervals : ndarray of shape (d - 1, 2), dtype of theta
        exp(w - Z95 s) and exp(w + Z95 s), where s holds the standard errors.

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> ratios, intervals = odds_ratios([-1.0, np.log(2.0)], [[1.0, 0.1], [0.1, 0.25]])
    >>> np.round(ratios, 3), np.round(intervals, 3)
    (array([2.]), array([[0.751, 5.329]]))
    """
    theta = as_float(theta)
    cov = np.asarray(cov, theta.dtype)
    if theta.ndim != 1 or cov.shape != (len(theta), len(theta)):
        raise ValueError(f"theta must have shape (d,) and cov (d, d), not {theta.shape} and {cov.shape}")
    ### BEGIN SOLUTION
    w, error = theta[1:], np.sqrt(np.diag(cov)[1:])
    intervals = np.exp(np.column_stack([w - Z95 * error, w + Z95 * error]))
    return np.exp(w), intervals
    ### END SOLUTION


# %% [markdown] lang="en"
# ## 5 · On real data
#
# **Low birth weight** (Hosmer and Lemeshow, *Applied Logistic Regression*, 1989). 189 births, 59 of them below 2500
# g. Which properties of the mother go with a low weight? Look at the odds ratios: a history of hypertension
# multiplies the odds by about 6, but its interval reaches from 1.6 to 24, as only 12 mothers have one. Smoking: about
# 2.5, from 1.15 to 5.5. An interval that contains 1 says that the data do not settle even the direction. Weight is
# counted in pounds, so .985 *per pound* looks like nothing; per 30 pounds it is $.985^{30}\approx.63$. And an odds
# ratio is no effect: mothers who smoke may differ in other ways that nobody wrote down.
#
# **Breast cancer** (Wolberg, Street and Mangasarian, 1995). Thirty measurements of 569 tumours, standardised: is it
# benign? With all thirty columns the tumours are *separable*: without a penalty there is no estimate, whatever number
# a program prints. With ten columns (the means) there is one. The last table fits on 400 tumours and counts the hits
# on the other 169: a little penalty is better than nearly none, and much better than a lot.

# %% [markdown] lang="zh"
# ## 5 · 真实数据
#
# **低出生体重**（Hosmer、Lemeshow，*Applied Logistic Regression*，1989）。189 次分娩，其中 59 次新生儿体重低于 2500
# 克。母亲的哪些情况与低体重相关？看几率比：有高血压史使几率乘以约 6，但区间从 1.6 到 24，因为只有 12 位母亲有高血压史。
# 吸烟约为 2.5，区间从 1.15 到 5.5。区间若包含 1，说明数据连影响的方向都不能确定。母亲体重以磅计，
# *每磅* .985 看上去微不足道，但每 30 磅就是 $.985^{30}\approx.63$。另外，几率比不等于因果效应：
# 吸烟的母亲可能还有别的不同之处，只是没有人记录。
#
# **乳腺癌**（Wolberg、Street、Mangasarian，1995）。569 个肿瘤的三十项测量值，已标准化：是良性吗？
# 用全部三十列时，数据*线性可分*：不加惩罚就没有估计值可言，不管程序打印出什么数。只用十列（各项均值）时，估计值存在。
# 最后一张表在 400 个肿瘤上拟合，在其余 169 个上数预测正确的个数：少许惩罚比几乎不惩罚好，更比惩罚过重好得多。

# %% tags=["active-ipynb"]
# try:
#     header = np.loadtxt("datasets/lbw.csv", delimiter=",", max_rows=1, dtype=str)
#     column = dict(zip(header, np.loadtxt("datasets/lbw.csv", delimiter=",", skiprows=1).T, strict=True))
#     names = ["age", "lwt", "black", "other", "smoke", "ptl", "ht", "ui"]
#     column["black"], column["other"] = column["race"] == 2, column["race"] == 3
#     X, y = np.column_stack([np.ones(189), *(column[name] for name in names)]), column["low"]
#     result = irls(X, y)
#     cov = np.linalg.inv(len(y) * hessian(result.theta, X, y, 0.0))  # here the inverse itself is what we want
#     ratios, intervals = odds_ratios(result.theta, cov)
#     print(f"converged {result.converged} after {result.n_iter} steps")
#     for name, ratio, (low, high) in zip(names, ratios, intervals, strict=True):
#         print(f"{name:>6} {ratio:7.3f}  [{low:.3f}, {high:.3f}]")
#     import matplotlib.pyplot as plt
#
#     rows = np.arange(len(names))
#     plt.figure(figsize=(5, 3))
#     plt.semilogx(ratios, rows, "o")
#     plt.hlines(rows, *intervals.T)
#     plt.axvline(1, lw=0.5, color="k")
#     plt.yticks(rows, names)
#     plt.xlabel("odds ratio, 95 % interval")
#     plt.show()
# except ImportError:
#     print("matplotlib is not installed: no picture")
# except FileNotFoundError:
#     print("datasets/lbw.csv is not here")
# except NotImplementedError:
#     print("irls, odds_ratios, or what they use, is not written yet")

# %% tags=["active-ipynb"]
# try:
#     table = np.loadtxt("datasets/breast_cancer.csv", delimiter=",", skiprows=1)
#     Z, y = table[:, :-1], table[:, -1]
#     Z = (Z - Z.mean(axis=0)) / Z.std(axis=0)
#     X = np.column_stack([np.ones(len(y)), Z])
#     for columns in (11, 31):
#         result = irls(X[:, :columns], y)
#         print(f"{columns - 1} columns: converged {result.converged} after {result.n_iter} steps, "
#               f"J = {result.history[-1]:.3g}, largest weight {np.abs(result.theta).max():.3g}")
#     for lam in (1e-6, 1e-4, 1e-2, 1.0, 100.0):
#         theta = irls(X[:400], y[:400], lam=lam).theta
#         hits = np.sum((X[400:] @ theta > 0) == y[400:])
#         print(f"lam = {lam:<6g} length of w {np.linalg.norm(theta[1:]):7.2f}, right for {hits} of 169")
# except FileNotFoundError:
#     print("datasets/breast_cancer.csv is not here")
# except NotImplementedError:
#     print("irls, or what it uses, is not written yet")
