"""Reference solution of `normal_equation`, and the one source of its notebooks.

Readable first: every function is the plainest backward-stable form of its formula. `design.md` says how answers are
judged; `alternatives.py` and `misconceptions.py` replace single functions in a copy of this file.
"""

# %% [markdown] lang="en"
# # Linear regression by least squares
#
# You are given $n$ samples, the rows of a **design matrix** $X\in\mathbb R^{n\times d}$, and $n$ targets
# $y\in\mathbb R^n$. Linear regression looks for parameters $\theta\in\mathbb R^d$ that make the **residual**
# $r=y-X\theta$ as short as possible:
#
# $$\min_\theta\ J(\theta)=\frac1n\lVert y-X\theta\rVert^2 .$$
#
# You will write the loss, four ways to the answer, and a small model class. Each way has its place:
#
# | function | use it when | price |
# |---|---|---|
# | `normal_equation` | $X$ has full column rank and is not too ill-conditioned | fastest: $nd^2$ |
# | `lstsq_qr` | $X$ has full column rank, and digits matter | $2nd^2$ |
# | `lstsq_min_norm` | columns may be dependent, or $d>n$ | slowest: an SVD |
# | `ridge` | you would rather have small, steady weights | like the first |
#
# **What holds everywhere**
#
# * Rows are samples. For `mse_loss`, `mse_grad`, `normal_equation`, `lstsq_qr` and `lstsq_min_norm` the matrix $X$
#   *already holds* the column of ones if there is to be an intercept. For `ridge` and `LinearRegression` it does
#   *not*, and you deal with the intercept.
# * Losses are **means** over the samples, so that $J$ and $\lambda$ mean the same for 100 samples and for 100,000.
# * float64 in, float64 out. float32 in, float32 out.
# * Bad input (wrong shapes, NaN) raises `ValueError`. The helper `validated` below does that for you.
# * Never change the arrays that you are given.
# * **Use NumPy and nothing else.** SciPy, scikit-learn and the like are not needed and may not be there.
#   `lstsq_qr` and `lstsq_min_norm` must not call `numpy.linalg.lstsq` or `numpy.linalg.pinv`: using them costs the
#   part. In `normal_equation` you may call what you like from NumPy.
#
# Any correct method counts. No test compares your $\theta$ with one particular way of computing it; the tests ask
# whether it *is* a solution, to within rounding errors.

# %% [markdown] lang="zh"
# # 线性回归与最小二乘
#
# 给定 $n$ 个样本，它们是**设计矩阵** $X\in\mathbb R^{n\times d}$ 的各行，以及 $n$ 个目标值 $y\in\mathbb R^n$。
# 线性回归要找参数 $\theta\in\mathbb R^d$，使**残差** $r=y-X\theta$ 尽可能短：
#
# $$\min_\theta\ J(\theta)=\frac1n\lVert y-X\theta\rVert^2 .$$
#
# 你要写出损失函数、四种求解方法，以及一个小小的模型类。每种方法各有用处：
#
# | 函数 | 何时使用 | 代价 |
# |---|---|---|
# | `normal_equation` | $X$ 列满秩，且不太病态 | 最快：$nd^2$ |
# | `lstsq_qr` | $X$ 列满秩，且在意精度 | $2nd^2$ |
# | `lstsq_min_norm` | 各列可能线性相关，或 $d>n$ | 最慢：一次 SVD |
# | `ridge` | 希望权重小而稳定 | 与第一种相近 |
#
# **处处成立的约定**
#
# * 每行是一个样本。在 `mse_loss`、`mse_grad`、`normal_equation`、`lstsq_qr` 和 `lstsq_min_norm` 中，若需要截距，
#   $X$ *已经包含*全 1 的一列；在 `ridge` 和 `LinearRegression` 中*没有*这一列，截距由你处理。
# * 损失是对样本取的**平均**，因此 100 个样本和 100,000 个样本时，$J$ 与 $\lambda$ 的含义相同。
# * 输入 float64 就返回 float64，输入 float32 就返回 float32。
# * 输入有误（形状不对、含 NaN）时抛出 `ValueError`。下面的辅助函数 `validated` 已替你做好。
# * 绝不要改动传给你的数组。
# * **只用 NumPy。** SciPy、scikit-learn 之类用不着，运行环境里也可能没有。
#   `lstsq_qr` 和 `lstsq_min_norm` 不得调用 `numpy.linalg.lstsq` 或 `numpy.linalg.pinv`，否则这一部分记零分；
#   在 `normal_equation` 中，NumPy 的任何函数都可以用。
#
# 任何正确的方法都算对。测试不会拿你的 $\theta$ 与某一种算法的结果逐个比较，只问它在舍入误差之内*是不是*解。

# %%
import numpy as np


