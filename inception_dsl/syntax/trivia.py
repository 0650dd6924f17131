"""What the parser never sees: comments, and the docs among them."""

from __future__ import annotations

import re

from inception_dsl.source import Source, Span
from inception_dsl.syntax.tree import Ident

__all__ = ["comments", "docs"]

_COMMENT = re.compile(r'"[^"\n]*"?|(?P<comment>#[^\n]*)')


def comments(source: Source) -> tuple[Ident, ...]:
    """Every comment, `#` and `##` alike, with its marker and its place."""
    found = []
    for match in _COMMENT.finditer(source.text):
        if match["comment"]:
            text = match["comment"].rstrip()
            found.append(Ident(text, span=Span(source, match.start(), match.start() + len(text))))
    return tuple(found)


def docs(text: str) -> tuple[str, dict[int, str]]:
    """The file's doc, and the docs directly above a word, by the word's offset.

    The file's is the first, if a blank line follows it and only comments come before.
    """
    of_file, above = "", dict[int, str]()
    block: list[str] = []
    start, opening = 0, True
    for line in [*text.split("\n"), ""]:
        content = line.strip()
        if content.startswith("##") and not content.startswith("###"):
            block.append(content[2:].removeprefix(" "))
        else:
            doc = "\n".join(block)
            if not content and opening:
                of_file = doc
            elif content and not content.startswith("#"):
                above[start + line.index(content)] = doc
            opening = opening and not block and (not content or content.startswith("#"))
            block = []
        start += len(line) + 1
    return of_file, above
