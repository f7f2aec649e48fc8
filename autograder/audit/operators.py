"""What a mutation is: operators of cosmic-ray, and our own in its form for what NumPy code gets wrong.

An operator looks at a node of a parso tree, says in how many ways it can be changed, and changes it in one of them.
"""

from __future__ import annotations

import ast
import re
from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from cosmic_ray.operators.number_replacer import NumberReplacer
from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider
from parso.python.tree import Name

__all__ = ["operators"]

# A comparison is moved by its boundary, turned round, or negated: the others are caught by whatever catches these.
COMPARISONS = "Lt_LtE Lt_Gt Lt_GtE LtE_Lt LtE_GtE LtE_Gt Gt_GtE Gt_Lt Gt_LtE GtE_Gt GtE_LtE GtE_Lt"
COMPARISONS += " Eq_NotEq NotEq_Eq Is_IsNot IsNot_Is"
# One neighbour for each: twelve for every plus sign would mostly be caught by the same line of the same check.
ARITHMETIC = "Add_Sub Sub_Add Mul_Div Div_Mul Pow_Mul FloorDiv_Mul Mod_Mul BitAnd_BitOr BitOr_BitAnd RShift_LShift"
THEIRS = (
    *(f"ReplaceComparisonOperator_{pair}" for pair in COMPARISONS.split()),
    *(f"ReplaceBinaryOperator_{pair}" for pair in ARITHMETIC.split()),
    *(f"ReplaceUnaryOperator_Delete_{name}" for name in ("USub", "Not", "Invert")),
    *("AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ZeroIterationForLoop"),
)
AUGMENTED = {
    "+=": "-=",
    "-=": "+=",
    "*=": "/=",
    "/=": "*=",
    "//=": "*=",
    "**=": "*=",
    "%=": "*=",
    "|=": "&=",
    "&=": "|=",
}
PAIRS = "max min|maximum minimum|argmax argmin|sum mean|any all|floor ceil|hstack vstack|sin cos|zeros ones"
SWAPPED = {a: b for pair in PAIRS.split("|") for a, b in (pair.split(), pair.split()[::-1])}
NUMERIC = ("term", "arith_expr", "power", "factor", "atom_expr")
UNSIGNED = re.compile(r"zeros|empty|\bset\(|\blist\(|\bdict\(|\brange\(|\.shape$|finfo\(|default_rng")


def operators() -> dict[str, Any]:
    """Return the operators, by name."""
    theirs = OperatorProvider()
    own = (Constant, Transposition, Index, Slice, Keyword, Sign, RemovedStatement, Augmented, Function)
    return {**{name: theirs[name]() for name in THEIRS}, **{kind.__name__: kind() for kind in own}}


class Constant(NumberReplacer):  # type: ignore[misc]
    """`1` becomes `2` and `0`, written where it stood."""

    def mutate(self, node: Any, index: int) -> Any:
        made = super().mutate(node, index)
        return Name(made.value.strip(), node.start_pos, prefix=node.prefix)


class Own(Operator):  # type: ignore[misc]
    """An operator that is given by the texts which a node can be replaced with."""

    @abstractmethod
    def texts(self, node: Any) -> Iterator[str]: ...

    def mutation_positions(self, node: Any) -> list[Any]:
        return [(node.start_pos, node.end_pos) for _ in self.texts(node)]

    def mutate(self, node: Any, index: int) -> Any:
        # A leaf may hold any text: the tree is only written out again, and then compiled.
        return Name(list(self.texts(node))[index], node.start_pos, prefix=node.get_first_leaf().prefix)

    @classmethod
    def examples(cls) -> tuple[Any, ...]:
        return ()


def _text(node: Any) -> str:
    return str(node.get_code(include_prefix=False))


def _joined(children: list[Any]) -> str:
    """Return the text of nodes that stand side by side, without what precedes the first."""
    return _text(children[0]) + "".join(child.get_code() for child in children[1:]) if children else ""


