"""A remedy is tried before it is offered: the changed text is expanded again, in its own graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from inception_dsl.diagnostics import Diagnostics, Edit
from inception_dsl.elaborate.build import Builder, Frame
from inception_dsl.elaborate.faults import Fault, OverBudget, Unknown
from inception_dsl.elaborate.values import Tensor
from inception_dsl.ir.graph import Graph, Node
from inception_dsl.ir.regions import Region
from inception_dsl.source import Source, Span
from inception_dsl.syntax import tree
from inception_dsl.syntax.parse import parse

__all__ = ["Remedy", "attempt", "choices", "edited"]

LONGEST = 4_000  # characters of a text that is worth a try
PATIENCE = 20_000  # characters and statements that all tries of a run may cost together


@dataclass(frozen=True)
class Remedy:
    """Something to do about a fault, in words and as the edits that do it."""

    words: str
    edits: tuple[Edit, ...]


def choices(remedies: Sequence[Remedy]) -> str:
    """What may be done, as a `help`: `use A, or B`."""
    first, *others = [remedy.words for remedy in remedies] or [""]
    return ", or ".join([first, *(text.removeprefix("use ") for text in others)])


def edited(span: Span, edits: Iterable[Edit]) -> str:
    """The text of a span after the edits that lie in it."""
    text, end = [], span.start
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        if span.start <= edit.span.start and edit.span.end <= span.end:
            text += [span.source.text[end : edit.span.start], edit.text]
            end = edit.span.end
    return "".join([*text, span.source.text[end : span.end]])


def attempt(builder: Builder, text: str, current: Tensor | None, frame: Frame) -> Node | None:
    """The node at the end of `text`, statements of the frame's body; None if they do not check."""
    if len(text) > LONGEST or builder.tried > PATIENCE or not builder.explains:
        return None
    builder.tried += len(text) // 2 + 50
    mistakes = Diagnostics(limit=1)
    source = Source(frame.scope.unit.source.name, f"block tried() {{\n{text}\n}}")
    items = parse(source, mistakes, nesting=builder.limits.nesting).items
    if mistakes.failed or len(items) != 1 or not isinstance(items[0], tree.Definition):
        return None
    root = Region("network", "", "", frame.region.origin)
    limits = replace(builder.limits, statements=PATIENCE // 4, values=PATIENCE)
    trial = Builder(
        Graph("tried", root), limits, mistakes, builder.block, check_notes=False, explains=False
    )
    inner = replace(frame, scope=frame.scope.inner("branch"), region=root)
    try:
        end = builder.block(trial, items[0].body.statements, current, inner)
    except (Fault, OverBudget, Unknown):
        end = None
    builder.tried += trial.statements + trial.evaluator.computed // 8
    if mistakes.failed or end is None or end.node is None:
        return None
    found: Node | None = trial.graph.network.nodes.get(end.node, {}).get("node")
    return found
