"""Parameters by kind: what a network's arrays are for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from inception_dsl.ir.graph import CheckedGraph

__all__ = ["ParameterCount", "parameter_counts", "parameters"]


@dataclass(frozen=True, slots=True)
class ParameterCount:
    """How many numbers of each kind there are, and in how many arrays.

    `weights` and `biases` are those of convolutions and linear layers, `gamma` and `beta` the gain
    and shift of norms, `running` their means and variances, which training does not touch.
    """

    weights: int = 0
    biases: int = 0
    gamma: int = 0
    beta: int = 0
    running: int = 0
    arrays: int = 0

    def __add__(self, other: ParameterCount) -> ParameterCount:
        names = (field.name for field in fields(self))
        return ParameterCount(*(getattr(self, name) + getattr(other, name) for name in names))


_FIELDS: Mapping[str, str] = {
    "weight": "weights",
    "bias": "biases",
    "gamma": "gamma",
    "beta": "beta",
    "mean": "running",
    "variance": "running",
}


def parameters(checked: CheckedGraph) -> ParameterCount:
    """The parameters of the main path."""
    main = checked.graph.main()
    return sum((count for path, count in parameter_counts(checked).items() if path in main),
               ParameterCount())  # fmt: skip


def parameter_counts(checked: CheckedGraph) -> dict[str, ParameterCount]:
    """Each node's own parameters by its path, in graph order."""
    graph = checked.graph
    return {
        node.path: sum(
            (
                ParameterCount(**{_FIELDS[array.kind]: array.size, "arrays": 1})
                for array in graph.parameters(node.path).values()
            ),
            ParameterCount(),
        )
        for node in graph
    }
