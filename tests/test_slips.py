"""Slips of those who come from other languages: one error, at the slip, and the edit that mends it.

Each row is a line of a body, or of a file, and the same as its `fix` leaves it, or None where no
edit is certain. What is underlined stands between the marks `«` and `»`.
"""

from __future__ import annotations

import re
from random import Random

import pytest

from inception_dsl.diagnostics.record import Diagnostic, Diagnostics
from inception_dsl.shipped import shipped_file, shipped_specs
from inception_dsl.source import Source
from inception_dsl.syntax.parse import parse

pytestmark = pytest.mark.text

BODY = """\
layer before {{ relu() }}

network n(c: bool = true) {{
    input image: 3x32x32
    {}
    relu()
}}

layer behind {{ relu() }}
"""

MARKS = [
    ("relu()«,» conv(1)", "relu() -> conv(1)"),
    ("relu()«,»", "relu()"),
    ("relu() «=>» conv(1)", "relu() -> conv(1)"),
    ("relu() «|>» conv(1)", "relu() -> conv(1)"),
    ("relu() «→» conv(1)", "relu() -> conv(1)"),
    ("relu() «>>» conv(1)", "relu() -> conv(1)"),
    ("relu() -> «->» conv(1)", "relu() -> conv(1)"),
    ("relu()«.» conv(1)", None),
    ("relu() «+» conv(1)", None),
    ("relu()«;»", "relu()"),
    ("relu()«;» conv(1)", None),
    ("relu()«:»", "relu()"),
    ("conv(1) «=» 1x8x8", "conv(1) : 1x8x8"),
    ("conv(1) «::» 1x8x8", "conv(1) : 1x8x8"),
    ("x = «=» relu()", "x = relu()"),
    ("x «:=» relu()", "x = relu()"),
    ("x «<-» relu()", "x = relu()"),
    ("let x«:» 3", "let x = 3"),
    ("let x «==» 3", "let x = 3"),
    ("let x «3»", "let x = 3"),
    ("let x = 2 «**» 3", "let x = 2 * 3"),
    ("conv(1, stride«:» 2)", "conv(1, stride=2)"),
    ("conv(1, stride «2»)", "conv(1, stride=2)"),
    ("conv(1 «3x3»)", "conv(1, 3x3)"),
    ("conv(1,«,» 3x3)", "conv(1, 3x3)"),
    ("conv(1«;» 3x3)", None),
    ("if c «=» true { relu() }", "if c == true { relu() }"),
    ("if c «===» true { relu() }", "if c == true { relu() }"),
    ("if c «&&» c { relu() }", "if c and c { relu() }"),
    ("if c «||» c { relu() }", "if c or c { relu() }"),
    ("if «!»c { relu() }", "if not c { relu() }"),
    ("repeat i in 0«...»4 { relu() }", "repeat i in 0..4 { relu() }"),
    ("- relu()", None),
]

SIZES = [
    ("conv(1, «3X3»)", "conv(1, 3x3)"),
    ("conv(1, «3×3»)", "conv(1, 3x3)"),
    ("conv(1, «3 x 3»)", "conv(1, 3x3)"),
    ("conv(1, «(3, 3)»)", "conv(1, 3x3)"),
    ("conv(1) : «1, 8, 8»", "conv(1) : 1x8x8"),
    ("conv(1) : «(»1, 8, 8)", "conv(1) : 1x8x8"),
    ("conv(1) : «1*8*8»", "conv(1) : 1x8x8"),
    ("conv(1) : «*»x8x8", "conv(1) : _x8x8"),
]

KEYWORDS = [
    ("«const» x = [3]", None),
    ("let «mut» x = 3", "let x = 3"),
    ("«assert» params == 3", None),
    ("«for» i in 0..4 { relu() }", "repeat i in 0..4 { relu() }"),
    ("«for» i in range(4) { relu() }", "repeat i in 0..4 { relu() }"),
    ("«for» (int i = 0; i < 4; i++) { relu() }", None),
    ("repeat i in «range(2, 4)» { relu() }", "repeat i in 2..4 { relu() }"),
    ("repeat 4 «times» { relu() }", "repeat 4 { relu() }"),
    ("if c «then» { relu() }", "if c { relu() }"),
    ("if c { relu() } «elif» c { relu() }", "if c { relu() } else if c { relu() }"),
    ("«Concat» { branch relu() }", "concat { branch relu() }"),
    ("«residaul» { relu() }", "residual { relu() }"),
    ("conv(«1 if c else 2»)", "conv(if c then 1 else 2)"),
    ("let «stage» = 3", None),
    ("«import» torch", None),
    ("«layer» inner() { relu() }", None),
]

