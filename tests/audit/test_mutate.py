"""Mutants: each operator's on a line of its own, and what is left out."""

from __future__ import annotations

import ast
import sys

import pytest

from autograder.audit.mutate import Mutant, mutate_source
from autograder.errors import UsageError

MODULE = """
import numpy as np

# %% grade_id="f" part="first"
def f(X, y, i, j):
    \"\"\"1 < 2.\"\"\"
    given = 1 + 2
    ### BEGIN SOLUTION
    {line}
    ### END SOLUTION
"""


def mutants(line: str) -> list[Mutant]:
    return mutate_source(MODULE.format(line=line.replace("\n", "\n    ")), "f.py")


def changed(line: str, operator: str) -> set[str]:
    """Return what one kind of mutation makes of a line."""
    return {" / ".join(mutant.after) for mutant in mutants(line) if mutant.operator == operator}


@pytest.mark.parametrize(
    ("operator", "line", "wanted"),
    [
        ("ReplaceComparisonOperator", "z = X < y", {"z = X <= y", "z = X > y", "z = X >= y"}),
        ("ReplaceComparisonOperator", "z = X == y", {"z = X != y"}),
        ("ReplaceBinaryOperator", "z = X + y", {"z = X - y"}),
        ("ReplaceBinaryOperator", "z = X / y ** i", {"z = X * y ** i", "z = X / y * i"}),
        ("ReplaceUnaryOperator", "z = -y", {"z = y"}),
        ("Constant", "z = y + 2", {"z = y + 3", "z = y + 1"}),
        ("Constant", "z = y[0]", {"z = y[1]", "z = y[-1]"}),
        ("Constant", "z = X.sum(axis=0)", {"z = X.sum(axis=1)", "z = X.sum(axis=-1)"}),
        ("Index", "z = y[i]", {"z = y[i - 1]"}),
        ("Index", "z = X[i, j]", {"z = X[j, i]"}),
        ("Keyword", "z = X.sum(axis=0)", {"z = X.sum()"}),
        ("Keyword", "z = X.sum(0, dtype=i, keepdims=j)", {"z = X.sum(0, keepdims=j)", "z = X.sum(0, dtype=i)"}),
        ("Sign", "z = X @ y", {"z = -(X @ y)"}),
        ("Sign", "return X - y", {"return -(X - y)"}),
        ("Slice", "z = y[i:j:2]", {"z = y[:j:2]", "z = y[i::2]", "z = y[i:j]"}),
        ("Slice", "z = X[:, i:]", {"z = X[:, :]"}),
        ("Transposition", "z = X.T @ y", {"z = X @ y"}),
        ("Transposition", "z = X.transpose(1, 0) + 1", {"z = X + 1"}),
        ("Transposition", "z = X @ y", {"z = X.T @ y"}),
        ("RemovedStatement", "z = X", {"pass"}),
        ("RemovedStatement", "return X", {"pass"}),
        ("Augmented", "y += X", {"y -= X"}),
        ("Function", "z = np.maximum(X.min(), y)", {"z = np.minimum(X.min(), y)", "z = np.maximum(X.max(), y)"}),
        ("AddNot", "while X: y()", {"while not X: y()"}),
        ("ReplaceTrueWithFalse", "z = True", {"z = False"}),
        ("ReplaceAndWithOr", "z = X and y", {"z = X or y"}),
        ("ZeroIterationForLoop", "for k in X: y()", {"for k in []: y()"}),
        ("ReplaceBreakWithContinue", "for k in X: break", {"for k in X: continue"}),
    ],
)  # fmt: skip
def test_operator_makes(operator: str, line: str, wanted: set[str]) -> None:
    assert {text.replace("  ", " ") for text in changed(line, operator)} == wanted


@pytest.mark.parametrize(
    ("operator", "line"),
    [
        ("Sign", "n, d = X.shape"),
        ("Sign", "z = np.zeros(3)"),
        ("Transposition", "z = y @ w"),  # of a vector, by its name
        ("Index", "z = X[i, i]"),
        ("Function", "z = max"),
        ("RemovedStatement", "pass"),
        ("Slice", "z = y[:]"),
    ],
)
def test_operator_leaves_alone_what_it_could_only_break_or_not_change(operator: str, line: str) -> None:
    assert changed(line, operator) == set()


def test_only_what_students_write_is_mutated() -> None:
    for mutant in mutants("z = X + y"):
        assert "    given = 1 + 2\n" in mutant.source and '"""1 < 2."""' in mutant.source
        assert mutant.source.count("### BEGIN SOLUTION") == 1
        compile(mutant.source, "f.py", "exec")


def test_a_mutant_knows_where_it_is() -> None:
    found = [mutant for mutant in mutants("z = X\nw = X + z") if mutant.after == ("w = X - z",)]
    [mutant] = found
    assert (mutant.cell, mutant.part, mutant.line, mutant.before) == ("f", "first", 10, ("w = X + z",))
    assert mutant.source.split("\n")[mutant.line - 1] == "    w = X - z"


def test_mutants_are_all_different_and_differ_from_the_reference() -> None:
    line = "if X is None:\n    y = y.sum(axis=0)[0]\nreturn y[1:]"
    made = mutants(line)
    dumps = {
        ast.dump(ast.parse(source))
        for source in (MODULE.format(line=line.replace("\n", "\n    ")), *(m.source for m in made))
    }
    assert len(dumps) == len(made) + 1 > 15
    assert made == mutants(line)


def test_solutions_at_the_top_level_are_mutated_too() -> None:
    source = '# %% grade_id="c" part="p"\n### BEGIN SOLUTION\nLIMIT = 3\n### END SOLUTION\n'
    assert {mutant.after for mutant in mutate_source(source, "c.py")} == {("LIMIT = 4",), ("LIMIT = 2",), ("pass",)}


def test_a_solution_that_is_no_whole_statement_is_refused() -> None:
    with pytest.raises(UsageError, match=r"f.py, line 8: the solution that begins there is not whole statements"):
        mutants("z = (X +")


def test_without_the_library_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "autograder.audit.operators", raising=False)
    monkeypatch.setitem(sys.modules, "cosmic_ray.operators.number_replacer", None)
    with pytest.raises(UsageError, match=r"pip install 'ml-autograder\[author\]', or --mutants 0"):
        mutants("z = X")
