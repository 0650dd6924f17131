"""Calls: an operation becomes a node, a definition a region with its body expanded in it."""

from __future__ import annotations

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.elaborate.bind import missing, signature_note
from inception_dsl.elaborate.build import Builder, Frame, Use
from inception_dsl.elaborate.faults import Fault, Unknown, fail
from inception_dsl.elaborate.layers import expand_body
from inception_dsl.elaborate.lookup import named_operation
from inception_dsl.elaborate.notes import check_note
from inception_dsl.elaborate.refusals import refuse
from inception_dsl.elaborate.roles import check_stem, kept_role
from inception_dsl.elaborate.scopes import Scope
from inception_dsl.elaborate.show_call import show_call
from inception_dsl.elaborate.units import DefinitionRef
from inception_dsl.elaborate.values import OpValue, Tensor, coerce, describe, show
from inception_dsl.ir.formula import Bound, Literal, Parameter
from inception_dsl.ir.op import Op, OpFault
from inception_dsl.syntax import tree

__all__ = ["apply"]


def apply(
    builder: Builder, call: tree.Call, operands: list[Tensor], frame: Frame, name: str | None
) -> Tensor:
    """The tensor that a call makes of its operands; `name` is the bound name, if there is one.

    Raises: Fault where the name or the number of operands is wrong, Unknown after earlier mistakes.
    """
    value = builder.evaluator.bind(
        named_operation(call.name, frame.scope),
        call.arguments,
        frame.scope,
        lambda wrong: builder.report(wrong, frame),
    )
    absent = missing(value)
    if absent:
        names = " and ".join(f"`{name}`" for name in absent)
        fail(
            "E0302",
            call.span,
            f"`{value.name}` needs {names}",
            f"{names} missing",
            notes=signature_note(value),
        )
    if Unknown in [bound.value for bound in value.bound.values()]:
        raise Unknown
    if isinstance(value.target, type):
        return _operation(builder, value, value.target, call, operands, frame, name)
    return _definition(builder, value, value.target, call, operands, frame, name)


def _operation(
    builder: Builder,
    value: OpValue,
    operation: type[Op],
    call: tree.Call,
    operands: list[Tensor],
    frame: Frame,
    name: str | None,
) -> Tensor:
    if len(operands) != 1:
        fail(
            "E0510",
            call.span,
            f"`{value.name}` takes one tensor, found {len(operands)}",
            help="only definitions with `on (...)` take several",
        )
    op: Op | None = None
    try:
        op = operation(**{key: bound.value for key, bound in value.bound.items()})
        if not operands[0].known:
            return Tensor()
        return builder.node(op, operands, name or value.name, call.span, frame, value.bound)
    except OpFault as fault:
        return refuse(builder, fault, Use(call, value, tuple(operands), frame), op)


def _definition(
    builder: Builder,
    value: OpValue,
    definition: DefinitionRef,
    call: tree.Call,
    operands: list[Tensor],
    frame: Frame,
    name: str | None,
) -> Tensor:
    written = definition.tree
    _check_operands(definition, call, operands)
    if frame.layer and written.role != "layer":
        message = f"a layer calls operations and layers, `{definition.name}` is a {written.role}"
        fail("E0501", call.name.span, message, help=f"make `{frame.layer}` a block")
    several = bool(written.operands)
    scope = Scope(definition.unit, "definition", None if several else operands[0])
    for ident, operand in zip(written.operands, operands, strict=False):
        scope.tensors[ident.text] = operand
    inner = builder.enter(
        "instance", name or value.name, call.span, frame, scope, role=written.role
    )
    inner.use, inner.caller = _use(value, definition), inner.region.origin
    inner.entered = Use(call, value, tuple(operands), frame)
    inner.layer = definition.name if written.role == "layer" else ""
    arguments = _parameters(builder, value, definition, inner)
    region = inner.region
    region.definition, region.arguments, region.doc = definition.info, arguments, written.doc
    region.call = show_call(value)
    region.inputs = tuple(operand.node for operand in operands if operand.node)
    if written.role == "stem":
        check_stem(builder, call.span, operands[0], frame)
    if written.role == "head":
        builder.heads.append(region)
    result = expand_body(builder, definition, None if several else operands[0], inner)
    if result is None:
        fail(
            "E0509",
            written.body.span,
            f"`{definition.name}` makes no tensor",
            help="start a chain from one of the names behind `on`",
        )
    if result.known:
        region.outputs = (result.node or "",)
        check_note(builder, written, result, inner)
        result = kept_role(builder, definition, operands[-1], result, inner)
    return result


def _check_operands(definition: DefinitionRef, call: tree.Call, operands: list[Tensor]) -> None:
    wanted = definition.tree.operands
    expected = len(wanted) or 1
    if len(operands) == expected:
        return
    takes = "one tensor" if expected == 1 else f"{expected} tensors"
    message = f"`{definition.name}` takes {takes}, found {len(operands)}"
    if wanted:
        names = ", ".join(ident.text for ident in wanted)
        fail("E0510", call.span, message, help=f"write `from ({names}) -> {definition.name}(...)`")
    fail(
        "E0510",
        call.span,
        message,
        help="a definition takes several tensors with `on (a, b)` behind its parameters",
    )


def _parameters(
    builder: Builder, value: OpValue, definition: DefinitionRef, inner: Frame
) -> dict[str, Bound]:
    """Set the parameters of a definition's scope; what the region keeps of them."""
    kept: dict[str, Bound] = {}
    for param in definition.tree.params:
        name = param.name.text
        bound = value.bound.get(name)
        if bound is None:
            bound = _default(builder, param, inner)
        inner.scope.values[name] = Bound(bound.value, Parameter(name))
        if bound.value is not Unknown:
            kept[name] = bound
    return kept


def _default(builder: Builder, param: tree.Param, inner: Frame) -> Bound:
    assert param.default is not None, f"{param.name.text} has no default"
    try:
        found = builder.evaluator.bound(param.default, inner.scope)
        type = param.type.text if param.type else "any"
        value = found.value if found.value is None else coerce(found.value, type)
        return Bound(value, found.formula if isinstance(found.formula, Literal) else None)
    except TypeError:
        message = f"the default of `{param.name.text}` is {describe(found.value)}"
        builder.report(Diagnostic("E0304", message, param.default.span, f"expected {type}"), inner)
    except Fault as fault:
        builder.report(fault.diagnostic, inner)
    except Unknown:
        pass
    return Bound(Unknown)


def _use(value: OpValue, definition: DefinitionRef) -> str:
    """``module `inception_a` with pool=32``."""
    given = ", ".join(f"{name}={show(bound.value)}" for name, bound in value.bound.items())
    given = given if len(given) <= 200 else given[:197] + "..."
    text = f"{definition.tree.role} `{definition.name}`"
    return f"{text} with {given}" if given else text
