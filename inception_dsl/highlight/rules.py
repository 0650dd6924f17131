"""What each piece of a spec is to a reader, told from its characters and what stands around it.

The words come from the parser's tables, the operations and the types from where they are defined,
so that no list here can fall behind the language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from inception_dsl.elaborate.arithmetic import FUNCTIONS
from inception_dsl.elaborate.values import TYPES, WORDS
from inception_dsl.ops import operation_names
from inception_dsl.syntax.tables import tables

__all__ = ["KINDS", "Kind", "Rule", "rules"]

Kind = Literal[
    "doc",
    "comment",
    "string",
    "float",
    "size",
    "integer",
    "any",
    "declaration",
    "definition",
    "type",
    "constant",
    "word_operator",
    "keyword",
    "argument",
    "function",
    "operation",
    "call",
    "choice",
    "name",
    "operator",
    "punctuation",
]


class Rule(NamedTuple):
    """A kind of word, and the regular expression of those that are of it."""

    kind: Kind
    pattern: str


_ROLES: Final = ("layer", "block", "module", "reduction", "stem", "head")
_DECLARATIONS: Final = (*_ROLES, "network", "stage", "param", "let", "from", "import", "as", "on")
_CONSTANTS: Final = ("true", "false", "none")
_WORD_OPERATORS: Final = ("and", "or", "not", "in")

KINDS: Final[dict[str, Kind]] = {
    "STRING": "string",
    "FLOAT": "float",
    "SIZE": "size",
    "OPEN_SIZE": "size",
    "INT": "integer",
    "ANY": "any",
    "NAME": "name",
    **dict.fromkeys(
        ("LBRACE", "RBRACE", "LPAR", "RPAR", "LSQB", "RSQB", "COMMA", "COLON", "DOT"),
        "punctuation",
    ),
}
"""What the terminals of the grammar are; those that are not here are operators."""


def rules() -> tuple[Rule, ...]:
    """The rules, of which the first that matches at a place is right."""
    terminals = tables().terminals
    patterns = dict(terminals)
    return (
        Rule("doc", r"##(?!#)[^\n]*"),
        Rule("comment", r"#[^\n]*"),
        *(
            Rule(KINDS[name], pattern)
            for name, pattern in terminals
            if name in KINDS and KINDS[name] not in ("name", "punctuation")
        ),
        *_names(patterns["NAME"]),
        *(
            Rule(KINDS.get(name, "operator"), pattern)
            for name, pattern in terminals
            if KINDS.get(name, "punctuation") == "punctuation"
        ),
    )


def _names(name: str) -> Iterable[Rule]:
    """The rules of all that looks like a name, the most special first."""
    keywords = tables().keywords
    special = (*_DECLARATIONS, *_CONSTANTS, *_WORD_OPERATORS)
    behind_role = "|".join(rf"(?<=\b{role} )" for role in (*_ROLES, "network", "stage"))
    operations = (each for each in operation_names() if each not in keywords)
    end = r"(?![A-Za-z0-9_])"
    called, given = rf"{end}(?=[ \t]*\()", rf"{end}(?==(?!=))"
    yield Rule("declaration", _one_of(_DECLARATIONS))
    yield Rule("constant", _one_of(_CONSTANTS))
    yield Rule("word_operator", _one_of(_WORD_OPERATORS))
    yield Rule("keyword", _one_of(word for word in keywords if word not in special))
    yield Rule("definition", f"(?:{behind_role}){name}{end}")
    yield Rule("type", f"(?:(?<=:)|(?<=: )){_one_of(TYPES)}")
    yield Rule("argument", f"{name}{given}")
    yield Rule("function", f"{_one_of(FUNCTIONS)}(?=[ \\t]*\\()")
    yield Rule("operation", _one_of(operations))
    yield Rule("call", f"{name}{called}")
    yield Rule("choice", _one_of(WORDS))
    yield Rule("name", name)


def _one_of(words: Iterable[str]) -> str:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return rf"\b(?:{'|'.join(map(re.escape, longest_first))})(?![A-Za-z0-9_])"
