"""Marks of other languages, and marks too many or too few: `=>` for `->`, `:` for `=`."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from inception_dsl.diagnostics.record import Edit
from inception_dsl.source import Span
from inception_dsl.syntax.slips.mending import Found, Mending, put_behind, removed, replaced
from inception_dsl.syntax.slips.terminals import COMPARISONS, MARKS, VALUES
from inception_dsl.syntax.stop import Stop
from inception_dsl.syntax.word import CLOSERS

__all__ = [
    "HELP",
    "comment",
    "extra_comma",
    "extra_word",
    "list_item",
    "mark",
    "named_with_dots",
    "no_chain_of_comparisons",
    "nothing_follows",
    "only_choice",
]

HELP: Final = {
    "->": "join operations with `->`",
    "=": "a value follows `=`",
    ":": "a shape follows `:`",
    "==": "compare with `==`",
    ">=": "write `>=`",
    "!=": "compare with `!=`",
    "..": "a range is `0..10`; its end is not in it",
    ",": "separate values with `,`",
    "": "nothing stands here",
    "{": "what belongs to it stands between `{` and `}`",
    "in": "bounds follow `in`",
}


_MEANT: Final[dict[str, tuple[str, ...]]] = {
    ",": ("->", ""),
    "=": (":", "==", ""),
    ":": ("=", "{", ",", "..", ""),
    "==": ("=",),
    "===": ("==",),
    ":=": ("=",),
    "+=": ("=",),
    "<-": ("=", "->"),
    "=>": ("->", "=", ">="),
    "->": ("=", "", ":"),
    "-->": ("->",),
    "->>": ("->",),
    ">>": ("->",),
    ">": ("->",),
    "-": ("->", "..", ""),
    "+": ("", "->"),
    ".": ("->", ""),
    "*": ("",),
    "**": ("*",),
    "++": ("+",),
    "::": (":", "="),
    "...": ("..",),
    "..=": ("..",),
    "--": ("", "-"),
    "<>": ("!=",),
    "||": ("or",),
    "%": ("",),
    "/": ("",),
}
"""What a mark may be meant as."""


def comment(stop: Stop) -> Found:
    """A comment of another language, to the end of its line."""
    for at in (stop.at, *range(stop.line_start(stop.at), stop.at)):
        marker = stop.words[at]
        after = stop.words[at + 1 : at + 3]
        dashes = bool(after) and marker.type == after[0].type == "MINUS" and stop.adjoin(at + 1)
        prose = all(word.text[:1].isalpha() and not word.leads for word in after)
        if at < stop.at and not (prose or marker.leads):
            continue
        per_cent = marker.type == "PERCENT" and stop.words[at - 1].type in CLOSERS and prose
        if marker.type == "FLOOR_DIVIDE" or dashes or per_cent:
            written = marker.span.to(after[0].span) if dashes else marker.span
            message = f"found `{written.text}`, which starts no comment"
            help_ = "comments start with `#`"
            edits, last = (Edit(written, "#"),), stop.line_end(at)
            first = max(at, stop.begun)
            yield Mending(help_, edits, first, last, "", message=message, span=written)


def mark(stop: Stop) -> Found:
    """A mark of another language: `=>` for `->`, `:` for `=`."""
    first, last = stop.at, stop.at + 1
    if stop.word().type not in MARKS:
        return
    while first > stop.begun and stop.adjoin(first) and stop.words[first - 1].type in MARKS:
        first -= 1
    while stop.adjoin(last) and stop.words[last].type in MARKS:
        last += 1
    for begin, end in dict.fromkeys([(first, last), (stop.at, last), (stop.at, stop.at + 1)]):
        written = stop.span(begin, end).text
        for text in _MEANT.get(written, ()):
            if text == "->" and stop.words[end].leads:
                continue
            if text == "{" and not stop.words[end].leads:
                continue
            if text == "=" and stop.opener == "LPAR" and not stop.closes_later:
                continue
            span = stop.span(begin, end)
            if not text:
                mending = removed(stop, begin, end, f"remove the `{written}`")
            else:
                mending = replaced(stop, begin, end, text, HELP.get(text, f"write `{text}`"))
            if text == "=" and stop.opener == "LPAR":
                place = Span(span.source, stop.gap(begin).start, stop.words[end].span.start)
                mending = replace(mending, edits=(Edit(place, "="),))
            elif text in ("->", "=", "==") and stop.adjoin(begin):
                mending = replace(mending, edits=(Edit(span, f" {text}"),))
            yield replace(mending, span=span)
    if first == stop.at and stop.word(-1).text == stop.word().text:
        yield removed(stop, stop.at, stop.at + 1, f"remove the second `{stop.word().text}`")


def no_chain_of_comparisons(stop: Stop) -> Found:
    """`a < b < c`."""
    if stop.word().type in COMPARISONS and "AND" in stop.accepts:
        yield Mending("comparisons do not chain: join two with `and`")


def nothing_follows(stop: Stop) -> Found:
    """A `:`, `.` or `->` at a line's end, with nothing behind it."""
    for at in (stop.at - 1, stop.at - 2):
        mark = stop.words[max(at, 0)]
        if at < stop.begun or mark.type not in ("COLON", "DOT", "ARROW") or mark.leads:
            continue
        if stop.words[at + 1].leads:
            mending = removed(stop, at, at + 1, f"remove the `{mark.text}`")
            message = f"nothing follows `{mark.text}`"
            yield replace(mending, message=message, span=mark.span)


def list_item(stop: Stop) -> Found:
    """`- conv(64)`, as in YAML."""
    if stop.word().type in ("MINUS", "PLUS", "STAR") and stop.word().leads:
        yield removed(stop, stop.at, stop.at + 1, f"remove the `{stop.word().text}`")


def extra_comma(stop: Stop) -> Found:
    """A comma with nothing to separate."""
    if stop.word().type == "COMMA":
        yield removed(stop, stop.at, stop.at + 1, "remove the `,`")


def extra_word(stop: Stop) -> Found:
    """A word that is written twice."""
    word = stop.word()
    twice = word.text == stop.word(-1).text and not word.leads
    if twice and word.type in VALUES | MARKS | {"RPAR", "RSQB"}:
        yield removed(stop, stop.at, stop.at + 1, f"remove the second `{word.text}`")


def only_choice(stop: Stop) -> Found:
    """The one mark that could stand before the word."""
    marks = {
        "EQUAL": " =",
        "COLON": ":",
        "IN": " in",
        "LBRACE": " {",
        "RANGE": "..",
        "EQUALS": " ==",
    }
    leads = stop.word().leads
    for type_, text in marks.items():
        unlikely = text == ":" and (leads or stop.adjoin(stop.at))
        if type_ in stop.accepts and not unlikely and (leads or text != " {"):
            yield put_behind(stop, stop.at, text, f"add `{text.strip()}`")


def named_with_dots(stop: Stop) -> Found:
    """`nn.conv(64)`, `self.x = ...`: names that no dot joins."""
    first = stop.at - 1
    if stop.types(-1, 1) == ["NAME", "DOT", "NAME"] and first >= stop.begun:
        help_ = "operations and tensors stand under their own names"
        edit = Edit(stop.span(first, stop.at + 1), "")
        yield Mending(help_, (edit,), first, stop.at + 1, "")
