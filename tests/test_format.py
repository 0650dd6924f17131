"""The one form of a spec: where lines break, what is aligned, and that shipped specs have it."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from layouts import assert_formats, format_text, respaced

from inception_dsl.diagnostics import Diagnostics
from inception_dsl.format import formatted
from inception_dsl.source import Source

pytestmark = pytest.mark.text

ROOT = Path(__file__).parents[1]
SPECS = sorted((ROOT / "specs").glob("*.incept")) + sorted((ROOT / "examples").glob("*.incept"))

FORMS = {
    name: texts.split("\n-->\n")
    for name, texts in re.findall(
        r"^=== (.*)\n((?:(?!===).*\n)*)",
        (ROOT / "tests/forms.txt").read_text("utf-8"),
        re.MULTILINE,
    )
}


@pytest.mark.parametrize("case", FORMS)
def test_the_form(case: str) -> None:
    text, form = FORMS[case]
    assert assert_formats(text) == form.rstrip("\n") + "\n"


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_what_we_ship_is_in_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert assert_formats(text) == text


CALL = re.compile(r"^ *(?:\w+ *= )?(\w+)\(([^()]*)\)(?: +(:) .*)?$")
NUMBER = re.compile(r"-?\d[\w.]*")


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_consecutive_calls_of_one_definition_are_a_table(path: Path) -> None:
    lines = format_text(respaced(path.read_text(encoding="utf-8"), Random(1))).split("\n")
    for above, below in pairwise(lines):
        calls = CALL.match(above), CALL.match(below)
        if not calls[0] or not calls[1] or calls[0][1] != calls[1][1]:
            continue
        if (" = " in above) != (" = " in below):
            continue
        if calls[0][3] and calls[1][3]:
            assert calls[0].start(3) == calls[1].start(3), below
        ends = [list(_number_ends(call)) for call in calls if call]
        for of_above, of_below in zip(*ends, strict=False):
            assert of_above == of_below, below


def _number_ends(call: re.Match[str]) -> list[int]:
    """Where the numbers that begin a call's arguments end."""
    ends, at = [], call.start(2)
    for argument in call[2].split(","):
        if not NUMBER.fullmatch(argument.strip()):
            break
        ends.append(at + len(argument))
        at += len(argument) + 1
    return ends


def test_a_line_that_stands_out_is_not_waited_for() -> None:
    lines = "".join(f"    a{i}() : 1\n" for i in range(4))
    far = "    repeat 2 { a_definition_with_a_long_name(1) } : 1\n"
    form = format_text(f"block f() {{\n{lines}{far}}}")
    assert (
        form == f"block f() {{\n{lines.replace('() :', '()   :')}{far.replace('} :', '}   :')}}}\n"
    )


def test_no_alignment_pushes_a_line_off_the_page() -> None:
    long = f"    a = g(8, n=12345{', width=some_value_of_it' * 4})\n"
    rows = f"{long}    abcdefgh = g(128)\n"
    assert format_text(f"block f() {{\n{rows}}}") == f"block f() {{\n{rows}}}\n"


def test_line_ends_and_byte_order_mark_stay() -> None:
    assert format_text("let a=1\r\n# c \r\n") == "let a = 1\r\n# c\r\n"
    assert format_text("let a=1\n# c\r\n") == "let a = 1\n# c\n"
    assert format_text("\ufefflet a=1") == "\ufefflet a = 1\n"
    assert format_text("") == format_text(" \n\n") == ""


def test_as_deep_as_the_language_goes() -> None:
    assert_formats("block f() {" + "repeat 2 {\n" * 98 + "relu()" + "}" * 98 + "}")
    assert_formats("block f() { a(" + "f(1, " * 97 + "1" + ")" * 97 + ") }")
    assert_formats("let x = " + " + # c\n".join(["f(some_value, another_value)"] * 190))
    assert_formats("block f() { relu()" + " -> relu()" * 5000 + " }")
    assert_formats('from "a" import ' + ", # c\n".join(f"name_{i}" for i in range(2000)))


def test_a_spec_with_a_mistake_has_no_form() -> None:
    diagnostics = Diagnostics()
    assert formatted(Source("a.incept", "let a = \nlet b=1"), diagnostics) is None
    assert [record.code for record in diagnostics] == ["E0101"]
