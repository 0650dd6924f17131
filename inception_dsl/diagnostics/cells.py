"""Text as a terminal shows it: how wide it is, how it wraps, and nothing that could steer it.

Every string that comes from a spec goes through `visible` before it reaches a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category, east_asian_width

__all__ = ["clip", "fill", "visible", "width", "wrap"]

_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def visible(text: str) -> str:
    """`text` with each character that cannot be seen, or would steer the terminal, spelled out."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _SHORT.get(c) or _escape(ord(c)) for c in text)


def _escape(code: int) -> str:
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def width(text: str) -> int:
    """How many columns a terminal gives to `text`, which is already visible."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if category(character) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def clip(text: str, columns: int) -> str:
    """The beginning of `text` that fits in `columns`, ending in `...` where it was cut."""
    if width(text) <= columns:
        return text
    kept = 0
    for index, character in enumerate(text):
        kept += _columns(character)
        if kept > columns - 3:
            return text[:index] + "..."
    raise AssertionError("a text wider than its room has a character too many")


def wrap(text: str, columns: int, *, hang: int = 0) -> list[str]:
    """`text` in lines of at most `columns`: broken at spaces, a longer word anywhere.

    The caller indents all lines but the first by `hang`, which they leave room for.
    """
    return fill(text.split(" "), columns, hang=hang, between=" ")


def fill(parts: Iterable[str], columns: int, *, hang: int = 0, between: str = "") -> list[str]:
    """`parts` in lines of at most `columns`, as many to a line as fit; long ones break."""
    lines, room = [""], columns
    for part in parts:
        if lines[-1] and width(lines[-1]) + len(between) + width(part) <= room:
            lines[-1] += between + part
            continue
        if lines[-1]:
            lines.append("")
            room = columns - hang
        for character in part:
            if width(lines[-1]) + _columns(character) > room:
                lines.append("")
                room = columns - hang
            lines[-1] += character
    return lines
