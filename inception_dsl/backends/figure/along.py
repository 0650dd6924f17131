"""The rows of a body along the flow, the gaps between them, and the lines through the gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from inception_dsl.backends.figure.body import Body, Item, Lane, Link, Place
from inception_dsl.backends.figure.placed import LANE, Layout, Placed, Size
from inception_dsl.backends.figure.spots import BETWEEN, Across
from inception_dsl.backends.figure.tracks import BESIDE, Crossing, tracks

__all__ = ["Along"]

_GAP = 15.0  # from row to row
_TRACK = 6.0
_ARROW = 8.0  # a head and some line: below the last track, or beside a sum
_SIDE = 26.0  # from the rows to auxiliary heads
_FRAME = 11.0, 9.0  # from a frame to the first row, and from the last


class Along:
    """Gives rows their places along the flow, and links their points."""

    def __init__(
        self,
        body: Body,
        placed: Mapping[Item, Placed],
        across: Across,
        tight: bool,
        framed: bool,
    ) -> None:
        self.body, self.placed, self.across = body, placed, across
        self.tight, self.framed = tight, framed
        self.last = len(body.rows)
        self.steps: dict[int, list[tuple[Link, Place, Place]]] = {}
        for link in body.links:
            for before, after in pairwise(link.stops):
                row = self.last if after is None else after.row
                self.steps.setdefault(row, []).append((link, before, after))
        self.sides = [each for each in placed.values() if each.item.side]
        ends = [each.end_across for each in placed.values() if not each.item.side]
        self.right = max([*ends, *(at + LANE / 2 for at in across.lanes.values())], default=0.0)
        self._columns()
        self._untie()
        self.onto_bar: dict[Link, float] = {}
        self.aside: dict[Link, float] = {}
        for each in placed.values():
            if each.form == "bar":
                self._onto(each)
            elif each.form != "open":
                self._twice(each)
        self.track_of: dict[tuple[int, str], float] = {}

    def _columns(self) -> None:
        """Auxiliary heads stand below each other, but beside one whose line would cross them."""
        columns: list[list[Placed]] = []
        for side in self.sides:
            free = (
                column
                for column in columns
                if all(self._first_gap(side) > other.item.row for other in column)
            )
            column = next(free, None)
            if column is None:
                columns.append(column := [])
            column.append(side)
        across = self.right + _SIDE
        for column in columns:
            for side in column:
                side.across = across
            across = max(side.end_across for side in column) + BETWEEN

    def _first_gap(self, side: Placed) -> int:
        """The first row before which a line leaves the rows for an auxiliary head."""
        sources = [link.source for link in self.body.links if link.target is side.item]
        return min((source.row + 1 if source else 0 for source in sources), default=0)

    def _untie(self) -> None:
        """Move a lane aside where two lines would change places in a gap, one upon the other."""
        for steps in self.steps.values():
            starts: dict[int, list[tuple[Link, Place, Place]]] = {}
            for step in steps:
                starts.setdefault(round(self._leaves(step[1], step[0].net)), []).append(step)
            for link, before, after in steps:
                if not isinstance(after, Lane):
                    continue
                start, end = self._leaves(before, link.net), self.across.lanes[after]
                near = (step for at in (-1, 0, 1) for step in starts.get(round(end) + at, ()))
                for other, _, target in near:
                    if other.net != link.net and abs(self._middle(other, target) - start) < BESIDE:
                        self.across.lanes[after] = end + BESIDE + 1
                        break

    def _middle(self, link: Link, place: Place) -> float:
        """About where a line goes on."""
        if isinstance(place, Item):
            return self.placed[place].across + self.placed[place].entry(link.net)
        return self._leaves(place, link.net) if place else self.across.exits[link.net]

    def _onto(self, bar: Placed) -> None:
        """Let lines reach a bar straight where they can, in the order of its operands."""
        steps = [each for each in self.steps.get(bar.item.row, ()) if each[2] is bar.item]
        steps.sort(key=lambda step: step[0].port)
        low, high = bar.across + 3, bar.end_across - 3
        apart = min(_TRACK, (high - low) / max(len(steps) - 1, 1))
        at = low - apart
        for number, (link, before, _) in enumerate(steps):
            last = high - apart * (len(steps) - 1 - number)
            at = min(max(self._leaves(before, link.net), at + apart), last)
            self.onto_bar[link] = at

    def _twice(self, joined: Placed) -> None:
        """Let the lines of one source that is operand more than once, as in add(x, x), be seen."""
        links = [link for link in self.body.links if link.target is joined.item]
        for net in dict.fromkeys(link.net for link in links):
            same = [link for link in links if link.net == net]
            apart = _TRACK / max(len(same) - 1, 1)
            for number, link in enumerate(same):
                self.aside[link] = (number - (len(same) - 1) / 2) * apart

    def layout(self) -> Layout:
        """Place the rows, then the lines."""
        end = max([self._rows(), *(each.end_along for each in self.sides)])
        paths = {link: list(self._points(link, end)) for link in self.body.links}
        right = max([self.right, *(each.end_across for each in self.sides)])
        placed = list(self.placed.values())
        return Layout(Size(right, end), placed, paths, self.across.entries, self.across.exits)

    def _rows(self) -> float:
        """Give each row its place; returns where the last gap ends."""
        along = busy = 0.0  # busy: where the last auxiliary head ends
        for number in range(self.last + 1):
            sides = [each for each in self.sides if each.item.row == number]
            along = max(along, busy) if sides else along
            found, used = tracks(list(self._crossings(number)))
            for net, track in found.items():
                self.track_of[number, net] = along + self._lead(number) + track * _TRACK
            along += self._gap(number, used)
            for side in sides:
                side.along = max(along, busy)
                busy = side.end_along + _GAP
            if number < self.last:
                items = [place for place in self.body.rows[number] if isinstance(place, Item)]
                for item in items:
                    self.placed[item].along = along
                along = max((self.placed[item].end_along for item in items), default=along)
        return along

    def _lead(self, number: int) -> float:
        """The room above the first track."""
        return 0.0 if number == 0 and not self.framed else _TRACK

    def _gap(self, number: int, used: int) -> float:
        """The room before a row, or behind the last, with so many tracks."""
        if self.tight:
            return 0.0
        tracks = self._lead(number) + used * _TRACK if used else 0.0
        if number == self.last:
            return max(tracks, _FRAME[1] if self.framed else 0.0)
        if number == 0:
            return tracks + _ARROW if used else _FRAME[0] if self.framed else 0.0
        return max(_GAP, tracks + _ARROW if used else 0.0)

    def _crossings(self, number: int) -> Iterator[Crossing]:
        """The steps through the gap before a row."""
        for link, before, after in self.steps.get(number, ()):
            start = self._leaves(before, link.net)
            if not self._from_beside(start, after):
                yield Crossing(link.net, start, self._enters(link, after, start))

    def _leaves(self, place: Place, net: str) -> float:
        if place is None:
            return self.across.entries[net]
        if isinstance(place, Lane):
            return self.across.lanes[place]
        return self.placed[place].across + self.placed[place].exit(net)

    def _enters(self, link: Link, place: Place, start: float) -> float:
        if place is None:
            return self.across.exits[link.net]
        if isinstance(place, Lane):
            return self.across.lanes[place]
        placed = self.placed[place]
        if placed.form == "bar":
            return self.onto_bar[link]
        exact = placed.across + placed.entry(link.net) + self.aside.get(link, 0.0)
        if self.aside.get(link):
            return exact
        return start if placed.form != "open" and abs(exact - start) < 3 else exact

    def _from_beside(self, start: float, after: Place) -> bool:
        """Whether a line reaches a sum from its side: straight down, then across into it."""
        if not isinstance(after, Item) or self.placed[after].form != "sum":
            return False
        placed = self.placed[after]
        if abs(start - placed.middle) < placed.size.across / 2 + _ARROW:
            return False
        low, high = min(start, placed.middle), max(start, placed.middle)
        extents = (self._extent(each) for each in self.body.rows[after.row] if each is not after)
        return not any(begin < high and end > low for begin, end in extents)

    def _extent(self, place: Item | Lane) -> tuple[float, float]:
        if isinstance(place, Lane):
            return self.across.lanes[place] - 1, self.across.lanes[place] + 1
        return self.placed[place].across - 2, self.placed[place].end_across + 2

    def _points(self, link: Link, end: float) -> Iterator[tuple[float, float]]:
        """The corners of a link, from its source's edge or the border to its target's."""
        first = link.stops[0]
        yield (
            self._leaves(first, link.net),
            self.placed[first].end_along if isinstance(first, Item) else 0.0,
        )
        for before, after in pairwise(link.stops):
            start = self._leaves(before, link.net)
            if self._from_beside(start, after):
                assert isinstance(after, Item)
                placed = self.placed[after]
                middle = placed.along + placed.size.along / 2 + self.aside.get(link, 0.0)
                yield start, middle
                yield placed.across if start < placed.middle else placed.end_across, middle
                return
            at = self._enters(link, after, start)
            if abs(at - start) >= 0.5:
                track = self.track_of[self.last if after is None else after.row, link.net]
                yield start, track
                yield at, track
            if isinstance(after, Item):
                yield at, self.placed[after].along
            elif after is None:
                yield at, end
