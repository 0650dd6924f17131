"""Memory of an inference: what feature maps take, and how much of it is alive at once."""

from __future__ import annotations

from dataclasses import dataclass

from inception_dsl.ir.graph import CheckedGraph, Graph

__all__ = ["Memory", "activation_bytes", "live_bytes", "memory", "owner"]

FLOAT32_BYTES = 4


@dataclass(frozen=True, slots=True)
class Memory:
    """The feature maps of one image on the main path: all of them, and the most alive at once.

    `peak_at` is the node during which that is.
    """

    activation_bytes: int
    peak_bytes: int
    peak_at: str


def memory(checked: CheckedGraph, value_bytes: int = FLOAT32_BYTES) -> Memory:
    """The memory of an inference, weights and the inner buffers of operations left out."""
    graph = checked.graph
    main = graph.main()
    alive = live_bytes(checked, value_bytes)
    peak_at = max(alive, key=lambda path: alive[path])
    each = activation_bytes(checked, value_bytes)
    return Memory(sum(each[path] for path in main), alive[peak_at], peak_at)


def activation_bytes(checked: CheckedGraph, value_bytes: int = FLOAT32_BYTES) -> dict[str, int]:
    """The memory of each node's result by its path, in graph order; none for a mere view."""
    graph = checked.graph
    return {
        node.path: node.out.size * value_bytes if owner(graph, node.path) == node.path else 0
        for node in graph
    }


def live_bytes(checked: CheckedGraph, value_bytes: int = FLOAT32_BYTES) -> dict[str, int]:
    """How many bytes of feature maps are alive while each node of the main path runs.

    Nodes run in the order of the graph. A feature map lives from its node to its last reader, the
    network's input from the start; the result to the end. What only looks at its operand in another
    way (`Op.view`) shares its memory.
    """
    graph = checked.graph
    main = graph.main()
    order = [node.path for node in graph if node.path in main]
    last: dict[str, int] = {}
    for step, path in enumerate(order):
        for reading in (path, *graph.operands(path)):
            last[owner(graph, reading)] = step
    last[owner(graph, graph.output)] = len(order)
    freed: dict[int, list[str]] = {}
    for path, step in last.items():
        freed.setdefault(step, []).append(path)
    found: dict[str, int] = {}
    alive = 0
    for step, path in enumerate(order):
        if owner(graph, path) == path:
            alive += graph[path].out.size * value_bytes
        found[path] = alive
        alive -= sum(graph[done].out.size for done in freed.get(step, ())) * value_bytes
    return found


def owner(graph: Graph, path: str) -> str:
    """The node whose memory this one's result lies in."""
    while True:
        operation, operands = graph[path].op, graph.operands(path)
        if not (operation.view or (operation.combines and len(operands) == 1)):
            return path
        path = operands[0]
