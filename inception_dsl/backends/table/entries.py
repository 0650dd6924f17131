"""The parts of a network that have rows of their own in a paper's table."""

from __future__ import annotations

from dataclasses import dataclass, replace

from inception_dsl.analysis.cost import aux_only
from inception_dsl.analysis.outline import Part, outline
from inception_dsl.analysis.wording import bound_name
from inception_dsl.backends.table.chain import Chain, Step, chain_of
from inception_dsl.backends.table.rows import result
from inception_dsl.ir.graph import CheckedGraph, Graph
from inception_dsl.ir.regions import Region
from inception_dsl.ops.dropout import Dropout
from inception_dsl.ops.upsample import Upsample

__all__ = ["Entry", "entries"]

_HEADED = ("instance", "branch", "residual", "shortcut")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: what it is called, the nodes that it counts, the one that makes its result.

    Of several rounds that is `output` in the first and `last` in the last one. An `open` entry has
    its rows behind it. `region` is None for a single operation.
    """

    title: str
    name: str
    paths: tuple[str, ...]
    output: str
    last: str
    chain: Chain = ()
    region: Region | None = None
    level: int = 0
    times: int = 1
    open: bool = False

    @property
    def module(self) -> bool:
        """Whether it is what the columns of filters are about."""
        return not self.open and self.region is not None and self.region.role in _MODULES

    @property
    def label(self) -> str:
        """`inception (3a)`, `inception_a × 4`."""
        named = f"{self.title} ({self.name})" if self.name else self.title
        return f"{named} × {self.times}" if self.times > 1 else named


_MODULES = ("module", "reduction", "block")


def entries(checked: CheckedGraph, depth: int | None) -> list[Entry]:
    """The rows of a network; stems and heads that are straight chains are written out."""
    graph, aux = checked.graph, frozenset(aux_only(checked))
    straight = [
        region.path
        for region in graph.root.walk()
        if region.kind == "instance"
        and region.role in ("stem", "head")
        and not aux.issuperset(region.nodes())
        and all(isinstance(step, Step) for step in chain_of(graph, region))
    ]
    parts = outline(checked, depth, expand=straight).root.parts
    return _Walk(graph, aux).all_of(parts, 0)


@dataclass(frozen=True)
class _Walk:
    graph: Graph
    aux: frozenset[str]

    def all_of(self, parts: tuple[Part, ...], level: int) -> list[Entry]:
        """The rows of what stands in one body; what has none counts with the row before it."""
        found: list[Entry] = []
        for part in parts:
            if self.aux.issuperset(part.paths) or part.path == self.graph.input:
                continue
            if part.open:
                found += self.opened(part, level)
            elif self.silent(part):
                if found and found[-1].level == level and not found[-1].open:
                    found[-1] = replace(found[-1], paths=found[-1].paths + part.paths)
                elif self.trained(part):
                    found.append(self.closed(part, level))
            else:
                found.append(self.closed(part, level))
        return found

    def opened(self, part: Part, level: int) -> list[Entry]:
        """The rows inside an open part, behind one of its own where it is more than wiring."""
        region = part.region
        assert region is not None, "a node is never open"
        plain = region.kind not in _HEADED or region.role in ("stem", "head", "layer")
        inner = self.all_of(part.parts, level if plain else level + 1)
        name = bound_name(self.graph, part) if region.kind in ("group", "instance") else ""
        if plain and [each.level for each in inner].count(level) == 1:
            first, *behind = inner
            return [
                replace(first, name=first.name or name, times=first.times * part.times),
                *behind,
            ]
        if not inner or (plain and part.times == 1):
            return inner
        if plain:
            inner = [replace(each, level=each.level + 1) for each in inner]
        title = region.definition.name if region.definition else _words(region)
        head = Entry(
            title, _short(title, name), part.paths, region.outputs[0], region.outputs[0],
            region=region, level=level, times=part.times, open=True,
        )  # fmt: skip
        return [head, *inner]

    def closed(self, part: Part, level: int) -> Entry:
        """The row of a node or of a closed region."""
        region, name = part.region, bound_name(self.graph, part)
        chain = chain_of(self.graph, part.path if region is None else region)
        title = self.title(part, chain)
        output = part.path if region is None else region.outputs[0]
        last = result(region, part.paths, output)
        name = _short(title, name)
        return Entry(title, name, part.paths, output, last, chain, region, level, part.times)

    def title(self, part: Part, chain: Chain) -> str:
        """What the row is: a layer by its kind, anything larger by its definition."""
        region = part.region
        small = region is None or region.role == "layer"
        match chain:
            case (Step(kind="separable"),) if small:
                return "separable convolution"
            case (Step(kind=kind),) if small:
                return kind
        if region is not None:
            return region.definition.name if region.definition else _words(region)
        op = self.graph[part.path].op
        return f"dropout ({op.rate:.0%})" if isinstance(op, Dropout) else op.label()

    def silent(self, part: Part) -> bool:
        """Whether papers pass over it: no weighted layer, no pool, no change of the grid."""
        if chain_of(self.graph, part.path if part.region is None else part.region):
            return False
        nodes = (part.path,) if part.region is None else tuple(part.region.nodes())
        return not any(isinstance(self.graph[path].op, Dropout | Upsample) for path in nodes)

    def trained(self, part: Part) -> bool:
        """Whether it has parameters."""
        return any(self.graph.parameters(path) for path in part.paths)


def _words(region: Region) -> str:
    if region.kind == "iteration":
        return "repeat"
    return region.segment.replace("_", " ")


def _short(title: str, name: str) -> str:
    """`3a` for `inception_3a` of `inception`: without the words that both begin with."""
    words, same = name.split("_"), title.split("_")
    while words and same and words[0] == same[0]:
        del words[0], same[0]
    return "_".join(words)
