"""A table for a paper: LaTeX with booktabs."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from inception_dsl.backends.latex_escape import escape_latex
from inception_dsl.backends.table.sheet import Heading, Line, Sheet

__all__ = ["PACKAGES", "to_latex"]

PACKAGES: Final = ("array", "booktabs", "graphicx", "longtable")
"""What the document has to load."""

_PAGE = 45  # lines that a floating table may have; a longer one runs over pages
_ENOUGH = 40  # characters of a line, for which no column takes room from the others


@dataclass(frozen=True)
class _Setting:
    """How text is set: the characters of a line, of a word that stays whole, and an indentation."""

    line: int
    word: int
    indent: str


_FLOAT: Final = _Setting(26, 14, r"\quad ")
_PAGES: Final = _Setting(14, 7, r"\enspace ")


def to_latex(sheet: Sheet) -> str:
    """A `table` with its caption, as wide as the text at most; over a page long, a `longtable`."""
    head = " & ".join(_heading(sheet, place) for place in range(len(sheet.headings)))
    setting, write = (_PAGES, _long) if len(sheet.lines) > _PAGE else (_FLOAT, _float)
    body = [_line(sheet, line, setting) for line in sheet.lines]
    totals = [_line(sheet, line, setting) for line in sheet.totals]
    needs = "% " + "".join(rf"\usepackage{{{name}}}" for name in PACKAGES)
    caption = rf"\caption{{{escape_latex(sheet.caption)}}}"
    return "\n".join((needs, *write(sheet, caption, head, body, totals))) + "\n"


def _float(
    sheet: Sheet, caption: str, head: str, body: Sequence[str], totals: Sequence[str]
) -> list[str]:
    return [
        r"\begin{table}",
        r"  \centering",
        r"  \small",
        r"  \setlength{\tabcolsep}{4pt}",
        f"  {caption}",
        r"  \vspace{6pt}",
        r"  \sbox0{%",  # set once, and made smaller only where it is wider than the text
        rf"  \begin{{tabular}}{{@{{}}{_columns(sheet, _broken(sheet, _FLOAT))}@{{}}}}",
        r"    \toprule",
        rf"    {head} \\",
        r"    \midrule",
        *body,
        r"    \midrule",
        *totals,
        r"    \bottomrule",
        r"  \end{tabular}}%",
        r"  \ifdim\wd0>\linewidth\resizebox{\linewidth}{!}{\usebox0}\else\usebox0\fi",
        r"\end{table}",
    ]


def _long(
    sheet: Sheet, caption: str, head: str, body: Sequence[str], totals: Sequence[str]
) -> list[str]:
    return [
        r"{\scriptsize",
        r"\setlength{\tabcolsep}{3pt}",
        rf"\begin{{longtable}}{{@{{}}{_shares(sheet, _broken(sheet, _PAGES))}@{{}}}}",
        rf"  {caption} \\",
        r"    \toprule",
        rf"    {head} \\",
        r"    \midrule",
        r"  \endfirsthead",
        r"    \toprule",
        rf"    {head} \\",
        r"    \midrule",
        r"  \endhead",
        r"    \bottomrule",
        r"  \endfoot",
        *body,
        r"    \midrule",
        *totals,
        r"\end{longtable}}",
    ]


def _columns(sheet: Sheet, broken: Collection[int]) -> str:
    """The columns of a table that floats, those with long cells of a fixed width."""
    return "".join(
        _paragraph(heading, "15em" if heading.kind == "text" else "7em")
        if place in broken
        else _SIDES[heading.kind]
        for place, heading in enumerate(sheet.headings)
    )


def _paragraph(heading: Heading, width: str) -> str:
    return rf">{{\ragged{_RAGGED[heading.kind]}\arraybackslash}}p{{{width}}}"


def _shares(sheet: Sheet, broken: Collection[int]) -> str:
    """The columns of a table that runs over pages: long ones share what the others leave."""
    widths = [
        max(sheet.width(place), *map(len, sheet.heading(place, heading.text)))
        for place, heading in enumerate(sheet.headings)
    ]
    kept = sum(width for place, width in enumerate(widths) if place not in broken)
    taken = 0.6 * kept + 0.9 * (len(widths) - 1)  # ems: of figures, and between the columns
    whole = sum(min(widths[place], _ENOUGH) for place in broken)
    found = []
    for place, heading in enumerate(sheet.headings):
        share = min(widths[place], _ENOUGH) / max(whole, 1)
        width = rf"\dimexpr {share:.3f}\linewidth-{share * taken:.2f}em\relax"
        side = _SIDES[heading.kind]
        found.append(_paragraph(heading, width) if place in broken else side)
    return "".join(found)


_SIDES: Final = {"text": "l", "shape": "r", "number": "r"}
_RAGGED: Final = {"text": "right", "shape": "left", "number": "left"}


def _broken(sheet: Sheet, setting: _Setting) -> tuple[int, ...]:
    """The columns whose cells are set in several lines: text that is longer than a line."""
    return tuple(
        place
        for place, heading in enumerate(sheet.headings)
        if (heading.kind == "text" and sheet.width(place) > setting.line)
        or (heading.kind != "text" and sheet.width(place) > _PAGES.line and sheet.spaced(place))
    )


def _heading(sheet: Sheet, place: int) -> str:
    """A heading, in several lines where it is wider than its column."""
    heading = sheet.headings[place]
    lines = sheet.heading(place, heading.text)
    if len(lines) < 2:
        return escape_latex(heading.text)
    stacked = r"\\".join(map(escape_latex, lines))
    return rf"\shortstack[{_SIDES[heading.kind]}]{{{stacked}}}"


def _line(sheet: Sheet, line: Line, setting: _Setting) -> str:
    broken = _broken(sheet, setting)
    name, operation, *rest = (
        _cell(cell, heading, setting.word if place in broken else len(cell))
        for place, (cell, heading) in enumerate(zip(line.cells, sheet.headings, strict=True))
    )
    operation += r" \emph{(auxiliary)}" if line.aux and not line.level else ""
    cells = " & ".join((setting.indent * line.level + name, operation, *rest))
    return rf"    {cells} \\"


def _cell(cell: str, heading: Heading, longest: int) -> str:
    if heading.kind == "text":
        return " ".join(_word(word, longest) for word in cell.split(" "))
    return escape_latex(re.sub(r"(?<=\d)x(?=−?\d)", "×", re.sub(r"-(?=\d)", "−", cell)))


def _word(word: str, longest: int) -> str:
    """A word, with places to break it if it is long."""
    if len(word) <= longest:
        return escape_latex(word)
    return r"\allowbreak{}".join(map(escape_latex, re.split(_PLACES, word)))


_PLACES: Final = re.compile(r"(?<=[_(=.])|(?<=.{8})")
