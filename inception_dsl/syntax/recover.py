"""Reading on after a mistake, so that every mistake of a file is reported, and each once.

After an error the parser goes back to the body it was in and on to the next line that can start a
statement there; a brace that is missing is put in. An item that holds a mistake is left out of
the file.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from inception_dsl.diagnostics.record import Diagnostic, Diagnostics
from inception_dsl.source import Span
from inception_dsl.syntax.expect import one_too_many, unclosed, unexpected
from inception_dsl.syntax.layout import Layout, ends_body
from inception_dsl.syntax.mended import Mended
from inception_dsl.syntax.parser import Parser
from inception_dsl.syntax.slips import Mending, mendings
from inception_dsl.syntax.stop import REACH, Stop
from inception_dsl.syntax.tree import Item
from inception_dsl.syntax.word import CLOSERS, OPENERS, Word

__all__ = ["Reader"]

_BRACES: Final = frozenset({"LBRACE", "RBRACE"})
_BEHIND: Final = frozenset({"RBRACE", "ELSE", "SHORTCUT", "COLON", "$END"})


class Reader:
    """Feeds a file's words to a parser, and gets over those that do not fit.

    `slips` is what is wrong with words in themselves, in order.
    """

    def __init__(
        self,
        parser: Parser,
        words: Sequence[Word],
        slips: Sequence[Diagnostic],
        diagnostics: Diagnostics,
    ) -> None:
        self._parser = parser
        self._words = words
        self._slips = slips
        self._slip_starts = [slip.span.start for slip in slips]
        self._faults = set(self._slip_starts)
        self._diagnostics = diagnostics
        self._last_upset = len(words)
        self._layout = Layout(words)
        self._mended = Mended(parser, words)
        self._put: list[Word] = []
        self._dropped: list[tuple[int, int]] = []
        self._closed = -1

    def items(self) -> tuple[Item, ...]:
        """The items without a mistake."""
        at = 0
        while at < len(self._words):
            word = self._words[at]
            if self._put and word.leads:
                self._close_what_is_put(at)
            if at in self._mended.instead:
                at = self._take_mended(at)
            elif self._parser.take(word):
                at += 1
            else:
                at = self._get_over(at)
        self._report_slips()
        faults = sorted(self._faults)
        spans = ((item, item.span) for item in self._parser.items)
        return tuple(item for item, span in spans if not _any_in(faults, span.start, span.end))

    def _get_over(self, at: int) -> int:
        """Report the word at `at`, which does not fit; gives where to read on."""
        if self._diagnostics.full:
            self._parser.abandon_item()
            return len(self._words) - 1
        parser, openers = self._parser, self._parser.openers()
        if openers and at and self._layout.starts_definition(at - 1):
            at -= 1  # `head` or `stem`, which a body took for a section
        word = self._words[at]
        stop = Stop(self._words, at, parser.accepts(), openers, self._begun(at))
        if stop.openers and (word.type == "$END" or self._layout.starts_definition(at)):
            self._report(unclosed(stop, *self._layout.unclosed(stop)), known=self._shaken(at))
            parser.abandon_item()
            return at
        known = self._has_slip(stop)
        if (word.leads or word.type == "BRANCH") and parser.would_take("LBRACE", word.type):
            self._report(unexpected(stop, None), known)
            return self._put_in(["LBRACE"], at)
        if closers := self._missing_closers(stop):
            place = (
                self._layout.unclosed(stop)
                if self._layout.starts_item(at)
                else (stop.openers[-1], at)
            )
            self._report(unclosed(stop, *place), known)
            return self._put_in(closers, at)
        if not stop.openers and (pair := self._layout.one_too_many(at)):
            self._report(one_too_many(*pair), known or self._shaken(at))
            known = True
        elif (start := self._mend(stop, known)) is not None:
            return start
        elif "NETWORK" in stop.accepts:  # the braces of the item before do not match, or nearly so
            known = known or self._shaken(at)
        if "NETWORK" in stop.accepts and not self._layout.at_margin(word):
            self._faults.add(self._words[at - 1].span.start)
        self._report(unexpected(stop, self._advice(stop)), known or self._mended.touches(stop))
        parser.abandon_statement()
        if not parser.outside:
            self._faults.add(word.span.start)
        start = self._next_start(at)
        if any(word.type in _BRACES for word in self._words[at : start + 1]):
            self._last_upset = at
        return start

    def _begun(self, at: int) -> int:
        """The place of the first word of the unfinished statement, or `at`."""
        begun = self._parser.unfinished()
        ended = at > 0 and (self._words[at].leads or self._words[at - 1].type == "RBRACE")
        if begun is None or (ended and any(map(self._parser.would_take, ("NETWORK", "RBRACE")))):
            return at
        return min(bisect_left(self._layout.starts, begun), at)

    def _report(self, diagnostic: Diagnostic, known: bool) -> None:
        """Record an error, unless it only follows from one that is reported."""
        if not known:
            self._diagnostics.add(diagnostic)

    def _report_slips(self) -> None:
        """Record the words that are wrong in themselves, but for those that none should be.

        The first of a line stands for all; others may follow from it.
        """
        lines: list[Diagnostic] = []
        for slip in self._slips:
            if any(start <= slip.span.start < end for start, end in self._dropped):
                continue
            if lines and lines[-1].span.first.line == slip.span.first.line:
                alike = lines[-1].fix and slip.fix and lines[-1].code == slip.code
                if alike and len(lines[-1].fix) < REACH:
                    lines[-1] = replace(lines[-1], fix=(*lines[-1].fix, *slip.fix))
            else:
                lines.append(slip)
        for slip in lines:
            self._diagnostics.add(slip)

    def _has_slip(self, stop: Stop) -> bool:
        """Whether a word is wrong in itself, from the start of the statement up to the stop."""
        start = self._words[stop.begun - 1].span.end if stop.begun else 0
        return _any_in(self._slip_starts, start, stop.word().span.end)

    # Mending

    def _mend(self, stop: Stop, known: bool) -> int | None:
        """Report a slip that the parser can go on behind, and gives where to read on."""
        if stop.at - stop.begun > REACH or len(self._mended.instead) > REACH:
            return None
        for mending in mendings(stop):
            words = self._mended.fitting(stop, mending)
            if words is None:
                continue
            follows = mending.text == "{" and (  # `def f():`, and `else:` behind `if c:`
                self._closed == stop.at - 1 or self._mended.touches(stop)
            )
            if mending.text and mending.text.endswith("{"):
                mending = self._mended.with_certain_edits(mending)
            self._report(unexpected(stop, mending), known or follows)
            self._mended.instead[mending.first] = mending.last, words
            self._put += [word for word in words if word.type == "LBRACE"]
            if mending.last > mending.first and not known:  # else the slips in it tell the error
                span = mending.span or self._words[mending.first].span
                start = min(span.start, self._layout.starts[mending.first])
                self._dropped.append((start, self._words[mending.last - 1].span.end))
            written = self._words[mending.first : mending.last]
            if mending.opener or any(word.type in _BRACES for word in (*written, *words)):
                self._last_upset = stop.at
            self._faults.add(stop.word().span.start)
            if "NETWORK" in stop.accepts and not self._layout.at_margin(stop.word()):
                self._faults.add(stop.word(-1).span.start)
            if mending.first == stop.at:
                return stop.at
            self._faults.add(self._layout.starts[mending.first])
            self._parser.restart_statement()
            return stop.begun
        return None

    def _take_mended(self, at: int) -> int:
        """Take the words that are read at `at`, and gives where to read on."""
        last, words = self._mended.instead[at]
        for word in words:
            self._parser.take(word)
        if last > at:
            return last
        return at + 1 if self._parser.take(self._words[at]) else self._get_over(at)

    def _close_what_is_put(self, at: int) -> None:
        """Close the braces that were put in, where the indentation of their line comes back."""
        word = self._words[at]
        while self._put:
            openers = self._parser.openers()
            opener = self._put[-1]
            if not any(other is opener for other in openers):
                self._put.pop()
            elif openers[-1] is opener and ends_body(word, opener):
                place = Span(word.span.source, word.span.start, word.span.start)
                if not self._parser.take(Word("RBRACE", "}", place)):
                    return
                self._put.pop()
                self._closed = at
            else:
                return

    def _advice(self, stop: Stop) -> Mending | None:
        """What might be meant, though the parser cannot go on with it."""
        for mending in mendings(stop):
            if mending.text is None or (mending.message and not mending.opener):
                return replace(mending, edits=())
        return None

    # Braces

    def _shaken(self, at: int) -> bool:
        """Whether the braces of the item before `at` mean little, after an error among them."""
        first = self._layout.item_before(at)
        start, end = self._layout.starts[first], self._layout.starts[at]
        return first <= self._last_upset < at or _any_in(self._slip_starts, start, end)

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
        place = Span(self._words[at].span.source, *[self._words[max(at - 1, 0)].span.end] * 2)
        self._last_upset = at
        self._faults.add(self._words[at].span.start)
        for kind in braces:
            word = Word(kind, "{" if kind == "LBRACE" else "}", place)
            self._parser.take(word)
            if kind == "LBRACE":
                self._put.append(word)
        return at

    def _next_start(self, at: int) -> int:
        """The next word from `at` on that can start an item, or a statement of this body."""
        outside, starters, depth = self._parser.outside, self._parser.accepts(), 0
        for i in range(at, len(self._words) - 1):
            word = self._words[i]
            if outside:
                fits = self._layout.starts_item(i)
            else:
                fits = word.type in starters and self._may_resume(i)
            if self._layout.starts_definition(i) or (fits and depth == 0):
                return i
            depth += word.type in OPENERS
            depth = max(0, depth - (word.type in CLOSERS))
        return len(self._words) - 1

    def _may_resume(self, at: int) -> bool:
        """Whether a line starts at `at`, or a brace closes with nothing of its body behind it."""
        word, after = self._words[at], self._words[at + 1]
        return word.leads or (word.type == "RBRACE" and (after.leads or after.type in _BEHIND))


def _any_in(offsets: Sequence[int], start: int, end: int) -> bool:
    """Whether one of the sorted `offsets` lies between `start` and `end`, both included."""
    at = bisect_left(offsets, start)
    return at < len(offsets) and offsets[at] <= end
