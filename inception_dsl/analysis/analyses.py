"""What is known of the nodes of one network; each analysis runs once, when something needs it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from inception_dsl.analysis.cost import NodeCost, longest_paths, node_costs
from inception_dsl.analysis.memory import activation_bytes, live_bytes
from inception_dsl.analysis.parameters import ParameterCount, parameter_counts
from inception_dsl.analysis.receptive_field import ReceptiveField, receptive_fields
from inception_dsl.ir.graph import CheckedGraph

__all__ = ["Analyses"]


@dataclass(frozen=True)
class Analyses:
    """The analyses of one network, by the paths of its nodes."""

    checked: CheckedGraph

    @cached_property
    def costs(self) -> dict[str, NodeCost]:
        """Each node's cost."""
        return node_costs(self.checked)

    @cached_property
    def longest(self) -> dict[str, tuple[int, int]]:
        """The layers and pools up to each node."""
        return longest_paths(self.checked)

    @cached_property
    def parameters(self) -> dict[str, ParameterCount]:
        """Each node's parameters by kind."""
        return parameter_counts(self.checked)

    @cached_property
    def activations(self) -> dict[str, int]:
        """The memory of each node's result."""
        return activation_bytes(self.checked)

    @cached_property
    def live(self) -> dict[str, int]:
        """What is alive while each node of the main path runs."""
        return live_bytes(self.checked)

    @cached_property
    def seen(self) -> dict[str, ReceptiveField]:
        """Each node's receptive field."""
        return receptive_fields(self.checked)
