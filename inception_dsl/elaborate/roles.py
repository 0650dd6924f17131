"""What each role promises, held at every call."""

from __future__ import annotations

from inception_dsl.diagnostics import Diagnostic, Edit, Label
from inception_dsl.elaborate.blame import causes, join_labels, place
from inception_dsl.elaborate.build import Builder, Frame
from inception_dsl.elaborate.units import DefinitionRef
from inception_dsl.elaborate.values import Tensor
from inception_dsl.ir.regions import Region
from inception_dsl.ir.types import FeatureMap
from inception_dsl.source import Span

__all__ = ["check_heads", "check_stem", "kept_role"]


def kept_role(
    builder: Builder, ref: DefinitionRef, operand: Tensor, result: Tensor, inner: Frame
) -> Tensor:
    """Report a module that does not keep the grid, a reduction that does not shrink it.

    The fault is that of the definition, whose body `inner` is the frame of: once for all its uses.
    Returns the result, after a fault a guess at what was meant.
    """
    if operand.map is None or result.map is None:
        return result
    role, name = ref.tree.role, ref.name
    if role == "module" and operand.map.grid != result.map.grid:
        expected, other = "a module keeps the grid", "reduction"
        fits = _reduces(operand.map, result.map)
        change = "use stride 1 and `same` padding"
    elif role == "reduction" and not _reduces(operand.map, result.map):
        expected, other = "a reduction shrinks the grid and grows no axis", "module"
        fits = operand.map.grid == result.map.grid
        change = "give each branch a stride"
    else:
        return result
    meant = FeatureMap(result.map.channels, operand.map.grid) if role == "module" else result.map
    name_span = ref.tree.name.span
    if builder.repeats("E0502", name_span, inner) or operand.guessed or result.guessed:
        return builder.stand_in(meant, name_span, inner, guessed=True)
    message = f"{role} `{name}` turns {_grid(operand.map)} into {_grid(result.map)}"
    other = other if fits else "block"
    help = f"declare it a `{other}`, or {change}"
    labels, fix = _movers(builder, result, inner), _declared(ref, other)
    builder.report(Diagnostic("E0502", message, name_span, expected, labels, (), help, fix), inner)
    return builder.stand_in(meant, name_span, inner, guessed=True)


def _declared(ref: DefinitionRef, role: str) -> tuple[Edit, ...]:
    """The edit of the word before the definition's name."""
    span = ref.tree.name.span
    head = span.source.text[: span.start].rstrip()
    start = len(head) - len(ref.tree.role)
    return (
        (Edit(Span(span.source, start, len(head)), role),) if head[start:] == ref.tree.role else ()
    )


def _movers(builder: Builder, result: Tensor, inner: Frame) -> tuple[Label, ...]:
    """Where in the body the grid was set; nothing in a trial."""
    axes = range(1, result.map.rank + 1) if result.map and builder.explains else ()
    found = causes(builder.graph, result.node, axes) if result.node else []
    places = ((place(cause.node.origin, inner), str(cause)) for cause in found)
    return join_labels(Label(span, text) for span, text in places if span)


def _reduces(before: FeatureMap, after: FeatureMap) -> bool:
    if before.rank != after.rank:
        return False
    pairs = list(zip(before.grid, after.grid, strict=True))
    return all(b >= a for b, a in pairs) and any(b > a for b, a in pairs)


def _grid(map: FeatureMap) -> str:
    return "x".join(str(extent) for extent in map.grid) if map.grid else "a vector"


def check_stem(builder: Builder, span: Span, operand: Tensor, frame: Frame) -> None:
    """Report a stem that does not start at the network's input."""
    if operand.known and operand.node != builder.graph.input:
        message = "a stem starts at the network's input"
        help = "move it to the front, or make it a `stage` or a `block`"
        builder.report(
            Diagnostic("E0505", message, span, "something stands before it", help=help), frame
        )


def check_heads(builder: Builder, frame: Frame) -> None:
    """Report heads that are not the last on their path."""
    for region in builder.heads:
        inside = set(region.nodes())
        reader = _reader_outside(builder, region, inside)
        if reader:
            message = "a head is the last on its path"
            help = "move what follows into the head, or make it a `stage` or a `block`"
            label = Label(reader, "its output is read here")
            record = Diagnostic(
                "E0505", message, region.origin.span, "something follows it", (label,), (), help
            )
            builder.report(record, frame)


def _reader_outside(builder: Builder, region: Region, inside: set[str]) -> Span | None:
    for output in region.outputs:
        if output in inside:
            for reader in builder.graph.readers(output):
                if reader not in inside:
                    return builder.graph[reader].origin.span
    return None
