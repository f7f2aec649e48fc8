"""Reference solution of `softmax`, and the one source of its notebooks.

Readable first: each formula stands once, in its stable form. `fast.py` holds the same in blocks for the benchmark;
`design.md` says how answers are judged; `alternatives.py` and `misconceptions.py` replace functions in a copy of this.
"""

# %% [markdown] lang="en"
# # Softmax regression
#
# Logistic regression answers yes or no. **Softmax regression** chooses among $K$ classes: which digit, which of seven
# parties. Each class $k$ gives a sample $x\in\mathbb R^d$ a score, its **logit** $z_k=w_k^{\mathsf T}x+b_k$, and the
# *softmax* turns the $K$ scores into probabilities. The parameters are those that make the observed classes likely.
#
# You will write the softmax, its logarithm, and the loss with its gradient: three short functions, of which the
# textbook forms break down on quite ordinary data. Making them hold is what this assignment is about. At the end you
# train on handwritten digits and look at what the model has learnt.
#
# **What holds everywhere**
#
# * Rows are samples: $X$ is $(n,d)$, the logits $Z=XW+\mathbf 1b^{\mathsf T}$ are $(n,K)$. $W$ is $(d,K)$, one column
#   per class; $b$ is $(K,)$. $X$ holds no column of ones: $b$ is the intercept.
# * **Labels are integers** $y_i\in\{0,\dots,K-1\}$ in an array of shape $(n,)$, not one-hot rows. $K$ is the number
#   of columns of $W$. A class that occurs nowhere in $y$ is still a class.
# * The loss is a **mean** over the samples. The penalty $\lambda\lVert W\rVert^2$ is added to it as it stands, and
#   leaves the intercepts $b$ alone.
# * float64 in, float64 out. float32 in, float32 out (the loss is a number, of any float type).
# * Logits may be as large as $10^5$ in size, and rows may differ in size by many powers of ten.
# * Bad input (wrong shapes, NaN, labels that are no class) raises `ValueError`. The helpers below do that for you.
# * Never change the arrays that you are given.
# * **Use NumPy and nothing else**; of NumPy you may use everything. `scipy.special.softmax`, `logsumexp` and their
#   like, torch and scikit-learn cost the part.
#
# Any correct method counts: the tests allow for the rounding errors that every careful method makes.

# %% [markdown] lang="zh"
# # softmax 回归
#
# 逻辑回归回答“是”或“否”，**softmax 回归**则在 $K$ 个类别中做选择：是哪个数字？支持七个派别中的哪一个？
# 每个类别 $k$ 给样本 $x\in\mathbb R^d$ 打一个分，即 **logit** $z_k=w_k^{\mathsf T}x+b_k$；
# *softmax* 再把 $K$ 个分数变成概率。我们要找的参数，就是使观测到的类别最有可能出现的参数。
#
# 你要写出 softmax、它的对数，以及损失函数和梯度。三个函数都很短，但照搬课本公式，遇到十分平常的数据就会失灵；
# 让它们在任何数据上都站得住，正是本作业的要点。最后你将用手写数字训练模型，看看它究竟学到了什么。
#
# **处处成立的约定**
#
# * 每行是一个样本：$X$ 是 $(n,d)$，logits $Z=XW+\mathbf 1b^{\mathsf T}$ 是 $(n,K)$。$W$ 是 $(d,K)$，每类一列；
#   $b$ 是 $(K,)$。$X$ 不含全 1 的列，截距就是 $b$。
# * **标签是整数** $y_i\in\{0,\dots,K-1\}$，放在形状为 $(n,)$ 的数组里，不是独热编码。$K$ 等于 $W$ 的列数；
#   某个类别即使在 $y$ 中一次也没有出现，仍然是一个类别。
# * 损失是对样本取的**平均**。惩罚项 $\lambda\lVert W\rVert^2$ 原样加在平均之后，不惩罚截距 $b$。
# * 输入 float64 就返回 float64，输入 float32 就返回 float32（损失是一个数，哪种浮点类型都可以）。
# * logit 的绝对值可以达到 $10^5$，各行的大小可以相差许多个数量级。
# * 输入有误（形状不对、含 NaN、标签不是合法的类别）时抛出 `ValueError`。下面的辅助函数已替你做好。
# * 绝不要改动传给你的数组。
# * **只用 NumPy**，其中的任何函数都可以用。使用 `scipy.special.softmax`、`logsumexp` 之类，或者 torch、
#   scikit-learn，这一部分记零分。
#
# 任何正确的方法都算对：凡是细心的算法免不了的舍入误差，测试都允许。

