"""The nearest known name to one that is not known, and the sentence that offers it."""

from __future__ import annotations

from collections.abc import Iterable

from inception_dsl.diagnostics.record import Edit
from inception_dsl.source import Span

__all__ = ["correction", "nearest", "suggestion"]

LONGEST = 100  # characters of a name that is still compared letter by letter
SHOWN = 3  # names of a tie
EFFORT = 20_000  # letters compared before the search settles for the best so far


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name closest to `name`, or None if no name is near.

    Case and `_` do not count; up to a third of the letters, and one at least, may be inserted,
    dropped, changed, or swapped with their neighbour. The first in sorted order wins a tie.
    """
    return next(iter(_nearest(name, known)), None)


def suggestion(name: str, known: Iterable[str], kind: str = "") -> str | None:
    """`a module with a similar name exists: ...`, as a `help`; None if no name is near."""
    return _sentence(_nearest(name, known), kind)


def correction(
    name: str, span: Span, known: Iterable[str], kind: str = ""
) -> tuple[str | None, tuple[Edit, ...]]:
    """The suggestion, and the edit that follows it where one name alone is nearest."""
    found = _nearest(name, known)
    fix = (Edit(span, found[0]),) if len(found) == 1 else ()
    return _sentence(found, kind), fix


def _sentence(found: list[str], kind: str) -> str | None:
    if not found:
        return None
    if len(found) > 1:
        listed = ", ".join(f"`{name}`" for name in found[:SHOWN])
        return f"similar names exist: {listed}"
    article = "an" if kind[:1] in tuple("aeiou") else "a"
    what = f"{article} {kind} with a similar name" if kind else "a similar name"
    return f"{what} exists: `{found[0]}`"


def _nearest(name: str, known: Iterable[str]) -> list[str]:
    """The known names that are closest to `name`, sorted."""
    wanted = _fold(name)
    limit = max(1, len(wanted) // 3) if len(wanted) <= LONGEST else 0
    candidates = []
    for other in dict.fromkeys(known):
        folded = _fold(other)
        difference = abs(len(folded) - len(wanted))
        if other != name and difference <= limit and (limit or folded == wanted):
            candidates.append((difference, other, folded))

    best: list[str] = []
    effort = EFFORT
    for difference, other, folded in sorted(candidates):
        if difference > limit or effort < 0:
            break
        distance, compared = _distance(wanted, folded, limit)
        effort -= compared
        if distance < limit or (distance == limit and not best):
            best, limit = [other], distance
        elif distance == limit:
            best.append(other)
    return sorted(best)


def _fold(name: str) -> str:
    """Without case and `_`, letter by letter: no letter becomes two."""
    lower = (letter.lower() for letter in name if letter != "_")
    return "".join(folded[0] for folded in lower)


def _distance(a: str, b: str, limit: int) -> tuple[int, int]:
    """The edit distance with swaps, any number above `limit` if it is above, and the work done."""
    if a == b:
        return 0, 1
    above: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        above, last, row = row, above, [i]
        for j, y in enumerate(b, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and y == a[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1, i * len(b)
    return row[-1], len(a) * len(b)
