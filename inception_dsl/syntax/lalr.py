"""The grammar to the parser's tables: the one module that knows Lark.

`python -m inception_dsl.syntax.lalr` writes tables.json, after a change of grammar.lark.
"""

from __future__ import annotations

import json
from typing import Any
from zlib import crc32

from lark import Lark, grammar
from lark.lexer import PatternStr
from lark.parsers.lalr_analysis import Shift

from inception_dsl.syntax.tables import GRAMMAR, KEPT, Rule, Tables

__all__ = ["analysed", "written"]


def written() -> str:
    """The text of tables.json for the grammar as it is."""
    text = GRAMMAR.read_bytes()
    content = {"grammar": crc32(text)} | analysed(text.decode())._asdict()
    lines = ",\n".join(f"{json.dumps(key)}: {_lines(value)}" for key, value in content.items())
    return f"{{\n{lines}\n}}\n"


def analysed(text: str) -> Tables:
    """The tables of a grammar, with states and rules in an order of their own."""
    language = Lark(text, parser="lalr", lexer="basic", keep_all_tokens=True)
    return Tables(*_lexicon(language), *_automaton(language))


def _lexicon(
    language: Lark,
) -> tuple[tuple[tuple[str, str], ...], dict[str, str], tuple[str, ...]]:
    """The terminals: those of higher priority first, then those that are written longer."""
    terminals, keywords, ignored = list[tuple[str, str]](), dict[str, str](), list[str]()
    for terminal in sorted(
        language.terminals, key=lambda t: (-t.priority, -len(t.pattern.value), t.name)
    ):
        if isinstance(terminal.pattern, PatternStr) and terminal.pattern.value.isalpha():
            keywords[terminal.pattern.value] = terminal.name
        elif terminal.name in language.ignore_tokens:
            ignored.append(terminal.pattern.to_regexp())
        else:
            terminals.append((terminal.name, terminal.pattern.to_regexp()))
    return tuple(terminals), keywords, tuple(ignored)


def _automaton(language: Lark) -> tuple[tuple[Rule, ...], tuple[dict[str, int], ...], int]:
    """The rules, the states from the first on as the sorted symbols reach them, and the last."""
    parser = language.parse_interactive("").parser_state.parse_conf
    rules: dict[grammar.Rule, int] = {}
    numbers, order = {parser.start_state: 0}, [parser.start_state]
    states: list[dict[str, int]] = []
    for state in order:  # which grows
        actions: dict[str, int] = {}
        for symbol, (action, to) in sorted(parser.states[state].items()):
            if action is Shift:
                if to not in numbers:
                    numbers[to] = len(order)
                    order.append(to)
                actions[symbol] = numbers[to]
            else:
                actions[symbol] = ~rules.setdefault(to, len(rules))
        states.append(actions)
    return tuple(map(_rule, rules)), tuple(states), numbers[parser.end_state]


def _rule(rule: grammar.Rule) -> Rule:
    symbols, options = rule.expansion, rule.options
    numbers = iter(~n if s.name.startswith("_") else n for n, s in enumerate(symbols))
    left_out = options.empty_indices or (False,) * len(symbols)
    parts = tuple(None if absent else next(numbers) for absent in left_out)
    builder: Any = rule.alias or options.template_source or rule.origin.name
    if builder.startswith("_"):
        builder = "_"
    elif options.expand1 and not rule.alias:
        assert parts == (0,), "a rule with `?` has one part, or another name"
        builder = None
    return Rule(rule.origin.name, builder, parts, len(symbols))


def _lines(value: Any) -> str:
    """A list as JSON, one item a line."""
    if not isinstance(value, tuple):
        return json.dumps(value)
    return "[\n" + ",\n".join(json.dumps(item) for item in value) + "\n]"


if __name__ == "__main__":
    KEPT.write_text(written(), encoding="utf-8")
