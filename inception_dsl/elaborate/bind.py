"""Arguments to parameters, for operations (the fields of a dataclass) and definitions alike."""

from __future__ import annotations

from collections.abc import Callable

from inception_dsl.diagnostics import Diagnostic, Edit, Note
from inception_dsl.diagnostics.suggest import correction
from inception_dsl.elaborate.faults import Fault, Unknown
from inception_dsl.elaborate.scopes import Scope
from inception_dsl.elaborate.values import WORDS, OpValue, coerce, describe
from inception_dsl.ir.formula import Bound
from inception_dsl.ir.op import ParameterSpec
from inception_dsl.ir.types import Word
from inception_dsl.syntax import tree

__all__ = ["bind", "missing", "show_signature", "signature_note"]

MOST_WRONG = 10
"""Wrong arguments of one call that are reported; those behind one too many are not."""

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

    Raises: Unknown where two parameters have one name.
    """
    signature = value.signature
    specs = signature.by_name
    if len(specs) < len(signature.parameters):  # a name is bound twice: that is reported already
        raise Unknown
    if not arguments:
        return value
    bound, spans = dict(value.bound), dict(value.spans)
    given: set[str] = set()
    free = (name for name in specs if name not in value.bound)
    wrong, named = 0, False
    for argument in arguments:
        if named and argument.keyword is None:  # which is reported where names are resolved
            wrong += 1
            break
        named = argument.keyword is not None
        name = argument.keyword.text if argument.keyword else next(free, "")
        spec = None if name in given else specs.get(name)
        if spec is None:
            report(_unplaced(value, argument, specs))
            wrong += 1
            if argument.keyword is None or wrong == MOST_WRONG:
                break
            continue
        given.add(name)
        spans[name] = argument.value.span
        try:
            bound[name] = _value(spec, argument.value, scope, evaluate, report)
        except TypeError:
            bound[name] = Bound(Unknown)
            found = evaluate(argument.value, scope).value
            meant = _shifted(value, spec, argument, arguments, found)
            if meant:
                wrong += 1
                report(_skipped(value, spec, argument.value, found, meant))
                break
            exchange = _exchange(value, arguments, argument, scope, evaluate)
            report(_misfit(value, spec, argument.value, found, exchange))
    if wrong:  # whatever it was meant for, the call is not known any more
        bound |= {name: Bound(Unknown) for name in specs}
    return OpValue(value.target, {name: bound[name] for name in specs if name in bound}, spans)


def _unplaced(
    value: OpValue, argument: tree.Argument, specs: dict[str, ParameterSpec]
) -> Diagnostic:
    """An argument that no parameter is left for."""
    keyword, notes = argument.keyword, signature_note(value)
    if keyword is None:
        message = f"`{value.name}` takes {_count(len(specs))}"
        return Diagnostic("E0303", message, argument.span, "one too many", notes=notes)
    if keyword.text in specs:
        message = f"`{keyword.text}` is given twice"
        return Diagnostic("E0303", message, argument.span, "the second time", notes=notes)
    message, label = f"`{value.name}` has no parameter `{keyword.text}`", "not a parameter"
    near, fix = correction(keyword.text, keyword.span, specs)
    return Diagnostic("E0301", message, keyword.span, label, notes=notes, help=near, fix=fix)


def _count(number: int) -> str:
    return {0: "no arguments", 1: "one argument"}.get(number, f"at most {number} arguments")


def _value(
    spec: ParameterSpec, expr: tree.Expr, scope: Scope, evaluate: Evaluate, report: Report
) -> Bound:
    """The value as the parameter takes it; other mistakes in it are reported.

    Raises: TypeError where the type does not fit.
    """
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
    value = coerce(found.value, spec.type, spec.words)
    return found if value is found.value else Bound(value, found.formula)


def _misfit(
    value: OpValue, spec: ParameterSpec, expr: tree.Expr, found: object, exchange: tree.Expr | None
) -> Diagnostic:
    """A value of the wrong type, with what the parameter takes."""
    words = " or ".join(f"`{word}`" for word in spec.words)
    message = f"`{spec.name}` takes {words or _EXPECTED.get(spec.type, spec.type)}"
    help, fix = None, tuple[Edit, ...]()
    if isinstance(found, str) and found in WORDS and not isinstance(found, Word):
        help, fix = f"write `{found}` without quotes", (Edit(expr.span, found),)
    elif exchange:
        help = f"swap `{expr.span.text}` and `{exchange.span.text}`"
        fix = (Edit(expr.span, exchange.span.text), Edit(exchange.span, expr.span.text))
    label, notes = f"found {describe(found)}", signature_note(value)
    return Diagnostic("E0304", message, expr.span, label, notes=notes, help=help, fix=fix)


def _shifted(
    value: OpValue,
    spec: ParameterSpec,
    wrong: tree.Argument,
    arguments: tuple[tree.Argument, ...],
    found: object,
) -> ParameterSpec | None:
    """The next parameter, if too few arguments were given and the wrong one fits it."""
    named = {argument.keyword.text for argument in arguments if argument.keyword}
    needed = [s for s in value.parameters if s.required and s.name not in {*value.bound, *named}]
    placed = sum(argument.keyword is None for argument in arguments)
    if wrong.keyword or placed >= len(needed) or spec not in needed[:-1]:
        return None
    following = needed[needed.index(spec) + 1]
    try:
        coerce(found, following.type, following.words)
    except TypeError:
        return None
    return following


def _skipped(
    value: OpValue, spec: ParameterSpec, expr: tree.Expr, found: object, fits: ParameterSpec
) -> Diagnostic:
    message = f"`{value.name}` needs `{spec.name}`"
    label = f"{describe(found)} is for `{fits.name}`, behind it"
    return Diagnostic("E0302", message, expr.span, label, notes=signature_note(value))


def _exchange(
    value: OpValue,
    arguments: tuple[tree.Argument, ...],
    wrong: tree.Argument,
    scope: Scope,
    evaluate: Evaluate,
) -> tree.Expr | None:
    """The positional argument with which a wrong one fits if both change places."""
    free = [spec for spec in value.parameters if spec.name not in value.bound]
    placed = [*zip(free, (a for a in arguments if a.keyword is None), strict=False)]
    own = next((spec for spec, argument in placed if argument is wrong), None)
    for spec, argument in placed if own else ():
        if argument is wrong:
            continue
        try:
            coerce(evaluate(argument.value, scope).value, own.type if own else "", ())
            coerce(evaluate(wrong.value, scope).value, spec.type, spec.words)
            return argument.value
        except (Fault, TypeError, Unknown):
            continue
    return None


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
    return [name for name in value.signature.required if name not in value.bound]


def signature_note(value: OpValue) -> tuple[Note, ...]:
    """The signature with types and defaults, for whoever got an argument wrong."""
    return (Note(f"signature: `{show_signature(value)}`"),)


def show_signature(value: OpValue) -> str:
    """`conv(filters: int, kernel: size, stride: size = 1)`."""
    shown = []
    for spec in value.parameters:
        typed = (
            spec.name if spec.type == "any" else f"{spec.name}: {'|'.join(spec.words) or spec.type}"
        )
        shown.append(typed if spec.required else f"{typed} = {spec.shown}")
    return f"{value.name}({', '.join(shown)})"
