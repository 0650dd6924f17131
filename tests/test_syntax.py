"""The grammar and the tree: every construct of the language, with its exact places."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from lark import Lark

from inception_dsl.diagnostics.record import Diagnostics
from inception_dsl.source import Source
from inception_dsl.syntax import tree
from inception_dsl.syntax.lalr import written
from inception_dsl.syntax.parse import parse
from inception_dsl.syntax.tables import KEPT, tables

pytestmark = pytest.mark.text

GLANCE = """\
## GoogLeNet: Table 1 of "Going Deeper with Convolutions" (Szegedy et al., 2014).

layer conv(filters: int, kernel: size, stride: size = 1) {
    conv2d(filters, kernel, stride=stride, padding=same)
    relu()
}

## Inception module with dimension reduction, figure 2(b).
module inception(n1x1: int, reduce3x3: int, n3x3: int, reduce5x5: int, n5x5: int, pool_proj: int) {
    concat {
        branch conv(n1x1, 1x1)
        branch conv(reduce3x3, 1x1) -> conv(n3x3, 3x3)
        branch conv(reduce5x5, 1x1) -> conv(n5x5, 5x5)
        branch max_pool(3x3, stride=1, padding=same) -> conv(pool_proj, 1x1)
    }
}

## Auxiliary classifier, section 5.
head auxiliary_classifier(classes: int) {
    avg_pool(5x5, stride=3)
    conv(128, 1x1)
    flatten() -> linear(1024) -> relu() -> dropout(0.7)
    linear(classes)
}

network googlenet(classes: int = 1000) {
    input image: 3x224x224

    stem {
        conv(64, 7x7, stride=2)              : 64x112x112
        max_pool(3x3, stride=2, ceil=true)   : 64x56x56
        lrn(5)
        conv(64, 1x1) -> conv(192, 3x3)      : 192x56x56
        lrn(5)
        max_pool(3x3, stride=2, ceil=true)   : 192x28x28
    }

    inception_3a = inception( 64,  96, 128, 16, 32, 32)   : 256x28x28
    inception_3b = inception(128, 128, 192, 32, 96, 64)   : 480x28x28
    max_pool(3x3, stride=2, ceil=true)
    inception_4a = inception(192,  96, 208, 16, 48, 64)   : 512x14x14
    aux aux1(weight=0.3) = auxiliary_classifier(classes)
    head {
        global_avg_pool()                                 : 1024
        dropout(0.4)
        linear(classes)                                   : [classes]
    }

    expect params == 6_998_552   "Caffe bvlc_googlenet: weights and biases, without aux"
    expect depth == 22           "Szegedy et al. 2014, section 5"
}
"""


def parsed(text: str) -> tree.File:
    """The tree of a text without mistakes."""
    diagnostics = Diagnostics()
    file = parse(Source("spec.incept", text), diagnostics)
    assert list(diagnostics) == []
    return file


def statements(text: str) -> tuple[tree.Statement, ...]:
    (item,) = parsed(f"block b {{ {text} }}").items
    assert isinstance(item, tree.Definition)
    return item.body.statements


def statement(text: str) -> tree.Statement:
    (one,) = statements(text)
    return one


def expression(text: str) -> tree.Expr:
    (item,) = parsed(f"let x = {text}").items
    assert isinstance(item, tree.Let)
    return item.value


def links(text: str) -> tuple[tree.Link, ...]:
    one = statement(text)
    assert isinstance(one, tree.Apply | tree.Bind)
    return one.chain.links


def extents(note: tree.ShapeNote | None) -> list[str]:
    """A shape note's extents as they are written; `_` for any."""
    assert note is not None
    return ["_" if extent is None else extent.span.text for extent in note.extents]


def nodes(node: tree.Node) -> Iterator[tree.Node]:
    """A node and all inside it, in the order of the text."""
    yield node
    for child in children(node):
        yield from nodes(child)


def children(node: tree.Node) -> list[tree.Node]:
    found = []
    for name, value in vars(node).items():
        if name not in ("span", "comments"):
            parts = value if isinstance(value, tuple) else (value,)
            found += [part for part in parts if isinstance(part, tree.Node)]
    return sorted(found, key=lambda part: (part.span.start, part.span.end))


