"""Figures of a network: one box per module, one module opened, and a page to fold and unfold."""

from __future__ import annotations

import inception_dsl as idsl

network = idsl.load("inception_v3")
network.draw("overview.svg")
network.draw("figure5.pdf", module="inception_a", width="3.25in", theme="print")
network.draw("inception_v3.html")
print("wrote overview.svg, figure5.pdf and inception_v3.html")
