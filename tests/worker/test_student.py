"""`student.f(...)`: functions, classes, objects, values, and what a student printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.intake import Cell, Module
from autograder.student import MissingName, NotKept, StudentError, WorkerCrashed
from autograder.wire import Record, TupleRecord
from autograder.worker import Budget

SOURCE = """
import dataclasses
from collections import namedtuple
import numpy as np

scale = 3.0
table = np.arange(4.0)
Pair = namedtuple("Pair", "x y")


@dataclasses.dataclass
class Fit:
    coef: np.ndarray
    steps: int


@dataclasses.dataclass
class Model:
    slope: float

    def predict(self, x):
        return self.slope * x


class Counter:
    kind = "counter"

    def __init__(self, start=0):
        self.value = start
        self.inner = self

    def add(self, n=1, *, times=1):
        self.value += n * times
        return self.value

    def __call__(self, x):
        return x + self.value


def f(a, b=2, *rest, key="k", **more):
    return [a, b, list(rest), key, more]


def fit(X):
    return Fit(X.sum(0), len(X))


def slope_of(model):
    return model.slope


def steps_of(fit):
    return fit.steps


def pair():
    return Pair(1, 2)


def draw(rng):
    return rng.normal(size=3)


def total(*arrays):
    return float(sum(a.sum() for a in arrays))


def same(x):
    return x


def change(x):
    x[0] = -1.0


def make_list(c):
    return [c, Counter(9)]


def add_to(counter, n):
    return counter.add(n)


def dies():
    import os
    os._exit(3)
