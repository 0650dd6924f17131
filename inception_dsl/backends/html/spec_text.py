"""The spec beside the figure: its files in colour, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, Final

from inception_dsl.backends.html.escape import html_text
from inception_dsl.highlight.lexer import TOKENS, InceptLexer
from inception_dsl.source import Source, Span

__all__ = ["SpecText"]

_CLASSES: Final = {token: kind for kind, token in reversed(list(TOKENS.items()))}


class SpecText:
    """The files that the parts of a network were written in, numbered as they are met."""

    def __init__(self) -> None:
        self._files: dict[Source, int] = {}

    def at(self, span: Span) -> list[int]:
        """The number of its file, and its first and last line."""
        number = self._files.setdefault(span.source, len(self._files))
        last = span.source.place(max(span.start, span.end - 1))
        return [number, span.first.line, last.line]

    def names(self) -> list[str]:
        """What the files are called: without folders, which differ between machines."""
        return [PurePath(source.name).name for source in self._files]

    def tabs(self) -> str:
        """One tab for each file."""
        return "".join(
            f'<button role="tab" id="tab-{number}" aria-controls="file-{number}" '
            f'aria-selected="{"false" if number else "true"}" tabindex="{-1 if number else 0}">'
            f"{html_text(name)}</button>"
            for number, name in enumerate(self.names())
        )

    def panels(self) -> str:
        """The text of each file; a line is an option of a list that the keyboard can walk."""
        return "".join(
            f'<div role="tabpanel" class="file" id="file-{number}" aria-labelledby="tab-{number}"'
            f'{" hidden" if number else ""}><div class="code" role="listbox" tabindex="0" '
            f'aria-label="{html_text(name)}">{"".join(_lines(source, number))}</div></div>'
            for (source, number), name in zip(self._files.items(), self.names(), strict=True)
        )


def _lines(source: Source, file: int) -> Iterator[str]:
    for number, words in enumerate(_words(source.text), 1):
        line = "".join(
            f'<span class="w-{kind}">{html_text(text)}</span>' if kind else html_text(text)
            for kind, text in words
        )
        yield f'<div class="line" role="option" id="line-{file}-{number}">{line or " "}</div>'


def _words(text: str) -> list[list[tuple[str, str]]]:
    """The words of each line, with their kinds; empty between words."""
    lines: list[list[tuple[str, str]]] = [[]]
    tokens: Iterator[tuple[Any, str]] = InceptLexer(stripnl=False, ensurenl=False).get_tokens(
        text.replace("\r\n", "\n")
    )
    for token, value in tokens:
        first, *more = value.split("\n")
        kind = _CLASSES.get(token, "")
        if first:
            lines[-1].append((kind, first))
        for piece in more:
            lines.append([(kind, piece)] if piece else [])
    if not lines[-1]:
        lines.pop()
    return lines
