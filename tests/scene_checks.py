"""Judgments of a figure as drawn: each yields a sentence per fault that a reader would see.

They take what is true of the network from its graph and regions, never from the layout.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, groupby

from line_checks import line_faults
from scene_drawing import SLACK, Drawing, Rect, meeting

from inception_dsl.backends.figure.measure import text_width
from inception_dsl.backends.figure.scene import Shape, Text
from inception_dsl.ir.regions import Region

__all__ = ["faults"]

GLYPHS = ("+", "×", "mul")
"""What stands in the circle of a sum, whose box does not depend on its width."""


def faults(drawing: Drawing) -> list[str]:
    """Everything that is wrong with a figure of a network, or of one of its modules."""
    return [
        *_each_part_once(drawing),
        *_boxes_apart(drawing),
        *_frames_hold_their_parts(drawing),
        *_type_in_its_place(drawing),
        *_on_the_page(drawing),
        *_branches_in_order(drawing),
        *line_faults(drawing),
    ]


def _each_part_once(drawing: Drawing) -> Iterator[str]:
    """Boxes times how often they stand for something are all nodes there are."""
    for path in drawing.repeated:
        yield f"{path} is drawn twice"
    root = drawing.regions[drawing.module] if drawing.module else drawing.graph.root
    givens = set(root.inputs) if drawing.module else set()
    shown = 0
    for path in drawing.boxes:
        if path in givens:
            continue
        times = drawing.times(path)
        for around in drawing.around(path):
            if around in drawing.frames:
                times *= drawing.times(around)
        region = drawing.regions.get(path)
        shown += times * (len(list(region.nodes())) if region else 1)
    expected = len(list(root.nodes()))
    if shown != expected:
        yield f"the boxes stand for {shown} operations, the network has {expected}"


def _boxes_apart(drawing: Drawing) -> Iterator[str]:
    boxes = [(path, drawing.sheets[path]) for path in drawing.boxes]
    for (one, _), (other, _) in meeting(boxes, boxes):
        if one != other:
            yield f"{one} overlaps {other}"
    for (header, _), (other, _) in meeting(list(drawing.headers.items()), boxes):
        yield f"the header of {header} overlaps {other}"
    for path, header in drawing.headers.items():
        if not drawing.frames[path].holds(header):
            yield f"the header of {path} leaves its frame"


def _frames_hold_their_parts(drawing: Drawing) -> Iterator[str]:
    for frame, outer in drawing.frames.items():
        for path, rect in (*drawing.boxes.items(), *drawing.frames.items()):
            if path == frame or drawing.inside(frame, path):
                continue
            if drawing.inside(path, frame):
                if not outer.holds(rect):
                    yield f"{path} leaves the frame of {frame}"
            elif outer.meets(rect):
                yield f"{path} lies in the frame of {frame}"


def type_rect(text: Text) -> Rect:
    """The space that type takes from its capitals to its descenders, as drawn."""
    left = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor] * text.width
    up, down = 0.72 * text.size, 0.21 * text.size
    if text.angle:
        return Rect(text.x - up, text.y + left - text.width, text.x + down, text.y + left)
    return Rect(text.x - left, text.y - up, text.x - left + text.width, text.y + down)


def _type_in_its_place(drawing: Drawing) -> Iterator[str]:
    scene = drawing.scene
    texts = [(text.text, type_rect(text)) for text in scene.texts()]
    for (one, a), (other, b) in meeting(texts, texts):
        if a is not b:
            yield f"`{one}` is written over `{other}`"
    for text in scene.texts():
        measured = text_width(text.text, text.size, text.bold)
        if abs(text.width - measured) > 0.01 and text.text not in GLYPHS:
            yield f"`{text.text}` is not {text.width} wide"
        if text.angle not in (0, 90) or not text.text:
            yield f"`{text.text}` cannot be read"
    for shape in scene.shapes():
        place = Rect(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
        for text in shape.texts:
            if not place.holds(type_rect(text), 0.0):
                yield f"`{text.text}` leaves the box of {shape.path}"


def _on_the_page(drawing: Drawing) -> Iterator[str]:
    """All is on the page, the legend and the caption below the rest."""
    scene = drawing.scene
    page = Rect(0, 0, scene.width, scene.height)
    bottom = 0.0
    for shape in scene.shapes():
        rect = Rect(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
        if not page.holds(rect, -shape.style.line_width / 2):
            yield f"{shape.kind} {shape.path} leaves the page"
        if shape.kind not in ("swatch", "scale"):
            bottom = max(bottom, rect.y1)
    for route in scene.routes():
        for x, y in route.points:
            bottom = max(bottom, y)
            if not page.holds(Rect(x, y, x, y), -1.0):
                yield f"the line from {route.source} to {route.target} leaves the page"
    for text in scene.texts():
        if not page.holds(type_rect(text), 0.0):
            yield f"`{text.text}` leaves the page"
    for item in scene.items:
        legend = isinstance(item, Shape) and item.kind in ("swatch", "scale")
        if legend or isinstance(item, Text):
            top = item.y if legend else type_rect(item).y0  # type: ignore[union-attr,arg-type]
            if top < bottom:
                yield "legend or caption stand beside the figure, not below it"
    swatches = [
        (shape.role, Rect(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height))
        for shape in scene.shapes()
        if shape.kind == "swatch"
    ]
    words = [(item.text, type_rect(item)) for item in scene.items if isinstance(item, Text)]
    for (one, a), (other, b) in meeting(swatches, [*swatches, *words]):
        if a is not b:
            yield f"the swatch of {one} meets `{other}`"


def _branches_in_order(drawing: Drawing) -> Iterator[str]:
    for region in drawing.graph.root.walk():
        runs = groupby(region.children, lambda c: isinstance(c, Region) and c.kind == "branch")
        for branches, run in runs:
            if not branches:
                continue
            places = [
                (child, place)
                for child in run
                if isinstance(child, Region) and (place := drawing.extent(child))
            ]
            for (one, a), (other, b) in combinations(places, 2):
                level = a.y0 < b.y1 - SLACK and b.y0 < a.y1 - SLACK
                if level and a.x1 > b.x0 + SLACK:
                    yield f"{other.path} is not right of {one.path}"
