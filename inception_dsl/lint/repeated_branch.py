"""W0105: a branch that does what a sibling of it does already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator

from inception_dsl.diagnostics import Diagnostic, Label
from inception_dsl.elaborate.elaborate import Spec
from inception_dsl.ir.graph import Graph
from inception_dsl.ir.regions import Region
from inception_dsl.lint.places import uses

__all__ = ["repeated_branch"]


def repeated_branch(spec: Spec) -> Iterator[Diagnostic]:
    """Branches with the operations, arguments and operands of an earlier one beside them.

    Those that one `branch` inside a `repeat` makes are alike on purpose.
    """
    graph = spec.graph.graph
    sizes: dict[str, int] = {}
    _count(graph.root, sizes)
    for siblings, keyword in _combinations(graph):
        ends = [(sizes[branch.path], graph[branch.outputs[0]].out) for branch in siblings]
        counts = Counter(ends)
        first: dict[Hashable, Region] = {}
        for branch, end in zip(siblings, ends, strict=True):
            if counts[end] == 1:
                continue  # however deep branches nest, few of them are looked into
            earlier = first.setdefault(_structure(graph, branch), branch)
            place, before = branch.origin.span, earlier.origin.span
            if place != before:
                yield Diagnostic(
                    "W0105",
                    f"a branch of `{keyword}` repeats its sibling",
                    place,
                    f"{graph[branch.outputs[0]].out} again, by the same operations",
                    (Label(before, "the first one"),),
                    uses(branch.origin),
                    "remove one, or give it the kernel, width or pool it was meant to have",
                )


def _count(region: Region, sizes: dict[str, int]) -> int:
    """Note how many nodes each region holds."""
    sizes[region.path] = sum(
        _count(child, sizes) if isinstance(child, Region) else 1 for child in region.children
    )
    return sizes[region.path]


def _combinations(graph: Graph) -> Iterator[tuple[list[Region], str]]:
    """The branches of each combination, which stand before its node, and its keyword."""
    for region in graph.root.walk():
        for index, child in enumerate(region.children):
            if isinstance(child, str) and graph[child].op.combines:
                before = region.children[max(0, index - len(graph.operands(child))) : index]
                branches = [each for each in before if isinstance(each, Region)]
                if all(branch.kind == "branch" for branch in branches):
                    yield branches, graph[child].op.name


def _structure(graph: Graph, branch: Region) -> Hashable:
    """What a branch computes, whatever its parts are named."""
    inside = {path: index for index, path in enumerate(branch.nodes())}
    nodes = tuple(
        (graph[path].op, tuple(inside.get(operand, operand) for operand in graph.operands(path)))
        for path in inside
    )
    return nodes, inside.get(branch.outputs[0], branch.outputs[0])
