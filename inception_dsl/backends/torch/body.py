"""A region lowered to PyTorch: the submodules it builds, and the steps that `forward` takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from inception_dsl.backends.torch.expressions import Expr
from inception_dsl.ir.formula import Formula
from inception_dsl.ir.regions import Region

__all__ = ["Body", "Part", "Step", "enclosing", "is_single"]


@dataclass(frozen=True)
class Step:
    """One statement of `forward`: the values it computes, by node path, and names for them."""

    expr: Expr
    outputs: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A node or region inside a body. An `aux` part exists in training only."""

    segment: str
    constructor: Expr | None
    steps: tuple[Step, ...]
    aux: bool = False


@dataclass
class Body:
    """A region, lowered.

    `channels` are formulas in terms of its definition and its own inputs; there are none in the
    network's own body, whose numbers are printed as they are.
    """

    region: Region
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    parts: list[Part] = field(default_factory=list)
    channels: dict[str, Formula | None] = field(default_factory=dict)
    stateless: bool = True
    has_aux: bool = False
    nesting: int = 0

    def steps(self) -> Iterator[Step]:
        """What `forward` does, in order."""
        return (step for part in self.parts for step in part.steps)


def enclosing(region: Region) -> Region:
    """The instance of a definition, or the network, in whose body a region was written."""
    while region.kind not in ("instance", "network") and region.parent:
        region = region.parent
    return region


def is_single(region: Region) -> bool:
    """Whether a region is there once: in the network's own body, outside of any repeat."""
    above: Region | None = region
    while above and above.kind not in ("instance", "iteration"):
        above = above.parent
    return above is None
