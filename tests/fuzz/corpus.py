"""The specs that bad texts start from: shipped ones, fixtures of faulty ones, generated ones."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.fuzz.generator import random_spec

__all__ = ["fixtures", "generated", "shipped"]

_ROOT = Path(__file__).parents[2]


@cache
def shipped() -> tuple[str, ...]:
    """The texts of the specs that ship, libraries among them."""
    return _texts(_ROOT / "specs")


@cache
def fixtures() -> tuple[str, ...]:
    """The texts of the faulty specs in `tests/errors/`."""
    return _texts(_ROOT / "tests" / "errors")


@cache
def generated() -> tuple[str, ...]:
    """The texts of some small generated specs."""
    return tuple(text for seed in range(60) for text in random_spec(seed, size=6).files.values())


def _texts(folder: Path) -> tuple[str, ...]:
    paths = sorted(folder.glob("*.incept"))
    return tuple(path.read_bytes().decode("utf-8") for path in paths)
