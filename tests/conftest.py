"""A course of one tiny assignment, which the tests of several rooms grade submissions with."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.batch import GradeOptions, grade
from autograder.course import Assignment, find_course, load_assignment
from autograder.intake import File, Submission
from autograder.records import Result

if TYPE_CHECKING:
    from autograder.records import Store  # needs SQLAlchemy

MANIFEST = """
format_version = 1
title = { en = "Tiny", zh = "小作业" }
concepts = ["linear regression"]
files = ["tiny"]
preload = ["numpy"]
datasets = []

[limits]
seconds = 1.0
import_seconds = 1.0
total_seconds = 4.0
memory_mib = 256
output_kib_per_call = 4
output_kib = 16

[[parts]]
id = "double"
title = { en = "Double", zh = "加倍" }
points = 60
functions = ["double"]

[[parts]]
id = "total"
title = { en = "Total", zh = "求和" }
points = 40
functions = ["total"]
[parts.rules]
forbid_calls = ["numpy.sum"]
forbid_imports = ["sklearn"]
action = "zero"
"""

SOLUTION = '''
"""The right answer."""

# %%
import numpy as np

# %% grade_id="double" part="double"
def double(x):
    """Return 2 x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% grade_id="total" part="total"
def total(x):
    """Return the sum of the entries of x."""
    ### BEGIN SOLUTION
    return float(x @ np.ones(len(x)))
    ### END SOLUTION
'''

PUBLIC = """
import numpy as np
import pytest

from autograder.judge import assert_close

pytestmark = pytest.mark.part("double")


@pytest.mark.points(20)
@pytest.mark.why(en="Twice one is two.", zh="一的两倍是二。")
def test_double_of_ones(student):
    assert_close(student.double(np.ones(3)), np.full(3, 2.0), rtol=1e-12, name="double")
"""

HIDDEN = """
import numpy as np
import pytest

from autograder.judge import PartialCredit, assert_close, assert_scalar


@pytest.mark.part("double")
@pytest.mark.points(20)
@pytest.mark.needs("test_double_of_ones")
@pytest.mark.why(en="It works for any input.", zh="对任意输入都成立。")
@pytest.mark.hint(en="Try a negative number.", zh="试试负数。")
@pytest.mark.parametrize("value", [-3.25, 8.5], ids=["negative", "positive"])
def test_double_of_any(student, reference, value):
    assert_close(student.double(np.array([value])), reference.double(np.array([value])), rtol=1e-12, name="double")


@pytest.mark.part("total")
@pytest.mark.points(30)
@pytest.mark.why(en="The sum is right.", zh="和是正确的。")
def test_total_is_right(student):
    x = np.array([31.25, -7.5, 11.125])
    measured = assert_scalar(student.total(x), name="total")
    if measured == -34.875:
        raise PartialCredit(0.5, "the sign is the other way round")
    assert abs(measured - 34.875) < 1e-12, f"secret {measured}"


@pytest.mark.part("total")
@pytest.mark.points(10)
@pytest.mark.why(en="An empty sum is zero.", zh="空和为零。")
def test_total_of_nothing(student):
    value = student.total(np.empty(0))
    if value.__class__ is str:
        raise KeyError(value)
    assert value == 0
"""

MISCONCEPTIONS = """
from autograder.judge.variants import Variant
from autograder.text import Bilingual

MISCONCEPTIONS = (
    Variant(
        "halves",
        "def double(x):\\n    return x / 2\\n",
        Bilingual("You divide by two.", "你除以了二。"),
        Bilingual("Multiply.", "应当乘以二。"),
        part="double",
    ),
    Variant(
        "mean",
        "def total(x):\\n    return float(np.mean(x)) if len(x) else 0.0\\n",
        Bilingual("You return the mean.", "你返回的是平均值。"),
        Bilingual("Do not divide.", "不要除以个数。"),
        part="total",
    ),
)
"""


@dataclass(frozen=True)
class TinyCourse:
    """A course on disk, and what grades its one assignment."""

    root: Path

    def assignment(self) -> Assignment:
        return load_assignment(find_course(self.root), "tiny")

    def replace(self, path: str, old: str, new: str) -> None:
        file = self.root / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    def submissions(self, *sources: str) -> list[Submission]:
        texts = [textwrap.dedent(source) for source in sources]
        return [Submission(f"student-{i:02d}", (File("tiny.py", text.encode()),)) for i, text in enumerate(texts)]

    def grade(self, *sources: str, store: Store | None = None, **options: object) -> list[Result]:
        return self.grade_all(self.submissions(*sources), store, **options)

    def grade_all(
        self,
        submissions: Sequence[Submission],
        store: Store | None = None,
        on_result: Callable[[Result, bool], None] = lambda result, reused: None,
        **options: object,
    ) -> list[Result]:
        chosen = GradeOptions(**{"jobs": 1, **options})  # type: ignore[arg-type]
        return grade(self.assignment(), submissions, store, chosen, on_result)


RIGHT = """
import numpy as np

def double(x):
    return x + x

def total(x):
    s = 0.0
    for value in x:
        s += value
    return float(s)
"""


def build_tiny(folder: Path) -> TinyCourse:
    root = folder / "course"
    files = {
        "course.toml": 'format_version = 1\ntitle = { en = "A course", zh = "一门课程" }\n',
        "assignments/tiny/assignment.toml": MANIFEST,
        "assignments/tiny/test_public.py": PUBLIC,
        "solutions/tiny/tiny.py": SOLUTION,
        "solutions/tiny/test_hidden.py": HIDDEN,
        "solutions/tiny/misconceptions.py": MISCONCEPTIONS,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "datasets").mkdir()
    return TinyCourse(root)


@pytest.fixture
def tiny(tmp_path: Path) -> TinyCourse:
    return build_tiny(tmp_path)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With ``-m gpu`` leave the other tests alone: where the devices are, not all that they import is installed."""
    tests = Path(__file__).parent
    wanted = collection_path == tests or collection_path.is_relative_to(tests / "gpu")
    return True if config.getoption("markexpr") == "gpu" and not wanted else None