# %%
import numpy as np


def float_type(*arrays):
    """Return float32 if all arrays are float32, else float64."""
    return np.float32 if all(array.dtype == np.float32 for array in arrays) else np.float64


def validated_logits(Z):
    """Return Z as a float array of shape (n, K), or say what is wrong with it.

    Not a copy where the dtype is already right: do not write into it.

    Raises
    ------
    ValueError
        If Z has not two axes, is empty, or has an entry that is not finite.
    """
    Z = np.asarray(Z)
    if Z.ndim != 2 or Z.size == 0:
        raise ValueError(f"Z must have shape (n, K) with n, K >= 1, not {Z.shape}")
    Z = Z.astype(float_type(Z), copy=False)
    if not np.isfinite(Z).all():
        raise ValueError("Z must be finite")
    return Z


def validated(W, b, X, y, lam):
    """Return the arguments of `softmax_loss_grad` as arrays and a float, or say what is wrong with them.

    Parameters
    ----------
    W : array_like of shape (d, K)
    b : array_like of shape (K,)
    X : array_like of shape (n, d)
    y : array_like of shape (n,), integers in [0, K)
    lam : float, >= 0

    Returns
    -------
    W, b, X : ndarray, all float32 if all came as float32, else all float64
        Not copies where the dtype is already right: do not write into them.
    y : ndarray of shape (n,), int
    lam : float

    Raises
    ------
    ValueError
        If the shapes do not fit together, an entry is not finite, a label is no class, or lam is negative.
    """
    W, b, X, y = (np.asarray(value) for value in (W, b, X, y))
    if X.ndim != 2 or X.size == 0:
        raise ValueError(f"X must have shape (n, d) with n, d >= 1, not {X.shape}")
    if W.ndim != 2 or W.size == 0 or len(W) != X.shape[1]:
        raise ValueError(f"W must have shape ({X.shape[1]}, K), not {W.shape}")
    if b.shape != (W.shape[1],):
        raise ValueError(f"b must have shape ({W.shape[1]},), not {b.shape}")
    if y.shape != (len(X),) or y.dtype.kind not in "iu":
        raise ValueError(f"y must hold {len(X)} integers, shape ({len(X)},), not {y.dtype} of shape {y.shape}")
    if y.min() < 0 or y.max() >= W.shape[1]:
        raise ValueError(f"labels must lie in 0..{W.shape[1] - 1}; they run from {y.min()} to {y.max()}")
    if not (lam >= 0 and np.isfinite(lam)):
        raise ValueError(f"lam must be >= 0 and finite, not {lam}")
    dtype = float_type(W, b, X)
    W, b, X = (value.astype(dtype, copy=False) for value in (W, b, X))
    if not all(np.isfinite(value).all() for value in (W, b, X)):
        raise ValueError("W, b and X must be finite")
    return W, b, X, y.astype(np.intp), float(lam)