def shown(expr: tree.Expr) -> str:
    """An expression with a bracket around each operation."""
    match expr:
        case tree.Binary():
            return f"({shown(expr.left)} {expr.operator} {shown(expr.right)})"
        case tree.Unary():
            return f"({expr.operator} {shown(expr.operand)})"
        case tree.Conditional():
            return f"({shown(expr.condition)} ? {shown(expr.then)} : {shown(expr.otherwise)})"
        case tree.Index():
            return f"{shown(expr.value)}[{shown(expr.index)}]"
        case tree.Attribute():
            return f"{shown(expr.value)}.{expr.name.text}"
        case _:
            return expr.span.text


class TestGrammar:
    TEXT = resources.files("inception_dsl.syntax").joinpath("grammar.lark").read_text("utf-8")

    def test_it_is_lalr_without_conflicts_of_rules_or_terminals(self) -> None:
        pytest.importorskip("interegular")
        Lark(self.TEXT, parser="lalr", lexer="basic", strict=True)

    def test_every_terminal_has_a_name(self) -> None:
        names = [terminal.name for terminal in Lark(self.TEXT, parser="lalr").terminals]
        assert names
        assert not [name for name in names if not name.isidentifier() or name.startswith("_")]

    def test_only_one_module_knows_lark(self) -> None:
        modules = resources.files("inception_dsl.syntax").iterdir()
        python = [module for module in modules if module.name.endswith(".py")]
        knowing = [m.name for m in python if "from lark" in m.read_text("utf-8")]
        assert knowing == ["lalr.py"]

    def test_the_tables_are_those_of_the_grammar(self) -> None:
        kept = KEPT.read_text("utf-8")
        assert kept == written(), "python -m inception_dsl.syntax.lalr writes them"

    def test_a_changed_grammar_is_read_as_it_is(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        changed = tmp_path / "grammar.lark"
        changed.write_text(self.TEXT.replace('"repeat"', '"again"'), encoding="utf-8")
        monkeypatch.setattr("inception_dsl.syntax.tables.GRAMMAR", changed)
        again = tables.__wrapped__().keywords
        assert "again" in again
        assert "repeat" not in again

    def test_operations_are_no_keywords(self) -> None:
        assert links("conv2d(1) -> relu() -> same() -> anything_else()")[-1].span.text == (
            "anything_else()"
        )


class TestFiles:
    def test_the_spec_at_a_glance(self) -> None:
        file = parsed(GLANCE)
        assert [type(item).__name__ for item in file.items] == ["Definition"] * 3 + ["Network"]
        layer, module, head, network = file.items
        assert isinstance(layer, tree.Definition)
        assert isinstance(module, tree.Definition)
        assert isinstance(head, tree.Definition)
        assert isinstance(network, tree.Network)
        assert [layer.role, module.role, head.role] == ["layer", "module", "head"]
        assert [p.name.text for p in module.params][:2] == ["n1x1", "reduce3x3"]
        kinds = [type(one).__name__ for one in network.body.statements]
        assert kinds == [
            "InputDecl", "Section", "Bind", "Bind", "Apply", "Bind", "Aux", "Section",
            "Expect", "Expect",
        ]  # fmt: skip

    def test_import_with_settings_and_aliases(self) -> None:
        (item,) = parsed('from "inception_v3" (bn_scale = false,) import a, b as c,').items
        assert isinstance(item, tree.Import)
        assert (item.path, item.path_span.text) == ("inception_v3", '"inception_v3"')
        assert [(s.keyword and s.keyword.text, s.value) for s in item.settings] == [
            ("bn_scale", expression("false"))
        ]
        assert [(n.name.text, n.alias.text) for n in item.names] == [("a", "a"), ("b", "c")]

    def test_file_level_let_and_param(self) -> None:
        let, typed, free = parsed("let a = 1 param b: bool = true param c = 2").items
        assert isinstance(let, tree.Let)
        assert isinstance(typed, tree.FileParam)
        assert isinstance(free, tree.FileParam)
        assert typed.type is not None
        assert (typed.name.text, typed.type.text, typed.default.span.text) == ("b", "bool", "true")
        assert free.type is None

    @pytest.mark.parametrize("role", ["layer", "block", "module", "reduction", "stem", "head"])
    def test_roles(self, role: str) -> None:
        (item,) = parsed(f"{role} a {{ }}").items
        assert isinstance(item, tree.Definition)
        assert (item.role, item.params, item.operands) == (role, (), ())

    def test_parameters_operands_and_note(self) -> None:
        (item,) = parsed("block a(x, y: int, z: size = 3x3,) on (p, q,) { } : [n, _, _]").items
        assert isinstance(item, tree.Definition)
        written = [(p.name.text, p.type and p.type.text, p.default) for p in item.params]
        assert written == [("x", None, None), ("y", "int", None), ("z", "size", expression("3x3"))]
        assert [operand.text for operand in item.operands] == ["p", "q"]
        assert extents(item.note) == ["n", "_", "_"]

    def test_network_with_a_note(self) -> None:
        (item,) = parsed("network n() { } : [1000]").items
        assert isinstance(item, tree.Network)
        assert extents(item.note) == ["1000"]

    def test_several_inputs_are_for_a_later_stage(self) -> None:
        a, b = statements("input a: 3x8x8 input b: [n, _]")
        assert isinstance(a, tree.InputDecl)
        assert isinstance(b, tree.InputDecl)
        assert (extents(a.shape), extents(b.shape)) == (["3", "8", "8"], ["n", "_"])

    @pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "\ufeff", "  \t\r\n"])
    def test_a_file_may_be_empty(self, text: str) -> None:
        assert parsed(text).items == ()

    def test_layout_means_nothing(self) -> None:
        plain = parsed("layer a(x: int = 1) {\n    relu() -> tanh()\n    relu()\n}\n")
        assert plain == parsed("layer a(x:int=1){relu()->tanh()relu()}")
        assert plain == parsed(
            "\ufefflayer\r\n\ta ( x : int = 1 , ) {\r\n relu() ->\r\n tanh()relu()}"
        )


