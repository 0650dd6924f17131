"""How large boxes, bars and frames are, in the direction of a figure."""

from __future__ import annotations

from inception_dsl.backends.figure.body import Item
from inception_dsl.backends.figure.content import Content
from inception_dsl.backends.figure.options import Direction
from inception_dsl.backends.figure.placed import Kind, Size
from inception_dsl.backends.figure.typeset import Block, bar_lines, box_lines, header_lines

__all__ = ["GLYPHS", "ROUND", "SUM", "Sizes"]

SUM = 15.0
"""The circle of a sum."""
GLYPHS = {"add": "+", "mul": "×"}
"""What stands in such a circle, by the name of the operation."""
ROUND = ("input", "norm", "activation", "shape")
"""The roles of boxes with round ends."""

_MARGIN = 9.0  # from the rows to the sides of a frame


class Sizes:
    """Measures items by the words in them, and keeps the words for the painter."""

    def __init__(self, content: Content, direction: Direction, compact: int) -> None:
        self.content, self.turned, self.compact = content, direction == "LR", compact
        self.blocks: dict[Item, Block] = {}

    def kind(self, item: Item) -> Kind:
        """`bar`, `sum`, or `box`: a concat, another combination, anything else."""
        joins = self.content.joins(item.part)
        if joins == "concat":
            return "bar"
        return "sum" if joins and item.times == 1 else "box"

    def box(self, item: Item, bar_across: float) -> Size:
        """A closed item; `bar_across` is what the items that a bar joins take together."""
        kind = self.kind(item)
        if kind == "sum":
            return Size(SUM, SUM)
        words = self.content.words(item.part, item.times)
        if kind == "bar":
            self.blocks[item] = block = bar_lines(words)
            return Size(max(block.width, bar_across), block.height)
        self.blocks[item] = block = box_lines(words, self.compact)
        return self._size(block.width, block.height)

    def stretches(self, item: Item) -> bool:
        """Whether a closed item may be wider than its words: not the round ones."""
        return self.content.role(item.part) not in ROUND

    def frame(self, item: Item, inside: Size) -> tuple[Size, float, float]:
        """An open item with a frame, and the offset across and along of what is inside."""
        words = self.content.words(item.part, item.times)
        width = (inside.along if self.turned else inside.across) + 2 * _MARGIN
        self.blocks[item] = block = header_lines(words, width)
        width = max(width, block.width)
        if self.turned:
            across = block.height + inside.across + _MARGIN
            return Size(across, width), block.height, (width - inside.along) / 2
        along = block.height + inside.along
        return Size(width, along), (width - inside.across) / 2, block.height

    def _size(self, width: float, height: float) -> Size:
        return Size(height, width) if self.turned else Size(width, height)
