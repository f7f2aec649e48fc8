"""Typical wrong ways to write the assignment. Every one loses points, and is named to whoever hands it in.

Answers of `smo` differ from method to method, so its mistakes are recognised by what the checks see (symptoms). The
classifier is made of the other functions: where one of these is wrong, `SVC` goes on using the right one, so that the
mistake shows in its own part alone.
"""

from autograder.judge.variants import Variant
from autograder.text import Bilingual


def kernels(source: str) -> str:
    """Return a source in which the kernels are wrong, but not for SVC."""
    return f"""
_right = {{"linear": linear_kernel, "poly": poly_kernel, "rbf": rbf_kernel}}

{source}

class SVC(SVC):
    def gram(self, X, Z):
        arguments = {{"linear": (), "poly": (self.degree, self.gamma, self.coef0), "rbf": (self.gamma,)}}
        return _right[self.kernel](X, Z, *arguments[self.kernel])
"""


def solver(source: str) -> str:
    """Return a source in which `smo` is wrong, but not for SVC."""
    return f"""
_right_smo = smo

{source}

class SVC(SVC):
    def fit(self, X, y):
        global smo
        wrong, smo = smo, _right_smo
        try:
            return super().fit(X, y)
        finally:
            smo = wrong
"""


# Pair steps by maximal violation, for the mistakes that lie elsewhere. {C}, {eta} and {end} are filled in.
SEARCH = """
def search(K, y, C, tol, max_iter, skip_zero_eta=False, box=True):
    alpha, g, n_iter = np.zeros(len(y)), y.astype(np.float64), 0
    bound = C if box else np.inf
    while True:
        growing = np.where(y > 0, alpha < bound, alpha > 0)
        shrinking = np.where(y > 0, alpha > 0, alpha < bound)
        up, low = np.where(growing, g, -np.inf), np.where(shrinking, g, np.inf)
        i, j = np.argmax(up), np.argmin(low)
        if up[i] - low[j] <= tol or n_iter >= max_iter:
            break
        eta = K[i, i] + K[j, j] - 2 * K[i, j]
        if skip_zero_eta and eta <= 0:
            break
        room_i = bound - alpha[i] if y[i] > 0 else alpha[i]
        room_j = alpha[j] if y[j] > 0 else bound - alpha[j]
        t = min((g[i] - g[j]) / max(eta, 1e-12), room_i, room_j)
        alpha[i] = (bound if y[i] > 0 else 0.0) if t == room_i else alpha[i] + y[i] * t
        alpha[j] = (0.0 if y[j] > 0 else bound) if t == room_j else alpha[j] - y[j] * t
        g -= t * (K[i] - K[j])
        n_iter += 1
    return alpha, g, up[i], low[j], n_iter

"""

