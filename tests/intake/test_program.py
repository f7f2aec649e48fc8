"""Submissions become programs: cells, line numbers, and what students are told."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from autograder.course import Assignment
from autograder.intake import Cell, File, Program, Submission, parse_submission
from autograder.text import Message, render
from autograder.text.templates_course import TEMPLATES as COURSE
from autograder.text.templates_course import ZH as COURSE_ZH
from autograder.text.templates_intake import TEMPLATES, ZH
from tests.intake.conftest import cell, notebook


def parse(assignment: Assignment, **files: str | bytes) -> Program:
    """Parse files given as ``tiny_py="..."``."""
    made = [
        File(".".join(name.rsplit("_", 1)), data.encode() if isinstance(data, str) else data)
        for name, data in files.items()
    ]
    return parse_submission(Submission("student-07", tuple(made)), assignment)


def sources(program: Program) -> list[str]:
    return [each.source for each in program.modules[0].cells]


def keys(program: Program) -> list[str]:
    return [problem.key for problem in program.problems]


def test_module_is_one_cell_without_number(assignment: Assignment) -> None:
    program = parse(assignment, tiny_py="x = 1\n")
    [module] = program.modules
    assert (module.name, module.filename, module.cells) == ("tiny", "tiny.py", (Cell(None, "x = 1\n"),))
    assert program.problems == ()


@pytest.mark.parametrize(
    "data",
    [
        "x = 'é'\ny\n".encode(),
        "\ufeffx = 'é'\ny\n".encode(),
        b"x = '\xc3\xa9'\r\ny\r\n",
        b"x = '\xc3\xa9'\ry\r",
    ],
)
def test_encodings_and_line_ends_read_alike(assignment: Assignment, data: bytes) -> None:
    assert sources(parse(assignment, tiny_py=data)) == ["x = 'é'\ny\n"]


def test_coding_cookie_is_obeyed(assignment: Assignment) -> None:
    assert sources(parse(assignment, tiny_py="# coding: gbk\nx = '中'\n".encode("gbk")))[0].endswith("'中'\n")
    assert sources(parse(assignment, tiny_py=b"# coding: latin-1\nx = '\xe9'\n"))[0].endswith("'é'\n")


def test_other_files_are_modules_after_the_graded_one(assignment: Assignment) -> None:
    program = parse(assignment, helper_py="A = 1\n", tiny_ipynb=notebook("x = 1"), more_ipynb=notebook("y"))
    assert [module.name for module in program.modules] == ["tiny", "helper", "more"]


def test_the_only_file_is_graded_whatever_its_name(assignment: Assignment) -> None:
    [module] = parse(assignment, homework_one_py="x = 1\n").modules
    assert (module.name, module.filename) == ("tiny", "homework_one.py")


def test_chinese_notebook_is_the_same_module(assignment: Assignment) -> None:
    files = (File("tiny.zh.ipynb", notebook("x = 1")), File("helper.py", b""))
    program = parse_submission(Submission("student-07", files), assignment)
    assert program.modules[0].filename == "tiny.zh.ipynb"


def test_nothing_and_too_much_to_choose_from_are_problems(assignment: Assignment) -> None:
    assert keys(parse(assignment)) == ["intake.no_file"]
    program = parse(assignment, a_py="", b_py="")
    assert program == Program((), (Message("intake.which", {"files": "a.py, b.py", "name": "tiny"}),))


def test_second_helper_of_a_name_is_a_problem(assignment: Assignment) -> None:
    program = parse(assignment, tiny_py="", helper_py="A = 1\n", helper_ipynb=notebook("A = 2"))
    assert keys(program) == ["intake.twice"] and program.modules[1].filename == "helper.py"


def test_all_modules_together_have_a_size(assignment: Assignment) -> None:
    big = "#" * 200_000
    program = parse(assignment, tiny_py=big, a_py=big, b_py=big, c_py="x = 1\n")
    assert [module.name for module in program.modules] == ["tiny", "a"]
    assert [(p.key, p.values["file"]) for p in program.problems] == [("intake.code_large", "b.py")]


def test_helper_that_no_import_can_reach_is_left_out(assignment: Assignment) -> None:
    files = (File("tiny.py", b""), File("my notes (2).py", b"x ="))
    program = parse_submission(Submission("student-07", files), assignment)
    assert len(program.modules) == 1 and program.problems == ()


def test_syntax_error_in_a_module_names_the_line(assignment: Assignment) -> None:
    program = parse(assignment, tiny_py="x = 1\ndef f(:\n    pass\n")
    assert program.modules[0].cells == ()
    assert program.problems == (Message("intake.syntax", {"file": "tiny.py", "line": 2, "text": "invalid syntax"}),)


def test_magics_pasted_into_a_module_become_python(assignment: Assignment) -> None:
    text = "%matplotlib inline\n!pip install numpy\nimport numpy as np\ndef double(x):\n    return 2 * x\n"
    [module] = parse(assignment, tiny_py=text).modules
    [cell] = module.cells
    assert cell.source.split("\n")[2:5] == text.split("\n")[2:5] and "get_ipython()" in cell.source
    [problem] = parse(assignment, tiny_py=text + "def f(:\n").problems
    assert problem.values["line"] == 6


def test_syntax_error_in_a_cell_leaves_the_others(assignment: Assignment) -> None:
    program = parse(assignment, tiny_ipynb=notebook("x = 1", "\n\n!ls\ny = = 2", "z = 3"))
    assert [each.number for each in program.modules[0].cells] == [1, 3]
    values = {"file": "tiny.ipynb", "cell": 2, "line": 4, "text": "invalid syntax"}
    assert program.problems == (Message("intake.cell_syntax", values),)


def test_cells_are_counted_as_code_cells(assignment: Assignment) -> None:
    prose = {"cell_type": "markdown", "metadata": {}, "source": "# x ="}
    program = parse(assignment, tiny_ipynb=notebook(prose, "x = 1", prose, "", "y = 2"))
    assert [each.number for each in program.modules[0].cells] == [1, 2, 3]


def test_check_and_demo_cells_are_dropped(assignment: Assignment) -> None:
    test = cell("assert False")
    test["metadata"]["nbgrader"] = {"grade_id": "test_double", "grade": True, "solution": False, "locked": True}
    manual = cell("x = 1")
    manual["metadata"]["nbgrader"] = {"grade_id": "essay", "grade": True, "solution": True, "locked": False}
    demo = cell("1 / 0", tags=["active-ipynb"])
    own = [cell("y = 2", "double"), cell("", "total")]
    program = parse(assignment, tiny_ipynb=notebook(test, manual, demo, *own))
    assert [each.number for each in program.modules[0].cells] == [2, 4, 5]
    assert program.problems == ()


def test_copied_and_deleted_cells_are_told(assignment: Assignment) -> None:
    program = parse(assignment, tiny_ipynb=notebook(cell("a = 1", "double"), "b = 2", cell("a = 3", "double")))
    assert sources(program) == ["a = 1", "b = 2", "a = 3"]
    assert program.problems == (
        Message("intake.cell_copied", {"file": "tiny.ipynb", "cell": 3, "grade_id": "double"}),
        Message("intake.cell_missing", {"file": "tiny.ipynb", "grade_id": "total"}),
    )


def test_notebook_of_ones_own_misses_nothing(assignment: Assignment) -> None:
    assert parse(assignment, tiny_ipynb=notebook("def double(x): return 2 * x")).problems == ()


def test_too_much_code_in_a_notebook_is_a_problem(assignment: Assignment) -> None:
    program = parse(assignment, tiny_ipynb=notebook("#" * 150_000, "#" * 150_000))
    assert program.modules == () and keys(program) == ["intake.code_large"]


def test_long_list_of_problems_is_cut_short(assignment: Assignment) -> None:
    program = parse(assignment, tiny_ipynb=notebook(*["x ="] * 50))
    assert keys(program) == ["intake.cell_syntax"] * 20 + ["intake.more"]
    assert program.problems[-1].values == {"count": 30}


MAGICS = {
    "%%bash\nls\nrm x": 1,
    "%matplotlib inline\nx = 1": 2,
    "!pip install x\ny": 2,
    "!pip install \\\n  x\nraise": 3,
    "x = !ls": 1,
    "x = !ls \\\n  -l\nraise": 3,
    "%time y = f()": 1,
    "?help": 1,
    "help?": 1,
    "np.array??\nx": 2,
    "\n\n%pip install x\nraise": 4,
    "\n%%time\n\ndef f():\n    !ls\n    return 1": 6,
    "%%capture out\n%%time\nx = 1": 3,
    "for i in x:\n    %time f(i)\n    !echo {i}\n    q": 4,
    ">>> a = 1\n>>> b": 2,
    "  a = 1\n  b": 2,
    "%%timeit\nf()": 1,
    '%%javascript\nalert(\'"""\')': 1,
    "%load_ext a\n%autoreload 2\nx": 3,
    "get_ipython().system('ls')": 1,
}


