"""Boxes with words in them: how large they are, and where each line of type stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum

from inception_dsl.backends.figure.content import Words
from inception_dsl.backends.figure.measure import text_width
from inception_dsl.backends.figure.scene import Text

__all__ = ["FACT_SIZE", "TITLE_SIZE", "Block", "Line", "bar_lines", "box_lines", "header_lines"]

TITLE_SIZE, FACT_SIZE, CAPTION_SIZE = 9.0, 7.5, 9.0
_LEADING = 1.22
_CAP = 0.72  # of the size, the height of a capital letter
_MARGIN_X, _MARGIN_Y = 7.0, 5.0
_LONGEST = (190.0, 130.0, 52.0)
"""Where a call gets a second line rather than a wider box, by how compact the figure is."""
_FACTS = (140.0, 0.0, 0.0)
"""How long a line of several facts may be."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of type in a box: `bold` words, then `text`; `faint` is for facts."""

    text: str
    size: float = TITLE_SIZE
    bold: str = ""
    faint: bool = False

    @property
    def pieces(self) -> tuple[tuple[str, bool, float], ...]:
        """Its words of either weight, with their widths in points."""
        pair = ((self.bold, True), (self.text, False))
        return tuple((text, bold, text_width(text, self.size, bold)) for text, bold in pair if text)

    @property
    def width(self) -> float:
        """How wide it is, in points."""
        return sum(width for _, _, width in self.pieces) + self._space

    @property
    def _space(self) -> float:
        return 0.6 * self.size if self.bold and self.text else 0.0

    def texts(self, x: float, y: float, color: str, angle: int) -> Iterator[Text]:
        """Its pieces, the whole centred at `x`; at an angle of 90 it runs up, centred at `y`."""
        pieces, along = self.pieces, -self.width / 2
        for text, bold, width in pieces:
            middle = along + width / 2 if len(pieces) > 1 else 0.0
            place = (x, y - middle) if angle else (x + middle, y)
            yield Text(text, *place, self.size, color, width, bold, "middle", angle)
            along += width + self._space


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of type, centred or from the left, and the size of the box that holds them."""

    lines: tuple[Line, ...]
    width: float
    height: float

    def texts(
        self, x: float, y: float, width: float, height: float, ink: str, faint: str, turned: bool
    ) -> tuple[Text, ...]:
        """The lines centred in a rectangle; turned they read upwards."""
        tall = fsum(line.size * _LEADING for line in self.lines)
        along = (width if turned else height) / 2 - tall / 2
        texts: list[Text] = []
        for line in self.lines:
            along += line.size * _LEADING
            base = along - line.size * (_LEADING - _CAP) / 2
            place = (x + base, y + height / 2) if turned else (x + width / 2, y + base)
            texts += line.texts(*place, faint if line.faint else ink, 90 if turned else 0)
        return tuple(texts)


def box_lines(words: Words, compact: int) -> Block:
    """A closed box: its name, its call, and its facts, as few lines as fit."""
    names = [Line("", bold=words.name)] if words.name else []
    calls = [Line(text) for text in _wrapped(words.call, _LONGEST[compact])]
    return _block([*names, *calls, *_fact_lines(words.facts, _FACTS[compact])])


def header_lines(words: Words, width: float) -> Block:
    """The head of a frame that is at least so wide: name and call, then the facts."""
    title = Line(words.call, bold=words.name)
    facts = " · ".join(words.facts)
    titles = [title]
    room = max(width - 2 * _MARGIN_X, _LONGEST[0])
    if title.width > room:
        titles = [Line("", bold=words.name)] if words.name else []
        titles += [Line(text) for text in _wrapped(words.call, room)]
    return _block([*titles, *([Line(facts, FACT_SIZE, faint=True)] if facts else [])])


def bar_lines(words: Words) -> Block:
    """A bar: everything in one line."""
    text = "  ".join(filter(None, (words.call, " · ".join(words.facts))))
    block = _block([Line(text, bold=words.name)])
    return Block(block.lines, block.width, TITLE_SIZE * _LEADING + 5)


def _fact_lines(facts: tuple[str, ...], longest: float) -> list[Line]:
    """Facts two to a line where they are short."""
    lines: list[str] = []
    for fact in facts:
        joined = f"{lines[-1]} · {fact}" if lines else ""
        if joined and text_width(joined, FACT_SIZE) <= longest:
            lines[-1] = joined
        else:
            lines.append(fact)
    return [Line(text, FACT_SIZE, faint=True) for text in lines]


def _wrapped(text: str, room: float) -> list[str]:
    """The text in lines that fit, broken behind commas and spaces."""
    if not text:
        return []
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and text_width(longer, TITLE_SIZE) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def _block(lines: list[Line]) -> Block:
    width = max((line.width for line in lines), default=0.0) + 2 * _MARGIN_X
    height = fsum(line.size * _LEADING for line in lines) + 2 * _MARGIN_Y - 1
    return Block(tuple(lines), width, height)
