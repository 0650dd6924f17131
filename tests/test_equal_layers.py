"""A layer called alike on an equal tensor is expanded once, and nobody can tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inception_dsl.diagnostics import Diagnostics
from inception_dsl.elaborate.elaborate import Spec, elaborate
from inception_dsl.elaborate.limits import Limits
from inception_dsl.ir.regions import Origin, Region
from inception_dsl.locate import request_for
from inception_dsl.shipped import shipped_specs

pytestmark = pytest.mark.text

TWICE = """
layer twice(n: int) { a = conv2d(n, 1x1)  b = conv2d(n, 1x1)  relu() }
network net { input x: 8x4x4  twice(8)  twice(8)  one = twice(8)  twice(8) }
"""
LIMITS = Limits()


def uses(origin: Origin | None) -> list[tuple[str, int, int, str]]:
    """Where something was written, and the uses that led there."""
    found = []
    while origin:
        span = origin.span
        found.append((span.source.name, span.start, span.end, origin.use))
        origin = origin.parent
    return found


def path_of(child: Region | str) -> str:
    return child.path if isinstance(child, Region) else child


def expanded(spec: str, limits: Limits, *, each: bool) -> tuple[object, list[str]]:
    """All that a spec becomes, and its diagnostics; `each` call expanded, as under a watch."""
    diagnostics = Diagnostics()
    request = request_for(spec, None, {}, limits)
    watch = (lambda *_: None) if each else None
    found = elaborate(request, diagnostics, limits, watch=watch)
    said = [f"{record.code} {record.span}: {record.message}" for record in diagnostics]
    if not isinstance(found, Spec):
        return None, said
    graph = found.graph.graph
    nodes = [
        (node.path, node.op, node.out, node.arguments, graph.operands(node.path), uses(node.origin))
        for node in graph
    ]
    regions = [
        (r.kind, r.path, r.call, r.inputs, r.outputs, list(map(path_of, r.children)))
        for r in graph.root.walk()
    ]
    return (nodes, regions, graph.aux, found.statements), said


@pytest.mark.parametrize("spec", [TWICE, *shipped_specs()], ids=["twice", *shipped_specs()])
def test_it_is_as_if_each_was_expanded(spec: str) -> None:
    assert expanded(spec, LIMITS, each=False) == expanded(spec, LIMITS, each=True)


@pytest.mark.parametrize("name", ["operations", "statements", "values", "parameters", "path_bytes"])
def test_a_limit_is_passed_at_the_same_place(name: str) -> None:
    codes = set()
    for most in range(1, 200) if name != "parameters" else range(1, 700, 7):
        limits = replace(LIMITS, **{name: most})
        found = expanded(TWICE, limits, each=False)
        assert found == expanded(TWICE, limits, each=True), most
        codes.update(line.split()[0] for line in found[1])
    assert len(codes) == 1
