"""Text for a cell or a line; what else it must not say each table escapes itself."""

from __future__ import annotations

__all__ = ["one_line"]


def one_line(text: str) -> str:
    """The text with a space for each character that does not print, line ends among them."""
    return "".join(character if character.isprintable() else " " for character in text)
