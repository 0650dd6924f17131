"""A scene as PDF: vectors, and type in fonts that the file carries."""

from __future__ import annotations

import io
from typing import Any

from inception_dsl.backends.drawing.errors import RenderError
from inception_dsl.backends.figure.measure import FONTS
from inception_dsl.backends.figure.scene import DASH, GAP, Item, Route, Scene, Shape, Style, Text

__all__ = ["to_pdf"]

_NAMES = {"regular": "LiberationSans", "bold": "LiberationSans-Bold"}
_LONGEST = 14_400  # PDF 32000-1, annex C
_LACKING = "□"
"""Stands for a character that the fonts lack."""


def to_pdf(scene: Scene) -> bytes:
    """The scene as a PDF of one page of its size, the same bytes each time.

    Raises: RenderError for a drawing larger than a page can be.
    """
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    size = (scene.width * scene.scale, scene.height * scene.scale)
    if max(size) > _LONGEST:
        raise RenderError(
            f"the figure would be {max(size):,.0f} pt long, a page holds at most {_LONGEST:,} pt: "
            "draw less of it, with a smaller depth or one module alone, or write .svg"
        )
    fonts = _fonts()
    canvas = Canvas(
        stream,
        pagesize=size,
        invariant=True,
        pageCompression=1,
        initialFontName=fonts[False].fontName,  # else it is Helvetica, which is not embedded
    )
    canvas.setTitle(_printable(scene.name))
    canvas.setSubject(_printable(scene.description))
    canvas.setAuthor("")
    canvas.setCreator("inception-dsl")
    canvas.scale(scene.scale, scene.scale)
    _Page(canvas, fonts, scene.height).draw(scene)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else _LACKING for char in text)


def _fonts() -> dict[bool, Any]:
    """The two faces, by whether they are bold."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for face, name in _NAMES.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(FONTS[face])))
    return {face == "bold": pdfmetrics.getFont(name) for face, name in _NAMES.items()}


class _Page:
    """A page being drawn; PDF counts heights from below."""

    def __init__(self, canvas: Any, fonts: dict[bool, Any], height: float) -> None:
        self.canvas, self.fonts, self.height = canvas, fonts, height

    def draw(self, scene: Scene) -> None:
        """Paint everything, in its order."""
        if scene.background:
            self.canvas.setFillColor(scene.background)
            self.canvas.rect(0, 0, scene.width, scene.height, stroke=0, fill=1)
        for item in scene.items:
            self._item(item)

    def _item(self, item: Item) -> None:
        match item:
            case Shape():
                self._shape(item)
            case Route():
                self._route(item)
            case Text():
                self._text(item)

    def _shape(self, shape: Shape) -> None:
        left, bottom = shape.x, self.height - shape.y - shape.height
        paint = self._paint(shape.style)
        if shape.kind == "circle":
            right, top = left + shape.width, bottom + shape.height
            self.canvas.ellipse(left, bottom, right, top, **paint)
        elif shape.radius:
            self.canvas.roundRect(left, bottom, shape.width, shape.height, shape.radius, **paint)
        else:
            self.canvas.rect(left, bottom, shape.width, shape.height, **paint)
        for text in shape.texts:
            self._text(text)

    def _paint(self, style: Style) -> dict[str, int]:
        """Take the colours of a style; says whether to draw the line and the area."""
        if style.fill:
            self.canvas.setFillColor(style.fill)
        if style.line:
            self.canvas.setStrokeColor(style.line)
            self.canvas.setLineWidth(style.line_width)
            self.canvas.setDash([DASH, GAP] if style.dashed else [])
        return {"stroke": int(bool(style.line)), "fill": int(bool(style.fill))}

    def _route(self, route: Route) -> None:
        path = self.canvas.beginPath()
        draw = {"move": path.moveTo, "line": path.lineTo, "curve": path.curveTo}
        for verb, points in route.commands():
            draw[verb](*(number for x, y in points for number in (x, self.height - y)))
        self.canvas.drawPath(path, **self._paint(route.style))
        tip = self.canvas.beginPath()
        for (x, y), step in zip(route.head(), (tip.moveTo, tip.lineTo, tip.lineTo), strict=True):
            step(x, self.height - y)
        tip.close()
        self.canvas.setFillColor(route.style.line)
        self.canvas.drawPath(tip, stroke=0, fill=1)

    def _text(self, text: Text) -> None:
        font = self.fonts[text.bold]
        known = font.face.charToGlyph
        words = "".join(c if ord(c) in known else _LACKING for c in _printable(text.text))
        self.canvas.setFillColor(text.color)
        self.canvas.setFont(font.fontName, text.size)
        write = {
            "start": self.canvas.drawString,
            "middle": self.canvas.drawCentredString,
            "end": self.canvas.drawRightString,
        }[text.anchor]
        if not text.angle:
            write(text.x, self.height - text.y, words)
            return
        self.canvas.saveState()
        self.canvas.translate(text.x, self.height - text.y)
        self.canvas.rotate(text.angle)
        write(0, 0, words)
        self.canvas.restoreState()
