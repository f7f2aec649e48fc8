"""What the names in a student's source stand for, as far as reading it can tell.

Nothing is run. Aliases are followed without regard to the order of statements: a name stands for everything that is
ever bound to it. Each name of a module's top level has the nodes that define it (a `Unit`). All walking is by explicit
stacks, for the source may be hostile.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from autograder.intake.submission import Module

__all__ = [
    "EXECUTING_MAGICS",
    "FUNCTIONS",
    "Dynamic",
    "ModuleNames",
    "Parsed",
    "Place",
    "Ref",
    "Scope",
    "Site",
    "Unit",
    "constant_text",
    "function_scope",
    "imported",
    "parse_module",
    "parse_or_nothing",
    "read_module",
]

MAX_SOURCE = 1_000_000  # characters of a cell: a syntax tree takes some hundred times its source
NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
VALUE_FIELDS = ("value", "iter", "context_expr")  # of assignments, of loops, of `with`
LOOPING = (ast.For, ast.AsyncFor, ast.comprehension)
ASSIGNING = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr, ast.withitem, *LOOPING)
BINDING = (*NAMED, ast.Import, ast.ImportFrom, *ASSIGNING)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
EXECUTING_MAGICS = frozenset({"run_line_magic", "run_cell_magic"})
MAX_DOTTED = 300  # characters; no library has names that long


@dataclass(frozen=True, slots=True)
class Place:
    file: str
    cell: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Site:
    """An import of `module`; `dotted` is what is taken from it, or `module` itself."""

    module: str
    dotted: str
    place: Place
    evasive: bool = False


@dataclass(frozen=True, slots=True)
class Ref:
    """A dotted name such as numpy.linalg.lstsq, and the imports that it is reached through."""

    dotted: str
    evasive: bool = False
    sites: frozenset[Site] = frozenset()

    def attribute(self, name: str, evasive: bool = False) -> Ref:
        return Ref(f"{self.dotted}.{name}"[:MAX_DOTTED], self.evasive or evasive, self.sites)


@dataclass(frozen=True, slots=True)
class Dynamic:
    """A detour whose end cannot be read: `eval(text)`, or `getattr(base, name)` with a computed name."""

    name: str
    place: Place
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """One node that defines a name. `line` stands for all its lines where it was found inside of a string."""

    node: ast.AST
    cell: int | None
    line: int | None = None


@dataclass(slots=True)
class Scope:
    """Names bound in a function (or module), each to an import, to an expression and where it stands, or to None for
    anything else. `meanings` is what has been found of each name."""

    bound: dict[str, list[Ref | Unit | None]] = field(default_factory=dict)
    outer: Scope | None = None
    meanings: dict[str, frozenset[Ref]] = field(default_factory=dict)

    def bind(self, name: str, value: Ref | Unit | None) -> None:
        self.bound.setdefault(name, []).append(value)

    def holder(self, name: str) -> Scope | None:
        scope: Scope | None = self
        while scope is not None and name not in scope.bound:
            scope = scope.outer
        return scope


@dataclass(slots=True)
class ModuleNames:
    """The top level of one module of the student's."""

    name: str
    file: str
    scope: Scope = field(default_factory=Scope)
    units: dict[str, list[Unit]] = field(default_factory=dict)
    loose: list[Unit] = field(default_factory=list)  # statements that define nothing
    stars: list[Site] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)

    def place(self, unit: Unit, node: ast.AST) -> Place:
        return Place(self.file, unit.cell, unit.line or int(getattr(node, "lineno", 1)))


