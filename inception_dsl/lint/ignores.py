"""Comments that turn a warning off: `# ignore W0402: reason`.

At the end of a line it holds for that line, on a line of its own for the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.diagnostics.codes import CODES
from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.source import Span
from inception_dsl.syntax import tree

__all__ = ["Ignore", "faulty_ignores", "ignores", "vain_ignores"]

_FORM = re.compile(r"#\s*ignore\s+(?P<codes>[A-Za-z]\d+(?:\s*,\s*[A-Za-z]\d+)*)\s*(?P<rest>.*)")
_CODE = re.compile(r"[A-Za-z]\d+")
WARNINGS = tuple(code for code in CODES if code.startswith("W"))


@dataclass
class Ignore:
    """One code of one comment; `line` is the only line that it holds for, None for all."""

    code: str
    span: Span
    line: int | None
    reason: bool
    used: bool = field(default=False, compare=False)

    def covers(self, record: Diagnostic) -> bool:
        """Whether it turns this warning off."""
        return (
            self.reason
            and record.code == self.code
            and record.span.source.name == self.span.source.name
            and (self.line is None or self.line == record.span.first.line)
        )


def ignores(file: tree.File) -> Iterator[Ignore]:
    """What the comments of a file ask for."""
    for comment in file.comments:
        form = _FORM.fullmatch(comment.text)
        if form is None:
            continue
        text, start = comment.span.source.text, comment.span.start
        alone = not text[text.rfind("\n", 0, start) + 1 : start].strip()
        line = None if alone else comment.span.first.line
        reason = re.fullmatch(r":\s*\S.*", form["rest"]) is not None
        for code in _CODE.finditer(form["codes"]):
            at = start + form.start("codes") + code.start()
            span = Span(comment.span.source, at, at + len(code[0]))
            yield Ignore(code[0], span, line, reason)


def faulty_ignores(found: Iterable[Ignore]) -> Iterator[Diagnostic]:
    """Comments that turn nothing off, whatever is found: no such code, an error, no reason."""
    for each in found:
        code, label, help = each.code, "nothing is ignored", None
        if code in CODES and code not in WARNINGS:
            message = f"`{code}` is an error, and only warnings can be ignored"
        elif code not in WARNINGS:
            message, help = f"no warning has the code `{code}`", suggestion(code, WARNINGS)
        elif not each.reason:
            message = f"`ignore {code}` gives no reason"
            help = f"`# ignore {code}: reason`"
        else:
            continue
        yield Diagnostic("W0107", message, each.span, label, help=help)


def vain_ignores(found: Iterable[Ignore]) -> Iterator[Diagnostic]:
    """Comments that could turn something off and had nothing to."""
    for each in found:
        if each.code in WARNINGS and each.reason and not each.used:
            where = "in this file" if each.line is None else "on this line"
            message = f"there is no {each.code} {where} to ignore"
            yield Diagnostic("W0107", message, each.span, CODES[each.code], help="remove it")
