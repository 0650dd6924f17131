"""A network as JSON: its totals and every node, for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from inception_dsl.analysis.cost import cost
from inception_dsl.backends.table.columns import DEFAULT_COLUMNS, Columns
from inception_dsl.ir.graph import CheckedGraph

__all__ = ["to_json"]

_TOTALS = ("params", "aux_params", "buffers", "macs", "depth", "convs", "linears", "layers")


def to_json(checked: CheckedGraph, names: Sequence[str] = ()) -> str:
    """One object; totals are of the main path, `nodes` are in graph order, auxiliary heads too.

    `inputs` are paths in the order of the operands, shapes are lists without the batch. Further
    columns in `names` are further keys of the network and of its nodes.
    """
    graph, totals = checked.graph, asdict(cost(checked))
    columns = Columns(checked, tuple(dict.fromkeys((*DEFAULT_COLUMNS, *names))))
    main = graph.main()
    in_all = columns.figures([node.path for node in graph if node.path in main], graph.output)
    network = {
        "name": graph.name,
        "input": checked.input_map.dims,
        "output": checked.output_map.dims,
        **{metric: totals[metric] for metric in _TOTALS},
        **dict(zip(columns.names, in_all, strict=True)),
    }
    nodes = [
        {
            "path": node.path,
            "op": node.op.name,
            "inputs": graph.operands(node.path),
            "output": node.out.dims,
            **dict(zip(columns.names, columns.figures((node.path,), node.path), strict=True)),
        }
        for node in graph
    ]
    head = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in network.items())
    body = ",\n".join(f"    {json.dumps(node)}" for node in nodes)  # one line each, for people
    return f'{{\n{head},\n  "nodes": [\n{body}\n  ]\n}}\n'
