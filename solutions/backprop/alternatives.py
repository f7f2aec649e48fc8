"""Other correct ways to write the assignment. Every one gets full marks, but for the checks named in `loses`."""

from autograder.judge.variants import Variant

ALTERNATIVES = (
    Variant(
        id="layers_as_objects",
        source="""
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, A):
        self.A = A
        return A @ self.W + self.b

    def backward(self, delta):
        self.dW, self.db = self.A.T @ delta, delta.sum(axis=0)
        return delta @ self.W.T


class Activation:
    def __init__(self, act):
        self.act = act

    def forward(self, Z):
        self.Z = Z
        if self.act == "relu":
            return Z * (Z > 0)
        if self.act == "tanh":
            return np.tanh(Z)
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-Z))

    def backward(self, delta):
        if self.act == "relu":
            return delta * (self.Z >= 0)
        if self.act == "tanh":
            with np.errstate(over="ignore"):
                return delta / np.cosh(self.Z) ** 2
        with np.errstate(over="ignore"):
            return delta / (1 + np.exp(-self.Z)) / (1 + np.exp(self.Z))


class Net:
    def __init__(self, params, act):
        self.steps = []
        for W, b in params:
            self.steps += [Linear(W, b), Activation(act)]
        self.steps.pop()


def forward(params, X, act):
    params, X = validated(params, X, act)
    net = Net(params, act)
    for step in net.steps:
        X = step.forward(X)
    return X, net


def loss_and_grads(params, X, y, act, lam):
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    if lam < 0:
        raise ValueError("lam < 0")
    Z, net = forward(params, X, act)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    S = E.sum(axis=1, keepdims=True)
    rows = np.arange(len(X))
    loss = np.mean(np.log(S[:, 0]) + Z.max(axis=1) - Z[rows, y]) + lam * sum(np.sum(W * W) for W, _ in params)
    P = E / S
    P[rows, y] -= 1
    delta = P / X.dtype.type(len(X))
    for step in reversed(net.steps):
        delta = step.backward(delta)
    linear = net.steps[::2]
    return loss, [(step.dW + 2 * lam * step.W, step.db) for step in linear]
""",
    ),
    Variant(
        id="closures",
        source="""
def forward(params, X, act):
    params, A = validated(params, X, act)
    cache = []
    for number, (W, b) in enumerate(params):
        if number:
            A = activate(A, act)
            cache.append(lambda delta, A=A: delta * slope(A, act))
        cache.append(lambda delta, A=A, W=W: (delta @ W.T, A.T @ delta, np.add.reduce(delta)))
        A = np.dot(A, W) + b
    return A, cache


def loss_and_grads(params, X, y, act, lam):
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    if lam < 0:
        raise ValueError("lam < 0")
    Z, cache = forward(params, X, act)
    lse = np.logaddexp.reduce(Z, axis=1, keepdims=True)
    one_hot = np.eye(Z.shape[1], dtype=Z.dtype)[y]
    loss = float(np.mean(lse[:, 0] - (Z * one_hot).sum(axis=1)))
    delta = (np.exp(Z - lse) - one_hot) / len(X)
    grads = []
    for step in reversed(cache):
        result = step(delta)
        if isinstance(result, tuple):
            delta, dW, db = result
            grads.insert(0, (dW, db))
        else:
            delta = result
    for (W, _), (dW, _) in zip(params, grads):
        loss += lam * float(np.linalg.norm(W) ** 2)
        dW += 2 * lam * W
    return loss, grads
""",
    ),
    Variant(
        id="ones_in_the_input",
        source="""
def _augmented(A):
    return np.concatenate([A, np.ones((len(A), 1), dtype=A.dtype)], axis=1)


def init_params(sizes, rng):
    # All draws at once, uniform with the same variance.
    total = sum(m * k for m, k in zip(sizes, sizes[1:]))
    draws, start, params = rng.uniform(-1, 1, size=total), 0, []
    for m, k in zip(sizes, sizes[1:]):
        W = np.sqrt(6 / m) * draws[start : start + m * k].reshape(m, k)
        start += m * k
        params.append((W, np.zeros(k)))
    return params


def forward(params, X, act):
    params, X = validated(params, X, act)
    blocks = [np.vstack([W, b]) for W, b in params]
    cache = {"blocks": blocks, "A": [X], "Z": []}
    for T in blocks:
        cache["Z"].append(_augmented(cache["A"][-1]) @ T)
        cache["A"].append(activate(cache["Z"][-1], act))
    return cache["Z"][-1], cache


def loss_and_grads(params, X, y, act, lam):
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    if lam < 0:
        raise ValueError("lam < 0")
    Z, cache = forward(params, X, act)
    P = np.exp(Z - Z.max(axis=1)[:, None])
    P /= P.sum(axis=1)[:, None]
    shifted = Z - Z.max(axis=1)[:, None]
    losses = np.log(np.exp(shifted).sum(axis=1)) - np.take_along_axis(shifted, y[:, None].astype(int), axis=1)[:, 0]
    loss = losses.mean()
    delta, grads = (P - (np.arange(Z.shape[1]) == y[:, None])) / X.dtype.type(len(X)), []
    for i in range(len(params) - 1, -1, -1):
        G = _augmented(cache["A"][i]).T @ delta
        W = cache["blocks"][i][:-1]
        grads = [(G[:-1] + 2 * lam * W, G[-1])] + grads
        loss += lam * (W**2).sum()
        if i > 0:
            delta = (delta @ W.T) * slope(cache["A"][i], act)
    return loss, grads
""",
    ),
    Variant(
        id="samples_as_columns",
        source="""
def forward(params, X, act):
    params, X = validated(params, X, act)
    columns, cache = X.T, []
    for number, (W, b) in enumerate(params):
        cache.append(columns)
        columns = W.T @ columns + b[:, None]
        if number < len(params) - 1:
            columns = activate(columns, act)
    return columns.T, cache


def loss_and_grads(params, X, y, act, lam):
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    if lam < 0:
        raise ValueError("lam < 0")
    Z, cache = forward(params, X, act)
    Z = Z.T - Z.T.max(axis=0)
    lse = np.log(np.sum(np.exp(Z), axis=0))
    loss = np.mean(lse - Z[y, np.arange(len(X))])
    delta = np.exp(Z - lse)
    delta[y, np.arange(len(X))] -= 1
    grads = [None] * len(params)
    for layer in range(len(params) - 1, -1, -1):
        W = params[layer][0]
        grads[layer] = ((delta @ cache[layer].T / len(X)).T + 2 * lam * W, delta.mean(axis=1))
        loss += lam * np.einsum("ij,ij", W, W)
        if layer:
            delta = (W @ delta) * slope(cache[layer], act)
    return loss, grads
""",
    ),
    Variant(
        id="recursion",
        source="""
def forward(params, X, act):
    params, X = validated(params, X, act)
    if len(params) == 1:
        return X @ params[0][0] + params[0][1], None
    (W, b), *rest = params
    return forward(rest, activate(X @ W + b, act), act)[0], None


def _back(params, A, y, act, n):
    # Returns the summed losses, the gradient by A, and those of the layers from here on.
    (W, b), *rest = params
    Z = A @ W + b
    if not rest:
        top = Z.max(axis=1, keepdims=True)
        lse = top + np.log(np.exp(Z - top).sum(axis=1, keepdims=True))
        delta = np.exp(Z - lse) / n
        np.add.at(delta, (np.arange(len(y)), y), -1 / n)
        total, grads = float(lse.sum() - Z[np.arange(len(y)), y].sum()), []
    else:
        H = activate(Z, act)
        total, delta, grads = _back(rest, H, y, act, n)
        delta = delta * slope(H, act)
    return total, delta @ W.T, [(A.T @ delta, delta.sum(axis=0)), *grads]


def loss_and_grads(params, X, y, act, lam):
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    if lam < 0:
        raise ValueError("lam < 0")
    total, _, grads = _back(params, X, y, act, len(X))
    loss = total / len(X) + lam * sum(float(W.ravel() @ W.ravel()) for W, _ in params)
    return loss, [(dW + 2 * lam * W, db) for (W, _), (dW, db) in zip(params, grads)]
""",
    ),
    Variant(
        id="einsum_and_masks",
        source="""
def init_params(sizes, rng):
    params = []
    for i in range(len(sizes) - 1):
        W = rng.standard_normal((sizes[i], sizes[i + 1])) * (2 / sizes[i]) ** 0.5
        params.append((W, np.zeros((sizes[i + 1],))))
    return params


def activate(Z, act):
    if act == "relu":
        return np.where(Z > 0, Z, np.zeros_like(Z))
    if act == "tanh":
        return np.tanh(Z)
    A = np.empty_like(Z)
    up = Z >= 0
    A[up] = 1 / (1 + np.exp(-Z[up]))
    A[~up] = np.exp(Z[~up]) / (1 + np.exp(Z[~up]))
    return A


def slope(A, act):
    if act == "relu":
        return (np.sign(A) + 0.0).astype(A.dtype)
    return (1 - A) * (1 + A) if act == "tanh" else A - A * A


def loss_and_grads(params, X, y, act, lam):
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    if lam < 0:
        raise ValueError("lam < 0")
    Z, inputs = forward(params, X, act)
    Z = Z - np.max(Z, axis=1, keepdims=True)
    log_p = Z - np.log(np.einsum("ik->i", np.exp(Z)))[:, None]
    loss = -np.einsum("ii", log_p[:, y]) / len(X) if len(X) < 100 else -np.mean(log_p[np.arange(len(X)), y])
    delta = np.exp(log_p)
    delta[np.arange(len(X)), y] -= 1
    grads = []
    for layer in range(len(params))[::-1]:
        W = params[layer][0]
        dW = np.einsum("ni,nj->ij", inputs[layer], delta) / len(X)
        grads.append((dW + 2 * lam * W, np.einsum("nj->j", delta) / len(X)))
        if layer:
            delta = np.einsum("nj,ij,ni->ni", delta, W, slope(inputs[layer], act), optimize=True)
        loss = loss + lam * np.einsum("ij,ij->", W, W)
    return loss, grads[::-1]
""",
    ),
    Variant(
        id="outer_products_of_the_batch",
        source="""
def loss_and_grads(params, X, y, act, lam):
    # One outer product per sample, held all at once in (n, fan_in, fan_out), then averaged.
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    if lam < 0:
        raise ValueError("lam < 0")
    Z, inputs = forward(params, X, act)
    Z = Z - Z.max(axis=1, keepdims=True)
    log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    loss = -np.mean(log_p[np.arange(len(X)), y])
    delta = np.exp(log_p)
    delta[np.arange(len(X)), y] -= 1
    grads = []
    for layer in reversed(range(len(params))):
        W = params[layer][0]
        dW = np.mean(inputs[layer][:, :, None] * delta[:, None, :], axis=0)
        grads.append((dW + 2 * lam * W, delta.mean(axis=0)))
        if layer:
            delta = np.sum(delta[:, None, :] * W, axis=2) * slope(inputs[layer], act)
        loss += lam * np.sum(W**2)
    return loss, grads[::-1]
""",
    ),
    Variant(
        id="computed_in_float64",
        source="""
def forward(params, X, act):
    params, X = validated(params, X, act)
    inputs = [X.astype(np.float64)]
    for W, b in params[:-1]:
        inputs.append(activate(inputs[-1] @ W.astype(np.float64) + b, act))
    W, b = params[-1]
    return (inputs[-1] @ W.astype(np.float64) + b).astype(X.dtype), inputs


def loss_and_grads(params, X, y, act, lam):
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    if lam < 0:
        raise ValueError("lam < 0")
    wide = [(W.astype(np.float64), b.astype(np.float64)) for W, b in params]
    Z, inputs = forward(wide, X.astype(np.float64), act)
    Z = Z - Z.max(axis=1, keepdims=True)
    log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(len(X)), y].mean() + lam * sum((W**2).sum() for W, _ in wide)
    delta = np.exp(log_p)
    delta[np.arange(len(X)), y] -= 1
    delta /= len(X)
    grads = []
    for (W, _), A in zip(wide[::-1], inputs[::-1]):
        grads.append(((A.T @ delta + 2 * lam * W).astype(X.dtype), delta.sum(axis=0).astype(X.dtype)))
        delta = (delta @ W.T) * slope(A, act)  # once more than needed
    return loss, grads[::-1]
""",
    ),
    Variant(
        id="a_tape_of_ones_own",
        source="""
class Node:
    # A value, and for each input the way back to it.
    def __init__(self, value, *inputs):
        self.value, self.inputs, self.grad = value, inputs, 0

    def __matmul__(self, other):
        a, b = self.value, other.value
        return Node(a @ b, (self, lambda g: g @ b.T), (other, lambda g: a.T @ g))

    def __add__(self, other):
        def back(g):
            return g.sum(axis=0) if np.ndim(other.value) < np.ndim(g) else g

        return Node(self.value + other.value, (self, lambda g: g), (other, back))

    def apply(self, act):
        value = activate(self.value, act)
        return Node(value, (self, lambda g: g * slope(value, act)))

    def square_sum(self, factor):
        return Node(factor * np.sum(self.value**2), (self, lambda g: g * (2 * factor * self.value)))

    def cross_entropy(self, y):
        Z = self.value - self.value.max(axis=1, keepdims=True)
        log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
        one_hot = (y[:, None] == np.arange(Z.shape[1])).astype(Z.dtype)
        value = -np.mean(np.sum(np.where(one_hot > 0, log_p, 0), axis=1))
        return Node(value, (self, lambda g: (np.exp(log_p) - one_hot) * (g / len(Z))))

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for source, _ in node.inputs:
                    visit(source)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for source, back in node.inputs:
                source.grad = source.grad + back(node.grad)


def _logits(nodes, X, act):
    A = Node(X)
    for number, (W, b) in enumerate(nodes):
        A = (A.apply(act) if number else A) @ W + b
    return A


def forward(params, X, act):
    params, X = validated(params, X, act)
    Z = _logits([(Node(W), Node(b)) for W, b in params], X, act)
    return Z.value, Z


def loss_and_grads(params, X, y, act, lam):
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    if lam < 0:
        raise ValueError("lam < 0")
    nodes = [(Node(W), Node(b)) for W, b in params]
    loss = _logits(nodes, X, act).cross_entropy(y)
    for W, _ in nodes:
        loss = loss + W.square_sum(lam)
    loss.backward()
    return float(loss.value), [(W.grad, b.grad) for W, b in nodes]
""",
    ),
    Variant(
        id="sample_loop",
        loses=("test_loss_and_grads_is_fast",),
        source="""
def loss_and_grads(params, X, y, act, lam):
    # The fastest loop over samples that we know: vectors, no checks, everything in place.
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    if lam < 0:
        raise ValueError("lam < 0")
    grads = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    loss = 0.0
    for x, label in zip(X, y.tolist()):
        inputs = [x]
        for W, b in params[:-1]:
            inputs.append(activate(inputs[-1] @ W + b, act))
        z = inputs[-1] @ params[-1][0] + params[-1][1]
        e = np.exp(z - z.max())
        total = e.sum()
        loss += float(np.log(total) + z.max() - z[label])
        delta = e / total
        delta[label] -= 1
        for layer in range(len(params) - 1, -1, -1):
            dW, db = grads[layer]
            dW += inputs[layer][:, None] * delta
            db += delta
            if layer:
                delta = (params[layer][0] @ delta) * slope(inputs[layer], act)
    n = X.dtype.type(len(X))
    for (W, _), (dW, db) in zip(params, grads):
        dW /= n
        dW += 2 * lam * W
        db /= n
    return loss / len(X) + lam * sum(float((W**2).sum()) for W, _ in params), grads
""",
    ),
    Variant(
        id="plain_loops",
        loses=("test_loss_and_grads_is_fast",),
        source="""
import math


def _phi(z, act):
    if act == "relu":
        return z if z > 0 else 0.0
    if act == "tanh":
        return math.tanh(z)
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def _phi_prime(a, act):
    if act == "relu":
        return 1.0 if a > 0 else 0.0
    return 1 - a * a if act == "tanh" else a * (1 - a)


def _run(params, x, act):
    values = [x]
    for number, (W, b) in enumerate(params):
        z = [sum(a * w for a, w in zip(values[-1], column)) + c for column, c in zip(zip(*W), b)]
        values.append(z if number == len(params) - 1 else [_phi(v, act) for v in z])
    return values


def forward(params, X, act):
    params, X = validated(params, X, act)
    lists = [(W.tolist(), b.tolist()) for W, b in params]
    cache = [_run(lists, x, act) for x in X.tolist()]
    return np.array([values[-1] for values in cache], dtype=X.dtype), cache


def loss_and_grads(params, X, y, act, lam):
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    if lam < 0:
        raise ValueError("lam < 0")
    lists = [(W.tolist(), b.tolist()) for W, b in params]
    dWs = [[[0.0] * len(b) for _ in W] for W, b in lists]
    dbs = [[0.0] * len(b) for _, b in lists]
    n, loss = len(X), 0.0
    for x, label in zip(X.tolist(), y.tolist()):
        values = _run(lists, x, act)
        z = values[-1]
        top = max(z)
        e = [math.exp(v - top) for v in z]
        total = sum(e)
        loss += (math.log(total) + top - z[label]) / n
        delta = [(v / total - (k == label)) / n for k, v in enumerate(e)]
        for layer in range(len(lists) - 1, -1, -1):
            for a, row in zip(values[layer], dWs[layer]):
                for j, d in enumerate(delta):
                    row[j] += a * d
            for j, d in enumerate(delta):
                dbs[layer][j] += d
            if layer:
                W = lists[layer][0]
                delta = [
                    sum(w * d for w, d in zip(row, delta)) * _phi_prime(a, act) for row, a in zip(W, values[layer])
                ]
    grads = []
    for (W, _), dW, db in zip(params, dWs, dbs):
        loss += lam * float((W.astype(np.float64) ** 2).sum())
        grads.append(((np.array(dW) + 2 * lam * W).astype(X.dtype), np.array(db, dtype=X.dtype)))
    return loss, grads
""",
    ),
    Variant(
        id="complex_step",
        loses=("test_loss_and_grads_is_fast",),
        source="""
def _loss(params, X, y, act, lam):
    # Real in its inputs, but carries an imaginary part through: Im f(x + i h) / h is f'(x), without cancellation.
    A, penalty = X, 0
    for number, (W, b) in enumerate(params):
        Z = A @ W + b
        if act == "relu":
            A = np.where(Z.real > 0, Z, 0)
        else:
            squashed = np.tanh(Z if act == "tanh" else Z / 2)
            A = squashed if act == "tanh" else (1 + squashed) / 2
        penalty = penalty + (W * W).sum()
    Z = Z - Z.real.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(X)), y]) + lam * penalty


def loss_and_grads(params, X, y, act, lam):
    params, X = validated(params, X, act)
    y = validated_labels(y, len(X), len(params[-1][1]))
    if lam < 0:
        raise ValueError("lam < 0")
    params = [(W.astype(np.complex128), b.astype(np.complex128)) for W, b in params]
    grads, h = [], 1e-30
    for pair in params:
        blocks = []
        for block in pair:
            gradient = np.empty(block.shape)
            for index in np.ndindex(block.shape):
                block[index] += 1j * h
                gradient[index] = _loss(params, X, y, act, lam).imag / h
                block[index] -= 1j * h
            blocks.append(gradient.astype(X.dtype))
        grads.append(tuple(blocks))
    return float(_loss(params, X, y, act, lam).real), grads
""",
    ),
)
