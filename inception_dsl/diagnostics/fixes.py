"""The edits of diagnostics, carried out on a text."""

from __future__ import annotations

from collections.abc import Iterable

from inception_dsl.diagnostics.record import Diagnostic, Edit
from inception_dsl.source import Source

__all__ = ["apply_edits", "compatible_fixes", "is_certain"]


def is_certain(diagnostic: Diagnostic) -> bool:
    """Whether there is a fix, and it is what the author meant, as with a word that is misspelt.

    What makes shapes fit, a note apart, makes another network: which one is for a person to say.
    """
    of_shapes = diagnostic.code.startswith("E04") and diagnostic.code != "E0407"
    return bool(diagnostic.fix) and not of_shapes and diagnostic.code != "E0502"


def compatible_fixes(diagnostics: Iterable[Diagnostic], source: Source) -> list[tuple[Edit, ...]]:
    """The fixes that lie in this source as a whole, and do not touch one another.

    Of two that touch, the earlier in the text is taken; the other has its turn on the new text.
    """
    taken: list[tuple[Edit, ...]] = []
    free: list[Edit] = []
    whole = (
        sorted(record.fix, key=_start)
        for record in diagnostics
        if record.fix and all(edit.span.source.name == source.name for edit in record.fix)
    )
    for fix in sorted(whole, key=lambda edits: _start(edits[0])):
        if not any(_touch(edit, other) for edit in fix for other in free):
            taken.append(tuple(fix))
            free += fix
    return taken


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with every span replaced; new lines end as those of the text do."""
    newline = "\r\n" if "\r\n" in text else "\n"
    for edit in sorted(edits, key=_start, reverse=True):
        new = edit.text.replace("\n", newline)
        text = text[: edit.span.start] + new + text[edit.span.end :]
    return text


def _start(edit: Edit) -> tuple[int, int]:
    return edit.span.start, edit.span.end


def _touch(one: Edit, other: Edit) -> bool:
    return one.span.start <= other.span.end and other.span.start <= one.span.end
