"""Generated Python held against that of a twin spec: the same tree but for strings and names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

__all__ = ["differences"]

_FIXED = {"nn", "torch", "F", "math"}


def differences(source: str, twin: str) -> Iterator[str]:
    """What the source has that its twin has not, or the other way round, in a line each."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        yield f"no Python: {error.msg} in {(error.text or '').strip()[:60]!r}"
        return
    yield from _unlike(_spread(tree), _spread(ast.parse(twin)), "module")


def _unlike(found: Any, wanted: Any, where: str) -> Iterator[str]:
    if type(found) is not type(wanted):
        yield f"{where}: {type(found).__name__} for {type(wanted).__name__}"
    elif isinstance(wanted, ast.AST):
        if _is_of_a_library(wanted) and ast.dump(found) != ast.dump(wanted):
            yield f"{where}: {ast.unparse(found)} for {ast.unparse(wanted)}"
        for field in wanted._fields:
            inner = f"{type(wanted).__name__}.{field}"
            yield from _unlike(getattr(found, field), getattr(wanted, field), inner)
    elif isinstance(wanted, list):
        if len(found) != len(wanted):
            yield f"{where}: {len(found)} items for {len(wanted)}"
        for pair in zip(found, wanted, strict=False):
            yield from _unlike(*pair, where)
    elif not isinstance(wanted, str) and found != wanted:
        yield f"{where}: {found!r} for {wanted!r}"


def _is_of_a_library(node: ast.AST) -> bool:
    """Whether it is such a name as `nn.Conv2d`, or an import, which no spec has a say in."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    of = node.value if isinstance(node, ast.Attribute) else None
    return isinstance(of, ast.Name) and of.id in _FIXED


def _spread(tree: ast.Module) -> ast.Module:
    """With `x = a if b else None` as the two statements that it is where names are long."""

    class Spread(ast.NodeTransformer):
        def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.AST]:
            value = node.value
            if not isinstance(value, ast.IfExp) or ast.unparse(value.orelse) != "None":
                return node
            then = ast.Assign(node.targets, value.body)
            return [ast.Assign(node.targets, value.orelse), ast.If(value.test, [then], [])]

    spread: ast.Module = Spread().visit(tree)
    return spread