# %% [markdown] lang="en"
# ## 1 · Softmax and its logarithm (25 points)
#
# For one row of logits $z\in\mathbb R^K$
#
# $$\operatorname{softmax}(z)_k=p_k=\frac{e^{z_k}}{\sum_j e^{z_j}},\qquad
# \log p_k=z_k-\log\sum_j e^{z_j}.$$
#
# Every $p_k$ is positive, together they are 1, and the largest logit has the largest probability. Each row of $Z$ is
# taken **by itself**.
#
# **Example.** $Z=\begin{pmatrix}0&\ln2&\ln5\\7&7&7\end{pmatrix}$. In the first row the exponentials are $1,2,5$, their
# sum is 8, and the probabilities are $(\frac18,\frac14,\frac58)$. In the second row all are equal: $\frac13$ each.
#
# **A shift changes nothing.** Adding one constant to all logits of a row multiplies numerator and denominator by the
# same factor: $\operatorname{softmax}(z+c\mathbf 1)=\operatorname{softmax}(z)$. This is the key to computing it. In
# float64 $e^{710}$ is infinite, in float32 already $e^{89}$, and $\infty/\infty$ is NaN. So subtract from every row
# **its own maximum** $m$ first: the largest exponent is then $e^0=1$, nothing overflows, and the sum is at least 1.
#
# * One maximum for the whole matrix will not do: a row that lies 3000 below it becomes all zeros, and $0/0$ is NaN.
# * Nor will the mean of the row: what lies 800 above it overflows.
#
# **The logarithm is a function of its own.** With $z=(0,-1000)$ the second probability is $e^{-1000}$, which is 0 in
# floating point, and $\log0=-\infty$. Yet $\log p=(0,-1000)$ is harmless:
#
# $$\log p_k=(z_k-m)-\log\sum_je^{z_j-m}.$$
#
# Putting $\log(p+10^{-12})$ hides the infinity and gives $-27.6$ instead of $-1000$: no warning, and wrong.
#
# Do not change `Z` itself: `Z -= ...` writes into the caller's array, `Z = Z - ...` makes a new one.

# %% [markdown] lang="zh"
# ## 1 · softmax 及其对数（25 分）
#
# 对一行 logits $z\in\mathbb R^K$，
#
# $$\operatorname{softmax}(z)_k=p_k=\frac{e^{z_k}}{\sum_j e^{z_j}},\qquad
# \log p_k=z_k-\log\sum_j e^{z_j}.$$
#
# 每个 $p_k$ 都是正数，总和为 1，最大的 logit 对应最大的概率。$Z$ 的各行**互不相干**，逐行计算。
#
# **例。** $Z=\begin{pmatrix}0&\ln2&\ln5\\7&7&7\end{pmatrix}$。第一行取指数得 $1,2,5$，和为 8，
# 概率为 $(\frac18,\frac14,\frac58)$。第二行三个数相等，概率各为 $\frac13$。
#
# **平移不改变结果。** 一行的所有 logit 加上同一个常数，分子和分母就乘上了同一个因子：
# $\operatorname{softmax}(z+c\mathbf 1)=\operatorname{softmax}(z)$。计算的诀窍就在这里。在 float64 中 $e^{710}$
# 已是无穷大，在 float32 中 $e^{89}$ 就是了，而 $\infty/\infty$ 得 NaN。所以先从每一行减去**这一行自己的最大值**
# $m$：这样最大的指数项是 $e^0=1$，不会上溢，和也至少是 1。
#
# * 整个矩阵共用一个最大值不行：比它低 3000 的那一行会全部变成零，$0/0$ 得 NaN。
# * 减去这一行的平均值也不行：比平均值高 800 的数照样上溢。
#
# **对数要单独计算。** 取 $z=(0,-1000)$，第二个概率是 $e^{-1000}$，在浮点数里等于 0，而 $\log0=-\infty$。
# 其实 $\log p=(0,-1000)$ 是很平常的两个数：
#
# $$\log p_k=(z_k-m)-\log\sum_je^{z_j-m}.$$
#
# 写成 $\log(p+10^{-12})$ 只是把无穷大藏了起来，得到 $-27.6$ 而不是 $-1000$：没有任何警告，结果却是错的。
#
# 不要改动 `Z` 本身：`Z -= ...` 会写进调用者的数组，`Z = Z - ...` 则是新建一个。


