"""How far apart two words stand on one line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from inception_dsl.format.marks import Marks
from inception_dsl.syntax import tree
from inception_dsl.syntax.word import Word

__all__ = ["BETWEEN", "gaps"]

BETWEEN: Final = 3  # blanks between two statements of a line, before a note and before a comment
CLOSER: Final = 2  # ... between two settings, and before a source

_CLOSE_BEHIND: Final = frozenset({"LPAR", "LSQB", "DOT", "RANGE"})
_CLOSE_BEFORE: Final = frozenset({"RPAR", "RSQB", "DOT", "RANGE", "COMMA"})
_VALUES: Final = frozenset(
    ["NAME", "INPUT", "INT", "FLOAT", "SIZE", "STRING", "TRUE", "FALSE", "NONE", "RPAR", "RSQB"]
)
_CALLED: Final = frozenset({"NAME", "RESIDUAL"})


def gaps(words: Sequence[Word], marks: Marks) -> list[int]:
    """The blanks before each word where it stands on one line with the word before it."""
    found = [0] * len(words)
    tight = close = False  # a keyword and its `=`; a sign and its operand
    for k, (before, word) in enumerate(pairwise(words), start=1):
        sign = close
        close = word.type == "MINUS" and before.type not in _VALUES
        is_keyword = word.type == "EQUAL" and before.span.start in marks.keywords
        if tight or sign:
            found[k] = 0
        elif word.span.start in marks.lines and before.type not in ("LBRACE", "ELSE"):
            closer = isinstance(marks.lines[word.span.start], tree.Setting)
            found[k] = CLOSER if closer else BETWEEN
        elif is_keyword:
            found[k] = int(words[k + 1].type == "IF")
        elif word.type == "COLON":
            found[k] = BETWEEN if words[k + 1].span.start in marks.notes else 0
        elif word.span.start in marks.sources:
            found[k] = CLOSER
        else:
            found[k] = _gap(before, word)
        tight = is_keyword and not found[k]
    return found


def _gap(before: Word, word: Word) -> int:
    if before.type in _CLOSE_BEHIND or word.type in _CLOSE_BEFORE:
        return 0
    if word.type == "LPAR":
        return int(before.type not in _CALLED)
    if word.type == "LSQB":
        return int(before.type not in _VALUES)
    return int(not (before.type == "LBRACE" and word.type == "RBRACE"))
