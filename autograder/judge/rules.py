"""Forbidden imports and calls, found by reading the source.

A part's rules hold for the functions that the part names and for everything of the student's own that these reach.
What stands at a notebook's top level may compare with a library as it likes. Reading cannot find every detour, and
does not claim to; those that it sees are reported as evasive.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from autograder.course.manifest import Assignment, Part
from autograder.intake.submission import Program
from autograder.judge.mentions import Facts, Tangled, facts
from autograder.judge.names import EXECUTING_MAGICS, Dynamic, ModuleNames, Place, Ref, Unit, parse_module, read_module
from autograder.records.result import Finding
from autograder.text import Message

__all__ = ["forbidden_parts", "scan"]

DETOUR_WORDS = frozenset(
    ["__dict__", "__getattribute__", "__import__", "eval", "exec", "getattr", "import_module", "modules", "vars"]
)
MAX_NOTED = 200_000  # uses of outside names in a submission; an honest one has some hundreds
MAX_FINDINGS = 100  # per part: beyond that nobody reads on


def scan(program: Program, assignment: Assignment) -> tuple[Finding, ...]:
    """Return what `program` uses although the assignment forbids it.

    Returns
    -------
    tuple of Finding
        By part, then by place. A use whose end can be read (also through getattr with a literal name) has its part's
        action. A forbidden import that no part uses, a computed detour, and source too deep to be read are flagged.
    """
    ruled = [part for part in assignment.parts if part.rules.forbid_imports or part.rules.forbid_calls]
    if not ruled or not program.modules:
        return ()
    words = _words(ruled)
    if not _mentions(program, words):
        return ()
    modules = [parse_module(module) for module in program.modules]
    if not any(module.unreadable or module.has_identifier(words | EXECUTING_MAGICS) for module in modules):
        return ()
    own = {names.name: names for names in map(read_module, modules)}
    reader = _Reader(own, program.modules[0].name)
    findings: list[Finding] = []
    for part in ruled:
        mine = {(f.rule, f.name, f.file, f.cell, f.line): f for f in reversed(list(_part_findings(reader, part)))}
        findings += sorted(mine.values(), key=_place_key)[:MAX_FINDINGS]
    seen = {(f.file, f.cell, f.line) for f in findings}
    common = frozenset.intersection(*(frozenset(part.rules.forbid_imports) for part in assignment.parts))
    rest = [f for f in _module_findings(reader, ruled, common) if (f.file, f.cell, f.line) not in seen]
    unreadable = [dynamic for module in modules for dynamic in module.unreadable]
    rest += [_finding(ruled[0], "forbid_calls", dynamic.name, dynamic.place, "flag", True) for dynamic in unreadable]
    return (*findings, *sorted(set(rest), key=_place_key)[:MAX_FINDINGS])


def forbidden_parts(findings: Sequence[Finding]) -> dict[str, Message]:
    """Return the parts that a find costs, and what the student is told of its first one."""
    return {finding.part: _message(finding) for finding in reversed(findings) if finding.action == "zero"}


def _words(ruled: Sequence[Part]) -> frozenset[str]:
    """Return the words without one of which nothing is found."""
    words = {name.rpartition(".")[2] for part in ruled for name in part.rules.forbid_calls}
    words |= {name.partition(".")[0] for part in ruled for name in part.rules.forbid_imports}
    return DETOUR_WORDS | words


def _mentions(program: Program, words: frozenset[str]) -> bool:
    """Say whether the text holds any of `words`. Most submissions need not be read further."""
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})\b")
    # Python takes identifiers in their compatibility form: a fullwidth letter is a letter.
    texts = (unicodedata.normalize("NFKC", cell.source) for module in program.modules for cell in module.cells)
    return any(pattern.search(text) for text in texts)


def _place_key(finding: Finding) -> tuple[str, int, int, str, bool]:
    return finding.file, finding.cell or 0, finding.line, finding.name, not finding.evasive


class _Reader:
    """The facts of each unit, read when first asked for."""

    def __init__(self, own: Mapping[str, ModuleNames], graded: str) -> None:
        self.own, self.graded = own, graded
        self._facts: dict[int, Facts] = {}
        self._noted = 0

    def facts(self, names: ModuleNames, unit: Unit) -> Facts:
        if id(unit.node) not in self._facts:
            try:
                if self._noted > MAX_NOTED:
                    raise Tangled
                self._facts[id(unit.node)] = found = facts(names, unit, self.own)
                self._noted += len(found.uses) + len(found.handed)
            except (RecursionError, MemoryError, Tangled) as error:
                unread = Dynamic(type(error).__name__, names.place(unit, unit.node))
                self._facts[id(unit.node)] = Facts(dynamics=[unread])
        return self._facts[id(unit.node)]

    def reached_from(self, functions: tuple[str, ...]) -> Iterator[Facts]:
        """Yield the facts of everything that these functions of the graded module reach, themselves included."""
        waiting = [(self.graded, name) for name in functions]
        for imported in map(self._imported_as, functions):
            yield imported
            waiting += sorted(imported.edges)
        seen = set(waiting)
        while waiting:
            module, name = waiting.pop()
            if module not in self.own:
                continue
            for unit in self.own[module].units.get(name, ()):
                fact = self.facts(self.own[module], unit)
                yield fact
                waiting += sorted(fact.edges - seen)
                seen |= fact.edges

    def _imported_as(self, function: str) -> Facts:
        """Return what a function asked for is, where the graded module has it from an import."""
        names = self.own[self.graded]
        refs = [value for value in names.scope.bound.get(function, ()) if isinstance(value, Ref)]
        edges = {(star.module, function) for star in names.stars}
        edges |= {(head, name) for ref in refs for head, name in [ref.dotted.rpartition(".")[::2]]}
        return Facts(uses=[(ref, site.place) for ref in refs for site in ref.sites], edges=edges)


def _part_findings(reader: _Reader, part: Part) -> Iterator[Finding]:
    rules = part.rules
    for fact in reader.reached_from(part.functions):
        sites = [(site, site.evasive) for site in fact.sites]
        for ref, place in fact.uses:
            sites += [(site, site.evasive) for site in ref.sites]
            for forbidden in rules.forbid_calls:
                if (detour := _match_call(ref.dotted, forbidden)) is not None:
                    yield _finding(part, "forbid_calls", forbidden, place, rules.action, ref.evasive or detour)
        for site, evasive in sites:
            if any(_is_within(site.dotted, forbidden) for forbidden in rules.forbid_imports):
                yield _finding(part, "forbid_imports", site.module, site.place, rules.action, evasive)
        for dynamic in fact.dynamics:
            if dynamic.base is None or any(_is_within(name, dynamic.base) for name in rules.forbid_calls):
                yield _finding(part, "forbid_calls", dynamic.name, dynamic.place, "flag", True)


def _module_findings(reader: _Reader, ruled: list[Part], common: frozenset[str]) -> Iterator[Finding]:
    """Yield what belongs to no part's functions: it is flagged once, for the first part that forbids it.

    `common` are the packages that no part may import: what stands at the top may serve a part that may.
    """
    for names in reader.own.values():
        found = [reader.facts(names, unit) for unit in names.loose]
        for ref, place in (handed for fact in found for handed in fact.handed):
            for part in ruled:
                for forbidden in part.rules.forbid_calls:
                    if _match_call(ref.dotted, forbidden) is not None:
                        yield _finding(part, "forbid_calls", forbidden, place, "flag", True)
        found += [reader.facts(names, unit) for units in names.units.values() for unit in units]
        sites = [*names.sites, *(site for fact in found for site in fact.sites)]
        sites += [site for fact in found for ref, _ in fact.uses for site in ref.sites if site.evasive]
        for site in sites:
            for part in ruled:
                if any(_is_within(site.dotted, forbidden) for forbidden in common):
                    yield _finding(part, "forbid_imports", site.module, site.place, "flag", site.evasive)
                    break
        detours = [dynamic for fact in found for dynamic in fact.dynamics if dynamic.base is None]
        for dynamic in detours:
            yield _finding(ruled[0], "forbid_calls", dynamic.name, dynamic.place, "flag", True)


def _finding(part: Part, rule: str, name: str, place: Place, action: str, evasive: bool) -> Finding:
    return Finding(part.id, rule, name, place.file, place.cell, place.line, action, evasive)


def _is_within(dotted: str, package: str) -> bool:
    return dotted == package or dotted.startswith(f"{package}.")


def _match_call(dotted: str, forbidden: str) -> bool | None:
    """Return None if `dotted` is not `forbidden`, else whether it takes another way to it.

    numpy.linalg._linalg.lstsq and numpy.testing.np.linalg.lstsq are both numpy.linalg.lstsq. A name without a dot is
    a builtin.
    """
    if "." not in forbidden:
        return False if dotted == f"builtins.{forbidden}" else None
    if _is_within(dotted, forbidden):
        return False
    parent, _, last = forbidden.rpartition(".")
    package, _, tail = forbidden.partition(".")
    if not dotted.endswith(f".{last}"):
        return None
    through_another = "." in tail and dotted.startswith(f"{package}.") and dotted.endswith(f".{tail}")
    return True if dotted.startswith(f"{parent}.") or through_another else None


def _message(finding: Finding) -> Message:
    key = "check.forbidden" if finding.cell is None else "check.forbidden_cell"
    return Message(key, {"name": finding.name, "file": finding.file, "line": finding.line, "cell": finding.cell})
