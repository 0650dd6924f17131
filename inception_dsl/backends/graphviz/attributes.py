"""How the colours and forms of figures are said in DOT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from inception_dsl.backends.figure.body import RouteKind
from inception_dsl.backends.figure.options import Direction
from inception_dsl.backends.figure.scene import Style
from inception_dsl.backends.figure.themes import Palette
from inception_dsl.backends.figure.typeset import TITLE_SIZE

__all__ = [
    "Attributes",
    "edge_attributes",
    "edge_defaults",
    "graph_defaults",
    "inches",
    "look",
    "node_defaults",
]

Attributes = dict[str, str]

_FONT: Final[Attributes] = {"fontname": "Helvetica", "fontsize": f"{TITLE_SIZE:g}"}

_WEIGHTS: Final[Mapping[RouteKind, int]] = {"flow": 20, "join": 2, "aux": 1}
"""How short and straight a line wants to be: chains first, auxiliary heads stand to the side."""


def graph_defaults(palette: Palette, direction: Direction) -> Attributes:
    """The page, and how `dot` lays it out."""
    return _FONT | {
        "rankdir": direction,
        "newrank": "true",
        "remincross": "false",  # the second run would undo the order of branches
        "nodesep": "0.14",
        "ranksep": "0.24",
        "pad": "0.14",
        "bgcolor": palette.background,
        "fontcolor": palette.ink,
        "labelloc": "b",
    }


def node_defaults(palette: Palette) -> Attributes:
    """What all boxes have in common."""
    return _FONT | {
        "shape": "box",
        "fontcolor": palette.ink,
        "height": "0.2",
        "width": "0.2",
        "margin": "0.09,0.05",
    }


def edge_defaults(palette: Palette) -> Attributes:
    """What all lines have in common."""
    line = palette.line
    return {
        "color": line.line or palette.ink,
        "penwidth": f"{line.line_width:g}",
        "arrowsize": "0.5",
    }


def look(style: Style, *, rounded: bool) -> Attributes:
    """Fill and outline of a box or a frame."""
    forms = {"filled": style.fill, "rounded": rounded, "dashed": style.dashed}
    return {
        "style": ",".join(form for form, wanted in forms.items() if wanted) or "solid",
        "fillcolor": style.fill or "transparent",
        "color": style.line or "transparent",
        "penwidth": f"{style.line_width:g}",
    }


def edge_attributes(kind: RouteKind, direction: Direction) -> Attributes:
    """How one line runs."""
    attributes = {"weight": str(_WEIGHTS[kind])}
    if kind == "aux":
        attributes |= {"style": "dashed", "headport": "n" if direction == "TB" else "w"}
    return attributes


def inches(points: float) -> str:
    """A length as DOT has it."""
    return f"{points / 72:.3f}"
