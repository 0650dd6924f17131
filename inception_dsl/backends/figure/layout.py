"""Places and lines of one body, and of all bodies inside it.

A layout knows two directions only: *along* the flow and *across* it. In a figure from top to bottom
they are y and x, in one from left to right x and y; nothing else here depends on that.
"""

from __future__ import annotations

from math import fsum

from inception_dsl.backends.figure.along import Along
from inception_dsl.backends.figure.body import Body, Item
from inception_dsl.backends.figure.placed import LANE, Layout, Measures, Placed, Size
from inception_dsl.backends.figure.spots import BETWEEN, spots

__all__ = ["lay_out"]

_PORTS = LANE + BETWEEN  # lines that enter or leave one box side by side


def lay_out(body: Body, measures: Measures, tight: bool, framed: bool) -> Layout:
    """Lay out a body and what is in it.

    `tight` puts rows right below each other, as the operations of one layer; `framed` leaves room
    between the rows and a frame.
    """
    setter = _Setter(body, measures, tight and all(len(row) == 1 for row in body.rows))
    across = spots(body, setter.placed)
    return Along(body, setter.placed, across, setter.tight, framed).layout()


class _Setter:
    """Measures the items of a body, those inside them first."""

    def __init__(self, body: Body, measures: Measures, tight: bool) -> None:
        self.body, self.measures, self.tight = body, measures, tight
        self.placed: dict[Item, Placed] = {}
        bars = [item for item in body.items if measures.kind(item) == "bar"]
        for item in body.items:
            if item not in bars:
                self.placed[item] = self._item(item)
        for item in bars:
            size = measures.box(item, self._joined_across(item))
            self.placed[item] = Placed(item, size, "bar")
        self._equal_widths()
        self._spread_ports()

    def _item(self, item: Item) -> Placed:
        if item.body is None:
            return Placed(item, self.measures.box(item, 0.0), self.measures.kind(item))
        region = item.part.region
        tight = region is not None and region.role == "layer"
        inside = lay_out(item.body, self.measures, tight, item.frame)
        size, across, along = inside.size, 0.0, 0.0
        if item.frame:
            size, across, along = self.measures.frame(item, inside.size)
        entries = {net: place + across for net, place in inside.entries.items()}
        exits = {net: place + across for net, place in inside.exits.items()}
        return Placed(item, size, "open", inside, (across, along), entries, exits)

    def _joined_across(self, bar: Item) -> float:
        """A bar is as wide as what it joins."""
        before = dict.fromkeys(link.stops[-2] for link in self.body.links if link.target is bar)
        widths = [
            self.placed[place].size.across if isinstance(place, Item) else LANE
            for place in before
            if not isinstance(place, Item) or place in self.placed
        ]
        return fsum(widths) + BETWEEN * max(len(widths) - 1, 0)

    def _equal_widths(self) -> None:
        """Boxes that follow each other in one column are equally wide."""
        alone = [row[0] for row in self.body.rows if len(row) == 1]
        boxes = [
            self.placed[item]
            for item in alone
            if isinstance(item, Item)
            and self.placed[item].form == "box"
            and (self.tight or self.measures.stretches(item))
        ]
        widest = max((each.size.across for each in boxes), default=0.0)
        for each in boxes:
            each.size = Size(widest, each.size.along)

    def _spread_ports(self) -> None:
        """Lines of several nets enter and leave a closed box side by side.

        One that comes from right above keeps the middle, so that boxes stand below each other; so
        does the last that comes from outside, the newest.
        """
        for item, placed in self.placed.items():
            if placed.form != "box":
                continue
            links = [link for link in self.body.links if link.target is item]
            links.sort(key=lambda link: link.port)
            nets = list(dict.fromkeys(link.net for link in links))
            above = [nets.index(link.net) for link in links if isinstance(link.stops[-2], Item)]
            middle = above[0] if len(set(above)) == 1 else (len(nets) - 1) / 2
            if links and all(link.source is None for link in links):
                middle = len(nets) - 1
            for number, net in enumerate(nets):
                placed.entries[net] = placed.size.across / 2 + (number - middle) * _PORTS
            nets = list(dict.fromkeys(link.net for link in self.body.links if link.source is item))
            for number, net in enumerate(nets):
                shift = (number - (len(nets) - 1) / 2) * _PORTS
                placed.exits[net] = placed.size.across / 2 + shift
