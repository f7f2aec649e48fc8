"""Reference solution of `backprop`, and the one source of its notebooks.

Readable first: `forward` keeps the input of every layer, and that is all that the way back needs, since each
activation's derivative can be written in terms of its output. `fast.py` holds the same with fewer temporaries.
`design.md` says how answers are judged.
"""

# %% [markdown] lang="en"
# # Multilayer perceptron and backpropagation
#
# A **multilayer perceptron** is a chain of $L$ layers. Layer $l$ multiplies by a matrix $W_l$, adds a vector $b_l$
# and, unless it is the last, applies an **activation function** $\phi$ to every entry:
#
# $$A_0=X,\qquad Z_l=A_{l-1}W_l+\mathbf 1b_l^{\mathsf T},\qquad A_l=\phi(Z_l)\ \ (l<L),\qquad Z=Z_L .$$
#
# The rows of $Z\in\mathbb R^{n\times K}$ are **logits**, one per class; the softmax makes probabilities of them. You
# will write the random weights to start from, the way forward, and the way back: **backpropagation**, which gives the
# derivative of the loss by every one of the weights, for about twice the price of computing the loss.
#
# | function | returns | points |
# |---|---|---|
# | `init_params(sizes, rng)` | `[(W, b), ...]` | 10 |
# | `forward(params, X, act)` | `(Z, cache)` | 25 |
# | `loss_and_grads(params, X, y, act, lam)` | `(loss, [(dW, db), ...])` | 65, of which 5 for speed |
#
# **What holds everywhere**
#
# * Rows are samples: `X` has shape `(n, d)`. `params` is a list with one pair `(W, b)` per layer, `W` of shape
#   `(fan_in, fan_out)` and `b` of shape `(fan_out,)`. Libraries often store the transpose; here it is always $AW+b$.
# * There may be any number of layers. One layer has no activation at all: that is softmax regression.
# * `act` is `'relu'`, `'tanh'` or `'sigmoid'`, the same in all hidden layers. The last layer never has one.
# * `y` holds the classes, integers $0,\dots,K-1$, shape `(n,)`.
# * float64 in, float64 out. If `X` and all of `params` are float32, the arrays that you return are float32 as well.
# * Wrong shapes, an unknown `act` and a label outside $0,\dots,K-1$ raise `ValueError`. The helpers `validated` and
#   `validated_labels` below do that for you.
# * Never change the arrays that you are given: not `X`, not the weights. Updating them is the business of the caller.
# * **Use NumPy and nothing else**, above all no automatic differentiation (torch, autograd, jax): writing it is the
#   exercise.
#
# Any correct way counts: tests look at values up to rounding, never at how you arranged them, and never at trained
# weights, which depend on everything.

# %% [markdown] lang="zh"
# # 多层感知机与反向传播
#
# **多层感知机**由 $L$ 层串联而成。第 $l$ 层先乘矩阵 $W_l$、加向量 $b_l$；除最后一层外，再对每个元素作用
# **激活函数** $\phi$：
#
# $$A_0=X,\qquad Z_l=A_{l-1}W_l+\mathbf 1b_l^{\mathsf T},\qquad A_l=\phi(Z_l)\ \ (l<L),\qquad Z=Z_L .$$
#
# $Z\in\mathbb R^{n\times K}$ 的每一行是各个类别的 **logit**，经 softmax 变成概率。你要写三样东西：随机的初始权重、
# 前向传播，以及**反向传播**：它求出损失对每一个权重的导数，代价只有计算损失的两倍左右。
#
# | 函数 | 返回 | 分数 |
# |---|---|---|
# | `init_params(sizes, rng)` | `[(W, b), ...]` | 10 |
# | `forward(params, X, act)` | `(Z, cache)` | 25 |
# | `loss_and_grads(params, X, y, act, lam)` | `(loss, [(dW, db), ...])` | 65，其中 5 分考察速度 |
#
# **处处成立的约定**
#
# * 每行是一个样本：`X` 的形状是 `(n, d)`。`params` 是列表，每层一对 `(W, b)`，`W` 的形状是 `(fan_in, fan_out)`，
#   `b` 的形状是 `(fan_out,)`。许多库存的是转置；这里始终是 $AW+b$。
# * 层数任意。只有一层时完全没有激活函数：那就是 softmax 回归。
# * `act` 是 `'relu'`、`'tanh'` 或 `'sigmoid'`，所有隐藏层相同。最后一层从不使用激活函数。
# * `y` 是类别，取整数 $0,\dots,K-1$，形状 `(n,)`。
# * 输入 float64 就返回 float64；若 `X` 和全部 `params` 都是 float32，返回的数组也是 float32。
# * 形状不对、`act` 不认识、标签不在 $0,\dots,K-1$ 之内时，抛出 `ValueError`。下面的辅助函数 `validated` 和
#   `validated_labels` 已替你做好。
# * 绝不要改动传给你的数组：`X` 不能改，权重也不能改。更新权重是调用者的事。
# * **只用 NumPy**，尤其不能用自动微分（torch、autograd、jax）：这个练习就是要自己写出它。
#
# 任何正确的写法都算对：测试只比较数值（允许舍入误差），不管你如何组织代码，也绝不比较训练出来的权重，
# 因为任何细节都会影响它们。

# %%
from itertools import pairwise

import numpy as np

ACTIVATIONS = ("relu", "tanh", "sigmoid")


