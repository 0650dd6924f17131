"""What would make the operands of `add`, `mul` or a residual agree, the likelier first."""

from __future__ import annotations

from collections.abc import Iterator

from inception_dsl.diagnostics import Edit
from inception_dsl.elaborate.amend import (
    append,
    argument_of_value,
    arguments,
    calls,
    signature_of,
)
from inception_dsl.elaborate.blame import causes, place
from inception_dsl.elaborate.build import Builder
from inception_dsl.elaborate.ends import Disagreement, End
from inception_dsl.elaborate.trial import Remedy, attempt
from inception_dsl.elaborate.windows import movers, shown, windows, works
from inception_dsl.ir.types import FeatureMap
from inception_dsl.source import Span
from inception_dsl.syntax import tree

__all__ = ["sum_remedies"]


def sum_remedies(builder: Builder, found: Disagreement) -> Iterator[Remedy]:
    """Changes after which the operands of `add`, `mul` or a residual have one shape."""
    for end, target in _sides(builder, found):
        for remedy in _brought(builder, found, end, target):
            if works(builder, found, remedy.edits):
                yield remedy


def _sides(builder: Builder, found: Disagreement) -> list[tuple[End, FeatureMap]]:
    """Which side to bring to which shape: the shortcut, or what passes its input on, first."""
    odd = found.odd
    if len(odd) != 1:
        return []
    usual = next(end for end in found.ends if not found.axes(end.map))
    if len(found.ends) > 2:
        return [(odd[0], usual.map)]
    pairs = [(odd[0], usual.map), (usual, odd[0].map)]
    if isinstance(found.link, tree.Residual):
        widened = found.link.body.statements[-1:]
        joined = any(isinstance(s, tree.Apply) and _combines(s.chain) for s in widened)
        return pairs if joined and usual.map.grid == odd[0].map.grid else pairs[::-1]
    pairs.sort(key=lambda pair: bool(_movers_of_channels(builder, found, pair[0])))
    return pairs


def _combines(chain: tree.Chain) -> bool:
    """Whether it ends where branches meet, as the body of an Inception-ResNet module does."""
    return isinstance(chain.links[-1], tree.Combine)


def _brought(
    builder: Builder, found: Disagreement, end: End, target: FeatureMap
) -> Iterator[Remedy]:
    """Ways to bring one side to a shape."""
    other = next(e for e in found.ends if e.map == target)
    if end.map.grid != target.grid and end.map.channels == target.channels:
        yield from windows(builder, found, end, target)
        yield from windows(builder, found, other, end.map)
    if end.map.grid == target.grid:
        yield from _filters(builder, found, end, other)
    for text in _projections(builder, found, end, other):
        if end.body is not None and not end.body.statements and end.body.span.text[:1] == "{":
            start = end.body.span.start + 1
            edit = Edit(Span(end.body.span.source, start, start), f" {text}")
            yield Remedy(f"{_side(found, end)} needs a projection: `{text}`", (edit,))
        elif isinstance(found.link, tree.Residual) and end.body is None:
            edit = append(found.link.body.span, f" shortcut {{ {text} }}")
            yield Remedy(f"the shortcut needs a projection: `shortcut {{ {text} }}`", (edit,))
        elif end.tail:
            edit = append(end.tail, f" -> {text}")
            yield Remedy(f"{_side(found, end)} needs a projection: `-> {text}`", (edit,))
    yield from windows(builder, found, other, end.map)


def _side(found: Disagreement, end: End) -> str:
    if isinstance(found.link, tree.Residual):
        return "the shortcut" if end is found.ends[0] else "the residual"
    return f"branch {found.ends.index(end) + 1}"


def _movers_of_channels(builder: Builder, found: Disagreement, end: End) -> list[tree.Call]:
    """The call of a branch that set its channels."""
    if end.body is None or end.tensor.node is None:
        return []
    places = [
        place(cause.node.origin, found.frame)
        for cause in causes(builder.graph, end.tensor.node, [0])
    ]
    return [call for call in calls(end.body) if call.span in places]


def _channels(builder: Builder, found: Disagreement, end: End) -> str:
    """The channels of a side as its author wrote them, `filters`, or as a number."""
    entered = found.frame.scope.input
    if found.frame.entered and entered and end.tensor.node == entered.node:
        return "input.channels"
    for call in _movers_of_channels(builder, found, end):
        value = signature_of(call, end.frame)
        text = value and argument_of_value(builder, call, value, end.map.channels, end.frame)
        if text:
            return text
    return str(end.map.channels)


def _filters(builder: Builder, found: Disagreement, end: End, other: End) -> Iterator[Remedy]:
    """As many filters as the other side has, where this one set its channels."""
    for call in _movers_of_channels(builder, found, end):
        value = signature_of(call, end.frame)
        text = _channels(builder, found, other)
        for name, expr in arguments(call, value).items() if value else ():
            if expr.span.text == _channels(builder, found, end):
                yield Remedy(f"use `{name}={text}` in {shown(call)}", (Edit(expr.span, text),))


def _projections(builder: Builder, found: Disagreement, end: End, other: End) -> Iterator[str]:
    """Calls that may turn the shape of one side into that of the other."""
    channels, rank = _channels(builder, found, other), other.map.rank
    if not rank:
        yield f"linear({channels})"
        return
    one = "x".join(["1"] * rank)
    steps = [""]
    if end.map.grid != other.map.grid:
        steps = [f", stride={text}" for text in (*_stride(builder, found, other), "2", "3", "4")]
    names = [f"conv{rank}d"] if rank <= 3 else []
    for call in _movers_of_channels(builder, found, other):
        if call.name.text not in names and not _activates(builder, found, call, end):
            names.insert(0, call.name.text)
    yield from (f"{name}({channels}, {one}{step})" for name in names for step in steps)


def _stride(builder: Builder, found: Disagreement, end: End) -> Iterator[str]:
    """The stride that set a side's grid, as its author wrote it."""
    for call in movers(builder, found, end):
        value = signature_of(call, end.frame)
        expr = arguments(call, value).get("stride") if value else None
        if expr:
            yield expr.span.text


def _activates(builder: Builder, found: Disagreement, call: tree.Call, end: End) -> bool:
    """Whether the layer ends in an activation, which a projection has none of."""
    node = attempt(builder, call.span.text, end.tensor, found.frame)
    return node is None or node.op.kind == "activation"
