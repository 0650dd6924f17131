"""The columns of numbers that a table may have: what each says of a part of the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Final

from inception_dsl.analysis.analyses import Analyses
from inception_dsl.analysis.parameters import ParameterCount

__all__ = ["COLUMNS", "DEFAULT_COLUMNS", "Columns", "Figure", "show_figure"]

Figure = int | tuple[int | float, ...] | None
"""A number, one for each axis of the input, or nothing to say."""

DEFAULT_COLUMNS = ("params", "macs")


@dataclass(frozen=True)
class _Column:
    """Its heading for people, and its figure for some nodes, the last of which is `output`."""

    heading: str
    figure: Callable[[Columns, Sequence[str], str], Figure]


def _sum_of(table: str, name: str, heading: str) -> _Column:
    def figure(self: Columns, paths: Sequence[str], output: str) -> int:
        each = getattr(self, table)
        return sum(getattr(each[path], name) for path in paths)

    return _Column(heading, figure)


def _field(name: str, heading: str) -> _Column:
    def figure(self: Columns, paths: Sequence[str], output: str) -> Figure:
        numbers: tuple[int | Fraction, ...] = getattr(self.seen[output], name)
        return tuple(int(n) if n == int(n) else float(n) for n in numbers)

    return _Column(heading, figure)


def _activation_bytes(self: Columns, paths: Sequence[str], output: str) -> int:
    return sum(self.activations[path] for path in paths)


def _live_bytes(self: Columns, paths: Sequence[str], output: str) -> Figure:
    return max((self.live[path] for path in paths if path in self.live), default=None)


def _depth(self: Columns, paths: Sequence[str], output: str) -> int:
    return self.longest[output][0]


COLUMNS: Final[Mapping[str, _Column]] = {
    "params": _sum_of("costs", "params", "parameters"),
    "buffers": _sum_of("costs", "buffers", "buffers"),
    "macs": _sum_of("costs", "macs", "multiply-adds"),
    **{kind.name: _sum_of("parameters", kind.name, kind.name) for kind in fields(ParameterCount)},
    "depth": _Column("depth", _depth),
    "activation_bytes": _Column("activations, bytes", _activation_bytes),
    "live_bytes": _Column("alive at most, bytes", _live_bytes),
    "receptive_field": _field("size", "receptive field"),
    "stride": _field("stride", "stride"),
    "start": _field("start", "start"),
}


@dataclass(frozen=True)
class Columns(Analyses):
    """The chosen columns of one network."""

    names: Sequence[str] = DEFAULT_COLUMNS

    @property
    def headings(self) -> tuple[str, ...]:
        """What people read above them."""
        return tuple(COLUMNS[name].heading for name in self.names)

    def figures(self, paths: Sequence[str], output: str) -> tuple[Figure, ...]:
        """The figures of some nodes together, whose result is that of `output`."""
        return tuple(COLUMNS[name].figure(self, paths, output) for name in self.names)


def show_figure(figure: Figure) -> str:
    """A figure for people: `1,000`, or `11x11` for one that has axes."""
    if isinstance(figure, tuple):
        return "x".join(f"{number:g}" for number in figure)
    return "" if figure is None else f"{figure:,}"
