"""Random layouts of a spec, and what no layout changes: its words, its comments, its tree."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from random import Random

from inception_dsl.diagnostics import Diagnostics
from inception_dsl.format import formatted
from inception_dsl.source import Source
from inception_dsl.syntax import tree
from inception_dsl.syntax.parse import parse, words

__all__ = ["Anchored", "assert_formats", "comments", "format_text", "laid_out", "respaced"]

_BLANKS = ("", " ", " ", "  ", "\t", "     ", " \r")
_BREAKS = ("\n", "\n", "\r\n", "\n\n", "  \n\t\n\n\n", "\n   ", " \n\t")
_OPEN = frozenset("(){}[],:=")


@dataclass(frozen=True)
class Anchored:
    """A comment, how many words are before it, and whether it follows the last of them."""

    text: str
    words: int
    follows: bool


def format_text(text: str) -> str:
    """The one form of a text without mistakes."""
    diagnostics = Diagnostics()
    result = formatted(Source("spec.incept", text), diagnostics)
    assert result is not None, [record.message for record in diagnostics]
    return result


def tree_of(text: str) -> tree.File:
    diagnostics = Diagnostics()
    file = parse(Source("spec.incept", text), diagnostics)
    assert not diagnostics.failed, [record.message for record in diagnostics]
    return file


def words_of(text: str) -> list[str]:
    return [word.text for word in words(Source("spec.incept", text))]


def comments(text: str) -> list[Anchored]:
    """Every comment with the word that it precedes or follows."""
    source = Source("spec.incept", text)
    found = tree_of(text).comments
    spans = [word.span for word in words(source)]
    anchored = []
    for comment in found:
        before = [span for span in spans if span.end <= comment.span.start]
        same_line = bool(before) and "\n" not in text[before[-1].end : comment.span.start]
        anchored.append(Anchored(comment.text, len(before), same_line))
    return anchored


def assert_formats(text: str) -> str:
    """Hold a text without mistakes to what formatting promises, and return its one form."""
    result = format_text(text)
    assert words_of(result) == words_of(text)
    assert comments(result) == comments(text)
    assert tree_of(result) == tree_of(text)
    assert format_text(result) == result
    lines = result.removeprefix("\ufeff").split("\n")
    assert lines[-1] == ""
    assert not any(line.removesuffix("\r") != line.rstrip() for line in lines)
    assert all(any(pair) for pair in pairwise(lines) if len(lines) > 2)
    return result


def laid_out(text: str, random: Random, *, comments: float = 0.0) -> str:
    """The words of a text in a layout of chance, with more comments at chance places."""
    source = Source("spec.incept", text)
    pieces = [(word.span.start, word.text) for word in words(source)]
    pieces += [(comment.span.start, comment.text) for comment in tree_of(text).comments]
    broken = random.choice((0.05, 0.3, 0.7))
    parts: list[str] = []
    before = ""
    for _, piece in sorted(pieces):
        parts.append(_between(before, piece, random, broken))
        while random.random() < comments:
            note = random.choice(("#", "##", "#!", "###")) + random.choice(("", " why ", "x\t"))
            parts.append(random.choice((" ", "\n", "\n\n")) + note + random.choice(_BREAKS))
        parts.append(piece)
        before = piece
    return "".join(parts) + random.choice(("", "\n", " ", "\r\n", "\n\n\n"))


def respaced(text: str, random: Random) -> str:
    """A text with other blanks on its lines, and the same lines."""
    lines = text.split("\n")
    spans = [[] for _ in lines]
    source = Source("spec.incept", text)
    found = [*(word.span for word in words(source)), *(c.span for c in tree_of(text).comments)]
    for span in sorted(found, key=lambda span: span.start):
        spans[span.first.line - 1].append(span.text)
    result = []
    for pieces, old in zip(spans, lines, strict=True):
        line = random.choice(_BLANKS).strip("\r")
        for before, piece in zip(["", *pieces], pieces, strict=False):
            line += (_between(before, piece, random, 0.0) if before else "") + piece
        result.append(line + random.choice(("", " ", "\t")) + old[len(old.rstrip("\r")) :])
    return "\n".join(result)


def _between(before: str, piece: str, random: Random, broken: float) -> str:
    if before.startswith("#"):
        return random.choice(_BREAKS)
    if random.random() < broken:
        return random.choice(_BREAKS)
    blank = random.choice(_BLANKS)
    together = not before or before[-1] in _OPEN or piece[0] in _OPEN
    return blank if blank or (together and before + piece not in ("==", "=")) else " "
