"""The rounds of a `repeat`: how many there are, and the scope of each."""

from __future__ import annotations

from collections.abc import Iterator

from inception_dsl.elaborate.build import Builder, Frame
from inception_dsl.elaborate.faults import fail
from inception_dsl.elaborate.scopes import Scope
from inception_dsl.elaborate.values import describe
from inception_dsl.ir.formula import Bound
from inception_dsl.syntax import tree

__all__ = ["rounds"]


def rounds(
    builder: Builder, count: tree.Expr, variable: tree.Ident | None, frame: Frame
) -> Iterator[Scope]:
    """The scope of each round, with its variable set; `a..b` excludes b and may be empty.

    Raises: Fault for a count that is no int, or a negative one.
    """
    if isinstance(count, tree.Range):
        low, high = _bound(builder, count.low, frame), _bound(builder, count.high, frame)
    else:
        low, high = 0, _bound(builder, count, frame)
        if high < 0:
            fail("E0508", count.span, f"a repeat of {high} rounds", "expected 0 or more")
    for value in range(low, high):
        builder.spend(count.span)
        scope = frame.scope.inner("repeat")
        if variable:
            scope.values[variable.text] = Bound(value)
        yield scope


def _bound(builder: Builder, expr: tree.Expr, frame: Frame) -> int:
    value = builder.evaluator.value(expr, frame.scope)
    if not isinstance(value, int) or isinstance(value, bool):
        fail("E0304", expr.span, f"`repeat` takes an int, found {describe(value)}")
    return value
