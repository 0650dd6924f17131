"""What can be measured of a network by name, beside the metrics of `expect`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, Final

from inception_dsl.analysis.cost import Cost, cost, node_costs, total
from inception_dsl.analysis.parameters import ParameterCount, parameters
from inception_dsl.analysis.receptive_field import receptive_fields
from inception_dsl.analysis.smallest_input import smallest_input
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.types import FeatureMap
from inception_dsl.ops.scale import Scale

__all__ = ["MEASURES", "Measure"]

Measure = Callable[..., float | str]
"""Takes a network, and for some the path of a part of it."""


def _grid(checked: CheckedGraph, part: str = "") -> str:
    return "x".join(map(str, _map(checked, part).grid))


def _height(checked: CheckedGraph, part: str = "") -> int:
    return _map(checked, part).grid[0]


def _map(checked: CheckedGraph, part: str) -> FeatureMap:
    """The output of a part; the network's input where none is named."""
    return checked.graph[_end(checked, part)].out if part else checked.input_map


def _end(checked: CheckedGraph, part: str) -> str:
    """The node that makes the result of a part, or of the network where none is named."""
    if not part:
        return checked.graph.output
    regions = {region.path: region for region in checked.graph.root.walk()}
    return regions[part].outputs[0] if part in regions else part


def _field(name: str) -> Measure:
    def measure(checked: CheckedGraph, part: str = "") -> float:
        """A number of the receptive field, which must be as high as wide."""
        field = receptive_fields(checked)[_end(checked, part)]
        numbers: set[float] = set(getattr(field, name))
        (number,) = numbers
        return number

    return measure


def _smallest_input(checked: CheckedGraph) -> str:
    return str(smallest_input(checked))


def _year(checked: CheckedGraph) -> int:
    """The year of the publication that the spec cites first."""
    found = re.search(r"\b(19|20)\d\d\b", checked.graph.text)
    assert found, f"{checked.graph.name} cites no year"
    return int(found[0])


def _classes(checked: CheckedGraph) -> int:
    return checked.output_map.channels


def _aux_after(checked: CheckedGraph) -> str:
    """The parts of the network that auxiliary heads stand on."""
    return ", ".join(head.input.partition(".")[0] for head in checked.graph.aux)


def _aux_weight(checked: CheckedGraph) -> float:
    (weight,) = {head.weight for head in checked.graph.aux}
    return weight


def _label_smoothing(checked: CheckedGraph) -> Any:
    return (checked.graph.recipe or {})["label_smoothing"]


def _scales(checked: CheckedGraph) -> Iterable[float]:
    """The factors that residuals are scaled by."""
    return (node.op.factor for node in checked.graph if isinstance(node.op, Scale))


def _metric(name: str) -> Measure:
    def measure(checked: CheckedGraph, part: str = "") -> int:
        """The metric of the main path, or what one part of the network adds to it."""
        if not part:
            figure: int = getattr(cost(checked), name)
            return figure
        (region,) = (each for each in checked.graph.root.walk() if each.path == part)
        share: int = getattr(total(node_costs(checked), region.nodes()), name)
        return share

    return measure


def _parameters(kind: str) -> Measure:
    return lambda checked: getattr(parameters(checked), kind)


MEASURES: Final[Mapping[str, Measure]] = {
    **{field.name: _metric(field.name) for field in fields(Cost)},
    **{field.name: _parameters(field.name) for field in fields(ParameterCount)},
    "grid": _grid,
    "height": _height,
    "classes": _classes,
    "aux_after": _aux_after,
    "aux_weight": _aux_weight,
    "label_smoothing": _label_smoothing,
    "receptive_field": _field("size"),
    "receptive_stride": _field("stride"),
    "receptive_start": _field("start"),
    "smallest_input": _smallest_input,
    "year": _year,
    "least_scale": lambda checked: min(_scales(checked)),
    "most_scale": lambda checked: max(_scales(checked)),
}
