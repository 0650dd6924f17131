"""Which parts of a network are the same: for classes, functions and "x 4" boxes alike."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.regions import Region

__all__ = ["Instances"]


class Instances:
    """Groups of regions by structure, in two strengths; the numbers count up in spec order.

    `equal` regions agree in everything inside them: definition, operations with all arguments,
    shapes, wiring, names; their own names and weights may differ. `alike` ones may also differ in
    arguments and shapes, not in kinds of operations, ranks and wiring.
    """

    def __init__(self, checked: CheckedGraph) -> None:
        self._graph = checked.graph
        self._numbers: dict[Hashable, int] = {}
        self._equal: dict[str, int] = {}
        self._alike: dict[str, int] = {}
        for region in _inner_first(checked.graph.root):
            self._equal[region.path] = self._number(("equal", *self._structure(region, exact=True)))
            self._alike[region.path] = self._number(
                ("alike", *self._structure(region, exact=False))
            )

    def equal(self, region: Region) -> int:
        """The group of regions that are copies of this one."""
        return self._equal[region.path]

    def alike(self, region: Region) -> int:
        """The group of regions that are this one but for numbers."""
        return self._alike[region.path]

    def _number(self, structure: Hashable) -> int:
        return self._numbers.setdefault(structure, len(self._numbers))

    def _structure(self, region: Region, exact: bool) -> tuple[Hashable, ...]:
        """What a region is made of; nested regions stand in it by the number of their group."""
        groups = self._equal if exact else self._alike
        places = {path: place for place, path in enumerate(region.inputs)}
        parts: list[Hashable] = []
        for child in region.children:
            if isinstance(child, Region):
                reads = tuple(places[path] for path in child.inputs)
                parts.append((child.segment, groups[child.path], reads))
                made = child.outputs
            else:
                reads = tuple(places[path] for path in self._graph.operands(child))
                parts.append((child.removeprefix(region.path), *self._node(child, exact), reads))
                made = (child,)
            for path in made:
                places.setdefault(path, len(places))
        definition = region.definition and (region.definition.key, region.definition.name)
        maps = tuple(self._graph[path].out for path in region.inputs)
        shapes = maps if exact else tuple(map.rank for map in maps)
        outputs = tuple(places[path] for path in region.outputs)
        return (region.kind, region.role, definition, shapes, tuple(parts), outputs)

    def _node(self, path: str, exact: bool) -> tuple[Hashable, ...]:
        node = self._graph[path]
        if exact:
            return (node.op, node.out)
        return (node.op.name, node.out.rank)


def _inner_first(region: Region) -> Iterator[Region]:
    for child in region.children:
        if isinstance(child, Region):
            yield from _inner_first(child)
    yield region
