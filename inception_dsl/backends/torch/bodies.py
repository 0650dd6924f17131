"""Regions as bodies: the submodules that `__init__` builds, and the steps that `forward` takes.

A region that applies modules one after the other needs no class of its own: it becomes a `Chain`
inside the body around it. All others get a class, and stand in the body around them as `New`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace

import networkx as nx

from inception_dsl.analysis.instances import Instances
from inception_dsl.backends.torch.body import Body, Part, Step, enclosing
from inception_dsl.backends.torch.chains import IDENTITY, as_module, chain, is_chain, repeat
from inception_dsl.backends.torch.channels import node_channels, substitution
from inception_dsl.backends.torch.expressions import Expr, Leaf, New, Value, rebuild
from inception_dsl.backends.torch.lowering import Source
from inception_dsl.backends.torch.tracked import Channels, tracked_map, tracked_op
from inception_dsl.ir.formula import Formula
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.op import Input
from inception_dsl.ir.regions import Region
from inception_dsl.ir.vocabulary import Operand

__all__ = ["Bodies"]

_TERMS = 16  # of one sum; Python's own parser has its limits


class Bodies:
    """Lowers a network, inner regions first; `classes` are the bodies that need one."""

    def __init__(self, checked: CheckedGraph, aux: bool) -> None:
        self.graph = checked.graph
        self.heads = {head.output: head.path for head in checked.graph.aux if aux}
        self.classes: list[Body] = []
        self._instances = Instances(checked)
        self._live = self.graph.main()
        for output in self.heads:
            self._live |= {output} | nx.ancestors(self.graph.network, output)
        self._same: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self.classes.append(self._lower(self.graph.root))

    def resolve(self, path: str) -> str:
        """The node whose value the one at `path` passes on; mostly itself."""
        return self._same.get(path, path)

    def _lower(self, region: Region) -> Body:
        body = Body(region)
        inside = [path for path in region.nodes() if path in self._live]
        read = {operand for path in inside for operand in self.graph.operands(path)}
        outside = (self.graph.input,) if region.kind == "network" else region.inputs
        body.inputs = tuple(dict.fromkeys(self.resolve(path) for path in outside if path in read))
        if enclosing(region).kind == "instance":
            body.channels = {path: Channels(i) for i, path in enumerate(body.inputs)}
        for child in region.children:
            if isinstance(child, Region):
                self._add_region(body, child)
            else:
                self._add_node(body, child)
        made = {path for step in body.steps() for path in step.outputs}
        used = (self.resolve(path) for path in self._outputs(region, set(inside)))
        if region.kind != "network":
            used = (path for path in used if path in made)
        body.outputs = tuple(dict.fromkeys(used))
        return body

    def input_names(self, body: Body) -> tuple[str, ...]:
        """What `forward` calls its parameters: `x`, the names behind `on`, or those around."""
        if len(body.inputs) == 1:
            return ("x",)
        owner = enclosing(body.region)
        operands = owner.definition.operands if owner.definition else ()
        named = self._names | dict(zip(map(self.resolve, owner.inputs), operands, strict=False))
        names = (named.get(path, "x") for path in body.inputs)
        # A round of a repeat is called by its number.
        return tuple(name if name.isidentifier() else "x" for name in names)

    def _outputs(self, region: Region, inside: set[str]) -> Iterator[str]:
        """The values in a region that are needed outside, the current tensor at its end first."""
        outputs = (self.graph.output,) if region.kind == "network" else region.outputs
        for path in (*outputs, *(head for head in self.heads if head in inside)):
            ends = path == self.graph.output or path in self.heads
            readers = self.graph.readers(path)
            if ends or any(reader in self._live and reader not in inside for reader in readers):
                yield path

    def _add_node(self, body: Body, path: str) -> None:
        node = self.graph[path]
        if path not in self._live or isinstance(node.op, Input):
            return
        segment = path.removeprefix(f"{body.region.path}.")
        op = tracked_op(node.op, node.arguments) if body.channels else node.op
        operands = [self.resolve(operand) for operand in self.graph.operands(path)]
        channels = [body.channels.get(operand) for operand in operands]
        maps = self.graph.maps(path)
        source = Source(segment)
        inputs: list[Operand[Expr]] = [
            Operand(Value(operand), tracked_map(map, formula))
            for operand, map, formula in zip(operands, maps, channels, strict=True)
        ]
        steps: list[Step] = []
        while op.combines and len(inputs) > _TERMS and op.name != "concat":
            partial = f"{path} {len(steps)}"
            steps.append(Step(op.to_torch(source, *inputs[:_TERMS]), (partial,), (segment,)))
            inputs = [Operand(Value(partial), node.out), *inputs[_TERMS:]]
        expr = op.to_torch(source, *inputs)
        if expr == Value(operands[0]) or source.constructor == IDENTITY:
            if path not in self.heads:
                self._same[path] = operands[0]
                return
            expr = source.call(source.module("nn.Identity"), *map(Value, operands))
        if body.channels:
            body.channels[path] = node_channels(node, maps, channels)
        body.stateless &= not self.graph.parameters(path)
        aux = self.heads.get(path) == path
        if aux and source.constructor is None:
            # A head is there in training only, and what is left out has to be a module.
            expr = source.call(source.module("nn.Identity"), expr)
        body.has_aux |= aux
        steps.append(Step(expr, (path,), (segment,)))
        self._append(body, Part(segment, source.constructor, tuple(steps), aux))

    def _add_region(self, body: Body, region: Region) -> None:
        inner = self._lower(region)
        if not inner.outputs:
            return
        reads = tuple(body.channels.get(path) for path in inner.inputs)
        outward = substitution(region, reads)
        if body.channels:
            body.channels |= {path: outward(inner.channels.get(path)) for path in inner.outputs}
        aux = region.path in self.heads.values()
        body.has_aux |= aux or inner.has_aux
        body.stateless &= inner.stateless
        if region.kind == "repeat":
            kinds = self._rounds(inner)
            part = repeat(inner, lambda iteration: kinds.get(iteration.segment))
        elif region.kind != "instance" and is_chain(inner):
            part = as_module(inner, chain(inner, self.graph), aux)
        else:
            self.classes.append(inner)
            self._append(body, as_module(inner, New(region, reads), aux))
            return
        body.nesting = max(body.nesting, inner.nesting + 1)
        if part.constructor and body.channels:
            part = replace(part, constructor=_in_terms(part.constructor, outward))
        self._append(body, part)

    def _append(self, body: Body, part: Part) -> None:
        body.parts.append(part)
        for step in part.steps:
            self._names |= zip(step.outputs, step.names, strict=True)

    def _rounds(self, body: Body) -> dict[str, Hashable]:
        """For each round that the network needs, what tells it from others in code and numbers."""
        made = {part.segment: part.steps[0].outputs for part in body.parts}
        kinds: dict[str, Hashable] = {}
        for child in body.region.children:
            if isinstance(child, Region) and child.segment in made:
                nodes = list(child.nodes())
                live = tuple(path in self._live for path in nodes)
                ends = tuple(nodes.index(path) for path in made[child.segment])
                kinds[child.segment] = (self._instances.equal(child), live, ends)
        return kinds


def _in_terms(expr: Expr, outward: Callable[[Formula | None], Formula | None]) -> Expr:
    """An expression with its formulas turned into those of the body around it."""
    match expr:
        case Leaf(_, formula):
            return replace(expr, formula=outward(formula))
        case New(region, channels):
            return New(region, tuple(map(outward, channels)))
        case _:
            return rebuild(expr, lambda part: _in_terms(part, outward))
