"""Docs of a spec as docstrings: any text, as a literal that cannot end early."""

from __future__ import annotations

from textwrap import dedent

from inception_dsl.backends.torch.printer import literal

__all__ = ["docstring"]


_ESCAPES = ("\\", '\\"')


def docstring(text: str, indent: int = 0) -> list[str]:
    """The lines of a docstring; none for an empty text.

    A text that triple quotes would not hold as it is becomes an ordinary, escaped string.
    """
    margin = "    " * indent
    first, _, rest = text.strip().partition("\n")
    lines = [first.rstrip(), *(line.rstrip() for line in dedent(rest).split("\n") if rest)]
    if not any(lines):
        return []
    if not all(map(str.isprintable, lines)) or '"""' in text or text.rstrip().endswith(_ESCAPES):
        return [margin + literal("\n".join(lines))]
    raw = "r" if "\\" in text else ""
    # A quote beside the three quotes needs a space.
    before, after = (
        " " if quoted else "" for quoted in (lines[0][:1] == '"', lines[-1][-1:] == '"')
    )
    first = f'{margin}{raw}"""{before}{lines[0]}'
    if len(lines) == 1:
        return [f'{first}{after}"""']
    return [first, *(margin + line if line else "" for line in lines[1:]), f'{margin}"""']
