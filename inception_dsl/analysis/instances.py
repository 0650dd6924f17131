"""Which parts of a network are the same: for classes, functions and "x 4" boxes alike."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.regions import Region

__all__ = ["Instances"]


class Instances:
    """Groups of equal regions; the numbers of the groups count up in the order of the spec.

    Equal regions agree in everything inside them: definition, operations with all arguments,
    shapes, wiring, names; their own names and weights may differ.
    """

    def __init__(self, checked: CheckedGraph) -> None:
        self._graph = checked.graph
        self._numbers: dict[Hashable, int] = {}
        self._groups: dict[str, int] = {}
        for region in _inner_first(checked.graph.root):
            structure = self._structure(region)
            self._groups[region.path] = self._numbers.setdefault(structure, len(self._numbers))

    def equal(self, region: Region) -> int:
        """The group of regions that are copies of this one."""
        return self._groups[region.path]

    def _structure(self, region: Region) -> tuple[Hashable, ...]:
        """What a region is made of; nested regions stand in it by the number of their group."""
        places = {path: place for place, path in enumerate(region.inputs)}
        parts: list[Hashable] = []
        for child in region.children:
            if isinstance(child, Region):
                reads = tuple(places[path] for path in child.inputs)
                parts.append((child.segment, self._groups[child.path], reads))
                made = child.outputs
            else:
                node = self._graph[child]
                reads = tuple(places[path] for path in self._graph.operands(child))
                parts.append((child.removeprefix(region.path), node.op, node.out, reads))
                made = (child,)
            for path in made:
                places.setdefault(path, len(places))
        definition = region.definition and (region.definition.key, region.definition.name)
        shapes = tuple(self._graph[path].out for path in region.inputs)
        outputs = tuple(places[path] for path in region.outputs)
        return (region.kind, region.role, definition, shapes, tuple(parts), outputs)


def _inner_first(region: Region) -> Iterator[Region]:
    for child in region.children:
        if isinstance(child, Region):
            yield from _inner_first(child)
    yield region
