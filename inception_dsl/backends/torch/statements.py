"""Statements and headings of a class as lines, laid out as ruff's formatter would lay them out."""

from __future__ import annotations

from collections.abc import Sequence

from inception_dsl.backends.torch.arguments import Argument
from inception_dsl.backends.torch.expressions import Binary, Call, Expr, Submodule, walk
from inception_dsl.backends.torch.printer import WIDTH, flat, literal, render

__all__ = ["assignment", "aux_module", "aux_output", "declaration", "heading"]

_BODY = "        "


def assignment(expr: Expr, before: str, comment: str = "", indent: int = 2) -> list[str]:
    """`x = expr  # comment`; the comment stands above where the line would be too long."""
    lines = render(expr, indent, before)
    if isinstance(expr, Binary) and (len(lines) > 1 or len(lines[0]) > WIDTH):
        lines = _long_sum(expr, before, indent)
    elif len(lines[0]) > WIDTH and len(inner := f"{_margin(indent + 1)}{flat(expr)}") <= WIDTH:
        lines = [f"{_margin(indent)}{before}(", inner, f"{_margin(indent)})"]
    if not comment:
        return lines
    behind = f"{lines[-1]}  # {comment}"
    if len(lines) == 1 and len(behind) > WIDTH:
        return [f"{_margin(indent)}# {comment}", *lines]
    return [*lines[:-1], behind]


def aux_module(segment: str, expr: Expr) -> list[str]:
    """`self.aux1 = Head(512) if aux else None`."""
    line = f"{_BODY}self.{segment} = {flat(expr)} if aux else None"
    if len(line) <= WIDTH:
        return [line]
    built = assignment(expr, f"self.{segment} = ", indent=3)
    return [f"{_BODY}self.{segment} = None", f"{_BODY}if aux:", *built]


def aux_output(target: str, expr: Expr) -> list[str]:
    """`aux1 = self.aux1(x) if self.training and self.aux1 is not None else None`."""
    module = next(part for part in walk(expr) if isinstance(part, Submodule))
    present = f"{flat(module)} is not None"
    line = f"{_BODY}{target} = {flat(expr)} if self.training and {present} else None"
    if len(line) <= WIDTH:
        return [line]
    condition = [f"{_BODY}if self.training and {present}:"]
    if len(condition[0]) > WIDTH:
        inner = [f"{_margin(3)}self.training", f"{_margin(3)}and {present}"]
        condition = [f"{_BODY}if (", *inner, f"{_BODY}):"]
    return [f"{_BODY}{target} = None", *condition, *assignment(expr, f"{target} = ", indent=3)]


def heading(name: str, parameters: Sequence[str], returned: str) -> list[str]:
    """`def name(self, ...) -> returned:`, one parameter a line where it is too long."""
    shown = ("self", *parameters)
    line = f"    def {name}({', '.join(shown)}) -> {returned}:"
    if len(line) <= WIDTH:
        return [line]
    inner = [f"{_BODY}{', '.join(shown)}"]
    if len(inner[0]) > WIDTH:
        inner = [line for parameter in shown for line in _long_parameter(f"{parameter},")]
    return [f"    def {name}(", *inner, f"    ) -> {returned}:"]


def declaration(parameter: Argument) -> str:
    """`stride: int = 1`."""
    kinds = dict.fromkeys(map(_kind, parameter.values))
    if "float" in kinds:
        kinds.pop("int", None)
    annotation = " | ".join(sorted(kinds, key=lambda kind: (kind == "None", kind[:5] == "tuple")))
    default = "" if parameter.default is ... else f" = {literal(parameter.default)}"
    return f"{parameter.name}: {annotation}{default}"


def _margin(indent: int) -> str:
    return "    " * indent


def _long_sum(expr: Binary, before: str, indent: int) -> list[str]:
    """A sum that is too long: broken inside a call at its end, else in parentheses."""
    if isinstance(expr.right, Call) and not isinstance(expr.left, Binary):
        lines = render(expr.right, indent, f"{before}{flat(expr.left)} {expr.operator} ")
        if len(lines[0]) <= WIDTH:
            return lines
    margin = _margin(indent)
    return [f"{margin}{before}(", *render(expr, indent + 1), f"{margin})"]


def _long_parameter(parameter: str) -> list[str]:
    if len(_BODY + parameter) <= WIDTH:
        return [_BODY + parameter]
    first, *others = parameter.split(" | ")
    return [_BODY + first, *(f"{_BODY}| {other}" for other in others)]


def _kind(value: object) -> str:
    if value is None:
        return "None"
    if isinstance(value, tuple):
        return f"tuple[{', '.join(map(_kind, value))}]" if value else "tuple[()]"
    return next(kind.__name__ for kind in (bool, int, float, str) if isinstance(value, kind))
