"""Forbidden imports and calls, found by reading; hostile source harms nobody."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from autograder.course.manifest import Assignment, Limits, Part, Rules
from autograder.intake.submission import Cell, Module, Program
from autograder.judge.rules import scan
from autograder.records.result import Finding
from autograder.text import Bilingual

TITLE = Bilingual("Title", "标题")
CALLS = Rules(forbid_calls=("numpy.linalg.lstsq",), action="zero")
IMPORTS = Rules(forbid_imports=("sklearn", "scipy.optimize"), action="zero")
EVERY = Rules(("sklearn",), ("numpy.linalg.lstsq",), "zero")


def assignment(**rules: Rules) -> Assignment:
    """An assignment with one part for each keyword, whose function has the part's name."""
    parts = tuple(Part(name, TITLE, 10, (name,), rule) for name, rule in rules.items())
    return Assignment(
        "tiny", TITLE, (), ("tiny.py",), parts, Limits(), (), (), Path("a"), Path("s"), Path("d"), "0"
    )  # fmt: skip


def find(*cells: str, rules: Rules = CALLS, **others: str) -> tuple[Finding, ...]:
    """Scan a notebook of these cells (a module, if there is one), and other modules; the part's function is `f`."""
    numbers = [None] if len(cells) == 1 else range(1, len(cells) + 1)
    graded = Module("tiny", "tiny.py", tuple(Cell(n, cell) for n, cell in zip(numbers, cells, strict=True)))
    helpers = [Module(name, f"{name}.py", (Cell(None, source),)) for name, source in others.items()]
    return scan(Program((graded, *helpers)), assignment(f=rules))


def lines(found: tuple[Finding, ...], action: str = "zero") -> list[int]:
    return [finding.line for finding in found if finding.action == action]


@pytest.mark.parametrize(
    "top",
    [
        "solvers = []; solvers.append(np.linalg.lstsq)",
        "table = {}\ntable.setdefault('qr', np.linalg.lstsq)",
        "table = {}\ntable.update(qr=np.linalg.lstsq)",
        "type.__setattr__(Tools, 'f', np.linalg.lstsq)",
        "from functools import reduce\nf = reduce(getattr, ['linalg', 'lstsq'], np)",
        "f, = map(getattr, [np.linalg], ['lst' + 'sq'])",
        "f = np.linalg.__getattribute__('lst' + 'sq')",
    ],
)
def test_scan_flags_what_is_handed_on_at_the_top(top: str) -> None:
    found = find(f"import numpy as np\n{top}\ndef f(X): return 1")
    assert {(finding.action, finding.evasive) for finding in found} == {("flag", True)}


@pytest.mark.parametrize(
    "magic",
    ["run_line_magic('time', 'solve = np.linalg.lstsq')", "run_cell_magic('time', '', 'solve = np.linalg.lstsq')"],
)
def test_scan_reads_what_a_magic_executes(magic: str) -> None:
    found = find(f"import numpy as np\nget_ipython().{magic}\ndef f(X): return solve(X)")
    assert {(finding.action, finding.line) for finding in found} == {("zero", 2), ("zero", 3)}


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\ndef f(X, y):\n    return np.linalg.lstsq(X, y)",
        "import numpy.linalg as la\ndef f(X, y):\n    return la.lstsq(X, y)",
        "import numpy.linalg\ndef f(X, y):\n    return numpy.linalg.lstsq(X, y)",
        "from numpy.linalg import lstsq as g\ndef f(X, y):\n    return g(X, y)",
        "from numpy import linalg\ndef f(X, y):\n    return linalg.lstsq(X, y)",
        "from numpy.linalg import *\ndef f(X, y):\n    return lstsq(X, y)",
        "def f(X, y):\n    import numpy as np\n    return np.linalg.lstsq(X, y)",
        "import numpy as np\nlinalg = np.linalg\ndef f(X, y, solve=linalg.lstsq): return solve(X, y)",
        "import numpy as np\ndef f(X, y):\n    (la := np.linalg).lstsq(X, y)",
        "import numpy as np\nx = [\n(f := lambda X, y: np.linalg.lstsq(X, y))]",
        "import numpy as np\n\nf = np.linalg.lstsq",
        "import functools, numpy as np\n\nf = functools.partial(np.linalg.lstsq, rcond=None)",
        "\n\nfrom numpy.linalg import lstsq as f",
        "import numpy as np\nif True:\n    def f(X, y): return np.linalg.lstsq(X, y)",
        "import numpy as np\ndef f(X, y):\n    return np.linalg.ｌｓｔｓｑ(X, y)",
        "import numpy as np\ntry:\n    def f(X, y): return np.linalg.lstsq(X, y)\nexcept ImportError: pass",
    ],
)
def test_scan_resolves_aliases(source: str) -> None:
    found = find(source)
    assert {(g.part, g.rule, g.name, g.file, g.action) for g in found} == {
        ("f", "forbid_calls", "numpy.linalg.lstsq", "tiny.py", "zero")
    }
    assert 3 in lines(found)
    assert not any(finding.evasive for finding in found)


