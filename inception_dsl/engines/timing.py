"""Times of several things that are to be compared: interleaved, in rotated order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter

__all__ = ["Timing", "interleaved"]


@dataclass(frozen=True)
class Timing:
    """The times of one thing, a round each, in milliseconds."""

    rounds_ms: tuple[float, ...]

    @property
    def median_ms(self) -> float:
        """The middle one."""
        return median(self.rounds_ms)

    @property
    def spread_ms(self) -> tuple[float, float]:
        """The times that a tenth of the rounds lies below, and above."""
        if len(self.rounds_ms) < 2:
            return self.rounds_ms[0], self.rounds_ms[0]
        tenths = quantiles(self.rounds_ms, n=10, method="inclusive")
        return tenths[0], tenths[-1]

    def ratio(self, base: Timing) -> float:
        """How many times faster than `base`, round by round: the median of the quotients."""
        pairs = zip(base.rounds_ms, self.rounds_ms, strict=True)
        return median(other / own for other, own in pairs)

    def __str__(self) -> str:
        low, high = self.spread_ms
        return f"{self.median_ms:.2f} ms ({low:.2f} to {high:.2f})"


def interleaved(
    variants: Mapping[str, Callable[[], object]],
    rounds: int,
    *,
    clock: Callable[[], float] = perf_counter,
    progress: Callable[[], None] = lambda: None,
) -> dict[str, Timing]:
    """The times of all variants, each once a round, behind one call that is not timed.

    The order rotates, so that what one leaves in the caches does not always meet the same other.
    """
    names = list(variants)
    found: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            call = variants[name]
            call()
            start = clock()
            call()
            found[name].append((clock() - start) * 1e3)
            progress()
    return {name: Timing(tuple(times)) for name, times in found.items()}
