"""How the arrays of a rewritten network follow from those of the network as written.

A pass says it as an expression; `weights/derived.py` evaluates it, in float64.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Gain", "Given", "Joined", "Scaled", "Shaped", "Shift", "Times", "Weight"]


@dataclass(frozen=True)
class Given:
    """An array of the network as written, by its state-dict key."""

    key: str


@dataclass(frozen=True)
class Gain:
    """What batch norm multiplies a channel by: `gamma / sqrt(variance + eps)`; gamma may be 1."""

    variance: Weight
    eps: float
    gamma: Weight | None = None


@dataclass(frozen=True)
class Shift:
    """What is left of a bias behind batch norm: `(bias - mean) * gain + beta`."""

    mean: Weight
    gain: Weight
    bias: Weight | None = None
    beta: Weight | None = None


@dataclass(frozen=True)
class Scaled:
    """Weights with the slice of each output channel, along `axis`, times its own gain."""

    weight: Weight
    gain: Weight
    axis: int = 0


@dataclass(frozen=True)
class Times:
    """An array times a number."""

    array: Weight
    factor: float


@dataclass(frozen=True)
class Shaped:
    """The same numbers in another shape."""

    array: Weight
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Joined:
    """Arrays one behind the other along their first axis, the output channels."""

    parts: tuple[Weight, ...]


Weight = Given | Gain | Shift | Scaled | Times | Shaped | Joined
