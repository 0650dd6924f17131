"""The smallest input that a network takes: where the last window still fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.op import OpFault
from inception_dsl.ir.types import Dims, FeatureMap

__all__ = ["SmallestInput", "smallest_input"]


@dataclass(frozen=True, slots=True)
class SmallestInput:
    """The grid, the same on every axis, and whether the weights still fit.

    They do not where a grid is flattened: the linear layer behind it is then another.
    """

    grid: tuple[int, ...]
    same_parameters: bool

    def __str__(self) -> str:
        return str(Dims(self.grid))


def smallest_input(checked: CheckedGraph, *, aux: bool = False) -> SmallestInput | None:
    """The smallest grid that every operation accepts, of the main path or, with `aux`, of all.

    The operations stay as they are under the declared input, and are asked for their shapes again:
    shape notes do not count. Some larger grids may fail, for example those on which branches of a
    concat round differently. None if the input is a vector, or no grid up to the declared one fits.
    """
    declared = checked.input_map
    if not declared.grid:
        return None
    main = checked.graph.main()
    nodes = [node.path for node in checked.graph if aux or node.path in main]
    for cells in range(1, max(declared.grid) + 1):
        grid = (cells,) * declared.rank
        maps = _maps(checked, nodes, FeatureMap(declared.channels, grid))
        if maps is not None:
            return SmallestInput(grid, _parameters_fit(checked, nodes, maps))
    return None


def _maps(
    checked: CheckedGraph, nodes: Sequence[str], start: FeatureMap
) -> dict[str, FeatureMap] | None:
    """The feature maps for another input; None where an operation refuses."""
    graph = checked.graph
    maps = {graph.input: start}
    for path in nodes:
        if path != graph.input:
            try:
                inputs = (maps[operand] for operand in graph.operands(path))
                maps[path] = graph[path].op.infer(*inputs)
            except OpFault:
                return None
    return maps


def _parameters_fit(
    checked: CheckedGraph, nodes: Iterable[str], maps: dict[str, FeatureMap]
) -> bool:
    graph = checked.graph
    return all(
        graph[path].op.parameters(maps[operands[0]]) == graph.parameters(path)
        for path in nodes
        if (operands := graph.operands(path))
    )
