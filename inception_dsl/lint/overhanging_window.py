"""W0402: a pool whose `ceil` adds a window that hangs over the end of its input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.elaborate.elaborate import Spec
from inception_dsl.ir.op import Op, OpFault
from inception_dsl.ir.types import Dims, FeatureMap
from inception_dsl.lint.axes import counted, lines_of
from inception_dsl.lint.places import placed_nodes, uses
from inception_dsl.ops._window import Window
from inception_dsl.ops.avg_pool import AvgPool
from inception_dsl.ops.max_pool import MaxPool

__all__ = ["overhanging_window"]


def overhanging_window(spec: Spec) -> Iterator[Diagnostic]:
    """Pools that round up, where the last window leaves the input and its padding."""
    graph = spec.graph.graph
    for placed in placed_nodes(graph, _rounds_up):
        op, (x,) = placed.node.op, graph.maps(placed.node.path)
        assert isinstance(op, MaxPool | AvgPool), "only these round up"
        window = op.window(x)
        over = zip(lines_of(x), window.reach(x.grid), window.after, strict=True)
        beyond = [counted(reach - pad, line) for line, reach, pad in over if reach > pad]
        if not beyond:
            continue
        place = placed.origin
        edge = f"{Dims(x.grid)}" + (" and its padding" if any(window.after) else "")
        yield Diagnostic(
            "W0402",
            f"`{op.name}` with `ceil=true` reads beyond its input",
            place.span,
            f"the last windows read {' and '.join(beyond)} beyond {edge}",
            notes=uses(place),
            help=f"{_rounded_down(window, x)}; where the network really rounds up, say so: "
            "`# ignore W0402: ...`",
        )


def _rounds_up(op: Op) -> bool:
    return isinstance(op, MaxPool | AvgPool) and op.ceil


def _rounded_down(window: Window, x: FeatureMap) -> str:
    try:
        down = Dims(replace(window, ceil=False).grid(x.grid))
    except OpFault:
        return "without `ceil` no window fits"
    return f"without `ceil` the grid is {down} instead of {Dims(window.grid(x.grid))}"