def parse(source: str) -> ast.Module:
    """Return the syntax tree; SyntaxError and ValueError where there is none, RecursionError or MemoryError where it
    is too large or too deep."""
    if len(source) > MAX_SOURCE:
        raise MemoryError
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd escape in a string is not what is looked for
        return ast.parse(source)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A module's syntax trees with their cells' numbers, and the cells that are too large or too deep to have one."""

    module: Module
    trees: tuple[tuple[int | None, ast.Module], ...]
    unreadable: tuple[Dynamic, ...]

    def has_identifier(self, words: frozenset[str]) -> bool:
        """Say whether any of `words` is used as a name (and not merely in a comment or string)."""
        for _, tree in self.trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Name):
                    found = node.id in words
                elif isinstance(node, ast.Attribute):
                    found = node.attr in words
                elif isinstance(node, ast.alias):
                    found = not words.isdisjoint(node.name.split("."))
                else:
                    found = isinstance(node, ast.ImportFrom) and not words.isdisjoint((node.module or "").split("."))
                if found:
                    return True
        return False


def parse_module(module: Module) -> Parsed:
    """Parse each cell. One with a syntax error has no tree, as it cannot run either."""
    trees, unreadable = [], []
    for cell in module.cells:
        try:
            trees.append((cell.number, parse(cell.source)))
        except (SyntaxError, ValueError):
            continue
        except (RecursionError, MemoryError) as error:
            unreadable.append(Dynamic(type(error).__name__, Place(module.filename, cell.number, 1)))
    return Parsed(module, tuple(trees), tuple(unreadable))


def read_module(parsed: Parsed) -> ModuleNames:
    """Return the top level of a module."""
    names = ModuleNames(parsed.module.name, parsed.module.filename)
    has_globals = any("global" in cell.source for cell in parsed.module.cells)
    for cell, tree in parsed.trees:
        _read_statements(names, tree.body, cell)
        for node in ast.walk(tree) if has_globals else ():
            if isinstance(node, FUNCTIONS):
                function_scope(names, node, names.scope, Unit(node, cell))
    return names


def _read_statements(names: ModuleNames, body: Sequence[ast.stmt], cell: int | None) -> None:
    stack = [Unit(statement, cell) for statement in body]
    while stack:
        unit = stack.pop()
        statement = unit.node
        place = names.place(unit, statement)
        _bind(names, names.scope, statement, unit)
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.units.setdefault(statement.name, []).append(unit)
            continue
        if isinstance(statement, ast.Import | ast.ImportFrom):
            names.sites += [site for _, site in imported(statement, place)]
            continue
        for node in _parts(statement):
            if isinstance(node, ast.NamedExpr | ast.withitem):
                _bind(names, names.scope, node, unit)
                _read_assignment(names, node, unit)
        inner = list(_inner_statements(statement))
        stack += [replace(unit, node=node) for node in inner]
        stack += [Unit(node, cell, place.line) for node in parse_or_nothing(_executed_text(statement))]
        # What governs a block is looked at for detours alone.
        expressions = [node for node in ast.iter_child_nodes(statement) if not isinstance(node, ast.stmt)]
        names.loose += [replace(unit, node=node) for node in (expressions if inner else [statement])]
        _read_assignment(names, statement, unit)


def _read_assignment(names: ModuleNames, statement: ast.AST, unit: Unit) -> None:
    value = next((getattr(statement, field) for field in VALUE_FIELDS if hasattr(statement, field)), None)
    if not isinstance(value, ast.expr):
        return
    for owner in {owner for target in _targets(statement) if (owner := _owner(target)) is not None}:
        names.units.setdefault(owner, []).append(replace(unit, node=value))


def _parts(statement: ast.AST) -> Iterator[ast.AST]:
    """Yield all that a statement is made of, but for the statements inside of it, which have their own turn."""
    stack = [statement]
    while stack:
        for child in ast.iter_child_nodes(stack.pop()):
            if not isinstance(child, ast.stmt):
                yield child
                stack.append(child)


def _inner_statements(statement: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements inside of a block (if, for, try, with, match), which are at the same level as it."""
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from child.body


