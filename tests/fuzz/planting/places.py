"""Places of a valid spec at which a statement may be put in: run, and harmless by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from inception_dsl.ir.graph import Node
from inception_dsl.syntax import tree
from tests.fuzz.planting.host import Host, Site
from tests.fuzz.planting.planter import Edits, pick

__all__ = ["added", "chains", "insertion", "insertions", "results"]


def insertion(random: Random, host: Host, *, layers: bool = False) -> int | None:
    """The offset behind a statement that runs, where another may stand; in layers on request."""
    return pick(random, insertions(host, layers=layers))


def insertions(host: Host, *, layers: bool = False) -> Iterator[int]:
    """All such offsets, in the order of the text."""
    for block, site in host.find(tree.Block):
        owner = site.around[0]
        if isinstance(owner, tree.Definition) and owner.role == "layer" and not layers:
            continue
        if not host.text.startswith("{", block.span.start):
            continue
        for index, statement in enumerate(block.statements):
            later = block.statements[index + 1 :]
            if _runs(host, statement) and not any(_is_stem(host, other) for other in later):
                yield statement.span.end


def _runs(host: Host, statement: tree.Statement) -> bool:
    """Whether it is a chain of calls that takes part in the network, and ends in no head."""
    if not isinstance(statement, tree.Apply | tree.Bind):
        return False
    last = statement.chain.links[-1]
    return isinstance(last, tree.Call) and host.is_used(last) and _role(host, last) != "head"


def _role(host: Host, call: tree.Call) -> str:
    definition = host.definitions.get(call.name.text) or host.imported.get(call.name.text)
    return definition.role if definition else ""


def _is_stem(host: Host, statement: tree.Statement) -> bool:
    if isinstance(statement, tree.Section):
        return statement.kind == "stem"
    if not isinstance(statement, tree.Apply | tree.Bind):
        return False
    first = statement.chain.links[0]
    return isinstance(first, tree.Call) and _role(host, first) == "stem"


def added(host: Host, call: tree.Call, argument: str) -> Edits:
    """A call with another argument behind those that it has."""
    at = call.span.end - 1
    follows = host.text[:at].rstrip().endswith(("(", ","))
    return Edits(((at, at, argument if follows else f", {argument}"),))


def chains(host: Host) -> Iterator[tuple[tree.Chain, Site]]:
    """The chains that end in an operation of the network or a call of a definition."""
    for chain, site in host.find(tree.Chain):
        last = chain.links[-1]
        if isinstance(last, tree.Call) and host.is_used(last):
            yield chain, site


def results(host: Host, call: tree.Call) -> list[Node]:
    """The operations at whose outputs the uses of a call end."""
    if found := host.nodes(call):
        return found
    span = (call.span.start, call.span.end)
    graph = host.graph
    regions = (r for r in graph.root.walk() if r.origin.span.source.text == host.text)
    ends = (r for r in regions if (r.origin.span.start, r.origin.span.end) == span and r.outputs)
    return [graph[region.outputs[0]] for region in ends]
