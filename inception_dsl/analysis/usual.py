"""The use of a definition that stands for all: what a paper draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from inception_dsl.ir.graph import Graph
from inception_dsl.ir.regions import Region

__all__ = ["usual"]


def usual(graph: Graph, uses: Sequence[Region]) -> Region:
    """The first use whose operations are those of most, whatever their sizes.

    So a cell is shown without the exceptions that the first of a stage makes.
    """
    forms = [tuple(graph[path].op.name for path in use.nodes()) for use in uses]
    count = Counter(forms)
    return max(zip(uses, forms, strict=True), key=lambda pair: count[pair[1]])[0]
