"""The slips of a file that the parser gets over by reading something else in their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inception_dsl.syntax.parser import Parser
from inception_dsl.syntax.slips import Mending
from inception_dsl.syntax.stop import REACH, Stop
from inception_dsl.syntax.word import Word

__all__ = ["Mended"]


class Mended:
    """What is read instead: by the place where it begins, the place behind it and the words."""

    def __init__(self, parser: Parser, words: Sequence[Word]) -> None:
        self._parser, self._words = parser, words
        self.instead: dict[int, tuple[int, list[Word]]] = {}

    def touches(self, stop: Stop) -> bool:
        """Whether the unfinished statement has a slip already, which this may follow from."""
        return any(stop.begun <= at < stop.at for at in self.instead)

    def fitting(self, stop: Stop, mending: Mending) -> list[Word] | None:
        """The words to read, if the parser can go on with them and two words more."""
        first, last = mending.first, mending.last
        if mending.text is None or first in self.instead or not stop.begun <= first <= stop.at:
            return None
        place = self._words[first].span if last > first else stop.gap(first)
        words = self._parser.read(mending.text, place)
        anew = first < stop.at
        read = self._read_before(stop.begun, first) if anew else []
        end = max(last, stop.at)
        behind = self._words[last : end + (1 if self._words[end].leads else 2)]
        types = [word.type for word in (*read, *words, *behind)]
        return words if self._parser.would_take(*types, anew=anew) else None

    def _read_before(self, at: int, end: int) -> list[Word]:
        """What is read from `at` up to `end`."""
        words: list[Word] = []
        while at < end:
            if at in self.instead:
                last, instead = self.instead[at]
                words += instead
                if last > at:
                    at = last
                    continue
            words.append(self._words[at])
            at += 1
        return words

    def with_certain_edits(self, mending: Mending) -> Mending:
        """Without edits if the `{` that is put in finds no `}` where its body ends."""
        indentation = self._words[mending.first - 1].indentation
        for word in self._words[mending.last : mending.last + REACH]:
            if word.leads and word.indentation <= indentation:
                closes = word.type == "RBRACE" and word.indentation == indentation
                return mending if closes else replace(mending, edits=())
        return replace(mending, edits=())
