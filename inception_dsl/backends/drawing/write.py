"""A scene as a file, in the format of its suffix."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from inception_dsl.backends.drawing.errors import RenderError
from inception_dsl.backends.drawing.pdf import to_pdf
from inception_dsl.backends.drawing.png import DPI, to_png
from inception_dsl.backends.drawing.svg import to_svg
from inception_dsl.backends.drawing.tikz import to_tikz
from inception_dsl.backends.figure.scene import Scene
from inception_dsl.whole_file import whole_file

__all__ = ["FORMATS", "drawn", "format_of", "write"]

FORMATS = ("svg", "pdf", "png", "tex")


def write(scene: Scene, path: str | os.PathLike[str], dpi: int = DPI) -> None:
    """Write the scene to `path`, in the format of its suffix; whole or not at all.

    Raises: RenderError as `format_of` and `drawn` do; OSError if the place cannot be written.
    """
    data = drawn(scene, format_of(path), dpi)
    with whole_file(path) as partial:
        partial.write_bytes(data)


def format_of(path: str | os.PathLike[str], known: Sequence[str] = FORMATS) -> str:
    """The format that the suffix of a file's name stands for.

    Raises: RenderError if it is none of the known.
    """
    suffix = Path(path).suffix.lower()
    if suffix.removeprefix(".") in known:
        return suffix.removeprefix(".")
    formats = ", ".join(f".{each}" for each in known)
    found = f"no figure is written as `{suffix}`" if suffix else "the file's name has no suffix"
    raise RenderError(f"{found}; the formats are {formats}")


def drawn(scene: Scene, format: str, dpi: int = DPI) -> bytes:
    """The scene in one of `FORMATS`; `dpi` is for PNG.

    Raises: RenderError for a drawing larger than the format can hold.
    """
    match format:
        case "svg":
            return to_svg(scene).encode()
        case "pdf":
            return to_pdf(scene)
        case "png":
            return to_png(scene, dpi)
        case "tex":
            return to_tikz(scene).encode()
    raise RenderError(f"no figure is written as `{format}`; the formats are {', '.join(FORMATS)}")
