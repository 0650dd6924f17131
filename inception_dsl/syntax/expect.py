"""Syntax errors in the language's words: what was found, and what could stand there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from inception_dsl.diagnostics.record import Diagnostic, Note
from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.syntax.lexical import shortened
from inception_dsl.syntax.word import CLOSERS, Word

__all__ = ["Stop", "unclosed", "unexpected"]


@dataclass(frozen=True)
class Stop:
    """Where the parser stopped: at a word that none of the `accepts` is.

    `openers` are the brackets open there, outermost first.
    """

    words: Sequence[Word]
    at: int
    accepts: frozenset[str]
    openers: Sequence[Word]

    def word(self, offset: int = 0) -> Word:
        """The word `offset` words behind the one that does not fit, or the nearest there is."""
        return self.words[min(max(self.at + offset, 0), len(self.words) - 1)]

    def types(self, first: int, last: int) -> list[str]:
        """The types of the words at offsets `first` to `last`, both included."""
        return [self.word(offset).type for offset in range(first, last + 1)]


# A group is named when all of it could stand there.
_STEP: Final = {"NAME", "CONCAT", "ADD", "MUL", "RESIDUAL"}
_CHAIN: Final = _STEP | {"FROM", "INPUT"}
_STATEMENT: Final = _CHAIN | {"LET", "IF", "REPEAT", "STEM", "HEAD", "STAGE", "AUX", "EXPECT"}
_SETTINGS: Final = {"PREPROCESS", "RECIPE"}
_ITEM: Final = {"LET", "PARAM", "LAYER", "BLOCK", "MODULE", "REDUCTION", "STEM", "HEAD", "NETWORK"}
_NUMBER: Final = {"INT", "FLOAT"}
_VALUE: Final = _NUMBER | {"NAME", "INPUT", "STRING", "SIZE", "TRUE", "FALSE", "NONE", "LSQB"}
_VALUE_MORE: Final = {"LPAR", "MINUS", "NOT", "IF", "ANY"}
_COMPARISON: Final = {"EQUALS", "NOT_EQUALS", "LESSTHAN", "MORETHAN", "AT_MOST", "AT_LEAST"}
_OPERATOR: Final = _COMPARISON | {
    "PLUS", "MINUS", "STAR", "SLASH", "FLOOR_DIVIDE", "PERCENT", "AND", "OR", "DOT", "LSQB", "LPAR",
}  # fmt: skip
_BETWEEN: Final = _OPERATOR - {"MINUS", "LSQB", "LPAR", "DOT"}  # which start nothing
_CLOSING: Final = CLOSERS | {"$END"}
_SHAPE: Final = {"SIZE", "OPEN_SIZE", "ANY", "INT", "LSQB"}
_GROUPS: Final = (
    ("a definition", _ITEM, {"FROM"}),
    ("a statement", _STATEMENT, _SETTINGS),
    ("a value", _VALUE, _VALUE_MORE),
    ("an operation or a tensor", _CHAIN, set[str]()),
    ("an operation", _STEP, set[str]()),
    ("a shape such as `64x56x56`", _SHAPE, set[str]()),
)
_WORDS: Final = {
    "NAME": "a name",
    "STRING": "a string",
    "INT": "a number",
    "FLOAT": "a number",
    "SIZE": "a size",
    "OPEN_SIZE": "a shape",
    "ANY": "`_`",
    "$END": "the end of the file",
    "LPAR": "`(`", "RPAR": "`)`", "LSQB": "`[`", "RSQB": "`]`", "LBRACE": "`{`", "RBRACE": "`}`",
    "COMMA": "`,`", "ARROW": "`->`", "EQUAL": "`=`", "COLON": "`:`", "RANGE": "`..`", "DOT": "`.`",
    "PLUS": "`+`", "MINUS": "`-`", "STAR": "`*`", "SLASH": "`/`", "FLOOR_DIVIDE": "`//`",
    "PERCENT": "`%`", "EQUALS": "`==`", "NOT_EQUALS": "`!=`", "LESSTHAN": "`<`", "AT_MOST": "`<=`",
    "MORETHAN": "`>`", "AT_LEAST": "`>=`",
}  # fmt: skip
_LEADING: Final = _ITEM | _STATEMENT | _SETTINGS | {"ELSE", "BRANCH", "SHORTCUT", "IMPORT"}
_BRACKETS: Final = {"LBRACE": "`}`", "LPAR": "`)`", "LSQB": "`]`"}


def unexpected(stop: Stop) -> Diagnostic:
    """The error for a word that does not fit."""
    for slip in _SLIPS:
        if diagnostic := slip(stop):
            return diagnostic
    help_ = next((text for advise in _ADVICE if (text := advise(stop))), None)
    notes = _elsewhere(stop)
    return Diagnostic("E0101", _found_expected(stop), stop.word().span, notes=notes, help=help_)


def unclosed(stop: Stop, opener: Word) -> Diagnostic:
    """The error for a bracket that is still open where it cannot be any more."""
    closer = _BRACKETS[opener.type]
    note = Note(f"this `{opener.text}` is never closed", opener.span)
    message = f"found {_found(stop.word())}, expected {closer}"
    return Diagnostic("E0102", message, stop.word().span, notes=(note,), help=f"add {closer}")


def _found_expected(stop: Stop) -> str:
    expected = _expected(stop.accepts)
    *others, last = expected
    choice = f"{', '.join(others)} or {last}" if others else last
    return f"found {_found(stop.word())}, expected {choice}"


def _found(word: Word) -> str:
    if word.type in ("$END", "STRING"):
        return _WORDS[word.type]
    return f"`{shortened(word.text)}`"


def _expected(accepts: frozenset[str]) -> list[str]:
    """The words for what is accepted; operators and notes only where nothing else is."""
    left = set(accepts)
    if left & _BETWEEN:
        operators = _OPERATOR if "LESSTHAN" in left else _OPERATOR - {"EQUALS"}
        left = left - operators or left
    groups = []
    for name, group, more in _GROUPS:
        if group <= left:
            groups.append(name)
            left -= group | more
    if left & _CLOSING or groups:
        left.discard("COLON")
    keywords = sorted(f"`{terminal.lower()}`" for terminal in left - _WORDS.keys())
    words = [_WORDS[terminal] for terminal in _WORDS if terminal in left - _CLOSING]
    closing = [_WORDS[terminal] for terminal in _WORDS if terminal in left & _CLOSING]
    return list(dict.fromkeys(keywords + words + groups + closing)) or ["nothing more"]


def _elsewhere(stop: Stop) -> tuple[Note, ...]:
    """A note on the bracket of an earlier line that the error may be due to."""
    word, before = stop.word(), stop.word(-1)
    if stop.accepts & {"RPAR", "RSQB"} and (word.leads or word.type in CLOSERS | {"LBRACE"}):
        opener = stop.openers[-1]
        return (Note(f"this `{opener.text}` is still open", opener.span),)
    if stop.accepts >= _ITEM and before.type == "RBRACE":
        return (Note("the definition before ends here", before.span),)
    return ()


# Slips: errors with a code or a place of their own.


def _nothing_to_close(stop: Stop) -> Diagnostic | None:
    """A bracket that closes nothing."""
    word = stop.word()
    if word.type not in CLOSERS or (stop.openers and stop.openers[-1].type != "LBRACE"):
        return None
    if stop.openers and word.type == "RBRACE":
        return None
    message = f"`{word.text}` closes nothing"
    return Diagnostic("E0107", message, word.span, help="remove it, or add what it closes")


def _keyword_as_name(stop: Stop) -> Diagnostic | None:
    """A keyword where only a name fits, or before `=`: `let head = 3`, `concat = conv(1)`."""
    word, before, after = stop.word(), stop.word(-1), stop.word(1)
    only_a_name = stop.accepts == {"NAME"} and not word.leads
    if _is_keyword(word) and "NAME" in stop.accepts and (only_a_name or after.type == "EQUAL"):
        keyword = word
    elif word.type == "EQUAL" and _is_keyword(before):
        keyword = before
    else:
        return None
    message = f"`{keyword.text}` is a keyword and cannot name anything"
    return Diagnostic("E0106", message, keyword.span, help="choose another name")


def _is_keyword(word: Word) -> bool:
    return word.text.isalpha() and word.type == word.text.upper() and word.type != "NAME"


_SLIPS: Final[tuple[Callable[[Stop], Diagnostic | None], ...]] = (
    _nothing_to_close,
    _keyword_as_name,
)


# Advice: what was probably meant.


def _arrow(stop: Stop) -> str | None:
    if stop.word().type == "COMMA" and "ARROW" in stop.accepts:
        return "join operations with `->`"
    return None


def _colon(stop: Stop) -> str | None:
    if stop.word().type == "EQUAL" and "COLON" in stop.accepts:
        return "a shape follows `:`"
    return None


def _equal(stop: Stop) -> str | None:
    if stop.word().type == "COLON" and "EQUAL" in stop.accepts:
        return "a value follows `=`"
    return None


def _equals(stop: Stop) -> str | None:
    if stop.word().type == "EQUAL" and "EQUALS" in stop.accepts:
        return "compare with `==`"
    return None


def _no_chain_of_comparisons(stop: Stop) -> str | None:
    if stop.word().type in _COMPARISON and "AND" in stop.accepts:
        return "comparisons do not chain: join two with `and`"
    return None


def _brace_after_equal(stop: Stop) -> str | None:
    if stop.types(-3, 0) == ["BRANCH", "NAME", "EQUAL", "LBRACE"]:
        return "braces follow the branch's name directly: `branch name { ... }`"
    return None


def _call(stop: Stop) -> str | None:
    if stop.types(-2, -1) == ["ARROW", "NAME"] and "LPAR" in stop.accepts:
        return f"operations are applied with brackets: `{stop.word(-1).text}()`"
    return None


def _combination_call(stop: Stop) -> str | None:
    before = stop.word(-1)
    if before.type in ("CONCAT", "ADD", "MUL") and stop.word().type == "LPAR":
        return f"write `{before.text} {{ branch ... branch ... }}`"
    return None


def _size_in_one_word(stop: Stop) -> str | None:
    word = stop.word()
    if stop.word(-1).type == "INT" and word.type == "NAME" and word.text.startswith(("x", "X")):
        return "write sizes in one word, such as `3x3`"
    return None


def _branch_first(stop: Stop) -> str | None:
    if "BRANCH" in stop.accepts and stop.word().type in _STATEMENT:
        return _misspelt(stop) or "start each branch with `branch`"
    return None


def _misspelt(stop: Stop) -> str | None:
    """A keyword that is nearly what stands there, or what starts the line before it."""
    before = _LEADING if stop.word(-1).leads else frozenset[str]()
    for word, known in ((stop.word(), stop.accepts), (stop.word(-1), before)):
        keywords = [type_.lower() for type_ in known - _WORDS.keys()]
        if word.type == "NAME" and (help_ := suggestion(word.text, keywords, "keyword")):
            return help_
    return None


def _nested_definition(stop: Stop) -> str | None:
    if stop.word().type in _ITEM - _STATEMENT and stop.word(1).type == "NAME" and stop.openers:
        return "definitions stand side by side, not inside one another"
    return None


_ADVICE: Final[tuple[Callable[[Stop], str | None], ...]] = (
    _arrow,
    _equals,
    _colon,
    _equal,
    _no_chain_of_comparisons,
    _brace_after_equal,
    _call,
    _combination_call,
    _size_in_one_word,
    _branch_first,
    _nested_definition,
    _misspelt,
)
