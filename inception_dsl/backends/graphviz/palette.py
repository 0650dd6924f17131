"""The colours and outlines of figures.

Tints of Okabe and Ito's colour-blind safe palette, light enough for black text and for grey print;
what a colour says is also said by a word in the label or by the outline.

Source: Okabe and Ito, "Color Universal Design", 2008.
"""

from __future__ import annotations

from inception_dsl.backends.graphviz.edges import EdgeKind
from inception_dsl.ir.op import Kind

__all__ = [
    "CLUSTER",
    "EDGE",
    "GRAPH",
    "NODE",
    "TITLE",
    "box_style",
    "cluster_style",
    "edge_style",
    "node_style",
]

Style = dict[str, str]

FONT = "Helvetica"

GRAPH: Style = {
    "fontname": FONT,
    "fontsize": "12",
    "newrank": "true",
    "remincross": "false",  # the second run would undo the order of branches
    "rankdir": "TB",
    "nodesep": "0.18",
    "ranksep": "0.26",
    "pad": "0.15",
    "labelloc": "b",
    "labeljust": "c",
}
NODE: Style = {
    "shape": "box",
    "style": "filled",
    "fillcolor": "#ffffff",
    "color": "#555555",
    "penwidth": "0.8",
    "fontname": FONT,
    "fontsize": "10",
    "height": "0.3",
    "margin": "0.10,0.05",
}
EDGE: Style = {"color": "#444444", "penwidth": "0.8", "arrowsize": "0.55"}
CLUSTER: Style = {
    "style": "filled,rounded",
    "penwidth": "1",
    "label": "",  # its title is a box, which edges go around
    "margin": "10",
}

TITLE: Style = {
    "shape": "plain",
    "style": "solid",
    "fontsize": "11",
    "margin": "0.04,0.02",
}

_ROLES: dict[str, Style] = {  # fill and outline
    "stem": {"fillcolor": "#ececec", "color": "#7f7f7f"},
    "module": {"fillcolor": "#dcecf7", "color": "#0072b2"},
    "reduction": {"fillcolor": "#fbe5cd", "color": "#b85c00", "penwidth": "2"},
    "head": {"fillcolor": "#d8efe6", "color": "#00785a"},
    "aux": {"fillcolor": "#f6e3ee", "color": "#a5527f", "style": "filled,rounded,dashed"},
}
_OTHER: Style = {"fillcolor": "#f7f7f7", "color": "#9a9a9a"}

_KINDS: dict[Kind, Style] = {
    "convolution": {},
    "linear": {},
    "pool": {"fillcolor": "#e3e3e3"},
    "norm": {"style": "filled,rounded"},
    "activation": {"style": "filled,rounded"},
    "shape": {"style": "filled,rounded"},
    "combine": {"shape": "oval", "fillcolor": "#fff3b8", "margin": "0.02,0.0"},
    "input": {"shape": "oval", "margin": "0.02,0.0"},
}

_EDGES: dict[EdgeKind, Style] = {
    "flow": {"weight": "20"},
    "join": {"weight": "2"},
    "aux": {"weight": "1", "style": "dashed", "headport": "n"},
}


def node_style(kind: Kind) -> Style:
    """How one operation is drawn."""
    return _KINDS[kind]


def box_style(role: str) -> Style:
    """How a closed region is drawn: like its cluster, with text inside."""
    return {} if role == "layer" else cluster_style(role)


def cluster_style(role: str) -> Style:
    """The fill and outline of a region of that role; `aux` is an auxiliary head."""
    return {"style": "filled,rounded"} | _ROLES.get(role, _OTHER)


def edge_style(kind: EdgeKind) -> Style:
    """How an edge is drawn: chains short and straight, auxiliary heads to the side."""
    return _EDGES[kind]