MISCONCEPTIONS = (
    # kernels
    Variant(
        id="rbf_without_square",
        part="kernels",
        source=kernels("""
def rbf_kernel(X, Z, gamma):
    X, Z = validated_pair(X, Z)
    squared = np.sum(X * X, axis=1)[:, None] + np.sum(Z * Z, axis=1) - 2 * (X @ Z.T)
    return np.exp(-gamma * np.sqrt(np.maximum(squared, 0)))
"""),
        explanation=Bilingual(
            "Your Gaussian kernel is exp(-gamma * distance): the distance is not squared.",
            "你的高斯核是 exp(-gamma * 距离)：距离没有取平方。",
        ),
        hint=Bilingual("Leave out the square root.", "去掉开平方。"),
    ),
    Variant(
        id="rbf_with_sigma",
        part="kernels",
        source=kernels("""
def rbf_kernel(X, Z, gamma):
    X, Z = validated_pair(X, Z)
    squared = np.sum(X * X, axis=1)[:, None] + np.sum(Z * Z, axis=1) - 2 * (X @ Z.T)
    return np.exp(-np.maximum(squared, 0) / (2 * gamma**2))
"""),
        explanation=Bilingual(
            "You take gamma for the width sigma: your kernel is exp(-d^2 / (2 gamma^2)).",
            "你把 gamma 当成了宽度 sigma：你的核函数是 exp(-d^2 / (2 gamma^2))。",
        ),
        hint=Bilingual(
            "Here it is exp(-gamma * d^2); gamma = 1 / (2 sigma^2).",
            "这里是 exp(-gamma * d^2)；gamma = 1 / (2 sigma^2)。",
        ),
    ),
    Variant(
        id="rbf_mixed_term_once",
        part="kernels",
        source=kernels("""
def rbf_kernel(X, Z, gamma):
    X, Z = validated_pair(X, Z)
    squared = np.sum(X * X, axis=1)[:, None] + np.sum(Z * Z, axis=1) - X @ Z.T
    return np.exp(-gamma * np.maximum(squared, 0))
"""),
        explanation=Bilingual(
            "Your squared distance is |x|^2 + |z|^2 - x.z: the mixed term lacks its factor 2.",
            "你的距离平方是 |x|^2 + |z|^2 - x.z：交叉项少了系数 2。",
        ),
        hint=Bilingual(
            "The distance of a sample from itself must be 0, its kernel 1.",
            "样本到自身的距离必须是 0，核函数值必须是 1。",
        ),
    ),
    Variant(
        id="rbf_negative_distances",
        part="kernels",
        source=kernels("""
def rbf_kernel(X, Z, gamma):
    X, Z = validated_pair(X, Z)
    squared = np.sum(X * X, axis=1)[:, None] + np.sum(Z * Z, axis=1) - 2 * (X @ Z.T)
    return np.exp(-gamma * squared)
"""),
        explanation=Bilingual(
            "Rounding makes some of your squared distances negative, and the kernel exceeds 1 there.",
            "舍入使你的一些距离平方成了负数，那里的核函数值超过了 1。",
        ),
        hint=Bilingual("np.maximum(squared, 0) before the exponential.", "在取指数之前用 np.maximum(squared, 0)。"),
    ),
    Variant(
        id="poly_gamma_on_the_sum",
        part="kernels",
        source=kernels("""
def poly_kernel(X, Z, degree, gamma=1.0, coef0=1.0):
    X, Z = validated_pair(X, Z)
    return (gamma * (X @ Z.T + coef0)) ** degree
"""),
        explanation=Bilingual(
            "In your polynomial kernel gamma multiplies coef0, too: (gamma * (x.z + coef0)) ** degree.",
            "在你的多项式核里，gamma 也乘到了 coef0 上：(gamma * (x.z + coef0)) ** degree。",
        ),
        hint=Bilingual("(gamma * x.z + coef0) ** degree.", "应为 (gamma * x.z + coef0) ** degree。"),
    ),
    Variant(
        id="poly_power_first",
        part="kernels",
        source=kernels("""
def poly_kernel(X, Z, degree, gamma=1.0, coef0=1.0):
    X, Z = validated_pair(X, Z)
    return gamma * (X @ Z.T) ** degree + coef0
"""),
        explanation=Bilingual(
            "You raise the inner product to the power before gamma and coef0 come in.",
            "你先对内积乘方，然后才用 gamma 和 coef0。",
        ),
        hint=Bilingual(
            "(gamma * x.z + coef0) ** degree: the power comes last.", "(gamma * x.z + coef0) ** degree：乘方在最后。"
        ),
    ),
    # dual
    Variant(
        id="dual_without_half",
        part="dual",
        source="""
def dual_objective(alpha, y, K):
    K, y = validated_problem(K, y)
    alpha = np.asarray(alpha, dtype=K.dtype)
    if alpha.shape != y.shape:
        raise ValueError("alpha")
    return float(alpha.sum() - (alpha * y) @ K @ (alpha * y))
""",
        explanation=Bilingual("The factor 1/2 of the quadratic term is missing.", "二次项的系数 1/2 漏掉了。"),
        hint=Bilingual("D = sum(alpha) - beta @ K @ beta / 2.", "D = sum(alpha) - beta @ K @ beta / 2。"),
    ),
    Variant(
        id="dual_without_labels",
        part="dual",
        source="""
def dual_objective(alpha, y, K):
    K, y = validated_problem(K, y)
    alpha = np.asarray(alpha, dtype=K.dtype)
    if alpha.shape != y.shape:
        raise ValueError("alpha")
    return float(alpha.sum() - alpha @ K @ alpha / 2)
""",
        explanation=Bilingual(
            "The labels are missing from the quadratic term: it is alpha @ K @ alpha.",
            "二次项里没有标签：你算的是 alpha @ K @ alpha。",
        ),
        hint=Bilingual("Multiply alpha by y first: beta = alpha * y.", "先把 alpha 与 y 相乘：beta = alpha * y。"),
    ),
    Variant(
        id="dual_negated",
        part="dual",
        source="""
def dual_objective(alpha, y, K):
    K, y = validated_problem(K, y)
    alpha = np.asarray(alpha, dtype=K.dtype)
    if alpha.shape != y.shape:
        raise ValueError("alpha")
    return float((alpha * y) @ K @ (alpha * y) / 2 - alpha.sum())
""",
        explanation=Bilingual(
            "Your value is the negative of D: what a minimiser is given, while here D is maximised.",
            "你的值是 -D：那是交给最小化程序的函数，而这里 D 是要最大化的。",
        ),
        hint=Bilingual("Change the sign.", "改变正负号。"),
    ),
    # smo
    Variant(
        id="stops_early",
        part="smo",
        source=solver("""
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    n = len(y)
    rng = np.random.default_rng(0)
    alpha, b, passes, n_iter = np.zeros(n), 0.0, 0, 0
    while passes < 5 and n_iter < max_iter:
        changed = 0
        for i in range(n):
            Ei = (alpha * y) @ K[i] + b - y[i]
            if n_iter < max_iter and ((y[i] * Ei < -tol and alpha[i] < C) or (y[i] * Ei > tol and alpha[i] > 0)):
                j = (i + rng.integers(1, n)) % n
                Ej = (alpha * y) @ K[j] + b - y[j]
                if y[i] != y[j]:
                    L, H = max(0, alpha[j] - alpha[i]), min(C, C + alpha[j] - alpha[i])
                else:
                    L, H = max(0, alpha[i] + alpha[j] - C), min(C, alpha[i] + alpha[j])
                eta = 2 * K[i, j] - K[i, i] - K[j, j]
                if L == H or eta >= 0:
                    continue
                old_i, old_j = alpha[i], alpha[j]
                new = min(H, max(L, old_j - y[j] * (Ei - Ej) / eta))
                if abs(new - old_j) < 1e-5:
                    continue
                alpha[j] = new
                alpha[i] = min(C, max(0, old_i + y[i] * y[j] * (old_j - new)))
                b1 = b - Ei - y[i] * (alpha[i] - old_i) * K[i, i] - y[j] * (alpha[j] - old_j) * K[i, j]
                b2 = b - Ej - y[i] * (alpha[i] - old_i) * K[i, j] - y[j] * (alpha[j] - old_j) * K[j, j]
                b = b1 if 0 < alpha[i] < C else b2 if 0 < alpha[j] < C else (b1 + b2) / 2
                changed += 1
                n_iter += 1
        passes = passes + 1 if changed == 0 else 0
    return SMOResult(alpha.astype(K.dtype), float(b), n_iter, passes >= 5)
"""),
        explanation=Bilingual(
            "Your multipliers are feasible and not far from the optimum, but the search has ended before the optimality "
            "conditions hold. The 'simplified SMO' does that: it stops after a few passes in which random partners "
            "changed nothing. Stopping when alpha or D changes little, or by a g that is out of date, does it as well.",
            "你的乘子可行，离最优也不远，但搜索在最优性条件成立之前就结束了。“简化版 SMO”就是这样：随机的搭档连续几轮"
            "没有带来变化，它就停止。凭 alpha 或 D 变化很小而停止，或者所用的 g 没有及时更新，也会如此。",
        ),
        hint=Bilingual(
            "Take the violating pair from all samples, and stop only when m - M <= tol. Compute g = y - K @ (alpha * y) "
            "anew at the end: does it agree with the one that you kept?",
            "从所有样本中选违反对，只有 m - M <= tol 时才停止。结束时重新计算 g = y - K @ (alpha * y)：与你一直维护的 g 一致吗？",
        ),
    ),
    Variant(
        id="clips_both_multipliers",
        part="smo",
        source=solver("""
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    alpha, n_iter = np.zeros(len(y)), 0
    for n_iter in range(1, min(max_iter, 2000) + 1):
        g = y - K @ (alpha * y)
        up = np.where(np.where(y > 0, alpha < C, alpha > 0), g, -np.inf)
        low = np.where(np.where(y > 0, alpha > 0, alpha < C), g, np.inf)
        i, j = np.argmax(up), np.argmin(low)
        if up[i] - low[j] <= tol:
            break
        t = (g[i] - g[j]) / max(K[i, i] + K[j, j] - 2 * K[i, j], 1e-12)
        alpha[i] = np.clip(alpha[i] + y[i] * t, 0, C)
        alpha[j] = np.clip(alpha[j] - y[j] * t, 0, C)
    return SMOResult(alpha.astype(K.dtype), float(up[i] + low[j]) / 2, n_iter, bool(up[i] - low[j] <= tol))
"""),
        explanation=Bilingual(
            "The sum of alpha_i y_i is not zero: the two multipliers of a step do not change by the same amount. That "
            "happens when each is clipped to [0, C] by itself, or when the second does not follow the clipped first.",
            "alpha_i y_i 之和不为零：一步中的两个乘子改变的量不同。分别把它们截断到 [0, C]，"
            "或者第二个乘子没有跟随截断之后的第一个，就会这样。",
        ),
        hint=Bilingual(
            "Limit the step t by the room of both, then change both by t (with the signs of their labels).",
            "先用二者的余地限制步长 t，再让两个乘子（按各自标签的符号）都改变 t。",
        ),
    ),
    Variant(
        id="without_equality_constraint",
        part="smo",
        source=solver("""
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    alpha, g, n_iter = np.zeros(len(y)), y.astype(np.float64), 0
    while n_iter < min(max_iter, 20_000):
        slope = y * g
        violation = np.where(slope > 0, alpha < C, alpha > 0) * np.abs(slope)
        i = np.argmax(violation)
        if violation[i] <= tol / 2:
            break
        new = min(C, max(0.0, alpha[i] + slope[i] / max(K[i, i], 1e-12)))
        g -= (new - alpha[i]) * y[i] * K[i]
        alpha[i] = new
        n_iter += 1
    return SMOResult(alpha.astype(K.dtype), 0.0, n_iter, bool(violation[i] <= tol / 2))
"""),
        explanation=Bilingual(
            "You maximise D over one multiplier at a time and ignore the constraint sum(alpha_i y_i) = 0. That solves "
            "another problem: the one without an intercept.",
            "你每次只对一个乘子最大化 D，忽略了约束 sum(alpha_i y_i) = 0。这样解的是另一个问题：没有截距的那个。",
        ),
        hint=Bilingual(
            "Change two multipliers at a time, by the same amount in beta = alpha * y and with opposite signs.",
            "每次改动两个乘子，使 beta = alpha * y 中的两项改变同样的量而符号相反。",
        ),
    ),
    Variant(
        id="box_ignored",
        part="smo",
        source=solver(
            SEARCH
            + """
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    alpha, g, m, M, n_iter = search(K, y, C, tol, min(max_iter, 3000), box=False)
    return SMOResult(alpha.astype(K.dtype), float(m + M) / 2, n_iter, bool(m - M <= tol))
"""
        ),
        explanation=Bilingual(
            "Some of your multipliers exceed C: you keep them from becoming negative, but not below C.",
            "你的一些乘子超过了 C：你只保证了非负，没有保证不超过 C。",
        ),
        hint=Bilingual(
            "The room above is C - alpha_i where beta_i grows with alpha_i; limit the step by it.",
            "alpha_i 增大时，上方的余地是 C - alpha_i；用它来限制步长。",
        ),
    ),
    Variant(
        id="bound_divided_by_n",
        part="smo",
        source=solver(
            SEARCH
            + """
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    alpha, g, m, M, n_iter = search(K, y, C / len(y), tol, max_iter)
    return SMOResult(alpha.astype(K.dtype), float(m + M) / 2, n_iter, bool(m - M <= tol))
"""
        ),
        explanation=Bilingual(
            "Your multipliers end at C / n instead of C: that belongs to a mean of hinge losses. Here they are summed.",
            "你的乘子到 C / n 就停住了，而不是 C：那对应合页损失的平均。这里用的是总和。",
        ),
        hint=Bilingual("The upper bound is C itself.", "上界就是 C 本身。"),
    ),
    Variant(
        id="tol_ignored",
        part="smo",
        source=solver(
            SEARCH
            + """
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    alpha, g, m, M, n_iter = search(K, y, C, 1e-3, max_iter)
    return SMOResult(alpha.astype(K.dtype), float(m + M) / 2, n_iter, bool(m - M <= 1e-3))
"""
        ),
        explanation=Bilingual(
            "Your answer does not depend on tol: the search stops at a constant of its own.",
            "你的答案与 tol 无关：搜索按它自己的一个常数停止。",
        ),
        hint=Bilingual("Compare m - M with the argument tol.", "让 m - M 与参数 tol 比较。"),
    ),
    Variant(
        id="pairs_with_zero_eta_skipped",
        part="smo",
        source=solver(
            SEARCH
            + """
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    alpha, g, m, M, n_iter = search(K, y, C, tol, max_iter, skip_zero_eta=True)
    return SMOResult(alpha.astype(K.dtype), float(m + M) / 2, n_iter, bool(m - M <= tol))
"""
        ),
        explanation=Bilingual(
            "Where eta is zero you take no step. On samples that are all the same, nothing moves at all.",
            "eta 为零时你不走这一步。若所有样本都相同，就一步也动不了。",
        ),
        hint=Bilingual(
            "Replace eta by max(eta, 1e-12): the step is then as long as the room allows.",
            "用 max(eta, 1e-12) 代替 eta：这一步就走到余地允许的尽头。",
        ),
    ),
    Variant(
        id="b_over_all_support_vectors",
        part="smo",
        source=solver(
            SEARCH
            + """
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    alpha, g, m, M, n_iter = search(K, y, C, tol, max_iter)
    return SMOResult(alpha.astype(K.dtype), float(g[alpha > 0].mean()), n_iter, bool(m - M <= tol))
"""
        ),
        explanation=Bilingual(
            "Your b is the mean of y - K beta over all support vectors. Those with alpha = C do not lie on their margin, "
            "and do not say what b is.",
            "你的 b 是 y - K beta 在所有支持向量上的平均。alpha = C 的那些不在间隔边界上，不能用来求 b。",
        ),
        hint=Bilingual(
            "Average over 0 < alpha < C alone, or take (m + M) / 2.",
            "只对 0 < alpha < C 的样本取平均，或者取 (m + M) / 2。",
        ),
    ),
    Variant(
        id="b_from_a_bound_support_vector",
        part="smo",
        source=solver(
            SEARCH
            + """
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    alpha, g, m, M, n_iter = search(K, y, C, tol, max_iter)
    g = y - K.astype(np.float64) @ (alpha * y)
    return SMOResult(alpha.astype(K.dtype), float(g[np.argmax(alpha)]), n_iter, bool(m - M <= tol))
"""
        ),
        explanation=Bilingual(
            "You take b from a single support vector with alpha = C. It does not lie on its margin.",
            "你用一个 alpha = C 的支持向量求 b，而它并不在间隔边界上。",
        ),
        hint=Bilingual(
            "Take one with 0 < alpha < C (better: the mean of these), or (m + M) / 2.",
            "取一个 0 < alpha < C 的支持向量（最好对这些取平均），或者取 (m + M) / 2。",
        ),
    ),
    Variant(
        id="b_with_the_wrong_sign",
        part="smo",
        source=solver(
            SEARCH
            + """
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    alpha, g, m, M, n_iter = search(K, y, C, tol, max_iter)
    return SMOResult(alpha.astype(K.dtype), -float(m + M) / 2, n_iter, bool(m - M <= tol))
"""
        ),
        explanation=Bilingual(
            "Your b has the wrong sign: it belongs to f = K beta - b, as in Platt's paper.",
            "你的 b 符号反了：它对应的是 f = K beta - b，即 Platt 论文里的写法。",
        ),
        hint=Bilingual("Here f = K beta + b; return -b.", "这里 f = K beta + b；请返回 -b。"),
    ),
    Variant(
        id="b_as_a_mean_over_nothing",
        part="smo",
        source=solver(
            SEARCH
            + """
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    alpha, g, m, M, n_iter = search(K, y, C, tol, max_iter)
    free = (alpha > 0) & (alpha < C)
    with np.errstate(all="ignore"):
        b = np.sum(g[free]) / np.float64(free.sum())
    return SMOResult(alpha.astype(K.dtype), b, n_iter, bool(m - M <= tol))
"""
        ),
        explanation=Bilingual(
            "Where no multiplier lies strictly between 0 and C, your b is the mean over no sample: NaN.",
            "当没有乘子严格介于 0 与 C 之间时，你的 b 是对零个样本取的平均：NaN。",
        ),
        hint=Bilingual("Then take b = (m + M) / 2.", "这时取 b = (m + M) / 2。"),
    ),
    Variant(
        id="b_zero_without_free_support_vectors",
        part="smo",
        source=solver(
            SEARCH
            + """
def smo(K, y, C, tol=1e-3, max_iter=100_000):
    K, y = validated_problem(K, y, C)
    alpha, g, m, M, n_iter = search(K, y, C, tol, max_iter)
    free = (alpha > 0) & (alpha < C)
    b = float(g[free].mean()) if free.any() else 0.0
    return SMOResult(alpha.astype(K.dtype), b, n_iter, bool(m - M <= tol))
"""
        ),
        explanation=Bilingual(
            "Where no multiplier lies strictly between 0 and C, your b is 0. But the conditions at the bounds still "
            "confine it to an interval.",
            "当没有乘子严格介于 0 与 C 之间时，你取 b = 0。但边界上的条件仍把它限制在一个区间里。",
        ),
        hint=Bilingual("Then take b = (m + M) / 2.", "这时取 b = (m + M) / 2。"),
    ),
    # svc
    Variant(
        id="decision_without_intercept",
        part="svc",
        source="""
class SVC(SVC):
    def decision_function(self, X):
        return self.gram(X, self._vectors) @ self._beta
""",
        explanation=Bilingual("Your decision function lacks the intercept b.", "你的决策函数里没有截距 b。"),
        hint=Bilingual("Add self.intercept_.", "加上 self.intercept_。"),
    ),
    Variant(
        id="decision_without_labels",
        part="svc",
        source="""
class SVC(SVC):
    def fit(self, X, y):
        super().fit(X, y)
        self._beta = np.abs(self._beta)
        return self
""",
        explanation=Bilingual(
            "Your decision function adds up alpha_j k(x_j, x): the labels y_j are missing.",
            "你的决策函数求的是 alpha_j k(x_j, x) 之和：漏掉了标签 y_j。",
        ),
        hint=Bilingual("Multiply alpha by y.", "把 alpha 与 y 相乘。"),
    ),
    Variant(
        id="C_not_passed_on",
        part="svc",
        source="""
class SVC(SVC):
    def fit(self, X, y):
        C, self.C = self.C, 1.0
        super().fit(X, y)
        self.C = C
        return self
""",
        explanation=Bilingual(
            "Your model is the one for C = 1, whatever C it is given.",
            "无论给定的 C 是多少，你的模型总是 C = 1 的那个。",
        ),
        hint=Bilingual(
            "Pass self.C, self.tol and self.max_iter to smo.", "把 self.C、self.tol 和 self.max_iter 传给 smo。"
        ),
    ),
    Variant(
        id="support_on_the_margin_alone",
        part="svc",
        source="""
class SVC(SVC):
    def fit(self, X, y):
        super().fit(X, y)
        self.support_ = self.support_[np.abs(self._beta) < self.C * (1 - 1e-8)]
        return self
""",
        explanation=Bilingual(
            "You count only the samples on the edges of the street (0 < alpha < C) as support vectors.",
            "你只把街边上的样本（0 < alpha < C）算作支持向量。",
        ),
        hint=Bilingual(
            "All samples with alpha > 0 support f, those at C as well.",
            "凡 alpha > 0 的样本都支撑着 f，等于 C 的也算。",
        ),
    ),
    Variant(
        id="support_as_a_mask",
        part="svc",
        source="""
class SVC(SVC):
    def fit(self, X, y):
        super().fit(X, y)
        self.support_ = np.isin(np.arange(len(y)), self.support_)
        return self
""",
        explanation=Bilingual(
            "support_ is a mask of booleans, one for each sample; wanted are the indices.",
            "support_ 是一个布尔数组，每个样本一项；要求的是下标。",
        ),
        hint=Bilingual("np.flatnonzero(mask).", "用 np.flatnonzero(mask)。"),
    ),
    Variant(
        id="predicts_zero_and_one",
        part="svc",
        source="""
class SVC(SVC):
    def predict(self, X):
        return (self.decision_function(X) >= 0).astype(int)
""",
        explanation=Bilingual("You predict 0 and 1; the labels are -1 and 1.", "你预测的是 0 和 1；标签是 -1 和 1。"),
        hint=Bilingual("np.where(f >= 0, 1, -1).", "用 np.where(f >= 0, 1, -1)。"),
    ),
)
