"""One source, three released files: what is in them, and that nothing of the solution is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.course import check_release, find_course, load_assignment, release
from autograder.course.generate import find_leak, generate
from autograder.course.source import read_source, solutions, strip_solution
from autograder.errors import UsageError
from tests.conftest import TinyCourse

SOURCE = "solutions/tiny/tiny.py"
RICH = '''
"""Only for readers of the solution: secret-docstring."""

# %% [markdown] lang="en"
# # Tiny things

# %% [markdown] lang="zh"
# # 小事

# %% [markdown]
# $x$

# %%
from __future__ import annotations

import numpy as np

# %% grade_id="double" part="double"
### BEGIN SOLUTION
SECRET_TABLE = {"secret-module-level": 2}
### END SOLUTION


def double(x):
    """Return 2 x."""
    x = np.asarray(x)
    ### BEGIN SOLUTION
    secret_body = SECRET_TABLE["secret-module-level"]
    return secret_body * x
    ### END SOLUTION

# %% tags=["active-ipynb"]
# %matplotlib inline
# try:
#     print(double(1))
# except NotImplementedError:
#     print("not yet")

# %% grade_id="total" part="total"
def total(x):
    """Return the sum of the entries of x."""
    if len(x):
        ### BEGIN SOLUTION
        return float(x @ np.ones(len(x)))
        ### END SOLUTION
    return 0.0
'''


@pytest.fixture
def rich(tiny: TinyCourse) -> TinyCourse:
    (tiny.root / SOURCE).write_text(RICH)
    return tiny


def notebook(course: TinyCourse, name: str = "tiny.ipynb") -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(generate(course.assignment())[name])["cells"]
    return cells


def test_stub_keeps_signature_and_docstring_and_imports(rich: TinyCourse) -> None:
    stub = generate(rich.assignment())["tiny.py"]
    assert stub.startswith('"""Tiny / 小作业\n')
    assert (
        'def double(x):\n    """Return 2 x."""\n    x = np.asarray(x)\n    # YOUR CODE HERE\n    raise NotImpl' in stub
    )
    assert "        # YOUR CODE HERE\n        raise NotImplementedError\n    return 0.0\n" in stub
    assert "print" not in stub and "markdown" not in stub and "SOLUTION" not in stub
    space: dict[str, Any] = {}
    exec(compile(stub, "tiny.py", "exec"), space)
    assert space["total"]([]) == 0.0
    with pytest.raises(NotImplementedError):
        space["double"](1)


def test_solution_at_column_0_gives_way_to_a_comment_alone() -> None:
    text = "### BEGIN SOLUTION\nA = 1\n### END SOLUTION\nB = 2"
    assert strip_solution(text) == "# YOUR CODE HERE\nB = 2"
    assert solutions(text) == [["A = 1"]]


def test_notebooks_are_valid_and_differ_in_prose_alone(rich: TinyCourse) -> None:
    english, chinese = notebook(rich), notebook(rich, "tiny.zh.ipynb")
    for text in list(generate(rich.assignment()).values())[1:]:
        nbformat.validate(nbformat.reads(text, as_version=nbformat.NO_CONVERT))
    prose = [["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"] for cells in (english, chinese)]
    assert prose == [["# Tiny things", "$x$"], ["# 小事", "$x$"]]
    code = [
        [c["source"] for c in cells if c["cell_type"] == "code" and not c["id"].startswith("test_")]
        for cells in (english, chinese)
    ]
    assert code[0][:-1] == code[1][:-1] and len(code[0]) == 5


def test_notebook_cells_carry_nbgrader_metadata_version_3(rich: TinyCourse) -> None:
    found = {c["id"]: c["metadata"]["nbgrader"] for c in notebook(rich) if "nbgrader" in c["metadata"]}
    assert list(found) == ["double", "test_double", "total", "test_total"]
    for cell_id, metadata in found.items():
        test = cell_id.startswith("test_")
        flags = {"grade": test, "locked": test, "solution": not test, "task": False, "schema_version": 3}
        points = {"points": {"test_double": 60, "test_total": 40}[cell_id]} if test else {}
        assert metadata == {**flags, "grade_id": cell_id, **points}
        assert re.fullmatch(r"[a-zA-Z0-9_\-]+", metadata["grade_id"])


@pytest.mark.parametrize(("name", "option"), [("tiny.ipynb", 'lang="en"'), ("tiny.zh.ipynb", 'lang="zh"')])
def test_check_cell_calls_the_grader_for_its_part(rich: TinyCourse, name: str, option: str) -> None:
    [cell] = [c for c in notebook(rich, name) if c["id"] == "test_double"]
    *comment, imported, _, call = "".join(cell["source"]).split("\n")
    assert imported == "from autograder import check"
    assert all(line.startswith("# ") for line in comment) and "60" in comment[0]
    assert call == f'check("tiny", part="double", {option})'
    whole = notebook(rich, name)[-1]
    assert "".join(whole["source"]).endswith(f'check("tiny", {option})')
    assert whole["metadata"]["tags"] == ["active-ipynb"]


def test_demo_cells_are_live_in_notebooks_alone(rich: TinyCourse) -> None:
    cell, _ = [c for c in notebook(rich) if c["metadata"].get("tags") == ["active-ipynb"]]
    assert "".join(cell["source"]).startswith("%matplotlib inline\ntry:\n    print(double(1))")


