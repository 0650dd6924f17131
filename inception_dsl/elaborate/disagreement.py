"""The report on branches that do not fit together: the shape each ends on, and what set it."""

from __future__ import annotations

from collections.abc import Iterator

from inception_dsl.diagnostics import Diagnostic, Edit, Label, Note
from inception_dsl.elaborate.blame import causes, inside, join_labels, place
from inception_dsl.elaborate.build import Builder
from inception_dsl.elaborate.consequences import follows
from inception_dsl.elaborate.ends import Disagreement
from inception_dsl.elaborate.remedies import remedies
from inception_dsl.elaborate.trial import attempt, choices, edited
from inception_dsl.elaborate.values import Tensor
from inception_dsl.ir.op import Op, OpFault
from inception_dsl.syntax import tree

__all__ = ["disagree"]

SHOWN = 6  # branches with labels; more of them explain nothing more


def disagree(builder: Builder, fault: OpFault, found: Disagreement, op: Op, title: str) -> Tensor:
    """Report ends that a combination cannot join.

    Returns the tensor that there would be without the mistake, a guess, or an unknown one.
    """
    span, frame = found.link.keyword.span, found.frame
    guessed = any(end.tensor.guessed for end in found.ends)
    if builder.repeats(fault.code, span, frame) or guessed:
        known = builder.diagnostics.find(fault.code, span)
        return _guess(builder, found, known.fix if known else ())
    mended = follows(builder, op, [end.tensor for end in found.ends])
    if mended:
        return builder.stand_in(mended, span, frame)
    if not builder.explains:
        builder.report(Diagnostic(fault.code, title, span), frame)
        return Tensor()
    labels, notes = join_labels(_labels(builder, found)), tuple(_notes(found))
    offered = remedies(builder, found)
    help = choices(offered) or fault.help or f"end {_all(found)} on {fault.expected}"
    fix = offered[0].edits if offered else ()
    record = Diagnostic(fault.code, title, span, fault.message, labels, notes, help, fix)
    builder.report(record, frame)
    return _guess(builder, found, fix)


def _guess(builder: Builder, found: Disagreement, fix: tuple[Edit, ...]) -> Tensor:
    """What the combination gives once it is mended, as far as that is known."""
    link, frame = found.link, found.frame
    mended = fix and attempt(builder, edited(link.span, fix), found.current, frame)
    if not mended:
        return Tensor()
    return builder.stand_in(mended.out, link.keyword.span, frame, guessed=True)


def _all(found: Disagreement) -> str:
    return "both" if isinstance(found.link, tree.Residual) else "each branch"


def _labels(builder: Builder, found: Disagreement) -> Iterator[Label]:
    """The shape at the end of each odd side and of one that is not, and what set it."""
    odd = found.odd
    usual = next(end for end in found.ends if not found.axes(end.map))
    for end in [usual, *odd[: SHOWN - 1]]:
        axes = found.axes(end.map) or found.axes(odd[0].map)
        if end.last:
            yield Label(end.last, str(end.map))
        assert end.tensor.node is not None
        for cause in causes(builder.graph, end.tensor.node, (a for a in axes if a <= end.map.rank)):
            spot = place(cause.node.origin, found.frame)
            own = end is not usual or (end.body and spot and inside(spot, end.body.span))
            if spot and own and (cause.sums or spot != end.last):
                yield Label(spot, str(cause))


def _notes(found: Disagreement) -> Iterator[Note]:
    odd = len(found.odd)
    if odd >= SHOWN:
        yield Note(f"{odd - SHOWN + 1} more branches end on another shape than the first")
    if isinstance(found.link, tree.Residual) and not found.link.shortcut:
        yield Note(f"without a `shortcut`, it is the input: {found.ends[0].map}")