class TestStatements:
    def test_chains(self) -> None:
        call, other = links("conv(64, 3x3, stride=2,) -> relu()")
        assert isinstance(call, tree.Call)
        assert call.name.text == "conv"
        assert [a.keyword and a.keyword.text for a in call.arguments] == [None, None, "stride"]
        assert isinstance(other, tree.Call)
        assert other.arguments == ()

    def test_chains_that_start_with_a_tensor(self) -> None:
        ref, call = links("skip -> conv(1)")
        assert isinstance(ref, tree.Ref)
        assert isinstance(call, tree.Call)
        assert ref.name.text == "skip"
        assert isinstance(links("input -> conv(1)")[0], tree.Ref)
        operands, _ = links("from (a, b) -> cell(44)")
        assert isinstance(operands, tree.From)
        assert [name.text for name in operands.names] == ["a", "b"]

    def test_binding_and_alias(self) -> None:
        bind, alias, whole = statements("a = conv(1) : 1x2x3 b = a c = input")
        assert isinstance(bind, tree.Bind)
        assert isinstance(alias, tree.Bind)
        assert isinstance(whole, tree.Bind)
        assert extents(bind.note) == ["1", "2", "3"]
        assert alias.chain.links == (links("a")[0],)
        assert whole.chain.links[0].span.text == "input"

    def test_words_stay_apart_without_line_ends(self) -> None:
        kinds = [type(s).__name__ for s in statements("a b = c let d = e if f { } g(1) h")]
        assert kinds == ["Apply", "Bind", "Let", "If", "Apply", "Apply"]

    @pytest.mark.parametrize(
        ("note", "written"),
        [
            ("64x56x56", ["64", "56", "56"]),
            ("_x17x17", ["_", "17", "17"]),
            ("64x_x_", ["64", "_", "_"]),
            ("1_024", ["1_024"]),
            ("_", ["_"]),
            ("[n, _, _]", ["n", "_", "_"]),
            ("[n * 2, 3x3[0],]", ["n * 2", "3x3[0]"]),
        ],
    )
    def test_notes(self, note: str, written: list[str]) -> None:
        one = statement(f"relu() : {note}")
        assert isinstance(one, tree.Apply)
        assert extents(one.note) == written

    @pytest.mark.parametrize(
        "text",
        [
            "relu()",
            "a = relu()",
            "a -> relu()",
            "concat { }",
            "residual { }",
            "residual { } shortcut { }",
            "if a { }",
            "if a { } else { }",
            "if a { } else if b { }",
            "repeat 3 { }",
            "stem { }",
            "head { }",
            "stage s { }",
            "aux a(weight=0.3) = h(3)",
            "aux a = h(3)",
        ],
    )
    def test_a_note_follows_any_statement_and_belongs_to_it_all(self, text: str) -> None:
        one = statement(f"{text} : 1x2x3")
        assert not isinstance(one, tree.Let | tree.InputDecl | tree.Expect | tree.Settings)
        assert extents(one.note) == ["1", "2", "3"]
        assert [n for n in nodes(one) if isinstance(n, tree.ShapeNote)] == [one.note]
        assert one.span.text == f"{text} : 1x2x3"

    def test_if_and_else_if(self) -> None:
        one = statement("if a { relu() } else if b { } else { tanh() }")
        assert isinstance(one, tree.If)
        assert one.otherwise is not None
        (other,) = one.otherwise.statements
        assert isinstance(other, tree.If)
        assert other.otherwise is not None
        assert other.otherwise.span.text == "{ tanh() }"
        assert one.otherwise.span == other.span

    def test_repeat(self) -> None:
        plain, counted = statements("repeat n - 1 { } repeat i in 0..n + 1 { }")
        assert isinstance(plain, tree.Repeat)
        assert isinstance(counted, tree.Repeat)
        assert (plain.variable, shown(plain.count)) == (None, "(n - 1)")
        assert counted.variable is not None
        assert counted.variable.text == "i"
        assert isinstance(counted.count, tree.Range)
        assert (shown(counted.count.low), shown(counted.count.high)) == ("0", "(n + 1)")

    def test_a_bracketed_conditional_bounds_a_range(self) -> None:
        one = statement("repeat i in 0..(if a then 1 else 2) { }")
        assert isinstance(one, tree.Repeat)
        assert isinstance(one.count, tree.Range)
        assert isinstance(one.count.high, tree.Conditional)

    def test_sections(self) -> None:
        stem, head, stage = statements("stem { } head { relu() } stage s { }")
        assert isinstance(stem, tree.Section)
        assert isinstance(head, tree.Section)
        assert isinstance(stage, tree.Section)
        assert [s.kind for s in (stem, head, stage)] == ["stem", "head", "stage"]
        assert (stem.name, stage.name) == (None, tree.Ident("s", span=stage.span))

    def test_aux(self) -> None:
        one = statement("aux a(weight=0.4,) = h(3) -> relu()")
        assert isinstance(one, tree.Aux)
        assert (one.name.text, len(one.arguments), len(one.chain.links)) == ("a", 1, 2)

    def test_expect(self) -> None:
        a, b, c = statements(
            'expect params(classes=1008) + buffers(classes=1008) == 23_885_392 "FID"'
            " expect depth == n * 2 expect macs in 10..2 * 10 \"a\\b 'c'\""
        )
        assert isinstance(a, tree.Expect)
        assert isinstance(b, tree.Expect)
        assert isinstance(c, tree.Expect)
        assert a.metric.span.text == "params(classes=1008) + buffers(classes=1008)"
        assert (a.comparison, a.value, a.source) == ("==", expression("23_885_392"), "FID")
        assert (shown(b.value), b.source) == ("(n * 2)", None)
        assert (c.comparison, c.source) == ("in", "a\\b 'c'")
        assert isinstance(c.value, tree.Range)

    def test_settings(self) -> None:
        preprocess, recipe = statements(
            "preprocess { size = 299  crop = 0.875  range = [-1, 1] }"
            " recipe { optimizer = rmsprop(decay=0.9, epsilon=1.0) epochs = 100 }"
        )
        assert isinstance(preprocess, tree.Settings)
        assert isinstance(recipe, tree.Settings)
        assert [entry.name.text for entry in preprocess.entries] == ["size", "crop", "range"]
        assert (preprocess.kind, recipe.kind) == ("preprocess", "recipe")
        assert isinstance(recipe.entries[0].value, tree.Call)


