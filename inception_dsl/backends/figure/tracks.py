"""How lines cross the gap between two rows: each on a track of its own, none upon another."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["BESIDE", "Crossing", "tracks"]

BESIDE = 3.0
"""Lines nearer than this would look like one."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A line of a net from one place above the gap to one below it."""

    net: str
    start: float
    end: float

    @property
    def straight(self) -> bool:
        """Whether it needs no track."""
        return abs(self.start - self.end) < 0.5


def tracks(crossings: Sequence[Crossing]) -> tuple[dict[str, int], int]:
    """The track of each net that needs one, counted from above, and how many there are.

    Lines of one net share a track. A net that comes from above at some place has a track above
    that of one which leaves downwards at the same place, so that they do not lie on each other.
    """
    ends: dict[str, list[float]] = {}
    for each in crossings:
        if not each.straight:
            ends.setdefault(each.net, []).extend((each.start, each.end))
    spans = {net: (min(places), max(places)) for net, places in ends.items()}
    over = _over(crossings)
    found: dict[str, int] = {}
    taken: list[list[tuple[float, float]]] = []
    waiting = dict.fromkeys(sorted(spans, key=lambda net: (spans[net][0], -spans[net][1])))
    while waiting:
        free = (net for net in waiting if not any(other in waiting for other in over.get(net, ())))
        net = next(free, next(iter(waiting)))
        del waiting[net]
        track = max((found[other] + 1 for other in over.get(net, ()) if other in found), default=0)
        low, high = spans[net]
        while track < len(taken) and any(
            low < end + BESIDE and high > start - BESIDE for start, end in taken[track]
        ):
            track += 1
        while len(taken) <= track:
            taken.append([])
        taken[track].append((low, high))
        found[net] = track
    return found, len(taken)


def _over(crossings: Sequence[Crossing]) -> dict[str, list[str]]:
    """For each net those that must run above it: which start where it ends."""
    starts = sorted((each.start, each.net) for each in crossings)
    over: dict[str, list[str]] = {}
    for each in crossings:
        if each.straight:
            continue
        place = bisect_left(starts, (each.end - BESIDE, ""))
        while place < len(starts) and starts[place][0] < each.end + BESIDE:
            other = starts[place][1]
            if other != each.net:
                over.setdefault(each.net, []).append(other)
            place += 1
    return over
