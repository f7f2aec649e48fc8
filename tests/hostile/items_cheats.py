"""What a student who wants the points, and not the machine, would try."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.hostile.item import item

__all__ = ["ITEMS"]


def wrong(value: Any) -> list[str]:
    """The right answer would be ones: any way in which this value passes for it is a breach."""
    ways = {
        "equal": lambda: bool(np.all(value == np.ones(3))),
        "equal from the right": lambda: bool(np.all(np.ones(3) == value)),
        "allclose": lambda: bool(np.allclose(value, np.ones(3))),
        "testing": lambda: np.testing.assert_allclose(value, np.ones(3)) is None,
        "difference": lambda: bool(np.abs(value - np.ones(3)).max() < 1),
        "float": lambda: float(value) == 1.0,
        "truth": lambda: value is True,
        "array": lambda: bool((np.asarray(value, dtype=float) == 1.0).all()),
        "length": lambda: len(value) == 3 and all(v == 1 for v in value),
    }
    breaches = []
    for name, way in ways.items():
        try:
            if way():
                breaches.append(name)
        except Exception:
            continue
    return breaches


def bits(value: Any) -> list[str]:
    wanted = np.array([np.nan, -0.0, np.inf, -np.inf, 5e-324])
    wanted[:1].view(np.uint64)[0] = 0x7FF8_0123_4567_89AB
    return [] if value.tobytes() == wanted.tobytes() else [value.tobytes().hex()]


OVERLOADS = """
class Yes:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __bool__(self): return True
    def __float__(self): return 1.0
    def __int__(self): return 1
    def __len__(self): return 3
    def __iter__(self): return iter([1.0] * 3)
    def __getitem__(self, i): return 1.0
    def __array__(self, *args, **kwargs):
        import numpy as np
        return np.ones(3)
    def __array_ufunc__(self, *args, **kwargs): return True
    def __array_function__(self, *args, **kwargs): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __abs__(self): return 0.0
    def __hash__(self): return 1
    @property
    def __class__(self): return {pretends}
    __array_priority__ = 1e9
    shape = (3,)
    dtype = float
    ndim = 1
    def all(self, *a): return True
    any = max = all
"""

GUEST = """
def guest():
    frame = sys._getframe()
    while type(frame.f_locals.get("self")).__name__ != "Guest":
        frame = frame.f_back
    return frame.f_locals["self"]
"""


def overload(name: str, returns: str, pretends: str = "Yes", bases: str = "", ending: str = "value") -> Any:
    body = OVERLOADS.replace("{pretends}", pretends).replace("class Yes:", f"import numpy as np\nclass Yes({bases}):")
    return item(name, f"{body}\ndef attack(world):\n    return {returns}\n", ending, judge=wrong)


ITEMS = (
    item("patched_comparison", """
        import numpy as np, builtins, time, math
        true = lambda *a, **k: True
        np.allclose = np.isclose = np.array_equal = np.all = np.any = true
        builtins.all = builtins.any = builtins.isinstance = true
        for name in ("assert_allclose", "assert_array_equal", "assert_almost_equal", "assert_equal"):
            setattr(np.testing, name, lambda *a, **k: None)
        time.perf_counter = time.process_time = time.monotonic = lambda: 0.0
        math.isclose = builtins.abs = true
        np.linalg.norm = np.max = np.abs = lambda *a, **k: 0.0
        return np.zeros(3)
        """, "value", judge=wrong),
    item("patched_pytest", """
        import types
        fake = types.ModuleType("pytest")
        fake.raises = fake.fail = fake.skip = lambda *a, **k: None
        for name in ("pytest", "_pytest", "_pytest.outcomes", "autograder.judge", "conftest"):
            sys.modules[name] = fake
        class Skipped(Exception):
            pass
        Skipped.__module__ = "_pytest.outcomes"
        raise Skipped("no such check")
        """, "raised"),
    overload("overloads_of_an_object", "Yes()"),
    overload("overloads_that_pretend_to_be_an_array", "Yes()", "np.ndarray", ending="value|raised"),
    overload("overloads_that_pretend_to_be_a_float", "Yes()", "float", ending="value|raised"),
    overload("overloads_in_an_array",
        "__import__('functools').reduce(lambda a, i: (a.__setitem__(i, Yes()), a)[1], range(3), np.empty(3, object))"),
    overload("overloads_of_a_list", "[Yes()] * 3"),
    item("overloads_of_base_types", """
        import numpy as np
        class F(float):
            __eq__ = __le__ = __lt__ = __ge__ = lambda self, other: True
            __hash__ = float.__hash__
            __float__ = lambda self: 1.0
        class A(np.ndarray):
            def __array_finalize__(self, obj): pass
            def __eq__(self, other): return np.ones(3, bool)
            def __array__(self, *a, **k): return np.ones(3)
            def __array_ufunc__(self, *a, **k): return np.ones(3, bool)
            def tobytes(self, *a): return np.ones(3).tobytes()
            @property
            def dtype(self): return np.dtype("f8")
        return np.zeros(3).view(A)
        """, "value|raised", judge=wrong),
    item("numbers_bit_for_bit", """
        import numpy as np
        x = np.array([np.nan, -0.0, np.inf, -np.inf, 5e-324])
        x.view(np.uint64)[0] = 0x7FF80123456789AB
        return x
        """, "value", judge=bits),
    item("exceptions_that_end_loops", "raise StopIteration", "raised"),
    item("exceptions_of_groups", "raise ExceptionGroup('many', [ValueError(1), KeyError(2)])", "raised"),
    item("exceptions_with_hostile_names", """
        E = type("E\\x1b[31m" * 1000, (ValueError,),
            {"__str__": lambda self: 1, "__module__": "builtins", "__name__": 5})
        raise E
        """, "raised"),
    item("exceptions_with_hostile_traceback", """
        class E(Exception):
            @property
            def __traceback__(self):
                raise SystemExit
            def __getattribute__(self, name):
                raise KeyboardInterrupt
        raise E
        """, "raised|crashed"),
    item("reference_on_the_path", """
        breaches = []
        for name in ("solutions.tiny.secret", "solutions", "secret", "test_hidden", "autograder.judge.engine",
            "autograder.records"):
            breaches += tries(a=lambda: __import__(name))
        for finder in sys.meta_path:
            for name in ("secret", "solutions", "tests"):
                breaches += tries(a=lambda: finder.find_spec(name,
                    [world["course"], world["course"] + "/solutions/tiny"]))
        return breaches
        """),
    item("judge_by_frames", """
        found, frame = [], sys._getframe()
        while frame is not None:
            found += [key for key in (*frame.f_locals, *frame.f_globals) if key.lower() in ("reference", "solution",
                "expected", "answer_key", "store")]
            frame = frame.f_back
        return found
        """),
    item("zygote_by_its_control_socket", """
        import gc, socket
        breaches = []
        for fd in range(4, 128):
            breaches += tries(a=lambda: os.write(fd, b"\\x92\\xa4reap\\x01"), b=lambda: os.read(fd, 1))
        return breaches
        """),
    item("forged_answer_to_another", "os.write(3, b'\\0' * 24)", "violation"),
    item("forged_frame_too_large", "os.write(3, b'\\xff' * 24)", "violation"),
    item("forged_early", "def attack(world):\n    return []\nos.write(3, b'\\0' * 24)", "violation"),
    item("forged_twice", GUEST + """
