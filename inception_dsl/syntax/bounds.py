"""The bound on nesting, held before anything walks a tree by recursion."""

from __future__ import annotations

from inception_dsl.diagnostics.record import Diagnostic, Diagnostics
from inception_dsl.source import Span
from inception_dsl.syntax import tree
from inception_dsl.syntax.tree import Item
from inception_dsl.syntax.walk import children

__all__ = ["too_deep", "within_bounds"]

_BODIES = frozenset({tree.Block, tree.Combine, tree.BranchIf, tree.BranchRepeat})
_EXPRESSIONS = frozenset({
    tree.Call, tree.ListExpr, tree.Index, tree.Attribute, tree.Unary, tree.Binary, tree.Conditional,
})  # fmt: skip
_LEAVES = frozenset({tree.Ident, tree.Name, tree.Literal, tree.SizeLiteral})


def within_bounds(
    items: tuple[Item, ...], diagnostics: Diagnostics, nesting: int
) -> tuple[Item, ...]:
    """The items whose bodies nest at most `nesting` deep, and their expressions twice that.

    Long chains without brackets, such as `else if` or `1 + 1 + 1`, nest as deep as they are long.
    """
    kept = []
    for item in items:
        if (excess := _excess(item, nesting)) is None:
            kept.append(item)
        else:
            diagnostics.add(too_deep(excess, nesting))
    return tuple(kept)


def too_deep(span: Span, nesting: int) -> Diagnostic:
    """The error for what nests deeper than `nesting`."""
    message = f"nesting is deeper than {nesting} levels"
    return Diagnostic("E0703", message, span, help="name a part with `let`, or as a definition")


def _excess(item: Item, nesting: int) -> Span | None:
    """Where the first node stands that nests too deep."""
    pending: list[tuple[tree.Node, int, int]] = [(item, 0, 0)]
    while pending:
        node, bodies, expressions = pending.pop()
        kind = type(node)
        if kind in _BODIES:
            bodies, expressions = bodies + 1, 0
        elif kind in _EXPRESSIONS:
            expressions += 1
        elif isinstance(node, tree.Branch) and not node.braces:
            bodies -= 1  # its block is one chain, without braces of its own
        if bodies > nesting or expressions > 2 * nesting:
            return node.span
        inside = [child for child in children(node) if type(child) not in _LEAVES]
        pending += [(child, bodies, expressions) for child in inside]
    return None
