"""What an operation refuses, told at the place where the wrong value was written.

A layer is one box to its reader, so what is wrong with a use of it is shown at the use. Beside the
fault stand what made the input the shape it has, and a change that was tried and found to work.
"""

from __future__ import annotations

from collections.abc import Iterator

from inception_dsl.diagnostics import Diagnostic, Label, Note
from inception_dsl.elaborate.blame import Cause, causes, join_labels, place, trace_rank
from inception_dsl.elaborate.build import Builder, Frame, Use
from inception_dsl.elaborate.call_remedies import call_remedies
from inception_dsl.elaborate.consequences import follows
from inception_dsl.elaborate.trial import Remedy, attempt, choices, edited
from inception_dsl.elaborate.values import Tensor
from inception_dsl.ir.formula import Apply, Formula, Parameter
from inception_dsl.ir.graph import Node
from inception_dsl.ir.op import Op, OpFault
from inception_dsl.ir.types import FeatureMap
from inception_dsl.source import Span

__all__ = ["refuse"]


def refuse(builder: Builder, fault: OpFault, use: Use, op: Op | None) -> Tensor:
    """Report what an operation refused of its arguments or its input.

    Returns the tensor that there would be without the mistake, a guess, or an unknown one.
    """
    argument, span, written = _written(fault, use)
    if builder.repeats(fault.code, span, written.frame) or use.operands[0].guessed:
        known = builder.diagnostics.find(fault.code, span)
        return _guess(builder, use, written, Remedy("", known.fix) if known and known.fix else None)
    if not builder.explains:
        builder.report(Diagnostic(fault.code, fault.message, span), written.frame)
        return Tensor()
    if fault.code == "E0305" and _computed_from_wrong(builder, argument, written):
        return Tensor()
    mended = follows(builder, op, use.operands) if op else None
    if mended:
        return builder.stand_in(mended, span, use.frame)
    label = f"expected {fault.expected}" if fault.expected else ""
    labels, notes = _origins(builder, fault, use, span, written)
    candidates = call_remedies(fault, argument, use, written)
    found = [remedy for remedy in candidates if _outcome(builder, remedy, written)]
    help = choices(found) or fault.help or _earlier(builder, fault, use)
    fix = found[0].edits if found and fault.code not in _CHOICES else ()
    record = Diagnostic(fault.code, fault.message, span, label, labels, notes, help, fix)
    builder.report(record, written.frame)
    return _guess(builder, use, written, found[0] if found else None)


def _guess(builder: Builder, use: Use, written: Use, remedy: Remedy | None) -> Tensor:
    """What the call gives once it is mended, as far as that is known."""
    outcome = _outcome(builder, remedy, use) if remedy and written is use else None
    if outcome is None:
        return Tensor()
    return builder.stand_in(outcome.out, use.call.span, use.frame, guessed=True)


_CHOICES = ("E0408",)  # what could be done means different networks, and none is nearer


def _written(fault: OpFault, use: Use) -> tuple[str, Span, Use]:
    """The argument at fault, its place, and the call that it was written in.

    A parameter passed on leads to the call that gave it; without an argument, or where the value
    is a default, the call of the outermost layer is meant.
    """
    name = fault.argument or ""
    span = use.spans.get(name)
    while span:
        formula, outer = use.value.bound[name].formula, use.frame.entered
        if not isinstance(formula, Parameter) or outer is None:
            return name, span, use
        if formula.name not in outer.spans:
            break
        name, use, span = formula.name, outer, outer.spans[formula.name]
    while use.frame.layer and use.frame.entered:
        use = use.frame.entered
    return name, use.call.span, use


def _computed_from_wrong(builder: Builder, argument: str, use: Use) -> bool:
    """Whether the value was computed from one that was itself found out of range before."""
    bound, outer = use.value.bound.get(argument), use.frame.entered
    for name in _parameters(bound.formula) if bound and outer else ():
        step, wanted = outer, name
        while step and wanted in step.spans:
            if builder.diagnostics.find("E0305", step.spans[wanted]):
                return True
            formula = step.value.bound[wanted].formula
            wanted = formula.name if isinstance(formula, Parameter) else ""
            step = step.frame.entered
    return False


def _parameters(formula: Formula | None) -> Iterator[str]:
    match formula:
        case Parameter(name):
            yield name
        case Apply(operands=operands):
            for operand in operands:
                yield from _parameters(operand)


def _origins(
    builder: Builder, fault: OpFault, use: Use, span: Span, written: Use
) -> tuple[tuple[Label, ...], tuple[Note, ...]]:
    """Labels on what made the input's shape, and a note on the operation within a layer."""
    notes = []
    if written is not use:
        where = f"refused by `{use.value.name}` in {_definition(use.frame)}"
        notes.append(Note(where, use.call.name.span))
    operand = use.operands[0]
    if operand.node is None or operand.map is None:
        return (), tuple(notes)
    labels = []
    for cause in _causes(builder, fault.code, operand.node, operand.map):
        spot = place(cause.node.origin, written.frame)
        if spot:
            labels.append(Label(spot, str(cause)))
        elif written.frame.entered:
            notes.append(Note(f"{_definition(written.frame)} is entered with {_entry(written)}"))
    return join_labels(labels), tuple(dict.fromkeys(notes))


def _causes(builder: Builder, code: str, path: str, map: FeatureMap) -> list[Cause]:
    """What made the part of the input's shape that the fault is about."""
    match code:
        case "E0401":
            return trace_rank(builder.graph, path)
        case "E0404":
            return causes(builder.graph, path, range(1, map.rank + 1))
        case "E0405" | "E0409":
            return causes(builder.graph, path, [0])
    return []


def _earlier(builder: Builder, fault: OpFault, use: Use) -> str | None:
    """For an operation on a vector: what took the grid away, if the operation fits before it."""
    path = use.operands[0].node
    if fault.code != "E0401" or path is None:
        return None
    (cause,) = trace_rank(builder.graph, path)
    before = builder.graph.operands(cause.node.path)
    grid = Tensor(before[0], builder.graph[before[0]].out) if before else None
    if grid is None or attempt(builder, use.call.span.text, grid, use.frame) is None:
        return None
    return f"put it before `{cause.node.op.name}`, which leaves no grid"


def _definition(frame: Frame) -> str:
    return frame.use.partition(" with ")[0] or "the network"


def _entry(use: Use) -> str:
    entered = use.frame.entered
    return str(entered.operands[0].map) if entered else ""


def _outcome(builder: Builder, remedy: Remedy, use: Use) -> Node | None:
    """What the call gives once the remedy is applied; None if it still fails."""
    text = edited(use.call.span, remedy.edits)
    return attempt(builder, text, use.operands[0], use.frame)
