"""The operators and functions of expressions, on values.

Numbers, sizes (per axis) and lists; never a bool as a number. Results stay within the limits.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.values import describe
from inception_dsl.ir.types import Dims

__all__ = ["FUNCTIONS", "Refused", "binary", "call", "negative"]


class Refused(Exception):
    """An operator that does not fit its operands: a code, what was found, and a next step."""

    def __init__(self, code: str, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.help = code, message, help


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def binary(symbol: str, left: Any, right: Any, limits: Limits) -> object:
    """`left symbol right`.

    Raises: Refused with E0306 (operands), E0307 (division), E0706, E0707 or E0708 (bounds).
    """
    if symbol in ("==", "!="):
        equal = left == right and isinstance(left, bool) == isinstance(right, bool)
        return equal == (symbol == "==")
    if symbol in ("<", ">", "<=", ">="):
        if not (_is_number(left) and _is_number(right)):
            raise _misfit(symbol, left, right, "only numbers have an order")
        return _ORDER[symbol](left, right)
    if isinstance(left, Dims) or isinstance(right, Dims):
        return _per_axis(symbol, left, right, limits)
    if symbol == "+" and isinstance(left, tuple) and isinstance(right, tuple):
        return _bounded(left + right, limits)
    if symbol == "+" and type(left) is str and type(right) is str:
        return _bounded(left + right, limits)
    if not (_is_number(left) and _is_number(right)):
        raise _misfit(symbol, left, right, None)
    return _bounded(_number(symbol, left, right), limits)


def _misfit(symbol: str, left: object, right: object, help: str | None) -> Refused:
    return Refused("E0306", f"`{symbol}` does not fit {describe(left)} and {describe(right)}", help)


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
    "/": operator.truediv,
}


def _number(symbol: str, left: Any, right: Any) -> Any:
    if symbol in ("/", "//", "%") and right == 0:
        raise Refused("E0307", f"`{symbol}` by zero")
    if symbol == "/" and isinstance(left, int) and isinstance(right, int):
        if left % right:
            help = "use `//` to round down, or make one of them a float"
            raise Refused("E0307", f"{left} / {right} is not a whole number", help)
        return left // right
    try:
        return _ARITHMETIC[symbol](left, right)
    except OverflowError:
        raise Refused("E0706", "the number is too large") from None


def _per_axis(symbol: str, left: object, right: object, limits: Limits) -> Dims:
    rank = max(len(side) for side in (left, right) if isinstance(side, Dims))
    sides: list[tuple[int, ...]] = []
    for side in (left, right):
        if isinstance(side, int) and not isinstance(side, bool):
            sides.append((side,) * rank)
        elif isinstance(side, Dims) and len(side) == rank:
            sides.append(tuple(side))
        else:
            raise _misfit(symbol, left, right, "sizes take sizes of as many axes, or an int")
    extents = [_number(symbol, a, b) for a, b in zip(*sides, strict=True)]
    for extent in extents:
        if not isinstance(extent, int):
            raise _misfit(symbol, left, right, "sizes have whole numbers")
        _bounded(extent, limits)
    return Dims(extents)


def _bounded(value: object, limits: Limits) -> object:
    if isinstance(value, int) and not -limits.integer - 1 <= value <= limits.integer:
        raise Refused("E0706", "the number does not fit in 64 bits")
    if isinstance(value, float) and not math.isfinite(value):
        raise Refused("E0706", "the number is not finite")
    if isinstance(value, str) and len(value.encode(errors="surrogatepass")) > limits.string_bytes:
        raise Refused("E0707", f"the string is longer than {limits.string_bytes:,} bytes")
    if isinstance(value, tuple) and len(value) > limits.list_items:
        raise Refused("E0708", f"the list is longer than {limits.list_items:,} items")
    return value


def negative(value: object, limits: Limits) -> object:
    """`-value`, per axis for sizes.

    Raises: Refused if it is no number or size.
    """
    if isinstance(value, Dims):
        return Dims(-extent for extent in value)
    if not _is_number(value):
        raise Refused("E0306", f"`-` does not fit {describe(value)}")
    return _bounded(-value, limits)  # type: ignore[operator]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "round": round,
    "ceil": math.ceil,
    "floor": math.floor,
}


def call(name: str, values: list[Any], limits: Limits) -> object:
    """`min(a, b, ...)`, `max(a, b, ...)` (also of one list), `round(x)`, `ceil(x)`, `floor(x)`.

    Raises: Refused for another number of values, or values that are no numbers.
    """
    several = name in ("min", "max")
    if several and len(values) == 1 and isinstance(values[0], tuple):
        values = list(values[0])
    if not values or (not several and len(values) != 1):
        expected = "numbers, or one list of them" if several else "one number"
        raise Refused("E0303", f"`{name}` takes {expected}, found {len(values)}")
    for value in values:
        if not _is_number(value):
            raise Refused("E0304", f"`{name}` takes numbers, found {describe(value)}")
    return _bounded(FUNCTIONS[name](values if several else values[0]), limits)
