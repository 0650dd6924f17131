"""W0102: an imported definition that the file never mentions."""

from __future__ import annotations

from collections.abc import Iterator

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.elaborate.elaborate import Checked
from inception_dsl.syntax import tree

__all__ = ["unused_import"]


def unused_import(checked: Checked) -> Iterator[Diagnostic]:
    """Imports of the file that is checked; a library's own are its author's."""
    for item in checked.unit.file.items:
        for imported in item.names if isinstance(item, tree.Import) else ():
            name = imported.alias.text
            if name not in checked.unit.used:
                message = f"import `{name}` is never used"
                yield Diagnostic("W0102", message, imported.span, help="remove it")
