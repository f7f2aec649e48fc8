"""The content of `normal_equation`: its reference against outside truths, and every variant through the walls."""

from __future__ import annotations

import csv
import importlib.util
import math
import os
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from autograder.batch import GradeOptions, grade
from autograder.course import Assignment, find_course, load_assignment
from autograder.intake import File, Submission
from autograder.judge.variants import Variant, load_variants, variant_source
from autograder.records import Result, Status

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = ROOT / "solutions/normal_equation"
SOURCE = (SOLUTION / "normal_equation.py").read_text(encoding="utf-8")
ALTERNATIVES = load_variants(SOLUTION / "alternatives.py")
MISCONCEPTIONS = load_variants(SOLUTION / "misconceptions.py")
NIST = ["Norris", "NoInt1", "NoInt2", "Longley", "Wampler1", "Wampler2", "Wampler3", "Wampler4", "Wampler5"]


def module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"content_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return module(SOLUTION / "normal_equation.py")


@pytest.fixture(scope="module")
def hidden() -> ModuleType:
    return module(SOLUTION / "test_hidden.py")


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    return load_assignment(find_course(ROOT), "normal_equation")


def rows(name: str) -> list[list[Fraction]]:
    """Return the numbers of a CSV file as they are written, not as floating point reads them."""
    with open(ROOT / "datasets" / name, newline="") as file:
        return [[Fraction(text) for text in row] for row in list(csv.reader(file))[1:]]


def nist_problem(name: str) -> tuple[list[list[Fraction]], list[Fraction]]:
    """Return X and y of a NIST problem, exactly."""
    if name == "Norris":
        return [[Fraction(1), x] for _, x in rows("norris.csv")], [y for y, _ in rows("norris.csv")]
    if name == "Longley":
        return [[Fraction(1), *x] for _, *x in rows("longley.csv")], [y for y, *_ in rows("longley.csv")]
    if name == "NoInt1":
        return [[Fraction(x)] for x in range(60, 71)], [Fraction(y) for y in range(130, 141)]
    if name == "NoInt2":
        return [[Fraction(x)] for x in (4, 5, 6)], [Fraction(y) for y in (3, 4, 4)]
    X = [[Fraction(x) ** k for k in range(6)] for x in range(21)]
    base = Fraction(1, 10) if name == "Wampler2" else Fraction(1)
    return X, [sum((base * x) ** k for k in range(6)) for x in range(21)]  # Wampler3-5 add what is orthogonal to X


def solve_exactly(X: list[list[Fraction]], y: list[Fraction]) -> list[float]:
    """Return the least-squares solution by Cramer's rule on the normal equation: no code in common with the checks."""
    columns = [[row[j] for row in X] for j in range(len(X[0]))]
    gram = [[sum(a * b for a, b in zip(u, v, strict=True)) for v in columns] for u in columns]
    right = [sum(a * b for a, b in zip(u, y, strict=True)) for u in columns]
    whole = determinant(gram)
    replaced = ([[r if j == k else a for k, a in enumerate(row)] for row, r in zip(gram, right, strict=True)]
                for j in range(len(gram)))  # fmt: skip
    return [float(determinant(matrix) / whole) for matrix in replaced]


def determinant(matrix: list[list[Fraction]]) -> Fraction:
    rest = [list(row) for row in matrix]
    product = Fraction(1)
    for k in range(len(rest)):
        pivot = next(i for i in range(k, len(rest)) if rest[i][k])
        if pivot != k:
            rest[k], rest[pivot], product = rest[pivot], rest[k], -product
        product *= rest[k][k]
        for i in range(k + 1, len(rest)):
            factor = rest[i][k] / rest[k][k]
            rest[i] = [a - factor * b for a, b in zip(rest[i], rest[k], strict=True)]
    return product


def digits(actual: np.ndarray, desired: np.ndarray) -> float:
    return -math.log10(max(float(np.max(np.abs(actual - desired) / np.abs(desired))), 1e-16))


# External truth


@pytest.mark.parametrize("name", NIST)
def test_certified_values_are_those_of_exact_arithmetic(hidden: ModuleType, name: str) -> None:
    X, y, certified = hidden.nist(name)
    exact_X, exact_y = nist_problem(name)
    assert np.array_equal(X, np.array(exact_X, dtype=float))
    assert digits(certified, np.array(solve_exactly(exact_X, exact_y))) >= 14
    if name in ("Wampler3", "Wampler4", "Wampler5"):
        added = [int(a - b) for a, b in zip(y, exact_y, strict=True)]
        assert any(added) and all(sum(a * x**k for x, a in enumerate(added)) == 0 for k in range(6))
    else:
        assert np.array_equal(y, np.array(exact_y, dtype=float))


def test_norris_and_longley_are_those_of_other_packages() -> None:
    scipy_tests = Path(pytest.importorskip("scipy").__file__).parent / "stats/tests/data/nist_linregress/Norris.dat"
    if scipy_tests.is_file():
        lines = scipy_tests.read_text().splitlines()[60:96]
        assert [[Fraction(text) for text in line.split()] for line in lines] == rows("norris.csv")
    longley = Path(pytest.importorskip("statsmodels").__file__).parent / "datasets/longley/longley.csv"
    theirs = [line.split(",")[1:] for line in longley.read_text().splitlines()[1:]]
    assert [[Fraction(text) for text in row] for row in theirs] == rows("longley.csv")


