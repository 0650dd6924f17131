"""The ends of the branches that a combination joins, and which of them do not agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from inception_dsl.elaborate.build import Frame
from inception_dsl.elaborate.values import Tensor
from inception_dsl.ir.types import FeatureMap
from inception_dsl.record import record
from inception_dsl.source import Span
from inception_dsl.syntax import tree

__all__ = ["Disagreement", "End"]


@record
class End:
    """One side of a combination: where it ends, its text, and the frame that it was expanded in.

    `body` is None for a shortcut that nobody wrote, `span` where there is no text around it.
    """

    tensor: Tensor
    body: tree.Block | None
    span: Span | None
    frame: Frame

    @property
    def map(self) -> FeatureMap:
        """The shape it ends on."""
        assert self.tensor.map is not None, "only known shapes disagree"
        return self.tensor.map

    @property
    def last(self) -> Span | None:
        """The last link of it, which has the shape that it ends on."""
        if self.body is None or not self.body.statements:
            return self.body.span if self.body else None
        match self.body.statements[-1]:
            case tree.Apply(chain=chain) | tree.Bind(chain=chain):
                link = chain.links[-1]
                if isinstance(link, tree.Combine | tree.Residual):
                    return link.keyword.span
                return link.span
            case statement:
                return statement.span

    @property
    def tail(self) -> Span | None:
        """What another link can be written behind; None where there is no chain."""
        match self.body.statements[-1:] if self.body else ():
            case (tree.Apply(chain=chain) | tree.Bind(chain=chain),):
                return chain.links[-1].span
        return None


@dataclass(frozen=True)
class Disagreement:
    """The ends of a combination, and the shape that most of them have; the first wins a tie."""

    keyword: str
    ends: tuple[End, ...]
    current: Tensor | None
    frame: Frame
    link: tree.Combine | tree.Residual

    @property
    def joins(self) -> bool:
        """Whether only the grids have to agree."""
        return self.keyword == "concat"

    def agreed(self, map: FeatureMap) -> tuple[int, ...]:
        """The part of a shape that has to be the same at every end."""
        return map.grid if self.joins else map.dims

    @cached_property
    def usual(self) -> FeatureMap:
        """The shape of the first of the ends that agree with most others."""
        counts = Counter(self.agreed(end.map) for end in self.ends)
        return max(self.ends, key=lambda end: counts[self.agreed(end.map)]).map

    @cached_property
    def odd(self) -> list[End]:
        """The ends that do not agree with the usual shape."""
        usual = self.agreed(self.usual)
        return [end for end in self.ends if self.agreed(end.map) != usual]

    def axes(self, other: FeatureMap) -> list[int]:
        """The axes on which a shape differs from the usual one; all where the ranks differ."""
        usual = self.usual
        if other.rank != usual.rank:
            return list(range(len(other.dims)))
        first = 1 if self.joins else 0
        pairs = enumerate(zip(usual.dims, other.dims, strict=True))
        return [axis for axis, (a, b) in pairs if axis >= first and a != b]
