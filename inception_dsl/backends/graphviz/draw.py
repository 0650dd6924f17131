"""A network as a `graphviz.Digraph`: one cluster per module, branches in the order of the spec."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import graphviz

from inception_dsl.backends.figure.bodies import bodies
from inception_dsl.backends.figure.body import Body, Edge, Item, RouteKind
from inception_dsl.backends.figure.caption import captions
from inception_dsl.backends.figure.colors import Colors
from inception_dsl.backends.figure.content import Content
from inception_dsl.backends.figure.figure import seen_by
from inception_dsl.backends.figure.options import FigureOptions, Mark
from inception_dsl.backends.figure.sizes import Sizes
from inception_dsl.backends.graphviz.attributes import (
    edge_attributes,
    edge_defaults,
    graph_defaults,
    node_defaults,
)
from inception_dsl.backends.graphviz.boxes import Boxes
from inception_dsl.backends.graphviz.escape import escape, lines, tip
from inception_dsl.backends.graphviz.legend import add_legend
from inception_dsl.backends.graphviz.order import chains, entries, read_by, single_entry
from inception_dsl.ir.graph import CheckedGraph, Graph
from inception_dsl.ir.pause import collector_paused

__all__ = ["to_graphviz"]

_DEFAULT = FigureOptions()


@collector_paused()
def to_graphviz(
    checked: CheckedGraph,
    options: FigureOptions = _DEFAULT,
    marks: Mapping[str, Mark] | None = None,
) -> graphviz.Digraph:
    """The boxes, words and colours of `figure(checked, options, marks)`, for `dot` to lay out.

    Raises: UnknownPart (a ValueError) for a path or definition that is not there.
    """
    graph = checked.graph
    seen, givens = seen_by(checked, options, marks)
    content = Content(checked, options.show, givens)
    body, edges = bodies(graph, seen)
    colors = Colors(content, options, marks, body)
    palette = colors.palette
    name = escape(graph.name or "network")
    figure = graphviz.Digraph(
        name,
        graph_attr=graph_defaults(palette, options.direction),
        node_attr=node_defaults(palette),
        edge_attr=edge_defaults(palette),
    )
    if options.caption:
        figure.attr(label=lines(" ", *captions(content, seen.root, options)))
    figure.attr(tooltip=tip(graph.doc) or name)
    boxes = Boxes(Sizes(content, options.direction, options.compact), colors)
    _Writer(graph, boxes, figure).body(body)
    for source, target, kind in _arrows(edges):
        figure.edge(source, target, **edge_attributes(kind, options.direction))
    if options.legend:
        add_legend(figure, colors, body)
    return figure


class _Writer:
    """Writes the items of a figure, nested as they are."""

    def __init__(self, graph: Graph, boxes: Boxes, figure: graphviz.Digraph) -> None:
        self.graph, self.boxes, self.figure = graph, boxes, figure
        self.target = figure
        self.heads: set[str] = set()

    def body(self, body: Body) -> None:
        """All items of one body, auxiliary heads last and so to the side."""
        ranks = list(chains(self.graph, body))
        self.heads.update(head for heads in ranks for head in heads)
        reads = read_by(body)
        for item in sorted(body.items, key=lambda item: item.side):
            if item.body is None:
                self.target.node(item.part.path, **self.boxes.box(item, reads.get(item, [])))
            elif item.frame:
                self._cluster(item, item.body)
            else:
                self.body(item.body)
        for heads in ranks:
            self._chain(heads)

    def _cluster(self, item: Item, inside: Body) -> None:
        outer, path = self.target, item.part.path
        if path in self.heads:  # `dot` orders boxes of one cluster only
            self._title(item)
        with outer.subgraph(name=f"cluster_{path}") as self.target:
            self.target.attr(**self.boxes.frame(item))
            if path not in self.heads:
                self._title(item)
            if not single_entry(item):  # beside what its inputs enter
                first = entries(self.graph, inside) or [next(item.part.leaves()).path]
                self._chain([path, *first])
            self.body(inside)
        self.target = outer

    def _title(self, item: Item) -> None:
        self.target.node(item.part.path, **self.boxes.title(item))

    def _chain(self, boxes: list[str]) -> None:
        """Boxes of one cluster side by side, from left to right or from the top."""
        # from left to right, `dot` orders the boxes of a cluster from the bottom
        upwards = self.boxes.sizes.turned and self.target is not self.figure
        with self.target.subgraph() as rank:
            rank.attr(rank="same")
            for before, after in pairwise(reversed(boxes) if upwards else boxes):
                rank.edge(before, after, style="invis")


def _arrows(edges: Iterable[Edge]) -> Iterator[tuple[str, str, RouteKind]]:
    """Each line through the titles of the frames that it enters, and what two share once."""
    done = set()
    for edge in edges:
        start, aside = edge.source, False
        *around, box = (link.target for link in edge.links if link.target is not None)
        for item in (*around, box):
            aside = aside or item.side
            if item is not box and not single_entry(item):
                continue
            end = item.part.path
            direct = item is box and start == edge.source  # `add(x, x)` keeps its two
            if direct or (start, end) not in done:
                done.add((start, end))
                yield start, end, "aux" if aside else edge.kind if edge.kind == "join" else "flow"
            start, aside = end, False
