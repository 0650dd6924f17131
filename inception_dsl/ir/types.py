"""What flows along an edge of the graph, and the values that operations take as arguments."""

from __future__ import annotations

from math import prod
from typing import Annotated, Literal

from inception_dsl.record import record

__all__ = [
    "Dims",
    "FeatureMap",
    "Padding",
    "Parameter",
    "Shape",
    "Size",
    "Word",
    "per_axis",
    "show_value",
]


@record
class FeatureMap:
    """Channels on a grid of any rank, without the batch; rank 0 is a vector.

    `str` writes it as specs do: `64x56x56`, or `1024` for a vector.
    """

    channels: int
    grid: tuple[int, ...] = ()

    @property
    def dims(self) -> tuple[int, ...]:
        """`(channels, *grid)`, what follows the batch in an array's shape."""
        return (self.channels, *self.grid)

    @property
    def rank(self) -> int:
        """How many axes the grid has."""
        return len(self.grid)

    @property
    def size(self) -> int:
        """How many numbers one image has here."""
        return prod(self.dims)

    def __str__(self) -> str:
        return "x".join(map(str, self.dims))


class Dims(tuple[int, ...]):
    """A size as written, `3x3`: one extent per axis; height x width, depth first in 3-D."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "x".join(map(str, self))


class Word(str):
    """A reserved word used as a value: `same`, `bilinear`."""

    __slots__ = ()


# The language's types in operation signatures; the second part is the type's name in a spec.
Size = Annotated[int | tuple[int, ...], "size"]
Padding = Annotated[int | str | tuple[int, ...], "padding"]
Shape = Annotated[tuple[int, ...], "shape"]

ParameterKind = Literal["weight", "bias", "gamma", "beta", "mean", "variance"]


@record
class Parameter:
    """One array that an operation owns: trainable, or a running statistic.

    `fan_in` is the number of products summed into one output, for initialisation of weights.
    """

    shape: tuple[int, ...]
    kind: ParameterKind
    fan_in: int = 0

    @property
    def trainable(self) -> bool:
        """Whether training moves it; running means and variances are buffers."""
        return self.kind not in ("mean", "variance")

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return prod(self.shape)


def per_axis(value: int | tuple[int, ...], rank: int) -> tuple[int, ...]:
    """One number per grid axis: an int counts for each of them.

    Raises: ValueError if a size has another number of axes.
    """
    if isinstance(value, int):
        return (value,) * rank
    if len(value) != rank:
        raise ValueError(f"{len(value)} axes for a grid of {rank}")
    return tuple(value)


def show_value(value: object) -> str:
    """A value as a spec writes it, floats to six digits."""
    if type(value) is int:
        return str(value)
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Dims):
        return repr(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(map(show_value, value)) + "]"
    if isinstance(value, str) and not isinstance(value, Word):
        return '"' + value + '"'
    return str(value)
