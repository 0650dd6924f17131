"""What the parser never sees: comments, and the docs among them."""

from __future__ import annotations

import re

from inception_dsl.source import Source, Span
from inception_dsl.syntax.tree import Ident

__all__ = ["comments", "docs", "file_doc"]

_COMMENT = re.compile(r'"[^"\n]*"?|(?P<comment>#[^\n]*)')
_DOC_LINES = r"(?P<doc>(?:^[ \t]*##(?!#)[^\n]*(?:\n|\Z))+)"
_DOC_ABOVE = re.compile(_DOC_LINES + r"[ \t]*(?=[^\s#])", re.MULTILINE)
_FILE_DOC = re.compile(
    r"(?:[ \t\r]*(?:#(?!#(?!#))[^\n]*)?\n)*" + _DOC_LINES + r"(?=[ \t\r]*(?:\n|\Z))", re.MULTILINE
)
_MARKER = re.compile(r"^[ \t]*## ?", re.MULTILINE)


def comments(source: Source) -> tuple[Ident, ...]:
    """Every comment, `#` and `##` alike, with its marker and its place."""
    found = (match for match in _COMMENT.finditer(source.text) if match["comment"])
    return tuple(_comment(source, match.start(), match["comment"]) for match in found)


def docs(text: str) -> dict[int, str]:
    """The `##` lines directly above each word that has some, by the word's offset."""
    return {match.end(): _unmarked(match["doc"]) for match in _DOC_ABOVE.finditer(text)}


def file_doc(text: str) -> str:
    """The first `##` lines of a file, if a blank line follows and only comments come before."""
    match = _FILE_DOC.match(text)
    return _unmarked(match["doc"]) if match else ""


def _comment(source: Source, start: int, text: str) -> Ident:
    text = text.rstrip()
    return Ident(text, span=Span(source, start, start + len(text)))


def _unmarked(block: str) -> str:
    lines = _MARKER.sub("", block).splitlines()
    return "\n".join(line.rstrip() for line in lines)
