"""The specs that come with the package."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["shipped_file", "shipped_folder", "shipped_specs"]

_NETWORK = re.compile(r"^\s*network\s", re.MULTILINE)


def shipped_folder() -> Path:
    """Where they are: inside an installed package, beside the package in a checkout."""
    package = Path(__file__).parent
    inside = package / "specs"
    return inside if inside.is_dir() else package.parent / "specs"


def shipped_file(name: str) -> Path | None:
    """The spec or library of that name."""
    file = shipped_folder() / f"{name}.incept"
    return file if re.fullmatch(r"[A-Za-z0-9_]{1,100}", name) and file.is_file() else None


def shipped_specs() -> list[str]:
    """The names of the specs that hold a network, sorted; libraries of blocks are left out."""
    files = sorted(shipped_folder().glob("*.incept"))
    return [file.stem for file in files if _NETWORK.search(file.read_text(encoding="utf-8"))]