BRACKETS = [
    ("conv «1», 3x3", "conv(1, 3x3)"),
    ("conv«[»1, 3x3]", "conv(1, 3x3)"),
    ("conv«{»filters=1}", None),
    ("relu() -> relu «->» conv(1)", "relu() -> relu() -> conv(1)"),
    ("conv(1, «3x3»", "conv(1, 3x3)"),
    ("conv(«1» -> relu()", "conv(1) -> relu()"),
    ("conv(1)«)»", "conv(1)"),
    ("conv(1«]»", "conv(1)"),
    ("conv(1«}»", "conv(1)"),
    ("concat «(»a, b)", None),
    ("concat«:» { branch relu() }", "concat { branch relu() }"),
    ("concat «=» { branch relu() }", None),
    ("concat { «{» relu() } }", None),
    ("concat { branch a «=» { relu() } }", "concat { branch a { relu() } }"),
    ("concat { branch«:» relu() }", "concat { branch relu() }"),
    ("concat { «relu»() }", "concat { branch relu() }"),
    ('stage «"a"» { relu() }', "stage a { relu() }"),
    ("«(»relu())", "relu()"),
]

WORDS = [
    ("relu() «//» it's no comment", "relu() # it's no comment"),
    ("relu() «--» no comment", "relu() # no comment"),
    ("relu() «/*» no comment */", "relu() # no comment"),
    ('«"""»What it is."""', "# What it is."),
    ("pad(1, mode=«'same'»)", "pad(1, mode=same)"),
    ("let s = «'abc'»", 'let s = "abc"'),
    ("let s = «“abc”»", 'let s = "abc"'),
    ('let s = «"abc”»', 'let s = "abc"'),
    ("conv(1«\uff0c» 3x3)", "conv(1, 3x3)"),
    ("conv«\uff08»1, 3x3\uff09", "conv(1, 3x3)"),
    ("conv(«\uff13»)", "conv(3)"),
    ("conv(«\u200b»1)", "conv(1)"),
    ("conv(1,«\u00a0»3x3)", "conv(1, 3x3)"),
    ("«größe» = relu()", None),
    ('let s = «"abc»', None),
]

FILE = [
    ("«def» f(n: int) {{ relu() }}", None),
    ("«def» layer f() {{ relu() }}", "layer f() {{ relu() }}"),
    ("«Layer» f() {{ relu() }}", "layer f() {{ relu() }}"),
    ("«modul» f() {{ relu() }}", "module f() {{ relu() }}"),
    ("layer f «=» {{ relu() }}", None),
    ('layer «"f"» {{ relu() }}', "layer f {{ relu() }}"),
    ("layer f(«int n») {{ relu() }}", "layer f(n: int) {{ relu() }}"),
    ("layer f(n «int») {{ relu() }}", "layer f(n: int) {{ relu() }}"),
    ("layer f(n: list«[»int]) {{ relu() }}", "layer f(n: list) {{ relu() }}"),
    ("layer f() «->» Tensor {{ relu() }}", "layer f() {{ relu() }}"),
    ("«width» = 3", "let width = 3"),
    ("param width: «int»", None),
    ("from «blocks» import conv", 'from "blocks" import conv'),
    ('from "blocks" import «(»conv)', 'from "blocks" import conv'),
    ('from "blocks" import «*»', None),
    ('«import» conv from "blocks"', 'from "blocks" import conv'),
    ("«import» torch", None),
    ("«}»", ""),
]


def errors(text: str) -> list[Diagnostic]:
    diagnostics = Diagnostics()
    parse(Source("spec", text), diagnostics)
    return list(diagnostics)


