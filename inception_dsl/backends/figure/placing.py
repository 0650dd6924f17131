"""Where the places of a body stand across its rows, in their order, as straight below each other
as can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import fsum

__all__ = ["Spot", "Step", "settle"]

_SWEEPS = 8
_LANE_WEIGHT = 0.05
"""Lanes make way for boxes."""


@dataclass(eq=False)
class Spot:
    """A place in a row: its middle `at`, its `size` across, and the steps that end there.

    A `lane` is passed by a line that stops elsewhere. A `broad` place stands below what it reads by
    its middle, wherever the line enters.
    """

    size: float
    lane: bool = False
    broad: bool = False
    at: float = 0.0
    before: list[Step] = field(default_factory=list)
    after: list[Step] = field(default_factory=list)


@dataclass(eq=False)
class Step:
    """A line from a spot to one in the next row, at an offset from the middle of each.

    `free` says that the line may end anywhere on its target, a bar.
    """

    source: Spot
    target: Spot
    leaves: float = 0.0
    enters: float = 0.0
    free: bool = False


def settle(rows: Sequence[Sequence[Spot]], gap: float) -> None:
    """Give every spot of some rows its middle; neighbours keep a `gap` and their order."""
    if any(len(row) > 1 for row in rows):
        for row in rows:
            _spread(row, [0.0] * len(row), gap)
        _sweep(rows, gap, up=False, down=True)
        for turn in range(_SWEEPS):
            order = rows if turn % 2 else rows[::-1]
            _sweep(order, gap, up=turn > 0, down=True)
    for row in rows:
        _spread(row, [_below(spot) for spot in row], gap)
    if len(rows[0]) > 1:
        _spread(rows[0], [_from_below(spot) if spot.after else spot.at for spot in rows[0]], gap)
    if len(rows[0]) == len(rows[-1]) == 1 and len(rows[0][0].after) > 1:
        rows[0][0].at = rows[-1][0].at  # what goes in fans out: it may stand above what comes out


def _sweep(rows: Sequence[Sequence[Spot]], gap: float, *, up: bool, down: bool) -> None:
    for row in rows:
        wishes = []
        for spot in row:
            sides = []
            if down and spot.before:
                sides.append(_from_above(spot))
            if up and spot.after:
                sides.append(_from_below(spot))
            wishes.append(fsum(sides) / len(sides) if sides else spot.at)
        _spread(row, wishes, gap)


def _from_above(spot: Spot) -> float:
    steps = spot.before
    if not steps[0].free:  # below what stands there rather than below what only passes
        steps = [step for step in steps if not step.source.lane] or steps
    if len(steps) == 1 and not steps[0].free:
        step = steps[0]
        return step.source.at + step.leaves - (0.0 if spot.broad else step.enters)
    return _middle([step.source for step in steps])


def _from_below(spot: Spot) -> float:
    steps = [step for step in spot.after if not step.target.lane] or spot.after
    if len(steps) == 1:
        step = steps[0]
        return step.target.at if step.free else step.target.at + step.enters - step.leaves
    return _middle([step.target for step in steps])


def _below(spot: Spot) -> float:
    """Straight below its only source, where it has one, or in the middle of several."""
    if not spot.before:
        return spot.at
    from_boxes = [step.source for step in spot.before if not step.source.lane]
    alone = len(spot.before) == 1 and all(
        step.target is spot or step.target.lane for step in spot.before[0].source.after
    )
    if alone or spot.before[0].free or (len(spot.before) > 1 and len(from_boxes) == 1):
        return _from_above(spot)
    return spot.at


def _middle(spots: Sequence[Spot]) -> float:
    """The middle of the space that spots take together."""
    return (
        min(spot.at - spot.size / 2 for spot in spots)
        + max(spot.at + spot.size / 2 for spot in spots)
    ) / 2


def _spread(row: Sequence[Spot], wishes: Sequence[float], gap: float) -> None:
    """The places nearest to the wishes, by least squares, at which no neighbours overlap.

    With the widths before it taken off each place the order is all that is asked: the classic
    regression by pooling neighbours that violate it.
    """
    offsets, total = [], 0.0
    for number, spot in enumerate(row):
        if number:
            total += (row[number - 1].size + spot.size) / 2 + gap
        offsets.append(total)
    pools: list[tuple[float, float, int]] = []  # mean, weight, count
    for spot, wish, offset in zip(row, wishes, offsets, strict=True):
        mean, weight, count = wish - offset, _LANE_WEIGHT if spot.lane else 1.0, 1
        while pools and pools[-1][0] > mean:
            other, others, more = pools.pop()
            mean = (mean * weight + other * others) / (weight + others)
            weight, count = weight + others, count + more
        pools.append((mean, weight, count))
    places = [mean for mean, _, count in pools for _ in range(count)]
    for spot, place, offset in zip(row, places, offsets, strict=True):
        spot.at = place + offset
