"""What would make branches fit together; each change was tried on the whole combination.

A branch is brought to a shape by another stride or padding where its grid was set, another number
of filters where its channels were set, or a projection behind it.
"""

from __future__ import annotations

from itertools import islice

from inception_dsl.elaborate.build import Builder
from inception_dsl.elaborate.ends import Disagreement, End
from inception_dsl.elaborate.sums import sum_remedies
from inception_dsl.elaborate.trial import Remedy
from inception_dsl.elaborate.windows import windows, works
from inception_dsl.ir.types import FeatureMap

__all__ = ["remedies"]

MANY = 32  # ends of a combination for which nothing is tried any more
SEVERAL = 8  # branches that are brought to a shape one by one


def remedies(builder: Builder, found: Disagreement) -> list[Remedy]:
    """Up to two changes after which the ends agree, the likelier first."""
    if len(found.ends) > MANY:
        return []
    if found.keyword == "concat":
        offered = (_join(builder, found, target) for target in _targets(found))
        return [remedy for remedy in offered if remedy]
    return list(islice(sum_remedies(builder, found), 1))


def _targets(found: Disagreement) -> list[FeatureMap]:
    """The shapes to bring the others to: what the role promises first, else the usual one."""
    others = [end.map for end in found.odd]
    if len({map.grid for map in others}) > 1:
        return [found.usual]
    targets = [found.usual, others[0]]
    role, entered = _role(found), found.current.map if found.current else None
    if entered and role in ("module", "reduction"):
        kept = role == "module"
        targets.sort(key=lambda map: (map.grid == entered.grid) != kept)
    return targets


def _role(found: Disagreement) -> str:
    entered = found.frame.entered
    region = found.frame.region
    while region.definition is None and region.parent:
        region = region.parent
    return region.role if entered and region.definition else ""


def _join(builder: Builder, found: Disagreement, target: FeatureMap) -> Remedy | None:
    """Every branch that ends on another grid, brought to that of `target`."""
    wrong = [end for end in found.ends if end.map.grid != target.grid]
    brought: dict[int, Remedy] = {}
    for end in wrong[: SEVERAL + 1]:
        remedy = next(windows(builder, found, end, target), None)
        if remedy is None or end.body is None:
            return None
        brought[end.body.span.start] = remedy
    edits = tuple(edit for remedy in brought.values() for edit in remedy.edits)
    if len(wrong) > SEVERAL or not works(builder, found, edits):
        return None
    words = list(dict.fromkeys(remedy.words for remedy in brought.values()))
    each = {text.partition(" in ")[0] for text in words}
    said = words[0] if len(words) == 1 else " and ".join(words)
    if len(words) > 1 and len(each) == 1:
        said = f"{each.pop()} in every branch that ends on {_grid(found, wrong[0])}"
    entered = found.current.map if found.current else None
    if _role(found) == "module" and entered and target.grid != entered.grid:
        name = found.frame.use.partition("`")[2].partition("`")[0]
        return Remedy(f"declare `{name}` a `reduction` and {said}", ())
    return Remedy(said, edits)


def _grid(found: Disagreement, end: End) -> str:
    return "x".join(map(str, end.map.grid)) or "a vector"
