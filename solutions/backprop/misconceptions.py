"""Typical wrong ways to write the assignment. Every one loses points, and is named to whoever hands it in.

Most differ from the reference in one line of one function, so they are written as that: the function's own text with
the line exchanged.
"""

import re
from pathlib import Path

from autograder.judge.variants import Variant
from autograder.text import Bilingual

REFERENCE = Path(__file__).with_name("backprop.py").read_text(encoding="utf-8")

# A wrong forward is to cost its own part alone: the loss goes on with the right one.
RIGHT_LOSS = """
_wrong_forward = forward


def loss_and_grads(params, X, y, act, lam):
    global forward
    forward = _right_forward
    try:
        return _right_loss(params, X, y, act, lam)
    finally:
        forward = _wrong_forward
"""


def changed(function, *exchanges):
    """Return the reference's text of `function` with some pieces of it exchanged, each of which occurs once."""
    text = re.search(rf"^def {function}\(.*?(?=^\S(?<!\)))", REFERENCE, flags=re.DOTALL | re.MULTILINE).group()
    for old, new in exchanges:
        if text.count(old) != 1:
            raise ValueError(f"{function}: {old!r} occurs {text.count(old)} times")
        text = text.replace(old, new)
    return text


def wrong_forward(source):
    return f"_right_forward, _right_loss = forward, loss_and_grads\n\n\n{source}{RIGHT_LOSS}"


