"""Text to syntax tree."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from inception_dsl.diagnostics.record import Diagnostic, Diagnostics
from inception_dsl.source import Source, Span
from inception_dsl.syntax import trivia
from inception_dsl.syntax.bounds import too_deep, within_bounds
from inception_dsl.syntax.build import BUILDER
from inception_dsl.syntax.recover import Reader
from inception_dsl.syntax.tables import Rule, tables
from inception_dsl.syntax.tree import File, Item
from inception_dsl.syntax.word import CLOSERS, OPENERS, Word
from inception_dsl.syntax.words import Lexicon

__all__ = ["parse", "words"]

_SLIPS = 10_000  # many times what is shown


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


def words(source: Source) -> list[Word]:
    """The words of a source without mistakes, in order; comments are none."""
    text = source.text.replace("\ufeff", " ", 1) if source.text[:1] == "\ufeff" else source.text
    return [word for word, _ in _lexicon().words(source, text)]


@cache
def _lexicon() -> Lexicon:
    return Lexicon(tables().terminals, tables().keywords, tables().ignored)


def _read_words(
    source: Source, text: str, docs: dict[int, str], diagnostics: Diagnostics, nesting: int
) -> tuple[list[Word], list[Diagnostic]]:
    """The words of a source, and what is wrong with those that are wrong in themselves.

    Where brackets nest too deep, or the text is no spec at all by the number of words that are
    wrong, there are none, so that nothing later sees them.
    """
    words: list[Word] = []
    slips: list[Diagnostic] = []
    depth = behind = end = 0
    for word, slip in _lexicon().words(source, text):
        start = word.span.start
        if slip:
            slips.append(slip)
            if len(slips) > _SLIPS:
                words.clear()
                break
        end = word.span.end
        if not word.type:
            continue
        word.doc = docs.get(start, "")
        word.leads = not words or "\n" in text[behind:start]
        behind = end
        words.append(word)
        if word.type in OPENERS:
            depth += 1
        elif word.type in CLOSERS and depth:
            depth -= 1
        if depth > nesting:
            diagnostics.add(too_deep(word.span, nesting))
            words.clear()
            break
    return [*words, Word("$END", "", Span(source, end, end))], slips


class _Machine:
    """Lark's parser between two words."""

    def __init__(self) -> None:
        self._states, self._values = [0], list[Any]()
        self._table, self._end = tables().states, tables().end
        self._rules = _rules()
        self.items: tuple[Item, ...] = ()

    @property
    def outside(self) -> bool:
        """Whether no item is unfinished."""
        return _bodies().get(self._states[-1]) == "NETWORK"

    def take(self, word: Word) -> bool:
        """Go on with `word`, or tell that it does not fit."""
        states, values, table, type_ = self._states, self._values, self._table, word.type
        while True:
            to = table[states[-1]].get(type_)
            if to is None:
                return False
            if to >= 0:
                states.append(to)
                values.append(word)
                return True
            origin, size, build = self._rules[~to]
            if build is None:
                states[-1] = _beyond_units(states[-2], states[-1], type_)
                continue
            first = len(values) - size
            values[first:] = (build(values[first:]),)
            states[first + 1 :] = (table[states[first]][origin],)
            if states[-1] == self._end:
                self.items = values[-1]
                return True

    def would_take(self, *types: str, anew: bool = False) -> bool:
        """Whether words of these types would fit, in this order.

        They follow what is taken, or the body that it is in where the statement begins `anew`.
        """
        states = list(self._states)
        while anew and states[-1] not in _bodies():
            states.pop()
        for type_ in types:
            while True:
                to = self._table[states[-1]].get(type_)
                if to is None:
                    return False
                if to >= 0:
                    states.append(to)
                    break
                origin, size, _ = self._rules[~to]
                del states[len(states) - size :]
                states.append(self._table[states[-1]][origin])
                if states[-1] == self._end:
                    return type_ is types[-1]
        return True

    def read(self, text: str, place: Span) -> list[Word]:
        """The words of a text that is read at a place of the source."""
        return _lexicon().read(text, place)

    def restart_statement(self) -> None:
        """Go back to where the unfinished statement or item begins."""
        while self._states[-1] not in _bodies():
            self._states.pop()
            self._values.pop()

    def accepts(self) -> frozenset[str]:
        """The types of the words that fit."""
        types = (type_ for type_ in self._table[self._states[-1]] if type_.isupper())
        return frozenset(type_ for type_ in types if type_ != "$END" and self.would_take(type_))

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
        while isinstance(begun, _Parts):  # of a list that is not complete
            begun = begun[0]
        return begun and cast(int, begun.span.start)

    def abandon_statement(self) -> None:
        """Forget the unfinished statement or item."""
        for behind in ("NETWORK", "RBRACE"):
            if self.would_take(behind):  # it is complete, as the next word would have shown
                self.take(Word(behind, "", Span(Source("", ""), 0, 0)))
                self._states.pop()
                self._values.pop()
                return
        self.restart_statement()

    def abandon_item(self) -> None:
        """Forget the unfinished item."""
        while not self.outside:
            self._states.pop()
            self._values.pop()


@cache
def _beyond_units(before: int, state: int, type_: str) -> int:
    """The state behind `before` once every rule is complete that only stands for its one symbol."""
    states, rules = tables().states, _rules()
    while (to := states[state].get(type_, 0)) < 0 and rules[~to][2] is None:
        state = states[before][rules[~to][0]]
    return state


class _Parts(list[Any]):
    """What stands in a rule in place of one of its symbols."""


@cache
def _rules() -> tuple[tuple[str, int, Callable[[list[Any]], Any] | None], ...]:
    """Of each rule its name, how many symbols it has, and what builds its value."""
    return tuple((rule.origin, rule.size, _building(rule)) for rule in tables().rules)


def _building(rule: Rule) -> Callable[[list[Any]], Any] | None:
    """What makes the value of a rule from those of its symbols; None if it is that of the one."""
    if rule.builder is None:
        return None
    build = _Parts if rule.builder == "_" else getattr(BUILDER, rule.builder)
    if list(rule.parts) == list(range(rule.size)):
        return cast(Callable[[list[Any]], Any], build)
    grows = rule.parts[0] == ~0  # a list item by item, which is never copied

    def built(symbols: list[Any]) -> Any:
        parts = symbols[0] if grows else _Parts()
        for n in rule.parts[grows:]:
            if n is None:
                parts.append(None)
            elif n >= 0:
                parts.append(symbols[n])
            else:
                parts += symbols[~n]
        return parts if build is _Parts else build(parts)

    return built


@cache
def _bodies() -> dict[int, str]:
    """The states between two statements or items, with the word that tells which of the two."""
    return {
        state: word
        for state, actions in enumerate(tables().states)
        for word in ("RBRACE", "NETWORK")
        if actions.get(word, -1) >= 0
    }
