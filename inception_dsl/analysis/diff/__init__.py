"""What is different between two networks: structure, arguments, names, and what follows."""

from inception_dsl.analysis.diff.arguments import Value
from inception_dsl.analysis.diff.changes import Change, Place, Scope
from inception_dsl.analysis.diff.difference import Difference, Mark, difference
from inception_dsl.analysis.diff.modules import Figures, Module

__all__ = [
    "Change", "Difference", "Figures", "Mark", "Module", "Place", "Scope", "Value", "difference",
]  # fmt: skip
