"""The checks that students do not see. `design.md` derives the criteria; each check is one number against a limit.

Signs of components are free, and equal variances leave their directions free. So no vector is compared with another,
and what is wrong with an answer is recognised here (`symptom`): comparing it with a known wrong one would not do.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from autograder.judge import CheckFailure, assert_array, assert_speed, assert_within
from autograder.text import Bilingual, Message

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
UNIT = {np.dtype(np.float64): 2.0**-53, np.dtype(np.float32): 2.0**-24}
# Geometric mean of the slowest vectorised way on a busy machine and the fastest loop over samples: see design.md.
SPEED_LIMIT = 8.2
# MATLAB's princomp of the first 20 rows of generated data (in thousandths), as statsmodels 0.15.0 (BSD-3-Clause) ships
# it in statsmodels/multivariate/tests/results/datamlw.py: `data.xo[:20]`, `princomp2.values`, `princomp2.coef`.
MATLAB_ROWS = [
    [-419, -731, -1306, -1294], [6, 529, -200, -437], [-27, -833, -6, -564], [-304, -273, -502, -739],
    [1377, -912, 927, 280], [-375, -517, -514, 49], [247, -504, 123, -259], [712, 534, -773, 286],
    [195, -1080, 3256, -178], [-854, 75, -706, -1084], [-1219, -612, -15, -203], [550, -628, -483, -2686],
    [-365, 1376, -1266, 317], [-489, 544, -195, 431], [-656, 854, 840, -723], [16, -1385, -880, -460],
    [258, -2252, 96, 54], [2049, -750, -1115, 381], [-65, 280, -777, 416], [755, 82, -806, 1027],
]  # fmt: skip
MATLAB_VARIANCES = [1.16965204468073, 0.77687367815155, 0.72297937656591, 0.32548581375971]
MATLAB_COMPONENTS = [
    [-0.13957162231397, 0.6561182967648, 0.32256106777669, 0.66781951188167],
    [0.49534264552989, -0.08241251099014, -0.6919444767593, 0.51870674049413],
    [-0.85614372781797, -0.11427402995055, -0.47665923729502, 0.16357058078438],
    [0.04661912785591, 0.74138950947638, -0.43584764555793, -0.50813884128056],
]  # one per column


# What the judge knows about X


class Truth(NamedTuple):
    """What the judge computes for a problem: everything in longdouble but the eigenvalues, which are float64.

    `values` (d,) are the variances, largest first; `eps` is the relative error that rounding excuses.
    """

    X: np.ndarray
    k: int
    mean: np.ndarray
    Xc: np.ndarray
    C: np.ndarray
    values: np.ndarray
    eps: float

    @property
    def u(self):
        return UNIT[self.X.dtype]

    @property
    def d(self):
        return self.X.shape[1]


def known(X, k):
    """Return the `Truth` about the first k principal components of X."""
    wide = X.astype(np.longdouble)
    mean = wide.mean(axis=0)
    Xc = wide - mean
    C = Xc.T @ Xc / (len(X) - 1)
    values = np.linalg.eigvalsh(C.astype(np.float64))[::-1]
    offset = float(np.linalg.norm(mean.astype(np.float64)) / np.sqrt(values[0]))
    return Truth(X, k, mean, Xc, C, values, 100 * np.sqrt(X.shape[1]) * UNIT[X.dtype] * (1 + offset))


# Reading an answer


def fail(en, zh, symptom=None):
    raise CheckFailure(Message("text.bilingual", {"en": en, "zh": zh}), symptom=symptom)


def field(answer, index, truth, name):
    """Return one field of a PCAResult after type, shape, dtype and finiteness; known mistakes get their symptom."""
    n, d, k = *truth.X.shape, truth.k
    if not isinstance(answer, tuple | list) or len(answer) != 4:
        wanted = "PCAResult(components, explained_variance, ratio, mean)"
        if isinstance(answer, tuple | list):
            en, zh = f"{len(answer)} values", f"{len(answer)} 个值"
        else:
            en = zh = "None" if answer is None else type(answer).__name__
        fail(f"{name} must return {wanted}, not {en}", f"{name} 必须返回 {wanted}，而不是 {zh}")
    value, label = answer[index], ("components", "explained_variance", "ratio", "mean")[index]
    shape = ((k, d), (k,), (k,), (d,))[index]
    try:
        return assert_array(value, shape=shape, dtype=truth.X.dtype, name=label)
    except CheckFailure as failure:
        came = value.shape if type(value) is np.ndarray else () if isinstance(value, np.floating | float) else None
        if came == shape:
            wide = value.dtype == np.float64 != truth.X.dtype
            failure.symptom = "float64" if wide else "not orthogonal" if value.dtype.kind == "c" else None
        elif came is not None and index < 3:
            every = ((d, d), (d,), (d,))[index]
            failure.symptom = {shape[::-1]: "columns", every: "every component"}.get(came)
        else:
            failure.symptom = {(): "one mean", (n,): "row means", (n, 1): "row means"}.get(came)
        raise


def components_of(answer, truth, name):
    return field(answer, 0, truth, name)


def tolerance(truth):
    """Return how far apart numbers may be, in relative terms, and still be taken for the same by what follows."""
    return 1e-6 if truth.X.dtype == np.float64 else 1e-3


def alike(actual, candidate, size, truth):
    """Say whether an answer is a well-known wrong one, up to rounding. `size` is that of a right one's entries."""
    allowed = tolerance(truth) * (np.abs(candidate).max() + 1e-3 * size)
    return bool(np.abs(actual - candidate).max() <= allowed)  # not so where an entry is NaN


@cache
def _spectra(shape, dtype, data):
    X = np.frombuffer(data, dtype).reshape(shape).astype(np.float64)
    Xc = X - X.mean(axis=0)
    spread = np.where(np.ptp(X, axis=0) > 0, Xc.std(axis=0), np.nan)
    matrices = {
        "not centred": X,
        "one mean": X - X.mean(),
        "row means": X - X.mean(axis=1, keepdims=True),
        "standardised": Xc / spread,
    }
    found = {}
    for word, matrix in matrices.items():
        if np.isfinite(matrix).all():
            M = matrix.T @ matrix / (len(X) - 1)
            values, vectors = np.linalg.eigh(M)
            found[word] = M, values[::-1], vectors.T[::-1]
    return found


