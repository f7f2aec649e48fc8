"""What every assignment's source and variants must be: demos that run, prose in both languages, enough variants."""

from __future__ import annotations

import ast
import os
import re
import sys
from pathlib import Path

import pytest

from autograder.course import Assignment, find_course, load_assignment
from autograder.course.source import read_source, source_path, strip_solution
from autograder.judge.variants import Variant, load_variants

ROOT = Path(__file__).resolve().parents[2]
COURSE = find_course(ROOT)
HAN = re.compile(r"[\u4e00-\u9fff]")
each_assignment = pytest.mark.parametrize("name", COURSE.assignments())


def assignment(name: str) -> Assignment:
    return load_assignment(COURSE, name)


def variants(name: str, file: str) -> tuple[Variant, ...]:
    return load_variants(assignment(name).solution / file)


def timing_checks(name: str) -> set[str]:
    """Return the names of the checks that call `assert_speed`; not of those on a device, which few machines have."""
    found = set()
    for path in (assignment(name).folder / "test_public.py", *assignment(name).solution.glob("test_hidden*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                called = {call.func.id for call in ast.walk(node) if isinstance(call, ast.Call)
                          and isinstance(call.func, ast.Name)}  # fmt: skip
                found |= {node.name} if "assert_speed" in called else set()
    return found


@each_assignment
@pytest.mark.parametrize("written", [True, False], ids=["solved", "untouched"])
def test_demo_cells_run_on_a_solved_and_on_an_untouched_notebook(
    name: str, written: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = source_path(assignment(name)).read_text("utf-8")
    monkeypatch.chdir(ROOT)
    monkeypatch.setitem(os.environ, "MPLBACKEND", "Agg")
    names: dict[str, object] = {"__name__": "__main__"}  # dataclasses look for their module
    exec(compile(source if written else strip_solution(source), f"{name}.py", "exec"), names)
    demos = [cell for cell in read_source(assignment(name)) if cell.live]
    assert len(demos) >= len(assignment(name).parts)
    for demo in demos:
        exec(compile(demo.text, "demo", "exec"), names)
    if (pyplot := sys.modules.get("matplotlib.pyplot")) is not None:
        pyplot.close("all")  # it warns when too many stay open
    assert ("not written yet" in capsys.readouterr().out) is not written


@each_assignment
def test_prose_is_in_both_languages_cell_by_cell(name: str) -> None:
    prose = [cell for cell in read_source(assignment(name)) if cell.kind == "markdown"]
    assert [cell.lang for cell in prose] == ["en", "zh"] * (len(prose) // 2)
    assert len(prose) // 2 > len(assignment(name).parts)
    for english, chinese in zip(prose[::2], prose[1::2], strict=True):
        headings = [re.findall(r"^#+(?= )", cell.text, flags=re.MULTILINE) for cell in (english, chinese)]
        assert headings[0] == headings[1], english.text[:60]
        assert HAN.search(chinese.text), chinese.text[:60]


@each_assignment
def test_there_are_enough_alternatives_and_one_is_too_slow(name: str) -> None:
    alternatives, timed = variants(name, "alternatives.py"), timing_checks(name)
    assert len(alternatives) >= 5
    assert timed, "an assignment times something"
    for check in timed:
        assert any(variant.loses == (check,) for variant in alternatives), f"no alternative is too slow for {check}"


@each_assignment
def test_there_are_enough_misconceptions_and_both_languages_tell_of_them(name: str) -> None:
    misconceptions = variants(name, "misconceptions.py")
    assert len(misconceptions) >= 8
    parts = {part.id for part in assignment(name).parts}
    assert {variant.part for variant in misconceptions} <= parts
    for variant in misconceptions:
        assert variant.explanation is not None and HAN.search(variant.explanation.zh), variant.id
        assert variant.hint is not None and variant.hint.en and variant.hint.zh, variant.id  # it may be a formula
