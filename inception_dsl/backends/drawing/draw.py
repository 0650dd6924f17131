"""A network drawn into a file: as an image, as text for others to lay out, or as a page."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Final

from inception_dsl.backends.drawing.fit import SMALLEST_TYPE, TypeTooSmall, fitted
from inception_dsl.backends.drawing.png import DPI
from inception_dsl.backends.drawing.write import FORMATS, drawn, format_of
from inception_dsl.backends.figure.figure import figure
from inception_dsl.backends.figure.options import FigureOptions
from inception_dsl.backends.figure.scene import Scene
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.whole_file import whole_file

__all__ = ["DRAW_FORMATS", "draw"]

DRAW_FORMATS: Final = (*FORMATS, "dot", "html")


def draw(
    checked: CheckedGraph,
    path: str | os.PathLike[str],
    options: FigureOptions,
    *,
    width: float | None = None,
    smallest_type: float = SMALLEST_TYPE,
    dpi: int = DPI,
) -> None:
    """Write the figure of a network to `path`, in the format of its suffix; whole or not at all.

    `width` in points and `smallest_type` are for print: images and TikZ are fitted to them, DOT and
    the page, which others lay out, are not. `dpi` is for PNG.

    Raises: RenderError for an unknown suffix, or type that would be too small; UnknownPart and
            FigureError as `figure` does; OSError if the place cannot be written.
    """
    format = format_of(path, DRAW_FORMATS)
    if format == "dot":
        from inception_dsl.backends.graphviz import to_graphviz

        data: bytes = to_graphviz(checked, options).source.encode()
    elif format == "html":
        from inception_dsl.backends.html import page

        data = page(checked, options).encode()
    else:
        data = drawn(_fitting(checked, options, width, smallest_type), format, dpi)
    with whole_file(path) as partial:
        partial.write_bytes(data)


def _fitting(
    checked: CheckedGraph,
    options: FigureOptions,
    width: float | None,
    smallest_type: float,
) -> Scene:
    """The figure in that width, its boxes only as compact as that takes."""
    for compact in (0, 1, 2) if width is not None else (options.compact,):
        scene = figure(checked, replace(options, compact=compact))
        try:
            return fitted(scene, width, smallest_type)
        except TypeTooSmall:
            if compact == 2 or width is None:
                raise
    raise AssertionError("the last try returns or raises")
