"""What reading on after mistakes asks of a parser."""

from __future__ import annotations

from typing import Protocol

from inception_dsl.source import Span
from inception_dsl.syntax.tree import Item
from inception_dsl.syntax.word import Word

__all__ = ["Parser"]


class Parser(Protocol):
    """A parser between two words."""

    @property
    def items(self) -> tuple[Item, ...]:
        """The file's items, once the end of the file is taken."""

    @property
    def outside(self) -> bool:
        """Whether no item is unfinished."""

    def take(self, word: Word) -> bool:
        """Go on with `word`, or tell that it does not fit."""

    def would_take(self, *types: str, anew: bool = False) -> bool:
        """Whether words of these types would fit, in this order.

        They follow what is taken, or the body that it is in where the statement begins `anew`.
        """

    def read(self, text: str, place: Span) -> list[Word]:
        """The words of a text that is read at a place of the source."""

    def accepts(self) -> frozenset[str]:
        """The types of the words that fit."""

    def openers(self) -> list[Word]:
        """The brackets that are open, outermost first."""

    def unfinished(self) -> int | None:
        """The offset at which the unfinished statement or item begins."""

    def restart_statement(self) -> None:
        """Go back to where the unfinished statement or item begins."""

    def abandon_statement(self) -> None:
        """Forget the unfinished statement or item."""

    def abandon_item(self) -> None:
        """Forget the unfinished item."""