def spectra(truth):
    """Return second-moment matrix, values and vectors (rows) of X when centred otherwise, by a word for each."""
    X = np.ascontiguousarray(truth.X)
    return _spectra(X.shape, X.dtype, X.tobytes())


def wrong_variances(truth):
    """Return the variances that well-known mistakes give, by a word for each."""
    n, k, values = len(truth.X), truth.k, np.maximum(truth.values, 0)
    found = {
        "divided by n": values[:k] * (n - 1) / n,
        "not divided": values[:k] * (n - 1),
        "singular values": np.sqrt(values[:k] * (n - 1)),
        "standard deviations": np.sqrt(values[:k]),
        "smallest": values[::-1][:k],
        "ascending": values[:k][::-1],
    }
    for word, (_, others, _) in spectra(truth).items():
        found[word] = others[:k]
        if word == "standardised":
            found["standardised, by n"] = others[:k] * (n - 1) / n
    return found


def wrong_ratios(truth):
    """Return the ratios that well-known mistakes give, by a word for each."""
    k, values = truth.k, np.maximum(truth.values, 0)
    share, deviations = values / values.sum(), np.sqrt(values)
    found = {
        "ratio of the kept": values[:k] / values[:k].sum(),
        "ratio of deviations": deviations[:k] / deviations.sum(),
        "cumulative": np.cumsum(share)[:k],
        "percent": 100 * share[:k],
        "smallest": share[::-1][:k],
        "ascending": share[:k][::-1],
    }
    return found | {word: others[:k] / others.sum() for word, (_, others, _) in spectra(truth).items()}


def within(measured, limit, *, symptom=lambda: None, **said):
    """`assert_within`, with a symptom that is looked for only where it is needed."""
    try:
        return assert_within(measured, limit, **said)
    except CheckFailure as failure:
        failure.symptom = symptom()
        raise


def symptom_of(actual, candidates, size, truth):
    """Return the word for the first candidate that the answer is; what stands behind a comma are kinds of the same."""
    found = (word for word, value in candidates.items() if alike(actual, value, size, truth))
    return next(found, "").partition(",")[0] or None


def symptom_of_variances(variance, truth):
    return symptom_of(variance, wrong_variances(truth), truth.values[0], truth) or unsorted(variance, truth)


def symptom_of_ratios(ratio, truth):
    total = truth.values.sum()
    return symptom_of(ratio, wrong_ratios(truth), 1.0, truth) or unsorted(ratio * total, truth)


def symptom_of_components(V, truth):
    """Return a word for what rows V (k, d) are if they are not the first k components, or None."""
    V = V.astype(np.float64)
    lengths = np.linalg.norm(V, axis=1)
    if not lengths.all():
        return None
    rows, C, k, largest = V / lengths[:, None], truth.C.astype(np.float64), truth.k, truth.values[0]

    def variances_along(matrix):
        """Return the eigenvalue that belongs to each row, or None where they are not eigenvectors."""
        along = np.sum(rows @ matrix * rows, axis=1)
        off = np.abs(rows @ matrix - along[:, None] * rows).max()
        return along if off <= 1e-2 * tolerance(truth) * np.linalg.norm(matrix) else None

    along = variances_along(C)
    if along is not None and not alike(along, truth.values[:k], largest, truth):
        orders = {"smallest": truth.values[::-1][:k], "ascending": truth.values[:k][::-1]}
        return symptom_of(along, orders, largest, truth) or unsorted(along, truth)
    if along is not None:
        # What a solver leaves that does not know of symmetry: slanting vectors of equal variances, or real parts of
        # complex ones, which are shorter.
        equal = np.min(-np.diff(truth.values), initial=largest) <= tolerance(truth) * largest
        if alike(lengths, np.ones(k), 1.0, truth) or (equal and lengths.max() <= 1 + tolerance(truth)):
            return None if alike(V @ V.T, np.eye(k), 1.0, truth) else "not orthogonal"
        deviations = np.sqrt(np.maximum(along, 0))
        sizes = {"scaled": deviations, "scaled, by sigma": deviations * np.sqrt(len(truth.X) - 1)}
        return symptom_of(lengths, sizes, 0.0, truth)
    rank = int(np.count_nonzero(truth.values > 1e-9 * largest))  # beyond it, directions are anyone's
    vectors = np.linalg.eigh(C)[1][:k, ::-1][:, :rank]
    if alike(np.abs(V[:, :rank]), np.abs(vectors), 1.0, truth):
        return "rows of eigenvectors"
    for word, (matrix, values, _) in spectra(truth).items():
        found = variances_along(matrix)
        if found is not None and alike(found, values[:k], values[0], truth):
            return word
    return None


def unsorted(found, truth):
    """Return the symptom of k eigenvalues, each another one of the d, that are not the k largest in order."""
    allowed = tolerance(truth) * truth.values[0]
    if not np.max(np.abs(found - truth.values[: truth.k])) > allowed:
        return None
    left = [float(value) for value in truth.values]
    for value in found:
        nearest = min(left, key=lambda other: abs(other - value))
        if not abs(nearest - value) <= allowed:
            return None
        left.remove(nearest)
    return "unsorted"


# The criteria: each is one number against its limit


def check_mean(answer, truth, name):
    """Each column's mean within the error of any order of summation."""
    mean = field(answer, 3, truth, name).astype(np.longdouble)
    size = np.maximum(np.mean(np.abs(truth.X.astype(np.longdouble)), axis=0), np.finfo(truth.X.dtype).tiny)
    error = float(np.max(np.abs(mean - truth.mean) / size))
    wrong = {
        "one mean": np.full(truth.d, truth.X.mean()),
        "median": np.median(truth.X, axis=0),
        "zero": np.zeros(truth.d),
    }
    within(
        error,
        len(truth.X) * truth.u,
        name="mean",
        symptom=lambda: symptom_of(mean, wrong, np.abs(truth.X).max(), truth),
        what=Bilingual(
            "greatest error of a column's mean, relative to its entries", "各列均值的最大误差，相对于该列的元素"
        ),
    )


