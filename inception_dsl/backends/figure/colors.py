"""Which colour a part has: by role, by its share of something, or by what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from inception_dsl.backends.figure.body import Body, Item
from inception_dsl.backends.figure.content import Content
from inception_dsl.backends.figure.options import FigureOptions, Heat, Mark
from inception_dsl.backends.figure.scene import Style
from inception_dsl.backends.figure.themes import LEGEND, THEMES, legend_role

__all__ = ["HEAT_WORDS", "MARK_WORDS", "Colors"]

MARK_WORDS: Mapping[Mark, str] = {
    "added": "added",
    "removed": "removed",
    "changed": "changed",
    "moved": "moved or renamed",
}
HEAT_WORDS: Mapping[Heat, str] = {
    "macs": "share of all multiply-adds",
    "params": "share of all parameters",
    "memory": "share of all feature maps, in bytes",
}


class Colors:
    """The styles of one figure's boxes, and what its legend has to explain."""

    def __init__(
        self,
        content: Content,
        options: FigureOptions,
        marks: Mapping[str, Mark] | None,
        body: Body,
    ) -> None:
        self.content, self.heat, self.marks = content, options.heat, marks
        self.palette = THEMES[options.theme]
        self.body = body
        self.roles: dict[str, Style] = {}
        self.drawn: set[str] = set()  # roles and operations
        self.marked: dict[Mark, Style] = {}

    def style(self, item: Item) -> tuple[str, Style]:
        """The role of an item, and how it looks."""
        role = self.content.role(item.part)
        if role == "input":
            return role, self.palette.role(role)
        if self.marks is not None:
            mark = self._mark(item, self.marks)
            if mark != "same":
                self.marked[mark] = self.palette.marks[mark]
            return mark, self.palette.marks[mark]
        if self.heat is not None:
            if item.body is not None:
                return role, self.palette.role("stage")
            return role, self.palette.heat(self._share(item) / (self.hottest or 1.0))
        style = self.palette.role(role)
        if legend_role(role) in LEGEND:
            self.roles.setdefault(legend_role(role), style)
            self.drawn |= {role, self.content.operation(item.part)}
        return role, style

    def legend(self) -> list[tuple[str, Style]]:
        """The words for the styles that were asked for so far: marks, or roles."""
        if self.marks is not None:
            marked = self.marked
            return [(word, marked[mark]) for mark, word in MARK_WORDS.items() if mark in marked]
        return [
            (", ".join(word for word in words if len(words) == 1 or word in self.drawn), style)
            for role, words in LEGEND.items()
            if (style := self.roles.get(role)) is not None
        ]

    def heat_at(self, place: float) -> tuple[str, Style]:
        """The share at a place on the scale, between 0 and 1, in words, and how it looks."""
        return f"{100 * self.hottest * place:.3g} %", self.palette.heat(place)

    @cached_property
    def hottest(self) -> float:
        """The largest share that any box has of the whole."""
        return max(map(self._share, self._amounts), default=0.0)

    @cached_property
    def _amounts(self) -> dict[Item, int]:
        """What the closed items have of it, in all the rounds that they are drawn for."""
        assert self.heat is not None
        amount, heat = self.content.amount, self.heat
        return {item: amount(item.part, heat) * rounds for item, rounds in _closed(self.body)}

    @cached_property
    def _whole(self) -> int:
        return sum(self._amounts.values())

    def _share(self, item: Item) -> float:
        return self._amounts[item] / self._whole if self._whole else 0.0

    def _mark(self, item: Item, marks: Mapping[str, Mark]) -> Mark:
        """That of the part itself, else what its nodes and inner parts have in common."""
        part = item.part
        if part.path in marks:
            return marks[part.path]
        if item.body is not None:
            return "same"
        inner = [] if part.region is None else [region.path for region in part.region.walk()]
        found = {marks[path] for path in (*part.paths, *inner) if path in marks}
        whole = part.region is not None and all(path in marks for path in part.region.nodes())
        if len(found) == 1 and whole:
            return found.pop()
        return "changed" if found else "same"


def _closed(body: Body, rounds: int = 1) -> Iterator[tuple[Item, int]]:
    """The closed items, and how many each stands for: those around it, too."""
    for item in body.items:
        if item.body is None:
            yield item, rounds * item.times
        else:
            yield from _closed(item.body, rounds * item.times if item.frame else rounds)
