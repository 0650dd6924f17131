"""Figures: a network drawn by Graphviz, one cluster per module."""

from inception_dsl.analysis.outline import UnknownPart
from inception_dsl.backends.graphviz.draw import to_graphviz
from inception_dsl.backends.graphviz.render import FORMATS, RenderError, draw, render

__all__ = ["FORMATS", "RenderError", "UnknownPart", "draw", "render", "to_graphviz"]
