"""The findings of an audit as a table: for a terminal, a web page, a program, a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from itertools import groupby
from typing import Literal, get_args

from inception_dsl.analysis.audit import Finding
from inception_dsl.backends.table.csv import escape as escape_csv
from inception_dsl.backends.table.markdown import escape
from inception_dsl.backends.table.one_line import one_line

__all__ = ["AUDIT_FORMATS", "AuditFormat", "render_findings"]

AuditFormat = Literal["table", "markdown", "json", "csv"]
AUDIT_FORMATS: tuple[AuditFormat, ...] = get_args(AuditFormat)

_BLOCKS = "building blocks"
_OPEN = "UNEXPLAINED"
_FIGURE_WIDTH, _NUMBER_WIDTH = 44, 16  # what is longer sticks out
_MARKDOWN_HEAD = (
    "| spec | figure | published | computed | verdict | source |\n"
    "| :--- | :--- | ---: | ---: | :--- | :--- |"
)


def render_findings(
    findings: Sequence[Finding], format: AuditFormat = "table", width: int = 100
) -> str:
    """The findings as text, ending with a line end; `width` is that of a terminal."""
    match format:
        case "table":
            return "\n".join((*_table_lines(findings, width), "", _count(findings))) + "\n"
        case "markdown":
            return "\n".join((_MARKDOWN_HEAD, *map(_markdown_line, findings))) + "\n"
        case "csv":
            return _to_csv(findings)
        case "json":
            return json.dumps([asdict(each) for each in findings], indent=2) + "\n"


def _table_lines(findings: Sequence[Finding], width: int) -> Iterator[str]:
    """Figures of a spec one below the other; who printed each, and remarks, folded under it."""
    figures = min(max((len(each.figure) for each in findings), default=0), _FIGURE_WIDTH)
    for about, group in groupby(findings, lambda each: each.about):
        yield f"\n{about or _BLOCKS}" if about != findings[0].about else about or _BLOCKS
        for each in group:
            yield one_line(
                f"  {each.figure:{figures}}  {each.published:>{_NUMBER_WIDTH}}  "
                f"{each.computed:>{_NUMBER_WIDTH}}  {_verdict(each)}"
            )
            for said in filter(None, (each.source, each.remark)):
                yield from textwrap.wrap(
                    one_line(said), width, initial_indent="    ", subsequent_indent="      "
                )


def _markdown_line(each: Finding) -> str:
    verdict = f"**{_verdict(each)}**" if each.verdict == "differs" else _verdict(each)
    if each.remark:
        verdict += f": {escape(each.remark)}"
    name = escape(each.about) or f"*{_BLOCKS}*"
    cells = (name, *map(escape, (each.figure, each.published, each.computed)), verdict)
    return f"| {' | '.join(cells)} | {escape(each.source)} |"


def _to_csv(findings: Sequence[Finding]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = [field.name for field in fields(Finding)]
    writer.writerow(names)
    for each in findings:
        writer.writerow([escape_csv(str(getattr(each, name))) for name in names])
    return text.getvalue()


def _verdict(each: Finding) -> str:
    return each.verdict if each.settled else f"{each.verdict}, {_OPEN}"


def _count(findings: Sequence[Finding]) -> str:
    """How many figures have which verdict, the commonest first."""
    verdicts = [_verdict(each) for each in findings]
    ranked = sorted(dict.fromkeys(verdicts), key=lambda verdict: -verdicts.count(verdict))
    parts = ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in ranked)
    return f"{len(findings)} published figures: {parts}"
