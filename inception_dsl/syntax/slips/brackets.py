"""Brackets that are missing, superfluous, or of the wrong kind."""

from __future__ import annotations

from dataclasses import replace

from inception_dsl.diagnostics.record import Edit
from inception_dsl.syntax.slips.marks import HELP
from inception_dsl.syntax.slips.mending import (
    Found,
    Mending,
    put_before,
    put_behind,
    removed,
    replaced,
)
from inception_dsl.syntax.slips.terminals import VALUES
from inception_dsl.syntax.stop import Stop
from inception_dsl.syntax.word import CLOSERS, OPENERS, Word

__all__ = [
    "braces_around",
    "call_without_brackets",
    "closed_before",
    "doubled",
    "nothing_to_close",
    "unclosed_in_line",
]


def nothing_to_close(stop: Stop) -> Found:
    """A bracket that closes nothing."""
    word = stop.word()
    if word.type not in CLOSERS or (stop.openers and stop.opener != "LBRACE"):
        return
    if stop.openers and word.type == "RBRACE":
        return
    message, help_ = f"`{word.text}` closes nothing", "remove it"
    if word.leads and stop.openers:
        edits = (Edit(word.span, "}"),)
        yield Mending("write `}`", edits, stop.at, stop.at + 1, "}")
    mending = removed(stop, stop.at, stop.at + 1, help_)
    yield replace(mending, message=message, code="E0107", span=word.span)


def doubled(stop: Stop) -> Found:
    """`conv((64, stride=2)`: one `(` too many on a line."""
    for at in range(max(stop.begun, stop.at - 4) + 1, stop.at):
        pair = {stop.words[at - 1].type, stop.words[at].type}
        if pair in ({"LPAR"}, {"LSQB"}) and not stop.closed_at(at - 1):
            yield removed(stop, at, at + 1, f"remove the second `{stop.words[at].text}`")


def call_without_brackets(stop: Stop) -> Found:
    """`conv 64, 3x3`, `conv[64, 3x3]`, and `relu` for `relu()`."""
    before, word = stop.word(-1), stop.word()
    if before.type != "NAME" or "LPAR" not in stop.accepts or stop.at - 1 < stop.begun:
        return
    if stop.opener != "LBRACE":
        return
    help_ = f"operations are applied with brackets: `{before.text}(...)`"
    if word.type in ("LSQB", "LBRACE", "LESSTHAN"):
        close = stop.closed_at(stop.at)
        if word.type == "LESSTHAN":
            line = range(stop.at, stop.line_end(stop.at))
            close = next((at for at in line if stop.words[at].type == "MORETHAN"), None)
        if close is not None:
            text = f"({stop.span(stop.at + 1, close).text})" if close > stop.at + 1 else "()"
            mending = replaced(stop, stop.at, close + 1, text, help_)
            gap = stop.gap(stop.at)
            yield Mending(
                help_, (Edit(gap.to(mending.edits[0].span), text),), stop.at, close + 1, text
            )
        elif word.type == "LSQB":
            yield replaced(stop, stop.at, stop.at + 1, "(", help_)
    elif word.type in VALUES and not word.leads:
        last, depth = stop.at, 0
        while last < stop.line_end(stop.at):
            type_ = stop.words[last].type
            depth += (type_ in OPENERS) - (type_ in CLOSERS)
            if depth < 0 or (depth == 0 and type_ in ("ARROW", "COLON")):
                break
            last += 1
        gap = stop.gap(stop.at)
        if stop.words[last].type == "RPAR" and depth < 0:
            yield Mending(help_, (Edit(gap, "("),), stop.at, stop.at, "(")
        elif stop.words[last - 1].type not in CLOSERS:
            span = stop.span(stop.at, last)
            text = f"({span.text})"
            yield Mending(help_, (Edit(gap.to(span), text),), stop.at, last, text)
    if stop.word(-2).type == "ARROW" or word.type == "ARROW" or stop.word(-2).type == "BRANCH":
        help_ = f"operations are applied with brackets: `{before.text}()`"
        yield put_behind(stop, stop.at, "()", help_)


def unclosed_in_line(stop: Stop) -> Found:
    """A `(` or `[` that its statement does not close."""
    word = stop.word()
    if stop.opener not in ("LPAR", "LSQB"):
        return
    opener = stop.openers[-1]
    close = {"LPAR": ")", "LSQB": "]"}
    if word.type in CLOSERS and stop.at > 0:
        wanted = close[stop.opener]
        if word.type != "RBRACE" or _closes_above(stop):
            yield replaced(
                stop, stop.at, stop.at + 1, wanted, f"close `{opener.text}` with `{wanted}`"
            )
    deeper = word.leads and word.indentation > opener.indentation
    if deeper and "COMMA" in stop.accepts:
        yield put_behind(stop, stop.at, ",", HELP[","])
    text, at = "", _left(stop, opener)
    ends = word.leads or word.type in (
        "ARROW",
        "LBRACE",
        "RBRACE",
        "COLON",
        "EQUAL",
        "$END",
    )
    if at == stop.at and (
        not ends or (word.type in ("ARROW", "COLON", "EQUAL") and stop.closes_later)
    ):
        return
    for opener in reversed(stop.openers):
        if opener.type == "LBRACE":
            break
        text += close[opener.type]
        yield replace(
            put_behind(stop, at, text, f"add `{text}`"),
            message=f"`{opener.text}` is not closed",
            span=stop.words[at - 1].span,
            code="E0102",
            opener=opener,
        )


def _left(stop: Stop, opener: Word) -> int:
    """The place of the first line behind the opener that is indented no deeper, or the stop."""
    at = stop.at
    while at > stop.begun and stop.words[at].span.start > opener.span.start:
        at -= 1
    for place in range(at + 1, stop.at):
        word = stop.words[place]
        if word.leads and word.indentation <= opener.indentation:
            return place
    return stop.at


def _closes_above(stop: Stop) -> bool:
    """Whether no `{` of its own line is open for a `}`."""
    start, end = stop.line_start(stop.at), stop.line_end(stop.at)
    line = [word.type for word in stop.words[start:end]]
    return not stop.word().leads and line.count("RBRACE") > line.count("LBRACE")


def closed_before(stop: Stop) -> Found:
    """`if a { b else { c }`: a `}` is missing before what comes behind braces."""
    word = stop.word()
    if stop.opener != "LBRACE" or word.type not in ("ELSE", "SHORTCUT", "COLON"):
        return
    if not word.leads or word.indentation <= stop.openers[-1].indentation:
        mending = put_behind(stop, stop.at, " }", "add `}`")
        opener, span = stop.openers[-1], stop.word(-1).span
        message = "`{` is not closed"
        yield replace(mending, message=message, span=span, code="E0102", opener=opener)


def braces_around(stop: Stop) -> Found:
    """`{ conv(1) }` or `(conv(1))` for one branch or one chain."""
    word = stop.word()
    if word.type in ("LBRACE", "LPAR") and (close := stop.closed_at(stop.at)) is not None:
        if "BRANCH" in stop.accepts and word.type == "LBRACE":
            yield put_before(stop, stop.at, "branch", "start each branch with `branch`")
        inner = stop.span(stop.at + 1, close).text if close > stop.at + 1 else ""
        help_ = f"remove the `{word.text}` and its `{stop.words[close].text}`"
        yield replaced(stop, stop.at, close + 1, inner, help_)
