"""W0103: a parameter of a definition or network that its body never reads."""

from __future__ import annotations

from collections.abc import Iterator

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.elaborate.elaborate import Checked

__all__ = ["unused_parameter"]


def unused_parameter(checked: Checked) -> Iterator[Diagnostic]:
    """Parameters of every file that was loaded."""
    for unit in checked.units:
        for name in unit.unread:
            message = f"parameter `{name.text}` is never used"
            yield Diagnostic("W0103", message, name.span, help="remove it")
