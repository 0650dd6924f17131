"""How much two pieces have in common, and whether one could have become the other."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from inception_dsl.analysis.diff.arguments import canonical
from inception_dsl.analysis.diff.pieces import Piece

__all__ = ["Affinity"]

_INTERCHANGEABLE = ("pool", "norm", "convolution", "combine", "activation")
_NAMED, _SAME_WORD, _UNRELATED = 0.2, 0.3, 0.5
"""How similar regions must be to be the same one: less where their names say so."""
_LEAST = 0.05
_SAME_FORM = 0.95
"""What was written so, and differs by what was passed to it."""


class Affinity:
    """Compares the pieces of two networks; what was compared once is remembered."""

    def __init__(self, a: Piece, b: Piece) -> None:
        self._known: dict[tuple[int, int], float] = {}
        self._shared = _definitions(a) & _definitions(b)
        """The names of definitions that both use: what has one of them cannot be renamed."""

    def same_definition(self, a: Piece, b: Piece) -> bool:
        """Whether two regions are, or may be under another name, uses of one definition."""
        if a.word == b.word:
            return True
        calls = _is_call(a) and _is_call(b)
        return calls and not {a.word, b.word} & self._shared

    def replaced(self, a: Piece, b: Piece) -> bool:
        """Whether one is a call in the place of another that is not compared inside: both
        networks have these definitions, and they are not made of the same.
        """
        calls = _is_call(a) and _is_call(b)
        return calls and a.content != b.content and not self.same_definition(a, b)

    def similarity(self, a: Piece, b: Piece) -> float:
        """From 0, nothing in common, to 1, made of the same."""
        if a.content == b.content:
            return 1.0
        if a.form == b.form:
            return _SAME_FORM
        key = (a.content, b.content)
        if key not in self._known:
            if a.node is not None and b.node is not None:
                self._known[key] = _node_similarity(a, b)
            else:
                self._known[key] = min(_dice(a.bag, b.bag), _SAME_FORM - 0.01)
        return self._known[key]

    def related(self, a: Piece, b: Piece) -> float:
        """The similarity of two pieces of which one could have become the other, else 0."""
        if (a.node is None) != (b.node is None) or not _kinds_agree(a, b):
            return 0.0
        similar = self.similarity(a, b)
        if a.node is not None:
            return similar
        if _is_call(a) and _is_call(b) and not self._may_follow(a, b, similar):
            return 0.0
        if similar < 1 and (b.content in a.inside or a.content in b.inside):
            return 0.0  # one was put around the other
        if _is_call(a) and a.word == b.word:
            return max(similar, _LEAST)  # a definition stays one, whatever is in it
        if a.name and a.name == b.name:
            least = _NAMED
        elif a.word == b.word or _roles(a) == _roles(b) == "stem":
            least = _SAME_WORD
        elif similar < 1 and "stem" in (_roles(a), _roles(b)):
            return 0.0  # however alike: each network has its own
        else:
            least = _UNRELATED
        return similar if similar >= least else 0.0

    def _may_follow(self, a: Piece, b: Piece, similar: float) -> bool:
        """Whether one call may have taken the place of another: of the same definition, of the
        same name, or a layer for a layer.
        """
        layers = _roles(a) == _roles(b) == "layer"
        same_name = bool(a.name) and a.name == b.name
        return similar == 1 or same_name or layers or self.same_definition(a, b)

    def worth(self, a: Piece, b: Piece) -> float:
        """What it is worth to take two pieces of a body for the same."""
        similar = self.related(a, b)
        if not similar:
            return 0.0
        value = similar if similar >= _SAME_FORM else 0.6 * similar
        value += 0.3 * (bool(a.name) and a.name == b.name)
        value += 0.1 * (a.word == b.word) + 0.05 * (a.segment == b.segment)
        return float(value * (1 + min(a.mass, b.mass)) ** 0.5)


def _definitions(root: Piece) -> set[str]:
    return {piece.word for piece in root.walk() if _is_call(piece)}


def _is_call(piece: Piece) -> bool:
    return piece.region is not None and piece.region.definition is not None


def _roles(piece: Piece) -> str:
    return piece.region.role if piece.region is not None else ""


def _kinds_agree(a: Piece, b: Piece) -> bool:
    if a.region is None or b.region is None or a.region.kind == b.region.kind:
        return True
    if {a.region.kind, b.region.kind} <= {"instance", "section", "group"}:
        same_role = a.region.role == b.region.role and a.region.role in ("stem", "head")
        return same_role or bool(a.name and a.name == b.name)
    return False


def _node_similarity(a: Piece, b: Piece) -> float:
    assert a.node is not None
    assert b.node is not None
    if a.node.op.name == b.node.op.name:
        old, new = canonical(a.node), canonical(b.node)
        equal = sum(x == y for x, y in zip(old, new, strict=True))
        return 0.5 + 0.4 * equal / max(len(old), 1)
    same_kind = a.node.op.kind == b.node.op.kind
    return 0.3 if same_kind and a.node.op.kind in _INTERCHANGEABLE else 0.0


def _dice(a: Mapping[Hashable, int], b: Mapping[Hashable, int]) -> float:
    if len(b) < len(a):
        a, b = b, a
    common = sum(min(count, b.get(each, 0)) for each, count in a.items())
    everything = sum(a.values()) + sum(b.values())
    return 2 * common / everything if everything else 1.0
