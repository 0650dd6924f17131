"""What the colours mean: a row of small boxes behind all others."""

from __future__ import annotations

from itertools import pairwise

import graphviz

from inception_dsl.backends.figure.body import Body
from inception_dsl.backends.figure.colors import HEAT_WORDS, Colors
from inception_dsl.backends.figure.scene import Style
from inception_dsl.backends.figure.themes import ink_on
from inception_dsl.backends.figure.typeset import FACT_SIZE
from inception_dsl.backends.graphviz.attributes import look
from inception_dsl.backends.graphviz.escape import lines

__all__ = ["add_legend"]

_PLACES = (0.0, 0.25, 0.5, 0.75, 1.0)
_INVISIBLE = {"style": "invis"}


def add_legend(figure: graphviz.Digraph, colors: Colors, body: Body) -> None:
    """Explain the styles that `colors` was asked for, below the last box of the main path."""
    entries = _entries(colors)
    if not entries:
        return
    names = [f"legend {number}" for number in range(len(entries))]  # no path has a space
    with figure.subgraph() as row:
        row.attr(rank="sink")
        row.attr("node", fontsize=f"{FACT_SIZE:g}", height="0.14", margin="0.05,0.02")
        for name, (word, style) in zip(names, entries, strict=True):
            color = ink_on(style.fill, colors.palette)
            row.node(name, lines(word), fontcolor=color, **look(style, rounded=False))
        for left, right in pairwise(names):
            row.edge(left, right, **_INVISIBLE)
    last = [item for item in body.items if not item.side][-1]
    *_, box = last.part.leaves()
    figure.edge(box.path, names[len(names) // 2], **_INVISIBLE)


def _entries(colors: Colors) -> list[tuple[str, Style]]:
    if colors.heat is None:
        return colors.legend()
    scale = [colors.heat_at(place) for place in _PLACES]
    return [(HEAT_WORDS[colors.heat], Style(None, None)), *scale]
