"""Keywords of other languages, misspelt ones, and keywords as names."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from inception_dsl.diagnostics.record import Edit
from inception_dsl.diagnostics.suggest import nearest
from inception_dsl.syntax.lexical import shortened
from inception_dsl.syntax.slips.marks import HELP
from inception_dsl.syntax.slips.mending import Found, Mending, put_before, removed, replaced
from inception_dsl.syntax.slips.terminals import BRACED, KEYWORDS, LEADING, MARKS, ROLES
from inception_dsl.syntax.stop import Stop
from inception_dsl.syntax.word import CLOSERS, OPENERS, Word

__all__ = [
    "capitals",
    "conditional",
    "filler",
    "foreign_word",
    "keyword_as_name",
    "misspelt",
    "rounds",
]

_INSTEAD: Final = {
    "var": "let", "const": "let", "val": "let", "auto": "let", "set": "let",
    "elif": "else if", "elsif": "else if", "elseif": "else if",
    "for": "repeat", "loop": "repeat", "assert": "expect",
}  # fmt: skip


_DEFINES: Final = frozenset(
    ["def", "class", "fn", "func", "fun", "function", "define", "struct", "type", "macro", "proc"]
)


_ADVICE: Final = {
    "while": "rounds are counted: `repeat 4 { ... }`",
    "unless": "write `if not c { ... }`",
    "match": "write `if a == b { ... } else { ... }`",
    "switch": "write `if a == b { ... } else { ... }`",
    "return": "the last statement of a body is its result",
    "with": "statements stand in the body itself",
    "import": 'import definitions with `from "file" import name`',
    "print": "`incept show` prints what a spec builds",
}


_FILLERS: Final = frozenset(
    ["times", "then", "do", "begin", "of", "mut", "is", "are", "to", "the", "extra"]
)


def foreign_word(stop: Stop) -> Found:
    """A keyword of another language, at the start of a line or statement."""
    for at in dict.fromkeys(
        [stop.line_start(stop.at), stop.begun - 1, stop.begun, stop.at - 1, stop.at]
    ):
        word = stop.words[max(at, 0)]
        message = f"found `{word.text}`, which starts nothing in this language"
        if at != stop.begun and not word.leads and word.text not in ("elif", "elsif", "elseif"):
            continue
        if word.text in _INSTEAD and word.type == "NAME":
            text = _INSTEAD[word.text]
            help_ = f"write `{text}`"
            edits: tuple[Edit, ...] = (Edit(word.span, text),)
            read = "if" if text == "else if" else text
            if word.text == "for" and (loop := _loop(stop, at)):
                yield loop
            first, last = max(at, stop.begun), max(at + 1, stop.begun)
            if text == "let" and stop.words[at + 1].text == "mut":
                last += 1
            yield Mending(help_, edits, first, last, read, message=message, span=word.span)
        elif word.text in _DEFINES and stop.openers == []:
            help_ = "definitions start with their role: `layer`, `block`, `module`, `head` ..."
            last = at + 2 if stop.words[at + 1].type in ROLES else at + 1
            text = "block" if last == at + 1 else stop.words[at + 1].text
            edits = ()
            if last == at + 2:
                help_, edits = f"write `{text}`", (Edit(stop.span(at, last), text),)
            yield Mending(help_, edits, at, last, text, message=message, span=word.span)
        elif word.text in _ADVICE and word.type in ("NAME", "IMPORT"):
            yield Mending(_ADVICE[word.text], message=message, span=word.span)


def _loop(stop: Stop, at: int) -> Mending | None:
    """`for i in range(4)`."""
    end = stop.line_end(at)
    types = [word.type for word in stop.words[at + 1 : at + 5]]
    message = "found `for`, which starts nothing in this language"
    if types[:1] == ["LPAR"] and (closer := stop.closed_at(at + 1)) is not None:
        help_, span = "write `repeat i in 0..4 { ... }`", stop.words[at].span
        return Mending(
            help_, (), max(at, stop.begun), closer + 1, "repeat 1", message=message, span=span
        )
    if types[:2] != ["NAME", "IN"] or stop.words[at + 3].text != "range" or types[3:] != ["LPAR"]:
        return None
    close = stop.closed_at(at + 4)
    if close is None or close >= end:
        return None
    bounds = stop.span(at + 5, close).text
    low, _, high = bounds.rpartition(",")
    text = f"repeat {stop.words[at + 1].text} in {low.strip() or 0}..{high.strip()}"
    if stop.words[close + 1].type == "COLON" and stop.words[close + 2].leads:
        text, close = text + " {", close + 1
    edits = (Edit(stop.span(at, close + 1), text),)
    return Mending(
        f"write `{text}`",
        edits,
        max(at, stop.begun),
        close + 1,
        text,
        message=message,
        span=stop.words[at].span,
    )


def rounds(stop: Stop) -> Found:
    """`repeat i in range(4)`, `repeat i = 0..4`, `repeat 0..4`."""
    types = stop.types(-4, 0)
    if stop.words[stop.begun].type != "REPEAT":
        return
    for at in range(stop.begun, stop.at + 1):
        if stop.words[at].text == "range" and stop.words[at + 1].type == "LPAR":
            close = stop.closed_at(at + 1)
            if close is not None:
                low, _, high = stop.span(at + 2, close).text.rpartition(",")
                yield _range(stop, at, close + 1, f"{low.strip() or 0}..{high.strip()}")
    if stop.word().type == "EQUAL":
        yield replaced(stop, stop.at, stop.at + 1, "in", "a range follows `in`")
    if "RANGE" in stop.accepts and types[-2] in ("INT", "NAME") and types[-3] == "IN":
        yield _range(stop, stop.at - 1, stop.at, f"0..{stop.word(-1).text}")
    if stop.word().type == "RANGE" and stop.at == stop.begun + 2:
        yield put_before(stop, stop.at - 1, "i in", "name the round: `repeat i in 0..4`")


def _range(stop: Stop, first: int, last: int, text: str) -> Mending:
    span = stop.span(first, last)
    message = f"found `{shortened(span.text)}`, expected a range such as `0..4`"
    mending = replaced(stop, first, last, text, f"write `{shortened(text)}`")
    return replace(mending, message=message, span=span)


def filler(stop: Stop) -> Found:
    """A word that only other languages have: `repeat 4 times {`, `if c then {`."""
    word, before = stop.word(), stop.word(-1)
    if before.text == "mut" and before.type == "NAME" and stop.at > stop.begun:
        yield replace(removed(stop, stop.at - 1, stop.at, "remove `mut`"), span=before.span)
    if word.text in ("do", "begin", "then") and stop.word(1).leads:
        yield replaced(stop, stop.at, stop.at + 1, "{", HELP["{"])
    if word.text in _FILLERS and (word.type == "NAME" or stop.word(1).type == "LBRACE"):
        yield removed(stop, stop.at, stop.at + 1, f"remove `{word.text}`")


def capitals(stop: Stop) -> Found:
    """A keyword that is not written small: `Concat {`."""
    for at in (stop.at, stop.at - 1):
        word = stop.words[max(at, 0)]
        if at >= stop.begun and word.type == "NAME" and word.text != word.text.lower():
            small = word.text.lower()
            message = f"found `{word.text}`, but keywords are written small"
            help_, span = f"write `{small}`", word.span
            edits = (Edit(word.span, small),)
            if small.upper() in ROLES | BRACED | KEYWORDS:
                yield Mending(help_, edits, at, at + 1, small, message=message, span=span)


def keyword_as_name(stop: Stop) -> Found:
    """A keyword where only a name fits, or before `=`: `let head = 3`, `concat = conv(1)`."""
    word, before, after = stop.word(), stop.word(-1), stop.word(1)
    only_a_name = stop.accepts <= {"NAME", "RPAR"} and not word.leads
    if _is_keyword(word) and "NAME" in stop.accepts and (only_a_name or after.type == "EQUAL"):
        keyword, at = word, stop.at
    elif (word.type == "EQUAL" and _is_keyword(before) and before.type not in BRACED) or (
        word.type == "EQUAL" and _is_keyword(before) and after.type != "LBRACE"
    ):
        keyword, at = before, stop.at - 1
    else:
        return
    message = f"`{keyword.text}` is a keyword and cannot name anything"
    help_ = "choose another name"
    text = f"{keyword.text}_"
    yield Mending(help_, (), at, at + 1, text, message=message, span=keyword.span, code="E0106")


def _is_keyword(word: Word) -> bool:
    return word.text.isalpha() and word.type == word.text.upper() and word.type != "NAME"


_NO_WORDS: Final = MARKS | {"NAME", "STRING", "INT", "FLOAT", "SIZE", "ANY"}


def misspelt(stop: Stop) -> Found:
    """A keyword that is nearly what stands there, or what starts the line before it."""
    before = LEADING if stop.word(-1).leads else frozenset[str]()
    for at, known in ((stop.at, stop.accepts), (stop.at - 1, before)):
        word = stop.words[max(at, 0)]
        keywords = [type_.lower() for type_ in known if type_.isalpha() and type_ not in _NO_WORDS]
        if word.type == "NAME" and (keyword := nearest(word.text, keywords)):
            help_ = f"a keyword with a similar name exists: `{keyword}`"
            mending = replaced(stop, at, at + 1, keyword, help_)
            yield replace(
                mending,
                message=f"found `{shortened(word.text)}`, which is no keyword",
                span=word.span,
            )


def conditional(stop: Stop) -> Found:
    """`a if c else b`."""
    line = range(stop.at + 1, stop.line_end(stop.at))
    otherwise = next((at for at in line if stop.words[at].type == "ELSE"), None)
    if stop.word().type != "IF" or otherwise is None or stop.at - 1 < stop.begun:
        return
    end, depth = otherwise + 1, 0
    while end <= line[-1]:
        depth += (stop.words[end].type in OPENERS) - (stop.words[end].type in CLOSERS)
        if depth < 0 or (depth == 0 and stop.words[end].type == "COMMA"):
            break
        end += 1
    if end > otherwise + 1:
        then, condition = stop.word(-1).text, stop.span(stop.at + 1, otherwise).text
        text = f"if {condition} then {then} else {stop.span(otherwise + 1, end).text}"
        yield replaced(stop, stop.at - 1, end, text, f"write `{shortened(text)}`")
