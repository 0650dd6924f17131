"""The syntax tree: what a spec says, before anything is known about what it means.

Every node is frozen and carries its span, which does not take part in equality: two texts that
differ only in layout have equal trees. Names that have a place of their own are `Ident`s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as Words

from inception_dsl.source import Source, Span

__all__ = [
    "Apply", "Argument", "Attribute", "Aux", "Binary", "Bind", "Block", "Branch", "BranchIf",
    "BranchItem", "BranchRepeat", "Call", "Chain", "Combine", "Conditional", "Definition", "Expect",
    "Expr", "File", "FileParam", "From", "Ident", "If", "Import", "Imported", "Index", "InputDecl",
    "Let", "Link", "ListExpr", "Literal", "Name", "Network", "Node", "Param", "Range", "Ref",
    "Repeat", "Residual", "Section", "Setting", "Settings", "ShapeNote", "SizeLiteral", "Statement",
    "Unary",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Node:
    """What every node has: its place."""

    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Ident(Node):
    """A name where it is written."""

    text: str


# Expressions


@dataclass(frozen=True)
class Literal(Node):
    """`3`, `1e-3`, `true`, `none` or `"text"`; `none` is None."""

    value: int | float | bool | str | None


@dataclass(frozen=True)
class SizeLiteral(Node):
    """`3x3`; None stands for `_`, which only shape notes may have."""

    extents: tuple[int | None, ...]


@dataclass(frozen=True)
class Name(Node):
    """A value, an operation, a definition, a word such as `same`, or `input`."""

    text: str


@dataclass(frozen=True)
class Call(Node):
    """`conv(64, 3x3)`: a link that applies, or an `op` value with arguments bound."""

    name: Ident
    arguments: tuple[Argument, ...]


@dataclass(frozen=True)
class Argument(Node):
    """`64`, or `stride=2`."""

    keyword: Ident | None
    value: Expr


@dataclass(frozen=True)
class ListExpr(Node):
    """`[1, n]`."""

    items: tuple[Expr, ...]


@dataclass(frozen=True)
class Index(Node):
    """`widths[i]`."""

    value: Expr
    index: Expr


@dataclass(frozen=True)
class Attribute(Node):
    """`input.channels`."""

    value: Expr
    name: Ident


@dataclass(frozen=True)
class Unary(Node):
    """`-x` or `not x`."""

    operator: str
    operand: Expr


@dataclass(frozen=True)
class Binary(Node):
    """`a + b`, `a == b`, `a and b`."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Conditional(Node):
    """`if c then a else b`."""

    condition: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True)
class Range(Node):
    """`a..b`, which excludes b; only `repeat` and `expect ... in` read one."""

    low: Expr
    high: Expr


Expr = (
    Literal | SizeLiteral | Name | Call | ListExpr | Index | Attribute | Unary | Binary
    | Conditional | Range
)  # fmt: skip


# Chains


@dataclass(frozen=True)
class Ref(Node):
    """A named tensor (or `input`) at the start of a chain."""

    name: Ident


@dataclass(frozen=True)
class From(Node):
    """`from (a, b)` at the start of a chain."""

    names: tuple[Ident, ...]


@dataclass(frozen=True)
class Branch(Node):
    """One branch; `braces` tells `branch name { ... }` from `branch name = chain`."""

    name: Ident | None
    body: Block
    braces: bool
    note: ShapeNote | None = None


@dataclass(frozen=True)
class BranchIf(Node):
    """`if` around branches; `else if` is one BranchIf in `otherwise`."""

    condition: Expr
    then: tuple[BranchItem, ...]
    otherwise: tuple[BranchItem, ...]


@dataclass(frozen=True)
class BranchRepeat(Node):
    """`repeat` around branches."""

    variable: Ident | None
    count: Expr
    items: tuple[BranchItem, ...]


BranchItem = Branch | BranchIf | BranchRepeat


@dataclass(frozen=True)
class Combine(Node):
    """`concat`, `add` or `mul` of branches; `keyword` is where the word stands."""

    keyword: Ident
    items: tuple[BranchItem, ...]


@dataclass(frozen=True)
class Residual(Node):
    """`residual(scale=s) { ... } shortcut { ... }`."""

    keyword: Ident
    arguments: tuple[Argument, ...]
    body: Block
    shortcut: Block | None


Link = Call | Combine | Residual | Ref | From


@dataclass(frozen=True)
class Chain(Node):
    """`a -> b -> c`; a Ref or From stands first only."""

    links: tuple[Link, ...]


