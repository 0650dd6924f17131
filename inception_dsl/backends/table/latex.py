"""A table for a paper: LaTeX with booktabs."""

from __future__ import annotations

from inception_dsl.backends.table.rows import Row, Table

__all__ = ["to_latex"]

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "-": r"{-}",  # no ligature makes a dash of two
    "×": r"$\times$",
    "…": r"\ldots{}",
}


def to_latex(table: Table) -> str:
    r"""A `table` with caption; the document needs `\usepackage{booktabs}`, and UTF-8."""
    lines = [
        r"\begin{table}",
        r"  \centering",
        rf"  \caption{{{escape(table.caption)}}}",
        rf"  \begin{{tabular}}{{llr{'r' * len(table.headings)}}}",
        r"    \toprule",
        rf"    part & operation & output & {' & '.join(table.headings)} \\",
        r"    \midrule",
        *(_line(row, table.shown(row)) for row in table.rows),
        r"    \midrule",
        *(
            rf"    {name} & & & {' & '.join(map(_figure, figures))} \\"
            for name, figures in table.shown_totals
        ),
        r"    \bottomrule",
        r"  \end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _line(row: Row, figures: tuple[str, ...]) -> str:
    operation = escape(row.operation) + (
        r" \emph{(auxiliary)}" if row.aux and not row.level else ""
    )
    name = r"\quad " * row.level + escape(row.name)
    output = row.output.replace("x", r"$\times$")
    return rf"    {name} & {operation} & {output} & {' & '.join(map(_figure, figures))} \\"


def _figure(figure: str) -> str:
    return figure.replace("x", r"$\times$").replace("-", "$-$")


def escape(text: str) -> str:
    """Text that LaTeX sets literally."""
    one_line = (character if character.isprintable() else " " for character in text)
    return "".join(_SPECIAL.get(character, character) for character in one_line)
