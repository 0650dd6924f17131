"""Figures of a network: modules as boxes, and modules opened."""

from __future__ import annotations

import inception_dsl as idsl
from inception_dsl.backends.graphviz import render

network = idsl.load("inception_v3")
render(network.to_graphviz(depth=0), "overview.svg")
render(network.to_graphviz(depth=1), "modules.svg")
print("wrote overview.svg and modules.svg")
