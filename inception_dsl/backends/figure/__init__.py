"""Figures, laid out: a `Scene` of a network for the writers in `backends/drawing`."""

from inception_dsl.analysis.outline import UnknownPart
from inception_dsl.backends.figure.figure import FigureError, figure
from inception_dsl.backends.figure.options import FigureOptions
from inception_dsl.backends.figure.scene import Scene

__all__ = ["FigureError", "FigureOptions", "Scene", "UnknownPart", "figure"]
