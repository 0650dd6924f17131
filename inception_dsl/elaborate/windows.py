"""Changes of the windows of a branch that bring it to another grid, each tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from inception_dsl.diagnostics import Edit
from inception_dsl.elaborate.amend import arguments, calls, set_argument, signature_of
from inception_dsl.elaborate.blame import causes, place
from inception_dsl.elaborate.build import Builder
from inception_dsl.elaborate.ends import Disagreement, End
from inception_dsl.elaborate.trial import Remedy, attempt, edited
from inception_dsl.ir.types import FeatureMap
from inception_dsl.syntax import tree

__all__ = ["movers", "shown", "windows", "works"]

OTHERS = 3  # calls of a branch that are changed beside those that set its grid
WINDOWS = (
    {"stride": "1"},
    {"padding": "same"},
    {"stride": "1", "padding": "same"},
    {"stride": "2"},
    {"padding": "valid"},
    {"stride": "2", "padding": "same"},
    {"stride": "2", "padding": "valid"},
)


def works(builder: Builder, found: Disagreement, edits: Sequence[Edit]) -> bool:
    """Whether the combination checks after these edits."""
    text = edited(found.link.span, edits)
    return attempt(builder, text, found.current, found.frame) is not None


def windows(
    builder: Builder, found: Disagreement, end: End, target: FeatureMap
) -> Iterator[Remedy]:
    """Changes of one window of a branch that bring it to the grid of `target`."""
    for call in movers(builder, found, end):
        value = signature_of(call, end.frame)
        if value is None:
            continue
        names = {spec.name for spec in value.parameters}
        written = {name: expr.span for name, expr in arguments(call, value).items()}
        for option in WINDOWS:
            if not names.issuperset(option):
                continue
            changed = {
                name: text
                for name, text in option.items()
                if name not in written or written[name].text != text
            }
            edits = tuple(set_argument(call, written, *item) for item in changed.items())
            ended = _outcome(builder, end, edits, found) if edits else None
            if ended and ended.grid == target.grid:
                said = " and ".join(f"`{name}={text}`" for name, text in changed.items())
                yield Remedy(f"use {said} in {shown(call)}", _one_place(edits))


def _one_place(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Insertions at one place as one edit, so that no program has to order them."""
    joined: dict[tuple[int, int], Edit] = {}
    for edit in edits:
        key = (edit.span.start, edit.span.end)
        joined[key] = Edit(edit.span, joined[key].text + edit.text) if key in joined else edit
    return tuple(joined.values())


def shown(call: tree.Call) -> str:
    """A call as a message quotes it."""
    text = call.span.text
    return f"`{text}`" if len(text) <= 40 and text.isprintable() else f"`{call.name.text}(...)`"


def _outcome(
    builder: Builder, end: End, edits: Sequence[Edit], found: Disagreement
) -> FeatureMap | None:
    """The shape that a branch ends on after these edits."""
    if end.body is None:
        return None
    text = edited(end.body.span, edits)
    text = text[1:-1] if text.startswith("{") else text
    node = attempt(builder, text, found.current, end.frame)
    return node.out if node else None


def movers(builder: Builder, found: Disagreement, end: End) -> list[tree.Call]:
    """The calls of a branch that set its grid, then the last ones that could have."""
    if end.body is None or end.tensor.node is None:
        return []
    written = list(calls(end.body))
    places = [
        place(cause.node.origin, found.frame)
        for cause in causes(builder.graph, end.tensor.node, range(1, end.map.rank + 1))
    ]
    setting = [call for call in written if call.span in places]
    others = (call for call in reversed(written) if call not in setting and _strides(call, end))
    return [*setting, *islice(others, OTHERS)]


def _strides(call: tree.Call, end: End) -> bool:
    value = signature_of(call, end.frame)
    return value is not None and any(spec.name == "stride" for spec in value.parameters)
