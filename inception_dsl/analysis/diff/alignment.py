"""Two sequences side by side: which items go together without any two crossing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TypeVar

__all__ = ["aligned", "heaviest_increasing"]

T = TypeVar("T")

LARGEST_TABLE = 400_000
"""Cells of an alignment that is computed in full; beyond, equal places go together."""


def aligned(a: Sequence[T], b: Sequence[T], worth: Callable[[T, T], float]) -> list[tuple[T, T]]:
    """The pairs of largest worth in all, in order; pairs worth nothing stay apart."""
    if len(a) * len(b) > LARGEST_TABLE:
        return [pair for pair in zip(a, b, strict=False) if worth(*pair) > 0]
    width = len(b) + 1
    best = [[0.0] * width for _ in range(len(a) + 1)]
    worths = [[worth(old, new) for new in b] for old in a]
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b) - 1, -1, -1):
            together = worths[i][j] and worths[i][j] + best[i + 1][j + 1]
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if worths[i][j] and best[i][j] == worths[i][j] + best[i + 1][j + 1]:
            pairs.append((a[i], b[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def heaviest_increasing(places: Sequence[int], weights: Sequence[float]) -> set[int]:
    """The items, by index, of the heaviest run whose places only grow; places are distinct."""
    ranks = sorted(places)
    reach: list[tuple[float, int]] = [(0.0, -1)] * (len(ranks) + 1)  # a tree of prefix maxima
    before = [-1] * len(places)
    for index, (place, weight) in enumerate(zip(places, weights, strict=True)):
        rank = bisect_left(ranks, place)
        best, position = (0.0, -1), rank
        while position > 0:
            best = max(best, reach[position], key=lambda each: each[0])
            position -= position & -position
        before[index] = best[1]
        position = rank + 1
        while position < len(reach):
            reach[position] = max(
                reach[position], (best[0] + weight, index), key=lambda each: each[0]
            )
            position += position & -position
    _, index = max(reach, key=lambda each: each[0])
    kept = set()
    while index >= 0:
        kept.add(index)
        index = before[index]
    return kept
