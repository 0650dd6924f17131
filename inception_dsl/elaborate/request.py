"""What is to be elaborated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from inception_dsl.source import Source

__all__ = ["Request"]


@dataclass(frozen=True)
class Request:
    """What to elaborate: a text, where it lies, which of its networks, and under which settings.

    `settings` are Python values, or text in the language (`"false"`, `"3x3"`, `"max_pool"`).
    """

    source: Source
    path: Path | None = None
    network: str | None = None
    settings: Mapping[str, object] | None = None
    input: tuple[int, ...] | None = None
    library: bool = False
    """Whether a file without a network is fine: its definitions are checked, nothing is built."""
