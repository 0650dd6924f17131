"""The parser's tables: what Lark makes of grammar.lark, kept in tables.json.

Lark takes as long to analyse the grammar as everything else takes to check a network. So lalr.py
writes down what is the same each time; after a change of the grammar, until it has done so again,
every process makes the tables anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple
from zlib import crc32

__all__ = ["GRAMMAR", "KEPT", "Rule", "Tables", "tables"]

GRAMMAR: Final = Path(__file__).with_name("grammar.lark")
KEPT: Final = Path(__file__).with_name("tables.json")


class Rule(NamedTuple):
    """One right side of a rule.

    `builder` is what build.py calls it: none where its only part takes its place, `_` where its
    parts are those of the rule that it stands in. `parts` are the numbers of its symbols: `~n` for
    one that has several parts, None for one that was left out.
    """

    origin: str
    builder: str | None
    parts: tuple[int | None, ...]
    size: int


class Tables(NamedTuple):
    """The terminals, in the order in which they are tried, and the states of the LALR(1) parser.

    A state has for each symbol the state behind it, or `~n` where rule `n` is complete before it.
    """

    terminals: tuple[tuple[str, str], ...]
    keywords: Mapping[str, str]
    ignored: tuple[str, ...]
    rules: tuple[Rule, ...]
    states: tuple[Mapping[str, int], ...]
    end: int


@cache
def tables() -> Tables:
    """Those of the grammar as it is."""
    grammar = GRAMMAR.read_bytes()
    kept = json.loads(KEPT.read_bytes())
    if kept.pop("grammar") != crc32(grammar):
        from inception_dsl.syntax.lalr import analysed

        return analysed(grammar.decode())
    kept["rules"] = tuple(Rule(*rule) for rule in kept["rules"])
    return Tables(**kept)