@pytest.mark.parametrize(("name", "least"), [("Norris", 12), ("NoInt1", 14), ("NoInt2", 14), ("Longley", 7)])
def test_normal_equation_reaches_certified_digits(
    reference: ModuleType, hidden: ModuleType, name: str, least: float
) -> None:
    X, y, certified = hidden.nist(name)
    assert digits(reference.normal_equation(X, y), certified) >= least


@pytest.mark.parametrize("name", NIST)
def test_lstsq_qr_and_min_norm_reach_certified_digits(reference: ModuleType, hidden: ModuleType, name: str) -> None:
    X, y, certified = hidden.nist(name)
    least = {"Wampler1": 8.5, "Wampler3": 8, "Wampler4": 7, "Wampler5": 5.5}.get(name, 10)
    assert digits(reference.lstsq_qr(X, y), certified) >= least
    assert digits(reference.lstsq_min_norm(X, y), certified) >= least


def test_exact_least_squares_of_the_checks_is_exact(hidden: ModuleType) -> None:
    X, y = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), np.array([1.0, 2.0, 4.0])
    assert hidden.exact_least_squares(X, y).tolist() == [float(Fraction(5, 6)), 1.5]


# The source


@pytest.mark.parametrize("written", [True, False], ids=["solved", "untouched"])
def test_demo_cells_run_on_a_solved_and_on_an_untouched_notebook(
    written: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = SOURCE if written else re.sub(r"### BEGIN SOLUTION.*?### END SOLUTION", "raise NotImplementedError", SOURCE,
                                         flags=re.DOTALL)  # fmt: skip
    monkeypatch.chdir(ROOT)
    monkeypatch.setitem(os.environ, "MPLBACKEND", "Agg")
    names: dict[str, object] = {}
    exec(compile(text, "normal_equation.py", "exec"), names)
    cells = re.findall(r'^# %% tags=\["active-ipynb"\]\n((?:#.*\n)+)', SOURCE, flags=re.MULTILINE)
    assert len(cells) >= 6
    for cell in cells:
        exec(compile(re.sub(r"^# ?", "", cell, flags=re.MULTILINE), "cell", "exec"), names)
    assert ("not written yet" in capsys.readouterr().out) is not written


def test_prose_is_in_both_languages_cell_by_cell() -> None:
    languages = re.findall(r'^# %% \[markdown\] lang="(..)"', SOURCE, flags=re.MULTILINE)
    assert languages == ["en", "zh"] * (len(languages) // 2) and len(languages) >= 14


# Through the walls


def submission(student: str, source: str) -> Submission:
    return Submission(student, (File("normal_equation.py", source.encode()),))


@pytest.fixture(scope="module")
def results(assignment: Assignment) -> dict[str, Result]:
    variants = [submission(v.id, variant_source(SOURCE, v)) for v in (*ALTERNATIVES, *MISCONCEPTIONS)]
    graded = grade(
        assignment, [submission("reference", SOURCE), *variants], None, GradeOptions(), lambda result, reused: None
    )
    return {result.student: result for result in graded}


def over(variants: tuple[Variant, ...]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return pytest.mark.parametrize("variant", variants, ids=lambda variant: variant.id)


def lost(result: Result) -> dict[str, Status]:
    return {check.check: check.status for check in result.checks if check.points < check.max_points}


def test_there_are_enough_variants() -> None:
    assert len(ALTERNATIVES) >= 5 and len(MISCONCEPTIONS) >= 8
    assert any(variant.loses == ("test_normal_equation_is_fast",) for variant in ALTERNATIVES)


def test_reference_gets_full_marks(results: dict[str, Result]) -> None:
    assert lost(results["reference"]) == {}
    assert results["reference"].points == results["reference"].max_points == 100
    assert results["reference"].findings == ()


@over(ALTERNATIVES)
def test_alternative_loses_only_what_it_may(results: dict[str, Result], variant: Variant) -> None:
    result = results[variant.id]
    assert {check.rpartition("::")[2] for check in lost(result)} == set(variant.loses), lost(result)


@over(MISCONCEPTIONS)
def test_misconception_loses_points_in_its_part_and_is_named(results: dict[str, Result], variant: Variant) -> None:
    result = results[variant.id]
    failed = [check for check in result.checks if check.points < check.max_points]
    assert failed and {check.part for check in failed} == {variant.part}
    named = [check.diagnosis for check in failed if check.diagnosis]
    assert variant.id in {diagnosis.misconception for diagnosis in named}
    assert {diagnosis.explanation for diagnosis in named} == {variant.explanation}


def test_untouched_stub_gets_nothing(assignment: Assignment) -> None:
    stub = (ROOT / "assignments/normal_equation/normal_equation.py").read_text(encoding="utf-8")
    [result] = grade(assignment, [submission("stub", stub)], None, GradeOptions(jobs=1), lambda result, reused: None)
    assert result.points == 0 and {check.points for check in result.checks} == {0}
