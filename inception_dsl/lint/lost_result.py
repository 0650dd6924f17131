"""W0104: a result that reaches neither the output nor an auxiliary head."""

from __future__ import annotations

from collections.abc import Iterator

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.elaborate.elaborate import Spec
from inception_dsl.lint.places import uses

__all__ = ["lost_result"]


def lost_result(spec: Spec) -> Iterator[Diagnostic]:
    """The last of the operations that expansion dropped, which nothing at all reads."""
    for node in spec.lost:
        message = f"nothing reads the result of `{node.path}`"
        label = f"{node.out}, not part of the network"
        place = node.origin
        yield Diagnostic(
            "W0104", message, place.span, label, notes=uses(place), help="remove it, or use it"
        )
