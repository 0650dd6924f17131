"""Judgments of the lines of a figure: where they run, start and end, and what they pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import hypot

from scene_drawing import SLACK, Drawing, Rect, Segment, meeting, segments

from inception_dsl.backends.figure.scene import ARROW_LENGTH, Point, Route

__all__ = ["line_faults"]

BESIDE = 1.5
"""Parallel lines nearer than this look like one."""


def line_faults(drawing: Drawing) -> Iterator[str]:
    """Everything that is wrong with the lines of a figure."""
    yield from _edges_drawn(drawing)
    yield from _operands_in_order(drawing)
    yield from _lines_beside_wiring(drawing)
    for route, points in drawing.routes:
        yield from _ends(drawing, route, points)
        yield from _course(drawing, route, points)
    yield from _lines_apart(drawing)
    ends = Counter((route.source, route.target, points[-1]) for route, points in drawing.routes)
    for (source, target, _), count in ends.items():
        if count > 1:
            yield f"{count} lines from {source} to {target} look like one"


def _operands_in_order(drawing: Drawing) -> Iterator[str]:
    """Lines come into a bar from left to right in the order of its operands."""
    for path, shape in drawing.shapes.items():
        if shape.kind != "bar":
            continue
        ports: dict[str, list[int]] = {}
        for port, operand in enumerate(drawing.graph.operands(path)):
            ports.setdefault(drawing.box_for(operand) or operand, []).append(port)
        lines = {
            ports[route.source].pop(0): points[-1][0]
            for route, points in drawing.routes
            if route.target == path and ports.get(route.source)
        }
        ends = [lines[port] for port in sorted(lines)]
        for left, right in pairwise(ends):
            if left > right - BESIDE:
                yield f"the operands of {path} do not enter it in their order: {ends}"
                break


def _lines_beside_wiring(drawing: Drawing) -> Iterator[str]:
    """Lines run around the branches, residuals and shortcuts that they do not belong to."""
    wiring = [
        (region, place)
        for region in drawing.regions.values()
        if region.kind in ("branch", "residual", "shortcut") and (place := drawing.extent(region))
    ]
    pieces = [(line, each.rect) for line in drawing.routes for each in segments(line[1])]
    for ((region, _), _), ((route, _), _) in meeting([(each, each[1]) for each in wiring], pieces):
        if not any(
            end == region.path or drawing.inside(end, region.path)
            for end in (route.source, route.target)
        ):
            yield f"the line from {route.source} to {route.target} runs through {region.path}"


def _edges_drawn(drawing: Drawing) -> Iterator[str]:
    """Between boxes that are drawn there is a line where one reads the other, and no other."""
    truth = set()
    for node in drawing.graph:
        box = drawing.box_of(node.path)
        for operand in drawing.graph.operands(node.path):
            source = drawing.box_for(operand)
            if box and source and box != source:
                truth.add((source, box))
    drawn = {(route.source, route.target) for route, _ in drawing.routes}
    for source, target in sorted(drawn - truth):
        yield f"a line runs from {source} to {target}, which does not read it"
    for source, target in sorted(truth - drawn):
        yield f"no line runs from {source} to {target}"


def _ends(drawing: Drawing, route: Route, points: list[Point]) -> Iterator[str]:
    """A line starts at its source or on an earlier line of it, and ends at its target."""
    name = f"the line from {route.source} to {route.target}"
    source, target = drawing.boxes.get(route.source), drawing.boxes.get(route.target)
    if source is None or target is None:
        yield f"{name} has an end that is not drawn"
        return
    if hypot(points[0][0] - points[-1][0], points[0][1] - points[-1][1]) < SLACK:
        if abs(source.y1 - target.y0) > SLACK:  # of one layer, right below each other
            yield f"{name} has no length"
        return
    earlier = [
        segment
        for other, theirs in drawing.routes
        if other.source == route.source and other is not route
        for segment in segments(theirs)
    ]
    at_source = source.x0 - SLACK <= points[0][0] <= source.x1 + SLACK and (
        abs(points[0][1] - source.y1) <= 3
    )
    if not at_source and not any(each.distance(points[0]) < SLACK for each in earlier):
        yield f"{name} starts at {points[0]}, not at its source"
    last = segments(points)[-1]
    (x, y), circle = points[-1], drawing.shapes[route.target].kind == "circle"
    top = abs(y - target.y0) < SLACK and target.x0 <= x <= target.x1
    side = circle and min(abs(x - target.x0), abs(x - target.x1)) < SLACK
    if not (top and not last.across and last.b[1] > last.a[1]) and not (
        side and last.across and abs(y - (target.y0 + target.y1) / 2) < 3.01
    ):
        yield f"{name} does not end at its target at right angles: {last}, {target}"
    if circle and top and abs(x - target.middle) > 3.51:  # lines of one source, 3 to each side
        yield f"{name} ends beside the circle"
    if hypot(last.b[0] - last.a[0], last.b[1] - last.a[1]) < ARROW_LENGTH - SLACK:
        yield f"{name} has no room for its arrow head: {last}"


def _course(drawing: Drawing, route: Route, points: list[Point]) -> Iterator[str]:
    """A line runs level or plumb, never back, and through no box that it does not belong to."""
    name = f"the line from {route.source} to {route.target}"
    belongs = {
        frame: (drawing.inside(route.source, frame), drawing.inside(route.target, frame))
        for frame in drawing.frames
    }
    for segment in segments(points):
        (ax, ay), (bx, by) = segment
        if min(abs(ax - bx), abs(ay - by)) > 0.05:
            yield f"{name} is slanted: {segment}"
        if by < ay - 0.05:
            yield f"{name} runs back: {segment}"
        rect = segment.rect
        wide = Rect(rect.x0 - 0.01, rect.y0 - 0.01, rect.x1 + 0.01, rect.y1 + 0.01)
        for path, box in drawing.boxes.items():
            if _through(wide, box if path == route.source else drawing.sheets[path]):
                yield f"{name} runs through {path}"
        for path, frame in drawing.frames.items():
            from_inside, to_inside = belongs[path]
            if from_inside and to_inside and not frame.holds(rect):
                yield f"{name} leaves the frame of {path} on its way"
            if not from_inside and not to_inside and _through(wide, frame):
                yield f"{name} runs through the frame of {path}"
            entering = to_inside and not from_inside and not drawing.turned
            if not entering and _through(wide, drawing.headers[path]):
                yield f"{name} runs through the header of {path}"


def _through(line: Rect, box: Rect) -> bool:
    inner = 0.5
    return (
        line.x0 < box.x1 - inner
        and line.x1 > box.x0 + inner
        and line.y0 < box.y1 - inner
        and line.y1 > box.y0 + inner
    )


def _lines_apart(drawing: Drawing) -> Iterator[str]:
    """Lines lie on each other only where they end at one target, or part from one source."""
    pieces = [
        (route, segment)
        for route, points in drawing.routes
        for segment in segments(points)
        if segment.a != segment.b
    ]
    for across in (False, True):
        mine = [(each, _thick(each[1].rect, across)) for each in pieces if each[1].across is across]
        for ((one, a), _), ((other, b), _) in meeting(mine, mine):
            if one is other:
                continue
            shared = _shared(a, b)
            if one.source == other.source:
                if shared > 2 * one.radius + 1 and abs(a.a[across] - b.a[across]) < 0.05:
                    yield f"two lines lie on each other from {one.source} at {a}"
            elif shared > 1 and one.target != other.target:
                yield (
                    f"the lines {one.source} > {one.target} and {other.source} > {other.target} "
                    f"lie on each other: {a}, {b}"
                )


def _thick(rect: Rect, across: bool) -> Rect:
    half = BESIDE / 2 + SLACK / 2
    if across:
        return Rect(rect.x0, rect.y0 - half, rect.x1, rect.y1 + half)
    return Rect(rect.x0 - half, rect.y0, rect.x1 + half, rect.y1)


def _shared(a: Segment, b: Segment) -> float:
    """The length for which two parallel pieces run side by side."""
    one, other = a.rect, b.rect
    if a.across:
        return min(one.x1, other.x1) - max(one.x0, other.x0)
    return min(one.y1, other.y1) - max(one.y0, other.y0)
