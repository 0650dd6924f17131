"""A scene as a TikZ picture, to be edited and set by the LaTeX of a paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inception_dsl.backends.drawing.errors import RenderError
from inception_dsl.backends.drawing.numbers import short
from inception_dsl.backends.figure.scene import (
    DASH,
    GAP,
    Command,
    Item,
    Route,
    Scene,
    Shape,
    Style,
    Text,
)
from inception_dsl.backends.latex_escape import escape_latex

__all__ = ["to_tikz"]

_HEAD = r"""
% A TikZ picture: \input this file where the figure is to stand, with \usepackage{tikz}.
% Lengths are in bp, 1/72 inch. Its type is Helvetica, the \definecolor lines are its colours."""
_TYPE = r"\begingroup\normalfont\fontencoding{T1}\fontfamily{phv}\selectfont%"
_SYMBOLS = {
    "×": r"\texttimes{}", "·": r"\textperiodcentered{}", "−": r"\textminus{}", "`": r"\`{}",
}  # fmt: skip
"""Better than the escaper's own in this font, which it cannot know."""
_LACKING = r"\def\lacking{\fboxsep0pt\fbox{\rule{0pt}{0.6em}\rule{0.4em}{0pt}}}%"
"""Stands for a character that pdflatex has no type for."""
_LONGEST = 16_000  # TeX's lengths end at 16,383 pt
_LEADING = 1.2


def to_tikz(scene: Scene) -> str:
    r"""The scene as a `tikzpicture`, in ASCII; the document needs `\usepackage{tikz}`.

    Raises: RenderError for a drawing longer than TeX's lengths.
    """
    longest = max(scene.width, scene.height) * scene.scale
    if longest > _LONGEST:
        raise RenderError(
            f"the figure would be {longest:,.0f} pt long, TeX holds at most {_LONGEST:,} pt: "
            "draw less of it, with a smaller depth or one module alone, or write .svg"
        )
    return "\n".join(_Picture(scene).lines()) + "\n"


class _Picture:
    """A picture being written, with the names of its colours."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.colors: dict[tuple[str, str], str] = {}

    def lines(self) -> Iterator[str]:
        """All lines of the file."""
        scene, unit = self.scene, self._bp(1)
        size = f"({short(scene.width)},{short(scene.height)})"
        ground = self._color("background", scene.background) if scene.background else ""
        painted = [line for item in scene.items for line in self._item(item)]
        yield f"% {_comment(scene.name)}{_HEAD}"
        yield _TYPE
        if any(r"\lacking" in line for line in painted):
            yield _LACKING
        for (_, color), known in self.colors.items():
            yield rf"\definecolor{{{known}}}{{HTML}}{{{color[1:].upper()}}}%"
        yield rf"\begin{{tikzpicture}}[x={unit}, y=-{unit},"
        yield "  every node/.style={inner sep=0pt, outer sep=0pt, anchor=base}]"
        yield rf"\path[use as bounding box] (0,0) rectangle {size};"
        if ground:
            yield rf"\path[fill={ground}] (0,0) rectangle {size};"
        yield from painted
        yield r"\end{tikzpicture}\endgroup%"

    def _item(self, item: Item) -> Iterator[str]:
        match item:
            case Shape():
                yield from self._shape(item)
            case Route():
                yield from self._route(item)
            case Text():
                yield self._text(item)

    def _shape(self, shape: Shape) -> Iterator[str]:
        if shape.path:
            yield f"% {_comment(shape.path)}"
        options = self._style(shape.style, shape.role or shape.kind)
        if shape.kind == "circle":
            rx, ry = shape.width / 2, shape.height / 2
            radii = f"[x radius={short(rx)}, y radius={short(ry)}]"
            outline = f"{_at(shape.x + rx, shape.y + ry)} ellipse {radii}"
        else:
            if shape.radius:
                options.append(f"rounded corners={self._bp(shape.radius)}")
            end = _at(shape.x + shape.width, shape.y + shape.height)
            outline = f"{_at(shape.x, shape.y)} rectangle {end}"
        yield rf"\path[{', '.join(options)}] {outline};"
        for text in shape.texts:
            yield self._text(text)

    def _route(self, route: Route) -> Iterator[str]:
        options = self._style(route.style, route.kind)
        yield rf"\path[{', '.join(options)}] {''.join(map(_step, route.commands()))};"
        if route.style.line:
            color = self._color(f"{route.kind}-line", route.style.line)
            corners = " -- ".join(_at(*point) for point in route.head())
            yield rf"\path[fill={color}] {corners} -- cycle;"

    def _text(self, text: Text) -> str:
        size, leading = self._bp(text.size), self._bp(text.size * _LEADING)
        font = rf"\fontsize{{{size}}}{{{leading}}}\selectfont"
        options = [f"text={self._color('ink', text.color)}", f"font={font}"]
        if text.bold:
            options[-1] += r"\bfseries"
        if text.anchor != "middle":
            options.append(f"anchor=base {'west' if text.anchor == 'start' else 'east'}")
        if text.angle:
            options.append(f"rotate={text.angle}")
        return rf"\node[{', '.join(options)}] at {_at(text.x, text.y)} {{{_words(text.text)}}};"

    def _style(self, style: Style, name: str) -> list[str]:
        options = []
        if style.fill:
            options.append(f"fill={self._color(f'{name}-fill', style.fill)}")
        if style.line:
            options.append(f"draw={self._color(f'{name}-line', style.line)}")
            options.append(f"line width={self._bp(style.line_width)}")
            if style.dashed:
                options.append(f"dash pattern=on {self._bp(DASH)} off {self._bp(GAP)}")
        return options

    def _color(self, use: str, color: str) -> str:
        """The name of a colour, by what it is used for."""
        use = re.sub(r"[^A-Za-z]+", "-", use).strip("-")
        if (use, color) not in self.colors:
            others = sum(use == name for name, _ in self.colors)
            self.colors[use, color] = f"{use}-{others + 1}" if others else use
        return self.colors[use, color]

    def _bp(self, length: float) -> str:
        """A length as printed: what is no coordinate does not follow the picture's unit."""
        return f"{length * self.scene.scale:.4f}".rstrip("0").rstrip(".") + "bp"


def _at(x: float, y: float) -> str:
    return f"({short(x)},{short(y)})"


def _step(command: Command) -> str:
    verb, points = command
    places = [_at(*point) for point in points]
    match verb:
        case "move":
            return places[0]
        case "line":
            return f" -- {places[0]}"
        case "curve":
            return f" .. controls {places[0]} and {places[1]} .. {places[2]}"


def _words(text: str) -> str:
    lacking = {char: r"\lacking{}" for char in text if escape_latex(char).startswith("U+")}
    return escape_latex(text, _SYMBOLS | lacking)


def _comment(text: str) -> str:
    plain = text.replace("×", "x").replace("→", "->")
    return "".join(char if char.isascii() and char.isprintable() else "?" for char in plain)