def mended(text: str, found: Diagnostic) -> str:
    for edit in sorted(found.fix, key=lambda edit: -edit.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def check(frame: str, marked: str, fixed: str | None) -> None:
    text = frame.format(re.sub("[«»]", "", marked))
    (found,) = errors(text)
    assert found.span.first.line == frame.format("\0").split("\0")[0].count("\n") + 1
    if "«" in marked:
        assert found.span.text == marked.split("«")[1].split("»")[0]
    if fixed is None:
        assert found.help or found.label or "expected" in found.message
    else:
        assert mended(text, found) == frame.format(fixed)
        assert errors(mended(text, found)) == []


@pytest.mark.parametrize(
    ("line", "fixed"), MARKS + SIZES + KEYWORDS + BRACKETS + WORDS, ids=lambda value: str(value)
)
def test_a_slip_in_a_body(line: str, fixed: str | None) -> None:
    check(BODY, line, fixed)


@pytest.mark.parametrize(("line", "fixed"), FILE, ids=lambda value: str(value))
def test_a_slip_between_definitions(line: str, fixed: str | None) -> None:
    unbraced = line.replace("{{", "{").replace("}}", "}")
    whole = None if fixed is None else fixed.replace("{{", "{").replace("}}", "}")
    check("layer before {{ relu() }}\n\n{}\n\nlayer behind {{ relu() }}\n", unbraced, whole)


ROLE = "(?:layer|block|module|reduction|stem|head|network) "
ANYWHERE = [
    (r" -> ", ", "),
    (r" -> ", " => "),
    (r" \{$", ""),
    (r" \{$", ":"),
    (r"\)$", ""),
    (r"\)$", "))"),
    (r"\)$", ");"),
    (r"\)$", ") // it's a comment"),
    (r"(\w)=(\w)", r"\1: \2"),
    (r"(\w), (\w)", r"\1 \2"),
    (r"\b(\d+)x(\d+)\b", r"\1 x \2"),
    (r"\b(\d+)x(\d+)\b", r"\1X\2"),
    (r"branch (\w+\()", r"\1"),
    (r"concat \{", "concat ("),
    (r"^( +)\}$", r"\1)"),
    (r"^( +)\}\n", ""),
    (r"^( +)(\w)", r"\1- \2"),
    (rf"^{ROLE}", "def "),
]
"""What is written, and the slip in its place; both are the innards of regular expressions."""


def slipped(text: str, random: Random) -> tuple[str, int] | None:
    """A text with one slip at a random place outside comments and strings, and its line."""
    pattern, slip = random.choice(ANYWHERE)
    places = [
        match
        for match in re.finditer(pattern, text, re.MULTILINE)
        if not re.search('[#"]', text[text.rfind("\n", 0, match.start()) + 1 : match.end()])
    ]
    if not places:
        return None
    match = random.choice(places)
    line = text.count("\n", 0, match.start()) + 1
    return text[: match.start()] + match.expand(slip) + text[match.end() :], line


@pytest.mark.parametrize("name", shipped_specs())
def test_a_slip_in_a_shipped_spec_is_one_error_at_its_line(name: str) -> None:
    path = shipped_file(name)
    assert path is not None
    text, random = path.read_text("utf-8"), Random(name)
    seen = exact = 0
    for _ in range(40):
        if case := slipped(text, random):
            found = errors(case[0])
            lines = [one.span.first.line for one in found]
            seen += bool(found)
            exact += len(lines) == 1 and abs(lines[0] - case[1]) <= 1
            assert len(found) <= 2, (case[1], found)
    assert exact >= 0.95 * seen, (exact, seen)


@pytest.mark.parametrize("name", [n for n in shipped_specs() if not n.startswith("resnet1")])
def test_slips_in_several_definitions_are_as_many_errors(name: str) -> None:
    path = shipped_file(name)
    assert path is not None
    parts = re.split(rf"\n(?=##|{ROLE})", path.read_text("utf-8"))
    random, faulty = Random(name), 0
    for at, part in enumerate(parts):
        case = slipped(part, random) if re.search(rf"^{ROLE}", part, re.MULTILINE) else None
        if case and len(errors(case[0])) == 1:
            parts[at], faulty = case[0], faulty + 1
    assert len(errors("\n".join(parts))) == faulty
