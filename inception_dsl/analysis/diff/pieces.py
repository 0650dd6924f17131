"""The parts of a network as a tree in which parts of two networks can be compared.

A piece knows what it is made of whatever it is called: operations with their arguments, and how
they read each other. Shapes are no part of that, since they follow from what stands before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from inception_dsl.analysis.diff.arguments import canonical
from inception_dsl.analysis.diff.formulas import form_of
from inception_dsl.analysis.outline import Part
from inception_dsl.analysis.wording import bound_name
from inception_dsl.elaborate.values import show
from inception_dsl.ir.graph import Graph, Node
from inception_dsl.ir.regions import Region

__all__ = ["Contents", "Piece"]

_WEIGHTED = ("convolution", "linear")


@dataclass(eq=False)
class Piece:
    """A region or a node.

    `name` is what the spec calls it, empty where its path only counts on; `word` is what it is: an
    operation, a definition, a kind of wiring. `reads` are the nodes outside that something
    in it reads, in the order of first reading. Pieces of equal `content` are made of the same,
    those of equal `form` were written so, whatever the arguments around them;
    `bag` counts the operations in it, those of equal rounds once; `inside` are the contents of the
    regions below it.
    """

    path: str
    segment: str
    name: str
    word: str
    region: Region | None
    node: Node | None
    parent: Piece | None
    children: list[Piece] = field(default_factory=list)
    reads: tuple[str, ...] = ()
    content: int = 0
    form: int = 0
    mass: int = 0
    weighted: int = 0
    bag: Mapping[Hashable, int] = field(default_factory=dict)
    inside: frozenset[int] = frozenset()

    def walk(self) -> Iterator[Piece]:
        """This piece and all below it, parents first, in the order of the spec."""
        pending = [self]
        while pending:
            piece = pending.pop()
            yield piece
            pending += reversed(piece.children)

    def enclosing(self) -> Piece | None:
        """The instance of a definition that it is written in; None in the network's own body."""
        piece = self.parent
        while piece is not None and not (piece.region and piece.region.kind == "instance"):
            piece = piece.parent
        return piece


class Contents:
    """Numbers for what pieces are made of, the same for two networks."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def pieces(self, graph: Graph) -> Piece:
        """The whole network as a tree of pieces."""
        root = _tree(graph)
        for piece in reversed(list(root.walk())):  # what is inside comes first
            if piece.node is not None:
                self._weigh_node(piece, piece.node, graph)
            elif piece.region is not None:
                self._weigh_region(piece, piece.region)
        return root

    def _number(self, made_of: Hashable) -> int:
        return self._numbers.setdefault(made_of, len(self._numbers))

    def _weigh_node(self, piece: Piece, node: Node, graph: Graph) -> None:
        piece.reads = graph.operands(node.path)
        made_of = (node.op.name, canonical(node))
        piece.content = self._number(made_of)
        piece.form = self._number((node.op.name, canonical(node, _positions(piece))))
        piece.weighted = int(node.op.kind in _WEIGHTED)
        piece.mass = 3 if piece.weighted else 1
        piece.bag = {node.op.name: piece.mass, made_of: piece.mass}

    def _weigh_region(self, piece: Piece, region: Region) -> None:
        places: dict[str, int] = {}
        parts: list[Hashable] = []
        forms: list[Hashable] = []
        for child in piece.children:
            for path in child.reads:
                places.setdefault(path, len(places))
            reads = tuple(places[path] for path in child.reads)
            parts.append((child.content, reads))
            forms.append((child.form, reads))
            for path in child.region.outputs if child.region is not None else (child.path,):
                places.setdefault(path, len(places))
        outputs = tuple(places.setdefault(path, len(places)) for path in region.outputs)
        piece.reads = tuple(path for path in places if path in region.inputs)
        piece.content = self._number((region.kind, tuple(parts), outputs))
        given = tuple(
            form_of(bound, _positions(piece)) or show(bound.value)
            for bound in region.arguments.values()
        )
        piece.form = self._number((region.kind, tuple(forms), outputs, given))
        piece.mass = sum(child.mass for child in piece.children)
        piece.weighted = sum(child.weighted for child in piece.children)
        bag: Counter[Hashable] = Counter()
        for child in _distinct(piece):
            bag.update(child.bag)
        piece.bag = bag
        piece.inside = frozenset(
            number
            for child in piece.children
            if child.region is not None
            for number in (child.content, *child.inside)
        )


def _positions(piece: Piece) -> Mapping[str, int]:
    """The parameters of the definition that a piece stands in, by their places."""
    around = piece.enclosing()
    definition = around.region.definition if around and around.region else None
    return {name: place for place, name in enumerate(definition.parameters if definition else ())}


def _distinct(piece: Piece) -> Iterable[Piece]:
    """What is in it; of rounds that are alike one, so that their number makes no difference."""
    if piece.word != "repeat":
        return piece.children
    return {child.content: child for child in piece.children}.values()


def _tree(graph: Graph) -> Piece:
    root = _of_region(graph, graph.root, None)
    pending = [root]
    while pending:
        piece = pending.pop()
        assert piece.region is not None
        for child in piece.region.children:
            if isinstance(child, Region):
                piece.children.append(_of_region(graph, child, piece))
                pending.append(piece.children[-1])
            else:
                node, part = graph[child], Part(child, None, (child,))
                segment = child.rpartition(".")[2]
                name = bound_name(graph, part)
                piece.children.append(Piece(child, segment, name, node.op.name, None, node, piece))
    return root


def _of_region(graph: Graph, region: Region, parent: Piece | None) -> Piece:
    if region.definition is not None:
        word = region.definition.name
    else:
        word = region.role if region.kind == "section" else region.kind
    name = bound_name(graph, Part(region.path, region, ())) if parent is not None else ""
    return Piece(region.path, region.segment, name, word, region, None, parent)
