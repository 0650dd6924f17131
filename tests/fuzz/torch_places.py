"""Which tensors of a forward pass are the values of which nodes.

Most operations are a module at their node's path, which reads the values of other nodes. Only what
stands in an expression between two others (`torch.cat([x + a, ...])`) is nowhere to be seen.
"""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from inception_dsl.ir.graph import Graph
from tests.fuzz.torch_values import Call, TorchRun

__all__ = ["tensors_of_nodes"]


def tensors_of_nodes(graph: Graph, run: TorchRun) -> dict[str, list[Tensor]]:
    """The tensors that are a node's value, by its path: one for each module that reads it."""
    found: dict[str, list[Tensor]] = {graph.input: [run.values[0]]}
    for node in graph:
        for path, tensor in _of_calls(graph, node.path, run.calls.get(node.path, [])):
            found.setdefault(path, []).append(tensor)
    results = run.result if isinstance(run.result, tuple) else (run.result,)
    ends = (graph.output, *(head.output for head in graph.aux))
    for path, tensor in zip(ends, results, strict=False):
        found.setdefault(path, []).append(tensor)
    return found


def _of_calls(graph: Graph, path: str, calls: list[Call]) -> Iterator[tuple[str, Tensor]]:
    if len(calls) != 1:
        return  # an average over padding on one side is a quotient of two
    (call,) = calls
    (source,) = graph.operands(path)
    (operand,) = call.operands
    result, operation = call.result, graph[path].op.name
    if operation == "layer_norm":  # which PyTorch has for the last axis only
        operand, result = operand.movedim(-1, 1), result.movedim(-1, 1)
    yield path, result
    padded = tuple(operand.shape[1:]) != graph[source].out.dims
    if not padded:
        yield source, operand
