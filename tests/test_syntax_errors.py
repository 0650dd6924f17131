"""Syntax errors: the language's words, the right place, each mistake once, and no hang."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest

from inception_dsl.diagnostics.codes import CODES
from inception_dsl.diagnostics.record import Diagnostic, Diagnostics
from inception_dsl.source import Source
from inception_dsl.syntax import tree
from inception_dsl.syntax.parse import parse

pytestmark = pytest.mark.text

SPEC = """\
from "blocks" (scale = false) import conv, pool as shrink
let width = 64
param bn_scale: bool = true

## An Inception module.
module inception(n: int, kernel: size = 3x3, widths = [1, 2]) {
    let half = if n % 2 == 0 and not false then n // 2 else -n
    concat {
        branch conv(half, 1x1)
        branch wide = conv(n, kernel) -> conv(widths[0] + 1, kernel) : [_, 8, 8]
        if n > 3 {
            branch shrink(3x3, stride=1)
        }
    }
}

block cell(n: int) on (prev, cur) {
    add {
        branch prev -> conv(n, 1x1)
        branch cur
    }
}

network small(classes: int = 10) {
    input image: 3x32x32
    stem {
        conv(width, 3x3) : 64x32x32
    }
    repeat i in 0..2 {
        cells = from (image, image) -> cell(8)
    }
    residual(scale=0.5) {
        conv(8, 1x1)
    } shortcut {
        identity()
    }
    aux side(weight=0.3) = conv(classes, 1x1)
    head {
        linear(classes)
    }
    expect params + buffers == 1_000 "by hand"
    recipe {
        epochs = 100
    }
}
"""


def examined(text: str) -> tuple[tree.File, list[Diagnostic]]:
    diagnostics = Diagnostics()
    file = parse(Source("spec.incept", text), diagnostics)
    return file, list(diagnostics)


def errors(text: str) -> list[Diagnostic]:
    return examined(text)[1]


def error(text: str) -> Diagnostic:
    """The one error of a text."""
    (one,) = errors(text)
    return one


def in_body(lines: str) -> Diagnostic:
    """The one error of a body, which costs no other definition anything."""
    file, (one,) = examined(f"module a(n: int) {{\n{lines}\n}}\nmodule intact {{ relu() }}\n")
    assert names(file) == ["intact"]
    return one


def names(file: tree.File) -> list[str]:
    named = (item for item in file.items if not isinstance(item, tree.Import))
    return [item.name.text for item in named]


def test_the_spec_that_the_mistakes_are_made_in_has_none() -> None:
    assert errors(SPEC) == []


class TestExpectations:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("let a 3", "found `3`, expected `=`"),
            ("let 3 = a", "found `3`, expected a name"),
            ("param a: int let b = 1", "found `let`, expected `=`"),
            ("layer a { conv(1 2) }", "found `2`, expected `,` or `)`"),
            ("layer a { conv(1,,2) }", "found `,`, expected a value or `)`"),
            ("layer a { let b = }", "found `}`, expected a value"),
            ("layer a { conv(1) -> }", "found `}`, expected an operation"),
            ("layer a { b = }", "found `}`, expected an operation or a tensor"),
            ("layer a { conv(1) : }", "found `}`, expected a shape such as `64x56x56`"),
            ("layer a { repeat i in 3 { } }", "found `3`, expected a range such as `0..4`"),
            ("layer a { conv(1), conv(2) }", "found `,`, expected `->`, a statement or `}`"),
            (
                "layer a { concat { conv(1) } }",
                "found `conv`, expected `branch`, `if`, `repeat` or `}`",
            ),
            ("network a { expect b > 1 }", "found `>`, expected `in` or `==`"),
            ("from blocks import a", "found `blocks`, expected a string"),
            ('"a"', "found a string, expected a definition"),
            ("layer a", "found the end of the file, expected `on`, `(` or `{`"),
            ("let a = b " + "c" * 99, f"found `{'c' * 39}…`, expected a definition"),
        ],
    )
    def test_what_was_found_and_what_could_stand_there(self, text: str, message: str) -> None:
        found = error(text)
        assert (found.code, found.message) == ("E0101", message)

    def test_no_message_has_the_parsers_words(self) -> None:
        """Whatever is missing or put in the place of a word."""
        for start, end in places(SPEC):
            for other in ("", "branch", "3x3", "..", "}"):
                for found in errors(SPEC[:start] + other + SPEC[end:]):
                    said = " ".join([found.message, *(n.message for n in found.notes)])
                    plain = re.sub(r"`[^`]*`", "", said)
                    assert not re.search(r"[A-Z$]{2,}|__", plain), said
                    assert found.code in CODES


CONFLICT = dedent(
    """\
    network tiny {
        input image: 3x8x8
        concat {
    <<<<<<< HEAD
            branch conv2d(8, 1x1)
    =======
            branch conv2d(9, 1x1)
            branch relu()
    >>>>>>> topic
        }
        conv2d(8, 3x3,
    <<<<<<< HEAD
               stride=2)
    ||||||| base
               stride=3)
    =======
               stride=1)
    >>>>>>> topic
        relu()
    }
    """
)


class TestConflicts:
    @pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["lf", "crlf"])
    def test_a_conflict_is_one_error_and_its_first_side_is_read(self, ends: str) -> None:
        text = CONFLICT.replace("\n", ends)
        _, errors = examined(text)
        assert [(error.code, error.span.first.line) for error in errors] == [
            ("E0101", 4),
            ("E0101", 12),
        ]
        assert {error.message for error in errors} == {"a merge conflict is not resolved"}

    def test_marks_of_no_conflict_are_what_they_look_like(self) -> None:
        for left in ("<<<<<<< HEAD", "=======", ">>>>>>> topic"):
            _, errors = examined(f"layer a {{ relu() }}\n{left}\nlayer b {{ relu() }}\n")
            assert [error.span.first.line for error in errors] == [2]


class TestSlips:
    @pytest.mark.parametrize(
        ("line", "code", "written", "advice"),
        [
            ("conv(1), relu()", "E0101", ",", "`->`"),
            ("conv(1) = 64x8x8", "E0101", "=", "`:`"),
            ("conv(1, stride: 2)", "E0101", ":", "`=`"),
            ("if n = 1 { }", "E0101", "=", "`==`"),
            ("if 1 < n < 3 { }", "E0101", "<", "`and`"),
            ("concat { branch b = { relu() } }", "E0101", "=", "`branch name { ... }`"),
            ("conv(1) -> relu -> conv(2)", "E0101", "->", "`relu()`"),
            ("concat(a, b)", "E0101", "(", "`concat { branch ... branch ... }`"),
            ("conv(1, 3 x 3)", "E0101", "3 x 3", "`3x3`"),
            ("residaul { }", "E0101", "residaul", "`residual`"),
            ("concat { brnach relu() }", "E0101", "brnach", "`branch`"),
            ("concat { conv(1) }", "E0101", "conv", "`branch`"),
            ("module inner { }", "E0101", "module", "not inside one another"),
            ("let head = 3", "E0106", "head", "another name"),
            ("concat = conv(1)", "E0106", "concat", "another name"),
            ("conv(add=1)", "E0106", "add", "another name"),
            ("conv(1))", "E0107", ")", "remove it"),
            ("conv(1, 3×3)", "E0103", "3×3", "`3x3`"),
            ("conv(1) → relu()", "E0103", "→", "`->`"),
            ("conv(1, padding='same')", "E0103", "'same'", "double quotes"),
            ("relu();", "E0103", ";", "between statements"),
            ("conv(3X3)", "E0105", "3X3", "`3x3`"),
            ("conv(3x)", "E0105", "3x", "`3x3`"),
            ("conv(5abc)", "E0105", "5abc", "start with a letter"),
            ("conv(1__0)", "E0105", "1__0", "between digits"),
        ],
    )
    def test_a_common_slip_is_told_what_to_do(
        self, line: str, code: str, written: str, advice: str
    ) -> None:
        found = in_body(f"    {line}\n    relu()")
        assert (found.code, found.span.text) == (code, written)
        assert advice in (found.help or "")

    @pytest.mark.parametrize(
        ("line", "code", "written"),
        [
            ('let s = "abc', "E0104", '"abc'),
            ("let s = 1e999", "E0105", "1e999"),
            ("let s = 9223372036854775808", "E0706", "9223372036854775808"),
            ("let s = 9999999999999999999999x3", "E0706", "9999999999999999999999x3"),
            ("let s = " + "9" * 5000, "E0706", "9" * 5000),
            ("_foo = relu()", "E0108", "_foo"),
            ("relu() \0", "E0103", "\0"),
        ],
    )
    def test_words_that_are_wrong_in_themselves(self, line: str, code: str, written: str) -> None:
        found = in_body(f"    {line}\n    relu()")
        assert (found.code, found.span.text) == (code, written)

    def test_an_invisible_character_is_named(self) -> None:
        assert "U+00A0 (no-break space)" in error("let\u00a0a = 1").message

    def test_any_is_for_notes_only(self) -> None:
        assert error("let a = _").message == "found `_`, expected a value"
        assert error("let a = 3x_").message == "found `3x_`, expected a value"


class TestBrackets:
    def test_a_brace_that_the_end_of_the_file_finds_open(self) -> None:
        found = error("network n {\n    relu()\n")
        assert (found.code, found.message) == ("E0102", "`{` is not closed")
        assert str(found.span) == "spec.incept:2:10"  # behind it a `}` is missing
        assert [str(label.span) for label in found.labels] == ["spec.incept:1:11"]

    def test_indentation_tells_which_brace_is_open(self) -> None:
        text = "network n {\n    stem {\n        relu()\n    head {\n        relu()\n    }\n}\n"
        found = error(text)
        assert (found.code, str(found.span)) == ("E0102", "spec.incept:3:14")
        assert [str(label.span) for label in found.labels] == ["spec.incept:2:10"]

    def test_the_next_definition_finds_a_brace_open_and_is_read(self) -> None:
        file, (found,) = examined("module a {\n    concat {\n    }\nhead b { }\nmodule c { }\n")
        assert (found.code, str(found.span)) == ("E0102", "spec.incept:3:5")
        assert [str(label.span) for label in found.labels] == ["spec.incept:1:10"]
        assert names(file) == ["b", "c"]

    def test_a_statement_that_cannot_be_in_a_combination_closes_it(self) -> None:
        found = in_body("    concat {\n        branch conv(1)\n    relu()\n    relu()")
        assert (found.code, found.span.first.line) == ("E0102", 3)
        assert [label.span.first.line for label in found.labels] == [2]

    @pytest.mark.parametrize("head", ["if n == 1", "repeat 3", "concat", "residual(scale=1)"])
    def test_a_missing_opening_brace_is_put_in(self, head: str) -> None:
        line = "branch relu()" if head == "concat" else "relu()"
        found = in_body(f"    {head}\n        {line}\n        {line}\n    }}\n    relu()")
        assert found.message.endswith("expected `{`")
        assert found.span.first.line == 2

    def test_a_bracket_open_since_an_earlier_line_is_shown(self) -> None:
        found = in_body("    conv(1, 3x3\n    relu()")
        assert (found.code, found.message) == ("E0102", "`(` is not closed")
        assert (found.span.text, found.span.first.line) == ("3x3", 2)
        assert [(label.message, label.span.text) for label in found.labels] == [
            ("opened here", "(")
        ]

    def test_one_brace_too_many_is_one_error(self) -> None:
        file, (found,) = examined(
            "module a {\n    relu()\n    }\n    relu()\n    let b = 1\n    b()\n}\nmodule c { }\n"
        )
        assert (found.code, found.span.first.line) == ("E0107", 3)
        assert [label.span.first.line for label in found.labels] == [1]
        assert names(file) == ["c"]

    def test_a_stray_brace_costs_no_definition(self) -> None:
        file, (found,) = examined("module a { }\n}\nmodule b { }\n")
        assert (found.code, found.span.first.line) == ("E0107", 2)
        assert names(file) == ["a", "b"]


class TestRecovery:
    def test_three_faults_in_three_definitions_are_three_errors(self) -> None:
        file, found = examined(
            "module a( {\n    relu()\n}\n"
            "module b {\n    conv(1,,2)\n    relu()\n}\n"
            "layer c {\n    relu() ->\n}\n"
            "layer d { relu() }\n"
        )
        assert [one.span.first.line for one in found] == [1, 5, 9]
        assert names(file) == ["d"]

    def test_faults_of_one_body_are_each_reported(self) -> None:
        _, found = examined(
            "network n {\n"
            "    conv(1 2)\n"
            "    stem {\n        conv(,)\n        relu()\n    }\n"
            "    concat {\n        branch conv(1) ->\n        branch = relu()\n    }\n"
            "    recipe {\n        epochs 3\n        batch = 4\n    }\n"
            "    let 3 = a\n"
            "}\n"
        )
        assert [one.span.first.line for one in found] == [2, 4, 8, 9, 12, 15]

    def test_a_misspelt_role_costs_its_definition_only(self) -> None:
        file, (found,) = examined("layer a { }\nmodul b(n: int) {\n    relu()\n}\nlayer c { }\n")
        assert found.span.text == "modul"
        assert names(file) == ["a", "c"]

    @pytest.mark.parametrize("other", ["", "§"])
    def test_one_word_less_is_one_error_at_most(self, other: str) -> None:
        """Whichever word of the spec is deleted, or replaced by what is no word."""
        for start, end in places(SPEC):
            found = errors(SPEC[:start] + other + SPEC[end:])
            assert len(found) <= 1, (SPEC[start:end], SPEC.count("\n", 0, start) + 1, found)

    def test_one_word_twice_is_one_error_at_most(self) -> None:
        for start, end in places(SPEC):
            found = errors(f"{SPEC[:end]} {SPEC[start:]}")
            assert len(found) <= 1, (SPEC[start:end], SPEC.count("\n", 0, start) + 1, found)

    def test_a_file_cut_anywhere_is_read_up_to_there(self) -> None:
        for start, _ in places(SPEC):
            file, found = examined(SPEC[:start])
            assert len(found) <= 1
            assert len(file.items) >= SPEC[:start].count("\n}\n")

    def test_at_most_so_many_errors_as_asked_for(self) -> None:
        diagnostics = Diagnostics(limit=5)
        parse(Source("spec", "let = 3\n" * 1000), diagnostics)
        assert len(diagnostics) == 5


class TestBounds:
    @pytest.mark.parametrize(
        "text",
        [
            "(" * 1_000_000,
            "{" * 1_000_000,
            "let x = " + "[" * 1_000_000,
            "layer a { " + "conv(" * 200_000,
            "layer a { " + "concat { branch " * 100_000,
            "let x = " + "- " * 100_000 + "1",
            "let x = " + "not " * 100_000 + "true",
            "let x = 1" + "+1" * 100_000,
            "let x = a" + "[0]" * 50_000,
            "let x = a" + ".b" * 100_000,
            "let x = " + "if a then b else " * 20_000 + "c",
            "layer a { if b { } " + "else if b { } " * 20_000 + "}",
            "layer a { add { if b { } " + "else if b { } " * 20_000 + "} }",
        ],
        ids=lambda text: text[:24],
    )
    def test_nesting_has_an_error_of_its_own(self, text: str) -> None:
        file, (found,) = examined(text)
        assert (found.code, file.items) == ("E0703", ())

    @pytest.mark.parametrize(("depth", "fits"), [(20, True), (21, False)])
    @pytest.mark.parametrize(
        ("before", "inside", "after"),
        [
            ("let x = ", "({})", ""),
            ("let x = ", "[{}]", ""),
            ("layer a ", "{{ if b {} }}", ""),
            ("layer a { ", "concat {{ branch {} }}", " }"),
        ],
    )
    def test_brackets_may_nest_so_deep(
        self, before: str, inside: str, after: str, depth: int, fits: bool
    ) -> None:
        in_definition = before.startswith("layer")
        text = "{ }" if in_definition and not after else "a"
        for _ in range(depth - in_definition):
            text = inside.format(text)
        diagnostics = Diagnostics()
        parse(Source("spec", before + text + after), diagnostics, nesting=20)
        assert [d.code for d in diagnostics] == ([] if fits else ["E0703"])

    @pytest.mark.parametrize(("terms", "fits"), [(40, True), (41, False)])
    def test_expressions_may_nest_twice_as_deep(self, terms: int, fits: bool) -> None:
        diagnostics = Diagnostics()
        file = parse(Source("spec", "let x = 1" + "+1" * terms), diagnostics, nesting=20)
        assert [d.code for d in diagnostics] == ([] if fits else ["E0703"])
        assert len(file.items) == fits

    def test_a_deep_item_costs_no_other(self) -> None:
        file, (found,) = examined("let a = 1\nlet x = 1" + "+1" * 500 + "\nlet b = 2\n")
        assert (found.code, names(file)) == ("E0703", ["a", "b"])

    @pytest.mark.parametrize(
        "text",
        [
            ")" * 100_000,
            "()" * 50_000,
            "§" * 100_000,
            '"\n' * 50_000,
            "##\n" * 80_000,
            "#\n" * 80_000 + "## doc",
            "## " + " " * 200_000,
            "let x = )\n" * 20_000,
            "layer a {\n" + "conv(,)\n" * 20_000 + "}",
            "layer a {\n" + "concat {\n" * 90 + "conv()\n" * 20_000,
            "module a(\n" * 20_000,
            "_" * 200_000,
            "9" * 200_000,
            "1" + "x1" * 100_000 + "x",
            "let x = f(" + "1," * 50_000 + ")",
            "layer a {" + "relu() " * 30_000 + "}",
        ],
        ids=lambda text: repr(text[:24]),
    )
    def test_long_files_end(self, text: str) -> None:
        """Quadratic work on any of these would take minutes."""
        file, found = examined(text)
        assert len(found) <= 100
        assert bool(found) != bool(file.items) or text.startswith("#")


def places(text: str) -> list[tuple[int, int]]:
    """Where the words of a text begin and end; a string is one."""
    word = re.compile(r'##?.*|("[^"\n]*"|[\w.]*\w|->|//|[=!<>]=|\S)')
    return [match.span(1) for match in word.finditer(text) if match[1]]
