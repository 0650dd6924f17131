"""Words: what the lexer hands to the parser, each with its place in the source."""

from __future__ import annotations

from dataclasses import dataclass

from inception_dsl.source import Span

__all__ = ["CLOSERS", "OPENERS", "Word"]

OPENERS = frozenset({"LBRACE", "LPAR", "LSQB"})
CLOSERS = frozenset({"RBRACE", "RPAR", "RSQB"})


@dataclass(slots=True)
class Word:
    """One word of a spec.

    `type` is its terminal in grammar.lark, `doc` the text of the `##` lines directly above it,
    and `leads` tells that it is the first on its line.
    """

    type: str
    text: str
    span: Span
    doc: str = ""
    leads: bool = False

    @property
    def indentation(self) -> int:
        """How many characters of white space open the line that the word is on."""
        line = self.span.source.line(self.span.first.line)
        return len(line) - len(line.lstrip())