def test_untouched_notebook_runs_top_to_bottom(rich: TinyCourse, tmp_path: Path) -> None:
    text = generate(rich.assignment())["tiny.ipynb"].replace("%matplotlib inline", "%who")
    (tmp_path / "tiny.ipynb").write_text(text)
    environment = {"PATH": "", "IPYTHONDIR": str(tmp_path), "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "IPython", "--colors=NoColor", "--HistoryManager.enabled=False", "tiny.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "not yet" in done.stdout


def test_release_is_the_same_bytes_twice(rich: TinyCourse) -> None:
    first = generate(rich.assignment())
    assert generate(rich.assignment()) == first
    ids = [cell["id"] for cell in json.loads(first["tiny.ipynb"])["cells"]]
    assert len(set(ids)) == len(ids)


def test_release_writes_what_changed_and_check_finds_drift(rich: TinyCourse) -> None:
    course, assignment = find_course(rich.root), rich.assignment()
    all_three = [Path("assignments/tiny", name) for name in ("tiny.py", "tiny.ipynb", "tiny.zh.ipynb")]
    assert check_release(course, assignment) == all_three
    assert release(course, assignment) == all_three
    assert check_release(course, assignment) == [] and release(course, assignment) == []
    (rich.root / all_three[1]).write_text("{}")
    assert check_release(course, assignment) == [all_three[1]]
    assert {path.name for path in assignment.folder.iterdir()} == {
        "assignment.toml", "test_public.py", "tiny.py", "tiny.ipynb", "tiny.zh.ipynb",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    ### END SOLUTION\n\n# %% tags", "\n# %% tags", "'### BEGIN SOLUTION' without its partner; add a line"),
        ("### BEGIN SOLUTION\nSEC", "SEC", "'### END SOLUTION' without its partner"),
        ("    secret_body", "    ### BEGIN SOLUTION\n    secret_body", "'### BEGIN SOLUTION' without its partner"),
        ("### BEGIN SOLUTION\nSEC", "## begin solution\nSEC", "'## begin solution' is no marker; write '### BEGIN SOL"),
        ('grade_id="total" part="total"', "", 'holds graded code; add grade_id="..." part="..."'),
        ('grade_id="total"', 'grade_id="double"', "grade_id 'double' stands there twice; rename one"),
        ('grade_id="total"', 'grade_id="test_total"', "grade_id 'test_total'; use letters"),
        ('part="total"', 'part="totl"', "one part of: double, total; it has 'totl'"),
        ('part="total"', 'part="total" tags=["active-ipynb"]', "graded code needs no tags"),
        ('part="total"', 'part="total" tag=3', "unknown metadata 'tag' (did you mean tags?)"),
        ('tags=["active-ipynb"]', 'tags=["hide"]', "tags are ['hide']; the one known tag is"),
        ('lang="zh"', 'lang="de"', "lang is 'de'; use"),
        ("# %%\nfrom", '# %% lang="en"\nfrom', "code is stored once for all languages; remove lang"),
        ("# $x$", "# ### BEGIN SOLUTION", "is prose; solutions, grade_id, part and tags belong to code cells"),
        ('# %% [markdown] lang="en"', "# %% [raw]", "is raw; use [markdown] or code"),
        ('-docstring."""', '-docstring."""\nimport os\n', "put `# %%` between"),
        ("def total(x)", "def totals(x)", "no cell with part='total' defines total; add it, or correct the manifest"),
        ("if len(x):", "if len(x:", "in its line 3; correct it"),
        ("import numpy as np", "import numpy as as np", "the stub would not import"),
    ],
)
def test_wrong_source_is_refused_with_cell_and_remedy(rich: TinyCourse, old: str, new: str, said: str) -> None:
    rich.replace(SOURCE, old, new)
    with pytest.raises(UsageError) as caught:
        generate(rich.assignment())
    assert said in str(caught.value) and "solutions/tiny" in str(caught.value) and "\n" not in str(caught.value)


def test_missing_source_is_refused(tiny: TinyCourse) -> None:
    (tiny.root / SOURCE).unlink()
    with pytest.raises(UsageError, match=r"tiny\.py: cannot be read .*; an assignment is released from this file"):
        generate(tiny.assignment())


def test_leak_is_found_by_lines_and_by_runs(rich: TinyCourse) -> None:
    cells = read_source(rich.assignment())
    one = 'x\n  secret_body = SECRET_TABLE["secret-module-level"]\ny'
    assert find_leak(cells, one, run=1) == 'secret_body = SECRET_TABLE["secret-module-level"]'
    assert find_leak(cells, one, run=2) is None
    assert find_leak(cells, f"{one[:-1]}return secret_body * x", run=2) is not None
    assert find_leak(cells, "return float(x @ np.ones(len(x)))", run=2) is not None  # a solution of one line
    assert find_leak(cells, "x = np.asarray(x)\nreturn 0.0", run=1) is None


def test_release_stops_where_a_solution_would_survive(rich: TinyCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    def keeps_all(assignment: object, cells: tuple[Any, ...]) -> str:
        return "\n".join(cell.text for cell in cells)

    monkeypatch.setattr("autograder.course.generate._stub", keeps_all)
    with pytest.raises(AssertionError, match=r"tiny\.py: the solution is in it: 'SECRET_TABLE"):
        generate(rich.assignment())


COURSE = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", find_course(COURSE).assignments())
def test_committed_release_is_as_the_source_says(name: str) -> None:
    course = find_course(COURSE)
    assert check_release(course, load_assignment(course, name)) == []
