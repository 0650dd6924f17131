"""Diagnostics for a terminal: the source line, the exact span underlined, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inception_dsl.diagnostics.cells import clip, fill, visible, wrap
from inception_dsl.diagnostics.frame import Mark, Paint, frame
from inception_dsl.diagnostics.record import Diagnostic, Note
from inception_dsl.source import Span

__all__ = ["render_text", "summary"]

ORIGIN = "in: "  # begins a note on the use through which a fault is reached
LONGEST = 600  # columns of one message: a spec's names may be of any length

_STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "primary": "1;31",
    "secondary": "1;34",
    "gutter": "1;34",
    "title": "1",
    "note": "1",
    "help": "1;36",
}


def render_text(diagnostics: Iterable[Diagnostic], *, color: bool = False, width: int = 80) -> str:
    """Every diagnostic in its frame, and a last line that counts them; nothing for none.

    `width` is the terminal's, in columns; below 40 it is taken as 40.
    """
    records = list(diagnostics)
    if not records:
        return ""
    blocks = ["\n".join(_lines(record, color, max(width, 40))) for record in records]
    return "\n\n".join([*blocks, summary(records)]) + "\n"


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """How many there are: `2 errors, 1 warning`."""
    severities = [record.severity for record in diagnostics]
    counts = [(severities.count(kind), kind) for kind in ("error", "warning")]
    return ", ".join(f"{n} {kind}{'s' * (n != 1)}" for n, kind in counts if n) or "no errors"


def _lines(record: Diagnostic, color: bool, columns: int) -> Iterator[str]:
    def paint(style: str, text: str) -> str:
        code = _STYLES[record.severity if style == "primary" else style]
        return f"\x1b[{code}m{text}\x1b[0m" if color else text

    drawn = [note for note in record.notes if _in_frame(note, record)]
    marks = [Mark(record.span, _short(record.label), primary=True)]
    marks += [Mark(label.span, _short(label.message), primary=False) for label in record.labels]
    marks += [Mark(note.span, _short(note.message), primary=False) for note in drawn if note.span]
    gutter = max(len(str(mark.line)) for mark in marks)

    head = f"{record.severity}[{record.code}]"
    first, *rest = wrap(f"{head}: {_short(record.message)}", columns, hang=4)
    yield paint(record.severity, head) + paint("title", first[len(head) :])
    yield from (paint("title", f"    {text}") for text in rest)

    elsewhere = {mark.span.source.name for mark in marks} - {record.span.source.name}
    for name in [record.span.source.name, *sorted(elsewhere)]:
        here = [mark for mark in marks if mark.span.source.name == name]
        arrow = "-->" if here[0].primary else ":::"
        yield from _pointer(arrow, here[0].span, gutter, columns, paint)
        yield from frame(here[0].span.source, here, gutter=gutter, columns=columns, paint=paint)
    for note in record.notes:
        if note not in drawn:
            yield from _remark(note, gutter, columns, paint)
    if record.help is not None:
        yield from _attached("help", record.help, gutter, columns, paint)


def _in_frame(note: Note, record: Diagnostic) -> bool:
    """Whether a note is drawn under its own line of the source that the fault is in."""
    here = note.span is not None and note.span.source.name == record.span.source.name
    return here and not note.message.startswith(ORIGIN)


def _short(message: str) -> str:
    return clip(visible(message), LONGEST)


def _remark(note: Note, gutter: int, columns: int, paint: Paint) -> Iterator[str]:
    """A note; one that begins with `in: ` says through which use the fault is reached."""
    origin = note.message.startswith(ORIGIN)
    kind, message = ("in" if origin else "note"), note.message.removeprefix(ORIGIN)
    yield from _attached(kind, message, gutter, columns, paint)
    if note.span is not None and str(note.span) not in message:
        yield from _pointer("-->", note.span, gutter + 3, columns, paint)


def _pointer(arrow: str, span: Span, indent: int, columns: int, paint: Paint) -> Iterator[str]:
    """Where a span is; a path that does not fit is broken between its folders."""
    name, place = visible(span.source.name), f":{span.first.line}:{span.first.column}"
    parts = (clip(name, LONGEST) + place).replace("/", "/\n").split("\n")
    first, *rest = fill(parts, columns - indent - len(arrow) - 1)
    yield " " * indent + paint("gutter", arrow) + f" {first}"
    yield from (" " * (indent + len(arrow) + 1) + text for text in rest)


def _attached(kind: str, message: str, gutter: int, columns: int, paint: Paint) -> Iterator[str]:
    indent = gutter + len(kind) + 5
    first, *rest = wrap(_short(message), columns - indent)
    style = "help" if kind == "help" else "note"
    yield " " * gutter + paint("gutter", " =") + " " + paint(style, f"{kind}:") + f" {first}"
    yield from (" " * indent + text for text in rest)