def check_orthonormal(answer, truth, name):
    V = components_of(answer, truth, name).astype(np.longdouble)
    error = float(np.max(np.abs(V @ V.T - np.eye(truth.k))))
    within(
        error,
        100 * np.sqrt(truth.d) * truth.u,
        name="components",
        symptom=lambda: symptom_of_components(V, truth),
        what=Bilingual(
            "greatest entry of |V V^T - I|, with the components as the rows of V",
            "|V V^T - I| 的最大元素，其中 V 的各行是主成分",
        ),
        likely=Bilingual(
            "rows of `components` must have length one and be orthogonal to each other",
            "`components` 的各行长度应为 1，且两两正交",
        ),
    )


def check_directions(answer, truth, name):
    """The rows, whatever their lengths, are eigenvectors of the covariance, those of the k largest variances in order.

    The eigenvalue of a row is its Rayleigh quotient, so that the variances which are reported play no part.
    """
    V = components_of(answer, truth, name)
    rows = V.astype(np.longdouble)
    lengths = np.sqrt(np.sum(rows**2, axis=1, keepdims=True))
    rows = rows / np.where(lengths > 0, lengths, 1)
    along = np.sum(rows @ truth.C * rows, axis=1)
    off = np.sqrt(np.sum((rows @ truth.C - along[:, None] * rows) ** 2, axis=1))
    missed = np.abs(along - truth.values[: truth.k])
    within(
        float(max(off.max(), missed.max()) / truth.values[0]),
        truth.eps,
        name="components",
        symptom=lambda: symptom_of_components(V, truth),
        what=Bilingual(
            "how far C v is from lambda v, in units of the largest variance", "C v 与 lambda v 的差距，以最大方差为单位"
        ),
        likely=Bilingual(
            "the rows are not the eigenvectors of the covariance matrix, largest variance first",
            "各行不是协方差矩阵按方差从大到小排列的特征向量",
        ),
    )


def check_variances(answer, truth, name):
    variance = field(answer, 1, truth, name).astype(np.float64)
    error = float(np.max(np.abs(variance - truth.values[: truth.k])) / truth.values[0])
    within(
        error,
        truth.eps,
        name="explained_variance",
        symptom=lambda: symptom_of_variances(variance, truth),
        what=Bilingual("greatest error, in units of the largest variance", "最大误差，以最大方差为单位"),
    )


def check_ratios(answer, truth, name):
    ratio = field(answer, 2, truth, name).astype(np.float64)
    total = float(np.trace(truth.C))
    error = float(np.max(np.abs(ratio - truth.values[: truth.k] / total)))
    within(
        error,
        truth.eps,
        name="ratio",
        symptom=lambda: symptom_of_ratios(ratio, truth),
        what=Bilingual("greatest error", "最大误差"),
        likely=Bilingual("the denominator is the sum of all d variances", "分母是全部 d 个方差之和"),
    )


def check_reconstruction(answer, truth, name):
    """What is lost by projecting on the components is not more than what must be lost."""
    V = components_of(answer, truth, name)
    rows = V.astype(np.longdouble)
    lost = float(np.sum((truth.Xc - truth.Xc @ rows.T @ rows) ** 2)) / (len(truth.X) - 1)
    excess = (lost - float(np.sum(truth.values[truth.k :]))) / truth.values[0]
    within(
        excess,
        truth.eps,
        name="components",
        symptom=lambda: symptom_of_components(V, truth),
        what=Bilingual(
            "variance lost beyond what must be lost, in units of the largest", "多损失的方差，以最大方差为单位"
        ),
    )


def check_all(answer, truth, name):
    check_mean(answer, truth, name)
    check_orthonormal(answer, truth, name)
    check_directions(answer, truth, name)
    check_variances(answer, truth, name)
    check_ratios(answer, truth, name)


def check_lengths(answer, truth, sigma, name):
    """Every sigma = sqrt((n - 1) lambda), and |Xc v|, within 30 sqrt(d) u sigma_1."""
    V = components_of(answer, truth, name)
    variance = field(answer, 1, truth, name)
    if not (variance >= 0).all():
        fail("explained_variance: a variance is negative", "explained_variance：出现了负的方差")
    came = np.sqrt(variance.astype(np.longdouble) * (len(truth.X) - 1))
    wanted = sigma[: truth.k]
    error = np.abs(came - wanted) / sigma[0]
    limit = 30 * np.sqrt(truth.d) * truth.u
    # The mark of a covariance matrix: sigma is off by u / sigma where it is not too small to be seen at all.
    bounded = error * np.maximum(wanted / sigma[0], np.sqrt(truth.u)) <= 100 * truth.u
    seen = (wanted / sigma[0] <= 0.01) & (came > 0)  # what has been cut off is exactly zero
    squared = bounded.all() and bool((error[seen] > limit).any())

    def symptom():
        return "squared" if squared else symptom_of_variances(variance.astype(float), truth)

    within(
        float(error.max()),
        limit,
        name="explained_variance",
        symptom=symptom,
        what=Bilingual(
            "greatest error of sqrt((n - 1) variance), in units of the largest",
            "sqrt((n - 1) 方差) 的最大误差，以其中最大者为单位",
        ),
        likely=Bilingual(
            "squaring, as in Xc.T @ Xc, loses whatever is small", "平方（例如 Xc.T @ Xc）会丢掉所有小的量"
        ),
    )
    rows = V.astype(np.longdouble)
    lengths = np.sqrt(np.sum((truth.Xc @ rows.T) ** 2, axis=0))
    within(
        float(np.max(np.abs(lengths - wanted))) / sigma[0],
        limit,
        name="components",
        symptom=lambda: symptom_of_components(V, truth),
        what=Bilingual(
            "greatest error of the length of Xc v, in units of the largest", "Xc v 长度的最大误差，以其中最大者为单位"
        ),
    )


