"""Sources and notebooks made to stop the judge: each must end, soon, in a program and problems."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course import Assignment
from autograder.intake import File, Program, Submission, parse_submission
from tests.intake.conftest import cell, notebook

SOURCES = {
    "attributes": "x" + ".a" * 100_000,
    "too large": "x" + ".a" * 200_000,
    "brackets": "(" * 100_000,
    "minus": "-" * 100_000 + "1",
    "sum": "a" + "+a" * 100_000,
    "calls": "a" + "()" * 100_000,
    "elif": "if a: pass\n" + "elif a: pass\n" * 20_000,
    "f-strings": "f'{" * 50 + "}'" * 50,
    "indentation": "".join(" " * i + "if 1:\n" for i in range(120)),
    "finally": "".join(" " * i + "try: pass\n" + " " * i + "finally:\n" for i in range(40)) + " " * 40 + "pass",
    "long number": "x = " + "9" * 100_000,
    "open string": '"""' + "a\n" * 50_000,
    "backslashes": "\\\n" * 50_000,
    "shell lines": "!ls\n" * 60_000,
    "blank lines": "\n" * 200_000 + "!ls",
    "long help": "a" * 100_000 + "?",
    "percents": "%" * 100_000,
    "prompts": "In [1]: " * 20_000,
    "surrogate": "x = '\ud800'",
    "nul": "x\0",
    "automatic calls": ",f a\n" * 3000,
    "slashes": "/f\n" * 100 + "x=1\n" * 4096,
    "accents": "a" + "\u0315" * 63_000 + "\u0300" * 63_000 + " = 1",
    "accents in a comment": "x = 1  # a" + "\u0315" * 63_000 + "\u0300" * 63_000,
    "warns": "x = '\\d'; 1 is 1",
}
SOUND = ("finally", "warns")


def parse(assignment: Assignment, name: str, data: bytes) -> Program:
    return parse_submission(Submission("student-07", (File(name, data),)), assignment)


@pytest.mark.parametrize("kind", SOURCES)
def test_hostile_source_is_a_problem_and_no_crash(assignment: Assignment, kind: str) -> None:
    text = SOURCES[kind]
    for name, data in (("tiny.py", text.encode("utf-8", "surrogatepass")), ("tiny.ipynb", notebook(text, "x = 1"))):
        program = parse(assignment, name, data)
        rest = [each.source for module in program.modules for each in module.cells if each.source != "x = 1"]
        if kind in SOUND:
            assert rest == [text] and program.problems == ()
        elif kind == "blank lines":
            assert program.problems == ()  # a magic, after all
        else:
            assert rest == [] and len(program.problems) == 1


def test_hostile_cell_does_not_take_the_others_down(assignment: Assignment) -> None:
    program = parse(assignment, "tiny.ipynb", notebook("-" * 50_000 + "1", "x = 1"))
    assert [each.source for each in program.modules[0].cells] == ["x = 1"]
    assert [problem.key for problem in program.problems] == ["intake.cell_deep"]


@pytest.mark.parametrize(
    "strange",
    [
        {"cell_type": "code"},
        {"cell_type": "code", "source": {}},
        {"cell_type": "code", "source": ["x", 1]},
        {"cell_type": "code", "source": "x\0"},
    ],
)
def test_damaged_cell_is_told_and_left_out(assignment: Assignment, strange: dict[str, Any]) -> None:
    program = parse(assignment, "tiny.ipynb", notebook("a = 1", strange, "b = 2"))
    assert [each.number for each in program.modules[0].cells] == [1, 3]
    assert [problem.key for problem in program.problems] == ["intake.cell_malformed"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
CODE = st.text(alphabet="ab1 \n=()[]{}'\"%!?\\:#.,@\r\t\x0c中\ud800", max_size=60)
METADATA = st.fixed_dictionaries(
    {}, optional={"nbgrader": JSON | st.fixed_dictionaries({"grade_id": JSON, "grade": JSON}), "tags": JSON}
)
CELLS = st.fixed_dictionaries(
    {"cell_type": st.just("code") | JSON, "source": CODE | st.lists(CODE | JSON, max_size=3) | JSON},
    optional={"metadata": METADATA | JSON},
)
NOTEBOOKS = JSON | st.fixed_dictionaries(
    {"nbformat": st.just(4) | JSON, "cells": st.lists(CELLS | JSON, max_size=4) | JSON}
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NOTEBOOKS)
def test_any_json_becomes_a_program(assignment: Assignment, data: Any) -> None:
    program = parse(assignment, "tiny.ipynb", json.dumps(data).encode())
    assert program.modules or program.problems
    for each in (each for module in program.modules for each in module.cells):
        compile(each.source, "cell", "exec", flags=0x2400)  # an AST alone, with top-level await


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_become_a_program(assignment: Assignment, data: bytes) -> None:
    for name in ("tiny.py", "tiny.ipynb", "tiny.zip"):
        program = parse(assignment, name, data)
        assert program.modules or program.problems


def test_numbering_survives_hostile_grade_ids(assignment: Assignment) -> None:
    program = parse(assignment, "tiny.ipynb", notebook(cell("a = 1", "x" * 10_000), cell("b = 2", "x" * 10_000)))
    assert len(str(program.problems[0].values["grade_id"])) == 80