def _executed_text(statement: ast.AST) -> str:
    """Return the text that a statement executes where it stands: by `exec`, or by a magic, which `%time` has become."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not call.args:
        return ""
    if isinstance(call.func, ast.Name) and call.func.id == "exec":
        return constant_text(call.args[0]) or ""
    is_magic = isinstance(call.func, ast.Attribute) and call.func.attr in EXECUTING_MAGICS
    return constant_text(call.args[-1]) or "" if is_magic else ""


def parse_or_nothing(text: str) -> Sequence[ast.stmt]:
    try:
        return parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()


def _owner(target: ast.expr) -> str | None:
    """Return the name that an assignment changes: x for x, x.a, x[0].b."""
    while isinstance(target, ast.Attribute | ast.Subscript | ast.Starred):
        target = target.value
    return target.id if isinstance(target, ast.Name) else None


def _targets(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what a statement (or comprehension, or walrus) assigns to, tuples taken apart."""
    found: list[ast.expr] = list(node.targets) if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign | ast.AugAssign | ast.For | ast.AsyncFor | ast.comprehension | ast.NamedExpr):
        found.append(node.target)
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        found.append(node.optional_vars)
    while found:
        target = found.pop()
        if isinstance(target, ast.Tuple | ast.List):
            found += target.elts
        else:
            yield target


def imported(node: ast.Import | ast.ImportFrom, place: Place) -> Iterator[tuple[str, Site]]:
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield alias.asname or alias.name.partition(".")[0], Site(alias.name, alias.name, place)
        else:
            module = node.module or alias.name
            dotted = f"{node.module}.{alias.name}" if node.module and alias.name != "*" else module
            yield alias.asname or alias.name, Site(module, dotted, place)


def _bind(names: ModuleNames, scope: Scope, node: ast.AST, unit: Unit) -> None:
    """Put what one node of `unit` binds into `scope`."""
    if isinstance(node, NAMED):
        if node.name:
            scope.bind(node.name, None)
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for name, site in imported(node, names.place(unit, node)):
            if name == "*":
                names.stars.append(site)
                continue
            whole = isinstance(node, ast.ImportFrom) or any(alias.asname == name for alias in node.names)
            scope.bind(name, Ref(site.dotted if whole else name, sites=frozenset([site])))
    elif isinstance(node, ASSIGNING):
        values = dict(_paired(node))
        for target in _targets(node):
            if isinstance(target, ast.Name):
                value = values.get(target)
                scope.bind(target.id, None if value is None else Unit(value, unit.cell, unit.line))


def _paired(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield target and value of `a = x` and of `a, b = x, y`, pair by pair."""
    if isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
        yield node.target, node.value
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                yield from zip(target.elts, node.value.elts, strict=False)
            else:
                yield target, node.value


def function_scope(names: ModuleNames, function: ast.AST, outer: Scope, unit: Unit) -> Scope:
    """Return the scope of a function's own names; those that it declares global go to the module."""
    assert isinstance(function, FUNCTIONS)
    inner, taken = Scope(outer=outer), function.args
    for argument in [*taken.posonlyargs, *taken.args, *taken.kwonlyargs, taken.vararg, taken.kwarg]:
        if argument is not None:
            inner.bind(argument.arg, None)
    nodes: list[ast.AST] = []
    body: list[ast.AST] = [function.body] if isinstance(function, ast.Lambda) else list(function.body)
    while body:
        node = body.pop()
        if isinstance(node, BINDING):
            nodes.append(node)
        if isinstance(node, ast.Global):
            inner.bound.update({name: names.scope.bound.setdefault(name, []) for name in node.names})
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            body += ast.iter_child_nodes(node)
    for node in nodes:
        _bind(names, inner, node, unit)
    return inner


def constant_text(node: ast.AST) -> str | None:
    """Return the text of a string expression that can be read off: a literal, or a sum of literals."""
    parts: list[str] = []
    stack = [node]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            parts.append(node.value)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            stack += [node.right, node.left]
        elif isinstance(node, ast.JoinedStr):
            stack += reversed(node.values)
        elif isinstance(node, ast.FormattedValue) and node.conversion == -1 and node.format_spec is None:
            stack.append(node.value)
        else:
            return None
    return "".join(parts)