def assert_untouched(student, function, *arrays):
    """Call with arrays that live on the student's side, and look whether they are still the same."""
    staged = [student.stage(value) for value in arrays]
    function(*staged)
    for handle, value in zip(staged, arrays, strict=True):
        if not np.array_equal(handle.fetch(), value):
            fail("an array that was passed in has been changed", "传入的数组被改动了", symptom="input changed")


def check_near(actual, desired, scale, count, dtype, name):
    """Compare entry by entry with sums of `count` products whose absolute values add up to `scale`."""
    actual = assert_array(actual, shape=desired.shape, dtype=dtype, name=name)
    error = np.abs(actual.astype(np.longdouble) - desired) / scale
    within(
        float(error.max()),
        2 * (count + 4) * UNIT[np.dtype(dtype)],
        name=name,
        what=Bilingual(
            "greatest error of an entry, in units of the sizes that were added up",
            "元素的最大误差，以相加各项的大小为单位",
        ),
    )


# Data. Cached where it is dear, and always the same: no check draws from another's generator.


def samples(rng, n, d, offset=3.0):
    """Return correlated samples (n, d), with variances some way apart and a mean of about `offset`."""
    turned = rng.normal(size=(n, d)) * np.geomspace(1, 0.1, d) @ np.linalg.qr(rng.normal(size=(d, d)))[0]
    return turned + offset * rng.normal(size=d)


def with_singular_values(rng, n, sigma, offset=0.0):
    """Return samples (n, d) that have these singular values when centred, up to rounding."""
    d = len(sigma)
    U = np.linalg.qr(np.column_stack([np.ones(n), rng.normal(size=(n, d))]))[0][:, 1:]  # orthogonal to the ones
    V = np.linalg.qr(rng.normal(size=(d, d)))[0]
    return U * sigma @ V.T + offset * rng.normal(size=d)


@cache
def table(name):
    """Return the columns of a data set without its labels."""
    return np.loadtxt(DATASETS / name, delimiter=",", skiprows=1)[:, :-1]


@cache
def known_digits():
    return known(table("digits.csv"), 15)


@cache
def large():
    """Return samples (40000, 8) for timing: uncorrelated, variances far apart, so that iterations end soon."""
    rng = np.random.default_rng(99)
    columns = np.linalg.qr(np.column_stack([np.ones(40_000), rng.normal(size=(40_000, 8))]))[0][:, 1:]
    return 200 * columns * rng.permutation(np.geomspace(1, 1e-5, 8)) + 1.0


SHAPES = pytest.mark.parametrize(("n", "d", "k"), [(60, 7, 4), (9, 20, 5)], ids=["tall", "wide"])


def problem(n, d, k):
    return known(samples(np.random.default_rng(100 * n + d), n, d), k)


