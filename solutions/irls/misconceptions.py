"""Typical wrong ways to write the assignment. Every one loses points, and is named to whoever hands it in."""

from autograder.judge.variants import Variant
from autograder.text import Bilingual

# A mistake in `sigmoid` or `bce_with_logits` would reach whatever calls them. Here it shall cost its own part alone.
KEEP_LOSS = """
_right_bce = bce_with_logits


def objective(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    return _right_bce(X @ theta, y) + lam * float(theta[1:] @ theta[1:])
"""
KEEP_SIGMOID = """
_right_sigmoid = sigmoid


def gradient(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    grad = X.T @ (_right_sigmoid(X @ theta) - y) / len(y)
    grad[1:] += 2 * lam * theta[1:]
    return grad


def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    z = X @ theta
    H = (X * (_right_sigmoid(z) * _right_sigmoid(-z))[:, None]).T @ X / len(X)
    H[range(1, len(H)), range(1, len(H))] += 2 * lam
    return H
"""
# The same for mistakes in the derivatives, which `irls` calls.
KEEP_DERIVATIVES = """
_right_gradient, _right_hessian, _irls = gradient, hessian, irls


def irls(*args, **kwargs):
    ours = gradient, hessian
    globals().update(gradient=_right_gradient, hessian=_right_hessian)
    try:
        return _irls(*args, **kwargs)
    finally:
        globals().update(gradient=ours[0], hessian=ours[1])
"""

# Newton's method as the reference writes it, with places for a mistake.
NEWTON = """
def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    X, y, lam, theta = validated(X, y, lam, theta0)
    side, history, converged = 2 * y - 1, [objective(theta, X, y, lam)], False
    while True:
        g, H = {derivatives}
        step = np.linalg.solve(H, -g)
        converged = {converged}
        if converged or len(history) > max_iter:
            break
        for halvings in range({halvings}):
            candidate = theta + 0.5**halvings * step
            loss = objective(candidate, X, y, lam)
            if no_higher(loss, {before}, X.dtype):
                break
        else:
            {otherwise}
        theta = candidate
        history.append(loss)
        if {separated}:
            break
    return IRLSResult(np.array(theta), converged, len(history) - 1, history)
"""


def newton(**changes):
    """Return the source of `irls` with some of its expressions changed."""
    usual = {
        "derivatives": "gradient(theta, X, y, lam), hessian(theta, X, y, lam)",
        "converged": "bool(-len(y) * (g @ step) <= tol**2)",
        "halvings": "60",
        "before": "history[-1]",
        "otherwise": "break",
        "separated": "lam == 0 and np.min(side * (X @ theta)) > 0",
    }
    return NEWTON.format(**{**usual, **changes})