def attack(world):
    g = guest()
    send = g._send
    def twice(*args):
        send(*args)
        send(*args)
    g._send = twice
    return []
""", "held"),
    item("forged_tags", GUEST + """
def attack(world):
    import msgpack, struct
    g = guest()
    frame = sys._getframe()
    while "request_id" not in frame.f_locals:
        frame = frame.f_back
    body = msgpack.packb([0, "ok", [10, "PCG64", [2]]])
    os.write(3, struct.pack("<QII Q", frame.f_locals["request_id"], len(body), 0, 0) + body)
""", "violation"),
    item("forged_handles", GUEST + """
def attack(world):
    g = guest()
    g._to_handle = lambda value: (2**63, "x" * 10**6, True)
    return [object()]
""", "value", judge=lambda value: [] if len(value) == 1 else ["?"]),
    item("wire_closed", "os.close(3)\nreturn []", "crashed"),
    item("wire_replaced", "r, w = os.pipe()\nos.dup2(w, 3)\nreturn []", "crashed"),
    item("output_replaced", "os.dup2(3, 1)\nprint('x' * 24)\nreturn []", "violation|crashed"),
    item("wire_not_blocking", "os.set_blocking(3, False)\nreturn []"),
    item("left_for_the_next", """
        import atexit, builtins, gc, numpy as np, random, signal, threading, json
        os.environ["LEFT"] = "1"
        sys.modules["left"] = sys
        builtins.left = np.left = random.left = json.left = sys.left = 1
        np.allclose = lambda *a, **k: True
        np.seterr(all="raise")
        sys.setrecursionlimit(200)
        sys.path.insert(0, "/scratch")
        sys.meta_path.clear()
        gc.disable()
        tries(a=lambda: open("/scratch/left", "w").write("x"), b=lambda: os.chdir("/"), c=lambda: os.umask(0))
        atexit.register(print, "left")
        signal.signal(signal.SIGCHLD, lambda *a: None)
        libc.srand(5)
        return []
        """),
    item("finalizers_at_the_end", """
        class Late:
            def __del__(self):
                while True:
                    pass
        sys.late = Late()
        return []
        """),
    item("hooks_in_the_interpreter", """
        sys.settrace(lambda *a: None); sys.setprofile(lambda *a: None)
        sys.excepthook = sys.unraisablehook = sys.displayhook = lambda *a: os._exit(0)
        sys.addaudithook(lambda *a: None)
        return []
        """),
)  # fmt: skip
