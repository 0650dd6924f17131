"""The networks that tests of figures draw, and how they draw them."""

from __future__ import annotations

from functools import cache

from scene_drawing import Drawing

import inception_dsl as idsl
from inception_dsl.backends.figure import FigureOptions, figure
from inception_dsl.shipped import shipped_specs

__all__ = ["MODULE", "drawn", "network", "shipped"]

MODULE = """
layer conv(filters: int, kernel: size, stride: size = 1) {
    conv2d(filters, kernel, stride=stride, padding=same, bias=false)
    batch_norm()
    relu()
}
## Two towers.
module towers(n: int) {
    concat {
        branch conv(n, 1x1)
        branch conv(n, 1x1) -> conv(2 * n, 3x3)
    }
}
network one {
    input x: 192x28x28
    mixed = towers(64)
}
"""


@cache
def network(name: str) -> idsl.Network | None:
    return idsl.examine(name)[0]


def shipped() -> list[str]:
    return [name for name in shipped_specs() if network(name)]


def drawn(net: idsl.Network, options: FigureOptions, module: str | None = None) -> Drawing:
    """The figure, judged later; `module` is the path of the one that is drawn alone."""
    scene = figure(net.graph, options)
    return Drawing(scene, net.graph, direction=options.direction, module=module)