class TestCombinations:
    def test_branches(self) -> None:
        (combine,) = links(
            """concat {
                branch conv(1) -> relu() : 1x2x3
                branch a = conv(2) : 2x2x3
                branch b { conv(3) relu() } : 3x2x3
                branch { }
                branch input : 3x2x3
                branch skip
                branch from (a, b) -> cell(4)
            }"""
        )
        assert isinstance(combine, tree.Combine)
        assert combine.keyword.text == "concat"
        branches = [item for item in combine.items if isinstance(item, tree.Branch)]
        assert [b.name and b.name.text for b in branches] == [None, "a", "b", *[None] * 4]
        assert [b.braces for b in branches] == [False, False, True, True, False, False, False]
        assert [bool(b.note) for b in branches] == [True, True, True, False, True, False, False]
        assert branches[0].body.span.text == "conv(1) -> relu()"
        assert [len(b.body.statements) for b in branches] == [1, 1, 2, 0, 1, 1, 1]

    @pytest.mark.parametrize("keyword", ["concat", "add", "mul"])
    def test_combinations_are_links(self, keyword: str) -> None:
        before, combine, after = links(f"conv(1) -> {keyword} {{ branch relu() }} -> relu()")
        assert isinstance(combine, tree.Combine)
        assert combine.keyword.text == keyword
        assert isinstance(before, tree.Call)
        assert isinstance(after, tree.Call)

    def test_if_and_repeat_around_branches(self) -> None:
        (combine,) = links(
            """add {
                if a { branch relu() } else if b { branch tanh() branch x } else { }
                repeat 2 { branch relu() }
                repeat i in 0..2 { branch relu() }
            }"""
        )
        assert isinstance(combine, tree.Combine)
        choice, plain, counted = combine.items
        assert isinstance(choice, tree.BranchIf)
        (other,) = choice.otherwise
        assert isinstance(other, tree.BranchIf)
        assert (len(choice.then), len(other.then), other.otherwise) == (1, 2, ())
        assert isinstance(plain, tree.BranchRepeat)
        assert isinstance(counted, tree.BranchRepeat)
        assert (plain.variable, len(plain.items)) == (None, 1)
        assert isinstance(counted.count, tree.Range)

    def test_residual(self) -> None:
        (plain,) = links("residual { relu() }")
        (full,) = links("residual(scale=0.17) { relu() } shortcut { conv(1) }")
        assert isinstance(plain, tree.Residual)
        assert isinstance(full, tree.Residual)
        assert (plain.keyword.text, plain.arguments, plain.shortcut) == ("residual", (), None)
        assert len(full.arguments) == 1
        assert full.shortcut is not None
        assert full.shortcut.span.text == "{ conv(1) }"


