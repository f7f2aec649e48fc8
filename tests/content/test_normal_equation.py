"""The content of `normal_equation`: its reference against outside truths."""

from __future__ import annotations

import csv
import math
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from autograder.course import import_file

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = ROOT / "solutions/normal_equation"
NIST = ["Norris", "NoInt1", "NoInt2", "Longley", "Wampler1", "Wampler2", "Wampler3", "Wampler4", "Wampler5"]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return import_file(SOLUTION / "normal_equation.py")


@pytest.fixture(scope="module")
def hidden() -> ModuleType:
    return import_file(SOLUTION / "test_hidden.py")


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


@pytest.mark.parametrize(("name", "least"), [("Norris", 11), ("NoInt1", 14), ("NoInt2", 14), ("Longley", 6.5)])
def test_normal_equation_reaches_certified_digits(
    reference: ModuleType, hidden: ModuleType, name: str, least: float
) -> None:
    X, y, certified = hidden.nist(name)
    assert digits(reference.normal_equation(X, y), certified) >= least


@pytest.mark.parametrize("name", NIST)
def test_lstsq_qr_and_min_norm_reach_certified_digits(reference: ModuleType, hidden: ModuleType, name: str) -> None:
    X, y, certified = hidden.nist(name)
    least = {"Wampler1": 8.2, "Wampler3": 8, "Wampler4": 6.5, "Wampler5": 4.5}.get(name, 9.8)
    assert digits(reference.lstsq_qr(X, y), certified) >= least
    assert digits(reference.lstsq_min_norm(X, y), certified) >= least


def test_exact_least_squares_of_the_checks_is_exact(hidden: ModuleType) -> None:
    X, y = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), np.array([1.0, 2.0, 4.0])
    assert hidden.exact_least_squares(X, y).tolist() == [float(Fraction(5, 6)), 1.5]
