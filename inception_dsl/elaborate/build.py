"""The network under construction: graph, region tree, budget, and its mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from inception_dsl.diagnostics import Diagnostic, Diagnostics, Label, Note
from inception_dsl.elaborate.evaluate import Evaluator
from inception_dsl.elaborate.faults import OverBudget
from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.paths import Names, join
from inception_dsl.elaborate.scopes import Scope
from inception_dsl.elaborate.values import Tensor
from inception_dsl.ir.formula import Bound
from inception_dsl.ir.graph import Graph, Node
from inception_dsl.ir.op import Input, Op, OpFault
from inception_dsl.ir.regions import Origin, Region, RegionKind
from inception_dsl.ir.types import FeatureMap
from inception_dsl.source import Span
from inception_dsl.syntax import tree

__all__ = ["Builder", "Frame"]


@dataclass
class Frame:
    """Where a statement stands: its scope, its region, and the use of the definition it is in.

    `use` and `caller` are the innermost call: ``module `inception_a` with pool=32``, and where.
    `layer` tells that a layer is being expanded, `depth` how many regions enclose it.
    """

    scope: Scope
    region: Region
    names: Names = field(default_factory=Names)
    use: str = ""
    caller: Origin | None = None
    layer: str = ""
    depth: int = 0

    def origin(self, span: Span) -> Origin:
        """The origin of something written at `span` in this frame."""
        return Origin(span, self.use, self.caller)


Block = Callable[["Builder", tuple[tree.Statement, ...], "Tensor | None", "Frame"], "Tensor | None"]


@dataclass
class Builder:
    """What the functions that expand a spec share."""

    graph: Graph
    limits: Limits
    diagnostics: Diagnostics
    block: Block
    check_notes: bool
    """Whether shape notes of the network's own body hold: they speak of its declared defaults."""
    statements: int = 0
    parameters: int = 0
    heads: list[Region] = field(default_factory=list)
    evaluator: Evaluator = field(init=False)

    def __post_init__(self) -> None:
        self.evaluator = Evaluator(self.limits, self.diagnostics.add)

    def report(self, diagnostic: Diagnostic, frame: Frame) -> None:
        """Record a mistake, with the uses of definitions through which the place was reached."""
        notes = [*diagnostic.notes]
        use, caller = frame.use, frame.caller
        while use and caller and len(notes) < len(diagnostic.notes) + 3:
            notes.append(Note(f"in: {use}, called at {caller.span}", caller.span))
            use, caller = caller.use, caller.parent
        record = Diagnostic(
            diagnostic.code,
            diagnostic.message,
            diagnostic.span,
            diagnostic.label,
            diagnostic.labels,
            tuple(notes),
            diagnostic.help,
        )
        self.diagnostics.add(record)

    def fault(
        self,
        fault: OpFault,
        span: Span,
        frame: Frame,
        spans: Mapping[str, Span],
        labels: tuple[Label, ...] = (),
    ) -> None:
        """Record what an operation refused, at the argument in question where it was written."""
        place = spans.get(fault.argument, span) if fault.argument else span
        label = f"expected {fault.expected}" if fault.expected else ""
        self.report(
            Diagnostic(fault.code, fault.message, place, label, labels, (), fault.help), frame
        )

    def spend(self, span: Span) -> None:
        """Count one executed statement.

        Raises: OverBudget past the limit.
        """
        self.statements += 1
        if self.statements > self.limits.statements:
            self._over(
                "E0705", span, f"the spec executes more than {self.limits.statements:,} statements"
            )

    def _over(self, code: str, span: Span, message: str) -> NoReturn:
        raise OverBudget(Diagnostic(code, message, span, "the limit is passed here"))

    def enter(
        self,
        kind: RegionKind,
        wanted: str,
        span: Span,
        frame: Frame,
        scope: Scope,
        *,
        numbered: bool = False,
        role: str = "",
    ) -> Frame:
        """A frame for a new region inside this one.

        Raises: OverBudget where regions nest too deep.
        """
        if frame.depth >= self.limits.nesting:
            message = f"definitions and blocks nest more than {self.limits.nesting} deep"
            raise OverBudget(Diagnostic("E0703", message, span, "the limit is passed here"))
        segment = wanted if kind == "iteration" else frame.names.claim(wanted, numbered=numbered)
        region = Region(
            kind, segment, join(frame.region.path, segment), frame.origin(span), frame.region, role
        )
        frame.region.children.append(region)
        return Frame(scope, region, Names(), frame.use, frame.caller, frame.layer, frame.depth + 1)

    def node(
        self,
        op: Op,
        operands: list[Tensor],
        wanted: str,
        span: Span,
        frame: Frame,
        arguments: Mapping[str, Bound],
    ) -> Tensor:
        """Add an operation on known tensors.

        Raises: OpFault if it does not take their shapes, OverBudget past a limit.
        """
        maps = [operand.map for operand in operands if operand.map]
        out = op.infer(*maps)
        segment = frame.names.claim(wanted)
        if max(out.dims) > self.limits.integer:
            self._over("E0706", span, "a feature map's size does not fit in 64 bits")
        self.parameters += sum(p.size for p in op.parameters(maps[0]).values()) if maps else 0
        if self.parameters > self.limits.parameters:
            self._over(
                "E0709", span, f"the network has more than {self.limits.parameters:,} parameters"
            )
        if len(self.graph) > self.limits.operations:
            self._over(
                "E0704", span, f"the network has more than {self.limits.operations:,} operations"
            )
        path = join(frame.region.path, segment)
        node = Node(path, op, out, frame.origin(span), arguments)
        self.graph.add(node, tuple(operand.node for operand in operands if operand.node))
        frame.region.children.append(path)
        return Tensor(path, out)

    def stand_in(self, map: FeatureMap, span: Span, frame: Frame) -> Tensor:
        """A tensor of that shape where a mistake left none: what follows is checked against it.

        Its node makes the graph no network, but after a mistake there is none anyway.
        """
        assert self.diagnostics.failed, "only a mistake leaves a tensor unknown"
        path = join(frame.region.path, f"/{len(self.graph)}")
        self.graph.add(Node(path, Input(map), map, frame.origin(span)), ())
        return Tensor(path, map)
