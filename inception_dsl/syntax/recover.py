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

_ROLES: Final = frozenset({"LAYER", "BLOCK", "MODULE", "REDUCTION", "STEM", "HEAD", "NETWORK"})
_UNNAMED: Final = frozenset({"LET", "FROM", "PARAM"})
_BRACES: Final = frozenset({"LBRACE", "RBRACE"})
_BEHIND: Final = frozenset({"RBRACE", "ELSE", "SHORTCUT", "COLON", "$END"})


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

    def unfinished(self) -> int | None:
        """The offset at which the unfinished statement or item begins."""

    def abandon_statement(self) -> None:
        """Forget the unfinished statement or item."""

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
        self._last_upset = len(words)
        self._starts = [word.span.start for word in words]
        self._item_starts = [at for at in range(len(words)) if self._starts_item(at)]

    def items(self) -> tuple[Item, ...]:
        """The items without a mistake."""
        at = 0
        while at < len(self._words):
            at = at + 1 if self._parser.take(self._words[at]) else self._get_over(at)
        faults = sorted(self._faults)
        spans = ((item, item.span) for item in self._parser.items)
        return tuple(item for item, span in spans if not _any_in(faults, span.start, span.end))

    def _get_over(self, at: int) -> int:
        """Report the word at `at`, which does not fit; gives where to read on."""
        if self._diagnostics.full:
            self._parser.abandon_item()
            return len(self._words) - 1
        parser, openers = self._parser, self._parser.openers()
        if openers and at and self._starts_definition(at - 1):
            at -= 1  # `head` or `stem`, which a body took for a section
        word = self._words[at]
        stop = Stop(self._words, at, parser.accepts(), openers)
        if stop.openers and (word.type == "$END" or self._starts_definition(at)):
            self._report(unclosed(stop, self._culprit(stop)), known=self._shaken(at))
            parser.abandon_item()
            return at
        known = self._has_slip(at)
        if (word.leads or word.type == "BRANCH") and parser.would_take("LBRACE", word.type):
            self._report(unexpected(stop), known)
            return self._put_in(["LBRACE"], at)
        if closers := self._missing_closers(stop):
            self._report(unclosed(stop, stop.openers[-1]), known)
            return self._put_in(closers, at)
        if "NETWORK" in stop.accepts:  # the braces of the item before do not match, or nearly so
            known = known or self._shaken(at)
            if not self._at_margin(word):
                self._faults.add(self._words[at - 1].span.start)
        self._report(unexpected(stop), known)
        parser.abandon_statement()
        if not parser.outside:
            self._faults.add(word.span.start)
        start = self._next_start(at)
        if any(word.type in _BRACES for word in self._words[at : start + 1]):
            self._last_upset = at
        return start

    def _report(self, diagnostic: Diagnostic, known: bool) -> None:
        """Record an error, unless it only follows from one that is reported."""
        if not known:
            self._diagnostics.add(diagnostic)

    def _has_slip(self, at: int) -> bool:
        """Whether a word is wrong in itself, from the start of the statement up to `at`."""
        word = self._words[at]
        begun = self._parser.unfinished()
        first = bisect_left(self._starts, word.span.start if begun is None else begun)
        start = self._words[first - 1].span.end if first else 0
        return _any_in(self._slips, start, word.span.end)

    def _shaken(self, at: int) -> bool:
        """Whether the braces of the item before `at` mean little, after an error among them."""
        before = bisect_left(self._item_starts, at) - 1
        first = self._item_starts[before] if before >= 0 else 0
        start, end = self._starts[first], self._starts[at]
        return first <= self._last_upset < at or _any_in(self._slips, start, end)

    def _missing_closers(self, stop: Stop) -> list[str]:
        """The `}` that are missing before a line, by its indentation and what fits."""
        word = stop.word()
        if not word.leads:
            return []
        for count, opener in enumerate(reversed(stop.openers), 1):
            if opener.type != "LBRACE" or opener.indentation < word.indentation:
                return []
            missing = ["RBRACE"] * count
            if self._parser.would_take(*missing, word.type):
                return missing
        return []

    def _put_in(self, braces: list[str], at: int) -> int:
        """Go on as if `braces` stood before the word at `at`."""
        place = self._words[at].span
        self._last_upset = at
        self._faults.add(place.start)
        for kind in braces:
            text = "{" if kind == "LBRACE" else "}"
            self._parser.take(Word(kind, text, Span(place.source, place.start, place.start)))
        return at

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
            if outside:
                fits = self._starts_item(i)
            else:
                fits = word.type in starters and self._may_resume(i)
            if self._starts_definition(i) or (fits and depth == 0):
                return i
            depth += word.type in OPENERS
            depth = max(0, depth - (word.type in CLOSERS))
        return len(self._words) - 1

    def _may_resume(self, at: int) -> bool:
        """Whether a line starts at `at`, or a brace closes with nothing of its body behind it."""
        word, after = self._words[at], self._words[at + 1]
        return word.leads or (word.type == "RBRACE" and (after.leads or after.type in _BEHIND))

    def _starts_definition(self, at: int) -> bool:
        """Whether a definition or network starts at `at`, whatever is open there."""
        if self._words[at].type not in _ROLES or self._words[at + 1].type != "NAME":
            return False
        return self._at_margin(self._words[at]) or (at > 0 and self._words[at - 1].type == "RBRACE")

    def _starts_item(self, at: int) -> bool:
        """Whether an item starts at `at`; a body may have what an indented `let` or `from` is."""
        word = self._words[at]
        return (word.type in _UNNAMED and self._at_margin(word)) or self._starts_definition(at)

    def _at_margin(self, word: Word) -> bool:
        return word.leads and word.indentation <= self._words[0].indentation


def _any_in(offsets: Sequence[int], start: int, end: int) -> bool:
    """Whether one of the sorted `offsets` lies between `start` and `end`, both included."""
    at = bisect_left(offsets, start)
    return at < len(offsets) and offsets[at] <= end
