"""Chains: `a -> b -> c`, started from the current tensor, a named one, or `from (a, b)`."""

from __future__ import annotations

from inception_dsl.elaborate.build import Builder, Frame
from inception_dsl.elaborate.calls import apply
from inception_dsl.elaborate.combines import combine, residual
from inception_dsl.elaborate.faults import Fault, Unknown, fail
from inception_dsl.elaborate.lookup import named_tensor
from inception_dsl.elaborate.values import Tensor
from inception_dsl.syntax import tree

__all__ = ["chain", "named_chain"]


def named_chain(
    builder: Builder, name: str, written: tree.Chain, current: Tensor | None, frame: Frame
) -> Tensor:
    """`name = chain`: one call is an instance of that name, several are a group, none an alias.

    Raises: Fault, Unknown.
    """
    links = [link for link in written.links if not isinstance(link, tree.Ref | tree.From)]
    if len(links) == 1 and isinstance(links[0], tree.Call):
        return chain(builder, written, current, frame, name)
    if not links:
        return chain(builder, written, current, frame)
    inner = builder.enter("group", name, written.span, frame, frame.scope)
    result = chain(builder, written, current, inner)
    inner.region.outputs = (result.node,) if result.node else ()
    return result


def chain(
    builder: Builder,
    written: tree.Chain,
    current: Tensor | None,
    frame: Frame,
    name: str | None = None,
) -> Tensor:
    """The tensor at the end of a chain; `name` names its only call.

    Raises: Fault at the link that is wrong, Unknown after earlier mistakes.
    """
    operands = [current] if current else []
    for link in written.links:
        builder.spend(link.span)
        match link:
            case tree.Call():
                _needs_tensor(link, operands)
                operands = [apply(builder, link, operands, frame, name)]
            case tree.Ref():
                operands = [_tensor(builder, link.name, frame)]
            case tree.From():
                operands = [_tensor(builder, ident, frame) for ident in link.names]
            case tree.Combine():
                operands = [combine(builder, link, operands[0] if operands else None, frame)]
            case tree.Residual():
                _needs_tensor(link, operands)
                operands = [residual(builder, link, operands[0], frame)]
    if len(operands) != 1:
        fail(
            "E0510",
            written.span,
            f"`from` gathers {len(operands)} tensors that nothing takes",
            help="continue with `-> definition(...)`, one with `on (a, b)`",
        )
    return operands[0]


def _needs_tensor(link: tree.Link, operands: list[Tensor]) -> None:
    if not operands:
        fail(
            "E0509",
            link.span,
            "there is no current tensor here",
            "reads the current tensor",
            help="start the chain from one of the names behind `on`",
        )


def _tensor(builder: Builder, ident: tree.Ident, frame: Frame) -> Tensor:
    try:
        return named_tensor(ident, frame.scope)
    except Fault:
        if builder.diagnostics.failed:  # what would have bound it may have failed
            raise Unknown from None
        raise
