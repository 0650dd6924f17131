"""What the generator makes: a spec, and all that it knows of the network in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Counts", "GeneratedSpec", "Operation"]

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Operation:
    """One operation of the network: its name in specs, and the shape that it makes.

    `main` tells that the main path depends on it, rather than auxiliary heads alone.
    """

    name: str
    shape: Shape
    main: bool


@dataclass(frozen=True)
class Counts:
    """The metrics of `expect`, counted by the generator."""

    params: int
    buffers: int
    macs: int
    convs: int
    linears: int
    depth: int
    layers: int
    aux_params: int


@dataclass(frozen=True)
class GeneratedSpec:
    """A spec that is valid by construction, the main file first, with what it must come out as.

    `operations` are those that an output depends on, in the order in which the spec runs them;
    `heads` are the shapes of the auxiliary heads by name. All of it holds under `settings`.
    """

    seed: int
    files: Mapping[str, str]
    settings: Mapping[str, object]
    input: Shape
    output: Shape
    counts: Counts
    operations: tuple[Operation, ...]
    heads: Mapping[str, Shape]

    @property
    def text(self) -> str:
        """The main file."""
        return next(iter(self.files.values()))
