"""Typical wrong ways to write the assignment. Every one loses points, and is named to whoever hands it in.

Signs of components are free, so the checks recognise most of these by a symptom and not by comparing answers.
"""

from autograder.judge.variants import Variant
from autograder.text import Bilingual

ROWS_NOT_COLUMNS = Bilingual(
    "eigh returns the eigenvectors as columns: vectors[:, ::-1][:, :k].T. svd returns V^T, whose first k rows they are.",
    "eigh 返回的特征向量是各列：vectors[:, ::-1][:, :k].T；svd 返回的是 V^T，取其前 k 行。",
)
ONE_MEAN = Bilingual(
    "You subtract one number, the mean of all entries, where each column has a mean of its own.",
    "你减去的是同一个数，即所有元素的均值，而每一列应减去它自己的均值。",
)
ONE_MEAN_HINT = Bilingual(
    "X.mean(axis=0) has shape (d,), one mean per column.", "X.mean(axis=0) 的形状是 (d,)，每列一个均值。"
)
ROW_MEANS = Bilingual(
    "You subtract from each sample the mean of its own entries (axis=1), which mixes different quantities.",
    "你从每个样本中减去的是它自己各元素的均值（axis=1），这把不同的量混在了一起。",
)
ROW_MEANS_HINT = Bilingual(
    "Rows are samples: the mean of each column is X.mean(axis=0).",
    "每行是一个样本：各列的均值是 X.mean(axis=0)。",
)
NOT_DIVIDED = Bilingual(
    "Your variances are the right ones times n - 1: sums of squares, not yet divided.",
    "你的方差是正确值乘以 n - 1：这是平方和，还没有除。",
)
NOT_DIVIDED_HINT = Bilingual(
    "The variance is sigma**2 / (n - 1), and C = Xc.T @ Xc / (n - 1).",
    "方差是 sigma**2 / (n - 1)，而 C = Xc.T @ Xc / (n - 1)。",
)
EVERY = Bilingual(
    "You return all d components (or their variances), whatever k is.",
    "无论 k 是多少，你都返回了全部 d 个主成分（或它们的方差）。",
)
EVERY_HINT = Bilingual(
    "Cut components, explained_variance and ratio to the first k.",
    "components、explained_variance 和 ratio 都只取前 k 个。",
)
FLOAT64 = Bilingual(
    "For float32 data you return float64 (np.cov, np.zeros and np.eye make float64).",
    "输入 float32 的数据，返回的却是 float64（np.cov、np.zeros 和 np.eye 得到的都是 float64）。",
)
FLOAT64_HINT = Bilingual(
    "Return each of the four with .astype(X.dtype); computing in float64 inside is fine.",
    "四项结果都用 .astype(X.dtype) 转换后返回；内部用 float64 计算没有问题。",
)
KEPT = Bilingual(
    "Your ratios add up to 1 for every k: you divide by the sum of the k variances that you return, not by the "
    "total variance.",
    "无论 k 是多少，你的比值之和都是 1：你除以的是所返回的 k 个方差之和，而不是总方差。",
)
KEPT_HINT = Bilingual(
    "Take the sum over all d eigenvalues before you cut them to k.",
    "先对全部 d 个特征值求和，再截取前 k 个。",
)

MISCONCEPTIONS = (
    # fit
    Variant(
        id="not_centred",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    values, vectors = np.linalg.eigh(X.T @ X / (len(X) - 1))
    variance = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], variance[:k], variance[:k] / variance.sum(), X.mean(axis=0))
