"""What each role promises, held at every call."""

from __future__ import annotations

from inception_dsl.diagnostics import Diagnostic, Label
from inception_dsl.elaborate.build import Builder, Frame
from inception_dsl.elaborate.units import DefinitionRef
from inception_dsl.elaborate.values import Tensor
from inception_dsl.ir.regions import Region
from inception_dsl.ir.types import FeatureMap
from inception_dsl.source import Span

__all__ = ["check_heads", "check_role", "check_stem"]


def check_role(
    builder: Builder,
    definition: DefinitionRef,
    operand: Tensor,
    result: Tensor,
    span: Span,
    frame: Frame,
) -> None:
    """Report a module that changes the grid, or a reduction that does not reduce it."""
    if operand.map is None or result.map is None:
        return
    role, name = definition.tree.role, definition.name
    problem = None
    if role == "module" and operand.map.grid != result.map.grid:
        problem = (
            "a module keeps the grid",
            f"declare `{name}` a `reduction` or a `block`, or use stride 1 and `same` padding",
        )
    elif role == "reduction" and not _reduces(operand.map, result.map):
        problem = (
            "a reduction shrinks the grid and grows no axis",
            f"declare `{name}` a `module` or a `block`, or give each branch a stride",
        )
    if problem:
        expected, help = problem
        message = f"{role} `{name}` turns {_grid(operand.map)} into {_grid(result.map)}"
        declared = Label(definition.tree.name.span, f"declared a {role} here")
        builder.report(Diagnostic("E0502", message, span, expected, (declared,), (), help), frame)


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
