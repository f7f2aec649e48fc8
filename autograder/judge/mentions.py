"""What a part of a student's source mentions: outside names, imports, detours, and the student's own names."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.judge.names import (
    FUNCTIONS,
    Dynamic,
    ModuleNames,
    Place,
    Ref,
    Scope,
    Site,
    Unit,
    constant_text,
    function_scope,
    imported,
    parse_or_nothing,
)

__all__ = ["Facts", "Tangled", "facts"]

IMPORTERS = frozenset(["builtins.__import__", "importlib.__import__", "importlib.import_module"])
EVALUATORS = frozenset(["builtins.eval", "builtins.exec"])
GETATTR = "builtins.getattr"
DETOURS = IMPORTERS | EVALUATORS | {GETATTR}
BUILTINS = frozenset(dir(builtins))
NOTHING: frozenset[Ref] = frozenset()
MAX_USES = 50_000  # of all names in one function
MAX_MEANINGS = 50  # of one name; aliases of aliases can multiply without end


class Tangled(Exception):
    """Names stand for more things than can be followed."""


@dataclass(slots=True)
class Facts:
    """What a unit mentions: outside names, detours, imports, and names of the student's own (module, name).

    `handed` are the outside names that are given to a call, which may keep them for whoever asks.
    """

    uses: list[tuple[Ref, Place]] = field(default_factory=list)
    handed: list[tuple[Ref, Place]] = field(default_factory=list)
    dynamics: list[Dynamic] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    edges: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Reader:
    """Where a node is read: in which module, scope and unit. `evasive` inside of a string that is evaluated."""

    names: ModuleNames
    scope: Scope
    unit: Unit
    own: Mapping[str, ModuleNames]
    evasive: bool = False

    def place(self, node: ast.AST) -> Place:
        return self.names.place(self.unit, node)

    def resolve(self, node: ast.expr) -> frozenset[Ref]:
        """Return everything that an expression may name. An expression that names nothing gives the empty set."""
        attributes: list[str] = []
        while isinstance(node, ast.Attribute):
            attributes.append(node.attr)
            node = node.value
        refs = self._resolve_base(node)
        if attributes and refs:
            name = ".".join(reversed(attributes))
            return frozenset([ref.attribute(name) for ref in refs])
        return refs

    def called(self, node: ast.Call) -> frozenset[str]:
        """Return the dotted names of what is called."""
        return frozenset(ref.dotted for ref in self.resolve(node.func))

    def _resolve_base(self, node: ast.expr) -> frozenset[Ref]:
        if isinstance(node, ast.Name):
            return self._look_up(node.id)
        if isinstance(node, ast.Call):
            return self._resolve_call(node)
        if isinstance(node, ast.Subscript):
            return self._resolve_subscript(node)
        inner: list[ast.expr] = []
        if isinstance(node, ast.NamedExpr):
            inner = [node.value]
        elif isinstance(node, ast.IfExp):
            inner = [node.body, node.orelse]
        elif isinstance(node, ast.BoolOp):
            inner = node.values
        return _union(self.resolve(item) for item in inner)

    def _look_up(self, name: str) -> frozenset[Ref]:
        holder = self.scope.holder(name)
        if holder is None:
            if name in BUILTINS:
                return frozenset([Ref(f"builtins.{name}")])
            return frozenset(Ref(f"{star.module}.{name}", sites=frozenset([star])) for star in self.names.stars)
        if name not in holder.meanings:
            holder.meanings[name] = frozenset()  # so that a circle of aliases ends
            holder.meanings[name] = _union(map(replace(self, scope=holder)._meaning, holder.bound[name]))
        return holder.meanings[name]

    def _meaning(self, value: Ref | Unit | None) -> frozenset[Ref]:
        if isinstance(value, Unit) and isinstance(value.node, ast.expr):
            return replace(self, unit=value).resolve(value.node)
        return frozenset([value]) if isinstance(value, Ref) else NOTHING

    def _resolve_call(self, node: ast.Call) -> frozenset[Ref]:
        called = self.called(node) if node.args else frozenset()
        if GETATTR in called and len(node.args) > 1 and (name := constant_text(node.args[1])) is not None:
            return frozenset(ref.attribute(name, evasive=True) for ref in self.resolve(node.args[0]))
        if called & IMPORTERS and (name := constant_text(node.args[0])) is not None:
            dotted = name if "importlib.import_module" in called else name.partition(".")[0]
            return frozenset([_evasive_import(name, dotted, self.place(node))])
        return frozenset()

    def _resolve_subscript(self, node: ast.Subscript) -> frozenset[Ref]:
        """Resolve sys.modules["numpy"], vars(np)["sum"] and np.__dict__["sum"]."""
        if (key := constant_text(node.slice)) is None:
            return frozenset()
        owners = self.resolve(node.value)
        if any(ref.dotted == "sys.modules" for ref in owners):
            return frozenset([_evasive_import(key, key, self.place(node))])
        tables = [ref for ref in owners if ref.dotted.endswith(".__dict__")]
        owners = frozenset(replace(ref, dotted=ref.dotted.removesuffix(".__dict__")) for ref in tables)
        call = node.value
        if isinstance(call, ast.Call) and call.args and "builtins.vars" in self.called(call):
            owners = self.resolve(call.args[0])
        return frozenset(ref.attribute(key, evasive=True) for ref in owners)

    def through(self, ref: Ref) -> Iterator[Ref]:
        """Yield what helpers.la.lstsq stands for, where the student's helpers.py has `import numpy.linalg as la`."""
        head, name, *rest = ref.dotted.split(".")
        there = self.own[head]
        if name in there.scope.bound:
            for target in replace(self, names=there, scope=there.scope)._look_up(name):
                dotted = ".".join([target.dotted, *rest])
                yield Ref(dotted, target.evasive or ref.evasive, target.sites | ref.sites)


