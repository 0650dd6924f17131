"""Shape notes: what the author says a tensor's shape is, held against what it is."""

from __future__ import annotations

from dataclasses import replace

from inception_dsl.diagnostics import Diagnostic, Edit, Label
from inception_dsl.elaborate.blame import causes, join_labels, written_at
from inception_dsl.elaborate.build import Builder, Frame
from inception_dsl.elaborate.consequences import intended, wrong_before
from inception_dsl.elaborate.faults import Fault, Unknown
from inception_dsl.elaborate.trial import edited
from inception_dsl.elaborate.values import Tensor, describe
from inception_dsl.ir.types import FeatureMap
from inception_dsl.syntax import tree

__all__ = ["check_note", "noted_shape"]


def check_note(builder: Builder, written: tree.Node, tensor: Tensor | None, frame: Frame) -> None:
    """Report a note that disagrees with the tensor that what it stands behind has made.

    Notes in a network's own body speak of its declared defaults, and are skipped under others.
    """
    note: tree.ShapeNote | None = getattr(written, "note", None)
    if note is None and builder.watch is None:
        return
    if tensor is None or tensor.map is None or not _holds(builder, frame):
        return
    extents = [_extent(builder, extent, frame) for extent in note.extents] if note else []
    if builder.watch:
        builder.watch(written, extents, tensor.map, frame)
    if note is None:
        return
    if _agree(extents, tensor.map):
        if builder.noted and tensor.node and None not in extents:
            builder.settled.add(tensor.node)
        return
    if _follows(builder, extents, tensor):
        return
    fix = _corrected(note, extents, tensor.map)
    if builder.repeats("E0407", note.span, frame):
        _differs(builder, note, fix)
    elif not tensor.guessed:
        said = "x".join("_" if extent is None else str(extent) for extent in extents)
        message = f"the note says {said}, the shape is {tensor.map}"
        help = f"write `: {edited(note.span, fix)}`, or change what stands before it"
        record = Diagnostic("E0407", message, note.span, f"found {tensor.map}", help=help, fix=fix)
        labels = _setters(builder, note, extents, tensor)
        builder.report(replace(record, labels=labels), frame)


def _setters(
    builder: Builder, note: tree.ShapeNote, extents: list[int | None], tensor: Tensor
) -> tuple[Label, ...]:
    """What set the axes that are wrong, in the same file, wherever that is; nothing in a trial."""
    dims = tensor.map.dims if tensor.map else ()
    wrong = [
        axis for axis, is_ in enumerate(dims) if extents[axis : axis + 1] not in ([is_], [None])
    ]
    if tensor.node is None or len(dims) != len(extents) or not builder.explains:
        return ()
    found = ((written_at(c.node.origin), c) for c in causes(builder.graph, tensor.node, wrong))
    return join_labels(
        Label(span, str(cause))
        for span, cause in found
        if cause.sums and span.source is note.span.source
    )


def _agree(extents: list[int | None], map: FeatureMap) -> bool:
    return len(extents) == len(map.dims) and all(
        wanted in (None, is_) for wanted, is_ in zip(extents, map.dims, strict=True)
    )


def _follows(builder: Builder, extents: list[int | None], tensor: Tensor) -> bool:
    """Whether a wrong note before this one explains it; what this one says is kept.

    It does if this one were right with that one, or is wrong in nothing but what that one is: a
    definition that changes what it gives by its input cannot be told apart from afar.
    """
    if tensor.node is None or tensor.map is None:
        return False
    meant = intended(builder, tensor)
    if meant and _agree(extents, meant):
        builder.noted[tensor.node] = meant
        return True
    if len(extents) != len(tensor.map.dims):
        return False
    dims = [wanted or is_ for wanted, is_ in zip(extents, tensor.map.dims, strict=True)]
    said = FeatureMap(dims[0], tuple(dims[1:]))
    wrong = {"channels"} if said.channels != tensor.map.channels else set()
    wrong |= {"grid"} if said.grid != tensor.map.grid else set()
    follows = wrong <= wrong_before(builder, tensor)
    builder.noted[tensor.node] = said
    return follows


def _corrected(
    note: tree.ShapeNote, extents: list[int | None], map: FeatureMap
) -> tuple[Edit, ...]:
    """The note with the shape there is, in its author's notation: what is right or open stays."""
    if len(extents) != map.rank + 1:
        listed = f"[{', '.join(_texts(map))}]"
        return (Edit(note.span, listed if note.span.text.startswith("[") else str(map)),)
    return tuple(
        Edit(expr.span, is_)
        for expr, wanted, is_ in zip(note.extents, extents, _texts(map), strict=True)
        if expr and str(wanted) != is_
    )


def _texts(map: FeatureMap) -> list[str]:
    return [str(extent) for extent in map.dims]


def _differs(builder: Builder, note: tree.ShapeNote, fix: tuple[Edit, ...]) -> None:
    """Take a correction back that would be wrong in another use of the definition."""
    known = builder.diagnostics.find("E0407", note.span)
    if known and known.fix != fix:
        help = "write `_` for what differs between the uses, or change what stands before it"
        builder.diagnostics.replace(replace(known, help=help, fix=()))


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
