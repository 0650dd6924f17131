"""The rows of a table: the network's outline, and totals that do not depend on what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inception_dsl.analysis.cost import Cost, aux_only, cost
from inception_dsl.analysis.outline import Part, outline
from inception_dsl.analysis.smallest_input import smallest_input
from inception_dsl.analysis.wording import bound_name, describe, segment
from inception_dsl.backends.table.columns import DEFAULT_COLUMNS, Columns, Figure, show_figure
from inception_dsl.ir.graph import CheckedGraph, Graph
from inception_dsl.ir.regions import Region

__all__ = ["Row", "Table", "caption", "result", "rows"]


@dataclass(frozen=True, slots=True)
class Row:
    """One part of the network, indented by `level`.

    An open part has no `figures` of its own: its rows follow, so that columns add up to totals.
    `aux` marks what only auxiliary heads need.
    """

    path: str
    name: str
    operation: str
    output: str
    level: int
    figures: tuple[Figure, ...] | None
    aux: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A network as rows, its caption, and what a column has in all.

    `totals` are the last rows: the main path and, where there are any, auxiliary heads.
    """

    caption: str
    names: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    totals: tuple[tuple[str, tuple[Figure, ...]], ...]

    def shown(self, row: Row) -> tuple[str, ...]:
        """A row's figures for people: nothing rather than 0, and for an open part."""
        figures = row.figures or (None,) * len(self.names)
        return tuple("" if figure == 0 else show_figure(figure) for figure in figures)

    @property
    def shown_totals(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The last rows for people."""
        return tuple((name, tuple(map(show_figure, figures))) for name, figures in self.totals)


def rows(
    checked: CheckedGraph, depth: int | None = 0, names: Sequence[str] = DEFAULT_COLUMNS
) -> Table:
    """The table of a network with `depth` levels of definitions opened, None for all of them.

    At depth 0 sections are open and modules one row each, as in the papers' tables.
    """
    graph = checked.graph
    columns = Columns(checked, tuple(names))
    main, aux = graph.main(), aux_only(checked)
    writer = _Writer(graph, columns, frozenset(aux))
    found = tuple(
        row for part in outline(checked, depth).root.parts for row in writer.part(part, 0)
    )
    on_main = [node.path for node in graph if node.path in main]
    totals = [("total", columns.figures(on_main, graph.output))]
    if aux:
        totals.append(("auxiliary heads", columns.figures(aux, aux[-1])))
    return Table(
        caption=caption(checked, cost(checked)),
        names=tuple(names),
        headings=columns.headings,
        rows=found,
        totals=tuple(totals),
    )


@dataclass(frozen=True)
class _Writer:
    graph: Graph
    columns: Columns
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
            figures=None
            if part.open
            else self.columns.figures(part.paths, result(part.region, part.paths, outputs[0])),
            aux=all(path in self.aux for path in part.paths),
        )
        for inner in parts:
            yield from self.part(inner, level + 1)


def result(region: Region | None, paths: Sequence[str], output: str) -> str:
    """The node that makes a part's result: in the last of the rounds that it stands for."""
    if region is None:
        return paths[-1]
    nodes = tuple(region.nodes())
    if output not in nodes:  # passed through
        return output
    return paths[nodes.index(output) - len(nodes)]


def caption(checked: CheckedGraph, figures: Cost) -> str:
    """What a table says of the whole network."""
    convs = f"{figures.convs} convolution" + "s" * (figures.convs != 1)
    linears = f"{figures.linears} linear layer" + "s" * (figures.linears != 1)
    smallest = smallest_input(checked)
    return (
        f"{checked.graph.name}: {checked.input_map} to {checked.output_map}, "
        f"{convs}, {linears}, depth {figures.depth}, {figures.layers} layers with pools"
        + (f", smallest input {smallest}" if smallest else "")
    )
