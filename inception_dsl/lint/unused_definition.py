"""W0101: a definition of a file with a network that nothing calls."""

from __future__ import annotations

from collections.abc import Iterator

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.elaborate.elaborate import Spec

__all__ = ["unused_definition"]


def unused_definition(spec: Spec) -> Iterator[Diagnostic]:
    """Definitions of the network's own file; those of a library are there for others."""
    for name, definition in spec.unit.definitions.items():
        if name not in spec.unit.used:
            written = definition.tree
            message = f"{written.role} `{name}` is never used"
            yield Diagnostic("W0101", message, written.name.span, help="remove it")
