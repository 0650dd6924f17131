"""Syntax errors in the language's words: what was found, and what could stand there."""

from __future__ import annotations

from typing import Final

from inception_dsl.diagnostics.record import Diagnostic, Edit, Label, Note
from inception_dsl.source import Span
from inception_dsl.syntax.lexical import shortened
from inception_dsl.syntax.slips import Mending
from inception_dsl.syntax.stop import Stop
from inception_dsl.syntax.word import CLOSERS, Word

__all__ = ["one_too_many", "unclosed", "unexpected"]


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
_BRACKETS: Final = {"LBRACE": "`}`", "LPAR": "`)`", "LSQB": "`]`"}


def unexpected(stop: Stop, mending: Mending | None) -> Diagnostic:
    """The error for a word that does not fit, with what may mend it."""
    span, found = stop.word().span, _found(stop.word())
    unfinished = stop.begun < stop.at and not stop.accepts & {"NETWORK", "RBRACE", "RPAR", "RSQB"}
    if unfinished and (stop.word().leads or stop.word().type == "$END"):
        span = stop.word(-1).span
        found = "the end of the line" if stop.word().leads else found
    if mending and (mending.span or mending.first < stop.at < mending.last):
        span = mending.span or stop.span(mending.first, mending.last)
        found = f"`{shortened(span.text)}`"
    message = f"found {found}, expected {_choice(stop.accepts)}"
    if mending is None:
        return Diagnostic("E0101", message, span, notes=_elsewhere(stop))
    return Diagnostic(
        mending.code,
        mending.message or message,
        span,
        labels=(Label(mending.opener.span, "opened here"),) if mending.opener else (),
        notes=() if mending.message else _elsewhere(stop),
        help=mending.help,
        fix=mending.edits,
    )


def unclosed(stop: Stop, opener: Word, at: int) -> Diagnostic:
    """The error for a bracket that is not closed before the word at `at`, as it has to be."""
    closer, last = _BRACKETS[opener.type], stop.words[at - 1]
    return Diagnostic(
        "E0102",
        f"`{opener.text}` is not closed",
        last.span,
        f"{closer} is missing behind this",
        (Label(opener.span, "opened here"),),
        help=f"add {closer}",
        fix=_closing(opener, last, stop.words[at]),
    )


def _closing(opener: Word, last: Word, word: Word) -> tuple[Edit, ...]:
    """A `}` on a line of its own behind that of the `last` word of a body, if it has several."""
    source = opener.span.source
    line = source.line(last.span.first.line)
    own_line = last.span.first.line > opener.span.first.line
    if opener.type != "LBRACE" or not (word.leads or word.type == "$END"):
        return ()
    if last.text == "end" and last.leads:
        return (Edit(last.span, "}"),)
    end = last.span.start - last.span.first.column + 1 + len(line)
    text = f"\n{source.line(opener.span.first.line)[: opener.indentation]}}}" if own_line else " }"
    place = Span(source, end, end) if own_line else Span(source, last.span.end, last.span.end)
    return (Edit(place, text),)


def one_too_many(closer: Word, opener: Word) -> Diagnostic:
    """The error for a `}` that ends a body too early, by its indentation."""
    return Diagnostic(
        "E0107",
        f"a `{closer.text}` too many",
        closer.span,
        f"this closes the `{opener.text}` of line {opener.span.first.line}",
        (Label(opener.span, "opened here"),),
        help="remove it",
        fix=(Edit(closer.span, ""),),
    )


def _choice(accepts: frozenset[str]) -> str:
    *others, last = _expected(accepts)
    return f"{', '.join(others)} or {last}" if others else last


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
