"""Expressions: their text, and what they come out as in a scope."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.fuzz.generator.scopes import Scope
from tests.fuzz.generator.values import Misfit, Size, written

__all__ = [
    "Expr", "attribute", "binary", "call", "conditional", "index", "listed", "literal", "name",
    "negation", "negative", "parenthesised", "spelled",
]  # fmt: skip

_ATOM = 9
_LEVELS: Final = {
    "or": 1, "and": 2, "not": 3,
    "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "//": 6, "%": 6,
}  # fmt: skip
_SIGN, _POSTFIX = 7, 8


@dataclass(frozen=True)
class Expr:
    """An expression; `level` says how tightly its outermost operator binds."""

    text: str
    value: Callable[[Scope], Any]
    level: int = _ATOM

    def at(self, level: int) -> str:
        """The text, in parentheses where something that binds at `level` reads it."""
        return self.text if self.level >= level else f"({self.text})"


def literal(value: Any) -> Expr:
    """The value as it is written."""
    text = written(value)
    return Expr(text, lambda scope: value, _SIGN if text.startswith("-") else _ATOM)


def spelled(text: str, value: Any) -> Expr:
    """A literal in another spelling: `1_000`, `1e-3`."""
    return Expr(text, lambda scope: value)


def name(text: str) -> Expr:
    """A value by its name."""
    return Expr(text, lambda scope: scope.value(text))


def parenthesised(inner: Expr) -> Expr:
    """`(inner)`."""
    return Expr(f"({inner.text})", inner.value)


def listed(items: list[Expr], comma: bool = False) -> Expr:
    """`[a, b]`."""
    text = ", ".join(item.text for item in items) + ("," if comma and items else "")
    return Expr(f"[{text}]", lambda scope: tuple(item.value(scope) for item in items))


def index(items: Expr, position: Expr) -> Expr:
    """`items[position]`."""

    def value(scope: Scope) -> Any:
        found, place = items.value(scope), position.value(scope)
        if not (isinstance(found, tuple) and type(place) is int and 0 <= place < len(found)):
            raise Misfit
        return found[place]

    return Expr(f"{items.at(_POSTFIX)}[{position.text}]", value, _POSTFIX)


_AXES: Final = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def attribute(tensor: str, field: str) -> Expr:
    """`tensor.channels` or the extent of an axis."""

    def value(scope: Scope) -> int:
        shape = scope.tensor(tensor).shape
        fields = ("channels", *_AXES.get(len(shape) - 1, ()))
        if field not in fields:
            raise Misfit
        return shape[fields.index(field)]

    return Expr(f"{tensor}.{field}", value, _POSTFIX)


def conditional(condition: Expr, then: Expr, otherwise: Expr) -> Expr:
    """`if condition then then else otherwise`."""

    def value(scope: Scope) -> Any:
        return (then if _truth(condition.value(scope)) else otherwise).value(scope)

    text = f"if {condition.text} then {then.text} else {otherwise.text}"
    return Expr(text, value, 0)


def negative(inner: Expr) -> Expr:
    """`-inner`, or `not inner` of a bool."""

    def value(scope: Scope) -> Any:
        found = inner.value(scope)
        return Size(-n for n in found) if isinstance(found, Size) else -_number(found)

    return Expr(f"-{inner.at(_SIGN)}", value, _SIGN)


def negation(inner: Expr) -> Expr:
    """`not inner`."""
    level = _LEVELS["not"]
    return Expr(f"not {inner.at(level)}", lambda scope: not _truth(inner.value(scope)), level)


def binary(symbol: str, left: Expr, right: Expr) -> Expr:
    """`left symbol right`; operators of one level group from the left, comparisons not at all."""
    level = _LEVELS[symbol]
    first = left.at(level + (level == _LEVELS["=="]))
    text = f"{first} {symbol} {right.at(level + 1)}"

    def value(scope: Scope) -> Any:
        if symbol in ("and", "or"):
            held = _truth(left.value(scope))
            return held if held == (symbol == "or") else _truth(right.value(scope))
        return _apply(symbol, left.value(scope), right.value(scope))

    return Expr(text, value, level)


_OPERATORS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv,
    "%": operator.mod, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def _apply(symbol: str, left: Any, right: Any) -> Any:
    if symbol in ("==", "!="):
        same = left == right and isinstance(left, bool) == isinstance(right, bool)
        return same == (symbol == "==")
    if isinstance(left, Size) or isinstance(right, Size):
        rank = len(left if isinstance(left, Size) else right)
        sides = [each if isinstance(each, Size) else (each,) * rank for each in (left, right)]
        if len(sides[0]) != len(sides[1]) or not all(type(n) is int for n in sides[0] + sides[1]):
            raise Misfit
        return Size(_apply(symbol, a, b) for a, b in zip(*sides, strict=True))
    if symbol == "+" and type(left) is type(right) and isinstance(left, str | tuple):
        return left + right
    left, right = _number(left), _number(right)
    if symbol in ("/", "//", "%") and right == 0:
        raise Misfit
    if symbol == "/":
        if type(left) is int and type(right) is int:
            if left % right:
                raise Misfit
            return left // right
        return left / right
    return _OPERATORS[symbol](left, right)


_FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "min": min, "max": max, "round": round, "ceil": math.ceil, "floor": math.floor,
}  # fmt: skip


def call(function: str, *operands: Expr) -> Expr:
    """`min(a, b)`, `round(x)` and the like."""

    def value(scope: Scope) -> Any:
        values = [operand.value(scope) for operand in operands]
        if function in ("min", "max"):
            several = values[0] if isinstance(values[0], tuple) else values
            return _FUNCTIONS[function](map(_number, several))
        return _FUNCTIONS[function](*map(_number, values))

    return Expr(f"{function}({', '.join(operand.text for operand in operands)})", value)


def _number(value: Any) -> Any:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Misfit
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Misfit
    return value