@pytest.mark.parametrize(
    "body",
    [
        'return getattr(np.linalg, "lstsq")(X, y)',
        'return getattr(np.linalg, "ls" + "tsq")(X, y)',
        "return getattr(np.linalg, f\"ls{'tsq'}\")(X, y)",
        'return __import__("numpy").linalg.lstsq(X, y)',
        'return importlib.import_module("numpy.linalg").lstsq(X, y)',
        'return sys.modules["numpy"].linalg.lstsq(X, y)',
        'return vars(np.linalg)["lstsq"](X, y)',
        'return np.linalg.__dict__["lstsq"](X, y)',
        'return eval("np.linalg.lstsq(X, y)")',
        "exec('import numpy.linalg as la\\nz = np.linalg.lstsq(X, y)')",
        "return np.linalg._linalg.lstsq(X, y)",
        "return np.testing._private.utils.np.linalg.lstsq(X, y)",
    ],
)
def test_scan_sees_through_detours(body: str) -> None:
    found = find(f"import importlib, sys\nimport numpy as np\ndef f(X, y):\n    {body}")
    certain = [g for g in found if g.action == "zero"]
    assert {(g.name, g.line, g.evasive) for g in certain} == {("numpy.linalg.lstsq", 4, True)}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("return getattr(np.linalg, name)(X, y)", "getattr(numpy.linalg, ...)"),
        ("return getattr(np, name)(X, y)", "getattr(numpy, ...)"),
        ("return eval(name)", "eval"),
        ("exec(name)", "exec"),
        ("return __import__(name)", "__import__"),
        ("return importlib.import_module(name)", "importlib.import_module"),
        ("return sys.modules[name]", "sys.modules[...]"),
    ],
)
def test_scan_flags_computed_detours(body: str, name: str) -> None:
    found = find(f"import importlib, sys\nimport numpy as np\ndef f(X, y, name):\n    {body}")
    assert [(g.name, g.line, g.action, g.evasive) for g in found] == [(name, 4, "flag", True)]


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\ndef f(X, y): return np.linalg.solve(X.T @ X, X.T @ y)",
        "import numpy as np\ndef f(lstsq): return lstsq(1)",
        "from numpy.linalg import lstsq\ndef f(lstsq): return lstsq(1)",
        "from mine import lstsq\ndef f(X): return lstsq(X)",
        "import numpy as np\ndef g(X): return np.linalg.lstsq(X)\ndef f(X): return X.g(X)",
        "import numpy as np\nlstsq = 1\ndef f(X):\n    np.lstsq = X\n    return lstsq",
        "import numpy as np\ndef f(X): return X\nprint(np.linalg.lstsq(X, y))",
        "def f(model, name): return getattr(model, name)",
        "import numpy as np\ndef f(X): return getattr(np.linalg, 'norm')(X)",
        "import numpy as np\ndef f(X):\n    'np.linalg.lstsq is not allowed'\n    # np.linalg.lstsq\n    return X",
    ],
)
def test_scan_accuses_nobody_wrongly(source: str) -> None:
    assert find(source) == ()