def validated(params, X, act):
    """Return params and X as float arrays of one dtype, or say what is wrong with them.

    Parameters
    ----------
    params : sequence of pairs (W, b)
        W array_like of shape (fan_in, fan_out), b array_like of shape (fan_out,); fan_in is the fan_out before.
    X : array_like of shape (n, d), n >= 1
    act : {'relu', 'tanh', 'sigmoid'}

    Returns
    -------
    params : list of tuples (W, b)
    X : ndarray
        All float32 if everything came as float32, else float64. Not copies where the dtype is already right: do not
        write into them. NaN is let through: a training that diverges should be seen to do so.

    Raises
    ------
    ValueError
        If a shape does not fit, there is no layer or no sample, or `act` is none of the three.
    """
    if act not in ACTIVATIONS:
        raise ValueError(f"act must be one of {ACTIVATIONS}, not {act!r}")
    X = np.asarray(X)
    if X.ndim != 2 or len(X) == 0:
        raise ValueError(f"X must have shape (n, d) with n >= 1, not {X.shape}")
    params = [(np.asarray(W), np.asarray(b)) for W, b in params]
    if not params:
        raise ValueError("params must hold at least one layer")
    width, single = X.shape[1], X.dtype == np.float32
    for number, (W, b) in enumerate(params):
        if W.ndim != 2 or W.shape[0] != width:
            raise ValueError(f"layer {number}: W must have shape ({width}, fan_out), not {W.shape}")
        if b.shape != (W.shape[1],):
            raise ValueError(f"layer {number}: b must have shape ({W.shape[1]},), not {b.shape}")
        width, single = W.shape[1], single and W.dtype == b.dtype == np.float32
    dtype = np.float32 if single else np.float64
    return [(W.astype(dtype, copy=False), b.astype(dtype, copy=False)) for W, b in params], X.astype(dtype, copy=False)


def validated_labels(y, n, K):
    """Return y as an integer array, or say what is wrong with it.

    Raises
    ------
    ValueError
        If y does not have shape (n,), is not made of integers, or one of them is not in 0..K-1. NumPy would take a
        label -1 for the last class without a word.
    """
    y = np.asarray(y)
    if y.shape != (n,) or y.dtype.kind not in "iu":
        raise ValueError(f"y must hold integers in shape ({n},), not {y.dtype} in shape {y.shape}")
    if y.min() < 0 or y.max() >= K:
        raise ValueError(f"labels must lie in 0..{K - 1}, not {y.min()}..{y.max()}")
    return y


# %% [markdown] lang="en"
# ## 1 · Random weights to start from (10 points)
#
# With all weights zero, the hidden units of a layer compute the same, get the same gradient, and stay the same for
# ever. Random weights break this symmetry. Their size matters, too: a unit adds up `fan_in` products, so if the
# weights have variance $v$ and the inputs mean square $m$, the sum has variance $\text{fan\_in}\cdot v\cdot m$. Over
# many layers that factor is raised to the power of the depth: signals explode or die out. A ReLU throws away half of
# the mean square, so the size is kept by
#
# $$\operatorname{E}W_{ij}=0,\qquad \operatorname{Var}W_{ij}=\frac2{\text{fan\_in}}$$
#
# (He, Zhang, Ren and Sun, 2015). For $\tanh$ one often sees Glorot's $2/(\text{fan\_in}+\text{fan\_out})$; **here it
# is $2/\text{fan\_in}$ in every layer**, whatever the activation will be.
#
# **What to return.** For `sizes = [d, h1, ..., K]` a list of `len(sizes) - 1` tuples `(W, b)`, `W` of shape
# `(sizes[l], sizes[l + 1])` and `b` of shape `(sizes[l + 1],)`, float64. The entries of `W` are independent draws
# **from `rng`**, normal or uniform as you like, with the mean and the variance above; the entries of `b` are zero
# (the random weights are enough). Draw from nothing but `rng`: with a generator in the same state the result must be
# the same, and two draws from one generator must differ.
#
# **Example.** `sizes = [200, 50, 10]` gives shapes `(200, 50)`, `(50,)`, `(50, 10)`, `(10,)`. The standard deviation in
# the first layer is $\sqrt{2/200}=0.1$ and in the second $\sqrt{2/50}=0.2$. A uniform distribution on $[-c,c]$ has
# variance $c^2/3$, so there it would be $c=\sqrt{6/200}\approx0.173$.

