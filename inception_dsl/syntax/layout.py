"""What the lines of a spec and their indentation tell, where its braces do not match."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from inception_dsl.syntax.stop import Stop
from inception_dsl.syntax.word import CLOSERS, OPENERS, Word

__all__ = ["Layout", "ends_body"]

_ROLES: Final = frozenset({"LAYER", "BLOCK", "MODULE", "REDUCTION", "STEM", "HEAD", "NETWORK"})
_UNNAMED: Final = frozenset({"LET", "FROM", "PARAM"})


class Layout:
    """The words of a file as they stand on their lines."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each word."""
        return [word.span.start for word in self._words]

    @cached_property
    def _item_starts(self) -> list[int]:
        return [at for at in range(len(self._words)) if self.starts_item(at)]

    def item_before(self, at: int) -> int:
        """Where the last item before `at` starts, or the file."""
        before = bisect_left(self._item_starts, at) - 1
        return self._item_starts[before] if before >= 0 else 0

    def starts_definition(self, at: int) -> bool:
        """Whether a definition, network or import starts at `at`, whatever is open there."""
        word = self._words[at]
        if word.type == "FROM":
            return self._words[at + 1].type == "STRING" and self.at_margin(word)
        if word.type not in _ROLES or self._words[at + 1].type != "NAME":
            return False
        if word.leads:
            return self.at_margin(word)
        return at > 0 and self._words[at - 1].type == "RBRACE"

    def starts_item(self, at: int) -> bool:
        """Whether an item starts at `at`; a body may have what an indented `let` or `from` is."""
        word = self._words[at]
        return (word.type in _UNNAMED and self.at_margin(word)) or self.starts_definition(at)

    def at_margin(self, word: Word) -> bool:
        """Whether a word begins a line that is indented no deeper than the file's first."""
        return word.leads and word.indentation <= self._words[0].indentation

    def unclosed(self, stop: Stop) -> tuple[Word, int]:
        """The opener that is not closed, and where it ought to be, by the indentation."""
        pairs: list[tuple[Word, bool]] = []
        first = bisect_left(self.starts, stop.openers[0].span.start)
        for at in range(first, stop.at):
            word = self._words[at]
            if word.leads and pairs:
                opener, indented = pairs[-1]
                if indented and ends_body(word, opener):
                    return opener, at
            if word.type in OPENERS:
                after = self._words[at + 1]
                indented = not after.leads or after.indentation > word.indentation
                pairs.append((word, indented and word.type == "LBRACE"))
            elif word.type in CLOSERS and pairs:
                pairs.pop()
        return stop.openers[-1], stop.at

    def one_too_many(self, at: int) -> tuple[Word, Word] | None:
        """The brace that ends the item before `at` too early by its indentation, and its opener."""
        pairs: list[Word] = []
        for i in range(self.item_before(at), at):
            word = self._words[i]
            if word.type in OPENERS:
                pairs.append(word)
            elif word.type in CLOSERS and pairs:
                opener = pairs.pop()
                doubled = self._words[i - 1].type == "RBRACE" and self._words[i - 1].leads
                late = word.indentation > opener.indentation and (word.leads or doubled)
                if word.type == "RBRACE" and late:
                    return word, opener
        return None


def ends_body(word: Word, opener: Word) -> bool:
    """Whether a line that `word` leads is behind the body that `opener` begins."""
    if word.type == "RBRACE":
        return word.indentation < opener.indentation
    return word.indentation <= opener.indentation