def validated(X, y, *, several=False):
    """Return X and y as float arrays of one dtype, or say what is wrong with them.

    Parameters
    ----------
    X : array_like of shape (n, d)
    y : array_like of shape (n,), or (n, m) if `several`

    Returns
    -------
    X, y : ndarray, both float32 if both came as float32, else both float64
        Not copies where the dtype is already right: do not write into them.

    Raises
    ------
    ValueError
        If a shape does not fit, there are no samples or no columns, or an entry is not finite.
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim != 2 or X.size == 0:
        raise ValueError(f"X must have shape (n, d) with n, d >= 1, not {X.shape}")
    if y.ndim != 1 and not (several and y.ndim == 2):
        raise ValueError(f"y must have shape (n,){' or (n, m)' if several else ''}, not {y.shape}")
    if len(y) != len(X):
        raise ValueError(f"X has {len(X)} rows but y has {len(y)}")
    dtype = np.float32 if X.dtype == np.float32 and y.dtype == np.float32 else np.float64
    X, y = X.astype(dtype, copy=False), y.astype(dtype, copy=False)
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        raise ValueError("X and y must be finite")
    return X, y


# %% [markdown] lang="en"
# ## 1 · The loss and its gradient (15 points)
#
# $$J(\theta)=\frac1n\sum_{i=1}^n\bigl(y_i-x_i^{\mathsf T}\theta\bigr)^2=\frac1n\lVert y-X\theta\rVert^2,\qquad
# \nabla J(\theta)=\frac2n\,X^{\mathsf T}(X\theta-y).$$
#
# Texts differ in the factor: some write $\frac1{2n}$ so that the 2 cancels, some leave out $n$. None of them is
# wrong, but loss and gradient must belong together. Here it is $\frac1n$, and therefore $\frac2n$ in the gradient.
#
# **Example.** $X=\begin{pmatrix}1&0\\1&1\\1&2\end{pmatrix}$, $\theta=\begin{pmatrix}1\\2\end{pmatrix}$,
# $y=\begin{pmatrix}1\\2\\7\end{pmatrix}$. The predictions are $X\theta=(1,3,5)$, so $X\theta-y=(0,1,-2)$,
# $J=\frac13(0+1+4)=\frac53$ and $\nabla J=\frac23\,(0+1-2,\ 0+1-4)=(-\frac23,-2)$.
#
# **A trap with shapes.** If `y` has shape `(n, 1)` and `X @ theta` has shape `(n,)`, NumPy *broadcasts* their
# difference to an `(n, n)` matrix, without a word. `validated` refuses such a `y`.

# %% [markdown] lang="zh"
# ## 1 · 损失函数及其梯度（15 分）
#
# $$J(\theta)=\frac1n\sum_{i=1}^n\bigl(y_i-x_i^{\mathsf T}\theta\bigr)^2=\frac1n\lVert y-X\theta\rVert^2,\qquad
# \nabla J(\theta)=\frac2n\,X^{\mathsf T}(X\theta-y).$$
#
# 各书的系数不同：有的写 $\frac1{2n}$，好让 2 约去；有的不除以 $n$。这些写法都不算错，但损失与梯度必须配套。
# 本作业用 $\frac1n$，所以梯度里是 $\frac2n$。
#
# **例。** $X=\begin{pmatrix}1&0\\1&1\\1&2\end{pmatrix}$，$\theta=\begin{pmatrix}1\\2\end{pmatrix}$，
# $y=\begin{pmatrix}1\\2\\7\end{pmatrix}$。预测值 $X\theta=(1,3,5)$，故 $X\theta-y=(0,1,-2)$，
# $J=\frac13(0+1+4)=\frac53$，$\nabla J=\frac23\,(0+1-2,\ 0+1-4)=(-\frac23,-2)$。
#
# **形状的陷阱。** 若 `y` 的形状是 `(n, 1)`，而 `X @ theta` 的形状是 `(n,)`，NumPy 会不声不响地把二者之差
# *广播*成 `(n, n)` 矩阵。`validated` 会拒绝这样的 `y`。


# %% grade_id="mse_loss" part="mse"
def mse_loss(theta, X, y):
    """Return the mean squared error (1/n) * ||y - X theta||^2.

    Parameters
    ----------
    theta : array_like of shape (d,)
    X : array_like of shape (n, d)
        Holds the column of ones if there is an intercept.
    y : array_like of shape (n,)

    Returns
    -------
    loss : float, >= 0

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> mse_loss([1.0, 2.0], [[1.0, 0.0], [1.0, 1.0]], [1.0, 5.0])
    2.0
    """
    X, y = validated(X, y)
    theta = np.asarray(theta, dtype=X.dtype)
    if theta.shape != (X.shape[1],):
        raise ValueError(f"theta must have shape ({X.shape[1]},), not {theta.shape}")
    ### BEGIN SOLUTION
    residual = y - X @ theta
    return float(residual @ residual / len(y))
    ### END SOLUTION


# %% grade_id="mse_grad" part="mse"
def mse_grad(theta, X, y):
    """Return the gradient of `mse_loss` with respect to theta, (2/n) * X^T (X theta - y).

    Parameters
    ----------
    theta : array_like of shape (d,)
    X : array_like of shape (n, d)
        Holds the column of ones if there is an intercept.
    y : array_like of shape (n,)

    Returns
    -------
    grad : ndarray of shape (d,), dtype of X and y

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> mse_grad([1.0, 2.0], [[1.0, 0.0], [1.0, 1.0]], [1.0, 5.0])
    array([-2., -2.])
    """
    X, y = validated(X, y)
    theta = np.asarray(theta, dtype=X.dtype)
    if theta.shape != (X.shape[1],):
        raise ValueError(f"theta must have shape ({X.shape[1]},), not {theta.shape}")
    ### BEGIN SOLUTION
    return X.T @ (X @ theta - y) * (2 / len(y))
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     X = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
#     y = np.array([1.0, 2.0, 7.0])
#     print("loss", mse_loss([1.0, 2.0], X, y), "- by hand 5/3")
#     print("gradient", mse_grad([1.0, 2.0], X, y), "- by hand (-2/3, -2)")
# except NotImplementedError:
#     print("mse_loss or mse_grad is not written yet")

# %% [markdown] lang="en"
# ## 2 · The normal equation (25 points, 5 of them for speed)
#
# At the minimum the gradient is zero, $X^{\mathsf T}(X\theta-y)=0$: **the residual is orthogonal to every column of
# $X$**. Written as a linear system, this is the *normal equation*
#
# $$X^{\mathsf T}X\,\theta=X^{\mathsf T}y .$$
#
# If the columns of $X$ are linearly independent ($X$ has *full column rank*), $X^{\mathsf T}X$ is positive definite
# and there is exactly one solution.
#
# **Example.** $X=\begin{pmatrix}1&0\\1&1\\1&2\end{pmatrix}$, $y=\begin{pmatrix}1\\2\\4\end{pmatrix}$:
# $X^{\mathsf T}X=\begin{pmatrix}3&3\\3&5\end{pmatrix}$, $X^{\mathsf T}y=\begin{pmatrix}7\\10\end{pmatrix}$, so
# $\theta=(\frac56,\frac32)$. The residual is $(\frac16,-\frac13,\frac16)$: it adds up to zero, and so does its
# product with the second column.
#
# **Solve, never invert.** Many lecture notes print $\theta=(X^{\mathsf T}X)^{-1}X^{\mathsf T}y$ and students program
# just that. As a formula it is right; as a program it is not. Solving $A\theta=c$ by elimination gives a $\theta$
# that solves a system next to the one you asked about. Multiplying by a computed inverse does not, and it costs more.
# On well-conditioned data you will not see a difference, so there are **tests with an ill-conditioned $X$**
# (condition number $10^5$ and more). There, an explicit inverse fails.
#
# **How an answer is judged.** By how orthogonal its residual is to the columns,
#
# $$\rho=\frac{\lVert X^{\mathsf T}(y-X\theta)\rVert}{\lVert X\rVert\,(\lVert X\rVert\lVert\theta\rVert+\lVert y\rVert)}
# \;\le\;50\sqrt d\,u,$$
#
# where $u=2^{-53}$ for float64 and $2^{-24}$ for float32. Elimination, Cholesky, QR and SVD all pass with room to
# spare.
#
# **Several targets at once.** If $y$ has shape $(n, m)$, each column is a problem of its own with the same $X$, and
# the answer has shape $(d, m)$. A $y$ of shape $(n,)$ gives $(d,)$, one of shape $(n, 1)$ gives $(d, 1)$.
#
# **Speed.** Your function is timed on $20000\times10$ data against the reference. Any way that leaves the loops over
# samples to NumPy is fast enough; a Python loop over the samples is not.

# %% [markdown] lang="zh"
# ## 2 · 正规方程（25 分，其中 5 分考察速度）
#
# 在最小值处梯度为零，即 $X^{\mathsf T}(X\theta-y)=0$：**残差与 $X$ 的每一列正交**。写成线性方程组，就是*正规方程*
#
# $$X^{\mathsf T}X\,\theta=X^{\mathsf T}y .$$
#
# 若 $X$ 的各列线性无关（*列满秩*），则 $X^{\mathsf T}X$ 正定，解存在且唯一。
#
# **例。** $X=\begin{pmatrix}1&0\\1&1\\1&2\end{pmatrix}$，$y=\begin{pmatrix}1\\2\\4\end{pmatrix}$：
# $X^{\mathsf T}X=\begin{pmatrix}3&3\\3&5\end{pmatrix}$，$X^{\mathsf T}y=\begin{pmatrix}7\\10\end{pmatrix}$，于是
# $\theta=(\frac56,\frac32)$。残差是 $(\frac16,-\frac13,\frac16)$：各分量之和为零，与第二列的内积也为零。
#
# **要解方程，不要求逆。** 许多讲义写着 $\theta=(X^{\mathsf T}X)^{-1}X^{\mathsf T}y$，同学们就照着编程。
# 作为公式它没错，作为程序却不好。用消元法解 $A\theta=c$，得到的 $\theta$ 是某个极其邻近的方程组的精确解；
# 先算出逆矩阵再相乘则没有这个保证，而且更费时。数据良态时看不出差别，所以**测试中有病态的 $X$**
# （条件数 $10^5$ 以上），在那里显式求逆通不过。
#
# **如何评判。** 看残差与各列正交到什么程度：
#
# $$\rho=\frac{\lVert X^{\mathsf T}(y-X\theta)\rVert}{\lVert X\rVert\,(\lVert X\rVert\lVert\theta\rVert+\lVert y\rVert)}
# \;\le\;50\sqrt d\,u,$$
#
# 其中 float64 时 $u=2^{-53}$，float32 时 $u=2^{-24}$。消元、Cholesky、QR、SVD 都能轻松通过。
#
# **多个目标。** 若 $y$ 的形状是 $(n, m)$，每一列是一个独立的问题，$X$ 相同，答案的形状是 $(d, m)$。
# 形状 $(n,)$ 的 $y$ 对应 $(d,)$，形状 $(n, 1)$ 的 $y$ 对应 $(d, 1)$。
#
# **速度。** 测试会在 $20000\times10$ 的数据上与参考解比较用时。只要把对样本的循环交给 NumPy，任何写法都够快；
# 用 Python 逐个样本循环则不够快。


# %% grade_id="normal_equation" part="normal_equation"
def normal_equation(X, y):
    """Return the least-squares solution for an X of full column rank.

    Parameters
    ----------
    X : array_like of shape (n, d), n >= d
        Full column rank. Holds the column of ones if there is an intercept.
    y : array_like of shape (n,) or (n, m)

    Returns
    -------
    theta : ndarray of shape (d,) or (d, m), dtype of X and y

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> normal_equation([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]], [1.0, 3.0, 5.0])
    array([1., 2.])
    """
    X, y = validated(X, y, several=True)
    ### BEGIN SOLUTION
    return np.linalg.solve(X.T @ X, X.T @ y)
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     import matplotlib.pyplot as plt
#
#     rng = np.random.default_rng(0)
#     x = np.sort(rng.uniform(0, 10, 40))
#     y = 2 + 0.7 * x + rng.normal(size=40)
#     X = np.column_stack([np.ones(40), x])
#     theta = normal_equation(X, y)
#     plt.figure(figsize=(5, 3))
#     plt.plot(x, y, "o", x, X @ theta, "-")
#     plt.vlines(x, y, X @ theta, lw=0.5)
#     plt.title(f"y = {theta[0]:.2f} + {theta[1]:.2f} x; residuals sum to {np.sum(y - X @ theta):.1e}")
#     plt.show()
# except ImportError:
#     print("matplotlib is not installed: no picture")
# except NotImplementedError:
#     print("normal_equation is not written yet")

# %% [markdown] lang="en"
# ## 3 · Without squaring: QR (15 points)
#
# The **condition number** $\kappa(X)=\sigma_1/\sigma_d$ says how much a relative error of the data can grow in the
# answer. Forming $X^{\mathsf T}X$ squares the singular values, and so
#
# $$\kappa(X^{\mathsf T}X)=\kappa(X)^2 .$$
#
# With $\kappa(X)=10^6$ and 16 digits, the normal equation leaves about $16-12=4$ digits of $\theta$, an orthogonal
# factorisation about $16-6=10$, if the residual is small. Both have a tiny $\rho$ (section 2): an orthogonal
# residual and an accurate $\theta$ are two different things. This part asks for the second.
#
# Factor $X=QR$ with $Q\in\mathbb R^{n\times d}$, $Q^{\mathsf T}Q=I$, and $R$ upper triangular. Multiplying by
# orthogonal matrices does not change lengths, so that
#
# $$\lVert y-X\theta\rVert^2=\lVert Q^{\mathsf T}y-R\theta\rVert^2+\text{(a term without }\theta),
# \qquad\text{hence}\qquad R\,\theta=Q^{\mathsf T}y .$$
#
# A triangular system is solved from the last row upwards. `numpy.linalg.qr` may be used.
#
# **Example.** $X=\begin{pmatrix}3&1\\4&3\end{pmatrix}$: the first column has length 5, so
# $q_1=(\frac35,\frac45)$, $r_{11}=5$, $r_{12}=q_1^{\mathsf T}x_2=3$; what is left of $x_2$ is
# $(1,3)-3q_1=(-\frac45,\frac35)=q_2$, $r_{22}=1$. With $y=(5,10)$: $Q^{\mathsf T}y=(11,2)$, so $\theta_2=2$ and
# $\theta_1=(11-3\cdot2)/5=1$.
#
# **Two ways to lose the gain.** (1) Using $R$ in $R^{\mathsf T}R\,\theta=X^{\mathsf T}y$: that is the normal equation
# again. (2) Classical Gram–Schmidt, as on the blackboard: its columns stop being orthogonal when $X$ is
# ill-conditioned. Householder's reflections (`numpy.linalg.qr`) or orthogonalising twice are safe.

# %% [markdown] lang="zh"
# ## 3 · 不要平方：QR 分解（15 分）
#
# **条件数** $\kappa(X)=\sigma_1/\sigma_d$ 表示数据的相对误差在答案中可能放大多少倍。构造 $X^{\mathsf T}X$
# 会把奇异值平方，因此
#
# $$\kappa(X^{\mathsf T}X)=\kappa(X)^2 .$$
#
# 若 $\kappa(X)=10^6$，在 16 位精度下，当残差很小时，正规方程只给 $\theta$ 留下约 $16-12=4$ 位，
# 正交分解则留下约 $16-6=10$ 位。两者的 $\rho$（第 2 节）都极小：残差正交与 $\theta$ 准确是两回事，
# 这一部分要求的是后者。
#
# 分解 $X=QR$，其中 $Q\in\mathbb R^{n\times d}$，$Q^{\mathsf T}Q=I$，$R$ 是上三角矩阵。乘正交矩阵不改变长度，于是
#
# $$\lVert y-X\theta\rVert^2=\lVert Q^{\mathsf T}y-R\theta\rVert^2+\text{(与 }\theta\text{ 无关的项)},
# \qquad\text{所以}\qquad R\,\theta=Q^{\mathsf T}y .$$
#
# 三角方程组从最后一行往上解。可以使用 `numpy.linalg.qr`。
#
# **例。** $X=\begin{pmatrix}3&1\\4&3\end{pmatrix}$：第一列长度为 5，故 $q_1=(\frac35,\frac45)$，$r_{11}=5$，
# $r_{12}=q_1^{\mathsf T}x_2=3$；$x_2$ 剩下的部分是 $(1,3)-3q_1=(-\frac45,\frac35)=q_2$，$r_{22}=1$。
# 取 $y=(5,10)$：$Q^{\mathsf T}y=(11,2)$，所以 $\theta_2=2$，$\theta_1=(11-3\cdot2)/5=1$。
#
# **两种前功尽弃的写法。** (1) 把 $R$ 用在 $R^{\mathsf T}R\,\theta=X^{\mathsf T}y$ 里：这又回到了正规方程。
# (2) 黑板上的经典 Gram–Schmidt 正交化：$X$ 病态时，算出的各列不再正交。
# Householder 反射（`numpy.linalg.qr`）或者正交化两遍都是可靠的。


# %% grade_id="lstsq_qr" part="qr"
def lstsq_qr(X, y):
    """Return the least-squares solution for an X of full column rank, through X = QR.

    Parameters
    ----------
    X : array_like of shape (n, d), n >= d
        Full column rank. Holds the column of ones if there is an intercept.
    y : array_like of shape (n,) or (n, m)

    Returns
    -------
    theta : ndarray of shape (d,) or (d, m), dtype of X and y

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Notes
    -----
    `numpy.linalg.lstsq` and `numpy.linalg.pinv` may not be used in this part.

    Examples
    --------
    >>> np.round(lstsq_qr([[3.0, 1.0], [4.0, 3.0]], [5.0, 10.0]), 12)
    array([1., 2.])
    """
    X, y = validated(X, y, several=True)
    ### BEGIN SOLUTION
    Q, R = np.linalg.qr(X)  # (n, d), (d, d)
    # NumPy has no triangular solver; elimination finds nothing to eliminate in R and is left with back substitution.
    return np.linalg.solve(R, Q.T @ y)
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     rng = np.random.default_rng(1)
#     kappas = 10.0 ** np.arange(1, 8)
#     U, V = np.linalg.qr(rng.normal(size=(50, 5)))[0], np.linalg.qr(rng.normal(size=(5, 5)))[0]
#     errors = []
#     for kappa in kappas:
#         X = U * np.geomspace(1, 1 / kappa, 5) @ V.T
#         truth = np.ones(5)
#         errors.append([np.linalg.norm(f(X, X @ truth) - truth) for f in (normal_equation, lstsq_qr)])
#     import matplotlib.pyplot as plt
#
#     plt.figure(figsize=(5, 3))
#     plt.loglog(kappas, errors, "o-", label=["normal_equation", "lstsq_qr"])
#     plt.loglog(kappas, 1e-16 * kappas**2, "k:", kappas, 1e-16 * kappas, "k:")
#     plt.xlabel("condition number of X")
#     plt.ylabel("error of theta")
#     plt.legend()
#     plt.show()
# except ImportError:
#     print(errors)
# except NotImplementedError:
#     print("normal_equation or lstsq_qr is not written yet")

# %% [markdown] lang="en"
# ## 4 · Dependent columns: the minimum-norm solution (20 points)
#
# If columns of $X$ are linearly dependent, or $d>n$, infinitely many $\theta$ reach the same smallest residual: to one
# of them you may add any vector of the null space of $X$. Exactly one of them is *shortest*. The singular value
# decomposition $X=\sum_i\sigma_i u_iv_i^{\mathsf T}$ gives it directly:
#
# $$\theta=\sum_{\sigma_i>0}\frac{u_i^{\mathsf T}y}{\sigma_i}\,v_i=X^+y,$$
#
# with $X^+$ the **pseudoinverse**. It has no component in the null space, since it is made of the other $v_i$ only.
#
# **Example.** One equation, two unknowns: $X=(1\ \ 1)$, $y=2$. All $(t,2-t)$ solve it; the shortest is $(1,1)$.
#
# **When is a singular value zero?** In floating point, never quite. A column that is the sum of two others gives
# $\sigma_i\approx10^{-16}\sigma_1$ instead of 0, and dividing by it fills $\theta$ with noise of size $10^{16}$. So
# everything with
#
# $$\sigma_i\le\texttt{rcond}\cdot\sigma_1$$
#
# counts as zero. `rcond=None` means $\max(n,d)\cdot\varepsilon$ with the machine epsilon $\varepsilon$ **of the
# dtype at hand** (`numpy.finfo(X.dtype).eps`): for float32 data the noise sits at $10^{-7}$. The cutoff is relative to
# $\sigma_1$, so that measuring in millimetres instead of kilometres changes no rank. And it belongs to the singular
# values of $X$: those of $X^{\mathsf T}X$ are their squares, where $10^{-8}$ has already drowned.
#
# `numpy.linalg.svd` may be used, `lstsq` and `pinv` not.

# %% [markdown] lang="zh"
# ## 4 · 列线性相关：最小范数解（20 分）
#
# 若 $X$ 的列线性相关，或者 $d>n$，就有无穷多个 $\theta$ 达到同样的最小残差：在其中任何一个上加 $X$ 零空间里的向量，
# 残差不变。其中恰有一个*最短*。奇异值分解 $X=\sum_i\sigma_i u_iv_i^{\mathsf T}$ 直接给出它：
#
# $$\theta=\sum_{\sigma_i>0}\frac{u_i^{\mathsf T}y}{\sigma_i}\,v_i=X^+y,$$
#
# 其中 $X^+$ 是**伪逆**。它只由 $\sigma_i>0$ 的那些 $v_i$ 组成，所以在零空间里没有分量。
#
# **例。** 一个方程，两个未知数：$X=(1\ \ 1)$，$y=2$。所有 $(t,2-t)$ 都是解，最短的是 $(1,1)$。
#
# **奇异值何时算作零？** 在浮点运算中，它几乎从不恰好为零。某一列等于另两列之和时，算出的不是 0，
# 而是 $\sigma_i\approx10^{-16}\sigma_1$；除以它，$\theta$ 里就满是 $10^{16}$ 大小的噪声。因此凡是
#
# $$\sigma_i\le\texttt{rcond}\cdot\sigma_1$$
#
# 的都算作零。`rcond=None` 表示 $\max(n,d)\cdot\varepsilon$，其中 $\varepsilon$ 是**当前数据类型**的机器精度
# （`numpy.finfo(X.dtype).eps`）：float32 数据的噪声在 $10^{-7}$ 附近。阈值是相对于 $\sigma_1$ 的，
# 所以把单位从千米换成毫米不会改变秩。它针对的是 $X$ 的奇异值：$X^{\mathsf T}X$ 的奇异值是它们的平方，
# 在那里 $10^{-8}$ 早已被淹没。
#
# 可以使用 `numpy.linalg.svd`，不得使用 `lstsq` 和 `pinv`。


# %% grade_id="lstsq_min_norm" part="min_norm"
def lstsq_min_norm(X, y, rcond=None):
    """Return the shortest of all least-squares solutions, for an X of any shape and rank.

    Parameters
    ----------
    X : array_like of shape (n, d)
        Holds the column of ones if there is an intercept.
    y : array_like of shape (n,) or (n, m)
    rcond : float, optional
        Singular values up to `rcond` times the largest count as zero. Default: max(n, d) times the machine epsilon
        of the dtype.

    Returns
    -------
    theta : ndarray of shape (d,) or (d, m), dtype of X and y
        All zeros if X is.

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Notes
    -----
    `numpy.linalg.lstsq` and `numpy.linalg.pinv` may not be used in this part.

    Examples
    --------
    >>> np.round(lstsq_min_norm([[1.0, 1.0]], [2.0]), 12)
    array([1., 1.])
    """
    X, y = validated(X, y, several=True)
    ### BEGIN SOLUTION
    if rcond is None:
        rcond = max(X.shape) * np.finfo(X.dtype).eps
    U, sigma, Vt = np.linalg.svd(X, full_matrices=False)  # (n, k), (k,), (k, d) with k = min(n, d)
    kept = sigma > rcond * sigma[0]  # none of them if X is zero
    coefficients = (U[:, kept].T @ y).T / sigma[kept]  # (r,) or (m, r)
    return Vt[kept].T @ coefficients.T
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     a, b = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 0.0, 1.0, 0.0])
#     X = np.column_stack([a, b, a + b])  # the third column is the sum of the others
#     print("singular values", np.linalg.svd(X)[1])
#     theta = lstsq_min_norm(X, 3 * a + 2 * b)
#     print("theta", theta, "length", np.linalg.norm(theta), "- (3, 2, 0) has length", np.hypot(3, 2))
# except NotImplementedError:
#     print("lstsq_min_norm is not written yet")

# %% [markdown] lang="en"
# ## 5 · Ridge regression (15 points)
#
# Least squares gives large weights when columns are nearly dependent. Ridge regression charges for them:
#
# $$\min_{b,w}\ \frac1n\lVert y-b\mathbf 1-Xw\rVert^2+\lambda\lVert w\rVert^2 .$$
#
# The **intercept** $b$ is not charged: a penalty on it would make the answer depend on where the scale of $y$ has its
# zero (degrees Celsius or kelvin). Here $X$ holds *no* column of ones. Setting both gradients to zero gives
#
# $$b=\bar y-\bar x^{\mathsf T}w,\qquad (X_c^{\mathsf T}X_c+n\lambda I)\,w=X_c^{\mathsf T}y_c,$$
#
# where $X_c$ and $y_c$ are $X$ and $y$ minus their column means. The factor $n$ comes from the mean in the loss; where
# a text or a library minimises $\lVert y-Xw\rVert^2+\alpha\lVert w\rVert^2$, its $\alpha$ is our $n\lambda$.
#
# **Example.** $X=\begin{pmatrix}0\\2\end{pmatrix}$, $y=\begin{pmatrix}0\\4\end{pmatrix}$, $\lambda=1$:
# $X_c=(-1,1)$, $y_c=(-2,2)$, so $(2+2\cdot1)\,w=4$, $w=1$ and $b=2-1\cdot1=1$. At $\lambda=0$ it would be $w=2$,
# $b=0$; for $\lambda\to\infty$, $w\to0$ and $b\to\bar y=2$.
#
# For $\lambda>0$ the matrix is positive definite whatever the rank of $X$, so $d>n$ is no trouble. Return the pair
# `(b, w)`; a negative `lam` raises `ValueError`.

# %% [markdown] lang="zh"
# ## 5 · 岭回归（15 分）
#
# 各列接近线性相关时，最小二乘会给出很大的权重。岭回归对大权重加以惩罚：
#
# $$\min_{b,w}\ \frac1n\lVert y-b\mathbf 1-Xw\rVert^2+\lambda\lVert w\rVert^2 .$$
#
# **截距** $b$ 不受惩罚：否则答案会随 $y$ 的零点位置（摄氏度还是开尔文）而变。这里的 $X$ *不含*全 1 的列。
# 令两个梯度为零，得
#
# $$b=\bar y-\bar x^{\mathsf T}w,\qquad (X_c^{\mathsf T}X_c+n\lambda I)\,w=X_c^{\mathsf T}y_c,$$
#
# 其中 $X_c$、$y_c$ 是 $X$、$y$ 减去各列均值。系数 $n$ 来自损失中的平均；若某本书或某个库最小化的是
# $\lVert y-Xw\rVert^2+\alpha\lVert w\rVert^2$，那里的 $\alpha$ 就是这里的 $n\lambda$。
#
# **例。** $X=\begin{pmatrix}0\\2\end{pmatrix}$，$y=\begin{pmatrix}0\\4\end{pmatrix}$，$\lambda=1$：
# $X_c=(-1,1)$，$y_c=(-2,2)$，于是 $(2+2\cdot1)\,w=4$，$w=1$，$b=2-1\cdot1=1$。若 $\lambda=0$，则 $w=2$，$b=0$；
# 当 $\lambda\to\infty$ 时，$w\to0$，$b\to\bar y=2$。
#
# 只要 $\lambda>0$，不论 $X$ 的秩是多少，系数矩阵都正定，所以 $d>n$ 也没有问题。返回 `(b, w)` 这一对值；
# `lam` 为负时抛出 `ValueError`。


# %% grade_id="ridge" part="ridge"
def ridge(X, y, lam):
    """Return intercept and weights that minimise (1/n) * ||y - b - X w||^2 + lam * ||w||^2.

    Parameters
    ----------
    X : array_like of shape (n, d)
        Without a column of ones: the intercept is added here, and is not penalised.
    y : array_like of shape (n,)
    lam : float, >= 0
        If 0, X minus its column means must have full column rank.

    Returns
    -------
    b : float
    w : ndarray of shape (d,), dtype of X and y

    Raises
    ------
    ValueError
        If the shapes do not fit together, or `lam` is negative.

    Examples
    --------
    >>> b, w = ridge([[0.0], [2.0]], [0.0, 4.0], 1.0)
    >>> float(b), w
    (1.0, array([1.]))
    """
    X, y = validated(X, y)
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    ### BEGIN SOLUTION
    n, d = X.shape
    x_mean, y_mean = X.mean(axis=0), y.mean()
    Xc, yc = X - x_mean, y - y_mean
    A = Xc.T @ Xc
    A[np.diag_indices(d)] += n * lam
    w = np.linalg.solve(A, Xc.T @ yc)
    return y_mean - x_mean @ w, w
    ### END SOLUTION


# %% [markdown] lang="en"
# ## 6 · A model class (10 points)
#
# Put it together in the form that libraries use: `fit` estimates and returns the model itself, `predict` applies it.
# $X$ holds no column of ones; the model has an intercept. `fit` stores `coef_` (shape `(d,)`) and `intercept_`
# (a number), and `predict` returns $Xw+b$ for rows that it may never have seen. You may call the functions from above.
#
# **Example.** `LinearRegression().fit([[0], [1], [2]], [1, 3, 5])` has `intercept_` 1 and `coef_` `[2]`;
# `predict([[10]])` is `[21]`.

# %% [markdown] lang="zh"
# ## 6 · 模型类（10 分）
#
# 把前面的内容组织成常见库的形式：`fit` 估计参数并返回模型自身，`predict` 用模型做预测。
# $X$ 不含全 1 的列，而模型带有截距。`fit` 保存 `coef_`（形状 `(d,)`）和 `intercept_`（一个数），
# `predict` 对给定的各行（可以是从未见过的样本）返回 $Xw+b$。可以调用上面写好的函数。
#
# **例。** `LinearRegression().fit([[0], [1], [2]], [1, 3, 5])` 的 `intercept_` 为 1，`coef_` 为 `[2]`；
# `predict([[10]])` 得 `[21]`。


# %% grade_id="LinearRegression" part="linear_regression"
class LinearRegression:
    """Linear regression with an intercept, y ~ intercept_ + X @ coef_.

    Attributes
    ----------
    coef_ : ndarray of shape (d,), dtype of the data that it was fitted to
    intercept_ : float

    Examples
    --------
    >>> model = LinearRegression().fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> np.round(model.predict([[10.0]]), 12)
    array([21.])
    """

    def fit(self, X, y):
        """Estimate `coef_` and `intercept_` by least squares and return the model itself.

        Parameters
        ----------
        X : array_like of shape (n, d)
            Without a column of ones. Together with one it has full column rank.
        y : array_like of shape (n,)

        Raises
        ------
        ValueError
            If the shapes do not fit together.
        """
        X, y = validated(X, y)
        ### BEGIN SOLUTION
        ones = np.ones((len(X), 1), dtype=X.dtype)
        theta = lstsq_qr(np.hstack([ones, X]), y)
        self.intercept_, self.coef_ = theta[0], theta[1:]
        return self
        ### END SOLUTION

    def predict(self, X):
        """Return the predictions for the rows of X, an ndarray of shape (n,).

        Parameters
        ----------
        X : array_like of shape (n, d)
        """
        ### BEGIN SOLUTION
        return np.asarray(X) @ self.coef_ + self.intercept_
        ### END SOLUTION


# %% [markdown] lang="en"
# ## 7 · On real data
#
# Ten measurements of 442 patients with diabetes, and how far the disease had progressed a year later (Efron, Hastie,
# Johnstone and Tibshirani, *Least Angle Regression*, 2004). Some blood values are nearly dependent: `s1` (total
# cholesterol) is close to a combination of `s2` to `s5`. Look at their weights: large, of opposite sign, cancelling
# each other. Ridge regression takes that away at almost no cost in the fit. The columns are standardised first, so
# that one $\lambda$ treats years and milligrams alike; on raw columns a ridge penalty means little.
#
# What the fit does *not* say: that changing a blood value would change the disease. And half of the variance stays
# unexplained; the mean squared error on the data that the model was fitted to is an optimistic estimate for new
# patients.

# %% [markdown] lang="zh"
# ## 7 · 真实数据
#
# 442 名糖尿病患者的十项测量值，以及一年后病情进展的程度（Efron、Hastie、Johnstone、Tibshirani，
# *Least Angle Regression*，2004）。有些血液指标接近线性相关：`s1`（总胆固醇）近似于 `s2` 到 `s5` 的组合。
# 看看它们的权重：数值大、符号相反、互相抵消。岭回归消除了这种现象，拟合几乎不变差。
# 各列先做标准化，使同一个 $\lambda$ 对“年”和“毫克”一视同仁；在未标准化的列上，岭回归的惩罚没有多大意义。
#
# 这个拟合*没有*说明：改变某项血液指标就会改变病情。另外约有一半的方差没有得到解释；
# 在拟合所用数据上算出的均方误差，对新患者来说是偏乐观的估计。

# %% tags=["active-ipynb"]
# try:
#     table = np.loadtxt("datasets/diabetes.csv", delimiter=",", skiprows=1)
#     names = np.loadtxt("datasets/diabetes.csv", delimiter=",", max_rows=1, dtype=str)[:-1]
#     X, y = table[:, :-1], table[:, -1]
#     X = (X - X.mean(axis=0)) / X.std(axis=0)
#     model = LinearRegression().fit(X, y)
#     r2 = 1 - np.mean((y - model.predict(X)) ** 2) / np.var(y)
#     print(f"intercept {model.intercept_:.2f}, R^2 {r2:.3f}, condition number {np.linalg.cond(X):.1f}")
#     b, w = ridge(X, y, 0.1)
#     for name, ols, small in zip(names, model.coef_, w, strict=True):
#         print(f"{name:>4} {ols:8.2f} {small:8.2f}")
# except FileNotFoundError:
#     print("datasets/diabetes.csv is not here")
# except NotImplementedError:
#     print("LinearRegression or ridge is not written yet")

# %% tags=["active-ipynb"]
# try:
#     import matplotlib.pyplot as plt
#
#     table = np.loadtxt("datasets/diabetes.csv", delimiter=",", skiprows=1)
#     names = np.loadtxt("datasets/diabetes.csv", delimiter=",", max_rows=1, dtype=str)[:-1]
#     X, y = table[:, :-1], table[:, -1]
#     X = (X - X.mean(axis=0)) / X.std(axis=0)
#     lams = np.geomspace(1e-4, 1e2, 60)
#     weights = [ridge(X, y, lam)[1] for lam in lams]
#     plt.figure(figsize=(5, 3))
#     plt.semilogx(lams, weights, label=names)
#     plt.xlabel("lam")
#     plt.ylabel("weights")
#     plt.legend(fontsize=6)
#     plt.show()
# except ImportError:
#     print("matplotlib is not installed: no picture")
# except FileNotFoundError:
#     print("datasets/diabetes.csv is not here")
# except NotImplementedError:
#     print("ridge is not written yet")
