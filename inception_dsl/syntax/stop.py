"""Where the parser stopped, and what is around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inception_dsl.source import Span
from inception_dsl.syntax.word import CLOSERS, OPENERS, Word

__all__ = ["REACH", "Stop"]

REACH = 200  # words of a line that are looked at


@dataclass(frozen=True)
class Stop:
    """Where the parser stopped: at a word that none of the `accepts` is.

    `openers` are the brackets open there, outermost first; `begun` is the place of the first word
    of the unfinished statement or item.
    """

    words: Sequence[Word]
    at: int
    accepts: frozenset[str]
    openers: Sequence[Word]
    begun: int

    def word(self, offset: int = 0) -> Word:
        """The word `offset` words behind the one that does not fit, or the nearest there is."""
        return self.words[min(max(self.at + offset, 0), len(self.words) - 1)]

    def types(self, first: int, last: int) -> list[str]:
        """The types of the words at offsets `first` to `last`, both included."""
        return [self.word(offset).type for offset in range(first, last + 1)]

    @property
    def opener(self) -> str:
        """The type of the innermost open bracket, if there is one."""
        return self.openers[-1].type if self.openers else ""

    def line_start(self, at: int) -> int:
        """The place of the first word on the line of the word at `at`."""
        first = max(0, at - REACH)
        while at > first and not self.words[at].leads:
            at -= 1
        return at

    def line_end(self, at: int) -> int:
        """The place behind the last word on the line of the word at `at`."""
        at, last = at + 1, min(at + REACH, len(self.words) - 1)
        while at < last and not self.words[at].leads:
            at += 1
        return min(at, last)

    def adjoin(self, at: int) -> bool:
        """Whether nothing stands between the word at `at` and the one before it."""
        return at > 0 and self.words[at - 1].span.end == self.words[at].span.start

    def span(self, first: int, last: int) -> Span:
        """From the word at `first` to the one before `last`."""
        return self.words[first].span.to(self.words[last - 1].span)

    def gap(self, at: int) -> Span:
        """What stands between the word at `at` and the one before it."""
        word = self.words[at]
        start = self.words[at - 1].span.end if at else 0
        return Span(word.span.source, start, word.span.start)

    def closed_at(self, at: int) -> int | None:
        """The place of the bracket that closes the one at `at`, if its line has it."""
        depth = 0
        for place in range(at, self.line_end(at)):
            depth += (self.words[place].type in OPENERS) - (self.words[place].type in CLOSERS)
            if depth == 0:
                return place
        return None

    @property
    def closes_later(self) -> bool:
        """Whether the line closes a bracket that is open at the word that does not fit."""
        depth = 0
        for word in self.words[self.at : self.line_end(self.at)]:
            depth += (word.type in OPENERS) - (word.type in CLOSERS)
            if depth < 0:
                return word.type != "RBRACE"
        return False
