"""From words to syntax tree: one attribute for each rule of grammar.lark.

The parser calls it as it completes the rule, so no tree of the parser's own is ever built or
walked. A rule's parts are its children without the words that only hold it together, and its span
reaches from the first child to the last, those words included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, NamedTuple, TypeVar

from inception_dsl.source import Span
from inception_dsl.syntax import tree
from inception_dsl.syntax.word import Word

__all__ = ["BUILDER"]

_GLUE: Final = frozenset(
    ["LBRACE", "RBRACE", "LPAR", "RPAR", "LSQB", "RSQB", "COMMA", "COLON", "EQUAL", "DOT", "ARROW"]
    + ["RANGE", "FROM", "IMPORT", "AS", "ON", "LET", "AUX", "EXPECT", "STAGE", "BRANCH", "SHORTCUT"]
    + ["IF", "THEN", "ELSE", "REPEAT", "IN"]
)
_CONSTANTS: Final = {"true": True, "false": False, "none": None}

Built = TypeVar("Built")
Callback = Callable[[Any, list[Any]], Built]


class _Several(NamedTuple):
    """The items between brackets, which have a place but no node of their own."""

    span: Span
    items: tuple[Any, ...]


class _Rounds(NamedTuple):
    """`repeat` up to its opening brace."""

    span: Span
    variable: tree.Ident | None
    number: tree.Expr


def _rule(build: Callable[..., Built]) -> Callback[Built]:
    """The callback of a rule that `build` makes a node of, from its span and its parts."""

    def callback(builder: object, children: list[Any]) -> Built:
        first, last = children[0], children[-1]
        if first is None or last is None:
            written = [child for child in children if child is not None]
            first, last = written[0], written[-1]
        span = first.span if first is last else first.span.to(last.span)
        parts = [p for p in children if type(p) is not Word or p.type not in _GLUE]
        return build(builder, span, *parts)

    return callback


def _node(kind: Callable[..., Built]) -> Callback[Built]:
    """The callback of a rule whose parts are the fields of a `kind`, in order."""
    return _rule(lambda _, span, *parts: kind(*map(_field, parts), span=span))


def _nodes(kind: Callable[..., Built]) -> Callback[Built]:
    """The callback of a rule whose parts are the items of a `kind`'s one field."""
    return _rule(lambda _, span, *parts: kind(tuple(map(_field, parts)), span=span))


def _several() -> Callback[_Several]:
    return _rule(lambda _, span, *parts: _Several(span, tuple(map(_field, parts))))


def _part() -> Callback[Any]:
    return _rule(lambda _, span, part: part)


def _field(part: Any) -> Any:
    if isinstance(part, Word):
        return _ident(part)
    return part.items if isinstance(part, _Several) else part


