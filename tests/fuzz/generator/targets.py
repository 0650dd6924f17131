"""Random expressions that come out as a wanted value in a scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from tests.fuzz.generator import expressions as ex
from tests.fuzz.generator.expressions import Expr
from tests.fuzz.generator.scopes import Scope
from tests.fuzz.generator.values import Misfit, OpValue, Size, kind_of, written

__all__ = ["expression", "truth"]

_Maker = Callable[[Random, Scope, Any, int], Expr | None]


def expression(rng: Random, scope: Scope, value: Any, depth: int = 2) -> Expr:
    """An expression for the value: often the literal, else something that computes it.

    Raises: Misfit for an operation that has no name here.
    """
    if value is None:
        return ex.literal(None)
    if isinstance(value, OpValue):
        return _operation(rng, scope, value)
    if depth and rng.random() < 0.5:
        maker = rng.choice(_GENERAL + _OF_KIND.get(kind_of(value), []))
        try:
            made = maker(rng, scope, value, depth - 1)
            if made:
                found = made.value(scope)
                if found == value and type(found) is type(value):
                    return ex.parenthesised(made) if rng.random() < 0.05 else made
        except Misfit:
            pass
    return ex.literal(value)


def _operation(rng: Random, scope: Scope, value: OpValue) -> Expr:
    made = _named(rng, scope, value, 0) if rng.random() < 0.5 else None
    if made is None:
        names = [value.target] if isinstance(value.target, str) else []
        names += [n for n, known in scope.library.definitions.items() if known is value.target]
        if not names:
            raise Misfit
        inside = [f"{key}={written(each)}" for key, each in value.bound.items()]
        text = f"{names[0]}({', '.join(inside)})" if inside or rng.random() < 0.2 else names[0]
        bound = value.bound
        made = Expr(text, lambda scope: _rebound(scope.value(names[0]), bound))
    if made.value(scope) != value:
        raise Misfit
    return made


def _rebound(op: Any, bound: Mapping[str, Any]) -> OpValue:
    if not isinstance(op, OpValue):
        raise Misfit
    return OpValue(op.target, {**op.bound, **bound})


def truth(rng: Random, scope: Scope, value: bool, depth: int = 2) -> Expr:
    """A condition that holds, or one that does not."""
    made = expression(rng, scope, value, depth)
    return made if made.text not in ("true", "false") else _comparison(rng, scope, value, depth)


def _named(rng: Random, scope: Scope, value: Any, depth: int) -> Expr | None:
    same = [
        name
        for name, known in scope.known_values().items()
        if type(known) is type(value) and known == value
    ]
    return ex.name(rng.choice(same)) if same else None


def _chosen(rng: Random, scope: Scope, value: Any, depth: int) -> Expr:
    held = rng.random() < 0.5
    wanted, other = expression(rng, scope, value, depth), _other(rng, scope, value)
    then, otherwise = (wanted, other) if held else (other, wanted)
    return ex.conditional(truth(rng, scope, held, depth), then, otherwise)


def _indexed(rng: Random, scope: Scope, value: Any, depth: int) -> Expr:
    for name, known in scope.known_values().items():
        if type(known) in (tuple, Size) and value in known and rng.random() < 0.7:
            position = expression(rng, scope, known.index(value), depth)
            return ex.index(ex.name(name), position)
    place, length = rng.randrange(3), 3
    items = [
        expression(rng, scope, value, depth) if i == place else _other(rng, scope, value)
        for i in range(length)
    ]
    position = expression(rng, scope, place, depth)
    return ex.index(ex.listed(items, comma=rng.random() < 0.2), position)


def _other(rng: Random, scope: Scope, value: Any) -> Expr:
    """A value of the same type, whose only role is not to be taken."""
    match value:
        case bool():
            return ex.literal(not value)
        case int():
            return ex.literal(value + rng.randint(1, 9))
        case float():
            return ex.literal(value / 2)
        case _:
            return ex.literal(value)


_GENERAL: list[_Maker] = [_named, _named, _named, _chosen, _indexed]


def _sum(rng: Random, scope: Scope, value: int, depth: int) -> Expr:
    part = _known_number(rng, scope)
    symbol = "+" if part <= value else "-"
    left, right = (part, value - part) if symbol == "+" else (part, part - value)
    if symbol == "+" and rng.random() < 0.5:
        left, right = right, left
    return _of_two(rng, scope, symbol, left, right, depth)


def _product(rng: Random, scope: Scope, value: int, depth: int) -> Expr | None:
    divisors = [n for n in range(1, abs(value) + 1) if value % n == 0]
    if not divisors:
        return None
    part = rng.choice(divisors)
    return _of_two(rng, scope, "*", part, value // part, depth)


def _quotient(rng: Random, scope: Scope, value: int, depth: int) -> Expr:
    by = rng.randint(1, 5)
    if rng.random() < 0.4:
        return _of_two(rng, scope, "/", value * by, by, depth)
    return _of_two(rng, scope, "//", value * by + rng.randrange(by), by, depth)


def _remainder(rng: Random, scope: Scope, value: int, depth: int) -> Expr | None:
    if value < 0:
        return None
    by = value + rng.randint(1, 6)
    return _of_two(rng, scope, "%", value + by * rng.randint(0, 3), by, depth)


def _rounded(rng: Random, scope: Scope, value: int, depth: int) -> Expr:
    function, shift = rng.choice(
        (("round", 0.25), ("round", -0.25), ("ceil", -0.5), ("floor", 0.5))
    )
    return ex.call(function, expression(rng, scope, value + shift, depth))


def _extreme(rng: Random, scope: Scope, value: int, depth: int) -> Expr:
    function, step = rng.choice((("min", 1), ("max", -1)))
    others = [value + step * rng.randint(0, 5) for _ in range(rng.randint(0, 2))]
    items = [expression(rng, scope, each, depth) for each in [value, *others]]
    rng.shuffle(items)
    return ex.call(function, ex.listed(items)) if rng.random() < 0.3 else ex.call(function, *items)


def _extent(rng: Random, scope: Scope, value: int, depth: int) -> Expr | None:
    names = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
    same = []
    for name, tensor in scope.known_tensors().items():
        fields = ("channels", *names.get(len(tensor.shape) - 1, ()))
        same += [
            (name, field)
            for field, size in zip(fields, tensor.shape, strict=False)
            if size == value or field == "channels"
        ]
    if not same:
        return None
    name, field = rng.choice(same)
    made = ex.attribute(name, field)
    found = made.value(scope)
    if found < value:
        return ex.binary("+", made, expression(rng, scope, value - found, depth))
    if found > value > 0 and found % value == 0:
        return ex.binary("//", made, expression(rng, scope, found // value, depth))
    return made


def _negated(rng: Random, scope: Scope, value: float, depth: int) -> Expr:
    return ex.negative(expression(rng, scope, -value, depth))


def _spelled_whole(rng: Random, scope: Scope, value: int, depth: int) -> Expr | None:
    return ex.spelled(f"{value:_}", value) if value >= 1000 else None


def _of_size(rng: Random, scope: Scope, value: int, depth: int) -> Expr | None:
    if value < 0:
        return None
    size = Size((value, rng.randint(1, 9)) if rng.random() < 0.5 else (rng.randint(1, 9), value))
    return ex.index(ex.literal(size), ex.literal(0 if size[0] == value else 1))


def _float_sum(rng: Random, scope: Scope, value: float, depth: int) -> Expr:
    symbol, part = rng.choice((("+", 0.5), ("-", 0.25), ("*", 2.0), ("/", 4)))
    left = {"+": value - part, "-": value + part, "*": value / part, "/": value * part}[symbol]
    return _of_two(rng, scope, symbol, left, part, depth)


def _spelled_float(rng: Random, scope: Scope, value: float, depth: int) -> Expr | None:
    text = f"{value:e}"
    return ex.spelled(text, value) if value >= 0 and float(text) == value else None


def _comparison(rng: Random, scope: Scope, value: bool, depth: int) -> Expr:
    a, b = _known_number(rng, scope), rng.randint(0, 12)
    tests = {"==": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}
    symbol = rng.choice([symbol for symbol, held in tests.items() if held == value])
    return _of_two(rng, scope, symbol, a, b, depth)


def _same_value(rng: Random, scope: Scope, value: bool, depth: int) -> Expr | None:
    known = scope.known_values()
    names = [name for name, each in known.items() if not isinstance(each, OpValue)]
    if not names:
        return None
    name = rng.choice(names)
    return ex.binary("==" if value else "!=", ex.name(name), ex.literal(known[name]))


def _logic(rng: Random, scope: Scope, value: bool, depth: int) -> Expr:
    symbol = rng.choice(("and", "or"))
    free = rng.random() < 0.5
    a, b = (
        (value, value) if value == (symbol == "and") else rng.choice(((value, free), (free, value)))
    )
    return ex.binary(symbol, truth(rng, scope, a, depth), truth(rng, scope, b, depth))


def _not(rng: Random, scope: Scope, value: bool, depth: int) -> Expr:
    return ex.negation(truth(rng, scope, not value, depth))


def _per_axis(rng: Random, scope: Scope, value: Size, depth: int) -> Expr | None:
    part = Size(rng.randint(0, n) if n > 0 else n for n in value)
    rest = Size(n - m for n, m in zip(value, part, strict=True))
    if min(part) < 0 or min(rest) < 0:
        return None
    if len(set(rest)) == 1 and rng.random() < 0.5:
        return ex.binary("+", expression(rng, scope, part, depth), ex.literal(rest[0]))
    return _of_two(rng, scope, "+", part, rest, depth)


def _scaled_size(rng: Random, scope: Scope, value: Size, depth: int) -> Expr:
    by = rng.randint(1, 3)
    if all(n % by == 0 for n in value) and rng.random() < 0.6:
        part = Size(n // by for n in value)
        return ex.binary("*", ex.literal(by), expression(rng, scope, part, depth))
    scaled = Size(n * by for n in value)
    return ex.binary("//", expression(rng, scope, scaled, depth), ex.literal(by))


def _joined(rng: Random, scope: Scope, value: Any, depth: int) -> Expr:
    cut = rng.randint(0, len(value))
    return _of_two(rng, scope, "+", value[:cut], value[cut:], depth)


def _listed(rng: Random, scope: Scope, value: tuple[Any, ...], depth: int) -> Expr:
    items = [expression(rng, scope, item, depth) for item in value]
    return ex.listed(items, comma=rng.random() < 0.2)


def _of_two(rng: Random, scope: Scope, symbol: str, left: Any, right: Any, depth: int) -> Expr:
    return ex.binary(
        symbol, expression(rng, scope, left, depth), expression(rng, scope, right, depth)
    )


def _known_number(rng: Random, scope: Scope) -> int:
    known = [n for n in scope.known_values().values() if type(n) is int]
    return rng.choice(known) if known and rng.random() < 0.8 else rng.randint(0, 12)


_OF_KIND: dict[str, list[_Maker]] = {
    "int": [
        _sum, _product, _quotient, _remainder, _rounded, _extreme, _extent, _extent, _negated,
        _spelled_whole, _of_size,
    ],
    "float": [_float_sum, _spelled_float, _negated],
    "bool": [_comparison, _same_value, _logic, _not],
    "size": [_per_axis, _scaled_size],
    "string": [_joined],
    "list": [_joined, _listed, _listed],
}  # fmt: skip
