"""Slips within one word: characters that no word of the language has, numbers out of range."""

from __future__ import annotations

import re
import unicodedata
from math import isinf
from typing import Final

from inception_dsl.diagnostics.record import Diagnostic
from inception_dsl.source import Source, Span
from inception_dsl.syntax.word import Word

__all__ = ["number_slip", "shortened", "word_slip"]

_LARGEST: Final = 2**63 - 1

_SMALL: Final = {"INT": "0", "FLOAT": "0.0", "SIZE": "1x1", "OPEN_SIZE": "1x1"}
_STRING = re.compile(r'"[^"\r\n]*')
_NUMBER = re.compile(r"[0-9][A-Za-z0-9_]*")
_UNDERSCORED = re.compile(r"_[A-Za-z0-9_]*")
_UPPER_CASE_SIZE = re.compile(r"[0-9]+(X[0-9]+)+")

_INSTEAD: Final = {
    "×": "write a size as `3x3` and a product as `a * b`",
    "→": "join operations with `->`",
    "−": "write a minus as `-`",
    "\u2013": "write a minus as `-`",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "'": "write strings with double quotes, and words such as `same` without any",
    "“": 'write strings with straight double quotes, `"`',
    "”": 'write strings with straight double quotes, `"`',
    ";": "nothing stands between statements",
    "&": "write `and`",
    "|": "write `or`, and join operations with `->`",
    "!": "write `not`, or `!=`",
    "^": "write powers as products",
    "@": "describe what is there in a comment, with `#`",
    "$": "names are letters, digits and `_`",
}


def word_slip(source: Source, at: int) -> tuple[Word, Diagnostic]:
    """What is wrong at `at`, where no word begins, and the word that stands in for it."""
    text = source.text
    if match := _STRING.match(text, at):
        span = Span(source, at, match.end())
        message = "a string has no closing quote"
        label = "it must end on this line"
        return Word("STRING", '""', span), Diagnostic("E0104", message, span, label)
    if match := _NUMBER.match(text, at):
        span = Span(source, at, match.end())
        message = f"`{shortened(match[0])}` is neither a number nor a name"
        help_ = _number_help(match[0])
        return Word("INT", "0", span), Diagnostic("E0105", message, span, help=help_)
    if match := _UNDERSCORED.match(text, at):
        span = Span(source, at, match.end())
        message = f"the name `{shortened(match[0])}` starts with `_`"
        return Word("NAME", match[0], span), Diagnostic("E0108", message, span)
    span = Span(source, at, at + 1)
    message = f"unknown character {_shown(text[at])}"
    instead = _INSTEAD.get(text[at])
    return Word("UNKNOWN", text[at], span), Diagnostic("E0103", message, span, help=instead)


def number_slip(word: Word) -> Diagnostic | None:
    """What is wrong with a number of the right form: it is too large; it becomes a small one."""
    if word.type not in _SMALL or _is_held(word):
        return None
    word.text = _SMALL[word.type]
    if word.type == "FLOAT":
        return Diagnostic("E0105", "a number is out of range", word.span)
    return Diagnostic("E0706", "an integer is out of range", word.span, "beyond 2^63 - 1")


def _is_held(word: Word) -> bool:
    if word.type == "FLOAT":
        return not isinf(float(word.text))
    numbers = (digits.replace("_", "") for digits in word.text.split("x"))
    return all(len(n) < 19 or (len(n) == 19 and int(n) <= _LARGEST) for n in numbers)


def _number_help(text: str) -> str:
    if _UPPER_CASE_SIZE.fullmatch(text):
        return f"write `{shortened(text.lower())}`"
    if "x" in text:
        return "sizes are whole numbers joined with `x`, such as `3x3`"
    return "names start with a letter; `_` stands between digits, as in `1_000`"


def _shown(character: str) -> str:
    if character.isprintable() and not character.isspace():
        return f"`{character}`"
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" ({name.lower()})" if name else "")


def shortened(text: str) -> str:
    """A text of the spec, cut to the length of a message."""
    return text if len(text) <= 40 else text[:39] + "…"
