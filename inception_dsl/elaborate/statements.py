"""Bodies: each statement reads the current tensor and becomes the current tensor."""

from __future__ import annotations

from dataclasses import replace

from inception_dsl.elaborate.build import Builder, Frame
from inception_dsl.elaborate.chains import chain, named_chain
from inception_dsl.elaborate.faults import Fault, Unknown, fail
from inception_dsl.elaborate.notes import check_note, noted_shape
from inception_dsl.elaborate.paths import Names
from inception_dsl.elaborate.roles import check_stem
from inception_dsl.elaborate.rounds import rounds
from inception_dsl.elaborate.values import Tensor, coerce, describe
from inception_dsl.ir.formula import Bound
from inception_dsl.ir.graph import AuxHead
from inception_dsl.ir.regions import Region
from inception_dsl.ops.identity import Identity
from inception_dsl.syntax import tree

__all__ = ["block"]


def block(
    builder: Builder, statements: tuple[tree.Statement, ...], current: Tensor | None, frame: Frame
) -> Tensor | None:
    """The tensor at the end of a body; an empty body gives back what it got.

    A mistake is reported here, and its statement's tensor is unknown to what follows.
    """
    for statement in statements:
        builder.spend(statement.span)
        if builder.diagnostics.full:
            break
        try:
            current = _statement(builder, statement, current, frame)
            if not isinstance(statement, tree.Aux):
                check_note(builder, statement, current, frame)
        except Fault as fault:
            builder.report(fault.diagnostic, frame)
            current = _recover(statement, current, frame)
        except Unknown:
            current = _recover(statement, current, frame)
        if current and (current.guessed or not current.known):
            current = _restart(builder, statement, frame) or current
    return current


def _statement(
    builder: Builder, written: tree.Statement, current: Tensor | None, frame: Frame
) -> Tensor | None:
    match written:
        case tree.Apply():
            return chain(builder, written.chain, current, frame)
        case tree.Bind():
            result = named_chain(builder, written.name.text, written.chain, current, frame)
            frame.scope.bind(written.name.text, result)
            return result
        case tree.Let():
            frame.scope.values[written.name.text] = builder.evaluator.bound(
                written.value, frame.scope
            )
        case tree.If():
            taken = builder.evaluator.condition(written.condition, frame.scope)
            body = written.then if taken else written.otherwise
            return block(builder, body.statements, current, frame) if body else current
        case tree.Repeat():
            return _repeat(builder, written, current, frame)
        case tree.Section():
            return _section(builder, written, current, frame)
        case tree.Aux():
            _aux(builder, written, current, frame)
        case tree.InputDecl() | tree.Expect() | tree.Settings():
            pass  # what the network says of itself is read before and after its body
    return current


def _recover(written: tree.Statement, current: Tensor | None, frame: Frame) -> Tensor | None:
    """After a mistake: names stay bound, to what is not known."""
    match written:
        case tree.Let():
            frame.scope.values[written.name.text] = Bound(Unknown)
            return current
        case tree.Aux():
            return current
        case tree.Bind():
            frame.scope.bind(written.name.text, Tensor())
    return Tensor()


def _restart(builder: Builder, written: tree.Statement, frame: Frame) -> Tensor | None:
    """After a mistake: the shape that the statement's note promises, so that checking goes on."""
    match written:
        case tree.Bind(name=name, note=note) | tree.Section(name=name, note=note):
            pass
        case tree.Apply(note=note):
            name = None
        case _:
            return None
    map = noted_shape(builder, note, frame)
    if map is None:
        return None
    tensor = builder.stand_in(map, written.span, frame)
    if name:
        frame.scope.bind(name.text, tensor)
    return tensor


def _repeat(
    builder: Builder, written: tree.Repeat, current: Tensor | None, frame: Frame
) -> Tensor | None:
    outer = builder.enter("repeat", "repeat", written.span, frame, frame.scope)
    for index, scope in enumerate(rounds(builder, written.count, written.variable, frame)):
        inner = builder.enter("iteration", str(index), written.body.span, outer, scope)
        current = block(builder, written.body.statements, current, inner)
        inner.region.outputs = (current.node,) if current and current.node else ()
    outer.region.outputs = (current.node,) if current and current.node else ()
    return current


def _section(
    builder: Builder, written: tree.Section, current: Tensor | None, frame: Frame
) -> Tensor | None:
    assert current is not None, "a network has a current tensor"
    name = written.name.text if written.name else written.kind
    inner = builder.enter("section", name, written.span, frame, frame.scope, role=written.kind)
    if written.kind == "stem":
        check_stem(builder, written.span, current, frame)
    if written.kind == "head":
        builder.heads.append(inner.region)
    current = block(builder, written.body.statements, current, inner)
    inner.region.outputs = (current.node,) if current and current.node else ()
    if written.name and current:
        frame.scope.bind(written.name.text, current)
    return current


def _aux(builder: Builder, written: tree.Aux, current: Tensor | None, frame: Frame) -> None:
    weight = 1.0
    for argument in written.arguments:
        keyword = argument.keyword
        if keyword and keyword.text != "weight":
            message = f"`aux` has no parameter `{keyword.text}`"
            fail("E0301", keyword.span, message, help="`aux name(weight=0.3) = ...`")
        value = builder.evaluator.value(argument.value, frame.scope)
        try:
            weight = float(coerce(value, "float"))  # type: ignore[arg-type]
        except TypeError:
            fail("E0304", argument.value.span, f"`weight` takes a number, found {describe(value)}")
    before = len(frame.region.children)
    result = named_chain(builder, written.name.text, written.chain, current, frame)
    check_note(builder, written, result, frame)
    if result.node and current and current.node and len(frame.region.children) > before:
        child = frame.region.children[before]
        path = child if isinstance(child, str) else child.path
        if isinstance(child, Region) and result.node not in child.nodes():
            result = _own_result(builder, child, result, written, frame)
        assert result.node, "the head has a result"
        builder.graph.aux += (AuxHead(written.name.text, path, current.node, result.node, weight),)


def _own_result(
    builder: Builder, head: Region, result: Tensor, written: tree.Aux, frame: Frame
) -> Tensor:
    """What a head without operations gives: another result than that of the tensor it stands on."""
    names = Names()
    for child in head.children:
        names.claim((child if isinstance(child, str) else child.path).rpartition(".")[2])
    inside = replace(frame, region=head, names=names)
    own = builder.node(Identity(), [result], Identity.name, written.chain.span, inside, {})
    head.outputs = (own.node,) if own.node else ()
    return own