@pytest.mark.part("fit")
class TestFit:
    @pytest.mark.points(3)
    @pytest.mark.why(
        en="`mean` holds the mean of each column, for lists and whole numbers, too.",
        zh="`mean` 是每一列的均值；输入列表或整数时也是如此。",
    )
    @pytest.mark.hint(
        en="Average over the rows: axis=0. The result has shape (d,).",
        zh="对各行求平均：axis=0。结果的形状是 (d,)。",
    )
    def test_pca_fit_mean(self, student):
        truth = problem(40, 5, 2)
        check_mean(student.pca_fit(truth.X, 2), truth, "pca_fit")
        rows = [[1, 2, 4], [2, 5, 4], [8, 1, 0], [5, 5, 7]]
        whole = known(np.array(rows, dtype=np.float64), 2)
        check_mean(student.pca_fit(rows, 2), whole, "pca_fit")
        check_variances(student.pca_fit(np.array(rows), 2), whole, "pca_fit")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The components are rows of length one, orthogonal to each other.",
        zh="主成分是长度为 1 的各行，并且两两正交。",
    )
    @pytest.mark.hint(
        en="V @ V.T must be the identity, where V = components has shape (k, d).",
        zh="设 V = components，形状 (k, d)，则 V @ V.T 应为单位矩阵。",
    )
    @SHAPES
    def test_pca_fit_components_are_orthonormal(self, student, n, d, k):
        check_orthonormal(student.pca_fit(problem(n, d, k).X, k), problem(n, d, k), "pca_fit")

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The components are eigenvectors of the covariance matrix, those of the k largest variances, in order.",
        zh="各主成分是协方差矩阵的特征向量，对应最大的 k 个方差，按顺序排列。",
    )
    @pytest.mark.hint(
        en="Centre each column first. With eigh, reverse the order, and take columns of its second result as rows.",
        zh="先把每一列中心化。用 eigh 时要反转顺序，并把第二个返回值的各列作为行。",
    )
    @SHAPES
    def test_pca_fit_components_are_eigenvectors(self, student, n, d, k):
        check_directions(student.pca_fit(problem(n, d, k).X, k), problem(n, d, k), "pca_fit")

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="The variances are the k largest eigenvalues of the covariance matrix with the divisor n - 1.",
        zh="各方差是以 n - 1 为除数的协方差矩阵的最大 k 个特征值。",
    )
    @pytest.mark.hint(
        en="Compare with np.var(X @ v, ddof=1) for a component v of yours.",
        zh="取你的一个主成分 v，与 np.var(X @ v, ddof=1) 比较。",
    )
    @SHAPES
    def test_pca_fit_variances(self, student, n, d, k):
        check_variances(student.pca_fit(problem(n, d, k).X, k), problem(n, d, k), "pca_fit")

    @pytest.mark.points(5)
    @pytest.mark.why(
        en="The ratios are shares in the total variance of all d columns, whatever k is; for k = d they add up to 1.",
        zh="ratio 是在全部 d 列总方差中所占的份额，与 k 无关；k = d 时相加得 1。",
    )
    @pytest.mark.hint(
        en="Divide by the sum of all eigenvalues, before the first k of them are taken.",
        zh="在取前 k 个之前，先除以全部特征值之和。",
    )
    def test_pca_fit_ratios_do_not_depend_on_k(self, student):
        X = samples(np.random.default_rng(15), 50, 6)
        for k in (2, 1, 4, 6):
            check_ratios(student.pca_fit(X, k), known(X, k), "pca_fit")

    @pytest.mark.points(3)
    @pytest.mark.why(
        en="No other k directions lose less of the samples when they are projected and brought back.",
        zh="样本投影后再还原，没有别的 k 个方向损失得更少。",
    )
    @pytest.mark.hint(
        en="The loss is smallest for the largest variances of the centred data.",
        zh="取中心化数据中方差最大的方向时，损失最小。",
    )
    def test_pca_fit_reconstructs_best(self, student):
        X = samples(np.random.default_rng(16), 45, 8)
        for k in (1, 3, 7):
            check_reconstruction(student.pca_fit(X, k), known(X, k), "pca_fit")

    @pytest.mark.points(4)
    @pytest.mark.needs("test_pca_fit_components_of_small_example")
    @pytest.mark.why(
        en="Equal variances: the components are still orthonormal eigenvectors.",
        zh="方差相等时，各主成分仍是标准正交的特征向量。",
    )
    @pytest.mark.hint(
        en="Use np.linalg.eigh, not np.linalg.eig: only the former makes eigenvectors of equal eigenvalues orthogonal.",
        zh="用 np.linalg.eigh 而不是 np.linalg.eig：特征值相等时，只有前者给出正交的特征向量。",
    )
    def test_pca_fit_equal_variances(self, student):
        for seed, sigma in ((21, [3, 3, 3, 1, 1, 0.5]), (22, [2, 2, 2, 2, 2, 2, 2, 2]), (23, [4, 1, 1, 1, 1])):
            truth = known(with_singular_values(np.random.default_rng(seed), 30, np.array(sigma), 1.0), 4)
            answer = student.pca_fit(truth.X, 4)
            check_orthonormal(answer, truth, "pca_fit")
            check_directions(answer, truth, "pca_fit")
            check_variances(answer, truth, "pca_fit")

    @pytest.mark.points(3)
    @pytest.mark.needs("test_pca_fit_components_of_small_example", "test_pca_fit_variance_of_small_example")
    @pytest.mark.why(
        en="Constant columns and dependent ones: components stay orthonormal, and no variance is negative.",
        zh="存在常数列或线性相关的列时，主成分仍标准正交，方差不为负。",
    )
    @pytest.mark.hint(
        en="Rounding turns eigenvalues that should be zero slightly negative: return 0 for these.",
        zh="舍入误差会使本应为零的特征值略小于零：此时返回 0。",
    )
    def test_pca_fit_without_full_rank(self, student):
        rng = np.random.default_rng(24)
        for d, rank in ((12, 2), (20, 1), (15, 3)):
            X = rng.normal(size=(50, rank)) @ rng.normal(size=(rank, d)) + rng.normal(size=d)
            X[:, 3] = 0.1
            truth = known(X, d)
            answer = student.pca_fit(X, d)
            check_all(answer, truth, "pca_fit")
            for index, name in ((1, "explained_variance"), (2, "ratio")):
                if not (field(answer, index, truth, "pca_fit") >= 0).all():
                    fail(
                        f"{name}: an entry is negative, which no variance is; return 0 where rounding has made it so",
                        f"{name}：出现了负数，而方差不会是负的；若是舍入误差造成的，请返回 0",
                        symptom="negative variance",
                    )

    @pytest.mark.points(4)
    @pytest.mark.needs("test_pca_fit_components_are_eigenvectors", "test_pca_fit_variances")
    @pytest.mark.why(
        en="Means ten million times as large as the spread cost no accuracy.",
        zh="均值是数据散布的一千万倍时，精度也不受损失。",
    )
    @pytest.mark.hint(
        en="Subtract the mean from X before you form any product.",
        zh="在做任何乘法之前，先从 X 中减去均值。",
    )
    def test_pca_fit_survives_large_means(self, student):
        rng = np.random.default_rng(25)
        X = rng.normal(size=(80, 4)) * np.array([1.0, 0.8, 0.5, 0.3]) + 1e7 * np.array([1.0, -0.7, 1.3, 0.9])
        truth = known(X, 3)
        answer = student.pca_fit(X, 3)
        try:
            check_orthonormal(answer, truth, "pca_fit")
            check_directions(answer, truth, "pca_fit")
            check_variances(answer, truth, "pca_fit")
            check_mean(answer, truth, "pca_fit")
        except CheckFailure as failure:
            # Two numbers of size |mean|^2 whose difference was to be the covariance: the error is u |mean|^2.
            failure.symptom = failure.symptom or cancellation(answer, truth)
            raise

    @pytest.mark.points(3)
    @pytest.mark.needs("test_pca_fit_components_are_eigenvectors")
    @pytest.mark.why(
        en="float32 data gives float32 everywhere, as accurate as that type allows.",
        zh="float32 的数据得到的各项都是 float32，达到该类型应有的精度。",
    )
    @pytest.mark.hint(
        en="Look for a float64 array that slips in, such as np.cov's result or np.zeros((d, d)).",
        zh="找一找混进来的 float64 数组，例如 np.cov 的结果或 np.zeros((d, d))。",
    )
    def test_pca_fit_keeps_float32(self, student):
        X = samples(np.random.default_rng(26), 70, 6, offset=2.0).astype(np.float32)
        check_all(student.pca_fit(X, 4), known(X, 4), "pca_fit")

    @pytest.mark.points(3)
    @pytest.mark.needs("test_pca_fit_components_of_small_example")
    @pytest.mark.why(
        en="Data with a published answer: MATLAB's princomp, to 12 digits.",
        zh="有公开答案的数据：MATLAB 的 princomp，精确到 12 位。",
    )
    @pytest.mark.hint(
        en="If only this check fails, look at the divisor n - 1 and at the order of the components.",
        zh="若只有这一项不通过，请检查除数 n - 1 和主成分的顺序。",
    )
    def test_pca_fit_agrees_with_matlab(self, student):
        truth = known(np.array(MATLAB_ROWS) / 1000, 3)
        answer = student.pca_fit(truth.X, 3)
        V, variance = field(answer, 0, truth, "pca_fit"), field(answer, 1, truth, "pca_fit")
        ratio, wanted = field(answer, 2, truth, "pca_fit"), np.array(MATLAB_VARIANCES)
        what = Bilingual("greatest difference from MATLAB's, up to the sign", "与 MATLAB 结果的最大差异（不计正负号）")
        error = float(np.max(np.abs(variance / wanted[:3] - 1)))
        within(
            error,
            1e-12,
            name="explained_variance",
            what=what,
            symptom=lambda: symptom_of_variances(variance, truth),
        )
        error = float(np.max(np.abs(ratio - wanted[:3] / wanted.sum())))
        within(error, 1e-12, name="ratio", what=what, symptom=lambda: symptom_of_ratios(ratio, truth))
        theirs = np.array(MATLAB_COMPONENTS).T[:3]
        error = float(np.max(np.abs(V * np.sign(np.sum(V * theirs, axis=1, keepdims=True)) - theirs)))
        within(error, 1e-12, name="components", what=what, symptom=lambda: symptom_of_components(V, truth))

    @pytest.mark.points(2)
    @pytest.mark.needs("test_pca_fit_components_of_small_example")
    @pytest.mark.why(
        en="Real data: images of digits, with pixels that are always white, and wines in their raw units.",
        zh="真实数据：手写数字图像（有些像素永远是空白），以及未经换算的葡萄酒数据。",
    )
    @pytest.mark.hint(
        en="Do not standardise: a constant column has the standard deviation 0, and units are the caller's business.",
        zh="不要标准化：常数列的标准差为 0，而单位由调用者决定。",
    )
    def test_pca_fit_on_real_data(self, student):
        wine = known(table("wine.csv"), 5)
        check_all(student.pca_fit(wine.X, 5), wine, "pca_fit")
        check_all(student.pca_fit(known_digits().X, 15), known_digits(), "pca_fit")

    @pytest.mark.points(1)
    @pytest.mark.needs("test_pca_fit_mean_of_small_example")
    @pytest.mark.why(
        en="The array that is passed in is the same afterwards.",
        zh="传入的数组在调用之后保持不变。",
    )
    @pytest.mark.hint(
        en="Write Xc = X - mean, not X -= mean, which writes into the caller's array.",
        zh="写 Xc = X - mean，不要写 X -= mean，后者会改写调用者的数组。",
    )
    def test_pca_fit_leaves_its_input_alone(self, student):
        X = samples(np.random.default_rng(27), 20, 3)
        assert_untouched(student, lambda X: student.pca_fit(X, 2), X)

    @pytest.mark.points(1)
    @pytest.mark.needs("test_pca_fit_mean_of_small_example")
    @pytest.mark.why(
        en="k out of range, a single sample, a vector and rows that are all equal raise ValueError.",
        zh="k 超出范围、只有一个样本、输入向量、各行全都相同时，抛出 ValueError。",
    )
    @pytest.mark.hint(
        en="Keep the call of `validated` at the top of the function.",
        zh="保留函数开头对 `validated` 的调用。",
    )
    def test_pca_fit_refuses_bad_input(self, student):
        X = samples(np.random.default_rng(28), 6, 9)
        for wrong, k in ((X, 0), (X, 6), (X[:, :4], 5), (X[:1], 1), (X[0], 1), (np.ones((5, 3)), 1)):
            with pytest.raises(ValueError):
                student.pca_fit(wrong, k)

    @pytest.mark.points(5)
    @pytest.mark.needs("test_pca_fit_variances", "test_pca_fit_components_are_eigenvectors")
    @pytest.mark.why(
        en="40000 samples of 8 features take no more CPU time than vectorised code needs.",
        zh="处理 40000 个样本、8 个特征所用的 CPU 时间，不超过向量化代码所需。",
    )
    @pytest.mark.hint(
        en="Replace the Python loop over samples by one matrix product, Xc.T @ Xc.",
        zh="用一次矩阵乘法 Xc.T @ Xc 代替对样本的 Python 循环。",
    )
    def test_pca_fit_is_fast(self, student, twin):
        def make_args(seed):
            # Other weights of the columns: other variances and other directions each time, at little cost.
            return large() * (1 + np.random.default_rng(seed).random(8)), 2

        def check(answer, args):
            truth = known(*args)
            check_orthonormal(answer, truth, "pca_fit")
            check_directions(answer, truth, "pca_fit")
            check_variances(answer, truth, "pca_fit")

        assert_speed(
            student.pca_fit,
            twin.pca_fit,
            make_args,
            limit=SPEED_LIMIT,
            name="pca_fit",
            repeats=9,  # five pairs that agree decide; more are made only where they do not
            check=check,
        )


