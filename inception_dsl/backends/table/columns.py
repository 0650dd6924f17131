"""The columns of numbers that a table may have: what each says of a part of the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property
from typing import Final

from inception_dsl.analysis.cost import NodeCost, longest_paths, node_costs
from inception_dsl.analysis.memory import activation_bytes, live_bytes
from inception_dsl.analysis.parameters import ParameterCount, parameter_counts
from inception_dsl.analysis.receptive_field import ReceptiveField, receptive_fields
from inception_dsl.ir.graph import CheckedGraph

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
class Columns:
    """The chosen columns of one network; each analysis runs once, when a column needs it."""

    checked: CheckedGraph
    names: Sequence[str] = DEFAULT_COLUMNS

    @property
    def headings(self) -> tuple[str, ...]:
        """What people read above them."""
        return tuple(COLUMNS[name].heading for name in self.names)

    def figures(self, paths: Sequence[str], output: str) -> tuple[Figure, ...]:
        """The figures of some nodes together, whose result is that of `output`."""
        return tuple(COLUMNS[name].figure(self, paths, output) for name in self.names)

    @cached_property
    def costs(self) -> dict[str, NodeCost]:
        """Each node's cost."""
        return node_costs(self.checked)

    @cached_property
    def longest(self) -> dict[str, tuple[int, int]]:
        """The layers and pools up to each node."""
        return longest_paths(self.checked)

    @cached_property
    def parameters(self) -> dict[str, ParameterCount]:
        """Each node's parameters by kind."""
        return parameter_counts(self.checked)

    @cached_property
    def activations(self) -> dict[str, int]:
        """The memory of each node's result."""
        return activation_bytes(self.checked)

    @cached_property
    def live(self) -> dict[str, int]:
        """What is alive while each node of the main path runs."""
        return live_bytes(self.checked)

    @cached_property
    def seen(self) -> dict[str, ReceptiveField]:
        """Each node's receptive field."""
        return receptive_fields(self.checked)


def show_figure(figure: Figure) -> str:
    """A figure for people: `1,000`, or `11x11` for one that has axes."""
    if isinstance(figure, tuple):
        return "x".join(f"{number:g}" for number in figure)
    return "" if figure is None else f"{figure:,}"
