"""Shape notes as a program writes them: missing ones added, stale ones brought up to date."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from inception_dsl.diagnostics import Diagnostics, Edit, SpecError
from inception_dsl.diagnostics.fixes import apply_edits
from inception_dsl.elaborate.build import Frame
from inception_dsl.elaborate.elaborate import elaborate
from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.request import Request
from inception_dsl.format import formatted
from inception_dsl.ir.types import FeatureMap
from inception_dsl.source import Source, Span
from inception_dsl.syntax import tree
from inception_dsl.syntax.parse import parse
from inception_dsl.syntax.walk import children

__all__ = ["annotate"]

_NO_RESULT = (tree.Let, tree.Aux, tree.InputDecl, tree.Expect, tree.Settings)


def annotate(request: Request, limits: Limits) -> str:
    """The spec in its one form, with shape notes on named instances and at the ends of sections.

    Notes that are there stay as their author wrote them, but for axes that are wrong. What a
    network does not execute is left alone.

    Raises: SpecError if it has mistakes beside its notes, or a note can be right in no form.
    """
    request = replace(request, library=True)
    uses = _uses(request, limits)
    diagnostics = Diagnostics(limits.diagnostics)
    file = parse(request.source, diagnostics)
    larger = _larger_uses(request, file, limits)
    edits = [edit for item in file.items for edit in _edits(item, uses, larger)]
    source = Source(request.source.name, apply_edits(request.source.text, edits))
    elaborate(replace(request, source=source), diagnostics, limits)
    text = formatted(source, diagnostics)
    if text is None:
        raise SpecError(tuple(diagnostics))
    return text


@dataclass
class _Uses:
    """What became of one node of the tree, each time it was executed.

    `said` is what its note says, axis by axis; `named` the value of the name that a new note may
    hold.
    """

    shapes: list[FeatureMap] = field(default_factory=list)
    said: list[list[int | None]] = field(default_factory=list)
    named: list[object] = field(default_factory=list)

    def joined(self, other: _Uses | None) -> _Uses:
        """These uses and others of the same node."""
        if other is None:
            return self
        return _Uses(self.shapes + other.shapes, self.said + other.said, self.named + other.named)


_Key = tuple[type, int]


def _uses(request: Request, limits: Limits) -> dict[_Key, _Uses]:
    """The uses of every node of the spec's own text.

    Raises: SpecError if something beside its notes is wrong.
    """
    found: dict[_Key, _Uses] = {}

    def watch(written: tree.Node, said: list[int | None], map: FeatureMap, frame: Frame) -> None:
        if written.span.source is request.source:
            uses = found.setdefault(_key(written), _Uses())
            uses.shapes.append(map)
            uses.said.append(said)
            name = _measure(written)
            bound = frame.scope.value(name) if name else None
            uses.named.append(bound.value if bound else None)

    diagnostics = Diagnostics(sys.maxsize)
    elaborate(request, diagnostics, limits, watch=watch)
    wrong = [r for r in diagnostics if r.severity == "error" and r.code != "E0407"]
    if wrong:
        raise SpecError(tuple(wrong[: limits.diagnostics]))
    return found


def _larger_uses(request: Request, file: tree.File, limits: Limits) -> dict[_Key, _Uses]:
    """The uses in definitions with every number that can be set doubled.

    What a new note in a definition says must not hold for the declared defaults alone. Nothing is
    known of a network that is none with such settings.
    """
    settable: list[tree.FileParam | tree.Param] = []
    for item in file.items:
        if isinstance(item, tree.FileParam):
            settable.append(item)
        elif isinstance(item, tree.Network):
            settable += item.params
    numbers = {
        param.name.text: 2 * param.default.value
        for param in settable
        if isinstance(param.default, tree.Literal) and type(param.default.value) is int
    }
    if not numbers:
        return {}
    try:
        return _uses(replace(request, settings=numbers), limits)
    except SpecError:
        return {}


def _key(node: tree.Node) -> _Key:
    return type(node), node.span.start


def _edits(item: tree.Item, uses: dict[_Key, _Uses], larger: dict[_Key, _Uses]) -> Iterator[Edit]:
    """The changes in one definition or network."""
    nodes = list(_walk(item))
    wanted = {_key(end) for node in nodes for end in _to_be_noted(node)}
    wanted -= {_key(end) for node in nodes for end in _told_behind(node)}
    for node in nodes:
        note: tree.ShapeNote | None = getattr(node, "note", None)
        if seen := uses.get(_key(node)):
            if note is not None:
                yield from _corrections(note, seen, item)
            elif _key(node) in wanted:
                seen = seen.joined(larger.get(_key(node)))
                if text := _note(node, seen, item):
                    yield Edit(Span(node.span.source, node.span.end, node.span.end), f" : {text}")


def _walk(node: tree.Node) -> Iterator[tree.Node]:
    """A node and all below it, parents first."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending += children(node)


