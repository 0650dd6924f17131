"""Where lines that pass a row stand among its items."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from inception_dsl.backends.figure.body import Body, Item, Lane, Link, Place

__all__ = ["insert"]


def insert(body: Body, lanes: Sequence[Lane]) -> None:
    """Put lanes into their rows, each where it disturbs others least."""
    wires = _Wires(body)
    for lane in lanes:
        wires.insert(lane)


class _Wires:
    """Puts lanes into rows, row by row, where their lines disturb others least."""

    def __init__(self, body: Body) -> None:
        self.rows = body.rows
        self.through: dict[Lane, list[Link]] = {}
        self.ports: dict[tuple[Item | Lane, Item], list[int]] = {}
        self.steps: dict[int, list[tuple[Place, Place]]] = {}
        for link in body.links:
            for before, after in pairwise(link.stops):
                if isinstance(after, Lane):
                    self.through.setdefault(after, []).append(link)
                if before is not None and after is not None:
                    self.steps.setdefault(after.row, []).append((before, after))
                if before is not None and link.target is not None:
                    self.ports.setdefault((before, link.target), []).append(link.port)

    def insert(self, lane: Lane) -> None:
        """In the order of operands where it runs to a combination; else with fewest crossings."""
        row = self.rows[lane.row]
        wrong = [self._wrong(lane, other) for other in row]
        mine, others = self._from_above(lane)
        outwards = -1 if self._leans_right(lane) else 1
        costs = zip(
            _running([left for _, left in wrong], [right for right, _ in wrong]),
            _crossings(mine, others, len(row)),
            (outwards * place for place in range(len(row) + 1)),
            strict=True,
        )
        row.insert(min(enumerate(costs), key=lambda cost: cost[1])[0], lane)

    def _wrong(self, lane: Lane, other: Item | Lane) -> tuple[int, int]:
        """How many operands would be out of order with another place right, and left, of a lane."""
        right = left = 0
        for link in self.through[lane]:
            if link.target is not None:
                for port in self.ports.get((other, link.target), ()):
                    right += port < link.port
                    left += port > link.port
        return right, left

    def _from_above(self, lane: Lane) -> tuple[int | None, list[tuple[int, int]]]:
        """Where in the row above the lane's line comes from, and where the others run."""
        if lane.row == 0:
            return None, []
        above = {place: number for number, place in enumerate(self.rows[lane.row - 1])}
        row = {place: number for number, place in enumerate(self.rows[lane.row])}
        mine, others = None, []
        for before, after in self.steps.get(lane.row, ()):
            if before not in above:
                continue
            if after is lane:
                mine = above[before]
            elif after in row:
                others.append((above[before], row[after]))
        return mine, others

    def _leans_right(self, lane: Lane) -> bool:
        """Whether what a lane comes from stands in the right half of its row."""
        mine, _ = self._from_above(lane)
        return mine is not None and 2 * mine + 1 > len(self.rows[lane.row - 1])


def _crossings(mine: int | None, others: list[tuple[int, int]], size: int) -> list[int]:
    """How many steps a lane would cross at each place of a row, if its line comes from `mine`."""
    left, right = [0] * size, [0] * size
    for start, end in others:
        if mine is not None and start != mine:
            (right if start < mine else left)[end] += 1
    return _running(left, right)


def _running(before: list[int], behind: list[int]) -> list[int]:
    """For each place between some things, what those before it and those behind it add up to."""
    sums = accumulate(before, initial=0)
    rest = accumulate(behind, initial=0)
    whole = sum(behind)
    return [left + whole - right for left, right in zip(sums, rest, strict=True)]
