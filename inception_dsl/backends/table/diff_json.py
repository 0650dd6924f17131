"""The difference of two networks for other programs.

One object:

- `same`: whether nothing differs; `a`, `b`: each network's `name`, `input`, `output` and totals;
- `declared`: `[{"kind", "name", "before", "after"}]`, where `kind` is `network`, `input`,
  `setting`, `auxiliary` (the weight of a head's loss), `preprocess` or `recipe`;
- `changes`: `[{"kind", "what", "values", "scopes", "places"}]`. `kind` is `added`, `removed`,
  `changed`, `moved`, `renamed`, `wrapped`, `unwrapped` or `rewired`; `values` are
  `{"name", "before", "after"}`; `scopes` are `{"definition", "at", "uses", "of"}`, the definition
  (null for the network) and the path in it, `*` for rounds; `places` are `{"a", "b"}`, all paths;
- `modules`: `[{"a", "b", "times"}]` of the rows of `incept show` that differ, each side null or
  `{"path", "call", "output", "params", "buffers", "macs", "auxiliary"}`, equal neighbours once;
- `reshaped`: how many operations that were not changed give another shape.

Values are text as a spec writes it, null where there was none; shapes are lists without the batch.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from inception_dsl.analysis.cost import Cost, NodeCost
from inception_dsl.analysis.diff import Change, Difference, Figures
from inception_dsl.ir.graph import CheckedGraph

__all__ = ["difference_to_json"]


def difference_to_json(difference: Difference) -> str:
    """The difference as one object, ending with a line end."""
    (cost_a, cost_b), (aux_a, aux_b) = difference.costs, difference.auxiliary
    found = {
        "same": not difference,
        "a": _network(difference.a, cost_a, aux_a),
        "b": _network(difference.b, cost_b, aux_b),
        "declared": [{"kind": kind, **asdict(value)} for kind, value in difference.declared],
        "changes": [_change(change) for change in difference.changes],
        "modules": [
            {"a": _figures(each.a), "b": _figures(each.b), "times": each.times}
            for each in difference.modules
        ],
        "reshaped": difference.reshaped,
    }
    return json.dumps(found, indent=1) + "\n"


def _network(checked: CheckedGraph, cost: Cost, auxiliary: NodeCost) -> dict[str, object]:
    return {
        "name": checked.graph.name,
        "input": checked.input_map.dims,
        "output": checked.output_map.dims,
        **asdict(cost),
        "aux_macs": auxiliary.macs,
    }


def _change(change: Change) -> dict[str, object]:
    scopes = [{**asdict(each), "definition": each.definition or None} for each in change.scopes]
    return {**asdict(change), "scopes": scopes}


def _figures(figures: Figures | None) -> dict[str, object] | None:
    if figures is None:
        return None
    return {
        "path": figures.path,
        "call": figures.call,
        "output": figures.output and figures.output.dims,
        **asdict(figures.cost),
        "auxiliary": figures.auxiliary,
    }
