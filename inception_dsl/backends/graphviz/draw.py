"""A network as a `graphviz.Digraph`: one cluster per module, branches in the order of the spec."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import graphviz

from inception_dsl.analysis.cost import cost, node_costs
from inception_dsl.analysis.outline import Part, outline
from inception_dsl.backends.graphviz import palette
from inception_dsl.backends.graphviz.edges import edges
from inception_dsl.backends.graphviz.escape import escape, lines, tip
from inception_dsl.backends.graphviz.frames import framed, single_entry
from inception_dsl.backends.graphviz.label import caption, role, tooltip, words
from inception_dsl.backends.graphviz.order import branch_heads
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.pause import collector_paused

__all__ = ["to_graphviz"]


@collector_paused()
def to_graphviz(
    checked: CheckedGraph, *, depth: int | None = 1, expand: Sequence[str] = ()
) -> graphviz.Digraph:
    """The figure of a network.

    `depth` is how many levels of definitions are opened: 0 draws sections and modules as one box
    each, 1 opens them, None opens everything, layers too. `expand` opens the regions at these
    paths. Equal rounds of a repeat are drawn once, with their number, unless everything is open.

    Raises: UnknownPart (a ValueError) for a path in `expand` that names no region.
    """
    seen = outline(checked, depth, open_sections=depth != 0, expand=expand)
    name = escape(checked.graph.name or "network")
    figure = graphviz.Digraph(
        name,
        graph_attr=palette.GRAPH
        | {
            "label": lines(" ", *caption(checked, cost(checked))),
            "tooltip": tip(checked.graph.doc) or name,
        },
        node_attr=palette.NODE,
        edge_attr=palette.EDGE,
    )
    _Boxes(checked, figure).body(seen.root.parts)
    for edge in edges(checked.graph, seen):
        figure.edge(edge.source, edge.reader, **palette.edge_style(edge.kind))
    return figure


class _Boxes:
    """Draws the parts of an outline, nested as they are."""

    def __init__(self, checked: CheckedGraph, figure: graphviz.Digraph) -> None:
        self.graph, self.target = checked.graph, figure
        self.costs = node_costs(checked)
        self.heads: set[str] = set()
        self.aux = {head.path for head in checked.graph.aux}

    def body(self, parts: tuple[Part, ...], times: int = 1) -> None:
        chains = list(branch_heads(self.graph, parts))
        self.heads.update(head for heads in chains for head in heads)
        for part in sorted(parts, key=lambda part: part.path in self.aux):  # aux to the side
            self._part(part, times * part.times)
        for heads in chains:
            self._chain(heads)

    def _part(self, part: Part, times: int) -> None:
        if not part.open:
            self._box(part, times)
        elif framed(part):
            self._cluster(part, times)
        else:
            self.body(part.parts, times)

    def _box(self, part: Part, times: int) -> None:
        if part.region is None:
            style = palette.node_style(self.graph[part.path].op.kind)
        else:
            style = palette.box_style(role(self.graph, part))
        text = lines(*words(self.graph, self.costs, part, times))
        self.target.node(part.path, text, tooltip=tooltip(part), **style)

    def _cluster(self, part: Part, times: int) -> None:
        text = words(self.graph, self.costs, part, times)
        style = palette.CLUSTER | palette.cluster_style(role(self.graph, part))
        outer = self.target
        if single_entry(part) and part.path in self.heads:  # `dot` orders boxes of one cluster only
            self._title(part, text)
        with outer.subgraph(name=f"cluster_{part.path}") as self.target:
            self.target.attr(tooltip=tooltip(part), **style)
            if not single_entry(part):
                self._title(part, text)
                self._chain([part.path, next(part.leaves()).path])  # beside what its inputs enter
            elif part.path not in self.heads:
                self._title(part, text)
            self.body(part.parts)
        self.target = outer

    def _title(self, part: Part, text: list[str]) -> None:
        self.target.node(part.path, lines(*text), tooltip=tooltip(part), **palette.TITLE)

    def _chain(self, boxes: list[str]) -> None:
        """Boxes of one cluster side by side, from left to right."""
        with self.target.subgraph() as rank:
            rank.attr(rank="same")
            for left, right in pairwise(boxes):
                rank.edge(left, right, style="invis")