# %% [markdown] lang="zh"
# ## 1 · 随机初始化权重（10 分）
#
# 若权重全为零，同一层的隐藏单元算出同样的值、得到同样的梯度，永远彼此相同。随机的权重打破这种对称。
# 权重的大小也有讲究：一个单元把 `fan_in` 个乘积相加，权重的方差为 $v$、输入的均方为 $m$ 时，和的方差是
# $\text{fan\_in}\cdot v\cdot m$。层数一多，这个系数连乘起来，信号不是爆炸就是消失。ReLU 恰好去掉一半的均方，
# 所以要保持信号的大小，应取
#
# $$\operatorname{E}W_{ij}=0,\qquad \operatorname{Var}W_{ij}=\frac2{\text{fan\_in}}$$
#
# （He、Zhang、Ren、Sun，2015）。对 $\tanh$ 常见的是 Glorot 的 $2/(\text{fan\_in}+\text{fan\_out})$；
# **本作业中不论用哪种激活函数，每一层都取 $2/\text{fan\_in}$**。
#
# **返回什么。** 对 `sizes = [d, h1, ..., K]`，返回含 `len(sizes) - 1` 个元组 `(W, b)` 的列表，`W` 的形状是
# `(sizes[l], sizes[l + 1])`，`b` 的形状是 `(sizes[l + 1],)`，dtype 为 float64。`W` 的各元素是**从 `rng`** 独立抽取的
# 随机数，用正态分布或均匀分布都可以，均值和方差如上；`b` 的元素全为零（有随机权重就够了）。
# 随机数只能来自 `rng`：生成器状态相同，结果就必须相同；用同一个生成器先后抽两次，结果必须不同。
#
# **例。** `sizes = [200, 50, 10]` 得到形状 `(200, 50)`、`(50,)`、`(50, 10)`、`(10,)`。第一层的标准差是
# $\sqrt{2/200}=0.1$，第二层是 $\sqrt{2/50}=0.2$。$[-c,c]$ 上均匀分布的方差是 $c^2/3$，
# 用它的话第一层要取 $c=\sqrt{6/200}\approx0.173$。


# %% grade_id="init_params" part="init"
def init_params(sizes, rng):
    """Return random weights and zero biases for the layers between `sizes`.

    Parameters
    ----------
    sizes : sequence of int, at least two, each >= 1
        Widths: of the input, of the hidden layers, of the output.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    params : list of tuples (W, b), float64
        W of shape (fan_in, fan_out), independent entries of mean 0 and variance 2 / fan_in; b zeros of shape
        (fan_out,).

    Raises
    ------
    ValueError
        If there are fewer than two sizes, or one is below 1.

    Examples
    --------
    >>> params = init_params([3, 5, 2], np.random.default_rng(0))
    >>> [W.shape for W, b in params], params[1][1]
    ([(3, 5), (5, 2)], array([0., 0.]))
    """
    sizes = [int(size) for size in sizes]
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes must hold at least two widths >= 1, not {sizes}")
    ### BEGIN SOLUTION
    return [
        (rng.normal(scale=np.sqrt(2 / fan_in), size=(fan_in, fan_out)), np.zeros(fan_out))
        for fan_in, fan_out in pairwise(sizes)
    ]
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     for number, (W, b) in enumerate(init_params([200, 50, 10], np.random.default_rng(0)), start=1):
#         print(f"layer {number}: W {W.shape}, mean {W.mean():+.3f}, standard deviation {W.std():.3f}; b {b.shape}")
#     print("standard deviations by hand: 0.1 and 0.2")
# except NotImplementedError:
#     print("init_params is not written yet")

# %% [markdown] lang="en"
# ## 2 · From input to logits (25 points)
#
# | `act` | $\phi(z)$ | $\phi'(z)$ | $\phi'(0)$ |
# |---|---|---|---|
# | `'relu'` | $\max(z,0)$ | $1$ if $z>0$, $0$ if $z<0$ | does not exist; any value in $[0,1]$ is accepted |
# | `'tanh'` | $\tanh z$ | $1-\tanh^2z$ | $1$ |
# | `'sigmoid'` | $\sigma(z)=\frac1{1+e^{-z}}$ | $\sigma(z)\,(1-\sigma(z))$ | $\frac14$ |
#
# `forward` returns a pair: the logits $Z$ of the **last layer, without activation and without softmax**, of shape
# `(n, K)`, and a `cache`. The cache is yours: put into it what you will want on the way back (the inputs or outputs of
# the layers, say). No test looks inside; it must only be there, as the second of the pair.
#
# Entries of $Z_l$ may be as large as $10^4$ in either direction: no NaN may come of it. $e^{10000}$ overflows, and
# `inf / inf` is NaN, so write $\sigma$ so that this does not happen. (`1 / (1 + np.exp(-z))` gives the right value with
# a warning; `np.exp(z) / (1 + np.exp(z))` gives NaN. Also $\sigma(z)=\frac12(1+\tanh\frac z2)$.) `np.tanh` is safe.
#
# **Example** (it goes on in section 3). Two samples, a hidden layer of two units, two classes, `act = 'relu'`:
#
# $$X=\begin{pmatrix}0&2\\2&1\end{pmatrix},\quad W_1=\begin{pmatrix}1&1\\1&-1\end{pmatrix},\
# b_1=\begin{pmatrix}1\\0\end{pmatrix},\quad W_2=\begin{pmatrix}1&-1\\0&2\end{pmatrix},\
# b_2=\begin{pmatrix}0\\6\end{pmatrix}.$$
#
# $$Z_1=\begin{pmatrix}3&-2\\4&1\end{pmatrix},\qquad A_1=\begin{pmatrix}3&0\\4&1\end{pmatrix},\qquad
# Z=\begin{pmatrix}3&3\\4&4\end{pmatrix}.$$

