"""Text to syntax tree: the one module that knows Lark."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken
from lark.parsers.lalr_analysis import Shift

from inception_dsl.diagnostics.record import Diagnostic, Diagnostics
from inception_dsl.source import Source, Span
from inception_dsl.syntax import trivia
from inception_dsl.syntax.bounds import too_deep, within_bounds
from inception_dsl.syntax.build import BUILDER
from inception_dsl.syntax.lexical import number_slip, word_slip
from inception_dsl.syntax.recover import Reader
from inception_dsl.syntax.tree import File, Item
from inception_dsl.syntax.word import CLOSERS, OPENERS, Word

__all__ = ["parse"]


def parse(
    source: Source, diagnostics: Diagnostics, *, nesting: int = 100, text: str | None = None
) -> File:
    """The syntax tree of a spec, without the items that hold a mistake.

    Mistakes are recorded in `diagnostics`. Brackets nest at most `nesting` deep, and so do the
    statements of the tree; expressions twice that. `text` is read in place of the source's, to
    whose characters it corresponds one by one.
    """
    text = source.text if text is None else text
    text = " " + text[1:] if text.startswith("\ufeff") else text
    doc, docs = trivia.docs(text)
    words, slips = _read_words(source, text, docs, diagnostics, nesting)
    items = Reader(_Machine(), words, slips, diagnostics).items()
    return File(
        source,
        within_bounds(items, diagnostics, nesting),
        doc,
        trivia.comments(source),
        span=Span(source, 0, len(source.text)),
    )


@cache
def _language() -> Lark:
    grammar = resources.files(__package__).joinpath("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", keep_all_tokens=True, transformer=BUILDER)


def _read_words(
    source: Source, text: str, docs: dict[int, str], diagnostics: Diagnostics, nesting: int
) -> tuple[list[Word], list[int]]:
    """The words of a source, and the offsets of those that are wrong in themselves.

    Where brackets nest too deep there are none, so that nothing later sees them.
    """
    words: list[Word] = []
    slips: list[int] = []
    depth = end = 0
    for word, slip in _words(source, text):
        start = word.span.start
        if slip:
            if not slips or "\n" in text[slips[-1] : start]:
                diagnostics.add(slip)  # the first of its line; others may follow from it
            slips.append(start)
        word.doc = docs.get(start, "")
        word.leads = not words or "\n" in text[end:start]
        end = word.span.end
        if word.type != "UNKNOWN":
            words.append(word)
        depth = max(0, depth + (word.type in OPENERS) - (word.type in CLOSERS))
        if depth > nesting:
            diagnostics.add(too_deep(word.span, nesting))
            words.clear()
            break
    return [*words, Word("$END", "", Span(source, end, end))], slips


def _words(source: Source, text: str) -> Iterator[tuple[Word, Diagnostic | None]]:
    """Each word, and what is wrong with it where something is."""
    lexer: Any = _language().parse_interactive(text).lexer_thread
    while True:
        try:
            for token in lexer.lex(None):
                span = Span(source, token.start_pos, token.end_pos)
                word = Word(token.type, str(token), span)
                yield word, number_slip(word)
            return
        except UnexpectedCharacters as error:
            word, slip = word_slip(source, cast(int, error.pos_in_stream))
            yield word, slip
            lexer.state.line_ctr.feed(word.span.text)


class _Machine:
    """Lark's parser between two words."""

    def __init__(self) -> None:
        self._parser = _language().parse_interactive("")
        state = self._parser.parser_state
        self._states, self._values = state.state_stack, state.value_stack
        self._table = state.parse_conf.states
        self.items: tuple[Item, ...] = ()

    @property
    def outside(self) -> bool:
        """Whether no item is unfinished."""
        return _bodies().get(self._states[-1]) == "NETWORK"

    def take(self, word: Word) -> bool:
        """Go on with `word`, or tell that it does not fit."""
        try:
            items = self._parser.feed_token(cast(Token, word))  # Lark reads its type only
        except UnexpectedToken:
            return False
        if word.type == "$END":
            self.items = items
        return True

    def would_take(self, *types: str) -> bool:
        """Whether words of these types would fit, in this order."""
        states = list(self._states)
        for type_ in types:
            while True:
                action, to = self._table[states[-1]].get(type_, (None, None))
                if action is None:
                    return False
                if action is Shift:
                    states.append(to)
                    break
                del states[len(states) - len(to.expansion) :]
                states.append(self._table[states[-1]][to.origin.name][1])
        return True

    def accepts(self) -> frozenset[str]:
        """The types of the words that fit."""
        choices = self._table[self._states[-1]]
        return frozenset(type_ for type_ in choices if type_.isupper() and self.would_take(type_))

    def openers(self) -> list[Word]:
        """The brackets that are open, outermost first."""
        openers: list[Word] = []
        for value in self._values:
            if isinstance(value, Word) and value.type in OPENERS:
                openers.append(value)
            elif isinstance(value, Word) and value.type in CLOSERS:
                openers.pop()
        return openers

    def unfinished(self) -> int | None:
        """The offset at which the unfinished statement or item begins."""
        begun: Any = None
        for state, value in zip(reversed(self._states), reversed(self._values), strict=False):
            if state in _bodies():
                break
            begun = value
        while isinstance(begun, Tree):  # of a list that is not complete
            begun = begun.children[0]
        return begun and cast(int, begun.span.start)

    def abandon_statement(self) -> None:
        """Forget the unfinished statement or item."""
        for behind in ("NETWORK", "RBRACE"):
            if self.would_take(behind):  # it is complete, as the next word would have shown
                self.take(Word(behind, "", Span(Source("", ""), 0, 0)))
                self._states.pop()
                self._values.pop()
                return
        while self._states[-1] not in _bodies():
            self._states.pop()
            self._values.pop()

    def abandon_item(self) -> None:
        """Forget the unfinished item."""
        while not self.outside:
            self._states.pop()
            self._values.pop()


@cache
def _bodies() -> dict[int, str]:
    """The states between two statements or items, with the word that tells which of the two."""
    states = _language().parse_interactive("").parser_state.parse_conf.states
    return {
        state: word
        for state, actions in states.items()
        for word in ("RBRACE", "NETWORK")
        if actions.get(word, (None,))[0] is Shift
    }
