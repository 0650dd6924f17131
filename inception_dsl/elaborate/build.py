"""The network under construction: graph, region tree, budget, and its mistakes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn

from inception_dsl.diagnostics import Diagnostic, Diagnostics, Note
from inception_dsl.elaborate.evaluate import Evaluator
from inception_dsl.elaborate.faults import OverBudget
from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.paths import Names, join
from inception_dsl.elaborate.scopes import Scope
from inception_dsl.elaborate.values import OpValue, Tensor
from inception_dsl.ir.formula import Bound
from inception_dsl.ir.graph import Graph, Node
from inception_dsl.ir.op import Input, Op
from inception_dsl.ir.regions import Origin, Region, RegionKind
from inception_dsl.ir.types import FeatureMap
from inception_dsl.record import record
from inception_dsl.source import Span
from inception_dsl.syntax import tree

__all__ = ["STAND_IN", "Builder", "ExpandedLayer", "Frame", "Use", "Watch"]

STAND_IN = "/"  # in the path of a node that stands for what a mistake left unknown


@record
class Use:
    """A call where it stands: what it calls, with which arguments, on which tensors."""

    call: tree.Call
    value: OpValue
    operands: tuple[Tensor, ...]
    frame: Frame

    @property
    def spans(self) -> dict[str, Span]:
        """The places of the arguments written in this very call."""
        start, end, source = self.call.span.start, self.call.span.end, self.call.span.source
        return {
            name: span
            for name, span in self.value.spans.items()
            if span.source is source and start <= span.start and span.end <= end
        }


@dataclass
class Frame:
    """Where a statement stands: its scope, its region, and the use of the definition it is in.

    `use` and `caller` are the innermost call: ``module `inception_a` with pool=32``, and where.
    `layer` tells that a layer is being expanded, `depth` how many regions enclose it, `entered`
    the call of the definition that it is the body of.
    """

    scope: Scope
    region: Region
    names: Names = field(default_factory=Names)
    use: str = ""
    caller: Origin | None = None
    layer: str = ""
    depth: int = 0
    entered: Use | None = None

    def inside(self, region: Region, scope: Scope) -> Frame:
        """The frame of the body of a region in this one."""
        return Frame(
            scope,
            region,
            use=self.use,
            caller=self.caller,
            layer=self.layer,
            depth=self.depth + 1,
            entered=self.entered,
        )

    def origin(self, span: Span) -> Origin:
        """The origin of something written at `span` in this frame."""
        return Origin(span, self.use, self.caller)


Block = Callable[["Builder", tuple[tree.Statement, ...], "Tensor | None", "Frame"], "Tensor | None"]

Watch = Callable[[tree.Node, list[int | None], FeatureMap, Frame], None]
"""Told of every node that may have a shape note, each time it is executed.