def cancellation(answer, truth):
    """Return the symptom of a covariance formed as a difference of sums: it has an error of about u |mean|^2, so the
    rows are orthonormal and are no eigenvectors, and the variances are off by that much.
    """
    V = np.asarray(answer[0], dtype=np.longdouble)
    along = np.sum(V @ truth.C * V, axis=1)
    off = float(np.max(np.abs(V @ truth.C - along[:, None] * V)))
    error = float(np.max(np.abs(np.asarray(answer[1], dtype=float) - truth.values[: truth.k])))
    size = truth.u * float(np.max(np.abs(truth.mean))) ** 2
    unit = np.allclose((V @ V.T).astype(float), np.eye(truth.k), rtol=0, atol=1e-9)
    small = max(off, error) <= 30 * size
    return "cancellation" if unit and small and off > truth.eps * truth.values[0] else None


def orthonormal(rng, k, d):
    return np.linalg.qr(rng.normal(size=(d, k)))[0].T


def check_transform(answer, X, V, mean, dtype):
    wide, V, mean = X.astype(np.longdouble), V.astype(np.longdouble), mean.astype(np.longdouble)
    scale = (np.abs(wide) + np.abs(mean)) @ np.abs(V).T
    check_near(answer, (wide - mean) @ V.T, scale, V.shape[1], dtype, "transform")


