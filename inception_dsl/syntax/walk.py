"""Walking the syntax tree."""

from __future__ import annotations

from collections.abc import Iterator

from inception_dsl.syntax import tree

__all__ = ["subexpressions"]


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
