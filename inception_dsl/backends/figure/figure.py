"""A network as a finished drawing: what is open, what is said, where it stands, its colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

from inception_dsl.analysis.outline import Outline, Part, UnknownPart, outline
from inception_dsl.analysis.usual import usual
from inception_dsl.backends.figure.bodies import FigureError, bodies
from inception_dsl.backends.figure.caption import below, captions
from inception_dsl.backends.figure.colors import Colors
from inception_dsl.backends.figure.content import Content
from inception_dsl.backends.figure.layout import lay_out
from inception_dsl.backends.figure.options import FigureOptions, Mark
from inception_dsl.backends.figure.paint import Painter
from inception_dsl.backends.figure.scene import Scene
from inception_dsl.backends.figure.sizes import Sizes
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.pause import collector_paused
from inception_dsl.ir.regions import Region

__all__ = ["FigureError", "drawing", "figure", "seen_by"]

_CLOSED = ("stem", "head")
_HINTED = 5
"""Names offered where none is near."""
_DEFAULT = FigureOptions()


@collector_paused()
def figure(
    checked: CheckedGraph,
    options: FigureOptions = _DEFAULT,
    marks: Mapping[str, Mark] | None = None,
) -> Scene:
    """The figure of a network, laid out.

    `marks` colours parts by what became of them instead of by role: paths of nodes and regions.

    Raises: UnknownPart (a ValueError) for a path or definition that is not there; FigureError for
            more boxes than anyone could look at, or none.
    """
    drawn, colors, titles = drawing(checked, options, marks)
    return below(drawn, titles, colors, options)


def drawing(
    checked: CheckedGraph, options: FigureOptions, marks: Mapping[str, Mark] | None
) -> tuple[Scene, Colors, list[str]]:
    """The boxes and lines alone, the colours that they use, and the lines of the caption.

    Raises: as `figure`.
    """
    seen, givens = seen_by(checked, options, marks)
    content = Content(checked, options.show, givens)
    body, edges = bodies(checked.graph, seen)
    sizes = Sizes(content, options.direction, options.compact)
    layout = lay_out(body, sizes, tight=False, framed=False)
    colors = Colors(content, options, marks, body)
    painter = Painter(content, sizes, colors, options.direction)
    return painter.paint(layout, edges), colors, captions(content, seen.root, options)


def seen_by(
    checked: CheckedGraph,
    options: FigureOptions,
    marks: Mapping[str, Mark] | None = None,
    *,
    foldable: bool = False,
) -> tuple[Outline, dict[str, str]]:
    """What is open, and the names of what a single module is given, by the paths of those nodes.

    Rounds of a repeat with other `marks` are not one box.

    `foldable` opens everything, whatever the options say, and keeps equal neighbours together: all
    that a reader of the interactive page can come to see.
    """
    everything = outline(checked, None, joined=True) if foldable else None
    if options.module is None:
        if everything:
            return everything, {}
        return _network(checked, options, options.depth, marks), {}
    region = _find(checked, options.module)
    if not any(region.nodes()):
        raise FigureError(f"`{options.module}` computes nothing of its own: draw what is around it")
    inside = {inner.path: inner for inner in region.walk()}
    expand = (region.path, *(path for path, inner in inside.items() if _opens(inner, options)))
    seen = everything or outline(checked, options.depth, expand=(*expand, *options.expand))
    part = _part(seen.root, region.path)
    names = region.definition.operands if region.definition else ()
    givens = {
        path: names[place] if place < len(names) else ("input" if place == 0 else _last(path))
        for place, path in enumerate(region.inputs)
    }
    shown = tuple(Part(path, None, (path,)) for path in givens)
    return Outline(replace(part, times=1, parts=(*shown, *part.parts)), seen.rounds), givens


def _network(
    checked: CheckedGraph,
    options: FigureOptions,
    depth: int | None,
    marks: Mapping[str, Mark] | None,
) -> Outline:
    seen = outline(
        checked,
        depth,
        closed_sections=_CLOSED if depth == 0 else (),
        expand=options.expand,
        joined=depth is not None,
        told=marks,
    )
    boxes = [part for part in seen.root.parts if part.path != checked.graph.input]
    if depth == 0 and len(boxes) == 1 and not boxes[0].open and boxes[0].region is not None:
        return _network(checked, options, 1, marks)  # one box would say nothing
    return seen


def _opens(region: Region, options: FigureOptions) -> bool:
    """In a module drawn alone all is open but layers."""
    return region.role != "layer" or options.depth is None


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _find(checked: CheckedGraph, name: str) -> Region:
    """The region with this path, else the usual use of a definition."""
    regions = [region for region in checked.graph.root.walk() if region.parent is not None]
    for region in regions:
        if region.path == name:
            return region
    uses = [r for r in regions if r.definition is not None and r.definition.name == name]
    if uses:
        return usual(checked.graph, uses)
    names = [region.definition.name for region in regions if region.definition is not None]
    known = list(dict.fromkeys([*names, *(region.path for region in regions)]))
    if near := get_close_matches(name, known, 1):
        hint = f"; the nearest is `{near[0]}`"
    else:
        hint = f"; it has {', '.join(f'`{each}`' for each in known[:_HINTED])}" if known else ""
    raise UnknownPart(f"the network uses no definition and has no part called `{name}`{hint}")


def _part(part: Part, path: str) -> Part:
    """The part with that path, or the one that shows it: equal rounds are shown once."""
    found = part
    while found.path != path:
        inner = [
            child
            for child in found.parts
            if child.region is not None and any(r.path == path for r in child.region.walk())
        ]
        if not inner:  # a copy of what is shown
            break
        found = inner[0]
    return found
