"""Slips within one word: characters that no word of the language has, numbers out of range."""

from __future__ import annotations

import re
import unicodedata
from math import isinf
from typing import Final, NamedTuple

from inception_dsl.diagnostics.record import Diagnostic, Edit
from inception_dsl.source import Source, Span
from inception_dsl.syntax.word import Word

__all__ = [
    "NUMBERS",
    "LexicalSlip",
    "block_comment",
    "number_slip",
    "shortened",
    "word_slip",
]


class LexicalSlip(NamedTuple):
    """What is wrong at a span, and the word to read there instead; none where it is empty."""

    span: Span
    text: str
    diagnostic: Diagnostic


_LARGEST: Final = 2**63 - 1

NUMBERS: Final = {"INT": "0", "FLOAT": "0.0", "SIZE": "1x1", "OPEN_SIZE": "1x1"}
"""The types of numbers, with a small one of each."""
_STRING = re.compile(r'"[^"\r\n]*')
_NUMBER = re.compile(r"[0-9][A-Za-z0-9_]*")
_UNDERSCORED = re.compile(r"_[A-Za-z0-9_]*")
_UPPER_CASE_SIZE = re.compile(r"[0-9]+(X[0-9]+)+")
_BLOCK_COMMENT = re.compile(r'/\*.*?(?:\*/|\Z)|""".*?(?:"""|\Z)', re.DOTALL)
_LINE_END = re.compile(r"\s*?(?:\n|\Z)")
_TIMES = re.compile(r"(?:[ \t]*[×✕✖*xX][ \t]*[0-9]+)+")
_QUOTED = re.compile(r"'([^'\"\r\n]*)'|[“”„]([^“”\"\r\n]*)[“”\"]|`([^`\"\r\n]+)`")
_WORD = re.compile(r"\w+")
_BARE: Final = frozenset(
    [
        "valid",
        "same",
        "same_upper",
        "same_lower",
        "nearest",
        "bilinear",
        "bicubic",
        "true",
        "false",
        "none",
    ]
)

# What other notations have, in which words of the language it is written, and how to say so.
_INSTEAD: Final = tuple(
    (re.compile(pattern), text, help_)
    for pattern, text, help_ in (
        (r"\|\|", "or", "write `or`"),
        (r"[→⟶⇒➔]|\|>|~>|[\u2010-\u2015\u2212]{1,3}>|\|", "->", "join operations with `->`"),
        (r"&&?", "and", "write `and`"),
        (r"!(?=[A-Za-z(])", "not ", "write `not`"),
        (r"≤", "<=", "write `<=`"),
        (r"≥", ">=", "write `>=`"),
        (r"≠", "!=", "write `!=`"),
        (r"[\u2010-\u2015\u2212]", "-", "write a minus as `-`"),
        (r"…", "..", "write a range as `0..10`"),
        (r";(?=[ \t]*[}#\r\n]|[ \t]*$)", "", "remove it: nothing stands between statements"),
        (r"```\w*", "", "remove it: a spec stands in its file as it is"),
    )
)
_ADVICE: Final = {
    "×": "write a size as `3x3` and a product as `a * b`",
    "'": "write strings with double quotes, and words such as `same` without any",
    "“": 'write strings with straight double quotes, `"`',
    "”": 'write strings with straight double quotes, `"`',
    "?": "write `if a then b else c`, and `_` for any extent of a shape",
    ";": "nothing stands between statements, and `,` between values",
    "^": "write powers as products",
    "@": "describe what is there in a comment, with `#`",
    "$": "names are letters, digits and `_`",
    "`": "names stand without quotes",
    "\\": "lines end where they like, without a mark",
}


def block_comment(source: Source, at: int) -> LexicalSlip | None:
    """A comment in the manner of C or Python that begins at `at`."""
    if not source.text.startswith(("/*", '"""'), at):
        return None
    match = _BLOCK_COMMENT.match(source.text, at)
    assert match, "it goes on to the end of the file where it does not end before"
    span = Span(source, at, match.end())
    message = f"`{match[0][: 2 if match[0][0] == '/' else 3]}` begins no comment"
    lines = [line.strip() for line in match[0].strip('/*"').split("\n")]
    help_ = "comments start with `#` and end with their line; `##` documents what is below it"
    text = "\n".join(f"# {line}".rstrip() for line in lines if line)
    fix = (Edit(span, text),) if _LINE_END.match(source.text, match.end()) else ()
    mark = Span(source, at, at + (2 if match[0][0] == "/" else 3))
    return LexicalSlip(span, "", Diagnostic("E0101", message, mark, help=help_, fix=fix))


def word_slip(source: Source, at: int, before: Word | None) -> LexicalSlip:
    """What is wrong at `at`, behind the word `before`, where no word begins."""
    text = source.text
    if match := _STRING.match(text, at):
        return _unclosed_string(Span(source, at, match.end()))
    if match := _NUMBER.match(text, at):
        span = Span(source, at, match.end())
        return _number(span)
    if match := _UNDERSCORED.match(text, at):
        span = Span(source, at, match.end())
        message = f"the name `{shortened(match[0])}` starts with `_`"
        help_ = "names start with a letter"
        return LexicalSlip(span, "a" + match[0], Diagnostic("E0108", message, span, help=help_))
    return _unknown(source, at, before)


