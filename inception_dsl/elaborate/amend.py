"""Edits of calls: which argument stands where, and how another value is written there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from inception_dsl.diagnostics import Edit
from inception_dsl.elaborate.build import Builder, Frame
from inception_dsl.elaborate.faults import Fault, Unknown
from inception_dsl.elaborate.lookup import named_operation
from inception_dsl.elaborate.values import OpValue
from inception_dsl.source import Span
from inception_dsl.syntax import tree
from inception_dsl.syntax.walk import children

__all__ = ["append", "argument_of_value", "arguments", "calls", "set_argument", "signature_of"]


def calls(node: tree.Node) -> Iterator[tree.Call]:
    """Every call that applies something within a node, in the order of the text."""
    for child in children(node):
        if isinstance(node, tree.Chain) and isinstance(child, tree.Call):
            yield child
        else:
            yield from calls(child)


def signature_of(call: tree.Call, frame: Frame) -> OpValue | None:
    """What the call calls, or None where that is not known."""
    try:
        return named_operation(call.name, frame.scope)
    except (Fault, Unknown):
        return None


def arguments(call: tree.Call, value: OpValue) -> dict[str, tree.Expr]:
    """The value written for each parameter in this very call."""
    free = [spec.name for spec in value.parameters if spec.name not in value.bound]
    found: dict[str, tree.Expr] = {}
    for argument, name in zip(call.arguments, [*free, *[""] * len(call.arguments)], strict=False):
        found[argument.keyword.text if argument.keyword else name] = argument.value
    return found


def argument_of_value(
    builder: Builder, call: tree.Call, value: OpValue, wanted: object, frame: Frame
) -> str | None:
    """The text of the argument that has this value, `filters` or `64`."""
    for expr in arguments(call, value).values():
        try:
            if builder.evaluator.value(expr, frame.scope) == wanted:
                return expr.span.text
        except (Fault, Unknown):
            continue
    return None


def set_argument(call: tree.Call, written: Mapping[str, Span], name: str, text: str) -> Edit:
    """The edit that gives the parameter `name` the value `text` in this call."""
    if name in written:
        return Edit(written[name], text)
    if call.arguments:
        end = call.arguments[-1].span.end
        return Edit(Span(call.span.source, end, end), f", {name}={text}")
    end = call.span.end - 1
    return Edit(Span(call.span.source, end, end), f"{name}={text}")


def append(span: Span, text: str) -> Edit:
    """The edit that writes `text` directly behind a span."""
    return Edit(Span(span.source, span.end, span.end), text)
