"""All warnings of a spec: every rule, each place once, less what the spec or the user ignores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from inception_dsl.diagnostics import Diagnostic, Note
from inception_dsl.elaborate.elaborate import Checked, Spec
from inception_dsl.lint.ignores import Ignore, faulty_ignores, ignores, vain_ignores
from inception_dsl.lint.lost_result import lost_result
from inception_dsl.lint.overhanging_window import overhanging_window
from inception_dsl.lint.repeated_branch import repeated_branch
from inception_dsl.lint.skipped_cells import skipped_cells
from inception_dsl.lint.unsourced_figure import unsourced_figure
from inception_dsl.lint.unused_definition import unused_definition
from inception_dsl.lint.unused_import import unused_import
from inception_dsl.lint.unused_parameter import unused_parameter

__all__ = ["lint"]

FILE_RULES: Final[dict[str, Callable[[Checked], Iterator[Diagnostic]]]] = {
    "W0102": unused_import,
    "W0103": unused_parameter,
}
NETWORK_RULES: Final[dict[str, Callable[[Spec], Iterator[Diagnostic]]]] = {
    "W0101": unused_definition,
    "W0104": lost_result,
    "W0105": repeated_branch,
    "W0106": unsourced_figure,
    "W0401": skipped_cells,
    "W0402": overhanging_window,
}


def lint(checked: Checked, ignore: Iterable[str] = ()) -> Iterator[Diagnostic]:
    """The warnings of a spec that checks.

    `ignore` has codes, or the beginnings of codes: `W04` for all of shapes.
    """
    beginnings = (ignore,) if isinstance(ignore, str) else tuple(ignore)
    comments = _comments(checked)
    found: dict[tuple[str, str, int, int], list[Diagnostic]] = {}
    for record in _found(checked):
        covering = [comment for comment in comments if comment.covers(record)]
        for comment in covering:
            comment.used = True
        if not covering:
            found.setdefault(_place(record), []).append(record)
    records = [_once(same) for same in found.values()]
    records += [*faulty_ignores(comments), *vain_ignores(_testable(checked, comments))]
    for record in records:
        if not record.code.startswith(beginnings):
            yield record


def _found(checked: Checked) -> Iterator[Diagnostic]:
    for file_rule in FILE_RULES.values():
        yield from file_rule(checked)
    if isinstance(checked, Spec):
        for network_rule in NETWORK_RULES.values():
            yield from network_rule(checked)


def _place(record: Diagnostic) -> tuple[str, str, int, int]:
    return record.code, record.span.source.name, record.span.start, record.span.end


def _once(same: list[Diagnostic]) -> Diagnostic:
    """The first of the warnings of one place, which says how many more uses have it."""
    first, more = same[0], len(same) - 1
    if not more:
        return first
    note = Note(f"the same in {more} more use{'s' * (more != 1)} of this line")
    return replace(first, notes=(*first.notes, note))


def _comments(checked: Checked) -> list[Ignore]:
    """Those of every file, each once under however many settings it was loaded."""
    files = {unit.source.name: unit.file for unit in checked.units}
    return [comment for file in files.values() for comment in ignores(file)]


def _testable(checked: Checked, comments: Iterable[Ignore]) -> Iterator[Ignore]:
    """Those that had their chance: in this very file, under its defaults, by rules that ran."""
    asked = bool(checked.request.settings) or checked.request.input is not None
    tried = [*FILE_RULES, *(NETWORK_RULES if isinstance(checked, Spec) else ())]
    for comment in comments:
        own = comment.span.source.name == checked.unit.source.name
        if own and not asked and comment.code in tried:
            yield comment