def _union(refs: Iterable[frozenset[Ref]]) -> frozenset[Ref]:
    united = NOTHING.union(*refs)
    if len(united) > MAX_MEANINGS:
        raise Tangled
    return united


def _evasive_import(module: str, dotted: str, place: Place) -> Ref:
    return Ref(dotted, True, frozenset([Site(module, module, place, evasive=True)]))


def facts(names: ModuleNames, unit: Unit, own: Mapping[str, ModuleNames]) -> Facts:
    """Return what `unit` mentions. `own` are the student's modules by name.

    Raises
    ------
    RecursionError, MemoryError, Tangled
        If the source is too deep or too entangled to be followed, as no honest source is.
    """
    found = Facts()
    stack: list[tuple[ast.AST, Reader]] = [(unit.node, Reader(names, names.scope, unit, own))]
    while stack:
        node, reader = stack.pop()
        if len(found.uses) + len(found.handed) > MAX_USES:
            raise Tangled
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.sites += [site for _, site in imported(node, reader.place(node))]
        elif isinstance(node, FUNCTIONS):
            inside = replace(reader, scope=function_scope(names, node, reader.scope, reader.unit))
            stack += [(inner, inside) for inner in ([node.body] if isinstance(node, ast.Lambda) else node.body)]
            stack += [(inner, reader) for inner in (node.args, *getattr(node, "decorator_list", ()))]
        elif isinstance(node, ast.Name):
            _note(reader, node, found)
        elif isinstance(node, ast.Attribute):
            _note(reader, node, found)
            while isinstance(node, ast.Attribute):
                node = node.value  # whose parts name nothing more
            if isinstance(node, ast.Name):
                _note_edge(reader, node, found)
            else:
                stack.append((node, reader))
        elif isinstance(node, ast.expr_context | ast.operator | ast.Constant):
            continue
        else:
            if isinstance(node, ast.Call) and node.args and (detours := reader.called(node) & DETOURS):
                _note(reader, node, found)
                line = reader.unit.line or node.lineno
                inside = replace(reader, unit=replace(reader.unit, line=line), evasive=True)
                stack += [(inner, inside) for inner in _note_detour(reader, node, detours, found)]
            if isinstance(node, ast.Call):
                _note_handed_on(reader, node, found)
            elif isinstance(node, ast.Subscript):
                _note(reader, node, found)
                _note_computed_module(reader, node, found)
            stack += [(inner, reader) for inner in ast.iter_child_nodes(node)]
    return found


def _note(reader: Reader, node: ast.expr, found: Facts) -> None:
    """Note what a name, attribute, call or subscript names."""
    if isinstance(node, ast.Name):
        _note_edge(reader, node, found)
        if not isinstance(node.ctx, ast.Load):
            return
    for ref in reader.resolve(node):
        meanings = [ref]
        head, _, rest = ref.dotted.partition(".")
        if head in reader.own and rest:
            found.edges.add((head, rest.partition(".")[0]))
            meanings += reader.through(ref)
        for meaning in meanings:
            found.uses.append((replace(meaning, evasive=True) if reader.evasive else meaning, reader.place(node)))


def _note_edge(reader: Reader, node: ast.Name, found: Facts) -> None:
    if reader.scope.holder(node.id) is reader.names.scope:
        found.edges.add((reader.names.name, node.id))


def _note_handed_on(reader: Reader, node: ast.Call, found: Facts) -> None:
    """Note what a call is given by name; a detour that is given away, to `map` or `reduce`, can lead anywhere."""
    named = [
        each for each in [*node.args, *(k.value for k in node.keywords)] if isinstance(each, ast.Name | ast.Attribute)
    ]
    given = [(ref, reader.place(each)) for each in named for ref in reader.resolve(each)]
    found.handed += given
    detours = sorted({ref.dotted for ref, _ in given} & DETOURS)
    if isinstance(node.func, ast.Attribute) and node.func.attr == "__getattribute__":
        detours.append(node.func.attr)
    found.dynamics += [Dynamic(dotted.removeprefix("builtins."), reader.place(node)) for dotted in detours]


def _note_computed_module(reader: Reader, node: ast.Subscript, found: Facts) -> None:
    if constant_text(node.slice) is None and any(ref.dotted == "sys.modules" for ref in reader.resolve(node.value)):
        found.dynamics.append(Dynamic("sys.modules[...]", reader.place(node)))


def _note_detour(reader: Reader, node: ast.Call, called: frozenset[str], found: Facts) -> Sequence[ast.stmt]:
    """Note eval and exec always; getattr and importers where what they are given cannot be read. Return the
    statements that eval and exec are given, where those can."""
    place, text = reader.place(node), constant_text(node.args[0])
    evaluations = called & EVALUATORS
    found.dynamics += [Dynamic(dotted.removeprefix("builtins."), place) for dotted in sorted(evaluations)]
    if text is None:
        found.dynamics += [Dynamic(dotted.removeprefix("builtins."), place) for dotted in sorted(called & IMPORTERS)]
    if GETATTR in called and len(node.args) > 1 and constant_text(node.args[1]) is None:
        owners = sorted({ref.dotted for ref in reader.resolve(node.args[0])})
        found.dynamics += [Dynamic(f"getattr({dotted}, ...)", place, base=dotted) for dotted in owners]
    return parse_or_nothing(text.strip()) if evaluations and text is not None else ()
