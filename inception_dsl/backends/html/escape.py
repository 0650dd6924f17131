"""The two ways for text into the page: as HTML, and as JSON inside a script element."""

from __future__ import annotations

import json
from html import escape

__all__ = ["embedded", "html_text"]


def html_text(text: str) -> str:
    """The text as HTML that shows it literally, in an element or an attribute.

    What does not print is shown as `�`: a browser would drop it, or turn the line around.
    """
    printable = (c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
    return escape("".join(printable), quote=True)


def embedded(value: object) -> str:
    """The value as JSON that no parser of HTML sees a tag, a comment or an entity in."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
