"""What stands in the boxes, titles and caption of a figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from inception_dsl.analysis.cost import Cost, NodeCost, total
from inception_dsl.analysis.outline import Part
from inception_dsl.analysis.wording import bound_name, describe
from inception_dsl.backends.graphviz.escape import tip
from inception_dsl.ir.graph import CheckedGraph, Graph
from inception_dsl.ir.op import Input

__all__ = ["caption", "role", "tooltip", "words"]


def role(graph: Graph, part: Part) -> str:
    """The role that colours a part: its definition's or section's, or `aux`."""
    if any(head.path == part.path for head in graph.aux):
        return "aux"
    return part.region.role if part.region is not None else ""


def words(graph: Graph, costs: Mapping[str, NodeCost], part: Part, times: int) -> list[str]:
    """The lines of a part's label: name and call, then shape and parameters.

    `times` equal rounds of a repeat are drawn once: inside them every figure is that of one.
    """
    title = _title(graph, part)
    if times > 1:
        title[-1] = f"{title[-1]} × {times}".lstrip()
    shape, params = _shape(graph, part), total(costs, _shown(part)).params
    each = f"{times} × " if times > 1 else ""
    parameters = f"{each}{params:,} params" if params else ""
    if part.region is None or part.region.role == "layer":
        return [" = ".join(title), shape, parameters]
    weights = [head.weight for head in graph.aux if head.path == part.path]
    weight = f"auxiliary head, weight {weights[0]:g}" if weights else ""
    facts = " · ".join(filter(None, (shape, parameters)))
    return [*([" = ".join(title)] if part.open else title), weight, facts]


def tooltip(part: Part) -> str:
    """Path and doc comment, escaped."""
    doc = ""
    if part.region is not None:
        doc = part.region.doc or (part.region.definition.doc if part.region.definition else "")
    return tip(f"{part.path}: {doc}" if doc else part.path)


def caption(checked: CheckedGraph, cost: Cost) -> list[str]:
    """The totals of the main path, and what auxiliary heads add in training."""
    aux = f" (auxiliary heads: {cost.aux_params:,} more)" if cost.aux_params else ""
    return [
        f"{checked.graph.name}: {checked.input_map} to {checked.output_map}, depth {cost.depth}",
        f"{cost.params:,} parameters{aux}",
        f"{cost.macs:,} multiply-adds",
    ]


def _title(graph: Graph, part: Part) -> list[str]:
    """What it is called, and what it is: `inception_3a`, `inception(64, 96, 128, 16, 32, 32)`."""
    name, call = bound_name(graph, part), describe(graph, part)
    if part.region is None and isinstance(graph[part.path].op, Input):
        return [f"input {name}".rstrip()]
    if part.region is not None and part.region.kind == "section":
        return [f"{call} {name}".rstrip()]
    if part.region is not None and part.region.kind == "iteration":
        return [""]
    return [name, call] if name else [call]


def _shown(part: Part) -> Iterable[str]:
    return (part.path,) if part.region is None else part.region.nodes()


def _shape(graph: Graph, part: Part) -> str:
    """Its output's shape; several where it has several outputs."""
    outputs = (part.path,) if part.region is None else part.region.outputs
    return ", ".join(str(graph[path].out) for path in outputs)
