"""Which operations may run side by side: a lane each for the branches of a module."""

from __future__ import annotations

from dataclasses import dataclass, field

from inception_dsl.ir.graph import Graph

__all__ = ["Lanes", "lanes"]

MOST = 8


@dataclass(frozen=True)
class Lanes:
    """A lane for each node; what runs on one lane runs in order, lanes run at the same time.

    `waits` has, for a node, those on other lanes that must be done before it begins and that its
    lane has not waited for yet; `awaited` are the nodes that others wait for.
    """

    lane: dict[str, int] = field(default_factory=dict)
    waits: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def awaited(self) -> dict[str, None]:
        """Each node that some lane waits for, in order."""
        return dict.fromkeys(path for paths in self.waits.values() for path in paths)

    @property
    def count(self) -> int:
        """How many lanes there are."""
        return max(self.lane.values(), default=0) + 1


def lanes(graph: Graph, most: int = MOST) -> Lanes:
    """Spread the main path of a network over at most so many lanes.

    A node goes on where an operand has just ended; else on a lane whose last node is done anyway
    before this one can begin, so that no lane makes it wait for what it does not need; else on a
    new one, or, where there are enough, on the shortest.
    """
    main = graph.main()
    order = [path for path in graph.network if path in main]
    number = {path: place for place, path in enumerate(order)}
    before: dict[str, int] = {}  # all that a node depends on, as a set of bits
    found = Lanes()
    tails: list[str] = []
    seen: list[int] = []
    length: list[int] = []
    for path in order:
        operands = [operand for operand in graph.operands(path) if operand in number]
        before[path] = 0
        for operand in operands:
            before[path] |= before[operand] | 1 << number[operand]
        lane = _lane(tails, operands, before[path], number, length, most)
        if lane == len(tails):
            tails.append(path)
            seen.append(0)
            length.append(0)
        tails[lane] = path
        length[lane] += 1
        found.lane[path] = lane
        needed = [
            operand
            for operand in dict.fromkeys(operands)
            if found.lane[operand] != lane and not seen[lane] >> number[operand] & 1
        ]
        for operand in needed:
            seen[lane] |= before[operand] | 1 << number[operand]
        found.waits[path] = tuple(needed)
    return found


def _lane(
    tails: list[str],
    operands: list[str],
    before: int,
    number: dict[str, int],
    length: list[int],
    most: int,
) -> int:
    for operand in operands:
        if operand in tails:
            return tails.index(operand)
    for lane, tail in enumerate(tails):
        if before >> number[tail] & 1:
            return lane
    if len(tails) < most:
        return len(tails)
    return min(range(len(tails)), key=lambda lane: length[lane])
