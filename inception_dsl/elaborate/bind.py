"""Arguments to parameters, for operations (the fields of a dataclass) and definitions alike."""

from __future__ import annotations

from collections.abc import Callable

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.diagnostics.suggest import nearest, suggestion
from inception_dsl.elaborate.faults import Fault, Unknown
from inception_dsl.elaborate.scopes import Scope
from inception_dsl.elaborate.values import WORDS, OpValue, coerce, describe
from inception_dsl.ir.formula import Bound
from inception_dsl.ir.op import ParameterSpec
from inception_dsl.source import Span
from inception_dsl.syntax import tree

__all__ = ["bind", "missing", "show_signature"]

Evaluate = Callable[[tree.Expr, Scope], Bound]
Report = Callable[[Diagnostic], None]


def bind(
    value: OpValue,
    arguments: tuple[tree.Argument, ...],
    scope: Scope,
    evaluate: Evaluate,
    report: Report,
) -> OpValue:
    """`value` with these arguments bound as well.

    Positional ones fill the parameters that bound ones left free, a keyword overrides a bound one.
    Each wrong argument is reported, and its parameter has the value `Unknown`.
    """
    specs = {spec.name: spec for spec in value.parameters}
    free = [name for name in specs if name not in value.bound]
    bound, spans = dict(value.bound), dict(value.spans)
    given: dict[str, Span] = {}
    for argument in arguments:
        spec = _parameter(value, argument, specs, free, given, report)
        if spec is None:
            meant = nearest(argument.keyword.text, specs) if argument.keyword else None
            if meant:
                bound.setdefault(meant, Bound(Unknown))
            continue
        given[spec.name] = argument.span
        spans[spec.name] = argument.value.span
        bound[spec.name] = _value(spec, argument.value, scope, evaluate, report)
    return OpValue(value.target, {name: bound[name] for name in specs if name in bound}, spans)


def _parameter(
    value: OpValue,
    argument: tree.Argument,
    specs: dict[str, ParameterSpec],
    free: list[str],
    given: dict[str, Span],
    report: Report,
) -> ParameterSpec | None:
    """The parameter that an argument fills, or None after a report."""
    help = f"`{show_signature(value)}`"
    keyword = argument.keyword
    if keyword is None:
        while free and free[0] in given:
            free.pop(0)
        if free:
            return specs[free.pop(0)]
        message = f"`{value.name}` takes {_count(len(specs))}"
        report(Diagnostic("E0303", message, argument.span, "one too many", help=help))
        return None
    if keyword.text not in specs:
        message = f"`{value.name}` has no parameter `{keyword.text}`"
        near = suggestion(keyword.text, specs)
        report(Diagnostic("E0301", message, keyword.span, "not a parameter", help=near or help))
        return None
    if keyword.text in given:
        message = f"`{keyword.text}` is given twice"
        report(Diagnostic("E0303", message, argument.span, "the second time", help=help))
        return None
    return specs[keyword.text]


def _count(number: int) -> str:
    return {0: "no arguments", 1: "one argument"}.get(number, f"at most {number} arguments")


def _value(
    spec: ParameterSpec, expr: tree.Expr, scope: Scope, evaluate: Evaluate, report: Report
) -> Bound:
    try:
        found = evaluate(expr, scope)
    except Fault as fault:
        report(fault.diagnostic)
        return Bound(Unknown)
    except Unknown:
        return Bound(Unknown)
    if (
        found.value is None
        and isinstance(spec.default, tree.Literal)
        and spec.default.value is None
    ):
        return found
    try:
        return Bound(coerce(found.value, spec.type, spec.words), found.formula)
    except TypeError:
        expected = " or ".join(f"`{word}`" for word in spec.words) or _EXPECTED.get(
            spec.type, spec.type
        )
        quoted = isinstance(found.value, str) and found.value in WORDS
        help = f"write `{found.value}` without quotes" if quoted else None
        label = f"found {describe(found.value)}"
        message = f"`{spec.name}` takes {expected}"
        report(Diagnostic("E0304", message, expr.span, label, help=help))
        return Bound(Unknown)


_EXPECTED = {
    "int": "an int",
    "float": "a number",
    "bool": "`true` or `false`",
    "size": "a size such as `3x3`, or an int",
    "string": "a string",
    "op": "an operation such as `avg_pool`",
    "padding": "`valid`, `same`, `same_upper`, `same_lower`, an int, a size or a list of amounts",
    "shape": "a list such as `[64, 7, 7]`",
    "list": "a list",
}


def missing(value: OpValue) -> list[str]:
    """The parameters that still need a value."""
    return [
        spec.name for spec in value.parameters if spec.required and spec.name not in value.bound
    ]


def show_signature(value: OpValue) -> str:
    """`conv(filters: int, kernel: size, stride: size = 1)`."""
    shown = []
    for spec in value.parameters:
        typed = (
            spec.name if spec.type == "any" else f"{spec.name}: {'|'.join(spec.words) or spec.type}"
        )
        shown.append(typed if spec.required else f"{typed} = {spec.shown}")
    return f"{value.name}({', '.join(shown)})"
