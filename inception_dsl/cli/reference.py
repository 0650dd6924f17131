"""What `incept explain` shows: the pages of operations, definitions and passes, part by part."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from inception_dsl.analysis.uses import Use, uses
from inception_dsl.diagnostics.cells import fill, visible, width
from inception_dsl.elaborate.elaborate import Checked, Spec
from inception_dsl.elaborate.units import DefinitionRef
from inception_dsl.ir.op import Op, ParameterSpec, signature

__all__ = ["Part", "definition_page", "operation_page", "summary"]

_WIDTH = 80


class Part(NamedTuple):
    """Some lines of a page; `spec` tells that they are in the language."""

    text: str
    spec: bool = False


def operation_page(found: type[Op]) -> Iterator[Part]:
    """Signature, shapes, errors and examples of an operation."""
    if found.combines:
        yield Part(f"{found.name} {{ branch ... }}", spec=True)
    else:
        yield Part(_signature(found.name, signature(found)), spec=True)
    yield Part((inspect.getdoc(found) or "").replace("Raises: OpFault ", "Errors: "))
    rows = [(each.text, f"{_shapes(each.inputs)} -> {each.output}") for each in found.EXAMPLES]
    if rows:
        yield Part("\n".join(["Examples:", *_aligned(rows)]))


def definition_page(checked: Checked, ref: DefinitionRef) -> Iterator[Part]:
    """Signature, doc and text of a definition, and every use of it in the network."""
    tree = ref.tree
    operands = ", ".join(operand.text for operand in tree.operands)
    behind = f" on ({operands})" if operands else ""
    yield Part(_signature(f"{tree.role} {ref.name}", ref.parameters) + behind, spec=True)
    if tree.doc:
        yield Part(_lines(tree.doc))
    yield Part(_lines(tree.span.text), spec=True)
    yield Part(f"Defined at {visible(str(tree.name.span))}")
    if isinstance(checked, Spec):
        yield Part("\n".join(_uses(checked.network.name.text, uses(checked.graph, ref.info))))


def summary(documented: object) -> str:
    """The first paragraph of a doc, or of what documents an object, on one line."""
    text = documented if isinstance(documented, str) else inspect.getdoc(documented) or ""
    return " ".join(text.partition("\n\n")[0].split())


def _signature(name: str, parameters: Sequence[ParameterSpec]) -> str:
    """A signature in lines of the width of a terminal."""
    written = [_parameter(parameter) for parameter in parameters]
    commas = [f"{each}," for each in written[:-1]] + [f"{each})" for each in written[-1:]]
    indent = len(name) + 1
    lines = fill(commas or [")"], _WIDTH - indent, between=" ")
    return f"{name}(" + ("\n" + " " * indent).join(lines)


def _parameter(parameter: ParameterSpec) -> str:
    kind = " | ".join(parameter.words) if parameter.words else parameter.type
    default = "" if parameter.required else f" = {visible(' '.join(parameter.shown.split()))}"
    return f"{parameter.name}: {kind}{default}"


def _shapes(inputs: str | tuple[str, ...]) -> str:
    return inputs if isinstance(inputs, str) else ", ".join(inputs)


def _lines(text: str) -> str:
    """A text of the spec, line by line without what could steer a terminal."""
    return "\n".join(visible(line.rstrip("\r")) for line in text.split("\n"))


def _uses(network: str, found: Sequence[Use]) -> Iterator[str]:
    number = f"{len(found)} use{'s' * (len(found) != 1)}" if found else "No use"
    yield f"{number} in {network}" + (":" if found else "")
    if found:
        heading = ("part", "call", "shape", "parameters", "multiply-adds")
        rows = (
            (
                use.path,
                visible(use.call),
                f"{', '.join(map(str, use.inputs))} -> {use.output}",
                f"{use.cost.params:,}",
                f"{use.cost.macs:,}",
            )
            for use in found
        )
        yield from _aligned([heading, *rows], numbers=2)


def _aligned(rows: Iterable[Sequence[str]], numbers: int = 0) -> Iterator[str]:
    """Rows as indented lines, their cells in columns; the last so many are right-aligned."""
    rows = list(rows)
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for place, (cell, most) in enumerate(zip(row, widths, strict=True)):
            blanks = " " * (most - width(cell))
            cells.append(blanks + cell if place >= len(row) - numbers else cell + blanks)
        yield "  " + "  ".join(cells).rstrip()
