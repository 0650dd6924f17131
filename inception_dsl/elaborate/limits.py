"""The bounds that keep a spec data: nothing in it can hang the compiler or fill its memory."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """How much of everything a spec may ask for; each excess is an error of its own (E07xx)."""

    file_bytes: int = 256 * 1024
    imports: int = 64
    nesting: int = 100
    operations: int = 50_000
    statements: int = 200_000
    integer: int = 2**63 - 1
    string_bytes: int = 64 * 1024
    list_items: int = 10_000
    values: int = 1_000_000
    path_bytes: int = 64 * 1024 * 1024
    parameters: int = 10**11
    diagnostics: int = 100
