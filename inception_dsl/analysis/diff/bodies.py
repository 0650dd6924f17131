"""Two versions of a body: which statement of one became which of the other.

What has the same name goes together first, then what is made of the same and is the only one so,
then what is most alike in the order of the body; last what stands elsewhere in it, or has been put
into something new.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise

from inception_dsl.analysis.diff.affinity import Affinity
from inception_dsl.analysis.diff.alignment import aligned, heaviest_increasing
from inception_dsl.analysis.diff.pieces import Piece

__all__ = ["pair_bodies"]

Pairs = dict[Piece, Piece]

_ELSEWHERE = 0.7
"""How alike two regions are that one is taken for the other at another place of a body."""
_WRAPPED = 0.6
"""How much of a region was there before, for it to count as put around that."""
_LARGEST_SEARCH = 400_000


def pair_bodies(a: Sequence[Piece], b: Sequence[Piece], affinity: Affinity) -> Pairs:
    """The pieces of `a` with those of `b` that they became, in the bodies themselves or in regions
    that the other side has not.
    """
    pairs = _anchors(a, b, affinity)
    for put in (True, False):
        pairs.update(_regrouped(*_rest(a, b, pairs), affinity, put=put, sure=True))
    pairs.update(_alike(a, b, pairs, affinity))
    left_a, left_b = _rest(a, b, pairs)
    done = {*pairs, *pairs.values()}
    for put in (True, False):
        found = _regrouped(left_a, left_b, affinity, put=put, sure=False)
        pairs.update((o, n) for o, n in found.items() if o not in done and n not in done)
        done |= {*pairs, *pairs.values()}
        left_a, left_b = _rest(a, b, pairs)
    return pairs


def _alike(a: Sequence[Piece], b: Sequence[Piece], known: Pairs, affinity: Affinity) -> Pairs:
    """What is most alike between pairs that are known, and then what stands elsewhere."""
    pairs = dict(known)
    for old, new in _gaps(a, b, pairs):
        pairs.update(aligned(old, new, affinity.worth))
    pairs.update(_elsewhere(*_rest(a, b, pairs), affinity))
    return pairs


def _rest(a: Sequence[Piece], b: Sequence[Piece], pairs: Pairs) -> tuple[list[Piece], list[Piece]]:
    taken = set(pairs.values())
    return [piece for piece in a if piece not in pairs], [p for p in b if p not in taken]


def _anchors(a: Sequence[Piece], b: Sequence[Piece], affinity: Affinity) -> Pairs:
    """Pieces of equal name, and pieces that alone are made of the same.

    Where the two disagree, as after counting modules anew, content wins as long as nothing crosses.
    """
    names = {piece.name: piece for piece in b if piece.name}
    named = {
        old: names[old.name]
        for old in a
        if old.name in names and affinity.related(old, names[old.name])
    }
    sure = {old: new for old, new in named.items() if old.content == new.content}
    alike = _only_ones(*_rest(a, b, sure), _content)
    renamed = set(named.values())
    crossing = _crossing(sure | alike, a, b)
    for old, new in list(alike.items()):
        if (old in named or new in renamed) and old in crossing:
            del alike[old]
    pairs, taken = sure | alike, {*sure.values(), *alike.values()}
    for old, new in named.items():
        if old not in pairs and new not in taken:
            pairs[old] = new
    return pairs | _only_ones(*_rest(a, b, pairs), _form)


def _content(piece: Piece) -> int:
    return piece.content


def _form(piece: Piece) -> int:
    return piece.form


def _crossing(pairs: Pairs, a: Sequence[Piece], b: Sequence[Piece]) -> set[Piece]:
    """The pieces of `a` whose pairs cross another one."""
    at_b = {piece: place for place, piece in enumerate(b)}
    ordered = [piece for piece in a if piece in pairs]
    places = [at_b[pairs[piece]] for piece in ordered]
    before = accumulate(places, max, initial=-1)
    after = [*accumulate(reversed(places), min, initial=len(b))][::-1][1:]
    return {
        piece
        for piece, place, most, least in zip(ordered, places, before, after, strict=False)
        if not most < place < least
    }


def _only_ones(a: Sequence[Piece], b: Sequence[Piece], key: Callable[[Piece], int]) -> Pairs:
    """Pieces of equal content, or form, of which either side has one."""
    counts = [Counter(map(key, body)) for body in (a, b)]
    there = {key(piece): piece for piece in b}
    return {
        piece: there[key(piece)]
        for piece in a
        if counts[0][key(piece)] == counts[1][key(piece)] == 1
    }


def _gaps(
    a: Sequence[Piece], b: Sequence[Piece], pairs: Pairs
) -> Iterator[tuple[list[Piece], list[Piece]]]:
    """What is free on both sides between pairs that follow each other."""
    at_b = {piece: place for place, piece in enumerate(b)}
    taken = set(pairs.values())
    anchored = [piece for piece in a if pairs.get(piece) in at_b]
    places = [at_b[pairs[piece]] for piece in anchored]
    kept = heaviest_increasing(places, [piece.mass + 1 for piece in anchored])
    at_a = {piece: place for place, piece in enumerate(a)}
    ends = [(-1, -1)]
    ends += [(at_a[p], places[i]) for i, p in enumerate(anchored) if i in kept]
    ends.append((len(a), len(b)))
    for (start_a, start_b), (end_a, end_b) in pairwise(ends):
        old = [piece for piece in a[start_a + 1 : end_a] if piece not in pairs]
        new = [piece for piece in b[start_b + 1 : end_b] if piece not in taken]
        if old and new:
            yield old, new


def _elsewhere(a: Sequence[Piece], b: Sequence[Piece], affinity: Affinity) -> Pairs:
    """What stands at another place of the body now."""
    pairs: Pairs = {}
    for key in (_content, _form):
        waiting: defaultdict[int, deque[Piece]] = defaultdict(deque)
        old, new = _rest(a, b, pairs)
        for piece in new:
            waiting[key(piece)].append(piece)
        pairs |= {piece: waiting[key(piece)].popleft() for piece in old if waiting[key(piece)]}
    old_regions, new_regions = (
        [piece for piece in rest if piece.weighted and piece.region is not None]
        for rest in _rest(a, b, pairs)
    )
    if len(old_regions) * len(new_regions) > _LARGEST_SEARCH:
        return pairs
    candidates = [
        (-affinity.related(old, new), i, j)
        for i, old in enumerate(old_regions)
        for j, new in enumerate(new_regions)
        if old.name == new.name
        and affinity.same_definition(old, new)
        and affinity.related(old, new) >= _ELSEWHERE
    ]
    taken: set[Piece] = set()
    for _, i, j in sorted(candidates):
        before, after = old_regions[i], new_regions[j]
        if before not in pairs and after not in taken:
            pairs[before] = after
            taken.add(after)
    return pairs


def _regrouped(
    a: Sequence[Piece], b: Sequence[Piece], affinity: Affinity, *, put: bool, sure: bool
) -> Pairs:
    """What was `put` into a region that only `b` has, or into one in it; else what was taken out of
    such a region of `a`.
    """
    pairs: Pairs = {}
    left, body = (list(a), b) if put else (list(b), a)
    known = {piece.content for piece in left}
    for region in _worth_opening(body, left):
        if left and region.content not in known:
            sides = (left, region.children) if put else (region.children, left)
            found = _alike(*sides, _anchors(*sides, affinity), affinity)
            found.update(_regrouped(*_rest(*sides, found), affinity, put=put, sure=sure))
            if _covers(found, region, affinity, sure):
                pairs.update(found)
                done = {*found, *found.values()}
                left = [piece for piece in left if piece not in done]
    return pairs


def _worth_opening(body: Sequence[Piece], others: Sequence[Piece]) -> list[Piece]:
    """The regions of a body in which to look for the others; none where that would take long."""
    regions = [piece for piece in body if piece.children]
    work = len(others) * sum(region.mass for region in regions)
    return regions if work <= _LARGEST_SEARCH else []


def _covers(pairs: Pairs, region: Piece, affinity: Affinity, sure: bool) -> bool:
    """Whether most of a region was there before; `sure` counts only what is made of the same, or
    has the same name.
    """
    common = sum(
        min(old.mass, new.mass) * affinity.similarity(old, new)
        for old, new in pairs.items()
        if not sure
        or old.content == new.content
        or old.form == new.form
        or (old.name and old.name == new.name)
    )
    rounds = region.word == "repeat"  # how many of them there are makes no difference
    mass = sum(max(old.mass, new.mass) for old, new in pairs.items()) if rounds else region.mass
    return bool(pairs) and common >= _WRAPPED * mass