def number_slip(word: Word) -> Diagnostic | None:
    """What is wrong with a number of the right form: it is too large; it becomes a small one."""
    if _is_held(word):
        return None
    word.text = NUMBERS[word.type]
    if word.type == "FLOAT":
        return Diagnostic("E0105", "a number is out of range", word.span)
    return Diagnostic("E0706", "an integer is out of range", word.span, "beyond 2^63 - 1")


def _unclosed_string(span: Span) -> LexicalSlip:
    message, label = "a string has no closing quote", "it must end on this line"
    help_, fix = None, tuple[Edit, ...]()
    if match := re.match(r'"([^“”]*)[“”]', span.text):
        span = Span(span.source, span.start, span.start + match.end())
        help_, fix = _ADVICE["”"], (Edit(span, f'"{match[1]}"'),)
    return LexicalSlip(span, '""', Diagnostic("E0104", message, span, label, help=help_, fix=fix))


def _number(span: Span) -> LexicalSlip:
    written = span.text
    message = f"`{shortened(written)}` is neither a number nor a name"
    if _UPPER_CASE_SIZE.fullmatch(written):
        size = written.lower()
        help_ = f"write `{shortened(size)}`"
        return _instead(span, size, "E0105", message, help_)
    help_ = "names start with a letter; `_` stands between digits, as in `1_000`"
    if "x" in written:
        help_ = "sizes are whole numbers joined with `x`, such as `3x3`"
    return LexicalSlip(span, "0", Diagnostic("E0105", message, span, help=help_))


def _unknown(source: Source, at: int, before: Word | None) -> LexicalSlip:
    """A character that no word begins with, with what belongs to it."""
    text = source.text
    span = Span(source, at, at + 1)
    message = f"unknown character {_shown(text[at])}"
    if before and before.type in ("INT", "SIZE") and (match := _TIMES.match(text, at)):
        number = Span(source, before.span.start, match.end())
        size = re.sub(r"[^0-9]+", "x", number.text)
        return _instead(number, size, "E0103", message, f"write `{shortened(size)}`")
    if match := _QUOTED.match(text, at):
        quoted, inner = Span(source, at, match.end()), match[match.lastindex or 0]
        word = inner if inner in _BARE or text[at] == "`" else f'"{inner}"'
        help_ = _ADVICE["“" if text[at] in "“”„" else text[at]]
        return _instead(quoted, word, "E0103", message, help_)
    for pattern, instead, help_ in _INSTEAD:
        if match := pattern.match(text, at):
            return _instead(Span(source, at, match.end()), instead, "E0103", message, help_)
    folded = unicodedata.normalize("NFKC", text[at])
    if text[at].isalnum() or (folded.isascii() and folded.isalnum()):
        return _foreign_letters(source, at, before, message)
    if folded != text[at] and folded.isascii() and folded.isprintable() and folded.strip():
        return _instead(span, folded, "E0103", message, f"write `{folded}`")
    if not folded.strip() or not text[at].isprintable():
        space = " " if folded.isspace() else ""
        fix = (Edit(span, space),)
        help_ = "use plain spaces" if space else "remove it"
        return LexicalSlip(span, "", Diagnostic("E0103", message, span, help=help_, fix=fix))
    diagnostic = Diagnostic("E0103", message, span, help=_ADVICE.get(text[at]))
    return LexicalSlip(span, "", diagnostic)


def _foreign_letters(source: Source, at: int, before: Word | None, message: str) -> LexicalSlip:
    """Letters and digits beyond ASCII, with the word that they are in."""
    match = _WORD.match(source.text, at)
    end = match.end() if match else at + 1
    joins = before and before.span.end == at and before.type not in ("STRING", "")
    start = before.span.start if before and joins and before.text[-1:].isalnum() else at
    span = Span(source, start, end)
    folded = unicodedata.normalize("NFKC", span.text)
    if folded.isascii():
        return _instead(span, folded, "E0103", message, f"write `{shortened(folded)}`")
    help_ = "names are letters from a to z, digits and `_`"
    return LexicalSlip(span, "a", Diagnostic("E0103", message, span, help=help_))


def _instead(span: Span, text: str, code: str, message: str, help_: str) -> LexicalSlip:
    fix = (Edit(span, text),)
    return LexicalSlip(span, text.strip(), Diagnostic(code, message, span, help=help_, fix=fix))


def _is_held(word: Word) -> bool:
    if word.type == "FLOAT":
        return not isinf(float(word.text))
    if len(word.text) < 19:
        return True
    numbers = (digits.replace("_", "") for digits in word.text.split("x"))
    return all(len(n) < 19 or (len(n) == 19 and int(n) <= _LARGEST) for n in numbers)


def _shown(character: str) -> str:
    if character.isprintable() and not character.isspace():
        return f"`{character}`"
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" ({name.lower()})" if name else "")


def shortened(text: str) -> str:
    """A text of the spec, cut to the length of a message."""
    return text if len(text) <= 40 else text[:39] + "…"
