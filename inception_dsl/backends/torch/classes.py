"""Which regions share a class: those of one definition whose code differs in numbers only."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from inception_dsl.backends.torch.bodies import Bodies
from inception_dsl.backends.torch.body import Body, enclosing
from inception_dsl.backends.torch.expressions import (
    Call,
    Expr,
    Leaf,
    Method,
    New,
    Value,
    children,
)
from inception_dsl.backends.torch.names import Taken, camel_case
from inception_dsl.ir.graph import Graph
from inception_dsl.ir.regions import Region

__all__ = ["Group", "group"]

_SEGMENTS = 3  # of a nested region's place, in the name of its class


@dataclass
class Group:
    """The instances of one class."""

    number: int
    name: str = ""
    bodies: list[Body] = field(default_factory=list)

    @property
    def region(self) -> Region:
        """The first instance."""
        return self.bodies[0].region

    @cached_property
    def settings(self) -> dict[str, dict[object, None]]:
        """The values that each parameter of the definition has in the instances."""
        found: dict[str, dict[object, None]] = {}
        for body in self.bodies:
            for name, bound in enclosing(body.region).arguments.items():
                value = getattr(bound.value, "name", bound.value)
                found.setdefault(name, {})[value] = None
        return found


def group(bodies: Bodies, taken: Taken) -> list[Group]:
    """The classes of a network, those that others use first; the network's own is the last."""
    network = taken.claim(camel_case(bodies.graph.name))
    groups: dict[Hashable, Group] = {}
    of_region: dict[str, int] = {}
    for body in bodies.classes:
        key = (_owner(body.region), _skeleton(body, of_region))
        found = groups.setdefault(key, Group(len(groups)))
        found.bodies.append(body)
        of_region[body.region.path] = found.number
    *inner, root = groups.values()
    first: dict[Hashable, Group] = {}
    for found in inner:
        plain = first.setdefault(_owner(found.region), found)
        found.name = taken.claim(_wanted(found, plain, bodies.graph))
    root.name = network
    return [*inner, root]


def _owner(region: Region) -> tuple[str, ...]:
    """What a region is an instance of: a definition, or a place in the body of one."""
    owner, place = enclosing(region), _place(region)
    definition = owner.definition
    return (*place, definition.key, definition.name) if definition else place


def _place(region: Region) -> tuple[str, ...]:
    """The segments below the enclosing definition; rounds of a repeat are one place."""
    place: list[str] = []
    while region.kind not in ("instance", "network") and region.parent:
        place.insert(0, "round" if region.kind == "iteration" else region.segment)
        region = region.parent
    return tuple(place)


def _wanted(found: Group, plain: Group, graph: Graph) -> str:
    """`Conv`, `InceptionEBranch2`; further structures are named by the setting that differs."""
    owner = enclosing(found.region)
    base = [owner.definition.name] if owner.definition else []
    name = camel_case(*base, *_place(found.region)[-_SEGMENTS:])
    return name if found is plain else name + _difference(found, plain, graph)


def _difference(found: Group, plain: Group, graph: Graph) -> str:
    """`MaxPool` where this class has `pool=max_pool` and the plain one has not; `` if unclear."""
    if len(found.bodies[0].inputs) != len(plain.bodies[0].inputs):
        return ""
    ranks = [graph[which.bodies[0].inputs[0]].out.rank for which in (found, plain)]
    if ranks[0] != ranks[1]:
        return f"{ranks[0]}d"
    words = []
    for name, (value, *others) in found.settings.items():
        if not others and value not in plain.settings.get(name, {}):
            words.append((_is_number(value), _word(name, value)))
    # A flag or an operation says more about structure than a number does.
    return min(words, key=lambda word: word[0], default=(True, ""))[1]


def _is_number(value: object) -> bool:
    return not isinstance(value, bool | str)


def _word(name: str, value: object) -> str:
    """A setting as part of a class name."""
    if value is True:
        return f"With{camel_case(name)}"
    if value is False:
        return f"Without{camel_case(name)}"
    if isinstance(value, str) and value.isidentifier():
        return camel_case(value)
    if isinstance(value, int) and value >= 0:
        return f"{camel_case(name)}{value}"
    return ""


def _skeleton(body: Body, of_region: dict[str, int]) -> Hashable:
    """All of a body but the numbers."""
    places = {path: place for place, path in enumerate(body.inputs)}
    parts: list[Hashable] = []
    for part in body.parts:
        steps: list[Hashable] = []
        for step in part.steps:
            expr = _shape(step.expr, places, of_region)
            for path in step.outputs:
                places.setdefault(path, len(places))
            steps.append((expr, tuple(places[path] for path in step.outputs), step.names))
        built = part.constructor and _shape(part.constructor, places, of_region)
        parts.append((part.segment, built, tuple(steps), part.aux))
    return (len(body.inputs), tuple(parts), tuple(places[path] for path in body.outputs))


def _shape(expr: Expr, places: dict[str, int], of_region: dict[str, int]) -> Hashable:
    """An expression without its numbers, names of nodes as places in the body."""
    inside: Sequence[Hashable] = [_shape(part, places, of_region) for part in children(expr)]
    match expr:
        case Leaf():
            return "number"
        case Value(path):
            return ("value", places[path])
        case New(region):
            return ("new", of_region[region.path])
        case Call(_, arguments, keywords):
            return ("call", len(arguments), tuple(name for name, _ in keywords), *inside)
        case Method(_, name):
            return ("method", name, *inside)
        case _ if inside:
            return (
                type(expr).__name__,
                getattr(expr, "count", 0),
                getattr(expr, "operator", ""),
                *inside,
            )
        case _:
            return expr
