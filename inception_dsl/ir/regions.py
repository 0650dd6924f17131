"""The region tree: which part of the spec each node came from, kept beside the graph.

A region is a section, an instance of a definition, a branch, one round of a repeat, and so on. Its
children are regions and nodes in the order of the spec. Back ends read this tree and never a path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from inception_dsl.ir.formula import Bound
from inception_dsl.record import record
from inception_dsl.source import Span

__all__ = ["DefinitionInfo", "Origin", "Region", "RegionKind"]

RegionKind = Literal[
    "network",  # the root
    "section",  # stem { }, head { }, stage name { }
    "instance",  # a call of a definition
    "group",  # name = a -> b
    "branch",
    "residual",  # the body of a residual; the add stands behind it in the parent
    "shortcut",
    "repeat",  # its children are iterations
    "iteration",
]


@record
class Origin:
    """Where something was written, and through which uses of definitions it got there.

    `use` describes the call of the definition that `span` lies in (``module `inception_a` with
    pool=32``); `parent` is where that call was written, None in the network's own body.
    """

    span: Span
    use: str = ""
    parent: Origin | None = None


@dataclass(frozen=True)
class DefinitionInfo:
    """What back ends need of a definition; `key` tells copies under different settings apart.

    `operands` are the names behind `on`; a definition of one tensor has none. `span` is its text.
    """

    name: str
    role: Literal["layer", "block", "module", "reduction", "stem", "head"]
    parameters: tuple[str, ...]
    doc: str
    key: str
    operands: tuple[str, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(eq=False)
class Region:
    """One part of the spec; identity is the object.

    `inputs` are the nodes outside whose values it reads: an instance has its operands first, the
    rest stand in order of first reading. `outputs` are the nodes whose values are used
    outside, the tensor at its end first; an output that is also an input was passed through.
    """

    kind: RegionKind
    segment: str
    path: str
    origin: Origin
    parent: Region | None = None
    role: str = ""  # section kind, or the definition's role
    definition: DefinitionInfo | None = None
    arguments: Mapping[str, Bound] = field(default_factory=dict)
    call: str = ""  # of a definition, as the spec would write it with values, for people to read
    doc: str = ""
    children: list[Region | str] = field(default_factory=list)
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    def walk(self) -> Iterator[Region]:
        """This region and all below it, parents first, in the order of the spec."""
        pending = [self]
        while pending:
            region = pending.pop()
            yield region
            pending += [c for c in reversed(region.children) if isinstance(c, Region)]

    def nodes(self) -> Iterator[str]:
        """The paths of all nodes in it and below, in the order of the spec."""
        pending: list[Region | str] = [self]
        while pending:
            child = pending.pop()
            if isinstance(child, Region):
                pending += reversed(child.children)
            else:
                yield child