class TestExpressions:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("3", 3),
            ("6_998_552", 6_998_552),
            ("007", 7),
            ("9223372036854775807", 2**63 - 1),
            ("1e-5", 1e-5),
            ("1.5E+3", 1500.0),
            ("1_0.25", 10.25),
            ("true", True),
            ("false", False),
            ("none", None),
            ('""', ""),
            ("\"C:\\new # 'x'\"", "C:\\new # 'x'"),
        ],
    )
    def test_literals(self, text: str, value: object) -> None:
        literal = expression(text)
        assert isinstance(literal, tree.Literal)
        assert (literal.value, type(literal.value)) == (value, type(value))

    @pytest.mark.parametrize(
        ("text", "sizes"),
        [("3x3", (3, 3)), ("1x7", (1, 7)), ("2x2x2", (2, 2, 2))],
    )
    def test_sizes(self, text: str, sizes: tuple[int, ...]) -> None:
        assert expression(text) == tree.SizeLiteral(sizes, span=expression(text).span)

    @pytest.mark.parametrize(
        ("text", "brackets"),
        [
            ("1 - 2 - 3", "((1 - 2) - 3)"),
            ("1 + 2 * 3", "(1 + (2 * 3))"),
            ("3*3", "(3 * 3)"),
            ("8 // 3 % 2 / 4", "(((8 // 3) % 2) / 4)"),
            ("-a * - -b", "((- a) * (- (- b)))"),
            ("-a[0].height", "(- a[0].height)"),
            ("n-1", "(n - 1)"),
            ("a or b and not c == d", "(a or (b and (not (c == d))))"),
            ("a < b and c >= d or e != f", "(((a < b) and (c >= d)) or (e != f))"),
            ("if a then b else if c then d else e + 1", "(a ? b : (c ? d : (e + 1)))"),
            ("if if a then b else c then d else e", "((a ? b : c) ? d : e)"),
            ("input.channels // 4", "(input.channels // 4)"),
            ("[1, n][i]", "[1, n][i]"),
            ("3x3 * 2 + k[0]", "((3x3 * 2) + k[0])"),
        ],
    )
    def test_precedence(self, text: str, brackets: str) -> None:
        assert shown(expression(text)) == brackets

    def test_brackets_group_and_belong_to_what_they_hold(self) -> None:
        product = expression("(a + b) * c")
        assert isinstance(product, tree.Binary)
        assert isinstance(product.left, tree.Binary)
        assert (product.span.text, product.left.span.text) == ("(a + b) * c", "(a + b)")

    def test_op_values_words_and_lists(self) -> None:
        call = expression("avg_pool(3x3, padding=[same, (1), f(), []],)")
        assert isinstance(call, tree.Call)
        value = call.arguments[1].value
        assert isinstance(value, tree.ListExpr)
        kinds = [type(item).__name__ for item in value.items]
        assert kinds == ["Name", "Literal", "Call", "ListExpr"]

    @pytest.mark.parametrize("text", ["1 < 2 < 3", "a == b == c"])
    def test_comparisons_do_not_chain(self, text: str) -> None:
        diagnostics = Diagnostics()
        parse(Source("spec", f"let x = {text}"), diagnostics)
        assert [d.code for d in diagnostics] == ["E0101"]