def check_inverse(answer, Z, V, mean, dtype):
    wide, V, mean = Z.astype(np.longdouble), V.astype(np.longdouble), mean.astype(np.longdouble)
    check_near(answer, wide @ V + mean, np.abs(wide) @ np.abs(V) + np.abs(mean), len(V), dtype, "inverse_transform")


@pytest.mark.part("transform")
class TestTransform:
    @pytest.mark.points(5)
    @pytest.mark.why(
        en="Samples, new ones too, have the coordinates (x - mean) . v, one column per component.",
        zh="样本（包括新样本）的坐标是 (x - mean) · v，每个主成分一列。",
    )
    @pytest.mark.hint(
        en="(X - mean) @ components.T: a transpose, not a reshape.",
        zh="(X - mean) @ components.T：是转置，不是 reshape。",
    )
    def test_transform_of_new_rows(self, student):
        rng = np.random.default_rng(31)
        for m, k, d in ((12, 3, 7), (5, 1, 4), (4, 5, 5)):
            X, V, mean = rng.normal(size=(m, d)) + 2.0, orthonormal(rng, k, d), 5 * rng.normal(size=d)
            check_transform(student.transform(X, V, mean), X, V, mean, np.float64)

    @pytest.mark.points(4)
    @pytest.mark.why(
        en="The mean is the one that is passed in: a single sample has coordinates of its own, and so has each of two "
        "equal ones.",
        zh="减去的是传入的均值：单个样本，或同一样本写两遍，都有各自的坐标。",
    )
    @pytest.mark.hint(
        en="Use the argument `mean`, not X.mean(axis=0).",
        zh="使用参数 `mean`，而不是 X.mean(axis=0)。",
    )
    def test_transform_uses_the_mean_it_is_given(self, student):
        rng = np.random.default_rng(32)
        x, V, mean = rng.normal(size=(1, 6)), orthonormal(rng, 2, 6), rng.normal(size=6)
        for X in (x, np.vstack([x, x])):
            check_transform(student.transform(X, V, mean), X, V, mean, np.float64)

    @pytest.mark.points(5)
    @pytest.mark.why(
        en="Coordinates lead back to mean + sum of z_i v_i.",
        zh="由坐标还原得到 mean + z_i v_i 之和。",
    )
    @pytest.mark.hint(
        en="Z @ components + mean: the mean is added, and components are not transposed.",
        zh="Z @ components + mean：加上均值，components 不转置。",
    )
    def test_inverse_transform_of_coordinates(self, student):
        rng = np.random.default_rng(33)
        for m, k, d in ((10, 3, 6), (1, 2, 4), (4, 5, 5)):
            Z, V, mean = 3 * rng.normal(size=(m, k)), orthonormal(rng, k, d), 5 * rng.normal(size=d)
            check_inverse(student.inverse_transform(Z, V, mean), Z, V, mean, np.float64)

    @pytest.mark.points(3)
    @pytest.mark.needs("test_transform_small_example", "test_inverse_transform_small_example")
    @pytest.mark.why(
        en="There and back with all d components gives the samples; with fewer, the nearest points of their plane.",
        zh="用全部 d 个主成分投影再还原，得回原样本；用较少的主成分，则得到它们所张平面上最近的点。",
    )
    @pytest.mark.hint(
        en="What one function subtracts, the other has to add.",
        zh="一个函数减去的，另一个函数要加回来。",
    )
    def test_round_trip(self, student):
        rng = np.random.default_rng(34)
        X, V, mean = rng.normal(size=(20, 6)) + 4.0, orthonormal(rng, 6, 6), rng.normal(size=6) + 3.0
        what = Bilingual("greatest difference from the samples", "与原样本的最大差异")
        back = student.inverse_transform(student.transform(X, V, mean), V, mean)
        back = assert_array(back, shape=X.shape, dtype=np.float64, name="inverse_transform")
        # Two products of six terms of size 10, one after the other.
        within(float(np.max(np.abs(back - X))), 1e-13, name="inverse_transform(transform(X))", what=what)
        back = student.inverse_transform(student.transform(X, V[:2], mean), V[:2], mean)
        back = assert_array(back, shape=X.shape, dtype=np.float64, name="inverse_transform")
        what = Bilingual("greatest part of the difference along a component", "差异在主成分方向上的最大分量")
        along = float(np.max(np.abs((back - X) @ V[:2].T)))
        within(along, 1e-13, name="inverse_transform(transform(X))", what=what)

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="float32 arguments give float32 results; a float64 one among them gives float64.",
        zh="参数都是 float32 时结果是 float32；其中有一个 float64 时结果是 float64。",
    )
    @pytest.mark.hint(
        en="Let `floats` decide the dtype, as the template does, and create no array of another one.",
        zh="像模板那样由 `floats` 决定 dtype，不要另建其他类型的数组。",
    )
    def test_transform_keeps_float32(self, student):
        rng = np.random.default_rng(35)
        X, V, mean = (
            value.astype(np.float32) for value in (rng.normal(size=(9, 5)), orthonormal(rng, 3, 5), rng.normal(size=5))
        )
        Z = rng.normal(size=(9, 3)).astype(np.float32)
        check_transform(student.transform(X, V, mean), X, V, mean, np.float32)
        check_inverse(student.inverse_transform(Z, V, mean), Z, V, mean, np.float32)
        V = orthonormal(rng, 3, 5)
        check_transform(student.transform(X, V, mean), X, V, mean, np.float64)
        check_inverse(student.inverse_transform(Z, V, mean), Z, V, mean, np.float64)

    @pytest.mark.points(1)
    @pytest.mark.needs("test_transform_small_example", "test_inverse_transform_small_example")
    @pytest.mark.why(
        en="The arrays that are passed in are the same afterwards.",
        zh="传入的数组在调用之后保持不变。",
    )
    @pytest.mark.hint(
        en="X -= mean and Z += ... write into the caller's array; make a new one.",
        zh="X -= mean 和 Z += ... 会改写调用者的数组；请新建一个数组。",
    )
    def test_transform_leaves_its_inputs_alone(self, student):
        rng = np.random.default_rng(36)
        X, V, mean = rng.normal(size=(7, 4)), orthonormal(rng, 4, 4), rng.normal(size=4)
        assert_untouched(student, student.transform, X, V, mean)
        assert_untouched(student, student.inverse_transform, X, V, mean)

    @pytest.mark.points(1)
    @pytest.mark.needs("test_transform_small_example", "test_inverse_transform_small_example")
    @pytest.mark.why(
        en="Shapes that do not fit together raise ValueError, also where broadcasting would hide it.",
        zh="形状不匹配时抛出 ValueError，即使广播会把它掩盖过去。",
    )
    @pytest.mark.hint(
        en="Keep the checks at the top of the functions.",
        zh="保留函数开头的检查。",
    )
    def test_transform_refuses_shapes_that_do_not_fit(self, student):
        rng = np.random.default_rng(37)
        X, V, mean = rng.normal(size=(7, 4)), orthonormal(rng, 2, 4), rng.normal(size=4)
        for wrong in ((X, V, mean[:1]), (X[0], V, mean), (X, V[0], mean), (X[:, :3], V, mean)):
            with pytest.raises(ValueError):
                student.transform(*wrong)
        Z = X[:, :2]
        for wrong in ((Z, V, mean[:1]), (Z[0], V, mean), (Z, V[0], mean), (X, V, mean)):
            with pytest.raises(ValueError):
                student.inverse_transform(*wrong)


