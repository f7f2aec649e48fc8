"""Typical wrong ways to write the assignment. Every one loses points, and is named to whoever hands it in."""

from autograder.judge.variants import Variant
from autograder.text import Bilingual

NO_MAXIMUM = Bilingual(
    "You take the exponential of the logits as they are. exp(710) is infinite (in float32 exp(89)), and infinity over "
    "infinity is NaN.",
    "你直接对 logits 取指数。exp(710)（float32 中是 exp(89)）已是无穷大，而无穷大除以无穷大得 NaN。",
)
SUBTRACT_THE_MAXIMUM = Bilingual(
    "Subtract Z.max(axis=1, keepdims=True) first: it changes no probability.",
    "先减去 Z.max(axis=1, keepdims=True)：概率不会因此改变。",
)
GLOBAL_MAXIMUM = Bilingual(
    "You subtract the maximum of the whole matrix. In a row that lies far below it all exponentials become 0, and 0/0 "
    "is NaN.",
    "你减去的是整个矩阵的最大值。比它低很多的那些行，所有指数都变成 0，而 0/0 得 NaN。",
)
OWN_MAXIMUM = Bilingual(
    "Every row needs its own maximum: Z.max(axis=1, keepdims=True).",
    "每一行要用自己的最大值：Z.max(axis=1, keepdims=True)。",
)
LOG_OF_ZERO = Bilingual(
    "You take the logarithm of a computed probability. It is 0 as soon as a logit lies 750 below its row's maximum "
    "(104 in float32), and its logarithm -inf.",
    "你对算出的概率取对数。只要某个 logit 比该行最大值低 750（float32 中为 104），概率就等于 0，对数为 -inf。",
)
LOG_OF_FLOOR = Bilingual(
    "You keep probabilities away from 0 before taking the logarithm. That replaces a wrong infinity by a wrong number: "
    "log(1e-12) = -27.6 where -1000 is right.",
    "你在取对数之前给概率设了一个下限。这只是把错误的无穷大换成了错误的数：正确值是 -1000 时，log(1e-12) = -27.6。",
)
NO_LOG_OF_P = Bilingual(
    "With Z minus its row's maximum: log p = Z - log(sum of exp(Z)). No probability occurs in it.",
    "Z 减去该行最大值之后：log p = Z - log(exp(Z) 之和)，式中不出现概率。",
)

# Ways to keep P away from 0. The checks recognise any power of ten; who put a smaller number there passes more of them,
# and is named after the one that fails the same.
FLOORS = {
    "raised": "P + P.dtype.type(1e-8)",
    "slightly_raised": "P + P.dtype.type(1e-12)",
    "barely_raised": "np.clip(P, 1e-15, 1)",
}
FLOORS_OF_LOG_SOFTMAX = tuple(
    Variant(
        id=f"log_of_{name}_softmax",
        part="softmax",
        source=f"""
def log_softmax(Z):
    P = softmax(Z)
    return np.log({floored})
""",
        explanation=LOG_OF_FLOOR,
        hint=NO_LOG_OF_P,
    )
    for name, floored in FLOORS.items()
)
FLOORS_OF_THE_LOSS = tuple(
    Variant(
        id=f"loss_from_{name}_p",
        part="loss_grad",
        source=f"""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    _, dW, db = _right(W, b, X, y, lam)
    P = softmax(X @ W + b)[np.arange(len(y)), y]
    return float(-np.mean(np.log({floored})) + lam * np.sum(W**2)), dW, db
""",
        explanation=LOG_OF_FLOOR,
        hint=NO_LOG_OF_P,
    )
    for name, floored in FLOORS.items()
)