""",
        explanation=Bilingual(
            "You did not subtract the mean: these are the eigenvectors of X^T X. The first of them points, roughly, from "
            "zero to the mean of the data, whatever their spread.",
            "你没有减去均值：这些是 X^T X 的特征向量，其中第一个大致从原点指向数据的均值，与数据的散布无关。",
        ),
        hint=Bilingual(
            "Form Xc = X - X.mean(axis=0) first, and use Xc in place of X, also for an SVD.",
            "先计算 Xc = X - X.mean(axis=0)，再用 Xc 代替 X；用 SVD 时也一样。",
        ),
    ),
    Variant(
        id="mean_of_everything",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean()
    Xc = X - mean
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    variance = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=ONE_MEAN,
        hint=ONE_MEAN_HINT,
    ),
    Variant(
        id="mean_of_each_row",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=1, keepdims=True)
    Xc = X - mean
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    variance = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=ROW_MEANS,
        hint=ROW_MEANS_HINT,
    ),
    Variant(
        id="centred_by_one_mean",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    Xc = X - X.mean()
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    variance = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], variance[:k], variance[:k] / variance.sum(), X.mean(axis=0))
""",
        explanation=ONE_MEAN,
        hint=ONE_MEAN_HINT,
    ),
    Variant(
        id="centred_by_row_means",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    Xc = X - X.mean(axis=1, keepdims=True)
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    variance = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], variance[:k], variance[:k] / variance.sum(), X.mean(axis=0))
""",
        explanation=ROW_MEANS,
        hint=ROW_MEANS_HINT,
    ),
    Variant(
        id="divided_by_n",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Xc = X - mean
    values, vectors = np.linalg.eigh(Xc.T @ Xc / len(X))
    variance = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=Bilingual(
            "Your variances are the right ones times (n - 1)/n: you divide by n.",
            "你的方差是正确值乘以 (n - 1)/n：除数用了 n。",
        ),
        hint=Bilingual("Divide by n - 1, len(X) - 1.", "应除以 n - 1，即 len(X) - 1。"),
    ),
    Variant(
        id="not_divided",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    _, sigma, Vt = np.linalg.svd(X - mean, full_matrices=False)
    return PCAResult(Vt[:k], sigma[:k] ** 2, sigma[:k] ** 2 / np.sum(sigma**2), mean)
""",
        explanation=NOT_DIVIDED,
        hint=NOT_DIVIDED_HINT,
    ),
    Variant(
        id="singular_values_as_variances",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    _, sigma, Vt = np.linalg.svd(X - mean, full_matrices=False)
    return PCAResult(Vt[:k], sigma[:k], sigma[:k] ** 2 / np.sum(sigma**2), mean)
""",
        explanation=Bilingual(
            "You return singular values of the centred data as variances; they are square roots of sums of squares.",
            "你把中心化数据的奇异值当作方差返回了；奇异值是平方和的平方根。",
        ),
        hint=Bilingual("lambda = sigma**2 / (n - 1).", "lambda = sigma**2 / (n - 1)。"),
    ),
    Variant(
        id="deviations_as_variances",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Xc = X - mean
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    variance = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], np.sqrt(variance[:k]), variance[:k] / variance.sum(), mean)
""",
        explanation=Bilingual(
            "You return standard deviations, the square roots of the variances.",
            "你返回的是标准差，即方差的平方根。",
        ),
        hint=Bilingual("Leave out the square root.", "去掉开平方。"),
    ),
    Variant(
        id="ratio_of_the_kept",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Xc = X - mean
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    variance = np.maximum(values[::-1], 0)[:k]
    return PCAResult(vectors.T[::-1][:k], variance, variance / variance.sum(), mean)
""",
        explanation=KEPT,
        hint=KEPT_HINT,
    ),
    Variant(
        id="ratio_of_deviations",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    _, sigma, Vt = np.linalg.svd(X - mean, full_matrices=False)
    return PCAResult(Vt[:k], sigma[:k] ** 2 / (len(X) - 1), sigma[:k] / sigma.sum(), mean)
""",
        explanation=Bilingual(
            "Your ratios are shares in the sum of singular values (or standard deviations). It is variances that add up "
            "to the total variance.",
            "你的比值是在奇异值（或标准差）之和中所占的份额。相加得到总方差的是方差。",
        ),
        hint=Bilingual("Square first: sigma**2 / (sigma**2).sum().", "先平方：sigma**2 / (sigma**2).sum()。"),
    ),
    Variant(
        id="cumulative_ratio",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Xc = X - mean
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    variance = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], variance[:k], np.cumsum(variance / variance.sum())[:k], mean)
""",
        explanation=Bilingual(
            "Your ratios are added up from the first to each one. Asked for is the share of each component alone.",
            "你的比值是从第一个累加到当前的和，而要求的是每个主成分单独所占的份额。",
        ),
        hint=Bilingual("Leave out np.cumsum.", "去掉 np.cumsum。"),
    ),
    Variant(
        id="smallest_first",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Xc = X - mean
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    values = np.maximum(values, 0)
    return PCAResult(vectors[:, :k].T, values[:k], values[:k] / values.sum(), mean)
""",
        explanation=Bilingual(
            "You return the components of smallest variance: eigh sorts its eigenvalues in ascending order.",
            "你返回的是方差最小的主成分：eigh 的特征值按升序排列。",
        ),
        hint=Bilingual(
            "Reverse both: values[::-1] and vectors[:, ::-1]; then take the first k.",
            "两者都要反转：values[::-1] 和 vectors[:, ::-1]；然后取前 k 个。",
        ),
    ),
    Variant(
        id="ascending_order",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Xc = X - mean
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    values = np.maximum(values, 0)
    return PCAResult(vectors[:, -k:].T, values[-k:], values[-k:] / values.sum(), mean)
""",
        explanation=Bilingual(
            "You chose the right k components, but return them with the smallest of them first.",
            "你选对了 k 个主成分，但排列时把其中方差最小的放在了最前面。",
        ),
        hint=Bilingual("Largest variance first: reverse with [::-1].", "方差最大的在前：用 [::-1] 反转。"),
    ),
    Variant(
        id="unsorted",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Xc = X - mean
    values, vectors = np.linalg.eig(Xc.T @ Xc / (len(X) - 1))
    values, vectors = np.maximum(values.real, 0), vectors.real
    return PCAResult(vectors[:, :k].T, values[:k], values[:k] / values.sum(), mean)
""",
        explanation=Bilingual(
            "Your components are eigenvectors, but not those of the k largest variances in descending order. "
            "np.linalg.eig returns them in no order at all.",
            "你的各行确是特征向量，但不是按方差从大到小排列的前 k 个。np.linalg.eig 返回的特征值没有任何顺序。",
        ),
        hint=Bilingual(
            "Use np.linalg.eigh and reverse its order, or sort: order = np.argsort(values)[::-1].",
            "用 np.linalg.eigh 并把顺序反转，或者排序：order = np.argsort(values)[::-1]。",
        ),
    ),
    Variant(
        id="components_as_columns",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Xc = X - mean
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    variance = np.maximum(values[::-1], 0)
    return PCAResult(vectors[:, ::-1][:, :k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=Bilingual(
            "You return one component per column, shape (d, k). Asked for is one per row, shape (k, d).",
            "你返回的每个主成分是一列，形状 (d, k)；要求的是每个一行，形状 (k, d)。",
        ),
        hint=Bilingual("Transpose: components.T.", "转置：components.T。"),
    ),
    Variant(
        id="rows_of_eigenvectors",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Xc = X - mean
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    order = np.argsort(values)[::-1]
    variance = np.maximum(values[order], 0)
    return PCAResult(vectors[:, order][:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=Bilingual(
            "You took the first k rows of the matrix that holds the eigenvectors as columns. Its rows are orthonormal, "
            "too, but they are no eigenvectors.",
            "特征向量是该矩阵的各列，而你取了它的前 k 行。这些行也是标准正交的，但不是特征向量。",
        ),
        hint=ROWS_NOT_COLUMNS,
    ),
    Variant(
        id="every_component",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Xc = X - mean
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    variance = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1], variance, variance / variance.sum(), mean)
""",
        explanation=EVERY,
        hint=EVERY_HINT,
    ),
    Variant(
        id="standardised",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Z = (X - mean) / X.std(axis=0, ddof=1)
    values, vectors = np.linalg.eigh(Z.T @ Z / (len(X) - 1))
    variance = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=Bilingual(
            "You divide each column by its standard deviation: these are eigenvectors of the correlation matrix, not of "
            "the covariance matrix.",
            "你把每一列除以了标准差：这些是相关系数矩阵的特征向量，而不是协方差矩阵的。",
        ),
        hint=Bilingual(
            "Only subtract the mean. Whoever wants to standardise does so before calling pca_fit.",
            "只减去均值。需要标准化的人会在调用 pca_fit 之前自己做。",
        ),
    ),
    Variant(
        id="loadings",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Xc = X - mean
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    variance = np.maximum(values[::-1], 0)
    components = (vectors * np.sqrt(np.maximum(values, 0))).T[::-1]
    return PCAResult(components[:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=Bilingual(
            "Your components are multiplied by the standard deviations or the singular values (some call these "
            "loadings). A component has length one.",
            "你的主成分乘上了标准差或奇异值（有人称之为载荷）。主成分的长度应为 1。",
        ),
        hint=Bilingual(
            "Return the eigenvectors as eigh gives them, without multiplying.",
            "直接返回 eigh 给出的特征向量，不要再乘。",
        ),
    ),
    Variant(
        id="general_eigensolver",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Xc = X - mean
    values, vectors = np.linalg.eig(Xc.T @ Xc / (len(X) - 1))
    values, vectors = values.real, vectors.real
    order = np.argsort(values)[::-1]
    variance = np.maximum(values[order], 0)
    return PCAResult(vectors[:, order[:k]].T, variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=Bilingual(
            "Where variances are equal, your components are eigenvectors, but not orthogonal: np.linalg.eig does not know "
            "that the covariance matrix is symmetric.",
            "方差相等时，你的主成分虽是特征向量，却不正交：np.linalg.eig 并不知道协方差矩阵是对称的。",
        ),
        hint=Bilingual("Use np.linalg.eigh.", "改用 np.linalg.eigh。"),
    ),
    Variant(
        id="negative_variances",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Xc = X - mean
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    variance = values[::-1]
    return PCAResult(vectors.T[::-1][:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=Bilingual(
            "Some of your variances are negative: eigenvalues that should be zero, with their rounding errors.",
            "你的方差中出现了负数：它们本应为零，负号来自舍入误差。",
        ),
        hint=Bilingual("np.maximum(values, 0).", "用 np.maximum(values, 0)。"),
    ),
    Variant(
        id="covariance_as_difference",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    n, mean = len(X), X.mean(axis=0)
    values, vectors = np.linalg.eigh((X.T @ X - n * np.outer(mean, mean)) / (n - 1))
    variance = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=Bilingual(
            "You subtract the means after multiplying (as in X^T X - n mean mean^T). If the means are large, two large "
            "numbers cancel, and rounding errors of their size are left.",
            "你在相乘之后才减去均值（例如 X^T X - n mean mean^T）。均值很大时，两个大数相消，剩下的是与它们大小相应的舍入误差。",
        ),
        hint=Bilingual(
            "Centre before any product: Xc = X - mean, then Xc.T @ Xc, with Xc on both sides.",
            "在做任何乘法之前先中心化：Xc = X - mean，再算 Xc.T @ Xc，两边都用 Xc。",
        ),
    ),
    Variant(
        id="centred_in_place",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    X -= mean
    values, vectors = np.linalg.eigh(X.T @ X / (len(X) - 1))
    variance = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=Bilingual(
            "Your function writes into the array that it is given (X -= mean, say): the caller's data are changed.",
            "你的函数改写了传入的数组（例如 X -= mean）：调用者的数据因此改变。",
        ),
        hint=Bilingual("Xc = X - mean makes a new array.", "Xc = X - mean 会新建一个数组。"),
    ),
    Variant(
        id="always_float64",
        part="fit",
        source="""
def pca_fit(X, k):
    X = validated(X, k).astype(np.float64)
    mean = X.mean(axis=0)
    Xc = X - mean
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    variance = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=FLOAT64,
        hint=FLOAT64_HINT,
    ),
    # transform
    Variant(
        id="transform_without_mean",
        part="transform",
        source="""
def transform(X, components, mean):
    X, components, mean = floats(X=X, components=components, mean=mean)
    if X.ndim != 2 or components.ndim != 2 or not X.shape[1:] == components.shape[1:] == mean.shape:
        raise ValueError("the shapes do not fit together")
    return X @ components.T
""",
        explanation=Bilingual(
            "transform does not subtract the mean: all coordinates are off by mean @ components.T.",
            "transform 没有减去均值：所有坐标都差了 mean @ components.T。",
        ),
        hint=Bilingual("(X - mean) @ components.T.", "(X - mean) @ components.T。"),
    ),
    Variant(
        id="transform_with_own_mean",
        part="transform",
        source="""
def transform(X, components, mean):
    X, components, mean = floats(X=X, components=components, mean=mean)
    if X.ndim != 2 or components.ndim != 2 or not X.shape[1:] == components.shape[1:] == mean.shape:
        raise ValueError("the shapes do not fit together")
    return (X - X.mean(axis=0)) @ components.T
""",
        explanation=Bilingual(
            "transform subtracts the mean of the rows that it is given, and ignores the argument `mean`. A single new "
            "sample then gets the coordinates 0.",
            "transform 减去的是所给各行的均值，而没有用参数 `mean`。这样，单个新样本的坐标总是 0。",
        ),
        hint=Bilingual(
            "Subtract `mean`: new samples are seen from the mean of the data that the components were fitted to.",
            "应减去 `mean`：新样本要以求主成分时所用数据的均值为参照。",
        ),
    ),
    Variant(
        id="transform_adds_mean",
        part="transform",
        source="""
def transform(X, components, mean):
    X, components, mean = floats(X=X, components=components, mean=mean)
    if X.ndim != 2 or components.ndim != 2 or not X.shape[1:] == components.shape[1:] == mean.shape:
        raise ValueError("the shapes do not fit together")
    return (X + mean) @ components.T
""",
        explanation=Bilingual(
            "transform adds the mean; it has to be subtracted.", "transform 加上了均值，而它应当减去。"
        ),
        hint=Bilingual(
            "transform subtracts the mean, inverse_transform adds it.",
            "transform 减去均值，inverse_transform 加上均值。",
        ),
    ),
    Variant(
        id="reshape_for_transpose",
        part="transform",
        source="""
def transform(X, components, mean):
    X, components, mean = floats(X=X, components=components, mean=mean)
    if X.ndim != 2 or components.ndim != 2 or not X.shape[1:] == components.shape[1:] == mean.shape:
        raise ValueError("the shapes do not fit together")
    return (X - mean) @ components.reshape(components.shape[::-1])
""",
        explanation=Bilingual(
            "You used reshape to make the shapes fit. It deals the entries out anew, row by row, and mixes the components.",
            "你用 reshape 来凑形状。它会按行重新分配元素，把各个主成分打乱。",
        ),
        hint=Bilingual("Use the transpose, components.T.", "应当用转置 components.T。"),
    ),
    Variant(
        id="transform_writes_into_samples",
        part="transform",
        source="""
def transform(X, components, mean):
    X, components, mean = floats(X=X, components=components, mean=mean)
    if X.ndim != 2 or components.ndim != 2 or not X.shape[1:] == components.shape[1:] == mean.shape:
        raise ValueError("the shapes do not fit together")
    X -= mean
    return X @ components.T
""",
        explanation=Bilingual(
            "You write into an array that was passed in (X -= mean, say): the caller's data are changed.",
            "你改写了传入的数组（例如 X -= mean）：调用者的数据因此改变。",
        ),
        hint=Bilingual("X - mean makes a new array.", "X - mean 会新建一个数组。"),
    ),
    Variant(
        id="inverse_without_mean",
        part="transform",
        source="""
def inverse_transform(Z, components, mean):
    Z, components, mean = floats(Z=Z, components=components, mean=mean)
    if Z.ndim != 2 or (Z.shape[1], *mean.shape) != components.shape:
        raise ValueError("the shapes do not fit together")
    return Z @ components
""",
        explanation=Bilingual(
            "inverse_transform does not add the mean: its samples lie around zero.",
            "inverse_transform 没有加上均值：还原的样本都围绕着原点。",
        ),
        hint=Bilingual("Z @ components + mean.", "Z @ components + mean。"),
    ),
    Variant(
        id="inverse_subtracts_mean",
        part="transform",
        source="""
def inverse_transform(Z, components, mean):
    Z, components, mean = floats(Z=Z, components=components, mean=mean)
    if Z.ndim != 2 or (Z.shape[1], *mean.shape) != components.shape:
        raise ValueError("the shapes do not fit together")
    return Z @ components - mean
""",
        explanation=Bilingual(
            "inverse_transform subtracts the mean; what transform has subtracted must be added.",
            "inverse_transform 减去了均值；transform 减去的，这里应当加回来。",
        ),
        hint=Bilingual("Z @ components + mean.", "Z @ components + mean。"),
    ),
    # svd
    Variant(
        id="covariance_in_svd_part",
        part="svd",
        source="""
def pca_svd(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    Xc = X - mean
    values, vectors = np.linalg.eigh(Xc.T @ Xc / (len(X) - 1))
    variance = np.maximum(values[::-1], 0)
    return PCAResult(vectors.T[::-1][:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=Bilingual(
            "Small standard deviations are lost: you form Xc^T Xc, which squares them, and 1e-9 squared is below the "
            "rounding error of 1.",
            "微小的标准差丢失了：你构造了 Xc^T Xc，这使它们平方，而 1e-9 的平方小于 1 的舍入误差。",
        ),
        hint=Bilingual(
            "np.linalg.svd(Xc, full_matrices=False), of the centred data themselves.",
            "对中心化的数据本身用 np.linalg.svd(Xc, full_matrices=False)。",
        ),
    ),
    Variant(
        id="svd_not_centred",
        part="svd",
        source="""
def pca_svd(X, k):
    X = validated(X, k)
    _, sigma, Vt = np.linalg.svd(X, full_matrices=False)
    variance = sigma**2 / (len(X) - 1)
    return PCAResult(Vt[:k], variance[:k], variance[:k] / variance.sum(), X.mean(axis=0))
""",
        explanation=Bilingual(
            "This is the singular value decomposition of X, not of X minus its mean. The first component points, roughly, "
            "from zero to the mean.",
            "这是 X 的奇异值分解，而不是 X 减去均值之后的。第一主成分大致从原点指向均值。",
        ),
        hint=Bilingual("Decompose X - X.mean(axis=0).", "应分解 X - X.mean(axis=0)。"),
    ),
    Variant(
        id="vt_taken_for_v",
        part="svd",
        source="""
def pca_svd(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    _, sigma, V = np.linalg.svd(X - mean, full_matrices=len(X) < X.shape[1])
    variance = sigma**2 / (len(X) - 1)
    return PCAResult(V.T[:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=Bilingual(
            "The third result of np.linalg.svd is V^T already: its rows are the components. You took its columns.",
            "np.linalg.svd 的第三个返回值已经是 V^T，它的各行就是主成分。你取了它的各列。",
        ),
        hint=Bilingual("components = Vt[:k], without a transpose.", "components = Vt[:k]，不要转置。"),
    ),
    Variant(
        id="svd_divided_by_n",
        part="svd",
        source="""
def pca_svd(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    _, sigma, Vt = np.linalg.svd(X - mean, full_matrices=False)
    variance = sigma**2 / len(X)
    return PCAResult(Vt[:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=Bilingual(
            "Your variances are the right ones times (n - 1)/n: you divide sigma**2 by n.",
            "你的方差是正确值乘以 (n - 1)/n：sigma**2 除以了 n。",
        ),
        hint=Bilingual("sigma**2 / (len(X) - 1).", "sigma**2 / (len(X) - 1)。"),
    ),
    Variant(
        id="svd_not_squared",
        part="svd",
        source="""
def pca_svd(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    _, sigma, Vt = np.linalg.svd(X - mean, full_matrices=False)
    return PCAResult(Vt[:k], sigma[:k], sigma[:k] ** 2 / np.sum(sigma**2), mean)
""",
        explanation=Bilingual(
            "You return the singular values themselves as variances.",
            "你把奇异值本身当作方差返回了。",
        ),
        hint=Bilingual("lambda = sigma**2 / (n - 1).", "lambda = sigma**2 / (n - 1)。"),
    ),
    Variant(
        id="svd_ratio_of_singular_values",
        part="svd",
        source="""
def pca_svd(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    _, sigma, Vt = np.linalg.svd(X - mean, full_matrices=False)
    return PCAResult(Vt[:k], sigma[:k] ** 2 / (len(X) - 1), sigma[:k] / sigma.sum(), mean)
""",
        explanation=Bilingual(
            "Your ratios are shares in the sum of the singular values. Only their squares add up to the total variance.",
            "你的比值是在奇异值之和中所占的份额。相加得到总方差的是它们的平方。",
        ),
        hint=Bilingual("sigma**2 / (sigma**2).sum().", "sigma**2 / (sigma**2).sum()。"),
    ),
    Variant(
        id="svd_not_divided",
        part="svd",
        source="""
def pca_svd(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    _, sigma, Vt = np.linalg.svd(X - mean, full_matrices=False)
    return PCAResult(Vt[:k], sigma[:k] ** 2, sigma[:k] ** 2 / np.sum(sigma**2), mean)
""",
        explanation=NOT_DIVIDED,
        hint=NOT_DIVIDED_HINT,
    ),
    Variant(
        id="svd_ratio_of_the_kept",
        part="svd",
        source="""
def pca_svd(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    _, sigma, Vt = np.linalg.svd(X - mean, full_matrices=False)
    variance = sigma[:k] ** 2 / (len(X) - 1)
    return PCAResult(Vt[:k], variance, variance / variance.sum(), mean)
""",
        explanation=KEPT,
        hint=KEPT_HINT,
    ),
    Variant(
        id="svd_every_component",
        part="svd",
        source="""
def pca_svd(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    _, sigma, Vt = np.linalg.svd(X - mean, full_matrices=False)
    variance = sigma**2 / (len(X) - 1)
    return PCAResult(Vt, variance, variance / variance.sum(), mean)
""",
        explanation=EVERY,
        hint=EVERY_HINT,
    ),
    Variant(
        id="svd_always_float64",
        part="svd",
        source="""
def pca_svd(X, k):
    X = validated(X, k).astype(np.float64)
    mean = X.mean(axis=0)
    _, sigma, Vt = np.linalg.svd(X - mean, full_matrices=False)
    variance = sigma**2 / (len(X) - 1)
    return PCAResult(Vt[:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=FLOAT64,
        hint=FLOAT64_HINT,
    ),
    Variant(
        id="square_u",
        part="svd",
        source="""
def pca_svd(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    U, sigma, Vt = np.linalg.svd(X - mean)
    variance = sigma**2 / (len(X) - 1)
    return PCAResult(Vt[:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=Bilingual(
            "For many samples memory runs out: np.linalg.svd makes a square U of shape (n, n) unless told otherwise.",
            "样本很多时内存不足：若不另外说明，np.linalg.svd 会生成 (n, n) 的方阵 U。",
        ),
        hint=Bilingual("np.linalg.svd(Xc, full_matrices=False).", "np.linalg.svd(Xc, full_matrices=False)。"),
    ),
    Variant(
        id="svd_centred_in_place",
        part="svd",
        source="""
def pca_svd(X, k):
    X = validated(X, k)
    mean = X.mean(axis=0)
    X -= mean
    _, sigma, Vt = np.linalg.svd(X, full_matrices=False)
    variance = sigma**2 / (len(X) - 1)
    return PCAResult(Vt[:k], variance[:k], variance[:k] / variance.sum(), mean)
""",
        explanation=Bilingual(
            "Your function writes into the array that it is given (X -= mean, say): the caller's data are changed.",
            "你的函数改写了传入的数组（例如 X -= mean）：调用者的数据因此改变。",
        ),
        hint=Bilingual("Xc = X - mean makes a new array.", "Xc = X - mean 会新建一个数组。"),
    ),
)
