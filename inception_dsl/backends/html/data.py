"""What the page knows of a network: every part that can be opened, with its facts and its lines.

The page folds and unfolds by itself, so it gets the network with everything open, and which parts
are closed to begin with. Fields that say nothing are left out.
"""

from __future__ import annotations

from typing import Any

from inception_dsl.analysis.instances import Instances
from inception_dsl.analysis.outline import Outline, Part
from inception_dsl.backends.figure.bodies import bodies
from inception_dsl.backends.figure.body import Body, Item, Lane
from inception_dsl.backends.figure.caption import captions
from inception_dsl.backends.figure.content import Content
from inception_dsl.backends.figure.figure import seen_by
from inception_dsl.backends.figure.frames import framed
from inception_dsl.backends.figure.options import FigureOptions
from inception_dsl.backends.figure.themes import LEGEND, LOOKS_LIKE
from inception_dsl.backends.html.facts import Facts, doc_of, prose
from inception_dsl.backends.html.spec_text import SpecText
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.regions import DefinitionInfo, Region

__all__ = ["page_data"]

Json = dict[str, Any]


def page_data(checked: CheckedGraph, options: FigureOptions, spec: SpecText) -> Json:
    """All of it, for JSON; the files of the definitions and parts are noted in `spec`.

    Raises: UnknownPart (a ValueError) for a path or definition that is not there.
    """
    seen, givens = seen_by(checked, options, foldable=True)
    started, _ = seen_by(checked, options)
    spec.at(checked.graph.root.origin.span)  # the network's own file comes first
    content = Content(checked, options.show, givens)
    writer = _Writer(checked, Facts(checked, content), spec, started)
    body, _ = bodies(checked.graph, seen, _foldable)
    root = writer.body(body)
    module = seen.root.region if options.module else None
    definition = module.definition if module else None
    return {
        "name": checked.graph.name,
        "doc": doc_of(module) if module else prose(checked.graph.doc),
        "start": spec.at(definition.span) if definition and definition.span else [0, 1, 1],
        "legend": dict(LEGEND),
        "likeRole": LOOKS_LIKE,
        "summary": captions(content, seen.root, options),
        "direction": options.direction,
        "heat": options.heat or "",
        "definitions": list(writer.definitions.values()),
        "root": root,
    }


class _Writer:
    """Writes bodies and their parts, and collects what they refer to by number."""

    def __init__(
        self, checked: CheckedGraph, facts: Facts, spec: SpecText, started: Outline
    ) -> None:
        self.graph, self.facts, self.spec = checked.graph, facts, spec
        self.instances = Instances(checked)
        self.opened = set(self._opened(started.root))
        self.definitions: dict[tuple[str, str], Json] = {}
        self.numbers: dict[tuple[str, str], int] = {}
        self.nets: dict[str, int] = {}

    def body(self, body: Body) -> Json:
        """Its items, its rows as places (items first, then lanes), and its links through those."""
        lanes = [place for row in body.rows for place in row if isinstance(place, Lane)]
        every: list[Item | Lane | None] = [None, *body.items, *lanes]
        places = {place: number for number, place in enumerate(every, -1)}
        return {
            "items": [self.item(item) for item in body.items],
            "rows": [[places[place] for place in row] for row in body.rows],
            "links": [
                [self.nets.setdefault(link.net, len(self.nets)), link.port]
                + [places[stop] for stop in link.stops]
                for link in body.links
            ],
        }

    def item(self, item: Item) -> Json:
        """One part: its words, facts and places in the spec, and the body inside it."""
        part, region = item.part, item.part.region
        said: Json = {"path": part.path, "at": self._places(part)}
        if item.side:
            said["side"] = item.row
        if item.frame or item.body is None:
            said |= self.facts.of(part, item.times)
        else:
            said["wiring"] = region.kind if region else ""
        if region is not None:
            said |= {"kind": region.kind, "doc": prose(region.doc)}
        if region is not None and region.definition is not None:
            said["definition"] = self._definition(region.definition)
        if item.body is not None:
            said["open"] = not item.frame or self._starts_open(part)
            said["frame"] = item.frame
            said["body"] = self.body(item.body)
        return {key: value for key, value in said.items() if value not in ("", [])}

    def _definition(self, info: DefinitionInfo) -> int:
        """The number of a definition among all that the page speaks of."""
        key = (info.key, info.name)
        if key not in self.numbers:
            self.numbers[key] = len(self.numbers)
            said = {"name": info.name, "role": info.role, "doc": prose(info.doc)}
            self.definitions[key] = said | ({"at": self.spec.at(info.span)} if info.span else {})
        return self.numbers[key]

    def _places(self, part: Part) -> list[list[int]]:
        """The lines that made it, and those of the copies it stands for."""
        if part.region is None:
            origins = [self.graph[part.path].origin]
        else:
            origins = [region.origin for region in part.copies or (part.region,)]
        found = [self.spec.at(origin.span) for origin in origins]
        return [place for number, place in enumerate(found) if place not in found[:number]]

    def _opened(self, part: Part) -> list[tuple[int, str]]:
        """What is open in an outline: each region as its group of equals and its first node."""
        inner = [each for child in part.parts for each in self._opened(child)]
        return [*self._first(part.region), *inner] if part.open and part.region else inner

    def _first(self, region: Region) -> list[tuple[int, str]]:
        return [(self.instances.equal(region), path) for path in list(region.nodes())[:1]]

    def _starts_open(self, part: Part) -> bool:
        """Whether it, or one of those that it stands for, is open to begin with."""
        if part.region is None:
            return False
        group = self.instances.equal(part.region)
        return any((group, path) in self.opened for path in part.paths)


def _foldable(part: Part) -> bool:
    """What has a frame in a figure, and layers: on the page they are opened one by one."""
    layer = part.open and part.region is not None and part.region.role == "layer"
    return layer or framed(part)
