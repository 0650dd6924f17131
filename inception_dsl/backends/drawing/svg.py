"""A scene as SVG: shapes that say which part they draw, and type that can be selected."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from inception_dsl.backends.drawing.numbers import short
from inception_dsl.backends.figure.scene import (
    DASH,
    GAP,
    Item,
    Point,
    Route,
    Scene,
    Shape,
    Style,
    Text,
)

__all__ = ["FONTS", "escape", "to_svg"]

FONTS = "Helvetica, Arial, 'Liberation Sans', 'Nimbus Sans', sans-serif"
"""Fonts of the same widths, those that `measure.py` knows."""

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;"}
"""Of which `&` is the first, as the others are written with it."""


def to_svg(scene: Scene) -> str:
    """The scene as an SVG document."""
    return "\n".join(_document(scene)) + "\n"


def escape(text: str) -> str:
    """The one way for a string into XML, between tags and in quotes.

    What does not print is shown as `�`; XML cannot hold all of it.
    """
    if not text.replace("\n", "").isprintable():
        text = "".join(map(_printed, text))
    for char, entity in _ENTITIES.items():
        text = text.replace(char, entity)
    return text


def _printed(char: str) -> str:
    return char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}"


def _document(scene: Scene) -> Iterator[str]:
    width, height = short(scene.width), short(scene.height)
    yield (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img"'
        + _attributes(
            width=f"{short(scene.width * scene.scale)}pt",
            height=f"{short(scene.height * scene.scale)}pt",
            viewBox=f"0 0 {width} {height}",
            font_family=FONTS,
            text_anchor="middle",
            style="white-space:pre",
        )
        + ' xml:space="preserve">'
    )
    yield f"<title>{escape(scene.name)}</title>"
    if scene.description:
        yield f"<desc>{escape(scene.description)}</desc>"
    if scene.background:
        yield f"<rect{_attributes(width=width, height=height, fill=scene.background)}/>"
    for item in scene.items:
        yield from _item(item)
    yield "</svg>"


def _item(item: Item) -> Iterator[str]:
    match item:
        case Shape():
            yield from _shape(item)
        case Route():
            yield from _route(item)
        case Text():
            yield _text(item)


def _shape(shape: Shape) -> Iterator[str]:
    yield f"<g{_attributes(class_=shape.kind, data_role=shape.role, data_path=shape.path)}>"
    if shape.hint:
        yield f"  <title>{escape(shape.hint)}</title>"
    yield f"  {_outline(shape)}"
    for text in shape.texts:
        yield f"  {_text(text)}"
    yield "</g>"


def _outline(shape: Shape) -> str:
    if shape.kind == "circle":
        rx, ry = shape.width / 2, shape.height / 2
        place = _attributes(cx=shape.x + rx, cy=shape.y + ry, rx=rx, ry=ry)
        return f"<ellipse{place}{_style(shape.style)}/>"
    place = _attributes(
        x=shape.x, y=shape.y, width=shape.width, height=shape.height, rx=shape.radius or None
    )
    return f"<rect{place}{_style(shape.style)}/>"


def _route(route: Route) -> Iterator[str]:
    letters = {"move": "M", "line": "L", "curve": "C"}
    steps = "".join(letters[verb] + _points(points) for verb, points in route.commands())
    ends = _attributes(class_=route.kind, data_source=route.source, data_target=route.target)
    yield f"<path{ends}{_attributes(d=steps)}{_style(route.style)}/>"
    yield f"<path{_attributes(d=f'M{_points(route.head())}Z', fill=route.style.line)}/>"


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{short(x)},{short(y)}" for x, y in points)


def _text(text: Text) -> str:
    turn = f"rotate({-text.angle} {short(text.x)} {short(text.y)})" if text.angle else None
    attributes = _attributes(
        x=text.x,
        y=text.y,
        font_size=text.size,
        font_weight="bold" if text.bold else None,
        fill=text.color,
        text_anchor=None if text.anchor == "middle" else text.anchor,
        transform=turn,
        textLength=text.width or None,  # another font would leave its box
        lengthAdjust="spacingAndGlyphs" if text.width else None,
    )
    words = escape(text.text).replace("  ", "&#160; ")  # of two plain spaces a reader shows one
    return f"<text{attributes}>{words}</text>"


@lru_cache(256)
def _style(style: Style) -> str:
    return _attributes(
        fill=style.fill or "none",
        stroke=style.line,
        stroke_width=style.line_width if style.line else None,
        stroke_dasharray=f"{short(DASH)} {short(GAP)}" if style.dashed and style.line else None,
    )


def _attributes(**values: str | float | None) -> str:
    """What is not empty, as attributes."""
    return "".join(
        [
            f' {_name(name)}="{_value(value)}"'
            for name, value in values.items()
            if value is not None and value != ""
        ]
    )


@cache
def _name(name: str) -> str:
    """`_` is `-` in the name of an attribute, or keeps it from a keyword."""
    return name.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else short(value)