# %% [markdown] lang="zh"
# ## 2 · 前向传播（25 分）
#
# | `act` | $\phi(z)$ | $\phi'(z)$ | $\phi'(0)$ |
# |---|---|---|---|
# | `'relu'` | $\max(z,0)$ | $z>0$ 时为 $1$，$z<0$ 时为 $0$ | 不存在；取 $[0,1]$ 中任何值都算对 |
# | `'tanh'` | $\tanh z$ | $1-\tanh^2z$ | $1$ |
# | `'sigmoid'` | $\sigma(z)=\frac1{1+e^{-z}}$ | $\sigma(z)\,(1-\sigma(z))$ | $\frac14$ |
#
# `forward` 返回一对值：**最后一层**的 logit $Z$，形状 `(n, K)`，**不加激活函数，也不做 softmax**；以及 `cache`。
# cache 里放什么由你决定，放反向传播时用得着的东西即可（例如各层的输入或输出）。测试不看它的内容，
# 只要求它是这一对值中的第二个。
#
# $Z_l$ 的元素可能大到 $\pm10^4$，此时不得出现 NaN。$e^{10000}$ 会溢出，而 `inf / inf` 是 NaN，所以 $\sigma$
# 要写得不出这种事。（`1 / (1 + np.exp(-z))` 会给出警告，但数值正确；`np.exp(z) / (1 + np.exp(z))` 会得到 NaN。
# 另外有 $\sigma(z)=\frac12(1+\tanh\frac z2)$。）`np.tanh` 是安全的。
#
# **例**（第 3 节继续使用）。两个样本，一个隐藏层，两个单元，两个类别，`act = 'relu'`：
#
# $$X=\begin{pmatrix}0&2\\2&1\end{pmatrix},\quad W_1=\begin{pmatrix}1&1\\1&-1\end{pmatrix},\
# b_1=\begin{pmatrix}1\\0\end{pmatrix},\quad W_2=\begin{pmatrix}1&-1\\0&2\end{pmatrix},\
# b_2=\begin{pmatrix}0\\6\end{pmatrix}.$$
#
# $$Z_1=\begin{pmatrix}3&-2\\4&1\end{pmatrix},\qquad A_1=\begin{pmatrix}3&0\\4&1\end{pmatrix},\qquad
# Z=\begin{pmatrix}3&3\\4&4\end{pmatrix}.$$


# %% grade_id="forward" part="forward"
### BEGIN SOLUTION
def activate(Z, act):
    """Return phi(Z)."""
    if act == "relu":
        return np.maximum(Z, 0)
    if act == "tanh":
        return np.tanh(Z)
    return 0.5 * (1 + np.tanh(0.5 * Z))  # the sigmoid, without an exp that could overflow


### END SOLUTION


def forward(params, X, act):
    """Return the logits of the last layer, and what the way back will need.

    Parameters
    ----------
    params : sequence of pairs (W, b)
        W of shape (fan_in, fan_out), b of shape (fan_out,).
    X : array_like of shape (n, d)
    act : {'relu', 'tanh', 'sigmoid'}
        Activation of all layers but the last, which has none.

    Returns
    -------
    Z : ndarray of shape (n, K), dtype of X and params
        Logits: neither activation nor softmax has been applied to them.
    cache : object
        Whatever you like.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or `act` is unknown.
    """
    params, X = validated(params, X, act)
    ### BEGIN SOLUTION
    inputs = [X]  # of each layer: (n, fan_in)
    for W, b in params[:-1]:
        inputs.append(activate(inputs[-1] @ W + b, act))
    W, b = params[-1]
    return inputs[-1] @ W + b, inputs
    ### END SOLUTION


# %% tags=["active-ipynb"]
# example = [
#     (np.array([[1.0, 1.0], [1.0, -1.0]]), np.array([1.0, 0.0])),
#     (np.array([[1.0, -1.0], [0.0, 2.0]]), np.array([0.0, 6.0])),
# ]
# try:
#     Z, cache = forward(example, np.array([[0.0, 2.0], [2.0, 1.0]]), "relu")
#     print("logits", Z.tolist(), "- by hand [[3, 3], [4, 4]]")
# except NotImplementedError:
#     print("forward is not written yet")

