"""Where statements may stand: sections, inputs and figures in a network, only chains in a layer."""

from __future__ import annotations

from collections.abc import Iterator

from inception_dsl.diagnostics import Diagnostic, Diagnostics
from inception_dsl.syntax import tree

__all__ = ["check_placement"]


def check_placement(item: tree.Definition | tree.Network, diagnostics: Diagnostics) -> None:
    """Report statements that `item` may not hold, or not at that place."""
    where = "network" if isinstance(item, tree.Network) else item.role
    for found in _misplaced(item.body.statements, where, top=True, repeated=False):
        diagnostics.add(found)


def _misplaced(
    statements: tuple[tree.Statement, ...], where: str, *, top: bool, repeated: bool
) -> Iterator[Diagnostic]:
    """`where` is the role, `network`, or `inner` in its combinations; `top` is its own body."""
    for item in statements:
        match item:
            case tree.InputDecl() | tree.Expect() | tree.Settings() if not (
                where == "network" and top
            ):
                word = _WORDS.get(type(item).__name__) or getattr(item, "kind", "")
                yield Diagnostic(
                    "E0511", f"`{word}` stands directly in a network", item.span, "not allowed here"
                )
            case tree.Section():
                yield from _section(item, where, repeated)
                yield from _misplaced(item.body.statements, where, top=False, repeated=repeated)
            case tree.Aux():
                if where != "network" or repeated:
                    help = "write it behind the repeat" if repeated else None
                    message = "an auxiliary head stands in a network's body or its sections"
                    yield Diagnostic("E0506", message, item.span, "not allowed here", help=help)
            case tree.If():
                yield from _misplaced(item.then.statements, where, top=False, repeated=repeated)
                if item.otherwise:
                    yield from _misplaced(
                        item.otherwise.statements, where, top=False, repeated=repeated
                    )
            case tree.Repeat():
                if where == "layer":
                    yield _not_in_layer("repeat", item)
                yield from _misplaced(item.body.statements, where, top=False, repeated=True)
            case tree.Apply() | tree.Bind():
                yield from _in_chain(item.chain, where)


_WORDS = {"InputDecl": "input", "Expect": "expect"}


def _section(item: tree.Section, where: str, repeated: bool) -> Iterator[Diagnostic]:
    if where != "network":
        help = f"use a definition of role `{'block' if item.kind == 'stage' else item.kind}`"
        yield Diagnostic(
            "E0511",
            f"`{item.kind}` sections stand in a network",
            item.span,
            "not allowed here",
            help=help,
        )
    elif repeated and item.kind != "stage":
        yield Diagnostic(
            "E0511", f"a `{item.kind}` is not repeated", item.span, "not allowed in a repeat"
        )


def _not_in_layer(word: str, item: tree.Node) -> Diagnostic:
    help = "make the definition a `block` or a `module`"
    message = f"a layer is a chain of operations, `{word}` is not allowed in it"
    return Diagnostic("E0501", message, item.span, "a layer has none", help=help)


def _in_chain(chain: tree.Chain, where: str) -> Iterator[Diagnostic]:
    inner = "inner" if where == "network" else where
    for link in chain.links:
        match link:
            case tree.Combine():
                if where == "layer":
                    yield _not_in_layer(link.keyword.text, link.keyword)
                yield from _in_branches(link.items, inner)
            case tree.Residual():
                if where == "layer":
                    yield _not_in_layer("residual", link.keyword)
                for block in (link.body, link.shortcut):
                    yield from _misplaced(
                        block.statements if block else (), inner, top=False, repeated=False
                    )


def _in_branches(items: tuple[tree.BranchItem, ...], where: str) -> Iterator[Diagnostic]:
    for item in items:
        match item:
            case tree.Branch():
                yield from _misplaced(item.body.statements, where, top=False, repeated=False)
            case tree.BranchIf():
                yield from _in_branches(item.then, where)
                yield from _in_branches(item.otherwise, where)
            case tree.BranchRepeat():
                yield from _in_branches(item.items, where)
