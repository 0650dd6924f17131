"""The places of a body across its rows: those of items, of lanes, and of lines at its border."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from inception_dsl.backends.figure.body import Body, Item, Lane
from inception_dsl.backends.figure.placed import LANE, Placed
from inception_dsl.backends.figure.placing import Spot, Step, settle

__all__ = ["BETWEEN", "Across", "spots"]

BETWEEN = 10.0
"""The room between items side by side."""


@dataclass(frozen=True)
class Across:
    """The middles of lanes and of the nets that enter and leave; items know theirs themselves."""

    lanes: dict[Lane, float]
    entries: dict[str, float]
    exits: dict[str, float]


def spots(body: Body, placed: Mapping[Item, Placed]) -> Across:
    """Settle all places across; the first begins at 0."""
    rows: list[dict[Item | Lane, Spot]] = [
        {
            place: Spot(LANE, lane=True)
            if isinstance(place, Lane)
            else Spot(placed[place].size.across, broad=_broad(placed[place]))
            for place in row
        }
        for row in body.rows
    ]
    ins = {link.net: Spot(LANE) for link in body.links if link.source is None}
    outs = {link.net: Spot(LANE) for link in body.links if link.target is None}
    done = set()
    for link in body.links:
        if link.target is not None and link.target.side:
            continue
        for before, after in pairwise(link.stops):
            if (before, after, link.net) in done:
                continue
            done.add((before, after, link.net))
            source = ins[link.net] if before is None else rows[before.row][before]
            target = outs[link.net] if after is None else rows[after.row][after]
            step = Step(source, target)
            if isinstance(before, Item):
                step.leaves = placed[before].exit(link.net) - placed[before].size.across / 2
            if isinstance(after, Item):
                step.enters = placed[after].entry(link.net) - placed[after].size.across / 2
                step.free = placed[after].form == "bar"
            source.after.append(step)
            target.before.append(step)
    settle(
        [
            _above_readers(ins, rows[0]),
            *(list(row.values()) for row in rows),
            _below_sources(outs, rows[-1]),
        ],
        BETWEEN,
    )
    return _read(placed, rows, ins, outs)


def _broad(placed: Placed) -> bool:
    """Whether an open part has several inputs, and lets none of them out where it came in.

    Cells that read the two before them would step aside, each from the last, if they stood below
    what they read by one of their inputs.
    """
    if placed.form != "open" or len(placed.entries) == 1:
        return False
    ends = [(entry, exit) for entry in placed.entries.values() for exit in placed.exits.values()]
    return all(abs(entry - exit) > 1 for entry, exit in ends)


def _read(
    placed: Mapping[Item, Placed],
    rows: list[dict[Item | Lane, Spot]],
    ins: dict[str, Spot],
    outs: dict[str, Spot],
) -> Across:
    left = min((spot.at - spot.size / 2 for row in rows for spot in row.values()), default=0.0)
    lanes = {}
    for place, spot in (each for row in rows for each in row.items()):
        if isinstance(place, Lane):
            lanes[place] = spot.at - left
        else:
            placed[place].across = spot.at - spot.size / 2 - left
    entries = {net: spot.at - left for net, spot in ins.items()}
    return Across(lanes, entries, {net: spot.at - left for net, spot in outs.items()})


def _above_readers(ins: Mapping[str, Spot], row: Mapping[Item | Lane, Spot]) -> list[Spot]:
    """Spots of the border before the first row, in the order of what reads them first there."""
    places = {id(spot): number for number, spot in enumerate(row.values())}

    def key(spot: Spot) -> int:
        return places.get(id(spot.after[0].target), 0) if spot.after else 0

    return sorted(ins.values(), key=key)


def _below_sources(outs: dict[str, Spot], row: Mapping[Item | Lane, Spot]) -> list[Spot]:
    """Spots of the border behind the last row, in the order of what they lead on."""
    places = {id(spot): number for number, spot in enumerate(row.values())}

    def key(spot: Spot) -> float:
        ends = [places.get(id(step.source), 0) for step in spot.before]
        return sum(ends) / len(ends) if ends else 0.0

    return sorted(outs.values(), key=key)
