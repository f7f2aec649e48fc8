"""What authors list as equivalent: matched by content, refused when it is stale."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.audit.equivalents import load_equivalents, reason_for, refuse_stale
from autograder.audit.mutate import Mutant
from autograder.errors import UsageError

MUTANT = Mutant("ridge", "ridge", 12, "Sign", ("r = y - z  # (n,)",), ("r = -(y - z)  # (n,)",), "")
ENTRY = """
[[equivalent]]
before = "r = y - z"
after = "r = -(y-z)  # turned"
reason = "It is squared."
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "equivalents.toml"
    path.write_text(ENTRY)
    return path


def test_no_file_lists_nothing(tmp_path: Path) -> None:
    assert load_equivalents(tmp_path / "equivalents.toml") == ()


def test_an_entry_speaks_of_the_line_wherever_it_stands(file: Path) -> None:
    listed = load_equivalents(file)
    assert reason_for(MUTANT, listed) == "It is squared."
    assert reason_for(replace(MUTANT, line=99, cell="lasso"), listed) == "It is squared."
    assert reason_for(replace(MUTANT, before=("r = y - x",)), listed) is None
    assert reason_for(replace(MUTANT, after=("r = y + z",)), listed) is None
    refuse_stale(file, listed, [MUTANT])


def test_an_entry_may_name_its_cell_and_hold_several_lines(file: Path) -> None:
    file.write_text(ENTRY + 'cell = "ridge"\n')
    assert reason_for(MUTANT, load_equivalents(file)) and not reason_for(
        replace(MUTANT, cell="x"), load_equivalents(file)
    )
    file.write_text('[[equivalent]]\nbefore = ["f(", "1)"]\nafter = "pass"\nreason = "no use"\n')
    assert reason_for(replace(MUTANT, before=("f(", "1)"), after=("pass",)), load_equivalents(file)) == "no use"


def test_a_stale_entry_is_refused(file: Path) -> None:
    with pytest.raises(
        UsageError, match=r"equivalents.toml: no mutant turns 'r = y - z' into 'r = -\(y-z\)  # turned'"
    ):
        refuse_stale(file, load_equivalents(file), [replace(MUTANT, before=("r = z",))])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[equivalent]\n", "is not valid TOML"),
        ("x = 1\n", r"holds tables \[\[equivalent\]\] and nothing else"),
        (ENTRY + "line = 3\n", "number 1: unknown key 'line'; known: after, before, cell, reason"),
        (ENTRY.replace("reason", "cell"), "number 1: needs reason, a text; it has None"),
        (ENTRY.replace('"It is squared."', '" "'), "number 1: needs reason, a text; it has ' '"),
        (ENTRY.replace('"r = y - z"', "[1]"), r"number 1: needs before, a text; it has \[1\]"),
    ],
)
def test_a_malformed_list_is_refused(file: Path, text: str, told: str) -> None:
    file.write_text(text)
    with pytest.raises(UsageError, match=told):
        load_equivalents(file)
