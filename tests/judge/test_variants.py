"""Variant files: what is read from them, and what is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.judge.variants import Variant, load_variants, variant_source

HEAD = "from autograder.judge.variants import Variant\nfrom autograder.text import Bilingual\n"
TEXTS = "Bilingual('Half.', '一半。'), Bilingual('Double it.', '乘以二。')"
RIGHT = f"MISCONCEPTIONS = (Variant('half', 'def f(x):\\n    return x / 2\\n', {TEXTS}, part='f'),)\n"


def write(folder: Path, text: str, name: str = "misconceptions.py") -> Path:
    path = folder / name
    path.write_text(HEAD + text)
    return path


def test_variants_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "ALTERNATIVES = (Variant('b', 'x = 1'), Variant('a', 'x = 2', loses=('test_speed',)))\n"
    assert [variant.id for variant in load_variants(write(tmp_path, text, "alternatives.py"))] == ["b", "a"]


def test_variants_of_a_missing_file_are_none(tmp_path: Path) -> None:
    assert load_variants(tmp_path / "misconceptions.py") == ()


def test_variants_of_two_assignments_do_not_mix(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    before = set(sys.modules)
    [first] = load_variants(write(tmp_path / "one", RIGHT))
    [second] = load_variants(write(tmp_path / "two", RIGHT.replace("half", "third")))
    assert (first.id, second.id) == ("half", "third")
    assert set(sys.modules) == before


def test_variant_source_replaces_the_function_for_its_callers() -> None:
    reference = "def f(x):\n    return x\n\ndef g(x):\n    return f(x) + 1\n"
    names: dict[str, object] = {}
    exec(variant_source(reference, Variant("double", "def f(x):\n    return 2 * x")), names)
    assert names["g"](5) == 11  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (RIGHT.replace(",)\n", ",) * 2\n"), "two variants are called 'half'; give one of them another id"),
        (RIGHT.replace("return x / 2", "return x /"), "variant 'half', line 2: invalid syntax"),
        ("MISCONCEPTIONS = (Variant('half', 'x = 1', part='f'),)\n", "'half' needs an explanation, a hint and a part"),
        (RIGHT.replace(", part='f'", ""), "'half' needs an explanation, a hint and a part"),
        ("MISCONCEPTIONS = 1 / 0\n", "cannot be imported: ZeroDivisionError: division by zero"),
        ("MISCONCEPTIONS = [Variant('half', 'x = 1')]\n", "must define MISCONCEPTIONS, a tuple of Variant"),
        ("ALTERNATIVES = ()\n", "must define MISCONCEPTIONS, a tuple of Variant"),
    ],
)
def test_variants_that_are_wrong_are_refused_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        load_variants(path)
    assert str(caught.value).startswith(f"{path}: ") and message in str(caught.value)
    assert "\n" not in str(caught.value)
