"""The one way for text of a spec into a DOT string."""

from __future__ import annotations

import graphviz

__all__ = ["escape", "lines", "tip"]


def escape(text: str) -> str:
    r"""The text as a label that shows it literally: no HTML, no `\N`, no entity, no closing quote.

    What does not print is shown as `�`; XML cannot hold all of it.
    """
    one_line = " ".join(text.splitlines())
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in one_line)
    literal: str = graphviz.escape(printable.replace("&", "&amp;"))
    return literal


def tip(text: str) -> str:
    """The text as a tool tip; Graphviz reads the backslashes of those twice."""
    return escape(text.replace("\\", "\\\\"))


def lines(*texts: str) -> str:
    """A label of several centred lines; empty ones are left out."""
    literal: str = graphviz.nohtml(r"\n".join(escape(text) for text in texts if text))
    return literal