"""


@pytest.fixture
def student(connect: Callable[..., Any]) -> Any:
    return connect(SOURCE).student


def test_arguments_arrive_by_position_and_name(student: Any) -> None:
    assert student.f(1) == [1, 2, [], "k", {}]
    assert student.f(1, 3, 4, 5, key=None, z=(1,)) == [1, 3, [4, 5], None, {"z": (1,)}]


def test_values_of_the_module_are_read(student: Any) -> None:
    assert student.scale == 3.0
    np.testing.assert_array_equal(student.table, np.arange(4.0))


def test_missing_name_says_which(student: Any) -> None:
    with pytest.raises(MissingName, match="gradient is not defined"):
        student.gradient(1)


def test_private_names_are_not_asked_for(student: Any) -> None:
    for name in ("_hidden", "__wrapped__"):
        with pytest.raises(AttributeError, match=name):
            getattr(student, name)


def test_records_come_back_and_go_there_again(student: Any) -> None:
    fit = student.fit(np.ones((3, 2)))
    assert isinstance(fit, Record)
    np.testing.assert_array_equal(fit.coef, [3.0, 3.0])
    assert student.steps_of(fit) == 3
    pair = student.pair()
    assert isinstance(pair, TupleRecord)
    assert (pair.x, pair[1]) == (1, 2)
    assert student.same(pair) == (1, 2)


def test_dataclass_with_methods_stays_there(student: Any) -> None:
    model = student.Model(2.5)
    assert model.predict(4.0) == 10.0
    assert student.slope_of(model) == 2.5


def test_objects_keep_their_state(student: Any) -> None:
    counter = student.Counter(start=5)
    assert counter.add() == 6
    assert counter.add(2, times=3) == 12
    assert counter.value == 12
    assert counter.kind == "counter"
    assert counter(1) == 13
    assert student.add_to(counter, 8) == 20
    assert student.Counter().value == 0
    assert counter.inner.value == 20


def test_objects_inside_of_containers_are_handles(student: Any) -> None:
    first, second = student.make_list(student.Counter(4))
    assert (first.value, second.value) == (4, 9)


def test_object_shows_nothing_of_itself(student: Any) -> None:
    counter = student.Counter()
    assert repr(counter) == "<an object of type Counter on the student's side>"
    for question in (float, len, iter):
        with pytest.raises(TypeError):
            question(counter)
    assert np.asarray(counter).dtype == object


def test_generator_of_the_judge_is_used_there(student: Any) -> None:
    rng = np.random.default_rng(3)
    expected = np.random.default_rng(3).normal(size=3)
    np.testing.assert_array_equal(student.draw(rng), expected)
    np.testing.assert_array_equal(rng.normal(size=3), expected)  # the judge's own is where it was


def test_arguments_are_copies(student: Any) -> None:
    x = np.ones(3)
    student.change(x)
    np.testing.assert_array_equal(x, np.ones(3))


def test_staged_argument_stays_and_can_be_fetched(student: Any) -> None:
    staged = student.stage(np.ones(3))
    assert student.total(staged, staged) == 6.0
    student.change(staged)
    np.testing.assert_array_equal(staged.fetch(), [-1.0, 1.0, 1.0])
    staged.drop()
    assert repr(student.f) == "<the student's f>"


def test_stale_handle_is_a_crash_and_not_another_object(connect: Callable[..., Any]) -> None:
    tried = connect(SOURCE)
    counter = tried.student.Counter(5)
    with pytest.raises(WorkerCrashed):
        tried.student.dies()
    tried.connection.begin_check()
    with pytest.raises(WorkerCrashed, match="the process that held this object has ended"):
        tried.student.add_to(counter, 1)
    counter.drop()  # nothing to let go of
    tried.connection.begin_check()
    assert tried.student.f(1)[0] == 1


def test_every_dtype_crosses_the_wall(student: Any) -> None:
    for dtype in "? i1 u2 i4 u8 f2 f4 f8 g F D G U3 S3 M8[s] m8[ns] >f8 >i4".split():
        array = np.zeros((2, 3), dtype)
        back = student.same(array)
        assert (back.dtype.str, back.shape) == (array.dtype.str, array.shape)
    awkward = np.array([np.nan, -0.0, np.inf, -np.inf, 5e-324])
    assert student.same(awkward).tobytes() == awkward.tobytes()


def test_torch_tensors_cross_the_wall(connect: Callable[..., Any]) -> None:
    torch = pytest.importorskip("torch")
    source = """
    import torch
    def step(w, x):
        loss = ((w * x) ** 2).sum()
        loss.backward()
        return w.grad
    def half(x):
        return x.to(torch.bfloat16)
    """
    student = connect(source, preload=("torch",), budget=Budget(memory_mib=2048)).student
    w, x = torch.ones(3, requires_grad=True), torch.arange(3.0)
    assert torch.equal(student.step(w, x), 2 * x**2)
    assert w.grad is None
    assert student.half(x).dtype is torch.bfloat16


def test_other_modules_of_the_submission_can_be_imported(connect: Callable[..., Any]) -> None:
    helper = Module("helper", "helper.py", (Cell(None, "def twice(x):\n    return 2 * x\n"),))
    student = connect("from helper import twice\nimport helper as h\n", others=(helper,)).student
    assert student.twice(4) == 8


def test_a_statement_that_raises_takes_down_no_other_one(connect: Callable[..., Any]) -> None:
    source = """    from __future__ import annotations
    import numpy as np
    import no_such_package
    def f(x: NotDefined) -> NotDefined:
        return 1 / x
    data = np.loadtxt("no_such_file.csv")
    @no_such_decorator
    def g():
        return 1
    answer = input("?"); never = 1
    if True:
        raise SystemExit(1)
    def h():
        return 2
    1 / 0"""
    tried = connect(source)
    assert (tried.student.h(), tried.student.f(2.0)) == (2, 0.5)  # annotations are still not evaluated
    assert {"g", "data", "answer", "never"}.isdisjoint(tried.connection.exports())
    found = [(problem.error.type_name, problem.error.frames[-1].line) for problem in tried.connection.problems]
    assert found == [
        ("ModuleNotFoundError", 3),
        ("FileNotFoundError", 6),
        ("NameError", 7),
        ("EOFError", 10),
        ("SystemExit", 12),
        ("ZeroDivisionError", 15),
    ]
    with pytest.raises(ZeroDivisionError) as caught:
        tried.student.f(0)
    assert caught.value.frames[-1].line == 5


def test_no_more_statements_raise_than_a_person_would_read(connect: Callable[..., Any]) -> None:
    tried = connect("import x\n" * 1000 + "def f(): return 1\n")
    assert "f" not in tried.connection.exports() and len(tried.connection.problems) == 20


def test_module_knows_its_file(connect: Callable[..., Any]) -> None:
    source = (
        "import os, sys\nsys.path.append(os.path.dirname(os.path.abspath(__file__)))\nname = os.path.basename(__file__)"
    )
    tried = connect(source)
    assert tried.student.name == "answer.py" and tried.connection.problems == ()


def test_stdout_takes_what_scripts_do_to_it(connect: Callable[..., Any]) -> None:
    source = """
    import io, sys
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", line_buffering=True)
    print("wrapped")
    sys.stderr.buffer.write(b"bytes")
    sys.stdout.close(); sys.stderr.close(); sys.stdout = sys.__stdout__ = sys.stderr
    def f():
        print("later")
        return 1
    """
    tried = connect(source)
    assert tried.student.f() == 1 and tried.connection.problems == ()
    assert "wrapped" in tried.connection.load_output and "bytes" in tried.connection.load_output


def test_cells_share_a_namespace_and_fail_alone(connect: Callable[..., Any]) -> None:
    cells = [(1, "a = 1"), (2, "b = a + 1\nraise KeyError('late')"), (4, "def f():\n    return a, b"), (5, "1 +")]
    tried = connect(cells)
    assert tried.student.f() == (1, 2)
    first, second = tried.connection.problems
    assert (first.file, first.cell, first.error.type_name) == ("answer.py", 2, "KeyError")
    assert first.error.frames[0][:3] == ("answer.py", 2, 2)
    assert (second.cell, second.error.known_type) == (5, "SyntaxError")
    assert second.error.frames[-1].source == "1 +"


def test_module_is_not_run_as_a_program(connect: Callable[..., Any]) -> None:
    assert (
        connect("def f():\n    return __name__\nif __name__ == '__main__':\n    raise SystemExit").student.f()
        == "answer"
    )


def test_output_is_caught_and_capped_per_call(connect: Callable[..., Any]) -> None:
    source = """
    import os, sys
    print("at import")
    def f(n):
        print("x" * n)
        print("to stderr", file=sys.stderr)
        os.write(1, b"raw\\x1b[31m\\x07")
    """
    tried = connect(source, budget=Budget(memory_mib=512, output_per_call=100, output=1000))
    tried.connection.load()
    assert tried.connection.load_output == "at import\n"
    tried.connection.begin_check()
    tried.student.f(3)
    assert tried.connection.end_check()[1:] == ("xxx\nto stderr\nraw", False)
    tried.connection.begin_check()
    tried.student.f(10_000)
    _, output, _ = tried.connection.end_check()
    assert output == "x" * 100 + "\n[…]\nraw"


def test_flood_is_cut_and_does_not_block(connect: Callable[..., Any]) -> None:
    source = "import os\ndef f(n):\n    for _ in range(n):\n        os.write(2, b'y' * 65536)\n    return n\n"
    tried = connect(source, budget=Budget(memory_mib=512, output=1000))
    assert tried.student.f(200) == 200
    _, output, cut = tried.connection.end_check()
    assert output == "y" * 1000
    assert cut


def test_warnings_are_output_and_nothing_else(connect: Callable[..., Any], tier: str) -> None:
    source = "import warnings\ndef f():\n    warnings.warn('careful')\n    return 1\n"
    tried = connect(source, tier=tier)
    assert tried.student.f() == 1
    assert "careful" in tried.connection.end_check()[1]


def test_random_numbers_are_the_same_in_every_worker(connect: Callable[..., Any]) -> None:
    source = "import random\nimport numpy as np\ndef f():\n    return random.random(), np.random.rand()\n"
    assert connect(source).student.f() == connect(source).student.f()


def test_calls_are_recorded_with_handles_by_number(connect: Callable[..., Any]) -> None:
    tried = connect(SOURCE)
    tried.connection.begin_check()
    counter = tried.student.Counter(1)
    tried.student.add_to(counter, 2)
    with pytest.raises(TypeError):
        tried.student.total()(1)
    calls, _, _ = tried.connection.end_check()
    assert [call.label for call in calls] == ["Counter", "add_to", "total"]
    assert calls[0].outcome.number == 1
    (handle, number), named = calls[1].args
    assert (handle.number, number, named) == (1, 2, {})
    assert calls[1].outcome == 3


def test_large_answers_are_not_kept(connect: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.student.conversation.MAX_KEPT", 1 << 20)
    tried = connect("import numpy as np\ndef f():\n    return np.zeros(1 << 16)\n")
    for _ in range(4):
        tried.student.f()
    kinds = [type(call.outcome) for call in tried.connection.end_check()[0]]
    assert kinds == [np.ndarray] + [NotKept] * 3


def test_what_cannot_be_sent_is_an_ordinary_exception(answer: Callable[..., Any]) -> None:
    for expression, words in (
        ("list(range(1_000_001))", "too many values"),
        ("np.broadcast_to(1.0, (10**10,))", "an array of 80000000000 bytes is too large"),
        ("{i: i for i in range(10**4)}", "keys or members"),
        ("1 << 5000", "an integer of"),
    ):
        with pytest.raises(Exception, match=words) as caught:
            answer(expression)
        assert type(caught.value).__name__ == "StudentException"
    with pytest.raises(MemoryError):
        answer("np.ones(10**10)")


def test_tier_gives_the_same_answers(connect: Callable[..., Any], tier: str) -> None:
    student = connect(SOURCE, tier=tier).student
    assert student.f(1) == [1, 2, [], "k", {}]
    np.testing.assert_array_equal(student.draw(np.random.default_rng(1)), np.random.default_rng(1).normal(size=3))
    with pytest.raises(AttributeError, match="'int' object has no attribute 'sum'"):
        student.total(3)


def test_what_packages_import_late_is_there(connect: Callable[..., Any], tier: str) -> None:
    source = """
    import numpy as np
    def f():
        import dataclasses, datetime, json, random, statistics, time
        import numpy.testing, numpy.polynomial
        from numpy.lib.stride_tricks import sliding_window_view
        A = np.random.default_rng(0).normal(size=(30, 3))
        np.linalg.svd(A); np.linalg.qr(A); np.linalg.pinv(A); np.fft.fft(A); np.linalg.eigh(A.T @ A)
        np.polynomial.Polynomial.fit(A[:, 0], A[:, 1], 2)
        np.array2string(A); str(np.datetime64("2020-01-01")); f"{A!r}"
        np.testing.assert_allclose(A, A)
        datetime.datetime.now().isoformat(); time.strftime("%x"); json.dumps({"a": 1}); "%s".encode("utf-16")
        random.SystemRandom().random()
        return sliding_window_view(A, 2, axis=0).shape
    """
    assert connect(source, tier=tier).student.f() == (29, 3, 2)


def test_a_name_much_like_the_missing_one_is_told(connect: Callable[..., Any]) -> None:
    student = connect("def MSE_gradient(): pass\nclass Other: pass\nglobals()['mse_gradd'] = 1\n").student
    for name, near in (("mse_grad", "MSE_gradient"), ("other", "Other"), ("ridge", "")):
        with pytest.raises(MissingName) as caught:
            getattr(student, name)
        assert caught.value.near == near


def test_nothing_of_a_frame_is_said_but_a_line_of_code(connect: Callable[..., Any]) -> None:
    """A hidden check shows the student a place: its function's name is no letterbox, nor is one of many empty lines."""
    source = """
    import sys
    def f(secret):
        def g():
            raise ValueError
        g.__code__ = g.__code__.replace(co_name=" ".join(map(str, secret)))
        g()
    def forged(line):
        frame = sys._getframe()
        while "self" not in frame.f_locals or not hasattr(frame.f_locals["self"], "describe"):
            frame = frame.f_back
        type(frame.f_locals["self"]).describe = lambda self, error: [
            "E", ["ValueError"], "", [["answer.py", None, line, "f"]] * 20000]
        raise ValueError
    """ + "\n" * 9000 + "    late = 1\n    # a comment\n"  # fmt: skip
    tried = connect(source)
    with pytest.raises(ValueError) as caught:
        tried.student.f([3.25, 7])
    assert [frame.function for frame in caught.value.frames] == ["f", "g"]
    for line in (500, 9000, 9019, 9020, 10**9, -1, 0):
        with pytest.raises(ValueError) as caught:
            connect(source).student.forged(line)
        assert caught.value.frames == ()
    with pytest.raises(ValueError) as caught:
        connect(source).student.forged(5)
    assert len(caught.value.frames) == 20 and caught.value.frames[0].function == "g"


