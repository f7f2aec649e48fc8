"""Mutants of a reference: the same module with one small change in what students have to write."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.course import Assignment
from autograder.course.source import BEGIN, END, source_path
from autograder.errors import UsageError

__all__ = ["Mutant", "make_mutants", "mutate_source"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change. `before` and `after` are the lines that differ, stripped; `line` counts from 1 in the source."""

    cell: str
    part: str
    line: int
    operator: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class _Region:
    """The lines between two markers: `lines[first:last]` of the source, counted from 0."""

    cell: str
    part: str
    first: int
    last: int


def make_mutants(assignment: Assignment) -> list[Mutant]:
    """Return all mutants of the assignment's reference, in the order of its lines.

    Raises
    ------
    UsageError
        If cosmic-ray is not installed, or a solution between markers is not made of whole statements.
    """
    return mutate_source(source_path(assignment).read_text("utf-8"), str(source_path(assignment)))


def mutate_source(source: str, name: str) -> list[Mutant]:
    """Return the mutants of a source text; `name` is what messages call it.

    What does not compile, and what is the same program as the reference or as another mutant, is left out.
    """
    try:
        from autograder.audit.operators import operators
    except ModuleNotFoundError as error:
        raise UsageError(f"mutants need {error.name}: pip install 'ml-autograder[author]', or --mutants 0") from None
    chosen = operators()
    lines = source.split("\n")
    found: dict[tuple[int, str], Mutant] = {}
    for region in _regions(lines):
        fragment = _Fragment.cut(lines, region, name)
        for operator in chosen:
            for text in fragment.mutated(chosen[operator]):
                tree = _tree(text)
                if tree is None or tree == fragment.tree or (region.first, tree) in found:
                    continue
                if _compiles(text):
                    changed = text.split("\n")[fragment.added : -1]
                    found[region.first, tree] = _mutant(lines, region, operator, changed)
    return sorted(found.values(), key=lambda mutant: mutant.line)


def _regions(lines: list[str]) -> Iterator[_Region]:
    cell = part = ""
    first = 0
    for i, line in enumerate(lines):
        if line.startswith("# %%"):
            named = {key: re.search(rf'\b{key}="([^"]*)"', line) for key in ("grade_id", "part")}
            cell, part = (match[1] if match else "" for match in named.values())
        elif line.strip() == BEGIN:
            first = i + 1
        elif line.strip() == END:
            yield _Region(cell, part, first, i)


@dataclass(frozen=True, slots=True)
class _Fragment:
    """A region as a module of its own; `added` lines before it make it one."""

    text: str
    tree: str
    added: int

    @classmethod
    def cut(cls, lines: list[str], region: _Region, name: str) -> _Fragment:
        inside = lines[region.first : region.last]
        indented = all(line[:1].isspace() for line in inside if line.strip())
        head = ["def _():"] if indented else []
        text = "\n".join([*head, *inside]) + "\n"
        tree = _tree(text)
        if tree is None:
            raise UsageError(f"{name}, line {region.first}: the solution that begins there is not whole statements")
        return cls(text, tree, len(head))

    def mutated(self, operator: object) -> Iterator[str]:
        from cosmic_ray.mutating import mutate_code

        occurrence = 0
        while (text := mutate_code(self.text, operator, occurrence)) is not None:
            yield text
            occurrence += 1


def _tree(text: str) -> str | None:
    """Return what identifies a program, whatever its layout; None where it is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            return ast.dump(ast.parse(text))
        except SyntaxError:
            return None


def _compiles(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            compile(text, "<mutant>", "exec")
        except (SyntaxError, ValueError):
            return False
    return True


def _mutant(lines: list[str], region: _Region, operator: str, changed: list[str]) -> Mutant:
    """Return the mutant whose region reads `changed`, with the lines that differ."""
    before, after = lines[region.first : region.last], changed
    top = 0
    while top < min(len(before), len(after)) and before[top] == after[top]:
        top += 1
    end = 0
    while end < min(len(before), len(after)) - top and before[-1 - end] == after[-1 - end]:
        end += 1
    return Mutant(
        cell=region.cell,
        part=region.part,
        line=region.first + top + 1,
        operator=operator.split("_")[0],
        before=tuple(line.strip() for line in before[top : len(before) - end]),
        after=tuple(line.strip() for line in after[top : len(after) - end]),
        source="\n".join([*lines[: region.first], *after, *lines[region.last :]]),
    )