MISCONCEPTIONS = (
    # init
    Variant(
        id="all_zeros",
        part="init",
        source=changed(
            "init_params",
            ("rng.normal(scale=np.sqrt(2 / fan_in), size=(fan_in, fan_out))", "np.zeros((fan_in, fan_out))"),
        ),
        explanation=Bilingual(
            "Your weights repeat one another (all zero, say, or the same column several times). Hidden units that start "
            "alike get the same gradient, and stay alike for ever.",
            "你的权重彼此重复（例如全为零，或同一列出现多次）。起点相同的隐藏单元得到相同的梯度，永远彼此相同。",
        ),
        hint=Bilingual(
            "Draw every entry of every W on its own: rng.normal(..., size=(fan_in, fan_out)).",
            "每个 W 的每个元素都要单独抽取：rng.normal(..., size=(fan_in, fan_out))。",
        ),
    ),
    Variant(
        id="standard_normal",
        part="init",
        source=changed("init_params", ("scale=np.sqrt(2 / fan_in), ", "")),
        explanation=Bilingual(
            "Your weights have variance 1 in every layer. With some hundred inputs the sums then have a standard deviation "
            "above ten: tanh and sigmoid start saturated, and ReLU nets explode with their depth.",
            "你的权重在每一层的方差都是 1。输入有几百个时，加权和的标准差就超过十：tanh 和 sigmoid 一开始就饱和，"
            "ReLU 网络的数值随层数爆炸。",
        ),
        hint=Bilingual("Multiply by the standard deviation, np.sqrt(2 / fan_in).", "乘以标准差 np.sqrt(2 / fan_in)。"),
    ),
    Variant(
        id="one_hundredth",
        part="init",
        source=changed("init_params", ("np.sqrt(2 / fan_in)", "0.01")),
        explanation=Bilingual(
            "Your weights have the standard deviation 0.01 in every layer, however many inputs it has. In a deep net the "
            "signal, and with it the gradient, dies out.",
            "不论输入有多少个，你的权重在每一层的标准差都是 0.01。网络一深，信号连同梯度就会消失。",
        ),
        hint=Bilingual(
            "The standard deviation depends on the layer: np.sqrt(2 / fan_in).",
            "标准差取决于所在的层：np.sqrt(2 / fan_in)。",
        ),
    ),
    Variant(
        id="variance_as_deviation",
        part="init",
        source=changed("init_params", ("np.sqrt(2 / fan_in)", "2 / fan_in")),
        explanation=Bilingual(
            "Your standard deviation is 2 / fan_in. That is what the variance should be.",
            "你的标准差是 2 / fan_in，而这应当是方差。",
        ),
        hint=Bilingual(
            "rng.normal takes the standard deviation: the square root is missing.",
            "rng.normal 的参数是标准差：漏了开平方。",
        ),
    ),
    Variant(
        id="fan_out",
        part="init",
        source=changed("init_params", ("np.sqrt(2 / fan_in)", "np.sqrt(2 / fan_out)")),
        explanation=Bilingual(
            "Your variance is 2 / fan_out: you divide by the number of units, not by the number of inputs that each of "
            "them adds up.",
            "你的方差是 2 / fan_out：除以的是单元的个数，而不是每个单元相加的输入个数。",
        ),
        hint=Bilingual(
            "fan_in is the number of rows of W, the smaller index in sizes.",
            "fan_in 是 W 的行数，在 sizes 中是前一个。",
        ),
    ),
    Variant(
        id="glorot",
        part="init",
        source=changed("init_params", ("np.sqrt(2 / fan_in)", "np.sqrt(2 / (fan_in + fan_out))")),
        explanation=Bilingual(
            "Your variance is 2 / (fan_in + fan_out). That is Glorot's, a good choice for tanh; this assignment asks for "
            "He's, 2 / fan_in.",
            "你的方差是 2 / (fan_in + fan_out)。这是 Glorot 初始化，适合 tanh；本作业要求的是 He 初始化，即 2 / fan_in。",
        ),
        hint=Bilingual("Divide by fan_in alone.", "只除以 fan_in。"),
    ),
    Variant(
        id="one_over_fan_in",
        part="init",
        source=changed("init_params", ("np.sqrt(2 / fan_in)", "np.sqrt(1 / fan_in)")),
        explanation=Bilingual(
            "Your variance is 1 / fan_in, half of what it should be: ReLU throws away half of the mean square, and the 2 "
            "makes up for it.",
            "你的方差是 1 / fan_in，只有应有的一半：ReLU 去掉一半的均方，系数 2 正是用来弥补的。",
        ),
        hint=Bilingual("Take np.sqrt(2 / fan_in).", "取 np.sqrt(2 / fan_in)。"),
    ),
    Variant(
        id="bound_as_deviation",
        part="init",
        source=changed(
            "init_params",
            (
                "rng.normal(scale=np.sqrt(2 / fan_in), size=(fan_in, fan_out))",
                "rng.uniform(-np.sqrt(2 / fan_in), np.sqrt(2 / fan_in), size=(fan_in, fan_out))",
            ),
        ),
        explanation=Bilingual(
            "Your weights are uniform between plus and minus sqrt(2 / fan_in), so their variance is a third of that squared: "
            "2 / (3 fan_in).",
            "你的权重在正负 sqrt(2 / fan_in) 之间均匀分布，方差是其平方的三分之一，即 2 / (3 fan_in)。",
        ),
        hint=Bilingual(
            "A uniform distribution on [-c, c] has variance c^2 / 3: take c = np.sqrt(6 / fan_in).",
            "[-c, c] 上均匀分布的方差是 c^2 / 3：取 c = np.sqrt(6 / fan_in)。",
        ),
    ),
    Variant(
        id="transposed_weights",
        part="init",
        source=changed("init_params", ("size=(fan_in, fan_out)", "size=(fan_out, fan_in)")),
        explanation=Bilingual(
            "Your W has shape (fan_out, fan_in), as some libraries store it. Here rows are samples and a layer is A @ W + b.",
            "你的 W 的形状是 (fan_out, fan_in)，有些库就是这样存的。这里每行是一个样本，一层是 A @ W + b。",
        ),
        hint=Bilingual("Exchange the two: size=(fan_in, fan_out).", "把两者对调：size=(fan_in, fan_out)。"),
    ),
    Variant(
        id="row_of_biases",
        part="init",
        source=changed("init_params", ("np.zeros(fan_out)", "np.zeros((1, fan_out))")),
        explanation=Bilingual(
            "Your b has shape (1, fan_out); it must be a vector of shape (fan_out,).",
            "你的 b 的形状是 (1, fan_out)；它应当是形状为 (fan_out,) 的向量。",
        ),
        hint=Bilingual("np.zeros(fan_out); broadcasting does the rest.", "用 np.zeros(fan_out)，其余交给广播。"),
    ),
    Variant(
        id="random_biases",
        part="init",
        source=changed("init_params", ("np.zeros(fan_out)", "rng.normal(size=fan_out)")),
        explanation=Bilingual(
            "Your biases do not start at zero.",
            "你的偏置不是从零开始。",
        ),
        hint=Bilingual(
            "np.zeros(fan_out): the random weights break the symmetry already.",
            "用 np.zeros(fan_out)：随机的权重已经打破了对称。",
        ),
    ),
    Variant(
        id="own_generator",
        part="init",
        source=changed("init_params", ("### BEGIN SOLUTION", "rng = np.random.default_rng(0)")),
        explanation=Bilingual(
            "You make a generator of your own with a fixed seed, and ignore rng: every call returns the same weights.",
            "你用固定的种子新建了生成器，没有使用 rng：每次调用都返回同样的权重。",
        ),
        hint=Bilingual("Draw from the argument rng, and from nothing else.", "只从参数 rng 抽取随机数。"),
    ),
    Variant(
        id="global_generator",
        part="init",
        source=changed("init_params", ("rng.normal(", "np.random.normal(")),
        explanation=Bilingual(
            "You draw from NumPy's global generator, so that two calls with equal generators give different weights and "
            "nobody can repeat your experiment.",
            "你从 NumPy 的全局生成器抽取随机数，因此用两个状态相同的生成器调用，结果却不同，实验无法重复。",
        ),
        hint=Bilingual("rng.normal, not np.random.normal.", "用 rng.normal，不要用 np.random.normal。"),
    ),
    # forward
    Variant(
        id="activation_on_the_output",
        part="forward",
        source=wrong_forward(
            changed(
                "forward", ("return inputs[-1] @ W + b, inputs", "return activate(inputs[-1] @ W + b, act), inputs")
            )
        ),
        explanation=Bilingual(
            "You apply the activation to the last layer, too. Logits must be able to take any value; a ReLU, for one, would "
            "cut off all negative ones.",
            "你在最后一层也用了激活函数。logit 应当可以取任何值；例如 ReLU 会把负的全部截掉。",
        ),
        hint=Bilingual("Activate in all layers but the last.", "除最后一层外，其余各层才用激活函数。"),
    ),
    Variant(
        id="softmax_in_forward",
        part="forward",
        source=wrong_forward(
            changed(
                "forward",
                (
                    "return inputs[-1] @ W + b, inputs",
                    "E = np.exp(inputs[-1] @ W + b)\n    return E / E.sum(axis=1, keepdims=True), inputs",
                ),
            )
        ),
        explanation=Bilingual(
            "You return the probabilities of the softmax, not the logits.",
            "你返回的是 softmax 之后的概率，而不是 logit。",
        ),
        hint=Bilingual(
            "Leave the softmax to the loss, which works with logits and so never takes the logarithm of 0.",
            "把 softmax 留给损失函数：它直接用 logit 计算，就不会对 0 取对数。",
        ),
    ),
    Variant(
        id="no_bias",
        part="forward",
        source=wrong_forward(
            changed(
                "forward",
                ("activate(inputs[-1] @ W + b, act)", "activate(inputs[-1] @ W, act)"),
                ("return inputs[-1] @ W + b, inputs", "return inputs[-1] @ W, inputs"),
            )
        ),
        explanation=Bilingual("Your logits are those of a net without biases.", "你的 logit 是没有偏置的网络的结果。"),
        hint=Bilingual("Every layer is A @ W + b.", "每一层都是 A @ W + b。"),
    ),
    Variant(
        id="bias_after_activation",
        part="forward",
        source=wrong_forward(
            changed("forward", ("activate(inputs[-1] @ W + b, act)", "activate(inputs[-1] @ W, act) + b"))
        ),
        explanation=Bilingual(
            "You add b after the activation: phi(A W) + b, where it should be phi(A W + b).",
            "你在激活函数之后才加 b：算的是 phi(A W) + b，应当是 phi(A W + b)。",
        ),
        hint=Bilingual("Activate the whole sum.", "对整个和使用激活函数。"),
    ),
    Variant(
        id="no_activation",
        part="forward",
        source=wrong_forward(changed("forward", ("activate(inputs[-1] @ W + b, act)", "inputs[-1] @ W + b"))),
        explanation=Bilingual(
            "There is no activation in your hidden layers. A chain of linear maps is one linear map, however deep.",
            "你的隐藏层没有激活函数。线性映射无论串联多少层，还是一个线性映射。",
        ),
        hint=Bilingual("Apply the function named by act to every hidden layer.", "对每个隐藏层作用 act 所指的函数。"),
    ),
    Variant(
        id="always_sigmoid",
        part="forward",
        source=wrong_forward(
            changed("forward", ("activate(inputs[-1] @ W + b, act)", 'activate(inputs[-1] @ W + b, "sigmoid")'))
        ),
        explanation=Bilingual(
            "You always use the sigmoid, whatever act says.", "不论 act 是什么，你用的都是 sigmoid。"
        ),
        hint=Bilingual("Choose the function by act.", "根据 act 选择函数。"),
    ),
    Variant(
        id="sigmoid_overflows",
        part="forward",
        source=wrong_forward(
            changed(
                "forward",
                (
                    "### BEGIN SOLUTION",
                    "def activate(Z, act):\n"
                    '        if act == "sigmoid":\n'
                    "            return np.exp(Z) / (1 + np.exp(Z))\n"
                    '        return np.tanh(Z) if act == "tanh" else np.maximum(Z, 0)\n',
                ),
            )
        ),
        explanation=Bilingual(
            "Your sigmoid is NaN for large z: exp(z) overflows, and inf / inf is NaN.",
            "z 很大时你的 sigmoid 得到 NaN：exp(z) 溢出，而 inf / inf 是 NaN。",
        ),
        hint=Bilingual(
            "1 / (1 + exp(-z)) is right at both ends (with a warning), (1 + tanh(z / 2)) / 2 is right without one.",
            "1 / (1 + exp(-z)) 在两端都正确（会有警告），(1 + tanh(z / 2)) / 2 正确且没有警告。",
        ),
    ),
    Variant(
        id="tanh_overflows",
        part="forward",
        source=wrong_forward(
            changed(
                "forward",
                (
                    "### BEGIN SOLUTION",
                    "def activate(Z, act):\n"
                    '        if act == "tanh":\n'
                    "            return (np.exp(Z) - np.exp(-Z)) / (np.exp(Z) + np.exp(-Z))\n"
                    '        return np.maximum(Z, 0) if act == "relu" else 0.5 * (1 + np.tanh(Z / 2))\n',
                ),
            )
        ),
        explanation=Bilingual(
            "Your tanh is NaN for large z: both exponentials overflow, and inf / inf is NaN.",
            "z 很大时你的 tanh 得到 NaN：指数溢出，而 inf / inf 是 NaN。",
        ),
        hint=Bilingual("Use np.tanh.", "使用 np.tanh。"),
    ),
    Variant(
        id="forward_in_float64",
        part="forward",
        source=wrong_forward(
            changed(
                "forward", ("return inputs[-1] @ W + b, inputs", "return (inputs[-1] @ W + b).astype(float), inputs")
            )
        ),
        explanation=Bilingual(
            "float32 input comes back as float64: the values are right, the dtype is not.",
            "输入是 float32，返回的却是 float64：数值正确，dtype 不对。",
        ),
        hint=Bilingual(
            "Find the array that is float64 without need, such as np.zeros(...).",
            "找出不必要的 float64 数组，例如 np.zeros(...)。",
        ),
    ),
    # backprop: the loss
    Variant(
        id="summed_loss",
        part="backprop",
        source=changed("loss_and_grads", ("-log_p[right].mean()", "-log_p[right].sum()")),
        explanation=Bilingual(
            "Your loss adds the samples up, where it should be their mean.",
            "你的损失是对样本求和，应当取平均。",
        ),
        hint=Bilingual("Divide by n. The penalty is not divided.", "除以 n。惩罚项不除。"),
    ),
    Variant(
        id="softmax_overflows",
        part="backprop",
        source=changed("loss_and_grads", ("    Z -= Z.max(axis=1, keepdims=True)\n", "")),
        explanation=Bilingual(
            "exp overflows for large logits, because nothing is subtracted from them.",
            "logit 很大时 exp 溢出，因为你没有先减去任何数。",
        ),
        hint=Bilingual(
            "Subtract each row's maximum before exp; the probabilities stay the same.",
            "求 exp 之前减去每一行的最大值，概率不变。",
        ),
    ),
    Variant(
        id="one_maximum_for_all_rows",
        part="backprop",
        source=changed("loss_and_grads", ("Z.max(axis=1, keepdims=True)", "Z.max()")),
        explanation=Bilingual(
            "You subtract the largest logit of the whole batch. In a row far below it every exp is 0, and so is their sum.",
            "你减去的是整批中最大的 logit。若某一行远小于它，这一行的 exp 全是 0，和也是 0。",
        ),
        hint=Bilingual(
            "Z.max(axis=1, keepdims=True): one maximum per row.", "Z.max(axis=1, keepdims=True)：每行一个。"
        ),
    ),
    Variant(
        id="logarithm_of_p_plus_epsilon",
        part="backprop",
        source=changed(
            "loss_and_grads", ("loss = -log_p[right].mean()", "loss = -np.log(np.exp(log_p[right]) + 1e-12).mean()")
        ),
        explanation=Bilingual(
            "You take log(p + 1e-12) or the like. Where p underflows, the loss stops (with 1e-12, at 27.6) however wrong the "
            "net is, and elsewhere it is a little off.",
            "你算的是 log(p + 1e-12) 之类。p 下溢时，不论网络错得多离谱，损失都停住不动（用 1e-12 时停在 27.6）；"
            "在别处也略有偏差。",
        ),
        hint=Bilingual(
            "Take the logarithm of the sum of exponentials, not of p: log sum exp(z) - z_y.",
            "不要对 p 取对数，而是对指数之和取对数：log sum exp(z) - z_y。",
        ),
    ),
    Variant(
        id="clipped_probability",
        part="backprop",
        source=changed(
            "loss_and_grads",
            ("loss = -log_p[right].mean()", "loss = -np.log(np.maximum(np.exp(log_p[right]), 1e-15)).mean()"),
        ),
        explanation=Bilingual(
            "You keep p away from 0 (by np.clip or np.maximum, say) and take the logarithm of that. Where p is smaller, the "
            "loss stops growing, however wrong the net is.",
            "你先把 p 限制在离 0 一段距离之外（例如用 np.clip 或 np.maximum），再取对数。p 更小时，不论网络错得多离谱，"
            "损失都不再增长。",
        ),
        hint=Bilingual(
            "Take the logarithm of the sum of exponentials, not of p: log sum exp(z) - z_y. It needs no limit.",
            "不要对 p 取对数，而是对指数之和取对数：log sum exp(z) - z_y，那样就不必限制什么。",
        ),
    ),
    Variant(
        id="logarithm_of_p",
        part="backprop",
        source=changed(
            "loss_and_grads", ("loss = -log_p[right].mean()", "loss = -np.log(np.exp(log_p[right])).mean()")
        ),
        explanation=Bilingual(
            "You take the logarithm of p. Where p underflows to 0, your loss is infinite, and it should be some thousand.",
            "你对 p 取对数。p 下溢成 0 时，你的损失是无穷大，而正确值不过几千。",
        ),
        hint=Bilingual(
            "Take the logarithm of the sum of exponentials, not of p: log sum exp(z) - z_y.",
            "不要对 p 取对数，而是对指数之和取对数：log sum exp(z) - z_y。",
        ),
    ),
    Variant(
        id="penalty_not_in_the_loss",
        part="backprop",
        source=changed("loss_and_grads", (" + lam * sum(np.vdot(W, W) for W, _ in params)", "")),
        explanation=Bilingual(
            "Your gradient has the penalty, your loss has not.", "你的梯度里有惩罚项，损失里却没有。"
        ),
        hint=Bilingual(
            "Add lam times the sum of all squared weights to the loss.", "损失要加上 lam 乘所有权重的平方和。"
        ),
    ),
    Variant(
        id="half_the_penalty",
        part="backprop",
        source=changed("loss_and_grads", ("lam * sum(", "lam / 2 * sum("), ("2 * lam * W", "lam * W")),
        explanation=Bilingual(
            "Your penalty is lam / 2 times the squares, with the gradient lam W. Some texts do that; here it is lam, and 2 lam W.",
            "你的惩罚项是 lam / 2 乘平方和，梯度是 lam W。有些书这样写；这里是 lam，梯度是 2 lam W。",
        ),
        hint=Bilingual("Drop the 1/2, and write 2 * lam * W.", "去掉 1/2，梯度写成 2 * lam * W。"),
    ),
    Variant(
        id="penalty_over_n",
        part="backprop",
        source=changed("loss_and_grads", ("lam * sum(", "lam / n * sum("), ("2 * lam * W", "2 * lam / n * W")),
        explanation=Bilingual(
            "You divide the penalty by the number of samples. Only the cross-entropy is a mean.",
            "你把惩罚项也除以了样本数。只有交叉熵才取平均。",
        ),
        hint=Bilingual("lam times the sum of squares, without 1/n.", "lam 乘平方和，没有 1/n。"),
    ),
    Variant(
        id="biases_penalised",
        part="backprop",
        source=changed(
            "loss_and_grads",
            ("sum(np.vdot(W, W) for W, _ in params)", "sum(np.vdot(W, W) + np.vdot(b, b) for W, b in params)"),
            ("delta.sum(axis=0)))", "delta.sum(axis=0) + 2 * lam * params[layer][1]))"),
        ),
        explanation=Bilingual(
            "You penalise the biases as well as the weights.",
            "你把偏置也一起惩罚了。",
        ),
        hint=Bilingual("Only the W are in the penalty.", "惩罚项里只有 W。"),
    ),
    # backprop: the gradients
    Variant(
        id="penalty_not_in_the_gradient",
        part="backprop",
        source=changed("loss_and_grads", (" + 2 * lam * W", "")),
        explanation=Bilingual(
            "Your loss has the penalty, your gradient has not.", "你的损失里有惩罚项，梯度里却没有。"
        ),
        hint=Bilingual("dW = A.T @ delta + 2 * lam * W.", "dW = A.T @ delta + 2 * lam * W。"),
    ),
    Variant(
        id="gradient_of_the_penalty_without_two",
        part="backprop",
        source=changed("loss_and_grads", ("2 * lam * W", "lam * W")),
        explanation=Bilingual(
            "The gradient of lam ||W||^2 is 2 lam W; yours is lam W.", "lam ||W||^2 的梯度是 2 lam W，你的是 lam W。"
        ),
        hint=Bilingual("Differentiate the square.", "对平方求导会得到系数 2。"),
    ),
    Variant(
        id="summed_gradient",
        part="backprop",
        source=changed("loss_and_grads", ("    delta /= n\n", "")),
        explanation=Bilingual(
            "Your gradient is that of the summed loss, n times too large: p - 1 is per sample, and the loss is a mean.",
            "你的梯度是损失之和的梯度，大了 n 倍：p - 1 是对单个样本而言，而损失是平均。",
        ),
        hint=Bilingual("Divide P - Y by n, once, at the last layer.", "在最后一层把 P - Y 除以 n，只除一次。"),
    ),
    Variant(
        id="averaged_biases",
        part="backprop",
        source=changed("loss_and_grads", ("delta.sum(axis=0)))", "delta.mean(axis=0)))")),
        explanation=Bilingual(
            "Your db takes the mean of rows that are divided by n already: it is n times too small.",
            "delta 的各行已经除以 n，你的 db 又对它们取了平均：小了 n 倍。",
        ),
        hint=Bilingual("db = delta.sum(axis=0).", "db = delta.sum(axis=0)。"),
    ),
    Variant(
        id="biases_as_rows",
        part="backprop",
        source=changed("loss_and_grads", ("delta.sum(axis=0)))", "delta.sum(axis=0, keepdims=True)))")),
        explanation=Bilingual(
            "Your db has shape (1, fan_out), and b has (fan_out,).",
            "你的 db 的形状是 (1, fan_out)，而 b 是 (fan_out,)。",
        ),
        hint=Bilingual("Sum over the samples without keepdims.", "对样本求和时不要用 keepdims。"),
    ),
    Variant(
        id="label_not_subtracted",
        part="backprop",
        source=changed("loss_and_grads", ("    delta[right] -= 1\n", "")),
        explanation=Bilingual(
            "You start from P instead of P - Y: the 1 at the right class is not subtracted.",
            "你从 P 出发，而不是 P - Y：没有在正确类别处减去 1。",
        ),
        hint=Bilingual(
            "delta[np.arange(n), y] -= 1, before dividing by n.", "除以 n 之前，先 delta[np.arange(n), y] -= 1。"
        ),
    ),
    Variant(
        id="wrong_sign",
        part="backprop",
        source=changed("loss_and_grads", ("    delta /= n\n", "    delta /= -n\n")),
        explanation=Bilingual(
            "The part of your gradient that comes from the cross-entropy has the wrong sign: it is Y - P, a step downhill. "
            "A gradient points uphill.",
            "你的梯度中来自交叉熵的部分符号反了：那是 Y - P，指向下降方向，而梯度指向上升方向。",
        ),
        hint=Bilingual("Start from (P - Y) / n.", "从 (P - Y) / n 出发。"),
    ),
    Variant(
        id="no_transpose_on_the_way_back",
        part="backprop",
        source=changed("loss_and_grads", ("delta @ W.T", "delta @ W")),
        explanation=Bilingual(
            "On the way back you multiply by W, not by its transpose. With square layers nobody complains; the gradient is "
            "wrong all the same.",
            "往回传时你乘的是 W，而不是它的转置。方阵层不会报错，但梯度照样是错的。",
        ),
        hint=Bilingual("delta @ W.T.", "delta @ W.T。"),
    ),
    Variant(
        id="reshape_for_transpose",
        part="backprop",
        source=changed("loss_and_grads", ("delta @ W.T", "delta @ W.reshape(W.shape[::-1])")),
        explanation=Bilingual(
            "On the way back you reshape W to (fan_out, fan_in). That gives the right shape, but with the entries in the wrong "
            "places; a square W it leaves as it is.",
            "往回传时你用 reshape 把 W 变成 (fan_out, fan_in)。形状对了，元素的位置却不对；W 是方阵时则根本没有变化。",
        ),
        hint=Bilingual("The transpose is W.T: delta @ W.T.", "转置是 W.T：delta @ W.T。"),
    ),
    Variant(
        id="slope_forgotten",
        part="backprop",
        source=changed("loss_and_grads", ("(delta @ W.T) * slope(A, act)", "delta @ W.T")),
        explanation=Bilingual(
            "The slope of the activation is missing on the way back: you differentiate a net without activations.",
            "往回传时漏掉了激活函数的导数：你是在对没有激活函数的网络求导。",
        ),
        hint=Bilingual(
            "Multiply delta @ W.T, entry by entry, by the slope at Z of the layer before.",
            "把 delta @ W.T 逐元素乘以前一层 Z 处的导数。",
        ),
    ),
    Variant(
        id="slope_of_the_output",
        part="backprop",
        source=changed(
            "slope",
            ('"""Return phi\'(Z), given A = phi(Z)."""', "A = activate(A, act)"),
        ),
        explanation=Bilingual(
            "You take the slope at the layer's output: the activation is applied twice, as in sigmoid(a) (1 - sigmoid(a)) with "
            "a = sigmoid(z).",
            "你在该层的输出处求导数：激活函数用了两次，例如 sigmoid(a) (1 - sigmoid(a))，而 a 已经是 sigmoid(z)。",
        ),
        hint=Bilingual(
            "With a = sigmoid(z) the slope is a (1 - a), with a = tanh(z) it is 1 - a^2; or apply the formula to z.",
            "若 a = sigmoid(z)，导数是 a (1 - a)；若 a = tanh(z)，导数是 1 - a^2。或者把公式用在 z 上。",
        ),
    ),
    Variant(
        id="slope_formula_applied_to_z",
        part="backprop",
        source=changed(
            "loss_and_grads",
            (
                "slope(A, act)",
                "slope(inputs[layer - 1] @ params[layer - 1][0] + params[layer - 1][1], act)",
            ),
        ),
        explanation=Bilingual(
            "You put z into a formula that is meant for the output a: z (1 - z) or 1 - z^2.",
            "你把 z 代入了针对输出 a 的公式：z (1 - z) 或 1 - z^2。",
        ),
        hint=Bilingual(
            "1 - a^2 with a = tanh(z), and a (1 - a) with a = sigmoid(z).",
            "a = tanh(z) 时是 1 - a^2，a = sigmoid(z) 时是 a (1 - a)。",
        ),
    ),
    Variant(
        id="slope_of_tanh_not_squared",
        part="backprop",
        source=changed("slope", ("1 - A**2", "1 - A")),
        explanation=Bilingual(
            "Your slope of tanh is 1 - a; it is 1 - a^2.", "你的 tanh 的导数是 1 - a，应当是 1 - a^2。"
        ),
        hint=Bilingual("tanh' = 1 - tanh^2; at 0 it is 1.", "tanh' = 1 - tanh^2，在 0 处等于 1。"),
    ),
    Variant(
        id="gradients_back_to_front",
        part="backprop",
        source=changed("loss_and_grads", ("grads[::-1]", "grads")),
        explanation=Bilingual(
            "Your list begins with the last layer: it is in the order in which you computed it.",
            "你的列表从最后一层开始：次序是计算的次序。",
        ),
        hint=Bilingual(
            "Reverse it, so that grads[0] belongs to params[0].", "把它倒过来，使 grads[0] 对应 params[0]。"
        ),
    ),
    Variant(
        id="updates_the_weights",
        part="backprop",
        source=changed(
            "loss_and_grads",
            (
                "    return float(loss), grads[::-1]",
                "    for (W, b), (dW, db) in zip(params, grads[::-1], strict=True):\n"
                "        W -= 0.1 * dW\n        b -= 0.1 * db\n"
                "    return float(loss), grads[::-1]",
            ),
        ),
        explanation=Bilingual(
            "You change the weights inside of loss_and_grads: statements such as W -= ... write into the caller's arrays.",
            "你在 loss_and_grads 里改动了权重：W -= ... 之类的语句会改写调用者的数组。",
        ),
        hint=Bilingual(
            "Return the gradients alone; the training loop decides on the step.",
            "只返回梯度；走多大的步子由训练循环决定。",
        ),
    ),
    Variant(
        id="gradients_in_float64",
        part="backprop",
        source=changed("loss_and_grads", ("delta = np.exp(log_p)", "delta = np.exp(log_p.astype(float))")),
        explanation=Bilingual(
            "float32 input gives float64 gradients: somewhere a float64 array slips in (a one-hot matrix from np.zeros or "
            "np.eye, often).",
            "输入是 float32，梯度却是 float64：某处混进了 float64 数组（常常是用 np.zeros 或 np.eye 做的独热矩阵）。",
        ),
        hint=Bilingual("Give such arrays dtype=X.dtype.", "给这样的数组指定 dtype=X.dtype。"),
    ),
)
