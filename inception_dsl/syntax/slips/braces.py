"""What stands where `{` or `}` ought to, or before it."""

from __future__ import annotations

from dataclasses import replace

from inception_dsl.syntax.slips.marks import HELP
from inception_dsl.syntax.slips.mending import Found, Mending, removed, replaced
from inception_dsl.syntax.slips.terminals import BRACED
from inception_dsl.syntax.stop import Stop

__all__ = ["brace", "end", "second_brace"]


def brace(stop: Stop) -> Found:
    """What stands where `{` ought to, or before it."""
    word, after = stop.word(), stop.word(1)
    if stop.types(-1, 0) in (["EQUAL", "LBRACE"], ["ARROW", "LBRACE"], ["COLON", "LBRACE"]):
        help_, mark = f"remove the `{stop.word(-1).text}`", stop.word(-1)
        if stop.word(-3).type == "BRANCH" and mark.type == "EQUAL":
            help_ = "braces follow the branch's name directly: `branch name { ... }`"
        mending = removed(stop, stop.at - 1, stop.at, help_)
        yield replace(mending, message=f"found `{mark.text}`, expected `{{`", span=mark.span)
    if "LBRACE" not in stop.accepts:
        return
    if word.type == "LPAR" and stop.word(-1).type in BRACED:
        close = stop.closed_at(stop.at)
        if close is not None and stop.words[close + 1].type == "LBRACE":
            help_ = f"`{stop.word(-1).text}` takes no arguments"
            yield removed(stop, stop.at, close + 1, help_)
        elif close is None:
            help_ = f"write `{stop.word(-1).text} {{ ... }}`"
            if after.type == "LBRACE":
                yield removed(stop, stop.at, stop.at + 1, help_)
            yield replaced(stop, stop.at, stop.at + 1, "{", help_)
        elif stop.word(-1).type in ("CONCAT", "ADD", "MUL"):
            yield Mending(f"write `{stop.word(-1).text} {{ branch ... branch ... }}`")
    elif after.leads and word.type in ("LPAR", "LSQB", "LESSTHAN", "COLON"):
        yield replaced(stop, stop.at, stop.at + 1, "{", HELP["{"])
    elif after.type == "LBRACE" and not word.leads:
        what = f"remove `{word.text}`"
        yield removed(stop, stop.at, stop.at + 1, what)


def second_brace(stop: Stop) -> Found:
    """`{{`."""
    if stop.types(-1, 0) == ["LBRACE", "LBRACE"]:
        yield removed(stop, stop.at, stop.at + 1, "remove the second `{`")


def end(stop: Stop) -> Found:
    """`end` for `}`."""
    if stop.word(-1).text == "end" and stop.word(-1).leads and stop.at > stop.begun:
        mending = replaced(stop, stop.at - 1, stop.at, "}", "close bodies with `}`")
        yield replace(mending, message="found `end`", span=stop.word(-1).span)
