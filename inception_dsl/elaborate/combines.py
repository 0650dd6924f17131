"""Where branches meet: `concat`, `add`, `mul`, and `residual` with its shortcut."""

from __future__ import annotations

from dataclasses import replace

from inception_dsl.elaborate.build import Builder, Frame
from inception_dsl.elaborate.disagreement import disagree
from inception_dsl.elaborate.ends import Disagreement, End
from inception_dsl.elaborate.faults import Fault, Unknown, fail
from inception_dsl.elaborate.notes import check_note
from inception_dsl.elaborate.rounds import rounds
from inception_dsl.elaborate.values import Tensor, describe
from inception_dsl.ir.formula import Bound
from inception_dsl.ir.op import OpFault
from inception_dsl.ops import operation
from inception_dsl.ops.add import Add
from inception_dsl.ops.scale import Scale
from inception_dsl.syntax import tree
from inception_dsl.syntax.walk import behind_keyword

__all__ = ["combine", "residual"]


def combine(
    builder: Builder, written: tree.Combine, current: Tensor | None, frame: Frame
) -> Tensor:
    """Every branch on the current tensor, then the node that joins them.

    Raises: Fault where no branch results or the branches do not fit together.
    """
    keyword = written.keyword.text
    ends: list[End] = []
    _branches(builder, written.items, current, frame, ends)
    if not ends:
        if builder.diagnostics.failed:
            raise Unknown
        fail(
            "E0507",
            written.keyword.span,
            f"`{keyword}` has no branch",
            help="at least one branch must result",
        )
    target = operation(keyword)
    assert target is not None, keyword
    tensors = [end.tensor for end in ends]
    if not all(tensor.known for tensor in tensors):
        return Tensor()
    try:
        return builder.node(target(), tensors, keyword, written.keyword.span, frame, {})
    except OpFault as fault:
        differ = "grids" if fault.code == "E0402" else "shapes"
        title = f"branches of `{keyword}` end on different {differ}"
        found = Disagreement(keyword, tuple(ends), current, frame, written)
        return disagree(builder, fault, found, target(), title)


def _branches(
    builder: Builder,
    items: tuple[tree.BranchItem, ...],
    current: Tensor | None,
    frame: Frame,
    ends: list[End],
) -> None:
    for item in items:
        builder.spend(item.span)
        try:
            match item:
                case tree.Branch():
                    end = _branch(builder, item, current, frame)
                    ends.append(End(end, item.body, item.span, frame))
                case tree.BranchIf():
                    taken = builder.evaluator.condition(item.condition, frame.scope)
                    _branches(builder, item.then if taken else item.otherwise, current, frame, ends)
                case tree.BranchRepeat():
                    for scope in rounds(builder, item.count, item.variable, frame):
                        inner = replace(frame, scope=scope)
                        _branches(builder, item.items, current, inner, ends)
        except Fault as fault:
            builder.report(fault.diagnostic, frame)
            ends.append(End(Tensor(), None, item.span, frame))
        except Unknown:
            ends.append(End(Tensor(), None, item.span, frame))


def _branch(builder: Builder, item: tree.Branch, current: Tensor | None, frame: Frame) -> Tensor:
    wanted = item.name.text if item.name else "branch"
    inner = builder.enter(
        "branch", wanted, item.span, frame, frame.scope.inner("branch"), numbered=item.name is None
    )
    result = builder.block(builder, item.body.statements, current, inner)
    if result is None:
        fail(
            "E0509",
            item.span,
            "the branch makes no tensor",
            help="start it from one of the names behind `on`",
        )
    inner.region.outputs = (result.node,) if result.node else ()
    check_note(builder, item, result, inner)
    return result


def residual(builder: Builder, written: tree.Residual, current: Tensor, frame: Frame) -> Tensor:
    """`shortcut(x) + scale * f(x)`; the shortcut is x itself where none is written."""
    scale, factor = _scale(builder, written, frame)
    body = _side(builder, "residual", written.body, current, frame)
    shortcut = current
    if written.shortcut:
        shortcut = _side(builder, "shortcut", written.shortcut, current, frame)
    if not (body.known and shortcut.known):
        return Tensor()
    span = written.keyword.span
    try:
        if factor != 1:
            body = builder.node(Scale(factor), [body], "scale", span, frame, {"factor": scale})
        return builder.node(Add(), [shortcut, body], "add", span, frame, {})
    except OpFault as fault:
        sides = (
            End(shortcut, written.shortcut, None, frame),
            End(body, written.body, written.body.span, frame),
        )
        found = Disagreement("residual", sides, current, frame, written)
        title = "a residual and its shortcut end on different shapes"
        return disagree(builder, fault, found, Add(), title)


def _side(builder: Builder, kind: str, block: tree.Block, current: Tensor, frame: Frame) -> Tensor:
    scope = frame.scope.inner("branch")
    inner = builder.enter(
        "residual" if kind == "residual" else "shortcut", kind, block.span, frame, scope
    )
    result = builder.block(builder, block.statements, current, inner) or Tensor()
    inner.region.outputs = (result.node,) if result.node else ()
    return result


def _scale(builder: Builder, written: tree.Residual, frame: Frame) -> tuple[Bound, float]:
    found, factor = Bound(1.0), 1.0
    for index, argument in enumerate(written.arguments):
        if index or (argument.keyword and argument.keyword.text != "scale"):
            place = argument.keyword.span if argument.keyword else argument.span
            if argument is behind_keyword(written.arguments):
                raise Unknown  # which is reported where names are resolved
            message = "`residual` takes `scale` and nothing else"
            fail("E0301", place, message, help="`residual(scale=0.17) { ... }`")
        found = builder.evaluator.bound(argument.value, frame.scope)
        if not isinstance(found.value, int | float) or isinstance(found.value, bool):
            fail(
                "E0304",
                argument.value.span,
                f"`scale` takes a number, found {describe(found.value)}",
            )
        factor = float(found.value)
    return Bound(factor, found.formula), factor