# %% [markdown] lang="en"
# ## 3 · Loss and gradients (65 points, 5 of them for speed)
#
# With $p_i=\operatorname{softmax}(z_i)$ the loss is the mean **cross-entropy** plus a penalty on all weights:
#
# $$J=\frac1n\sum_{i=1}^n-\log p_{i,y_i}+\lambda\sum_{l=1}^L\lVert W_l\rVert_F^2,\qquad
# -\log p_{i,y_i}=\log\sum_k e^{z_{ik}}-z_{i,y_i} .$$
#
# The biases are not penalised. As for the logits: subtract the largest **of each row** before `exp`, and take the
# logarithm of the sum, not of $p$, which may be 0. Then logits of $\pm3000$ do no harm.
#
# **The way back.** Write $\Delta_l=\partial J/\partial Z_l$ (without the penalty), shape `(n, fan_out)`. It starts at
# the last layer, where the softmax makes it simple, and each layer hands it to the one before:
#
# $$\Delta_L=\frac1n(P-Y),\qquad
# \frac{\partial J}{\partial W_l}=A_{l-1}^{\mathsf T}\Delta_l+2\lambda W_l,\qquad
# \frac{\partial J}{\partial b_l}=\Delta_l^{\mathsf T}\mathbf 1,\qquad
# \Delta_{l-1}=\bigl(\Delta_lW_l^{\mathsf T}\bigr)\odot\phi'(Z_{l-1}).$$
#
# $Y$ has a 1 at $(i,y_i)$ and zeros elsewhere; $\odot$ multiplies entry by entry. "$p-1$ at the right class" is what
# you read in many notes; that is per sample, and since the loss is a mean, $\frac1n$ belongs to it. This is the chain
# rule and nothing more. Its point is the order: from the back, each $\Delta_l$ is computed once and used for everything
# before it. Backpropagation computes a gradient; what a training does with it (gradient descent, Adam) is another
# matter.
#
# **Check the shapes.** $A_{l-1}^{\mathsf T}\Delta_l$ is (fan_in, n)(n, fan_out). If all layers have the same width, a
# forgotten transpose raises no error: the tests have square layers, and nets of four and more layers.
#
# **Return** the pair `(loss, grads)`: a number, and a list with one tuple `(dW, db)` per layer **in the order of
# `params`**, each of the shape and dtype of its `W` and `b`. Where some $z$ of a ReLU is exactly 0, any one value in
# $[0,1]$ for $\phi'(0)$ is accepted, NaN is not.
#
# **Example**, continued. $y=(0,0)$, $\lambda=0$. All logits of a row are equal, so $P=\frac12$ everywhere,
# $J=\log2\approx0.6931$ and
#
# $$\Delta_2=\frac12\begin{pmatrix}-\frac12&\frac12\\-\frac12&\frac12\end{pmatrix},\quad
# dW_2=A_1^{\mathsf T}\Delta_2=\begin{pmatrix}-1.75&1.75\\-0.25&0.25\end{pmatrix},\quad db_2=(-0.5,\,0.5),$$
#
# $$\Delta_2W_2^{\mathsf T}=\begin{pmatrix}-0.5&0.5\\-0.5&0.5\end{pmatrix},\quad
# \Delta_1=\begin{pmatrix}-0.5&0\\-0.5&0.5\end{pmatrix},\quad
# dW_1=X^{\mathsf T}\Delta_1=\begin{pmatrix}-1&1\\-1.5&0.5\end{pmatrix},\quad db_1=(-1,\,0.5).$$
#
# The first sample did not switch the second hidden unit on, so nothing flows back through it. A unit that no sample
# switches on gets no gradient at all and may stay so: a *dead* ReLU. With $\lambda=0.1$ the loss grows by
# $0.1\cdot(4+6)=1$, and $0.2\,W_l$ comes on top of each $dW_l$: $dW_1=\begin{pmatrix}-0.8&1.2\\-1.3&0.3\end{pmatrix}$,
# $dW_2=\begin{pmatrix}-1.55&1.55\\-0.25&0.65\end{pmatrix}$; the $db_l$ stay.
#
# **How an answer is judged.** The judge computes the gradient $g$ independently in higher precision. In each block (a
# $W_l$ or a $b_l$) your $\hat g$ must satisfy
#
# $$\lVert g-\hat g\rVert\le64\,L\,u\,(\lVert g\rVert+0.01\lVert g_{\text{all}}\rVert),$$
#
# where $u=2^{-53}$ for float64 and $2^{-24}$ for float32, so any order of summation passes. Beside that, it compares
# with difference quotients of its own loss along random directions.
#
# **Speed.** Your function is timed on 3000 samples and layers of 20, 16 and 10 units. Matrix products over the whole
# batch are fast enough in any arrangement; a Python loop over the samples is not. A loop over the layers is fine.