def test_arrays_of_many_dimensions_do_not_cross(connect: Callable[..., Any]) -> None:
    """NumPy prints all of one whose axes are short: a bomb for whoever shows it in a message."""
    tried = connect("import numpy as np\ndef f(n):\n    return np.zeros((2,) * n, np.int8)\n")
    assert tried.student.f(8).shape == (2,) * 8
    with pytest.raises(StudentError, match="an array of 9 dimensions cannot be sent"):
        tried.student.f(9)


def test_answers_are_kept_up_to_a_limit_over_all_checks(
    connect: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.student.conversation.MAX_KEPT", 1000)
    tried = connect("def f(): return b'x' * 400\n")
    kept = []
    for _ in range(4):
        tried.connection.begin_check()
        tried.student.f()
        [call] = tried.connection.end_check()[0]
        kept.append(type(call.outcome).__name__)
    assert kept == ["bytes", "bytes", "NotKept", "NotKept"]


def test_standard_input_is_empty_and_a_workers_own(connect: Callable[..., Any]) -> None:
    source = """
    import fcntl, os, sys
    def mark():
        fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_NONBLOCK)
    def read():
        return fcntl.fcntl(0, fcntl.F_GETFL) & os.O_NONBLOCK, sys.stdin.read()
    """
    connect(source).student.mark()
    assert connect(source).student.read() == (0, "")