MISCONCEPTIONS = (
    # softmax
    Variant(
        id="softmax_without_maximum",
        part="softmax",
        source="""
def softmax(Z):
    Z = validated_logits(Z)
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)
""",
        explanation=NO_MAXIMUM,
        hint=SUBTRACT_THE_MAXIMUM,
    ),
    Variant(
        id="softmax_with_global_maximum",
        part="softmax",
        source="""
def softmax(Z):
    Z = validated_logits(Z)
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=1, keepdims=True)
""",
        explanation=GLOBAL_MAXIMUM,
        hint=OWN_MAXIMUM,
    ),
    Variant(
        id="softmax_minus_mean",
        part="softmax",
        source="""
def softmax(Z):
    Z = validated_logits(Z)
    E = np.exp(Z - Z.mean(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
""",
        explanation=Bilingual(
            "You subtract the mean of each row. A logit that lies 710 above the mean still overflows.",
            "你减去的是每一行的平均值。比平均值高 710 的 logit 仍会上溢。",
        ),
        hint=Bilingual(
            "Only the maximum makes sure that no exponent is positive.",
            "只有减去最大值，才能保证所有指数都不是正数。",
        ),
    ),
    Variant(
        id="softmax_of_columns",
        part="softmax",
        source="""
def softmax(Z):
    Z = validated_logits(Z)
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)
""",
        explanation=Bilingual(
            "The columns of your result add up to 1, not its rows: the sum runs over the samples, not over the classes.",
            "你的结果是每一列之和为 1，而不是每一行：求和是对样本做的，而不是对类别。",
        ),
        hint=Bilingual(
            "Rows are samples, so reduce along axis=1, with keepdims=True.",
            "每行是一个样本，所以要沿 axis=1 归约，并加上 keepdims=True。",
        ),
    ),
    Variant(
        id="softmax_of_the_whole_matrix",
        part="softmax",
        source="""
def softmax(Z):
    Z = validated_logits(Z)
    E = np.exp(Z - Z.max())
    return E / E.sum()
""",
        explanation=Bilingual(
            "All your probabilities together add up to 1: you divide by the sum of the whole matrix.",
            "你的所有概率加在一起才等于 1：你除以的是整个矩阵的和。",
        ),
        hint=Bilingual(
            "Every row is a distribution of its own: sum with axis=1, keepdims=True.",
            "每一行自成一个分布：求和时写 axis=1，keepdims=True。",
        ),
    ),
    Variant(
        id="softmax_without_keepdims",
        part="softmax",
        source="""
def softmax(Z):
    Z = validated_logits(Z)
    E = np.exp(Z - Z.max(axis=1))
    return E / E.sum(axis=1)
""",
        explanation=Bilingual(
            "A maximum or a sum of shape (n,) meets the columns, not the rows: NumPy aligns shapes from the right. "
            "With n = K this goes unnoticed and is wrong, otherwise it is an error.",
            "形状为 (n,) 的最大值或总和是与各列而不是各行运算的，因为 NumPy 从右边对齐形状。n = K 时悄无声息地算错，否则报错。",
        ),
        hint=Bilingual(
            "Keep the axis: Z.max(axis=1, keepdims=True) has shape (n, 1), and so must the sum.",
            "保留该轴：Z.max(axis=1, keepdims=True) 的形状是 (n, 1)，求和也一样。",
        ),
    ),
    Variant(
        id="independent_sigmoids",
        part="softmax",
        source="""
def softmax(Z):
    Z = validated_logits(Z)
    return np.exp(-np.logaddexp(0, -Z))
""",
        explanation=Bilingual(
            "You return 1 / (1 + exp(-z)) for every logit by itself. These sigmoids answer K separate questions, and "
            "do not add up to 1.",
            "你对每个 logit 分别返回 1 / (1 + exp(-z))。这样的 sigmoid 回答的是 K 个独立的问题，总和不是 1。",
        ),
        hint=Bilingual(
            "Divide the exponentials of a row by their sum.",
            "用一行的各个指数除以它们的和。",
        ),
    ),
    Variant(
        id="softmax_changes_its_input",
        part="softmax",
        source="""
def softmax(Z):
    Z = validated_logits(Z)
    Z -= Z.max(axis=1, keepdims=True)
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)
""",
        explanation=Bilingual(
            "Z -= ... subtracts in the caller's array: after the call the logits are not what they were.",
            "Z -= ... 是在调用者的数组里做减法：调用之后，logits 已经不是原来的值了。",
        ),
        hint=Bilingual("Write Z = Z - ..., which makes a new array.", "写 Z = Z - ...，它会新建一个数组。"),
    ),
    Variant(
        id="softmax_in_float64",
        part="softmax",
        source="""
def softmax(Z):
    Z = np.asarray(Z, dtype=np.float64)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
""",
        explanation=Bilingual(
            "float32 logits come back as float64 probabilities.",
            "输入 float32 的 logits，返回的却是 float64 的概率。",
        ),
        hint=Bilingual(
            "validated_logits keeps float32; if you compute in float64, convert back with astype(Z.dtype).",
            "validated_logits 会保留 float32；若在内部用 float64 计算，最后用 astype(Z.dtype) 转回来。",
        ),
    ),
    Variant(
        id="log_of_softmax",
        part="softmax",
        source="""
def log_softmax(Z):
    return np.log(softmax(Z))
""",
        explanation=LOG_OF_ZERO,
        hint=NO_LOG_OF_P,
    ),
    *FLOORS_OF_LOG_SOFTMAX,
    Variant(
        id="log_softmax_without_maximum",
        part="softmax",
        source="""
def log_softmax(Z):
    Z = validated_logits(Z)
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
""",
        explanation=NO_MAXIMUM,
        hint=SUBTRACT_THE_MAXIMUM,
    ),
    Variant(
        id="log_softmax_with_global_maximum",
        part="softmax",
        source="""
def log_softmax(Z):
    Z = validated_logits(Z)
    Z = Z - Z.max()
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
""",
        explanation=GLOBAL_MAXIMUM,
        hint=OWN_MAXIMUM,
    ),
    Variant(
        id="maximum_lost_from_the_logarithm",
        part="softmax",
        source="""
def log_softmax(Z):
    Z = validated_logits(Z)
    top = Z.max(axis=1, keepdims=True)
    return Z - np.log(np.exp(Z - top).sum(axis=1, keepdims=True))
""",
        explanation=Bilingual(
            "The maximum is subtracted inside of the logarithm and not outside: your result is too large by it.",
            "最大值只在对数里面减了，外面没有减：你的结果大了一个最大值。",
        ),
        hint=Bilingual(
            "log p = (z - m) - log(sum of exp(z - m)): subtract m from Z once, and use that everywhere.",
            "log p = (z - m) - log(exp(z - m) 之和)：先从 Z 减去 m，之后处处用它。",
        ),
    ),
    # loss_grad, the loss
    Variant(
        id="loss_without_mean",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    _, dW, db = _right(W, b, X, y, lam)
    return float(-log_softmax(X @ W + b)[np.arange(len(y)), y].sum() + lam * np.sum(W**2)), dW, db
""",
        explanation=Bilingual(
            "The cross-entropy in your loss is n times the true one: a sum over the samples, not a mean.",
            "你的损失中的交叉熵是正确值的 n 倍：对样本求了和，而没有取平均。",
        ),
        hint=Bilingual(
            "Divide by the number of samples, len(y); the penalty is not divided.",
            "除以样本数 len(y)；惩罚项不用除。",
        ),
    ),
    Variant(
        id="loss_mean_over_all_entries",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    _, dW, db = _right(W, b, X, y, lam)
    Y = np.eye(W.shape[1], dtype=X.dtype)[y]
    return float(-np.mean(Y * log_softmax(X @ W + b)) + lam * np.sum(W**2)), dW, db
""",
        explanation=Bilingual(
            "The cross-entropy in your loss is the true one divided by K: np.mean runs over all n * K entries of the "
            "matrix, zeros included.",
            "你的损失中的交叉熵是正确值除以 K：np.mean 对矩阵的全部 n * K 个元素取了平均，零也算在内。",
        ),
        hint=Bilingual(
            "Each sample contributes one number: sum over the classes, then take the mean over the samples.",
            "每个样本贡献一个数：先对类别求和，再对样本取平均。",
        ),
    ),
    Variant(
        id="columns_instead_of_entries",
        part="loss_grad",
        source="""
def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    n = len(y)
    log_P = log_softmax(X @ W + b)
    loss = -log_P[:, y].mean() + lam * np.sum(W**2)
    G = np.exp(log_P)
    G[:, y] -= 1
    G /= n
    return float(loss), X.T @ G + 2 * lam * W, G.sum(axis=0)
""",
        explanation=Bilingual(
            "log_P[:, y] takes whole columns: for every sample the classes of all samples, an (n, n) matrix.",
            "log_P[:, y] 取的是整列：对每个样本都取出所有样本的类别，得到 (n, n) 的矩阵。",
        ),
        hint=Bilingual(
            "One entry per row: log_P[np.arange(n), y], and likewise G[np.arange(n), y] -= 1.",
            "每行取一个元素：log_P[np.arange(n), y]；同样地，G[np.arange(n), y] -= 1。",
        ),
    ),
    Variant(
        id="loss_from_log_of_p",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    _, dW, db = _right(W, b, X, y, lam)
    picked = softmax(X @ W + b)[np.arange(len(y)), y]
    return float(-np.mean(np.log(picked)) + lam * np.sum(W**2)), dW, db
""",
        explanation=LOG_OF_ZERO,
        hint=NO_LOG_OF_P,
    ),
    *FLOORS_OF_THE_LOSS,
    Variant(
        id="binary_cross_entropy_per_class",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    _, dW, db = _right(W, b, X, y, lam)
    P = softmax(X @ W + b)
    Y = np.eye(W.shape[1], dtype=X.dtype)[y]
    per_sample = -(Y * np.log(P) + (1 - Y) * np.log(1 - P)).sum(axis=1)
    return float(per_sample.mean() + lam * np.sum(W**2)), dW, db
""",
        explanation=Bilingual(
            "You add -log(1 - p) for the classes that were not observed. That is the loss of K separate yes-no "
            "questions; softmax regression counts the observed class alone.",
            "你还对未观测到的类别加上了 -log(1 - p)。那是 K 个独立的是非问题的损失；softmax 回归只计观测到的那一类。",
        ),
        hint=Bilingual(
            "The loss is the mean of -log p[i, y[i]], and nothing else but the penalty.",
            "损失是 -log p[i, y[i]] 的平均，此外只有惩罚项。",
        ),
    ),
    # loss_grad, overflow in both
    Variant(
        id="no_maximum",
        part="loss_grad",
        source="""
def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    n = len(y)
    observed = np.arange(n), y
    Z = X @ W + b
    P = np.exp(Z)
    total = P.sum(axis=1)
    loss = np.mean(np.log(total) - Z[observed]) + lam * np.sum(W**2)
    P /= total[:, None]
    P[observed] -= 1
    P /= n
    return float(loss), X.T @ P + 2 * lam * W, P.sum(axis=0)
""",
        explanation=NO_MAXIMUM,
        hint=SUBTRACT_THE_MAXIMUM,
    ),
    Variant(
        id="global_maximum",
        part="loss_grad",
        source="""
def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    n = len(y)
    observed = np.arange(n), y
    Z = X @ W + b
    Z -= Z.max()
    P = np.exp(Z)
    total = P.sum(axis=1)
    loss = np.mean(np.log(total) - Z[observed]) + lam * np.sum(W**2)
    P /= total[:, None]
    P[observed] -= 1
    P /= n
    return float(loss), X.T @ P + 2 * lam * W, P.sum(axis=0)
""",
        explanation=GLOBAL_MAXIMUM,
        hint=OWN_MAXIMUM,
    ),
    Variant(
        id="softmax_over_the_samples",
        part="loss_grad",
        source="""
def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    n = len(y)
    Z = X @ W + b
    Z -= Z.max(axis=0)
    log_P = Z - np.log(np.exp(Z).sum(axis=0))
    G = np.exp(log_P)
    G[np.arange(n), y] -= 1
    G /= n
    return float(lam * np.sum(W**2) - log_P[np.arange(n), y].mean()), X.T @ G + 2 * lam * W, G.sum(axis=0)
""",
        explanation=Bilingual(
            "Your softmax runs over the samples (axis 0): the columns of P add up to 1, and not its rows.",
            "你的 softmax 是对样本（axis 0）做的：P 的每一列之和为 1，而不是每一行。",
        ),
        hint=Bilingual(
            "The classes compete for one sample: maximum and sum along axis=1.",
            "相互竞争的是同一个样本的各个类别：最大值与求和都沿 axis=1。",
        ),
    ),
    # loss_grad, the gradient
    Variant(
        id="gradient_without_mean",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    loss, dW, db = _right(W, b, X, y, 0.0)
    return loss + lam * np.sum(W**2), dW * len(y) + 2 * lam * W, db * len(y)
""",
        explanation=Bilingual(
            "X.T @ (P - Y) and the sum of P - Y are n times the true gradient: the loss is a mean, the gradient must "
            "be one, too.",
            "X.T @ (P - Y) 以及 P - Y 之和是正确梯度的 n 倍：损失是平均值，梯度也必须取平均。",
        ),
        hint=Bilingual("Divide P - Y by n before anything else.", "先把 P - Y 除以 n，再做其他运算。"),
    ),
    Variant(
        id="db_without_mean",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    loss, dW, db = _right(W, b, X, y, lam)
    return loss, dW, db * len(y)
""",
        explanation=Bilingual(
            "Your db equals the true one times n, while dW is right: the division by n is missing in db.",
            "你的 db 等于正确值乘以 n，而 dW 是对的：db 漏掉了除以 n。",
        ),
        hint=Bilingual(
            "Divide P - Y by n once, and form both gradients from that.",
            "先把 P - Y 除以 n，再由它得出两个梯度。",
        ),
    ),
    Variant(
        id="gradient_wrong_sign",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    loss, dW, db = _right(W, b, X, y, 0.0)
    return loss + lam * np.sum(W**2), 2 * lam * W - dW, -db
""",
        explanation=Bilingual(
            "Your gradient of the cross-entropy has the wrong sign: it is made of Y - P instead of P - Y.",
            "你的交叉熵梯度正负号反了：用的是 Y - P，而不是 P - Y。",
        ),
        hint=Bilingual(
            "Predicted minus observed. Raising the logit of a wrong class raises the loss, so its derivative is positive.",
            "是“预测减去实际”。提高错误类别的 logit 会增大损失，所以它的导数是正的。",
        ),
    ),
    Variant(
        id="labels_not_subtracted",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    G = softmax(X @ W + b) / len(y)
    return _right(W, b, X, y, lam)[0], X.T @ G + 2 * lam * W, G.sum(axis=0)
""",
        explanation=Bilingual(
            "Your gradient is that of log(sum of exp(z)) alone: what was observed does not occur in it.",
            "你的梯度只是 log(exp(z) 之和) 的梯度：里面没有用到观测到的类别。",
        ),
        hint=Bilingual("G[np.arange(n), y] -= 1 before dividing by n.", "在除以 n 之前，G[np.arange(n), y] -= 1。"),
    ),
    Variant(
        id="softmax_derivative_twice",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    P = softmax(X @ W + b)
    G = (P - np.eye(W.shape[1], dtype=X.dtype)[y]) * P * (1 - P) / len(y)
    return _right(W, b, X, y, lam)[0], X.T @ G + 2 * lam * W, G.sum(axis=0)
""",
        explanation=Bilingual(
            "You multiply P - Y by P * (1 - P). That factor belongs to the squared error; for the cross-entropy the "
            "derivative of the softmax is in P - Y already.",
            "你在 P - Y 上又乘了 P * (1 - P)。这个因子属于平方误差；对交叉熵来说，softmax 的导数已经包含在 P - Y 里了。",
        ),
        hint=Bilingual("Leave the factor out: G = (P - Y) / n.", "去掉这个因子：G = (P - Y) / n。"),
    ),
    Variant(
        id="gradient_transposed",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    loss, dW, db = _right(W, b, X, y, lam)
    return loss, np.ascontiguousarray(dW.T), db
""",
        explanation=Bilingual(
            "Your dW is the transpose of the gradient: a row per class, where W has a column per class.",
            "你的 dW 是梯度的转置：每类一行，而 W 是每类一列。",
        ),
        hint=Bilingual(
            "dW has W's shape (d, K): X.T @ G, not G.T @ X.", "dW 的形状与 W 相同，是 (d, K)：X.T @ G，不是 G.T @ X。"
        ),
    ),
    Variant(
        id="db_keeps_its_axis",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    loss, dW, db = _right(W, b, X, y, lam)
    return loss, dW, db[None, :]
""",
        explanation=Bilingual(
            "Your db has shape (1, K), b has shape (K,). b - rate * db would become a matrix.",
            "你的 db 形状是 (1, K)，而 b 的形状是 (K,)。b - rate * db 会变成矩阵。",
        ),
        hint=Bilingual("Sum with axis=0 and without keepdims.", "求和时写 axis=0，不要加 keepdims。"),
    ),
    # loss_grad, the penalty
    Variant(
        id="penalty_on_the_intercept",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    loss, dW, db = _right(W, b, X, y, lam)
    return float(loss + lam * np.sum(b**2)), dW, db + 2 * lam * b
""",
        explanation=Bilingual(
            "You penalise the intercepts b as well. They only say how frequent the classes are.",
            "你把截距 b 也惩罚了。它们只反映各类别出现的多少。",
        ),
        hint=Bilingual("The penalty holds W alone; db has no term with lam.", "惩罚项只含 W；db 里没有带 lam 的项。"),
    ),
    Variant(
        id="penalty_gradient_without_two",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    loss, dW, db = _right(W, b, X, y, 0.0)
    return float(loss + lam * np.sum(W**2)), dW + lam * W, db
""",
        explanation=Bilingual(
            "The penalty's gradient in your dW is lam * W: the 2 from differentiating the square is missing.",
            "你的 dW 中惩罚项的梯度是 lam * W：对平方求导得到的 2 漏掉了。",
        ),
        hint=Bilingual("The gradient of lam * ||W||^2 is 2 * lam * W.", "lam * ||W||^2 的梯度是 2 * lam * W。"),
    ),
    Variant(
        id="penalty_halved",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    loss, dW, db = _right(W, b, X, y, 0.0)
    return float(loss + lam / 2 * np.sum(W**2)), dW + lam * W, db
""",
        explanation=Bilingual(
            "Your penalty is (lam/2) * ||W||^2, a common convention; here it is lam * ||W||^2.",
            "你的惩罚项是 (lam/2) * ||W||^2，这是一种常见的约定；本课程用的是 lam * ||W||^2。",
        ),
        hint=Bilingual("Drop the 1/2 in the loss, and put the 2 into the gradient.", "损失里去掉 1/2，梯度里补上 2。"),
    ),
    Variant(
        id="penalty_divided_by_n",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    return _right(W, b, X, y, lam / len(y))
""",
        explanation=Bilingual(
            "Your penalty is divided by n. Only the cross-entropy is a mean over the samples.",
            "你的惩罚项除以了 n。只有交叉熵是对样本取的平均。",
        ),
        hint=Bilingual(
            "Add lam * np.sum(W**2) after the mean is taken, and 2 * lam * W after the division by n.",
            "取完平均之后再加 lam * np.sum(W**2)，除以 n 之后再加 2 * lam * W。",
        ),
    ),
    Variant(
        id="penalty_missing_in_the_gradient",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    loss = _right(W, b, X, y, lam)[0]
    return loss, *_right(W, b, X, y, 0.0)[1:]
""",
        explanation=Bilingual(
            "The penalty is in your loss but not in dW.",
            "你的损失里有惩罚项，dW 里却没有。",
        ),
        hint=Bilingual("dW = X.T @ G + 2 * lam * W.", "dW = X.T @ G + 2 * lam * W。"),
    ),
    Variant(
        id="penalty_missing_in_the_loss",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    return _right(W, b, X, y, 0.0)[0], *_right(W, b, X, y, lam)[1:]
""",
        explanation=Bilingual(
            "The penalty is in your dW but not in the loss.",
            "你的 dW 里有惩罚项的梯度，损失里却没有惩罚项。",
        ),
        hint=Bilingual("Add lam * np.sum(W**2) to the loss.", "给损失加上 lam * np.sum(W**2)。"),
    ),
    Variant(
        id="penalty_with_a_root",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    _, dW, db = _right(W, b, X, y, lam)
    return float(_right(W, b, X, y, 0.0)[0] + lam * np.linalg.norm(W)), dW, db
""",
        explanation=Bilingual(
            "Your penalty is lam * ||W||: the norm is not squared.",
            "你的惩罚项是 lam * ||W||：范数没有平方。",
        ),
        hint=Bilingual("np.sum(W**2), or the norm squared.", "用 np.sum(W**2)，或者把范数平方。"),
    ),
    # loss_grad, shapes, types and inputs
    Variant(
        id="classes_counted_from_the_labels",
        part="loss_grad",
        source="""
def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    n = len(y)
    Y = np.eye(y.max() + 1, dtype=X.dtype)[y]
    log_P = log_softmax(X @ W + b)
    loss = -np.sum(Y * log_P) / n + lam * np.sum(W**2)
    G = (np.exp(log_P) - Y) / n
    return float(loss), X.T @ G + 2 * lam * W, G.sum(axis=0)
""",
        explanation=Bilingual(
            "You take y.max() + 1 for the number of classes. If the last class does not occur in y, the one-hot matrix "
            "has too few columns.",
            "你把 y.max() + 1 当作类别数。如果最后一类没有在 y 中出现，独热编码矩阵的列数就不够。",
        ),
        hint=Bilingual("The number of classes is W.shape[1].", "类别数是 W.shape[1]。"),
    ),
    Variant(
        id="classes_renumbered",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    return _right(W, b, X, np.unique(y, return_inverse=True)[1], lam)
""",
        explanation=Bilingual(
            "np.unique numbers the classes that occur in y from 0 on. If one does not occur, the others move into the "
            "wrong columns of W.",
            "np.unique 把 y 中出现的类别从 0 开始重新编号。若有类别没有出现，其他类别就会对应到 W 的错误的列。",
        ),
        hint=Bilingual(
            "The labels are column numbers of W already: use them as they are.", "标签本来就是 W 的列号：直接使用。"
        ),
    ),
    Variant(
        id="gradient_in_float64",
        part="loss_grad",
        source="""
def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y, lam = validated(W, b, X, y, lam)
    Y = np.zeros((len(y), W.shape[1]))
    Y[np.arange(len(y)), y] = 1
    log_P = log_softmax(X @ W + b)
    G = (np.exp(log_P) - Y) / len(y)
    return float(-np.sum(Y * log_P) / len(y) + lam * np.sum(W**2)), X.T @ G + 2 * lam * W, G.sum(axis=0)
""",
        explanation=Bilingual(
            "The gradient of float32 data comes back as float64. np.zeros and np.eye make float64 matrices unless told "
            "otherwise, and what is combined with a float64 array becomes float64.",
            "float32 数据的梯度成了 float64。np.zeros、np.eye 默认生成 float64 矩阵，而与 float64 数组运算的结果也是 float64。",
        ),
        hint=Bilingual(
            "Give one-hot rows dtype=X.dtype, or do without: G[np.arange(n), y] -= 1. If you compute in float64, convert "
            "back with astype(X.dtype).",
            "给独热编码写上 dtype=X.dtype，或者不用它：G[np.arange(n), y] -= 1。若在内部用 float64 计算，"
            "最后用 astype(X.dtype) 转回来。",
        ),
    ),
    Variant(
        id="takes_the_step_itself",
        part="loss_grad",
        source="""
_right = softmax_loss_grad


def softmax_loss_grad(W, b, X, y, lam):
    loss, dW, db = _right(W, b, X, y, lam)
    W -= 0.1 * dW
    b -= 0.1 * db
    return loss, dW, db
""",
        explanation=Bilingual(
            "Your function updates W and b itself. Whoever calls it wants the gradient, and the parameters as they were.",
            "你的函数自己更新了 W 和 b。调用者要的是梯度，参数应保持原样。",
        ),
        hint=Bilingual("Return the gradient and leave W and b alone.", "只返回梯度，不要改动 W 和 b。"),
    ),
    Variant(
        id="labels_unchecked",
        part="loss_grad",
        source="""
def softmax_loss_grad(W, b, X, y, lam):
    W, b, X, y = np.asarray(W), np.asarray(b), np.asarray(X), np.asarray(y)
    n = len(y)
    log_P = log_softmax(X @ W + b)
    loss = -log_P[np.arange(n), y].mean() + lam * np.sum(W**2)
    G = np.exp(log_P)
    G[np.arange(n), y] -= 1
    G /= n
    return float(loss), X.T @ G + 2 * lam * W, G.sum(axis=0)
""",
        explanation=Bilingual(
            "A label -1 is taken for the last class, and labels of shape (n, 1) for n * n entries, without a word.",
            "标签 -1 被当作最后一类，形状为 (n, 1) 的标签被当作 n * n 个元素，而且没有任何提示。",
        ),
        hint=Bilingual("Call `validated` first, as the template does.", "像模板那样，先调用 `validated`。"),
    ),
)