# %% [markdown] lang="zh"
# ## 3 · 损失与梯度（65 分，其中 5 分考察速度）
#
# 记 $p_i=\operatorname{softmax}(z_i)$，损失是**交叉熵**的平均，加上对所有权重的惩罚：
#
# $$J=\frac1n\sum_{i=1}^n-\log p_{i,y_i}+\lambda\sum_{l=1}^L\lVert W_l\rVert_F^2,\qquad
# -\log p_{i,y_i}=\log\sum_k e^{z_{ik}}-z_{i,y_i} .$$
#
# 偏置不受惩罚。至于 logit：求 `exp` 之前先减去**每一行自己的**最大值；取对数的是那个和，而不是可能为 0 的 $p$。
# 这样即使 logit 到了 $\pm3000$ 也不要紧。
#
# **反向传播。** 记 $\Delta_l=\partial J/\partial Z_l$（不含惩罚项），形状 `(n, fan_out)`。它从最后一层开始，
# softmax 使那里的形式很简单；然后每一层把它传给前一层：
#
# $$\Delta_L=\frac1n(P-Y),\qquad
# \frac{\partial J}{\partial W_l}=A_{l-1}^{\mathsf T}\Delta_l+2\lambda W_l,\qquad
# \frac{\partial J}{\partial b_l}=\Delta_l^{\mathsf T}\mathbf 1,\qquad
# \Delta_{l-1}=\bigl(\Delta_lW_l^{\mathsf T}\bigr)\odot\phi'(Z_{l-1}).$$
#
# $Y$ 在 $(i,y_i)$ 处为 1，其余为 0；$\odot$ 表示逐元素相乘。许多讲义写“正确类别处是 $p-1$”，那是对单个样本而言；
# 损失是平均，所以还要乘 $\frac1n$。这里除了链式法则没有别的东西，妙处在于次序：从后往前，每个 $\Delta_l$
# 只算一次，供前面各层共用。反向传播只负责求梯度；训练时拿梯度做什么（梯度下降、Adam）是另一回事。
#
# **核对形状。** $A_{l-1}^{\mathsf T}\Delta_l$ 是 (fan_in, n)(n, fan_out)。若各层宽度相同，漏掉转置并不会报错：
# 测试里有方阵层，也有四层以上的网络。
#
# **返回** `(loss, grads)` 这一对值：一个数，以及一个列表，每层一个元组 `(dW, db)`，**次序与 `params` 相同**，
# 形状和 dtype 与相应的 `W`、`b` 相同。若 ReLU 的某个 $z$ 恰好为 0，$\phi'(0)$ 取 $[0,1]$ 中的任何值都可以，
# 但要处处一致，且不能是 NaN。
#
# **例**（接第 2 节）。$y=(0,0)$，$\lambda=0$。每行的 logit 都相等，所以 $P$ 处处是 $\frac12$，
# $J=\log2\approx0.6931$，
#
# $$\Delta_2=\frac12\begin{pmatrix}-\frac12&\frac12\\-\frac12&\frac12\end{pmatrix},\quad
# dW_2=A_1^{\mathsf T}\Delta_2=\begin{pmatrix}-1.75&1.75\\-0.25&0.25\end{pmatrix},\quad db_2=(-0.5,\,0.5),$$
#
# $$\Delta_2W_2^{\mathsf T}=\begin{pmatrix}-0.5&0.5\\-0.5&0.5\end{pmatrix},\quad
# \Delta_1=\begin{pmatrix}-0.5&0\\-0.5&0.5\end{pmatrix},\quad
# dW_1=X^{\mathsf T}\Delta_1=\begin{pmatrix}-1&1\\-1.5&0.5\end{pmatrix},\quad db_1=(-1,\,0.5).$$
#
# 第一个样本没有激活第二个隐藏单元，所以没有梯度经它流回。若没有任何样本能激活某个单元，它就得不到梯度，
# 可能从此不再变化：这就是“死掉的” ReLU。若 $\lambda=0.1$，损失增加 $0.1\cdot(4+6)=1$，每个 $dW_l$ 再加上 $0.2\,W_l$：
# $dW_1=\begin{pmatrix}-0.8&1.2\\-1.3&0.3\end{pmatrix}$，
# $dW_2=\begin{pmatrix}-1.55&1.55\\-0.25&0.65\end{pmatrix}$；各 $db_l$ 不变。
#
# **如何评判。** 评分程序以更高的精度独立求出梯度 $g$。在每一块（某个 $W_l$ 或 $b_l$）上，你的 $\hat g$ 应满足
#
# $$\lVert g-\hat g\rVert\le64\,L\,u\,(\lVert g\rVert+0.01\lVert g_{\text{all}}\rVert),$$
#
# 其中 float64 时 $u=2^{-53}$，float32 时 $u=2^{-24}$，所以任何求和次序都能通过。此外还会沿随机方向，
# 与评分程序自己的损失的差商作比较。
#
# **速度。** 测试用 3000 个样本和宽度为 20、16、10 的各层计时。对整批样本做矩阵乘法，怎样安排都够快；
# 用 Python 逐个样本循环则不够快。对层的循环没有问题。


# %% grade_id="loss_and_grads" part="backprop"
### BEGIN SOLUTION
def slope(A, act):
    """Return phi'(Z), given A = phi(Z)."""
    if act == "relu":
        return A > 0
    if act == "tanh":
        return 1 - A**2
    return A * (1 - A)


### END SOLUTION


def loss_and_grads(params, X, y, act, lam):
    """Return mean cross-entropy plus penalty, and its gradient by all weights and biases.

    Parameters
    ----------
    params : sequence of pairs (W, b)
        W of shape (fan_in, fan_out), b of shape (fan_out,).
    X : array_like of shape (n, d)
    y : array_like of int, shape (n,)
        Classes 0..K-1, where K is the width of the last layer.
    act : {'relu', 'tanh', 'sigmoid'}
        Activation of all layers but the last.
    lam : float, >= 0
        Factor of the sum of all squared weights; the biases are not penalised.

    Returns
    -------
    loss : float
    grads : list of tuples (dW, db)
        In the order of params, shapes and dtypes as there.

    Raises
    ------
    ValueError
        If the shapes do not fit together, `act` is unknown, a label is no class, or `lam` is negative.
    """
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    lam = float(lam)
    if not lam >= 0:
        raise ValueError(f"lam must be >= 0, not {lam}")
    ### BEGIN SOLUTION
    Z, inputs = forward(params, X, act)
    n = len(X)
    Z -= Z.max(axis=1, keepdims=True)
    log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))  # (n, K)
    right = np.arange(n), y
    loss = -log_p[right].mean() + lam * sum(np.vdot(W, W) for W, _ in params)

    delta = np.exp(log_p)
    delta[right] -= 1
    delta /= n
    grads = []
    for layer in reversed(range(len(params))):
        W, A = params[layer][0], inputs[layer]  # (fan_in, fan_out), (n, fan_in)
        grads.append((A.T @ delta + 2 * lam * W, delta.sum(axis=0)))
        if layer > 0:  # X needs no gradient
            delta = (delta @ W.T) * slope(A, act)
    return float(loss), grads[::-1]
    ### END SOLUTION


# %% tags=["active-ipynb"]
# try:
#     X, y = np.array([[0.0, 2.0], [2.0, 1.0]]), np.array([0, 0])
#     loss, grads = loss_and_grads(example, X, y, "relu", 0.0)
#     print("loss", loss, "- by hand log 2")
#     for number, (dW, db) in enumerate(grads, start=1):
#         print(f"layer {number}: dW {dW.tolist()}, db {db.tolist()}")
#     print("by hand: [[-1, 1], [-1.5, 0.5]], [-1, 0.5] and [[-1.75, 1.75], [-0.25, 0.25]], [-0.5, 0.5]")
# except NotImplementedError:
#     print("loss_and_grads is not written yet")

