"""Alternatives and misconceptions: the reference with some of its functions replaced.

A solution folder holds `alternatives.py` (other correct ways; each must get full marks) and `misconceptions.py`
(typical wrong ways; each must lose points and be named). Both are plain Python modules with one tuple of variants each.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.course import import_file
from autograder.errors import UsageError
from autograder.text import Bilingual

__all__ = ["Variant", "load_variants", "variant_source"]


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to write an assignment, given by how it differs from the reference.

    Parameters
    ----------
    id : str
        Unique within its file.
    source : str
        Python text that is appended to the reference's, and so replaces the functions that it defines. What it leaves
        alone stays callable, and sees the replacements.
    explanation, hint : Bilingual, optional
        What is wrong, and what to do next. Misconceptions must have both.
    part : str, optional
        The part that a misconception belongs to.
    loses : tuple of str
        Names of the checks that an alternative may lose (a slow one the timing check). Every other one must pass.
    """

    id: str
    source: str
    explanation: Bilingual | None = None
    hint: Bilingual | None = None
    part: str | None = None
    loses: tuple[str, ...] = ()


def variant_source(reference: str, variant: Variant) -> str:
    """Return the source of a whole module in which the variant replaces what it defines."""
    return f"{reference}\n\n{variant.source}\n"


def load_variants(path: Path) -> tuple[Variant, ...]:
    """Return the variants of `alternatives.py` or `misconceptions.py`, in the file's order; () if there is no file.

    Raises
    ------
    UsageError
        If the file cannot be imported, defines no tuple of variants, an id occurs twice, a source does not compile, or
        a misconception lacks its explanation, hint or part.
    """
    if not path.is_file():
        return ()
    name = path.stem.upper()
    variants = _import_tuple(path, name)
    seen: set[str] = set()
    for variant in variants:
        if variant.id in seen:
            raise UsageError(f"{path}: two variants are called {variant.id!r}; give one of them another id")
        seen.add(variant.id)
        try:
            compile(variant.source, f"<{variant.id}>", "exec")
        except SyntaxError as error:
            raise UsageError(f"{path}: variant {variant.id!r}, line {error.lineno}: {error.msg}") from error
        if name == "MISCONCEPTIONS" and None in (variant.explanation, variant.hint, variant.part):
            raise UsageError(f"{path}: misconception {variant.id!r} needs an explanation, a hint and a part")
    return variants


def _import_tuple(path: Path, name: str) -> tuple[Variant, ...]:
    try:
        module = import_file(path)
    except Exception as error:  # whatever the author's file raises is the author's to read
        raise UsageError(f"{path}: cannot be imported: {type(error).__name__}: {error}") from error
    variants = getattr(module, name, None)
    if not isinstance(variants, tuple) or not all(isinstance(item, Variant) for item in variants):
        raise UsageError(f"{path}: must define {name}, a tuple of Variant")
    return variants
