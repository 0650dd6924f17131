"""One class of the generated file as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from inception_dsl.backends.torch.arguments import Arguments
from inception_dsl.backends.torch.bodies import Bodies
from inception_dsl.backends.torch.body import Step, enclosing
from inception_dsl.backends.torch.classes import Group
from inception_dsl.backends.torch.docstrings import docstring
from inception_dsl.backends.torch.expressions import Call, Expr, Name
from inception_dsl.backends.torch.forward import Statement, forward
from inception_dsl.backends.torch.merging import Merger, Signature
from inception_dsl.backends.torch.names import Taken
from inception_dsl.backends.torch.statements import (
    assignment,
    aux_module,
    aux_output,
    declaration,
    heading,
)

__all__ = ["ClassText", "Output", "write_class"]

_BODY = "        "


@dataclass(frozen=True)
class Output:
    """The named tuple that a network with auxiliary heads returns in training mode."""

    name: str
    fields: tuple[str, ...]

    def lines(self) -> list[str]:
        """Its class."""
        return [
            f"class {self.name}(NamedTuple):",
            '    """What the network returns in training mode."""',
            "",
            *(f"    {name}: Tensor" for name in self.fields),
        ]


@dataclass
class ClassText:
    """A class as lines, with the expressions that it is made of and how to construct it."""

    signature: Signature
    lines: list[str] = field(default_factory=list)
    exprs: list[Expr] = field(default_factory=list)


def write_class(
    group: Group,
    bodies: Bodies,
    signatures: Mapping[str, Signature],
    classes: Sequence[str],
    output: Output | None,
) -> ClassText:
    """The class for a group of regions; `signatures` are those of the classes it uses.

    `output` is what the network returns in training mode, where that is no tensor.
    """
    return _Writer(group, bodies, signatures, classes, output).write()


class _Writer:
    def __init__(
        self,
        group: Group,
        bodies: Bodies,
        signatures: Mapping[str, Signature],
        classes: Sequence[str],
        output: Output | None,
    ) -> None:
        self.group, self.output = group, output
        self.graph, self.heads = bodies.graph, bodies.heads
        self.body = group.bodies[0]
        self.inputs = bodies.input_names(self.body)
        self.arguments = Arguments(group.bodies, self.inputs, self.graph, Taken(classes))
        segments = [part.segment for part in self.body.parts]
        self.merger = Merger(self.arguments, signatures, Taken(segments))
        self.modules: list[tuple[str, Expr, bool]] = []
        self.steps: list[tuple[Step, bool]] = []
        self.shapes: dict[str, str] = {}
        self.shape = ""
        self.merge()

    def merge(self) -> None:
        """Merge the instances: what is left is one body, with names for what differs."""
        for parts in zip(*(body.parts for body in self.group.bodies), strict=True):
            first = parts[0]
            built = [part.constructor for part in parts if part.constructor is not None]
            if built:
                self.modules.append((first.segment, self.merger.merge(built), first.aux))
            for steps in zip(*(part.steps for part in parts), strict=True):
                step = steps[0]
                expr = self.merger.merge([each.expr for each in steps], stored=True)
                self.steps.append((Step(expr, step.outputs, step.names), first.aux))
                ends = [each.outputs[0] for each in steps]
                maps = dict.fromkeys(self.graph[path].out for path in ends if path in self.graph)
                if len(maps) == 1:
                    self.shapes[step.outputs[0]] = str(next(iter(maps)))

    def write(self) -> ClassText:
        places = {body.region.path: place for place, body in enumerate(self.group.bodies)}
        signature = Signature(self.group.name, self.arguments.used, places, self.body.has_aux)
        text = ClassText(signature)
        text.exprs += [expr for _, expr, _ in self.modules]
        text.exprs += [*self.merger.stored.values(), *(step.expr for step, _ in self.steps)]
        text.lines += [f"class {self.group.name}(nn.Module):", *self.doc()]
        if self.modules or self.merger.stored or self.body.has_aux:
            text.lines += [*self.init(signature), ""]
        text.lines += self.forward()
        return text

    def doc(self) -> list[str]:
        region = self.body.region
        if region.kind == "network":
            shapes = (self.graph[path].out for path in (self.graph.input, self.graph.output))
            text = "Takes a batch of {}, gives a batch of {}.".format(*shapes)
        elif region.kind == "instance":
            text = region.doc
        else:
            owner = enclosing(region).definition
            inside = f" of `{owner.name}`" if owner else ""
            what = f"The {region.kind} `{region.segment}`"
            if region.kind == "iteration" and region.parent:
                what = f"One round of `{region.parent.segment}`"
            text = f"{what}{inside}."
        lines = docstring(text, 1)
        return [*lines, ""] if lines else []

    def init(self, signature: Signature) -> Iterator[str]:
        parameters = [declaration(parameter) for parameter in signature.parameters]
        if signature.aux:
            parameters.append("aux: bool" + (" = True" if self.output else ""))
        yield from heading("__init__", parameters, "None")
        yield f"{_BODY}super().__init__()"
        for name, expr in self.merger.stored.items():
            yield from assignment(expr, f"self.{name} = ")
        for segment, expr, aux in self.modules:
            plain = assignment(expr, f"self.{segment} = ")
            yield from aux_module(segment, expr) if aux else plain

    def forward(self) -> Iterator[str]:
        inputs = dict(zip(self.body.inputs, self.inputs, strict=True))
        made = forward(inputs, self.steps, self.body.outputs, Taken(self.own_names()))
        kinds = ["Tensor | None" if path in self.heads else "Tensor" for path in self.body.outputs]
        returned = f"tuple[{', '.join(kinds)}]" if len(kinds) > 1 else "Tensor"
        if self.output:
            returned = f"Tensor | {self.output.name}"
        yield from heading("forward", [f"{name}: Tensor" for name in made.inputs], returned)
        *statements, last = made.statements or (None,)
        for statement in statements:
            yield from self.statement(statement) if statement else ()
        if last and not last.aux and not self.output and last.targets == made.results:
            yield from assignment(last.expr, "return ", self.comment(last))
            return
        if last:
            yield from self.statement(last)
        result, *aux = made.results
        if not self.output:
            yield f"{_BODY}return {', '.join(made.results)}"
            return
        yield f"{_BODY}if {aux[0]} is None:"
        yield f"{_BODY}    return {result}"
        call = Call(Name(self.output.name), tuple(map(Name, made.results)))
        yield from assignment(call, "return ")

    def own_names(self) -> list[str]:
        return [self.output.name] if self.output else []

    def statement(self, statement: Statement) -> list[str]:
        if statement.aux:
            return aux_output(statement.targets[0], statement.expr)
        before = f"{', '.join(statement.targets)} = "
        return assignment(statement.expr, before, self.comment(statement))

    def comment(self, statement: Statement) -> str:
        """The shape of a value; inside definitions only where it is another than before."""
        shape, before = self.shapes.get(statement.outputs[0], ""), self.shape
        self.shape = shape
        if self.body.region.role == "layer":
            return ""
        return shape if shape != before or self.body.region.kind == "network" else ""
