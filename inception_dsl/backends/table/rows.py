"""The rows of a table: the network's outline, and totals that do not depend on what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inception_dsl.analysis.cost import Cost, NodeCost, aux_only, cost, node_costs, total
from inception_dsl.analysis.outline import Part, outline
from inception_dsl.analysis.wording import bound_name, describe, segment
from inception_dsl.ir.graph import CheckedGraph, Graph

__all__ = ["Row", "Table", "rows"]


@dataclass(frozen=True, slots=True)
class Row:
    """One part of the network, indented by `level`.

    An open part has no `cost` of its own: its rows follow, so that a column adds up to its total.
    `aux` marks what only auxiliary heads need.
    """

    path: str
    name: str
    operation: str
    output: str
    level: int
    cost: NodeCost | None
    aux: bool

    @property
    def figures(self) -> tuple[str, str]:
        """Parameters and multiply-adds for people to read: nothing rather than 0."""
        if self.cost is None:
            return "", ""
        return _number(self.cost.params), _number(self.cost.macs)


@dataclass(frozen=True, slots=True)
class Table:
    """A network as rows, its caption, and the totals of the main path and of auxiliary heads."""

    caption: str
    rows: tuple[Row, ...]
    total: Cost
    aux_total: NodeCost

    @property
    def totals(self) -> tuple[tuple[str, int, int], ...]:
        """The last rows: what is added up, its parameters and its multiply-adds."""
        main = ("total", self.total.params, self.total.macs)
        if not self.aux_total.params and not self.aux_total.macs:
            return (main,)
        return main, ("auxiliary heads", self.aux_total.params, self.aux_total.macs)


def rows(checked: CheckedGraph, depth: int | None = 0) -> Table:
    """The table of a network with `depth` levels of definitions opened, None for all of them.

    At depth 0 sections are open and modules one row each, as in the papers' tables.
    """
    graph, each = checked.graph, node_costs(checked)
    aux = aux_only(checked)
    writer = _Writer(graph, each, frozenset(aux))
    found = tuple(
        row for part in outline(checked, depth).root.parts for row in writer.part(part, 0)
    )
    figures = cost(checked)
    return Table(_caption(checked, figures), found, figures, total(each, aux))


@dataclass(frozen=True)
class _Writer:
    graph: Graph
    costs: Mapping[str, NodeCost]
    aux: frozenset[str]

    def part(self, part: Part, level: int) -> Iterator[Row]:
        """The row of a part, and of all that is open in it."""
        repeats = part.region is not None and part.region.kind == "repeat"
        if repeats and len(part.parts) == 1 and part.parts[0].open:  # all rounds are alike
            times, parts = part.parts[0].times, part.parts[0].parts
        else:
            times, parts = part.times, part.parts
        name = segment(part) + (f" × {times}" if times > 1 else "")
        wiring = part.region is not None and not part.region.call
        unnamed = wiring and not bound_name(self.graph, part)
        outputs = (part.path,) if part.region is None else part.region.outputs
        yield Row(
            path=part.path,
            name=name,
            operation="" if unnamed else describe(self.graph, part),
            output=", ".join(str(self.graph[path].out) for path in outputs),
            level=level,
            cost=None if part.open else total(self.costs, part.paths),
            aux=all(path in self.aux for path in part.paths),
        )
        for inner in parts:
            yield from self.part(inner, level + 1)


def _number(figure: int) -> str:
    return f"{figure:,}" if figure else ""


def _caption(checked: CheckedGraph, figures: Cost) -> str:
    convs = f"{figures.convs} convolution" + "s" * (figures.convs != 1)
    linears = f"{figures.linears} linear layer" + "s" * (figures.linears != 1)
    return (
        f"{checked.graph.name}: {checked.input_map} to {checked.output_map}, "
        f"{convs}, {linears}, depth {figures.depth}, {figures.layers} layers with pools"
    )
