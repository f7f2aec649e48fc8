"""Typical wrong ways to write the assignment. Every one loses points, and is named to whoever hands it in."""

from autograder.judge.variants import Variant
from autograder.text import Bilingual

# The same mistake in two orders of multiplication, whose rounding errors differ.
EXPLICIT_INVERSE = Bilingual(
    "You multiply by a computed inverse of X.T @ X. On ill-conditioned data its rounding errors are multiplied by the "
    "condition number of X.T @ X, and the residual is no longer orthogonal to X.",
    "你用算出的 X.T @ X 的逆矩阵相乘。数据病态时，它的舍入误差被 X.T @ X 的条件数放大，残差不再与 X 的各列正交。",
)
SOLVE_NEVER_INVERT = Bilingual(
    "np.linalg.solve(X.T @ X, X.T @ y): solve, never invert.",
    "用 np.linalg.solve(X.T @ X, X.T @ y)：要解方程，不要求逆。",
)

MISCONCEPTIONS = (
    # mse
    Variant(
        id="loss_without_mean",
        part="mse",
        source="""
def mse_loss(theta, X, y):
    X, y = validated(X, y)
    return float(np.sum((y - X @ theta) ** 2))
""",
        explanation=Bilingual(
            "Your loss equals the true one times n: it is the sum of the squared residuals, not their mean.",
            "你的损失等于正确值乘以 n：这是残差平方之和，而不是平均。",
        ),
        hint=Bilingual("Divide the sum by the number of samples, len(y).", "把总和除以样本数 len(y)。"),
    ),
    Variant(
        id="loss_with_half",
        part="mse",
        source="""
def mse_loss(theta, X, y):
    X, y = validated(X, y)
    return float(np.mean((y - X @ theta) ** 2) / 2)
""",
        explanation=Bilingual(
            "Your loss is half the true one: it is 1/(2n) times the sum of squares, where this course uses 1/n.",
            "你的损失是正确值的一半：系数用了 1/(2n)，而本课程用 1/n。",
        ),
        hint=Bilingual(
            "Drop the factor 1/2, and make sure that the gradient has the factor 2/n.",
            "去掉系数 1/2，并确认梯度的系数是 2/n。",
        ),
    ),
    Variant(
        id="loss_root",
        part="mse",
        source="""
def mse_loss(theta, X, y):
    X, y = validated(X, y)
    return float(np.sqrt(np.mean((y - X @ theta) ** 2)))
""",
        explanation=Bilingual(
            "Your loss is the square root of the true one: that is the root mean squared error (RMSE).",
            "你的损失是正确值的平方根：那是均方根误差（RMSE）。",
        ),
        hint=Bilingual("Leave out the square root.", "去掉开平方。"),
    ),
    Variant(
        id="gradient_without_mean",
        part="mse",
        source="""
def mse_grad(theta, X, y):
    X, y = validated(X, y)
    return 2 * X.T @ (X @ np.asarray(theta, X.dtype) - y)
""",
        explanation=Bilingual(
            "Your gradient equals the true one times n: the mean over the samples is missing.",
            "你的梯度等于正确值乘以 n：没有对样本取平均。",
        ),
        hint=Bilingual(
            "The loss is a mean, so its gradient carries the same factor 1/n.",
            "损失是平均值，所以它的梯度也带有同样的系数 1/n。",
        ),
    ),
    Variant(
        id="gradient_without_two",
        part="mse",
        source="""
def mse_grad(theta, X, y):
    X, y = validated(X, y)
    return X.T @ (X @ np.asarray(theta, X.dtype) - y) / X.dtype.type(len(y))
""",
        explanation=Bilingual(
            "Your gradient is half the true one: the 2 from differentiating the square is missing.",
            "你的梯度是正确值的一半：对平方求导得到的 2 漏掉了。",
        ),
        hint=Bilingual(
            "The factor is 2/n. Only a loss with 1/(2n) has a gradient with 1/n.",
            "系数是 2/n。只有损失用 1/(2n) 时，梯度的系数才是 1/n。",
        ),
    ),
    Variant(
        id="gradient_neither_two_nor_mean",
        part="mse",
        source="""
def mse_grad(theta, X, y):
    X, y = validated(X, y)
    return X.T @ (X @ np.asarray(theta, X.dtype) - y)
""",
        explanation=Bilingual(
            "Your gradient equals the true one times n/2: the factor 2/n is missing.",
            "你的梯度等于正确值乘以 n/2：漏掉了系数 2/n。",
        ),
        hint=Bilingual(
            "Differentiate (1/n) * ||y - X theta||^2 again, and keep both the 2 and the 1/n.",
            "重新对 (1/n) * ||y - X theta||^2 求导，2 和 1/n 都要保留。",
        ),
    ),
    Variant(
        id="gradient_wrong_sign",
        part="mse",
        source="""
def mse_grad(theta, X, y):
    X, y = validated(X, y)
    return X.T @ (y - X @ np.asarray(theta, X.dtype)) * (2 / len(y))
""",
        explanation=Bilingual(
            "Your gradient is the negative of the true one: it points downhill, a gradient points uphill.",
            "你的梯度与正确值相差一个负号：它指向下降方向，而梯度指向上升方向。",
        ),
        hint=Bilingual(
            "The residual y - X theta has the derivative -X: the result is X^T (X theta - y).",
            "残差 y - X theta 对 theta 的导数是 -X，所以结果是 X^T (X theta - y)。",
        ),
    ),
    Variant(
        id="targets_broadcast",
        part="mse",
        source="""
def mse_loss(theta, X, y):
    residual = np.asarray(y) - np.asarray(X) @ np.asarray(theta)
    return float(np.mean(residual**2))


def mse_grad(theta, X, y):
    residual = np.asarray(X) @ np.asarray(theta) - np.asarray(y)
    return np.asarray(X).T @ residual * (2 / len(y))
""",
        explanation=Bilingual(
            "A y of shape (n, 1) minus predictions of shape (n,) is silently broadcast to an (n, n) matrix, and the "
            "mean runs over n^2 differences.",
            "形状 (n, 1) 的 y 减去形状 (n,) 的预测值，会不声不响地广播成 (n, n) 矩阵，于是对 n^2 个差取了平均。",
        ),
        hint=Bilingual(
            "Call `validated(X, y)` first, or check y.ndim yourself.",
            "先调用 `validated(X, y)`，或者自己检查 y.ndim。",
        ),
    ),
    # normal_equation
    Variant(
        id="explicit_inverse",
        part="normal_equation",
        source="""
def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    return np.linalg.inv(X.T @ X) @ X.T @ y
""",
        explanation=EXPLICIT_INVERSE,
        hint=SOLVE_NEVER_INVERT,
    ),
    Variant(
        id="explicit_inverse_times_vector",
        part="normal_equation",
        source="""
def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    return np.linalg.inv(X.T @ X) @ (X.T @ y)
""",
        explanation=EXPLICIT_INVERSE,
        hint=SOLVE_NEVER_INVERT,
    ),
    Variant(
        id="pseudoinverse_of_gram",
        part="normal_equation",
        source="""
def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    return np.linalg.pinv(X.T @ X) @ X.T @ y
""",
        explanation=Bilingual(
            "You use the pseudoinverse of X.T @ X. Its singular values are the squares of those of X, so its accuracy "
            "on ill-conditioned data is that of an explicit inverse.",
            "你用了 X.T @ X 的伪逆。它的奇异值是 X 的奇异值的平方，因此数据病态时，精度与显式求逆一样差。",
        ),
        hint=Bilingual(
            "np.linalg.pinv(X) @ y would be sound; np.linalg.solve(X.T @ X, X.T @ y) is sound and faster.",
            "np.linalg.pinv(X) @ y 是可靠的；np.linalg.solve(X.T @ X, X.T @ y) 既可靠又更快。",
        ),
    ),
    Variant(
        id="second_column_of_ones",
        part="normal_equation",
        source="""
def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    X = np.hstack([np.ones((len(X), 1), dtype=X.dtype), X])
    return np.linalg.solve(X.T @ X, X.T @ y)
""",
        explanation=Bilingual(
            "You add a column of ones, but X already holds it: the answer gets one entry too many, and X.T @ X is "
            "singular or nearly so.",
            "你又添加了一列 1，而 X 已经包含它：答案多出一个分量，X.T @ X 奇异或接近奇异。",
        ),
        hint=Bilingual(
            "In normal_equation, take X as it is. Only ridge and LinearRegression add an intercept.",
            "在 normal_equation 中直接使用 X。只有 ridge 和 LinearRegression 需要添加截距。",
        ),
    ),
    Variant(
        id="column_answer",
        part="normal_equation",
        source="""
def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    return np.linalg.solve(X.T @ X, X.T @ y.reshape(len(y), -1))
""",
        explanation=Bilingual(
            "For a y of shape (n,) you return theta of shape (d, 1). The values are right, but X @ theta then has "
            "shape (n, 1), and y - X @ theta is broadcast to (n, n).",
            "y 的形状是 (n,) 时，你返回的 theta 形状是 (d, 1)。数值正确，但此时 X @ theta 的形状是 (n, 1),"
            "y - X @ theta 会广播成 (n, n)。",
        ),
        hint=Bilingual(
            "Do not reshape y: np.linalg.solve takes a vector as well as a matrix.",
            "不要改变 y 的形状：np.linalg.solve 既接受向量也接受矩阵。",
        ),
    ),
    Variant(
        id="always_float64",
        part="normal_equation",
        source="""
def normal_equation(X, y):
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)
    return np.linalg.solve(X.T @ X, X.T @ y)
""",
        explanation=Bilingual(
            "float32 data comes back as float64: the values are right, the dtype is not.",
            "输入 float32 的数据，返回的却是 float64：数值正确，dtype 不对。",
        ),
        hint=Bilingual(
            "Return float32 for float32 input; computing in float64 inside is fine if you cast back.",
            "输入为 float32 时应返回 float32；内部用 float64 计算也可以，只要最后转换回来。",
        ),
    ),
    Variant(
        id="jitter_on_the_diagonal",
        part="normal_equation",
        source="""
def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    return np.linalg.solve(X.T @ X + 1e-8 * np.eye(X.shape[1], dtype=X.dtype), X.T @ y)
""",
        explanation=Bilingual(
            "You add 1e-8 to the diagonal of X.T @ X 'for stability'. That solves a ridge problem, not least squares, "
            "and on ill-conditioned data the two differ visibly.",
            "你为了“稳定”在 X.T @ X 的对角线上加了 1e-8。这样解的是岭回归，而不是最小二乘；数据病态时两者差别明显。",
        ),
        hint=Bilingual(
            "Leave X.T @ X as it is. Regularization belongs in ridge, where its strength is the caller's choice.",
            "不要改动 X.T @ X。正则化属于 ridge，强度由调用者决定。",
        ),
    ),
    Variant(
        id="scales_callers_matrix",
        part="normal_equation",
        source="""
def normal_equation(X, y):
    X, y = validated(X, y, several=True)
    size = np.linalg.norm(X, axis=0)
    X /= size
    return (np.linalg.solve(X.T @ X, X.T @ y).T / size).T
""",
        explanation=Bilingual(
            "You scale the columns in place (X /= ...), and so change the caller's matrix.",
            "你原地缩放各列（X /= ...），从而改写了调用者的矩阵。",
        ),
        hint=Bilingual("Write Z = X / size, which makes a new array.", "写 Z = X / size，这会新建一个数组。"),
    ),
    # qr
    Variant(
        id="normal_equation_in_qr_part",
        part="qr",
        source="""
def lstsq_qr(X, y):
    X, y = validated(X, y, several=True)
    return np.linalg.solve(X.T @ X, X.T @ y)
""",
        explanation=Bilingual(
            "This is the normal equation: forming X.T @ X squares the condition number, and theta loses twice as many "
            "digits as it must.",
            "这是正规方程：构造 X.T @ X 会使条件数平方，theta 丢失的位数是不可避免的两倍。",
        ),
        hint=Bilingual(
            "Q, R = np.linalg.qr(X), then solve R theta = Q^T y.",
            "先 Q, R = np.linalg.qr(X)，再解 R theta = Q^T y。",
        ),
    ),
    Variant(
        id="seminormal_equation",
        part="qr",
        source="""
def lstsq_qr(X, y):
    X, y = validated(X, y, several=True)
    R = np.linalg.qr(X, mode="r")
    return np.linalg.solve(R, np.linalg.solve(R.T, X.T @ y))
""",
        explanation=Bilingual(
            "You solve R^T R theta = X^T y. R^T R is X^T X, so the condition number is squared all the same.",
            "你解的是 R^T R theta = X^T y。R^T R 就是 X^T X，条件数照样被平方。",
        ),
        hint=Bilingual(
            "Use Q as well: R theta = Q^T y has the condition number of X.",
            "把 Q 也用上：R theta = Q^T y 的条件数就是 X 的条件数。",
        ),
    ),
    Variant(
        id="classical_gram_schmidt",
        part="qr",
        source="""
def lstsq_qr(X, y):
    X, y = validated(X, y, several=True)
    Q, R = np.zeros_like(X), np.zeros((X.shape[1], X.shape[1]), dtype=X.dtype)
    for j in range(X.shape[1]):
        R[:j, j] = Q[:, :j].T @ X[:, j]
        q = X[:, j] - Q[:, :j] @ R[:j, j]
        R[j, j] = np.linalg.norm(q)
        Q[:, j] = q / R[j, j]
    return np.linalg.solve(R, Q.T @ y)
""",
        explanation=Bilingual(
            "Your Q comes from classical Gram-Schmidt. On ill-conditioned data its columns are not orthogonal, and "
            "Q^T y is then not what R theta must equal.",
            "你的 Q 来自经典 Gram-Schmidt 正交化。数据病态时它的各列并不正交，R theta 就不应再等于 Q^T y。",
        ),
        hint=Bilingual(
            "Use np.linalg.qr (Householder), or orthogonalise every column twice.",
            "使用 np.linalg.qr（Householder 反射），或者对每一列正交化两遍。",
        ),
    ),
    Variant(
        id="modified_gram_schmidt",
        part="qr",
        source="""
def lstsq_qr(X, y):
    X, y = validated(X, y, several=True)
    Q, R = X.copy(), np.zeros((X.shape[1], X.shape[1]), dtype=X.dtype)
    for j in range(X.shape[1]):
        R[j, j] = np.linalg.norm(Q[:, j])
        Q[:, j] /= R[j, j]
        R[j, j + 1 :] = Q[:, j] @ Q[:, j + 1 :]
        Q[:, j + 1 :] -= np.outer(Q[:, j], R[j, j + 1 :])
    return np.linalg.solve(R, Q.T @ y)
""",
        explanation=Bilingual(
            "Your Q comes from modified Gram-Schmidt. R is fine, but Q is orthogonal only up to the condition number "
            "times rounding, and Q^T y carries that into theta.",
            "你的 Q 来自改进的 Gram-Schmidt 正交化。R 没有问题，但 Q 的正交性误差是舍入误差乘以条件数，"
            "Q^T y 又把它带进 theta。",
        ),
        hint=Bilingual(
            "Treat y as one more column of X while you orthogonalise, or use np.linalg.qr.",
            "正交化时把 y 当作 X 的又一列来处理，或者使用 np.linalg.qr。",
        ),
    ),
    # min_norm
    Variant(
        id="no_cutoff",
        part="min_norm",
        source="""
def lstsq_min_norm(X, y, rcond=None):
    X, y = validated(X, y, several=True)
    U, sigma, Vt = np.linalg.svd(X, full_matrices=False)
    return Vt.T @ ((U.T @ y).T / sigma).T
""",
        explanation=Bilingual(
            "You divide by every singular value, also by those that are rounding noise and stand for zero.",
            "你除以了所有奇异值，包括那些本该为零、只是舍入噪声的奇异值。",
        ),
        hint=Bilingual(
            "Keep only sigma > rcond * sigma[0].",
            "只保留 sigma > rcond * sigma[0] 的奇异值。",
        ),
    ),
    Variant(
        id="eigenvalues_of_gram",
        part="min_norm",
        source="""
def lstsq_min_norm(X, y, rcond=None):
    X, y = validated(X, y, several=True)
    if rcond is None:
        rcond = max(X.shape) * np.finfo(X.dtype).eps
    values, V = np.linalg.eigh(X.T @ X)
    kept = values > rcond * values[-1]
    return V[:, kept] @ ((V[:, kept].T @ (X.T @ y)).T / values[kept]).T
""",
        explanation=Bilingual(
            "You apply rcond to the eigenvalues of X.T @ X, which are the squares of the singular values: a direction "
            "is dropped already when sigma is below sqrt(rcond) times the largest.",
            "你把 rcond 用在 X.T @ X 的特征值上，而它们是奇异值的平方：只要 sigma 小于 sqrt(rcond) 乘最大奇异值，"
            "这个方向就被丢掉了。",
        ),
        hint=Bilingual(
            "Take the singular value decomposition of X itself, np.linalg.svd(X).",
            "对 X 本身做奇异值分解 np.linalg.svd(X)。",
        ),
    ),
    Variant(
        id="eigenvalues_of_gram_squared_cutoff",
        part="min_norm",
        source="""
def lstsq_min_norm(X, y, rcond=None):
    X, y = validated(X, y, several=True)
    if rcond is None:
        rcond = max(X.shape) * np.finfo(X.dtype).eps
    values, V = np.linalg.eigh(X.T @ X)
    kept = values > rcond**2 * values[-1]
    return V[:, kept] @ ((V[:, kept].T @ (X.T @ y)).T / values[kept]).T
""",
        explanation=Bilingual(
            "You take singular values from the eigenvalues of X.T @ X. A zero one shows up there as noise of about "
            "1e-16 times the largest, far above rcond^2, and is not recognised as zero.",
            "你从 X.T @ X 的特征值得到奇异值。零奇异值在那里表现为最大值 1e-16 倍左右的噪声，远大于 rcond^2，"
            "因此没有被当作零。",
        ),
        hint=Bilingual(
            "Take the singular value decomposition of X itself, np.linalg.svd(X).",
            "对 X 本身做奇异值分解 np.linalg.svd(X)。",
        ),
    ),
    Variant(
        id="rcond_ignored",
        part="min_norm",
        source="""
def lstsq_min_norm(X, y, rcond=None):
    X, y = validated(X, y, several=True)
    rcond = max(X.shape) * np.finfo(X.dtype).eps
    U, sigma, Vt = np.linalg.svd(X, full_matrices=False)
    kept = sigma > rcond * sigma[0]
    return Vt[kept].T @ ((U[:, kept].T @ y).T / sigma[kept]).T
""",
        explanation=Bilingual(
            "The argument rcond has no effect: your cutoff is always the default.",
            "参数 rcond 不起作用：你的阈值总是默认值。",
        ),
        hint=Bilingual(
            "Compute the default only if rcond is None.",
            "只有当 rcond 为 None 时才计算默认值。",
        ),
    ),
    Variant(
        id="absolute_cutoff",
        part="min_norm",
        source="""
def lstsq_min_norm(X, y, rcond=None):
    X, y = validated(X, y, several=True)
    if rcond is None:
        rcond = max(X.shape) * np.finfo(X.dtype).eps
    U, sigma, Vt = np.linalg.svd(X, full_matrices=False)
    kept = sigma > rcond
    return Vt[kept].T @ ((U[:, kept].T @ y).T / sigma[kept]).T
""",
        explanation=Bilingual(
            "You compare the singular values with rcond itself. The rank then depends on the units of X.",
            "你直接拿奇异值与 rcond 比较，于是秩会随 X 的单位而变。",
        ),
        hint=Bilingual(
            "rcond is relative to the largest singular value: sigma > rcond * sigma[0].",
            "rcond 是相对于最大奇异值的：sigma > rcond * sigma[0]。",
        ),
    ),
    Variant(
        id="float64_cutoff_for_float32",
        part="min_norm",
        source="""
def lstsq_min_norm(X, y, rcond=None):
    X, y = validated(X, y, several=True)
    if rcond is None:
        rcond = max(X.shape) * np.finfo(np.float64).eps
    U, sigma, Vt = np.linalg.svd(X, full_matrices=False)
    kept = sigma > rcond * sigma[0]
    return Vt[kept].T @ ((U[:, kept].T @ y).T / sigma[kept]).T
""",
        explanation=Bilingual(
            "Your default cutoff is float64's for float32 data as well: rounding noise of 1e-7 counts as a direction.",
            "数据是 float32 时，你的默认阈值仍是 float64 的：1e-7 大小的舍入噪声被当成了一个方向。",
        ),
        hint=Bilingual("Use np.finfo(X.dtype).eps.", "使用 np.finfo(X.dtype).eps。"),
    ),
    Variant(
        id="coarse_cutoff",
        part="min_norm",
        source="""
def lstsq_min_norm(X, y, rcond=None):
    X, y = validated(X, y, several=True)
    if rcond is None:
        rcond = 1e-6
    U, sigma, Vt = np.linalg.svd(X, full_matrices=False)
    kept = sigma > rcond * sigma[0]
    return Vt[kept].T @ ((U[:, kept].T @ y).T / sigma[kept]).T
""",
        explanation=Bilingual(
            "Your default cutoff is a fixed number such as 1e-6: it drops directions that the data determines well.",
            "你的默认阈值是一个固定的数（例如 1e-6）：它丢掉了数据本可以准确确定的方向。",
        ),
        hint=Bilingual(
            "The default is max(n, d) * np.finfo(X.dtype).eps.",
            "默认值是 max(n, d) * np.finfo(X.dtype).eps。",
        ),
    ),
    Variant(
        id="tiny_ridge_instead_of_min_norm",
        part="min_norm",
        source="""
def lstsq_min_norm(X, y, rcond=None):
    X, y = validated(X, y, several=True)
    return np.linalg.solve(X.T @ X + 1e-10 * np.eye(X.shape[1], dtype=X.dtype), X.T @ y)
""",
        explanation=Bilingual(
            "You add a tiny multiple of the identity to X.T @ X. The minimum-norm solution is the limit of that, but "
            "in floating point the noise in the null space is divided by the tiny number.",
            "你在 X.T @ X 上加了单位矩阵的一个极小倍数。最小范数解是它的极限，但在浮点运算中，"
            "零空间里的噪声会除以这个极小的数。",
        ),
        hint=Bilingual(
            "Use the singular value decomposition and leave the null space out altogether.",
            "使用奇异值分解，把零空间整个舍去。",
        ),
    ),
    # ridge
    Variant(
        id="penalised_intercept",
        part="ridge",
        source="""
def ridge(X, y, lam):
    X, y = validated(X, y)
    if not lam >= 0:
        raise ValueError("lam must be >= 0")
    Z = np.hstack([np.ones((len(X), 1), dtype=X.dtype), X])
    theta = np.linalg.solve(Z.T @ Z + len(y) * lam * np.eye(Z.shape[1], dtype=X.dtype), Z.T @ y)
    return theta[0], theta[1:]
""",
        explanation=Bilingual(
            "You penalise the intercept as well: the whole identity is added, its first diagonal entry included.",
            "你把截距也惩罚了：加上的是整个单位矩阵，连第一个对角元也在内。",
        ),
        hint=Bilingual(
            "Set the first diagonal entry of the penalty to zero, or centre X and y first.",
            "把惩罚矩阵的第一个对角元设为零，或者先把 X 和 y 中心化。",
        ),
    ),
    Variant(
        id="lam_without_n",
        part="ridge",
        source="""
def ridge(X, y, lam):
    X, y = validated(X, y)
    if not lam >= 0:
        raise ValueError("lam must be >= 0")
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    w = np.linalg.solve(Xc.T @ Xc + lam * np.eye(X.shape[1], dtype=X.dtype), Xc.T @ yc)
    return y.mean() - X.mean(axis=0) @ w, w
""",
        explanation=Bilingual(
            "Your penalty is n times too weak: you add lam where the mean in the loss makes it n * lam.",
            "你的惩罚弱了 n 倍：损失里取了平均，所以应加 n * lam，而你加的是 lam。",
        ),
        hint=Bilingual(
            "Multiply the optimality condition (2/n) X^T(...) + 2 lam w = 0 by n/2.",
            "把最优性条件 (2/n) X^T(...) + 2 lam w = 0 乘以 n/2 看一看。",
        ),
    ),
    Variant(
        id="one_vector_for_b_and_w",
        part="ridge",
        source="""
def ridge(X, y, lam, original=ridge):
    b, w = original(X, y, lam)
    return np.concatenate([np.array([b], dtype=w.dtype), w])
""",
        explanation=Bilingual(
            "You return intercept and weights in one vector of length d + 1, not as the pair (b, w).",
            "你把截距和权重放在一个长度为 d + 1 的向量里返回，而不是 (b, w) 这一对值。",
        ),
        hint=Bilingual("return theta[0], theta[1:]", "写 return theta[0], theta[1:]"),
    ),
    Variant(
        id="intercept_is_mean_of_y",
        part="ridge",
        source="""
def ridge(X, y, lam):
    X, y = validated(X, y)
    if not lam >= 0:
        raise ValueError("lam must be >= 0")
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    w = np.linalg.solve(Xc.T @ Xc + len(y) * lam * np.eye(X.shape[1], dtype=X.dtype), Xc.T @ yc)
    return y.mean(), w
""",
        explanation=Bilingual(
            "Your intercept is the mean of y. That is right for centred columns only; X as given is not centred.",
            "你的截距是 y 的均值。只有各列已中心化时才对，而给出的 X 没有中心化。",
        ),
        hint=Bilingual("b = y.mean() - X.mean(axis=0) @ w", "b = y.mean() - X.mean(axis=0) @ w"),
    ),
    Variant(
        id="ridge_without_centring",
        part="ridge",
        source="""
def ridge(X, y, lam):
    X, y = validated(X, y)
    if not lam >= 0:
        raise ValueError("lam must be >= 0")
    w = np.linalg.solve(X.T @ X + len(y) * lam * np.eye(X.shape[1], dtype=X.dtype), X.T @ y)
    return y.mean() - X.mean(axis=0) @ w, w
""",
        explanation=Bilingual(
            "You solve for w as if there were no intercept, and add one afterwards: w has already tried to explain "
            "the mean of y.",
            "你先按没有截距的模型解出 w，之后才添上截距：此时 w 已经去拟合 y 的均值了。",
        ),
        hint=Bilingual(
            "Subtract the column means from X and the mean from y before solving for w.",
            "解 w 之前，先从 X 减去各列均值，从 y 减去均值。",
        ),
    ),
    Variant(
        id="ridge_centres_callers_arrays",
        part="ridge",
        source="""
def ridge(X, y, lam):
    X, y = validated(X, y)
    if not lam >= 0:
        raise ValueError("lam must be >= 0")
    x_mean, y_mean = X.mean(axis=0), y.mean()
    X -= x_mean
    y -= y_mean
    w = np.linalg.solve(X.T @ X + len(y) * lam * np.eye(X.shape[1], dtype=X.dtype), X.T @ y)
    return y_mean - x_mean @ w, w
""",
        explanation=Bilingual(
            "You centre X and y in place (X -= ...), and so change the caller's arrays.",
            "你原地做了中心化（X -= ...），从而改写了调用者的数组。",
        ),
        hint=Bilingual("Xc = X - X.mean(axis=0) makes a new array.", "Xc = X - X.mean(axis=0) 会新建一个数组。"),
    ),
    # linear_regression
    Variant(
        id="model_without_intercept",
        part="linear_regression",
        source="""
class LinearRegression:
    def fit(self, X, y):
        X, y = validated(X, y)
        self.coef_, self.intercept_ = lstsq_qr(X, y), 0.0
        return self

    def predict(self, X):
        return np.asarray(X) @ self.coef_ + self.intercept_
""",
        explanation=Bilingual(
            "Your model has no intercept: the fitted plane is forced through the origin.",
            "你的模型没有截距：拟合的平面被迫经过原点。",
        ),
        hint=Bilingual(
            "Put a column of ones in front of X before you solve.",
            "求解之前，在 X 前面添上全 1 的一列。",
        ),
    ),
    Variant(
        id="intercept_not_moved_back",
        part="linear_regression",
        source="""
class LinearRegression:
    def fit(self, X, y):
        X, y = validated(X, y)
        self.coef_ = lstsq_qr(X - X.mean(axis=0), y - y.mean())
        self.intercept_ = y.mean()
        return self

    def predict(self, X):
        return np.asarray(X) @ self.coef_ + self.intercept_
""",
        explanation=Bilingual(
            "You centre X and y, which is fine, but keep the mean of y as the intercept: that is the intercept of the "
            "centred problem.",
            "你把 X 和 y 中心化，这没有问题；但你把 y 的均值当作截距，那是中心化之后那个问题的截距。",
        ),
        hint=Bilingual(
            "Move it back: intercept_ = y.mean() - X.mean(axis=0) @ coef_.",
            "把它换算回来：intercept_ = y.mean() - X.mean(axis=0) @ coef_。",
        ),
    ),
    Variant(
        id="intercept_zero_after_centring",
        part="linear_regression",
        source="""
class LinearRegression:
    def fit(self, X, y):
        X, y = validated(X, y)
        self.coef_ = lstsq_qr(X - X.mean(axis=0), y - y.mean())
        self.intercept_ = 0.0
        return self

    def predict(self, X):
        return np.asarray(X) @ self.coef_ + self.intercept_
""",
        explanation=Bilingual(
            "You centre X and y and leave the intercept at zero: the slopes are right, every prediction is shifted.",
            "你把 X 和 y 中心化之后让截距保持为零：斜率正确，但所有预测都平移了。",
        ),
        hint=Bilingual(
            "intercept_ = y.mean() - X.mean(axis=0) @ coef_",
            "intercept_ = y.mean() - X.mean(axis=0) @ coef_",
        ),
    ),
    Variant(
        id="predict_centres_new_rows",
        part="linear_regression",
        source="""
class LinearRegression:
    def fit(self, X, y):
        X, y = validated(X, y)
        self._mean = y.mean()
        self.coef_ = lstsq_qr(X - X.mean(axis=0), y - self._mean)
        self.intercept_ = self._mean - X.mean(axis=0) @ self.coef_
        return self

    def predict(self, X):
        X = np.asarray(X)
        return (X - X.mean(axis=0)) @ self.coef_ + self._mean
""",
        explanation=Bilingual(
            "`predict` subtracts the mean of the rows that it is given. A prediction for a patient must not depend on "
            "which other patients are asked about.",
            "`predict` 减去了所给各行自己的均值。对一名患者的预测，不应取决于同时询问了哪些别的患者。",
        ),
        hint=Bilingual(
            "predict is X @ coef_ + intercept_, with what fit has stored and nothing else.",
            "predict 就是 X @ coef_ + intercept_，只用 fit 保存的量。",
        ),
    ),
    Variant(
        id="mean_over_wrong_axis",
        part="linear_regression",
        source="""
class LinearRegression:
    def fit(self, X, y):
        X, y = validated(X, y)
        self.coef_ = lstsq_min_norm(X - X.mean(axis=1, keepdims=True), y - y.mean())
        self.intercept_ = y.mean() - X.mean(axis=0) @ self.coef_
        return self

    def predict(self, X):
        return np.asarray(X) @ self.coef_ + self.intercept_
""",
        explanation=Bilingual(
            "You subtract from every row its own mean (axis=1), where each column's mean (axis=0) is meant.",
            "你从每一行减去了该行自己的均值（axis=1），而应当减去每一列的均值（axis=0）。",
        ),
        hint=Bilingual(
            "Rows are samples: X.mean(axis=0) has one entry per column.",
            "每行是一个样本：X.mean(axis=0) 对每一列给出一个数。",
        ),
    ),
    Variant(
        id="intercept_taken_from_the_end",
        part="linear_regression",
        source="""
class LinearRegression:
    def fit(self, X, y):
        X, y = validated(X, y)
        theta = lstsq_qr(np.hstack([np.ones((len(X), 1), dtype=X.dtype), X]), y)
        self.coef_, self.intercept_ = theta[:-1], theta[-1]
        return self

    def predict(self, X):
        return np.asarray(X) @ self.coef_ + self.intercept_
""",
        explanation=Bilingual(
            "The column of ones comes first, but you take the last entry of theta as the intercept: all entries are "
            "off by one place.",
            "全 1 的一列放在最前面，你却把 theta 的最后一个分量当作截距：所有分量都错了一位。",
        ),
        hint=Bilingual("intercept_ = theta[0], coef_ = theta[1:]", "intercept_ = theta[0],coef_ = theta[1:]"),
    ),
    Variant(
        id="fit_returns_nothing",
        part="linear_regression",
        source="""
class LinearRegression:
    def fit(self, X, y):
        X, y = validated(X, y)
        theta = lstsq_qr(np.hstack([np.ones((len(X), 1), dtype=X.dtype), X]), y)
        self.intercept_, self.coef_ = theta[0], theta[1:]

    def predict(self, X):
        return np.asarray(X) @ self.coef_ + self.intercept_
""",
        explanation=Bilingual(
            "`fit` returns None, so LinearRegression().fit(X, y).predict(X) cannot work.",
            "`fit` 返回 None，因此 LinearRegression().fit(X, y).predict(X) 无法工作。",
        ),
        hint=Bilingual("End fit with `return self`.", "在 fit 的末尾写 `return self`。"),
    ),
    Variant(
        id="fit_centres_callers_arrays",
        part="linear_regression",
        source="""
class LinearRegression:
    def fit(self, X, y):
        X, y = validated(X, y)
        x_mean, y_mean = X.mean(axis=0), y.mean()
        X -= x_mean
        y -= y_mean
        self.coef_ = lstsq_qr(X, y)
        self.intercept_ = y_mean - x_mean @ self.coef_
        return self

    def predict(self, X):
        return np.asarray(X) @ self.coef_ + self.intercept_
""",
        explanation=Bilingual(
            "`fit` centres X and y in place (X -= ...), and so changes the caller's arrays.",
            "`fit` 原地做了中心化（X -= ...），从而改写了调用者的数组。",
        ),
        hint=Bilingual("Xc = X - X.mean(axis=0) makes a new array.", "Xc = X - X.mean(axis=0) 会新建一个数组。"),
    ),
)
