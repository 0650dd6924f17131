"""The shipped networks on small images, for tests that are about their structure."""

from __future__ import annotations

from functools import cache

import inception_dsl as idsl
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.shipped import shipped_specs

__all__ = ["NETWORKS", "small"]

_ALIKE = ("nasnet_a_large", "resnet152")
"""More of the same as nasnet_a_mobile and resnet50."""

NETWORKS = [
    name for name in shipped_specs() if name not in _ALIKE and idsl.examine(name)[0] is not None
]

_SIDES = (75, 97, 139, 203)


@cache
def small(name: str) -> CheckedGraph:
    """A network on the smallest of a few grids that it takes, else on its own."""
    own = idsl.load(name)
    for side in _SIDES:
        shape = (own.input[0], side, side)
        if len(own.input) == 3 and side < own.input[1]:
            try:
                return idsl.load(name, input=shape).graph
            except idsl.SpecError:
                continue
    return own.graph