class TestPlaces:
    def test_every_node_of_a_line(self) -> None:
        text = "layer a( x : int = -1 ) { b = y -> f( 3x3 , k = z.w[0] ) : _x17 }"
        spans = [(type(n).__name__, n.span.text) for n in nodes(parsed(text).items[0])]
        assert spans == [
            ("Definition", text),
            ("Ident", "a"),
            ("Param", "x : int = -1"),
            ("Ident", "x"),
            ("Ident", "int"),
            ("Unary", "-1"),
            ("Literal", "1"),
            ("Block", "{ b = y -> f( 3x3 , k = z.w[0] ) : _x17 }"),
            ("Bind", "b = y -> f( 3x3 , k = z.w[0] ) : _x17"),
            ("Ident", "b"),
            ("Chain", "y -> f( 3x3 , k = z.w[0] )"),
            ("Ref", "y"),
            ("Ident", "y"),
            ("Call", "f( 3x3 , k = z.w[0] )"),
            ("Ident", "f"),
            ("Argument", "3x3"),
            ("SizeLiteral", "3x3"),
            ("Argument", "k = z.w[0]"),
            ("Ident", "k"),
            ("Index", "z.w[0]"),
            ("Attribute", "z.w"),
            ("Name", "z"),
            ("Ident", "w"),
            ("Literal", "0"),
            ("ShapeNote", "_x17"),
            ("Literal", "17"),
        ]

    @pytest.mark.parametrize(
        ("text", "kind", "written"),
        [
            ("if a { } else { }", tree.If, "if a { } else { }"),
            ("repeat 3 { } : 1x1", tree.Repeat, "repeat 3 { } : 1x1"),
            ("stage s { }", tree.Section, "stage s { }"),
            ("aux a(w=1) = h() : 3", tree.Aux, "aux a(w=1) = h() : 3"),
            ("x = residual(s=1) { } shortcut { }", tree.Residual, "residual(s=1) { } shortcut { }"),
            ("concat { branch { } }", tree.Combine, "concat { branch { } }"),
            ("concat { branch { } }", tree.Branch, "branch { }"),
            ("add { if a { } else { } }", tree.BranchIf, "if a { } else { }"),
            ("add { repeat 2 { } }", tree.BranchRepeat, "repeat 2 { }"),
            ("from ( a , b ) -> c()", tree.From, "from ( a , b )"),
            ('expect a in 1..2 "x"', tree.Range, "1..2"),
            ('expect a == 1 "x"', tree.Expect, 'expect a == 1 "x"'),
            ("recipe { a = 1 }", tree.Setting, "a = 1"),
            ("recipe { a = 1 }", tree.Settings, "recipe { a = 1 }"),
            ("input a : 3x8", tree.InputDecl, "input a : 3x8"),
            ("let a = if b then c else d", tree.Conditional, "if b then c else d"),
            ("let a = [ 1 , 2 ]", tree.ListExpr, "[ 1 , 2 ]"),
        ],
    )
    def test_the_place_of_a(self, text: str, kind: type[tree.Node], written: str) -> None:
        (found,) = [node for node in nodes(statement(text)) if isinstance(node, kind)]
        assert found.span.text == written

    @pytest.mark.parametrize("text", [GLANCE, GLANCE.replace("\n", "\r\n"), "\ufeff" + GLANCE])
    def test_nodes_lie_inside_one_another_and_side_by_side(self, text: str) -> None:
        for node in nodes(parsed(text)):
            inner = [child.span for child in children(node)]
            assert all(node.span.start <= s.start < s.end <= node.span.end for s in inner)
            for first, second in pairwise(inner):
                # A braceless branch and `else if` have a block just as long as what it holds;
                # an import without `as` has one name in two roles.
                assert first.end <= second.start or first == second

    def test_windows_line_ends_keep_lines_and_columns(self) -> None:
        unix, windows = parsed(GLANCE), parsed(GLANCE.replace("\n", "\r\n"))
        assert unix == windows
        places = [[str(n.span) for n in nodes(file.items[1])] for file in (unix, windows)]
        assert places[0] == places[1]


