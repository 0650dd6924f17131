"""Text to words: what the lexicon of the grammar matches, and what stands in for all else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from inception_dsl.diagnostics.record import Diagnostic
from inception_dsl.source import Source, Span
from inception_dsl.syntax.conflicts import conflicts, unresolved
from inception_dsl.syntax.lexical import NUMBERS, block_comment, number_slip, word_slip
from inception_dsl.syntax.word import Word

__all__ = ["Lexicon"]

_MAY_MEAN_MORE: Final = frozenset(["SLASH", "STRING", "LESSTHAN", "EQUALS"])


class Lexicon:
    """What words look like.

    `terminals` are their types with a regular expression each, the first that matches first;
    `keywords` the names with a type of their own; `ignored` what stands between words.
    """

    def __init__(
        self,
        terminals: Iterable[tuple[str, str]],
        keywords: Mapping[str, str],
        ignored: Iterable[str],
    ) -> None:
        word = "|".join(f"(?P<{type_}>{pattern})" for type_, pattern in terminals)
        self._match = re.compile(f"(?:{'|'.join(ignored)})*+(?:{word})?").match
        self._keywords = keywords

    def words(self, source: Source, text: str) -> Iterator[tuple[Word, Diagnostic | None]]:
        """Each word of `text`, which the source has in these places, and what is wrong with it.

        What no word looks like becomes the word it was meant as, or one without a type.
        """
        at, end, keywords = 0, len(text), self._keywords
        marks = conflicts(text) if ">>>>>>>" in text else {}
        before: Word | None = None
        while True:
            match = self._match(text, at)
            assert match, "the pattern matches nothing too"
            at, type_ = match.end(), match.lastgroup
            if type_ is None and at == end:
                return
            if type_ is None or type_ in _MAY_MEAN_MORE:
                start = at if type_ is None else match.start(type_)
                if start in marks:
                    at = marks[start]
                    passed_over = Word("", "", Span(source, start, at))
                    yield passed_over, unresolved(source, start) if text[start] == "<" else None
                    continue
                slip = block_comment(source, start)
                if slip is None and type_ is None:
                    slip = word_slip(source, start, before)
                if slip:
                    word = Word(self.type_of(slip.text), slip.text, slip.span)
                    at = slip.span.end
                    if before and slip.span.start == before.span.start:
                        before.type, before.text, before.span = word.type, word.text, word.span
                        word = Word("", "", Span(source, at, at))
                    yield word, slip.diagnostic
                    before = word if word.type else before
                    continue
            assert type_
            written = match[type_]
            if type_ == "NAME":
                type_ = keywords.get(written, type_)
            word = Word(type_, written, Span(source, at - len(written), at))
            yield word, number_slip(word) if type_ in NUMBERS else None
            before = word

    def read(self, text: str, place: Span) -> list[Word]:
        """The words of a text that is read at a place of the source."""
        words = self.words(Source("", text), text)
        return [Word(word.type, word.text, place) for word, _ in words]

    def type_of(self, text: str) -> str:
        """The type of the one word that `text` is; none if it is empty."""
        match = self._match(text)
        type_ = (match and match.lastgroup) or ""
        return self._keywords.get(text, type_)
