"""The table that papers print of a network, as table 1 of "Going deeper with convolutions".

Type, patch size and stride, output size, depth, filters, parameters and operations, one row for
each module and for each layer between them. What papers pass over has no row: the input,
activations, flattening; norms count with the layer in front of them. Auxiliary heads are left out,
and the caption says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from inception_dsl.analysis.cost import aux_only, cost, total
from inception_dsl.backends.table.chain import Step, kernels
from inception_dsl.backends.table.columns import (
    COLUMNS,
    DEFAULT_COLUMNS,
    Columns,
    Figure,
    show_figure,
)
from inception_dsl.backends.table.entries import Entry, entries
from inception_dsl.backends.table.filters import FilterColumns, filter_columns
from inception_dsl.backends.table.rounding import rounded, unit_for
from inception_dsl.backends.table.rows import caption
from inception_dsl.backends.table.sheet import Heading, Line, Sheet
from inception_dsl.ir.graph import CheckedGraph, Graph
from inception_dsl.ir.types import FeatureMap

__all__ = ["paper"]

_HEADINGS = {"params": "params", "macs": "ops"}  # as the papers call them
_ROUNDED = ("params", "buffers", "macs", "weights", "biases", "gamma", "beta", "running")


def paper(
    checked: CheckedGraph, depth: int | None = 0, names: Sequence[str] = DEFAULT_COLUMNS
) -> Sheet:
    """The table of a network as a paper prints it, with `depth` levels of definitions opened."""
    graph = checked.graph
    found = list(entries(checked, depth))
    filters = filter_columns(
        [(entry.chain, entry.region) for entry in found if entry.module and entry.region]
    )
    found = list(_reduced(graph, found, filters))
    columns = Columns(checked, tuple(names))
    main = graph.main()
    on_main = [node.path for node in graph if node.path in main]
    whole = columns.figures(on_main, graph.output)
    units = [_unit(name, figure) for name, figure in zip(names, whole, strict=True)]
    writer = _Writer(graph, columns, filters, units)
    blank = ("",) * len(filters.headings)
    total = ("total", "", "", str(cost(checked).depth), *blank)
    return Sheet(
        caption=_caption(checked, columns),
        headings=(
            Heading("type"),
            Heading("patch size/stride"),
            Heading("output size", "shape"),
            Heading("depth", "number"),
            *(Heading(text, _kind(text)) for text in filters.headings),
            *(Heading(_HEADINGS.get(name, COLUMNS[name].heading), "number") for name in names),
        ),
        lines=tuple(map(writer.line, found)),
        totals=(Line((*total, *writer.shown(whole)), exact=(*total, *map(_exact, whole))),),
    )


@dataclass(frozen=True)
class _Writer:
    graph: Graph
    columns: Columns
    filters: FilterColumns
    units: Sequence[int]

    def line(self, entry: Entry) -> Line:
        """The row of one part; an open one leaves the counting to those behind it."""
        output = _size(self.graph[entry.output].out, self.columns.checked.input_map.rank)
        if entry.open:
            rest = ("",) * (1 + len(self.filters.headings) + len(self.units))
            return Line((entry.label, "", output, *rest), entry.level, open=True)
        about = (
            entry.label,
            self.patch(entry),
            output,
            str(_depth(self.graph, entry.paths)),
            *self.filters.cells(entry.chain, entry.region if entry.module else None),
        )
        figures = self.columns.figures(entry.paths, entry.last)
        exact = (*about, *map(_exact, figures))
        return Line((*about, *self.shown(figures)), entry.level, exact=exact)

    def patch(self, entry: Entry) -> str:
        """The patch sizes and strides; of two convolutions in one row those of the second."""
        if entry.module and not self.filters.beside:
            return ""
        return kernels(entry.chain[-1:] if self.filters.reduces(entry.chain) else entry.chain)

    def shown(self, figures: Sequence[Figure]) -> Iterator[str]:
        """Figures for people; nothing for 0."""
        for figure, unit in zip(figures, self.units, strict=True):
            if unit and isinstance(figure, int) and figure:
                yield rounded(figure, unit)
            else:
                yield show_figure(figure or None)


def _reduced(graph: Graph, found: Sequence[Entry], filters: FilterColumns) -> Iterator[Entry]:
    """With a 1×1 convolution and the one that it reduces for as one row."""
    before: Entry | None = None
    for entry in found:
        if before is not None and _pair(graph, before, entry, filters):
            chain, paths = before.chain + entry.chain, before.paths + entry.paths
            entry, before = replace(entry, chain=chain, paths=paths), None
        if before is not None:
            yield before
        before = entry
    if before is not None:
        yield before


def _pair(graph: Graph, first: Entry, second: Entry, filters: FilterColumns) -> bool:
    plain = all(
        len(each.chain) == 1
        and isinstance(each.chain[0], Step)
        and not (each.open or each.module or each.name)
        and each.times == 1
        for each in (first, second)
    )
    together = first.level == second.level and filters.reduces(first.chain + second.chain)
    return plain and together and graph.readers(first.paths[-1]) == (second.paths[0],)


def _depth(graph: Graph, paths: Sequence[str]) -> int:
    """The weighted layers on the longest path inside some nodes, through others between them."""
    inside = frozenset(paths)
    longest: dict[str, int] = {}
    for node in graph:
        weighted = node.path in inside and node.op.kind in ("convolution", "linear")
        before = max((longest[path] for path in graph.operands(node.path)), default=0)
        longest[node.path] = before + weighted
    return max(longest[path] for path in paths)


def _size(map: FeatureMap, rank: int) -> str:
    """`112×112×64`, channels last as in the papers; of a vector, a grid of one cell."""
    return "×".join(str(extent) for extent in (*(map.grid or (1,) * rank), map.channels))


def _unit(name: str, whole: Figure) -> int:
    """The unit of a column; 0 for one whose figures are no counts."""
    return unit_for(whole) if name in _ROUNDED and isinstance(whole, int) else 0


def _exact(figure: Figure) -> str:
    return str(figure) if isinstance(figure, int) else show_figure(figure)


def _kind(heading: str) -> Literal["text", "number"]:
    return "text" if heading == "filters" else "number"


def _caption(checked: CheckedGraph, columns: Columns) -> str:
    aux = aux_only(checked)
    if not aux:
        return caption(checked, cost(checked))
    heads = ", ".join(head.name for head in checked.graph.aux)
    weights = rounded(total(columns.costs, aux).params)
    which = "head" if len(checked.graph.aux) == 1 else "heads"
    return f"{caption(checked, cost(checked))}; without the auxiliary {which} {heads} ({weights})"
