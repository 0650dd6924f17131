"""The words of a spec with what stands between them, and how wide they are on one line."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from inception_dsl.diagnostics.cells import width
from inception_dsl.format.marks import marks
from inception_dsl.format.spacing import gaps
from inception_dsl.source import Span
from inception_dsl.syntax import tree
from inception_dsl.syntax.parse import words
from inception_dsl.syntax.word import CLOSERS, OPENERS

__all__ = ["INDENT", "WIDTH", "Comment", "Text", "room"]

INDENT: Final = 4
WIDTH: Final = 120  # what the shipped specs need to have a long branch on one line


def room(depth: int) -> int:
    """The columns of a line behind its indentation; some are left at any depth."""
    return max(WIDTH - INDENT * depth, WIDTH // 3)


@dataclass(frozen=True)
class Comment:
    """A comment, and whether a blank line stands above it."""

    text: str
    blank: bool


class Text:
    """Words by index; word `k` has before it `gaps[k]` blanks where it does not start a line.

    `above[k]` are the comments on lines of their own between the words `k - 1` and `k`,
    `blank[k]` tells of a blank line directly above word `k`, `behind[k]` is the comment on the
    line of word `k`, and `pads[k]` are the blanks by which alignment widens its gap.
    """

    def __init__(self, file: tree.File) -> None:
        self.words = words(file.source)
        count = len(self.words)
        self.above: list[list[Comment]] = [[] for _ in range(count + 1)]
        self.blank = [False] * (count + 1)
        self.behind = [""] * count
        self.pads = [0] * count
        self._starts = {word.span.start: k for k, word in enumerate(self.words)}
        self._stops = {word.span.end: k for k, word in enumerate(self.words)}
        self._place_comments(file)
        self._measure(file)

    def index(self, offset: int) -> int:
        """The word that begins at an offset of the source."""
        return self._starts[offset]

    def range(self, span: Span) -> tuple[int, int]:
        """The words of a node: the first, and the one behind the last."""
        return self._starts[span.start], self._stops[span.end] + 1

    def parted(self, k: int) -> bool:
        """Whether a blank line stands between word `k` and the one before it."""
        return self.blank[k] or any(comment.blank for comment in self.above[k])

    def on_one_line(self, first: int, end: int) -> bool:
        """Whether the author has the words `first` to `end` on one line."""
        return self._breaks[end - 1] == self._breaks[first]

    def commented(self, first: int, end: int) -> bool:
        """Whether a comment stands between two words of `first` to `end`."""
        return self._comments[end - 1] > self._comments[first]

    def width(self, first: int, end: int) -> int:
        """How many columns the words `first` to `end` take on one line."""
        return self._ends[end - 1] - self._ends[first] + len(self.words[first].text)

    def flat(self, first: int, end: int) -> str:
        """The words `first` to `end` on one line, aligned."""
        parts = [self.words[first].text]
        for k in range(first + 1, end):
            parts.append(" " * (self.gaps[k] + self.pads[k]))
            parts.append(self.words[k].text)
        return "".join(parts)

    def padded_width(self, first: int, end: int) -> int:
        """As `width`, with what alignment adds."""
        return self.width(first, end) + sum(self.pads[first + 1 : end])

    def _place_comments(self, file: tree.File) -> None:
        text, comments, at = file.source.text, iter(file.comments), 0
        comment = next(comments, None)
        breaks = []
        ends = [*(word.span.start for word in self.words), len(text)]
        for k, start in enumerate(ends):
            broken = False
            while comment and comment.span.start < start:
                lines = text.count("\n", at, comment.span.start)
                if lines == 0 and k > 0 and not broken:
                    self.behind[k - 1] = comment.text
                else:
                    self.above[k].append(Comment(comment.text, lines > 1))
                broken, at = True, comment.span.end
                comment = next(comments, None)
            lines = text.count("\n", at, start)
            self.blank[k] = lines > 1
            breaks.append(broken or lines > 0)
            at = self.words[k].span.end if k < len(self.words) else at
        self._breaks = list(accumulate(breaks))
        self._comments = list(
            accumulate(bool(a or b) for a, b in zip(self.above, ["", *self.behind], strict=True))
        )

    def _measure(self, file: tree.File) -> None:
        self.marks = marks(file)
        self.gaps = gaps(self.words, self.marks)
        lengths = (width(word.text) for word in self.words)
        self._ends = list(accumulate(g + n for g, n in zip(self.gaps, lengths, strict=True)))
        self.partners: dict[int, int] = {}
        openers = []
        for k, word in enumerate(self.words):
            if word.type in OPENERS:
                openers.append(k)
            elif word.type in CLOSERS:
                self.partners[openers.pop()] = k
