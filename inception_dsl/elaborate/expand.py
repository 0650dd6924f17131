"""A network's tree to its graph, with what the network says of itself."""

from __future__ import annotations

from typing import NamedTuple

from inception_dsl.diagnostics import Diagnostic, Diagnostics, Note
from inception_dsl.elaborate.build import Builder, Frame, Watch
from inception_dsl.elaborate.faults import fail
from inception_dsl.elaborate.given import network_settings
from inception_dsl.elaborate.load import Loader
from inception_dsl.elaborate.notes import check_note
from inception_dsl.elaborate.request import Request
from inception_dsl.elaborate.roles import check_heads
from inception_dsl.elaborate.scopes import Scope
from inception_dsl.elaborate.settings import read_settings
from inception_dsl.elaborate.statements import block
from inception_dsl.elaborate.units import Unit
from inception_dsl.elaborate.values import Tensor, describe
from inception_dsl.ir.graph import Graph, Node
from inception_dsl.ir.op import Input
from inception_dsl.ir.ports import connect, prune
from inception_dsl.ir.regions import Origin, Region
from inception_dsl.ir.types import FeatureMap
from inception_dsl.syntax import tree

__all__ = ["Expanded", "expand"]


class Expanded(NamedTuple):
    """A graph, the scope that its network's body ended with, and the results that it lost.

    `statements` is how many were executed.
    """

    graph: Graph
    scope: Scope
    lost: tuple[Node, ...]
    statements: int


def expand(
    network: tree.Network,
    unit: Unit,
    loader: Loader,
    request: Request,
    diagnostics: Diagnostics,
    watch: Watch | None = None,
) -> Expanded | None:
    """The graph of a network and what is known of it; None after errors.

    Raises: Fault where there is no input or nothing is built, OverBudget past a limit.
    """
    root = Region("network", "", "", Origin(network.name.span), doc=network.doc or unit.file.doc)
    graph = Graph(network.name.text, root, doc=root.doc, text=request.source.text)
    asked = bool(request.settings) or request.input is not None
    builder = Builder(graph, loader.limits, diagnostics, block, check_notes=not asked, watch=watch)
    scope = Scope(unit, "network")
    frame = Frame(scope, root)
    network_settings(builder, network, loader, request, frame)
    declared = _input(builder, network, request, frame)
    result = block(builder, network.body.statements, declared, frame)
    check_note(builder, network, result, frame)
    _read_blocks(builder, network, frame)
    if diagnostics.failed or result is None or result.node is None:
        return None
    if result.node == graph.input:
        message = f"`{network.name.text}` gives its input back"
        fail("E0515", network.body.span, message, "nothing is applied to it")
    graph.output = result.node
    lost = _finish(builder, frame)
    settable: list[tree.FileParam | tree.Param] = [*unit.params, *network.params]
    for param in settable:
        bound = scope.value(param.name.text)
        graph.settings[param.name.text] = bound.value if bound else None
    return Expanded(graph, scope, lost, builder.statements)


def _finish(builder: Builder, frame: Frame) -> tuple[Node, ...]:
    """Drop what nothing reads, and connect the regions; gives the results that were lost."""
    lost = prune(builder.graph)
    connect(builder.graph)
    check_heads(builder, frame)
    return tuple(lost)


def _input(builder: Builder, network: tree.Network, request: Request, frame: Frame) -> Tensor:
    declared = [item for item in network.body.statements if isinstance(item, tree.InputDecl)]
    if not declared:
        message = f"`{network.name.text}` has no input"
        fail("E0504", network.name.span, message, help="write `input image: 3x224x224`")
    for second in declared[1:]:
        notes = (Note("the first", declared[0].span),)
        message = "a network has one input"
        builder.report(Diagnostic("E0504", message, second.span, "a second", (), notes), frame)
    item = declared[0]
    channels, *grid = request.input or _declared(builder, item, frame)
    map = FeatureMap(channels, tuple(grid))
    if len(grid) > 3:
        fail("E0504", item.shape.span, f"a grid of {len(grid)} axes", "expected at most 3")
    path = frame.names.claim(item.name.text)
    builder.graph.add(Node(path, Input(map), map, Origin(item.span)), ())
    frame.region.children.append(path)
    builder.graph.input = path
    tensor = Tensor(path, map)
    frame.scope.tensors[item.name.text] = tensor
    frame.scope.input = tensor
    return tensor


def _declared(builder: Builder, item: tree.InputDecl, frame: Frame) -> list[int]:
    dims: list[int] = []
    for extent in item.shape.extents:
        value = builder.evaluator.value(extent, frame.scope) if extent else None
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            shown = describe(value) if extent else "`_`"
            fail(
                "E0504",
                item.shape.span,
                f"an input's shape has positive ints, found {shown}",
                help="grids are fixed; set others with `--input`",
            )
        dims.append(value)
    return dims


def _read_blocks(builder: Builder, network: tree.Network, frame: Frame) -> None:
    for item in network.body.statements:
        if isinstance(item, tree.Settings):
            previous = getattr(builder.graph, item.kind)
            if previous is not None:
                message = f"a second `{item.kind}`"
                builder.report(Diagnostic("E0512", message, item.span, "write one block"), frame)
            setattr(builder.graph, item.kind, read_settings(builder, item, frame))
