"""How an argument was computed, as a spec would write it, and whether two were computed alike."""

from __future__ import annotations

from collections.abc import Mapping

from inception_dsl.elaborate.values import show
from inception_dsl.ir.formula import Apply, Bound, Formula, InputChannels, Literal, Parameter

__all__ = ["computed_alike", "form_of", "show_bound"]

_INFIX = ("+", "-", "*", "/", "//", "%", "==", "!=", "<", "<=", ">", ">=")


def computed_alike(a: Bound | None, b: Bound | None, around: Mapping[str, str] | None) -> bool:
    """Whether two arguments have one formula; `around` has the new names of parameters that it
    may speak of, None where the arguments stand in no common definition.
    """
    if around is None or not a or not b or a.formula is None or b.formula is None:
        return False
    return _under(a.formula, around) == b.formula


def form_of(bound: Bound, positions: Mapping[str, int]) -> str | None:
    """The formula of an argument that depends on the call around it, else None.

    Parameters stand in it by their `positions`, so that their names make no difference.
    """
    if bound.formula is None or isinstance(bound.formula, Literal):
        return None
    renamed = {name: f"parameter {place}" for name, place in positions.items()}
    return _show(_under(bound.formula, renamed))


def show_bound(bound: Bound) -> str:
    """`n // 2` where the value depends on the call that it stands in, else the value."""
    return show(bound.value) if bound.formula is None else _show(bound.formula)


def _under(formula: Formula, renamed: Mapping[str, str]) -> Formula:
    """The formula with parameters under their new names."""
    if isinstance(formula, Parameter):
        return Parameter(renamed.get(formula.name, formula.name))
    if isinstance(formula, Apply):
        return Apply(formula.operator, tuple(_under(each, renamed) for each in formula.operands))
    return formula


def _show(formula: Formula) -> str:
    match formula:
        case Literal(value):
            return show(value)
        case Parameter(name):
            return name
        case InputChannels():
            return "input.channels"
        case Apply("list", operands):
            return f"[{', '.join(map(_show, operands))}]"
        case Apply("index", (items, index)):
            return f"{_inner(items)}[{_show(index)}]"
        case Apply(operator, (left, right)) if operator in _INFIX:
            return f"{_inner(left)} {operator} {_inner(right)}"
        case Apply("-", (operand,)):
            return f"-{_inner(operand)}"
        case Apply(function, operands):
            return f"{function}({', '.join(map(_show, operands))})"


def _inner(formula: Formula) -> str:
    """As an operand: sums and products in parentheses, so that none can be misread."""
    infix = isinstance(formula, Apply) and formula.operator in _INFIX
    return f"({_show(formula)})" if infix else _show(formula)
