"""What a table or figure calls a part of the network: its name, and the call that made it."""

from __future__ import annotations

import re

from inception_dsl.analysis.outline import Part
from inception_dsl.ir.graph import Graph

__all__ = ["bound_name", "describe", "segment"]


def describe(graph: Graph, part: Part) -> str:
    """What the part is: `conv 3x3 / 2, 64`, `inception(64, 96, 128, 16, 32, 32)`, `stem`."""
    if part.region is None:
        return graph[part.path].op.label()
    return part.region.call or _word(graph, part)


def segment(part: Part) -> str:
    """The last segment of its path: its name in the body that it stands in."""
    return part.region.segment if part.region is not None else part.path.rpartition(".")[2]


def bound_name(graph: Graph, part: Part) -> str:
    """The name that the spec gave it; empty where its segment is only that of what it calls."""
    if part.region is not None and part.region.kind == "iteration":
        return ""
    numbered = re.escape(_word(graph, part)) + r"_?(_\d+)?"
    return "" if re.fullmatch(numbered, segment(part)) else segment(part)


def _word(graph: Graph, part: Part) -> str:
    """What names a part that has no name of its own, as `elaborate.paths` does it."""
    region = part.region
    if region is None:
        return graph[part.path].op.name
    if region.definition is not None:
        return region.definition.name
    return region.role if region.kind == "section" else region.kind
