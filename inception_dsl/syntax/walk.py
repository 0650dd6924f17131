"""Walking the syntax tree."""

from __future__ import annotations

from collections.abc import Iterator

from inception_dsl.syntax import tree

__all__ = ["behind_keyword", "children", "subexpressions"]


def children(node: tree.Node) -> list[tree.Node]:
    """The nodes directly inside one, in the order of their fields."""
    found: list[tree.Node] = []
    for value in vars(node).values():
        if isinstance(value, tuple):
            found += [child for child in value if isinstance(child, tree.Node)]
        elif isinstance(value, tree.Node):
            found.append(value)
    return found


def subexpressions(expr: tree.Expr) -> Iterator[tree.Expr]:
    """The expressions directly inside one, in the order of the text."""
    match expr:
        case tree.Call():
            yield from (argument.value for argument in expr.arguments)
        case tree.ListExpr():
            yield from expr.items
        case tree.Index():
            yield from (expr.value, expr.index)
        case tree.Attribute():
            yield expr.value
        case tree.Unary():
            yield expr.operand
        case tree.Binary():
            yield from (expr.left, expr.right)
        case tree.Range():
            yield from (expr.low, expr.high)
        case tree.Conditional():
            yield from (expr.condition, expr.then, expr.otherwise)


def behind_keyword(arguments: tuple[tree.Argument, ...]) -> tree.Argument | None:
    """The first positional argument that stands behind a keyword one."""
    keyword_seen = False
    for argument in arguments:
        if keyword_seen and argument.keyword is None:
            return argument
        keyword_seen = keyword_seen or argument.keyword is not None
    return None
