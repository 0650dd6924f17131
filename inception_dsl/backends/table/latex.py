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
        r"  \begin{tabular}{llrrr}",
        r"    \toprule",
        r"    part & operation & output & parameters & multiply-adds \\",
        r"    \midrule",
        *(_line(row) for row in table.rows),
        r"    \midrule",
        *(rf"    {name} & & & {params:,} & {macs:,} \\" for name, params, macs in table.totals),
        r"    \bottomrule",
        r"  \end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    params, macs = row.figures
    operation = escape(row.operation) + (
        r" \emph{(auxiliary)}" if row.aux and not row.level else ""
    )
    name = r"\quad " * row.level + escape(row.name)
    output = row.output.replace("x", r"$\times$")
    return rf"    {name} & {operation} & {output} & {params} & {macs} \\"


def escape(text: str) -> str:
    """Text that LaTeX sets literally."""
    one_line = (character if character.isprintable() else " " for character in text)
    return "".join(_SPECIAL.get(character, character) for character in one_line)