@pytest.mark.parametrize(
    "source",
    [
        "def solve(X): return np.linalg.lstsq(X)\ndef g(X): return solve(X)\ndef f(X): return g(X)",
        "class A:\n    def go(self, X): return np.linalg.lstsq(X)\n\ndef f(X): return A().go(X)",
        "class A:\n    def go(self, X): return np.linalg.lstsq(X)\nclass B(A): pass\ndef f(X): return B().go(X)",
        "class f:\n    def fit(self, X): return self.go(X)\n    def go(self, X): return np.linalg.lstsq(X)",
        "class f:\n    solve = np.linalg.lstsq\n    def fit(self, lstsq): return self.solve(lstsq)",
        "solvers = {'a': np.linalg.lstsq}\ndef f(X): return solvers['a'](X)",
        "solvers = {}\nsolvers['a'] = np.linalg.lstsq\ndef f(X): return solvers['a'](X)",
        "np.foo = np.linalg.lstsq\ndef f(X): return np.foo(X)",
        "for g in [np.linalg.lstsq]: pass\ndef f(X): return g(X)",
        "g = lambda X: np.linalg.lstsq(X)\ndef f(X): return g(X)",
        "def decorate(g): return np.linalg.lstsq\n@decorate\ndef f(X): return X",
        "def init():\n    global g\n    g = np.linalg.lstsq\ninit()\ndef f(X): return g(X)",
        "def outer():\n    def lstsq(lstsq): return lstsq\n    return np.linalg.lstsq\ndef f(X): return outer()(X)",
        "a, b = np.linalg, 1\ndef f(X): return a.lstsq(X)",
        "exec('def f(X): return np.linalg.lstsq(X)')",
        "a = b\nb = a\nb = np.linalg\ndef f(X): return a.lstsq(X)",
    ],
)
def test_scan_follows_what_a_function_reaches(source: str) -> None:
    found = find("import numpy as np\n" + source)
    assert "numpy.linalg.lstsq" in {g.name for g in found if g.action == "zero"}


def test_scan_follows_the_students_other_modules() -> None:
    helper = "import numpy.linalg as la\n\ndef solve(X): return la.lstsq(X)"
    for source in (
        "from helpers import solve\ndef f(X): return solve(X)",
        "import helpers\ndef f(X): return helpers.solve(X)",
        "from helpers import *\ndef f(X): return solve(X)",
        "from .helpers import solve as f",
    ):
        assert [(g.file, g.line) for g in find(source, helpers=helper)] == [("helpers.py", 3)]
    through = "import helpers\ndef f(X): return helpers.la.lstsq(X)"
    assert [(g.file, g.line) for g in find(through, helpers=helper)] == [("tiny.py", 2)]


def test_scan_is_not_misled_by_a_module_that_calls_itself_numpy() -> None:
    found = find("import numpy as np\ndef f(X): return np.linalg.lstsq(X)", numpy="x = 1")
    assert lines(found) == [2]


def test_scan_names_cell_and_line() -> None:
    found = find("import numpy as np", "1 +", "\ndef f(X):\n    return np.linalg.lstsq(X)")
    assert [(g.cell, g.line) for g in found] == [(3, 3)]


def test_scan_keeps_parts_apart() -> None:
    source = "import numpy as np\ndef f(X): return np.linalg.lstsq(X)\ndef g(X): return X"
    program = Program((Module("tiny", "tiny.py", (Cell(None, source),)),))
    flag = Rules(forbid_calls=("numpy.linalg.lstsq",), action="flag")
    assert [g.part for g in scan(program, assignment(f=CALLS, g=CALLS))] == ["f"]
    assert [(g.part, g.action) for g in scan(program, assignment(g=CALLS, f=flag))] == [("f", "flag")]
    assert scan(program, assignment(f=Rules())) == ()
    assert scan(Program(()), assignment(f=CALLS)) == ()


@pytest.mark.parametrize(
    "source",
    [
        "import sklearn.linear_model as lm\ndef f(X): return lm.Ridge().fit(X)",
        "from sklearn.linear_model import Ridge\ndef f(X): return Ridge().fit(X)",
        "from sklearn.linear_model import *\ndef f(X): return Ridge().fit(X)",
        "from sklearn.linear_model import Ridge as f",
        "from scipy import optimize\ndef f(X): return optimize.minimize(X)",
    ],
)
def test_scan_finds_imports_that_a_part_uses(source: str) -> None:
    found = find(source, rules=IMPORTS)
    assert [(g.rule, g.line, g.action, g.evasive) for g in found] == [("forbid_imports", 1, "zero", False)]


@pytest.mark.parametrize("call", ['__import__("sklearn")', 'import_module("sklearn.svm")', 'sys.modules["sklearn"]'])
def test_scan_finds_imports_by_detour(call: str) -> None:
    first = "import sys; from importlib import import_module\n"
    for source in (f"def f(X): return {call}.x", f"g = {call}\ndef f(X): return g.x"):
        found = find(first + source, rules=IMPORTS)
        assert {(g.rule, g.line, g.action, g.evasive) for g in found} == {("forbid_imports", 2, "zero", True)}