With what its note says of each axis (None for `_`; nothing where there is none), the shape there
is, and where it stands.
"""


@record
class ExpandedLayer:
    """The nodes that a layer became, between its input and its result, and what that cost."""

    input: Tensor
    paths: tuple[str, ...]
    result: Tensor
    statements: int
    computed: int
    parameters: int


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
    path_bytes: int = 0
    heads: list[Region] = field(default_factory=list)
    watch: Watch | None = None
    explains: bool = True
    """Whether mistakes get a remedy; trying one out needs none for its own."""
    tried: int = 0
    """The statements that trying remedies has cost."""
    noted: dict[str, FeatureMap] = field(default_factory=dict)
    """The shapes that wrong notes say, by node: what would be right with them is no new mistake."""
    settled: set[str] = field(default_factory=set)
    """The nodes whose notes are right."""
    looked: int = 0
    """The nodes that looking for such consequences has cost."""
    layers: dict[Hashable, ExpandedLayer] = field(default_factory=dict)
    """The layers that were expanded, by what decided how."""
    evaluator: Evaluator = field(init=False)
    _uses: dict[tuple[str, str, int, int], dict[tuple[int, ...], None]] = field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        self.evaluator = Evaluator(self.limits, self.add)

    def report(self, diagnostic: Diagnostic, frame: Frame) -> None:
        """Record a mistake, with the uses of definitions through which the place was reached.

        A mistake that other uses repeat is one mistake, which counts them.
        """
        if self.repeats(diagnostic.code, diagnostic.span, frame):
            return
        notes = [*diagnostic.notes]
        use, caller = frame.use, frame.caller
        while use and caller and len(notes) < len(diagnostic.notes) + 3:
            name, _, given = use.partition(" with ")
            given = f" with {given}" if given else ""
            notes.append(Note(f"in: {name}, called at {caller.span}{given}", caller.span))
            use, caller = caller.use, caller.parent
        self.add(replace(diagnostic, notes=tuple(notes)))

    def add(self, diagnostic: Diagnostic) -> None:
        """Record a mistake; a name that is not known only where it is the first.

        Names are resolved before anything is built, and what would bind this one may have failed.
        """
        if diagnostic.code != "E0201" or not self.diagnostics.failed:
            self.diagnostics.add(diagnostic)

    def repeats(self, code: str, span: Span, frame: Frame) -> bool:
        """Whether this very mistake was reported before; another use of it is counted."""
        known = self.diagnostics.find(code, span)
        places = self._uses.setdefault((code, span.source.name, span.start, span.end), {})
        if frame.caller:
            places.setdefault(_calls(frame.caller))
        if known and len(places) > 1:
            others = len(places) - 1
            message = f"the same in {others} more use{'s' * (others > 1)} of {_named(frame.use)}"
            kept = tuple(n for n in known.notes if not n.message.startswith("the same in "))
            self.diagnostics.replace(replace(known, notes=(*kept, Note(message))))
        return known is not None

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

    def _path(self, frame: Frame, segment: str, span: Span) -> str:
        """The path of something in a frame; together they stay within a limit."""
        path = join(frame.region.path, segment)
        self.path_bytes += len(path)  # names are ASCII
        if self.path_bytes > self.limits.path_bytes:
            limit = f"{self.limits.path_bytes:,} bytes"
            self._over("E0711", span, f"the names of all operations together exceed {limit}")
        return path

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
        path = self._path(frame, segment, span)
        region = Region(kind, segment, path, frame.origin(span), frame.region, role)
        frame.region.children.append(region)
        return frame.inside(region, scope)

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
        for parameter in op.parameters(maps[0]).values() if maps else ():
            self.parameters += parameter.size
        if self.parameters > self.limits.parameters:
            self._over(
                "E0709", span, f"the network has more than {self.limits.parameters:,} parameters"
            )
        if len(self.graph) > self.limits.operations:
            self._over(
                "E0704", span, f"the network has more than {self.limits.operations:,} operations"
            )
        path = self._path(frame, segment, span)
        return self._add(Node(path, op, out, frame.origin(span), arguments), operands, frame)

    def copy(self, node: Node, operands: list[Tensor], frame: Frame) -> Tensor:
        """Add a node once more, in a frame where its name is free.

        Raises: OverBudget past the limit of names; of the others the caller takes care.
        """
        span = node.origin.span
        path = self._path(frame, node.path.rpartition(".")[2], span)
        copied = Node(path, node.op, node.out, frame.origin(span), node.arguments)
        return self._add(copied, operands, frame)

    def _add(self, node: Node, operands: list[Tensor], frame: Frame) -> Tensor:
        self.graph.add(node, tuple([operand.node for operand in operands if operand.node]))
        frame.region.children.append(node.path)
        return Tensor(node.path, node.out, True in [operand.guessed for operand in operands])

    def stand_in(
        self, map: FeatureMap, span: Span, frame: Frame, *, guessed: bool = False
    ) -> Tensor:
        """A tensor of that shape where a mistake left none: what follows is checked against it.

        Its node makes the graph no network, but after a mistake there is none anyway.
        """
        assert self.diagnostics.failed, "only a mistake leaves a tensor unknown"
        path = join(frame.region.path, f"{STAND_IN}{len(self.graph)}")
        self.graph.add(Node(path, Input(map), map, frame.origin(span)), ())
        return Tensor(path, map, guessed)


def _calls(caller: Origin) -> tuple[int, ...]:
    """The calls that lead to a use, innermost first: rounds of a repeat are one."""
    steps: list[int] = []
    step: Origin | None = caller
    while step:
        steps.append(step.span.start)
        step = step.parent
    return tuple(steps)


def _named(use: str) -> str:
    """``module `inception_a` `` without its arguments."""
    return use.partition(" with ")[0]
