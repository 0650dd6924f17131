"""What mends a slip, and the ways to put it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inception_dsl.diagnostics.record import Edit
from inception_dsl.source import Span
from inception_dsl.syntax.stop import Stop
from inception_dsl.syntax.word import Word

__all__ = ["Found", "Mending", "put_before", "put_behind", "removed", "replaced"]


@dataclass(frozen=True)
class Mending:
    """What mends a slip: the `edits` that `help` asks for.

    The parser reads `text` in the place of the words from `first` up to `last`; without a text it
    cannot go on. `message` and `span` tell what is wrong where the word that does not fit does not.
    """

    help: str
    edits: tuple[Edit, ...] = ()
    first: int = 0
    last: int = 0
    text: str | None = None
    message: str = ""
    span: Span | None = None
    code: str = "E0101"
    opener: Word | None = None


def replaced(stop: Stop, first: int, last: int, text: str, help_: str) -> Mending:
    """`text` stands for the words from `first` up to `last`."""
    return Mending(help_, (Edit(stop.span(first, last), text),), first, last, text)


def removed(stop: Stop, first: int, last: int, help_: str) -> Mending:
    """Nothing stands for the words from `first` up to `last`, nor for the space before them."""
    span = stop.span(first, last)
    if first and not stop.words[first].leads:
        span = stop.gap(first).to(span)
    return Mending(help_, (Edit(span, ""),), first, last, "")


def put_before(stop: Stop, at: int, text: str, help_: str) -> Mending:
    """`text` stands before the word at `at`."""
    start = stop.words[at].span.start
    edit = Edit(Span(stop.words[at].span.source, start, start), f"{text} ")
    return Mending(help_, (edit,), at, at, text)


def put_behind(stop: Stop, at: int, text: str, help_: str) -> Mending:
    """`text` stands behind the word before the one at `at`."""
    gap = stop.gap(at)
    return Mending(help_, (Edit(Span(gap.source, gap.start, gap.start), text),), at, at, text)


Found = Iterator[Mending]
"""What a slip might be meant as, likelier mendings first."""
