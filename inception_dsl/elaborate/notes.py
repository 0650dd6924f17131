"""Shape notes: what the author says a tensor's shape is, held against what it is."""

from __future__ import annotations

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.elaborate.build import Builder, Frame
from inception_dsl.elaborate.faults import Fault, Unknown
from inception_dsl.elaborate.values import Tensor, describe
from inception_dsl.ir.types import FeatureMap
from inception_dsl.syntax import tree

__all__ = ["check_note", "noted_shape"]


def check_note(
    builder: Builder, note: tree.ShapeNote | None, tensor: Tensor | None, frame: Frame
) -> None:
    """Report a note that disagrees with the tensor it stands behind.

    Notes in a network's own body speak of its declared defaults, and are skipped under others.
    """
    if note is None or tensor is None or tensor.map is None or not _holds(builder, frame):
        return
    extents = [_extent(builder, extent, frame) for extent in note.extents]
    found = tensor.map.dims
    wrong = len(extents) != len(found) or any(
        wanted is not None and wanted != is_ for wanted, is_ in zip(extents, found, strict=True)
    )
    if wrong:
        said = "x".join("_" if extent is None else str(extent) for extent in extents)
        message = f"the note says {said}, the shape is {tensor.map}"
        help = f"write `: {tensor.map}`, or change what stands before it"
        builder.report(
            Diagnostic("E0407", message, note.span, f"found {tensor.map}", help=help), frame
        )


def noted_shape(builder: Builder, note: tree.ShapeNote | None, frame: Frame) -> FeatureMap | None:
    """The shape that a note gives in full; None where it leaves an axis open, or does not hold."""
    if note is None or not _holds(builder, frame):
        return None
    extents = [_extent(builder, extent, frame) for extent in note.extents]
    known = [extent for extent in extents if extent is not None and extent > 0]
    if len(known) < len(extents) or not 1 <= len(known) <= 4:
        return None
    return FeatureMap(known[0], tuple(known[1:]))


def _holds(builder: Builder, frame: Frame) -> bool:
    return bool(frame.use) or builder.check_notes


def _extent(builder: Builder, expr: tree.Expr | None, frame: Frame) -> int | None:
    """What the note says of one axis; None for `_` and after a mistake."""
    if expr is None:
        return None
    try:
        value = builder.evaluator.value(expr, frame.scope)
    except Fault as fault:
        builder.report(fault.diagnostic, frame)
        return None
    except Unknown:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        message = f"a note holds ints, found {describe(value)}"
        builder.report(Diagnostic("E0304", message, expr.span, "expected an int"), frame)
        return None
    return value
