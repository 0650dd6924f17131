"""What goes wrong while a figure is written."""

from __future__ import annotations

__all__ = ["RenderError"]


class RenderError(Exception):
    """The figure could not be written; the message says what to do."""