def _to_be_noted(node: tree.Node) -> Iterator[tree.Node]:
    """What a node says is to have a note: itself, or the statement at its end.

    What an `if` gives is a matter of settings, and needs none.
    """
    match node:
        case tree.Bind() if not _is_alias(node):
            yield node
        case tree.Repeat() if isinstance(_end(node), tree.Bind):
            yield node
        case tree.Section(note=None) if (end := _end(node)) and not isinstance(end, tree.If):
            yield end


def _told_behind(node: tree.Node) -> Iterator[tree.Node]:
    """The statement at the end of a node whose shape stands behind the brace of that node."""
    match node:
        case tree.Repeat() | tree.Section(note=tree.ShapeNote()):
            if end := _end(node):
                yield end


def _end(node: tree.Section | tree.Repeat) -> tree.Statement | None:
    """The statement whose result a body gives; that of a section inside it has its own."""
    made = [each for each in node.body.statements if not _makes_nothing(each)]
    return made[-1] if made and not isinstance(made[-1], tree.Section) else None


def _makes_nothing(statement: tree.Statement) -> bool:
    return isinstance(statement, _NO_RESULT) or _is_alias(statement)


def _is_alias(node: tree.Node) -> bool:
    """Whether a statement is another name for a tensor, and applies nothing."""
    return (
        isinstance(node, tree.Bind)
        and len(node.chain.links) == 1
        and isinstance(node.chain.links[0], tree.Ref)
    )


def _measure(node: tree.Node) -> str | None:
    """The name that the last call of a chain is given first: `classes` in `linear(classes)`."""
    if isinstance(node, tree.Apply | tree.Bind):
        last = node.chain.links[-1]
        if isinstance(last, tree.Call) and last.arguments:
            first = last.arguments[0]
            if first.keyword is None and isinstance(first.value, tree.Name):
                return first.value.text
    return None


def _note(node: tree.Node, uses: _Uses, item: tree.Item) -> str | None:
    """A new note; a definition leaves the grid open, since its notes hold for other inputs too.

    Channels are called by the name that sets them. None where uses differ.
    """
    first = uses.shapes[0]
    named = all(map.channels == value for map, value in zip(uses.shapes, uses.named, strict=True))
    name = _measure(node) if named else None
    if not name and any(map.channels != first.channels for map in uses.shapes):
        return None
    if isinstance(item, tree.Definition):
        if any(map.rank != first.rank for map in uses.shapes):
            return None
        grid = ["_"] * first.rank
    else:
        if any(map.grid != first.grid for map in uses.shapes):
            return None
        grid = [str(extent) for extent in first.grid]
    return f"[{', '.join([name, *grid])}]" if name else "x".join([str(first.channels), *grid])


def _corrections(note: tree.ShapeNote, uses: _Uses, item: tree.Item) -> Iterator[Edit]:
    """What makes a note right in every use, in its author's notation."""
    dims = [map.dims for map in uses.shapes]
    if any(len(each) != len(dims[0]) for each in dims):
        return
    if len(note.extents) != len(dims[0]):
        yield Edit(note.span, _rewritten(note, dims, item))
        return
    for axis, expr in enumerate(note.extents):
        there_is = [each[axis] for each in dims]
        if expr and there_is != [said[axis] for said in uses.said]:
            yield Edit(expr.span, _common(there_is))


def _rewritten(note: tree.ShapeNote, dims: list[tuple[int, ...]], item: tree.Item) -> str:
    """A note for another number of axes."""
    channels, *grid = [_common([each[axis] for each in dims]) for axis in range(len(dims[0]))]
    extents = [channels, *("_" if isinstance(item, tree.Definition) else extent for extent in grid)]
    return f"[{', '.join(extents)}]" if note.span.text.startswith("[") else "x".join(extents)


def _common(extents: list[int]) -> str:
    """The extent in all uses, `_` where they differ."""
    return str(extents[0]) if len(set(extents)) == 1 else "_"
