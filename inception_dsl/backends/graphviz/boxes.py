"""The words, colours and forms of boxes and frames, as attributes in DOT."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum
from typing import Final

from inception_dsl.backends.figure.body import Body, Item
from inception_dsl.backends.figure.colors import Colors
from inception_dsl.backends.figure.measure import text_width
from inception_dsl.backends.figure.sizes import GLYPHS, ROUND, SUM, Sizes
from inception_dsl.backends.figure.themes import ink_on
from inception_dsl.backends.figure.typeset import (
    TITLE_SIZE,
    Block,
    bar_lines,
    box_lines,
    header_lines,
)
from inception_dsl.backends.graphviz.attributes import Attributes, inches, look
from inception_dsl.backends.graphviz.escape import lines, tip

__all__ = ["Boxes"]

_BETWEEN = 10.0  # boxes that stand side by side
_TITLE: Final[Attributes] = {"shape": "plain", "style": "solid", "margin": "0.04,0.02"}


@dataclass(frozen=True)
class Boxes:
    """Says of each item of one figure how it looks."""

    sizes: Sizes
    colors: Colors

    def box(self, item: Item, joined: Iterable[Item]) -> Attributes:
        """A closed item; `joined` is what it reads, which a bar is as wide as."""
        kind = self.sizes.kind(item)
        _, style = self.colors.style(item)
        form = look(style, rounded=kind == "box" and self._rounded(item))
        if self.colors.heat is not None:
            form["fontcolor"] = ink_on(style.fill, self.colors.palette)
        if kind == "sum":
            name = self.sizes.content.joins(item.part)
            form |= {"shape": "circle", "fixedsize": "true", "width": inches(SUM), "margin": "0"}
            return form | self._said(item, [GLYPHS.get(name, name)])
        if kind == "bar":
            across = fsum(self._across(each) + _BETWEEN for each in joined) - _BETWEEN
            long = "height" if self.sizes.turned else "width"
            form |= {long: inches(max(across, SUM)), "margin": "0.09,0.02"}
        if item.times > 1:
            form["peripheries"] = "2"
        return form | self._said(item, _words(self._block(item)))

    def title(self, item: Item) -> Attributes:
        """The title of a frame: a box without an outline, so that lines go around it."""
        words = self.sizes.content.words(item.part, item.times)
        if self.sizes.turned or item.body is None:
            return _TITLE | self._said(item, _words(box_lines(words, self.sizes.compact)))
        block = header_lines(words, self._widest(item.body))
        return _TITLE | self._said(item, _words(block))

    def frame(self, item: Item) -> Attributes:
        """The cluster of an open item; its title is a box in it."""
        _, style = self.colors.style(item)
        hint = tip(self.sizes.content.hint(item.part))
        return look(style, rounded=True) | {"label": "", "margin": "8", "tooltip": hint}

    def _said(self, item: Item, words: Iterable[str]) -> Attributes:
        return {"label": lines(*words), "tooltip": tip(self.sizes.content.hint(item.part))}

    def _rounded(self, item: Item) -> bool:
        if item.part.region is None:
            return self.sizes.content.role(item.part) in ROUND
        return item.part.region.role != "layer"

    def _block(self, item: Item) -> Block:
        words = self.sizes.content.words(item.part, item.times)
        if self.sizes.kind(item) == "bar" and not self.sizes.turned:
            return bar_lines(words)
        return box_lines(words, self.sizes.compact)

    def _across(self, item: Item) -> float:
        """How much room an item takes beside others, about."""
        if item.body is not None:
            return self._widest(item.body) + (2 * _BETWEEN if item.frame else 0.0)
        if self.sizes.kind(item) == "sum":
            return SUM
        block = self._block(item)
        if self.sizes.turned:
            return block.height
        return max(text_width(line, TITLE_SIZE) for line in _words(block)) + 14

    def _widest(self, body: Body) -> float:
        rows = ([each for each in row if isinstance(each, Item)] for row in body.rows)
        return max(fsum(self._across(each) + _BETWEEN for each in row) for row in rows) - _BETWEEN


def _words(block: Block) -> list[str]:
    """The lines of a box, in type of one weight."""
    return [": ".join(filter(None, (line.bold, line.text))) for line in block.lines]
