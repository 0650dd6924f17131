"""Two networks side by side, in the colours of what became of their parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from inception_dsl.analysis.outline import told_inside
from inception_dsl.backends.figure.caption import PAD, legend_of, title_lines
from inception_dsl.backends.figure.figure import drawing
from inception_dsl.backends.figure.options import FigureOptions, Mark
from inception_dsl.backends.figure.scene import Item, Scene, moved
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.regions import Region
from inception_dsl.ir.types import show_value

__all__ = ["compare"]

_BETWEEN, _BELOW_TITLE = 40.0, 14.0
_LONGEST = 60  # characters of settings below a name
_MOST_OPENED = 12
"""Parts opened to show what changed inside, equal rounds as one; with more of them the figure says
where, not what."""

Marks = Mapping[str, Mark]


def compare(
    before: CheckedGraph,
    after: CheckedGraph,
    marks: tuple[Marks, Marks],
    options: FigureOptions,
) -> Scene:
    """Both networks, the first at the left; `marks` says of each what became of its parts.

    Parts that changed in places are opened, where they are few.

    Raises: UnknownPart and FigureError as `figure` does.
    """
    sides = []
    for checked, mine in zip((before, after), marks, strict=True):
        shown = replace(options, expand=(*options.expand, *_partly(checked, mine)))
        sides.append(drawing(checked, shown, mine))
    colors = sides[0][1]
    colors.marked |= sides[1][1].marked
    items: list[Item] = []
    x = bottom = 0.0
    if not any(apart := _settings(before, after)) and sides[0][2][0] == sides[1][2][0]:
        apart = ("before", "after")
    for (drawn, _, titles), words in zip(sides, apart, strict=True):
        heading = [titles[0], words] if words else titles[:1]
        rest = titles[1:] if options.caption else []
        lines = list(title_lines([*heading, *rest], colors))
        width = max(drawn.width, *(line.width for line in lines))
        y = 0.0
        for line in lines:
            y += line.size * 1.35
            items.append(replace(line, x=x + width / 2, y=y))
        y += _BELOW_TITLE
        items += [moved(item, x + (width - drawn.width) / 2, y) for item in drawn.items]
        bottom = max(bottom, y + drawn.height)
        x += width + _BETWEEN
    whole = x - _BETWEEN
    legend, tall = legend_of(colors, options, whole) if options.legend else ([], 0.0)
    items += [moved(item, 0, bottom + _BELOW_TITLE) for item in legend]
    bottom += _BELOW_TITLE + tall if legend else 0
    return Scene(
        whole + 2 * PAD,
        bottom + 2 * PAD,
        tuple(moved(item, PAD, PAD) for item in items),
        colors.palette.background,
        f"{before.graph.name} and {after.graph.name}",
        "What differs between two networks. " + ". ".join(t for side in sides for t in side[2]),
    )


def _settings(before: CheckedGraph, after: CheckedGraph) -> tuple[str, str]:
    """The settings that two networks of one name differ in, if they are few."""
    if before.graph.name != after.graph.name:
        return "", ""
    said = [
        {name: f"{name} = {show_value(value)}" for name, value in side.graph.settings.items()}
        for side in (before, after)
    ]
    other = [name for name, words in said[0].items() if said[1].get(name, words) != words]
    first, second = (", ".join(side[name] for name in other) for side in said)
    return (first, second) if max(len(first), len(second)) <= _LONGEST else ("", "")


def _partly(checked: CheckedGraph, marks: Marks) -> list[str]:
    """The closed parts of which some nodes are marked and others are not."""
    found = {}
    for region in checked.graph.root.walk():
        if region.kind not in ("instance", "section") or region.role == "layer":
            continue
        if region.path in marks and marks[region.path] in ("added", "removed"):
            continue
        inside = list(region.nodes())
        marked = sum(path in marks for path in inside) + _inner(region, marks)
        if marked and not all(path in marks for path in inside):
            found[region.path] = _whichever_round(region), told_inside(region, marks)
    return list(found) if len(set(found.values())) <= _MOST_OPENED else []


def _whichever_round(region: Region) -> str:
    """The path of a region, the same for all rounds of the repeats around it."""
    segments = []
    inner: Region | None = region
    while inner is not None:
        segments.append("*" if inner.kind == "iteration" else inner.segment)
        inner = inner.parent
    return ".".join(reversed(segments))


def _inner(region: Region, marks: Marks) -> int:
    return sum(inner.path in marks for inner in region.walk() if inner is not region)
