"""Sets of words that slips are told by: types of terminals, and names that mean something."""

from __future__ import annotations

from typing import Final

__all__ = [
    "BRACED",
    "COMPARISONS",
    "KEYWORDS",
    "LEADING",
    "MARKS",
    "PARAMETERS",
    "ROLES",
    "TYPES",
    "VALUES",
]

ROLES: Final = frozenset({
    "LAYER", "BLOCK", "MODULE", "REDUCTION", "STEM", "HEAD", "NETWORK",
})  # fmt: skip
"""What starts a definition, or the network."""

VALUES: Final = frozenset({
    "INT", "FLOAT", "SIZE", "STRING", "NAME", "TRUE", "FALSE", "NONE", "INPUT", "LSQB", "LPAR",
    "MINUS", "NOT", "IF", "ANY",
})  # fmt: skip
"""What a value may start with."""

COMPARISONS: Final = frozenset({
    "EQUALS", "NOT_EQUALS", "LESSTHAN", "MORETHAN", "AT_MOST", "AT_LEAST",
})  # fmt: skip
"""Which do not chain."""

MARKS: Final = COMPARISONS | frozenset({
    "ARROW", "RANGE", "EQUAL", "COLON", "COMMA", "DOT", "PLUS", "MINUS", "STAR", "SLASH",
    "FLOOR_DIVIDE", "PERCENT",
})  # fmt: skip
"""What is written without letters, digits or brackets."""

LEADING: Final = ROLES | frozenset({
    "LET", "PARAM", "CONCAT", "ADD", "MUL", "RESIDUAL", "FROM", "INPUT", "IF", "REPEAT", "STAGE",
    "AUX", "EXPECT", "PREPROCESS", "RECIPE", "ELSE", "BRANCH", "SHORTCUT", "IMPORT",
})  # fmt: skip
"""Keywords that lines start with."""

KEYWORDS: Final = LEADING | frozenset({
    "AND", "OR", "NOT", "THEN", "IN", "ON", "AS", "TRUE", "FALSE", "NONE",
})  # fmt: skip
"""All keywords."""

BRACED: Final = frozenset({
    "CONCAT", "ADD", "MUL", "STEM", "HEAD", "RESIDUAL", "PREPROCESS", "RECIPE", "SHORTCUT", "ELSE",
})  # fmt: skip
"""Keywords that braces may follow directly."""

TYPES: Final = frozenset({
    "int", "float", "bool", "size", "string", "op", "padding", "shape", "list",
})  # fmt: skip
"""The types of parameters."""

PARAMETERS: Final = frozenset({
    "filters", "kernel", "stride", "padding", "dilation", "groups", "bias", "multiplier", "ceil",
    "keep", "eps", "momentum", "scale", "center", "rate", "slope", "factor", "mode", "value",
    "weight", "pool",
})  # fmt: skip
"""Names before which an argument is most likely missing its `=` behind it."""
