"""How wide type is: that of Liberation Sans, and so of Helvetica and Arial.

`metrics.py` takes the widths from the fonts. Kerning is left out, no writer needs it to fit.
"""

from __future__ import annotations

import json
from functools import cache
from math import fsum
from pathlib import Path
from typing import Final
from unicodedata import category, east_asian_width

__all__ = ["ASCENT", "CAP_HEIGHT", "DESCENT", "FONTS", "METRICS", "text_width"]

METRICS: Final = Path(__file__).with_name("metrics.json")
FONTS: Final = {
    "regular": Path(__file__).parent / "fonts" / "LiberationSans-Regular.ttf",
    "bold": Path(__file__).parent / "fonts" / "LiberationSans-Bold.ttf",
}

_METRICS: Final = json.loads(METRICS.read_text(encoding="utf-8"))
_PER_EM: Final = 1000

ASCENT: Final[float] = _METRICS["ascent"] / _PER_EM
"""How far type reaches above its baseline, in em."""
DESCENT: Final[float] = _METRICS["descent"] / _PER_EM
"""How far type reaches below its baseline, in em."""
CAP_HEIGHT: Final[float] = _METRICS["cap_height"] / _PER_EM
"""The height of a capital letter, in em; a digit's is the same."""


def _widths(face: dict[str, str]) -> dict[str, float]:
    return {char: int(width) / _PER_EM for width, chars in face.items() for char in chars}


_REGULAR: Final = _widths(_METRICS["regular"])
_BOLD: Final = _widths(_METRICS["bold"])
_AVERAGE: Final = sum(_REGULAR[letter] for letter in "abcdefghijklmnopqrstuvwxyz") / 26


@cache
def _ems(text: str, bold: bool) -> float:
    widths = _BOLD if bold else _REGULAR
    return fsum(widths.get(char) or _foreign(char) for char in text)


def _foreign(char: str) -> float:
    """The width of a character whose font is not known."""
    if category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    return 1.0 if east_asian_width(char) in "WF" else _AVERAGE


def text_width(text: str, size: float, bold: bool = False) -> float:
    """How wide a line of type of that size is, in the unit of the size."""
    return _ems(text, bold) * size