# %% [markdown] lang="en"
# **Gradient check.** Do not trust a gradient that you have not compared with differences. The cell below nudges one
# weight at a time and compares $(J(w+h)-J(w-h))/2h$ with your entry. Smaller $h$ is not better: below about $10^{-6}$
# rounding takes over. A ReLU whose kink lies between $w-h$ and $w+h$ disturbs the comparison, hence $\tanh$ here.

# %% [markdown] lang="zh"
# **梯度检验。** 没有与差商比较过的梯度不可轻信。下面的单元格每次只动一个权重，拿 $(J(w+h)-J(w-h))/2h$ 与你的
# 那个分量相比。$h$ 并非越小越好：小于约 $10^{-6}$ 时，舍入误差就占了上风。若 ReLU 的折点恰好落在 $w-h$ 与 $w+h$
# 之间，比较会受干扰，所以这里用 $\tanh$。

# %% tags=["active-ipynb"]
# try:
#     rng = np.random.default_rng(1)
#     params = init_params([4, 6, 6, 3], rng)
#     X, y, lam, h = rng.normal(size=(5, 4)), rng.integers(0, 3, size=5), 0.01, 1e-5
#     loss, grads = loss_and_grads(params, X, y, "tanh", lam)
#     worst = 0.0
#     for layer, pair in enumerate(grads):
#         for values, gradient in zip(params[layer], pair, strict=True):  # (W, dW), then (b, db)
#             for index in np.ndindex(values.shape):
#                 kept = values[index]
#                 values[index] = kept + h
#                 ahead = loss_and_grads(params, X, y, "tanh", lam)[0]
#                 values[index] = kept - h
#                 behind = loss_and_grads(params, X, y, "tanh", lam)[0]
#                 values[index] = kept
#                 worst = max(worst, abs((ahead - behind) / (2 * h) - gradient[index]))
#     print(f"largest difference between gradient and quotient: {worst:.1e} (1e-9 or less is right, 1e-4 is wrong)")
# except NotImplementedError:
#     print("init_params, forward or loss_and_grads is not written yet")

# %% [markdown] lang="en"
# **What a hidden layer is good for.** Two classes that no straight line separates. The loop below is plain minibatch
# gradient descent with momentum and is given to you: each **epoch** shuffles the $n$ samples and takes
# $\lceil n/B\rceil$ steps. Compare softmax regression (no hidden layer) with one and two hidden layers, and look at the
# border: ReLU nets draw it with straight pieces, $\tanh$ nets with curves.

# %% [markdown] lang="zh"
# **隐藏层有什么用。** 下面的两类点无法用一条直线分开。训练循环是带动量的小批量随机梯度下降，已经写好：
# 每一**轮**（epoch）打乱 $n$ 个样本，走 $\lceil n/B\rceil$ 步。把 softmax 回归（没有隐藏层）与一层、两层隐藏层
# 作比较，看看分界线：ReLU 网络的分界线由直线段组成，$\tanh$ 网络的是曲线。

# %% tags=["active-ipynb"]
# def train(params, X, y, act, lam, rng, epochs, lr=0.1, momentum=0.9, batch=50):
#     """Return trained parameters and the mean loss of each epoch."""
#     params = [(W.copy(), b.copy()) for W, b in params]
#     speed = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
#     history = []
#     for _ in range(epochs):
#         order, total = rng.permutation(len(X)), 0.0
#         for start in range(0, len(X), batch):
#             rows = order[start : start + batch]
#             loss, grads = loss_and_grads(params, X[rows], y[rows], act, lam)
#             total += loss * len(rows)
#             for (W, b), (vW, vb), (dW, db) in zip(params, speed, grads, strict=True):
#                 vW *= momentum
#                 vW -= lr * dW
#                 vb *= momentum
#                 vb -= lr * db
#                 W += vW
#                 b += vb
#         history.append(total / len(X))
#     return params, history
#
#
# def accuracy(params, X, y, act):
#     return float(np.mean(forward(params, X, act)[0].argmax(axis=1) == y))
#
#
# try:
#     rng = np.random.default_rng(2)
#     turn = np.sqrt(rng.uniform(0.05, 1, size=300)) * 1.5 * 2 * np.pi
#     y = np.arange(300) % 2
#     X = np.column_stack([np.cos(turn + np.pi * y), np.sin(turn + np.pi * y)]) * turn[:, None] / 5
#     X += 0.05 * rng.normal(size=X.shape)
#     nets = [("no hidden layer", [2, 2], "relu"), ("ReLU, 32", [2, 32, 2], "relu")]
#     nets += [("ReLU, 32, 32", [2, 32, 32, 2], "relu"), ("tanh, 32, 32", [2, 32, 32, 2], "tanh")]
#     trained = []
#     for title, sizes, act in nets:
#         params, history = train(init_params(sizes, rng), X, y, act, 1e-4, rng, epochs=200)
#         trained.append((title, params, act))
#         print(f"{title:>16}: loss {history[-1]:.3f}, accuracy on these points {accuracy(params, X, y, act):.3f}")
#     import matplotlib.pyplot as plt
#
#     side = np.linspace(-2.2, 2.2, 150)
#     grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
#     figure, axes = plt.subplots(1, 4, figsize=(13, 3.3))
#     for axis, (title, params, act) in zip(axes, trained, strict=True):
#         Z = forward(params, grid, act)[0]
#         axis.contourf(side, side, (Z[:, 1] > Z[:, 0]).reshape(150, 150), levels=1, alpha=0.3, cmap="coolwarm")
#         axis.scatter(*X.T, c=y, s=6, cmap="coolwarm")
#         axis.set_title(title)
#     plt.show()
# except ImportError:
#     print("matplotlib is not installed: no picture")
# except NotImplementedError:
#     print("init_params, forward or loss_and_grads is not written yet")

