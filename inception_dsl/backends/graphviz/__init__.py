"""The figure of a network as DOT, for those who go on with Graphviz."""

from inception_dsl.backends.graphviz.draw import to_graphviz

__all__ = ["to_graphviz"]
