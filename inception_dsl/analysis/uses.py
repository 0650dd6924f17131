"""Where a network uses a definition, and what it is there."""

from __future__ import annotations

from dataclasses import dataclass

from inception_dsl.analysis.cost import NodeCost, node_costs, total
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.regions import DefinitionInfo
from inception_dsl.ir.types import FeatureMap

__all__ = ["Use", "uses"]


@dataclass(frozen=True)
class Use:
    """One instance: its path, the call that made it, what goes in and comes out, and its cost."""

    path: str
    call: str
    inputs: tuple[FeatureMap, ...]
    output: FeatureMap
    cost: NodeCost


def uses(checked: CheckedGraph, definition: DefinitionInfo) -> list[Use]:
    """The instances of a definition that are part of the network, in the order of the spec."""
    graph, each = checked.graph, node_costs(checked)
    operands = len(definition.operands) or 1
    return [
        Use(
            region.path,
            region.call,
            tuple(graph[path].out for path in region.inputs[:operands]),
            graph[region.outputs[0]].out,
            total(each, region.nodes()),
        )
        for region in graph.root.walk()
        if region.definition
        and (region.definition.key, region.definition.name) == (definition.key, definition.name)
        and region.outputs
    ]