@dataclass(frozen=True)
class ShapeNote(Node):
    """`: 64x56x56`, `: [classes, _, _]`, `: 1024`; None stands for `_`."""

    extents: tuple[Expr | None, ...]


# Statements


@dataclass(frozen=True)
class Block(Node):
    """Statements between braces; the span has the braces where they are written."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Apply(Node):
    """A chain on the current tensor."""

    chain: Chain
    note: ShapeNote | None = None


@dataclass(frozen=True)
class Bind(Node):
    """`name = chain`."""

    name: Ident
    chain: Chain
    note: ShapeNote | None = None


@dataclass(frozen=True)
class Let(Node):
    """`let name = value`, in a body or a file."""

    name: Ident
    value: Expr


@dataclass(frozen=True)
class If(Node):
    """`if`; `else if` is a Block of one If."""

    condition: Expr
    then: Block
    otherwise: Block | None
    note: ShapeNote | None = None


@dataclass(frozen=True)
class Repeat(Node):
    """`repeat n { ... }`, `repeat i in a..b { ... }`."""

    variable: Ident | None
    count: Expr
    body: Block
    note: ShapeNote | None = None


@dataclass(frozen=True)
class Section(Node):
    """`stem { ... }`, `head { ... }`, `stage name { ... }`."""

    kind: Words["stem", "head", "stage"]
    name: Ident | None
    body: Block
    note: ShapeNote | None = None


@dataclass(frozen=True)
class Aux(Node):
    """`aux name(weight=0.4) = chain`."""

    name: Ident
    arguments: tuple[Argument, ...]
    chain: Chain
    note: ShapeNote | None = None


@dataclass(frozen=True)
class InputDecl(Node):
    """`input image: 3x224x224`."""

    name: Ident
    shape: ShapeNote


@dataclass(frozen=True)
class Expect(Node):
    """`expect METRIC == VALUE "source"`; `value` is a Range after `in` (both ends count)."""

    metric: Expr
    comparison: Words["==", "in"]
    value: Expr
    source: str | None


@dataclass(frozen=True)
class Setting(Node):
    """`crop = 0.875` in a settings block."""

    name: Ident
    value: Expr


@dataclass(frozen=True)
class Settings(Node):
    """`preprocess { ... }` or `recipe { ... }`."""

    kind: Words["preprocess", "recipe"]
    entries: tuple[Setting, ...]


Statement = (
    Apply | Bind | Let | If | Repeat | Section | Aux | InputDecl | Expect | Settings
)  # fmt: skip


# Files


@dataclass(frozen=True)
class Imported(Node):
    """`reduction_b as reduction_b_v4`; `alias` is the name it has here."""

    name: Ident
    alias: Ident


@dataclass(frozen=True)
class Import(Node):
    """`from "blocks" (bn_scale = false) import conv, inception as unit`."""

    path: str
    path_span: Span = field(compare=False, repr=False)
    settings: tuple[Argument, ...]
    names: tuple[Imported, ...]


@dataclass(frozen=True)
class Param(Node):
    """A parameter of a definition or network; an untyped one has `type` None."""

    name: Ident
    type: Ident | None
    default: Expr | None
    doc: str = ""


@dataclass(frozen=True)
class FileParam(Node):
    """`param bn_scale: bool = true` at file level."""

    name: Ident
    type: Ident | None
    default: Expr
    doc: str = ""


@dataclass(frozen=True)
class Definition(Node):
    """`module name(params) on (a, b) { ... } : note`."""

    role: Words["layer", "block", "module", "reduction", "stem", "head"]
    name: Ident
    params: tuple[Param, ...]
    operands: tuple[Ident, ...]
    body: Block
    note: ShapeNote | None = None
    doc: str = ""


@dataclass(frozen=True)
class Network(Node):
    """`network name(params) { ... }`; input, expects and settings are statements of the body."""

    name: Ident
    params: tuple[Param, ...]
    body: Block
    note: ShapeNote | None = None
    doc: str = ""

    def __hash__(self) -> int:
        """By the name: a key of dictionaries must not cost a walk of the whole tree."""
        return hash(self.name.text)


Item = Import | FileParam | Let | Definition | Network


@dataclass(frozen=True)
class File(Node):
    """A whole spec file; `comments` keep their place for the formatter."""

    source: Source = field(compare=False, repr=False)
    items: tuple[Item, ...]
    doc: str = ""
    comments: tuple[Ident, ...] = field(default=(), compare=False, repr=False)
