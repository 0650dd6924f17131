"""The widths that `measure.py` looks up, read from the fonts.

`python -m inception_dsl.backends.figure.metrics` writes metrics.json, after a change of the fonts.
Source: Liberation Sans 2.1.5, see fonts/README.md.
"""

from __future__ import annotations

import json
from typing import Any
from unicodedata import category

from inception_dsl.backends.figure.measure import FONTS, METRICS

__all__ = ["measured"]

_SCRIPTS = (
    range(0x20, 0x530),  # Latin, Greek, Cyrillic
    range(0x2000, 0x2300),  # punctuation, indices, currencies, letter-like, arrows, mathematics
    range(0x25A0, 0x2600),  # geometric shapes
)
_PER_EM = 1000


def measured() -> dict[str, Any]:
    """What metrics.json holds: lengths in 1/1000 em, and the characters of each width."""
    from reportlab.pdfbase.ttfonts import TTFontFile

    faces = {name: TTFontFile(str(path)) for name, path in FONTS.items()}
    plain = faces["regular"]
    heights = {
        "ascent": round(plain.ascent),
        "descent": -round(plain.descent),
        "cap_height": round(plain.capHeight),
    }
    return heights | {name: _characters(face) for name, face in faces.items()}


def _characters(face: Any) -> dict[str, str]:
    by_width: dict[int, str] = {}
    for script in _SCRIPTS:
        for code in script:
            char = chr(code)
            if code in face.charToGlyph and char.isprintable() and category(char)[0] != "M":
                width = round(face.charWidths[code])
                by_width[width] = by_width.get(width, "") + char
    return {str(width): by_width[width] for width in sorted(by_width)}


def _main() -> None:
    kept = json.dumps(measured(), ensure_ascii=False, indent=1)
    METRICS.write_text(kept + "\n", encoding="utf-8")


if __name__ == "__main__":
    _main()
