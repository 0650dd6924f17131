"""A scene as PNG: its PDF, rasterised."""

from __future__ import annotations

import struct
import zlib

from inception_dsl.backends.drawing.errors import RenderError
from inception_dsl.backends.drawing.pdf import to_pdf
from inception_dsl.backends.figure.scene import Scene

__all__ = ["DPI", "to_png"]

DPI = 144
"""Two pixels to a point, sharp on most screens."""

_MOST_PIXELS = 150_000_000
_POINTS_PER_INCH = 72
_METRE = 39.37  # inches


def to_png(scene: Scene, dpi: int = DPI) -> bytes:
    """The scene as an image of `dpi` pixels to the inch.

    Raises: RenderError for an image too large to be looked at.
    """
    import pypdfium2

    scale = scene.scale * dpi / _POINTS_PER_INCH
    width, height = round(scene.width * scale), round(scene.height * scale)
    if width * height > _MOST_PIXELS:
        raise RenderError(
            f"the image would have {width:,} x {height:,} pixels, at most {_MOST_PIXELS:,} are "
            "drawn: write .svg or .pdf, or draw less of it, with a smaller depth or one module "
            "alone"
        )
    document = pypdfium2.PdfDocument(to_pdf(scene))
    try:
        bitmap = document[0].render(scale=dpi / _POINTS_PER_INCH, rev_byteorder=True)
        return _png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, dpi)
    finally:
        document.close()


def _png(pixels: bytes, width: int, height: int, stride: int, dpi: int) -> bytes:
    """A PNG file of rows of red, green and blue bytes, each row `stride` bytes after the last.

    Source: PNG specification, 2nd edition, sections 5 and 11.
    """
    rows = (pixels[start : start + 3 * width] for start in range(0, stride * height, stride))
    unfiltered = b"".join(b"\0" + row for row in rows)
    per_metre = round(dpi * _METRE)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
            _chunk(b"IDAT", zlib.compress(unfiltered)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
