"""Deliberate mistakes in PyTorch source: each is one that a back end could make."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations, pairwise

__all__ = ["TorchMutation", "torch_mutations"]

Edit = Callable[[ast.AST], ast.AST]
"""What stands in the place of a node of the syntax tree, which it may change."""

PASSES_ON = (
    "ReLU", "ReLU6", "LeakyReLU", "Sigmoid", "Hardsigmoid", "SiLU", "Hardswish", "GELU", "Tanh",
    "Softmax", "LocalResponseNorm",
)  # fmt: skip
"""Modules without arrays that give the shape they get: they may be forgotten."""

CONFUSED = {
    "ReLU": "SiLU",
    "SiLU": "Sigmoid",
    "Sigmoid": "Tanh",
    "Tanh": "Sigmoid",
    "GELU": "ReLU",
    **{f"MaxPool{rank}d": f"AvgPool{rank}d" for rank in (1, 2, 3)},
    **{f"AvgPool{rank}d": f"MaxPool{rank}d" for rank in (1, 2, 3)},
    "mean": "amax",
    "amax": "mean",
    "bilinear": "nearest",
}
"""Names that may be taken for another."""

ONE_SIDED = ("count_include_pad", "dilation")
"""Arguments that only one of two confused pools has."""

NUMBERS: Mapping[str, Callable[[float], float]] = {
    "eps": lambda eps: 1e-3 if eps < 3e-4 else 1e-5,
    "alpha": lambda alpha: alpha * 2,
    "beta": lambda beta: beta / 2,
    "k": lambda k: k + 1,
    "negative_slope": lambda slope: slope * 2 or 0.1,
    "value": lambda value: value + 1,
    "stride": lambda stride: stride + 1,
    "padding": lambda padding: padding + 1,
    "dilation": lambda dilation: dilation + 1,
    "groups": lambda groups: 1 if groups > 1 else 2,
    "scale_factor": lambda factor: factor + 1,
    "dim": lambda dim: dim + 1,
}
"""What a number becomes that is got wrong, by the argument it is."""


@dataclass(frozen=True)
class TorchMutation:
    """One mistake: its kind, the line it is made on, and what is done there."""

    kind: str
    place: str
    index: int
    edit: Edit

    def apply(self, tree: ast.Module) -> ast.Module:
        """The source with the mistake."""
        mutant = copy.deepcopy(tree)
        wrong = list(ast.walk(mutant))[self.index]
        right = _Replace(wrong, self.edit)
        return ast.fix_missing_locations(right.visit(mutant))


class _Replace(ast.NodeTransformer):
    def __init__(self, wrong: ast.AST, edit: Edit) -> None:
        self.wrong, self.edit = wrong, edit

    def visit(self, node: ast.AST) -> ast.AST:
        return self.edit(node) if node is self.wrong else self.generic_visit(node)


def torch_mutations(tree: ast.Module) -> Iterator[TorchMutation]:
    """All mistakes that can be made in the source, of each kind wherever it fits."""
    scopes = _scopes(tree)
    for index, node in enumerate(ast.walk(tree)):
        for kind, edit in _mistakes(node, scopes.get(node, ())):
            yield TorchMutation(kind, ast.unparse(node), index, edit)


def _scopes(tree: ast.Module) -> dict[ast.AST, tuple[str, ...]]:
    """For each node of a `forward`, the tensors that have a name on the lines before."""
    found: dict[ast.AST, tuple[str, ...]] = {}
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or function.name != "forward":
            continue
        names = dict.fromkeys(argument.arg for argument in function.args.args[1:])
        for statement in function.body:
            found |= dict.fromkeys(ast.walk(statement), tuple(names))
            nodes = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
            names |= dict.fromkeys(node.id for node in nodes if isinstance(node.ctx, ast.Store))
    return found


def _mistakes(node: ast.AST, names: tuple[str, ...]) -> Iterator[tuple[str, Edit]]:
    match node:
        case ast.Call():
            yield from _in_call(node)
            yield from _in_keywords(node)
        case ast.Name(name, ast.Load()) if name in names:
            for other in names:
                if other != name:
                    yield "what a node reads", partial(_rename, other)
        case ast.BinOp(left, ast.Add() | ast.Mult(), right):
            yield from _in_sum(left, right, isinstance(node.op, ast.Add))
        case ast.Slice(ast.Constant(), ast.Constant()) if node.lower.value:
            yield "channels", _shift


def _in_call(call: ast.Call) -> Iterator[tuple[str, Edit]]:
    match call:
        case ast.Call(ast.Attribute(ast.Name("torch"), "cat"), [ast.List(items), *_]):
            for one, other in combinations(range(len(items)), 2):
                if ast.dump(items[one]) != ast.dump(items[other]):
                    yield "order of a concat", partial(_swap_items, one, other)
        case ast.Call(ast.Attribute(ast.Name("self")), [ast.expr()]):
            yield "dropped operation", lambda call: call.args[0]
        case ast.Call(ast.Attribute(ast.Name("nn"), name), arguments):
            yield from _in_module(name, arguments)
        case ast.Call(ast.Attribute(ast.Name("F"), "pad"), [_, ast.Tuple(pads), *_]):
            for axis in range(0, len(pads), 2):
                if ast.dump(pads[axis]) != ast.dump(pads[axis + 1]):
                    yield "pads", partial(_swap_pads, axis)
        case ast.Call(ast.Name("Chain"), [], keywords):
            for one, other in pairwise(range(len(keywords))):
                yield "order of a chain", partial(_swap_keywords, one, other)
        case ast.Call(ast.Attribute(_, ("mean" | "amax") as name)):
            yield "another operation", partial(_confuse, CONFUSED[name])


def _in_module(name: str, arguments: list[ast.expr]) -> Iterator[tuple[str, Edit]]:
    if name in PASSES_ON:
        yield "dropped operation", lambda _: ast.parse("nn.Identity()").body[0].value
    if name in CONFUSED:
        yield "another operation", partial(_confuse, CONFUSED[name])
    if "Pool" in name or name == "LocalResponseNorm":
        for port, argument in enumerate(arguments):
            yield from _in_kernel(port, argument)


def _in_kernel(port: int, argument: ast.expr) -> Iterator[tuple[str, Edit]]:
    match argument:
        case ast.Constant(int(size)):
            yield "kernel", partial(_set_argument, port, ast.Constant(size + 1))
        case ast.Tuple(sizes):
            yield "kernel", partial(_set_argument, port, ast.Tuple(sizes[::-1], ast.Load()))


def _in_sum(left: ast.expr, right: ast.expr, is_sum: bool) -> Iterator[tuple[str, Edit]]:
    if isinstance(left, ast.Constant):
        yield "scale", partial(_rescale, left.value * 1.25)
    elif not isinstance(right, ast.Constant) and not _is_number(left):
        yield "another operation", partial(_swap_operator, ast.Mult() if is_sum else ast.Add())
        yield "operand of a sum", lambda sum: sum.left
        yield "operand of a sum", lambda sum: sum.right


def _is_number(expr: ast.expr) -> bool:
    """Whether it may be one of the numbers that modules keep: `self.factor`."""
    return isinstance(expr, ast.Attribute)


def _in_keywords(call: ast.Call) -> Iterator[tuple[str, Edit]]:
    for port, keyword in enumerate(call.keywords):
        name = keyword.arg
        match keyword.value:
            case ast.Constant(bool(flag)) if name != "bias":
                yield name, partial(_set_keyword, port, ast.Constant(not flag))
            case ast.Constant(int() | float() as number) if name in NUMBERS:
                yield name, partial(_set_keyword, port, ast.Constant(NUMBERS[name](number)))
            case ast.Tuple(items) if len({ast.dump(item) for item in items}) > 1:
                yield name, partial(_set_keyword, port, ast.Tuple(items[::-1], ast.Load()))
        if isinstance(call.func, ast.Attribute) and name != "bias":
            yield "forgotten argument", partial(_forget_keyword, port)


def _swap_items(one: int, other: int, call: ast.Call) -> ast.AST:
    items = call.args[0].elts
    items[one], items[other] = items[other], items[one]
    return call


def _confuse(name: str, call: ast.Call) -> ast.AST:
    call.func.attr = name
    call.keywords = [keyword for keyword in call.keywords if keyword.arg not in ONE_SIDED]
    return call


def _set_argument(port: int, value: ast.expr, call: ast.Call) -> ast.AST:
    call.args[port] = value
    return call


def _set_keyword(port: int, value: ast.expr, call: ast.Call) -> ast.AST:
    call.keywords[port].value = value
    return call


def _forget_keyword(port: int, call: ast.Call) -> ast.AST:
    del call.keywords[port]
    return call


def _swap_keywords(one: int, other: int, call: ast.Call) -> ast.AST:
    keywords = call.keywords
    keywords[one], keywords[other] = keywords[other], keywords[one]
    return call


def _swap_pads(axis: int, call: ast.Call) -> ast.AST:
    pads = call.args[1].elts
    pads[axis], pads[axis + 1] = pads[axis + 1], pads[axis]
    return call


def _rename(name: str, read: ast.Name) -> ast.AST:
    return ast.Name(name, ast.Load())


def _rescale(factor: float, product: ast.BinOp) -> ast.AST:
    product.left = ast.Constant(factor)
    return product


def _swap_operator(operator: ast.operator, sum: ast.BinOp) -> ast.AST:
    sum.op = operator
    return sum


def _shift(bounds: ast.Slice) -> ast.AST:
    return ast.Slice(
        ast.Constant(bounds.lower.value - 1), ast.Constant(bounds.upper.value - 1), bounds.step
    )
