"""A valid spec as planters see it: its tree, and which places in it the checker looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TypeVar

from inception_dsl.diagnostics import Diagnostics
from inception_dsl.ir.graph import Graph, Node
from inception_dsl.ir.op import signature
from inception_dsl.network import Network
from inception_dsl.ops import operation
from inception_dsl.shipped import shipped_file
from inception_dsl.source import Source
from inception_dsl.syntax import tree
from inception_dsl.syntax.parse import parse
from tests.fuzz.specs import Files, load_files

__all__ = ["Host", "Parameter", "Site", "host_of"]

N = TypeVar("N", bound=tree.Node)


@dataclass(frozen=True)
class Site:
    """A node of the syntax tree, and the nodes around it, the file's item first."""

    node: tree.Node
    around: tuple[tree.Node, ...]

    def inside(self, *kinds: type[tree.Node]) -> bool:
        """Whether it stands in a node of one of these kinds."""
        return any(isinstance(node, kinds) for node in self.around)


@dataclass(frozen=True)
class Host:
    """A valid spec and the network that it checks to; faults are planted in its first file."""

    files: Files
    network: Network

    @cached_property
    def name(self) -> str:
        """The name of the file with the network."""
        return next(iter(self.files))

    @cached_property
    def text(self) -> str:
        """The text of the file with the network."""
        return self.files[self.name]

    @property
    def graph(self) -> Graph:
        """The network's graph."""
        return self.network.graph.graph

    @cached_property
    def file(self) -> tree.File:
        """The syntax tree."""
        return _parsed(self.text)

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """Every node of the tree, in the order of the text."""
        return tuple(site for item in self.file.items for site in _walk(item, ()))

    @cached_property
    def live(self) -> dict[tuple[int, int], list[Node]]:
        """The operations of the network by the span that each was written at, in this file."""
        found: dict[tuple[int, int], list[Node]] = {}
        for node in self.graph:
            span = node.origin.span
            if span.source.text == self.text:
                found.setdefault((span.start, span.end), []).append(node)
        return found

    @cached_property
    def used(self) -> frozenset[tuple[int, int]]:
        """The spans of all that takes part in the network: operations, calls, branches, rounds."""
        regions = (region.origin.span for region in self.graph.root.walk())
        spans = (span for span in regions if span.source.text == self.text)
        return frozenset(self.live) | {(span.start, span.end) for span in spans}

    def find(self, kind: type[N]) -> Iterator[tuple[N, Site]]:
        """The nodes of a kind, wherever they are."""
        for site in self.sites:
            if isinstance(site.node, kind):
                yield site.node, site

    def calls(self) -> Iterator[tuple[tree.Call, Site]]:
        """The calls that the network is made of."""
        for call, site in self.find(tree.Call):
            if isinstance(site.around[-1], tree.Chain) and self.is_used(call):
                yield call, site

    def written(self, node: tree.Node) -> str:
        """The text of a node."""
        return self.text[node.span.start : node.span.end]

    def is_used(self, node: tree.Node) -> bool:
        """Whether a node takes part in the network."""
        return (node.span.start, node.span.end) in self.used

    def nodes(self, node: tree.Node) -> list[Node]:
        """The operations that were written at a node of the tree."""
        return self.live.get((node.span.start, node.span.end), [])

    @cached_property
    def main(self) -> tree.Network:
        """The network's own tree."""
        return next(item for item in self.file.items if isinstance(item, tree.Network))

    @cached_property
    def definitions(self) -> dict[str, tree.Definition]:
        """The definitions of this file, by name."""
        return {d.name.text: d for d in self.file.items if isinstance(d, tree.Definition)}

    @cached_property
    def imported(self) -> dict[str, tree.Definition]:
        """The definitions of other files, by their names here."""
        found = {}
        for item in self.file.items:
            if isinstance(item, tree.Import) and (text := self._text_of(item.path)) is not None:
                there = {
                    d.name.text: d for d in _parsed(text).items if isinstance(d, tree.Definition)
                }
                found |= {
                    n.alias.text: there[n.name.text] for n in item.names if n.name.text in there
                }
        return found

    def _text_of(self, path: str) -> str | None:
        name = path if path.endswith(".incept") else path + ".incept"
        if name in self.files:
            return self.files[name]
        shipped = shipped_file(path.removesuffix(".incept"))
        return shipped.read_text("utf-8") if shipped else None

    @cached_property
    def values(self) -> frozenset[str]:
        """The names of parameters and `let`s, which may hide operations."""
        kinds = (tree.Param, tree.FileParam, tree.Let)
        named = (site.node for site in self.sites if isinstance(site.node, kinds))
        repeats = (n.variable for n, _ in self.find(tree.Repeat) if n.variable)
        return frozenset(n.name.text for n in named) | {v.text for v in repeats}

    def parameters(self, call: tree.Call) -> tuple[Parameter, ...] | None:
        """What a call may be given; None where its name stands for a value."""
        name = call.name.text
        if name in self.values:
            return None
        if definition := self.definitions.get(name) or self.imported.get(name):
            return tuple(
                Parameter(p.name.text, p.type.text if p.type else "any", p.default is None)
                for p in definition.params
            )
        kind = operation(name)
        return kind and tuple(Parameter(s.name, s.type, s.required) for s in signature(kind))

    def given(self, call: tree.Call) -> Iterator[tuple[Parameter, tree.Argument]]:
        """The arguments written in a call, each with the parameter that it fills."""
        parameters = self.parameters(call) or ()
        named = {p.name: p for p in parameters}
        for argument, positional in zip(call.arguments, [*parameters, None, None], strict=False):
            parameter = named.get(argument.keyword.text) if argument.keyword else positional
            if parameter:
                yield parameter, argument


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation or definition."""

    name: str
    type: str
    required: bool


def host_of(files: Files) -> Host:
    """The host that a valid spec makes.

    Raises: SpecError if it is not valid.
    """
    return Host(files, load_files(files))


def _parsed(text: str) -> tree.File:
    return parse(Source("host", text), Diagnostics())


def _walk(node: tree.Node, around: tuple[tree.Node, ...]) -> Iterator[Site]:
    yield Site(node, around)
    for field in fields(node):
        value = getattr(node, field.name)
        for child in value if isinstance(value, tuple) else (value,):
            if isinstance(child, tree.Node):
                yield from _walk(child, (*around, node))
