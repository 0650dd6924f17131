"""What each role promises, held at every call."""

from __future__ import annotations

from inception_dsl.diagnostics import Diagnostic, Label
from inception_dsl.elaborate.build import Builder, Frame
from inception_dsl.elaborate.units import DefinitionRef
from inception_dsl.elaborate.values import Tensor
from inception_dsl.ir.regions import Region
from inception_dsl.ir.types import FeatureMap
from inception_dsl.source import Span

__all__ = ["check_heads", "check_stem", "keeps_role"]


def keeps_role(
    builder: Builder, ref: DefinitionRef, operand: Tensor, result: Tensor, span: Span, frame: Frame
) -> bool:
    """Whether a module kept the grid and a reduction shrank it; reported if not."""
    if operand.map is None or result.map is None:
        return True
    role, name = ref.tree.role, ref.name
    if role == "module" and operand.map.grid != result.map.grid:
        expected, others = "a module keeps the grid", "`reduction` or a `block`"
        change = "use stride 1 and `same` padding"
    elif role == "reduction" and not _reduces(operand.map, result.map):
        expected, others = "a reduction shrinks the grid and grows no axis", "`module` or a `block`"
        change = "give each branch a stride"
    else:
        return True
    message = f"{role} `{name}` turns {_grid(operand.map)} into {_grid(result.map)}"
    declared = (Label(ref.tree.name.span, f"declared a {role} here"),)
    help = f"declare `{name}` a {others}, or {change}"
    builder.report(Diagnostic("E0502", message, span, expected, declared, (), help), frame)
    return False


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