MISCONCEPTIONS = (
    # loss
    Variant(
        id="sigmoid_overflows",
        part="loss",
        source=KEEP_SIGMOID
        + """
def sigmoid(z):
    z = as_float(z)
    return np.exp(z) / (1 + np.exp(z))
""",
        explanation=Bilingual(
            "Your sigmoid is exp(z) / (1 + exp(z)): for large z both overflow, and inf / inf is NaN.",
            "你的 sigmoid 写成 exp(z) / (1 + exp(z))：z 很大时分子分母都上溢，而 inf / inf 是 NaN。",
        ),
        hint=Bilingual(
            "Use exp(-|z|), which cannot overflow: 1 / (1 + e) where z >= 0, e / (1 + e) elsewhere; or (1 + tanh(z/2)) / 2.",
            "使用不会上溢的 e = exp(-|z|)：z >= 0 处取 1 / (1 + e)，别处取 e / (1 + e)；或者用 (1 + tanh(z/2)) / 2。",
        ),
    ),
    Variant(
        id="sigmoid_of_minus_z",
        part="loss",
        source=KEEP_SIGMOID
        + """
def sigmoid(z):
    return 1 / (1 + np.exp(as_float(z)))
""",
        explanation=Bilingual(
            "Your sigmoid falls where it should rise: it is sigmoid(-z), the probability of a 0.",
            "你的 sigmoid 该升的地方在降：这是 sigmoid(-z)，即标签为 0 的概率。",
        ),
        hint=Bilingual("The exponent is -z: 1 / (1 + exp(-z)).", "指数是 -z：1 / (1 + exp(-z))。"),
    ),
    Variant(
        id="tanh_for_sigmoid",
        part="loss",
        source=KEEP_SIGMOID
        + """
def sigmoid(z):
    return 0.5 * (1 + np.tanh(as_float(z)))
""",
        explanation=Bilingual(
            "Your sigmoid is twice too steep: (1 + tanh(z)) / 2 is sigmoid(2 z).",
            "你的 sigmoid 陡了一倍：(1 + tanh(z)) / 2 等于 sigmoid(2 z)。",
        ),
        hint=Bilingual("Halve the argument: (1 + tanh(z / 2)) / 2.", "自变量要减半：(1 + tanh(z / 2)) / 2。"),
    ),
    Variant(
        id="sigmoid_always_float64",
        part="loss",
        source=KEEP_SIGMOID
        + """
def sigmoid(z):
    z = np.asarray(z, dtype=np.float64)
    return 0.5 * (1 + np.tanh(0.5 * z))
""",
        explanation=Bilingual(
            "Your sigmoid returns float64 for float32 input.",
            "输入 float32 时，你的 sigmoid 返回 float64。",
        ),
        hint=Bilingual(
            "Keep the dtype that came: `as_float(z)` does, np.asarray(z, dtype=np.float64) does not.",
            "保持输入的数据类型：用 `as_float(z)`，不要用 np.asarray(z, dtype=np.float64)。",
        ),
    ),
    Variant(
        id="loss_of_clipped_probability",
        part="loss",
        source=KEEP_LOSS
        + """
def bce_with_logits(z, y):
    p = np.clip(sigmoid(z), 1e-15, 1 - 1e-15)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
""",
        explanation=Bilingual(
            "You clip the probability (or the logit) before taking the logarithm: no loss can then exceed a bound, 34.5 "
            "where you clip at 1e-15, while a sample at z = -800 with label 1 costs 800.",
            "你在取对数之前截断了概率（或 z）：损失因此有一个上界，例如在 1e-15 处截断时是 34.5，"
            "而 z = -800、标签为 1 的样本损失是 800。",
        ),
        hint=Bilingual(
            "Compute the loss from z: max(z, 0) - y z + log1p(exp(-|z|)).",
            "由 z 计算损失：max(z, 0) - y z + log1p(exp(-|z|))。",
        ),
    ),
    Variant(
        id="loss_of_probability_plus_epsilon",
        part="loss",
        source=KEEP_LOSS
        + """
def bce_with_logits(z, y):
    p = sigmoid(z)
    return float(-np.mean(y * np.log(p + 1e-15) + (1 - y) * np.log(1 - p + 1e-15)))
""",
        explanation=Bilingual(
            "You add a small number inside of the logarithm: no loss can then exceed a bound (34.5 for 1e-15), and small "
            "losses come out wrong, even negative.",
            "你在对数里加了一个小数：损失因此有一个上界（加 1e-15 时是 34.5），而很小的损失会算错，甚至变成负数。",
        ),
        hint=Bilingual(
            "Compute the loss from z: max(z, 0) - y z + log1p(exp(-|z|)).",
            "由 z 计算损失：max(z, 0) - y z + log1p(exp(-|z|))。",
        ),
    ),
    Variant(
        id="loss_of_probability",
        part="loss",
        source=KEEP_LOSS
        + """
def bce_with_logits(z, y):
    p = sigmoid(z)
    return float(-np.mean(np.where(np.asarray(y) == 1, np.log(p), np.log(1 - p))))
""",
        explanation=Bilingual(
            "You take the logarithm of a probability that has been rounded to 0 or 1: the loss becomes infinite or 0.",
            "你对已经舍入成 0 或 1 的概率取对数：损失变成无穷大或 0。",
        ),
        hint=Bilingual(
            "Compute the loss from z: max(z, 0) - y z + log1p(exp(-|z|)).",
            "由 z 计算损失：max(z, 0) - y z + log1p(exp(-|z|))。",
        ),
    ),
    Variant(
        id="loss_overflows",
        part="loss",
        source=KEEP_LOSS
        + """
def bce_with_logits(z, y):
    z = as_float(z)
    return float(np.mean(np.log(1 + np.exp(z)) - y * z))
""",
        explanation=Bilingual(
            "Your loss is log(1 + exp(z)) - y z as it stands: exp(z) overflows beyond z = 709, and for z below -37 it is "
            "lost beside the 1.",
            "你照抄了 log(1 + exp(z)) - y z：z 超过 709 时 exp(z) 上溢，z 小于 -37 时它加在 1 上便消失了。",
        ),
        hint=Bilingual(
            "log(1 + exp(z)) = max(z, 0) + log1p(exp(-|z|)).",
            "log(1 + exp(z)) = max(z, 0) + log1p(exp(-|z|))。",
        ),
    ),
    Variant(
        id="loss_cancels",
        part="loss",
        source=KEEP_LOSS
        + """
def bce_with_logits(z, y):
    z = as_float(z)
    return float(np.mean(np.logaddexp(0, z) - y * z))
""",
        explanation=Bilingual(
            "Large losses are right, small ones are not: at z = 40, y = 1 you subtract 40 from 40, and the loss of "
            "4.2e-18 is gone.",
            "大的损失算对了，小的没有：z = 40、y = 1 时，你用 40 减 40，4.2e-18 的损失就没了。",
        ),
        hint=Bilingual(
            "Subtract y z from max(z, 0) first, which is exact, and add log1p(exp(-|z|)) last.",
            "先从 max(z, 0) 中减去 y z（没有误差），最后再加 log1p(exp(-|z|))。",
        ),
    ),
    Variant(
        id="loss_without_mean",
        part="loss",
        source=KEEP_LOSS
        + """
def bce_with_logits(z, y):
    z = as_float(z)
    return float(np.sum(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))))
""",
        explanation=Bilingual(
            "Your loss equals the true one times n: it is the sum over the samples, not their mean.",
            "你的损失等于正确值乘以 n：这是对样本求和，而不是平均。",
        ),
        hint=Bilingual("Divide by the number of samples.", "除以样本数。"),
    ),
    Variant(
        id="loss_for_plus_minus_one",
        part="loss",
        source=KEEP_LOSS
        + """
def bce_with_logits(z, y):
    return float(np.mean(np.logaddexp(0, -as_float(z) * y)))
""",
        explanation=Bilingual(
            "Your formula is the one for labels -1 and 1. Here a label is 0, and then it gives log 2, whatever z is.",
            "你的公式适用于标签 -1 和 1。这里的标签有 0，此时无论 z 是多少，它都等于 log 2。",
        ),
        hint=Bilingual(
            "Turn the labels into signs first, 2 y - 1, or use the formula for 0 and 1.",
            "先把标签变成符号 2 y - 1，或者使用 0 和 1 的公式。",
        ),
    ),
    # derivatives
    Variant(
        id="gradient_without_mean",
        part="derivatives",
        source=KEEP_DERIVATIVES
        + """
def gradient(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    grad = X.T @ (sigmoid(X @ theta) - y)
    grad[1:] += 2 * lam * theta[1:]
    return grad
""",
        explanation=Bilingual(
            "Your gradient of the loss is n times too large: it is that of the sum over the samples.",
            "你的损失梯度大了 n 倍：这是对样本求和的梯度。",
        ),
        hint=Bilingual("The loss is a mean: divide X^T (p - y) by n.", "损失是平均值：把 X^T (p - y) 除以 n。"),
    ),
    Variant(
        id="gradient_wrong_sign",
        part="derivatives",
        source=KEEP_DERIVATIVES
        + """
def gradient(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    grad = X.T @ (y - sigmoid(X @ theta)) / len(y)
    grad[1:] += 2 * lam * theta[1:]
    return grad
""",
        explanation=Bilingual(
            "The first term of your gradient has the wrong sign: it is the gradient of the log-likelihood, which is to be "
            "maximised, and J is minimised.",
            "你的梯度第一项符号反了：那是要最大化的对数似然的梯度，而 J 是要最小化的。",
        ),
        hint=Bilingual("It is p - y, not y - p.", "应当是 p - y，而不是 y - p。"),
    ),
    Variant(
        id="gradient_penalises_the_intercept",
        part="derivatives",
        source=KEEP_DERIVATIVES
        + """
def gradient(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    return X.T @ (sigmoid(X @ theta) - y) / len(y) + 2 * lam * theta
""",
        explanation=Bilingual(
            "Your gradient penalises the intercept, too: its first entry is off by 2 lam b.",
            "你的梯度把截距也惩罚了：第一个分量差了 2 lam b。",
        ),
        hint=Bilingual("Add 2 lam w to the entries from the second on alone.", "只给第二个及以后的分量加 2 lam w。"),
    ),
    Variant(
        id="gradient_penalty_without_two",
        part="derivatives",
        source=KEEP_DERIVATIVES
        + """
def gradient(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    grad = X.T @ (sigmoid(X @ theta) - y) / len(y)
    grad[1:] += lam * theta[1:]
    return grad
""",
        explanation=Bilingual(
            "The penalty's part of your gradient is half of the true one: here the penalty is lam ||w||^2, without 1/2.",
            "你的梯度中惩罚那一部分只有正确值的一半：这里的惩罚是 lam ||w||^2，没有 1/2。",
        ),
        hint=Bilingual("Its derivative is 2 lam w.", "它的导数是 2 lam w。"),
    ),
    Variant(
        id="gradient_of_least_squares",
        part="derivatives",
        source=KEEP_DERIVATIVES
        + """
def gradient(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    p = sigmoid(X @ theta)
    grad = X.T @ ((p - y) * p * (1 - p)) / len(y)
    grad[1:] += 2 * lam * theta[1:]
    return grad
""",
        explanation=Bilingual(
            "Your gradient has a factor p (1 - p) too many: that is the gradient of squared errors of probabilities, up to "
            "a constant. With the cross-entropy this factor cancels.",
            "你的梯度多了一个因子 p (1 - p)：那是概率的平方误差的梯度（差一个常数）。对交叉熵来说，这个因子恰好约去。",
        ),
        hint=Bilingual("X^T (p - y) / n, and nothing else of p.", "X^T (p - y) / n，不再含 p 的其他因子。"),
    ),
    Variant(
        id="hessian_without_weights",
        part="derivatives",
        source=KEEP_DERIVATIVES
        + """
def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    H = X.T @ X / len(y)
    H[range(1, len(H)), range(1, len(H))] += 2 * lam
    return H
""",
        explanation=Bilingual(
            "Your Hessian is that of least squares, X^T X / n: the weights p (1 - p) are missing.",
            "你的海森矩阵是最小二乘的 X^T X / n：漏掉了权重 p (1 - p)。",
        ),
        hint=Bilingual("Multiply the rows of X by p (1 - p) first.", "先用 p (1 - p) 乘 X 的各行。"),
    ),
    Variant(
        id="hessian_with_weights_p",
        part="derivatives",
        source=KEEP_DERIVATIVES
        + """
def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    H = (X * sigmoid(X @ theta)[:, None]).T @ X / len(y)
    H[range(1, len(H)), range(1, len(H))] += 2 * lam
    return H
""",
        explanation=Bilingual(
            "Your weights are p; the derivative of p is p (1 - p).",
            "你的权重是 p，而 p 的导数是 p (1 - p)。",
        ),
        hint=Bilingual("Use p * (1 - p).", "使用 p * (1 - p)。"),
    ),
    Variant(
        id="hessian_without_mean",
        part="derivatives",
        source=KEEP_DERIVATIVES
        + """
def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    p = sigmoid(X @ theta)
    H = (X * (p * (1 - p))[:, None]).T @ X
    H[range(1, len(H)), range(1, len(H))] += 2 * lam
    return H
""",
        explanation=Bilingual(
            "Your Hessian of the loss is n times too large: it is that of the sum over the samples.",
            "你的损失的海森矩阵大了 n 倍：这是对样本求和的海森矩阵。",
        ),
        hint=Bilingual("The loss is a mean: divide by n.", "损失是平均值：除以 n。"),
    ),
    Variant(
        id="hessian_penalises_the_intercept",
        part="derivatives",
        source=KEEP_DERIVATIVES
        + """
def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    p = sigmoid(X @ theta)
    return (X * (p * (1 - p))[:, None]).T @ X / len(y) + 2 * lam * np.eye(X.shape[1], dtype=X.dtype)
""",
        explanation=Bilingual(
            "Your Hessian has 2 lam on the whole diagonal: the intercept's entry must not have it.",
            "你的海森矩阵在整条对角线上都加了 2 lam：截距对应的元素不该加。",
        ),
        hint=Bilingual("Set the first diagonal entry of the penalty to zero.", "把惩罚矩阵对角线的第一个元素设为零。"),
    ),
    Variant(
        id="hessian_penalty_everywhere",
        part="derivatives",
        source=KEEP_DERIVATIVES
        + """
def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    p = sigmoid(X @ theta)
    H = (X * (p * (1 - p))[:, None]).T @ X / len(y)
    H[1:, 1:] += 2 * lam
    return H
""",
        explanation=Bilingual(
            "You add 2 lam to a whole block of the Hessian; ||w||^2 has second derivatives on the diagonal alone.",
            "你给海森矩阵的整个子块都加了 2 lam，而 ||w||^2 的二阶导数只在对角线上不为零。",
        ),
        hint=Bilingual("Add 2 lam times a diagonal matrix.", "加上 2 lam 乘以一个对角矩阵。"),
    ),
    Variant(
        id="derivatives_always_float64",
        part="derivatives",
        source=KEEP_DERIVATIVES
        + """
def gradient(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    D = np.ones(X.shape[1])
    D[0] = 0
    return X.T @ (sigmoid(X @ theta) - y) / len(y) + 2 * lam * D * theta


def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    p = sigmoid(X @ theta)
    D = np.eye(X.shape[1])
    D[0, 0] = 0
    return (X * (p * (1 - p))[:, None]).T @ X / len(y) + 2 * lam * D
""",
        explanation=Bilingual(
            "float32 data give a float64 result: np.ones and np.eye are float64 unless told otherwise.",
            "float32 的数据得到了 float64 的结果：np.ones 和 np.eye 默认是 float64。",
        ),
        hint=Bilingual("np.eye(d, dtype=X.dtype).", "写 np.eye(d, dtype=X.dtype)。"),
    ),
    Variant(
        id="hessian_scales_callers_matrix",
        part="derivatives",
        source="""
_hessian, _irls = hessian, irls


def irls(X, y, *args, **kwargs):
    return _irls(np.array(X), y, *args, **kwargs)


def gradient(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    grad = X.T @ (sigmoid(X @ theta) - y) / len(y)
    return grad + 2 * lam * np.where(np.arange(len(theta)) > 0, theta, 0).astype(X.dtype)


def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    H = _hessian(theta, X, y, lam)
    X *= np.sqrt(sigmoid(X @ theta))[:, None]
    return H


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    theirs = globals()["hessian"]
    globals()["hessian"] = _hessian
    try:
        return _irls(X, y, lam, theta0, tol, max_iter)
    finally:
        globals()["hessian"] = theirs
""",
        explanation=Bilingual(
            "Your Hessian is right, but X is another one afterwards: `X *= ...` writes into the caller's array.",
            "你的海森矩阵是对的，但调用之后 X 变了：`X *= ...` 改写了调用者的数组。",
        ),
        hint=Bilingual("A = X * s[:, None] makes a new array.", "A = X * s[:, None] 会新建一个数组。"),
    ),
    Variant(
        id="hessian_with_a_big_diagonal_matrix",
        part="derivatives",
        source=KEEP_DERIVATIVES
        + """
def hessian(theta, X, y, lam):
    X, y, lam, theta = validated(X, y, lam, theta)
    p = sigmoid(X @ theta)
    H = X.T @ np.diag(p * (1 - p)) @ X / len(y)
    H[range(1, len(H)), range(1, len(H))] += 2 * lam
    return H
""",
        explanation=Bilingual(
            "You build the diagonal matrix of the weights: n^2 entries, 3 gigabytes for 20000 samples.",
            "你构造了权重的对角矩阵：n^2 个元素，20000 个样本就是 3 GB。",
        ),
        hint=Bilingual(
            "Multiplying by a diagonal matrix is multiplying the rows: X * s[:, None].",
            "乘以对角矩阵就是用权重乘各行：X * s[:, None]。",
        ),
    ),
    # irls
    Variant(
        id="undamped_newton",
        part="irls",
        source=newton(halvings="1", otherwise="pass"),
        explanation=Bilingual(
            "You always take the whole Newton step. Far from the minimum it may overshoot: J rises, and the next step is "
            "worse still.",
            "你总是走整个牛顿步。离最小值点较远时它可能走过头：J 升高，下一步更糟。",
        ),
        hint=Bilingual(
            "While J(theta + t s) is above J(theta), halve t.", "只要 J(theta + t s) 高于 J(theta)，就把 t 减半。"
        ),
    ),
    Variant(
        id="compares_with_the_start",
        part="irls",
        source=newton(before="history[0]"),
        explanation=Bilingual(
            "You compare J after a step with J at the start, and not with J before this step: once J has fallen, it may rise "
            "again up to where it began.",
            "你把走一步之后的 J 与起点处的 J 比较，而不是与这一步之前的 J 比较：J 降下去之后，还可能一直升回到起点的高度。",
        ),
        hint=Bilingual("Compare with the last entry of history.", "与 history 的最后一项比较。"),
    ),
    Variant(
        id="gradient_descent_with_a_false_count",
        part="irls",
        source="""
_newton = irls


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    # Gradient descent, a few hundred steps for each "iteration", which claims to have made seven.
    X, y, lam, theta = validated(X, y, lam, theta0)
    d = X.shape[1]
    rate = 1 / (np.linalg.norm(X, 2) ** 2 / (4 * len(y)) + 2 * lam)
    history = [objective(theta, X, y, lam)]
    for k in range(min(max_iter, 8)):
        for _ in range(400 if max_iter > 1 else 1):
            theta = theta - X.dtype.type(rate) * gradient(theta, X, y, lam)
        history.append(objective(theta, X, y, lam))
        if lam == 0 and np.all((2 * y - 1) * (X @ theta) > 0):
            return IRLSResult(theta, False, k + 1, history)
    converged = bool(np.linalg.norm(gradient(theta, X, y, lam)) < 1e-3)
    return IRLSResult(theta, converged, len(history) - 1, history)
""",
        explanation=Bilingual(
            "Your step goes along the gradient. However many of them you make within one iteration, this is gradient "
            "descent, and not Newton's method.",
            "你的步子沿着梯度方向。不管一次迭代里走多少步，这都是梯度下降，而不是牛顿法。",
        ),
        hint=Bilingual("Solve H s = -g and step along s.", "解 H s = -g，沿 s 走。"),
    ),
    Variant(
        id="gradient_descent",
        part="irls",
        source="""
def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    # Gradient steps, honestly counted but for the fiftieth, which stands for as many as anybody has the patience for.
    X, y, lam, theta = validated(X, y, lam, theta0)
    history, rate, g = [objective(theta, X, y, lam)], 1.0, gradient(theta, X, y, lam)

    def far(g):
        return len(y) * (g @ np.linalg.solve(hessian(theta, X, y, lam), g)) > max(tol, 1e-8) ** 2

    for k in range(max_iter):
        if lam == 0 and np.all((2 * y - 1) * (X @ theta) > 0) or not far(g):
            break
        rate, loss = 2 * rate, np.inf
        while rate > 1e-15 and not loss <= history[-1] - 0.5 * rate * (g @ g):
            rate = rate / 2
            loss = objective(theta - X.dtype.type(rate) * g, X, y, lam)
        step = -X.dtype.type(rate) * g
        lowest, theta = theta, theta + step
        for _ in range(3000 if k == 49 else 0):  # Barzilai and Borwein's step sizes
            before, g = g, gradient(theta, X, y, lam)
            if not (g - before) @ step > 0 or not np.isfinite(theta).all():
                break
            step = -(step @ step) / ((g - before) @ step) * g
            theta = theta + step
        if not objective(theta, X, y, lam) <= history[-1]:
            theta = lowest
        g = gradient(theta, X, y, lam)
        history.append(objective(theta, X, y, lam))
    separated = lam == 0 and np.all((2 * y - 1) * (X @ theta) > 0)
    return IRLSResult(theta, bool(not separated and not far(g)), len(history) - 1, history)
""",
        explanation=Bilingual(
            "Your step goes along the gradient: this is gradient descent, and not Newton's method. Where columns differ in "
            "size or go together, thousands of such steps do not reach what five of Newton's do.",
            "你的步子沿着梯度方向：这是梯度下降，而不是牛顿法。各列大小不同或彼此相关时，几千步也到不了牛顿法五步所到之处。",
        ),
        hint=Bilingual("Solve H s = -g and step along s.", "解 H s = -g，沿 s 走。"),
    ),
    Variant(
        id="hessian_computed_once",
        part="irls",
        source=newton(derivatives="gradient(theta, X, y, lam), hessian(_start, X, y, lam)").replace(
            "    while True:", "    _start = theta\n    while True:"
        ),
        explanation=Bilingual(
            "You compute the Hessian at the start alone, and go on with it. The weights p (1 - p) change, and with an old "
            "Hessian the number of right digits no longer doubles from step to step.",
            "你只在起点计算一次海森矩阵，之后一直用它。权重 p (1 - p) 是变的；用旧的海森矩阵，正确的位数就不再每步翻一番。",
        ),
        hint=Bilingual("Compute the Hessian again in every step.", "每一步都重新计算海森矩阵。"),
    ),
    Variant(
        id="small_curvature_taken_for_none",
        part="irls",
        source=newton().replace("np.linalg.solve(H, -g)", "np.linalg.lstsq(H, -g, rcond=None)[0]"),
        explanation=Bilingual(
            "You solve for the step with lstsq or pinv, which take small singular values for zero. A column of very small "
            "numbers is then left out: its entry of theta stays at the start.",
            "你用 lstsq 或 pinv 求步长，它们把很小的奇异值当作零。数值很小的列因此被漏掉：theta 的那个分量停在起点。",
        ),
        hint=Bilingual(
            "Use np.linalg.solve, or scale the columns before you solve.",
            "使用 np.linalg.solve，或者在求解之前先缩放各列。",
        ),
    ),
    Variant(
        id="max_iter_ignored",
        part="irls",
        source="""
_newton = irls


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    return _newton(X, y, lam, theta0, tol, 100)
""",
        explanation=Bilingual(
            "You do not stop after `max_iter` steps: asked for one, you make them all.",
            "走了 `max_iter` 步之后你没有停：要求走一步，你却一直走到底。",
        ),
        hint=Bilingual("Let the loop end after max_iter steps.", "让循环在 max_iter 步之后结束。"),
    ),
    Variant(
        id="theta0_ignored",
        part="irls",
        source="""
_newton = irls


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    return _newton(X, y, lam, None, tol, max_iter)
""",
        explanation=Bilingual(
            "You start from zeros, whatever `theta0` says.",
            "不管 `theta0` 是什么，你都从零出发。",
        ),
        hint=Bilingual("Zeros are for theta0=None alone.", "只有 theta0=None 时才从零出发。"),
    ),
    Variant(
        id="penalised_intercept",
        part="irls",
        source=newton(
            derivatives="(gradient(theta, X, y, lam) + 2 * lam * theta * (np.arange(len(theta)) == 0).astype(X.dtype), "
            "hessian(theta, X, y, lam) + 2 * lam * np.diag(np.arange(len(theta)) == 0).astype(X.dtype))"
        ).replace("objective(", "_objective(")
        + """
def _objective(theta, X, y, lam):
    return objective(theta, X, y, lam) + lam * float(theta[0]) ** 2
""",
        explanation=Bilingual(
            "You penalise the intercept as well: your theta minimises the loss + lam (b^2 + ||w||^2).",
            "你把截距也惩罚了：你的 theta 使损失 + lam (b^2 + ||w||^2) 最小。",
        ),
        hint=Bilingual("The penalty is lam ||w||^2 with w = theta[1:].", "惩罚项是 lam ||w||^2，其中 w = theta[1:]。"),
    ),
    Variant(
        id="lam_with_half",
        part="irls",
        source="""
_newton = irls


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    return _newton(X, y, lam / 2, theta0, tol, max_iter)
""",
        explanation=Bilingual(
            "Your theta minimises the loss + (lam/2) ||w||^2: the penalty here has no 1/2.",
            "你的 theta 使损失 + (lam/2) ||w||^2 最小：这里的惩罚项没有 1/2。",
        ),
        hint=Bilingual("Gradient 2 lam w, Hessian 2 lam.", "梯度是 2 lam w，海森矩阵是 2 lam。"),
    ),
    Variant(
        id="lam_for_the_sum",
        part="irls",
        source="""
_newton = irls


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    return _newton(X, y, lam / len(y), theta0, tol, max_iter)
""",
        explanation=Bilingual(
            "Your penalty is n times too weak: it is added to the sum of the losses, and here it is added to their mean.",
            "你的惩罚弱了 n 倍：你把它加在损失之和上，而这里是加在平均损失上。",
        ),
        hint=Bilingual(
            "With X^T (p - y) and X^T S X undivided, the penalty's parts are 2 n lam w and 2 n lam.",
            "若 X^T (p - y) 和 X^T S X 不除以 n，惩罚的部分就是 2 n lam w 和 2 n lam。",
        ),
    ),
    Variant(
        id="hessian_step_without_lam",
        part="irls",
        source=newton(derivatives="gradient(theta, X, y, lam), hessian(theta, X, y, 0.0)"),
        explanation=Bilingual(
            "Your gradient knows lam, the Hessian of your step does not: the steps are too long, and Newton's speed is lost.",
            "你的梯度含有 lam，而步长所用的海森矩阵没有：步子过长，失去了牛顿法的速度。",
        ),
        hint=Bilingual(
            "Both derivatives are of the same J: add 2 lam to the Hessian.",
            "两个导数属于同一个 J：海森矩阵要加 2 lam。",
        ),
    ),
    Variant(
        id="fixed_hessian_bound",
        part="irls",
        source=newton(derivatives="gradient(theta, X, y, lam), X.T @ X / (4 * len(y)) + hessian(theta, 0 * X, y, lam)"),
        explanation=Bilingual(
            "Your Hessian is X^T X / (4 n), with weights 1/4 for all samples: that is right at theta = 0 alone. Elsewhere "
            "the steps are too short.",
            "你的海森矩阵是 X^T X / (4 n)，所有样本的权重都是 1/4：这只在 theta = 0 处正确，在别处步子太短。",
        ),
        hint=Bilingual(
            "The weights p (1 - p) change from step to step: compute them again in every iteration.",
            "权重 p (1 - p) 每步都在变：每次迭代都要重新计算。",
        ),
    ),
    Variant(
        id="fails_on_separable_data",
        part="irls",
        source=newton(
            derivatives="gradient(theta, X, y, lam), _naive_hessian(theta, X, y, lam)",
            separated="False",
        )
        + """
def _naive_hessian(theta, X, y, lam):
    p = sigmoid(X @ theta)
    D = np.diag(np.arange(X.shape[1]) > 0).astype(X.dtype)
    return (X * (p * (1 - p))[:, None]).T @ X / len(y) + 2 * lam * D
""",
        explanation=Bilingual(
            "On separable data your steps go on until the Hessian is singular to working precision, and then the solver "
            "raises an exception.",
            "数据可分时，你一直走到海森矩阵在数值上奇异为止，然后解方程时抛出了异常。",
        ),
        hint=Bilingual(
            "Stop once all samples are on their right side and lam = 0, or catch the exception.",
            "当所有样本都在正确的一侧且 lam = 0 时停下，或者捕获这个异常。",
        ),
    ),
    Variant(
        id="small_gradient_on_separable_data",
        part="irls",
        source=newton(separated="False", converged="bool(np.linalg.norm(g) <= tol)"),
        explanation=Bilingual(
            "You take a small gradient for convergence. On separable data the gradient tends to zero although there is no "
            "minimum.",
            "你把梯度小当作收敛。数据可分时，尽管没有最小值点，梯度也趋于零。",
        ),
        hint=Bilingual(
            "If theta puts every sample on its right side and lam = 0, nothing has converged.",
            "若 theta 把每个样本都放在正确的一侧，而 lam = 0，那就没有收敛。",
        ),
    ),
    Variant(
        id="stops_where_the_loss_hardly_changes",
        part="irls",
        source=newton(
            converged="(-len(y) * (g @ step) <= tol**2 or len(history) > 3 and history[-2] - history[-1] <= 1e-3 * history[-1]) "
            "and not (lam == 0 and np.min(side * (X @ theta)) > 0)"
        ),
        explanation=Bilingual(
            "You stop where J changes by less than a thousandth: one step too early. At a minimum J is flat, so theta is still "
            "far off when J hardly changes.",
            "你在 J 的变化小于千分之一时就停下，早了一步。最小值点附近 J 很平，J 几乎不变时 theta 还差得远。",
        ),
        hint=Bilingual("Stop by sqrt(n g^T H^-1 g) <= tol.", "按 sqrt(n g^T H^-1 g) <= tol 停止。"),
    ),
    Variant(
        id="history_without_the_start",
        part="irls",
        source="""
_newton = irls


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    result = _newton(X, y, lam, theta0, tol, max_iter)
    return result._replace(history=result.history[1:] or result.history)
""",
        explanation=Bilingual(
            "Your history begins after the first step: J at the start is missing.",
            "你的 history 从第一步之后开始：缺了起点处的 J。",
        ),
        hint=Bilingual(
            "Append J(theta) once before the loop: n_iter + 1 numbers.",
            "循环之前先记录一次 J(theta)：共 n_iter + 1 个数。",
        ),
    ),
    Variant(
        id="history_without_penalty",
        part="irls",
        source="""
_newton = irls


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    result = _newton(X, y, lam, theta0, tol, max_iter)
    theta, losses = validated(X, y, lam, theta0)[3], []
    for k in range(len(result.history)):
        losses.append(objective(theta, X, y, 0.0))
        theta = _newton(X, y, lam, theta0, tol, k + 1).theta
    return result._replace(history=losses)
""",
        explanation=Bilingual(
            "Your history holds the cross-entropy alone: J includes the penalty lam ||w||^2.",
            "你的 history 只有交叉熵：J 还包括惩罚项 lam ||w||^2。",
        ),
        hint=Bilingual("Append objective(theta, X, y, lam).", "记录 objective(theta, X, y, lam)。"),
    ),
    Variant(
        id="writes_into_theta0",
        part="irls",
        source="""
_newton = irls


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    result = _newton(X, y, lam, theta0, tol, max_iter)
    if isinstance(theta0, np.ndarray) and theta0.dtype.kind == "f" and max_iter > 1:
        theta0 += result.theta - theta0
    return result
""",
        explanation=Bilingual(
            "After the call theta0 is another array: `theta += step` writes into it.",
            "调用之后 theta0 变了：`theta += step` 改写了它。",
        ),
        hint=Bilingual(
            "Write theta = theta + step, or begin with a copy.", "写 theta = theta + step，或者先复制一份。"
        ),
    ),
    Variant(
        id="theta_always_float64",
        part="irls",
        source="""
_newton = irls


def irls(X, y, lam=0.0, theta0=None, tol=1e-8, max_iter=50):
    X, y, lam, theta0 = validated(X, y, lam, theta0)
    return _newton(X.astype(np.float64), y, lam, theta0, tol, max_iter)
""",
        explanation=Bilingual(
            "float32 data give you a float64 theta.",
            "float32 的数据得到了 float64 的 theta。",
        ),
        hint=Bilingual(
            "Begin with np.zeros(d, dtype=X.dtype), as `validated` does.",
            "像 `validated` 那样，从 np.zeros(d, dtype=X.dtype) 开始。",
        ),
    ),
    # odds_ratios
    Variant(
        id="symmetric_interval",
        part="odds_ratios",
        source="""
def odds_ratios(theta, cov):
    theta = as_float(theta)
    ratios, error = np.exp(theta[1:]), np.sqrt(np.diag(np.asarray(cov, theta.dtype))[1:])
    half = Z95 * ratios * error
    return ratios, np.column_stack([ratios - half, ratios + half])
""",
        explanation=Bilingual(
            "Your intervals are symmetric about the odds ratio: that is the interval of a normal variable, and log odds "
            "ratios are nearly normal, not odds ratios. The lower end may even be negative.",
            "你的区间以几率比为中心：那是正态变量的区间，而近似服从正态分布的是几率比的对数。下端点甚至可能为负。",
        ),
        hint=Bilingual(
            "Form w - 1.96 s and w + 1.96 s first, then take exp of both.",
            "先求 w - 1.96 s 和 w + 1.96 s，再对两者取 exp。",
        ),
    ),
    Variant(
        id="variance_for_standard_error",
        part="odds_ratios",
        source="""
def odds_ratios(theta, cov):
    theta = as_float(theta)
    w, error = theta[1:], np.diag(np.asarray(cov, theta.dtype))[1:]
    return np.exp(w), np.exp(np.column_stack([w - Z95 * error, w + Z95 * error]))
""",
        explanation=Bilingual(
            "You use the variances, the diagonal of cov, as standard errors: their square roots are.",
            "你把 cov 的对角线（方差）当作标准误：标准误是它们的平方根。",
        ),
        hint=Bilingual("np.sqrt(np.diag(cov)).", "np.sqrt(np.diag(cov))。"),
    ),
    Variant(
        id="intercept_among_the_ratios",
        part="odds_ratios",
        source="""
def odds_ratios(theta, cov):
    theta = as_float(theta)
    error = np.sqrt(np.diag(np.asarray(cov, theta.dtype)))
    return np.exp(theta), np.exp(np.column_stack([theta - Z95 * error, theta + Z95 * error]))
""",
        explanation=Bilingual(
            "You return the intercept, too: exp(b) is the odds at x = 0, and not a ratio of odds.",
            "你把截距也返回了：exp(b) 是 x = 0 处的几率，不是几率之比。",
        ),
        hint=Bilingual(
            "Leave out the first entry: shapes (d - 1,) and (d - 1, 2).",
            "去掉第一个分量：形状是 (d - 1,) 和 (d - 1, 2)。",
        ),
    ),
    Variant(
        id="log_odds_ratios",
        part="odds_ratios",
        source="""
def odds_ratios(theta, cov):
    theta = as_float(theta)
    w, error = theta[1:].copy(), np.sqrt(np.diag(np.asarray(cov, theta.dtype))[1:])
    return w, np.column_stack([w - Z95 * error, w + Z95 * error])
""",
        explanation=Bilingual(
            "You return the logarithms of the odds ratios, the weights themselves.",
            "你返回的是几率比的对数，也就是权重本身。",
        ),
        hint=Bilingual("Take exp of w and of both ends.", "对 w 和两个端点取 exp。"),
    ),
    Variant(
        id="ninety_percent_interval",
        part="odds_ratios",
        source="""
def odds_ratios(theta, cov):
    theta = as_float(theta)
    w, error = theta[1:], np.sqrt(np.diag(np.asarray(cov, theta.dtype))[1:])
    return np.exp(w), np.exp(np.column_stack([w - 1.6448536 * error, w + 1.6448536 * error]))
""",
        explanation=Bilingual(
            "Your intervals are those of 90 %: 1.645 leaves 5 % on each side, and both sides together may have 5 %.",
            "你的区间是 90% 的：1.645 使两侧各剩 5%，而两侧合计才应是 5%。",
        ),
        hint=Bilingual("1.96 leaves 2.5 % on each side.", "用 1.96，两侧各剩 2.5%。"),
    ),
    Variant(
        id="intervals_as_rows",
        part="odds_ratios",
        source="""
def odds_ratios(theta, cov):
    theta = as_float(theta)
    w, error = theta[1:], np.sqrt(np.diag(np.asarray(cov, theta.dtype))[1:])
    return np.exp(w), np.exp(np.array([w - Z95 * error, w + Z95 * error]))
""",
        explanation=Bilingual(
            "Your intervals have shape (2, d - 1): one row for the lower ends and one for the upper ones.",
            "你的 intervals 形状是 (2, d - 1)：一行是下端点，一行是上端点。",
        ),
        hint=Bilingual(
            "np.column_stack([low, high]) has one row per column of X.",
            "np.column_stack([low, high]) 每行对应 X 的一列。",
        ),
    ),
)