@pytest.mark.part("svd")
class TestSvd:
    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The result is that of `pca_fit`: mean, orthonormal components, variances with n - 1, ratios over all d.",
        zh="结果与 `pca_fit` 相同：均值、标准正交的主成分、以 n - 1 为除数的方差、以全部 d 个方差之和为分母的比值。",
    )
    @pytest.mark.hint(
        en="Centre first. The rows of the third result of np.linalg.svd are the components.",
        zh="先中心化。np.linalg.svd 第三个返回值的各行就是主成分。",
    )
    @SHAPES
    def test_pca_svd_is_pca(self, student, n, d, k):
        check_all(student.pca_svd(problem(n, d, k).X, k), problem(n, d, k), "pca_svd")

    @pytest.mark.points(5)
    @pytest.mark.why(
        en="Standard deviations from 1 to 1e-9: each is right to rounding errors of the largest, and so is the length "
        "of the centred samples along each component.",
        zh="标准差从 1 到 1e-9：每一个都精确到最大者的舍入误差，中心化的样本沿每个主成分的长度也是如此。",
    )
    @pytest.mark.hint(
        en="Take the singular values of the centred data; Xc.T @ Xc must not be formed.",
        zh="对中心化的数据求奇异值；不能构造 Xc.T @ Xc。",
    )
    def test_pca_svd_keeps_small_variances(self, student):
        sigma = np.geomspace(1, 1e-9, 10)
        X = with_singular_values(np.random.default_rng(41), 60, sigma, offset=0.05)
        truth = known(X, 10)
        answer = student.pca_svd(X, 10)
        check_lengths(answer, truth, sigma, "pca_svd")
        check_orthonormal(answer, truth, "pca_svd")

    @pytest.mark.points(2)
    @pytest.mark.why(
        en="The same in float32, with standard deviations from 1 to 1e-5, and in float32 throughout.",
        zh="float32 时也是如此：标准差从 1 到 1e-5，各项结果都是 float32。",
    )
    @pytest.mark.hint(
        en="np.linalg.svd keeps float32; look for a float64 array that slips in.",
        zh="np.linalg.svd 会保持 float32；找一找混进来的 float64 数组。",
    )
    def test_pca_svd_keeps_float32(self, student):
        sigma = np.concatenate([[1, 0.6, 0.3], np.geomspace(3e-4, 1e-5, 5)])
        X = with_singular_values(np.random.default_rng(42), 40, sigma, offset=0.05).astype(np.float32)
        truth = known(X, 7)
        answer = student.pca_svd(X, 7)
        check_lengths(answer, truth, sigma, "pca_svd")
        check_all(answer, truth, "pca_svd")

    @pytest.mark.points(1)
    @pytest.mark.needs("test_pca_svd_small_example")
    @pytest.mark.why(
        en="20000 samples of three features need no matrix of 20000 x 20000.",
        zh="20000 个样本、三个特征，用不着 20000 x 20000 的矩阵。",
    )
    @pytest.mark.hint(
        en="np.linalg.svd(..., full_matrices=False).",
        zh="写 np.linalg.svd(..., full_matrices=False)。",
    )
    def test_pca_svd_of_many_samples(self, student):
        truth = known(samples(np.random.default_rng(43), 20_000, 3), 2)
        check_all(student.pca_svd(truth.X, 2), truth, "pca_svd")

    @pytest.mark.points(1)
    @pytest.mark.needs("test_pca_svd_small_example")
    @pytest.mark.why(
        en="The array that is passed in is the same afterwards, and bad input raises ValueError.",
        zh="传入的数组在调用之后保持不变；输入有误时抛出 ValueError。",
    )
    @pytest.mark.hint(
        en="Write X - mean, not X -= mean, and keep the call of `validated`.",
        zh="写 X - mean，不要写 X -= mean；并保留对 `validated` 的调用。",
    )
    def test_pca_svd_leaves_its_input_alone(self, student):
        X = samples(np.random.default_rng(44), 20, 3)
        assert_untouched(student, lambda X: student.pca_svd(X, 2), X)
        with pytest.raises(ValueError):
            student.pca_svd(X, 4)
