"""What a reader may choose of a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

__all__ = [
    "DIRECTIONS",
    "FACTS",
    "HEATS",
    "THEMES",
    "Direction",
    "Fact",
    "FigureOptions",
    "Heat",
    "Mark",
    "Theme",
]

Fact = Literal["kernel", "shape", "params", "macs", "memory", "rf"]
Heat = Literal["macs", "params", "memory"]
Theme = Literal["light", "dark", "print"]
Direction = Literal["TB", "LR"]
Mark = Literal["added", "removed", "changed", "moved", "same"]

FACTS: tuple[Fact, ...] = get_args(Fact)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
HEATS: tuple[Heat, ...] = get_args(Heat)
THEMES: tuple[Theme, ...] = get_args(Theme)


@dataclass(frozen=True, slots=True)
class FigureOptions:
    """How a network is drawn.

    `depth` is how many levels of definitions are opened: 0 draws each module as one box, None opens
    everything, layers too. `expand` opens the parts at these paths. `module` draws one part alone,
    by its path or by the name of its definition. `show` is what a box says besides its name.
    `heat` colours boxes by their share of something instead of by role.
    `compact` makes boxes narrower and taller, in two steps, so that a figure fits a column.

    Raises: ValueError for what is no choice.
    """

    depth: int | None = 0
    expand: tuple[str, ...] = ()
    module: str | None = None
    show: tuple[Fact, ...] = ("kernel", "shape", "params")
    heat: Heat | None = None
    theme: Theme = "light"
    direction: Direction = "TB"
    caption: bool = True
    legend: bool = True
    compact: int = 0

    def __post_init__(self) -> None:
        for name in ("expand", "show"):
            given = getattr(self, name)
            object.__setattr__(self, name, (given,) if isinstance(given, str) else tuple(given))
        if self.depth is not None and not (isinstance(self.depth, int) and self.depth >= 0):
            raise ValueError(f"depth={self.depth!r}: expected a number from 0, or None for all")
        _one_of("theme", self.theme, THEMES)
        _one_of("direction", self.direction, DIRECTIONS)
        if self.heat is not None:
            _one_of("heat", self.heat, HEATS)
        for fact in self.show:
            _one_of("show", fact, FACTS)


def _one_of(name: str, given: str, choices: tuple[str, ...]) -> None:
    if given not in choices:
        raise ValueError(f"{name}={given!r}: expected one of {', '.join(choices)}")