# %% grade_id="softmax" part="softmax"
def softmax(Z):
    """Return the softmax of each row of Z.

    Parameters
    ----------
    Z : array_like of shape (n, K)
        Logits, of any size.

    Returns
    -------
    P : ndarray of shape (n, K), float32 if Z is, else float64
        Every row adds up to 1.

    Raises
    ------
    ValueError
        If Z has not two axes, is empty or not finite.

    Examples
    --------
    >>> softmax([[0.0, 0.0], [1000.0, 0.0]])
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    Z = validated_logits(Z)
    ### BEGIN SOLUTION
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% grade_id="log_softmax" part="softmax"
def log_softmax(Z):
    """Return the logarithm of the softmax of each row of Z, finite also where the softmax itself is 0.

    Parameters
    ----------
    Z : array_like of shape (n, K)
        Logits, of any size.

    Returns
    -------
    log_P : ndarray of shape (n, K), float32 if Z is, else float64

    Raises
    ------
    ValueError
        If Z has not two axes, is empty or not finite.

    Examples
    --------
    >>> log_softmax([[0.0, -1000.0]])
    array([[    0., -1000.]])
    """
    Z = validated_logits(Z)
    ### BEGIN SOLUTION
    Z = Z - Z.max(axis=1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     with np.errstate(all="ignore"):  # the point of this cell
#         for Z in ([[0.0, 1.0, 2.0]], [[1000.0, 1001.0, 1002.0]]):
#             E = np.exp(Z)
#             print("textbook", E / E.sum(), "yours", softmax(Z))
#         print("log of the textbook's", np.log(np.exp([0.0, -1000.0])), "yours", log_softmax([[0.0, -1000.0]])[0])
# except NotImplementedError:
#     print("softmax or log_softmax is not written yet")

# %% [markdown] lang="en"
# **A picture.** Three classes, of which two keep their logits 0 and 1 while the first one's runs from −6 to 8. On the
# left its probability rises in an S, as in logistic regression, at the expense of the two others, *whose ratio stays*
# $e^{1}$ *throughout*. On the right, the logarithm: a straight line of slope 1 on the far left, where being wrong costs
# in proportion to how wrong, and level at 0 on the right, where there is nothing left to gain.

# %% [markdown] lang="zh"
# **看图。** 三个类别，其中两个的 logit 固定为 0 和 1，第一个从 −6 变到 8。左图：它的概率像逻辑回归那样呈 S 形上升，
# 另外两个随之下降，*但二者之比始终是* $e^{1}$。右图是概率的对数：最左边是斜率为 1 的直线，错得越远，代价按比例越大；
# 右边趋平到 0，再也没有什么可改进的。

# %% tags=["active-ipynb"]
# try:
#     import matplotlib.pyplot as plt
#
#     z = np.linspace(-6.0, 8.0, 200)
#     Z = np.column_stack([z, np.zeros_like(z), np.ones_like(z)])
#     probabilities, logarithms = softmax(Z), log_softmax(Z)
#     figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
#     left.plot(z, probabilities, label=["z", "0", "1"])
#     left.set_ylabel("probability")
#     left.legend(title="logit")
#     right.plot(z, logarithms)
#     right.set_ylabel("logarithm of the probability")
#     for axes in (left, right):
#         axes.set_xlabel("z, the logit of the first class")
#     figure.tight_layout()
#     plt.show()
# except ImportError:
#     print("matplotlib is not installed: no picture")
# except NotImplementedError:
#     print("softmax or log_softmax is not written yet")

# %% [markdown] lang="en"
# ## 2 · The loss and its gradient (75 points)
#
# With $P=\operatorname{softmax}(XW+\mathbf 1b^{\mathsf T})$, the probability that the model gives to what was observed
# is $\prod_i p_{i,y_i}$. Maximum likelihood makes it large, that is, makes its mean negative logarithm small: the
# **cross-entropy**, here with a penalty on large weights,
#
# $$J(W,b)=-\frac1n\sum_{i=1}^n\log p_{i,y_i}+\lambda\lVert W\rVert^2,\qquad
# \lVert W\rVert^2=\sum_{j,k}W_{jk}^2 .$$
#
# **The gradient.** For one sample, $-\log p_y=\log\sum_je^{z_j}-z_y$. The derivative of the first term by $z_k$ is
# $e^{z_k}/\sum_je^{z_j}=p_k$; that of the second is 1 if $k=y$ and else 0. So the derivative by the logits is simply
# *what was predicted minus what happened*. With $Y$ the matrix that has a 1 at each $(i,y_i)$ and zeros elsewhere,
# $G=\frac1n(P-Y)$, and by the chain rule
#
# $$\frac{\partial J}{\partial W}=X^{\mathsf T}G+2\lambda W,\qquad
# \frac{\partial J}{\partial b}=\sum_iG_{i\cdot}\ .$$
#
# Shapes: $(d,n)(n,K)=(d,K)$ like $W$, and $(K,)$ like $b$. No derivative of the softmax has to be multiplied in after
# that: it is in $P-Y$ already.
#
# **Example.** $d=1$, $K=3$, $n=2$: $X=\begin{pmatrix}1\\2\end{pmatrix}$, $W=(0\ 0\ 0)$, $b=(0,\ln2,\ln5)$,
# $y=(2,0)$, $\lambda=\frac12$. Both rows of $P$ are $(\frac18,\frac28,\frac58)$, so
# $J=-\frac12(\ln\frac58+\ln\frac18)=\frac12\ln\frac{64}5\approx1.2747$. The rows of $P-Y$ are
# $\frac18(1,2,-3)$ and $\frac18(-7,2,5)$, therefore
# $\partial J/\partial W=\frac12\bigl(1\cdot\tfrac18(1,2,-3)+2\cdot\tfrac18(-7,2,5)\bigr)=\frac1{16}(-13,6,7)$ and
# $\partial J/\partial b=\frac1{16}(-6,4,2)$.
#
# Now $W=(1\ 1\ 1)$ instead. It adds $x_i$ to *all* logits of row $i$, which changes no probability. Only the penalty
# has changed: $J$ grows by $\frac12\cdot3=1.5$, and $\partial J/\partial W$ by $2\cdot\frac12\cdot1=1$ in each entry.
#
# **How to be sure of a gradient.** Without penalty each row of $\partial J/\partial W$, and $\partial J/\partial b$,
# adds up to 0 (can you see why?). And
# $\bigl(J(W+hE)-J(W-hE)\bigr)/2h$, with $E$ zero but for one entry 1 and $h=10^{-6}$, must be that entry of the
# gradient. The cell below does it.
#
# **Three traps.** (1) `G[:, y]` takes *columns* for all rows; the entries $(i,y_i)$ are `G[np.arange(n), y]`. (2) The
# loss needs $\log p$, and the logarithm of a computed $p$ is $-\infty$ as soon as a sample lies 750 on the wrong side:
# use what you know from part 1. (3) A float64 array of zeros or one-hot rows turns a float32 gradient into float64.
#
# **What the minimum is like.** $J$ is convex in $(W,b)$. That does not make the minimum unique, nor does it mean that
# there is one. For $\lambda=0$ the example shows that one vector added to all columns of $W$ changes nothing; and where
# the classes can be separated by hyperplanes, $J$ sinks towards 0 while $W$ grows without end. With $\lambda>0$ the
# best $W$ exists and is unique. (Statistics packages fix the column of one class at 0 instead; one test uses parameters
# that Stata found like that.) For $K=2$ the model is logistic regression with $w=w_1-w_0$.
#
# **Speed.** A Python loop over 20000 samples takes up to a hundred times longer than matrix products and reductions
# along an axis that do the same. One test looks at that, and it does not let any loop over samples pass, be it for the
# loss or for the gradient alone. A loop over the classes or over blocks of rows is fine.

# %% [markdown] lang="zh"
# ## 2 · 损失函数及其梯度（75 分）
#
# 记 $P=\operatorname{softmax}(XW+\mathbf 1b^{\mathsf T})$。模型给观测结果的概率是 $\prod_i p_{i,y_i}$。
# 最大似然要让它尽量大，也就是让它的平均负对数尽量小。这就是**交叉熵**，这里再加上对大权重的惩罚：
#
# $$J(W,b)=-\frac1n\sum_{i=1}^n\log p_{i,y_i}+\lambda\lVert W\rVert^2,\qquad
# \lVert W\rVert^2=\sum_{j,k}W_{jk}^2 .$$
#
# **梯度。** 对一个样本，$-\log p_y=\log\sum_je^{z_j}-z_y$。第一项对 $z_k$ 的导数是
# $e^{z_k}/\sum_je^{z_j}=p_k$；第二项的导数在 $k=y$ 时为 1，否则为 0。所以，对 logits 的导数就是*预测减去实际*。
# 设矩阵 $Y$ 在各个 $(i,y_i)$ 处为 1，其余为 0，则 $G=\frac1n(P-Y)$，由链式法则
#
# $$\frac{\partial J}{\partial W}=X^{\mathsf T}G+2\lambda W,\qquad
# \frac{\partial J}{\partial b}=\sum_iG_{i\cdot}\ .$$
#
# 看形状：$(d,n)(n,K)=(d,K)$，与 $W$ 相同；另一个是 $(K,)$，与 $b$ 相同。此后不必再乘 softmax 的导数：
# 它已经包含在 $P-Y$ 里了。
#
# **例。** $d=1$，$K=3$，$n=2$：$X=\begin{pmatrix}1\\2\end{pmatrix}$，$W=(0\ 0\ 0)$，$b=(0,\ln2,\ln5)$，
# $y=(2,0)$，$\lambda=\frac12$。$P$ 的两行都是 $(\frac18,\frac28,\frac58)$，所以
# $J=-\frac12(\ln\frac58+\ln\frac18)=\frac12\ln\frac{64}5\approx1.2747$。$P-Y$ 的两行是
# $\frac18(1,2,-3)$ 和 $\frac18(-7,2,5)$，因此
# $\partial J/\partial W=\frac12\bigl(1\cdot\tfrac18(1,2,-3)+2\cdot\tfrac18(-7,2,5)\bigr)=\frac1{16}(-13,6,7)$，
# $\partial J/\partial b=\frac1{16}(-6,4,2)$。
#
# 现在换成 $W=(1\ 1\ 1)$。它给第 $i$ 行的*所有* logit 都加上 $x_i$，概率毫无变化，变的只有惩罚项：
# $J$ 增加 $\frac12\cdot3=1.5$，$\partial J/\partial W$ 的每个分量增加 $2\cdot\frac12\cdot1=1$。
#
# **怎样确信梯度是对的？** 没有惩罚时，$\partial J/\partial W$ 的每一行之和为 0，$\partial J/\partial b$ 之和也为 0
# （想一想为什么）。此外，取只有一个分量为 1、其余为 0 的 $E$ 和 $h=10^{-6}$，
# $\bigl(J(W+hE)-J(W-hE)\bigr)/2h$ 应当等于梯度的那个分量。下面的单元格做的就是这种梯度检验。
#
# **三个陷阱。** (1) `G[:, y]` 取的是所有行的若干*列*；要取各个 $(i,y_i)$ 处的元素，应写 `G[np.arange(n), y]`。
# (2) 损失要用 $\log p$；只要有一个样本错得离谱（相差约 750），先算 $p$ 再取对数就得到 $-\infty$：
# 请用第 1 部分的办法。(3) 一个 float64 的零矩阵或独热编码，就会把 float32 的梯度变成 float64。
#
# **最小值是什么样的？** $J$ 关于 $(W,b)$ 是凸函数。但这既不意味着最小值点唯一，也不意味着它存在。
# 当 $\lambda=0$ 时，例子已经说明：给 $W$ 的所有列加上同一个向量，什么都不变；如果各类可以用超平面分开，
# $J$ 会趋于 0，而 $W$ 无限增大。$\lambda>0$ 时，最优的 $W$ 存在且唯一。
# （统计软件的做法是把某一类的那一列固定为 0，有一项测试就用了 Stata 这样求出的参数。）$K=2$ 时，
# 模型就是 $w=w_1-w_0$ 的逻辑回归。
#
# **速度。** 用 Python 对 20000 个样本逐个循环，比用矩阵乘法和沿轴的求和来做同样的事，最多会慢上百倍。
# 有一项测试专门检查这一点：不论是算损失还是算梯度，对样本的循环都通不过；对类别循环，或者按行分块循环，则没有问题。


# %% grade_id="softmax_loss_grad" part="loss_grad"
def softmax_loss_grad(W, b, X, y, lam):
    """Return the penalised mean cross-entropy of softmax regression, and its gradient with respect to W and b.

    Parameters
    ----------
    W : array_like of shape (d, K)
    b : array_like of shape (K,)
    X : array_like of shape (n, d)
        Without a column of ones.
    y : array_like of shape (n,), integers in [0, K)
    lam : float, >= 0
        Multiplies the sum of the squares of W. b is not penalised.

    Returns
    -------
    loss : float, >= 0
    dW : ndarray of shape (d, K)
    db : ndarray of shape (K,)
        dW and db are float32 if W, b and X all are, else float64.

    Raises
    ------
    ValueError
        If the shapes do not fit together, an entry is not finite, a label is no class, or lam is negative.

    Examples
    --------
    >>> loss, dW, db = softmax_loss_grad([[0.0, 0.0]], [0.0, 0.0], [[1.0], [3.0]], [0, 1], 0.0)
    >>> round(loss, 6), dW, db
    (0.693147, array([[ 0.5, -0.5]]), array([0., 0.]))
    """
    W, b, X, y, lam = validated(W, b, X, y, lam)
    ### BEGIN SOLUTION
    n = len(y)
    observed = np.arange(n), y
    Z = X @ W + b  # (n, K)
    Z -= Z.max(axis=1, keepdims=True)
    P = np.exp(Z)
    total = P.sum(axis=1)  # >= 1
    loss = np.mean(np.log(total) - Z[observed]) + lam * np.sum(W**2)
    P /= total[:, None]
    P[observed] -= 1
    P /= n  # the gradient with respect to the logits
    return float(loss), X.T @ P + 2 * lam * W, P.sum(axis=0)
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     rng = np.random.default_rng(4)
#     X, y = rng.normal(size=(20, 3)), rng.integers(0, 4, size=20)
#     W, b, lam, h = rng.normal(size=(3, 4)), rng.normal(size=4), 0.1, 1e-6
#     loss, dW, db = softmax_loss_grad(W, b, X, y, lam)
#     print("           your dW    difference quotient")
#     for j, k in np.ndindex(2, 4):
#         E = np.zeros((3, 4))
#         E[j, k] = h
#         quotient = (softmax_loss_grad(W + E, b, X, y, lam)[0] - softmax_loss_grad(W - E, b, X, y, lam)[0]) / (2 * h)
#         print(f"({j}, {k}) {dW[j, k]:13.8f} {quotient:13.8f}")
# except NotImplementedError:
#     print("softmax_loss_grad is not written yet")

# %% [markdown] lang="en"
# ## 3 · On real data: handwritten digits
#
# 1797 images of 8 × 8 pixels, each with the digit that it shows (E. Alpaydin and C. Kaynak, UCI Machine Learning
# Repository, 1998). 1300 of them, drawn at random, train the model; the other 497 it never sees. A few hundred steps
# against the gradient, all samples at a time, take less than a second.
#
# Always begin by asking whether the first loss makes sense: with $W=0$ and $b=0$ all ten classes have probability
# $\frac1{10}$, whatever the data, and the loss is $\ln10\approx2.3026$.
#
# With `lam = 1e-4`, the learning rate `rate = 1.0` and 400 steps, 97 of 100 unseen digits are recognised, without any
# notion of a stroke or a loop. What happens to the first losses at `rate = 2.5`? And to the accuracy, on either kind of
# data, at `lam = 1e-2`?

# %% [markdown] lang="zh"
# ## 3 · 真实数据：手写数字
#
# 1797 幅 8 × 8 像素的图像，以及各自表示的数字（E. Alpaydin、C. Kaynak，UCI Machine Learning Repository，1998）。
# 随机抽取 1300 幅训练模型，其余 497 幅模型从未见过。每一步都用全部样本，沿负梯度方向走几百步，用不了一秒钟。
#
# 开始时总要先问一句：第一个损失值合理吗？当 $W=0$、$b=0$ 时，不管数据是什么，十个类别的概率都是 $\frac1{10}$，
# 所以损失是 $\ln10\approx2.3026$。
#
# 取 `lam = 1e-4`、学习率 `rate = 1.0`、400 步，没见过的数字每 100 个能认出 97 个，而模型对笔画、圆圈一无所知。
# 若取 `rate = 2.5`，最初的几个损失值会怎样？若取 `lam = 1e-2`，两种数据上的正确率又会怎样？

# %% tags=["active-ipynb"]
# try:
#     table = np.loadtxt("datasets/digits.csv", delimiter=",", skiprows=1)
#     order = np.random.default_rng(0).permutation(len(table))
#     X, y = table[order, :-1] / 16, table[order, -1].astype(int)
#     X_train, y_train, X_test, y_test = X[:1300], y[:1300], X[1300:], y[1300:]
#     W, b, lam, rate = np.zeros((64, 10)), np.zeros(10), 1e-4, 1.0
#     losses = []
#     for step in range(401):
#         loss, dW, db = softmax_loss_grad(W, b, X_train, y_train, lam)
#         losses.append(loss)
#         if step % 100 == 0:
#             right = [np.mean(np.argmax(A @ W + b, axis=1) == t) for A, t in ((X_train, y_train), (X_test, y_test))]
#             print(f"step {step:3d}  loss {loss:.4f}  right: {right[0]:.1%} of training, {right[1]:.1%} of unseen")
#         W, b = W - rate * dW, b - rate * db
#     weights = W  # trained: for the pictures below
#     guess = np.argmax(X_test @ W + b, axis=1)
#     pairs, counts = np.unique(np.column_stack([y_test, guess])[guess != y_test], axis=0, return_counts=True)
#     for (digit, taken), count in sorted(zip(pairs.tolist(), counts, strict=True), key=lambda row: -row[1])[:4]:
#         print(f"{count} times a {digit} is taken for a {taken}")
# except FileNotFoundError:
#     print("datasets/digits.csv is not here")
# except NotImplementedError:
#     print("softmax_loss_grad is not written yet")

# %% [markdown] lang="en"
# **What has it learnt?** Each column of $W$ has 64 entries, one per pixel: it is a picture. Red pixels speak for the
# digit, blue ones against it. Look at 0: ink in the ring speaks for it, and ink in the *middle* strongly against.
# These are not images of digits: they show what tells one from the others.

# %% [markdown] lang="zh"
# **它学到了什么？** $W$ 的每一列有 64 个数，每个像素一个，所以本身就是一幅图。红色像素支持该数字，蓝色像素反对。
# 看 0：圆环上有墨迹是支持，*中间*有墨迹则是强烈的反对。这些图并不是数字的图像，
# 它们显示的是把一个数字与其他数字区分开来的地方。

# %% tags=["active-ipynb"]
# try:
#     pictures = weights.T.reshape(10, 8, 8)
#     import matplotlib.pyplot as plt
#
#     limit = np.abs(pictures).max()  # one scale for all, white in the middle
#     figure, axes = plt.subplots(2, 5, figsize=(8, 3.6))
#     for digit, ax in enumerate(axes.flat):
#         ax.imshow(pictures[digit], cmap="RdBu_r", vmin=-limit, vmax=limit)
#         ax.set_title(digit)
#         ax.axis("off")
#     plt.show()
#     plt.figure(figsize=(5, 3))
#     plt.semilogy(losses)
#     plt.xlabel("step")
#     plt.ylabel("loss")
#     plt.show()
# except ImportError:
#     print("The weights of 0: + speaks for it, - against it")
#     for row in pictures[0] / np.abs(pictures[0]).max():
#         print(" ".join("+" if value > 0.25 else "-" if value < -0.25 else "." for value in row))
# except NameError:
#     print("no weights: run the cell above first, with softmax_loss_grad written")
