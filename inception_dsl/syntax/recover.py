"""Reading on after a mistake, so that every mistake of a file is reported, and each once.

After an error the parser goes back to the body it was in and on to the next line that can start a
statement there; a brace that is missing is put in. An item that holds a mistake is left out of
the file.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, Protocol

from inception_dsl.diagnostics.record import Diagnostic, Diagnostics
from inception_dsl.source import Span
from inception_dsl.syntax.expect import Stop, unclosed, unexpected
from inception_dsl.syntax.tree import Item
from inception_dsl.syntax.word import CLOSERS, OPENERS, Word

__all__ = ["Parser", "Reader"]

_ROLES: Final = frozenset({"LAYER", "BLOCK", "MODULE", "REDUCTION", "NETWORK"})
_SHARED: Final = frozenset({"STEM", "HEAD", "LET", "FROM", "PARAM"})  # with bodies


class Parser(Protocol):
    """A parser between two words."""

    @property
    def items(self) -> tuple[Item, ...]:
        """The file's items, once the end of the file is taken."""

    @property
    def outside(self) -> bool:
        """Whether no item is unfinished."""

    def take(self, word: Word) -> bool:
        """Go on with `word`, or tell that it does not fit."""

    def would_take(self, *types: str) -> bool:
        """Whether words of these types would fit, in this order."""

    def accepts(self) -> frozenset[str]:
        """The types of the words that fit."""

    def openers(self) -> list[Word]:
        """The brackets that are open, outermost first."""

    def abandon_statement(self, at: Word) -> Span:
        """Forget the unfinished statement or item, and give its span up to and with `at`."""

    def abandon_item(self) -> None:
        """Forget the unfinished item."""


class Reader:
    """Feeds a file's words to a parser, and gets over those that do not fit.

    `slips` are the offsets of the words that are wrong in themselves, in order.
    """

    def __init__(
        self, parser: Parser, words: Sequence[Word], slips: list[int], diagnostics: Diagnostics
    ) -> None:
        self._parser = parser
        self._words = words
        self._slips = slips
        self._faults = set(slips)
        self._diagnostics = diagnostics
        self._last_error = len(words)

    def items(self) -> tuple[Item, ...]:
        """The items without a mistake."""
        at = 0
        while at < len(self._words):
            at = at + 1 if self._parser.take(self._words[at]) else self._get_over(at)
        faults = sorted(self._faults)
        return tuple(item for item in self._parser.items if not _any_in(faults, item.span))

    def _get_over(self, at: int) -> int:
        """Report the word at `at`, which does not fit; gives where to read on."""
        if self._diagnostics.full:
            self._parser.abandon_item()
            return len(self._words) - 1
        parser, word = self._parser, self._words[at]
        stop = Stop(self._words, at, parser.accepts(), parser.openers())
        if stop.openers and (word.type == "$END" or self._starts_definition(at)):
            self._report(at, None if self._shaken(at) else unclosed(stop, self._culprit(stop)))
            parser.abandon_item()
            return at
        if "LBRACE" in stop.accepts and self._fits_behind(word, "LBRACE"):
            self._report(at, unexpected(stop))
            parser.take(_brace("LBRACE", word))
            return at
        if closers := self._missing_closers(stop):
            self._report(at, unclosed(stop, stop.openers[-1]))
            for _ in range(closers):
                parser.take(_brace("RBRACE", word))
            return at
        astray = parser.outside
        if astray and word.indentation > self._words[0].indentation:
            self._faults.add(self._words[at - 1].span.start)  # the item before ended too early
        statement = parser.abandon_statement(word)
        known = _any_in(self._slips, statement) or (astray and self._shaken(at))
        self._report(at, None if known else unexpected(stop))
        return self._next_start(at)

    def _report(self, at: int, diagnostic: Diagnostic | None) -> None:
        """Record the fault at `at`; None where it only follows from one that is reported."""
        self._faults.add(self._words[at].span.start)
        self._last_error = at
        if diagnostic:
            self._diagnostics.add(diagnostic)

    def _shaken(self, at: int) -> bool:
        """Whether the item around `at` has had an error, so that its braces mean little."""
        since = range(self._last_error + 1, at)
        return self._last_error < at and not any(map(self._starts_item, since))

    def _missing_closers(self, stop: Stop) -> int:
        """How many `}` are missing before a line, by its indentation and what fits."""
        word = stop.word()
        if not word.leads:
            return 0
        for count, opener in enumerate(reversed(stop.openers), 1):
            if opener.type != "LBRACE" or opener.indentation < word.indentation:
                return 0
            if self._parser.would_take(*["RBRACE"] * count, word.type):
                return count
        return 0

    def _fits_behind(self, word: Word, missing: str) -> bool:
        starts = word.leads or word.type == "BRANCH"
        return starts and self._parser.would_take(missing, word.type)

    def _culprit(self, stop: Stop) -> Word:
        """The opener that is not closed, by the indentation of the braces of its item."""
        pairs: list[Word] = []
        first = stop.openers[0].span.start
        for word in self._words[: stop.at]:
            if word.span.start < first:
                continue
            if word.type in OPENERS:
                pairs.append(word)
            elif word.type in CLOSERS and pairs:
                opener = pairs.pop()
                if word.leads and word.indentation < opener.indentation:
                    return opener
        return stop.openers[-1]

    def _next_start(self, at: int) -> int:
        """The next word from `at` on that can start an item, or a statement of this body."""
        outside, starters, depth = self._parser.outside, self._parser.accepts(), 0
        for i in range(at, len(self._words) - 1):
            word = self._words[i]
            if self._starts_definition(i):
                return i
            if depth == 0 and outside and self._starts_item(i):
                return i
            if (
                depth == 0
                and not outside
                and (word.type == "RBRACE" or word.leads)
                and word.type in starters
            ):
                return i
            depth += word.type in OPENERS
            depth = max(0, depth - (word.type in CLOSERS))
        return len(self._words) - 1

    def _starts_definition(self, at: int) -> bool:
        """Whether a definition or network starts at `at`, whatever is open there."""
        word, after = self._words[at], self._words[min(at + 1, len(self._words) - 1)]
        return word.type in _ROLES and after.type == "NAME"

    def _starts_item(self, at: int) -> bool:
        """Whether an item starts at `at`; what a body can have too must not be indented."""
        word = self._words[at]
        at_margin = word.leads and word.indentation <= self._words[0].indentation
        return self._starts_definition(at) or (word.type in _SHARED and at_margin)


def _brace(kind: str, before: Word) -> Word:
    place = Span(before.span.source, before.span.start, before.span.start)
    return Word(kind, "", place)


def _any_in(offsets: Sequence[int], span: Span) -> bool:
    """Whether one of the sorted `offsets` lies in `span`."""
    at = bisect_left(offsets, span.start)
    return at < len(offsets) and offsets[at] <= span.end
