"""A network as JSON: its totals and every node, for other programs."""

from __future__ import annotations

import json
from dataclasses import asdict

from inception_dsl.analysis.cost import cost, node_costs
from inception_dsl.ir.graph import CheckedGraph

__all__ = ["to_json"]

_TOTALS = ("params", "aux_params", "buffers", "macs", "depth", "convs", "linears", "layers")


def to_json(checked: CheckedGraph) -> str:
    """One object; totals are of the main path, `nodes` are in graph order, auxiliary heads too.

    `inputs` are paths in the order of the operands, shapes are lists without the batch.
    """
    graph, each = checked.graph, node_costs(checked)
    totals = asdict(cost(checked))
    network = {
        "name": graph.name,
        "input": checked.input_map.dims,
        "output": checked.output_map.dims,
        **{metric: totals[metric] for metric in _TOTALS},
    }
    nodes = [
        {
            "path": node.path,
            "op": node.op.name,
            "inputs": graph.operands(node.path),
            "output": node.out.dims,
            "params": each[node.path].params,
            "macs": each[node.path].macs,
        }
        for node in graph
    ]
    head = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in network.items())
    body = ",\n".join(f"    {json.dumps(node)}" for node in nodes)  # one line each, for people
    return f'{{\n{head},\n  "nodes": [\n{body}\n  ]\n}}\n'
