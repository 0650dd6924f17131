"""Formulas as expressions of Python, printed only where they give the right number everywhere."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inception_dsl.backends.torch.expressions import Binary, Call, Expr, Leaf, Name, Subscript
from inception_dsl.backends.torch.tracked import Channels
from inception_dsl.ir.formula import Apply, Formula, InputChannels, Literal, Parameter
from inception_dsl.ir.types import Word

__all__ = ["Scope", "Written", "is_plain", "same", "write"]

_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}
_FUNCTIONS: Mapping[str, tuple[str, Callable[..., Any]]] = {
    "min": ("min", min),
    "max": ("max", max),
    "round": ("round", round),
    "ceil": ("math.ceil", math.ceil),
    "floor": ("math.floor", math.floor),
}


@dataclass(frozen=True)
class Scope:
    """What formulas of one instance of a class speak of, as plain Python values."""

    parameters: Mapping[str, object]
    channels: tuple[int, ...]
    input_channels: int


@dataclass(frozen=True)
class Written:
    """A formula as an expression, and its value in each instance."""

    expr: Expr
    values: tuple[Any, ...]


def write(
    formula: Formula | None,
    scopes: Sequence[Scope],
    name: Callable[[Formula], Name | None],
) -> Written | None:
    """The expression of a formula in a class with these instances; None where it has none.

    `name` gives the constructor parameter for a symbol, where there is one.
    """
    match formula:
        case Literal(value) if is_plain(value):
            return Written(Leaf(value), (value,) * len(scopes))
        case Channels(index) if shown := name(formula):
            return Written(shown, tuple(scope.channels[index] for scope in scopes))
        case InputChannels():
            same_input = all(scope.channels[:1] == (scope.input_channels,) for scope in scopes)
            return write(Channels(0), scopes, name) if same_input else None
        case Parameter(parameter) if shown := name(formula):
            return Written(shown, tuple(scope.parameters[parameter] for scope in scopes))
        case Apply(symbol, operands):
            parts = [write(operand, scopes, name) for operand in operands]
            present = [part for part in parts if part is not None]
            return _apply(symbol, present) if len(present) == len(parts) else None
        case _:
            return None


def _apply(symbol: str, parts: Sequence[Written]) -> Written | None:
    rows = list(zip(*(part.values for part in parts), strict=True))
    exprs = tuple(part.expr for part in parts)
    if symbol == "index" and len(parts) == 2:
        if not all(
            isinstance(items, tuple) and type(i) is int and i < len(items) for items, i in rows
        ):
            return None
        return Written(Subscript(exprs[0], exprs[1:]), tuple(items[i] for items, i in rows))
    if not all(type(value) in (int, float) for row in rows for value in row):
        return None
    if symbol == "/" and all(type(value) is int for row in rows for value in row):
        symbol = "//"
    try:
        if symbol in _OPERATORS and len(parts) == 2:
            values = tuple(_OPERATORS[symbol](*row) for row in rows)
            return Written(Binary(symbol, exprs[0], exprs[1]), values)
        if symbol in _FUNCTIONS:
            shown, function = _FUNCTIONS[symbol]
            return Written(Call(Name(shown), exprs), tuple(function(*row) for row in rows))
    except (ArithmeticError, TypeError, ValueError):
        pass
    return None


def same(left: object, right: object) -> bool:
    """Whether two values are the same argument; a bool is no number."""
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def is_plain(value: object) -> bool:
    """Whether a value can stand in the file as it is; words of the language mean nothing there."""
    if isinstance(value, tuple):
        return all(map(is_plain, value))
    return value is None or (isinstance(value, int | float | str) and not isinstance(value, Word))