# %% [markdown] lang="en"
# **Vanishing gradients.** On its way back, $\Delta$ is multiplied by $\phi'$ once a layer. For the sigmoid that is at
# most $\frac14$, so ten layers further to the front little is left; for $\tanh$ it is at most 1, for ReLU 0 or 1.

# %% [markdown] lang="zh"
# **梯度消失。** $\Delta$ 每往回走一层就要乘一次 $\phi'$。sigmoid 的 $\phi'$ 至多是 $\frac14$，往回走十层便所剩无几；
# $\tanh$ 的至多是 1，ReLU 的是 0 或 1。

# %% tags=["active-ipynb"]
# try:
#     rng = np.random.default_rng(3)
#     params = init_params([32] * 11 + [10], rng)
#     X, y = rng.normal(size=(200, 32)), rng.integers(0, 10, size=200)
#     for act in ACTIVATIONS:
#         grads = loss_and_grads(params, X, y, act, 0.0)[1]
#         sizes = [float(np.linalg.norm(dW)) for dW, _ in grads]
#         print(f"{act:>8}: " + " ".join(f"{size:.0e}" for size in sizes))
# except NotImplementedError:
#     print("init_params or loss_and_grads is not written yet")

# %% [markdown] lang="en"
# ## 4 · On real data
#
# 1797 images of handwritten digits, $8\times8$ pixels (Alpaydin and Kaynak, 1998). 1000 are for training, 797 are
# **held out**: the nets never see them. Look at the distance between the two accuracies, and at the digits that are
# read wrongly; some of them are hard for you as well. Hidden layers gain one or two per cent over softmax regression.
# That is not much more than chance: an accuracy of 0.97 on 797 images has a standard error of 0.006.
#
# Two cautions. If you try many settings and keep the best on these 797, its accuracy is no longer an honest estimate
# for new digits: choose on a third set, or by cross-validation. And the same 13 people wrote the digits of both sets;
# strangers' handwriting will be harder.

# %% [markdown] lang="zh"
# ## 4 · 真实数据
#
# 1797 张手写数字图像，$8\times8$ 像素（Alpaydin 和 Kaynak，1998）。1000 张用于训练，797 张**留出**，网络从未见过。
# 看看两个准确率相差多少，再看看认错的那些数字：其中有些连人也难以辨认。有隐藏层时，准确率比 softmax 回归高出
# 一两个百分点，这比偶然的波动大不了多少：在 797 张图像上，0.97 的准确率的标准误差是 0.006。
#
# 有两点要留心。若你试了许多种设置，挑出在这 797 张上最好的，那么它的准确率就不再是对新数字的可靠估计：
# 应当用第三份数据来挑选，或者用交叉验证。另外，两份数据出自同样的 13 个人之手，陌生人的笔迹会更难认。

# %% tags=["active-ipynb"]
# try:
#     table = np.loadtxt("datasets/digits.csv", delimiter=",", skiprows=1)
#     rng = np.random.default_rng(4)
#     table = table[rng.permutation(len(table))]
#     X, y = table[:, :-1] / 16, table[:, -1].astype(int)
#     X_train, y_train, X_test, y_test = X[:1000], y[:1000], X[1000:], y[1000:]
#     curves = {}
#     for sizes in ([64, 10], [64, 64, 10], [64, 128, 64, 10]):
#         title = " - ".join(str(size) for size in sizes)
#         net, curves[title] = train(init_params(sizes, rng), X_train, y_train, "relu", 1e-4, rng, epochs=30)
#         seen, new = accuracy(net, X_train, y_train, "relu"), accuracy(net, X_test, y_test, "relu")
#         print(f"{title}: accuracy {seen:.3f} on the training images, {new:.3f} on those held out")
#     guess = forward(net, X_test, "relu")[0].argmax(axis=1)
#     wrong = np.flatnonzero(guess != y_test)
#     print("read wrongly (digit, guess):", list(zip(y_test[wrong].tolist(), guess[wrong].tolist(), strict=True)))
#     import matplotlib.pyplot as plt
#
#     plt.figure(figsize=(5, 3))
#     for title, losses in curves.items():
#         plt.semilogy(range(1, 31), losses, label=title)
#     plt.xlabel("epoch")
#     plt.ylabel("mean loss")
#     plt.legend()
#     figure, axes = plt.subplots(1, 8, figsize=(10, 1.8))
#     for axis in axes:
#         axis.axis("off")
#     for axis, i in zip(axes, wrong, strict=False):
#         axis.imshow(X_test[i].reshape(8, 8), cmap="gray_r")
#         axis.set_title(f"{y_test[i]}, read {guess[i]}", fontsize=8)
#     plt.show()
# except ImportError:
#     print("matplotlib is not installed: no picture")
# except FileNotFoundError:
#     print("datasets/digits.csv is not here")
# except NotImplementedError:
#     print("init_params, forward or loss_and_grads is not written yet")
