"""What is different between two networks, to read, to look at, and to keep."""

from __future__ import annotations

import os
from dataclasses import fields
from html import escape
from typing import TYPE_CHECKING, Any

from inception_dsl.analysis.diff import Difference, difference
from inception_dsl.ir.graph import CheckedGraph

if TYPE_CHECKING:
    from inception_dsl.backends.figure import Scene

__all__ = ["Comparison"]


class Comparison(Difference):
    """A `Difference` that shows itself: printed as text, in a notebook as figure and text."""

    @classmethod
    def of(cls, a: CheckedGraph, b: CheckedGraph) -> Comparison:
        """What was done to `a` to make `b`."""
        found = difference(a, b)
        return cls(**{field.name: getattr(found, field.name) for field in fields(found)})

    def figure(self, **options: Any) -> Scene:
        """Both networks side by side, in the colours of what became of their parts; `options` are
        those of `FigureOptions`. Parts that changed in places are opened, where they are few.

        Raises: ValueError for an option that is no choice; FigureError for far too many boxes.
        """
        from inception_dsl.backends.figure import FigureOptions
        from inception_dsl.backends.figure.compare import compare

        return compare(self.a, self.b, (self.marks_a, self.marks_b), FigureOptions(**options))

    def draw(
        self,
        path: str | os.PathLike[str],
        *,
        width: float | str | None = None,
        smallest_type: float | str = 5.0,
        dpi: int = 144,
        **options: Any,
    ) -> None:
        """Write the figure to a file, whose suffix is the format: `.svg`, `.pdf`, `.png`, `.tex`,
        or `.html`, with the text below it. `width` and `smallest_type` are lengths in print,
        in points or as `"3.25in"`.

        Raises: RenderError for an unknown suffix or type that would be too small; ValueError for
                what is no length; as `figure`; OSError if the place cannot be written.
        """
        from inception_dsl.backends.drawing import FORMATS, fitted, format_of, in_points, write
        from inception_dsl.whole_file import whole_file

        points = None if width is None else in_points(width)
        scene = fitted(self.figure(**options), points, in_points(smallest_type))
        if format_of(path, (*FORMATS, "html")) == "html":
            with whole_file(path) as partial:
                partial.write_text(self._page(scene), encoding="utf-8")
        else:
            write(scene, path, dpi)

    def text(self, width: int = 80) -> str:
        """What `incept diff` prints."""
        from inception_dsl.backends.table.diff_text import render_difference

        return render_difference(self, color=False, width=width)

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        figure = self.figure()._repr_svg_() if self else ""
        return f"{figure}\n<pre>{escape(self.text(100))}</pre>\n"

    def _page(self, scene: Scene) -> str:
        return (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f"<title>{escape(str(self))}</title>\n</head>\n"
            f'<body style="background:{scene.background}">\n{scene._repr_svg_()}'
            f'<pre style="padding:1em;background:#fff;color:#111">{escape(self.text(100))}</pre>\n'
            "</body>\n</html>\n"
        )
