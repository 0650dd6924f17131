"""Slips of one kind of statement: headings, imports, inputs, branches, arguments, figures."""

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
from inception_dsl.syntax.slips.terminals import (
    COMPARISONS,
    KEYWORDS,
    PARAMETERS,
    ROLES,
    TYPES,
    VALUES,
)
from inception_dsl.syntax.stop import Stop
from inception_dsl.syntax.word import OPENERS

__all__ = [
    "argument",
    "branch_first",
    "declared_input",
    "definition_heading",
    "expected_source",
    "imported",
    "nested_definition",
    "outside",
    "type_of_items",
]


def definition_heading(stop: Stop) -> Found:
    """`module name = {`, `module "name" {`, `network n(...) -> Tensor {`."""
    word = stop.word()
    if stop.words[stop.begun].type not in ROLES | {"STAGE", "BRANCH", "AUX"}:
        return
    if word.type == "STRING" and "NAME" in stop.accepts and word.text[1:-1].isidentifier():
        yield replaced(stop, stop.at, stop.at + 1, word.text[1:-1], "names stand without quotes")
    if "LBRACE" in stop.accepts:
        line = range(stop.at + 1, stop.line_end(stop.at))
        brace = next((at for at in line if stop.words[at].type == "LBRACE"), None)
        if brace is not None:
            help_ = f"remove `{stop.span(stop.at, brace).text}`"
            yield removed(stop, stop.at, brace, help_)


def nested_definition(stop: Stop) -> Found:
    """A definition inside a body."""
    role = stop.word().type in ROLES - {"STEM", "HEAD"}
    if role and stop.word(1).type == "NAME" and stop.openers:
        line = range(stop.at + 1, stop.line_end(stop.at))
        brace = next((at for at in line if stop.words[at].type == "LBRACE"), stop.at + 2)
        help_ = "definitions stand side by side, not inside one another"
        yield Mending(help_, (), stop.at, brace, f"stage {stop.word(1).text}")


def outside(stop: Stop) -> Found:
    """What only stands in a body, between the definitions."""
    if stop.openers or "NETWORK" not in stop.accepts or stop.word().type not in ("NAME", "INPUT"):
        return
    if stop.types(0, 1) == ["NAME", "EQUAL"]:
        yield put_before(stop, stop.at, "let", f"write `let {stop.word().text} = ...`")
    if stop.words[stop.line_end(stop.at) - 1].type == "LBRACE":
        help_ = "definitions start with their role: `layer`, `block`, `module`, `head` ..."
        yield replace(put_before(stop, stop.at, "block", help_), edits=())
    if stop.word(1).type in ("LPAR", "ARROW"):
        yield Mending("statements stand in the body of a definition or of the network")


def imported(stop: Stop) -> Found:
    """`from blocks import a`, `import a from "blocks"`, `from "blocks" import *`."""
    word = stop.word()
    if stop.words[stop.begun].type != "FROM" and word.type != "IMPORT":
        return
    if "STRING" in stop.accepts and word.type == "NAME":
        last = stop.at + 1
        while stop.words[last].type == "DOT" and stop.words[last + 1].type == "NAME":
            last += 2
        name = stop.words[last - 1].text
        yield replaced(stop, stop.at, last, f'"{name}"', f'write the file as a string: `"{name}"`')
    elif word.type == "STAR" and stop.word(-1).type == "IMPORT":
        yield Mending("name what is imported", (), stop.at, stop.at + 1, "all")
    elif stop.word(-1).type == "IMPORT" and word.type in OPENERS:
        close = stop.closed_at(stop.at)
        if close is not None and close > stop.at + 1:
            inner = stop.span(stop.at + 1, close).text
            yield replaced(stop, stop.at, close + 1, inner, "names stand without brackets")
    elif word.type == "IMPORT":
        last = stop.line_end(stop.at)
        line = stop.words[stop.at : last]
        if [w.type for w in line[-2:]] == ["FROM", "STRING"] and len(line) > 3:
            text = f"from {line[-1].text} import {stop.span(stop.at + 1, last - 2).text}"
            yield replaced(stop, stop.at, last, text, f"write `{text}`")
        yield Mending('import definitions with `from "file" import name`', (), stop.at, last, "")


