"""Figures as files: SVG, PDF, PNG, TikZ, DOT, and a page."""

from inception_dsl.backends.drawing.draw import DRAW_FORMATS, draw
from inception_dsl.backends.drawing.errors import RenderError
from inception_dsl.backends.drawing.fit import (
    SMALLEST_TYPE,
    TypeTooSmall,
    fitted,
    in_points,
    parse_length,
)
from inception_dsl.backends.drawing.write import FORMATS, drawn, format_of, write

__all__ = [
    "DRAW_FORMATS",
    "FORMATS",
    "SMALLEST_TYPE",
    "RenderError",
    "TypeTooSmall",
    "draw",
    "drawn",
    "fitted",
    "format_of",
    "in_points",
    "parse_length",
    "write",
]
