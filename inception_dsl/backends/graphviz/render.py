"""A figure as a file: SVG, PNG, PDF or DOT."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import graphviz

from inception_dsl.whole_file import whole_file

__all__ = ["FORMATS", "RenderError", "draw", "render"]

FORMATS = ("svg", "pdf", "png", "dot")
SECONDS = 60
"""Longer than Graphviz needs for any figure that a reader could take in."""

_DOTS_PER_INCH = 144
_ADVICE = "draw less of it, with a smaller depth, or write .dot"


class RenderError(Exception):
    """The figure could not be drawn; the message says what to do."""


def render(figure: graphviz.Digraph, path: str | os.PathLike[str]) -> None:
    """Write the figure to `path`, in the format of its suffix; whole or not at all.

    Raises: RenderError for an unknown suffix, and as `draw` does; OSError if the place cannot be
            written.
    """
    suffix = Path(path).suffix.lower()
    if suffix.removeprefix(".") not in FORMATS:
        known = ", ".join(f".{each}" for each in FORMATS)
        found = f"no figure is written as `{suffix}`" if suffix else "the file's name has no suffix"
        raise RenderError(f"{found}; the formats are {known}")
    drawn = draw(figure, suffix.removeprefix("."))
    with whole_file(path) as partial:
        partial.write_bytes(drawn)


def draw(figure: graphviz.Digraph, format: str) -> bytes:
    """The figure in a format: `dot` is its source, all others are laid out by Graphviz.

    The Graphviz of the package `graphviz-pure` does it, so that a figure has the same bytes on
    every machine; it has no PDF, its SVG is converted. Where the package is missing, the system's
    `dot` takes its place.

    Raises: RenderError if there is no Graphviz, if it fails, or if it takes too long.
    """
    if format == "dot":
        source: str = figure.source
        return source.encode()
    if bundled := _bundled():
        if format == "pdf":
            return _pdf(_run(bundled, figure.source, "svg"))
        return _run(bundled, figure.source, format)
    if system := shutil.which("dot"):
        return _run(system, figure.source, format)
    raise RenderError("there is no Graphviz here: install the package graphviz-pure, or `dot`")


def _run(program: str, source: str, format: str) -> bytes:
    command = [program, "-Kdot", f"-T{format}"]
    if format == "png":
        command.append(f"-Gdpi={_DOTS_PER_INCH}")
    try:
        done = subprocess.run(command, input=source.encode(), capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise RenderError(f"the layout takes more than {SECONDS} s; {_ADVICE}") from None
    except OSError as error:
        raise RenderError(f"`{program}` does not run: {error.strerror}") from None
    if done.returncode or not done.stdout:
        reason = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise RenderError(f"Graphviz failed: {reason or 'it wrote nothing'}; {_ADVICE}")
    return done.stdout


def _bundled() -> str | None:
    """The program of the package `graphviz-pure`, on the path or not."""
    try:
        files = distribution("graphviz-pure").files or []
    except PackageNotFoundError:
        return None
    return next((str(file.locate()) for file in files if file.stem == "graphviz-pure"), None)


def _pdf(svg: bytes) -> bytes:
    """The same figure as PDF, the same bytes for the same SVG."""
    try:
        from reportlab import rl_config
        from reportlab.graphics import renderPDF
        from svglib.svglib import svg2rlg
    except ImportError:
        raise RenderError("PDF needs the package svglib; .svg and .png do not") from None
    rl_config.invariant = 1
    drawing = svg2rlg(io.BytesIO(svg))
    written: bytes = renderPDF.drawToString(drawing)
    return written