def declared_input(stop: Stop) -> Found:
    """`input 3x224x224`, `input: 3x224x224`."""
    if stop.word(-1).type == "INPUT" and stop.at - 1 == stop.begun:
        name = "name the input: `input image: 3x224x224`"
        if stop.word().type == "COLON":
            yield put_behind(stop, stop.at, " image", name)
        elif stop.word().type == "SIZE":
            yield put_behind(stop, stop.at, " image:", name)
        elif stop.word().type == "LPAR" and (close := stop.closed_at(stop.at)) is not None:
            text = f" image: {stop.span(stop.at + 1, close).text}"
            span = stop.span(stop.at, close + 1)
            yield Mending(name, (Edit(span, text),), stop.at, close + 1, text)
    elif stop.types(-2, 0) == ["INPUT", "NAME", "LPAR"]:
        close = stop.closed_at(stop.at)
        if close is not None:
            text = f": {stop.span(stop.at + 1, close).text}"
            yield replaced(stop, stop.at, close + 1, text, HELP[":"])


def expected_source(stop: Stop) -> Found:
    """`expect ... , "source"`, `expect ... ("source")`, `expect x in [a, b]`."""
    if stop.words[stop.begun].type != "EXPECT":
        return
    if stop.types(0, 1) == ["COMMA", "STRING"]:
        yield removed(stop, stop.at, stop.at + 1, "the source follows directly: remove the `,`")
    if stop.types(0, 2) == ["LPAR", "STRING", "RPAR"]:
        text = stop.word(1).text
        yield replaced(stop, stop.at, stop.at + 3, text, "the source follows without brackets")
    if stop.word().text in ("is", "equals", "be") or stop.word().type in ("COLON", "EQUAL"):
        yield replaced(stop, stop.at, stop.at + 1, "==", HELP["=="])
    if "EQUALS" in stop.accepts and stop.word().type in COMPARISONS:
        help_ = "a figure is exact, `== value`, or within bounds, `in low..high`"
        yield Mending(help_, (), stop.at, stop.at + 1, "==")
    for opener in range(stop.begun, stop.at):
        if stop.words[opener].type == "LSQB" and stop.words[opener - 1].type == "IN":
            close = stop.closed_at(opener)
            if close is not None:
                low, _, high = stop.span(opener + 1, close).text.partition(",")
                text = f"{low.strip()}..{high.strip()}"
                yield replaced(stop, opener, close + 1, text, f"write the bounds as `{text}`")


def branch_first(stop: Stop) -> Found:
    """`- conv(64)` or `conv(64)` for `branch conv(64)`."""
    if "BRANCH" in stop.accepts and not stop.accepts & {"NAME"}:
        word = stop.word()
        if word.type == "MINUS":
            yield replaced(stop, stop.at, stop.at + 1, "branch", "start each branch with `branch`")
        elif word.type in ("NAME", "CONCAT", "ADD", "MUL", "RESIDUAL", "FROM", "INPUT"):
            yield put_before(stop, stop.at, "branch", "start each branch with `branch`")


def argument(stop: Stop) -> Found:
    """`conv(64 3x3)`, `stride 2`, `stride=2;`."""
    word, before = stop.word(), stop.word(-1)
    if stop.opener not in ("LPAR", "LSQB") or "COMMA" not in stop.accepts or word.leads:
        return
    if before.text in PARAMETERS and stop.types(-2, -1) in (["COMMA", "NAME"], ["LPAR", "NAME"]):
        mending = put_behind(stop, stop.at, "=", HELP["="])
        yield replace(mending, edits=(Edit(stop.gap(stop.at), "="),))
    if before.type == "NAME" and before.text in TYPES and word.type == "NAME":
        text = f"{word.text}: {before.text}"
        help_ = f"types follow names: `{text}`"
        yield replaced(stop, stop.at - 1, stop.at + 1, text, help_)
    if before.type == "NAME" and word.text in TYPES and "COLON" in stop.accepts:
        yield put_behind(stop, stop.at, ":", f"types follow `:`: `{before.text}: {word.text}`")
    if word.type in VALUES | KEYWORDS:
        yield put_behind(stop, stop.at, ",", HELP[","])


def type_of_items(stop: Stop) -> Found:
    """`sizes: list[int]`."""
    typed = stop.word(-2).type == "COLON" and stop.word(-1).text in TYPES
    if typed and stop.word().type == "LSQB" and (close := stop.closed_at(stop.at)) is not None:
        help_ = f"write `{stop.word(-1).text}`: types have no items"
        yield removed(stop, stop.at, close + 1, help_)