@pytest.mark.parametrize("text", MAGICS)
def test_magics_become_python_line_for_line(assignment: Assignment, text: str) -> None:
    program = parse(assignment, tiny_ipynb=notebook(text))
    [source] = sources(program)
    tree = ast.parse(source)
    assert program.problems == ()
    assert max(node.lineno for node in ast.walk(tree) if hasattr(node, "lineno")) == MAGICS[text]


def test_definitions_below_a_timing_magic_are_kept(assignment: Assignment) -> None:
    [source] = sources(parse(assignment, tiny_ipynb=notebook("%%time\ndef f():\n    return 1")))
    assert source == "\ndef f():\n    return 1"


def test_plain_modules_do_not_import_ipython() -> None:
    code = (
        "import sys; from autograder.intake.notebook import plain_source; plain_source('x = 1');"
        "assert 'IPython' not in sys.modules; plain_source('!ls'); assert 'IPython' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_template_has_both_languages_and_the_same_values() -> None:
    for english, chinese in ((TEMPLATES, ZH), (COURSE, COURSE_ZH)):
        assert english.keys() == chinese.keys()


def test_problems_read_well() -> None:
    values = {"file": "tiny.ipynb", "cell": 3, "line": 2, "text": "invalid syntax"}
    text = render(Message("intake.cell_syntax", values), "en")
    assert text == "tiny.ipynb, cell 3, line 2: invalid syntax (the cell was left out)"
