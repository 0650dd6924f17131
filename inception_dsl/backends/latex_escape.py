"""Text of a spec in LaTeX: set literally, and by any of its engines."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

__all__ = ["escape_latex"]

_SPECIAL: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    '"': r"\symbol{34}",  # \textquotedbl is not in the default encoding
    "|": r"\textbar{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "-": r"{-}",  # no ligature makes a dash of two
    "[": r"{[}",  # behind a line's end it would be an option
    "]": r"{]}",
    "*": r"{*}",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "…": r"\ldots{}",
    "\u2013": r"\textendash{}",
    "\u2014": r"\textemdash{}",
    "→": r"$\rightarrow$",
    "−": r"$-$",
}
_LETTERS: Final = {
    "ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}", "ø": r"\o{}", "Ø": r"\O{}", "å": r"\r{a}",
    "Å": r"\r{A}", "\u0131": r"\i{}", "ł": r"\l{}", "Ł": r"\L{}", "œ": r"\oe{}", "Œ": r"\OE{}",
}  # fmt: skip
_ACCENTS: Final = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"', "\u030c": "v",
    "\u0327": "c", "\u030b": "H", "\u0306": "u", "\u0304": "=", "\u0307": ".",
}  # fmt: skip


def escape_latex(text: str, symbols: Mapping[str, str] = {}) -> str:
    """Text that LaTeX sets literally, on one line.

    What the fonts of pdflatex do not have stands as its code point, `U+4E2D`. `symbols` are
    commands to prefer to ours, where the font is known to have them.
    """
    literal = "".join(symbols.get(character) or _escape(character) for character in text)
    return literal.replace(",,", ",{},")  # which would become a quotation mark


def _escape(character: str) -> str:
    if not character.isprintable():
        return " "
    known = _SPECIAL.get(character) or _LETTERS.get(character)
    if known is not None or character.isascii():
        return known or character
    parts = unicodedata.normalize("NFD", character)
    letter, mark = parts[0], parts[1:]
    if mark in _ACCENTS and letter.isascii() and letter.isalpha():
        return f"\\{_ACCENTS[mark]}{{{letter}}}"
    return f"U+{ord(character):04X}"