class _Builder:
    # Files

    def start(self, items: list[tree.Item]) -> tuple[tree.Item, ...]:
        return tuple(items)  # the one rule that may be empty, and so have no span

    role = _part()
    operands = _several()
    parameters = _several()
    type_ = _part()
    default = _part()

    @_rule
    def import_(
        self, span: Span, path: Word, settings: _Several | None, *names: tree.Imported
    ) -> tree.Import:
        return tree.Import(_text(path), path.span, _items(settings), names, span=span)

    @_rule
    def imported(self, span: Span, name: Word, alias: Word | None = None) -> tree.Imported:
        return tree.Imported(_ident(name), _ident(alias or name), span=span)

    @_rule
    def file_param(
        self, span: Span, keyword: Word, name: Word, type_: Word | None, default: tree.Expr
    ) -> tree.FileParam:
        return tree.FileParam(_ident(name), _field(type_), default, keyword.doc, span=span)

    @_rule
    def definition(
        self,
        span: Span,
        role: Any,
        name: Word,
        params: _Several | None,
        operands: _Several | None,
        body: tree.Block,
        note: tree.ShapeNote | None,
    ) -> tree.Definition:
        heading = (role.text, _ident(name), _items(params), _items(operands))
        return tree.Definition(*heading, body, note, role.doc, span=span)

    @_rule
    def network(
        self,
        span: Span,
        keyword: Word,
        name: Word,
        params: _Several | None,
        body: tree.Block,
        note: tree.ShapeNote | None,
    ) -> tree.Network:
        return tree.Network(_ident(name), _items(params), body, note, keyword.doc, span=span)

    @_rule
    def parameter(
        self, span: Span, name: Word, type_: Word | None, default: tree.Expr | None
    ) -> tree.Param:
        return tree.Param(_ident(name), _field(type_), default, name.doc, span=span)

    # Statements

    block = _nodes(tree.Block)
    apply = _node(tree.Apply)
    bind = _node(tree.Bind)
    let = _node(tree.Let)
    if_ = _node(tree.If)
    setting = _node(tree.Setting)
    note = _part()

    @_rule
    def if_statement(self, span: Span, plain: tree.If, note: tree.ShapeNote | None) -> tree.If:
        return replace(plain, note=note, span=span)

    @_rule
    def else_(self, span: Span, body: tree.Block | tree.If) -> tree.Block:
        return tree.Block((body,), span=body.span) if isinstance(body, tree.If) else body

    @_rule
    def repeat(
        self, span: Span, rounds: _Rounds, body: tree.Block, note: tree.ShapeNote | None
    ) -> tree.Repeat:
        return tree.Repeat(rounds.variable, rounds.number, body, note, span=span)

    @_rule
    def rounds(self, span: Span, *parts: Any) -> _Rounds:
        return _Rounds(span, _ident(parts[0]) if len(parts) > 1 else None, parts[-1])

    @_rule
    def section(
        self, span: Span, kind: Any, body: tree.Block, note: tree.ShapeNote | None
    ) -> tree.Section:
        return tree.Section(kind.text, None, body, note, span=span)

    @_rule
    def stage(
        self, span: Span, name: Word, body: tree.Block, note: tree.ShapeNote | None
    ) -> tree.Section:
        return tree.Section("stage", _ident(name), body, note, span=span)

    @_rule
    def aux(
        self,
        span: Span,
        name: Word,
        arguments: _Several | None,
        chain: tree.Chain,
        note: tree.ShapeNote | None,
    ) -> tree.Aux:
        return tree.Aux(_ident(name), _items(arguments), chain, note, span=span)

    @_rule
    def input_declaration(
        self, span: Span, _keyword: Word, name: Word, shape: tree.ShapeNote
    ) -> tree.InputDecl:
        return tree.InputDecl(_ident(name), shape, span=span)

    @_rule
    def expect_equal(
        self, span: Span, metric: tree.Expr, _equals: Word, value: tree.Expr, source: Word | None
    ) -> tree.Expect:
        return tree.Expect(metric, "==", value, _text(source) if source else None, span=span)

    @_rule
    def expect_in(
        self, span: Span, metric: tree.Expr, bounds: tree.Range, source: Word | None
    ) -> tree.Expect:
        return tree.Expect(metric, "in", bounds, _text(source) if source else None, span=span)

    @_rule
    def settings(self, span: Span, kind: Any, *entries: tree.Setting) -> tree.Settings:
        return tree.Settings(kind.text, entries, span=span)

    @_rule
    def shape(self, span: Span, *parts: Any) -> tree.ShapeNote:
        if len(parts) == 1 and type(parts[0]) is Word and parts[0].span == span:
            return tree.ShapeNote(_extents(parts[0]), span=span)
        return tree.ShapeNote(tuple(None if type(p) is Word else p for p in parts), span=span)

    # Chains

    chain = _nodes(tree.Chain)
    ref = _node(tree.Ref)
    from_ = _nodes(tree.From)
    call = _node(tree.Call)
    combine = _node(tree.Combine)
    branches = _several()
    shortcut = _part()

    @_rule
    def input_alone(self, span: Span, ref: tree.Ref) -> tree.Chain:
        return tree.Chain((ref,), span=span)

    @_rule
    def branch(self, span: Span, chain: tree.Chain, note: tree.ShapeNote | None) -> tree.Branch:
        return tree.Branch(None, _sole(chain), False, note, span=span)

    @_rule
    def named_branch(
        self, span: Span, name: Word, chain: tree.Chain, note: tree.ShapeNote | None
    ) -> tree.Branch:
        return tree.Branch(_ident(name), _sole(chain), False, note, span=span)

    @_rule
    def braced_branch(
        self, span: Span, name: Word | None, body: tree.Block, note: tree.ShapeNote | None
    ) -> tree.Branch:
        return tree.Branch(_field(name), body, True, note, span=span)

    @_rule
    def branch_if(
        self, span: Span, condition: tree.Expr, then: _Several, otherwise: _Several | None
    ) -> tree.BranchIf:
        return tree.BranchIf(condition, then.items, _items(otherwise), span=span)

    @_rule
    def branch_else(self, span: Span, items: _Several | tree.BranchIf) -> _Several:
        return _Several(span, (items,) if isinstance(items, tree.BranchIf) else items.items)

    @_rule
    def branch_repeat(self, span: Span, rounds: _Rounds, items: _Several) -> tree.BranchRepeat:
        return tree.BranchRepeat(rounds.variable, rounds.number, items.items, span=span)

    @_rule
    def residual(
        self,
        span: Span,
        keyword: Word,
        arguments: _Several | None,
        body: tree.Block,
        shortcut: tree.Block | None,
    ) -> tree.Residual:
        return tree.Residual(_ident(keyword), _items(arguments), body, shortcut, span=span)

    # Expressions

    arguments = _several()
    conditional = _node(tree.Conditional)
    range_ = _node(tree.Range)
    index = _node(tree.Index)
    attribute = _node(tree.Attribute)
    list_expr = _nodes(tree.ListExpr)

    @_rule
    def argument(self, span: Span, *parts: Any) -> tree.Argument:
        return tree.Argument(_ident(parts[0]) if len(parts) > 1 else None, parts[-1], span=span)

    @_rule
    def binary(self, span: Span, left: tree.Expr, operator: Word, right: tree.Expr) -> tree.Binary:
        return tree.Binary(operator.text, left, right, span=span)

    @_rule
    def unary(self, span: Span, operator: Word, operand: tree.Expr) -> tree.Unary:
        return tree.Unary(operator.text, operand, span=span)

    @_rule
    def name(self, span: Span, word: Word) -> tree.Name:
        return tree.Name(word.text, span=span)

    @_rule
    def size(self, span: Span, word: Word) -> tree.SizeLiteral:
        return tree.SizeLiteral(tuple(map(int, word.text.split("x"))), span=span)

    @_rule
    def literal(self, span: Span, word: Word) -> tree.Literal:
        value: int | float | bool | str | None
        match word.type:
            case "INT":
                value = int(word.text)
            case "FLOAT":
                value = float(word.text)
            case "STRING":
                value = _text(word)
            case _:
                value = _CONSTANTS[word.text]
        return tree.Literal(value, span=span)

    @_rule
    def parenthesised(self, span: Span, value: tree.Expr) -> tree.Expr:
        return replace(value, span=span)  # so that what stands around it spans the brackets too


BUILDER: Final = _Builder()


def _ident(word: Word) -> tree.Ident:
    return tree.Ident(word.text, span=word.span)


def _text(string: Word) -> str:
    return string.text[1:-1]


def _items(several: _Several | None) -> tuple[Any, ...]:
    return several.items if several else ()


def _sole(chain: tree.Chain) -> tree.Block:
    """The body of a branch that is one chain."""
    return tree.Block((tree.Apply(chain, span=chain.span),), span=chain.span)


def _extents(word: Word) -> tuple[tree.Literal | None, ...]:
    """The extents of a shape note such as `_x17x17` or `1024`."""
    extents: list[tree.Literal | None] = []
    start = word.span.start
    for digits in word.text.split("x"):
        span = Span(word.span.source, start, start + len(digits))
        extents.append(None if digits == "_" else tree.Literal(int(digits), span=span))
        start = span.end + 1
    return tuple(extents)