def test_scan_flags_an_import_that_no_part_uses_once() -> None:
    source = "import sklearn\nimport scipy.special\ndef f(X): return X\ndef g(X): return X"
    program = Program((Module("tiny", "tiny.py", (Cell(None, source),)),))
    found = scan(program, assignment(f=IMPORTS, g=IMPORTS))
    assert [(g.part, g.name, g.line, g.action, g.evasive) for g in found] == [("f", "sklearn", 1, "flag", False)]


def test_scan_finds_forbidden_builtins() -> None:
    found = find("def f(X): return sum(X)\nsum(X)", rules=Rules(forbid_calls=("sum",), action="zero"))
    assert [(g.name, g.line) for g in found] == [("sum", 1)]


def test_scan_limits_the_findings_of_a_part() -> None:
    body = "\n".join("    np.linalg.lstsq" for _ in range(1000))
    assert len(find(f"import numpy as np\ndef f():\n{body}")) == 100


HOSTILE = {
    "attributes": "x" + ".a" * 200_000,
    "parentheses": "(" * 100_000,
    "pairs": "(" * 150 + ")" * 150,
    "minus": "-" * 100_000 + "1",
    "sum": "1" + "+1" * 200_000,
    "text sum": "getattr(np, 'a'" + "+'a'" * 500 + ")",
    "lambdas": "lambda: " * 50_000 + "1",
    "some lambdas": "def f(): return " + "lambda: " * 80 + "1",
    "calls": "f" + "()" * 100_000,
    "some calls": "def f(): return f" + "()" * 700,
    "subscripts": "f = x" + "['a']" * 700,
    "ifs": "f = " + "1 if 1 else " * 50_000 + "1",
    "brackets": "[" * 3000 + "]" * 3000,
    "indents": "".join(" " * i + "if 1:\n" for i in range(99)) + " " * 99 + "1",
    "null": "f = 1\0",
    "surrogate": "f = '\udcff'",
    "huge": "f = 1\n" * 200_000,
    "aliases": "import a\nx0 = a.b\nx0 = a.c\n"
    + "".join(f"x{i + 1} = x{i}.b\nx{i + 1} = x{i}.c\n" for i in range(60))
    + "def f(): return x60",
    "alias chain": "import a\nx0 = a\n" + "".join(f"x{i + 1} = x{i}\n" for i in range(5000)) + "def f(): return x5000",
    "many meanings": "".join(f"a = numpy.x{i}\n" for i in range(199))
    + "import numpy\ndef f():\n return ("
    + "a," * 32_000
    + "eval)",
    "many uses": "".join(f"a = numpy.x{i}\n" for i in range(49)) + "import numpy\n" + "f(a)\n" * 50_000 + "eval\n",
    "elif": "if a: 0\n" + "elif a: 0\n" * 900,
    "long names": "import a\nx0 = a\n" + "".join(f"x{i + 1} = x{i}{'.a' * 300}\n" for i in range(300)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_scan_survives_hostile_source(name: str) -> None:
    answer: list[tuple[Finding, ...]] = []
    # A lane grades in a thread, whose stack is smaller than the main one.
    first = "import numpy as np, sklearn"
    thread = threading.Thread(target=lambda: answer.append(find(first, HOSTILE[name], rules=EVERY)))
    thread.start()
    thread.join(timeout=20)
    assert answer, "did not end, or raised"


@pytest.mark.parametrize("name", ["attributes", "sum", "ifs", "huge", "aliases", "many uses"])
def test_scan_flags_source_that_it_cannot_read(name: str) -> None:
    found = find("def f(): lstsq", HOSTILE[name])
    assert {(g.action, g.evasive) for g in found} == {("flag", True)}


def test_scan_of_many_cells_looks_at_each_once() -> None:
    assert [finding.name for finding in find("import numpy\nf = 1\neval('f')", *["x"] * 30_000)] == ["eval"]


def test_scan_reads_the_other_cells_beside_hostile_ones() -> None:
    good = "import numpy as np\ndef f(X): return np.linalg.lstsq(X)"
    assert lines(find(HOSTILE["attributes"], HOSTILE["parentheses"], good)) == [2]