class Transposition(Own):
    """`X.T` becomes `X`; an operand `X` of `@` becomes `X.T`, if its name has a capital, as a matrix's has (of a vector
    it changes nothing)."""

    def texts(self, node: Any) -> Iterator[str]:
        if node.type == "atom_expr":
            for i, child in enumerate(node.children):
                if child.type != "trailer":
                    continue
                if _text(child) in (".T", ".mT"):
                    yield _joined(node.children[:i] + node.children[i + 1 :])
                elif _text(child) in (".transpose", ".swapaxes"):
                    yield _joined(node.children[:i] + node.children[i + 2 :])
        if node.type == "name" and node.value[0].isupper() and node.parent.type == "term":
            around = (node.get_previous_sibling(), node.get_next_sibling())
            if any(leaf is not None and leaf.type == "operator" and leaf.value == "@" for leaf in around):
                yield f"{_text(node)}.T"


class Index(Own):
    """`a[i]` becomes `a[i - 1]`, and `a[i, j]` becomes `a[j, i]`. (`a[0]` is a constant.)"""

    def texts(self, node: Any) -> Iterator[str]:
        if node.type != "trailer" or node.children[0].value != "[":
            return
        inner = node.children[1]
        if inner.type == "name":
            yield f"[{inner.value} - 1]"
        elif inner.type == "subscriptlist":
            places = [child for child in inner.children if _text(child) != ","]
            texts = [_text(place) for place in places]
            if len(texts) >= 2 and texts[0] != texts[1]:
                yield f"[{', '.join([texts[1], texts[0], *texts[2:]])}]"


class Slice(Own):
    """`a[b:c:s]` loses each of its three."""

    def texts(self, node: Any) -> Iterator[str]:
        if node.type != "subscript":
            return
        found = ast.parse(f"_[{_text(node)}]", mode="eval").body
        assert isinstance(found, ast.Subscript)
        if not isinstance(found.slice, ast.Slice):
            return
        ends = [found.slice.lower, found.slice.upper, found.slice.step]
        texts = ["" if end is None else ast.unparse(end) for end in ends]
        for i, text in enumerate(texts):
            if text:
                lower, upper, step = ("" if i == j else texts[j] for j in range(3))
                yield f"{lower}:{upper}" + (f":{step}" if step else "")


class Keyword(Own):
    """A keyword argument (`axis=0`, `dtype=...`, `keepdims=True`) is left out. (`axis=1` is a constant, too.)"""

    def texts(self, node: Any) -> Iterator[str]:
        if node.type == "trailer" and len(node.children) == 3 and _is_keyword(node.children[1]):
            yield "()"
        if node.type == "arglist":
            arguments = [child for child in node.children if _text(child) != ","]
            for left_out in arguments:
                if _is_keyword(left_out):
                    yield ", ".join(_text(each) for each in arguments if each is not left_out)


def _is_keyword(node: Any) -> bool:
    return bool(node.type == "argument" and _text(node.children[1]) == "=")


class Sign(Own):
    """What is assigned or returned becomes its negative, where it can be a number."""

    def texts(self, node: Any) -> Iterator[str]:
        parent = node.parent
        if node.type not in NUMERIC or parent is None or UNSIGNED.search(_text(node)):
            return
        assigned = parent.type == "expr_stmt" and node is parent.children[-1] and _text(parent.children[-2]) == "="
        if assigned and parent.children[0].type == "testlist_star_expr":
            return  # several are unpacked
        if assigned or parent.type == "return_stmt":
            yield f"-({_text(node)})"


class RemovedStatement(Own):
    """A statement becomes `pass`."""

    def texts(self, node: Any) -> Iterator[str]:
        kinds = ("expr_stmt", "atom_expr", "return_stmt", "raise_stmt", "del_stmt", "assert_stmt", "keyword")
        inside = node.parent is not None and node.parent.type == "simple_stmt"
        if inside and node.type in kinds and _text(node) not in ("pass", "break", "continue"):
            yield "pass"


class Augmented(Own):
    """`+=` becomes `-=`, and the like."""

    def texts(self, node: Any) -> Iterator[str]:
        if node.type == "operator" and node.value in AUGMENTED:
            yield AUGMENTED[node.value]


class Function(Own):
    """A function becomes its twin: `max` and `min`, `sum` and `mean`."""

    def texts(self, node: Any) -> Iterator[str]:
        if node.type == "name" and node.value in SWAPPED and _text(node.get_next_leaf()) == "(":
            yield SWAPPED[node.value]