class TestDocsAndComments:
    def test_what_a_doc_stands_directly_above(self) -> None:
        file = parsed(
            """\
## The file,
##   in two lines.

## A knob.
param a: bool = true
## A layer.
layer b(
    ## How many.
    n: int,
    m: int,
) { relu() }

## Not the network: a blank line follows.

## The network.
network c { }
"""
        )
        knob, layer, network = file.items
        assert isinstance(knob, tree.FileParam)
        assert isinstance(layer, tree.Definition)
        assert isinstance(network, tree.Network)
        assert file.doc == "The file,\n  in two lines."
        assert (knob.doc, layer.doc, network.doc) == ("A knob.", "A layer.", "The network.")
        assert [param.doc for param in layer.params] == ["How many.", ""]

    def test_a_doc_directly_above_the_first_definition_is_not_the_files(self) -> None:
        file = parsed("## Only the layer.\nlayer a { }\n\n## Stray.\n\nlayer b { }")
        first, second = file.items
        assert isinstance(first, tree.Definition)
        assert isinstance(second, tree.Definition)
        assert (file.doc, first.doc, second.doc) == ("", "Only the layer.", "")

    @pytest.mark.parametrize("line_end", ["\n", "\r\n"])
    def test_a_files_doc_may_follow_a_licence_and_end_the_file(self, line_end: str) -> None:
        text = line_end.join(["\ufeff# Licence", "", "##The doc.", "## More."])
        assert parsed(text).doc == "The doc.\nMore."

    def test_a_comment_or_a_line_between_is_not_directly_above(self) -> None:
        for between in ("# plain\n", "\n", "### banner\n"):
            (item,) = parsed(f"let x = 1\n## Doc.\n{between}layer a {{ }}").items[1:]
            assert isinstance(item, tree.Definition)
            assert item.doc == ""

    def test_comments_keep_text_and_place(self) -> None:
        file = parsed('## Doc.\nlet a = "# no comment" # one\r\n#two\nlet b = 1 ## three')
        assert [c.text for c in file.comments] == ["## Doc.", "# one", "#two", "## three"]
        assert all(comment.span.text == comment.text for comment in file.comments)
